package standins

import (
	"context"
	"time"
)

// How a run of the races stands.
const (
	RacesPreparing = "preparing"
	RacesRunning   = "running"
	RacesDone      = "done"
	RacesFailed    = "failed"
)

// RaceRun is a run of the races on a scratch database.
type RaceRun struct {
	ID          string     `json:"id"`
	Repetitions int        `json:"repetitions"`
	State       string     `json:"state"`
	Why         string     `json:"why,omitempty"` // it failed: scratch, time, stopped, went_astray
	BeganAt     time.Time  `json:"began_at"`      // machine time
	EndedAt     *time.Time `json:"ended_at,omitempty"`
	Done        int        `json:"done"`  // rounds
	Total       int        `json:"total"` // rounds
	Passed      bool       `json:"passed"`
	Races       []Race     `json:"races"` // that are over
}

// UnderWay tells whether it is not over yet.
func (r RaceRun) UnderWay() bool { return r.State == RacesPreparing || r.State == RacesRunning }

// Race is what came of one race.
type Race struct {
	Race      string        `json:"race"`
	Rounds    int           `json:"rounds"`
	Passed    bool          `json:"passed"`
	Attempts  int           `json:"attempts"`
	P50       float64       `json:"p50_ms"`
	P95       float64       `json:"p95_ms"`
	Max       float64       `json:"max_ms"`
	Doubles   int           `json:"double_bookings"`
	Deadlocks int           `json:"deadlocks"`
	Timeouts  int           `json:"timeouts"`
	Findings  []RaceFinding `json:"findings"`
	Timings   []RaceTiming  `json:"timings,omitempty"` // of a single run only
}

// RaceFinding is a number that had to be another one.
type RaceFinding struct {
	Round int    `json:"round"` // 0: of the race as a whole
	What  string `json:"what"`
	Got   int    `json:"got"`
	Want  int    `json:"want"`
}

// RaceTiming is how long one attempt took, and how it ended.
type RaceTiming struct {
	Round   int     `json:"round"`
	MS      float64 `json:"ms"`
	Outcome string  `json:"outcome"`
}

// RunRaces begins a run. The stand-ins refuse a second one beside it.
func (c *Client) RunRaces(ctx context.Context, repetitions int) (RaceRun, error) {
	var run RaceRun
	err := c.post(ctx, PlayWithin, "races", map[string]int{"repetitions": repetitions}, &run)
	return run, err
}

// Races are the runs that are kept, newest first, without timings.
func (c *Client) Races(ctx context.Context) ([]RaceRun, error) {
	var answer struct {
		Runs []RaceRun `json:"runs"`
	}
	err := c.get(ctx, "races", nil, &answer)
	return answer.Runs, err
}

// RaceTimings is one run with its timings. id is one that the stand-ins gave.
func (c *Client) RaceTimings(ctx context.Context, id string) (RaceRun, error) {
	var run RaceRun
	err := c.get(ctx, "races/"+id, nil, &run)
	return run, err
}
