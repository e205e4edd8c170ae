package booking

import (
	"testing"
	"time"

	"frontdesk/models"
)

func TestOpening(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		t.Fatal(err)
	}
	at := func(wall string) time.Time {
		t.Helper()
		at, err := time.ParseInLocation("2006-01-02 15:04", wall, zone)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	var weekly []models.OpeningHours
	for day := time.Monday; day <= time.Friday; day++ {
		weekly = append(weekly, models.OpeningHours{Weekday: day, Opens: "10:00", Closes: "20:00"})
	}
	weekly = append(weekly, models.OpeningHours{Weekday: time.Saturday, Opens: "10:00", Closes: "14:00"})
	someone, reason := models.NewID(), models.Text{"en": "public holiday"}
	opening, err := NewOpening(zone, weekly, nil, []models.TimeBlock{
		{StartsAt: at("2026-10-12 00:00"), EndsAt: at("2026-10-13 00:00"), Kind: models.BlockHoliday, Reason: reason},
		{StylistID: &someone, StartsAt: at("2026-10-15 14:00"), EndsAt: at("2026-10-15 20:00"), Kind: models.BlockClosed, Reason: reason},
		{StylistID: &someone, StartsAt: at("2026-10-16 00:00"), EndsAt: at("2026-10-17 00:00"), Kind: models.BlockDayOff, Reason: reason},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		day    string
		hours  string // of the one window
		usual  bool
		reason string
	}{
		{"2026-10-08", "10:00-20:00", true, ""},
		{"2026-10-10", "10:00-14:00", true, ""},
		{"2026-10-11", "", true, ""}, // every Sunday
		{"2026-10-12", "", false, "public holiday"},
		{"2026-10-15", "10:00-14:00", false, "public holiday"}, // closed for all on one calendar
		{"2026-10-16", "10:00-20:00", true, ""},                // a day off is its stylist's alone
	} {
		got, hours := opening.On(at(c.day+" 12:00")), ""
		for _, w := range got.Windows {
			hours += w.Start.In(zone).Format("15:04") + "-" + w.End.In(zone).Format("15:04")
		}
		if hours != c.hours || got.Usual != c.usual || got.Reason["en"] != c.reason || !got.Day.Equal(at(c.day+" 00:00")) {
			t.Errorf("%s: %+v", c.day, got)
		}
		if opening.Shut(got.Day) != (c.hours == "") {
			t.Errorf("%s: shut %v", c.day, opening.Shut(got.Day))
		}
	}
	for now, want := range map[string]string{
		"2026-10-08 12:00": "", "2026-10-08 10:00": "", "2026-10-08 20:00": "2026-10-09 10:00", "2026-10-08 09:59": "2026-10-08 10:00",
		"2026-10-10 14:00": "2026-10-13 10:00", "2026-10-12 12:00": "2026-10-13 10:00", "2026-10-15 15:00": "2026-10-16 10:00",
	} {
		opens, closed := opening.Reopens(at(now))
		if closed != (want != "") || closed && !opens.Equal(at(want)) {
			t.Errorf("at %s it opens at %v, %v; want %q", now, opens, closed, want)
		}
	}
	if next := opening.NextDays(at("2026-10-10 18:00"), 2); len(next) != 2 || !next[0].Day.Equal(at("2026-10-13 00:00")) || !next[1].Day.Equal(at("2026-10-14 00:00")) {
		t.Errorf("after Saturday %+v", next)
	}
	if (Opening{}).Shut(at("2026-10-11 12:00")) {
		t.Error("who knows no hours says closed")
	}
}
