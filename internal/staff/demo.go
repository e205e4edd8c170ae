package staff

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"

	"github.com/alexedwards/argon2id"
	"gorm.io/gorm/clause"

	"frontdesk/models"
)

// Login is a demo account. StylistCode names the stylist whose diary it owns; empty for none.
type Login struct {
	Email       string
	Password    string
	Name        string
	Role        models.Role
	StylistCode string
	Language    models.Language // of the console; English when empty
}

// SeedDemo makes sure that the demo accounts exist and open with these passwords. Safe to repeat:
// an account that already does is left as it is. The stylists must be there first.
func (r *Roster) SeedDemo(ctx context.Context, logins []Login) error {
	rows := make([]models.Staff, len(logins))
	for i, l := range logins {
		row, err := r.demoAccount(ctx, l)
		if err != nil {
			return err
		}
		rows[i] = row
	}
	if err := r.demoPasswords(logins, rows); err != nil {
		return err
	}
	err := r.db.On(ctx).Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "email"}},
		DoUpdates: clause.AssignmentColumns([]string{"name", "role", "stylist_id", "password_hash", "disabled_at"}),
	}).Create(&rows).Error
	if err != nil {
		return fmt.Errorf("seed staff: %w", err)
	}
	return nil
}

// demoAccount is the row of a login, with the password hash it has so far, if any.
func (r *Roster) demoAccount(ctx context.Context, l Login) (models.Staff, error) {
	row := models.Staff{ID: models.NewID(), Email: normalEmail(l.Email), Name: l.Name, Role: l.Role, Language: l.Language}
	if row.Language == "" {
		row.Language = models.English
	}
	if l.StylistCode != "" {
		var stylist models.Stylist
		if err := r.db.On(ctx).Where("code = ?", l.StylistCode).Take(&stylist).Error; err != nil {
			return models.Staff{}, fmt.Errorf("find stylist of demo account: %w", err)
		}
		row.StylistID = &stylist.ID
	}
	existing, known, err := r.account(ctx, row.Email)
	if err != nil {
		return models.Staff{}, err
	}
	if known {
		row.PasswordHash = existing.Staff.PasswordHash
	}
	return row, nil
}

// demoPasswords gives every row a hash of its password, on all cores: each check and each hash is
// slow on purpose, and a second start must not wait for fourteen of them in a row.
func (r *Roster) demoPasswords(logins []Login, rows []models.Staff) error {
	errs := make([]error, len(rows))
	lanes := make(chan struct{}, runtime.NumCPU())
	var wg sync.WaitGroup
	for i := range rows {
		wg.Go(func() {
			lanes <- struct{}{}
			defer func() { <-lanes }()
			if same, err := argon2id.ComparePasswordAndHash(logins[i].Password, rows[i].PasswordHash); err == nil && same {
				return
			}
			rows[i].PasswordHash, errs[i] = argon2id.CreateHash(logins[i].Password, &r.hash)
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("hash demo passwords: %w", err)
	}
	return nil
}
