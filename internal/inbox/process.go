package inbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"

	"frontdesk/internal/database"
	"frontdesk/jobs/queue"
	"frontdesk/models"
	"github.com/jackc/pgx/v5/pgconn"
)

// OutcomeFailed marks an event that was given up after maxFailures so that later ones could go on.
const OutcomeFailed = "failed"

// maxFailures is how often an event may fail before later events of its sender pass it. With the
// queue's growing pauses that is within a minute, and before its own job ends as a dead letter.
const maxFailures = 10

// Handler gives an event its effect, inside a transaction that also marks the event as processed, and
// names the outcome in a word of the product.
type Handler func(ctx context.Context, e models.ProviderEvent) (outcome string, err error)

// Process gives the event its effect, after the open events its sender sent before it, each in a
// transaction of its own under the sender's advisory lock. It may be called any number of times and by
// several processes at once. While another worker has the sender it does not wait but returns a
// *queue.Later: run again, it finds the work done or does it. It returns an error when this event, or one before it that still holds it
// back, failed; nil when the event is processed or gone.
func (b *Inbox) Process(ctx context.Context, eventID models.ID, handle Handler) error {
	for {
		done, err := b.step(ctx, eventID, handle)
		if done || err != nil {
			return err
		}
	}
}

// step processes one event: the sender's oldest open one, or the wanted event itself when it was given
// up before. done tells that nothing is left to do for the wanted event.
func (b *Inbox) step(ctx context.Context, eventID models.ID, handle Handler) (done bool, err error) {
	var next models.ProviderEvent
	var found bool
	err = b.db.InTx(ctx, func(ctx context.Context) error {
		if next, found, err = b.claim(ctx, eventID); err != nil || !found {
			return err
		}
		outcome, err := guarded(ctx, next, handle)
		if err != nil {
			return fmt.Errorf("process %s event: %w", next.Kind, err)
		}
		return b.close(ctx, next, outcome)
	})
	if err == nil {
		return !found || next.ID == eventID, nil
	}
	passed, noted := b.noteFailure(ctx, next, err)
	if noted != nil {
		return false, errors.Join(err, noted)
	}
	if passed && next.ID != eventID {
		return false, nil // the one in the way is given up: go on with those behind it
	}
	return false, err
}

// claimed is an open event and whether the lock of its sender is ours.
type claimed struct {
	models.ProviderEvent
	Ours bool
}

// claim takes the lock of the wanted event's sender until the transaction ends and picks the event to
// process: the sender's oldest open one, or the wanted one when it was given up before and is tried
// again, or is bound to no order. A delivery status is bound to none: it may come in any (W6), and a
// customer who writes does not wait for what became of our last message. found is false when nothing is
// left to do for it. The transaction's commit does not wait for the disk: what a crash of the server loses
// of it, the mark on the event included, is done again. Error: *queue.Later while another worker has the
// sender.
func (b *Inbox) claim(ctx context.Context, eventID models.ID) (next models.ProviderEvent, found bool, err error) {
	var wanted claimed
	err = b.db.On(ctx).Raw(`SELECT *, set_config('synchronous_commit', 'off', true),
			pg_try_advisory_xact_lock(hashtextextended(provider || '/' || CASE WHEN sender = '' OR kind = ? THEN event_id ELSE sender END, 0)) AS ours
		FROM provider_events WHERE id = ? AND (processed_at IS NULL OR outcome = ?)`, models.EventStatus, eventID, OutcomeFailed).Scan(&wanted).Error
	if err != nil {
		return next, false, fmt.Errorf("lock sender of event: %w", err)
	}
	if wanted.ID == (models.ID{}) {
		return next, false, nil
	}
	if !wanted.Ours {
		return next, false, queue.Busy("another worker has the sender")
	}
	// Whoever had the lock before may have done it meanwhile, or given it up: only what is read under the
	// lock counts.
	if wanted.Sender != "" && wanted.Kind != models.EventStatus && wanted.ProcessedAt == nil {
		next, err = b.one(ctx, `SELECT * FROM provider_events WHERE provider = ? AND sender = ? AND processed_at IS NULL AND seq <= ?
			AND kind <> ? ORDER BY seq LIMIT 1`, wanted.Provider, wanted.Sender, wanted.Seq, models.EventStatus)
		if err != nil || next.ID != (models.ID{}) {
			return next, err == nil, err
		}
	}
	next, err = b.one(ctx, "SELECT * FROM provider_events WHERE id = ? AND (processed_at IS NULL OR outcome = ?)", eventID, OutcomeFailed)
	return next, err == nil && next.ID != (models.ID{}), err
}

// one reads an event; its id is zero when there is none.
func (b *Inbox) one(ctx context.Context, query string, args ...any) (e models.ProviderEvent, err error) {
	if err := b.db.On(ctx).Raw(query, args...).Scan(&e).Error; err != nil {
		return e, fmt.Errorf("read event: %w", err)
	}
	return e, nil
}

// guarded turns a panic into an error, so that a poison event is counted like any other failure. The
// panic's value may hold what a customer wrote and is not repeated.
func guarded(ctx context.Context, e models.ProviderEvent, handle Handler) (outcome string, err error) {
	defer func() {
		if v := recover(); v != nil {
			slog.ErrorContext(ctx, "event handler panicked", "event", e.ID, "stack", string(debug.Stack()))
			err = fmt.Errorf("handler panicked with a %T", v)
		}
	}()
	return handle(ctx, e)
}

func (b *Inbox) close(ctx context.Context, e models.ProviderEvent, outcome string) error {
	columns := map[string]any{"processed_at": b.clock.Now(), "outcome": outcome}
	if forgets(e, outcome) {
		columns = emptied(columns)
	}
	err := b.db.On(ctx).Model(&models.ProviderEvent{}).Where("id = ?", e.ID).UpdateColumns(columns).Error
	if err != nil {
		return fmt.Errorf("mark event processed: %w", err)
	}
	return nil
}

// noteFailure counts a failure of an event, if it is the event's own, and gives the event up after
// maxFailures; passed tells whether it did.
func (b *Inbox) noteFailure(ctx context.Context, e models.ProviderEvent, cause error) (passed bool, err error) {
	if e.ID == (models.ID{}) || e.ProcessedAt != nil || ctx.Err() != nil || passing(cause) {
		return false, nil
	}
	err = b.db.On(ctx).Raw(`UPDATE provider_events SET failures = failures + 1,
		processed_at = CASE WHEN failures + 1 >= @max THEN CAST(@now AS timestamptz) END,
		outcome = CASE WHEN failures + 1 >= @max THEN @failed ELSE '' END
		WHERE id = @id AND processed_at IS NULL RETURNING processed_at IS NOT NULL`,
		map[string]any{"max": maxFailures, "now": b.clock.Now(), "failed": OutcomeFailed, "id": e.ID}).Scan(&passed).Error
	if err != nil {
		return false, fmt.Errorf("note failure of event: %w", err)
	}
	return passed, nil
}

// passing tells whether a failure is the database's own and will pass: deadlock, lock or statement
// time-out, lost connection. Such failures are not held against an event.
func passing(err error) bool {
	var pg *pgconn.PgError
	return database.Away(err) || database.Deadlocked(err) || errors.As(err, &pg) && pg.Code == "55P03"
}
