package chat

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"frontdesk/internal/chat/understand"
	"frontdesk/internal/content"
	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// TellReminder reminds of a visit. The sweep tells it; nobody enqueues it.
const TellReminder = models.CauseReminder

// What stands before the visit's id in the options of a reminder.
const (
	prefixRemindYes    = "remind:come:"
	prefixRemindMove   = "remind:move:"
	prefixRemindCancel = "remind:cancel:"
)

// ConfirmReminder notes that the customer has answered the reminder of a visit with yes.
type ConfirmReminder struct{ Visit models.ID }

func (ConfirmReminder) action() {}

// Remind sends the reminders that are due by now, each in a transaction of its own: message and mark are
// there together or not at all, and one that fails keeps no other waiting. What is busy is left to
// the next sweep. It returns how many this call queued. Safe to run at once in several processes.
func (c *Clerk) Remind(ctx context.Context) (int, error) {
	due, err := c.Diary.RemindersDue(ctx)
	if err != nil || len(due) == 0 {
		return 0, err
	}
	ctx, s, err := c.salon(ctx)
	if err != nil {
		return 0, err
	}
	queued := 0
	var failed error
	for _, visit := range due {
		after, err := c.remind(ctx, s, visit)
		switch {
		case err != nil:
			failed = errors.Join(failed, fmt.Errorf("remind of %s: %w", visit.ID, err))
		case after != nil:
			queued++
			c.checkpoint(ctx, *after, false)
		}
	}
	return queued, failed
}

// remind queues one reminder and returns its conversation as saved; nil when it was not for this call.
func (c *Clerk) remind(ctx context.Context, s salon, visit models.Appointment) (after *models.Conversation, err error) {
	err = c.DB.InTx(ctx, func(ctx context.Context) error {
		id, found, err := c.whereToRemind(ctx, visit)
		if err != nil {
			return err
		}
		if !found {
			return c.Diary.MissReminder(ctx, visit.ID)
		}
		conv, free, err := c.Thread.TryLock(ctx, id)
		if err != nil || !free {
			return err
		}
		taken, due, err := c.Diary.TakeReminder(ctx, visit.ID)
		if err != nil || !due {
			return err
		}
		told := Told{Event: TellReminder, Key: taken.ReminderKey(), Visit: taken, Human: conv.Human(c.Clock.Now())}
		saved, err := c.tell(ctx, s, conv, told)
		after = &saved
		return err
	})
	if err != nil {
		return nil, err
	}
	return after, nil
}

// whereToRemind is the conversation with whoever is reminded (booking.Reminded); false when they cannot be
// written to.
func (c *Clerk) whereToRemind(ctx context.Context, visit models.Appointment) (id models.ID, found bool, err error) {
	whom, err := c.Diary.Reminded(ctx, visit.ID)
	if err != nil {
		return id, false, err
	}
	who, err := c.Customers.Customer(ctx, whom)
	if err != nil {
		return id, false, err
	}
	if visit.ConversationID != nil {
		theirs, err := c.speaksFor(ctx, *visit.ConversationID, who.ID)
		if err != nil || theirs {
			return *visit.ConversationID, theirs, err
		}
	}
	if who.Phone == nil {
		return id, false, nil
	}
	contact, err := c.Customers.Contact(ctx, models.ChannelWhatsApp, *who.Phone, "")
	if err != nil {
		return id, false, err
	}
	conv, err := c.Thread.Of(ctx, contact, who.Language)
	return conv.ID, err == nil, err
}

// speaksFor tells whether a conversation is with a customer.
func (c *Clerk) speaksFor(ctx context.Context, conversationID, customerID models.ID) (bool, error) {
	conv, err := c.Thread.Conversation(ctx, conversationID)
	if err != nil {
		return false, err
	}
	contact, err := c.Customers.ContactByID(ctx, conv.ContactID)
	return contact.CustomerID != nil && *contact.CustomerID == customerID, err
}

// tellReminder reminds of a visit with all that binds: outside the window by template, inside it
// with buttons unless the customer is in the middle of something else.
func (d *dialogue) tellReminder(t Told) {
	v := t.Visit
	d.s.Reminded, d.s.Greeted = &v.ID, true
	facts := d.visitFacts(v)
	if itself := d.f.Customer != nil && d.f.Customer.ID == v.CustomerID && v.CustomerID != v.BookedByID; v.ForName != "" && !itself {
		facts["Services"] = say("chat.reminder.for", i18n.Facts{"Services": facts["Services"], "Person": v.ForName})
	}
	facts["Minutes"], facts["Hours"] = minutesLine(v.Span().Minutes()), hoursLine(v.Terms.CancelRefundHours)
	lines := []Line{say("chat.reminder", facts)}
	facts["Deposit"] = say("chat.reminder.deposit.none", nil)
	if v.DepositState == models.DepositPaid {
		facts["Deposit"] = d.amount(v.DepositMinor, v.Currency)
		lines = append(lines, say("chat.reminder.deposit", facts))
	}
	lines = append(lines, say("chat.reminder.terms", facts))
	s := Say{Class: models.ClassReceipt, Cause: t.Event, Key: t.Key, Template: &Template{content.Reminder48h, facts}}
	if !t.Human && d.s.Stage == StageOpen {
		lines = append(lines, say("chat.reminder.ask", nil))
		s.Options = reminderChoices(v.ID)
	}
	s.Lines = lines
	d.do(s)
}

func reminderChoices(visit models.ID) []Choice {
	return []Choice{
		{ID: prefixRemindYes + visit.String(), Titles: []Line{say("chat.reminder.button.come", nil)}},
		{ID: prefixRemindMove + visit.String(), Titles: []Line{say("chat.reminder.button.move", nil)}},
		{ID: prefixRemindCancel + visit.String(), Titles: []Line{say("chat.reminder.button.cancel", nil)}},
	}
}

