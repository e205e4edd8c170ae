package notify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"frontdesk/internal/database"
	"frontdesk/internal/inbox"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// Outcomes of a delivery status, beside the status itself when it was news.
const (
	OutcomeStale   = "stale"              // the message is further on already
	OutcomeUnknown = inbox.OutcomeUnknown // no message of ours
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
		if further, erased, err := p.goesOn(ctx, news); err != nil || further {
			if outcome = string(news.Status); erased {
				outcome = inbox.OutcomeErased
			}
			return err
		}
		m, found, err := p.subject(ctx, news)
		if err != nil {
			return err
		}
		if !found {
			outcome = OutcomeUnknown
			if news.Status != models.Failed {
				return nil
			}
			if is, err := p.ofCode(ctx, news); err != nil || !is {
				return err
			}
			outcome = string(news.Status)
			return p.codeUnsent(ctx, news.ErrorCode)
		}
		outcome, err = p.apply(ctx, m, news)
		return err
	})
	if err != nil {
		return "", err
	}
	return outcome, nil
}

// goesOn notes in one statement the usual news: a message that was sent, and holds nothing up, was delivered
// or read. further is false for any other.
// erased tells that its customer is erased.
func (p *Post) goesOn(ctx context.Context, news models.DeliveryStatus) (further, erased bool, err error) {
	id, unknown := uuid.Parse(news.MessageID)
	var at string
	var before []models.MessageStatus
	switch news.Status {
	case models.Delivered:
		at, before = "delivered_at", []models.MessageStatus{models.Sent}
	case models.Read:
		at, before = "read_at", []models.MessageStatus{models.Sent, models.Delivered}
	}
	if unknown != nil || at == "" {
		return false, false, nil
	}
	var m struct {
		ConversationID models.ID
		Erased         bool
	}
	moved := p.db.On(ctx).Raw(`UPDATE messages SET status = ?, error_code = ?, error_detail = ?, `+at+` = coalesce(`+at+`, ?)
		WHERE id = ? AND direction = 'out' AND status IN ? AND provider_id IS NOT NULL AND sent_at IS NOT NULL RETURNING conversation_id, `+ofErased+` AS erased`,
		news.Status, news.ErrorCode, news.ErrorDetail, p.clock.Now(), id, before).Scan(&m)
	if moved.Error != nil {
		return false, false, fmt.Errorf("note delivery: %w", moved.Error)
	}
	if moved.RowsAffected == 0 {
		return false, false, nil
	}
	p.changed(ctx, models.Message{ID: id, ConversationID: m.ConversationID})
	return true, m.Erased, nil
}

// ofErased tells of a row of messages that its customer is erased.
const ofErased = `EXISTS (SELECT FROM conversations v JOIN contacts k ON k.id = v.contact_id WHERE v.id = messages.conversation_id AND k.address LIKE 'erased:%')`

// erased is ofErased of a message.
func (p *Post) erased(ctx context.Context, m models.Message) (is bool, err error) {
	if err := p.db.On(ctx).Raw("SELECT "+ofErased+" FROM messages WHERE id = ?", m.ID).Scan(&is).Error; err != nil {
		return false, fmt.Errorf("look whether the customer is erased: %w", err)
	}
	return is, nil
}

// apply writes a status into the locked row of its message.
func (p *Post) apply(ctx context.Context, m models.Message, news models.DeliveryStatus) (outcome string, err error) {
	now := p.clock.Now()
	columns := map[string]any{}
	erased, err := p.erased(ctx, m)
	if err != nil {
		return "", err
	}
	if erased { // how far it came is noted, and nothing that leads to them; nobody is told
		if raises(m, news) {
			columns = map[string]any{"status": news.Status, "job_id": nil, "sending_since": nil}
			err = p.db.On(ctx).Model(&models.Message{}).Where("id = ?", m.ID).UpdateColumns(columns).Error
		}
		return inbox.OutcomeErased, wrapNote(err)
	}
	if m.ProviderID == nil {
		columns["provider_id"] = news.ProviderID
	}
	outcome = OutcomeStale
	if past(m, news) {
		return outcome, nil
	}
	if news.Status == models.Failed && raises(m, news) {
		if again, err := p.again(ctx, m, news); err != nil || again {
			return OutcomeAgain, err
		}
	}
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
		if err := wrapNote(p.db.On(ctx).Model(&models.Message{}).Where("id = ?", m.ID).UpdateColumns(columns).Error); err != nil {
			return "", err
		}
		p.changed(ctx, m)
	}
	if outcome == string(models.Failed) {
		m.ErrorCode = news.ErrorCode
		if err := p.failed(ctx, m); err != nil {
			return "", err
		}
	}
	if outcome == OutcomeStale {
		return outcome, nil
	}
	if news.Status != models.Failed && m.SentAt == nil {
		if err := p.carried(ctx, m, false); err != nil {
			return "", err
		}
	}
	return outcome, p.resume(ctx, m)
}

func wrapNote(err error) error {
	if err != nil {
		return fmt.Errorf("note delivery: %w", err)
	}
	return nil
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
	sender, err := p.sender(ctx, m)
	if err != nil || sender != "" {
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
	found := p.db.On(ctx).Raw("SELECT * FROM messages WHERE "+where+" AND direction = 'out' FOR NO KEY UPDATE", arg).Scan(&m)
	if found.Error != nil {
		return m, false, fmt.Errorf("find message of status: %w", found.Error)
	}
	return m, found.RowsAffected == 1, nil
}

// failed tells the people on duty that a message did not arrive, and counts it.
func (p *Post) failed(ctx context.Context, m models.Message) error {
	if err := p.drawn(ctx, m, m.ErrorCode); err != nil { // the contact's row comes before the conversation's
		return err
	}
	if again, err := p.remindAgain(ctx, m); err != nil || again {
		return err
	}
	_, err := p.notice(ctx, models.Notice{
		Event: EventMessageFailed, MessageID: &m.ID, DedupeKey: EventMessageFailed + ":" + m.ID.String(),
	})
	if err != nil {
		return err
	}
	database.AfterCommit(ctx, func() { p.count(CountFailed) })
	return p.carried(ctx, m, true)
}
