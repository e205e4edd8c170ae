package chat

import (
	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// changeVisit begins to change one visit: that of a button.
func (d *dialogue) changeVisit(goal Goal, v models.Appointment) {
	d.openChange(goal)
	d.takeVisit(v)
}

// openChange sets aside what the dialogue was about. Another visit that was being changed stands where it is.
func (d *dialogue) openChange(goal Goal) {
	change := Change{Goal: goal, Next: d.s.Next}
	if d.s.Stage == StagePaying {
		request := d.s.Request
		change.Paying = &request
	}
	if before := d.s.Change; before != nil {
		if v, ok := d.changed(); ok {
			d.letStand(v)
		}
		change.Paying, change.Next = before.Paying, before.Next
	}
	d.s.Request, d.s.Next, d.s.Change = Request{}, nil, &change
	d.s.clearOffer()
}

// wasReminded tells whether a visit is the one whose reminder the message answers.
func (d *dialogue) wasReminded(v models.Appointment) bool {
	return d.reminded != nil && *d.reminded == v.ID
}

// endChange forgets the change. A hold that waits for its deposit is what the dialogue is about again. A question
// beside it that is open stays open, and comes back to that.
func (d *dialogue) endChange() {
	if d.s.Change == nil {
		return
	}
	over := *d.s.Change
	stage := StageOpen
	d.s.Change, d.s.Request, d.s.Next = nil, Request{}, over.Next
	if d.f.Hold != nil && d.s.Booking != nil {
		stage, d.s.Request = StagePaying, d.requestOfHeld()
		if over.Paying != nil {
			d.s.Request = *over.Paying
		}
	}
	switch {
	case d.s.Late != nil && (d.s.Stage == StageLate || d.s.Stage == StageHowLate):
		d.s.Late = d.s.Late.backTo(stage)
	default:
		d.s.Stage = stage
		d.s.clearOffer()
	}
}

// leaveChange ends a change that is not made: the visit stands where it is.
func (d *dialogue) leaveChange() {
	if v, ok := d.changed(); ok {
		d.letStand(v)
	}
	d.endChange()
}

// keepVisit ends a change at the customer's wish, and says so.
func (d *dialogue) keepVisit(v models.Appointment) {
	rest := d.restOfChange()
	d.leaveChange()
	d.remark(say("chat.change.kept", i18n.Facts{"Visit": d.visitLine(v)}))
	d.cancelNext(rest)
}

func (d *dialogue) letStand(v models.Appointment) {
	if v.Status == models.ReschedulePending {
		d.do(KeepVisit{v})
	}
}

// lostVisit ends a change whose visit does not stand any more, and says what does.
func (d *dialogue) lostVisit() {
	d.endChange()
	d.listVisits()
}

// settle forgets the request, and a change with it.
func (d *dialogue) settle() {
	d.leaveChange()
	d.s.settle()
}

// startNext takes up, after a change, the second booking whose first was paid meanwhile.
func (d *dialogue) startNext() {
	if d.s.Next == nil || d.s.Stage != StageOpen || d.f.Hold != nil || d.s.Booking != nil {
		return
	}
	next := *d.s.Next
	d.s.Next = nil
	d.takeUp(next)
}
