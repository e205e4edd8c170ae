package booking

import (
	"context"
	"slices"
	"strings"
	"testing"

	"frontdesk/internal/fault"
	"frontdesk/models"
)

func (s *salon) blocking(stylist, from, to string, kind models.BlockKind) BlockRequest {
	s.t.Helper()
	r := BlockRequest{Span: models.Span{Start: s.at(from), End: s.at(to)}, Kind: kind, Note: "dentist", Actor: salma}
	if stylist != "" {
		id := s.stylist(stylist)
		r.StylistID = &id
	}
	return r
}

// Closed time is offered to nobody; opened again, it is as before.
func TestBlockAndUnblock(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	request := s.request(s.person(), "dana", "2026-10-08 11:00", "CUT")
	for _, c := range []struct {
		name, stylist string
		kind          models.BlockKind
		want          string
	}{
		{"a stylist", "dana", models.BlockBusy, "booking.slot_taken"},
		{"the salon", "", models.BlockClosed, "booking.closed"},
	} {
		s.sub(c.name, "2026-10-06 10:00", func(t *testing.T, s *salon) {
			b, err := s.Block(s.ctx, s.blocking(c.stylist, "2026-10-08 10:00", "2026-10-08 12:00", c.kind))
			s.must(err)
			_, err = s.Hold(s.ctx, request)
			wantFault(t, err, c.want)
			opened, err := s.Unblock(s.ctx, UnblockRequest{ID: b.ID, Actor: salma, Reason: "it fell through"})
			s.must(err)
			if opened.Note != "dentist" || opened.CreatedBy != salma || len(opened.Reason) != 0 {
				t.Errorf("got %+v back", opened)
			}
			_, err = s.Hold(s.ctx, request)
			s.must(err)
			_, err = s.Unblock(s.ctx, UnblockRequest{ID: b.ID, Actor: salma})
			wantFault(t, err, "booking.no_block")
			if got := s.audited("block", b.ID); !slices.Equal(got, []string{"time.blocked > dentist", "time.unblocked > it fell through"}) {
				t.Errorf("audited %q", got)
			}
		})
	}
}

