package notify

import (
	"context"
	"fmt"
	"strings"

	"frontdesk/internal/content"
	"frontdesk/internal/database"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/thread"
	"frontdesk/models"
)

// CountReminderFailed is the name under which reminders that nobody received are counted.
const CountReminderFailed = "reminder_failed"

// secondTry ends the dedupe key of a reminder that is sent once more.
const secondTry = ":again"

// remindAgain sends a reminder that could not be delivered once more, and tells whether it did. The second
// time the visit says that its reminder failed.
func (p *Post) remindAgain(ctx context.Context, m models.Message) (again bool, err error) {
	if m.Cause != models.CauseReminder || m.DedupeKey == nil {
		return false, nil
	}
	if !strings.HasSuffix(*m.DedupeKey, secondTry) {
		_, _, err := p.thread.Say(ctx, thread.Outgoing{
			ConversationID: m.ConversationID, Class: m.Class, Content: m.Content, Language: m.Language, Cause: m.Cause,
			DedupeKey: *m.DedupeKey + secondTry,
		})
		return true, err
	}
	visit, err := models.RemindedOf(*m.DedupeKey)
	if err != nil {
		return false, err
	}
	err = p.db.On(ctx).Model(&models.Appointment{}).Where("id = ? AND reminder_sent_at IS NOT NULL", visit).
		UpdateColumn("reminder_failed_at", p.clock.Now()).Error
	if err != nil {
		return false, fmt.Errorf("note failed reminder: %w", err)
	}
	p.redis.Changed(ctx, redisstore.TopicDiary, visit.String())
	database.AfterCommit(ctx, func() { p.count(CountReminderFailed) })
	return false, nil
}

// lateness says by how much a customer will be late.
func lateness(texts content.Texts, lang models.Language, visit models.Appointment) (string, error) {
	minutes, known := visit.LateMinutes()
	if !known {
		return texts.Say(lang, "notify.delay.unknown", nil)
	}
	return texts.Count(lang, "notify.minutes", minutes, nil)
}
