package booking

import (
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

func TestALiveHoldIsOneWithTimeLeft(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	p := s.person()
	if hold, err := s.LiveHold(s.ctx, p.conversation); err != nil || hold != nil {
		t.Errorf("got %+v (%v), want none yet", hold, err)
	}
	made := s.held(p, "dana", "2026-10-09 12:30", "CUT")
	hold, err := s.LiveHold(s.ctx, p.conversation)
	s.must(err)
	if hold == nil || hold.ID != made.ID || len(hold.Lines) != 1 {
		t.Errorf("got %+v, want the hold with its line", hold)
	}
	s.hand.Set(*made.HoldExpiresAt)
	if hold, err := s.LiveHold(s.ctx, p.conversation); err != nil || hold != nil {
		t.Errorf("got %+v (%v), want none once its time is up", hold, err)
	}
	_, err = s.Appointment(s.ctx, models.NewID())
	wantFault(t, err, "booking.not_found")
}
