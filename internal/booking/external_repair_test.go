package booking

import (
	"context"
	"strings"
	"testing"

	outside "frontdesk/internal/calendar"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// giveUp lets the pushes of a visit be given up, as after hours of trying.
func (s *salon) giveUp(visit models.ID) {
	s.t.Helper()
	s.must(s.db.On(s.ctx).Exec("UPDATE river_job SET state = 'discarded', finalized_at = now() WHERE kind = ? AND args->>'appointment_id' = ?",
		queue.CalendarPush{}.Kind(), visit.String()).Error)
}

// What was given up is pushed by the next reading, also when nothing has changed in the calendar meanwhile.
func TestALostPushIsFoundWhileTheCalendarStandsStill(t *testing.T) {
	s, _ := withCalendars(t, "2026-10-06 10:00")
	shown := s.confirmed(s.person(), "salma", "2026-10-08 11:00", "CUT")
	gone := s.confirmed(s.person(), "salma", "2026-10-08 13:00", "CUT")
	lost := s.confirmed(s.person(), "salma", "2026-10-08 15:00", "CUT")
	for _, v := range []models.Appointment{shown, gone} {
		s.must(s.PushVisit(s.ctx, v.ID))
	}
	_, err := s.AskCalendars(s.ctx)
	s.must(err)
	_, err = s.Cancel(s.ctx, s.by(gone.ID, ""), models.DepositPaid)
	s.must(err)
	for _, v := range []models.Appointment{shown, gone, lost} {
		s.giveUp(v.ID)
	}
	before := map[models.ID]int{}
	for _, v := range []models.Appointment{shown, gone, lost} {
		before[v.ID] = s.pushes(v.ID)
	}
	same := reading{stylist: s.stylist("salma"), calendar: "salma" + DemoCalendars, began: s.clock.Machine(), Reading: outside.Reading{Same: true}}
	same.span = models.Span{Start: s.day("2026-10-06"), End: s.day("2026-12-06")}
	for range 2 { // the second one leaves what waits alone
		s.must(s.db.InTx(s.ctx, func(ctx context.Context) error { return s.take(ctx, same) }))
	}
	for name, c := range map[string]struct {
		visit models.ID
		want  int
	}{"one that is shown": {shown.ID, 0}, "one that was cancelled": {gone.ID, 1}, "one that never came": {lost.ID, 1}} {
		if got := s.pushes(c.visit) - before[c.visit]; got != c.want {
			t.Errorf("%s: pushed %d times, want %d", name, got, c.want)
		}
	}
}

// A sweep that looked before a stylist turned to another calendar must not have the last word.
func TestAFormerCalendarIsNotAskedForAgain(t *testing.T) {
	s, p := withCalendars(t, "2026-10-06 10:00")
	s.must(s.read(s.Diary))
	s.must(s.db.On(s.ctx).Exec("UPDATE stylists SET calendar_id = 'new@calendars.luma.example' WHERE code = 'salma'").Error)
	p.put("new", "a1", "x", s.at("2026-10-08 13:00"), s.at("2026-10-08 14:00"))
	lags, err := s.CalendarLags(s.ctx)
	s.must(err)
	if !lags[0].Stale {
		t.Error("a calendar that nobody has asked for is not behind")
	}
	s.must(s.read(s.Diary))
	if s.offered("salma", "2026-10-08 13:00") {
		t.Error("the new calendar is not read")
	}
	if lags, err = s.CalendarLags(s.ctx); err != nil || lags[0].Stale || lags[0].ReadAt == nil {
		t.Errorf("got %+v, %v", lags[0], err)
	}
}

// Another installation's entries in the same calendar take time, and nobody here takes them out.
func TestAnotherSalonsEntriesAreSomebodyElses(t *testing.T) {
	s, p := withCalendars(t, "2026-10-06 10:00")
	theirs := models.NewID()
	p.put("salma", outside.EntryID(theirs), "Held: X", s.at("2026-10-08 13:00"), s.at("2026-10-08 14:00"), written(models.NewID())...)
	s.must(s.read(s.Diary))
	if s.pushes(theirs) != 0 || s.offered("salma", "2026-10-08 13:00") {
		t.Errorf("%d pushes; offered %t", s.pushes(theirs), s.offered("salma", "2026-10-08 13:00"))
	}
}

// The id of a calendar is the same in capitals: two stylists cannot share one by spelling it otherwise.
func TestACalendarHasOneSpelling(t *testing.T) {
	s, _ := withCalendars(t, "2026-10-06 10:00")
	u := s.Upkeep()
	row, err := u.Stylist(s.ctx, s.stylist("salma"))
	s.must(err)
	edit := StylistEdit{Names: row.Names, Categories: []models.Category{models.Hair}, CalendarID: strings.ToUpper("omar" + DemoCalendars)}
	if _, err := u.ChangeStylist(s.ctx, salma, row.ID, row.Version, edit); err == nil || !strings.Contains(err.Error(), "services.invalid") {
		t.Errorf("got %v", err)
	}
}

// A former calendar that is shared with us no more keeps its entry; the visit stands in the new one, once.
func TestACalendarThatRefusesIsLeftAlone(t *testing.T) {
	s, p := withCalendars(t, "2026-10-06 10:00")
	visit := s.confirmed(s.person(), "salma", "2026-10-08 11:00", "CUT")
	s.must(s.PushVisit(s.ctx, visit.ID))
	_, err := s.Move(s.ctx, s.moving(visit.ID, "omar", "2026-10-08 11:00"))
	s.must(err)
	p.mu.Lock()
	p.closed = "salma"
	p.mu.Unlock()
	s.must(s.PushVisit(s.ctx, visit.ID))
	s.wantShown(p, "omar", "confirmed Noor · Haircut")

	_, err = s.AskCalendars(s.ctx)
	s.must(err)
	if err := s.ReadCalendar(s.ctx, s.stylist("salma")); err == nil {
		t.Error("a calendar that refuses was read")
	}
	p.mu.Lock()
	p.closed = ""
	p.mu.Unlock()
	s.must(s.db.On(s.ctx).Exec("DELETE FROM river_job").Error) // the pushes are done
	s.must(s.ReadCalendar(s.ctx, s.stylist("salma")))          // shared again: what stands there is ours to take out
	s.must(s.PushVisit(s.ctx, visit.ID))
	s.wantShown(p, "salma")
	s.wantShown(p, "omar", "confirmed Noor · Haircut")
}
