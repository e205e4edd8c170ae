package races

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"frontdesk/internal/booking"
	"frontdesk/models"
)

// The races.
const (
	SameTime  = "same_time" // two customers, one time, less than 100 ms apart
	HeldTime  = "held_time" // against a hold that runs
	Different = "different" // many customers, as many times
	Crowd     = "crowd"     // many customers, one time
	Twins     = "twins"     // one payment, reported several times in one moment
	Expiry    = "expiry"    // a payment in the moment its hold ends
	Newcomer  = "newcomer"  // the same, and somebody else wants the time
	Minds     = "minds"     // customers who swap stylists, pay, let go and run out of time all at once
)

// Suite is all of them, in the order they are run.
func Suite() []string {
	return []string{SameTime, HeldTime, Different, Crowd, Twins, Expiry, Newcomer, Minds}
}

func suite() map[string]func(context.Context, *track) error {
	return map[string]func(context.Context, *track) error{
		SameTime: sameTime, HeldTime: heldTime, Different: different, Crowd: crowd, Twins: twins, Expiry: expiry, Newcomer: newcomer, Minds: minds,
	}
}

// sameTime: one has it, the other is offered others.
func sameTime(ctx context.Context, t *track) error {
	at := t.nth(t.round * 2)
	one, err := t.books(ctx, "dana", at)
	other, err2 := t.books(ctx, "dana", at)
	if err := first(err, err2); err != nil {
		return err
	}
	t.raceApart(ctx, time.Duration(t.round%10*10)*time.Millisecond, one, other)
	t.wantEnds(1, 1)
	return t.wantOthers(ctx, "dana", at)
}

// wantOthers checks that a time that is gone is not offered, and that others are.
func (t *track) wantOthers(ctx context.Context, stylist string, gone time.Time) error {
	who := t.wish(person{}, stylist, gone)
	day := time.Date(gone.Year(), gone.Month(), gone.Day(), 0, 0, 0, 0, t.zone)
	found, err := t.diary.FindSlots(ctx, booking.SlotQuery{Minutes: 40, Category: models.Hair, StylistID: &who.StylistID, From: day, To: day.AddDate(0, 0, 1)})
	if err != nil {
		return fmt.Errorf("look for other times: %w", err)
	}
	offered, none := 0, 0
	if slices.ContainsFunc(found.Slots, func(slot booking.Slot) bool { return slot.Span.Start.Equal(gone) }) {
		offered = 1
	}
	if len(found.Slots) == 0 {
		none = 1
	}
	t.want(FoundOffers, offered, 0)
	t.want(FoundFresh, none, 0)
	return nil
}

// heldTime: a time that is held cannot be chosen, nor one that overlaps it.
func heldTime(ctx context.Context, t *track) error {
	at := t.nth(t.round * 2)
	_, err := t.holds(ctx, "omar", at)
	one, err2 := t.books(ctx, "omar", at)
	other, err3 := t.books(ctx, "omar", at.Add(30*time.Minute))
	if err := first(err, err2, err3); err != nil {
		return err
	}
	t.race(ctx, one, other)
	t.wantEnds(0, 2)
	return nil
}

// different: bookings of different times never stand in each other's way.
func different(ctx context.Context, t *track) error {
	hair := []string{"salma", "dana", "omar", "bruno"}
	var racers []func(context.Context) error
	for n := range t.width.Different {
		slot := n/len(hair)*2 + t.round%2 // 40 minutes take two starts of the grid
		racer, err := t.books(ctx, hair[n%len(hair)], t.nth(slot))
		if err != nil {
			return err
		}
		racers = append(racers, racer)
	}
	t.race(ctx, racers...)
	t.wantEnds(t.width.Different, 0)
	return t.afterwards(ctx)
}

// afterwards looks for double bookings before it clears the diary for the next round.
func (t *track) afterwards(ctx context.Context) error {
	return first(t.look(ctx), t.clear(ctx))
}

// crowd: the exclusion constraint alone deadlocks under it; with the stylist's lock nobody does.
func crowd(ctx context.Context, t *track) error {
	var racers []func(context.Context) error
	for range t.width.Crowd {
		racer, err := t.books(ctx, "bruno", t.nth(t.round*2))
		if err != nil {
			return err
		}
		racers = append(racers, racer)
	}
	t.race(ctx, racers...)
	t.wantEnds(1, t.width.Crowd-1)
	return nil
}

