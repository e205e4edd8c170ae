package letters

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"gorm.io/gorm"

	"frontdesk/internal/audit"
	"frontdesk/internal/fault"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

const (
	// batch is how many jobs come back by one transaction; who dies meanwhile waits for it.
	batch = 500
	// stretch is how long one job of the run goes on, well under what a job may take.
	stretch = 15 * time.Second
	// pause is how long a run waits for the ends of jobs that others of their line wait for.
	pause = 100 * time.Millisecond
	// forgotten is after how long without a step a run is taken up again.
	forgotten = 30 * time.Second
)

// Run is bringing many letters back.
type Run struct {
	ID        models.ID
	Actor     string
	State     string // running, done, cancelled
	Chosen    json.RawMessage
	Rate      int
	Total     int
	Back      int
	Refused   int
	StartedAt time.Time
	SteppedAt time.Time
	EndedAt   *time.Time
}

// Left is how many are neither back nor refused.
func (r Run) Left() int { return r.Total - r.Back - r.Refused }

// Start is what somebody confirmed: these letters, exactly so many.
type Start struct {
	Actor  string
	Filter Filter
	Chosen map[string]string // the filter as it was in the address
	Rate   int               // a second; 0: as fast as it goes
	Count  int               // as it was named
}

// Begin fixes which jobs come back and lets that begin: exactly those that a filter finds and that would not be refused, in this
// moment. When they are not as many as were named, nothing happens. Faults: letters.count_changed, letters.none, letters.too_many_back.
func (t *Tray) Begin(ctx context.Context, s Start) (Run, error) {
	chosen, err := json.Marshal(s.Chosen)
	if err != nil {
		return Run{}, fmt.Errorf("write filter: %w", err)
	}
	now := t.clock.Machine()
	r := Run{ID: models.NewID(), Actor: s.Actor, State: "running", Chosen: chosen, Rate: s.Rate, Total: s.Count, StartedAt: now, SteppedAt: now}
	switch {
	case s.Count < 1:
		return r, fault.Ineligible("letters.none")
	case s.Count > MaxBack:
		return r, &fault.Fault{Kind: fault.KindIneligible, Key: "letters.too_many_back", Facts: map[string]any{"Max": MaxBack}}
	}
	err = t.db.InTx(ctx, func(ctx context.Context) error {
		db := t.db.On(ctx)
		err := db.Exec(`INSERT INTO letter_runs (id, actor, state, chosen, rate, total, started_at, stepped_at) VALUES (?, ?, 'running', ?, ?, ?, ?, ?)`,
			r.ID, r.Actor, string(chosen), r.Rate, r.Total, now, now).Error
		if err != nil {
			return fmt.Errorf("begin to bring dead letters back: %w", err)
		}
		w := lettersOf(s.Filter)
		w.args["run"] = r.ID
		fixed := db.Exec(`INSERT INTO letter_run_jobs (run_id, job_id, deaths, line, place, last, state)
			SELECT @run, job_id, deaths, line, place, place = members, CASE WHEN place = 1 THEN 'ready' ELSE 'waiting' END FROM (
				SELECT job_id, deaths, line, row_number() OVER (PARTITION BY line ORDER BY job_id) AS place, count(*) OVER (PARTITION BY line) AS members FROM (
					SELECT l.job_id, l.deaths, coalesce(l.line, gen_random_uuid()) AS line
					FROM letters l JOIN river_job j ON j.id = l.job_id AND j.state = 'discarded' WHERE `+w.String()+` AND `+refusal()+` = '') a) b`, w.args)
		if fixed.Error != nil {
			return fmt.Errorf("fix which dead letters come back: %w", fixed.Error)
		}
		if fixed.RowsAffected != int64(s.Count) {
			return &fault.Fault{Kind: fault.KindConflict, Key: "letters.count_changed", Facts: map[string]any{"Count": fixed.RowsAffected}}
		}
		if err := t.queue.Enqueue(ctx, queue.LettersBack{RunID: r.ID}); err != nil {
			return err
		}
		t.changed(ctx)
		return t.log.Record(ctx, audit.Entry{Actor: s.Actor, Action: "letters.run_started", SubjectKind: "letter_run", SubjectID: r.ID.String(),
			Detail: map[string]any{"jobs": s.Count, "rate": s.Rate, "filter": s.Chosen}})
	})
	return r, err
}

