package notify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"frontdesk/internal/database"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// Outcomes of a delivery status, beside the status itself when it was news.
const (
	OutcomeStale   = "stale"   // the message is further on already
	OutcomeUnknown = "unknown" // no message of ours
)

// Track notes a delivery status. It finds the message by WhatsApp's id or by ours, which WhatsApp
// echoes: so a status also resolves a message in doubt, and the conversation's next messages go. Statuses
// arrive in any order (W6) and never lower what is known; a failure is final, unless the message was
// seen to arrive.
func (p *Post) Track(ctx context.Context, e models.ProviderEvent) (outcome string, err error) {
	var news models.DeliveryStatus
	if err := json.Unmarshal(e.Payload, &news); err != nil {
		return "", errors.New("track delivery: payload is no delivery status")
	}
	err = p.db.Within(ctx, func(ctx context.Context) error {
		m, found, err := p.subject(ctx, news)
		if err != nil {
			return err
		}
		if !found {
			outcome = OutcomeUnknown
			return nil
		}
		outcome, err = p.apply(ctx, m, news)
		return err
	})
	if err != nil {
		return "", err
	}
	return outcome, nil
}

// apply writes a status into the locked row of its message.
func (p *Post) apply(ctx context.Context, m models.Message, news models.DeliveryStatus) (outcome string, err error) {
	now := p.clock.Now()
	columns := map[string]any{}
	if m.ProviderID == nil {
		columns["provider_id"] = news.ProviderID
	}
	outcome = OutcomeStale
	if raises(m, news) {
		outcome = string(news.Status)
		columns["status"] = news.Status
		columns["job_id"], columns["sending_since"] = nil, nil
		columns["error_code"], columns["error_detail"] = news.ErrorCode, news.ErrorDetail
	}
	if news.Status != models.Failed && m.SentAt == nil {
		columns["sent_at"] = now
	}
	if news.Status == models.Delivered && m.DeliveredAt == nil {
		columns["delivered_at"] = now
	}
	if news.Status == models.Read && m.ReadAt == nil {
		columns["read_at"] = now
	}
	if len(columns) > 0 {
		if err := p.db.On(ctx).Model(&models.Message{}).Where("id = ?", m.ID).UpdateColumns(columns).Error; err != nil {
			return "", fmt.Errorf("note delivery: %w", err)
		}
		p.changed(ctx, m)
	}
	if outcome == string(models.Failed) {
		if err := p.failed(ctx, m); err != nil {
			return "", err
		}
	}
	if outcome == OutcomeStale {
		return outcome, nil
	}
	return outcome, p.resume(ctx, m)
}

// raises tells whether a status is further on than the message. A suppressed message that has a status
// was sent after all, by a call whose answer was lost.
func raises(m models.Message, news models.DeliveryStatus) bool {
	switch {
	case m.Status == models.Suppressed:
		return true
	case news.Status == models.Failed:
		return m.Status.Rank() <= models.Sent.Rank()
	default:
		return news.Status.Rank() > m.Status.Rank()
	}
}

// resume has the rest of the conversation sent at once when the message was holding it up in doubt.
func (p *Post) resume(ctx context.Context, m models.Message) error {
	if m.Status != models.Sending && m.Status != models.Queued {
		return nil
	}
	flying, err := p.inFlight(ctx, m)
	if err != nil || flying {
		return err
	}
	return p.queue.Enqueue(ctx, queue.Flush{ConversationID: m.ConversationID})
}

// subject finds and locks the message a status speaks of. The echo of our own id comes first: it is
// right even where the message was sent twice and WhatsApp's first id was never stored.
func (p *Post) subject(ctx context.Context, news models.DeliveryStatus) (models.Message, bool, error) {
	if id, err := uuid.Parse(news.MessageID); err == nil {
		if m, found, err := p.lock(ctx, "id = ?", id); err != nil || found {
			return m, found, err
		}
	}
	return p.lock(ctx, "provider_id = ?", news.ProviderID)
}

func (p *Post) lock(ctx context.Context, where string, arg any) (models.Message, bool, error) {
	var m models.Message
	err := p.db.On(ctx).Clauses(clause.Locking{Strength: "NO KEY UPDATE"}).
		Where(where, arg).Where("direction = 'out'").Take(&m).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return m, false, nil
	}
	if err != nil {
		return m, false, fmt.Errorf("find message of status: %w", err)
	}
	return m, true, nil
}

// failed tells the people on duty that a message did not arrive, and counts it.
func (p *Post) failed(ctx context.Context, m models.Message) error {
	_, err := p.notice(ctx, models.Notice{
		Event: EventMessageFailed, MessageID: &m.ID, DedupeKey: EventMessageFailed + ":" + m.ID.String(),
	})
	if err != nil {
		return err
	}
	database.AfterCommit(ctx, func() { p.count(CountFailed) })
	return nil
}
