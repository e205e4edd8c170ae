package staff

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"frontdesk/internal/audit"
	"frontdesk/internal/fault"
	"frontdesk/models"
)

// A token that a person makes lives for a number of days of their choice up to this.
const maxTokenDays = 90

// Token is a bearer token for scripts. Value is shown once; only its digest is kept.
type Token struct {
	ID        models.ID
	Value     string
	ExpiresAt time.Time // machine time
}

// IssueToken signs a script in with a person's rights for twelve hours. Where a second factor is enrolled
// it must come along. Faults as of SignIn, and staff.wrong_proof, staff.factor_required, staff.sign_in_again.
func (r *Roster) IssueToken(ctx context.Context, a Attempt) (Token, Principal, error) {
	p, err := r.authenticate(ctx, a)
	if err != nil {
		return Token{}, Principal{}, err
	}
	kinds, err := r.kinds(ctx, p.Staff.ID)
	if err != nil {
		return Token{}, Principal{}, err
	}
	switch {
	case len(kinds) > 0:
		if _, err := r.check(ctx, Holder{Principal: p}, Evidence{Code: a.Code}); err != nil {
			return Token{}, Principal{}, err
		}
	case r.mustEnrol(p.Role):
		return Token{}, Principal{}, fault.Forbidden("staff.factor_required")
	}
	t, err := r.writeToken(ctx, p, "", r.tokenLife)
	return t, p, err
}

// CreateToken makes a named token with the person's own rights. Faults at the fields "name" and "days",
// staff.sign_in_again.
func (r *Roster) CreateToken(ctx context.Context, p Principal, name string, days int) (Token, error) {
	name = strings.TrimSpace(name)
	problems := map[string]string{}
	switch {
	case name == "" || !plainText(name):
		problems["name"] = "staff.name_missing"
	case utf8.RuneCountInString(name) > maxFactorName:
		problems["name"] = "staff.name_long"
	}
	if days < 1 || days > maxTokenDays {
		problems["days"] = "staff.token_days"
	}
	if err := refusal(problems); err != nil {
		return Token{}, err
	}
	return r.writeToken(ctx, p, name, time.Duration(days)*24*time.Hour)
}

func (r *Roster) writeToken(ctx context.Context, p Principal, name string, life time.Duration) (Token, error) {
	now := r.clock.Machine()
	t := Token{ID: models.NewID(), Value: secret(), ExpiresAt: now.Add(life)}
	row := models.APIToken{ID: t.ID, StaffID: p.Staff.ID, Name: name, Hash: digest(t.Value), ExpiresAt: t.ExpiresAt, CreatedAt: now}
	err := r.db.InTx(ctx, func(ctx context.Context) error {
		if err := r.stillIn(ctx, p); err != nil {
			return err
		}
		if err := r.db.On(ctx).Where("expires_at < ?", now).Delete(&models.APIToken{}).Error; err != nil {
			return fmt.Errorf("drop expired tokens: %w", err)
		}
		if err := r.db.On(ctx).Create(&row).Error; err != nil {
			return fmt.Errorf("keep token: %w", err)
		}
		return r.tokenChanged(ctx, p, "token.issued", row)
	})
	if err != nil {
		return Token{}, err
	}
	return t, nil
}

// Tokens lists a person's tokens that still open, the newest first, without what opens.
func (r *Roster) Tokens(ctx context.Context, id models.ID) ([]models.APIToken, error) {
	var rows []models.APIToken
	err := r.db.On(ctx).Omit("hash").Where("staff_id = ? AND expires_at > ?", id, r.clock.Machine()).Order("created_at DESC, id").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("list tokens: %w", err)
	}
	return rows, nil
}

// RevokeToken ends a token of a person. Fault: staff.no_token.
func (r *Roster) RevokeToken(ctx context.Context, by Principal, owner, id models.ID) error {
	return r.db.InTx(ctx, func(ctx context.Context) error {
		row := models.APIToken{ID: id, StaffID: owner}
		gone := r.db.On(ctx).Where("id = ? AND staff_id = ?", id, owner).Delete(&models.APIToken{})
		if gone.Error != nil {
			return fmt.Errorf("revoke token: %w", gone.Error)
		}
		if gone.RowsAffected == 0 {
			return fault.NotFound("staff.no_token")
		}
		return r.tokenChanged(ctx, by, "token.revoked", row)
	})
}

func (r *Roster) tokenChanged(ctx context.Context, by Principal, action string, row models.APIToken) error {
	return r.log.Record(ctx, audit.Entry{
		Actor: by.Actor(), Action: action, SubjectKind: "staff", SubjectID: row.StaffID.String(), Detail: map[string]any{"token": row.ID},
	})
}

// endSignIns ends the tokens a person got by signing a script in; those they made and named stay.
func (r *Roster) endSignIns(ctx context.Context, id models.ID) error {
	if err := r.db.On(ctx).Where("staff_id = ? AND name = ''", id).Delete(&models.APIToken{}).Error; err != nil {
		return fmt.Errorf("end sign-ins of scripts: %w", err)
	}
	return nil
}

// endTokens ends all of a person's tokens, inside the transaction that says why.
func (r *Roster) endTokens(ctx context.Context, id models.ID) error {
	if err := r.db.On(ctx).Where("staff_id = ?", id).Delete(&models.APIToken{}).Error; err != nil {
		return fmt.Errorf("end tokens: %w", err)
	}
	return nil
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
	now := r.clock.Machine()
	var rows []models.APIToken
	err = r.db.On(ctx).Where("hash = ? AND expires_at > ?", digest(token), now).Limit(1).Find(&rows).Error
	if err != nil {
		return Principal{}, false, fmt.Errorf("read token: %w", err)
	}
	if len(rows) == 0 {
		return Principal{}, false, nil
	}
	if last := rows[0].LastUsedAt; last == nil || now.Sub(*last) >= time.Minute {
		if err := r.db.On(ctx).Model(&rows[0]).UpdateColumn("last_used_at", now).Error; err != nil {
			return Principal{}, false, fmt.Errorf("note use of token: %w", err)
		}
	}
	return r.person(ctx, rows[0].StaffID)
}
