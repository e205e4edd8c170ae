package booking

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"frontdesk/internal/fault"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// ConfirmWithoutDeposit makes a visit of a hold, and of its group's: nothing is to be paid ahead, the payment links are
// closed, and all follows that follows from a confirmation. A reason is required. Money that comes all the
// same becomes the visit's deposit (checkout). Faults: booking.not_a_hold, booking.past once the start is
// over, and those of an Act.
func (d *Diary) ConfirmWithoutDeposit(ctx context.Context, act Act) (models.Appointment, error) {
	return d.act(ctx, "visit.confirmed_without_deposit", act, true, func(ctx context.Context, a *models.Appointment) error {
		p, err := d.settings.Policies(ctx)
		if err != nil {
			return err
		}
		if a.Status != models.Provisional {
			return fault.Conflict("booking.not_a_hold")
		}
		if err := notPast(a.StartsAt, d.clock.Now()); err != nil {
			return err
		}
		confirm := func(a *models.Appointment) error {
			c := change{status: models.Confirmed, deposit: unpaid(a.DepositState), actor: act.Actor, reason: ReasonNoDeposit, note: act.Reason}
			if _, err := d.apply(ctx, a, c); err != nil {
				return err
			}
			return d.booked(ctx, *a, p.Zone())
		}
		if err := errors.Join(d.mayActOnMates(ctx, act, *a), d.withMates(ctx, *a, models.Provisional, confirm)); err != nil {
			return err
		}
		if err := confirm(a); err != nil {
			return err
		}
		if err := d.voidPayment(ctx, *a); err != nil {
			return err
		}
		return d.tell(ctx, *a, "booking.confirmed")
	})
}

// LetGo releases a hold at the salon's hand; its payment links are closed and the customer is told. A
// payment that was under way takes the time again while it is free. Faults: booking.not_a_hold
// and those of an Act.
func (d *Diary) LetGo(ctx context.Context, act Act) (models.Appointment, error) {
	return d.act(ctx, "hold.released", act, false, func(ctx context.Context, a *models.Appointment) error {
		if a.Status != models.Provisional {
			return fault.Conflict("booking.not_a_hold")
		}
		if err := d.mayActOnMates(ctx, act, *a); err != nil {
			return err
		}
		event, err := d.endHold(ctx, a, change{actor: act.Actor, reason: ReasonLetGo, note: act.Reason})
		if err != nil {
			return err
		}
		return d.tellOf(ctx, *a, "hold.released", event)
	})
}

// Cancel ends a visit, or a hold whose links it closes; nothing brings it back. The customer and, for a
// visit, the stylist are told. What becomes of the deposit is checkout's to decide and to pay: it calls
// this in its own transaction. Faults: booking.not_cancellable, booking.illegal_transition for a deposit
// that cannot become that, and those of an Act.
func (d *Diary) Cancel(ctx context.Context, act Act, deposit models.DepositState) (models.Appointment, error) {
	return d.act(ctx, "visit.cancelled", act, false, func(ctx context.Context, a *models.Appointment) error {
		c := change{status: models.Cancelled, deposit: deposit, actor: act.Actor, reason: ReasonCancelled, note: act.Reason}
		switch a.Status {
		case models.Provisional:
			if err := d.mayActOnMates(ctx, act, *a); err != nil {
				return err
			}
			event, err := d.endHold(ctx, a, c)
			if err != nil {
				return err
			}
			return d.tellOf(ctx, *a, "booking.cancelled", event)
		case models.Confirmed, models.ReschedulePending:
			return d.cancel(ctx, a, c, nil)
		default:
			return fault.Conflict("booking.not_cancellable")
		}
	})
}

// cancel ends a visit with all that follows from it; asked is as in moveTo.
func (d *Diary) cancel(ctx context.Context, a *models.Appointment, c change, asked *models.ID) error {
	event, err := d.apply(ctx, a, c)
	if err != nil {
		return err
	}
	if err := d.uncount(ctx, *a); err != nil {
		return err
	}
	if err := d.tellElsewhere(ctx, *a, "booking.cancelled", event, asked); err != nil {
		return err
	}
	return d.queue.Enqueue(ctx, queue.StylistNotice{AppointmentID: a.ID, Event: "visit.cancelled", ChangeID: event})
}

// Complete says that the customer was here, from the visit's start on. Faults: booking.not_confirmed,
// booking.not_begun and those of an Act.
func (d *Diary) Complete(ctx context.Context, act Act) (models.Appointment, error) {
	return d.act(ctx, "visit.completed", act, false, func(ctx context.Context, a *models.Appointment) error {
		if err := d.mayEnd(*a); err != nil {
			return err
		}
		c := change{status: models.Completed, deposit: a.DepositState, actor: act.Actor, reason: ReasonCompleted, note: act.Reason}
		_, err := d.apply(ctx, a, c)
		return err
	})
}

