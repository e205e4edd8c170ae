package handlers

import (
	"context"
	"strings"
	"testing"

	"frontdesk/internal/booking"
	"frontdesk/internal/calendar"
	"frontdesk/models"
)

// withCalendars lets the stylists of an application keep calendars at a provider that nobody reaches.
func withCalendars(_ *Settings, r *Rooms) {
	client := calendar.New(calendar.Config{BaseURL: "http://127.0.0.1:1", TokenURL: "http://127.0.0.1:1"})
	r.Diary = booking.New(r.DB, r.Clock, r.Queue, r.Policies, r.Redis, booking.WithCalendars(client, r.Texts))
}

// A calendar program reads the feed by its word alone; no phone or surname is in it, and a wrong word finds nothing.
func TestACalendarFeedIsReadByItsWord(t *testing.T) {
	s := newSalon(t)
	visit := s.confirmed
	word, err := s.Diary.Upkeep().OpenFeed(context.Background(), "staff:test", visit.StylistID)
	s.must(err)
	got := s.call(get, feedPath+word+feedEnding, nil)
	if got.StatusCode != 200 || !strings.HasPrefix(got.Header.Get("Content-Type"), "text/calendar") || !strings.Contains(got.Header.Get("Cache-Control"), "no-store") {
		t.Fatalf("got %d %v", got.StatusCode, got.Header)
	}
	for _, want := range []string{"BEGIN:VCALENDAR\r\n", "UID:" + visit.ID.String() + "\r\n", "STATUS:CONFIRMED\r\n", "SUMMARY:Noor", "METHOD:PUBLISH\r\n"} {
		if !strings.Contains(got.body, want) {
			t.Errorf("%q is missing in\n%s", want, got.body)
		}
	}
	for _, never := range []string{"Haddad", "+44", "4477"} {
		if strings.Contains(got.body, never) {
			t.Errorf("%q stands in the feed", never)
		}
	}
	for _, path := range []string{word, "x" + feedEnding, word + "x" + feedEnding, feedEnding} {
		if got := s.call(get, feedPath+path, nil); got.StatusCode != 404 {
			t.Errorf("%s: %d", strings.ReplaceAll(path, word, "word"), got.StatusCode)
		}
	}
}

// Whoever answers customers is told of a calendar that was not read for a quarter of an hour; others are not.
func TestTodayNamesCalendarsOutOfTouch(t *testing.T) {
	s := newSalon(t, withCalendars)
	ctx := context.Background()
	_, err := s.Diary.AskCalendars(ctx)
	s.must(err)
	seen := func(role models.Role) bool {
		t.Helper()
		return strings.Contains(s.see(role, "/console").body, "Calendars out of touch")
	}
	if seen(models.RoleOperator) {
		t.Error("named before it is time")
	}
	s.must(s.DB.On(ctx).Exec("UPDATE calendar_reads SET since = since - interval '16 minutes', failed_at = since, failure = 'no_answer'").Error)
	for role, want := range map[models.Role]bool{models.RoleOperator: true, models.RolePM: true, models.RoleStylist: false, models.RoleFinance: false} {
		if got := seen(role); got != want {
			t.Errorf("%s is told: %t, want %t", role, got, want)
		}
	}
	if body := s.see(models.RolePM, stylistsPath).body; !strings.Contains(body, "Cannot be read (no_answer)") {
		t.Error("the stylists' list does not say what is wrong")
	}
}
