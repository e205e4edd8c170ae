package staff

import (
	"context"
	"fmt"
	"strings"
	"time"

	"frontdesk/internal/audit"
	"frontdesk/internal/database"
	"frontdesk/internal/fault"
	"frontdesk/models"
)

// invitationLife is how long a link may be used.
const invitationLife = 72 * time.Hour

// Invitee is a person who shall have an account.
type Invitee struct {
	Email     string
	Name      string
	Role      models.Role
	Language  models.Language
	StylistID *models.ID // whose diary becomes their own; stylists only
}

// Invitation is a link to hand over. Token is shown once; only its digest is kept.
type Invitation struct {
	StaffID   models.ID
	Token     string
	ExpiresAt time.Time // machine time
}

// Invite makes an account that its person opens with the link. Faults: staff.email_taken and what else
// is wrong, at their fields.
func (r *Roster) Invite(ctx context.Context, by Principal, in Invitee) (Invitation, error) {
	in.Email, in.Name = normalEmail(in.Email), strings.TrimSpace(in.Name)
	if err := r.judgeInvitee(ctx, in); err != nil {
		return Invitation{}, err
	}
	row := models.Staff{ID: models.NewID(), Email: in.Email, Name: in.Name, Role: in.Role, Language: in.Language, StylistID: in.StylistID}
	var out Invitation
	err := r.db.InTx(ctx, func(ctx context.Context) error {
		if err := r.db.On(ctx).Create(&row).Error; err != nil {
			return fmt.Errorf("keep account: %w", err)
		}
		err := r.log.Record(ctx, audit.Entry{
			Actor: by.Actor(), Action: "staff.invited", SubjectKind: "staff", SubjectID: row.ID.String(), After: facts(row),
		})
		if err != nil {
			return err
		}
		out, err = r.link(ctx, by, row.ID)
		return err
	})
	if database.Violates(err, "staff_email_key") {
		return Invitation{}, fault.Invalid("error.validation", map[string]string{"email": "staff.email_taken"})
	}
	return out, err
}

// InviteAgain makes a new link for an account, in the place of the last: for whoever lost the first, and
// for whoever forgot their password, which stays good until the link is used. Faults: staff.no_person,
// staff.is_disabled.
func (r *Roster) InviteAgain(ctx context.Context, by Principal, id models.ID) (Invitation, error) {
	var out Invitation
	err := r.db.InTx(ctx, func(ctx context.Context) error {
		person, err := r.lock(ctx, id)
		if err != nil {
			return err
		}
		if person.DisabledAt != nil {
			return fault.Conflict("staff.is_disabled")
		}
		out, err = r.link(ctx, by, id)
		return err
	})
	return out, err
}

// InviteAdmin gives the salon an admin who needs nobody to let them in: for a new installation, and for
// one whose admins are all locked out. An account that is there keeps its second factors. Fault:
// staff.not_admin.
func (r *Roster) InviteAdmin(ctx context.Context, email string) (Invitation, error) {
	p, known, err := r.account(ctx, normalEmail(email))
	if err != nil {
		return Invitation{}, err
	}
	if !known {
		name, _, _ := strings.Cut(normalEmail(email), "@")
		return r.Invite(ctx, Principal{}, Invitee{Email: email, Name: name, Role: models.RoleAdmin, Language: models.English})
	}
	if p.Role != models.RoleAdmin {
		return Invitation{}, fault.Conflict("staff.not_admin")
	}
	return r.InviteAgain(ctx, Principal{}, p.Staff.ID)
}

// link writes an invitation, inside a transaction that locks the person's row or has just made it.
func (r *Roster) link(ctx context.Context, by Principal, id models.ID) (Invitation, error) {
	if err := r.revokeLinks(ctx, id); err != nil {
		return Invitation{}, err
	}
	now := r.clock.Machine()
	out := Invitation{StaffID: id, Token: secret(), ExpiresAt: now.Add(invitationLife)}
	row := models.Invitation{ID: models.NewID(), StaffID: id, Hash: digest(out.Token), ExpiresAt: out.ExpiresAt, CreatedAt: now}
	if err := r.db.On(ctx).Create(&row).Error; err != nil {
		return Invitation{}, fmt.Errorf("keep invitation: %w", err)
	}
	return out, r.log.Record(ctx, audit.Entry{Actor: by.Actor(), Action: "invitation.made", SubjectKind: "staff", SubjectID: id.String()})
}