// Run is one run. Fault: letters.no_run.
func (t *Tray) Run(ctx context.Context, id models.ID) (Run, error) { return t.run(ctx, id, "") }

func (t *Tray) run(ctx context.Context, id models.ID, lock string) (Run, error) {
	var r Run
	err := t.db.On(ctx).Raw("SELECT * FROM letter_runs WHERE id = ? "+lock, id).Take(&r).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return r, fault.NotFound("letters.no_run")
	}
	if err != nil {
		return r, fmt.Errorf("read run: %w", err)
	}
	return r, nil
}

// Runs are the last ones.
func (t *Tray) Runs(ctx context.Context, limit int) ([]Run, error) {
	var out []Run
	if err := t.db.On(ctx).Raw("SELECT * FROM letter_runs ORDER BY started_at DESC LIMIT ?", limit).Scan(&out).Error; err != nil {
		return nil, fmt.Errorf("list runs: %w", err)
	}
	return out, nil
}

// RefusedIn counts what a run refused, by why.
func (t *Tray) RefusedIn(ctx context.Context, id models.ID) (map[string]int, error) {
	var rows []struct {
		Why string
		N   int
	}
	err := t.db.On(ctx).Raw("SELECT why, count(*) AS n FROM letter_run_jobs WHERE run_id = ? AND state = 'refused' GROUP BY why", id).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("count refused jobs: %w", err)
	}
	out := map[string]int{}
	for _, r := range rows {
		out[r.Why] = r.N
	}
	return out, nil
}

// Cancel ends a run where it stands: what is back stays back. Faults: letters.no_run, letters.run_over.
func (t *Tray) Cancel(ctx context.Context, id models.ID, actor string) (r Run, err error) {
	err = t.db.InTx(ctx, func(ctx context.Context) error {
		if r, err = t.run(ctx, id, "FOR UPDATE"); err != nil {
			return err
		}
		if r.State != "running" {
			return fault.Conflict("letters.run_over")
		}
		now := t.clock.Machine()
		if err := t.db.On(ctx).Exec("UPDATE letter_runs SET state = 'cancelled', ended_at = ? WHERE id = ?", now, id).Error; err != nil {
			return fmt.Errorf("cancel run: %w", err)
		}
		r.State, r.EndedAt = "cancelled", &now
		t.changed(ctx)
		return t.log.Record(ctx, audit.Entry{Actor: actor, Action: "letters.run_cancelled", SubjectKind: "letter_run", SubjectID: id.String(),
			Detail: map[string]any{"back": r.Back, "left": r.Left()}})
	})
	return r, err
}

// Continue goes on with a run, a batch and a transaction at a time: a crash in between loses nothing and repeats nothing. A
// *queue.Later says when there is more to do.
func (t *Tray) Continue(ctx context.Context, id models.ID) error {
	for until := t.clock.Machine().Add(stretch); t.clock.Machine().Before(until); {
		wait, err := t.step(ctx, id)
		if err != nil || wait < 0 {
			return err
		}
		if wait > 0 {
			return &queue.Later{After: wait, Reason: "more dead letters come back"}
		}
	}
	return &queue.Later{After: time.Millisecond, Reason: "more dead letters come back"}
}

// step brings one batch back. wait is after how long there is more to do; negative: never.
func (t *Tray) step(ctx context.Context, id models.ID) (wait time.Duration, err error) {
	err = t.db.InTx(ctx, func(ctx context.Context) error {
		r, err := t.run(ctx, id, "FOR UPDATE")
		if fault.Is(err, "letters.no_run") || err == nil && r.State != "running" {
			wait = -1
			return nil
		}
		if err != nil {
			return err
		}
		if err := t.settle(ctx, id); err != nil {
			return err
		}
		room := r.room(t.clock.Machine())
		back, refused := 0, 0
		if room > 0 {
			if back, refused, err = t.release(ctx, id, room); err != nil {
				return err
			}
		}
		r.Back, r.Refused = r.Back+back, r.Refused+refused
		switch {
		case r.Left() == 0:
			wait = -1
		case back+refused == 0 && room > 0:
			wait = pause
		case r.Rate > 0:
			wait = max(pause, time.Second/time.Duration(r.Rate))
		}
		return t.note(ctx, r)
	})
	return wait, err
}

