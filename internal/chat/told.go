package chat

import (
	"time"

	"frontdesk/internal/booking"
	"frontdesk/internal/chat/understand"
	"frontdesk/internal/content"
	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// Events that the conversation tells of its own accord (queue.Tell).
const (
	TellPaymentLink          = "payment.link"
	TellPaymentNewLink       = "payment.new_link"
	TellPaymentDelayed       = "payment.delayed"
	TellPaymentFailed        = "payment.failed"
	TellPaymentMismatch      = "payment.mismatch"
	TellPaymentLate          = "payment.late_refunded"
	TellPaymentDuplicate     = "payment.duplicate_refunded"
	TellBookingConfirmed     = "booking.confirmed"
	TellHoldWarning          = "hold.warning"
	TellHoldExpired          = "hold.expired"
	TellMoved                = "booking.moved" // this and the next two are about one change: Ref is its event
	TellCancelled            = "booking.cancelled"
	TellHoldReleased         = "hold.released"
	TellPaymentReceived      = "payment.received"
	TellPaymentNotNeeded     = "payment.not_needed"
	TellPaymentReturned      = "payment.returned"
	TellRefundDone           = "refund.done" // money that staff gave back is out; Ref is the refund
	whyLate              Why = "late"        // other times for a visit whose payment came too late
)

// Told is something that happened to a visit, for the customer to know.
type Told struct {
	Event   string
	Key     string // makes the message unique
	Visit   models.Appointment
	Party   []models.Appointment // of an event about a group's visits, all of them, Visit first
	Payment *models.Payment
	Change  *models.AppointmentEvent // what was changed, for the events that are about one change
	Back    models.Money             // what goes back of a deposit when staff end its visit
	Sold    *soldThings              // of an event of the shop
	Method  models.RefundMethod      // how money went back
	Human   bool                     // staff have the conversation: receipts go out, nothing is asked
}

// told puts an event into words. What is no longer true by now is not said.
func (d *dialogue) told(t Told) {
	d.s.lead = nil
	if t.Event == TellRefundDone {
		d.tellRefund(t)
		return
	}
	if t.Sold != nil {
		d.toldOfShop(t)
		return
	}
	switch t.Event {
	case TellPaymentLink:
		d.tellLink(t)
	case TellPaymentNewLink:
		d.tellNewLink(t)
	case TellPaymentDelayed:
		d.tellDelayed(t)
	case TellPaymentFailed:
		d.forget(t.Visit)
		d.receipt(t, nil, append([]Line{say("chat.pay.failed", i18n.Facts{"Slot": d.toldLine(t)})}, d.reopens()...)...)
	case TellPaymentMismatch:
		d.forget(t.Visit)
		d.receipt(t, d.refundTemplate(t), say("chat.pay.mismatch", i18n.Facts{
			"Amount": d.received(t), "Deposit": d.amount(t.Payment.AmountMinor, t.Payment.Currency),
		}))
	case TellPaymentDuplicate:
		d.receipt(t, d.refundTemplate(t), say("chat.pay.duplicate", i18n.Facts{"Amount": d.received(t)}))
	case TellPaymentLate:
		d.tellLate(t)
	case TellBookingConfirmed:
		d.tellConfirmed(t)
	case TellHoldWarning:
		d.tellWarning(t)
	case TellHoldExpired:
		d.tellExpired(t)
	case TellReminder:
		d.tellReminder(t)
	default:
		d.toldByStaff(t)
	}
}

func (d *dialogue) receipt(t Told, template *Template, lines ...Line) {
	d.do(Say{Class: models.ClassReceipt, Cause: t.Event, Key: t.Key, Lines: lines, Template: template})
}

// waitsFor tells whether the visit is the hold that waits for its deposit.
func (d *dialogue) waitsFor(v models.Appointment) bool { return d.f.Hold != nil && d.f.Hold.ID == v.ID }

// forget ends the dialogue about a visit, unless the customer has gone on to something else.
func (d *dialogue) forget(v models.Appointment) {
	if d.s.Booking == nil || *d.s.Booking != v.ID {
		return
	}
	if d.s.Stage == StagePaying || d.s.Stage == StageAgain {
		d.settle()
		return
	}
	d.s.Booking, d.s.Held = nil, nil
	if d.s.Change != nil {
		d.s.Change.Paying = nil
	}
}

// takeNews says what is held for the customer, as news when they have not heard it yet.
func (d *dialogue) takeNews(t Told) Line {
	facts := i18n.Facts{"Name": d.name(), "Slot": d.toldLine(t)}
	news := d.s.News
	d.s.News = nil
	switch {
	case news == nil:
		return say("chat.held.still", facts)
	case news.Instead != nil:
		facts["Before"] = d.slotLine(*news.Instead)
		return say("chat.held.instead", facts)
	default:
		return say("chat.held", facts)
	}
}

// tellDelayed says that the hold stands and that its link takes longer, unless it is there by now.
func (d *dialogue) tellDelayed(t Told) {
	if d.waitsFor(t.Visit) && t.Payment.State == models.PaymentRequested {
		d.adopt(t.Visit)
		d.receipt(t, nil, say("chat.pay.delayed", i18n.Facts{"Held": d.takeNews(t), "Until": d.until()}))
	}
}

// asksFor tells whether a visit is what the request is about.
func (d *dialogue) asksFor(v models.Appointment) bool {
	wanted := d.order().services
	if len(wanted) != len(v.Lines) {
		return false
	}
	for i, line := range v.Lines {
		if line.ServiceID != wanted[i].ID {
			return false
		}
	}
	return true
}

// tellLink sends the payment link with everything that binds: amount, share, term, time (S01). For the
// customer it is the answer to the time they chose: it says first that the time is held.
func (d *dialogue) tellLink(t Told) {
	if !d.waitsFor(t.Visit) || t.Payment.State != models.PaymentOpen {
		return
	}
	d.adopt(t.Visit)
	v := t.Visit
	deposit, total := sums(t.party())
	facts := i18n.Facts{
		"Held": d.takeNews(t), "Deposit": d.amount(deposit, v.Currency), "Percent": v.Terms.DepositPercent,
		"Total": d.amount(total, v.Currency), "URL": t.Payment.URL, "Minutes": minutesLine(d.left()), "Until": d.until(),
	}
	key := "chat.pay.link"
	if deposit != (total*int64(v.Terms.DepositPercent)+50)/100 {
		key = "chat.pay.link.amount" // a service has a share of its own
	}
	d.do(Say{
		Class: models.ClassReceipt, Cause: t.Event, Key: t.Key, URL: t.Payment.URL,
		Lines: []Line{say(key, facts), d.terms(v)}, Template: d.linkTemplate(t),
	})
}

func (d *dialogue) tellNewLink(t Told) {
	if !d.waitsFor(t.Visit) || t.Payment.State != models.PaymentOpen {
		return
	}
	d.s.News = nil // said here in other words
	d.do(Say{
		Class: models.ClassReceipt, Cause: t.Event, Key: t.Key, URL: t.Payment.URL, Template: d.linkTemplate(t),
		Lines: []Line{say("chat.pay.link.new", i18n.Facts{
			"Deposit": d.amount(t.Payment.AmountMinor, t.Payment.Currency), "URL": t.Payment.URL,
			"Slot": d.toldLine(t), "Until": d.until(),
		})},
	})
}

func (d *dialogue) linkTemplate(t Told) *Template {
	facts := d.toldFacts(t)
	facts["Deposit"], facts["Until"], facts["URL"] = d.amount(t.Payment.AmountMinor, t.Payment.Currency), d.until(), t.Payment.URL
	return &Template{content.PaymentLink, facts}
}

func (d *dialogue) refundTemplate(t Told) *Template {
	return &Template{content.PaymentRefunded, i18n.Facts{"Name": d.name(), "Amount": d.received(t)}}
}

// left is how many minutes the hold has left, begun ones counted.
func (d *dialogue) left() int {
	return int((d.f.Hold.HoldExpiresAt.Sub(d.f.Now) + time.Minute - 1) / time.Minute)
}

// terms says what becomes of the deposit when the visit is cancelled, as it stands today.
func (d *dialogue) terms(v models.Appointment) Line {
	hours := v.Terms.CancelRefundHours
	key := "chat.terms.refund"
	if v.StartsAt.Sub(d.f.Now) < time.Duration(hours)*time.Hour {
		key = "chat.terms.close"
	}
	return say(key, i18n.Facts{"Hours": hoursLine(hours)})
}

// tellConfirmed is the confirmation.
func (d *dialogue) tellConfirmed(t Told) {
	v := t.Visit
	if len(t.Party) > 1 {
		d.tellConfirmedTogether(t)
		return
	}
	if v.Status != models.Confirmed {
		return
	}
	next := d.s.Next
	switch {
	case d.s.Booking == nil:
		d.forget(v)
	case *d.s.Booking == v.ID && d.s.Change == nil && d.asksFor(v):
		d.settle() // also when other times for it were being looked at
	case *d.s.Booking == v.ID:
		d.forget(v)
	}
	zone := d.f.Now.Location()
	starts, ends := v.StartsAt.In(zone), v.EndsAt.In(zone)
	what := block(
		say("chat.confirmed.when", i18n.Facts{
			"Day": capital(i18n.Day(d.lang, starts)), "Starts": i18n.Clock(starts), "Ends": i18n.Clock(ends), "Stylist": d.stylistName(v.StylistID),
		}),
		say("chat.confirmed.what", i18n.Facts{
			"Services": serviceNames(d.f.Menu, v, d.lang), "Minutes": minutesLine(v.Span().Minutes()),
		}),
	)
	payment, notice := d.settlement(v), d.notice(v)
	lines := []Line{d.confirmedFor(v), what, block(append([]Line{payment}, notice...)...)}
	if understand.DayOf(starts) == understand.DayOf(d.f.Now) {
		lines = append(lines, say("chat.confirmed.today", nil))
	}
	facts := d.visitFacts(v)
	facts["Minutes"], facts["Payment"], facts["Terms"] = minutesLine(v.Span().Minutes()), payment, block(notice...)
	d.receipt(t, &Template{content.BookingConfirmed, facts}, lines...)
	d.beginNext(next, t)
}

// settlement says what was paid and what is left to pay.
func (d *dialogue) settlement(v models.Appointment) Line {
	due := i18n.Facts{"Due": d.amount(v.DueMinor(), v.Currency)}
	switch {
	case v.TotalMinor == 0:
		return say("chat.confirmed.free", nil)
	case v.DepositState == models.DepositPaid:
		due["Deposit"] = d.amount(v.DepositMinor, v.Currency)
		return say("chat.confirmed.paid", due)
	default:
		return say("chat.confirmed.due", due)
	}
}

// notice is the notice term: of the deposit when one was paid, else the wish to be told.
func (d *dialogue) notice(v models.Appointment) []Line {
	if v.DepositState == models.DepositPaid {
		return []Line{d.terms(v)}
	}
	return []Line{say("chat.confirmed.notice", i18n.Facts{"Hours": hoursLine(v.Terms.CancelRefundHours)})}
}

func (d *dialogue) tellWarning(t Told) {
	if !d.waitsFor(t.Visit) {
		return
	}
	s := Say{Class: models.ClassReply, Cause: t.Event, Key: t.Key, Lines: []Line{
		say("chat.hold.warning", i18n.Facts{"Slot": d.toldLine(t), "Until": d.until(), "Minutes": minutesLine(d.left())}),
	}}
	if d.f.Link != nil {
		s.URL = d.f.Link.URL
		s.Lines = append(s.Lines, say("chat.hold.warning.link", i18n.Facts{"URL": d.f.Link.URL}))
	}
	facts := d.toldFacts(t)
	facts["Until"] = d.until()
	s.Template = &Template{content.PaymentWarning, facts}
	d.do(s)
}

// tellExpired says that a hold lapsed and offers to look again. A customer who has heard it already,
// or has gone on to another time, is not asked.
func (d *dialogue) tellExpired(t Told) {
	if t.Visit.Status != models.Expired || d.s.Booking == nil || *d.s.Booking != t.Visit.ID {
		return
	}
	facts := i18n.Facts{"Slot": d.toldLine(t)}
	template := &Template{content.HoldExpired, d.toldFacts(t)}
	said := Say{Class: models.ClassReply, Cause: t.Event, Key: t.Key, Template: template}
	d.s.Booking, d.s.Held = nil, nil
	if d.s.Stage != StagePaying {
		said.Lines = []Line{say("chat.hold.lapsed", facts)}
		d.do(said)
		return
	}
	if t.Human {
		d.settle()
	} else {
		d.s.Stage, d.s.Options = StageAgain, nil
		said.Options = againChoices()
	}
	said.Lines = []Line{say("chat.hold.expired", facts)}
	d.do(said)
}

// tellLate apologises for a payment that came too late and looks for other times.
func (d *dialogue) tellLate(t Told) {
	if len(t.Party) > 1 {
		d.tellLateTogether(t)
		return
	}
	line := say("chat.pay.late", i18n.Facts{"Amount": d.received(t), "Slot": d.toldLine(t)})
	d.forget(t.Visit)
	if d.s.Stage == StageAgain {
		d.settle() // the offer to look again is taken up here
	}
	busy := d.s.Stage != StageOpen || t.Human || !t.Visit.StartsAt.After(d.f.Now)
	if busy {
		lines := []Line{line}
		if t.Human {
			lines = append(lines, say("chat.pay.late.colleague", nil))
		}
		d.receipt(t, d.refundTemplate(t), lines...)
		return
	}
	d.s.Request = d.requestOf(t.Visit)
	d.lead(line)
	d.s.telling = &t
	d.do(FindSlots{Why: whyLate, Query: d.query()})
}

// foundInstead says the apology with the times that were found.
func (d *dialogue) foundInstead(a booking.Availability) {
	t := *d.s.telling
	slots := slotsOf(a.Slots)
	for _, day := range a.Next {
		slots = append(slots, slotsOf(day.Slots[:1])...)
	}
	s := Say{Class: models.ClassReceipt, Cause: t.Event, Key: t.Key, Lines: d.takeLead(), Template: d.refundTemplate(t)}
	if len(slots) == 0 {
		d.settle()
		d.do(s)
		return
	}
	d.remember(slots)
	d.s.Stage, d.s.Options = StageSlot, nil
	s.Lines = append(s.Lines, say("chat.pay.late.free", i18n.Facts{"Options": d.slotLines(slots)}))
	s.Options, s.Label, s.Numbered = d.slotChoices(slots), "chat.slot.label", true
	d.do(s)
}

// requestOf is the request that a visit came from.
func (d *dialogue) requestOf(v models.Appointment) Request {
	day := Date{understand.DayOf(v.StartsAt.In(d.f.Now.Location()))}
	r := Request{From: &day, To: &day, Anyone: true, For: guestOf(v)}
	for _, line := range v.Lines {
		if s, ok := d.f.Menu.ServiceByID(line.ServiceID); ok {
			r.Services = append(r.Services, s.Code)
		}
	}
	if v.PackID != nil {
		if pack, ok := d.f.Menu.PackByID(*v.PackID); ok {
			r.Pack, r.Proposed = pack.Code, pack.Code
		}
	} else {
		r.NoPack = true
	}
	return r
}

// visitFacts are what the templates about a visit speak of.
func (d *dialogue) visitFacts(v models.Appointment) i18n.Facts {
	return i18n.Facts{
		"Name": d.name(), "Services": serviceNames(d.f.Menu, v, d.lang),
		"When": i18n.Moment(d.lang, v.StartsAt.In(d.f.Now.Location())), "Stylist": d.stylistName(v.StylistID),
	}
}

func (d *dialogue) toldLine(t Told) Line { return d.partyLine(t.party()) }

func (d *dialogue) received(t Told) string {
	return d.amount(t.Payment.ReceivedMinor, t.Payment.ReceivedIn)
}

func (d *dialogue) name() string {
	if d.f.Customer == nil {
		return ""
	}
	return firstName(d.f.Customer.Name)
}

// block puts lines one below the other, as one paragraph.
func block(lines ...Line) Line { return Line{Body: "{{.Lines}}", Facts: i18n.Facts{"Lines": lines}} }
