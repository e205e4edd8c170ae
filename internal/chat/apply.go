package chat

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"frontdesk/internal/booking"
	"frontdesk/internal/content"
	"frontdesk/internal/fault"
	"frontdesk/internal/handoff"
	"frontdesk/internal/thread"
	"frontdesk/models"
)

// actor is who makes the changes of a turn, in the visits' history.
const actor = "customer"

// work is one message being answered, inside its transaction.
type work struct {
	*Clerk
	speaker
	salon   salon
	conv    models.Conversation
	facts   Facts
	cause   string // what the replies answer, for their dedupe keys
	heard   []models.Message
	stage   *stage // of a rehearsal; nil of a conversation
	said    int
	bubbles int       // said in all
	began   time.Time // machine time
	did     []models.TurnAction
}

// apply does one action. Its result, if it has one, is the next event.
func (w *work) apply(ctx context.Context, state *State, a Action) (*Event, error) {
	if w.stage != nil {
		return w.play(ctx, state, a)
	}
	switch a := a.(type) {
	case Say:
		return nil, w.say(ctx, state, a)
	case FindSlots:
		return w.find(ctx, a)
	case Hold:
		return w.hold(ctx, a)
	case FindTogether:
		return w.findTogether(ctx, a)
	case HoldTogether:
		return w.holdTogether(ctx, a)
	case NotePhone:
		return w.notePhone(ctx, a)
	case RequestDeposit:
		_, err := w.Till.RequestDeposit(ctx, a.Visit)
		return nil, err
	case ReleaseHold:
		return nil, w.Diary.Release(ctx, a.Visit, actor, "customer.changed_mind")
	case ReportFailure:
		return w.report(ctx, a)
	case Register:
		return nil, w.register(ctx, a)
	case SetName:
		return nil, w.rename(w.Customers.SetName(ctx, w.facts.Customer.ID, a.Name))
	case SetSurname:
		return nil, w.rename(w.Customers.SetSurname(ctx, w.facts.Customer.ID, a.Surname))
	case Answered:
		return nil, w.Content.Answered(ctx, a.Key, w.conv.ID, w.lang)
	case SetConsent:
		return nil, w.setConsent(ctx, w.conv.ContactID, a.Consent)
	case Rename:
		return nil, w.rename(w.Customers.Rename(ctx, w.facts.Customer.ID, a.Name, a.Surname))
	case HandOff:
		return nil, w.handOff(ctx, a)
	case ConfirmReminder:
		return nil, w.Diary.ConfirmReminder(ctx, a.Visit)
	case NoteDelay:
		return w.noteDelay(ctx, a)
	case Shopping:
		return w.shop(ctx, a)
	case PrepareOrder, Agree, SameAddress, PlaceOrder, FindOrders, EndOrder, OfferReturn, OpenReturn, KeepPhoto:
		return w.order(ctx, a)
	case Recall:
		return w.recall(ctx)
	case FindTerms, BeginMove, KeepVisit, MoveVisit, CancelVisit:
		return w.change(ctx, a)
	default:
		return nil, fmt.Errorf("apply %T: no such action", a)
	}
}

// say queues a bubble. The message it answers and its place in the turn make it unique.
func (w *work) say(ctx context.Context, state *State, s Say) error {
	c, options, err := w.content(s)
	if err != nil {
		return err
	}
	if w.overhear != nil {
		w.overhear(w, s, c)
	}
	switch {
	case s.Shop && state.Shop != nil:
		shop := *state.Shop
		shop.Options, state.Shop = options, &shop
	case len(options) > 0:
		state.Options = options
	}
	if s.Picture != "" {
		c.Kind, c.URL = models.KindImage, w.address(s.Picture)
	}
	if s.Template != nil {
		// A template that cannot be sent is missing only where the window is closed; there the sender says so.
		if c.Template, err = w.template(ctx, *s.Template); err != nil && !errors.Is(err, content.ErrUnresolved) {
			return err
		}
	}
	key := s.Key
	if key == "" {
		key = fmt.Sprintf("turn:%s:%d", w.cause, w.said)
		w.said++
	}
	w.bubbles++
	return w.Thread.Add(ctx, &w.conv, thread.Outgoing{
		Class: s.Class, Content: c, Language: w.lang, Cause: s.Cause, DedupeKey: key,
	})
}

