package booking

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"frontdesk/models"
)

// ExpireHolds ends every hold whose time is up by now, frees its slot and says so. Each hold
// is its own transaction: one that fails keeps nobody else waiting and is met again by the next
// sweep. Safe to run at once in several processes. It returns how many this call expired.
func (d *Diary) ExpireHolds(ctx context.Context) (int, error) {
	now := d.clock.Now()
	return d.sweep(ctx, d.expire, func(q *gorm.DB) *gorm.DB {
		return q.Where("status = ? AND hold_expires_at <= ?", models.Provisional, now)
	})
}

// WarnHolds says once that a hold is about to lapse, from P.hold.warn_before_min before its
// expiry on and no longer than it lasts. Otherwise like ExpireHolds.
func (d *Diary) WarnHolds(ctx context.Context) (int, error) {
	now := d.clock.Now()
	return d.sweep(ctx, d.warn, func(q *gorm.DB) *gorm.DB {
		return q.Where("status = ? AND warned_at IS NULL AND hold_expires_at > ?", models.Provisional, now).
			Where("hold_expires_at - make_interval(mins => (terms->>'hold_warn_before_minutes')::int) <= ?", now)
	})
}

// sweep acts on every appointment that is due, each in its own transaction. A row that somebody else
// has locked is being changed: it is left to them or to the next sweep.
func (d *Diary) sweep(ctx context.Context, act func(context.Context, *models.Appointment) error, due func(*gorm.DB) *gorm.DB) (int, error) {
	var ids []models.ID
	err := d.db.On(ctx).Model(&models.Appointment{}).Scopes(due).Order("hold_expires_at, id").Pluck("id", &ids).Error
	if err != nil {
		return 0, fmt.Errorf("find due holds: %w", err)
	}
	done := 0
	var failed error
	for _, id := range ids {
		acted := false
		err := d.db.InTx(ctx, func(ctx context.Context) error {
			var a models.Appointment
			skip := clause.Locking{Strength: "NO KEY UPDATE", Options: "SKIP LOCKED"}
			found := d.db.On(ctx).Clauses(skip).Scopes(due).Where("id = ?", id).Limit(1).Find(&a)
			if found.Error != nil || found.RowsAffected == 0 {
				return found.Error
			}
			acted = true
			return act(ctx, &a)
		})
		switch {
		case err != nil:
			failed = errors.Join(failed, fmt.Errorf("hold %s: %w", id, err))
		case acted:
			done++
		}
	}
	return done, failed
}

func (d *Diary) warn(ctx context.Context, a *models.Appointment) error {
	err := d.db.On(ctx).Model(&models.Appointment{}).Where("id = ?", a.ID).Update("warned_at", d.clock.Now()).Error
	if err != nil {
		return fmt.Errorf("mark hold warned: %w", err)
	}
	return d.tell(ctx, *a, "hold.warning")
}

func (d *Diary) expire(ctx context.Context, a *models.Appointment) error {
	c := change{status: models.Expired, deposit: unpaid(a.DepositState), actor: actorSystem, reason: ReasonExpired}
	if _, err := d.apply(ctx, a, c); err != nil {
		return err
	}
	if err := d.tell(ctx, *a, "hold.expired"); err != nil {
		return err
	}
	return d.voidPayment(ctx, *a)
}

// expireLapsed ends the lapsed holds of a stylist whose row is locked, so that they do not stand in
// the way of a new one.
func (d *Diary) expireLapsed(ctx context.Context, stylist models.ID) error {
	var lapsed []models.Appointment
	err := d.db.On(ctx).Clauses(forUpdate()).Order("id").
		Find(&lapsed, "stylist_id = ? AND status = ? AND hold_expires_at <= ?", stylist, models.Provisional, d.clock.Now()).Error
	if err != nil {
		return fmt.Errorf("read lapsed holds: %w", err)
	}
	for _, a := range lapsed {
		if err := d.expire(ctx, &a); err != nil {
			return err
		}
	}
	return nil
}
