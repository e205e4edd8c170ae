package chat

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"frontdesk/internal/booking"
	"frontdesk/internal/chat/understand"
	"frontdesk/internal/content"
	"frontdesk/internal/customers"
	"frontdesk/internal/settings"
	"frontdesk/internal/thread"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// maxRounds is how often Step may ask for something and hear the answer within one message.
const maxRounds = 6

// Turn answers the unhandled messages of a conversation, oldest first, until none is left. Each is
// one transaction: state, visits, cases and replies together, so that a crash anywhere repeats
// nothing and loses nothing, and two workers cannot interleave one customer. While
// somebody else has the conversation, or its customer has written too much in this minute, it does
// not wait but returns a *queue.Later: run again, it finds the messages answered or answers them.
func (c *Clerk) Turn(ctx context.Context, conversationID models.ID) error {
	for {
		more, err := c.turn(ctx, conversationID)
		if err != nil || !more {
			return err
		}
	}
}

// turn answers what is due of the unhandled messages; more tells whether there may be others.
func (c *Clerk) turn(ctx context.Context, id models.ID) (more bool, err error) {
	waiting, err := c.Thread.Unhandled(ctx, id)
	if err != nil || len(waiting) == 0 {
		return false, err
	}
	ctx, salon, err := c.salon(ctx)
	if err != nil {
		return false, err
	}
	conv, err := c.remembered(ctx, salon, id)
	if err != nil {
		return false, err
	}
	began := c.Clock.Machine()
	reading, err := c.read(ctx, salon, conv, waiting)
	if err != nil {
		return false, err
	}
	reading = c.consultModel(ctx, salon, conv, reading)
	reading.took = c.Clock.Machine().Sub(began)
	wait := c.admit(ctx, salon.policies, id, waiting[0].ID)
	c.Funnel.Ready(ctx)
	var after models.Conversation
	held := false
	err = c.DB.InTx(ctx, func(ctx context.Context) error {
		locked, free, err := c.Thread.TryLock(ctx, id)
		if err != nil {
			return err
		}
		if !free {
			c.minded.keep(reading)
			return queue.Busy("another worker has the conversation")
		}
		waiting, err := c.Thread.Unhandled(ctx, id)
		if err != nil || len(waiting) == 0 {
			return err
		}
		if more = waiting[0].ID != reading.messages[0].ID; more {
			return nil // answered meanwhile; the next one was not counted yet
		}
		if reading, err = c.current(ctx, salon, locked, waiting, reading); err != nil {
			return err
		}
		more = reading.more // what comes from now on has a turn of its own
		silent, err := c.silent(ctx, locked)
		if err != nil {
			return err
		}
		held = wait > 0 && !silent
		switch {
		case silent:
			after, err = c.leaveToStaff(ctx, locked, reading)
		case held:
			after, err = c.holdBack(ctx, salon, locked, reading)
		default:
			after, err = c.answer(ctx, salon, locked, reading)
		}
		return err
	})
	if err == nil {
		c.checkpoint(ctx, after, more)
	}
	if err == nil && held {
		return false, &queue.Later{After: wait, Reason: "the customer has written too much in this minute"}
	}
	return more, err
}

// salon is what a turn needs to know about the salon, of one edition and outside the lock. All of it is
// shared with other turns.
type salon struct {
	policies  settings.Policies
	menu      booking.Menu
	hours     []models.OpeningHours
	opening   booking.Opening
	faqs      []models.FAQ
	texts     content.Texts
	templates content.Templates
	words     understand.Vocabulary
}

// salon also pins the context: whatever else the turn asks about the salon costs no trip, not within its
// transaction either.
func (c *Clerk) salon(ctx context.Context) (pinned context.Context, s salon, err error) {
	if pinned, err = c.DB.Pin(ctx); err != nil {
		return pinned, s, err
	}
	s, err = c.salonOf(pinned)
	return pinned, s, err
}

