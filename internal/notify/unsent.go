package notify

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"frontdesk/internal/database"
	"frontdesk/models"
)

// EventCodeUnsent tells those on duty that a code, by which somebody was to prove a number, did not arrive.
const EventCodeUnsent = "code.unsent"

// codeUnsent counts a code that did not arrive and tells the people on duty, once a day for each of WhatsApp's codes. Whom
// it was for, and the code, stand nowhere in it.
func (p *Post) codeUnsent(ctx context.Context, why string) error {
	database.AfterCommit(ctx, func() { p.count(CountFailed) })
	_, err := p.notice(ctx, models.Notice{
		Event: EventCodeUnsent, DedupeKey: strings.Join([]string{EventCodeUnsent, why, p.clock.Now().UTC().Format(time.DateOnly)}, ":"),
	})
	return err
}

// UnsentCode is WhatsApp's code of an EventCodeUnsent notice; empty for others.
func UnsentCode(n models.Notice) string {
	parts := strings.Split(n.DedupeKey, ":")
	if n.Event != EventCodeUnsent || len(parts) != 3 {
		return ""
	}
	return parts[1]
}

// ofCode tells whether a status speaks of a code, which leaves no message.
func (p *Post) ofCode(ctx context.Context, news models.DeliveryStatus) (is bool, err error) {
	id, unknown := uuid.Parse(news.MessageID)
	if unknown != nil {
		return false, nil
	}
	if err := p.db.On(ctx).Raw("SELECT EXISTS (SELECT FROM phone_codes WHERE id = ?)", id).Scan(&is).Error; err != nil {
		return false, fmt.Errorf("find code of status: %w", err)
	}
	return is, nil
}
