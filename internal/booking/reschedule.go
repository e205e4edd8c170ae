package booking

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"frontdesk/internal/fault"
	"frontdesk/internal/settings"
	"frontdesk/models"
)

// OwnChange is what a customer wants of a visit of theirs: on which one, as they were shown it, and where they
// ask, which is where they are answered; the visit's own conversation is told when it is another.
type OwnChange struct {
	ID             models.ID
	Version        int64 // the appointment's as it was shown; another one by now is the fault booking.changed
	ConversationID models.ID
}

// actorCustomer is who acts when a customer changes a visit of theirs.
const actorCustomer = "customer"

// choiceTime is how long a visit waits for its customer to choose another time (S14).
const choiceTime = 24 * time.Hour

// Reschedule is a customer's move of a visit: the law of Move, and what binds customers beside it. One
// transaction takes the new time and frees the old one; the deposit, its terms and the visit's id stay. The
// stylists concerned are told.
//
// Faults: booking.staff_only below the notice that is staff's alone, booking.late_moves when the visit was
// moved inside its notice as often as P.cancel.late_moves allows, booking.too_soon, booking.changed, and
// those of Move for a place where it cannot go.
func (d *Diary) Reschedule(ctx context.Context, by OwnChange, stylist models.ID, startsAt time.Time) (models.Appointment, error) {
	var a models.Appointment
	err := d.db.InTx(ctx, func(ctx context.Context) error {
		p, err := d.settings.Policies(ctx)
		if err != nil {
			return err
		}
		if a, err = d.lock(ctx, by.ID, &stylist); err != nil {
			return err
		}
		if err := d.mayChange(a, by, p, true); err != nil {
			return err
		}
		now := d.clock.Now()
		if startsAt.Before(now.Add(lead(p))) {
			return fault.Conflict("booking.too_soon")
		}
		to := spot{stylist, models.Span{Start: startsAt, End: startsAt.Add(a.EndsAt.Sub(a.StartsAt))}}
		if err := d.mayMove(ctx, a, to, p); err != nil {
			return err
		}
		c := change{actor: actorCustomer, reason: ReasonRescheduled, move: &to}
		if a.Terms.Late(a.Notice(now)) {
			c.reason, c.late = ReasonMovedLate, true
		}
		return d.moveTo(ctx, &a, c, &by.ConversationID)
	})
	if err != nil {
		return models.Appointment{}, fmt.Errorf("move visit for its customer: %w", asTaken(err))
	}
	return a, nil
}

// BeginReschedule marks a visit as being moved, while its customer looks for another time inside the notice; its
// own time stays taken. It stands again by Reschedule, by Keep, or by itself after a day and before it begins. A
// visit that is being moved already stays so. Faults as of Reschedule.
func (d *Diary) BeginReschedule(ctx context.Context, by OwnChange) (models.Appointment, error) {
	return d.own(ctx, by, func(ctx context.Context, a *models.Appointment) error {
		p, err := d.settings.Policies(ctx)
		if err != nil {
			return err
		}
		if err := d.mayChange(*a, by, p, true); err != nil || a.Status == models.ReschedulePending {
			return err
		}
		until := d.clock.Now().Add(choiceTime)
		if a.StartsAt.Before(until) {
			until = a.StartsAt
		}
		_, err = d.apply(ctx, a, change{
			status: models.ReschedulePending, deposit: a.DepositState, actor: actorCustomer, reason: ReasonChoosing, until: &until,
		})
		return err
	})
}

// Keep ends the search for another time: the visit stands where it is. One that is not being moved stays as it is.
func (d *Diary) Keep(ctx context.Context, by OwnChange) (models.Appointment, error) {
	return d.own(ctx, by, func(ctx context.Context, a *models.Appointment) error {
		return d.stand(ctx, a, actorCustomer, ReasonKept)
	})
}

// Withdraw is a customer's cancelling of a visit, never of a hold; nothing brings it back. The stylist is told
// . What becomes of the deposit is checkout's to decide and to pay: it calls this in its own transaction.
// Faults: booking.staff_only, booking.changed, booking.not_cancellable.
func (d *Diary) Withdraw(ctx context.Context, by OwnChange, deposit models.DepositState) (models.Appointment, error) {
	return d.own(ctx, by, func(ctx context.Context, a *models.Appointment) error {
		p, err := d.settings.Policies(ctx)
		if err != nil {
			return err
		}
		if err := d.mayChange(*a, by, p, false); err != nil {
			return err
		}
		c := change{status: models.Cancelled, deposit: deposit, actor: actorCustomer, reason: ReasonWithdrawn}
		if a.Terms.Late(a.Notice(d.clock.Now())) {
			c.reason = ReasonGivenUp
		}
		return d.cancel(ctx, a, c, &by.ConversationID)
	})
}

// own makes one change of a visit by its customer: locks it and does it, in one transaction.
func (d *Diary) own(ctx context.Context, by OwnChange, do func(context.Context, *models.Appointment) error) (models.Appointment, error) {
	var a models.Appointment
	err := d.db.InTx(ctx, func(ctx context.Context) (err error) {
		if a, err = d.Lock(ctx, by.ID); err != nil {
			return err
		}
		return do(ctx, &a)
	})
	if err != nil {
		return models.Appointment{}, fmt.Errorf("change visit for its customer: %w", err)
	}
	return a, nil
}

// mayChange tells whether a customer may change a locked visit as it stands now.
func (d *Diary) mayChange(a models.Appointment, by OwnChange, p settings.Policies, move bool) error {
	notice := a.Notice(d.clock.Now())
	switch {
	case a.Status != models.Confirmed && a.Status != models.ReschedulePending:
		if move {
			return fault.Conflict("booking.not_movable")
		}
		return fault.Conflict("booking.not_cancellable")
	case a.Version != by.Version:
		return fault.Conflict("booking.changed")
	case a.Terms.StaffOnly(notice):
		return fault.Conflict("booking.staff_only")
	case move && a.Terms.Late(notice) && a.LateMoves >= p.CancelLateMoves:
		return fault.Conflict("booking.late_moves")
	default:
		return nil
	}
}

// stand confirms a visit that is being moved where it is.
func (d *Diary) stand(ctx context.Context, a *models.Appointment, actor, reason string) error {
	if a.Status != models.ReschedulePending {
		return nil
	}
	_, err := d.apply(ctx, a, change{status: models.Confirmed, deposit: a.DepositState, actor: actor, reason: reason})
	return err
}

// EndChoices lets visits stand whose customers began to look for another time and never chose one (S14).
// Otherwise like ExpireHolds.
func (d *Diary) EndChoices(ctx context.Context) (int, error) {
	now := d.clock.Now()
	stands := func(ctx context.Context, visits []models.Appointment) error {
		for i := range visits {
			if err := d.stand(ctx, &visits[i], actorSystem, ReasonChoiceOver); err != nil {
				return err
			}
		}
		return nil
	}
	return d.sweep(ctx, stands, func(q *gorm.DB) *gorm.DB {
		return q.Where("status = ? AND reschedule_until <= ?", models.ReschedulePending, now)
	})
}

// tellElsewhere is tellOf, unless the appointment's conversation is the one that hears of it already.
func (d *Diary) tellElsewhere(ctx context.Context, a models.Appointment, event string, ref models.ID, heard *models.ID) error {
	if heard != nil && a.ConversationID != nil && *heard == *a.ConversationID {
		return nil
	}
	return d.tellOf(ctx, a, event, ref)
}
