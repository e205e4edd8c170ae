package jobs

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"frontdesk/internal/clock"
	"frontdesk/internal/database"
	"frontdesk/internal/letters"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/testkit"
	"frontdesk/jobs/queue"
)

// deadLetters are n jobs that failed for good, each of a conversation of its own.
func deadLetters(t *testing.T, db *database.DB, n int) {
	t.Helper()
	for _, sql := range []string{
		`INSERT INTO contacts (id, channel, address, created_at, updated_at) SELECT md5('c' || n)::uuid, 'whatsapp', '+4477' || n, now(), now() FROM generate_series(1, @n) n`,
		`INSERT INTO conversations (id, contact_id, language, created_at, updated_at) SELECT md5('t' || n)::uuid, md5('c' || n)::uuid, 'en', now(), now() FROM generate_series(1, @n) n`,
		`INSERT INTO river_job (kind, args, max_attempts) SELECT 'chat.turn', jsonb_build_object('conversation_id', md5('t' || n)::uuid), 12 FROM generate_series(1, @n) n`,
		`UPDATE river_job SET state = 'discarded', attempt = max_attempts, finalized_at = now(),
			errors = ARRAY[jsonb_build_object('at', now(), 'attempt', max_attempts, 'error', 'it is broken', 'trace', '')]`,
	} {
		var values []any
		if strings.Contains(sql, "@n") {
			values = append(values, map[string]any{"n": n})
		}
		if err := db.On(context.Background()).Exec(sql, values...).Error; err != nil {
			t.Fatal(err)
		}
	}
}

// noted counts what was written down of moved letters.
func noted(into *atomic.Int64) queue.Note {
	return func(_ context.Context, moved int) error {
		into.Add(int64(moved))
		return nil
	}
}

// What failed for good is set aside once and comes back once, however often and by however many it is asked for; its
// failures stay with it, and it is worked again with all of its attempts (R-1202, R-1203, X17).
func TestDeadLettersComeBackOnce(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c, _ := clock.Fixed(time.Now())
	db := testkit.DB(t, c)
	q := queue.New(db)
	tray := letters.New(db, c, q, testkit.Redis(t))
	deadLetters(t, db, 60)
	want := func(what string, depth queue.Depth) {
		t.Helper()
		if got, err := q.Depth(ctx); err != nil || got != depth {
			t.Errorf("%s: %+v, %v, want %+v", what, got, err, depth)
		}
	}
	atOnce := func(move func(context.Context, int, queue.Note) (int, error), limit int) (moved int64) {
		var all sync.WaitGroup
		var sum, told atomic.Int64
		for range 6 {
			all.Go(func() {
				n, err := move(ctx, limit, noted(&told))
				if err != nil {
					t.Error(err)
				}
				sum.Add(int64(n))
			})
		}
		all.Wait()
		if told.Load() != sum.Load() {
			t.Errorf("%d were moved and %d noted", sum.Load(), told.Load())
		}
		return sum.Load()
	}
	want("before", queue.Depth{Failed: 60})
	if n, err := q.SetAside(ctx, 10, noted(new(atomic.Int64))); n != 10 || err != nil {
		t.Errorf("set aside: %d, %v", n, err)
	}
	want("ten aside", queue.Depth{Failed: 50, SetAside: 10})
	if n := atOnce(q.SetAside, 200); n != 50 {
		t.Errorf("the rest is set aside: %d", n)
	}
	want("all aside", queue.Depth{SetAside: 60})
	requeue := func(ctx context.Context, limit int, note queue.Note) (int, error) {
		n, err := tray.Requeue(ctx, "machine", limit)
		return n, errors.Join(err, note(ctx, n))
	}
	if n := atOnce(requeue, 200); n != 60 {
		t.Errorf("all come back: %d", n)
	}
	want("all back", queue.Depth{Wait: 60})
	if n := atOnce(requeue, 200); n != 0 {
		t.Errorf("they come back again: %d", n)
	}
	var kept int64
	err := db.On(ctx).Raw("SELECT count(*) FROM river_job WHERE attempt = 0 AND cardinality(errors) = 1 AND metadata->>'set_aside' IS NULL").Scan(&kept).Error
	if err != nil || kept != 60 {
		t.Errorf("%d begin anew and know what they failed of, %v", kept, err)
	}
	var worked atomic.Int64
	crewOf(t, options(db), func(context.Context, *river.Job[queue.ChatTurn]) error { worked.Add(1); return nil })
	testkit.Eventually(t, time.Minute, "they are worked", func() bool { return worked.Load() == 60 })
}

