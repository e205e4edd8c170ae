package booking

import (
	"context"
	"fmt"

	"frontdesk/internal/fault"
	"frontdesk/models"
)

// Release gives a hold's slot back before its time is up, and those of its group, and closes the payment links. A hold that
// already ended stays as it is. Faults: booking.not_releasable for a visit, booking.not_found.
func (d *Diary) Release(ctx context.Context, id models.ID, actor, reason string) error {
	err := d.db.InTx(ctx, func(ctx context.Context) error {
		a, err := d.Lock(ctx, id)
		if err != nil {
			return err
		}
		switch a.Status {
		case models.Provisional:
			return d.release(ctx, &a, actor, reason)
		case models.Expired, models.Released:
			return nil
		default:
			return fault.Conflict("booking.not_releasable")
		}
	})
	if err != nil {
		return fmt.Errorf("release hold: %w", err)
	}
	return nil
}

func (d *Diary) release(ctx context.Context, a *models.Appointment, actor, reason string) error {
	_, err := d.endHold(ctx, a, change{actor: actor, reason: reason})
	return err
}

// endHold releases a locked hold, with the rest of its group, and closes its payment links; c says who and
// why. The event is that of the hold itself.
func (d *Diary) endHold(ctx context.Context, a *models.Appointment, c change) (models.ID, error) {
	c.status, c.deposit = models.Released, unpaid(a.DepositState)
	event, err := d.apply(ctx, a, c)
	if err != nil {
		return event, err
	}
	err = d.withMates(ctx, *a, models.Provisional, func(mate *models.Appointment) error {
		c.deposit = unpaid(mate.DepositState)
		_, err := d.apply(ctx, mate, c)
		return err
	})
	if err != nil {
		return event, err
	}
	return event, d.voidPayment(ctx, *a)
}

// ExtendHold moves the expiry of a hold, and of its group, back by some minutes (P.hold.retry_extension_min); a hold that
// lapsed before the sweep met it revives. Faults: booking.not_extendable when it is no hold any
// more, booking.not_found.
func (d *Diary) ExtendHold(ctx context.Context, id models.ID, by int) error {
	err := d.db.InTx(ctx, func(ctx context.Context) error {
		a, err := d.Lock(ctx, id)
		if err != nil {
			return err
		}
		if a.Status != models.Provisional {
			return fault.Conflict("booking.not_extendable")
		}
		extend := func(a *models.Appointment) error {
			if err := d.write(ctx, a, map[string]any{"hold_expires_at": a.HoldExpiresAt.Add(minutes(by))}); err != nil {
				return err
			}
			_, err := d.record(ctx, *a, change{status: a.Status, deposit: a.DepositState, actor: actorSystem, reason: ReasonExtended})
			return err
		}
		if err := d.withMates(ctx, a, models.Provisional, extend); err != nil {
			return err
		}
		return extend(&a)
	})
	if err != nil {
		return fmt.Errorf("extend hold: %w", err)
	}
	return nil
}

// SetDeposit moves the deposit's state alone, for refunds and forfeits; the state it already has
// changes nothing. Faults: booking.illegal_transition, booking.not_found.
func (d *Diary) SetDeposit(ctx context.Context, id models.ID, to models.DepositState, actor, reason string) error {
	err := d.db.InTx(ctx, func(ctx context.Context) error {
		a, err := d.Lock(ctx, id)
		if err != nil || a.DepositState == to {
			return err
		}
		_, err = d.apply(ctx, &a, change{status: a.Status, deposit: to, actor: actor, reason: reason})
		return err
	})
	if err != nil {
		return fmt.Errorf("set deposit %s: %w", to, err)
	}
	return nil
}

// HoldAgain holds the time of a hold that has ended once more while it is free, as a hold of its own, at
// today's prices and terms (C04); the old one's history says so. It returns the new hold. Faults:
// booking.not_holdable, those of Hold and of an Act.
func (d *Diary) HoldAgain(ctx context.Context, act Act) (models.Appointment, error) {
	var again models.Appointment
	_, err := d.act(ctx, "visit.held_again", act, false, func(ctx context.Context, old *models.Appointment) (err error) {
		if old.Status != models.Expired && old.Status != models.Released {
			return fault.Conflict("booking.not_holdable")
		}
		same := change{status: old.Status, deposit: old.DepositState, actor: act.Actor, reason: ReasonHeldAgain, note: act.Reason}
		if _, err := d.apply(ctx, old, same); err != nil {
			return err
		}
		again, err = d.Hold(ctx, sameAgain(*old, act))
		return err
	})
	if err != nil {
		return models.Appointment{}, err
	}
	return again, nil
}

// sameAgain asks for what an ended hold was.
func sameAgain(old models.Appointment, act Act) HoldRequest {
	r := HoldRequest{
		ConversationID: old.ConversationID, CustomerID: old.CustomerID, BookedByID: old.BookedByID, ForName: old.ForName,
		StylistID: old.StylistID, PackID: old.PackID, StartsAt: old.StartsAt, Actor: act.Actor,
		Staff: &StaffHold{Own: act.Own, Reason: act.Reason},
	}
	for _, line := range old.Lines {
		r.ServiceIDs = append(r.ServiceIDs, line.ServiceID)
	}
	return r
}