func TestBlockIsRefused(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	dana, omar := s.stylist("dana"), s.stylist("omar")
	good := s.blocking("dana", "2026-10-08 10:00", "2026-10-08 12:00", models.BlockBusy)
	for want, spoil := range map[string]func(*BlockRequest){
		"booking.not_yours":     func(r *BlockRequest) { r.Own = &omar },
		"booking.block_span":    func(r *BlockRequest) { r.Span.End = r.Span.Start },
		"booking.block_kind":    func(r *BlockRequest) { r.Kind = models.BlockVacation }, // closes the salon
		"booking.reason":        func(r *BlockRequest) { r.Note = strings.Repeat("x", MaxReason+1) },
		"booking.wrong_stylist": func(r *BlockRequest) { nobody := models.NewID(); r.StylistID = &nobody },
	} {
		r := good
		spoil(&r)
		if _, err := s.Block(s.ctx, r); !fault.Is(err, want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	over := s.blocking("dana", "2026-10-05 10:00", "2026-10-06 10:00", models.BlockBusy)
	_, err := s.Block(s.ctx, over)
	wantFault(t, err, "booking.block_span")
	salon := s.blocking("", "2026-10-08 10:00", "2026-10-08 12:00", models.BlockClosed)
	salon.Own = &dana
	_, err = s.Block(s.ctx, salon)
	wantFault(t, err, "booking.not_yours")
	salon.Own, salon.Kind = nil, models.BlockBusy
	_, err = s.Block(s.ctx, salon)
	wantFault(t, err, "booking.block_kind")

	good.Own = &dana
	own, err := s.Block(s.ctx, good)
	s.must(err)
	_, err = s.Unblock(s.ctx, UnblockRequest{ID: own.ID, Actor: salma, Own: &omar})
	wantFault(t, err, "booking.not_yours")
	closed, err := s.Block(s.ctx, s.blocking("", "2026-10-09 10:00", "2026-10-09 12:00", models.BlockClosed))
	s.must(err)
	_, err = s.Unblock(s.ctx, UnblockRequest{ID: closed.ID, Actor: salma, Own: &dana})
	wantFault(t, err, "booking.not_yours")
}

// Visits in the way are listed; told that they stay, they stay.
func TestBlockOverVisits(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	visit := s.confirmed(s.person(), "dana", "2026-10-08 11:30", "CUT")
	lapsed := s.held(s.person(), "dana", "2026-10-08 10:00", "CUT")
	s.confirmed(s.person(), "omar", "2026-10-08 11:30", "CUT")
	s.hand.Set(*lapsed.HoldExpiresAt)
	for stylist, n := range map[string]int{"dana": 1, "": 2} {
		kind := models.BlockBusy
		if stylist == "" {
			kind = models.BlockClosed
		}
		r := s.blocking(stylist, "2026-10-08 10:00", "2026-10-08 12:00", kind)
		_, err := s.Block(s.ctx, r)
		wantFault(t, err, "booking.block_conflicts")
		by, ok := Obstacles(err)
		if !ok || len(by.Visits) != n {
			t.Errorf("%d visits are in the way, want %d", len(by.Visits), n)
		}
	}
	next := s.blocking("dana", "2026-10-08 12:10", "2026-10-08 13:00", models.BlockBusy) // begins where the visit ends
	_, err := s.Block(s.ctx, next)
	s.must(err)
	keep := s.blocking("dana", "2026-10-08 10:00", "2026-10-08 12:00", models.BlockBusy)
	keep.KeepVisits = true
	_, err = s.Block(s.ctx, keep)
	s.must(err)
	if got := s.status(visit.ID); got != models.Confirmed {
		t.Errorf("the visit is %s", got)
	}
}

// A hold whose time is up and that no sweep has met ends when its time is closed: whoever pays it
// afterwards does not come into closed time.
func TestBlockEndsLapsedHolds(t *testing.T) {
	base := openSalon(t, "2026-10-06 10:00")
	for stylist, kind := range map[string]models.BlockKind{"dana": models.BlockBusy, "": models.BlockClosed} {
		base.sub("of "+stylist, "2026-10-06 10:00", func(t *testing.T, s *salon) {
			lapsed := s.held(s.person(), "dana", "2026-10-08 10:00", "CUT")
			s.hand.Set(*lapsed.HoldExpiresAt)
			_, err := s.Block(s.ctx, s.blocking(stylist, "2026-10-08 10:00", "2026-10-08 12:00", kind))
			s.must(err)
			if got := s.status(lapsed.ID); got != models.Expired {
				t.Errorf("the hold is %s, want expired", got)
			}
			if told := s.told(lapsed.ID); !slices.Equal(told, []string{"hold.expired"}) || s.voids(lapsed.ID) != 1 {
				t.Errorf("told %v with %d links to close, want hold.expired and 1", told, s.voids(lapsed.ID))
			}
			_, err = s.Confirm(s.ctx, lapsed.ID, "stripe", "payment.completed")
			wantFault(t, err, "booking.slot_taken")
		})
	}
}

// Time is closed in the moment a customer takes it: one of the two, never both.
func TestRaceABlockAgainstAHold(t *testing.T) {
	s, log := openSalon(t, "2026-10-06 10:00"), newRaceLog(t)
	for round := range rounds {
		start := s.nth(round * 2)
		at := s.at(start)
		stylist, kind := "dana", models.BlockBusy
		if round%2 == 1 {
			stylist, kind = "", models.BlockClosed
		}
		r := s.blocking(stylist, start, at.Add(minutes(60)).Format("2006-01-02 15:04"), kind)
		log.race(round, s.holding(s.request(s.person(), "dana", start, "CUT")), func() error {
			_, err := s.Block(context.Background(), r)
			return err
		})
		if ok := log.count(round, "ok"); ok != 1 {
			t.Errorf("round %d: %d of the two had the time, want 1", round, ok)
		}
	}
}

func TestBlockKindsFitTheirCalendar(t *testing.T) {
	one := models.NewID()
	for _, salon := range []bool{true, false} {
		for _, kind := range BlockKinds(salon) {
			if b := (models.TimeBlock{StylistID: &one, Kind: kind}); b.ClosesSalon() != salon {
				t.Errorf("%s closes the salon: %t, want %t", kind, b.ClosesSalon(), salon)
			}
		}
	}
}
