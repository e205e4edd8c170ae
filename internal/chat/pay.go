package chat

import (
	"frontdesk/internal/chat/understand"
	"frontdesk/internal/checkout"
	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// choose takes an offered time: the surname first where it is missing and needed, else the
// hold. A second tap on the time that is held already changes nothing.
func (d *dialogue) choose(s Slot) {
	if d.moving() {
		d.moveTo(s)
		return
	}
	if d.s.Stage == StagePaying && d.f.Hold != nil && slotOfVisit(*d.f.Hold).same(s) {
		d.waiting()
		return
	}
	d.s.Chosen = &s
	if d.surnameMissing() {
		d.askSurname()
		return
	}
	d.hold(s)
}

// surnameMissing tells whether the surname must be asked: before every payment, and of new customers
// before anything is booked (C13, R-205).
func (d *dialogue) surnameMissing() bool {
	c := d.f.Customer
	if c == nil || c.Surname != "" {
		return false
	}
	pays := d.f.Policies.DepositsEnabled && d.order().minor > 0
	return pays || c.LastVisitAt == nil
}

func (d *dialogue) askSurname() {
	if d.s.Chosen == nil {
		d.advance()
		return
	}
	shown := d.s.Options
	defer func() { d.s.Options = shown }() // "the later one, actually" still speaks of these
	key := "chat.surname.ask"
	if d.order().minor == 0 || !d.f.Policies.DepositsEnabled {
		key = "chat.surname.ask.free"
	}
	d.ask(StageSurname, "", nil, say(key, i18n.Facts{"Slot": d.slotLine(*d.s.Chosen)}))
}

func (d *dialogue) hold(s Slot) {
	o := d.order()
	if len(d.s.Request.Guests) > 0 && d.s.Together != nil {
		d.holdTogether()
		return
	}
	h := Hold{Slot: s, For: d.s.Request.For}
	if o.pack != nil {
		h.PackID = &o.pack.ID
	}
	for _, service := range o.services {
		h.Services = append(h.Services, service.ID)
	}
	d.do(h)
}

// held takes the answer to a hold. The news goes out with the payment link, or with the confirmation
// when nothing is due: here only what else the turn had to say is said. A lost time is said, and fresh ones are looked for.
func (d *dialogue) held(h Held) {
	if h.Fault != "" {
		d.lost(h.Fault)
		return
	}
	d.sayLead()
	if h.Visit.Status == models.Confirmed {
		d.s.complete()
		return
	}
	d.do(RequestDeposit{h.Visit})
	slot := slotOfVisit(h.Visit)
	d.s.News = &News{}
	if before := d.s.Held; before != nil && d.f.Hold != nil && !before.same(slot) {
		d.s.News.Instead = before
	}
	d.s.Booking, d.s.Held = &h.Visit.ID, &slot
	d.s.Offer, d.s.Chosen = nil, nil // what was shown stays: another of those may still be chosen
	d.s.Stage = StagePaying
}

func (d *dialogue) lost(key string) {
	slot := d.s.Chosen
	d.s.Chosen = nil
	var taken []Line
	if slot != nil {
		taken = []Line{say("chat.taken", i18n.Facts{"Slot": d.slotLine(*slot)})}
	}
	if !d.elsewhen(key, taken...) {
		d.s.Request = Request{}
		d.s.clearOffer()
		d.askService()
		return
	}
	d.lookBeside(slot)
}

// elsewhen says why a chosen time cannot be had, and tells whether another may: not when what is wanted is not
// offered any more.
func (d *dialogue) elsewhen(key string, taken ...Line) bool {
	switch key {
	case "booking.unknown_service", "booking.mixed_categories":
		return false
	case "booking.too_soon":
		d.lead(say("chat.soon", i18n.Facts{"Minutes": minutesLine(d.f.Policies.SameDayLeadMinutes)}))
	default:
		d.lead(taken...)
	}
	return true
}

// lookBeside looks for other times than one that cannot be had, on its day when no other is asked for.
func (d *dialogue) lookBeside(slot *Slot) {
	d.s.Offer, d.s.Shown, d.s.Request.At = nil, nil, nil
	d.dayFrom(slot)
	if d.s.Request.From == nil {
		d.advance()
		return
	}
	d.do(FindSlots{Why: WhyTaken, Query: d.query()})
}

// dayFrom asks for the day of a time when no day is asked for.
func (d *dialogue) dayFrom(slot *Slot) {
	if d.s.Request.From == nil && slot != nil {
		day := Date{understand.DayOf(slot.Start.In(d.f.Now.Location()))}
		d.s.Request.From, d.s.Request.To = &day, &day
	}
}

// noticeLapse notices that the hold which the conversation waits for is gone: paid, or over.
func (d *dialogue) noticeLapse() {
	if d.s.Stage != StagePaying || d.f.Hold != nil {
		return
	}
	for _, v := range d.f.Visits {
		if d.s.Booking != nil && v.ID == *d.s.Booking {
			d.s.complete()
			return
		}
	}
	if d.s.Held != nil {
		d.lead(say("chat.hold.lapsed", i18n.Facts{"Slot": d.slotLine(*d.s.Held)}))
	}
	d.s.Stage, d.s.Options = StageAgain, nil
	d.s.Booking, d.s.Held = nil, nil
}

// paying answers what a message says about paying.
func (d *dialogue) paying(m understand.Meaning) bool {
	if d.s.Stage == StagePaying && d.f.Hold != nil && m.Intents.Has(understand.Price) && !d.saysMore(m) {
		d.due()
		return true
	}
	if !m.Intents.Has(understand.PaymentProblem, understand.PaidClaim, understand.SendLink) {
		return false
	}
	if d.f.Hold == nil {
		d.moneyWithoutHold(m)
		return true
	}
	switch {
	case m.Intents.Has(understand.PaymentProblem):
		d.do(ReportFailure{d.f.Hold.ID})
	case m.Intents.Has(understand.SendLink):
		d.link()
	default:
		d.remark(say("chat.pay.claimed", i18n.Facts{"Slot": d.heldLine()}))
	}
	return true
}

func (d *dialogue) moneyWithoutHold(m understand.Meaning) {
	switch {
	case len(d.f.Visits) > 0 && d.s.Stage != StageAgain:
		d.listVisits()
	case m.Intents.Has(understand.PaidClaim):
		d.notFound(understand.PaidClaim)
	case d.s.Stage == StageAgain:
		d.askLookAgain()
	case m.Intents.Has(understand.PaymentProblem):
		d.handOff(models.ReasonPaymentFailure, say("chat.handoff.payment_failure", nil), say("case.asks.payment", nil))
	case d.s.Stage != StageOpen:
		d.lead(say("chat.pay.link.later", nil))
		d.repeat()
	default:
		d.notFound(understand.SendLink)
	}
}

// reported says what became of a reported payment failure. A new link is told when it is there.
func (d *dialogue) reported(f checkout.Failure) {
	switch f {
	case checkout.FailureHandedOver:
		d.settle()
		d.do(Say{
			Class: models.ClassHandoff, Cause: "handoff",
			Lines: append(append(d.takeLead(), say("chat.handoff.payment_failure", nil)), d.reopens()...),
		})
	case checkout.FailureNewLink:
		d.remark(say("chat.pay.trouble", i18n.Facts{"Slot": d.heldLine()}))
	case checkout.FailurePaid:
		d.listVisits()
	default:
		d.leaveChange()
		d.s.Stage = StageAgain
		d.askLookAgain()
	}
}

// due says what is to be paid now and later, and where.
func (d *dialogue) due() {
	v := d.f.Hold
	deposit, total := sums(d.f.held())
	d.lead(say("chat.pay.amount", i18n.Facts{
		"Slot": d.heldLine(), "Deposit": d.amount(deposit, v.Currency), "Due": d.amount(total-deposit, v.Currency),
	}))
	d.link()
}

// link sends the payment link once more, or has one made and says that it is on its way.
func (d *dialogue) link() {
	facts := i18n.Facts{"Slot": d.heldLine(), "Until": d.until()}
	if d.f.Link == nil && d.f.Failures >= d.f.Policies.PaymentMaxAttempts { // staff have it: another link would fail as well
		d.handOff(models.ReasonPaymentFailure, say("chat.handoff.payment_failure", nil), say("case.asks.payment", nil))
		return
	}
	if d.f.Link == nil {
		d.do(RequestDeposit{*d.f.Hold}) // the one there was may be over: paid wrongly, or closed at the provider
		d.remark(say("chat.pay.link.soon", facts))
		return
	}
	facts["URL"] = d.f.Link.URL
	d.do(Say{
		Class: models.ClassReply, Cause: "turn", URL: d.f.Link.URL,
		Lines: append(d.takeLead(), say("chat.pay.link.again", facts)),
	})
}

func (d *dialogue) waiting() {
	if d.f.Hold == nil {
		d.remark(say("chat.help", nil))
		return
	}
	d.remark(say("chat.pay.waiting", i18n.Facts{"Slot": d.heldLine(), "Until": d.until()}))
}

func (d *dialogue) heldLine() Line { return d.partyLine(d.f.held()) }

// until is when the hold ends, in salon time.
func (d *dialogue) until() string { return i18n.Clock(d.f.Hold.HoldExpiresAt.In(d.f.Now.Location())) }

func slotOfVisit(a models.Appointment) Slot { return Slot{a.StylistID, a.StartsAt, a.EndsAt} }

func (d *dialogue) askLookAgain() {
	d.ask(StageAgain, "", againChoices(), say("chat.hold.again", nil))
}

func againChoices() []Choice {
	return []Choice{
		{ID: optionAgainYes, Titles: []Line{say("chat.button.again", nil)}},
		{ID: optionAgainNo, Titles: []Line{say("chat.button.enough", nil)}},
	}
}
