package chat

import (
	"time"

	"frontdesk/internal/content"
	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// Within how many working days a refund usually reaches its account, as the payment provider says.
const refundFrom, refundTo = 5, 10

// made says what became of a change, or goes on where it was refused.
func (d *dialogue) made(c Changed) {
	switch {
	case c.Fault != "":
		d.refused(c.Fault)
	case c.Goal == GoalMove:
		rest := d.restOfChange()
		d.endChange()
		d.sayMoved(c)
		d.cancelNext(rest)
	default:
		rest := d.restOfChange()
		d.endChange()
		d.sayCancelled(c)
		d.cancelNext(rest)
	}
}

// refused goes on after a change that could not be made; the visit is as it was.
func (d *dialogue) refused(key string) {
	v, ok := d.changed()
	slot := d.s.Chosen
	d.s.Chosen = nil
	switch {
	case !ok:
		d.lostVisit()
		return
	case key == "booking.staff_only":
		d.tooLate(v)
		return
	case key == "booking.late_moves":
		d.movedBefore(v)
		return
	case key == "booking.changed", key == "booking.refund_changed", slot == nil:
		d.do(FindTerms{v.ID})
		return
	}
	d.elsewhen(key, say("chat.taken", i18n.Facts{"Slot": d.slotLine(*slot)}), say("chat.change.still", i18n.Facts{"Visit": d.visitLine(v)}))
	d.lookBeside(slot)
}

// sayMoved confirms a move: both times, and that the deposit came along.
func (d *dialogue) sayMoved(c Changed) {
	v := c.Now
	facts := i18n.Facts{
		"Name": d.name(), "Slot": d.slotLine(slotOfVisit(v)), "Before": d.slotLine(slotOfVisit(c.Was)),
		"Services": serviceNames(d.f.Menu, v, d.lang), "Minutes": minutesLine(v.Span().Minutes()),
	}
	lines := append(d.takeLead(), say("chat.change.moved", facts))
	if v.DepositState == models.DepositPaid {
		lines = append(lines, say("chat.moved.deposit", i18n.Facts{"Deposit": d.amount(v.DepositMinor, v.Currency)}))
	}
	template := d.visitFacts(v)
	template["Before"] = i18n.Moment(d.lang, c.Was.StartsAt.In(d.f.Now.Location()))
	d.do(Say{Class: models.ClassReceipt, Cause: "turn", Lines: lines, Template: &Template{content.VisitMoved, template}})
}

// sayCancelled confirms a cancellation and says what becomes of the deposit.
func (d *dialogue) sayCancelled(c Changed) {
	v := c.Now
	amount := i18n.Facts{"Amount": d.amount(c.Back, v.Currency), "From": refundFrom, "To": refundTo}
	lines := append(d.takeLead(), say("chat.cancel.done", i18n.Facts{
		"Name": d.name(), "Services": serviceNames(d.f.Menu, v, d.lang), "Slot": d.slotLine(slotOfVisit(v)),
	}))
	template := d.visitFacts(v)
	switch {
	case c.Back > 0:
		lines = append(lines, say("chat.cancel.done.returned", amount))
		template["Deposit"] = say("chat.cancelled.short.returned", amount)
	case v.DepositState == models.DepositForfeited:
		lines = append(lines, say("chat.cancel.done.kept", i18n.Facts{"Deposit": d.amount(v.DepositMinor, v.Currency)}))
		template["Deposit"] = say("chat.cancelled.short.kept", nil)
	default:
		template["Deposit"] = say("chat.cancelled.short.unpaid", nil)
	}
	lines = append(lines, say("chat.cancelled.again", nil))
	d.do(Say{Class: models.ClassReceipt, Cause: "turn", Lines: lines, Template: &Template{content.Cancelled, template}})
}

// tooLate hands a change to staff: below their notice nothing is cancelled or moved by itself (R-507, S03).
func (d *dialogue) tooLate(v models.Appointment) {
	d.handOverChange(v, say("case.asks."+string(d.s.Change.Goal), nil),
		say("chat.handoff.late_cancellation", i18n.Facts{"Visit": d.visitLine(v)}))
}

// movedBefore hands a further move inside the notice to staff.
func (d *dialogue) movedBefore(v models.Appointment) {
	d.handOverChange(v, say("case.asks.move.again", nil), say("chat.change.again", i18n.Facts{"Visit": d.visitLine(v)}))
}

// handOverChange opens the case of a visit that its customer wants changed, with all that staff decide by.
func (d *dialogue) handOverChange(v models.Appointment, asks, announcement Line) {
	customer := say("case.new", nil)
	if c := d.f.Customer; c != nil {
		customer = say("case.known", i18n.Facts{"Name": c.FullName()})
		if c.Phone != nil {
			customer = say("case.known.phone", i18n.Facts{"Name": c.FullName(), "Phone": *c.Phone})
		}
	}
	deposit := say("case.deposit.none", nil)
	if v.DepositState == models.DepositPaid {
		deposit = say("case.deposit.paid", i18n.Facts{"Deposit": d.amount(v.DepositMinor, v.Currency)})
	}
	hours := max(0, int(v.Notice(d.f.Now)/time.Hour))
	d.handOver(HandOff{Reason: models.ReasonLateCancellation, Visit: &v.ID, Trigger: d.words, Summary: []Line{
		asks, say("case.concerns", i18n.Facts{"Visit": d.withRest(v)}), deposit, say("case.notice", i18n.Facts{"Hours": hoursLine(hours)}), customer,
	}}, announcement)
}
