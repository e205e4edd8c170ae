package simulator

import (
	"context"
	"strconv"
	"time"

	"frontdesk/internal/i18n"
	"frontdesk/views/ui"
)

// Addresses of the parts of the room beside the phone.
const (
	TheatreURL = URL + "/theatre"
	RacesURL   = URL + "/races"
)

// RacesPage is the race lab.
type RacesPage struct {
	Trouble string // why nothing can be run, in words
	Runs    []RaceRun
	Pulse   string // changes when the page would
}

// RaceRun is a run of the races.
type RaceRun struct {
	ID          string
	Repetitions int
	State, Why  string
	BeganAt     time.Time // in the salon's zone, machine time
	Took        time.Duration
	Done, Total int // rounds
	Passed      bool
	Races       []Race
}

// Race is what came of one race. Times are milliseconds.
type Race struct {
	Code                string
	Passed              bool
	Rounds, Attempts    int
	P50, P95, Max       float64
	Doubles             int
	Deadlocks, Timeouts int
	Findings            []RaceFinding
}

// RaceFinding is a number that had to be another one.
type RaceFinding struct {
	Round     int // 0: of the race as a whole
	What      string
	Got, Want int
}

// UnderWay tells whether a run is not over yet.
func (r RaceRun) UnderWay() bool { return r.State == "preparing" || r.State == "running" }

// over tells whether there is something to download.
func (r RaceRun) over() bool { return !r.UnderWay() && len(r.Races) > 0 }

// doubles are the double bookings of a run.
func (r RaceRun) doubles() (n int) {
	for _, one := range r.Races {
		n += one.Doubles
	}
	return n
}

func (r RaceRun) tone() ui.Tone {
	switch {
	case r.UnderWay():
		return ui.Attention
	case r.Passed:
		return ui.Good
	default:
		return ui.Danger
	}
}

// verdict is how a run ended, or how far it is.
func (r RaceRun) verdict(ctx context.Context) string {
	switch {
	case r.UnderWay():
		return i18n.T(ctx, "simulator.races.state."+r.State)
	case r.Passed:
		return i18n.T(ctx, "simulator.races.passed")
	case r.State == "failed":
		return i18n.T(ctx, "simulator.races.not_run")
	default:
		return i18n.T(ctx, "simulator.races.broken")
	}
}

// milliseconds writes a time as people read it: 8.4 ms, 120 ms, 3.2 s.
func milliseconds(ctx context.Context, ms float64) string {
	switch {
	case ms < 100:
		return i18n.T(ctx, "simulator.races.ms", "Number", strconv.FormatFloat(ms, 'f', 1, 64))
	case ms < 1000:
		return i18n.T(ctx, "simulator.races.ms", "Number", strconv.FormatFloat(ms, 'f', 0, 64))
	default:
		return i18n.T(ctx, "simulator.races.s", "Number", strconv.FormatFloat(ms/1000, 'f', 1, 64))
	}
}

func (f RaceFinding) text(ctx context.Context) string {
	what := ui.Word(ctx, "simulator.races.finding", f.What)
	if f.Round == 0 {
		return i18n.T(ctx, "simulator.races.found", "What", what, "Got", f.Got, "Want", f.Want)
	}
	return i18n.T(ctx, "simulator.races.found_in", "Round", f.Round, "What", what, "Got", f.Got, "Want", f.Want)
}

// parts lead between the parts of the room.
func parts(ctx context.Context, now string) []ui.Chip {
	var out []ui.Chip
	for _, p := range []struct{ url, key string }{{URL, "simulator.part.phone"}, {TheatreURL, "simulator.part.theatre"}, {RacesURL, "simulator.part.races"}} {
		out = append(out, ui.Chip{Label: i18n.T(ctx, p.key), URL: p.url, Current: p.url == now})
	}
	return out
}
