package chat

import (
	"context"
	"errors"
	"fmt"
	"time"

	"frontdesk/internal/booking"
	"frontdesk/internal/chat/understand"
	"frontdesk/internal/content"
	"frontdesk/internal/settings"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// maxRounds is how often Step may ask for something and hear the answer within one message.
const maxRounds = 6

// Turn answers the unhandled messages of a conversation, oldest first, until none is left. Each is
// one transaction: state, visits, cases and replies together, so that a crash anywhere repeats
// nothing and loses nothing, and two workers cannot interleave one customer. While
// somebody else has the conversation it does not wait but returns a *queue.Later: run again, it finds
// the messages answered or answers them.
func (c *Clerk) Turn(ctx context.Context, conversationID models.ID) error {
	for {
		more, err := c.turn(ctx, conversationID)
		if err != nil || !more {
			return err
		}
	}
}

// turn answers the oldest unhandled message; more tells whether there may be another.
func (c *Clerk) turn(ctx context.Context, id models.ID) (more bool, err error) {
	waiting, err := c.Thread.Unhandled(ctx, id)
	if err != nil || len(waiting) == 0 {
		return false, err
	}
	salon, err := c.salon(ctx)
	if err != nil {
		return false, err
	}
	conv, err := c.remembered(ctx, salon, id)
	if err != nil {
		return false, err
	}
	reading, err := c.read(ctx, salon, conv, waiting[0])
	if err != nil {
		return false, err
	}
	var state State
	err = c.DB.InTx(ctx, func(ctx context.Context) error {
		locked, free, err := c.Thread.TryLock(ctx, id)
		if err != nil {
			return err
		}
		if !free {
			return queue.Busy("another worker has the conversation")
		}
		waiting, err := c.Thread.Unhandled(ctx, id)
		if err != nil || len(waiting) == 0 {
			return err
		}
		message := waiting[0]
		if locked.Version != conv.Version || message.ID != reading.message {
			if reading, err = c.read(ctx, salon, locked, message); err != nil {
				return err
			}
		}
		reading.state = c.state(salon, locked) // the truth, whatever Redis said
		conv, more = locked, true
		if locked.Human(c.Clock.Now()) {
			return c.Thread.MarkHandled(ctx, message.ID, reading.meaning.Language)
		}
		state, err = c.answer(ctx, salon, &conv, message, reading)
		return err
	})
	if err == nil && more && state.V != 0 {
		c.checkpoint(ctx, conv)
	}
	return more, err
}

// salon is what a turn needs to know about the salon, read once and outside the lock.
type salon struct {
	policies settings.Policies
	menu     booking.Menu
	hours    []models.OpeningHours
	faqs     []models.FAQ
	texts    content.Texts
}

func (c *Clerk) salon(ctx context.Context) (s salon, err error) {
	if s.policies, err = c.Settings.Policies(ctx); err != nil {
		return s, err
	}
	if s.menu, err = c.Diary.Menu(ctx); err != nil {
		return s, err
	}
	if s.hours, _, err = c.Diary.HoursOn(ctx, c.Clock.Now()); err != nil {
		return s, err
	}
	if s.faqs, err = c.Content.FAQs(ctx); err != nil {
		return s, err
	}
	s.texts, err = c.Content.Texts(ctx)
	return s, err
}

// remembered is the conversation to understand a message against, without a lock: its live copy when
// there is one, else the truth. Redis that is away, slow or behind costs a second reading at most.
func (c *Clerk) remembered(ctx context.Context, s salon, id models.ID) (models.Conversation, error) {
	short, cancel := context.WithTimeout(ctx, c.patience)
	defer cancel()
	live, found, err := c.recall(short, s.policies, id)
	if err != nil && ctx.Err() == nil {
		warn(ctx, "checkpoint not read", err)
	}
	if err != nil || !found {
		return c.Thread.Conversation(ctx, id)
	}
	return models.Conversation{
		ID: id, ContactID: live.ContactID, Version: live.Version, Language: live.Language, State: live.State,
	}, nil
}

// reading is a message understood against a state.
type reading struct {
	message models.ID
	state   State
	meaning understand.Meaning
}

// read understands a message against a conversation's state. Rules alone: it costs no network, so it
// may be repeated under the lock when the conversation has moved on.
func (c *Clerk) read(ctx context.Context, s salon, conv models.Conversation, message models.Message) (reading, error) {
	now, state := c.Clock.Now().In(s.policies.Zone()), c.state(s, conv)
	in := understand.Input{
		Text: message.Content.Text, ReplyID: message.Content.ReplyID, ReplyTitle: message.Content.ReplyTitle,
		Language: conv.Language, Expect: state.expect(), Options: state.Options, Now: now,
		Vocabulary: vocabulary(s.menu, s.faqs), Wanted: state.Request.day(),
	}
	in.Opens, in.Closes = widest(s.hours)
	var err error
	if in.Known, err = c.knownName(ctx, conv); err != nil {
		return reading{}, err
	}
	return reading{message.ID, state, understand.Read(in)}, nil
}

// state is where a conversation stands now.
func (c *Clerk) state(s salon, conv models.Conversation) State {
	state := loadState(conv.State)
	if !state.At.IsZero() && c.Clock.Now().Sub(state.At) >= life(s.policies) {
		return state.woken()
	}
	return state
}

// knownName is the customer's name, or the profile name that may be asked about.
func (c *Clerk) knownName(ctx context.Context, conv models.Conversation) (string, error) {
	contact, err := c.Customers.ContactByID(ctx, conv.ContactID)
	if err != nil {
		return "", err
	}
	if contact.CustomerID == nil {
		return contact.ProfileName, nil
	}
	customer, err := c.Customers.Customer(ctx, *contact.CustomerID)
	return customer.FullName(), err
}

// widest is the earliest opening and the latest closing of the week, in minutes after midnight.
func widest(hours []models.OpeningHours) (opens, closes int) {
	for i, h := range hours {
		from, errFrom := time.Parse("15:04", h.Opens)
		to, errTo := time.Parse("15:04", h.Closes)
		if errFrom != nil || errTo != nil {
			continue
		}
		if i == 0 || minuteOf(from) < opens {
			opens = minuteOf(from)
		}
		closes = max(closes, minuteOf(to))
	}
	return opens, closes
}

// answer runs one message through Step until nothing is left to do, and saves what came of it.
func (c *Clerk) answer(ctx context.Context, s salon, conv *models.Conversation, message models.Message, r reading) (State, error) {
	facts, err := c.facts(ctx, s, *conv)
	if err != nil {
		return State{}, err
	}
	lang := r.meaning.Language
	conv.Language = lang
	w := &work{
		Clerk: c, salon: s, conv: *conv, facts: facts, cause: message.ID.String(),
		speaker: speaker{texts: s.texts, lang: lang, arabic: s.policies.ArabicDigits},
	}
	if err := w.remember(ctx, lang); err != nil {
		return State{}, err
	}
	event := Event{Facts: w.facts, Language: lang, Heard: &Heard{message.Content, r.meaning}}
	state, err := w.run(ctx, r.state, event)
	if err != nil {
		return state, err
	}
	if conv.State, err = state.save(); err != nil {
		return state, err
	}
	if *conv, err = c.Thread.Save(ctx, *conv); err != nil {
		return state, err
	}
	return state, c.Thread.MarkHandled(ctx, message.ID, lang)
}

// facts reads what Step may know about this customer, under the conversation's lock.
func (c *Clerk) facts(ctx context.Context, s salon, conv models.Conversation) (Facts, error) {
	f := Facts{
		Now: c.Clock.Now().In(s.policies.Zone()), Policies: s.policies, Menu: s.menu, FAQs: s.faqs, Hours: s.hours,
		PrivacyURL: s.policies.PrivacyURL,
	}
	if f.PrivacyURL == "" {
		f.PrivacyURL = c.BaseURL() + "/privacy"
	}
	contact, err := c.Customers.ContactByID(ctx, conv.ContactID)
	if err != nil {
		return f, err
	}
	f.Profile = contact.ProfileName
	if contact.CustomerID == nil {
		return f, nil
	}
	customer, err := c.Customers.Customer(ctx, *contact.CustomerID)
	if err != nil {
		return f, err
	}
	f.Customer = &customer
	return f, c.visits(ctx, conv, &f)
}

// visits adds the live hold, its link and the visits that stand.
func (c *Clerk) visits(ctx context.Context, conv models.Conversation, f *Facts) error {
	all, err := c.Diary.OfCustomer(ctx, f.Customer.ID)
	if err != nil {
		return err
	}
	for i := len(all) - 1; i >= 0; i-- { // soonest first
		if v := all[i]; v.Status == models.Confirmed && v.EndsAt.After(f.Now) {
			f.Visits = append(f.Visits, v)
		}
	}
	if f.Hold, err = c.Diary.LiveHold(ctx, conv.ID); err != nil || f.Hold == nil {
		return err
	}
	payments, err := c.Till.OfAppointments(ctx, []models.ID{f.Hold.ID})
	if err != nil {
		return err
	}
	for _, p := range payments[f.Hold.ID] {
		if p.State == models.PaymentOpen && p.URL != "" {
			f.Link = &p
		}
	}
	return nil
}

// errRestless means that Step never came to an end: a fault of ours.
var errRestless = errors.New("the dialogue does not come to rest")

// run does what Step asks for and tells it the results, until nothing is left.
func (w *work) run(ctx context.Context, state State, event Event) (State, error) {
	pending := []Event{event}
	for range maxRounds {
		if len(pending) == 0 {
			return state, nil
		}
		var actions []Action
		state, actions = Step(state, pending[0])
		pending = pending[1:]
		for _, action := range actions {
			result, err := w.apply(ctx, &state, action)
			if err != nil {
				return state, err
			}
			if result != nil {
				result.Facts, result.Language = w.facts, event.Language
				pending = append(pending, *result)
			}
		}
	}
	if len(pending) > 0 {
		return state, fmt.Errorf("turn: %w", errRestless)
	}
	return state, nil
}
