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

// forgotten is after how long without a step a run is taken up again, where nothing goes on with it.
const forgotten = 30 * time.Second

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
	PacedAt   time.Time // up to when its rate is used up; without one: when something last came of it
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
	switch {
	case s.Count < 1:
		return Run{}, fault.Ineligible("letters.none")
	case s.Count > MaxBack:
		return Run{}, &fault.Fault{Kind: fault.KindIneligible, Key: "letters.too_many_back", Facts: map[string]any{"Max": MaxBack}}
	}
	var r Run
	err := t.db.InTx(ctx, func(ctx context.Context) (err error) {
		if r, err = t.begin(ctx, s, "letters.run_started"); err != nil {
			return err
		}
		return t.queue.Enqueue(ctx, queue.LettersBack{RunID: r.ID})
	})
	return r, err
}

// begin is Begin in the transaction of the caller, without the job that goes on with it; action is what the log calls it.
func (t *Tray) begin(ctx context.Context, s Start, action string) (Run, error) {
	chosen, err := json.Marshal(s.Chosen)
	if err != nil {
		return Run{}, fmt.Errorf("write filter: %w", err)
	}
	if err := t.align(ctx); err != nil {
		return Run{}, err
	}
	now, db := t.clock.Machine(), t.db.On(ctx)
	r := Run{ID: models.NewID(), Actor: s.Actor, State: "running", Chosen: chosen, Rate: s.Rate, Total: s.Count, StartedAt: now, SteppedAt: now, PacedAt: now}
	if s.Rate > 0 {
		r.PacedAt = now.Add(-r.gap()) // the first comes at once
	}
	err = db.Exec(`INSERT INTO letter_runs (id, actor, state, chosen, rate, total, started_at, stepped_at, paced_at) VALUES (?, ?, 'running', ?, ?, ?, ?, ?, ?)`,
		r.ID, r.Actor, string(chosen), r.Rate, r.Total, now, now, r.PacedAt).Error
	if err != nil {
		return r, fmt.Errorf("begin to bring dead letters back: %w", err)
	}
	w := lettersOf(s.Filter)
	w.args["run"], w.args["most"] = r.ID, s.Count+1 // one more than named is too many already
	fixed := db.Exec(`INSERT INTO letter_run_jobs (run_id, job_id, deaths, line, place, last, state)
		SELECT @run, job_id, deaths, line, place, place = members, CASE WHEN place = 1 THEN 'ready' ELSE 'waiting' END FROM (
			SELECT job_id, deaths, line, row_number() OVER (PARTITION BY line ORDER BY job_id) AS place, count(*) OVER (PARTITION BY line) AS members FROM (
				SELECT l.job_id, l.deaths, coalesce(l.line, gen_random_uuid()) AS line
				FROM letters l JOIN river_job j ON j.id = l.job_id AND j.state = 'discarded' WHERE `+w.String()+` AND `+refusal()+` = '' LIMIT @most) a) b`, w.args)
	if fixed.Error != nil {
		return r, fmt.Errorf("fix which dead letters come back: %w", fixed.Error)
	}
	if fixed.RowsAffected != int64(s.Count) {
		plan, err := t.Plan(ctx, s.Filter)
		if err != nil {
			return r, err
		}
		return r, &fault.Fault{Kind: fault.KindConflict, Key: "letters.count_changed", Facts: map[string]any{"Count": plan.Back}}
	}
	t.changed(ctx)
	return r, t.log.Record(ctx, audit.Entry{Actor: s.Actor, Action: action, SubjectKind: "letter_run", SubjectID: r.ID.String(),
		Detail: map[string]any{"jobs": s.Count, "rate": s.Rate, "filter": s.Chosen}})
}

