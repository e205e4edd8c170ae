package chat

import (
	"time"

	"frontdesk/internal/content"
	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// toldByStaff puts into words what the salon's people did to a visit, and the money that follows from it.
func (d *dialogue) toldByStaff(t Told) {
	switch t.Event {
	case TellMoved:
		d.tellMoved(t)
	case TellCancelled:
		d.tellCancelled(t)
	case TellHoldReleased:
		d.tellReleased(t)
	case TellPaymentReceived:
		d.tellReceived(t)
	case TellPaymentNotNeeded:
		d.receipt(t, d.refundTemplate(t), say("chat.pay.not_needed", i18n.Facts{"Amount": d.received(t), "Slot": d.toldLine(t)}))
	case TellPaymentReturned:
		back := d.amount(t.Back.Minor, t.Back.Currency)
		d.receipt(t, &Template{content.PaymentRefunded, i18n.Facts{"Name": d.name(), "Amount": back}},
			say("chat.pay.returned", i18n.Facts{"Name": d.name(), "Amount": back, "Slot": d.toldLine(t), "From": refundFrom, "To": refundTo}))
	}
}

// adopt takes up a hold that staff made for the customer: from now on the dialogue is about paying it,
// unless something else was asked.
func (d *dialogue) adopt(v models.Appointment) {
	if d.s.Booking != nil && *d.s.Booking == v.ID {
		return
	}
	slot := slotOfVisit(v)
	if before := d.s.Held; before != nil && !before.same(slot) {
		d.s.News = &News{Instead: before}
	}
	d.s.Booking, d.s.Held = &v.ID, &slot
	if d.s.Stage == StageOpen || d.s.Stage == StagePaying || d.s.Stage == StageAgain {
		d.s.Stage, d.s.Request = StagePaying, d.requestOfHeld()
		d.s.clearOffer()
	}
	if d.s.Change != nil {
		d.s.Change.Paying = nil
	}
}

// tellMoved names the old and the new time. A visit that has moved on meanwhile is told by that move.
func (d *dialogue) tellMoved(t Told) {
	v, c := t.Visit, t.Change
	if !v.Status.Live() || v.StylistID != *c.ToStylistID || !v.StartsAt.Equal(*c.ToStartsAt) {
		return
	}
	was := Slot{StylistID: *c.FromStylistID, Start: *c.FromStartsAt, End: c.FromStartsAt.Add(v.EndsAt.Sub(v.StartsAt))}
	facts := i18n.Facts{"Name": d.name(), "Slot": d.toldLine(t), "Before": d.slotLine(was)}
	template := d.visitFacts(v)
	template["Before"] = i18n.Moment(d.lang, was.Start.In(d.f.Now.Location()))
	if v.Status == models.Provisional {
		if d.s.Booking != nil && *d.s.Booking == v.ID {
			slot := slotOfVisit(v)
			d.s.Held = &slot
		}
		until := i18n.Clock(v.HoldExpiresAt.In(d.f.Now.Location()))
		facts["Until"], template["Until"] = until, until
		d.receipt(t, &Template{content.HoldMoved, template}, say("chat.moved.hold", facts))
		return
	}
	facts["Services"], facts["Minutes"] = serviceNames(d.f.Menu, v, d.lang), minutesLine(v.Span().Minutes())
	lines := []Line{say("chat.moved", facts)}
	if v.DepositState == models.DepositPaid {
		lines = append(lines, say("chat.moved.deposit", i18n.Facts{"Deposit": d.amount(v.DepositMinor, v.Currency)}))
	}
	d.receipt(t, &Template{content.VisitMoved, template}, append(lines, say("chat.moved.ask", nil))...)
}

// tellCancelled says that a visit, or what was held, is off, and what becomes of the deposit.
func (d *dialogue) tellCancelled(t Told) {
	v := t.Visit
	if v.Status != models.Cancelled && v.Status != models.Released {
		return
	}
	d.forget(v)
	again := say("chat.cancelled.again", nil)
	if v.Status == models.Released {
		d.receipt(t, &Template{content.HoldReleased, d.visitFacts(v)},
			say("chat.cancelled.hold", i18n.Facts{"Name": d.name(), "Slot": d.toldLine(t)}), again)
		return
	}
	off := say("chat.cancelled", i18n.Facts{"Name": d.name(), "Services": serviceNames(d.f.Menu, v, d.lang), "Slot": d.toldLine(t)})
	deposit, short := d.depositAfter(t)
	facts := d.visitFacts(v)
	facts["Deposit"] = short
	d.receipt(t, &Template{content.Cancelled, facts}, off, deposit, again)
}

// depositAfter says what becomes of a cancelled visit's deposit, in full and for the template: on its way
// back, kept by the terms it was booked with, kept otherwise, or none.
func (d *dialogue) depositAfter(t Told) (full, short Line) {
	v := t.Visit
	back := i18n.Facts{"Amount": d.amount(t.Back.Minor, t.Back.Currency), "From": refundFrom, "To": refundTo}
	kept := i18n.Facts{"Deposit": d.amount(v.DepositMinor, v.Currency), "Hours": hoursLine(v.Terms.CancelRefundHours)}
	switch {
	case t.Back.Minor > 0:
		return say("chat.cancelled.returned", back), say("chat.cancelled.short.returned", back)
	case v.DepositState != models.DepositForfeited:
		return say("chat.cancelled.unpaid", nil), say("chat.cancelled.short.unpaid", nil)
	case v.StartsAt.Sub(t.Change.At) < time.Duration(v.Terms.CancelRefundHours)*time.Hour:
		return say("chat.cancelled.kept", kept), say("chat.cancelled.short.kept", nil)
	default:
		return say("chat.cancelled.kept.all", kept), say("chat.cancelled.short.kept", nil)
	}
}

// tellReleased says that the salon let a hold go; not when its payment has brought it back.
func (d *dialogue) tellReleased(t Told) {
	if t.Visit.Status != models.Released {
		return
	}
	d.forget(t.Visit)
	d.receipt(t, &Template{content.HoldReleased, d.visitFacts(t.Visit)},
		say("chat.hold.released", i18n.Facts{"Name": d.name(), "Slot": d.toldLine(t)}), say("chat.cancelled.again", nil))
}

// tellReceived thanks for a deposit that the visit was confirmed without.
func (d *dialogue) tellReceived(t Told) {
	due := int64(0)
	for _, v := range t.party() {
		due += v.DueMinor()
	}
	facts := d.toldFacts(t)
	facts["Deposit"], facts["Due"] = d.received(t), d.amount(due, t.Visit.Currency)
	d.receipt(t, &Template{content.DepositReceived, facts}, say("chat.pay.received", i18n.Facts{
		"Name": d.name(), "Deposit": facts["Deposit"], "Due": facts["Due"],
	}))
}
