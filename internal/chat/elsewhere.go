package chat

import (
	"time"

	"frontdesk/internal/chat/understand"
	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// elsewhere answers wishes about visits that stand. What the assistant cannot do itself is handed to
// a person, honestly and with a summary; a hold that is not paid is the customer's to give up.
func (d *dialogue) elsewhere(m understand.Meaning) bool {
	in := m.Intents
	switch {
	case in.Has(understand.Group):
		d.passOn(nil, say("case.asks.group", nil))
	case in.Has(understand.ThirdParty):
		d.passOn(nil, say("case.asks.third_party", nil))
	case in.Has(understand.Cancel):
		return d.cancel(m)
	case in.Has(understand.Move):
		return d.move(m)
	case in.Has(understand.Delay):
		d.delay()
	case in.Has(understand.MyBooking):
		d.listVisits()
	case in.Has(understand.Stop):
		d.s.settle()
		d.remark(say("chat.stop", nil))
	default:
		return false
	}
	return true
}

// cancel gives up a hold or a search; a visit that stands goes to staff.
func (d *dialogue) cancel(m understand.Meaning) bool {
	switch {
	case d.f.Hold != nil && d.saysMore(m):
		return false // a change of mind, not an end
	case d.f.Hold != nil:
		d.do(ReleaseHold{d.f.Hold.ID})
		line := say("chat.hold.dropped", i18n.Facts{"Slot": d.heldLine()})
		d.s.settle()
		d.remark(line)
	case len(d.f.Visits) > 0:
		d.passOn(&d.f.Visits[0], say("case.asks.cancel", nil))
	case d.s.Stage != StageOpen:
		d.s.settle()
		d.remark(say("chat.fine", nil))
	default:
		d.remark(say("chat.visits.none", nil), say("chat.help", nil))
	}
	return true
}

// move changes what is held; a visit that stands goes to staff.
func (d *dialogue) move(m understand.Meaning) bool {
	switch {
	case d.f.Hold != nil && d.saysMore(m), d.f.Hold == nil && d.s.Stage != StageOpen && len(d.f.Visits) == 0:
		return false // the request goes on with what the message adds
	case d.f.Hold != nil:
		d.ask(StageDay, "", nil, say("chat.day.other", nil))
	case len(d.f.Visits) > 0:
		d.passOn(&d.f.Visits[0], say("case.asks.move", nil))
	default:
		d.remark(say("chat.visits.none", nil), say("chat.help", nil))
	}
	return true
}

func (d *dialogue) delay() {
	if len(d.f.Visits) == 0 {
		d.remark(say("chat.visits.none", nil), say("chat.help", nil))
		return
	}
	v := d.f.Visits[0]
	d.handOffVisit(models.ReasonDelay, &v.ID, say("chat.handoff.delay", i18n.Facts{"Visit": d.visitLine(v)}),
		say("case.asks.delay", nil))
}

// passOn hands a wish to staff. A visit within the staff-only notice is its own reason.
func (d *dialogue) passOn(v *models.Appointment, why Line) {
	if v == nil {
		d.handOffVisit(models.ReasonManualRequest, nil, say("chat.handoff.later", nil), why)
		return
	}
	notice := v.StartsAt.Sub(d.f.Now)
	if notice >= time.Duration(v.Terms.CancelStaffOnlyHours)*time.Hour {
		d.handOffVisit(models.ReasonManualRequest, &v.ID, say("chat.handoff.later", nil), why)
		return
	}
	hours := max(0, int(notice/time.Hour))
	d.handOffVisit(models.ReasonLateCancellation, &v.ID,
		say("chat.handoff.late_cancellation", i18n.Facts{"Visit": d.visitLine(*v)}),
		why, say("case.notice", i18n.Facts{"Hours": hoursLine(hours)}))
}

// listVisits tells the customer what stands, and what is held.
func (d *dialogue) listVisits() {
	var lines []Line
	for _, v := range d.f.Visits {
		lines = append(lines, d.visitLine(v))
	}
	if len(lines) > 0 {
		d.lead(say("chat.visits", i18n.Facts{"Visits": lines}))
	}
	switch {
	case d.f.Hold != nil:
		d.waiting()
	case len(lines) > 0:
		d.remark()
	default:
		d.remark(say("chat.visits.none", nil), say("chat.help", nil))
	}
}

// visitLine is a visit in one line: when, who, what.
func (d *dialogue) visitLine(v models.Appointment) Line {
	return say("chat.visits.line", i18n.Facts{
		"When":    i18n.Moment(d.lang, v.StartsAt.In(d.f.Now.Location())),
		"Stylist": d.stylistName(v.StylistID), "Services": serviceNames(d.f.Menu, v, d.lang),
	})
}
