package letters

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"frontdesk/internal/fault"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

const (
	// batch is how many jobs come back by one transaction; who dies meanwhile waits for it.
	batch = 500
	// crowd is how many jobs of runs wait in the queue at most: the rest can still be stopped, and nobody has to walk past them.
	crowd = 2000
	// stretch is how long one job of the run goes on, well under what a job may take.
	stretch = 15 * time.Second
	// pause is how long a run waits at least for what it cannot hurry: its rate, workers, the ends of jobs that others of their
	// line wait for. The longer nothing comes of it, the longer it waits, up to longestPause.
	pause        = 100 * time.Millisecond
	longestPause = 5 * time.Second
)

// Priorities of River's. What runs bring back lets everything go first that customers wait for now, and their own job.
const (
	asAny     = 1
	afterLive = 3
)

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
		wait, err = t.advance(ctx, r)
		return err
	})
	return wait, err
}

// advance is step in the transaction of whoever holds the run. Where nothing comes of it, nothing is written and nobody is told.
func (t *Tray) advance(ctx context.Context, r Run) (wait time.Duration, err error) {
	if err := t.settle(ctx, r.ID); err != nil {
		return 0, err
	}
	room, err := t.seats(ctx)
	if err != nil {
		return 0, err
	}
	now := t.clock.Machine()
	due, from := r.due(now)
	var done released
	if room = min(room, due, batch); room > 0 {
		if done, err = t.release(ctx, r.ID, room); err != nil {
			return 0, err
		}
	}
	if done == (released{}) {
		if early := r.PacedAt.Add(r.gap()).Sub(now); early > 0 {
			return max(pause, early), nil
		}
		return min(max(pause, now.Sub(r.PacedAt)/10), longestPause), nil
	}
	r.Back, r.Refused, r.PacedAt = r.Back+done.Back, r.Refused+done.Refused, from.Add(time.Duration(done.Back)*r.gap())
	switch {
	case r.Left() == 0:
		wait = -1
	case r.Rate > 0:
		wait = max(pause, r.PacedAt.Add(r.gap()).Sub(now))
	}
	return wait, t.note(ctx, r, now)
}

// gap is the time from one job to the next at the run's rate.
func (r Run) gap() time.Duration {
	if r.Rate == 0 {
		return 0
	}
	return time.Second / time.Duration(r.Rate)
}

// due is how many may come back now by the run's rate, and from when they count. What did not come while it stood still is not
// made up for: a second's worth is the most there can be at once.
func (r Run) due(now time.Time) (n int, from time.Time) {
	if r.Rate == 0 {
		return batch, now
	}
	from = r.PacedAt
	if latest := now.Add(-time.Second); from.Before(latest) {
		from = latest
	}
	return int(now.Sub(from) / r.gap()), from
}

// seats is how many more jobs of runs may wait in the queue.
func (t *Tray) seats(ctx context.Context) (int, error) {
	var n int
	err := t.db.On(ctx).Raw("SELECT count(*) FROM (SELECT FROM river_job WHERE state = 'available' AND queue = 'default' AND priority = ? LIMIT ?) q", afterLive, crowd).Scan(&n).Error
	if err != nil {
		return 0, fmt.Errorf("count what came back and waits: %w", err)
	}
	return crowd - n, nil
}