// room is how many may come back now.
func (r Run) room(now time.Time) int {
	if r.Rate == 0 {
		return batch
	}
	due := 1 + int(now.Sub(r.StartedAt).Seconds()*float64(r.Rate)) - r.Back
	return max(0, min(due, batch, r.Rate))
}

func (t *Tray) note(ctx context.Context, r Run) error {
	now := t.clock.Machine()
	err := t.db.On(ctx).Exec(`UPDATE letter_runs SET back = @back, refused = @refused, stepped_at = @now,
			state = CASE WHEN @over THEN 'done' ELSE state END, ended_at = CASE WHEN @over THEN CAST(@now AS timestamptz) END WHERE id = @id`,
		map[string]any{"back": r.Back, "refused": r.Refused, "now": now, "over": r.Left() == 0, "id": r.ID}).Error
	if err != nil {
		return fmt.Errorf("note how far a run is: %w", err)
	}
	t.changed(ctx)
	return nil
}

// settle sees which jobs that came back have come to an end, and lets the next of their lines come.
func (t *Tray) settle(ctx context.Context, id models.ID) error {
	err := t.db.On(ctx).Exec(`WITH over AS (
			UPDATE letter_run_jobs i SET state = 'back' WHERE i.run_id = @run AND i.state = 'going'
				AND NOT EXISTS (SELECT FROM river_job j WHERE j.id = i.job_id AND j.finalized_at IS NULL) RETURNING i.line, i.place)
		UPDATE letter_run_jobs n SET state = 'ready' FROM over WHERE n.run_id = @run AND n.line = over.line AND n.place > 1 AND n.place = over.place + 1`,
		map[string]any{"run": id}).Error
	if err != nil {
		return fmt.Errorf("see which jobs have ended: %w", err)
	}
	return nil
}

// begunAnew is how a job of River's begins again with all of its attempts; what it failed of stays with it.
const begunAnew = `state = 'available', attempt = 0, finalized_at = NULL, scheduled_at = now(), unique_key = NULL,
	metadata = (j.metadata - 'set_aside') || jsonb_build_object('brought_back', now())`

// release brings the next jobs of a run back, the oldest first.
func (t *Tray) release(ctx context.Context, id models.ID, most int) (back, refused int, err error) {
	if err := t.counting(ctx); err != nil {
		return 0, 0, err
	}
	var done struct{ Back, Refused int }
	err = t.db.On(ctx).Raw(`WITH taken AS MATERIALIZED (
			SELECT i.job_id, i.line, i.place, i.last, CASE WHEN l.job_id IS NULL OR j.id IS NULL THEN '`+whyMoved+`' ELSE `+refusal()+` END AS why
			FROM (SELECT * FROM letter_run_jobs WHERE run_id = @run AND state = 'ready' ORDER BY job_id LIMIT @most) i
			LEFT JOIN letters l ON l.job_id = i.job_id AND l.state = 'open' AND l.deaths = i.deaths
			LEFT JOIN river_job j ON j.id = i.job_id AND j.state = 'discarded'),
		items AS (UPDATE letter_run_jobs i SET why = t.why, state = CASE WHEN t.why <> '' THEN 'refused' WHEN t.last THEN 'back' ELSE 'going' END
			FROM taken t WHERE i.run_id = @run AND i.job_id = t.job_id),
		next AS (UPDATE letter_run_jobs n SET state = 'ready' FROM taken t
			WHERE t.why <> '' AND NOT t.last AND n.run_id = @run AND n.line = t.line AND n.place > 1 AND n.place = t.place + 1),
		`+outOf("back", "SELECT job_id FROM taken WHERE why = ''")+`,
		jobs AS (UPDATE river_job j SET `+begunAnew+` FROM taken t WHERE j.id = t.job_id AND t.why = '' AND j.state = 'discarded')
		SELECT count(*) FILTER (WHERE why = '') AS back, count(*) FILTER (WHERE why <> '') AS refused FROM taken`,
		map[string]any{"run": id, "most": most}).Scan(&done).Error
	if err != nil {
		return 0, 0, fmt.Errorf("bring dead letters back: %w", err)
	}
	t.queue.Ring(ctx)
	return done.Back, done.Refused, nil
}

