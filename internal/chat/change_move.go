package chat

import (
	"slices"
	"time"

	"frontdesk/internal/booking"
	"frontdesk/internal/chat/understand"
	"frontdesk/internal/checkout"
	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// manyDays is from how many days on a stretch is not searched whole: it is asked which day.
const manyDays = 4

// moving tells whether another time for a visit is being looked for: the request is about that.
func (d *dialogue) moving() bool {
	_, ok := d.changed()
	return ok && d.s.Change.Goal == GoalMove
}

// mergeWish takes what a message says about the new time into the request, and tells whether that changed
// anything. A day asked for within a stretch of days is the one that lies in it.
func (d *dialogue) mergeWish(m understand.Meaning) bool {
	before, c := d.s.Request, d.s.Change
	if c.Within != nil && m.Day != nil && m.Day.Before(c.Within[0].Day) {
		if later := m.Day.Plus(7); !c.Within[1].Before(later) {
			m.Day = &later
		}
	}
	if m.Days != nil && !m.Days.To.Before(m.Days.From.Plus(manyDays-1)) && !m.AnyDay && !m.Earliest {
		c.Within = &[2]Date{{m.Days.From}, {m.Days.To}}
		m.Days = nil
	}
	if m.AnyDay && c.Within != nil && m.Day == nil {
		m.Days, m.AnyDay = &understand.Days{From: c.Within[0].Day, To: c.Within[1].Day}, false
	}
	d.mergeDay(m)
	d.mergeTime(m)
	d.mergeStylist(m)
	if v, ok := d.changed(); ok && m.SameStylist {
		d.s.Request.Stylist, d.s.Request.Anyone = &v.StylistID, false
	}
	changed := !sameRequest(before, d.s.Request)
	if changed {
		d.s.Offer, d.s.Chosen, d.s.Shown = nil, nil, nil
	}
	return changed
}

// readWish tells apart what the first words say of the visit and what of its new time. Day, part and time that are
// the visit's own name it; a time without a day is on the visit's day, and so is another stylist.
func (d *dialogue) readWish(v models.Appointment) {
	r, day, minute := &d.s.Request, Date{d.dayOf(v)}, d.minuteOf(v)
	other := r.Stylist != nil && *r.Stylist != v.StylistID
	itsDay := r.From == nil || sameDate(r.From, &day) && sameDate(r.To, &day)
	itsTime := (r.At == nil || *r.At == minute) && inPart(minute, r.Part) && r.After == nil && r.Before == nil
	switch {
	case itsDay && itsTime && !other:
		d.clearDay()
	case r.From == nil && d.s.Change.Within == nil:
		r.From, r.To = &day, &day
	}
	if other && r.At == nil && !r.timed() && sameDate(r.From, &day) {
		r.At = &minute
	}
}

// beginMove looks for another time, after it is clear that the customer may move the visit: inside the notice only
// as often as P.cancel.late_moves allows, and the visit is marked as being moved meanwhile (S14, R-514).
func (d *dialogue) beginMove(v models.Appointment, t checkout.CancelTerms) {
	if t.Late && v.LateMoves >= d.f.Policies.CancelLateMoves {
		d.movedBefore(v)
		return
	}
	if t.Late && v.Status == models.Confirmed {
		d.do(BeginMove{v})
	}
	if !d.s.Change.Named {
		d.s.Change.Named = true
		d.lead(say("chat.change.visit", i18n.Facts{"Visit": d.visitLine(v)}))
	}
	d.lookAgain()
}

// lookAgain asks for the day, or looks for times on it.
func (d *dialogue) lookAgain() {
	d.fresh()
	if d.s.Request.From == nil {
		d.askMoveDay()
		return
	}
	d.do(FindSlots{Why: WhyOffer, Query: d.query()})
}

func (d *dialogue) askMoveDay() {
	if from, to, ok := d.openWithin(); ok {
		d.ask(StageDay, "", nil, say("chat.change.day.within", i18n.Facts{"From": i18n.Day(d.lang, from), "To": i18n.Day(d.lang, to)}))
		return
	}
	d.ask(StageDay, "", nil, say("chat.change.day", nil))
}

// openWithin are the first and the last day of the stretch asked for on which the salon is open; false when
// there is no stretch, or not two such days in it.
func (d *dialogue) openWithin() (first, last time.Time, ok bool) {
	if d.s.Change.Within == nil {
		return first, last, false
	}
	zone := d.f.Now.Location()
	first, last = d.s.Change.Within[0].In(zone), d.s.Change.Within[1].In(zone)
	for first.Before(last) && d.f.Opening.Shut(first) {
		first = first.AddDate(0, 0, 1)
	}
	for first.Before(last) && d.f.Opening.Shut(last) {
		last = last.AddDate(0, 0, -1)
	}
	return first, last, first.Before(last)
}

// answerMoving hears a message while another time is looked for, and leaves to the stages of a booking what they
// understand as well: a choice, another day, other times.
func (d *dialogue) answerMoving(v models.Appointment, m understand.Meaning) bool {
	switch {
	case m.Keep, d.s.Stage == StageDay && m.Intents.Has(understand.No) && !d.saysMore(m) && !m.Intents.Has(understand.Cancel):
		d.keepVisit(v)
	case m.Intents.Has(understand.Cancel) && !d.wantsOther(m):
		d.s.Change.Goal = GoalCancel
		d.do(FindTerms{v.ID})
	case m.Intents.Has(understand.Move, understand.Cancel) && m.OptionID == "" && d.mergeWish(m):
		d.lookAgain()
	case m.Intents.Has(understand.Undecided):
		d.repeat()
	default:
		return false
	}
	return true
}

// around are the visits that the one who is to come has already, and while one is moved what is held for them,
// besides the one that is moved.
func (d *dialogue) around() []models.Appointment {
	moved, ok := d.changed()
	if !ok || !d.moving() {
		return d.mine(d.s.Request.For)
	}
	return slices.DeleteFunc(slices.Concat(d.f.Visits, d.f.held()), func(v models.Appointment) bool {
		return v.ID == moved.ID || v.ForName != moved.ForName
	})
}

// aim has the search of a move see the visit's own time as free but not offer it, and prefer its stylist, unless
// others were asked for.
func (d *dialogue) aim(q *booking.SlotQuery) {
	moved, ok := d.changed()
	if !ok || !d.moving() {
		return
	}
	r := d.s.Request
	q.MovingID, q.Except = &moved.ID, []booking.Slot{{StylistID: moved.StylistID, Span: moved.Span()}}
	switch {
	case r.Anyone:
		q.PreferID = nil
	case r.Stylist == nil && !slices.Contains(r.Without, moved.StylistID):
		q.PreferID = &moved.StylistID
	}
}

// moveTo takes an offered time: choosing it is the confirmation (C19).
func (d *dialogue) moveTo(s Slot) {
	v, _ := d.changed()
	d.s.Chosen = &s
	d.do(MoveVisit{v, s})
}

// sameFirst puts the times with the visit's own stylist first; a time that was wished for decides otherwise.
func (d *dialogue) sameFirst(slots []Slot) []Slot {
	v, _ := d.changed()
	if !d.moving() || d.s.Request.At != nil {
		return slots
	}
	slots = slices.Clone(slots)
	slices.SortStableFunc(slots, func(a, b Slot) int {
		switch {
		case a.StylistID == v.StylistID && b.StylistID != v.StylistID:
			return -1
		case b.StylistID == v.StylistID && a.StylistID != v.StylistID:
			return 1
		default:
			return 0
		}
	})
	return slots
}

// takeButton is the title of the button that takes a single time.
func (d *dialogue) takeButton() Line {
	if d.moving() {
		return say("chat.change.button.take", nil)
	}
	return say("chat.slot.button.yes", nil)
}