// Requeue begins to bring back up to so many letters that would not be refused and that no run brings back already: those set
// aside first, the oldest of them first. It tells how many they are; who has nobody before them in their line is back at once.
func (t *Tray) Requeue(ctx context.Context, actor string, most int) (moved int, err error) {
	err = t.db.InTx(ctx, func(ctx context.Context) error {
		if err := t.counting(ctx); err != nil { // whoever asks at the same time chooses others
			return err
		}
		var jobs []int64
		for _, aside := range []string{"IS NOT NULL", "IS NULL"} {
			var some []int64
			err := t.db.On(ctx).Raw(`SELECT l.job_id FROM letters l JOIN river_job j ON j.id = l.job_id AND j.state = 'discarded'
				WHERE l.state = 'open' AND j.metadata->>'set_aside' `+aside+` AND `+refusal()+` = '' AND NOT EXISTS (
					SELECT FROM letter_runs r JOIN letter_run_jobs i ON i.run_id = r.id AND i.job_id = l.job_id WHERE r.state = 'running' AND i.state IN ('waiting', 'ready'))
				ORDER BY l.died_at, l.job_id LIMIT ?`, most-len(jobs)).Scan(&some).Error
			if err != nil {
				return fmt.Errorf("choose dead letters: %w", err)
			}
			jobs = append(jobs, some...)
		}
		if moved = len(jobs); moved == 0 {
			return nil
		}
		r, err := t.begin(ctx, Start{Actor: actor, Filter: Filter{Jobs: jobs}, Chosen: map[string]string{"chosen": strconv.Itoa(moved)}, Count: moved}, "dead_letters.requeued")
		if err != nil {
			return err
		}
		if wait, err := t.advance(ctx, r); err != nil || wait < 0 {
			return err
		}
		return t.queue.Enqueue(ctx, queue.LettersBack{RunID: r.ID})
	})
	return moved, err
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

// Resume takes runs up again that nothing goes on with, and forgets what has long been settled.
func (t *Tray) Resume(ctx context.Context) error {
	now := t.clock.Machine()
	var runs []models.ID
	err := t.db.On(ctx).Raw(`SELECT id FROM letter_runs r WHERE state = 'running' AND stepped_at < ?
		AND NOT EXISTS (SELECT FROM river_job j WHERE j.kind = ? AND j.finalized_at IS NULL AND j.args->>'run_id' = r.id::text) ORDER BY stepped_at LIMIT 20`,
		now.Add(-forgotten), queue.LettersBack{}.Kind()).Scan(&runs).Error
	if err != nil {
		return fmt.Errorf("find forgotten runs: %w", err)
	}
	for _, id := range runs {
		_, err := t.queue.EnqueueIf(ctx, queue.LettersBack{RunID: id}, `UPDATE letter_runs SET stepped_at = ? WHERE id = ? AND state = 'running' AND stepped_at < ? RETURNING id`,
			now, id, now.Add(-forgotten))
		if err != nil {
			return err
		}
	}
	return t.forget(ctx, now.Add(-KeepFor))
}

// forgetGroups lets go of groups that nothing is in any more and nothing has come to since. Whoever counts is alone: a group is not
// taken from under a death.
func (t *Tray) forgetGroups(ctx context.Context, before time.Time) error {
	return t.db.InTx(ctx, func(ctx context.Context) error {
		var old []models.ID
		err := t.db.On(ctx).Raw("SELECT id FROM letter_groups WHERE open = 0 AND last_at < ? ORDER BY last_at LIMIT 20", before).Scan(&old).Error
		if err != nil || len(old) == 0 {
			return err
		}
		if err := t.counting(ctx); err != nil {
			return err
		}
		err = t.db.On(ctx).Exec("DELETE FROM letter_groups g WHERE id IN ? AND open = 0 AND last_at < ? AND NOT EXISTS (SELECT FROM letters l WHERE l.group_id = g.id)", old, before).Error
		if err != nil {
			return fmt.Errorf("forget groups of dead letters: %w", err)
		}
		return nil
	})
}

// forget lets go of what was settled before; what is open is never among it.
func (t *Tray) forget(ctx context.Context, before time.Time) error {
	for _, sql := range []string{
		"DELETE FROM letters WHERE job_id = ANY (ARRAY(SELECT job_id FROM letters WHERE state <> 'open' AND changed_at < ? ORDER BY changed_at, job_id LIMIT 500))",
		`WITH over AS MATERIALIZED (SELECT id FROM letter_runs WHERE state <> 'running' AND started_at < ? ORDER BY started_at LIMIT 1),
			part AS (DELETE FROM letter_run_jobs WHERE (run_id, job_id) IN (SELECT i.run_id, i.job_id FROM letter_run_jobs i WHERE i.run_id = (SELECT id FROM over)
				ORDER BY i.job_id LIMIT 5000) RETURNING job_id)
			DELETE FROM letter_runs r USING over WHERE r.id = over.id AND (SELECT count(*) FROM part) < 5000`,
		"DELETE FROM letter_drops WHERE id = ANY (ARRAY(SELECT id FROM letter_drops WHERE at < ? ORDER BY at LIMIT 100))",
		"DELETE FROM letter_edits WHERE id = ANY (ARRAY(SELECT id FROM letter_edits e WHERE at < ? AND NOT EXISTS (SELECT FROM letters l WHERE l.job_id = e.job_id) ORDER BY id LIMIT 100))",
	} {
		if err := t.db.On(ctx).Exec(sql, before).Error; err != nil {
			return fmt.Errorf("forget settled letters: %w", err)
		}
	}
	return t.forgetGroups(ctx, before)
}
