package notify

import (
	"context"
	"fmt"
	"strings"
	"time"

	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// EventChannelRefused tells those on duty that WhatsApp refuses the salon itself.
const EventChannelRefused = "channel.refused"

// OutcomeAgain is the outcome of a failure whose message is sent once more.
const OutcomeAgain = "again"

const (
	stopFor = 24 * time.Hour // a number that nothing arrives at is tried again after this
	slower  = 5              // how often a message is sent that WhatsApp took and then held back
)

// again decides about a failure that came after WhatsApp had taken a message (W10): a closed window has
// it sent once more as its template, a limit once more after a pause that doubles with each try. The
// first id is forgotten, so that what is still said of that try changes nothing.
func (p *Post) again(ctx context.Context, m models.Message, news models.DeliveryStatus) (is bool, err error) {
	columns := map[string]any{
		"status": models.Queued, "provider_id": nil, "sent_at": nil, "job_id": nil, "sending_since": nil,
		"error_code": news.ErrorCode, "error_detail": news.ErrorDetail,
	}
	switch ActionOf(news.ErrorCode) {
	case ActTemplate:
		if m.Content.Template == nil || m.Content.Kind == models.KindTemplate {
			return false, nil
		}
	case ActWait:
		if m.Attempts >= slower {
			return false, nil
		}
		columns["status"], columns["sending_since"] = models.Sending, p.clock.Machine() // as if in doubt: its patience is the pause
	default:
		return false, nil
	}
	if err := p.db.On(ctx).Model(&models.Message{}).Where("id = ?", m.ID).UpdateColumns(columns).Error; err != nil {
		return false, fmt.Errorf("send message again: %w", err)
	}
	p.changed(ctx, m)
	return true, p.queue.Enqueue(ctx, queue.Flush{ConversationID: m.ConversationID})
}

// past tells whether a failure is of a try that another has followed.
func past(m models.Message, news models.DeliveryStatus) bool {
	switch {
	case news.Status != models.Failed:
		return false
	case m.ProviderID != nil:
		return m.Attempts > 1 && news.ProviderID != "" && *m.ProviderID != news.ProviderID
	default:
		action := ActionOf(news.ErrorCode)
		return m.ErrorCode == news.ErrorCode && (action == ActTemplate || action == ActWait)
	}
}

// drawn does what a refusal calls for beside its message: a number is left alone, or the people on duty
// are told that the salon's account needs them, once a day for each code.
func (p *Post) drawn(ctx context.Context, m models.Message, code string) error {
	now := p.clock.Now()
	switch ActionOf(code) {
	case ActStop:
		err := p.db.On(ctx).Exec(`UPDATE contacts SET unreachable_at = ?
			WHERE id = (SELECT contact_id FROM conversations WHERE id = ?)`, now, m.ConversationID).Error
		if err != nil {
			return fmt.Errorf("note number unreachable: %w", err)
		}
	case ActAlert:
		_, err := p.notice(ctx, models.Notice{Event: EventChannelRefused, DedupeKey: strings.Join([]string{EventChannelRefused, code, now.UTC().Format(time.DateOnly)}, ":")})
		return err
	}
	return nil
}

// RefusedCode is the code of an EventChannelRefused notice; empty for others.
func RefusedCode(n models.Notice) string {
	parts := strings.Split(n.DedupeKey, ":")
	if n.Event != EventChannelRefused || len(parts) != 3 {
		return ""
	}
	return parts[1]
}

// stopped tells whether nothing but a person's own words may go to a number now: WhatsApp said lately that
// nothing arrives there, and its owner has not written since.
func (o outlet) stopped(m models.Message, now time.Time) bool {
	return o.UnreachableAt != nil && m.Class != models.ClassStaff && now.Before(o.UnreachableAt.Add(stopFor)) &&
		(o.LastInboundAt == nil || o.LastInboundAt.Before(*o.UnreachableAt))
}
