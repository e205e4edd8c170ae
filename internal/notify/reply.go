package notify

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"frontdesk/internal/audit"
	"frontdesk/internal/fault"
	"frontdesk/internal/handoff"
	"frontdesk/internal/i18n"
	"frontdesk/internal/thread"
	"frontdesk/internal/whatsapp"
	"frontdesk/models"
)

// Reply is what a person of the salon writes to a customer: free text, or a template with its values.
type Reply struct {
	ConversationID models.ID
	StaffID        models.ID
	Text           string
	Template       string         // the name of a template; Text is not read then
	Values         map[string]any // of the template's placeholders
	Language       models.Language
	// Key comes with the form: the same words with the same key are sent once in a conversation, however
	// often it is posted. Without a key they are sent each time.
	Key string
	// TakeOver also takes the conversation from the assistant, in the same transaction.
	TakeOver bool
}

// Reply queues a person's message. The conversation must be theirs, or be taken over with it; it is
// decided under the conversation's row, whether WhatsApp's window is open too. said is false
// when the same was said before. The audit log holds the message's id alone.
// Faults: handoff.taken, handoff.not_held; notify.reply with the field "text" (empty, too long), with a
// value's name, or "template"; notify.reply.window; thread.no_conversation.
func (p *Post) Reply(ctx context.Context, r Reply) (m models.Message, said bool, err error) {
	content, err := p.written(ctx, r)
	if err != nil {
		return m, false, err
	}
	err = p.db.InTx(ctx, func(ctx context.Context) error {
		conv, err := p.thread.Lock(ctx, r.ConversationID)
		if err != nil {
			return err
		}
		if r.TakeOver {
			conv, err = p.desk.TakeOver(ctx, handoff.Claim{ConversationID: r.ConversationID, StaffID: r.StaffID})
		} else {
			err = p.desk.Held(ctx, conv, r.StaffID)
		}
		if err != nil {
			return err
		}
		if _, ok := p.fitting(conv, models.Message{Content: content}); !ok {
			return fault.Conflict("notify.reply.window")
		}
		m, said, err = p.thread.Say(ctx, thread.Outgoing{
			ConversationID: conv.ID, Class: models.ClassStaff, Language: r.language(conv, content), Cause: "staff",
			Content: content, DedupeKey: r.key(content), StaffID: &r.StaffID,
		})
		if err != nil || !said {
			return err
		}
		return p.answered(ctx, m, "conversation.answered", r.StaffID)
	})
	return m, said, err
}

// answered ends the waiting of the conversation's cases and leaves the audit entry of a person's message.
func (p *Post) answered(ctx context.Context, m models.Message, action string, staffID models.ID) error {
	if err := p.desk.Answered(ctx, m.ConversationID); err != nil {
		return err
	}
	return p.log.Record(ctx, audit.Entry{
		Actor: "staff:" + staffID.String(), Action: action, SubjectKind: "conversation", SubjectID: m.ConversationID.String(),
		Detail: map[string]any{"message": m.ID.String()},
	})
}

func (r Reply) language(conv models.Conversation, c models.Content) models.Language {
	if c.Template != nil {
		return c.Template.Language
	}
	return conv.Language
}

// key tells one posting of a form from another, and from the same form with other words.
func (r Reply) key(c models.Content) string {
	if r.Key == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(c.Text))
	return fmt.Sprintf("staff:%s:%s:%s:%s", r.StaffID, r.ConversationID, r.Key, hex.EncodeToString(sum[:8]))
}

// written is the content of a reply. Faults: notify.reply.
func (p *Post) written(ctx context.Context, r Reply) (models.Content, error) {
	if r.Template != "" {
		return p.Preview(ctx, r.Template, r.Language, r.Values)
	}
	text := strings.TrimSpace(r.Text)
	switch n := models.Units(text); {
	case n == 0:
		return models.Content{}, fault.Invalid("notify.reply", map[string]string{"text": "notify.reply.empty"})
	case n > models.MaxText:
		f := fault.Invalid("notify.reply", map[string]string{"text": "notify.reply.long"})
		f.Facts = map[string]any{"Count": n}
		return models.Content{}, f
	}
	return models.Content{Kind: models.KindText, Text: text}, nil
}

