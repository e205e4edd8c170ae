package notify

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm/clause"

	"frontdesk/internal/content"
	"frontdesk/internal/i18n"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/thread"
	"frontdesk/models"
)

// Events of notices.
const (
	EventVisitConfirmed = "visit.confirmed"
	EventVisitUrgent    = "visit.urgent" // confirmed for today
	EventCaseOpened     = "case.opened"
	EventMessageFailed  = "message.failed"
)

// Case tells everyone on duty that a case is open, once.
func (p *Post) Case(ctx context.Context, caseID models.ID) error {
	_, err := p.notice(ctx, models.Notice{
		Event: EventCaseOpened, CaseID: &caseID, DedupeKey: EventCaseOpened + ":" + caseID.String(),
	})
	return err
}

// Stylist tells a stylist about a visit: a notice in the console and, where the stylist has a phone, a
// WhatsApp template in their language. It happens once per event and visit, and may be repeated
// until both are there. An urgent notice is due within P.urgent.notify_seconds of the event. The
// stylist reads the customer's first name, never more.
func (p *Post) Stylist(ctx context.Context, appointmentID models.ID, event string) error {
	v, found, err := p.visit(ctx, appointmentID)
	if err != nil || !found {
		return err
	}
	policies, err := p.settings.Policies(ctx)
	if err != nil {
		return err
	}
	n := models.Notice{
		Event: event, StylistID: &v.stylist.ID, AppointmentID: &appointmentID, Urgent: event == EventVisitUrgent,
		DedupeKey: event + ":" + appointmentID.String(), DueAt: p.clock.Now(), Channel: models.ChannelConsole,
	}
	if n.Urgent {
		n.DueAt = n.DueAt.Add(time.Duration(policies.UrgentNotifySeconds) * time.Second)
	}
	// The console's notice stands even when the message cannot be written.
	if _, err := p.notice(ctx, n); err != nil || v.stylist.Phone == "" {
		return err
	}
	return p.db.InTx(ctx, func(ctx context.Context) error {
		return p.write(ctx, v, event, n.DedupeKey, policies.Zone())
	})
}

// write queues the WhatsApp message of a notice and ties the two together. An event without a template
// stays in the console.
func (p *Post) write(ctx context.Context, v visit, event, key string, zone *time.Location) error {
	name, ok := map[string]string{
		EventVisitConfirmed: content.VisitStylist, EventVisitUrgent: content.UrgentStylist,
	}[event]
	if !ok {
		return nil
	}
	lang, err := p.languageOf(ctx, v.stylist.ID)
	if err != nil {
		return err
	}
	facts, err := p.facts(ctx, v, event, lang, zone)
	if err != nil {
		return err
	}
	templates, err := p.content.Templates(ctx)
	if err != nil {
		return err
	}
	template, err := templates.Compose(name, lang, facts)
	if errors.Is(err, content.ErrNoTemplate) {
		return nil // paused by Meta: the notice stays in the console
	}
	if err != nil {
		return err
	}
	text, err := templates.Fill(*template)
	if err != nil {
		return err
	}
	contact, err := p.customers.Contact(ctx, models.ChannelWhatsApp, v.stylist.Phone, "")
	if err != nil {
		return fmt.Errorf("address stylist: %w", err)
	}
	conv, err := p.thread.Of(ctx, contact, lang)
	if err != nil {
		return err
	}
	m, _, err := p.thread.Say(ctx, thread.Outgoing{
		ConversationID: conv.ID, Class: models.ClassNotice, Language: template.Language, Cause: event, DedupeKey: "notice:" + key,
		Content: models.Content{Kind: models.KindTemplate, Text: text, Template: template},
	})
	if err != nil {
		return err
	}
	err = p.db.On(ctx).Model(&models.Notice{}).Where("dedupe_key = ?", key).
		UpdateColumns(map[string]any{"channel": models.ChannelWhatsApp, "message_id": m.ID}).Error
	if err != nil {
		return fmt.Errorf("tie notice to its message: %w", err)
	}
	return nil
}

// notice stores a notice; fresh is false when the same was noticed before.
func (p *Post) notice(ctx context.Context, n models.Notice) (fresh bool, err error) {
	n.ID, n.CreatedAt = models.NewID(), p.clock.Now()
	if n.DueAt.IsZero() {
		n.DueAt = n.CreatedAt
	}
	if n.Channel == "" {
		n.Channel = models.ChannelConsole
	}
	done := p.db.On(ctx).Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "dedupe_key"}}, DoNothing: true}).Create(&n)
	if done.Error != nil {
		return false, fmt.Errorf("store notice %s: %w", n.Event, done.Error)
	}
	if done.RowsAffected == 0 {
		return false, nil
	}
	p.redis.Changed(ctx, redisstore.TopicNotices, n.ID.String())
	return true, nil
}

// facts are what the stylist's templates say about a visit.
func (p *Post) facts(ctx context.Context, v visit, event string, lang models.Language, zone *time.Location) (i18n.Facts, error) {
	texts, err := p.content.Texts(ctx)
	if err != nil {
		return nil, err
	}
	facts := i18n.Facts{
		"Stylist": v.stylist.Names.In(lang), "Customer": v.customerFirstName(), "Services": v.what(lang),
		"When": i18n.Moment(lang, v.appointment.StartsAt.In(zone)),
	}
	if event != EventVisitUrgent {
		facts["Event"], err = texts.Say(lang, "notify."+event, nil)
		return facts, err
	}
	facts["Left"], err = left(texts, lang, v.appointment.StartsAt.Sub(p.clock.Now()))
	return facts, err
}

// left writes the time until a visit: "3 hours and 22 minutes".
func left(texts content.Texts, lang models.Language, until time.Duration) (string, error) {
	minutes := max(int(until/time.Minute), 0)
	var parts []string
	for _, part := range []struct {
		key   string
		count int
	}{{"notify.hours", minutes / 60}, {"notify.minutes", minutes % 60}} {
		if part.count == 0 && (part.key == "notify.hours" || minutes > 0) {
			continue
		}
		words, err := texts.Count(lang, part.key, part.count, nil)
		if err != nil {
			return "", err
		}
		parts = append(parts, words)
	}
	if len(parts) == 1 {
		return parts[0], nil
	}
	return texts.Say(lang, "notify.hours_and_minutes", i18n.Facts{"Hours": parts[0], "Minutes": parts[1]})
}

// customerFirstName is the first word of the name of the person who comes.
func (v visit) customerFirstName() string {
	name := v.customer.Name
	if v.appointment.ForName != "" {
		name = v.appointment.ForName
	}
	if first := strings.Fields(name); len(first) > 0 {
		return first[0]
	}
	return name
}
