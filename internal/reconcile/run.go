package reconcile

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"frontdesk/internal/audit"
	"frontdesk/internal/fault"
	"frontdesk/internal/stripeapi"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

const (
	// settleTime is how long the events that were fetched have to be taken before what they changed is compared.
	settleTime = 3 * time.Second
	// forgotten is after how long without a step a comparison is taken up again.
	forgotten = 15 * time.Minute
	// dayOver is how long after midnight the day before is compared.
	dayOver = time.Hour
	// codeLong stands on a comparison whose window holds too much.
	codeLong = "too_much"
)

const insertRun = `INSERT INTO reconciliations (id, kind, actor, from_at, to_at, state, asked_at, started_at, stepped_at) `

// Due asks for what the clock wants: the day that is over, once for all processes, from where the last one ended; and every few
// minutes a look at what is fresh.
func (b *Books) Due(ctx context.Context) error {
	if !b.provider.Configured() {
		return nil
	}
	return errors.Join(b.dueDay(ctx), b.dueWatch(ctx), b.resume(ctx))
}

func (b *Books) dueDay(ctx context.Context) error {
	policies, err := b.settings.Policies(ctx)
	if err != nil {
		return err
	}
	now := b.clock.Now()
	local := now.Add(-dayOver).In(policies.Zone())
	to := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, local.Location())
	id, machine := models.NewID(), b.clock.Machine()
	_, err = b.queue.EnqueueIf(ctx, queue.Reconcile{RunID: id}, insertRun+`SELECT ?, 'daily', 'system',
			greatest(?, coalesce((SELECT max(to_at) FROM reconciliations WHERE kind = 'daily' AND state = 'done'), ?)), ?, 'running', ?, ?, ?
		WHERE NOT EXISTS (SELECT FROM reconciliations WHERE kind = 'daily' AND to_at >= ?) AND NOT EXISTS (SELECT FROM reconciliations WHERE state = 'running')
		ON CONFLICT DO NOTHING RETURNING id`, id, to.AddDate(0, 0, -MaxDays), to.AddDate(0, 0, -1), to, now, machine, machine, to)
	return wrap(err, "ask for the daily comparison")
}

func (b *Books) dueWatch(ctx context.Context) error {
	now := b.clock.Now()
	_, err := b.queue.EnqueueIf(ctx, queue.ReconcileWatch{}, `UPDATE reconciliation_watch SET asked_at = ?
		WHERE asked_at IS NULL OR asked_at <= ? OR asked_at > ? RETURNING one`, now, now.Add(-watchEvery), now)
	return wrap(err, "ask for a look at what is fresh")
}

// resume takes up a comparison whose job is lost.
func (b *Books) resume(ctx context.Context) error {
	var ids []models.ID
	err := b.db.On(ctx).Raw("SELECT id FROM reconciliations WHERE state = 'running' AND stepped_at < ?", b.clock.Machine().Add(-forgotten)).Scan(&ids).Error
	if err != nil {
		return fmt.Errorf("find forgotten comparisons: %w", err)
	}
	for _, id := range ids {
		done, err := b.queue.EnqueueIf(ctx, queue.Reconcile{RunID: id}, "UPDATE reconciliations SET stepped_at = ? WHERE id = ? AND state = 'running' AND stepped_at < ? RETURNING id",
			b.clock.Machine(), id, b.clock.Machine().Add(-forgotten))
		if err != nil {
			return wrap(err, "take a comparison up again")
		}
		if done {
			b.lines.WarnContext(ctx, "a comparison is taken up again", "run", id)
		}
	}
	return nil
}

// Begin starts a comparison that somebody asks for. What is too fresh to be compared is left out. Faults:
// reconciliation.refused with the fields from and to, reconciliation.running, reconciliation.not_configured.
func (b *Books) Begin(ctx context.Context, actor string, w stripeapi.Window) (models.Reconciliation, error) {
	now := b.clock.Now()
	r := models.Reconciliation{ID: models.NewID(), Kind: models.ReconciledAsked, Actor: actor, FromAt: w.From, ToAt: w.To, State: models.ReconciliationRunning, AskedAt: now}
	if last := now.Add(-grace); r.ToAt.After(last) {
		r.ToAt = last
	}
	fields := map[string]string{}
	switch {
	case !b.provider.Configured():
		return r, fault.Unavailable("reconciliation.not_configured", nil)
	case !w.From.Before(w.To):
		fields["to"] = "reconciliation.ends_before"
	case !w.From.Before(now.Add(-grace)):
		fields["from"] = "reconciliation.too_early"
	case w.To.Sub(w.From) > MaxDays*24*time.Hour+time.Hour: // an hour for the day on which clocks change
		fields["to"] = "reconciliation.too_long"
	}
	if len(fields) > 0 {
		return r, fault.Invalid("reconciliation.refused", fields)
	}
	err := b.db.InTx(ctx, func(ctx context.Context) error {
		machine := b.clock.Machine()
		done, err := b.queue.EnqueueIf(ctx, queue.Reconcile{RunID: r.ID}, insertRun+"VALUES (?, ?, ?, ?, ?, 'running', ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id",
			r.ID, r.Kind, r.Actor, r.FromAt, r.ToAt, r.AskedAt, machine, machine)
		if err != nil {
			return wrap(err, "begin a comparison")
		}
		if !done {
			return fault.Conflict("reconciliation.running")
		}
		b.changed(ctx, false)
		return b.log.Record(ctx, audit.Entry{Actor: actor, Action: "reconciliation.asked", SubjectKind: "reconciliation", SubjectID: r.ID.String(),
			Detail: map[string]any{"from": r.FromAt, "to": r.ToAt}})
	})
	return r, err
}

