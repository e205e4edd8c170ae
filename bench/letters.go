package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"frontdesk/internal/clock"
	"frontdesk/internal/database"
	"frontdesk/internal/letters"
	"frontdesk/internal/redisstore"
	"frontdesk/jobs/queue"
)

const (
	deadMany   = letters.MaxBack
	backTarget = 3800 // jobs a second
	deadTarget = 100 * time.Millisecond
	deadAsks   = 40
)

// measureLetters lets a hundred thousand jobs die, opens the room that lists them, and brings all of them back by one act.
func measureLetters(ctx context.Context, b *bench) error {
	pause, err := openPause(ctx, b.database)
	if err != nil {
		return err
	}
	defer pause.close()
	if err := pause.workers(ctx); err != nil { // nobody works what comes back
		return err
	}
	if err := b.die(ctx, deadMany); err != nil {
		return err
	}
	if err := b.openRoom(ctx); err != nil {
		return err
	}
	watch := watching(b)
	if err := b.bringBack(ctx, deadMany); err != nil {
		return err
	}
	watch.report("bringing back")
	if err := b.tell(ctx, []step{
		{"no dead jobs", "DELETE FROM river_job WHERE args->>'bench' = 'dead'"}, {"no letters", "TRUNCATE letters, letter_groups, letter_run_jobs, letter_runs CASCADE"},
		{"what a server has done after a while", "VACUUM (ANALYZE) river_job"},
	}); err != nil {
		return err
	}
	return pause.resume(ctx)
}

// die lets jobs of twenty thousand conversations die of forty causes, few at a time as they do.
func (b *bench) die(ctx context.Context, many int) error {
	steps := []step{{"ids", named}}
	for n := 0; n < many; n += 1000 {
		steps = append(steps, step{"dead jobs", fmt.Sprintf(`WITH new AS (INSERT INTO river_job (kind, args, max_attempts)
				SELECT CASE WHEN n %% 5 < 3 THEN 'chat.turn' ELSE 'notify.flush' END, jsonb_build_object('conversation_id', pg_temp.named(3, 1 + n %% 20000), 'bench', 'dead'), 12
				FROM generate_series(%d, %d) n RETURNING id) SELECT count(*) FROM new`, n, n+999)},
			step{"their deaths", `UPDATE river_job SET state = 'discarded', attempt = max_attempts, finalized_at = now(),
				errors = ARRAY[jsonb_build_object('at', now(), 'attempt', 12, 'trace', '', 'error',
					'ask cause ' || repeat('x', 1 + (id % 40)::int) || ': took ' || id || ' ms for ' || gen_random_uuid())]
				WHERE state = 'available' AND args->>'bench' = 'dead'`})
	}
	return b.tell(ctx, append(steps, step{"what a server has done after a while", "VACUUM (ANALYZE) river_job, letters, letter_groups"}))
}

// openRoom asks for the room and its lists in turn, over and over.
func (b *bench) openRoom(ctx context.Context) error {
	pages := []string{"/console/dead-letters", "/console/dead-letters/jobs", "/console/dead-letters/jobs?kind=notify.flush"}
	times := map[string][]time.Duration{}
	for round := range deadAsks + 2 {
		for _, path := range pages {
			began := time.Now()
			status, _, err := b.app.get(ctx, path)
			if err == nil && status != http.StatusOK {
				err = fmt.Errorf("%s: got %d", path, status)
			}
			if err != nil {
				return err
			}
			if round >= 2 { // plans are made, pages are warm
				times[path] = append(times[path], time.Since(began))
			}
		}
	}
	for i, path := range pages {
		b.times(fmt.Sprintf("DeadLettersPage%d", i+1), times[path])
		b.within(fmt.Sprintf("%s with %d dead jobs", path, deadMany), times[path], deadTarget)
	}
	return nil
}

// bringBack brings all of them back by the rule that the room's form calls. Each is done at once: of a customer's jobs
// the next comes back when the one before has ended.
func (b *bench) bringBack(ctx context.Context, many int) error {
	db, err := database.Open(ctx, b.database, database.Options{})
	if err != nil {
		return err
	}
	defer db.Close()
	redis, err := redisstore.Open(os.Getenv("TEST_REDIS_URL"))
	if err != nil {
		return err
	}
	defer redis.Close()
	tray := letters.New(db, clock.System(), queue.New(db), redis)
	began := time.Now()
	run, err := tray.Begin(ctx, letters.Start{Actor: "machine", Count: many})
	if err != nil {
		return err
	}
	fixed := time.Since(began)
	var ended time.Duration // what the jobs themselves cost is not the requeue's
	began = time.Now()
	for {
		err := tray.Continue(ctx, run.ID)
		from := time.Now()
		if _, doneErr := db.Pool.Exec(ctx, "UPDATE river_job SET state = 'completed', finalized_at = now() WHERE state = 'available' AND args->>'bench' = 'dead'"); doneErr != nil {
			return fmt.Errorf("end what came back: %w", doneErr)
		}
		ended += time.Since(from)
		if err == nil {
			break
		}
		if !errors.As(err, new(*queue.Later)) {
			return err
		}
	}
	took := time.Since(began)
	rate := float64(many) / (took - ended).Seconds()
	b.figure("Requeue", rate, "jobs/s")
	b.beside(fmt.Sprintf("fixing which %d jobs come back", many), ms(fixed))
	b.beside("… and ending them, as their work would", ms(ended))
	b.judge(fmt.Sprintf("%d dead jobs brought back", many), fmt.Sprintf("%.0f/s", rate), fmt.Sprintf("≥ %d/s", backTarget), rate >= backTarget)
	return nil
}
