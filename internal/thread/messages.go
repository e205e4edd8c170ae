package thread

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

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
	err = t.db.Within(ctx, func(ctx context.Context) error {
		done := t.db.On(ctx).Clauses(
			clause.OnConflict{Columns: []clause.Column{{Name: "provider_id"}}, DoNothing: true},
			clause.Returning{Columns: []clause.Column{{Name: "seq"}}},
		).Create(&m)
		if done.Error != nil {
			return fmt.Errorf("store inbound message: %w", done.Error)
		}
		if duplicate = done.RowsAffected == 0; duplicate {
			return nil
		}
		return t.touch(ctx, conv.ID, map[string]any{"last_inbound_at": m.CreatedAt, "last_message_at": m.CreatedAt})
	})
	return m, duplicate, err
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

// MarkHandled says that a turn has taken the message, and in which language it was read.
func (t *Thread) MarkHandled(ctx context.Context, messageID models.ID, lang models.Language) error {
	now := t.clock.Now()
	err := t.db.On(ctx).Model(&models.Message{}).Where("id = ? AND status = 'received'", messageID).
		Updates(map[string]any{"status": models.Handled, "handled_at": now, "language": lang}).Error
	if err != nil {
		return fmt.Errorf("mark message handled: %w", err)
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
	m = models.Message{
		ID: models.NewID(), ConversationID: out.ConversationID, Direction: models.Out, Class: out.Class,
		Status: models.Queued, Content: out.Content, Language: out.Language, Cause: out.Cause,
		StaffID: out.StaffID, CreatedAt: t.clock.Now(),
	}
	if out.DedupeKey != "" {
		m.DedupeKey = &out.DedupeKey
	}
	err = t.db.Within(ctx, func(ctx context.Context) error {
		done := t.db.On(ctx).Clauses(
			clause.OnConflict{Columns: []clause.Column{{Name: "dedupe_key"}}, DoNothing: true},
			clause.Returning{Columns: []clause.Column{{Name: "seq"}}},
		).Create(&m)
		if done.Error != nil {
			return fmt.Errorf("queue message: %w", done.Error)
		}
		if said = done.RowsAffected == 1; !said {
			var earlier models.Message // a fresh one: GORM would look for the id of m
			if err := t.db.On(ctx).Where("dedupe_key = ?", out.DedupeKey).Take(&earlier).Error; err != nil {
				return fmt.Errorf("read message said before: %w", err)
			}
			m = earlier
			return nil
		}
		if err := t.queue.Enqueue(ctx, queue.Flush{ConversationID: out.ConversationID}); err != nil {
			return err
		}
		return t.touch(ctx, out.ConversationID, map[string]any{"last_message_at": m.CreatedAt})
	})
	return m, said, err
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

// touch stamps a conversation and tells the open screens.
func (t *Thread) touch(ctx context.Context, id models.ID, stamps map[string]any) error {
	err := t.db.On(ctx).Model(&models.Conversation{}).Where("id = ?", id).UpdateColumns(stamps).Error
	if err != nil {
		return fmt.Errorf("stamp conversation: %w", err)
	}
	t.redis.Changed(ctx, redisstore.TopicConversations, id.String())
	return nil
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
