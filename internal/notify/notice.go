package notify

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm/clause"

	"frontdesk/internal/content"
	"frontdesk/internal/i18n"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/settings"
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
	EventVisitDelay     = "visit.delay"     // the customer comes late
	EventReminderMissed = "reminder.missed" // too late to send one, or nobody to send it to; for everyone on duty
	EventCaseOpened     = "case.opened"
	EventMessageFailed  = "message.failed"
)

// Case tells everyone on duty that a case is open, once: a notice in the console, and to each a mail or,
// where the customer cannot wait, an SMS.
func (p *Post) Case(ctx context.Context, caseID models.ID) error {
	policies, err := p.settings.Policies(ctx)
	if err != nil {
		return err
	}
	return p.db.InTx(ctx, func(ctx context.Context) error {
		var c models.Case
		if err := p.db.On(ctx).Select("id", "reason").Take(&c, "id = ?", caseID).Error; err != nil {
			return fmt.Errorf("read case to tell of: %w", err)
		}
		n, err := p.notice(ctx, models.Notice{
			Event: EventCaseOpened, CaseID: &caseID, Urgent: c.Reason.Urgent(), DedupeKey: EventCaseOpened + ":" + caseID.String(), DueAt: p.clock.Now().Add(within(policies)),
		})
		if err != nil {
			return err
		}
		return p.plan(ctx, n)
	})
}

// Stylist tells a stylist about a visit: a notice in the console, and over the first of the stylist's
// channels that takes it, in their language. It happens once per event and visit, or once per
// change where the notice is about one, and may be repeated until both are there. Who is told of a move is
// the stylist it went to or, with visit.moved_away, the one it left. An urgent notice, and what else
// changes today, is due within P.urgent.notify_seconds of the event. What a later change has
// overtaken is not announced. The stylist reads the customer's first name, never more.
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
		DedupeKey: about.Event + ":" + about.AppointmentID.String(), DueAt: p.clock.Now().Add(ordinary), Channel: models.ChannelConsole,
	}
	if about.ChangeID != (models.ID{}) {
		n.ChangeID = &about.ChangeID
		n.DedupeKey += ":" + about.ChangeID.String()
	}
	if about.Event == EventReminderMissed {
		n.StylistID = nil
	}
	if n.Urgent || v.changesToday(about.Event, p.clock.Now(), policies.Zone()) {
		n.DueAt = p.clock.Now().Add(within(policies))
	}
	// The console's notice stands even when the message cannot be written.
	if n, err = p.notice(ctx, n); err != nil {
		return err
	}
	return p.db.InTx(ctx, func(ctx context.Context) error { return p.plan(ctx, n) })
}

// plan goes as far along the channels of a new notice as needs no call, and leaves the call to a job.
func (p *Post) plan(ctx context.Context, n models.Notice) error {
	if _, tells := (visit{}).templateOf(n.Event); !tells && n.CaseID == nil {
		return nil // it stays in the console
	}
	if err := p.db.On(ctx).Raw("SELECT * FROM notices WHERE id = ? FOR NO KEY UPDATE", n.ID).Scan(&n).Error; err != nil {
		return fmt.Errorf("lock notice: %w", err)
	}
	call, _, err := p.round(ctx, n, planning)
	if err != nil || call == nil {
		return err
	}
	return p.queue.Enqueue(ctx, queue.NoticeSend{NoticeID: n.ID})
}

// within is how soon somebody is to know of what is about today.
func within(policies settings.Policies) time.Duration {
	return time.Duration(policies.UrgentNotifySeconds) * time.Second
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
	case EventVisitDelay:
		return content.Delay, true
	default:
		return "", false
	}
}

// write queues the WhatsApp message of a stylist's notice and ties the two together. Errors:
// errOvertaken, content.ErrUnresolved (none yet, paused by Meta, or a value without a fact).
func (p *Post) write(ctx context.Context, n models.Notice, zone *time.Location) (*models.ID, error) {
	v, found, err := p.visit(ctx, about(n))
	if err != nil {
		return nil, err
	}
	name, ok := v.templateOf(n.Event)
	if !found || !ok || v.overtaken(n.Event) {
		return nil, errOvertaken
	}
	lang, err := p.languageOf(ctx, v.stylist.ID)
	if err != nil {
		return nil, err
	}
	facts, err := p.facts(ctx, v, n.Event, lang, zone)
	if err != nil {
		return nil, err
	}
	template, err := p.content.Resolve(ctx, name, lang, facts)
	if err != nil {
		return nil, err
	}
	templates, err := p.content.Templates(ctx)
	if err != nil {
		return nil, err
	}
	text, err := templates.Fill(*template)
	if err != nil {
		return nil, err
	}
	contact, err := p.customers.Contact(ctx, models.ChannelWhatsApp, v.stylist.Phone, "")
	if err != nil {
		return nil, fmt.Errorf("address stylist: %w", err)
	}
	conv, err := p.thread.Of(ctx, contact, lang)
	if err != nil {
		return nil, err
	}
	m, _, err := p.thread.Say(ctx, thread.Outgoing{
		ConversationID: conv.ID, Class: models.ClassNotice, Language: template.Language, Cause: n.Event, DedupeKey: "notice:" + n.DedupeKey,
		Content: models.Content{Kind: models.KindTemplate, Text: text, Template: template},
	})
	if err != nil {
		return nil, err
	}
	err = p.db.On(ctx).Model(&models.Notice{}).Where("id = ?", n.ID).
		UpdateColumns(map[string]any{"channel": models.ChannelWhatsApp, "message_id": m.ID}).Error
	if err != nil {
		return nil, fmt.Errorf("tie notice to its message: %w", err)
	}
	return &m.ID, nil
}

// notice stores a notice, or finds the same one that was stored before.
func (p *Post) notice(ctx context.Context, n models.Notice) (models.Notice, error) {
	n.ID, n.CreatedAt = models.NewID(), p.clock.Now()
	if n.DueAt.IsZero() {
		n.DueAt = n.CreatedAt
	}
	if n.Channel == "" {
		n.Channel = models.ChannelConsole
	}
	done := p.db.On(ctx).Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "dedupe_key"}}, DoNothing: true}).Create(&n)
	if done.Error != nil {
		return n, fmt.Errorf("store notice %s: %w", n.Event, done.Error)
	}
	if done.RowsAffected == 0 {
		var known models.Notice
		if err := p.db.On(ctx).Take(&known, "dedupe_key = ?", n.DedupeKey).Error; err != nil {
			return n, fmt.Errorf("find notice %s: %w", n.Event, err)
		}
		return known, nil
	}
	p.noticed(ctx, n.ID)
	return n, nil
}

// noticed tells open pages.
func (p *Post) noticed(ctx context.Context, id models.ID) {
	p.redis.Changed(ctx, redisstore.TopicNotices, id.String())
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
	if event == EventVisitDelay {
		if facts["Minutes"], err = lateness(texts, lang, v.appointment); err != nil {
			return nil, err
		}
	}
	facts["Event"], err = texts.Say(lang, v.eventKey(event), i18n.Facts{
		"Before": i18n.Moment(lang, v.before.In(zone)), "Minutes": facts["Minutes"],
	})
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
	if v.customer.DeletedAt != nil {
		return "—" // erased meanwhile: the stylist is told of the visit all the same
	}
	return name
}