// outOf are the parts of a statement by which the letters of some jobs leave the tray and the count.
func outOf(state State, jobs string) string {
	drop := "NULL"
	if state == Dropped {
		drop = "@drop"
	}
	return `gone AS (UPDATE letters l SET state = '` + string(state) + `', changed_at = now(), drop_id = ` + drop + ` FROM (` + jobs + `) t
			WHERE l.job_id = t.job_id AND l.state = 'open' RETURNING l.job_id, l.group_id),
		counted AS (UPDATE letter_groups g SET open = g.open - c.n FROM (SELECT group_id, count(*) AS n FROM gone GROUP BY group_id) c WHERE g.id = c.group_id)`
}

// Return brings one letter back at once. deaths is what the person saw. Faults: letters.not_found, letters.changed, letters.why.…
func (t *Tray) Return(ctx context.Context, actor string, job int64, deaths int) error {
	return t.db.InTx(ctx, func(ctx context.Context) error {
		if err := t.mayReturn(ctx, job, deaths); err != nil {
			return err
		}
		if err := t.back(ctx, job); err != nil {
			return err
		}
		return t.record(ctx, actor, "letter.brought_back", strconv.FormatInt(job, 10), "", nil)
	})
}

// mayReturn takes the count and refuses what is not an open letter as it was seen, or would do nothing.
func (t *Tray) mayReturn(ctx context.Context, job int64, deaths int) error {
	if err := t.counting(ctx); err != nil {
		return err
	}
	l, err := t.Letter(ctx, job)
	if err != nil {
		return err
	}
	if l.State != Open || l.Deaths != deaths {
		return fault.Conflict("letters.changed")
	}
	plan, err := t.Plan(ctx, Filter{Jobs: []int64{job}})
	if err != nil {
		return err
	}
	for why := range plan.Refused {
		return stays(why)
	}
	return nil
}

func (t *Tray) back(ctx context.Context, job int64) error {
	err := t.db.On(ctx).Exec(`WITH `+outOf(Back, "SELECT CAST(@job AS bigint) AS job_id")+`
		UPDATE river_job j SET `+begunAnew+` WHERE j.id = @job AND j.state = 'discarded'`, map[string]any{"job": job}).Error
	if err != nil {
		return fmt.Errorf("bring a dead letter back: %w", err)
	}
	t.queue.Ring(ctx)
	t.changed(ctx)
	return nil
}

// Resume takes runs up again whose job is lost, and forgets what has long been settled.
func (t *Tray) Resume(ctx context.Context) error {
	now := t.clock.Machine()
	var runs []models.ID
	err := t.db.On(ctx).Raw("SELECT id FROM letter_runs WHERE state = 'running' AND stepped_at < ? ORDER BY stepped_at LIMIT 20", now.Add(-forgotten)).Scan(&runs).Error
	if err != nil {
		return fmt.Errorf("find forgotten runs: %w", err)
	}
	for _, id := range runs {
		if err := t.queue.EnqueueOnce(ctx, queue.LettersBack{RunID: id}); err != nil {
			return err
		}
	}
	return t.forget(ctx, now.Add(-KeepFor))
}

// forget lets go of what was settled before; what is open is never among it.
func (t *Tray) forget(ctx context.Context, before time.Time) error {
	for _, sql := range []string{
		"DELETE FROM letters WHERE job_id = ANY (ARRAY(SELECT job_id FROM letters WHERE state <> 'open' AND changed_at < ? ORDER BY changed_at, job_id LIMIT 500))",
		`WITH over AS (DELETE FROM letter_runs WHERE id = ANY (ARRAY(SELECT id FROM letter_runs WHERE state <> 'running' AND started_at < ? ORDER BY started_at LIMIT 1)) RETURNING id)
			DELETE FROM letter_run_jobs WHERE run_id IN (SELECT id FROM over)`,
		"DELETE FROM letter_drops WHERE id = ANY (ARRAY(SELECT id FROM letter_drops WHERE at < ? ORDER BY at LIMIT 100))",
	} {
		if err := t.db.On(ctx).Exec(sql, before).Error; err != nil {
			return fmt.Errorf("forget settled letters: %w", err)
		}
	}
	return nil
}
