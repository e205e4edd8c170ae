package letters_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"frontdesk/internal/fault"
	"frontdesk/internal/letters"
	"frontdesk/internal/testkit"
	"frontdesk/jobs/queue"
)

// Whoever is at a run may be killed at any moment, and several may be at it at once: every job comes back, and once.
func TestAKilledRunLosesAndDoublesNothing(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.talks(3000)
	d.dead("chat.turn", 4000, 3000, 1)
	d.exec(`CREATE TABLE came (job_id bigint)`)
	d.exec(`CREATE FUNCTION note_came() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO came VALUES (NEW.id); RETURN NULL; END $$`)
	d.exec(`CREATE TRIGGER came AFTER UPDATE OF state ON river_job FOR EACH ROW WHEN (OLD.state = 'discarded' AND NEW.state = 'available') EXECUTE FUNCTION note_came()`)
	r, err := d.Begin(d.ctx, letters.Start{Actor: "machine", Count: 4000})
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	killed := make(chan struct{}, 100)
	for range 3 {
		all.Go(func() {
			for range 12 {
				ctx, kill := context.WithTimeout(d.ctx, time.Duration(5+rand.IntN(120))*time.Millisecond)
				if err := d.Continue(ctx, r.ID); err != nil && !errors.As(err, new(*queue.Later)) {
					killed <- struct{}{}
				}
				kill()
			}
		})
	}
	for range 10 { // as a server does that goes away
		d.exec("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE '%letter_run%'")
	}
	all.Wait()
	if len(killed) == 0 {
		t.Error("nobody was killed at work")
	}
	d.finish(r.ID)
	if n, once := d.number("SELECT count(*) FROM came"), d.number("SELECT count(DISTINCT job_id) FROM came"); n != 4000 || once != 4000 {
		t.Errorf("%d times a job came back, %d jobs; want 4000 and 4000", n, once)
	}
	if r, err = d.Run(d.ctx, r.ID); err != nil || r.Back != 4000 || r.State != "done" {
		t.Errorf("%+v, %v", r, err)
	}
	d.counted()
}

// A run whose job is lost is taken up again; one that is stopped brings nothing more back.
func TestARunIsTakenUpAgainOrStopped(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.talks(10)
	d.dead("chat.turn", 10, 10, 1)
	r, err := d.Begin(d.ctx, letters.Start{Actor: "machine", Count: 10, Rate: 1})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Continue(d.ctx, r.ID); !errors.As(err, new(*queue.Later)) {
		t.Fatalf("one a second: %v", err)
	}
	d.exec("DELETE FROM river_job WHERE kind = 'letters.back'")
	d.exec("UPDATE letter_runs SET stepped_at = stepped_at - interval '1 minute'")
	for range 3 { // once is enough, though nobody comes to do it
		if err := d.Resume(d.ctx); err != nil {
			t.Fatal(err)
		}
		d.exec("UPDATE letter_runs SET stepped_at = stepped_at - interval '1 minute'")
	}
	if n := len(testkit.Jobs(t, d.db, "letters.back")); n != 1 {
		t.Errorf("%d jobs go on with it", n)
	}
	if r, err = d.Cancel(d.ctx, r.ID, "machine"); err != nil || r.Back < 1 || r.Back > 3 {
		t.Fatalf("stopped: %+v, %v", r, err)
	}
	if err := d.Continue(d.ctx, r.ID); err != nil {
		t.Fatal(err)
	}
	if n, err := d.Count(d.ctx, letters.Filter{}); err != nil || n != 10-r.Back {
		t.Errorf("%d are dead still, %v; want %d", n, err, 10-r.Back)
	}
	d.counted()
}

