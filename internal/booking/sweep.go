package booking

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

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

// sweep acts on every appointment that is due, each in its own transaction, a group's together. A row that
// somebody else has locked is being changed: it is left to them or to the next sweep.
func (d *Diary) sweep(ctx context.Context, act func(context.Context, []models.Appointment) error, due func(*gorm.DB) *gorm.DB) (int, error) {
	var ids []models.ID
	err := d.db.On(ctx).Model(&models.Appointment{}).Scopes(due).Order("coalesce(hold_expires_at, starts_at), id").Pluck("id", &ids).Error
	if err != nil {
		return 0, fmt.Errorf("find what is due: %w", err)
	}
	done := 0
	var failed error
	for _, id := range ids {
		acted := false
		err := d.db.InTx(ctx, func(ctx context.Context) error {
			holds, err := d.lockDue(ctx, id, due)
			if err != nil || len(holds) == 0 {
				return err
			}
			acted = true
			return act(ctx, holds)
		})
		switch {
		case err != nil:
			failed = errors.Join(failed, fmt.Errorf("appointment %s: %w", id, err))
		case acted:
			done++
		}
	}
	return done, failed
}

// warn tells of a hold, or of a group's, once.
func (d *Diary) warn(ctx context.Context, holds []models.Appointment) error {
	ids := make([]models.ID, len(holds))
	for i, a := range holds {
		ids[i] = a.ID
	}
	err := d.db.On(ctx).Model(&models.Appointment{}).Where("id IN ?", ids).Update("warned_at", d.clock.Now()).Error
	if err != nil {
		return fmt.Errorf("mark hold warned: %w", err)
	}
	return d.tell(ctx, holds[0], "hold.warning")
}

// expire ends a hold, or all of a group's, and tells of it once.
func (d *Diary) expire(ctx context.Context, holds []models.Appointment) error {
	for i := range holds {
		a := &holds[i]
		c := change{status: models.Expired, deposit: unpaid(a.DepositState), actor: actorSystem, reason: ReasonExpired}
		if _, err := d.apply(ctx, a, c); err != nil {
			return err
		}
	}
	if err := d.tell(ctx, holds[0], "hold.expired"); err != nil {
		return err
	}
	return d.voidPayment(ctx, holds[0])
}

// expireLapsed ends the lapsed holds of a stylist whose row is locked, and what is held together with them,
// so that they do not stand in the way of a new one. All are locked by id in one statement: whoever ends
// the same group from another stylist's side waits for this one.
func (d *Diary) expireLapsed(ctx context.Context, stylist models.ID) error {
	const lapsed = "status = 'provisional' AND hold_expires_at <= @now"
	var rows []models.Appointment
	err := d.db.On(ctx).Clauses(forUpdate()).Order("id").Find(&rows, lapsed+` AND (stylist_id = @stylist
		OR group_id IN (SELECT group_id FROM appointments WHERE stylist_id = @stylist AND group_id IS NOT NULL AND `+lapsed+`))`,
		map[string]any{"stylist": stylist, "now": d.clock.Now()}).Error
	if err != nil {
		return fmt.Errorf("read lapsed holds: %w", err)
	}
	for _, holds := range grouped(rows) {
		if err := d.expire(ctx, holds); err != nil {
			return err
		}
	}
	return nil
}
