package chat

import (
	"strings"

	"frontdesk/internal/chat/understand"
	"frontdesk/internal/i18n"
)

// answer reads the message as an answer to the open question, or as a tap on any button. It tells
// whether it was one.
func (d *dialogue) answer(m understand.Meaning) bool {
	if d.s.Stage == StageSlot && m.Name != nil && d.surnameMissing() {
		d.takeSurname(*m.Name) // "12:30 Haddad"
	}
	if d.s.Stage == StageConsult && d.answerConsult(m) {
		return true
	}
	if d.s.Stage == StageShares && d.answerShares(m) || d.s.Stage == StageJoint && d.answerJoint(m) {
		return true
	}
	if m.OptionID != "" && !d.asksPrice(m) && d.tapped(m.OptionID, m) {
		return true
	}
	switch d.s.Stage {
	case StageWhich:
		return d.answerWhich(m)
	case StageMixed:
		return d.answerMixed(m)
	case StagePack:
		return d.answerPack(m)
	case StageStylist:
		return d.answerStylist(m)
	case StageGuest:
		return d.answerGuest(m)
	case StageSlot:
		return d.answerSlot(m)
	case StageSurname:
		return d.answerSurname(m)
	case StagePaying:
		return d.answerPaying(m)
	case StageAgain:
		return d.answerAgain(m)
	case StageHowLate, StageLate:
		return d.answerLate(m)
	case StageUsual:
		return d.answerUsual(m)
	default:
		return false
	}
}

// asksPrice tells whether a message asks about price or length and takes nothing: no time is held for
// "how much is the first one?".
func (d *dialogue) asksPrice(m understand.Meaning) bool {
	return m.Intents.Has(understand.Price, understand.Duration) && !m.Intents.Has(understand.Book)
}

// agrees tells whether the rest of a message fits the slot it seems to choose.
func (d *dialogue) agrees(s Slot, m understand.Meaning) bool {
	at := s.Start.In(d.f.Now.Location())
	if m.Day != nil && *m.Day != understand.DayOf(at) {
		return false
	}
	if m.At != nil && !m.About && *m.At != minuteOf(at) {
		return false
	}
	stylist, ok := d.f.Menu.Stylist(s.StylistID)
	return !ok || len(m.Stylists) == 0 || contains(m.Stylists, stylist.Code)
}

func (d *dialogue) answerWhich(m understand.Meaning) bool {
	if len(d.s.Request.Which) == 0 {
		return false
	}
	for _, code := range m.Services {
		if contains(d.s.Request.Which[0], code) {
			d.takeWhich(code)
			d.mergeRest(m)
			d.advance()
			return true
		}
	}
	return false
}

func (d *dialogue) answerPack(m understand.Meaning) bool {
	yes := m.Pack || m.Intents.Has(understand.Yes)
	no := m.Single || m.Intents.Has(understand.No)
	if yes == no {
		return false
	}
	return d.tappedPack(yes, m)
}

func (d *dialogue) answerStylist(m understand.Meaning) bool {
	if len(m.Stylists) > 0 || !(m.AnyStylist || m.Earliest || len(m.NotStylists) > 0 || m.Intents.Has(understand.Yes, understand.No)) {
		return false // a name is part of the request
	}
	if d.s.Request.Stylist != nil && m.Intents.Has(understand.No) && !m.AnyStylist { // nobody but the one without time
		d.clearDay()
		d.ask(StageDay, "", nil, say("chat.day.other", nil))
		return true
	}
	m.AnyStylist = true
	d.mergeRest(m)
	d.advance()
	return true
}

func (d *dialogue) answerSlot(m understand.Meaning) bool {
	if slot, ok := d.accepted(m); ok {
		d.choose(slot)
		return true
	}
	switch {
	case m.OtherOptions || m.Later || m.Earlier:
		return d.otherTimes(m)
	case m.Intents.Has(understand.No) && !d.saysMore(m):
		d.ask(StageDay, "", nil, say("chat.day.other", nil))
		return true
	case m.Intents.Has(understand.Yes) && len(d.s.Offer) > 1 && !d.saysMore(m):
		d.askMany(d.s.Offer, "chat.slots.which")
		return true
	default:
		return false
	}
}

// accepted is the offered time that a plain yes to a single offer, "any of them", or its own time or
// stylist takes.
func (d *dialogue) accepted(m understand.Meaning) (Slot, bool) {
	if len(d.s.Offer) == 0 || d.asksPrice(m) || m.OtherOptions || m.Part != understand.AnyPart || len(m.Services) > 0 {
		return Slot{}, false
	}
	if slot, ok := d.named(d.s.Offer, m); ok {
		return slot, true
	}
	yes := len(d.s.Offer) == 1 && m.Intents.Has(understand.Yes)
	anyOf := m.Choice == 0 && (m.AnyStylist || m.Earliest)
	first := d.s.Offer[0] // the earliest
	return first, (yes || anyOf) && d.agrees(first, m)
}

