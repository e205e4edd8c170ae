package booking

import (
	"context"
	"slices"
	"testing"
	"time"

	"frontdesk/internal/fault"
	"frontdesk/models"
)

func (s *salon) moving(id models.ID, stylist, wall string) MoveRequest {
	s.t.Helper()
	return MoveRequest{Act: s.by(id, "asked for it"), StylistID: s.stylist(stylist), StartsAt: s.at(wall)}
}

// S02 at the salon's hand: one transaction, the deposit stays, everybody concerned is told.
func TestMoveTakesTheNewTimeAndFreesTheOld(t *testing.T) {
	s := openSalon(t, "2026-10-09 12:00")
	visit := s.confirmed(s.person(), "omar", "2026-10-13 10:00", "CUT")
	for _, c := range []struct {
		name, stylist, wall string
		notices             []string
	}{
		{"another time", "omar", "2026-10-13 17:00", []string{"visit.confirmed", "visit.moved"}},
		{"another stylist", "dana", "2026-10-13 10:00", []string{"visit.confirmed", "visit.moved_away", "visit.moved"}},
		{"over itself", "omar", "2026-10-13 10:30", []string{"visit.confirmed", "visit.moved"}},
		{"inside the lead time and off the grid", "omar", "2026-10-09 12:05", []string{"visit.confirmed", "visit.moved"}},
	} {
		s.sub(c.name, "2026-10-09 12:00", func(t *testing.T, s *salon) {
			a, err := s.Move(s.ctx, s.moving(visit.ID, c.stylist, c.wall))
			s.must(err)
			stored := s.now(visit.ID)
			if stored.StylistID != s.stylist(c.stylist) || !stored.StartsAt.Equal(s.at(c.wall)) || stored.Span().Minutes() != 40 ||
				stored.DepositState != models.DepositPaid || stored.Status != models.Confirmed || stored.Version != a.Version || stored.Terms != visit.Terms {
				t.Errorf("got %+v", stored)
			}
			events, err := s.Events(s.ctx, visit.ID)
			s.must(err)
			e := events[len(events)-1]
			if e.Reason != ReasonMoved || e.Note != "asked for it" || *e.FromStylistID != visit.StylistID || *e.ToStylistID != s.stylist(c.stylist) ||
				!e.FromStartsAt.Equal(visit.StartsAt) || !e.ToStartsAt.Equal(s.at(c.wall)) {
				t.Errorf("the history ends with %+v", e)
			}
			if got := s.jobs("chat.tell", "ref", e.ID); !slices.Equal(got, []string{"booking.moved"}) {
				t.Errorf("told %v", got)
			}
			if got := s.notices(visit.ID); !slices.Equal(got, c.notices) {
				t.Errorf("notices %v, want %v", got, c.notices)
			}
			// Its old time is free for somebody else, unless it still covers it.
			r := s.request(s.person(), "omar", "2026-10-13 10:00", "CUT")
			if _, err := s.Hold(s.ctx, r); c.name != "over itself" && err != nil {
				t.Errorf("the old time is not free: %v", err)
			}
		})
	}
}

func TestMovingBackIsTheUndo(t *testing.T) {
	s := openSalon(t, "2026-10-09 12:00")
	visit := s.confirmed(s.person(), "omar", "2026-10-13 10:00", "CUT")
	moved, err := s.Move(s.ctx, s.moving(visit.ID, "dana", "2026-10-13 17:00"))
	s.must(err)
	back, err := s.Move(s.ctx, MoveRequest{Act: Act{ID: moved.ID, Version: moved.Version, Actor: salma}, StylistID: visit.StylistID, StartsAt: visit.StartsAt})
	s.must(err)
	if back.StylistID != visit.StylistID || !back.StartsAt.Equal(visit.StartsAt) || !back.EndsAt.Equal(visit.EndsAt) {
		t.Errorf("got %+v", back)
	}
	if got := s.toldChange(visit.ID); !slices.Equal(got, []string{"booking.moved", "booking.moved"}) {
		t.Errorf("told %v, want both moves", got)
	}
}

