package chat

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"frontdesk/internal/handoff"
	"frontdesk/internal/thread"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// Tell says something that happened elsewhere: a payment, a confirmation, a hold that lapses. The
// same event of the same row is said once, whatever the number of attempts.
func (c *Clerk) Tell(ctx context.Context, t queue.Tell) error {
	ctx, salon, err := c.salon(ctx)
	if err != nil {
		return err
	}
	var after models.Conversation
	err = c.DB.InTx(ctx, func(ctx context.Context) error {
		conv, err := c.Thread.Lock(ctx, t.ConversationID)
		if err != nil {
			return err
		}
		told := Told{Event: t.Event, Key: t.Event + ":" + t.Ref.String(), Human: conv.Human(c.Clock.Now())}
		said, err := c.Thread.Said(ctx, told.Key)
		if err != nil || said {
			return err
		}
		if err := c.happened(ctx, t, &told); err != nil {
			return err
		}
		after, err = c.tell(ctx, salon, conv, told)
		return err
	})
	if err == nil {
		c.checkpoint(ctx, after, false)
	}
	return err
}

// happened reads what an event is about: the visit, and the payment or the change that it names.
func (c *Clerk) happened(ctx context.Context, t queue.Tell, told *Told) (err error) {
	visit := t.Ref
	switch {
	case strings.HasPrefix(t.Event, orderEvents), strings.HasPrefix(t.Event, returnEvents):
		return c.happenedInShop(ctx, t, told)
	case t.Event == TellRefundDone:
		return c.happenedToMoney(ctx, t, told)
	case t.Event == TellPaymentReturned: // one visit's: of a group the others' deposits are another matter
		refund, payment, err := c.Till.Refund(ctx, t.Ref)
		if err != nil {
			return err
		}
		told.Payment, visit = &payment, payment.AppointmentID
		if refund.AppointmentID != nil {
			visit = *refund.AppointmentID
		}
		told.Back = models.Money{Minor: refund.AmountMinor, Currency: refund.Currency}
		told.Visit, err = c.Diary.Appointment(ctx, visit)
		return err
	case strings.HasPrefix(t.Event, "payment."):
		payment, err := c.Till.Payment(ctx, t.Ref)
		if err != nil {
			return err
		}
		told.Payment, visit = &payment, payment.AppointmentID
	case t.Event == TellMoved || t.Event == TellCancelled || t.Event == TellHoldReleased:
		change, err := c.Diary.Change(ctx, t.Ref)
		if err != nil {
			return err
		}
		told.Change, visit = &change, change.AppointmentID
		if told.Back, err = c.Till.Returned(ctx, visit); err != nil {
			return err
		}
	}
	if told.Visit, err = c.Diary.Appointment(ctx, visit); err != nil || told.Visit.GroupID == nil {
		return err
	}
	if told.Change != nil && told.Visit.Status != models.Released {
		return nil // what staff change of one visit of a group is about that one; a hold ends with all of them
	}
	if told.Party, err = c.Diary.Group(ctx, *told.Visit.GroupID); err != nil {
		return err
	}
	told.Visit = told.Party[0]
	return nil
}

// tell runs an event through Step and saves what came of it. The customer's language is the one of
// their last message.
func (c *Clerk) tell(ctx context.Context, s salon, conv models.Conversation, told Told) (models.Conversation, error) {
	person, err := c.Customers.Person(ctx, conv.ContactID)
	if err != nil {
		return conv, err
	}
	was := c.state(s, conv)
	facts, err := c.facts(ctx, s, conv, person, was)
	if err != nil {
		return conv, err
	}
	w := &work{
		Clerk: c, salon: s, conv: conv, facts: facts, cause: told.Key,
		speaker: speaker{texts: s.texts, lang: conv.Language, arabic: s.policies.ArabicDigits},
	}
	state, err := w.run(ctx, was.heard(conv.SilencedSeq), Event{Facts: facts, Language: conv.Language, Told: &told})
	if err != nil {
		return conv, fmt.Errorf("tell %s: %w", told.Event, err)
	}
	state.Memory = state.Memory.grown(w.bubbles)
	if w.conv.State, err = state.save(); err != nil {
		return conv, err
	}
	return c.Thread.Save(ctx, w.conv)
}

// GiveUp ends a turn that keeps failing: staff get a case, the customer is told that a person goes on
// unless one already does, and the messages count as handled, so that one poisoned message cannot block
// a conversation for ever. For the last attempt of a turn's job.
func (c *Clerk) GiveUp(ctx context.Context, conversationID models.ID) error {
	ctx, salon, err := c.salon(ctx)
	if err != nil {
		return err
	}
	return c.DB.InTx(ctx, func(ctx context.Context) error {
		conv, err := c.Thread.Lock(ctx, conversationID)
		if err != nil {
			return err
		}
		waiting, err := c.Thread.Unhandled(ctx, conversationID)
		if err != nil || len(waiting) == 0 {
			return err
		}
		silent, err := c.silent(ctx, conv) // as it is before this case
		if err != nil {
			return err
		}
		w := speaker{texts: salon.texts, lang: conv.Language}
		words, errWords := w.line(say("chat.handoff.system_error", nil))
		why, errWhy := w.line(say("case.asks.error", nil))
		if err := errors.Join(errWords, errWhy); err != nil {
			return err
		}
		_, _, err = c.Desk.Open(ctx, handoff.Request{ConversationID: conv.ID, Reason: models.ReasonSystemError, Summary: why})
		if err != nil {
			return err
		}
		if at, closed := salon.opening.Reopens(c.Clock.Now()); closed {
			back, err := w.line(opensAgain(conv.Language, at.In(salon.policies.Zone())))
			if err != nil {
				return err
			}
			words += "\n\n" + back
		}
		if !silent {
			_, _, err = c.Thread.Say(ctx, thread.Outgoing{
				ConversationID: conv.ID, Class: models.ClassHandoff, Language: conv.Language, Cause: "handoff",
				Content:   models.Content{Kind: models.KindText, Text: words},
				DedupeKey: "giveup:" + waiting[0].ID.String(),
			})
			if err != nil {
				return err
			}
		}
		return c.Thread.MarkHandled(ctx, conv.Language, ids(waiting)...)
	})
}
