package booking

import (
	"context"
	"testing"

	"frontdesk/models"
)

// pair asks for a haircut and a styling for two people of one booker.
func (s *salon) pair(p person, first, firstAt, second, secondAt string) []HoldRequest {
	own, brought := s.request(p, first, firstAt, "CUT"), s.request(p, second, secondAt, "STYLE")
	brought.ForName = "Noor (daughter)"
	return []HoldRequest{own, brought}
}

func (s *salon) heldTogether(p person, at string) []models.Appointment {
	s.t.Helper()
	visits, err := s.HoldTogether(s.ctx, s.pair(p, "dana", at, "salma", at))
	s.must(err)
	return visits
}

// halves counts the groups of which some live and some do not, in any way.
func (s *salon) halves() int {
	s.t.Helper()
	var n int
	s.must(s.db.On(s.ctx).Raw(`SELECT count(*) FROM (SELECT group_id FROM appointments WHERE group_id IS NOT NULL
		GROUP BY group_id HAVING count(DISTINCT status) > 1 OR count(*) <> 2) g`).Scan(&n).Error)
	return n
}

// Two people begin together, each with a stylist of their own; the preferred stylist of the first comes
// first, and one time that was shown is not shown again.
func TestFindTogether(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	seats := []Seat{{Minutes: 40, Category: models.Hair}, {Minutes: 40, Category: models.Hair}}
	for _, c := range []struct {
		name, day string
		free      map[string][]string
		seats     []Seat
		at        []string // "HH:MM stylist" of the first option
		options   int
		staggered bool
	}{
		{"the one joint start", "2026-10-09", map[string][]string{"dana": {"16:00-17:00"}, "salma": {"16:00-17:00"}}, seats, []string{"16:00 Dana", "16:00 Salma"}, 1, false},
		{"two apart", "2026-10-13", map[string][]string{"dana": {"11:00-12:00", "16:00-17:00"}, "salma": {"11:00-12:00", "16:00-17:00"}}, seats, []string{"11:00 Dana", "11:00 Salma"}, 2, false},
		{"back to back at one", "2026-10-14", map[string][]string{"dana": {"16:00-17:20"}}, seats, []string{"16:00 Dana", "16:40 Dana"}, 1, true},
		{"half an hour apart", "2026-10-15", map[string][]string{"dana": {"16:00-16:40"}, "omar": {"17:00-17:40"}}, seats, []string{"16:00 Dana", "17:00 Omar"}, 1, true},
		{"too far apart", "2026-10-16", map[string][]string{"dana": {"10:00-10:40"}, "omar": {"11:30-12:10"}}, seats, nil, 0, false},
		{
			"each in their own category", "2026-10-20", map[string][]string{"dana": {"16:00-17:00"}, "iris": {"16:00-17:00"}},
			[]Seat{{Minutes: 15, Category: models.Aesthetics}, {Minutes: 40, Category: models.Hair}}, []string{"16:00 Iris", "16:00 Dana"}, 1, false,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.free(c.day, c.free)
			q := TogetherQuery{Seats: c.seats, From: s.day(c.day), To: s.day(c.day).AddDate(0, 0, 1)}
			got, err := s.FindTogether(s.ctx, q)
			s.must(err)
			if len(got.Options) != c.options || got.Staggered != c.staggered {
				t.Fatalf("got %d options, staggered %t: %+v", len(got.Options), got.Staggered, got.Options)
			}
			if c.options == 0 {
				if len(got.Next) == 0 {
					t.Error("no later date")
				}
				return
			}
			for i, slot := range got.Options[0] {
				if at := slot.Span.Start.In(s.zone).Format("15:04") + " " + s.name(slot.StylistID); at != c.at[i] {
					t.Errorf("seat %d: %s, want %s", i, at, c.at[i])
				}
			}
			q.Except = got.Options
			again, err := s.FindTogether(s.ctx, q)
			s.must(err)
			for _, option := range again.Options {
				if option.Same(got.Options[0]) {
					t.Error("offered twice")
				}
			}
		})
	}
}

