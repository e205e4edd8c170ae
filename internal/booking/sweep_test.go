package booking

import (
	"context"
	"slices"
	"sync"
	"testing"

	"frontdesk/models"
)

func TestAHoldIsWarnedOnceAndThenExpires(t *testing.T) {
	base := openSalon(t, "2026-10-06 10:00")
	cases := []struct {
		name, now, start, before, warn, expire string
	}{
		{"30 minutes", "2026-10-06 10:00", "2026-10-09 12:30", "2026-10-06 10:24", "2026-10-06 10:25", "2026-10-06 10:30"},
		{"15 minutes on the same day", "2026-10-08 13:00", "2026-10-08 16:30", "2026-10-08 13:09", "2026-10-08 13:10", "2026-10-08 13:15"},
	}
	for _, c := range cases {
		base.sub(c.name, c.now, func(t *testing.T, s *salon) {
			hold := s.held(s.person(), "salma", c.start, "CUT")
			steps := []struct {
				at              string
				warned, expired int
			}{{c.before, 0, 0}, {c.warn, 1, 0}, {c.warn, 0, 0}, {c.expire, 0, 1}, {c.expire, 0, 0}}
			for _, step := range steps {
				s.moveTo(step.at)
				warned, err := s.WarnHolds(s.ctx)
				s.must(err)
				expired, err := s.ExpireHolds(s.ctx)
				s.must(err)
				if warned != step.warned || expired != step.expired {
					t.Errorf("%s: got %d warned %d expired, want %d %d", step.at, warned, expired, step.warned, step.expired)
				}
			}
			if told := s.told(hold.ID); !slices.Equal(told, []string{"hold.warning", "hold.expired"}) {
				t.Errorf("got told %v, want the warning and the end", told)
			}
			a, err := s.Appointment(s.ctx, hold.ID)
			s.must(err)
			if a.Status != models.Expired || a.DepositState != models.DepositNone || s.voids(hold.ID) != 1 {
				t.Errorf("got %s %s, %d links to close, want expired none 1", a.Status, a.DepositState, s.voids(hold.ID))
			}
			s.held(s.person(), "salma", c.start, "CUT") // the slot is free again
		})
	}
}

func TestAfterAnOutageAHoldExpiresWithoutAWarning(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	hold := s.held(s.person(), "salma", "2026-10-09 12:30", "CUT")
	s.moveTo("2026-10-06 11:00")
	warned, err := s.WarnHolds(s.ctx)
	s.must(err)
	expired, err := s.ExpireHolds(s.ctx)
	s.must(err)
	if warned != 0 || expired != 1 || !slices.Equal(s.told(hold.ID), []string{"hold.expired"}) {
		t.Errorf("got %d warned %d expired told %v, want 0, 1, the end alone", warned, expired, s.told(hold.ID))
	}
}

func TestAnExtendedHoldLastsLonger(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	hold := s.held(s.person(), "salma", "2026-10-09 12:30", "CUT")
	s.moveTo("2026-10-06 10:05")
	s.must(s.ExtendHold(s.ctx, hold.ID, 15))
	s.moveTo("2026-10-06 10:39")
	if n, err := s.ExpireHolds(s.ctx); err != nil || n != 0 {
		t.Errorf("got %d expired (%v), want 0 before 10:45", n, err)
	}
	if n, err := s.WarnHolds(s.ctx); err != nil || n != 0 {
		t.Errorf("got %d warned (%v), want 0 before 10:40", n, err)
	}
	s.moveTo("2026-10-06 10:45")
	if n, err := s.ExpireHolds(s.ctx); err != nil || n != 1 {
		t.Errorf("got %d expired (%v), want 1", n, err)
	}
	wantFault(t, s.ExtendHold(s.ctx, hold.ID, 15), "booking.not_extendable")
}

func TestReleaseIsForHoldsOnlyAndOnce(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	hold := s.held(s.person(), "salma", "2026-10-09 12:30", "CUT")
	s.must(s.Release(s.ctx, hold.ID, "customer", "payment.failed"))
	s.must(s.Release(s.ctx, hold.ID, "customer", "payment.failed"))
	if s.status(hold.ID) != models.Released || s.voids(hold.ID) != 1 || len(s.history(hold.ID)) != 2 {
		t.Errorf("got %s, %d voids, %v", s.status(hold.ID), s.voids(hold.ID), s.history(hold.ID))
	}
	visit := s.held(s.person(), "salma", "2026-10-09 12:30", "CONSULT_HAIR")
	wantFault(t, s.Release(s.ctx, visit.ID, "customer", "x"), "booking.not_releasable")
	wantFault(t, s.Release(s.ctx, models.NewID(), "customer", "x"), "booking.not_found")
}

// Many sweeps at once, as on two instances: each hold is warned once and expires once.
func TestSweepsAtOnce(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	starts := []string{"10:00", "11:00", "12:00", "13:00", "14:00", "15:00"}
	var holds []models.Appointment
	for _, at := range starts {
		holds = append(holds, s.held(s.person(), "salma", "2026-10-09 "+at, "CUT"))
	}
	sweep := func(run func(context.Context) (int, error)) int {
		var total int
		var mu sync.Mutex
		var all sync.WaitGroup
		for range 6 {
			all.Go(func() {
				n, err := run(s.ctx)
				mu.Lock()
				defer mu.Unlock()
				total += n
				if err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		return total
	}
	s.moveTo("2026-10-06 10:26")
	if n := sweep(s.WarnHolds); n != len(holds) {
		t.Errorf("got %d warned, want %d", n, len(holds))
	}
	s.moveTo("2026-10-06 10:30")
	if n := sweep(s.ExpireHolds); n != len(holds) {
		t.Errorf("got %d expired, want %d", n, len(holds))
	}
	for _, h := range holds {
		if told := s.told(h.ID); !slices.Equal(told, []string{"hold.warning", "hold.expired"}) || s.voids(h.ID) != 1 {
			t.Errorf("got told %v and %d voids, want each once", told, s.voids(h.ID))
		}
	}
}