func (t *Tray) note(ctx context.Context, r Run, now time.Time) error {
	err := t.db.On(ctx).Exec(`UPDATE letter_runs SET back = @back, refused = @refused, stepped_at = @now, paced_at = @paced,
			state = CASE WHEN @over THEN 'done' ELSE state END, ended_at = CASE WHEN @over THEN CAST(@now AS timestamptz) END WHERE id = @id`,
		map[string]any{"back": r.Back, "refused": r.Refused, "now": now, "paced": r.PacedAt, "over": r.Left() == 0, "id": r.ID}).Error
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
func begunAnew(priority int) string {
	return `state = 'available', attempt = 0, finalized_at = NULL, scheduled_at = now(), unique_key = NULL, priority = ` + strconv.Itoa(priority) + `,
		metadata = (j.metadata - 'set_aside') || jsonb_build_object('brought_back', now())`
}

// underWay is a condition in SQL on a line: a job of it came back, by whatever road, and has not come to its end.
func underWay(line string) string {
	// As a value, so that it is looked up for each of few lines, however many have come back.
	return `(SELECT true FROM letters b WHERE CASE WHEN b.state = 'back' THEN b.line END = ` + line + `
		AND (SELECT a.finalized_at IS NULL FROM river_job a WHERE a.id = b.job_id) LIMIT 1) IS NOT NULL`
}

// released is how many jobs of a run were settled.
type released struct{ Back, Refused int }

// release brings the next jobs of a run back, the oldest first. Who waits behind another of their line is passed over: behind
// one that is under way, or an older one that another run is to bring.
func (t *Tray) release(ctx context.Context, id models.ID, most int) (done released, err error) {
	if err := t.counting(ctx); err != nil {
		return done, err
	}
	var others []models.ID
	if err := t.db.On(ctx).Raw("SELECT id FROM letter_runs WHERE state = 'running' AND id <> ?", id).Scan(&others).Error; err != nil {
		return done, fmt.Errorf("find other runs: %w", err)
	}
	behind, args := "", map[string]any{"run": id, "most": most}
	if len(others) > 0 {
		args["others"] = others
		behind = " AND NOT EXISTS (SELECT FROM letter_run_jobs o WHERE o.run_id IN @others AND o.state IN ('waiting', 'ready') AND o.line = r.line AND o.job_id < r.job_id)"
	}
	err = t.db.On(ctx).Raw(`WITH taken AS MATERIALIZED (
			SELECT i.job_id, i.line, i.place, i.last, CASE WHEN l.job_id IS NULL OR j.id IS NULL THEN '`+whyMoved+`' ELSE `+refusal()+` END AS why
			FROM (SELECT * FROM letter_run_jobs r WHERE run_id = @run AND state = 'ready' AND NOT `+underWay("r.line")+behind+` ORDER BY job_id LIMIT @most) i
			LEFT JOIN letters l ON l.job_id = i.job_id AND l.state = 'open' AND l.deaths = i.deaths
			LEFT JOIN river_job j ON j.id = i.job_id AND j.state = 'discarded'),
		items AS (UPDATE letter_run_jobs i SET why = t.why, state = CASE WHEN t.why <> '' THEN 'refused' WHEN t.last THEN 'back' ELSE 'going' END
			FROM taken t WHERE i.run_id = @run AND i.job_id = t.job_id),
		next AS (UPDATE letter_run_jobs n SET state = 'ready' FROM taken t
			WHERE t.why <> '' AND NOT t.last AND n.run_id = @run AND n.line = t.line AND n.place > 1 AND n.place = t.place + 1),
		`+outOf(Back, "SELECT job_id FROM taken WHERE why = ''")+`,
		jobs AS (UPDATE river_job j SET `+begunAnew(afterLive)+` FROM taken t WHERE j.id = t.job_id AND t.why = '' AND j.state = 'discarded')
		SELECT count(*) FILTER (WHERE why = '') AS back, count(*) FILTER (WHERE why <> '') AS refused FROM taken`, args).Scan(&done).Error
	if err != nil {
		return done, fmt.Errorf("bring dead letters back: %w", err)
	}
	t.queue.Ring(ctx)
	return done, nil
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

// align puts letters whose conversation has come to be a customer's into that customer's line.
func (t *Tray) align(ctx context.Context) error {
	late := ` FROM conversations c JOIN contacts a ON a.id = c.contact_id WHERE c.id = l.line AND a.customer_id IS NOT NULL AND l.state IN ('open', 'back')`
	var found bool
	err := t.db.On(ctx).Raw("SELECT EXISTS (SELECT FROM letters l JOIN LATERAL (SELECT a.customer_id" + late + ") x ON true)").Scan(&found).Error
	if err != nil || !found {
		return wrapped("look whose letters are", err)
	}
	if err := t.counting(ctx); err != nil {
		return err
	}
	return wrapped("put letters into their customers' lines", t.db.On(ctx).Exec(
		"UPDATE letters l SET line = a.customer_id, refs = CASE WHEN a.customer_id = ANY (l.refs) THEN l.refs ELSE l.refs || a.customer_id END"+late).Error)
}

func wrapped(what string, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// Return brings one letter back at once. deaths is what the person saw. Faults: letters.not_found, letters.changed,
// letters.behind, letters.why.…
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

// mayReturn takes the count and refuses what is not an open letter as it was seen, would do nothing, or would overtake another
// of its line.
func (t *Tray) mayReturn(ctx context.Context, job int64, deaths int) error {
	if err := t.counting(ctx); err != nil {
		return err
	}
	if err := t.align(ctx); err != nil {
		return err
	}
	var l struct {
		State  State
		Deaths int
		Behind bool
	}
	found := t.db.On(ctx).Raw(`SELECT l.state, l.deaths, `+underWay("l.line")+` OR EXISTS (SELECT FROM letter_runs r JOIN letter_run_jobs i ON i.run_id = r.id
			WHERE r.state = 'running' AND i.state IN ('waiting', 'ready') AND i.line = l.line AND i.job_id < l.job_id) AS behind
		FROM letters l WHERE l.job_id = ?`, job).Scan(&l)
	switch {
	case found.Error != nil:
		return fmt.Errorf("read dead letter: %w", found.Error)
	case found.RowsAffected == 0:
		return fault.NotFound("letters.not_found")
	case l.State != Open || l.Deaths != deaths:
		return fault.Conflict("letters.changed")
	}
	plan, err := t.Plan(ctx, Filter{Jobs: []int64{job}})
	if err != nil {
		return err
	}
	for why := range plan.Refused {
		return stays(why)
	}
	if l.Behind {
		return fault.Conflict("letters.behind")
	}
	return nil
}

func (t *Tray) back(ctx context.Context, job int64) error {
	err := t.db.On(ctx).Exec(`WITH `+outOf(Back, "SELECT CAST(@job AS bigint) AS job_id")+`
		UPDATE river_job j SET `+begunAnew(asAny)+` WHERE j.id = @job AND j.state = 'discarded'`, map[string]any{"job": job}).Error
	if err != nil {
		return fmt.Errorf("bring a dead letter back: %w", err)
	}
	t.queue.Ring(ctx)
	t.changed(ctx)
	return nil
}