// NoShow says that the customer did not come, from the visit's start on. The deposit is checkout's to
// decide, as with Cancel. Nobody is told: the mark can be taken back. Faults as of Complete.
func (d *Diary) NoShow(ctx context.Context, act Act, deposit models.DepositState) (models.Appointment, error) {
	return d.act(ctx, "visit.no_show", act, false, func(ctx context.Context, a *models.Appointment) error {
		if err := d.mayEnd(*a); err != nil {
			return err
		}
		c := change{status: models.NoShow, deposit: deposit, actor: act.Actor, reason: ReasonNoShow, note: act.Reason}
		if _, err := d.apply(ctx, a, c); err != nil {
			return err
		}
		return d.uncount(ctx, *a)
	})
}

// mayEnd tells whether a visit can be marked as done or as not come.
func (d *Diary) mayEnd(a models.Appointment) error {
	if a.Status != models.Confirmed {
		return fault.Conflict("booking.not_confirmed")
	}
	if d.clock.Now().Before(a.StartsAt) {
		return fault.Conflict("booking.not_begun")
	}
	return nil
}

// ReopenWithin is how long a mark of Complete or NoShow can be taken back.
const ReopenWithin = 24 * time.Hour

// Reopen takes the mark of Complete or NoShow back, while it is fresh and no money has gone back for it; a
// deposit that was kept counts as paid again. Faults: booking.not_reopenable, booking.slot_taken when
// somebody else has the time meanwhile, and those of an Act.
func (d *Diary) Reopen(ctx context.Context, act Act) (models.Appointment, error) {
	return d.act(ctx, "visit.reopened", act, false, func(ctx context.Context, a *models.Appointment) error {
		last, err := d.lastChange(ctx, *a)
		if err != nil {
			return err
		}
		ended := a.Status == models.Completed || a.Status == models.NoShow
		returned := a.DepositState == models.DepositRefundPending || a.DepositState == models.DepositRefunded
		if !ended || returned || d.clock.Now().Sub(last.At) > ReopenWithin {
			return fault.Conflict("booking.not_reopenable")
		}
		was := a.Status
		c := change{status: models.Confirmed, deposit: a.DepositState, actor: act.Actor, reason: ReasonReopened, note: act.Reason, way: reopen}
		if a.DepositState == models.DepositForfeited {
			c.deposit = models.DepositPaid
		}
		if err := d.expireLapsed(ctx, a.StylistID); err != nil {
			return err
		}
		visits, err := d.conflicts(ctx, a.Span(), &a.StylistID, &a.ID)
		if err != nil {
			return err
		}
		if len(visits) > 0 {
			return blocked("booking.slot_taken", InTheWay{Visits: visits})
		}
		if _, err := d.apply(ctx, a, c); err != nil || was == models.Completed {
			return err
		}
		return d.count(ctx, *a)
	})
}

// lastChange is the event that brought an appointment into the status it has.
func (d *Diary) lastChange(ctx context.Context, a models.Appointment) (models.AppointmentEvent, error) {
	var last models.AppointmentEvent
	err := d.db.On(ctx).Where("appointment_id = ? AND to_status = ? AND from_status <> to_status", a.ID, a.Status).
		Order("id DESC").Limit(1).Find(&last).Error
	if err != nil {
		return last, fmt.Errorf("read last change: %w", err)
	}
	return last, nil
}

// Change reads one event of an appointment's history. An unknown one is internal: only rules ask.
func (d *Diary) Change(ctx context.Context, eventID models.ID) (models.AppointmentEvent, error) {
	var e models.AppointmentEvent
	if err := d.db.On(ctx).Take(&e, "id = ?", eventID).Error; err != nil {
		return e, fmt.Errorf("read change of appointment: %w", err)
	}
	return e, nil
}

// count adds a visit to the customer's totals.
func (d *Diary) count(ctx context.Context, a models.Appointment) error {
	return d.updateCustomer(ctx, a, map[string]any{
		"total_spent_minor": gorm.Expr("total_spent_minor + ?", a.TotalMinor),
		"last_visit_at":     gorm.Expr("greatest(last_visit_at, ?)", a.StartsAt),
	})
}

// uncount takes a visit that will not be, or was not, out of the customer's totals.
func (d *Diary) uncount(ctx context.Context, a models.Appointment) error {
	err := d.updateCustomer(ctx, a, map[string]any{"total_spent_minor": gorm.Expr("total_spent_minor - ?", a.TotalMinor)})
	if err != nil {
		return err
	}
	return d.recountVisits(ctx, a)
}

// recountVisits finds the customer's last visit anew when the visit, as it was, counted as that.
func (d *Diary) recountVisits(ctx context.Context, was models.Appointment) error {
	err := d.db.On(ctx).Exec(`UPDATE customers SET last_visit_at = (
			SELECT max(starts_at) FROM appointments WHERE customer_id = customers.id AND status IN ('confirmed', 'reschedule_pending', 'completed'))
		WHERE id = ? AND last_visit_at = ?`, was.CustomerID, was.StartsAt).Error
	if err != nil {
		return fmt.Errorf("find customer's last visit: %w", err)
	}
	return nil
}

func (d *Diary) updateCustomer(ctx context.Context, a models.Appointment, columns map[string]any) error {
	columns["updated_at"] = d.clock.Now()
	err := d.db.On(ctx).Model(&models.Customer{}).Where("id = ?", a.CustomerID).Updates(columns).Error
	if err != nil {
		return fmt.Errorf("update customer's totals: %w", err)
	}
	return nil
}