// template puts the facts of a template into words and composes it.
func (w *work) template(ctx context.Context, t Template) (*models.Template, error) {
	facts := t.Facts
	for name, fact := range facts {
		text, err := w.fact(fact)
		if err != nil {
			return nil, err
		}
		facts[name] = text
	}
	return w.Content.Resolve(ctx, t.Name, w.lang, facts)
}

func (w *work) find(ctx context.Context, a FindSlots) (*Event, error) {
	q := a.Query
	if q.MovingID == nil { // a hold of theirs is replaced by a choice, and not by a move
		q.ConversationID = &w.conv.ID
	}
	found, err := w.Diary.FindSlots(ctx, q)
	if err != nil {
		return nil, err
	}
	return &Event{Found: &Found{a.Why, a.Query, found}}, nil
}

// hold takes a slot. A refusal is an answer, not a failure: the turn goes on with it.
func (w *work) hold(ctx context.Context, a Hold) (*Event, error) {
	if w.facts.Customer == nil {
		return nil, errors.New("hold: the customer is not known")
	}
	who, name, err := w.whoComes(ctx, a.For)
	if err != nil {
		return nil, err
	}
	visit, err := w.Diary.Hold(ctx, booking.HoldRequest{
		ConversationID: &w.conv.ID, CustomerID: who, BookedByID: w.facts.Customer.ID, ForName: name,
		StylistID: a.Slot.StylistID, PackID: a.PackID, ServiceIDs: a.Services, StartsAt: a.Slot.Start, Actor: actor,
	})
	var refused *fault.Fault
	if errors.As(err, &refused) {
		return &Event{Held: &Held{Fault: refused.Key}}, nil
	}
	if err != nil {
		return nil, err
	}
	return &Event{Held: &Held{Visit: visit}}, nil
}

func (w *work) report(ctx context.Context, a ReportFailure) (*Event, error) {
	outcome, err := w.Till.ReportFailure(ctx, a.Visit)
	if err != nil {
		return nil, err
	}
	if err := w.visits(ctx, w.conv, &w.facts); err != nil {
		return nil, err
	}
	return &Event{Failure: &outcome}, nil
}

func (w *work) register(ctx context.Context, a Register) error {
	contact, err := w.Customers.ContactByID(ctx, w.conv.ContactID)
	if err != nil {
		return err
	}
	return w.rename(w.Customers.Register(ctx, contact, a.Name, a.Surname, w.lang))
}

// rename keeps the facts in step with what is stored.
func (w *work) rename(customer models.Customer, err error) error {
	if err != nil {
		return err
	}
	w.facts.Customer, w.facts.Shopper = &customer, &customer.ID
	return nil
}

// address is where something of ours lies, seen from a phone.
func (w *work) address(at string) string {
	if strings.HasPrefix(at, "/") {
		return strings.TrimSuffix(w.BaseURL(), "/") + at
	}
	return at
}

// remember stores the language the customer writes in.
func (w *work) remember(ctx context.Context, lang models.Language) error {
	if w.facts.Customer == nil || w.facts.Customer.Language == lang {
		return nil
	}
	return w.rename(w.Customers.SetLanguage(ctx, w.facts.Customer.ID, lang))
}

func (w *work) handOff(ctx context.Context, a HandOff) error {
	lines := make([]string, len(a.Summary))
	for i, line := range a.Summary {
		text, err := w.line(line)
		if err != nil {
			return err
		}
		lines[i] = text
	}
	request := handoff.Request{
		ConversationID: w.conv.ID, AppointmentID: a.Visit, Reason: a.Reason,
		Summary: strings.Join(lines, "\n"), Trigger: a.Trigger,
	}
	if w.facts.Customer != nil {
		request.CustomerID = &w.facts.Customer.ID
	}
	_, _, err := w.Desk.Open(ctx, request)
	return err
}
