package thread

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"frontdesk/internal/fault"
	"frontdesk/internal/redisstore"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// Receive stores an inbound message, once per channel id; duplicate tells that it was known
// already, and then nothing changes. It opens WhatsApp's 24-hour window anew.
func (t *Thread) Receive(ctx context.Context, conv models.Conversation, in models.InboundMessage) (m models.Message, duplicate bool, err error) {
	m = models.Message{
		ID: models.NewID(), ConversationID: conv.ID, Direction: models.In, Class: models.ClassInbound,
		Status: models.Received, Content: in.Content, CreatedAt: t.clock.Now(),
	}
	if in.ProviderID != "" {
		m.ProviderID = &in.ProviderID
	}
	stored := t.db.On(ctx).Raw(`WITH stored AS (
			INSERT INTO messages (id, conversation_id, direction, class, status, content, provider_id, created_at)
			VALUES (@id, @conversation, 'in', 'inbound', 'received', @content, @provider, @now)
			ON CONFLICT (provider_id) DO NOTHING RETURNING conversation_id, seq
		), stamped AS (
			UPDATE conversations SET last_inbound_at = @now, last_message_at = @now FROM stored WHERE id = stored.conversation_id
		) SELECT seq FROM stored`, map[string]any{
		"id": m.ID, "conversation": conv.ID, "content": m.Content, "provider": m.ProviderID, "now": m.CreatedAt,
	}).Scan(&m.Seq)
	if stored.Error != nil {
		return m, false, fmt.Errorf("store inbound message: %w", stored.Error)
	}
	if stored.RowsAffected == 0 {
		return m, true, nil
	}
	t.redis.Changed(ctx, redisstore.TopicConversations, conv.ID.String())
	return m, false, nil
}

// Wrote stores what a person of the salon has written to the customer with another tool: it was sent
// already. fresh is false when the channel's id is known, and then nothing changes.
func (t *Thread) Wrote(ctx context.Context, conv models.Conversation, said models.Echo) (fresh bool, err error) {
	now := t.clock.Now()
	stored := t.db.On(ctx).Exec(`WITH stored AS (
			INSERT INTO messages (id, conversation_id, direction, class, status, content, language, provider_id, cause, created_at, sent_at)
			VALUES (@id, @conversation, 'out', 'staff', 'sent', @content, @language, @provider, @cause, @now, @now)
			ON CONFLICT (provider_id) DO NOTHING RETURNING conversation_id
		) UPDATE conversations SET last_message_at = @now FROM stored WHERE id = stored.conversation_id`, map[string]any{
		"id": models.NewID(), "conversation": conv.ID, "content": said.Content, "language": conv.Language,
		"provider": said.ProviderID, "cause": models.CauseElsewhere, "now": now,
	})
	if stored.Error != nil {
		return false, fmt.Errorf("store what was written elsewhere: %w", stored.Error)
	}
	if stored.RowsAffected > 0 {
		t.redis.Changed(ctx, redisstore.TopicConversations, conv.ID.String())
	}
	return stored.RowsAffected > 0, nil
}

// WaitingPage is how many unhandled messages are looked at in one go.
const WaitingPage = 100

// Unhandled lists the inbound messages that no turn has taken yet, oldest first: the first hundred, so
// that a backlog costs no more than a page.
func (t *Thread) Unhandled(ctx context.Context, id models.ID) ([]models.Message, error) {
	var list []models.Message
	err := t.db.On(ctx).Where("conversation_id = ? AND direction = 'in' AND status = 'received'", id).
		Order("seq").Limit(WaitingPage).Find(&list).Error
	if err != nil {
		return nil, fmt.Errorf("list unhandled messages: %w", err)
	}
	return list, nil
}

// MarkHandled says that messages have been taken, and in which language they were read.
func (t *Thread) MarkHandled(ctx context.Context, lang models.Language, messages ...models.ID) error {
	err := t.db.On(ctx).Exec("UPDATE messages SET status = 'handled', handled_at = ?, language = ? WHERE id IN ? AND status = 'received'",
		t.clock.Now(), lang, messages).Error
	if err != nil {
		return fmt.Errorf("mark messages handled: %w", err)
	}
	return nil
}

// Outgoing is something to say. DedupeKey makes it unique for ever; empty: it may be said again.
type Outgoing struct {
	ConversationID models.ID
	Class          models.MessageClass
	Content        models.Content
	Language       models.Language
	Cause          string
	DedupeKey      string
	StaffID        *models.ID // who wrote it, for ClassStaff
}

