package staff

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"

	"frontdesk/internal/audit"
	"frontdesk/internal/fault"
	"frontdesk/models"
)

// A recovery code is 24 letters and digits, 120 random bits: enough that a plain digest may be kept
// of it.
const (
	recoveryCodes  = 10
	recoveryLength = 24
)

// NewRecoveryCodes gives a person with a second factor ten codes that open their account once each.
// Earlier ones are void. They are shown once. Faults: staff.no_factor, staff.sign_in_again.
func (r *Roster) NewRecoveryCodes(ctx context.Context, p Principal) ([]string, error) {
	var codes []string
	err := r.db.InTx(ctx, func(ctx context.Context) error {
		if err := r.stillIn(ctx, p); err != nil {
			return err
		}
		kinds, err := r.lockFactors(ctx, p.Staff.ID)
		if err != nil {
			return err
		}
		if len(kinds) == 0 {
			return fault.Conflict("staff.no_factor")
		}
		codes, err = r.writeRecoveryCodes(ctx, p)
		return err
	})
	return codes, err
}

func (r *Roster) writeRecoveryCodes(ctx context.Context, p Principal) ([]string, error) {
	if err := r.db.On(ctx).Where("staff_id = ?", p.Staff.ID).Delete(&models.RecoveryCode{}).Error; err != nil {
		return nil, fmt.Errorf("drop recovery codes: %w", err)
	}
	codes, rows := make([]string, recoveryCodes), make([]models.RecoveryCode, recoveryCodes)
	for i := range codes {
		plain := strings.ToLower(rand.Text())[:recoveryLength]
		codes[i] = grouped(plain)
		rows[i] = models.RecoveryCode{StaffID: p.Staff.ID, Hash: digest(plain), CreatedAt: r.clock.Machine()}
	}
	if err := r.db.On(ctx).Create(&rows).Error; err != nil {
		return nil, fmt.Errorf("keep recovery codes: %w", err)
	}
	return codes, r.log.Record(ctx, audit.Entry{
		Actor: p.Actor(), Action: "recovery_codes.made", SubjectKind: "staff", SubjectID: p.Staff.ID.String(),
	})
}

// grouped writes a code in groups of four, which people copy with fewer mistakes.
func grouped(plain string) string {
	var parts []string
	for i := 0; i < len(plain); i += 4 {
		parts = append(parts, plain[i:i+4])
	}
	return strings.Join(parts, "-")
}

// useRecoveryCode takes a code, once.
func (r *Roster) useRecoveryCode(ctx context.Context, p Principal, code string) error {
	return r.db.InTx(ctx, func(ctx context.Context) error {
		used := r.db.On(ctx).Model(&models.RecoveryCode{}).
			Where("staff_id = ? AND hash = ? AND used_at IS NULL", p.Staff.ID, digest(code)).UpdateColumn("used_at", r.clock.Machine())
		if used.Error != nil {
			return fmt.Errorf("use recovery code: %w", used.Error)
		}
		if used.RowsAffected == 0 {
			return errNoProof
		}
		return r.log.Record(ctx, audit.Entry{
			Actor: p.Actor(), Action: "recovery_code.used", SubjectKind: "staff", SubjectID: p.Staff.ID.String(),
		})
	})
}

// RecoveryCodesLeft counts the codes a person has not used.
func (r *Roster) RecoveryCodesLeft(ctx context.Context, id models.ID) (int, error) {
	var n int64
	err := r.db.On(ctx).Model(&models.RecoveryCode{}).Where("staff_id = ? AND used_at IS NULL", id).Count(&n).Error
	if err != nil {
		return 0, fmt.Errorf("count recovery codes: %w", err)
	}
	return int(n), nil
}