// All of a group are held or none, with one expiry; they are warned of once, and lapse together.
func TestHoldTogether(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	p := s.person()
	visits := s.heldTogether(p, "2026-10-09 16:00")
	if len(visits) != 2 || *visits[0].GroupID != *visits[1].GroupID || !visits[0].HoldExpiresAt.Equal(*visits[1].HoldExpiresAt) ||
		visits[0].DepositMinor+visits[1].DepositMinor != 874 {
		t.Fatalf("held %+v", visits)
	}
	rival := s.person()
	_, err := s.HoldTogether(s.ctx, s.pair(rival, "omar", "2026-10-09 16:00", "salma", "2026-10-09 16:30"))
	wantFault(t, err, "booking.slot_taken")
	_, err = s.HoldTogether(s.ctx, s.pair(rival, "omar", "2026-10-09 16:00", "omar", "2026-10-09 16:00"))
	wantFault(t, err, "booking.slot_taken")
	if hold, err := s.liveHold(rival.conversation); err != nil || hold != nil {
		t.Errorf("half a group is held: %+v, %v", hold, err)
	}
	s.moveTo("2026-10-06 10:25")
	for range 2 {
		_, err = s.WarnHolds(s.ctx)
		s.must(err)
	}
	s.moveTo("2026-10-06 10:30")
	_, err = s.ExpireHolds(s.ctx)
	s.must(err)
	told := append(s.told(visits[0].ID), s.told(visits[1].ID)...)
	if len(told) != 2 || told[0] != "hold.warning" || told[1] != "hold.expired" || s.status(visits[0].ID) != models.Expired || s.halves() != 0 {
		t.Errorf("told %v, %d halves", told, s.halves())
	}
}

// A new choice replaces the whole group; giving one up, or confirming it, is for all.
func TestAGroupStandsAndFallsTogether(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	p := s.person()
	first := s.heldTogether(p, "2026-10-09 16:00")
	second := s.heldTogether(p, "2026-10-09 16:20") // overlaps its own earlier times
	if s.status(first[1].ID) != models.Released || s.voids(first[0].ID)+s.voids(first[1].ID) != 1 {
		t.Errorf("replaced: %s", s.status(first[1].ID))
	}
	if _, err := s.Confirm(s.ctx, second[1].ID, "stripe", "payment.completed"); err != nil {
		t.Fatal(err)
	}
	for _, v := range second {
		if s.status(v.ID) != models.Confirmed || len(s.notices(v.ID)) != 1 {
			t.Errorf("%s, notices %v", s.status(v.ID), s.notices(v.ID))
		}
	}
	if told := append(s.told(second[0].ID), s.told(second[1].ID)...); len(told) != 1 {
		t.Errorf("told %v, want one confirmation", told)
	}
	var c models.Customer
	s.must(s.db.On(s.ctx).Take(&c, "id = ?", p.customer).Error)
	if c.TotalSpentMinor != 4370 || *c.PreferredStylistID != s.stylist("dana") {
		t.Errorf("spent %d, preference of whoever was brought", c.TotalSpentMinor)
	}
	third := s.heldTogether(s.person(), "2026-10-09 18:00")
	s.must(s.Release(s.ctx, third[1].ID, "customer", "test"))
	if s.status(third[0].ID) != models.Released || s.halves() != 0 {
		t.Errorf("%s beside a released one", s.status(third[0].ID))
	}
}

// Joint holds against single holds and against each other on the same stylists, with releases, payments and
// sweeps between: nobody is booked twice, no group is half there, nothing deadlocks.
func TestRaceGroupsAgainstSingles(t *testing.T) {
	groups := 4
	if long() {
		groups = 16
	}
	s, log := openSalon(t, "2026-10-06 10:00"), newRaceLog(t)
	ctx := context.Background()
	for round := range rounds {
		s.moveTo("2026-10-06 10:00")
		var racers []func() error
		for n := range groups {
			at, after := s.nth(n*4), s.nth(n*4+2)
			held := s.heldTogether(s.person(), after)
			for _, order := range [][2]string{{"dana", "salma"}, {"salma", "dana"}, {"salma", "omar"}} {
				requests := s.pair(s.person(), order[0], at, order[1], at)
				racers = append(racers, func() error { _, err := s.HoldTogether(ctx, requests); return err })
			}
			racers = append(racers,
				s.holding(s.request(s.person(), "salma", at, "CUT")),
				s.holding(s.request(s.person(), "dana", at, "CUT")),
				s.holding(s.request(s.person(), "salma", after, "CUT")),
				func() error {
					_, err := s.Confirm(ctx, held[n%2].ID, "stripe", "payment.completed")
					return err
				},
				func() error { return s.Release(ctx, held[(n+1)%2].ID, "customer", "test") })
		}
		if round%2 == 1 {
			s.moveTo("2026-10-06 10:30")
		}
		for range 3 {
			racers = append(racers, func() error { _, err := s.ExpireHolds(ctx); return err })
		}
		log.race(round, racers...)
		if n, half := s.overlaps(), s.halves(); n != 0 || half != 0 {
			t.Errorf("round %d: got %d double bookings and %d half groups, want none", round, n, half)
		}
		s.must(s.db.On(ctx).Exec("UPDATE appointments SET status = 'cancelled' WHERE status IN ('provisional', 'confirmed')").Error)
		s.must(s.db.On(ctx).Exec("UPDATE appointments SET group_id = NULL").Error)
	}
}
