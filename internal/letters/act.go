package letters

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"frontdesk/internal/audit"
	"frontdesk/internal/fault"
	"frontdesk/models"
)

// Drop is one discarding.
type Drop struct {
	ID       models.ID
	Actor    string
	Reason   string
	Jobs     int
	At       time.Time
	UndoneAt *time.Time
}

// Discard takes the letters of a filter out of the tray, for a reason: exactly so many as were named, or none. Their jobs are
// never worked again unless that is taken back. Faults: letters.count_changed, letters.none, letters.too_many.
func (t *Tray) Discard(ctx context.Context, actor string, f Filter, count int, reason string) (Drop, error) {
	d := Drop{ID: models.NewID(), Actor: actor, Reason: reason, Jobs: count, At: t.clock.Machine()}
	switch {
	case count < 1:
		return d, fault.Ineligible("letters.none")
	case count > MaxDropped:
		return d, &fault.Fault{Kind: fault.KindIneligible, Key: "letters.too_many", Facts: map[string]any{"Max": MaxDropped}}
	}
	err := t.db.InTx(ctx, func(ctx context.Context) error {
		if err := t.counting(ctx); err != nil {
			return err
		}
		if err := t.exactly(ctx, f, count); err != nil {
			return err
		}
		db, w := t.db.On(ctx), lettersOf(f)
		if err := db.Exec("INSERT INTO letter_drops (id, actor, reason, jobs, at) VALUES (?, ?, ?, ?, ?)", d.ID, actor, reason, count, d.At).Error; err != nil {
			return fmt.Errorf("note discarding: %w", err)
		}
		w.args["drop"] = d.ID
		var jobs []int64
		err := db.Raw(`WITH `+outOf(Dropped, "SELECT l.job_id FROM letters l WHERE "+w.String())+`,
			marked AS (UPDATE river_job j SET state = 'cancelled', finalized_at = now() FROM gone WHERE j.id = gone.job_id AND j.state = 'discarded'),
			noted AS (INSERT INTO letter_drop_jobs (drop_id, job_id) SELECT @drop, job_id FROM gone)
			SELECT job_id FROM gone ORDER BY job_id`, w.args).Scan(&jobs).Error
		if err != nil {
			return fmt.Errorf("discard dead letters: %w", err)
		}
		if n := len(jobs); n != count {
			return fmt.Errorf("discard dead letters: %d of %d", n, count)
		}
		t.changed(ctx)
		return t.log.Record(ctx, audit.Entry{Actor: actor, Action: "letters.discarded", SubjectKind: "letter_drop", SubjectID: d.ID.String(), Reason: reason,
			Detail: map[string]any{"jobs": count, "filter": f.told(), "ids": spans(jobs)}})
	})
	return d, err
}

// exactly refuses another number of open letters than was named. Too many are not counted to the last under the count's lock.
func (t *Tray) exactly(ctx context.Context, f Filter, count int) error {
	w := lettersOf(f)
	w.args["most"] = count + 1
	var n int
	if err := t.db.On(ctx).Raw("SELECT count(*) FROM (SELECT FROM letters l WHERE "+w.String()+" LIMIT @most) x", w.args).Scan(&n).Error; err != nil {
		return fmt.Errorf("count dead letters: %w", err)
	}
	if n == count {
		return nil
	}
	if n > count {
		var err error
		if n, err = t.Count(ctx, f); err != nil {
			return err
		}
	}
	return &fault.Fault{Kind: fault.KindConflict, Key: "letters.count_changed", Facts: map[string]any{"Count": n}}
}

// Undoable tells whether a discarding can be taken back.
func (t *Tray) Undoable(d Drop) bool {
	return d.UndoneAt == nil && t.clock.Machine().Sub(d.At) < UndoFor
}

// Undo puts the letters of a discarding back into the tray, as they were. Faults: letters.no_drop, letters.undo_over.
func (t *Tray) Undo(ctx context.Context, actor string, id models.ID) (d Drop, err error) {
	err = t.db.InTx(ctx, func(ctx context.Context) error {
		if err := t.counting(ctx); err != nil {
			return err
		}
		found := t.db.On(ctx).Raw("SELECT * FROM letter_drops WHERE id = ? FOR UPDATE", id).Scan(&d)
		if found.Error != nil {
			return fmt.Errorf("read discarding: %w", found.Error)
		}
		if found.RowsAffected == 0 {
			return fault.NotFound("letters.no_drop")
		}
		if !t.Undoable(d) {
			return fault.Conflict("letters.undo_over")
		}
		now := t.clock.Machine()
		d.Jobs = 0 // those that come back indeed
		err := t.db.On(ctx).Raw(`WITH lying AS (UPDATE letters l SET state = 'open', changed_at = now(), drop_id = NULL FROM river_job j
				WHERE l.drop_id = @drop AND l.state = 'dropped' AND j.id = l.job_id AND j.state = 'cancelled' RETURNING l.job_id, l.group_id, l.died_at),
			counted AS (UPDATE letter_groups g SET open = g.open + c.n FROM (SELECT group_id, count(*) AS n FROM lying GROUP BY group_id) c WHERE g.id = c.group_id),
			marked AS (UPDATE letter_drops SET undone_at = @now WHERE id = @drop),
			jobs AS (UPDATE river_job j SET state = 'discarded', finalized_at = lying.died_at FROM lying WHERE j.id = lying.job_id)
			SELECT count(*) FROM lying`,
			map[string]any{"drop": id, "now": now}).Scan(&d.Jobs).Error
		if err != nil {
			return fmt.Errorf("take discarding back: %w", err)
		}
		d.UndoneAt = &now
		t.changed(ctx)
		return t.log.Record(ctx, audit.Entry{Actor: actor, Action: "letters.discard_undone", SubjectKind: "letter_drop", SubjectID: id.String(),
			Detail: map[string]any{"jobs": d.Jobs}})
	})
	return d, err
}

// Reveal is a letter for somebody who is to see all of it, and why. It is written down before it is shown.
func (t *Tray) Reveal(ctx context.Context, actor string, job int64, reason string) (Detail, error) {
	d, err := t.Letter(ctx, job)
	if err != nil {
		return d, err
	}
	return d, t.record(ctx, actor, "letter.revealed", strconv.FormatInt(job, 10), reason, nil)
}
