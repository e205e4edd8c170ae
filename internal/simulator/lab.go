package simulator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"frontdesk/internal/clock"
	"frontdesk/internal/races"
	"frontdesk/models"
)

// Bounds of the race lab, in machine time.
const (
	labWithin = 5 * time.Minute // a run; it is given up then
	labKeeps  = 20              // runs
)

// How a run of the races stands.
const (
	runPreparing = "preparing" // the scratch database is made
	runRunning   = "running"
	runDone      = "done"
	runFailed    = "failed" // could not be run to its end: why says it
)

// Why a run failed.
const (
	whyScratch = "scratch"     // the role may not make databases
	whyTime    = "time"        // it took too long
	whyStopped = "stopped"     // the stand-ins ended meanwhile
	whyFailed  = "went_astray" // anything else: the log has it
)

// raceRun is a run of the races as the control interface shows it.
type raceRun struct {
	ID          string       `json:"id"`
	Repetitions int          `json:"repetitions"`
	State       string       `json:"state"`
	Why         string       `json:"why,omitempty"`
	BeganAt     time.Time    `json:"began_at"` // machine time
	EndedAt     *time.Time   `json:"ended_at,omitempty"`
	Done        int          `json:"done"`  // rounds
	Total       int          `json:"total"` // rounds
	Passed      bool         `json:"passed"`
	Races       []raceResult `json:"races"` // that are over
}

func (r raceRun) underWay() bool { return r.State == runPreparing || r.State == runRunning }

// raceResult is what came of one race.
type raceResult struct {
	Race     string        `json:"race"`
	Rounds   int           `json:"rounds"`
	Passed   bool          `json:"passed"`
	Tries    int           `json:"attempts"`
	P50      float64       `json:"p50_ms"`
	P95      float64       `json:"p95_ms"`
	Max      float64       `json:"max_ms"`
	Doubles  int           `json:"double_bookings"`
	Deadlock int           `json:"deadlocks"`
	Timeouts int           `json:"timeouts"`
	Findings []raceFinding `json:"findings"`
	Timings  []raceTiming  `json:"timings,omitempty"` // absent in the list of runs
}

type raceFinding struct {
	Round int    `json:"round"`
	What  string `json:"what"`
	Got   int    `json:"got"`
	Want  int    `json:"want"`
}

type raceTiming struct {
	Round   int     `json:"round"`
	MS      float64 `json:"ms"`
	Outcome string  `json:"outcome"`
}

// lab runs the races on a scratch database, one run at a time, and keeps what came of the last ones.
type lab struct {
	cfg     Config
	scratch *races.Scratch
	ctx     context.Context // of the server: a run ends with it
	running *sync.WaitGroup
	mu      sync.Mutex
	runs    []*raceRun // newest first
}

// newLab reads the runs that were kept. Whatever became of the last, a database that it left behind goes now.
func newLab(ctx context.Context, cfg Config) (*lab, error) {
	server := cfg.DB.Pool.Config().ConnString()
	owner, err := filepath.Abs(cfg.Races)
	if err != nil || cfg.Races == "" {
		owner = server
	}
	l := &lab{cfg: cfg, scratch: races.ScratchOn(server, owner)}
	if err := l.scratch.Drop(ctx); err != nil {
		cfg.Log.WarnContext(ctx, "a scratch database is left behind", "err", err)
	}
	files, err := filepath.Glob(filepath.Join(cfg.Races, "run-*.json"))
	if err != nil || cfg.Races == "" {
		return l, wrap(err, "look for kept races")
	}
	slices.Sort(files) // named by ids that grow with time
	for _, file := range files {
		raw, err := os.ReadFile(file)
		r := &raceRun{}
		if err != nil || json.Unmarshal(raw, r) != nil {
			continue // cut off while it was written
		}
		if r.underWay() {
			r.State, r.Why = runFailed, whyStopped
			if err := l.write(*r); err != nil {
				cfg.Log.WarnContext(ctx, "what came of races is not kept", "err", err)
			}
		}
		l.runs = slices.Insert(l.runs, 0, r)
	}
	return l, nil
}

// serve lets runs begin; they end with the context, and running waits for them.
func (l *lab) serve(ctx context.Context, running *sync.WaitGroup) { l.ctx, l.running = ctx, running }

// start begins a run, unless one is under way.
func (l *lab) start(repetitions int) (raceRun, error) {
	if repetitions < 1 || repetitions > races.Most {
		return raceRun{}, badRequest(fmt.Sprintf("repetitions must be between 1 and %d", races.Most))
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.runs) > 0 && l.runs[0].underWay() {
		return raceRun{}, &controlError{http.StatusConflict, "races are being run already"}
	}
	r := &raceRun{
		ID: models.NewID().String(), Repetitions: repetitions, State: runPreparing, BeganAt: l.cfg.Clock.Machine(),
		Total: repetitions * len(races.Suite()), Races: []raceResult{},
	}
	if err := l.write(*r); err != nil {
		return raceRun{}, err
	}
	l.runs = slices.Insert(l.runs, 0, r)
	l.running.Go(func() { l.run(r) })
	return *r, nil
}

