package jobs

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"frontdesk/internal/clock"
	"frontdesk/internal/database"
	"frontdesk/internal/logging"
	"frontdesk/internal/metrics"
	"frontdesk/internal/testkit"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

func options(db *database.DB) Options {
	return Options{DB: db, Clock: clock.System(), Metrics: metrics.New(), Log: logging.Discard(), Workers: 4, Timeout: 20 * time.Second}
}

// crewOf works chat turns with the function and nothing else.
func crewOf(t *testing.T, o Options, work func(context.Context, *river.Job[queue.ChatTurn]) error) *Crew {
	t.Helper()
	w := river.NewWorkers()
	river.AddWorker(w, river.WorkFunc(work))
	river.AddWorker(w, river.WorkFunc(func(context.Context, *river.Job[queue.Sweep]) error { return nil }))
	c, err := start(context.Background(), w, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := c.Stop(ctx); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	return c
}

func enqueue(t *testing.T, db *database.DB) {
	t.Helper()
	if err := queue.New(db).Enqueue(context.Background(), queue.ChatTurn{ConversationID: models.NewID()}); err != nil {
		t.Fatal(err)
	}
}

func jobState(t *testing.T, db *database.DB, kind string) string {
	t.Helper()
	var states []string
	if err := db.On(context.Background()).Raw("SELECT state::text FROM river_job WHERE kind = ?", kind).Scan(&states).Error; err != nil {
		t.Fatal(err)
	}
	return strings.Join(states, " ")
}

// TestMain lets this binary play a process that takes a job and never ends it.
func TestMain(m *testing.M) {
	if url := os.Getenv("CREW_THAT_HANGS"); url != "" {
		hang(url)
		return
	}
	os.Exit(m.Run())
}

func hang(url string) {
	db, err := database.Open(context.Background(), url, database.Options{})
	if err != nil {
		panic(err)
	}
	w := river.NewWorkers()
	river.AddWorker(w, river.WorkFunc(func(context.Context, *river.Job[queue.ChatTurn]) error { select {} }))
	if _, err := start(context.Background(), w, options(db)); err != nil {
		panic(err)
	}
	select {}
}

func TestJobsOfAKilledProcessAreTakenBackAndThoseOfALivingOneAreNot(t *testing.T) {
	t.Parallel()
	url := testkit.DatabaseURL(t)
	db, err := database.Open(context.Background(), url, database.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	victim := exec.Command(os.Args[0])
	victim.Env = append(os.Environ(), "CREW_THAT_HANGS="+url)
	victim.Stderr = os.Stderr
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	enqueue(t, db)
	running := func() bool { return jobState(t, db, "chat.turn") == "running" }
	testkit.Eventually(t, time.Minute, "the other process takes the job", running)

	var worked atomic.Int32
	crewOf(t, options(db), func(_ context.Context, job *river.Job[queue.ChatTurn]) error {
		worked.Add(1)
		if job.Attempt != 2 {
			t.Errorf("attempt: got %d, want 2", job.Attempt)
		}
		return nil
	})
	if n, err := rescue(context.Background(), db, "nobody", nil); err != nil || n != 0 || !running() {
		t.Errorf("a living process lost its job: %d rescued, %v", n, err)
	}
	if err := syscall.Kill(victim.Process.Pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = victim.Wait() // killed
	died := time.Now()
	testkit.Eventually(t, time.Minute, "the job is worked again", func() bool { return jobState(t, db, "chat.turn") == "completed" })
	t.Logf("worked again %s after the kill", time.Since(died).Round(time.Millisecond))
	if worked.Load() != 1 {
		t.Errorf("worked: got %d times, want 1", worked.Load())
	}
}

// Whoever waits until all is done need not wait for River's next round.
func TestTheEndOfAJobIsNotedAtOnce(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t, clock.System())
	var job int64
	if err := db.Pool.QueryRow(t.Context(), `INSERT INTO river_job (kind, args, max_attempts, state, attempt, attempted_at)
		VALUES ('chat.turn', '{}', 5, 'running', 1, now()) RETURNING id`).Scan(&job); err != nil {
		t.Fatal(err)
	}
	o := &observer{metrics: metrics.New(), hands: newHands(clock.System()), done: noteIn(db)}
	row := &rivertype.JobRow{ID: job, Kind: "chat.turn"}
	for _, c := range []struct {
		err  error
		want string
	}{{errors.New("not yet"), "running"}, {nil, "completed"}} {
		if err := o.Work(t.Context(), row, func(context.Context) error { return c.err }); !errors.Is(err, c.err) {
			t.Errorf("the job's own error is %v, want %v", err, c.err)
		}
		if got := jobState(t, db, "chat.turn"); got != c.want {
			t.Errorf("after %v the job is %s, want %s", c.err, got, c.want)
		}
	}
}

func TestAJobThatKillsItsProcessEndsAsADeadLetter(t *testing.T) {
	t.Parallel()
	c, _ := clock.Fixed(time.Now())
	db := testkit.DB(t, c)
	enqueue(t, db)
	err := db.On(context.Background()).Exec(`UPDATE river_job SET state = 'running', attempt = max_attempts, attempted_by = '{gone}'`).Error
	if err != nil {
		t.Fatal(err)
	}
	if n, err := rescue(context.Background(), db, "nobody", nil); n != 1 || err != nil {
		t.Errorf("rescue: got %d, %v", n, err)
	}
	if got := jobState(t, db, "chat.turn"); got != "discarded" {
		t.Errorf("state: got %s, want discarded", got)
	}
}

// The database may be away when a job ends, or when one is handed out: it then stands as running and
// nobody works on it. The crew takes it back; one that is worked stays where it is, however long.
func TestAJobWhoseEndWasLostIsWorkedAgain(t *testing.T) {
	t.Parallel()
	c, _ := clock.Fixed(time.Now())
	db := testkit.DB(t, c)
	var worked atomic.Int32
	begun, release := make(chan struct{}), make(chan struct{})
	crew := crewOf(t, options(db), func(context.Context, *river.Job[queue.ChatTurn]) error {
		if worked.Add(1) == 1 {
			close(begun)
			<-release
		}
		return nil
	})
	standsAsRunning := func() { // for longer than a crew waits, and too short for River to take it back by itself
		t.Helper()
		err := db.On(context.Background()).Exec(`UPDATE river_job SET state = 'running', finalized_at = NULL, attempted_at = now() - interval '1 minute'
			WHERE kind = 'chat.turn'`).Error
		if err != nil {
			t.Fatal(err)
		}
	}
	enqueue(t, db)
	<-begun
	standsAsRunning()
	if n, err := rescue(context.Background(), db, crew.presence.id, crew.presence.hands.full()); err != nil || n != 0 {
		t.Errorf("a job that is worked was taken back: %d, %v", n, err)
	}
	close(release)
	testkit.Eventually(t, 2*time.Minute, "the job is done", func() bool { return jobState(t, db, "chat.turn") == "completed" })
	standsAsRunning()
	if held := crew.presence.hands.full(); len(held) == 0 {
		t.Error("a job that has just ended counts as forgotten: its end may be on the way")
	}
	if _, err := rescue(context.Background(), db, crew.presence.id, nil); err != nil { // as if it had ended long ago
		t.Fatal(err)
	}
	testkit.Eventually(t, 2*time.Minute, "the job is worked again", func() bool { return worked.Load() == 2 && jobState(t, db, "chat.turn") == "completed" })
}

func TestAPanicCostsOneAttempt(t *testing.T) {
	t.Parallel()
	c, _ := clock.Fixed(time.Now())
	db := testkit.DB(t, c)
	o := options(db)
	var tries atomic.Int32
	crewOf(t, o, func(context.Context, *river.Job[queue.ChatTurn]) error {
		switch tries.Add(1) {
		case 1:
			panic("boom")
		case 2:
			return errors.New("not yet")
		case 3:
			return river.JobSnooze(10 * time.Millisecond)
		}
		return nil
	})
	enqueue(t, db)
	testkit.Eventually(t, time.Minute, "the job ends well", func() bool { return jobState(t, db, "chat.turn") == "completed" })
	text, err := o.Metrics.Prometheus()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`outcome="done"} 1`, `outcome="failed"} 1`, `outcome="snoozed"} 1`} {
		if !strings.Contains(string(text), `jobs_worked_total{kind="chat.turn",`+want) {
			t.Errorf("%s is missing", want)
		}
	}
}

func TestStopReturnsAJobThatDoesNotEnd(t *testing.T) {
	t.Parallel()
	c, _ := clock.Fixed(time.Now())
	db := testkit.DB(t, c)
	w := river.NewWorkers()
	river.AddWorker(w, river.WorkFunc(func(ctx context.Context, _ *river.Job[queue.ChatTurn]) error {
		<-ctx.Done()
		return ctx.Err()
	}))
	crew, err := start(context.Background(), w, options(db))
	if err != nil {
		t.Fatal(err)
	}
	enqueue(t, db)
	testkit.Eventually(t, time.Minute, "the job runs", func() bool { return jobState(t, db, "chat.turn") == "running" })
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := crew.Stop(ctx); err != nil {
		t.Errorf("stop: %v", err)
	}
	if got := jobState(t, db, "chat.turn"); got != "available" {
		t.Errorf("state: got %s, want available", got)
	}
}

func TestTwoCrewsAskForOneSweepAPeriod(t *testing.T) {
	t.Parallel()
	c, _ := clock.Fixed(time.Now())
	db := testkit.DB(t, c)
	o := options(db)
	o.Sweep = time.Hour
	none := func(context.Context, *river.Job[queue.ChatTurn]) error { return nil }
	one, two := crewOf(t, o, none), crewOf(t, o, none)
	for range 3 {
		for _, crew := range []*Crew{one, two} {
			if err := crew.presence.askForSweep(context.Background()); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got := len(testkit.Jobs(t, db, "sweep.due")); got != 1 {
		t.Errorf("sweeps: got %d, want 1", got)
	}
	if err := one.Healthy(); err != nil {
		t.Errorf("healthy: %v", err)
	}
}

func TestASweepThatFailsIsNoDeadLetter(t *testing.T) {
	t.Parallel()
	c, _ := clock.Fixed(time.Now())
	db := testkit.DB(t, c)
	w := river.NewWorkers()
	river.AddWorker(w, river.WorkFunc(func(context.Context, *river.Job[queue.Sweep]) error { return errors.New("no Redis") }))
	crew, err := start(context.Background(), w, options(db))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := crew.Stop(context.Background()); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	if err := queue.New(db).Enqueue(context.Background(), queue.Sweep{}); err != nil {
		t.Fatal(err)
	}
	testkit.Eventually(t, time.Minute, "the sweep is given up", func() bool { return jobState(t, db, "sweep.due") == "cancelled" })
}

func TestPauses(t *testing.T) {
	for _, tt := range []struct {
		attempt        int
		first, longest time.Duration
		want           time.Duration
	}{
		{0, time.Second, time.Minute, time.Second},
		{1, 100 * time.Millisecond, 30 * time.Second, 100 * time.Millisecond},
		{4, 100 * time.Millisecond, 30 * time.Second, 800 * time.Millisecond},
		{7, time.Second, time.Minute, time.Minute},
		{200, time.Second, time.Minute, time.Minute},
	} {
		if got := pause(tt.attempt, tt.first, tt.longest); got != tt.want {
			t.Errorf("attempt %d: got %s, want %s", tt.attempt, got, tt.want)
		}
	}
}

// Crews at work are counted, in whichever process they are, until they stop.
func TestCrewsAreCounted(t *testing.T) {
	t.Parallel()
	c, _ := clock.Fixed(time.Now())
	db := testkit.DB(t, c)
	crews := func(want int) {
		t.Helper()
		testkit.Eventually(t, time.Minute, "the crews are counted", func() bool {
			h, err := queue.New(db).Health(t.Context())
			return err == nil && h.Crews == want
		})
	}
	nothing := func(context.Context, *river.Job[queue.ChatTurn]) error { return nil }
	crews(0)
	first := crewOf(t, options(db), nothing)
	crewOf(t, options(db), nothing)
	crews(2)
	if err := first.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	crews(1)
}
