package notify

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"frontdesk/internal/i18n"
	"frontdesk/internal/mail"
	"frontdesk/internal/settings"
	"frontdesk/internal/sms"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// errOvertaken tells that a notice would announce what is no longer so.
var errOvertaken = errors.New("the notice is overtaken")

// about is what a stylist's notice speaks of.
func about(n models.Notice) queue.StylistNotice {
	a := queue.StylistNotice{Event: n.Event}
	if n.AppointmentID != nil {
		a.AppointmentID = *n.AppointmentID
	}
	if n.ChangeID != nil {
		a.ChangeID = *n.ChangeID
	}
	return a
}

// words writes a notice as its channel carries it: an SMS in one line, a mail with a link into the console.
// An SMS that may have been handed over already says the same again: gateways refuse a known key with other
// words. A stylist reads the customer's first name; about a case nobody reads more than its reason.
func (p *Post) words(ctx context.Context, call *dispatch, who recipient, policies settings.Policies) error {
	channel, id := call.delivery.Channel, call.delivery.ID
	texts, err := p.content.Texts(ctx)
	if err != nil {
		return err
	}
	key, facts, path := "notify."+string(channel)+".case", i18n.Facts(nil), ""
	if call.notice.CaseID != nil {
		facts, path, err = p.caseFacts(ctx, *call.notice.CaseID, who.language)
	} else {
		key, facts, err = p.visitFacts(ctx, call.notice, channel, who.language, policies)
		path = "/console/diary?visit=" + about(call.notice).AppointmentID.String()
	}
	if err != nil {
		return err
	}
	facts["Link"] = p.baseURL() + path
	body, err := texts.Say(who.language, key, facts)
	if err != nil {
		return err
	}
	if channel == models.ChannelSMS {
		call.sms = &sms.Message{Key: id.String(), To: who.address[channel], Text: cmp.Or(call.delivery.Words, body)}
		return nil
	}
	subject, err := texts.Say(who.language, key+".subject", facts)
	call.mail = &mail.Message{
		ID: id.String(), To: who.address[channel], Subject: subject, Text: body, Language: who.language, Date: p.clock.Machine(),
	}
	return err
}

func (p *Post) visitFacts(ctx context.Context, n models.Notice, channel models.Channel, lang models.Language, policies settings.Policies) (key string, facts i18n.Facts, err error) {
	v, found, err := p.visit(ctx, about(n))
	if err != nil {
		return "", nil, err
	}
	if !found || v.overtaken(n.Event) {
		return "", nil, errOvertaken
	}
	key = "notify." + string(channel) + ".visit"
	if n.Urgent {
		key = "notify." + string(channel) + ".urgent"
	}
	facts, err = p.facts(ctx, v, n.Event, lang, policies.Zone())
	return key, facts, err
}

func (p *Post) caseFacts(ctx context.Context, id models.ID, lang models.Language) (facts i18n.Facts, path string, err error) {
	var c models.Case
	if err := p.db.On(ctx).Take(&c, "id = ?", id).Error; err != nil {
		return nil, "", fmt.Errorf("read case of notice: %w", err)
	}
	if c.Status != models.CaseOpen {
		return nil, "", errOvertaken
	}
	texts, err := p.content.Texts(ctx)
	if err != nil {
		return nil, "", err
	}
	reason, err := texts.Say(lang, "case.reason."+string(c.Reason), nil)
	return i18n.Facts{"Reason": reason}, "/console/conversations/" + c.ConversationID.String(), err
}
