package booking

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"frontdesk/models"
)

// Whatever the zone, the day and what is taken: every start shows its own wall time on the grid, is
// offered once, keeps the lead, and its whole visit lies inside the hours and beside what is taken.
func TestStartsHoldInEveryZoneAcrossClockChanges(t *testing.T) {
	days := map[string][]string{
		"Europe/Madrid":    {"2026-03-29", "2026-10-24", "2026-10-25", "2026-10-26", "2027-03-28"},
		"Asia/Riyadh":      {"2026-10-25", "2026-03-29"},
		"America/New_York": {"2026-03-08", "2026-11-01", "2026-10-25"},
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for zoneName, list := range days {
		zone := location(t, zoneName)
		for _, name := range list {
			noon, err := time.ParseInLocation("2006-01-02 15:04", name+" 12:00", zone)
			if err != nil {
				t.Fatal(err)
			}
			for range 200 {
				checkStarts(t, rng, zone, dateOf(noon, zone))
			}
		}
	}
}

func checkStarts(t *testing.T, rng *rand.Rand, zone *time.Location, day date) {
	t.Helper()
	stylist := models.NewID()
	opens := rng.IntN(20 * 60)
	closes := opens + 1 + rng.IntN(24*60-1-opens)
	hours := []models.OpeningHours{{Weekday: day.weekday(), Opens: wall(opens), Closes: wall(closes)}}
	cal, err := newCalendar(zone, hours, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for range rng.IntN(4) {
		at := day.at(rng.IntN(24*60), zone)
		cal.taken[stylist] = append(cal.taken[stylist], models.Span{Start: at, End: at.Add(minutes(1 + rng.IntN(200)))})
	}
	length := 5 + rng.IntN(150)
	earliest := day.at(rng.IntN(12*60), zone)
	open, _ := cal.opening(day)
	seen := map[string]bool{}
	for _, window := range cal.windows(day, stylist) {
		for _, minute := range cal.starts(day, window, length, 30, earliest) {
			start := day.at(minute, zone)
			visit := models.Span{Start: start, End: start.Add(minutes(length))}
			shown := start.Format("2006-01-02 15:04")
			want := fmt.Sprintf("%04d-%02d-%02d %s", day.year, day.month, day.day, wall(minute))
			if shown != want || minute%30 != 0 {
				t.Fatalf("%s: start shows %s, want %s on the grid", zone, shown, want)
			}
			if seen[shown] {
				t.Fatalf("%s: %s is offered twice", zone, shown)
			}
			seen[shown] = true
			if !open.Covers(visit) || start.Before(earliest) {
				t.Fatalf("%s: %v is outside the hours %v or before %v", zone, visit, open, earliest)
			}
			if i := slices.IndexFunc(cal.taken[stylist], visit.Overlaps); i >= 0 {
				t.Fatalf("%s: %v overlaps %v", zone, visit, cal.taken[stylist][i])
			}
		}
	}
}

func wall(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

func TestDaysStepOverClockChanges(t *testing.T) {
	for _, name := range []string{"Europe/Madrid", "Asia/Riyadh", "America/New_York"} {
		zone := location(t, name)
		day := date{2026, time.January, 1}
		for n := range 365 {
			want := time.Date(2026, time.January, 1+n, 12, 0, 0, 0, zone)
			if got := day.at(12*60, zone); !got.Equal(want) || day.weekday() != want.Weekday() || dateOf(want, zone) != day {
				t.Fatalf("%s, day %d: got %v %s, want %v", name, n, got, day.weekday(), want)
			}
			day = day.next()
		}
	}
}

func TestAWallTimeThatTheClockSkipsIsNoStart(t *testing.T) {
	zone := location(t, "Europe/Madrid")
	day := date{2026, time.March, 29} // 02:00 → 03:00
	window := models.Span{Start: day.at(0, zone), End: day.at(6*60, zone)}
	cal, err := newCalendar(zone, nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	got := cal.starts(day, window, 30, 30, time.Time{})
	want := []int{0, 30, 60, 90, 180, 210, 240, 270, 300, 330}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestSubtract(t *testing.T) {
	base := time.Date(2026, 10, 9, 10, 0, 0, 0, time.UTC)
	span := func(from, to int) models.Span {
		return models.Span{Start: base.Add(minutes(from)), End: base.Add(minutes(to))}
	}
	cases := []struct {
		name string
		busy []models.Span
		want []models.Span
	}{
		{"nothing busy", nil, []models.Span{span(0, 600)}},
		{"in the middle", []models.Span{span(60, 90)}, []models.Span{span(0, 60), span(90, 600)}},
		{"over both edges", []models.Span{span(-60, 30), span(570, 700)}, []models.Span{span(30, 570)}},
		{"out of order and overlapping", []models.Span{span(300, 400), span(60, 350), span(100, 120)}, []models.Span{span(0, 60), span(400, 600)}},
		{"back to back leaves no gap", []models.Span{span(60, 90), span(90, 120)}, []models.Span{span(0, 60), span(120, 600)}},
		{"all of it", []models.Span{span(-10, 610), span(20, 30)}, nil},
		{"outside", []models.Span{span(-60, 0), span(600, 700)}, []models.Span{span(0, 600)}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := subtract(span(0, 600), c.busy); !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}
