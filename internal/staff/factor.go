package staff

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"gorm.io/gorm/clause"

	"frontdesk/internal/audit"
	"frontdesk/internal/database"
	"frontdesk/internal/fault"
	"frontdesk/models"
)

const maxFactorName = 60

// NewFactor is a second factor on its way in: an app's offer with its first code, or what the browser
// answered when it made a passkey.
type NewFactor struct {
	Name    string // empty takes the kind's usual name, from the caller
	Offer   string // of an app, as OfferTOTP sealed it
	Code    string // the app's first
	Passkey []byte
}

// Enrolled is what somebody gets for a new factor.
type Enrolled struct {
	Entry
	RecoveryCodes []string // with the first factor; shown once
}

// AddFactor enrols a second factor of somebody who is signed in. Their session counts as proved by it
// from now on and goes on under a fresh id. Faults: staff.wrong_code and staff.name_long at their
// fields, staff.offer_expired, staff.wrong_passkey, staff.too_many, staff.sign_in_again.
func (r *Roster) AddFactor(ctx context.Context, p Principal, s Session, n NewFactor) (Enrolled, error) {
	codes, by, err := r.enrol(ctx, Holder{Principal: p, ID: s.ID}, n, false)
	if err != nil {
		return Enrolled{}, err
	}
	s, err = r.rotate(ctx, s, by)
	return Enrolled{Entry: Entry{Principal: p, Session: s}, RecoveryCodes: codes}, err
}

// EnrolPending enrols the factor that a pending sign-in cannot go on without, and opens the session.
// Faults as of AddFactor.
func (r *Roster) EnrolPending(ctx context.Context, id string, n NewFactor) (Enrolled, error) {
	stored, p, ok, err := r.pending(ctx, id)
	if err != nil {
		return Enrolled{}, err
	}
	kinds, err := r.kinds(ctx, p.Staff.ID)
	if err != nil {
		return Enrolled{}, err
	}
	if !ok || len(kinds) > 0 { // who has one shows it: another must not get in beside it
		return Enrolled{}, fault.Unauthorized("staff.sign_in_again")
	}
	codes, by, err := r.enrol(ctx, Holder{Principal: p, ID: id}, n, true)
	if err != nil {
		return Enrolled{}, err
	}
	entry, err := r.admit(ctx, id, p, stored.Browser, by)
	return Enrolled{Entry: entry, RecoveryCodes: codes}, err
}

// enrol takes a new factor; one that must be the first is refused beside another.
func (r *Roster) enrol(ctx context.Context, h Holder, n NewFactor, first bool) ([]string, Proof, error) {
	name, err := factorName(n.Name)
	if err != nil {
		return nil, "", err
	}
	limits := r.proofLimits(h.Staff.ID)
	if err := r.reserve(ctx, limits); err != nil {
		return nil, "", err
	}
	row, by, err := r.newFactor(ctx, h, n)
	if err != nil {
		return nil, "", err
	}
	row.StaffID, row.Name, row.CreatedAt = h.Staff.ID, name, r.clock.Machine()
	codes, err := r.keepFactor(ctx, h.Principal, row, first)
	if err != nil {
		return nil, "", err
	}
	return codes, by, r.giveBack(ctx, limits)
}

func (r *Roster) newFactor(ctx context.Context, h Holder, n NewFactor) (models.Factor, Proof, error) {
	if len(n.Passkey) > 0 {
		row, err := r.newPasskey(ctx, h, n.Passkey)
		return row, ByPasskey, err
	}
	row, err := r.newTOTP(h, n.Offer, n.Code)
	return row, ByTOTP, err
}

// keepFactor writes a factor, and recovery codes with the first.
func (r *Roster) keepFactor(ctx context.Context, p Principal, row models.Factor, first bool) (codes []string, err error) {
	err = r.db.InTx(ctx, func(ctx context.Context) error {
		if err := r.stillIn(ctx, p); err != nil {
			return err
		}
		kinds, err := r.lockFactors(ctx, p.Staff.ID)
		if err != nil {
			return err
		}
		if first && len(kinds) > 0 { // another was enrolled while this one was on its way
			return fault.Unauthorized("staff.sign_in_again")
		}
		if err := r.db.On(ctx).Create(&row).Error; err != nil {
			return fmt.Errorf("keep factor: %w", err)
		}
		if len(kinds) == 0 {
			if codes, err = r.writeRecoveryCodes(ctx, p); err != nil {
				return err
			}
		}
		return r.factorChanged(ctx, p, "factor.enrolled", row)
	})
	if database.Violates(err, "factors_credential_id_key") {
		return nil, wrongPasskey(err)
	}
	return codes, err
}

