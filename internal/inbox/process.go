package inbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"

	"frontdesk/internal/database"
	"frontdesk/jobs/queue"
	"frontdesk/models"
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
	wanted, found, err := b.event(ctx, eventID)
	if err != nil || !found || settled(wanted) {
		return true, err
	}
	var next models.ProviderEvent
	err = b.db.InTx(ctx, func(ctx context.Context) error {
		if next, found, err = b.claim(ctx, wanted); err != nil || !found {
			return err
		}
		outcome, err := guarded(ctx, next, handle)
		if err != nil {
			return fmt.Errorf("process %s event: %w", next.Kind, err)
		}
		return b.close(ctx, next.ID, outcome)
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

// claim takes the sender's lock until the transaction ends and picks the event to process; found is
// false when another process was faster. Error: *queue.Later while another worker has the sender.
func (b *Inbox) claim(ctx context.Context, wanted models.ProviderEvent) (next models.ProviderEvent, found bool, err error) {
	lock := string(wanted.Provider) + "/" + wanted.Sender
	if wanted.Sender == "" {
		lock += wanted.EventID
	}
	var ours bool
	if err := b.db.On(ctx).Raw("SELECT pg_try_advisory_xact_lock(hashtextextended(?, 0))", lock).Scan(&ours).Error; err != nil {
		return next, false, fmt.Errorf("lock sender of event: %w", err)
	}
	if !ours {
		return next, false, queue.Busy("another worker has the sender")
	}
	if fresh, found, err := b.event(ctx, wanted.ID); err != nil || !found || settled(fresh) {
		return next, false, err
	} else if fresh.ProcessedAt != nil || wanted.Sender == "" {
		return fresh, true, nil // given up before and tried again, or bound to no order
	}
	err = b.db.On(ctx).Where("provider = ? AND sender = ? AND processed_at IS NULL AND seq <= ?",
		wanted.Provider, wanted.Sender, wanted.Seq).Order("seq").Take(&next).Error
	if err != nil {
		return next, false, fmt.Errorf("find oldest open event: %w", err)
	}
	return next, true, nil
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

func (b *Inbox) close(ctx context.Context, id models.ID, outcome string) error {
	err := b.db.On(ctx).Model(&models.ProviderEvent{}).Where("id = ?", id).
		UpdateColumns(map[string]any{"processed_at": b.clock.Now(), "outcome": outcome}).Error
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
	if !errors.As(err, &pg) {
		return false
	}
	return database.Deadlocked(err) || pg.Code == "55P03" || pg.Code == "57014" || pg.Code[:2] == "08" || pg.Code[:3] == "57P"
}

// settled tells whether nothing is left to do for an event.
func settled(e models.ProviderEvent) bool { return e.ProcessedAt != nil && e.Outcome != OutcomeFailed }

func (b *Inbox) event(ctx context.Context, id models.ID) (models.ProviderEvent, bool, error) {
	var e models.ProviderEvent
	err := b.db.On(ctx).Where("id = ?", id).Take(&e).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return e, false, nil
	}
	if err != nil {
		return e, false, fmt.Errorf("read event: %w", err)
	}
	return e, true, nil
}
