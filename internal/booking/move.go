package booking

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"frontdesk/internal/fault"
	"frontdesk/internal/settings"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// MoveRequest says where a visit or a hold goes. Its length, price, terms and deposit stay, and so does
// the end of a hold. Staff may move inside any notice and inside the lead time, never into the past.
type MoveRequest struct {
	Act
	StylistID models.ID
	StartsAt  time.Time
}

// Move takes the new time and frees the old one in one transaction; the exclusion constraint decides. The
// customer is told both times, the stylists of both places too unless it is only a hold. Moving back is
// how it is undone: the customer, who was told at once, is told again.
//
// Faults: booking.not_movable for what is over or a hold whose time is up, booking.same_place,
// booking.past, booking.wrong_stylist, booking.closed, booking.stylist_away and booking.slot_taken
// (Obstacles tells what is in the way), and those of an Act; the new stylist must be the actor's own too.
func (d *Diary) Move(ctx context.Context, r MoveRequest) (models.Appointment, error) {
	var a models.Appointment
	err := d.db.InTx(ctx, func(ctx context.Context) error {
		p, err := d.settings.Policies(ctx)
		if err != nil {
			return err
		}
		if a, err = d.lock(ctx, r.ID, &r.StylistID); err != nil {
			return err
		}
		if err := errors.Join(r.Check(a, false), owns(r.Own, r.StylistID)); err != nil {
			return err
		}
		to := spot{r.StylistID, models.Span{Start: r.StartsAt, End: r.StartsAt.Add(a.EndsAt.Sub(a.StartsAt))}}
		if err := d.mayMove(ctx, a, to, p); err != nil {
			return err
		}
		was := a
		c := change{actor: r.Actor, reason: ReasonMoved, note: r.Reason, move: &to}
		if err := d.moveTo(ctx, &a, c, nil); err != nil {
			return err
		}
		return d.audit(ctx, "visit.moved", r.Act, &was, &a)
	})
	if err != nil {
		return models.Appointment{}, fmt.Errorf("move visit: %w", asTaken(err))
	}
	return a, nil
}

// mayMove checks that a locked appointment can be moved at all, and to that place.
func (d *Diary) mayMove(ctx context.Context, a models.Appointment, to spot, p settings.Policies) error {
	now := d.clock.Now()
	lapsed := a.Status == models.Provisional && !now.Before(*a.HoldExpiresAt)
	if !a.Status.Live() || lapsed {
		return fault.Conflict("booking.not_movable")
	}
	if to.stylist == a.StylistID && to.span.Start.Equal(a.StartsAt) {
		return fault.Conflict("booking.same_place")
	}
	if err := notPast(to.span.Start, now); err != nil {
		return err
	}
	if err := d.mustBeAble(ctx, to.stylist, a); err != nil {
		return err
	}
	if err := d.expireLapsed(ctx, to.stylist); err != nil {
		return err
	}
	return d.mustFit(ctx, to, &a.ID, p.Zone())
}

// mustBeAble checks that a stylist works here and does what the visit is for. Fault: booking.wrong_stylist.
func (d *Diary) mustBeAble(ctx context.Context, stylist models.ID, visit models.Appointment) error {
	var who models.Stylist
	err := d.db.On(ctx).Take(&who, "id = ? AND active", stylist).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return fault.Conflict("booking.wrong_stylist")
	}
	if err != nil {
		return fmt.Errorf("read stylist: %w", err)
	}
	ids := make([]models.ID, len(visit.Lines))
	for i, line := range visit.Lines {
		ids[i] = line.ServiceID
	}
	var services []models.Service
	if err := d.db.On(ctx).Find(&services, "id IN ?", ids).Error; err != nil {
		return fmt.Errorf("read services of visit: %w", err)
	}
	if slices.ContainsFunc(services, func(s models.Service) bool { return !who.Does(s.Category) }) {
		return fault.Conflict("booking.wrong_stylist")
	}
	return nil
}

// moveTo writes the move with all that follows from it. The conversation in which it was asked for hears of it
// there and is not told; nil: none.
func (d *Diary) moveTo(ctx context.Context, a *models.Appointment, c change, asked *models.ID) error {
	was := *a
	c.status, c.deposit = a.Status, a.DepositState
	if a.Status == models.ReschedulePending {
		c.status = models.Confirmed
	}
	event, err := d.apply(ctx, a, c)
	if err != nil {
		return err
	}
	if err := d.tellElsewhere(ctx, *a, "booking.moved", event, asked); err != nil {
		return err
	}
	if was.Status == models.Provisional {
		return nil // holds are nobody's visit yet
	}
	if err := d.recountVisits(ctx, was); err != nil {
		return err
	}
	if err := d.updateCustomer(ctx, *a, map[string]any{"last_visit_at": gorm.Expr("greatest(last_visit_at, ?)", a.StartsAt)}); err != nil {
		return err
	}
	if was.StylistID != a.StylistID {
		left := queue.StylistNotice{AppointmentID: a.ID, Event: "visit.moved_away", ChangeID: event}
		if err := d.queue.Enqueue(ctx, left); err != nil {
			return err
		}
	}
	return d.queue.Enqueue(ctx, queue.StylistNotice{AppointmentID: a.ID, Event: "visit.moved", ChangeID: event})
}

// TooSoon tells whether a start lies inside the lead time that customers must leave the salon: worth a
// warning to staff, who may book it all the same.
func (d *Diary) TooSoon(ctx context.Context, startsAt time.Time) (bool, error) {
	p, err := d.settings.Policies(ctx)
	if err != nil {
		return false, err
	}
	return startsAt.Before(d.clock.Now().Add(lead(p))), nil
}