// Offer is a template a person may send by hand, in the customer's language.
type Offer struct {
	Name     string
	Language models.Language // English when the customer's is not there
	Body     string          // with its placeholders
	Values   []string        // the placeholders, in order
}

// Offers lists the templates that may be sent to customers by hand, in a language, by name.
// Those for the salon's own people, and those that carry a link or a code only a rule can make, are
// no part of it.
func (p *Post) Offers(ctx context.Context, lang models.Language) ([]Offer, error) {
	templates, err := p.content.Templates(ctx)
	if err != nil {
		return nil, err
	}
	var offers []Offer
	for _, name := range byHand() {
		row, ok := templates.Find(name, lang)
		if ok {
			offers = append(offers, Offer{Name: name, Language: row.Language, Body: row.Body, Values: row.Values})
		}
	}
	return offers, nil
}

// Preview is what a template would say with these values. Faults: notify.reply with the field "template",
// or with the name of each value that is missing or too long.
func (p *Post) Preview(ctx context.Context, name string, lang models.Language, values map[string]any) (models.Content, error) {
	offers, err := p.Offers(ctx, lang)
	if err != nil {
		return models.Content{}, err
	}
	for _, offer := range offers {
		if offer.Name != name {
			continue
		}
		wrong := map[string]string{}
		for _, value := range offer.Values {
			text, _ := values[value].(string)
			switch {
			case strings.TrimSpace(text) == "":
				wrong[value] = "notify.reply.value"
			case models.Units(text) > whatsapp.MaxTemplateValue:
				wrong[value] = "notify.reply.value_long"
			}
		}
		if len(wrong) > 0 {
			return models.Content{}, fault.Invalid("notify.reply", wrong)
		}
		return p.compose(ctx, name, lang, values)
	}
	return models.Content{}, fault.Invalid("notify.reply", map[string]string{"template": "notify.reply.template"})
}

func (p *Post) compose(ctx context.Context, name string, lang models.Language, values i18n.Facts) (models.Content, error) {
	template, err := p.content.Resolve(ctx, name, lang, values)
	if err != nil {
		return models.Content{}, err
	}
	templates, err := p.content.Templates(ctx)
	if err != nil {
		return models.Content{}, err
	}
	text, err := templates.Fill(*template)
	return models.Content{Kind: models.KindTemplate, Text: text, Template: template}, err
}

// Retry says a message again that did not arrive, as a message of its own; the same one is repeated
// once. A person's words need the conversation to be theirs. The assistant's replies are not repeated
// by hand: what they answered has passed. said is false when it was repeated before.
// Faults: notify.retry.gone, notify.reply.window, handoff.taken, handoff.not_held.
func (p *Post) Retry(ctx context.Context, conversationID, messageID, staffID models.ID) (m models.Message, said bool, err error) {
	err = p.db.InTx(ctx, func(ctx context.Context) error {
		conv, err := p.thread.Lock(ctx, conversationID)
		if err != nil {
			return err
		}
		failed, err := p.thread.Message(ctx, conversationID, messageID)
		if err != nil {
			return err
		}
		if !Repeatable(failed) {
			return fault.Conflict("notify.retry.gone")
		}
		if failed.Class == models.ClassStaff {
			if err := p.desk.Held(ctx, conv, staffID); err != nil {
				return err
			}
			failed.StaffID = &staffID
		}
		if _, ok := p.fitting(conv, models.Message{Content: failed.Content}); !ok {
			return fault.Conflict("notify.reply.window")
		}
		m, said, err = p.thread.Say(ctx, thread.Outgoing{
			ConversationID: conversationID, Class: failed.Class, Language: failed.Language, Cause: failed.Cause,
			Content: failed.Content, DedupeKey: "retry:" + failed.ID.String(), StaffID: failed.StaffID,
		})
		if err != nil || !said {
			return err
		}
		return p.answered(ctx, m, "message.repeated", staffID)
	})
	return m, said, err
}

// Open tells whether free text may be sent in a conversation now.
func (p *Post) Open(conv models.Conversation) bool {
	_, open := p.fitting(conv, models.Message{Content: models.Content{Kind: models.KindText}})
	return open
}
