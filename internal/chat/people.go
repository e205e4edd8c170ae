package chat

import (
	"context"

	"frontdesk/internal/handoff"
	"frontdesk/internal/thread"
	"frontdesk/models"
)

// Answer is what the salon answers to a question, in words ready to send.
type Answer struct{ Key, Text string }

// Answers lists the salon's answers in a language, filled with what holds now, for people who
// answer by hand. An answer that cannot be filled is left out.
func (c *Clerk) Answers(ctx context.Context, lang models.Language) ([]Answer, error) {
	_, s, err := c.salon(ctx)
	if err != nil {
		return nil, err
	}
	d := &dialogue{f: Facts{Policies: s.policies, Hours: s.hours}, lang: lang}
	w := speaker{texts: s.texts, lang: lang, arabic: s.policies.ArabicDigits}
	var answers []Answer
	for _, faq := range s.faqs {
		text, err := w.line(Line{Body: faq.Answers.In(lang), Facts: d.salonFacts(faq)})
		if err == nil && text != "" {
			answers = append(answers, Answer{faq.Key, text})
		}
	}
	return answers, nil
}

// HandBack gives a conversation back to the assistant on behalf of a person (handoff.Desk.HandBack). tell
// also says to the customer that the assistant is there again, when WhatsApp's window lets it.
func (c *Clerk) HandBack(ctx context.Context, conversationID, staffID models.ID, tell bool) error {
	return c.DB.InTx(ctx, func(ctx context.Context) error {
		before, err := c.Thread.Lock(ctx, conversationID)
		if err != nil {
			return err
		}
		if err := c.Desk.HandBack(ctx, conversationID, staffID); err != nil {
			return err
		}
		return c.sayBack(ctx, before, tell)
	})
}

// Resolve closes a case (handoff.Desk.Resolve); tell is that of HandBack, when the case was the last one.
func (c *Clerk) Resolve(ctx context.Context, r handoff.Resolution, tell bool) error {
	return c.DB.InTx(ctx, func(ctx context.Context) error {
		k, err := c.Desk.Case(ctx, r.CaseID)
		if err != nil {
			return err
		}
		before, err := c.Thread.Lock(ctx, k.ConversationID)
		if err != nil {
			return err
		}
		if err := c.Desk.Resolve(ctx, r); err != nil {
			return err
		}
		return c.sayBack(ctx, before, tell)
	})
}

// sayBack tells the customer of a locked conversation that the assistant is there again, if it came back.
func (c *Clerk) sayBack(ctx context.Context, before models.Conversation, tell bool) error {
	now := c.Clock.Now()
	after, err := c.Thread.Conversation(ctx, before.ID)
	if err != nil || !tell || !before.Human(now) || after.Human(now) || !now.Before(after.WindowEnds()) {
		return err
	}
	_, s, err := c.salon(ctx)
	if err != nil {
		return err
	}
	w := speaker{texts: s.texts, lang: after.Language, arabic: s.policies.ArabicDigits}
	text, err := w.line(say("chat.handoff.back", nil))
	if err != nil {
		return err
	}
	_, _, err = c.Thread.Say(ctx, thread.Outgoing{
		ConversationID: after.ID, Class: models.ClassHandoff, Language: after.Language, Cause: "handoff.back",
		Content: models.Content{Kind: models.KindText, Text: text},
	})
	return err
}
