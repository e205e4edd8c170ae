package booking

import (
	"context"
	"fmt"

	"gorm.io/gorm/clause"

	"frontdesk/internal/clock"
	"frontdesk/internal/database"
	"frontdesk/models"
)

// Restore brings the demo salon back to what Seed made, whatever people have changed since: for stand-ins
// and scenarios, which promise exactly that salon. Rows that visits refer to keep their ids; what was
// added is removed, or retired where a visit refers to it. Closed time is the caller's business.
func Restore(ctx context.Context, db *database.DB, c clock.Clock) error {
	err := db.InTx(ctx, func(ctx context.Context) error {
		now := c.Now()
		services, stylists := demoServices(now), demoStylists(now)
		var offered, staff []string
		for _, s := range services {
			offered = append(offered, s.Code)
		}
		for _, s := range stylists {
			staff = append(staff, s.Code)
		}
		for _, step := range []struct {
			sql  string
			args []any
		}{
			{"SELECT FROM stylists ORDER BY id FOR NO KEY UPDATE", nil},
			{"DELETE FROM schedule_sets", nil},
			{"DELETE FROM opening_hours", nil},
			{"DELETE FROM pack_services", nil},
			{"DELETE FROM packs p WHERE NOT EXISTS (SELECT FROM appointments a WHERE a.pack_id = p.id)", nil},
			{"UPDATE packs SET active = false", nil},
			{"DELETE FROM services s WHERE code NOT IN ? AND NOT EXISTS (SELECT FROM appointment_lines l WHERE l.service_id = s.id)", []any{offered}},
			{"UPDATE services SET active = false WHERE code NOT IN ?", []any{offered}},
			{"UPDATE stylists SET phone = '', calendar_id = '', active = code IN ?", []any{staff}},
		} {
			if err := db.On(ctx).Exec(step.sql, step.args...).Error; err != nil {
				return fmt.Errorf("%.40s: %w", step.sql, err)
			}
		}
		if err := overwrite(ctx, db, "services", services, "category", "minutes", "price_minor", "currency", "deposit_percent", "names", "synonyms", "position", "active"); err != nil {
			return err
		}
		if err := overwrite(ctx, db, "stylists", stylists, "names", "categories", "phone", "email", "sms_phone", "channels", "calendar_id", "position", "active"); err != nil {
			return err
		}
		packs := []models.Pack{demoPack(now)}
		if err := overwrite(ctx, db, "packs", packs, "category", "minutes", "price_minor", "currency", "names", "active"); err != nil {
			return err
		}
		var pack models.Pack
		if err := db.On(ctx).Take(&pack, "code = ?", packs[0].Code).Error; err != nil {
			return fmt.Errorf("read pack: %w", err)
		}
		return fillDemoPack(ctx, db, pack)
	})
	if err != nil {
		return fmt.Errorf("restore demo salon: %w", err)
	}
	return Seed(ctx, db, c)
}

// overwrite writes rows over those of the same code, which keep their ids. An open form on one of them is
// told that it has changed.
func overwrite[T any](ctx context.Context, db *database.DB, table string, rows []T, columns ...string) error {
	set := clause.AssignmentColumns(append(columns, "updated_at"))
	set = append(set, clause.Assignment{Column: clause.Column{Name: "version"}, Value: clause.Expr{SQL: table + ".version + 1"}})
	err := db.On(ctx).Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "code"}}, DoUpdates: set}).Create(&rows).Error
	if err != nil {
		return fmt.Errorf("write %T: %w", rows, err)
	}
	return nil
}
