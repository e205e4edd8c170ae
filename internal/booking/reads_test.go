package booking

import (
	"slices"
	"testing"

	"frontdesk/models"
)

func TestTheDiaryShowsHoldsAndVisits(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	hold := s.held(s.person(), "dana", "2026-10-09 12:30", "CUT", "BLOW_DRY")
	paid := s.held(s.person(), "salma", "2026-10-09 10:30", "HIGHLIGHTS")
	_, err := s.Confirm(s.ctx, paid.ID, "stripe", "deposit.paid")
	s.must(err)
	gone := s.held(s.person(), "salma", "2026-10-09 15:00", "CUT")
	s.must(s.Release(s.ctx, gone.ID, "customer", "test"))
	s.held(s.person(), "dana", "2026-10-10 10:00", "CUT")

	day, err := s.Between(s.ctx, s.day("2026-10-09"), s.day("2026-10-10"), nil)
	s.must(err)
	if len(day) != 2 || day[0].ID != paid.ID || day[1].ID != hold.ID {
		t.Fatalf("got %+v, want the visit and then the hold", day)
	}
	if v := day[1]; v.Customer.Name != "Noor" || len(v.Services) != 2 || v.Services[1].Code != "BLOW_DRY" || v.Status != models.Provisional {
		t.Errorf("got %+v, want Noor's hold with both services", v)
	}
	dana := s.stylist("dana")
	week, err := s.Between(s.ctx, s.day("2026-10-05"), s.day("2026-10-12"), &dana)
	s.must(err)
	if len(week) != 2 {
		t.Errorf("got %d, want Dana's two", len(week))
	}
	none, err := s.Between(s.ctx, s.day("2026-10-13"), s.day("2026-10-14"), nil)
	s.must(err)
	if len(none) != 0 {
		t.Errorf("got %d, want an empty day", len(none))
	}
}

// What stands for a customer: visits to come and those that ended lately, soonest first, beside the hold.
// What was released, is long over or somebody else's does not.
func TestWhatStandsForACustomer(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	p, other := s.person(), s.person()
	confirm := func(p person, code, at string) models.Appointment {
		v := s.held(p, code, at, "CUT")
		_, err := s.Confirm(s.ctx, v.ID, "stripe", "deposit.paid")
		s.must(err)
		return v
	}
	late := confirm(p, "salma", "2026-10-15 10:30")
	soon := confirm(p, "dana", "2026-10-08 10:30")
	confirm(other, "dana", "2026-10-09 12:30")
	gone := s.held(p, "dana", "2026-10-09 15:00", "CUT")
	s.must(s.Release(s.ctx, gone.ID, "customer", "test"))
	hold := s.held(p, "dana", "2026-10-16 15:00", "CUT")

	for _, at := range []struct {
		since string
		want  []models.ID
	}{
		{"2026-10-06", []models.ID{soon.ID, late.ID}},
		{"2026-10-10", []models.ID{late.ID}},
	} {
		visits, held, err := s.Standing(s.ctx, p.customer, p.conversation, s.day(at.since))
		s.must(err)
		var got []models.ID
		for _, v := range visits {
			got = append(got, v.ID)
			if len(v.Lines) != 1 {
				t.Errorf("visit %s has %d lines, want 1", v.ID, len(v.Lines))
			}
		}
		if !slices.Equal(got, at.want) || held == nil || held.ID != hold.ID {
			t.Errorf("since %s: got %v and hold %+v, want %v and %v", at.since, got, held, at.want, hold.ID)
		}
	}
}

func TestALiveHoldIsOneWithTimeLeft(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	p := s.person()
	if hold, err := s.liveHold(p.conversation); err != nil || hold != nil {
		t.Errorf("got %+v (%v), want none yet", hold, err)
	}
	made := s.held(p, "dana", "2026-10-09 12:30", "CUT")
	hold, err := s.liveHold(p.conversation)
	s.must(err)
	if hold == nil || hold.ID != made.ID || len(hold.Lines) != 1 {
		t.Errorf("got %+v, want the hold with its line", hold)
	}
	s.hand.Set(*made.HoldExpiresAt)
	if hold, err := s.liveHold(p.conversation); err != nil || hold != nil {
		t.Errorf("got %+v (%v), want none once its time is up", hold, err)
	}
	_, err = s.Appointment(s.ctx, models.NewID())
	wantFault(t, err, "booking.not_found")
}
