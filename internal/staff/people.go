package staff

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"frontdesk/internal/audit"
	"frontdesk/internal/customers"
	"frontdesk/internal/fault"
	"frontdesk/models"
)

const maxName = 80

// Change is what an admin changes of a person. Version is the one the form was made of: over somebody
// else's change nothing is written.
type Change struct {
	Version   int64
	Name      string
	Role      models.Role
	StylistID *models.ID // stylists only
}

// ChangePerson changes a person's name, role and diary. A new role or diary signs them out and ends
// their tokens. Faults: staff.no_person,
// staff.changed_meanwhile, staff.last_admin, staff.not_yourself, and what is wrong at its field.
func (r *Roster) ChangePerson(ctx context.Context, by Principal, id models.ID, c Change) error {
	c.Name = strings.TrimSpace(c.Name)
	problems := map[string]string{"name": nameProblem(c.Name)}
	if err := r.judgeRole(ctx, c.Role, c.StylistID, problems); err != nil {
		return err
	}
	if err := refusal(problems); err != nil {
		return err
	}
	return r.db.InTx(ctx, func(ctx context.Context) error {
		person, err := r.lock(ctx, id)
		if err != nil {
			return err
		}
		if person.Version != c.Version {
			return fault.Conflict("staff.changed_meanwhile")
		}
		if person.Role != c.Role {
			if err := r.mayDemote(ctx, by, person); err != nil {
				return err
			}
		}
		next := person
		next.Name, next.Role, next.StylistID = c.Name, c.Role, c.StylistID
		return r.write(ctx, by, person, next, "staff.changed", "")
	})
}

// Disable shuts a person out at once: sessions, tokens and links end. Faults: staff.no_person, staff.last_admin,
// staff.not_yourself.
func (r *Roster) Disable(ctx context.Context, by Principal, id models.ID, reason string) error {
	return r.db.InTx(ctx, func(ctx context.Context) error {
		person, err := r.lock(ctx, id)
		if err != nil || person.DisabledAt != nil {
			return err
		}
		if err := r.mayDemote(ctx, by, person); err != nil {
			return err
		}
		next, now := person, r.clock.Machine()
		next.DisabledAt = &now
		if err := r.write(ctx, by, person, next, "staff.disabled", reason); err != nil {
			return err
		}
		return r.revokeLinks(ctx, id)
	})
}

// Enable lets a person in again. Fault: staff.no_person.
func (r *Roster) Enable(ctx context.Context, by Principal, id models.ID) error {
	return r.db.InTx(ctx, func(ctx context.Context) error {
		person, err := r.lock(ctx, id)
		if err != nil || person.DisabledAt == nil {
			return err
		}
		next := person
		next.DisabledAt = nil
		return r.write(ctx, by, person, next, "staff.enabled", "")
	})
}

// ResetFactors takes a person's second factors and recovery codes away and signs them out; tokens end
// too, for whoever holds the lost device may hold them. Fault: staff.no_person.
func (r *Roster) ResetFactors(ctx context.Context, by Principal, id models.ID, reason string) error {
	return r.db.InTx(ctx, func(ctx context.Context) error {
		if _, err := r.lock(ctx, id); err != nil {
			return err
		}
		for _, row := range []any{&models.Factor{}, &models.RecoveryCode{}} {
			if err := r.db.On(ctx).Where("staff_id = ?", id).Delete(row).Error; err != nil {
				return fmt.Errorf("reset factors: %w", err)
			}
		}
		if err := r.endAll(ctx, id, Session{}); err != nil {
			return err
		}
		if err := r.endTokens(ctx, id); err != nil {
			return err
		}
		return r.log.Record(ctx, audit.Entry{
			Actor: by.Actor(), Action: "factors.reset", SubjectKind: "staff", SubjectID: id.String(), Reason: reason,
		})
	})
}

// Details are what people keep of themselves.
type Details struct {
	Name     string
	Phone    string // where urgent cases reach them by SMS; empty: nowhere
	Language models.Language
}

// SetOwn changes one's own name, number and the language of one's console. Faults at the fields of Details.
func (r *Roster) SetOwn(ctx context.Context, p Principal, own Details) error {
	own.Name = strings.TrimSpace(own.Name)
	problems := map[string]string{"name": nameProblem(own.Name)}
	if !slices.Contains(models.Languages(), own.Language) {
		problems["language"] = "staff.language_missing"
	}
	if strings.TrimSpace(own.Phone) != "" {
		phone, err := customers.Normalize(own.Phone)
		if err != nil {
			problems["phone"] = "staff.phone_wrong"
		}
		own.Phone = phone
	}
	if err := refusal(problems); err != nil {
		return err
	}
	return r.db.InTx(ctx, func(ctx context.Context) error {
		person, err := r.lock(ctx, p.Staff.ID)
		if err != nil {
			return err
		}
		next := person
		next.Name, next.Phone, next.Language = own.Name, strings.TrimSpace(own.Phone), own.Language
		return r.write(ctx, p, person, next, "staff.changed", "")
	})
}

