package chat

import (
	"context"
	"strings"

	"frontdesk/internal/chat/understand"
	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// StageUsual asks whether what they had last is wanted again.
const StageUsual Stage = "usual"

// Options of that question.
const (
	optionUsualYes = "usual:yes"
	optionUsualNo  = "usual:no"
)

// Recall looks up what the customer usually has (booking.Usual). The answer comes as Recalled.
type Recall struct{}

// Recalled answers Recall; Visit is nil when there is nothing to recall.
type Recalled struct{ Visit *models.Appointment }

func (Recall) action() {}

func (w *work) recall(ctx context.Context) (*Event, error) {
	if w.facts.Customer == nil {
		return &Event{Recalled: &Recalled{}}, nil
	}
	visit, found, err := w.Diary.Usual(ctx, w.facts.Customer.ID)
	if err != nil {
		return nil, err
	}
	if !found {
		return &Event{Recalled: &Recalled{}}, nil
	}
	return &Event{Recalled: &Recalled{&visit}}, nil
}

// wantsUsual tells whether a message asks for what the customer always has and names nothing else; the day,
// the time and the stylist it names are taken. It is the customer's own: whoever they bring has another.
func (d *dialogue) wantsUsual(m understand.Meaning) bool {
	named := len(m.Services)+len(m.Ambiguous)+len(m.Packs) > 0
	company := m.Intents.Has(understand.ThirdParty, understand.Group) || d.s.Request.For != nil || len(d.s.Request.Guests) > 0
	if !m.Intents.Has(understand.Usual) || named || company || d.s.Stage == StagePaying && d.f.Hold != nil {
		return false
	}
	d.mergeRest(m)
	return true
}

// recalled proposes what they had last, at today's prices and with the same stylist, and asks.
// What is not offered any more is said, and left out or asked for.
func (d *dialogue) recalled(found Recalled) {
	r := &d.s.Request
	if found.Visit == nil {
		d.lead(say("chat.usual.none", nil))
		d.askService()
		return
	}
	v := *found.Visit
	before := d.requestOf(v)
	r.Services, r.Pack, r.Proposed, r.NoPack, r.Which, r.Between = before.Services, before.Pack, before.Proposed, true, nil, nil
	if gone := d.retired(v); len(gone) > 0 {
		d.lead(say("chat.usual.retired", i18n.Facts{"Services": strings.Join(gone, comma(d.lang))}))
		r.Pack, r.Proposed = "", ""
	}
	o := d.order()
	if len(o.services) == 0 {
		d.askService()
		return
	}
	if r.Stylist == nil && !r.Anyone {
		if s, ok := d.f.Menu.Stylist(v.StylistID); ok && s.Does(o.category) {
			r.Stylist = &s.ID
		}
	}
	r.Quoted = o.key() // told with the question
	d.askUsual()
}

// retired are the names of a visit's services that are not on the menu any more.
func (d *dialogue) retired(v models.Appointment) []string {
	var names []string
	for _, line := range v.Lines {
		if _, ok := d.f.Menu.ServiceByID(line.ServiceID); !ok {
			names = append(names, d.f.Menu.NameOfService(line.ServiceID).In(d.lang))
		}
	}
	return names
}

// askUsual asks whether it shall be the usual, and says what that is and costs today.
func (d *dialogue) askUsual() {
	o, r := d.order(), d.s.Request
	if len(o.services) == 0 {
		d.askService()
		return
	}
	facts := i18n.Facts{"Services": d.wantedNames(o), "Minutes": duration(o.minutes), "Price": d.price(o.minor)}
	key := "chat.usual.ask"
	if r.Stylist != nil {
		key, facts["Stylist"] = "chat.usual.ask.stylist", d.stylistName(*r.Stylist)
	}
	d.ask(StageUsual, "", []Choice{
		{ID: optionUsualYes, Titles: []Line{say("chat.usual.button.yes", nil)}},
		{ID: optionUsualNo, Titles: []Line{say("chat.usual.button.no", nil)}},
	}, say(key, facts))
}

// wantedNames are the names of what would be booked.
func (d *dialogue) wantedNames(o order) string {
	if o.pack == nil {
		return d.names(codes(o.services))
	}
	names := []string{o.pack.Names.In(d.lang)}
	for _, s := range o.beside {
		names = append(names, s.Names.In(d.lang))
	}
	return strings.Join(names, " + ")
}

// answerUsual takes the answer: yes leads to the times, no to the question what it shall be instead, and
// whoever changes something goes on from there as with any other request.
func (d *dialogue) answerUsual(m understand.Meaning) bool {
	named := len(m.Services)+len(m.Ambiguous)+len(m.Packs) > 0
	switch {
	case named:
		return false
	case m.Intents.Has(understand.No) && !d.saysMore(m):
		r := &d.s.Request
		r.Services, r.Pack, r.NoPack, r.Proposed, r.Stylist, r.Quoted = nil, "", false, "", nil, ""
		d.askService()
	case m.Intents.Has(understand.Yes, understand.Usual, understand.Book) || d.saysMore(m):
		d.mergeRest(m)
		d.advance()
	default:
		return false
	}
	return true
}
