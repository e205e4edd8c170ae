package understand

import (
	"testing"
	"time"

	"frontdesk/models"
)

// Weekdays on the edges: said on that day, on a Sunday, across the year.
func TestWeekdayRules(t *testing.T) {
	friday := time.Date(2026, 10, 9, 9, 0, 0, 0, madrid)
	sunday := time.Date(2026, 10, 11, 9, 0, 0, 0, madrid)
	for _, c := range []struct {
		now        time.Time
		text, want string
	}{
		{friday, "friday", "2026-10-16"},
		{friday, "this friday", "2026-10-09"},
		{friday, "today", "2026-10-09"},
		{friday, "next friday", "2026-10-16"},
		{friday, "el viernes", "2026-10-16"},
		{friday, "este viernes", "2026-10-09"},
		{friday, "الجمعة", "2026-10-16"},
		{friday, "the weekend", "2026-10-10..2026-10-11"},
		{friday, "the 9th", "2026-10-09"},
		{sunday, "next friday", "2026-10-16"},
		{sunday, "next week", "2026-10-12..2026-10-17"},
		{sunday, "the weekend", "2026-10-11"},
		{sunday, "this week", "2026-10-11"},
		{time.Date(2026, 12, 30, 9, 0, 0, 0, madrid), "2 January", "2027-01-02"},
		{time.Date(2026, 10, 24, 23, 30, 0, 0, madrid), "tomorrow", "2026-10-25"}, // the clocks change
		{time.Date(2026, 10, 25, 23, 30, 0, 0, madrid), "tomorrow", "2026-10-26"},
	} {
		t.Run(c.now.Format("Mon ")+c.text, func(t *testing.T) {
			m := Read(Input{Text: c.text, Now: c.now, Vocabulary: salon()})
			if got := when(m); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// An hour without morning or evening is the offered one, else the one inside opening hours.
func TestAmbiguousHour(t *testing.T) {
	for _, c := range []struct {
		text          string
		opens, closes int
		offered       string
		want          string
	}{
		{"at 9", 0, 0, "", "09:00"},
		{"at 8", 0, 0, "", "20:00"},
		{"at 9", 12 * 60, 22 * 60, "", "21:00"},
		{"at 5", 8 * 60, 22 * 60, "", "17:00"},
		{"at 9", 8 * 60, 22 * 60, "", "09:00"},
		{"at 9", 8 * 60, 22 * 60, "21:00 Dana", "21:00"},
		{"at 7", 6 * 60, 22 * 60, "07:00 Dana", "07:00"},
		{"09:00", 12 * 60, 22 * 60, "", "09:00"},
	} {
		t.Run(c.text+" "+c.offered, func(t *testing.T) {
			in := Input{Text: c.text, Now: now, Opens: c.opens, Closes: c.closes, Vocabulary: salon()}
			if c.offered != "" {
				in.Options = []models.Option{{ID: "slot:0", Title: c.offered}}
			}
			if got := when(Read(in)); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
