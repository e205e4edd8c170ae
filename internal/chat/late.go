package chat

import (
	"context"
	"slices"
	"time"

	"frontdesk/internal/chat/understand"
	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// Stages of a delay.
const (
	StageHowLate Stage = "how_late" // by how much?
	StageLate    Stage = "late"     // shall the stylist be asked?
)

// Where a customer who is late is looked for: a visit that has begun may be over by now (C15).
const (
	lateSince = 60 * time.Minute
	lateAhead = 4 * time.Hour
)

// Options of the question whether to check.
const (
	optionLateYes = "late:yes"
	optionLateNo  = "late:no"
)

// Lateness is a delay that is being talked about.
type Lateness struct {
	Visit   models.ID  `json:"visit"`
	Arrives *time.Time `json:"arrives,omitempty"` // nil: not known, or not asked yet
	Next    *time.Time `json:"next,omitempty"`    // when the stylist is wanted by somebody else
	Back    Stage      `json:"back,omitempty"`    // the question that was open before
}

// NoteDelay notes that the customer comes late (booking.NoteDelay). The answer comes as Delayed.
type NoteDelay struct {
	Visit   models.ID
	Arrives *time.Time
}

// Delayed answers NoteDelay.
type Delayed struct {
	Visit models.Appointment
	Next  *time.Time // when the stylist's next visit begins
}

func (NoteDelay) action() {}

// backTo is the same talk, coming back to another question.
func (l Lateness) backTo(stage Stage) *Lateness {
	l.Back = stage
	return &l
}

func (w *work) noteDelay(ctx context.Context, a NoteDelay) (*Event, error) {
	visit, next, err := w.Diary.NoteDelay(ctx, a.Visit, a.Arrives, actor)
	if err := w.changed(ctx, err); err != nil {
		return nil, err
	}
	return &Event{Delayed: &Delayed{visit, next}}, nil
}

// nearby are the visits that somebody who is late may speak of.
func nearby(visits []models.Appointment, now time.Time) []models.Appointment {
	var near []models.Appointment
	for _, v := range visits {
		wait := v.StartsAt.Sub(now)
		if stands(v) && wait >= -lateSince && wait <= lateAhead {
			near = append(near, v)
		}
	}
	return near
}

// late takes the news that the customer comes late: about the nearest of today's visits, with the question
// by how much when they did not say, once. Nothing is cancelled for it.
func (d *dialogue) late(m understand.Meaning) bool {
	if d.s.Stage == StageLate && d.answerLate(m) {
		return true
	}
	v, ok := d.lateFor()
	if !ok {
		d.lateForNothing()
		return true
	}
	arrives := d.arrival(v, m)
	switch asked := d.s.Late != nil && d.s.Stage == StageHowLate; {
	case arrives == nil && !asked:
		d.talkLate(v)
		d.askHowLate(v)
	case arrives != nil && !arrives.After(v.StartsAt):
		d.doneLate(say("chat.late.in_time", i18n.Facts{"Visit": d.visitLine(v)}))
	default:
		d.talkLate(v)
		d.s.Late.Arrives = arrives
		d.do(NoteDelay{v.ID, arrives})
	}
	return true
}

// talkLate begins to talk about a delay, or goes on with it: what was open before stays to be come back to.
func (d *dialogue) talkLate(v models.Appointment) {
	talk := Lateness{Visit: v.ID, Back: d.s.Stage}
	if d.s.Late != nil && (d.s.Stage == StageLate || d.s.Stage == StageHowLate) {
		talk.Back = d.s.Late.Back
	}
	d.s.Late = &talk
}

// lateFor is the visit that a delay is about: the one that is being talked about, else the nearest.
func (d *dialogue) lateFor() (models.Appointment, bool) {
	near := d.f.Near
	if d.s.Late != nil {
		i := slices.IndexFunc(near, func(v models.Appointment) bool { return v.ID == d.s.Late.Visit })
		if i >= 0 {
			return near[i], true
		}
		d.leaveLate()
	}
	if len(near) == 0 {
		return models.Appointment{}, false
	}
	away := func(v models.Appointment) time.Duration { return v.StartsAt.Sub(d.f.Now).Abs() }
	return slices.MinFunc(near, func(a, b models.Appointment) int { return int(away(a) - away(b)) }), true
}

func (d *dialogue) lateForNothing() {
	if len(d.f.Visits) > 0 {
		d.remark(say("chat.late.not_today", i18n.Facts{"Visit": d.visitLine(d.f.Visits[0])}))
		return
	}
	d.notFound(understand.Delay)
}

// arrival is when the customer hopes to be there; nil when they did not say. A length counts from the
// visit's start unless it is said to count from now, or that moment is over.
func (d *dialogue) arrival(v models.Appointment, m understand.Meaning) *time.Time {
	now, starts := d.f.Now, v.StartsAt.In(d.f.Now.Location())
	switch {
	case m.DelayMinutes != nil:
		length := time.Duration(*m.DelayMinutes) * time.Minute
		at := starts.Add(length)
		if m.FromNow || at.Before(now) {
			at = now.Truncate(time.Minute).Add(length)
		}
		return &at
	case m.At != nil:
		at := understand.DayOf(starts).In(now.Location()).Add(time.Duration(*m.At) * time.Minute)
		if at.Equal(starts) || at.Before(now.Truncate(time.Minute)) {
			return nil // the visit's own time, or one that is over: no arrival
		}
		return &at
	default:
		return nil
	}
}

// delayed says what a noted delay leads to: the stylist knows and that is all, or whether the visit can
// still be as it was is for staff to say, if the customer wants (P.delay).
func (d *dialogue) delayed(n Delayed) {
	v := n.Visit
	if d.s.Late == nil {
		d.talkLate(v)
	}
	d.s.Late.Next = n.Next
	facts := d.lateFacts(v)
	late, known := v.LateMinutes()
	soon := v.StartsAt.Sub(d.f.Now) <= time.Duration(d.f.Policies.DelayStaffMinutes)*time.Minute
	if !soon && late <= d.f.Policies.DelayLateMinutes {
		key := "chat.late.noted"
		if !known {
			key = "chat.late.noted.unknown"
		}
		d.doneLate(say(key, facts))
		return
	}
	d.lead(say("chat.late.thanks", i18n.Facts{"Name": d.name()}), d.lateEffect(v, facts))
	d.askCheck(v)
}

func (d *dialogue) lateFacts(v models.Appointment) i18n.Facts {
	facts := i18n.Facts{"Stylist": d.stylistName(v.StylistID), "Visit": d.visitLine(v)}
	if at := v.Delay.ArrivesAt; at != nil {
		facts["Arrival"] = i18n.Clock(at.In(d.f.Now.Location()))
	}
	return facts
}

// lateEffect says what a delay means for the visit: as much time as before, less, or none.
func (d *dialogue) lateEffect(v models.Appointment, facts i18n.Facts) Line {
	if v.Delay.ArrivesAt == nil {
		return say("chat.late.expected.unknown", facts)
	}
	left, limited := d.s.Late.left()
	switch {
	case !limited || left >= v.Span().Minutes():
		return say("chat.late.expected", facts)
	case left <= 0:
		return say("chat.late.over", facts)
	default:
		facts["Left"] = minutesLine(left)
		return say("chat.late.short", facts)
	}
}

// left is how many minutes there are from the arrival to the stylist's next visit; false when there is
// no such visit, or no arrival.
func (l Lateness) left() (int, bool) {
	if l.Arrives == nil || l.Next == nil {
		return 0, false
	}
	return int(l.Next.Sub(*l.Arrives) / time.Minute), true
}

func (d *dialogue) askCheck(v models.Appointment) {
	d.ask(StageLate, "", []Choice{
		{ID: optionLateYes, Titles: []Line{say("chat.late.button.yes", nil)}},
		{ID: optionLateNo, Titles: []Line{say("chat.late.button.no", nil)}},
	}, say("chat.late.check", i18n.Facts{"Stylist": d.stylistName(v.StylistID)}))
}

func (d *dialogue) askHowLate(v models.Appointment) {
	d.ask(StageHowLate, "", nil, say("chat.late.ask", i18n.Facts{"Visit": d.visitLine(v)}))
}

// answerLate takes the answer to either question. A second message without a time is as much as there is
// to know.
func (d *dialogue) answerLate(m understand.Meaning) bool {
	v, ok := d.lateFor()
	if !ok || d.s.Late == nil {
		d.leaveLate()
		return false
	}
	if d.s.Stage == StageHowLate {
		if d.arrival(v, m) == nil && (len(m.Services) > 0 || m.Intents.Has(understand.Book, understand.MyBooking)) {
			d.leaveLate() // gone on to something else
			return false
		}
		if d.arrival(v, m) == nil && (len(m.FAQs) > 0 || m.Intents.Has(understand.SwitchLanguage)) {
			return false // said beside the question, which stays open
		}
		return d.late(m)
	}
	switch {
	case d.arrival(v, m) != nil: // another time than they said before
		d.s.Late.Arrives = d.arrival(v, m)
		d.do(NoteDelay{v.ID, d.s.Late.Arrives})
	case m.Intents.Has(understand.Yes) && !m.Intents.Has(understand.No):
		d.checkDelay(v)
	case m.Intents.Has(understand.No):
		d.doneLate(say("chat.late.fine", i18n.Facts{"Stylist": d.stylistName(v.StylistID)}))
	default:
		return false
	}
	return true
}

// checkDelay hands the question whether the visit can still be as it was to staff.
func (d *dialogue) checkDelay(v models.Appointment) {
	l := *d.s.Late
	clock := func(at time.Time) string { return i18n.Clock(at.In(d.f.Now.Location())) }
	why := []Line{say("case.late", i18n.Facts{"Visit": d.visitLine(v)})}
	if minutes, known := v.LateMinutes(); known {
		why = append(why, say("case.late.arrival", i18n.Facts{"Arrival": clock(*v.Delay.ArrivesAt), "Delay": minutesLine(minutes)}))
	}
	if left, limited := l.left(); limited {
		why = append(why, say("case.late.next", i18n.Facts{"Next": clock(*l.Next), "Left": minutesLine(max(0, left))}))
	}
	d.leaveLate()
	d.handOffVisit(models.ReasonDelay, &v.ID, say("chat.late.checking", d.lateFacts(v)), why...)
}

// leaveLate ends the talk about a delay and goes back to where the customer was.
func (d *dialogue) leaveLate() {
	if d.s.Late == nil {
		return
	}
	back := d.s.Late.Back
	d.s.Late = nil
	d.s.resume(back)
}

// doneLate is leaveLate with a last word, after which the question that was open before is asked again.
func (d *dialogue) doneLate(last Line) {
	d.leaveLate()
	d.lead(last)
	if d.s.Stage == StageOpen || d.s.Stage == StagePaying {
		d.remark()
		return
	}
	d.repeat()
}

// repeatLate asks the open question about a delay once more.
func (d *dialogue) repeatLate() {
	v, ok := d.lateFor()
	switch {
	case !ok || d.s.Late == nil:
		d.leaveLate()
		d.remark(say("chat.help", nil))
	case d.s.Stage == StageHowLate:
		d.askHowLate(v)
	default:
		d.askCheck(v)
	}
}