// A hundred thousand dead jobs: no list reads them whole, and many come back at a good pace.
func TestAHundredThousandDeadLetters(t *testing.T) {
	if testing.Short() {
		t.Skip("long")
	}
	d := newDesk(t)
	d.talks(20_000)
	d.exec("DROP TRIGGER letters_move ON river_job; DROP TRIGGER letters_come ON river_job; DROP TRIGGER letters_go ON river_job")
	for range 20 { // dead before anybody watched
		d.exec(`INSERT INTO river_job (kind, args, max_attempts) SELECT CASE WHEN n % 5 < 3 THEN 'chat.turn' ELSE 'notify.flush' END,
			jsonb_build_object('conversation_id', md5('t' || (1 + n % 20000))::uuid), 12 FROM generate_series(1, 5000) n`)
		d.exec("UPDATE river_job SET "+died+" WHERE state = 'available'", 40)
	}
	err := d.db.Patiently(d.ctx, 5*time.Minute, func(ctx context.Context) error { return d.db.On(ctx).Exec("SELECT letters_watch()").Error })
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"letters", "letter_groups", "river_job"} {
		d.exec("ANALYZE " + table)
	}
	groups, err := d.Groups(d.ctx, letters.Filter{}, letters.Page{Limit: 51})
	if err != nil {
		t.Fatal(err)
	}
	talk := d.id("SELECT md5('t77')::uuid")
	list, err := d.Letters(d.ctx, letters.Filter{}, letters.Page{Limit: 51})
	if err != nil {
		t.Fatal(err)
	}
	deep := letters.Page{Limit: 51, At: list[50].DiedAt, Job: list[50].JobID - 30_000}
	for name, read := range map[string]func() error{
		"groups": func() error { _, err := d.Groups(d.ctx, letters.Filter{}, letters.Page{Limit: 51}); return err },
		"all":    func() error { _, err := d.Letters(d.ctx, letters.Filter{}, letters.Page{Limit: 51}); return err },
		"deep":   func() error { _, err := d.Letters(d.ctx, letters.Filter{}, deep); return err },
		"one group": func() error {
			_, err := d.Letters(d.ctx, letters.Filter{Group: groups[3].ID}, letters.Page{Limit: 51})
			return err
		},
		"kind": func() error {
			_, err := d.Letters(d.ctx, letters.Filter{Kind: "notify.flush"}, letters.Page{Limit: 51})
			return err
		},
		"words": func() error {
			_, err := d.Letters(d.ctx, letters.Filter{Words: "xxxxx"}, letters.Page{Limit: 51})
			return err
		},
		"about": func() error {
			_, err := d.Letters(d.ctx, letters.Filter{About: talk}, letters.Page{Limit: 51})
			return err
		},
		"count":  func() error { _, err := d.Count(d.ctx, letters.Filter{Kind: "chat.turn"}); return err },
		"states": func() error { _, err := d.States(d.ctx); return err },
	} {
		times := make([]time.Duration, 20)
		for i := range times {
			began := time.Now()
			if err := read(); err != nil {
				t.Fatal(name, err)
			}
			times[i] = time.Since(began)
		}
		slices.Sort(times)
		t.Logf("%s: median %s, p95 %s", name, times[10], times[18])
		if times[10] > 100*time.Millisecond { // the slowest tell of the machine
			t.Errorf("%s takes %s", name, times[10])
		}
	}
	began := time.Now()
	plan, err := d.Plan(d.ctx, letters.Filter{})
	if err != nil || plan.Back != letters.MaxBack {
		t.Fatalf("%+v, %v", plan, err)
	}
	t.Logf("trying %d takes %s", plan.Back, time.Since(began))
	if _, err := d.Begin(d.ctx, letters.Start{Actor: "machine", Count: letters.MaxBack + 1}); !fault.Is(err, "letters.too_many_back") {
		t.Errorf("more than can be brought back at once: %v", err)
	}
	began = time.Now()
	r, err := d.Begin(d.ctx, letters.Start{Actor: "machine", Count: letters.MaxBack})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("fixing which takes %s", time.Since(began))
	began = time.Now()
	d.finish(r.ID)
	t.Logf("%d come back at %.0f a second", letters.MaxBack, letters.MaxBack/time.Since(began).Seconds())
	d.counted()
	d.plans()
}

