package notify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"

	"frontdesk/internal/content"
	"frontdesk/internal/settings"
	"frontdesk/models"
)

// urgentOrder is the order for visits that are today (S18, R-605).
func urgentOrder() []models.Channel {
	return []models.Channel{models.ChannelSMS, models.ChannelMail, models.ChannelWhatsApp}
}

// recipient is a person a notice is for, and the ways to them in the order they are tried.
type recipient struct {
	staffID  *models.ID // of a notice to everyone on duty; nil: the notice's stylist
	language models.Language
	order    []models.Channel
	address  map[models.Channel]string
}

// recipients are the notice's stylist or, of a case, the people whose work it is to answer: the operators,
// the administrators where the salon has no operator. What cannot wait goes to their phones first, all else to
// their desks.
func (p *Post) recipients(ctx context.Context, n models.Notice) ([]recipient, error) {
	if n.StylistID != nil {
		var s models.Stylist
		if err := p.db.On(ctx).Take(&s, "id = ?", *n.StylistID).Error; err != nil {
			return nil, fmt.Errorf("read stylist of notice: %w", err)
		}
		lang, err := p.languageOf(ctx, s.ID)
		return []recipient{stylistRecipient(s, n.Urgent, lang)}, err
	}
	if n.CaseID == nil {
		return nil, nil
	}
	var people []recipient
	for _, role := range []models.Role{models.RoleOperator, models.RoleAdmin} {
		var accounts []models.Staff
		err := p.db.On(ctx).Order("created_at, id").
			Find(&accounts, "role = ? AND disabled_at IS NULL AND password_hash <> ''", role).Error
		if err != nil {
			return nil, fmt.Errorf("read who is on duty: %w", err)
		}
		for _, a := range accounts {
			people = append(people, onDuty(a, n.Urgent))
		}
		if len(people) > 0 {
			break
		}
	}
	return people, nil
}

// onDuty are the ways to somebody whose work it is to answer.
func onDuty(a models.Staff, urgent bool) recipient {
	who := recipient{
		staffID: &a.ID, language: a.Language, order: []models.Channel{models.ChannelMail},
		address: map[models.Channel]string{models.ChannelMail: a.Email, models.ChannelSMS: a.Phone},
	}
	if a.Phone != "" {
		who.order = append(who.order, models.ChannelSMS)
	}
	if urgent {
		slices.Reverse(who.order)
	}
	return who
}

// stylistRecipient are a stylist's ways: those they chose, in their order or, when it is urgent, in the
// salon's.
func stylistRecipient(s models.Stylist, urgent bool, lang models.Language) recipient {
	who := recipient{language: lang, address: map[models.Channel]string{
		models.ChannelWhatsApp: s.Phone, models.ChannelMail: s.Email, models.ChannelSMS: s.SMSPhone,
	}}
	if s.SMSPhone == "" {
		who.address[models.ChannelSMS] = s.Phone
	}
	chosen := models.NoticeChannels()
	if len(s.Channels) > 0 {
		chosen = nil
		for _, c := range s.Channels {
			chosen = append(chosen, models.Channel(c))
		}
	}
	order := chosen
	if urgent {
		order = slices.DeleteFunc(urgentOrder(), func(c models.Channel) bool { return !slices.Contains(chosen, c) })
	}
	for _, c := range order {
		if who.address[c] != "" {
			who.order = append(who.order, c)
		}
	}
	return who
}

// of are one person's deliveries, by channel.
func of(rows []models.NoticeDelivery, who recipient) map[models.Channel]models.NoticeDelivery {
	theirs := map[models.Channel]models.NoticeDelivery{}
	for _, d := range rows {
		if who.staffID == nil && d.StaffID == nil || who.staffID != nil && d.StaffID != nil && *d.StaffID == *who.staffID {
			theirs[d.Channel] = d
		}
	}
	return theirs
}

// advance finds what is to be done for one person now: a call, marked as being made by the job; a wait; or
// nothing, because a channel has the notice, another job is at it, or none is left. It holds the notice's
// row. A message by WhatsApp is written here: its own conversation sends it. A channel that is away is
// passed by and asked again until another has the notice.
func (p *Post) advance(ctx context.Context, n models.Notice, who recipient, theirs map[models.Channel]models.NoticeDelivery, jobID int64) (*dispatch, time.Duration, error) {
	for _, d := range theirs {
		if unheard(d) {
			return &dispatch{delivery: d, notice: n, ask: true}, 0, nil
		}
	}
	if p.told(n, theirs) {
		return nil, 0, p.close(ctx, theirs)
	}
	policies, err := p.settings.Policies(ctx)
	if err != nil {
		return nil, 0, err
	}
	var soonest time.Duration // until a channel that was passed by is asked again
	took, open := false, false
	for _, channel := range who.order {
		d := theirs[channel]
		switch {
		case d.Status == models.DeliveryFailed:
			continue
		case d.Took():
			took = true
			continue
		case channel == models.ChannelWhatsApp && d.Status == models.DeliveryQueued:
			if open = true; p.overdue(n) {
				if err := p.watch(ctx, n, d); err != nil {
					return nil, 0, err
				}
				continue
			}
			return nil, soonest, nil
		}
		wait, busy, err := p.occupied(ctx, d, jobID)
		switch {
		case err != nil || busy:
			return nil, 0, err
		case wait > 0 && p.passedBy(n, d):
			open, soonest = true, sooner(soonest, wait)
			continue
		case wait > 0:
			return nil, sooner(soonest, wait), nil
		}
		call, held, err := p.begin(ctx, policies, n, who, d, channel, jobID)
		if err != nil || call != nil || held {
			return call, soonest, err
		}
	}
	if took || open && p.clock.Now().Before(n.DueAt) {
		return nil, soonest, nil
	}
	return nil, soonest, p.giveUp(ctx, policies, n, who)
}

