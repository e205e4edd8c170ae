package chat

import (
	"frontdesk/internal/chat/understand"
	"frontdesk/models"
)

// A visit or a payment that customers speak of and that is not found here may have been made from another phone,
// or by people of the salon: a colleague is offered, and who insists is passed on.

// StageUnfound asks whether a colleague shall look for it.
const StageUnfound Stage = "unfound"

// Unfound is a wish about what is not found, and the question that was open before.
type Unfound struct {
	Wish   understand.Intent `json:"wish"`
	Words  string            `json:"words"`
	Before Stage             `json:"before,omitempty"`
}

const (
	optionColleagueYes = "colleague:yes"
	optionColleagueNo  = "colleague:no"
)

// ownMatters are the intents about a visit or a payment that the customer believes to have.
func ownMatters() []understand.Intent {
	return append(visitMatters(), understand.PaymentProblem)
}

// visitMatters are those that come to nothing where no visit stands.
func visitMatters() []understand.Intent {
	return []understand.Intent{
		understand.Cancel, understand.Move, understand.Delay, understand.MyBooking, understand.PaidClaim, understand.SendLink,
	}
}

// notFound says that there is nothing here that the wish could be about, and offers a colleague.
func (d *dialogue) notFound(wish understand.Intent) {
	d.s.Unfound = &Unfound{wish, d.words, d.s.Stage}
	line := say("chat.visits.none", nil)
	if wish == understand.PaidClaim {
		line = say("chat.pay.claimed.late", nil)
	}
	d.lead(line)
	d.askUnfound()
}

func (d *dialogue) askUnfound() {
	key := "chat.unfound.visit"
	if d.s.Unfound.Wish == understand.PaidClaim {
		key = "chat.unfound.money"
	}
	d.ask(StageUnfound, "", []Choice{
		{ID: optionColleagueYes, Titles: []Line{say("chat.unfound.button.yes", nil)}},
		{ID: optionColleagueNo, Titles: []Line{say("chat.unfound.button.no", nil)}},
	}, say(key, nil))
}

// answersUnfound takes a yes or no to the offer. Whoever asks for the same a second time in a row, or tells more
// about the visit, is passed on; a wish for something else leaves the offer.
func (d *dialogue) answersUnfound(m understand.Meaning) bool {
	if d.s.Stage != StageUnfound || d.s.Unfound == nil {
		return false
	}
	asked := *d.s.Unfound
	no := m.Intents.Has(understand.No)
	switch {
	case d.leavesUnfound(m):
		d.leaveUnfound()
		return false
	case m.Intents.Has(understand.Yes) && !no:
		d.words = asked.Words
		d.passUnfound(asked.Wish)
	case m.Intents.Has(visitMatters()...), d.tellsOfVisit(m) && len(m.FAQs) == 0, m.OfOther:
		d.passUnfound(asked.or(m))
	case no, m.AnyStylist: // "it doesn't matter": nothing is to be looked for
		d.answerFAQs(m.FAQs, m.Day)
		d.leaveUnfound()
		d.stays()
	case m.Earliest, m.AnyDay:
		d.answerFAQs(m.FAQs, m.Day)
		d.repeat() // haste says neither yes nor no
	default:
		return false
	}
	return true
}

// or is what is wanted of the visit by now: what a later message asks for, unless it only asks about the visit.
func (u Unfound) or(m understand.Meaning) understand.Intent {
	for _, wish := range []understand.Intent{understand.Cancel, understand.Move, understand.Delay, understand.PaidClaim} {
		if m.Intents.Has(wish) {
			return wish
		}
	}
	return u.Wish
}

// leavesUnfound tells whether a message goes on to something else than what was not found: something stands by
// now, or they book, ask for a price, or answer the question that was open before.
func (d *dialogue) leavesUnfound(m understand.Meaning) bool {
	ours := m.OptionID == "" || m.OptionID == optionColleagueYes || m.OptionID == optionColleagueNo
	before := d.s.Unfound.Before
	return len(d.f.Visits) > 0 || d.f.Hold != nil || !ours ||
		m.Intents.Has(newMatters()...) || m.Intents.Has(understand.PaymentProblem) ||
		before != StageOpen && before != StageAgain && d.tellsOfVisit(m)
}

// tellsOfVisit tells whether a message describes a visit. Indifference and haste describe none: they take no time that was
// offered before the question.
func (d *dialogue) tellsOfVisit(m understand.Meaning) bool {
	m.AnyStylist, m.AnyDay, m.Earliest = false, false, false
	return d.saysMore(m)
}

// leaveUnfound brings the question back that was open before.
func (d *dialogue) leaveUnfound() {
	before := d.s.Unfound.Before
	d.s.Unfound = nil
	d.s.resume(before)
}

// stays ends the talk about what was not found; what was open before, or asked for besides, goes on.
func (d *dialogue) stays() {
	switch {
	case d.s.Stage != StageOpen:
		d.repeat()
	case !d.s.Request.empty():
		d.advance()
	default:
		d.remark(say("chat.fine", nil))
	}
}

// passUnfound hands over what was not found: money to those who see to payments.
func (d *dialogue) passUnfound(wish understand.Intent) {
	d.leaveUnfound()
	reason := models.ReasonManualRequest
	if wish == understand.PaidClaim {
		reason = models.ReasonPaymentFailure
	}
	d.handOff(reason, say("chat.handoff.manual_request", nil), say("case.unfound."+string(wish), nil))
}
