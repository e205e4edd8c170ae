package simulator

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"frontdesk/internal/testkit"
)

// labBench is a bench that keeps its races in a folder.
func labBench(t *testing.T) *bench {
	t.Helper()
	t.Parallel()
	a := newApp(t)
	cfg := testConfig(t, a)
	cfg.Races = t.TempDir()
	return &bench{start(t, cfg), t, a}
}

// scratchIsThere tells whether the lab's scratch database exists.
func (b *bench) scratchIsThere() (there bool) {
	b.t.Helper()
	err := b.cfg.DB.Pool.QueryRow(b.t.Context(), "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", b.lab.scratch.Name()).Scan(&there)
	if err != nil {
		b.t.Fatal(err)
	}
	return there
}

func (b *bench) raceIsOver(id string) raceRun {
	b.t.Helper()
	var run raceRun
	testkit.Eventually(b.t, 3*time.Minute, "the races are over", func() bool {
		got, err := b.lab.one(id)
		run = got
		return err == nil && !run.underWay()
	})
	return run
}

// The races are run on a database of their own that goes afterwards, one run at a time, and nothing of them
// reaches the salon that people use.
func TestRacesAreRunOnAScratchDatabase(t *testing.T) {
	b := labBench(t)
	for _, repetitions := range []any{0, -1, 21, "ten"} {
		if status, _ := b.control("races", map[string]any{"repetitions": repetitions}); status != http.StatusBadRequest {
			t.Errorf("%v repetitions: got %d", repetitions, status)
		}
	}
	before := b.number("SELECT count(*) FROM appointments") + b.number("SELECT count(*) FROM customers")
	status, begun := b.control("races", map[string]any{"repetitions": 1})
	if status != http.StatusOK {
		t.Fatalf("begin: got %d %v", status, begun)
	}
	if status, _ := b.control("races", map[string]any{"repetitions": 1}); status != http.StatusConflict {
		t.Errorf("while one is run: got %d", status)
	}
	id, _ := begun["id"].(string)
	run := b.raceIsOver(id)
	if run.State != runDone || !run.Passed || run.Done != run.Total || len(run.Races) != 8 || run.EndedAt == nil {
		t.Errorf("the run: %+v", run)
	}
	for _, r := range run.Races {
		if r.Doubles != 0 || r.Tries != len(r.Timings) || r.Tries == 0 || r.P50 <= 0 || r.P95 < r.P50 || r.Max < r.P95 {
			t.Errorf("%s: %+v", r.Race, r)
		}
	}
	if b.scratchIsThere() {
		t.Error("the scratch database is still there")
	}
	if after := b.number("SELECT count(*) FROM appointments") + b.number("SELECT count(*) FROM customers"); after != before {
		t.Errorf("the salon has %d visits and customers, before %d", after, before)
	}
	if status, _ := b.call(http.MethodGet, "/control/races/"+id, nil); status != http.StatusOK {
		t.Errorf("the run: got %d", status)
	}
	if status, _ := b.call(http.MethodGet, "/control/races/none", nil); status != http.StatusNotFound {
		t.Errorf("a run that is not there: got %d", status)
	}
	again, err := newLab(t.Context(), b.lab.cfg)
	if err != nil || len(again.list()) != 1 || again.list()[0].Races[0].Timings != nil || !again.list()[0].Passed {
		t.Errorf("after a restart: %+v, %v", again, err)
	}
}

// A run ends with the stand-ins, its database goes with it; one that was killed is said to have been, and what
// it left goes at the next start.
func TestARunThatIsCutOffLeavesNothing(t *testing.T) {
	b := labBench(t)
	begun, err := b.lab.start(20)
	if err != nil {
		t.Fatal(err)
	}
	testkit.Eventually(t, time.Minute, "the races run", func() bool {
		run, err := b.lab.one(begun.ID)
		return err == nil && run.State == runRunning
	})
	stop(t, b.Server)
	if run := b.raceIsOver(begun.ID); run.State != runFailed || run.Why != whyStopped || run.Passed {
		t.Errorf("the run: %+v", run)
	}
	if b.scratchIsThere() {
		t.Error("the scratch database is still there")
	}
	b.sql("CREATE DATABASE " + b.lab.scratch.Name())
	killed := filepath.Join(b.cfg.Races, "run-ff.json")
	if err := os.WriteFile(killed, []byte(`{"id":"ff","state":"running","total":8}`), 0o600); err != nil {
		t.Fatal(err)
	}
	again := &bench{start(t, b.cfg), t, b.app}
	if run, err := again.lab.one("ff"); err != nil || run.State != runFailed || run.Why != whyStopped {
		t.Errorf("a run that was killed: %+v, %v", run, err)
	}
	if again.scratchIsThere() {
		t.Error("what a killed run left is still there")
	}
	again.sql("CREATE DATABASE " + b.lab.scratch.Name()) // as a run leaves it that could not drop it, and says that it failed
	third, err := newLab(t.Context(), b.lab.cfg)
	if err != nil || again.scratchIsThere() {
		t.Errorf("what a run left that is over is still there: %+v, %v", third, err)
	}
}
