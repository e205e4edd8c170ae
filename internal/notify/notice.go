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
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// Events of notices.
const (
	EventVisitConfirmed = "visit.confirmed"
	EventVisitUrgent    = "visit.urgent"     // confirmed for today
	EventVisitMoved     = "visit.moved"      // to another time, or to this stylist
	EventVisitMovedAway = "visit.moved_away" // to another stylist
	EventVisitCancelled = "visit.cancelled"
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
// WhatsApp template in their language. It happens once per event and visit, or once per
// change where the notice is about one, and may be repeated until both are there. Who is told of a move is
// the stylist it went to or, with visit.moved_away, the one it left. An urgent notice is due within
// P.urgent.notify_seconds of the event. What a later change has overtaken is not announced. The stylist reads the customer's first name, never more.
func (p *Post) Stylist(ctx context.Context, about queue.StylistNotice) error {
	v, found, err := p.visit(ctx, about)
	if err != nil || !found || v.overtaken(about.Event) {
		return err
	}
	policies, err := p.settings.Policies(ctx)
	if err != nil {
		return err
	}
	n := models.Notice{
		Event: about.Event, StylistID: &v.stylist.ID, AppointmentID: &about.AppointmentID, Urgent: about.Event == EventVisitUrgent,
		DedupeKey: about.Event + ":" + about.AppointmentID.String(), DueAt: p.clock.Now(), Channel: models.ChannelConsole,
	}
	if about.ChangeID != (models.ID{}) {
		n.DedupeKey += ":" + about.ChangeID.String()
	}
	if n.Urgent {
		n.DueAt = n.DueAt.Add(time.Duration(policies.UrgentNotifySeconds) * time.Second)
	}
	// The console's notice stands even when the message cannot be written.
	if _, err := p.notice(ctx, n); err != nil || v.stylist.Phone == "" {
		return err
	}
	return p.db.InTx(ctx, func(ctx context.Context) error {
		return p.write(ctx, v, about.Event, n.DedupeKey, policies.Zone())
	})
}

// templateOf is the template that tells of an event; false when it stays in the console. The urgent one
// says that the deposit is paid.
func (v visit) templateOf(event string) (string, bool) {
	switch event {
	case EventVisitUrgent:
		if v.appointment.DepositState == models.DepositPaid {
			return content.UrgentStylist, true
		}
		return content.VisitStylist, true
	case EventVisitConfirmed, EventVisitMoved, EventVisitMovedAway, EventVisitCancelled:
		return content.VisitStylist, true
	default:
		return "", false
	}
}

// write queues the WhatsApp message of a notice and ties the two together.
func (p *Post) write(ctx context.Context, v visit, event, key string, zone *time.Location) error {
	name, ok := v.templateOf(event)
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
		"When": i18n.Moment(lang, v.startsAt.In(zone)),
	}
	if facts["Left"], err = left(texts, lang, v.startsAt.Sub(p.clock.Now())); err != nil {
		return nil, err
	}
	facts["Event"], err = texts.Say(lang, v.eventKey(event), i18n.Facts{"Before": i18n.Moment(lang, v.before.In(zone))})
	return facts, err
}

// eventKey is the text that names an event to a stylist.
func (v visit) eventKey(event string) string {
	switch {
	case event == EventVisitUrgent:
		return "notify.visit.today"
	case event == EventVisitMoved && v.fromAnother:
		return "notify.visit.moved_here"
	default:
		return "notify." + event
	}
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