// The customer's last visit is the latest one, whichever of several is moved and whereto.
func TestMoveAndTheCustomersLastVisit(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	p := s.person()
	early := s.confirmed(p, "omar", "2026-10-13 10:00", "CUT")
	late := s.confirmed(p, "dana", "2026-10-15 10:00", "CUT_MEN")
	for _, c := range []struct {
		visit models.ID
		wall  string
		last  string
	}{
		{early.ID, "2026-10-16 10:00", "2026-10-16 10:00"}, // past the other
		{early.ID, "2026-10-13 10:00", "2026-10-15 10:00"},
		{late.ID, "2026-10-09 10:00", "2026-10-13 10:00"},
	} {
		stylist := "omar"
		if c.visit == late.ID {
			stylist = "dana"
		}
		_, err := s.Move(s.ctx, s.moving(c.visit, stylist, c.wall))
		s.must(err)
		if last := s.customer(p).LastVisitAt; last == nil || !last.Equal(s.at(c.last)) {
			t.Errorf("moved to %s: the last visit is %v, want %s", c.wall, last, c.last)
		}
	}
}

// A hold keeps its end, and no stylist hears of what is nobody's visit yet.
func TestMoveOfAHold(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	hold := s.held(s.person(), "omar", "2026-10-13 10:00", "CUT")
	a, err := s.Move(s.ctx, s.moving(hold.ID, "dana", "2026-10-13 17:00"))
	s.must(err)
	if !a.HoldExpiresAt.Equal(*hold.HoldExpiresAt) || len(s.notices(hold.ID)) != 0 || len(s.toldChange(hold.ID)) != 1 {
		t.Errorf("got end %v, notices %v, told %v", a.HoldExpiresAt, s.notices(hold.ID), s.toldChange(hold.ID))
	}
	s.hand.Set(*hold.HoldExpiresAt) // its time is up, though no sweep has met it
	_, err = s.Move(s.ctx, s.moving(hold.ID, "dana", "2026-10-13 18:00"))
	wantFault(t, err, "booking.not_movable")
}