// run is a run from its scratch database to its verdict.
func (l *lab) run(r *raceRun) {
	ctx, cancel := context.WithTimeout(l.ctx, labWithin)
	defer cancel()
	err := races.Safely(func() error { return l.play(ctx, r) }) // nothing that a race brings to light ends the demo
	if left := l.scratch.Drop(ctx); left != nil {
		l.cfg.Log.WarnContext(ctx, "a scratch database is left behind", "err", left)
		err = errors.Join(err, left)
	}
	if err != nil {
		l.cfg.Log.WarnContext(ctx, "races were not run to their end", "err", err)
	}
	l.end(r, why(ctx, err))
}

func why(ctx context.Context, err error) string {
	var refused *pgconn.PgError
	switch {
	case err == nil:
		return ""
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return whyTime
	case ctx.Err() != nil:
		return whyStopped
	case errors.As(err, &refused) && refused.Code == "42501":
		return whyScratch
	default:
		return whyFailed
	}
}

// play runs every race on one scratch database.
func (l *lab) play(ctx context.Context, r *raceRun) error {
	c, hand := clock.Fixed(l.cfg.Clock.Now())
	db, err := l.scratch.Open(ctx, c)
	if err != nil {
		return err
	}
	defer db.Close()
	salon, err := races.Open(ctx, db, c, hand, l.cfg.Redis.Within("races:"))
	if err != nil {
		return err
	}
	width := races.Usual()
	width.Rounds = r.Repetitions
	l.change(func() { r.State = runRunning })
	for _, race := range races.Suite() {
		result, err := salon.Run(ctx, race, width, func(int) { l.change(func() { r.Done++ }) })
		if err != nil {
			return fmt.Errorf("race %s: %w", race, err)
		}
		if result.Err != nil {
			l.cfg.Log.WarnContext(ctx, "a racer failed", "race", race, "err", result.Err)
		}
		l.change(func() { r.Races = append(r.Races, judged(result)) })
	}
	return nil
}

func judged(r races.Result) raceResult {
	out := raceResult{
		Race: r.Race, Rounds: r.Rounds, Passed: r.Passed(), Tries: len(r.Attempts), P50: millis(r.Quantile(0.5)), P95: millis(r.Quantile(0.95)), Max: millis(r.Quantile(1)),
		Doubles: r.Overlaps, Deadlock: r.Count(races.Deadlock), Timeouts: r.Count(races.Timeout), Findings: []raceFinding{},
	}
	for _, f := range r.Findings {
		out.Findings = append(out.Findings, raceFinding(f))
	}
	for _, a := range r.Attempts {
		out.Timings = append(out.Timings, raceTiming{a.Round, millis(a.Took), a.Outcome})
	}
	return out
}

func millis(d time.Duration) float64 {
	return float64(d.Round(10*time.Microsecond).Microseconds()) / 1000
}

// end keeps what came of a run, and forgets the oldest.
func (l *lab) end(r *raceRun, why string) {
	now := l.cfg.Clock.Machine()
	l.change(func() {
		r.EndedAt, r.State, r.Why = &now, runDone, why
		if why != "" {
			r.State = runFailed
		}
		r.Passed = why == "" && !slices.ContainsFunc(r.Races, func(one raceResult) bool { return !one.Passed })
	})
	l.mu.Lock()
	defer l.mu.Unlock()
	err := l.write(*r)
	for len(l.runs) > labKeeps {
		last := l.runs[len(l.runs)-1]
		l.runs = l.runs[:len(l.runs)-1]
		if l.cfg.Races != "" {
			err = errors.Join(err, os.Remove(l.file(last.ID)))
		}
	}
	if err != nil {
		l.cfg.Log.Warn("what came of races is not kept", slog.Any("err", err))
	}
}

func (l *lab) change(do func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	do()
}

func (l *lab) file(id string) string { return filepath.Join(l.cfg.Races, "run-"+id+".json") }

// write keeps a run, whole or not at all. Without a folder nothing is kept beyond the process.
func (l *lab) write(r raceRun) error {
	if l.cfg.Races == "" {
		return nil
	}
	raw, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("keep races: %w", err)
	}
	if err := os.MkdirAll(l.cfg.Races, 0o700); err != nil {
		return fmt.Errorf("keep races: %w", err)
	}
	next := l.file(r.ID) + ".next"
	return wrap(errors.Join(os.WriteFile(next, raw, 0o600), os.Rename(next, l.file(r.ID))), "keep races")
}

// list is every run without its timings, newest first.
func (l *lab) list() []raceRun {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := make([]raceRun, 0, len(l.runs))
	for _, r := range l.runs {
		one := *r
		one.Races = slices.Clone(r.Races)
		for i := range one.Races {
			one.Races[i].Timings = nil
		}
		out = append(out, one)
	}
	return out
}

// one is a run with its timings.
func (l *lab) one(id string) (raceRun, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, r := range l.runs {
		if r.ID == id {
			out := *r
			out.Races = slices.Clone(r.Races)
			return out, nil
		}
	}
	return raceRun{}, &controlError{http.StatusNotFound, "there is no such run, or it is no longer kept"}
}

type racesRequest struct {
	Repetitions int `json:"repetitions"`
}

// runRaces begins a run of the races on a scratch database.
func (s *Server) runRaces(_ context.Context, in racesRequest) (raceRun, error) {
	return s.lab.start(in.Repetitions)
}

func (s *Server) showRaces(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]any{"runs": s.lab.list()})
}

func (s *Server) showRace(w http.ResponseWriter, r *http.Request) {
	run, err := s.lab.one(r.PathValue("run"))
	if err != nil {
		answerError(w, err)
		return
	}
	writeJSON(w, http.StatusOK, run)
}