// write saves a changed person and says so in the log. A change of what they may do, or whether they may
// come in at all, signs them out and ends their tokens.
func (r *Roster) write(ctx context.Context, by Principal, was, is models.Staff, action, reason string) error {
	err := r.db.On(ctx).Model(&models.Staff{}).Where("id = ?", is.ID).Updates(map[string]any{
		"name": is.Name, "phone": is.Phone, "role": is.Role, "language": is.Language, "stylist_id": is.StylistID, "disabled_at": is.DisabledAt, "version": was.Version + 1,
	}).Error
	if err != nil {
		return fmt.Errorf("change staff: %w", err)
	}
	if was.Role != is.Role || !sameID(was.StylistID, is.StylistID) || was.State() != is.State() {
		if err := r.endAll(ctx, is.ID, Session{}); err != nil {
			return err
		}
		if err := r.endTokens(ctx, is.ID); err != nil { // made for other rights, and perhaps without a factor
			return err
		}
	}
	entry := audit.Entry{
		Actor: by.Actor(), Action: action, SubjectKind: "staff", SubjectID: is.ID.String(), Before: facts(was), After: facts(is), Reason: reason,
	}
	if was.Name != is.Name || was.Phone != is.Phone { // names and numbers stay out of the log
		entry.Detail = map[string]any{"renamed": was.Name != is.Name, "phone_changed": was.Phone != is.Phone}
	}
	return r.log.Record(ctx, entry)
}

// facts are what the log may know of a person.
func facts(s models.Staff) map[string]any {
	return map[string]any{"role": s.Role, "language": s.Language, "stylist": s.StylistID, "state": s.State()}
}

// lock takes a person's row. With it come, in the order of their ids, those of all active admins, so
// that two admins who demote each other meet here. Fault: staff.no_person.
func (r *Roster) lock(ctx context.Context, id models.ID) (models.Staff, error) {
	var rows []models.Staff
	err := r.db.On(ctx).Clauses(clause.Locking{Strength: "NO KEY UPDATE"}).
		Where("id = ? OR "+activeAdmin, id).Order("id").Find(&rows).Error
	if err != nil {
		return models.Staff{}, fmt.Errorf("lock staff: %w", err)
	}
	at := slices.IndexFunc(rows, func(s models.Staff) bool { return s.ID == id })
	if at < 0 {
		return models.Staff{}, fault.NotFound("staff.no_person")
	}
	return rows[at], nil
}

const activeAdmin = "(role = 'admin' AND disabled_at IS NULL AND password_hash <> '')"

// mayDemote refuses what would leave the salon without an admin, and what people do to themselves. The
// active admins' rows are locked.
func (r *Roster) mayDemote(ctx context.Context, by Principal, person models.Staff) error {
	if by.Staff.ID == person.ID {
		return fault.Conflict("staff.not_yourself")
	}
	if person.Role != models.RoleAdmin || person.State() != models.StaffActive {
		return nil
	}
	var others int64
	if err := r.db.On(ctx).Model(&models.Staff{}).Where("id <> ? AND "+activeAdmin, person.ID).Count(&others).Error; err != nil {
		return fmt.Errorf("count admins: %w", err)
	}
	if others == 0 {
		return fault.Conflict("staff.last_admin")
	}
	return nil
}

func (r *Roster) judgeInvitee(ctx context.Context, in Invitee) error {
	problems := map[string]string{"name": nameProblem(in.Name)}
	if at, err := mail.ParseAddress(in.Email); err != nil || at.Address != in.Email || len(in.Email) > maxEmail || !plainText(in.Email) {
		problems["email"] = "staff.email_wrong"
	}
	if !slices.Contains(models.Languages(), in.Language) {
		problems["language"] = "staff.language_missing"
	}
	if err := r.judgeRole(ctx, in.Role, in.StylistID, problems); err != nil {
		return err
	}
	return refusal(problems)
}

// judgeRole notes what is wrong with a role and the diary that goes with it.
func (r *Roster) judgeRole(ctx context.Context, role models.Role, stylist *models.ID, problems map[string]string) error {
	switch {
	case !slices.Contains(models.Roles(), role):
		problems["role"] = "staff.role_missing"
	case role == models.RoleStylist && stylist == nil:
		problems["stylist"] = "staff.stylist_missing"
	case role != models.RoleStylist && stylist != nil:
		problems["stylist"] = "staff.stylist_only"
	}
	if stylist == nil || problems["stylist"] != "" {
		return nil
	}
	err := r.db.On(ctx).Select("id").Where("id = ?", *stylist).Take(&models.Stylist{}).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		problems["stylist"] = "staff.stylist_missing"
		return nil
	}
	if err != nil {
		return fmt.Errorf("read stylist: %w", err)
	}
	return nil
}

// refusal is the fault of a form, nil when nothing is wrong with it.
func refusal(problems map[string]string) error {
	for field, key := range problems {
		if key == "" {
			delete(problems, field)
		}
	}
	if len(problems) == 0 {
		return nil
	}
	return fault.Invalid("error.validation", problems)
}

func nameProblem(name string) string {
	switch {
	case name == "" || !plainText(name):
		return "staff.name_missing"
	case utf8.RuneCountInString(name) > maxName:
		return "staff.name_long"
	default:
		return ""
	}
}

// plainText tells whether a line can be stored and shown as it is.
func plainText(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

func sameID(a, b *models.ID) bool {
	return a == nil && b == nil || a != nil && b != nil && *a == *b
}