func TestWhereAVisitCannotGo(t *testing.T) {
	s := openSalon(t, "2026-10-09 12:00")
	visit := s.confirmed(s.person(), "omar", "2026-10-13 10:00", "CUT")
	other := s.held(s.person(), "dana", "2026-10-13 11:00", "CUT")
	dana := s.stylist("dana")
	s.block(&dana, s.at("2026-10-13 15:00"), s.at("2026-10-13 16:00"), models.BlockBusy)
	s.must(s.db.On(s.ctx).Create(&models.WeeklyBreak{ID: models.NewID(), StylistID: dana, Weekday: time.Tuesday, Starts: "14:00", Ends: "14:30"}).Error)
	for _, c := range []struct{ name, stylist, wall, want string }{
		{"taken by its end", "dana", "2026-10-13 10:30", "booking.slot_taken"},
		{"taken by its start", "dana", "2026-10-13 11:30", "booking.slot_taken"},
		{"blocked", "dana", "2026-10-13 15:30", "booking.stylist_away"},
		{"in a weekly break", "dana", "2026-10-13 13:30", "booking.stylist_away"},
		{"before opening", "dana", "2026-10-13 09:30", "booking.closed"},
		{"past closing", "dana", "2026-10-13 19:30", "booking.closed"},
		{"a holiday", "dana", "2026-10-12 11:00", "booking.closed"},
		{"a Sunday", "dana", "2026-10-18 11:00", "booking.closed"},
		{"the past", "dana", "2026-10-09 11:59", "booking.past"},
		{"not her work", "iris", "2026-10-13 17:00", "booking.wrong_stylist"},
		{"where it is", "omar", "2026-10-13 10:00", "booking.same_place"},
	} {
		_, err := s.Move(s.ctx, s.moving(visit.ID, c.stylist, c.wall))
		if !fault.Is(err, c.want) {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
		by, told := Obstacles(err)
		switch c.want {
		case "booking.slot_taken":
			if !told || len(by.Visits) != 1 || by.Visits[0].ID != other.ID || by.Visits[0].Customer.Name == "" {
				t.Errorf("%s: %+v is in the way", c.name, by)
			}
		case "booking.stylist_away":
			if !told || len(by.Blocks) != 1 || by.Blocks[0].StartsAt.IsZero() {
				t.Errorf("%s: %+v is in the way", c.name, by)
			}
		}
	}
	gone := s.stylist("bruno")
	s.must(s.db.On(s.ctx).Exec("UPDATE stylists SET active = false WHERE id = ?", gone).Error)
	_, err := s.Move(s.ctx, MoveRequest{Act: s.by(visit.ID, ""), StylistID: gone, StartsAt: s.at("2026-10-13 17:00")})
	wantFault(t, err, "booking.wrong_stylist")
	if a := s.now(visit.ID); a.Version != visit.Version || !a.StartsAt.Equal(visit.StartsAt) {
		t.Error("a refused move changed something")
	}
	// A lapsed hold is not in the way, whether or not a sweep has met it.
	s.hand.Set(*other.HoldExpiresAt)
	_, err = s.Move(s.ctx, s.moving(visit.ID, "dana", "2026-10-13 11:00"))
	s.must(err)
	if got := s.status(other.ID); got != models.Expired {
		t.Errorf("the lapsed hold is %s", got)
	}
}

func TestTooSoonIsAWarning(t *testing.T) {
	s := openSalon(t, "2026-10-09 12:00")
	for wall, want := range map[string]bool{"2026-10-09 12:59": true, "2026-10-09 13:00": false} {
		if got, err := s.TooSoon(s.ctx, s.at(wall)); err != nil || got != want {
			t.Errorf("%s: got %t, %v", wall, got, err)
		}
	}
}

func TestStaffHold(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	dana, omar := s.stylist("dana"), s.stylist("omar")
	for _, c := range []struct {
		name, wall string
		staff      StaffHold
		want       string // a status or a fault
	}{
		{"with a link", "2026-10-09 12:30", StaffHold{}, "provisional"},
		{"inside the lead time", "2026-10-06 10:10", StaffHold{}, "provisional"},
		{"this minute", "2026-10-06 10:00", StaffHold{}, "provisional"},
		{"in the past", "2026-10-05 12:00", StaffHold{}, "booking.past"},
		{"without deposit", "2026-10-09 12:30", StaffHold{WithoutDeposit: true, Reason: "family"}, "confirmed"},
		{"without deposit or reason", "2026-10-09 12:30", StaffHold{WithoutDeposit: true}, "booking.reason"},
		{"own diary", "2026-10-09 12:30", StaffHold{Own: &dana}, "provisional"},
		{"a colleague's diary", "2026-10-09 12:30", StaffHold{Own: &omar}, "booking.not_yours"},
		{"closed", "2026-10-12 12:30", StaffHold{}, "booking.closed"},
	} {
		s.sub(c.name, "2026-10-06 10:00", func(t *testing.T, s *salon) {
			r := s.request(s.person(), "dana", c.wall, "CUT")
			r.Actor, r.Staff = salma, &c.staff
			a, err := s.Hold(s.ctx, r)
			if err != nil {
				wantFault(t, err, c.want)
				return
			}
			if string(a.Status) != c.want || a.Version != 1 {
				t.Errorf("got %s version %d, want %s", a.Status, a.Version, c.want)
			}
			want := "visit.held >" + c.want
			if c.staff.Reason != "" {
				want += " " + c.staff.Reason
			}
			if got := s.audited("visit", a.ID); !slices.Equal(got, []string{want}) {
				t.Errorf("audited %q, want %q", got, want)
			}
			r.Staff = &StaffHold{}
			r.ConversationID = nil
			if _, err = s.Hold(s.ctx, r); err == nil {
				t.Fatal("the time was given twice")
			}
			if by, ok := Obstacles(err); !ok || by.Visits[0].ID != a.ID {
				t.Errorf("%v: %+v is in the way", err, by)
			}
		})
	}
}

func (s *salon) move(r MoveRequest) func() error {
	return func() error {
		_, err := s.Move(context.Background(), r)
		return err
	}
}

// Two of the staff move two visits to one time: one has it, the other visit stays where it was.
func TestRaceTwoMovesToOneSlot(t *testing.T) {
	s, log := openSalon(t, "2026-10-06 10:00"), newRaceLog(t)
	for round := range rounds {
		to := s.nth(round * 2)
		first := s.confirmed(s.person(), "omar", to, "CUT")
		second := s.confirmed(s.person(), "bruno", to, "CUT")
		log.race(round, s.move(s.moving(first.ID, "dana", to)), s.move(s.moving(second.ID, "dana", to)))
		log.want(round, 1, 1)
	}
	if n := s.overlaps(); n != 0 {
		t.Errorf("got %d double bookings, want 0", n)
	}
}

// A visit is moved to a time in the moment a customer takes it.
func TestRaceAMoveAgainstAHold(t *testing.T) {
	s, log := openSalon(t, "2026-10-06 10:00"), newRaceLog(t)
	for round := range rounds {
		to := s.nth(round * 2)
		visit := s.confirmed(s.person(), "omar", to, "CUT")
		log.race(round, s.move(s.moving(visit.ID, "dana", to)), s.holding(s.request(s.person(), "dana", to, "CUT")))
		log.want(round, 1, 1)
	}
	if n := s.overlaps(); n != 0 {
		t.Errorf("got %d double bookings, want 0", n)
	}
}

// Visits that swap their stylists need both stylists' locks in opposite directions, and one of two acts
// on the same visit comes too late.
func TestRaceActsOnEachOther(t *testing.T) {
	s, log := openSalon(t, "2026-10-06 10:00"), newRaceLog(t)
	for round := range rounds {
		at, to := s.nth(round*4), s.nth(round*4+2)
		first := s.confirmed(s.person(), "omar", at, "CUT")
		second := s.confirmed(s.person(), "dana", at, "CUT")
		cancel := s.by(second.ID, "")
		log.race(round,
			s.move(s.moving(first.ID, "dana", to)), s.move(s.moving(second.ID, "omar", to)), s.move(s.moving(first.ID, "bruno", to)),
			func() error {
				_, err := s.Cancel(context.Background(), cancel, models.DepositForfeited)
				return err
			})
		if ok, late := log.count(round, "ok"), log.count(round, "booking.changed"); ok != 2 || late != 2 {
			t.Errorf("round %d: got %d acts and %d too late, want 2 and 2", round, ok, late)
		}
		s.must(s.db.On(s.ctx).Exec("UPDATE appointments SET status = 'released'").Error)
	}
}

func TestRaceCompleteAgainstNoShow(t *testing.T) {
	s, log := openSalon(t, "2026-10-06 10:00"), newRaceLog(t)
	for round := range rounds {
		s.moveTo("2026-10-06 10:00")
		visit := s.confirmed(s.person(), "omar", s.nth(round*2), "CUT")
		s.hand.Set(visit.StartsAt)
		act := s.by(visit.ID, "")
		log.race(round, func() error {
			_, err := s.Complete(context.Background(), act)
			return err
		}, func() error {
			_, err := s.NoShow(context.Background(), act, models.DepositForfeited)
			return err
		})
		if ok, late := log.count(round, "ok"), log.count(round, "booking.changed"); ok != 1 || late != 1 {
			t.Errorf("round %d: got %d marks and %d too late, want 1 and 1", round, ok, late)
		}
		if n := len(s.audited("visit", visit.ID)); n != 1 {
			t.Errorf("round %d: %d audit entries, want 1", round, n)
		}
	}
}