// sooner is the shorter of two waits; zero is none.
func sooner(a, b time.Duration) time.Duration {
	if a == 0 || b > 0 && b < a {
		return b
	}
	return a
}

// told tells whether a channel has the notice, so that no other is asked: of an urgent one, whose time is
// half over, an SMS alone of which nobody says that it arrived is not enough.
func (p *Post) told(n models.Notice, theirs map[models.Channel]models.NoticeDelivery) bool {
	for _, d := range theirs {
		if d.Took() && (sure(d) || !n.Urgent || !p.overdue(n)) {
			return true
		}
	}
	return false
}

// sure tells whether a channel has a notice and nothing more will be heard of it.
func sure(d models.NoticeDelivery) bool {
	return d.Took() && (d.Channel != models.ChannelSMS || d.Status == models.DeliveryDelivered)
}

// final tells whether a channel has a notice for good: an SMS also when its gateway will say no more of it.
func final(d models.NoticeDelivery) bool { return sure(d) || d.Took() && d.Code == CodeUnconfirmed }

// passedBy tells whether a channel that failed for the moment, and will be asked again, lets the next one
// go first: at once where the notice is urgent, else after some tries, and in any case when half of the
// notice's time is over.
func (p *Post) passedBy(n models.Notice, d models.NoticeDelivery) bool {
	return d.Status == models.DeliveryQueued && (p.overdue(n) || n.Urgent && d.Attempts > 0 || d.Attempts >= triesBefore)
}

// watch has a notice looked at again when its time is over.
func (p *Post) watch(ctx context.Context, n models.Notice, d models.NoticeDelivery) error {
	if d.AskAt != nil || !p.clock.Now().Before(n.DueAt) {
		return nil
	}
	d.AskAt = &n.DueAt
	return p.record(ctx, d)
}

// unheard tells whether a gateway is to be asked what became of a message it took.
func unheard(d models.NoticeDelivery) bool {
	return d.Channel == models.ChannelSMS && d.Status == models.DeliverySent && d.AskAt == nil && d.Code == ""
}

// halfway is when half of a notice's time is over: from then on the next channel is asked as well.
func halfway(n models.Notice) time.Time { return n.CreatedAt.Add(n.DueAt.Sub(n.CreatedAt) / 2) }

func (p *Post) overdue(n models.Notice) bool { return !p.clock.Now().Before(halfway(n)) }

// occupied tells whether a channel must not be called now: another job is at it, it may still answer, or
// its pause is not over.
func (p *Post) occupied(ctx context.Context, d models.NoticeDelivery, jobID int64) (wait time.Duration, busy bool, err error) {
	now := p.clock.Machine()
	switch {
	case d.Status == models.DeliveryQueued && d.RetryAt != nil && d.RetryAt.After(now):
		return d.RetryAt.Sub(now), false, nil
	case d.Status != models.DeliverySending || d.SendingSince == nil:
		return 0, false, nil
	}
	if d.JobID != nil && *d.JobID != jobID && now.Sub(*d.SendingSince) < maxInFlight {
		err := p.db.On(ctx).Raw("SELECT EXISTS (SELECT 1 FROM river_job WHERE id = ? AND state = 'running')", *d.JobID).Scan(&busy).Error
		if err != nil || busy {
			return 0, busy, err
		}
	}
	return max(0, p.grace-now.Sub(*d.SendingSince)), false, nil
}

// barred is why a channel is not asked at all; empty when it is.
func (p *Post) barred(policies settings.Policies, channel models.Channel) string {
	on, there := policies.NotifyWhatsApp, true
	switch channel {
	case models.ChannelMail:
		on, there = policies.NotifyMail, p.mail != nil
	case models.ChannelSMS:
		on, there = policies.NotifySMS, p.sms != nil
	}
	switch {
	case !on:
		return CodeDisabled
	case !there:
		return CodeNotConfigured
	default:
		return ""
	}
}