func (c *Clerk) salonOf(ctx context.Context) (s salon, err error) {
	if s.policies, err = c.Settings.Policies(ctx); err != nil {
		return s, err
	}
	if s.menu, err = c.Diary.Menu(ctx); err != nil {
		return s, err
	}
	if s.hours, _, err = c.Diary.HoursOn(ctx, c.Clock.Now()); err != nil {
		return s, err
	}
	if s.opening, err = c.Diary.Opening(ctx); err != nil {
		return s, err
	}
	if s.faqs, err = c.Content.FAQs(ctx); err != nil {
		return s, err
	}
	if !s.policies.DepositsEnabled {
		s.faqs = c.Content.WithoutDeposits(s.faqs)
	}
	if s.texts, err = c.Content.Texts(ctx); err != nil {
		return s, err
	}
	if s.templates, err = c.Content.Templates(ctx); err != nil {
		return s, err
	}
	s.words, err = c.words.Of(ctx)
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

// reading is what a turn answers, understood against a state: one message, or several heard as one.
type reading struct {
	messages []models.Message
	content  models.Content
	more     bool // others wait that are not heard with these
	person   customers.Person
	state    State
	version  int64
	in       understand.Input
	meaning  understand.Meaning
	took     time.Duration // machine time
	asked    modelCall
}

// cause names a reading in the dedupe keys of what is said to it.
func (r reading) cause() string { return r.messages[0].ID.String() }

// read understands what is due of the messages that wait against a conversation's state. Rules alone: it
// costs no network, so it may be repeated under the lock when the conversation has moved on.
func (c *Clerk) read(ctx context.Context, s salon, conv models.Conversation, waiting []models.Message) (reading, error) {
	now, state := c.Clock.Now().In(s.policies.Zone()), c.state(s, conv)
	due := state.due(waiting)
	r := reading{
		messages: due, content: together(due), state: state, version: conv.Version,
		more: len(due) < len(waiting) || len(waiting) == thread.WaitingPage,
	}
	in := understand.Input{
		Text: r.content.Text, ReplyID: r.content.ReplyID, ReplyTitle: r.content.ReplyTitle,
		Language: conv.Language, Expect: state.expect(), Options: state.Options, Now: now,
		Vocabulary: s.words, Wanted: state.Request.day(),
	}
	in.Opens, in.Closes = widest(s.hours)
	var err error
	if r.person, err = c.Customers.Person(ctx, conv.ContactID); err != nil {
		return reading{}, err
	}
	in.Known = r.person.Name()
	r.in, r.meaning = in, state.keepTongue(understand.Read(in), r.content.Text)
	r.meaning.Errand = errandIn(in, r.meaning, state)
	r.meaning = inTongue(in, r.meaning)
	return r, nil
}

// inTongue is a meaning in the language of its words: a product's code, a category's slug and an order's number are
// written in Latin letters by everybody, and none of them is English.
func inTongue(in understand.Input, m understand.Meaning) understand.Meaning {
	e := m.Errand
	bare := in.Text
	for _, code := range []string{e.SKU, e.Order, e.Shelf} {
		if code != "" {
			bare = strings.ReplaceAll(bare, code, " ")
		}
	}
	if bare != in.Text {
		in.Text = bare
		rest := understand.Read(in)
		m.Language, m.LanguageSure = rest.Language, rest.LanguageSure
	}
	if e.Typed && !m.LanguageSure && m.Language == models.English && e.Tongue != "" {
		m.Language = e.Tongue // who begins with "añade" says in which language
	}
	return m
}

// errandIn is what a text asks of the shop: read without the question that is open, which is about a booking.
func errandIn(in understand.Input, m understand.Meaning, state State) understand.Errand {
	plain := m
	if in.Expect != understand.ExpectNone || len(in.Options) > 0 {
		open := in
		open.Expect, open.Options = understand.ExpectNone, nil
		plain = understand.Read(open)
	}
	return understand.ReadErrand(in, plain, state.stands())
}

// current is the reading against the truth, whatever Redis said: made anew when the conversation has moved
// on, or when more has come that is heard as one with it. Nobody waits for a model under the lock: then the
// rules alone read.
func (c *Clerk) current(ctx context.Context, s salon, locked models.Conversation, waiting []models.Message, r reading) (reading, error) {
	state := c.state(s, locked)
	if locked.Version != r.version || len(state.due(waiting)) != len(r.messages) {
		again, err := c.read(ctx, s, locked, waiting)
		if again.took, again.asked = r.took, r.asked; again.asked.outcome != "" {
			again.asked.outcome = modelStale
		}
		return again, err
	}
	r.state = state
	return r, nil
}

// state is where a conversation stands now.
func (c *Clerk) state(s salon, conv models.Conversation) State {
	state := loadState(conv.State)
	if !state.At.IsZero() && c.Clock.Now().Sub(state.At) >= life(s.policies) {
		return state.woken()
	}
	return state
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

// answer runs what was heard through Step until nothing is left to do, and saves what came of it.
func (c *Clerk) answer(ctx context.Context, s salon, conv models.Conversation, r reading) (models.Conversation, error) {
	facts, err := c.facts(ctx, s, conv, r.person, r.state)
	if err != nil {
		return conv, err
	}
	if facts.Customer != nil && len(r.meaning.Others) > 0 {
		if facts.Guests, err = c.Customers.Guests(ctx, facts.Customer.ID); err != nil {
			return conv, err
		}
	}
	lang := r.meaning.Language
	conv.Language = lang
	w := &work{
		Clerk: c, salon: s, conv: conv, facts: facts, cause: r.cause(), heard: r.messages, began: c.Clock.Machine(),
		speaker: speaker{texts: s.texts, lang: lang, arabic: s.policies.ArabicDigits},
	}
	if err := w.remember(ctx, lang); err != nil {
		return conv, err
	}
	if known := r.person.Customer; known != nil && !known.Named() && known.Language != lang {
		if _, err := c.Customers.SetLanguage(ctx, known.ID, lang); err != nil {
			return conv, err
		}
	}
	event := Event{Facts: w.facts, Language: lang, Heard: &Heard{r.content, r.meaning}}
	state, err := w.run(ctx, r.state.heard(conv.SilencedSeq), event)
	if err != nil {
		return conv, err
	}
	state.Behind = state.Behind && r.more
	state.Memory = state.Memory.heard(gist(r.meaning, facts.Now), len(r.messages)+w.bubbles, s.policies)
	if w.conv.State, err = state.save(); err != nil {
		return conv, err
	}
	if err := w.trace(ctx, r, state); err != nil {
		return conv, err
	}
	return c.Thread.Save(ctx, w.conv, ids(r.messages)...)
}

func ids(messages []models.Message) []models.ID {
	ids := make([]models.ID, len(messages))
	for i, m := range messages {
		ids[i] = m.ID
	}
	return ids
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
			if err == nil {
				err = w.counted(ctx, action)
			}
			if err != nil {
				return state, err
			}
			w.note(action, result)
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