// stillIn locks a person's row and refuses who has been signed out since they were let in: what they make
// to come in with later must not outlive that. Fault: staff.sign_in_again.
func (r *Roster) stillIn(ctx context.Context, p Principal) error {
	var rows []models.Staff
	err := r.db.On(ctx).Clauses(clause.Locking{Strength: "NO KEY UPDATE"}).Select("id").
		Where("id = ? AND access_epoch = ? AND disabled_at IS NULL", p.Staff.ID, p.Staff.AccessEpoch).Find(&rows).Error
	if err != nil {
		return fmt.Errorf("lock staff: %w", err)
	}
	if len(rows) == 0 {
		return fault.Unauthorized("staff.sign_in_again")
	}
	return nil
}

// lockFactors locks a person's row, under which their factors are counted, and gives the kind of each.
func (r *Roster) lockFactors(ctx context.Context, id models.ID) ([]models.FactorKind, error) {
	var person models.Staff
	err := r.db.On(ctx).Clauses(clause.Locking{Strength: "NO KEY UPDATE"}).Select("id").Where("id = ?", id).Take(&person).Error
	if err != nil {
		return nil, fmt.Errorf("lock staff: %w", err)
	}
	var kinds []models.FactorKind
	if err := r.db.On(ctx).Model(&models.Factor{}).Where("staff_id = ?", id).Pluck("kind", &kinds).Error; err != nil {
		return nil, fmt.Errorf("read factors: %w", err)
	}
	return kinds, nil
}

// Factors lists a person's second factors, the oldest first, without what they hold.
func (r *Roster) Factors(ctx context.Context, id models.ID) ([]models.Factor, error) {
	var rows []models.Factor
	err := r.db.On(ctx).Select("id", "staff_id", "kind", "name", "created_at", "last_used_at").
		Where("staff_id = ?", id).Order("created_at, id").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read factors: %w", err)
	}
	return rows, nil
}

// RenameFactor gives one's own factor another name. Faults: staff.no_factor, staff.name_missing and
// staff.name_long at the field "name".
func (r *Roster) RenameFactor(ctx context.Context, p Principal, id models.ID, name string) error {
	name, err := factorName(name)
	if err != nil {
		return err
	}
	return r.db.InTx(ctx, func(ctx context.Context) error {
		changed := r.db.On(ctx).Model(&models.Factor{}).Where("id = ? AND staff_id = ?", id, p.Staff.ID).UpdateColumn("name", name)
		if changed.Error != nil {
			return fmt.Errorf("rename factor: %w", changed.Error)
		}
		if changed.RowsAffected == 0 {
			return fault.NotFound("staff.no_factor")
		}
		return r.factorChanged(ctx, p, "factor.renamed", models.Factor{ID: id})
	})
}

// RemoveFactor takes one's own factor away and ends one's sessions elsewhere. The last one stays where
// the role needs one; with the last one the recovery codes go. Faults: staff.no_factor, staff.last_factor.
func (r *Roster) RemoveFactor(ctx context.Context, p Principal, here Session, id models.ID) error {
	return r.db.InTx(ctx, func(ctx context.Context) error {
		kinds, err := r.lockFactors(ctx, p.Staff.ID)
		if err != nil {
			return err
		}
		removed := r.db.On(ctx).Where("id = ? AND staff_id = ?", id, p.Staff.ID).Delete(&models.Factor{})
		if removed.Error != nil {
			return fmt.Errorf("remove factor: %w", removed.Error)
		}
		switch {
		case removed.RowsAffected == 0:
			return fault.NotFound("staff.no_factor")
		case len(kinds) == 1 && r.mustEnrol(p.Role):
			return fault.Conflict("staff.last_factor")
		case len(kinds) == 1:
			if err := r.db.On(ctx).Where("staff_id = ?", p.Staff.ID).Delete(&models.RecoveryCode{}).Error; err != nil {
				return fmt.Errorf("drop recovery codes: %w", err)
			}
		}
		if err := r.endAll(ctx, p.Staff.ID, here); err != nil {
			return err
		}
		return r.factorChanged(ctx, p, "factor.removed", models.Factor{ID: id})
	})
}

func (r *Roster) factorChanged(ctx context.Context, p Principal, action string, f models.Factor) error {
	detail := map[string]any{"factor": f.ID}
	if f.Kind != "" {
		detail["kind"] = f.Kind
	}
	return r.log.Record(ctx, audit.Entry{Actor: p.Actor(), Action: action, SubjectKind: "staff", SubjectID: p.Staff.ID.String(), Detail: detail})
}

func factorName(name string) (string, error) {
	name = strings.TrimSpace(name)
	switch {
	case name == "" || !plainText(name):
		return "", fault.Invalid("error.validation", map[string]string{"name": "staff.name_missing"})
	case utf8.RuneCountInString(name) > maxFactorName:
		return "", fault.Invalid("error.validation", map[string]string{"name": "staff.name_long"})
	}
	return name, nil
}
