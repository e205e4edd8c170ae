package booking

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"frontdesk/internal/database"
	"frontdesk/internal/fault"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// Confirm turns a paid hold into a visit, with everything that follows from it in the same
// transaction: the customer's totals, last visit and preference, the event row, the
// confirmation message and the stylist's notice. A hold whose time is up but which no sweep has met
// is simply confirmed; an expired or released one takes its slot again when that is still free
// whatever reason the caller gave, unless it was cancelled. Neither becomes a visit once its
// start has passed. Visits of a group are confirmed together or not at all, and told of once.
//
// Faults: booking.slot_taken when the time is gone, booking.not_confirmable for every other state,
// booking.not_found. A deadlock is neither: somebody has paid, and the caller tries again.
func (d *Diary) Confirm(ctx context.Context, id models.ID, actor, reason string) (models.Appointment, error) {
	var a models.Appointment
	err := d.db.InTx(ctx, func(ctx context.Context) error {
		now := d.clock.Now()
		p, err := d.settings.Policies(ctx)
		if err != nil {
			return err
		}
		if a, err = d.Lock(ctx, id); err != nil {
			return err
		}
		confirm := func(a *models.Appointment) error { return d.confirm(ctx, a, actor, reason, now, p.Zone()) }
		was := a.Status
		if err := confirm(&a); err != nil {
			return err
		}
		if err := d.withMates(ctx, a, was, confirm); err != nil {
			return err
		}
		return d.tell(ctx, a, "booking.confirmed")
	})
	if err != nil && !database.Deadlocked(err) {
		err = asTaken(err)
	}
	if err != nil {
		return models.Appointment{}, fmt.Errorf("confirm appointment: %w", err)
	}
	return a, nil
}

// confirm turns one locked hold, or one that ended, into a visit. A visit that costs nothing ahead has no
// deposit to be paid.
func (d *Diary) confirm(ctx context.Context, a *models.Appointment, actor, reason string, now time.Time, zone *time.Location) error {
	c := change{status: models.Confirmed, deposit: models.DepositPaid, actor: actor, reason: reason}
	if a.DepositMinor == 0 {
		c.deposit = a.DepositState
	}
	over := a.Status == models.Expired || a.Status == models.Released
	switch {
	case a.Status != models.Provisional && !over:
		return fault.Conflict("booking.not_confirmable")
	case !a.StartsAt.After(now):
		return fault.Conflict("booking.slot_taken")
	case over:
		c.way, c.reason = retake, ReasonLateRetaken
		if err := d.makeRoomAgain(ctx, *a, actor, zone); err != nil {
			return err
		}
	case a.HoldExpiresAt != nil && !now.Before(*a.HoldExpiresAt): // whoever closed the time or retired the stylist need not have seen it
		if err := d.stillOpen(ctx, *a, zone); err != nil {
			return err
		}
	}
	if _, err := d.apply(ctx, a, c); err != nil {
		return err
	}
	return d.booked(ctx, *a, zone)
}

// makeRoomAgain prepares a re-take: the salon must be open for the visit. Lapsed holds of the stylist
// expire, and a newer hold of the same conversation on the same time gives way: the customer has just
// paid for it.
func (d *Diary) makeRoomAgain(ctx context.Context, a models.Appointment, actor string, zone *time.Location) error {
	last, err := d.lastChange(ctx, a)
	if err != nil {
		return err
	}
	if last.Reason == ReasonCancelled {
		return fault.Conflict("booking.not_confirmable")
	}
	if err := d.expireLapsed(ctx, a.StylistID); err != nil {
		return err
	}
	if a.ConversationID != nil {
		var newer []models.Appointment
		err := d.db.On(ctx).Clauses(forUpdate()).Order("id").Scopes(touching(a.Span())).Find(&newer,
			"conversation_id = ? AND stylist_id = ? AND status = ?", *a.ConversationID, a.StylistID, models.Provisional).Error
		if err != nil {
			return fmt.Errorf("read newer hold: %w", err)
		}
		for _, hold := range newer {
			if a.GroupID != nil && hold.GroupID != nil && *hold.GroupID == *a.GroupID {
				continue
			}
			if err := d.release(ctx, &hold, actor, ReasonReplaced); err != nil {
				return err
			}
		}
	}
	return d.stillOpen(ctx, a, zone)
}

// stillOpen is mustBeOpen for a visit that was agreed before: time that has closed since counts as taken.
func (d *Diary) stillOpen(ctx context.Context, a models.Appointment, zone *time.Location) error {
	err := d.mustBeOpen(ctx, a.StylistID, a.Span(), zone)
	if fault.Is(err, "booking.closed") {
		return fault.Conflict("booking.slot_taken")
	}
	return err
}

// afterConfirmation is what R-415 wants in the confirming transaction.
func (d *Diary) afterConfirmation(ctx context.Context, a models.Appointment, zone *time.Location) error {
	if err := d.booked(ctx, a, zone); err != nil {
		return err
	}
	return d.tell(ctx, a, "booking.confirmed")
}

// booked is afterConfirmation but for telling the customer. Who booked for somebody else without a profile
// has not been to that stylist: their preference stays.
func (d *Diary) booked(ctx context.Context, a models.Appointment, zone *time.Location) error {
	now := d.clock.Now()
	columns := map[string]any{
		"total_spent_minor": gorm.Expr("total_spent_minor + ?", a.TotalMinor),
		"last_visit_at":     gorm.Expr("greatest(last_visit_at, ?)", a.StartsAt),
		"updated_at":        now,
	}
	if a.ForName == "" || a.CustomerID != a.BookedByID {
		columns["preferred_stylist_id"] = a.StylistID
	}
	update := d.db.On(ctx).Model(&models.Customer{}).Where("id = ?", a.CustomerID).Updates(columns)
	if update.Error != nil {
		return fmt.Errorf("update customer's totals: %w", update.Error)
	}
	event := "visit.confirmed"
	if onSameDay(now, a.StartsAt, zone) {
		event = "visit.urgent"
	}
	return d.queue.Enqueue(ctx, queue.StylistNotice{AppointmentID: a.ID, Event: event})
}