// begin opens a channel: it returns the call to make, or held when the channel has the notice without
// one. Neither: the channel was skipped.
func (p *Post) begin(ctx context.Context, policies settings.Policies, n models.Notice, who recipient, d models.NoticeDelivery,
	channel models.Channel, jobID int64) (call *dispatch, held bool, err error) {
	if d.ID == (models.ID{}) {
		d = models.NoticeDelivery{ID: models.NewID(), NoticeID: n.ID, StaffID: who.staffID, Channel: channel, CreatedAt: p.clock.Now()}
	}
	skip := func(code string) (*dispatch, bool, error) {
		d.Status, d.Code = models.DeliverySkipped, code
		return nil, code == CodeOvertaken, p.record(ctx, d)
	}
	if code := p.barred(policies, channel); code != "" {
		return skip(code)
	}
	if call = (&dispatch{notice: n, delivery: d}); jobID == planning && channel != models.ChannelWhatsApp {
		return call, true, nil
	}
	if channel == models.ChannelWhatsApp {
		d.MessageID, err = p.write(ctx, n, policies.Zone())
	} else {
		err = p.words(ctx, call, who, policies)
	}
	switch {
	case errors.Is(err, errOvertaken):
		return skip(CodeOvertaken)
	case errors.Is(err, content.ErrUnresolved):
		return skip(CodeNoTemplate)
	case err != nil:
		return nil, false, err
	case channel == models.ChannelWhatsApp:
		half := halfway(n)
		d.Status, d.Code, d.AskAt = models.DeliveryQueued, "", &half
		return nil, true, p.record(ctx, d)
	}
	since := p.clock.Machine()
	d.Status, d.JobID, d.SendingSince, d.RetryAt, d.Attempts = models.DeliverySending, &jobID, &since, nil, d.Attempts+1
	if call.sms != nil {
		d.Words = call.sms.Text
	}
	call.delivery, call.before = d, call.delivery.Words
	return call, true, p.record(ctx, d)
}

// close ends the tries of the other channels when one has the notice. A message that WhatsApp was not handed
// yet is withdrawn, so that a stylist does not read it hours later. Nothing is ended while the notice may come
// back, as from an SMS that turns out not to have arrived.
func (p *Post) close(ctx context.Context, theirs map[models.Channel]models.NoticeDelivery) error {
	if !slices.ContainsFunc(slices.Collect(maps.Values(theirs)), final) {
		return nil
	}
	for _, d := range theirs {
		switch {
		case d.Status != models.DeliveryQueued:
			continue
		case d.Channel != models.ChannelWhatsApp:
			now := p.clock.Now()
			d.Status, d.FailedAt, d.RetryAt = models.DeliveryFailed, &now, nil
		default:
			withdrawn, err := p.withdraw(ctx, d)
			if err != nil {
				return err
			}
			if !withdrawn {
				continue
			}
			d.Status, d.Code, d.AskAt = models.DeliverySkipped, CodeElsewhere, nil
		}
		if err := p.record(ctx, d); err != nil {
			return err
		}
	}
	return nil
}

// withdraw takes a notice's message back, unless it is being sent in this moment: nobody is waited for,
// because the outbox locks a message before its notice.
func (p *Post) withdraw(ctx context.Context, d models.NoticeDelivery) (done bool, err error) {
	var m models.Message
	taken := p.db.On(ctx).Raw(`UPDATE messages SET status = 'suppressed' WHERE id =
			(SELECT id FROM messages WHERE id = ? AND status = 'queued' FOR NO KEY UPDATE SKIP LOCKED)
		RETURNING id, conversation_id`, d.MessageID).Scan(&m)
	if taken.Error != nil {
		return false, fmt.Errorf("withdraw message of notice: %w", taken.Error)
	}
	if taken.RowsAffected == 0 {
		return false, nil
	}
	p.changed(ctx, m)
	return true, nil
}

// giveUp notes that no channel has taken a notice in its time, or none will: the console shows it, and a
// masked line stands in the log. A channel that takes it later still takes the mark away.
func (p *Post) giveUp(ctx context.Context, policies settings.Policies, n models.Notice, who recipient) error {
	if n.ReachedAt != nil || n.GivenUpAt != nil {
		return nil
	}
	now := p.clock.Now()
	if err := p.db.On(ctx).Model(&models.Notice{}).Where("id = ?", n.ID).UpdateColumn("given_up_at", now).Error; err != nil {
		return fmt.Errorf("note notice undelivered: %w", err)
	}
	p.noticed(ctx, n.ID)
	if !policies.NotifyLog {
		return nil
	}
	slog.WarnContext(ctx, "no channel took a notice", "notice", n.ID, "event", n.Event, "urgent", n.Urgent)
	return p.record(ctx, models.NoticeDelivery{
		ID: models.NewID(), NoticeID: n.ID, StaffID: who.staffID, Channel: models.ChannelLog, Status: models.DeliveryLogged, CreatedAt: now, SentAt: &now,
	})
}
