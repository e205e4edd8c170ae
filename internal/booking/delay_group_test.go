package booking

import (
	"testing"
	"time"
)

// Who comes late with others comes late for all of them that begin by then: each stylist is told, once.
func TestAGroupIsLate(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	p := s.person()
	mine, hers := s.request(p, "salma", "2026-10-09 16:00", "CUT"), s.request(p, "dana", "2026-10-09 16:00", "STYLE")
	later := s.request(p, "omar", "2026-10-09 17:00", "CUT")
	hers.ForName, later.ForName = "Noor (hija)", "Noor (amiga)"
	visits, err := s.HoldTogether(s.ctx, []HoldRequest{mine, hers, later})
	s.must(err)
	_, err = s.Confirm(s.ctx, visits[0].ID, "stripe", "payment.completed")
	s.must(err)
	s.moveTo("2026-10-09 15:30")
	arrives := s.at("2026-10-09 16:20")
	for range 2 {
		_, _, err = s.NoteDelay(s.ctx, visits[0].ID, &arrives, "customer")
		s.must(err)
	}
	group, err := s.Group(s.ctx, *visits[0].GroupID)
	s.must(err)
	for _, v := range group {
		want := v.StartsAt.Before(arrives)
		if (v.Delay.SaidAt != nil) != want {
			t.Errorf("the visit at %s is late: %v, want %v", v.StartsAt.In(s.zone).Format(time.TimeOnly), v.Delay.SaidAt != nil, want)
		}
		n := 0
		for _, event := range s.notices(v.ID) {
			if event == "visit.delay" {
				n++
			}
		}
		if (n == 1) != want || n > 1 {
			t.Errorf("%d notices of the visit at %s", n, v.StartsAt.In(s.zone).Format(time.TimeOnly))
		}
	}
}
