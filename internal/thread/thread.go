// Package thread owns conversations and their messages: what was received, what is to be said, in
// which order, and the saved state with its version. It neither decides what to say
// (chat) nor sends it (notify), and it never loses or repeats a message: inbound ones are unique by
// the channel's id, outbound ones by their dedupe key.
package thread

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"frontdesk/internal/clock"
	"frontdesk/internal/database"
	"frontdesk/internal/fault"
	"frontdesk/internal/redisstore"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// Thread reads and writes conversations. Every method joins the transaction on the context.
type Thread struct {
	db    *database.DB
	clock clock.Clock
	queue *queue.Queue
	redis *redisstore.Store
}

// New makes the conversations' room.
func New(db *database.DB, c clock.Clock, q *queue.Queue, redis *redisstore.Store) *Thread {
	return &Thread{db: db, clock: c, queue: q, redis: redis}
}

// Of finds or creates the conversation of a contact; lang is the language of a new one.
func (t *Thread) Of(ctx context.Context, contact models.Contact, lang models.Language) (models.Conversation, error) {
	if known, err := t.of(ctx, contact); err == nil || !fault.Is(err, "thread.no_conversation") {
		return known, err
	}
	row := models.Conversation{
		ID: models.NewID(), ContactID: contact.ID, Language: lang, State: []byte("{}"),
		CreatedAt: t.clock.Now(), UpdatedAt: t.clock.Now(),
	}
	err := t.db.On(ctx).Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "contact_id"}}, DoNothing: true}).
		Create(&row).Error
	if err != nil {
		return models.Conversation{}, fmt.Errorf("open conversation: %w", err)
	}
	return t.of(ctx, contact)
}

func (t *Thread) of(ctx context.Context, contact models.Contact) (models.Conversation, error) {
	return t.one(t.db.On(ctx).Where("contact_id = ?", contact.ID))
}

// Conversation reads a conversation. Fault: thread.no_conversation.
func (t *Thread) Conversation(ctx context.Context, id models.ID) (models.Conversation, error) {
	return t.one(t.db.On(ctx).Where("id = ?", id))
}

// Lock reads a conversation and holds its row until the transaction on the context ends, after
// waiting for whoever holds it. It comes before every other lock (order: conversation, stylists,
// appointment, payment). Fault: thread.no_conversation.
func (t *Thread) Lock(ctx context.Context, id models.ID) (models.Conversation, error) {
	return t.locked(ctx, id, clause.Locking{Strength: "NO KEY UPDATE"})
}

// TryLock is Lock without waiting: free is false when somebody else holds the conversation, or when
// there is none.
func (t *Thread) TryLock(ctx context.Context, id models.ID) (conv models.Conversation, free bool, err error) {
	conv, err = t.locked(ctx, id, clause.Locking{Strength: "NO KEY UPDATE", Options: "SKIP LOCKED"})
	if fault.Is(err, "thread.no_conversation") {
		return conv, false, nil
	}
	return conv, err == nil, err
}

func (t *Thread) locked(ctx context.Context, id models.ID, how clause.Locking) (models.Conversation, error) {
	if !database.InTransaction(ctx) {
		return models.Conversation{}, errors.New("lock conversation: no transaction on the context")
	}
	return t.one(t.db.On(ctx).Clauses(how).Where("id = ?", id))
}

func (t *Thread) one(q *gorm.DB) (models.Conversation, error) {
	var c models.Conversation
	err := q.Take(&c).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return c, fault.NotFound("thread.no_conversation")
	}
	if err != nil {
		return c, fmt.Errorf("read conversation: %w", err)
	}
	return c, nil
}

// Save writes the state and language of a conversation, and when its last message was; it raises the
// version and marks the messages that were answered as handled. It fails with the fault thread.stale,
// writing nothing, when someone else saved since conv was read. The human mode is not touched:
// handoff owns it.
func (t *Thread) Save(ctx context.Context, conv models.Conversation, handled ...models.ID) (models.Conversation, error) {
	var saved bool
	err := t.db.On(ctx).Raw(`WITH saved AS (
			UPDATE conversations SET state = @state, language = @language, version = version + 1,
				last_message_at = greatest(last_message_at, @last), updated_at = @now
			WHERE id = @id AND version = @version RETURNING id
		), handled AS (
			UPDATE messages SET status = 'handled', handled_at = @now, language = @language
			WHERE id IN @handled AND status = 'received' AND conversation_id IN (SELECT id FROM saved)
		) SELECT EXISTS (SELECT 1 FROM saved)`, map[string]any{
		"state": string(conv.State), "language": conv.Language, "last": conv.LastMessageAt, "now": t.clock.Now(),
		"id": conv.ID, "version": conv.Version, "handled": handled,
	}).Scan(&saved).Error
	if err != nil {
		return conv, fmt.Errorf("save conversation: %w", err)
	}
	if !saved {
		return conv, fault.Conflict("thread.stale")
	}
	conv.Version++
	t.redis.Changed(ctx, redisstore.TopicConversations, conv.ID.String())
	return conv, nil
}