// answersReminder takes the answer to a reminder: yes to what the customer was just reminded of, or
// "I'll be there" at any time. A wish to move or to cancel is about that visit and goes the way of every
// such wish.
func (d *dialogue) answersReminder(m understand.Meaning) bool {
	asked := d.s.Reminded
	d.s.Reminded, d.reminded = nil, asked
	if done, taken := d.tappedReminder(m); taken {
		return done
	}
	in := m.Intents
	if in.Has(understand.Cancel, understand.Move) || in.Has(understand.Delay) && len(d.f.Near) > 0 {
		return false
	}
	v, ok := d.expected(asked, m)
	plain := asked != nil && d.s.Stage == StageOpen && !d.saysMore(m) && len(m.FAQs) == 0
	switch {
	case !ok, d.s.Change != nil && !d.wasReminded(v): // that they come is the answer to what is asked of a visit
		return false
	case d.betweenQuestions() && !d.wasReminded(v) && !v.Reminder.Awaited():
		return false
	case in.Has(understand.ConfirmVisit), plain && in.Has(understand.Yes):
		return d.comes(v, m)
	case plain && in.Has(understand.No):
		d.s.Reminded = &v.ID
		d.ask(StageOpen, "", reminderChoices(v.ID)[1:], say("chat.reminder.no", i18n.Facts{"Visit": d.visitLine(v)}))
		return true
	default:
		return false
	}
}

// betweenQuestions tells whether something is asked that is no reminder's.
func (d *dialogue) betweenQuestions() bool {
	return d.s.Stage != StageOpen && d.s.Stage != StagePaying
}

// tappedReminder takes a button of a reminder, old ones too; taken is false for every other message.
func (d *dialogue) tappedReminder(m understand.Meaning) (done, taken bool) {
	for _, prefix := range []string{prefixRemindYes, prefixRemindMove, prefixRemindCancel} {
		if !strings.HasPrefix(m.OptionID, prefix) {
			continue
		}
		v, ok := d.tappedVisit(m.OptionID, prefix)
		switch {
		case !ok:
			d.listVisits()
		case prefix == prefixRemindYes:
			return d.comes(v, m), true
		case prefix == prefixRemindMove:
			d.changeVisit(GoalMove, v)
		default:
			d.changeVisit(GoalCancel, v)
		}
		return true, true
	}
	return false, false
}

// expected is the visit that "I'll be there" speaks of: the one reminded of last, else one whose reminder
// waits for an answer, else the next one.
//
// None of them has to agree with the day and hour that the message names.
func (d *dialogue) expected(asked *models.ID, m understand.Meaning) (models.Appointment, bool) {
	for _, is := range []func(models.Appointment) bool{
		func(v models.Appointment) bool { return asked != nil && v.ID == *asked },
		func(v models.Appointment) bool { return v.Reminder.Awaited() && d.agrees(slotOfVisit(v), m) },
		func(v models.Appointment) bool { return v.Reminder.Awaited() },
		func(models.Appointment) bool { return true },
	} {
		if i := slices.IndexFunc(d.f.Visits, is); i >= 0 {
			return d.f.Visits[i], true
		}
	}
	return models.Appointment{}, false
}

// comes thanks a customer who says that they come, and notes it. Who names another day or hour than the
// visit's is told what was agreed, and asked; what else the message asks for is answered after that.
func (d *dialogue) comes(v models.Appointment, m understand.Meaning) bool {
	if changed, ok := d.changed(); ok && changed.ID == v.ID {
		d.leaveChange()
	}
	if !d.agrees(slotOfVisit(v), m) {
		if d.betweenQuestions() {
			d.lead(say("chat.reminder.here", i18n.Facts{"Visit": d.visitLine(v)}))
			d.repeat()
			return true
		}
		d.s.Reminded = &v.ID
		d.ask(StageOpen, "", reminderChoices(v.ID), say("chat.reminder.differs", i18n.Facts{"Visit": d.visitLine(v)}))
		return true
	}
	coming := d.comingWith(v, m)
	for _, c := range coming {
		if c.Reminder.Awaited() {
			d.do(ConfirmReminder{c.ID})
		}
	}
	d.answerFAQs(m.FAQs, m.Day)
	thanks := say("chat.reminder.confirmed", i18n.Facts{"Slot": d.partyLine(bare(coming)), "Emoji": d.f.Policies.SalonEmoji})
	if len(m.Services)+len(m.Ambiguous)+len(m.Packs) > 0 && m.Intents.Has(understand.Book) {
		d.lead(thanks)
		return false
	}
	d.remark(thanks)
	if d.s.Stage != StageOpen && d.s.Stage != StagePaying {
		d.repeat()
	}
	return true
}

// comingWith are the visits that "we'll be there" is about: a group's are reminded of one by one and answered at once.
// A button, and a word about one of them, is about that one.
func (d *dialogue) comingWith(v models.Appointment, m understand.Meaning) []models.Appointment {
	coming := []models.Appointment{v}
	if v.GroupID == nil || m.OptionID != "" || d.saysMore(m) || m.OfOther {
		return coming
	}
	for _, mate := range d.f.Visits {
		if mate.GroupID != nil && *mate.GroupID == *v.GroupID && mate.ID != v.ID && mate.Reminder.Awaited() {
			coming = append(coming, mate)
		}
	}
	return coming
}

// reacted takes a thumb up to a reminder as a yes.
func (d *dialogue) reacted(emoji string) {
	if d.s.Reminded == nil || !understand.Approving(emoji) {
		return
	}
	if v, ok := d.standing(*d.s.Reminded); ok {
		d.s.Reminded = nil
		d.comes(v, understand.Meaning{})
	}
}
