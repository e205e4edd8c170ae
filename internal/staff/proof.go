package staff

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"frontdesk/internal/audit"
	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// Proof is a way of showing who one is.
type Proof string

// Proofs. The first counts only where a person has none of the others.
const (
	ByPassword Proof = "password"
	ByTOTP     Proof = "totp"
	ByPasskey  Proof = "passkey"
	ByRecovery Proof = "recovery"
)

// Evidence is what somebody shows of themselves; one of the three.
type Evidence struct {
	Password string
	Code     string // of the app, or a recovery code
	Passkey  []byte // what the browser answered to the challenge
}

// Holder is who shows or enrols a factor, and in what: the id of their session or pending sign-in,
// which challenges and offers are bound to.
type Holder struct {
	Principal
	ID string
}

// errNoProof says that evidence proves nothing; the caller learns no more than that.
var errNoProof = errors.New("the evidence proves nothing")

// check judges evidence of a second factor, or of the password where there is no factor. Faults:
// staff.wrong_proof, staff.too_many.
func (r *Roster) check(ctx context.Context, h Holder, e Evidence) (Proof, error) {
	limits := r.proofLimits(h.Staff.ID)
	if err := r.reserve(ctx, limits); err != nil {
		return "", err
	}
	by, err := r.judge(ctx, h, e)
	if errors.Is(err, errNoProof) {
		return "", r.refuse(ctx, h.Principal, "proof.refused", "staff.wrong_proof")
	}
	if err != nil {
		return "", err
	}
	return by, r.giveBack(ctx, limits)
}

func (r *Roster) judge(ctx context.Context, h Holder, e Evidence) (Proof, error) {
	code := plainCode(e.Code)
	switch {
	case len(e.Passkey) > 0:
		return ByPasskey, r.usePasskey(ctx, h, e.Passkey)
	case len(code) == totpDigits:
		return ByTOTP, r.useTOTP(ctx, h.Staff.ID, code)
	case code != "":
		return ByRecovery, r.useRecoveryCode(ctx, h.Principal, code)
	}
	kinds, err := r.kinds(ctx, h.Staff.ID)
	if err != nil {
		return "", err
	}
	if len(kinds) > 0 || e.Password == "" {
		return "", errNoProof
	}
	match, err := r.matches(ctx, e.Password, h.Staff.PasswordHash)
	if err == nil && !match {
		err = errNoProof
	}
	return ByPassword, err
}

// plainCode takes out what people put between the parts of a code.
func plainCode(s string) string {
	return strings.ToLower(strings.Map(func(c rune) rune {
		if c == ' ' || c == '-' || c == '\u00a0' || c == '\u200e' || c == '\u200f' {
			return -1
		}
		return i18n.WesternDigit(c)
	}, s))
}

// RecentlyProved tells whether the session's person showed who they are within that time.
func (r *Roster) RecentlyProved(s Session, within time.Duration) bool {
	return s.ID != "" && r.clock.Machine().Sub(s.ProvedAt) < within
}

// StepUp proves a session's person anew, for what is sensitive: by a second factor, or by the password
// where there is none. The session goes on under a fresh id. Faults: staff.wrong_proof, staff.too_many,
// staff.sign_in_again.
func (r *Roster) StepUp(ctx context.Context, p Principal, s Session, e Evidence) (Session, error) {
	by, err := r.check(ctx, Holder{Principal: p, ID: s.ID}, e)
	if err != nil {
		return Session{}, err
	}
	fresh, err := r.rotate(ctx, s, by)
	if err != nil {
		return Session{}, err
	}
	return fresh, r.log.Record(ctx, audit.Entry{
		Actor: p.Actor(), Action: "session.proved", SubjectKind: "staff", SubjectID: p.Staff.ID.String(), Detail: map[string]any{"by": by},
	})
}

// rotate gives a session a fresh id and a fresh proof. Its forms stay good.
func (r *Roster) rotate(ctx context.Context, s Session, by Proof) (Session, error) {
	stored, ok, err := r.stored(ctx, digest(s.ID))
	if err != nil {
		return Session{}, err
	}
	id, now := secret(), r.clock.Machine()
	stored.Proved, stored.Seen, stored.By = now, now, by
	if ok {
		ok, err = r.replace(ctx, digest(s.ID), digest(id), stored)
	}
	if err == nil && !ok {
		err = fault.Unauthorized("staff.sign_in_again")
	}
	return stored.session(id), err
}

// mustEnrol tells whether a role may do nothing without a second factor.
func (r *Roster) mustEnrol(role models.Role) bool { return r.factorsRequired && role.Sensitive() }

// FactorRequired tells whether a role must keep a second factor.
func (r *Roster) FactorRequired(role models.Role) bool { return r.mustEnrol(role) }

// kinds are the kinds of second factor a person has.
func (r *Roster) kinds(ctx context.Context, id models.ID) ([]models.FactorKind, error) {
	var out []models.FactorKind
	err := r.db.On(ctx).Model(&models.Factor{}).Where("staff_id = ?", id).Distinct().Order("kind").Pluck("kind", &out).Error
	if err != nil {
		return nil, fmt.Errorf("read factors: %w", err)
	}
	return out, nil
}
