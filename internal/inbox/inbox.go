// Package inbox owns the events that providers send us: it stores them before they are acknowledged
// once each, and has them processed in order per sender. It knows no
// provider's wire format and no rule: what an event means is decided by the function it is given.
//
// An event is marked processed in the transaction of its effect, so a crash repeats neither and loses
// neither. An event that fails holds back the later ones of its sender, and of nobody else, until it
// has failed maxFailures times; it is then recorded as "failed" and the later ones go on, while its own
// job keeps trying it until the job ends as a dead letter. Requeueing that job tries the event again.
package inbox

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/riverqueue/river"

	"frontdesk/internal/clock"
	"frontdesk/internal/database"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// acceptSeed keeps the locks of storing apart from those of processing.
const acceptSeed = 7_305_003

// Inbox stores events and hands them out.
type Inbox struct {
	db    *database.DB
	clock clock.Clock
	queue *queue.Queue
}

// New makes an inbox on the database.
func New(db *database.DB, c clock.Clock, q *queue.Queue) *Inbox {
	return &Inbox{db: db, clock: c, queue: q}
}

// Event is one thing a provider told us. ID is unique per provider: a second event with the same ID is
// a duplicate. Events without a Sender have no order among each other.
type Event struct {
	ID      string
	Kind    string
	Sender  string
	Payload json.RawMessage
}

// Accept stores events and the jobs that process them in one transaction and tells how many were new.
// When it returns without an error they are committed, unless the caller holds a transaction itself.
func (b *Inbox) Accept(ctx context.Context, provider models.Provider, events []Event) (fresh int, err error) {
	if len(events) == 1 {
		return b.store(ctx, provider, events[0]) // a statement is a transaction
	}
	err = b.db.InTx(ctx, func(ctx context.Context) error {
		if err := b.queueUp(ctx, events); err != nil {
			return err
		}
		for _, e := range events {
			stored, err := b.store(ctx, provider, e)
			if err != nil {
				return err
			}
			fresh += stored
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return fresh, nil
}

// store keeps an event and enqueues its job; neither when it was known, and then it counts none: nor when it was known before its
// person was erased. One statement, because every webhook waits for it.
func (b *Inbox) store(ctx context.Context, provider models.Provider, e Event) (fresh int, err error) {
	id := models.NewID()
	stored, err := b.queue.EnqueueIf(ctx, job(provider, id), `INSERT INTO provider_events (id, provider, event_id, kind, sender, payload, received_at)
		SELECT ?::uuid, ?::text, ?::text, ?::text, ?::text, ?::jsonb, ?::timestamptz WHERE NOT EXISTS (SELECT FROM provider_events WHERE provider = ? AND event_id = ?)
		ON CONFLICT (provider, event_id) DO NOTHING RETURNING id`,
		id, provider, e.ID, e.Kind, e.Sender, string(clean(e.Payload)), b.clock.Now(), provider, forgotten(e.ID))
	if err != nil {
		return 0, fmt.Errorf("store %s event: %w", provider, err)
	}
	if stored {
		return 1, nil
	}
	return 0, nil
}

// Known tells which events of a provider have come, by their ids; also of those whose person is erased.
func (b *Inbox) Known(ctx context.Context, provider models.Provider, ids []string) (map[string]bool, error) {
	asked := map[string]string{}
	for _, id := range ids {
		asked[id], asked[forgotten(id)] = id, id
	}
	var found []string
	err := b.db.On(ctx).Model(&models.ProviderEvent{}).Where("provider = ? AND event_id IN ?", provider, slices.Collect(maps.Keys(asked))).Pluck("event_id", &found).Error
	if err != nil {
		return nil, fmt.Errorf("look for known events: %w", err)
	}
	out := map[string]bool{}
	for _, id := range found {
		out[asked[id]] = true
	}
	return out, nil
}

// queueUp lets webhooks that share a sender be stored one after the other: the same events in another
// order would lock each other out. A single event cannot, and does not wait.
func (b *Inbox) queueUp(ctx context.Context, events []Event) error {
	senders := make([]string, len(events))
	for i, e := range events {
		senders[i] = e.Sender
	}
	slices.Sort(senders)
	for _, sender := range slices.Compact(senders) {
		if err := b.db.On(ctx).Exec("SELECT pg_advisory_xact_lock(hashtextextended(?, ?))", sender, acceptSeed).Error; err != nil {
			return fmt.Errorf("wait for webhooks of the same sender: %w", err)
		}
	}
	return nil
}

func job(provider models.Provider, id models.ID) river.JobArgs {
	if provider == models.ProviderStripe {
		return queue.PaymentEvent{EventID: id}
	}
	return queue.InboxEvent{EventID: id}
}