// Work does a comparison that was asked for, from its beginning: whatever an attempt before had done changes nothing. Of two
// that work on the same the later counts. An error that may pass asks for another try; last tells that there is none.
func (b *Books) Work(ctx context.Context, id models.ID, last bool) error {
	attempt := models.NewID()
	var r models.Reconciliation
	err := b.db.On(ctx).Raw("UPDATE reconciliations SET attempt = ?, stepped_at = ? WHERE id = ? AND state = 'running' RETURNING *", attempt, b.clock.Machine(), id).Scan(&r).Error
	if err != nil {
		return fmt.Errorf("take up a comparison: %w", err)
	}
	if r.ID != id {
		return nil // over
	}
	err = b.compare(ctx, r, attempt)
	if later := (*queue.Later)(nil); err == nil || errors.As(err, &later) {
		return err
	}
	if errors.Is(err, errOvertaken) {
		return nil // the other goes on
	}
	code := codeOf(err)
	if over := last || code == codeLong || code != "" && !stripeapi.Temporary(err); over {
		return errors.Join(b.end(ctx, r.ID, attempt, code), &Failed{cause: err})
	}
	return errors.Join(err, b.step(ctx, r.ID, attempt, map[string]any{"code": code}))
}

// Failed is a comparison that came to nothing; another try would, too.
type Failed struct{ cause error }

// Error is for logs.
func (f *Failed) Error() string { return fmt.Sprintf("a comparison failed: %v", f.cause) }

// Unwrap gives the cause.
func (f *Failed) Unwrap() error { return f.cause }

func codeOf(err error) string {
	if errors.Is(err, errLong) {
		return codeLong
	}
	return stripeapi.Code(err)
}

func (b *Books) compare(ctx context.Context, r models.Reconciliation, attempt models.ID) error {
	w := stripeapi.Window{From: r.FromAt, To: r.ToAt}
	stage := func(ctx context.Context, name string) error {
		return b.step(ctx, r.ID, attempt, map[string]any{"stage": name})
	}
	if err := stage(ctx, "events"); err != nil {
		return err
	}
	fetched, err := b.lostEvents(ctx, w, &r.ID)
	if err != nil {
		return err
	}
	if fetched > 0 {
		return &queue.Later{After: settleTime, Reason: "events were fetched"}
	}
	l := b.look(w, stage)
	if err := l.payments(ctx); err != nil {
		return err
	}
	if err := l.refunds(ctx); err != nil {
		return err
	}
	if err := stage(ctx, "books"); err != nil {
		return err
	}
	gone, err := l.books(ctx)
	if err != nil {
		return err
	}
	return b.finish(ctx, r, attempt, l, gone)
}

// books looks at what stands in our own books, and again at what did not match before.
func (l *look) books(ctx context.Context) (gone []models.Difference, err error) {
	list, err := l.standing(ctx, l.w)
	if err != nil {
		return nil, err
	}
	l.note(list...)
	return l.lookAgain(ctx, l.found)
}

// errOvertaken ends an attempt that another has overtaken.
var errOvertaken = errors.New("another attempt is at the same comparison")

// step notes how far a comparison is.
func (b *Books) step(ctx context.Context, id, attempt models.ID, columns map[string]any) error {
	columns["stepped_at"] = b.clock.Machine()
	done := b.db.On(ctx).Model(&models.Reconciliation{}).Where("id = ? AND attempt = ? AND state = 'running'", id, attempt).Updates(columns)
	if done.Error == nil && done.RowsAffected == 0 {
		return errOvertaken
	}
	b.changed(ctx, false)
	return wrap(done.Error, "note how far a comparison is")
}

// finish writes what a comparison found, with its figures, at once.
func (b *Books) finish(ctx context.Context, r models.Reconciliation, attempt models.ID, l *look, gone []models.Difference) error {
	figures, err := json.Marshal(l.sums())
	if err != nil {
		return fmt.Errorf("write figures: %w", err)
	}
	return b.db.InTx(ctx, func(ctx context.Context) error {
		t, err := b.write(ctx, l.found, gone, &r.ID)
		if err != nil {
			return err
		}
		return b.step(ctx, r.ID, attempt, map[string]any{
			"state": models.ReconciliationDone, "stage": "", "code": "", "figures": figures, "found": t.found, "cleared": t.cleared,
			"unchecked": l.unchecked + t.left, "ended_at": b.clock.Machine(),
		})
	})
}

// end notes that a comparison failed.
func (b *Books) end(ctx context.Context, id, attempt models.ID, code string) error {
	return b.step(ctx, id, attempt, map[string]any{"state": models.ReconciliationFailed, "code": code, "ended_at": b.clock.Machine()})
}