// saysMore tells whether a message holds anything for the request.
func (d *dialogue) saysMore(m understand.Meaning) bool {
	return len(m.Services)+len(m.Ambiguous)+len(m.Packs)+len(m.Stylists)+len(m.NotStylists) > 0 || m.Pack || m.Single || m.Day != nil ||
		m.Days != nil || m.Part != understand.AnyPart || m.At != nil || m.NotBefore != nil || m.NotAfter != nil ||
		m.AnyDay || m.AnyStylist || m.Earliest
}

// named is the one of the times that the message names by its time or stylist.
func (d *dialogue) named(slots []Slot, m understand.Meaning) (found Slot, ok bool) {
	if m.At == nil && len(m.Stylists) == 0 || m.About || len(m.Services)+len(m.Ambiguous)+len(m.Packs) > 0 {
		return Slot{}, false
	}
	for _, s := range slots {
		if !d.agrees(s, m) {
			continue
		}
		if ok {
			return Slot{}, false // two fit: it has to be asked
		}
		found, ok = s, true
	}
	return found, ok
}

// answerPaying takes another of the times that were offered before the hold: choosing an offered time
// is choosing, also after one is held.
func (d *dialogue) answerPaying(m understand.Meaning) bool {
	slot, ok := d.named(d.s.Shown, m)
	if !ok || d.f.Hold == nil || d.asksPrice(m) {
		return false
	}
	d.choose(slot)
	return true
}

func (d *dialogue) answerSurname(m understand.Meaning) bool {
	if d.s.Chosen == nil || m.Name == nil || d.f.Customer == nil {
		return false
	}
	if !d.takeSurname(*m.Name) {
		return false
	}
	d.hold(*d.s.Chosen)
	return true
}

// takeSurname notes the surname, and tells whether there was one.
func (d *dialogue) takeSurname(name understand.PersonName) bool {
	surname := name.Family
	if surname == "" {
		surname = name.Given
	}
	if surname == "" {
		return false
	}
	customer := *d.f.Customer
	if given, repeated := strings.CutSuffix(customer.Name, " "+surname); repeated {
		d.do(SetName{given}) // the confirmed profile name held both parts
		customer.Name = given
	}
	d.do(SetSurname{surname})
	customer.Surname = surname
	d.f.Customer = &customer
	return true
}

func (d *dialogue) answerAgain(m understand.Meaning) bool {
	if d.saysMore(m) {
		return false
	}
	switch {
	case m.Intents.Has(understand.Yes) || m.OtherOptions:
		return d.again(true)
	case m.Intents.Has(understand.No):
		return d.again(false)
	default:
		return false
	}
}

// again looks for a time once more after a hold has lapsed, or lets the request go.
func (d *dialogue) again(yes bool) bool {
	if d.s.Request.empty() {
		return false
	}
	if !yes {
		d.settle()
		d.remark(say("chat.fine", nil))
		return true
	}
	d.fresh()
	d.advance()
	return true
}

// understood takes what the message adds to the request, or its wish to book, to the next question.
func (d *dialogue) understood(m understand.Meaning) bool {
	if m.Intents.Has(understand.Undecided) {
		d.hesitates(m)
		return true
	}
	if d.s.Stage == StagePaying && d.f.Hold != nil && d.asksNext(m) {
		d.remark(say("chat.next.waits", i18n.Facts{"Slot": d.heldLine(), "Services": d.names(d.s.Next.Services)}))
		return true
	}
	if d.wantsUsual(m) {
		d.do(Recall{})
		return true
	}
	if d.merge(m) {
		d.advance()
		return true
	}
	switch {
	case m.Intents.Has(understand.ListServices):
		d.askService()
		return true
	case m.OtherOptions && d.s.Request.From != nil && len(d.s.Request.Services) > 0:
		return d.otherTimes(m)
	case m.Intents.Has(understand.Book) && (d.s.Stage == StageOpen || len(d.s.Request.Services) > 0 && d.s.Stage != StagePaying):
		d.advance()
		return true
	case m.Intents.Has(understand.Price, understand.Duration):
		d.priceAgain()
		return true
	case d.saysMore(m) && !d.aside(m) && d.s.Stage != StageOpen:
		d.repeat() // said before, or of no use here: the question stands
		return true
	default:
		return false
	}
}

// priceAgain tells price and minutes once more and comes back to the open question.
func (d *dialogue) priceAgain() {
	d.s.Request.Quoted = ""
	switch d.s.Stage {
	case StagePack, StageSurname: // an answer to these decides: the question must not be passed over
		d.quote(d.order())
		d.repeat()
	default:
		d.advance()
	}
}
