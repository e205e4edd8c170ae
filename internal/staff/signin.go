package staff

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"

	"frontdesk/internal/audit"
	"frontdesk/internal/fault"
	"frontdesk/internal/logging"
	"frontdesk/models"
)

// longest values we look at; longer ones cannot match an account.
const (
	maxEmail    = 254
	maxPassword = 256
)

// Attempt is someone trying to come in.
type Attempt struct {
	Email    string
	Password string
	Address  string // of the network, for the limit
}

// authenticate proves who is there. Faults: staff.wrong_login (wrong password, unknown or disabled
// account alike, in the same time) and staff.too_many.
func (r *Roster) authenticate(ctx context.Context, a Attempt) (Principal, error) {
	a.Email = normalEmail(a.Email)
	if err := r.reserve(ctx, a); err != nil {
		return Principal{}, err
	}
	p, known, err := r.account(ctx, a.Email)
	if err != nil {
		return Principal{}, err
	}
	hash := r.decoy
	if known {
		hash = p.Staff.PasswordHash
	}
	match, err := r.matches(ctx, a.Password, hash)
	if err != nil {
		return Principal{}, err
	}
	if !known || !match || p.Staff.DisabledAt != nil {
		return Principal{}, r.refuse(ctx, p)
	}
	if err := r.giveBack(ctx, a); err != nil {
		return Principal{}, err
	}
	return p, nil
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
	if len(password) > maxPassword {
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
		return fault.Unavailable("error.unavailable", ctx.Err())
	}
}

func (r *Roster) leave() { <-r.gate }

// refuse records the failure, without the e-mail that was tried.
func (r *Roster) refuse(ctx context.Context, p Principal) error {
	subject := ""
	if p.Role != "" {
		subject = p.Staff.ID.String()
	}
	err := r.log.Record(ctx, audit.Entry{
		Actor: "anonymous", Action: "session.refused", SubjectKind: "staff", SubjectID: subject, RequestID: logging.Request(ctx),
	})
	if err != nil {
		return err
	}
	return fault.Unauthorized("staff.wrong_login")
}
