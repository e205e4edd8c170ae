package staff

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"

	"frontdesk/internal/audit"
	"frontdesk/internal/fault"
	"frontdesk/models"
)

// longest values we look at; longer ones cannot match an account.
const (
	maxEmail         = 254
	maxPasswordBytes = 4 * maxPassword
)

// Attempt is someone trying to come in.
type Attempt struct {
	Email    string
	Password string
	Address  string // of the network, for the limit
	Agent    string // the browser's own words about itself
	Previous string // the session id this browser still has; it ends when the attempt succeeds
	Code     string // of an app, or a recovery code: scripts send it along, people are asked for it
}

// Entry is how far somebody came: Session is set once they are in, Pending while more is asked for.
type Entry struct {
	Principal Principal
	Session   Session
	Pending   Pending
}

// SignIn checks the password. Whoever has a second factor is asked for it, and whoever needs one and
// has none must enrol one, before there is a session. Faults: staff.wrong_login, staff.too_many.
func (r *Roster) SignIn(ctx context.Context, a Attempt) (Entry, error) {
	p, err := r.authenticate(ctx, a)
	if err != nil {
		return Entry{}, err
	}
	kinds, err := r.kinds(ctx, p.Staff.ID)
	if err != nil {
		return Entry{}, err
	}
	if len(kinds) > 0 || r.mustEnrol(p.Role) {
		pending, err := r.wait(ctx, p, a.browser(), kinds)
		return Entry{Principal: p, Pending: pending}, err
	}
	s, err := r.open(ctx, p, a.browser(), ByPassword)
	return Entry{Principal: p, Session: s}, err
}

// authenticate proves who is there by password. Faults: staff.wrong_login (wrong password, unknown,
// invited or disabled account alike, in the same time) and staff.too_many.
func (r *Roster) authenticate(ctx context.Context, a Attempt) (Principal, error) {
	a.Email = normalEmail(a.Email)
	limits := r.passwordLimits(a)
	if err := r.reserve(ctx, limits); err != nil {
		return Principal{}, err
	}
	p, known, err := r.account(ctx, a.Email)
	if err != nil {
		return Principal{}, err
	}
	hash := r.decoy
	if known && p.Staff.State() == models.StaffActive {
		hash = p.Staff.PasswordHash
	}
	match, err := r.matches(ctx, a.Password, hash)
	if err != nil {
		return Principal{}, err
	}
	if !match || hash == r.decoy {
		return Principal{}, r.refuse(ctx, p, "session.refused", "staff.wrong_login")
	}
	return p, r.giveBack(ctx, limits)
}

func (r *Roster) account(ctx context.Context, email string) (p Principal, known bool, err error) {
	if len(email) > maxEmail || !utf8.ValidString(email) || strings.ContainsRune(email, 0) { // Postgres would refuse to look
		return Principal{}, false, nil
	}
	var rows []models.Staff
	if err := r.db.On(ctx).Where("email = ?", email).Limit(1).Find(&rows).Error; err != nil {
		return Principal{}, false, fmt.Errorf("read account: %w", err)
	}
	if len(rows) == 0 {
		return Principal{}, false, nil
	}
	return Principal{Staff: rows[0], Role: rows[0].Role}, true, nil
}

func (r *Roster) matches(ctx context.Context, password, hash string) (bool, error) {
	if err := r.enter(ctx); err != nil {
		return false, err
	}
	defer r.leave()
	if len(password) > maxPasswordBytes {
		password, hash = "", r.decoy
	}
	match, err := argon2id.ComparePasswordAndHash(password, hash)
	if err != nil {
		return false, fmt.Errorf("check password: %w", err)
	}
	return match, nil
}

func (r *Roster) enter(ctx context.Context) error {
	select {
	case r.gate <- struct{}{}:
		return nil
	case <-ctx.Done():
		return unavailable(ctx.Err())
	}
}

func (r *Roster) leave() { <-r.gate }

// refuse records a failure, without what was tried, and gives the fault to answer with.
func (r *Roster) refuse(ctx context.Context, p Principal, action, key string) error {
	actor, subject := "anonymous", ""
	if p.Role != "" {
		subject = p.Staff.ID.String()
	}
	if err := r.log.Record(ctx, audit.Entry{Actor: actor, Action: action, SubjectKind: "staff", SubjectID: subject}); err != nil {
		return err
	}
	return &fault.Fault{Kind: fault.KindUnauthorized, Key: key}
}
