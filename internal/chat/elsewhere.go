package chat

import (
	"frontdesk/internal/chat/understand"
	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// elsewhere answers wishes about visits that stand. What the assistant cannot do itself is handed to
// a person, honestly and with a summary; a hold that is not paid is the customer's to give up.
func (d *dialogue) elsewhere(m understand.Meaning) bool {
	in := m.Intents
	switch {
	case in.Has(understand.Cancel):
		return d.cancel(m)
	case in.Has(understand.Move):
		return d.move(m)
	case in.Has(understand.Delay):
		return d.late(m)
	case in.Has(understand.MyBooking) && len(d.f.Visits) == 0 && d.f.Hold == nil:
		d.notFound(understand.MyBooking)
	case in.Has(understand.MyBooking):
		d.listVisits()
	default:
		return false
	}
	return true
}

// passOn hands a wish to staff.
func (d *dialogue) passOn(why Line) {
	d.handOffVisit(models.ReasonManualRequest, nil, say("chat.handoff.later", nil), why)
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
		"Stylist": d.stylistName(v.StylistID), "Services": d.servicesFor(v),
	})
}