// What failed comes back without being set aside first; what is aside comes first. Where it cannot be written down who did it,
// nothing moves.
func TestDeadLettersInOrder(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c, _ := clock.Fixed(time.Now())
	db := testkit.DB(t, c)
	q := queue.New(db)
	tray := letters.New(db, c, q, testkit.Redis(t))
	deadLetters(t, db, 3)
	exec := func(sql string) {
		t.Helper()
		if err := db.On(ctx).Exec(sql).Error; err != nil {
			t.Fatal(err)
		}
	}
	exec("UPDATE river_job SET metadata = '{\"set_aside\": \"2026-10-06\"}' WHERE id = (SELECT max(id) FROM river_job)")
	exec("ALTER TABLE audit_log RENAME TO audit_gone")
	if n, err := tray.Requeue(ctx, "machine", 50); err == nil {
		t.Errorf("%d come back, and nobody wrote it down", n)
	}
	exec("ALTER TABLE audit_gone RENAME TO audit_log")
	if d, err := q.Depth(ctx); err != nil || d != (queue.Depth{Failed: 2, SetAside: 1}) {
		t.Errorf("after a failure: %+v, %v", d, err)
	}
	if n, err := tray.Requeue(ctx, "machine", 1); n != 1 || err != nil {
		t.Errorf("one comes back: %d, %v", n, err)
	}
	if d, err := q.Depth(ctx); err != nil || d != (queue.Depth{Wait: 1, Failed: 2}) {
		t.Errorf("after one: %+v, %v", d, err)
	}
	if n, err := tray.Requeue(ctx, "machine", 50); n != 2 || err != nil {
		t.Errorf("the others: %d, %v", n, err)
	}
}

// A process that dies at work on a run leaves its job running with nobody at it, and perhaps one that waited for the end of
// another: whoever takes the job over brings every one of them back, one after the other where they are one customer's.
func TestARunOutlivesItsProcess(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c, _ := clock.Fixed(time.Now())
	db := testkit.DB(t, c)
	q := queue.New(db)
	tray := letters.New(db, c, q, testkit.Redis(t))
	deadLetters(t, db, 20)
	r, err := tray.Begin(ctx, letters.Start{Actor: "machine", Count: 20, Rate: 5})
	if err != nil {
		t.Fatal(err)
	}
	if err := tray.Continue(ctx, r.ID); !errors.As(err, new(*queue.Later)) { // a step was committed; then the process was gone
		t.Fatal(err)
	}
	err = db.On(ctx).Exec("UPDATE river_job SET state = 'running', attempt = 1, attempted_at = now() - interval '1 minute', attempted_by = '{gone}' WHERE kind = 'letters.back'").Error
	if err != nil {
		t.Fatal(err)
	}
	atWork(t, Rules{Letters: tray}, options(db))
	testkit.Eventually(t, time.Minute, "the run is done", func() bool {
		got, err := tray.Run(ctx, r.ID)
		return err == nil && got.State == "done" && got.Back == 20 && got.Refused == 0
	})
}

// Whoever has the dead letters open hears of a death by whatever road a job dies, and of one that is back.
func TestDeathsAreTold(t *testing.T) {
	t.Parallel()
	c, _ := clock.Fixed(time.Now())
	db, live := testkit.DB(t, c), testkit.Redis(t)
	q := queue.New(db)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	var told atomic.Int32
	go func() {
		_ = live.Watch(ctx, []string{redisstore.TopicLetters}, func(string, string) { told.Add(1) }) // ends with the test
	}()
	atWork(t, Rules{Letters: letters.New(db, c, q, live)}, options(db))
	testkit.Eventually(t, time.Minute, "the watch is on", func() bool {
		live.Changed(ctx, redisstore.TopicLetters, "probe")
		return told.Load() > 0
	})
	for _, road := range []string{
		`INSERT INTO river_job (kind, args, max_attempts, state, finalized_at) VALUES ('chat.turn', '{}', 12, 'discarded', now())`,
		`INSERT INTO river_job (kind, args, max_attempts, attempt, state, attempted_at, attempted_by) VALUES ('chat.turn', '{}', 12, 12, 'running', now(), '{gone}')`, // a crew takes it back
		`UPDATE river_job SET state = 'completed' WHERE state = 'discarded'`,
	} {
		before := told.Load()
		if err := db.On(ctx).Exec(road).Error; err != nil {
			t.Fatal(err)
		}
		testkit.Eventually(t, time.Minute, "it is told", func() bool { return told.Load() > before })
	}
}
