package staff

import (
	"context"
	"fmt"
	"time"

	"frontdesk/internal/audit"
	"frontdesk/internal/logging"
	"frontdesk/models"
)

// Token is a bearer token for scripts. Value is shown once; only its digest is kept.
type Token struct {
	Value     string
	ExpiresAt time.Time // machine time
}

// IssueToken signs a script in with a person's rights for twelve hours. Faults as of SignIn.
func (r *Roster) IssueToken(ctx context.Context, a Attempt) (Token, Principal, error) {
	p, err := r.authenticate(ctx, a)
	if err != nil {
		return Token{}, Principal{}, err
	}
	now := r.clock.Machine()
	t := Token{Value: secret(), ExpiresAt: now.Add(r.tokenLife)}
	row := models.APIToken{ID: models.NewID(), StaffID: p.Staff.ID, Hash: digest(t.Value), ExpiresAt: t.ExpiresAt, CreatedAt: now}
	err = r.db.InTx(ctx, func(ctx context.Context) error {
		if err := r.db.On(ctx).Where("expires_at < ?", now).Delete(&models.APIToken{}).Error; err != nil {
			return fmt.Errorf("drop expired tokens: %w", err)
		}
		if err := r.db.On(ctx).Create(&row).Error; err != nil {
			return fmt.Errorf("keep token: %w", err)
		}
		return r.log.Record(ctx, audit.Entry{
			Actor: p.Actor(), Action: "token.issued", SubjectKind: "token", SubjectID: row.ID.String(), RequestID: logging.Request(ctx),
		})
	})
	if err != nil {
		return Token{}, Principal{}, err
	}
	return t, p, nil
}

// Bearer finds who a token speaks for: a person, or the machine when it is the admin token. ok is
// false for an unknown or expired token and for a disabled person.
func (r *Roster) Bearer(ctx context.Context, token string) (p Principal, ok bool, err error) {
	if p, ok := r.Machine(token); ok {
		return p, true, nil
	}
	if token == "" {
		return Principal{}, false, nil
	}
	var rows []models.APIToken
	err = r.db.On(ctx).Where("hash = ? AND expires_at > ?", digest(token), r.clock.Machine()).Limit(1).Find(&rows).Error
	if err != nil {
		return Principal{}, false, fmt.Errorf("read token: %w", err)
	}
	if len(rows) == 0 {
		return Principal{}, false, nil
	}
	return r.person(ctx, rows[0].StaffID)
}