func (r *Roster) revokeLinks(ctx context.Context, id models.ID) error {
	err := r.db.On(ctx).Model(&models.Invitation{}).Where("staff_id = ? AND used_at IS NULL AND revoked_at IS NULL", id).
		UpdateColumn("revoked_at", r.clock.Machine()).Error
	if err != nil {
		return fmt.Errorf("revoke invitations: %w", err)
	}
	return nil
}

// Invited is whom a link is for. Fault: staff.bad_invitation, whatever is wrong with it.
func (r *Roster) Invited(ctx context.Context, token string) (models.Staff, error) {
	row, err := r.invitation(ctx, token)
	if err != nil {
		return models.Staff{}, err
	}
	p, ok, err := r.person(ctx, row.StaffID)
	if err == nil && !ok {
		err = fault.NotFound("staff.bad_invitation")
	}
	return p.Staff, err
}

func (r *Roster) invitation(ctx context.Context, token string) (models.Invitation, error) {
	var rows []models.Invitation
	err := r.db.On(ctx).Where("hash = ? AND used_at IS NULL AND revoked_at IS NULL AND expires_at > ?", digest(token), r.clock.Machine()).
		Limit(1).Find(&rows).Error
	if err != nil {
		return models.Invitation{}, fmt.Errorf("read invitation: %w", err)
	}
	if len(rows) == 0 {
		return models.Invitation{}, fault.NotFound("staff.bad_invitation")
	}
	return rows[0], nil
}

// Accept opens the account of a link with the person's own name and password. The link is used up; who
// was signed in before is so no more. Signing in comes after it, with whatever second factor there is.
// Faults: staff.bad_invitation; those of a name and a new password at their fields.
func (r *Roster) Accept(ctx context.Context, token, name, password string) (models.Staff, error) {
	person, err := r.Invited(ctx, token)
	if err != nil {
		return models.Staff{}, err
	}
	person.Name = strings.TrimSpace(name)
	if key := nameProblem(person.Name); key != "" {
		return models.Staff{}, fault.Invalid("error.validation", map[string]string{"name": key})
	}
	hash, err := r.newHash(ctx, password, person)
	if err != nil {
		return models.Staff{}, err
	}
	err = r.db.InTx(ctx, func(ctx context.Context) error {
		if _, err := r.lock(ctx, person.ID); err != nil { // before the link, as whoever makes a new one does
			return err
		}
		used := r.db.On(ctx).Model(&models.Invitation{}).
			Where("hash = ? AND used_at IS NULL AND revoked_at IS NULL AND expires_at > ?", digest(token), r.clock.Machine()).
			UpdateColumn("used_at", r.clock.Machine())
		if used.Error != nil {
			return fmt.Errorf("use invitation: %w", used.Error)
		}
		if used.RowsAffected == 0 {
			return fault.NotFound("staff.bad_invitation")
		}
		return r.openAccount(ctx, person, hash)
	})
	return person, err
}

// openAccount gives an account its password; what was opened with an earlier one ends.
func (r *Roster) openAccount(ctx context.Context, person models.Staff, hash string) error {
	opened := r.db.On(ctx).Model(&models.Staff{}).Where("id = ? AND disabled_at IS NULL", person.ID).
		Updates(map[string]any{"name": person.Name, "password_hash": hash})
	if opened.Error != nil {
		return fmt.Errorf("open account: %w", opened.Error)
	}
	if opened.RowsAffected == 0 {
		return fault.NotFound("staff.bad_invitation")
	}
	if err := r.endAll(ctx, person.ID, Session{}); err != nil {
		return err
	}
	if err := r.endTokens(ctx, person.ID); err != nil {
		return err
	}
	return r.log.Record(ctx, audit.Entry{
		Actor: Principal{Staff: person, Role: person.Role}.Actor(), Action: "invitation.accepted", SubjectKind: "staff", SubjectID: person.ID.String(),
	})
}