// plans wants no list to read the letters or the jobs row by row.
func (d *desk) plans() {
	d.t.Helper()
	for _, sql := range []string{
		"SELECT job_id FROM letters l WHERE l.state = 'open' ORDER BY died_at DESC, job_id DESC LIMIT 51",
		"SELECT job_id FROM letters l WHERE l.state = 'open' AND l.kind = 'chat.turn' ORDER BY died_at DESC, job_id DESC LIMIT 51",
		"SELECT job_id FROM letters l WHERE l.state = 'open' AND l.refs @> ARRAY[md5('t77')::uuid] ORDER BY died_at DESC, job_id DESC LIMIT 51",
		"SELECT job_id FROM letter_run_jobs WHERE run_id = '00000000-0000-0000-0000-000000000000' AND state = 'ready' ORDER BY job_id LIMIT 500",
	} {
		var plan []string
		if err := d.db.On(d.ctx).Raw("EXPLAIN " + sql).Scan(&plan).Error; err != nil {
			d.t.Fatal(err)
		}
		if text := strings.Join(plan, "\n"); strings.Contains(text, "Seq Scan") {
			d.t.Errorf("%s:\n%s", sql, text)
		}
	}
}

// However many die by one statement, their group is written once, and its counts are right (R-1405).
func TestManyDeathsByOneStatementWriteTheirGroupOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.talks(200)
	d.dead("chat.turn", 1, 1, 1)
	d.exec("CREATE TABLE written (group_id uuid)")
	d.exec(`CREATE FUNCTION note_written() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO written VALUES (NEW.id); RETURN NULL; END $$`)
	d.exec("CREATE TRIGGER written AFTER UPDATE ON letter_groups FOR EACH ROW EXECUTE FUNCTION note_written()")
	kill := func(n, causes int) time.Duration {
		d.exec(`INSERT INTO river_job (kind, args, max_attempts) SELECT 'chat.turn', jsonb_build_object('conversation_id', md5('t' || (1 + n % 200))::uuid), 12 FROM generate_series(1, ?) n`, n)
		began := time.Now()
		d.exec("UPDATE river_job SET "+died+" WHERE state = 'available'", causes)
		return time.Since(began)
	}
	few, many := kill(200, 1), kill(1500, 1)
	t.Logf("200 of one group die in %s, 1500 in %s", few, many)
	if n := d.number("SELECT count(*) FROM written"); n != 2 {
		t.Errorf("their group was written %d times, want once for each of the two statements", n)
	}
	d.exec("UPDATE river_job SET state = 'available', finalized_at = NULL WHERE state = 'discarded'")
	if n := d.number("SELECT count(*) FROM written"); n != 3 {
		t.Errorf("their group was written %d times, want once more when they come back", n)
	}
	d.counted()
	d.exec("UPDATE river_job SET " + strings.Replace(died, "?", "120", 1) + " WHERE state = 'available'") // more groups than are carried along
	d.counted()
	if n := d.number("SELECT sum(deaths) FROM letter_groups"); n != 2*1701 {
		t.Errorf("%d deaths are counted, want %d", n, 2*1701)
	}
	undone := errors.New("undone")
	err := d.db.InTx(d.ctx, func(ctx context.Context) error {
		db := d.db.On(ctx)
		return errors.Join(db.Exec("SAVEPOINT s").Error, db.Exec("DELETE FROM river_job WHERE id % 2 = 0").Error, db.Exec("ROLLBACK TO s").Error,
			db.Exec("DELETE FROM river_job WHERE id % 10 = 0").Error)
	})
	if err != nil {
		t.Fatal(err)
	}
	d.counted()
	err = d.db.InTx(d.ctx, func(ctx context.Context) error {
		return errors.Join(d.db.On(ctx).Exec("DELETE FROM river_job").Error, undone)
	})
	if !errors.Is(err, undone) {
		t.Fatal(err)
	}
	d.counted()
}
