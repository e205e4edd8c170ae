package booking

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"frontdesk/internal/audit"
	"frontdesk/internal/fault"
	"frontdesk/models"
)

// clashing lists the visits in closed time, of all stylists or of one, as "stylist time kind".
func (s *salon) clashing(stylist string) []string {
	s.t.Helper()
	var of *models.ID
	if stylist != "" {
		id := s.stylist(stylist)
		of = &id
	}
	clashes, err := s.Clashes(s.ctx, of)
	s.must(err)
	var out []string
	for _, k := range clashes {
		out = append(out, fmt.Sprintf("%s %s %s", s.name(k.StylistID), k.StartsAt.In(s.zone).Format("15:04"), k.Block.Kind))
	}
	return out
}

// whoever closes time in a calendar asks nobody about the visits there. They are seen until they
// are moved or cancelled, the calendar gives the time back, or somebody says that they stay.
func TestVisitsInTimeThatACalendarClosesAreSeen(t *testing.T) {
	s, p := withCalendars(t, "2026-10-06 10:00")
	at := func(hour string) string { return "2026-10-08 " + hour }
	s.held(s.person(), "salma", at("12:00"), "CUT")
	s.confirmed(s.person(), "salma", at("11:00"), "CUT")
	second := s.confirmed(s.person(), "omar", at("16:00"), "CUT")
	want := func(when, stylist string, want ...string) {
		t.Helper()
		if got := s.clashing(stylist); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", when, got, want)
		}
	}
	p.put("salma", "a1", "Dentist", s.at(at("11:30")), s.at(at("12:30")))
	p.put("omar", "b1", "touches nothing", s.at(at("15:00")), s.at(at("16:00")))
	s.block(&second.StylistID, s.at(at("16:00")), s.at(at("17:00")), models.BlockBusy) // somebody was asked
	s.must(s.read(s.Diary))
	want("one is busy", "", "Salma 11:00 busy", "Salma 12:00 busy")
	want("one is busy", "omar")

	p.put("bruno", "c1", "Salon closed: flood", s.day("2026-10-08"), s.day("2026-10-09"))
	s.must(s.ReadCalendar(s.ctx, s.stylist("bruno")))
	want("the salon is closed", "", "Salma 11:00 closed", "Salma 12:00 closed", "Omar 16:00 closed")
	want("the salon is closed", "omar", "Omar 16:00 closed")

	_, err := s.Cancel(s.ctx, s.by(second.ID, ""), models.DepositPaid)
	s.must(err)
	want("one was cancelled", "", "Salma 11:00 closed", "Salma 12:00 closed")
	s.moveTo("2026-10-06 10:31")
	want("a hold has lapsed", "", "Salma 11:00 closed")

	p.mu.Lock()
	delete(p.held["bruno"], "c1")
	p.mu.Unlock()
	s.must(s.ReadCalendar(s.ctx, s.stylist("bruno")))
	want("the salon opens again", "", "Salma 11:00 busy")
	s.moveTo("2026-10-08 11:40")
	want("the visit is over", "")
}

// Somebody says that a visit stays: for that closed time as it is, and no longer.
func TestAVisitStaysInClosedTime(t *testing.T) {
	s, p := withCalendars(t, "2026-10-06 10:00")
	visit := s.confirmed(s.person(), "salma", "2026-10-08 11:00", "CUT")
	other := s.confirmed(s.person(), "salma", "2026-10-08 13:00", "CUT")
	entry := func(from, to string) {
		p.put("salma", "a1", "Day off", s.at("2026-10-08 "+from), s.at("2026-10-08 "+to))
		s.must(s.ReadCalendar(s.ctx, s.stylist("salma")))
	}
	_, err := s.AskCalendars(s.ctx)
	s.must(err)
	entry("10:00", "20:00")
	clashes, err := s.Clashes(s.ctx, nil)
	s.must(err)
	if len(clashes) != 2 {
		t.Fatalf("got %d", len(clashes))
	}
	block := clashes[0].Block.ID
	for range 2 {
		_, err = s.LetStay(s.ctx, s.by(visit.ID, ""), block, true)
		s.must(err)
	}
	if got := s.clashing(""); !slices.Equal(got, []string{"Salma 13:00 day_off"}) {
		t.Errorf("the other one stays too: %q", got)
	}
	entry("10:00", "20:00")
	if got := s.clashing(""); len(got) != 1 {
		t.Errorf("read again: %q", got)
	}
	_, err = s.LetStay(s.ctx, s.by(visit.ID, ""), block, false)
	s.must(err)
	if got := s.clashing(""); len(got) != 2 {
		t.Errorf("taken back: %q", got)
	}
	_, err = s.LetStay(s.ctx, s.by(visit.ID, ""), block, true)
	s.must(err)
	entry("10:00", "19:00")
	if got := s.clashing(""); len(got) != 2 {
		t.Errorf("the calendar closes other time: %q", got)
	}
	if got := s.audited("visit", visit.ID); len(got) != 4 {
		t.Errorf("audited %q", got)
	}
	act, omar := s.by(other.ID, ""), s.stylist("omar")
	if _, err := s.LetStay(s.ctx, act, block, true); !fault.Is(err, "booking.no_block") {
		t.Errorf("time that is closed no more: %v", err)
	}
	act.Own = &omar
	if _, err := s.LetStay(s.ctx, act, block, true); !fault.Is(err, "booking.not_yours") {
		t.Errorf("a colleague's visit: %v", err)
	}
}

// The log says what calendars close and open, as it does of what is closed here; not when somebody is busy.
func TestWhatACalendarClosesIsInTheLog(t *testing.T) {
	s, p := withCalendars(t, "2026-10-06 10:00")
	p.put("salma", "a1", "Dentist", s.at("2026-10-08 11:00"), s.at("2026-10-08 12:00"))
	p.put("salma", "a2", "Salon closed", s.day("2026-10-09"), s.day("2026-10-10"))
	p.put("omar", "b1", "Day off", s.day("2026-10-06"), s.day("2026-10-07"))
	log := func() (lines []string) {
		entries, err := audit.New(s.db, s.clock).Entries(s.ctx, audit.Query{SubjectKind: "block"})
		s.must(err)
		for _, e := range entries {
			lines = append(lines, e.Actor+" "+e.Action)
		}
		return lines
	}
	for range 2 {
		s.must(s.read(s.Diary))
	}
	closed := []string{"calendar time.blocked", "calendar time.blocked"}
	if got := log(); !slices.Equal(got, closed) {
		t.Errorf("got %q", got)
	}
	p.mu.Lock()
	clear(p.held["salma"])
	p.mu.Unlock()
	s.must(s.ReadCalendar(context.Background(), s.stylist("salma")))
	s.moveTo("2026-10-07 10:00") // Omar's day off is over, which is nobody's act
	p.mu.Lock()
	clear(p.held["omar"])
	p.mu.Unlock()
	s.must(s.ReadCalendar(context.Background(), s.stylist("omar")))
	if got := log(); !slices.Equal(got, append([]string{"calendar time.unblocked"}, closed...)) {
		t.Errorf("got %q", got)
	}
}