// Say queues a message and the job that sends it. said is false when the dedupe key was used before;
// the earlier message is returned then.
func (t *Thread) Say(ctx context.Context, out Outgoing) (m models.Message, said bool, err error) {
	err = t.db.Within(ctx, func(ctx context.Context) error {
		if m, said, err = t.put(ctx, out); err != nil || !said {
			return err
		}
		err := t.db.On(ctx).Exec("UPDATE conversations SET last_message_at = ? WHERE id = ?", m.CreatedAt, out.ConversationID).Error
		if err != nil {
			return fmt.Errorf("stamp conversation: %w", err)
		}
		return nil
	})
	return m, said, err
}

// Add is Say in a conversation that its caller has locked and will Save: the stamp of the newest message
// is written with that.
func (t *Thread) Add(ctx context.Context, conv *models.Conversation, out Outgoing) error {
	out.ConversationID = conv.ID
	m, said, err := t.put(ctx, out)
	if said {
		conv.LastMessageAt = &m.CreatedAt
	}
	return err
}

// put stores what is to be said and the job that sends it.
func (t *Thread) put(ctx context.Context, out Outgoing) (m models.Message, said bool, err error) {
	m = models.Message{
		ID: models.NewID(), ConversationID: out.ConversationID, Direction: models.Out, Class: out.Class,
		Status: models.Queued, Content: out.Content, Language: out.Language, Cause: out.Cause,
		StaffID: out.StaffID, CreatedAt: t.clock.Now(),
	}
	if out.DedupeKey != "" {
		m.DedupeKey = &out.DedupeKey
	}
	stored := t.db.On(ctx).Raw(`INSERT INTO messages
			(id, conversation_id, direction, class, status, content, language, cause, dedupe_key, staff_id, created_at)
		VALUES (?, ?, 'out', ?, 'queued', ?, ?, ?, ?, ?, ?) ON CONFLICT (dedupe_key) DO NOTHING RETURNING seq`,
		m.ID, m.ConversationID, m.Class, m.Content, m.Language, m.Cause, m.DedupeKey, m.StaffID, m.CreatedAt).Scan(&m.Seq)
	if stored.Error != nil {
		return m, false, fmt.Errorf("queue message: %w", stored.Error)
	}
	if stored.RowsAffected == 0 {
		var earlier models.Message // a fresh one: GORM would look for the id of m
		if err := t.db.On(ctx).Where("dedupe_key = ?", out.DedupeKey).Take(&earlier).Error; err != nil {
			return m, false, fmt.Errorf("read message said before: %w", err)
		}
		return earlier, false, nil
	}
	if err := t.queue.EnqueueOnce(ctx, queue.Flush{ConversationID: m.ConversationID}); err != nil {
		return m, false, err
	}
	t.redis.Changed(ctx, redisstore.TopicConversations, m.ConversationID.String())
	return m, true, nil
}

// Said tells whether a dedupe key was used.
func (t *Thread) Said(ctx context.Context, dedupeKey string) (bool, error) {
	var n int64
	err := t.db.On(ctx).Model(&models.Message{}).Where("dedupe_key = ?", dedupeKey).Count(&n).Error
	if err != nil {
		return false, fmt.Errorf("look for message said before: %w", err)
	}
	return n > 0, nil
}

// Message reads an outbound message of a conversation. Fault: thread.no_message.
func (t *Thread) Message(ctx context.Context, conversationID, id models.ID) (models.Message, error) {
	var m models.Message
	err := t.db.On(ctx).Where("id = ? AND conversation_id = ? AND direction = 'out'", id, conversationID).Take(&m).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return m, fault.NotFound("thread.no_message")
	}
	if err != nil {
		return m, fmt.Errorf("read message: %w", err)
	}
	return m, nil
}

// Last is the newest n messages either way, oldest first.
func (t *Thread) Last(ctx context.Context, id models.ID, n int) ([]models.Message, error) {
	return t.Transcript(ctx, id, 0, n)
}

// Transcript is a page of a conversation: up to limit messages before the given seq (0: the newest),
// oldest first.
func (t *Thread) Transcript(ctx context.Context, id models.ID, beforeSeq int64, limit int) ([]models.Message, error) {
	q := t.db.On(ctx).Where("conversation_id = ?", id)
	if beforeSeq > 0 {
		q = q.Where("seq < ?", beforeSeq)
	}
	var list []models.Message
	if err := q.Order("seq DESC").Limit(limit).Find(&list).Error; err != nil {
		return nil, fmt.Errorf("read transcript: %w", err)
	}
	slices.Reverse(list)
	return list, nil
}