// twins: the same event twice and another about the same money: one confirms, the others find nothing to do.
func twins(ctx context.Context, t *track) error {
	visit, p, err := t.owes(ctx, "dana", t.nth(t.round*2))
	if err != nil {
		return err
	}
	same, other := "evt_same_"+p.ID.String(), "evt_other_"+p.ID.String()
	t.race(ctx, t.tells(same, p), t.tells(same, p), t.tells(other, p))
	t.wantEnds(3, 0)
	applied, err := t.number(ctx, "SELECT count(*) FROM provider_events WHERE event_id IN (?, ?) AND outcome = 'confirmed'", same, other)
	if err != nil {
		return err
	}
	t.want(FoundApplied, applied, 1)
	return t.wantConfirmed(ctx, visit, p)
}

// wantConfirmed checks that a paid visit stands, and that customer and stylist hear of it once.
func (t *track) wantConfirmed(ctx context.Context, visit models.Appointment, p models.Payment) error {
	standing, err := t.standing(ctx, visit)
	messages, err2 := t.told(ctx, visit.ID, "booking.confirmed")
	notices, err3 := t.notices(ctx, visit.ID)
	money, err4 := t.adrift(ctx, p)
	t.want(FoundStanding, standing, 1)
	t.want(FoundMessages, messages, 1)
	t.want(FoundNotices, notices, 1)
	t.want(FoundMoney, money, 0)
	return first(err, err2, err3, err4)
}

// expiry: the visit stands, told once.
func expiry(ctx context.Context, t *track) error {
	visit, p, err := t.owes(ctx, "salma", t.nth(t.round*2))
	if err != nil {
		return err
	}
	t.hand.Set(*visit.HoldExpiresAt)
	t.race(ctx, t.expires, t.tells("evt_"+p.ID.String(), p), t.expires)
	t.wantEnds(3, 0)
	return t.wantConfirmed(ctx, visit, p)
}

// newcomer: one of them has the time; whoever paid and lost it gets everything back.
func newcomer(ctx context.Context, t *track) error {
	at := t.nth(t.round * 2)
	visit, p, err := t.owes(ctx, "salma", at)
	other, err2 := t.books(ctx, "salma", at)
	if err := first(err, err2); err != nil {
		return err
	}
	t.hand.Set(*visit.HoldExpiresAt)
	t.race(ctx, t.tells("evt_"+p.ID.String(), p), other)
	t.want(FoundErrors, t.ended(OK)+t.ended(taken), 2)
	standing, err := t.standing(ctx, visit)
	money, err2 := t.adrift(ctx, p)
	back, err3 := t.number(ctx, "SELECT coalesce(sum(amount_minor), 0) FROM refunds WHERE payment_id = ? AND state <> 'failed'", p.ID)
	t.want(FoundStanding, standing, 1)
	t.want(FoundMoney, money, 0)
	t.want(FoundMoney, back, int(p.AmountMinor)*(1-t.ended(taken))) // all of it, unless the newcomer was told that the time is gone
	return first(err, err2, err3)
}

// minds: customers who swap stylists need two stylists' locks at once, in opposite directions; changes of mind,
// payments, sweeps and releases run through each other. Nobody deadlocks, nothing overlaps.
func minds(ctx context.Context, t *track) error {
	var racers []func(context.Context) error
	var done [3]atomic.Int32 // swaps, releases and payments that went well
	counted := func(what int, do func(context.Context) error) func(context.Context) error {
		return func(ctx context.Context) error {
			err := do(ctx)
			if err == nil {
				done[what].Add(1)
			}
			return err
		}
	}
	for n := range t.width.Pairs {
		at, later := t.nth(n*4), t.nth(n*4+2)
		a, err := t.person(ctx)
		b, err2 := t.person(ctx)
		if err := first(err, err2); err != nil {
			return err
		}
		one, err := t.diary.Hold(ctx, t.wish(a, "salma", at))
		two, err2 := t.diary.Hold(ctx, t.wish(b, "dana", at))
		if err := first(err, err2); err != nil {
			return err
		}
		racers = append(racers, counted(0, t.takes(a, "dana", later)), counted(0, t.takes(b, "salma", later)), counted(0, t.takes(b, "salma", later)),
			counted(1, func(ctx context.Context) error { return t.diary.Release(ctx, one.ID, "customer", "test") }),
			counted(2, func(ctx context.Context) error {
				_, err := t.diary.Confirm(ctx, two.ID, "stripe", "deposit.paid")
				return err
			}))
	}
	t.moveTo("2026-10-06 10:30")
	for range 3 {
		racers = append(racers, t.expires)
	}
	t.race(ctx, racers...)
	t.wantOnly(OK, taken)
	for i := range done {
		t.want(FoundSuccesses, min(1, int(done[i].Load())), 1) // a race in which all are refused shows nothing
	}
	return t.afterwards(ctx)
}
