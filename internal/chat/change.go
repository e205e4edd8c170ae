package chat

import (
	"slices"
	"strings"

	"frontdesk/internal/booking"
	"frontdesk/internal/chat/understand"
	"frontdesk/internal/checkout"
	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// Stages of changing a visit that stands. While another time for it is looked for, the stages are those of a
// booking: StageDay, StageSlot, StageStylist.
const (
	StageVisit   Stage = "visit"   // which of your visits?
	StageCancel  Stage = "cancel"  // shall it be cancelled?
	StageInstead Stage = "instead" // moved, rather than lose the deposit?
	StageForfeit Stage = "forfeit" // cancelled, and the deposit lost?
)

// Goal is what is to become of a visit.
type Goal string

// Goals.
const (
	GoalMove   Goal = "move"
	GoalCancel Goal = "cancel"
)

// Change is a visit that stands being moved or cancelled by its customer. While one is moved, State.Request is
// the wish for its new time.
type Change struct {
	Goal   Goal        `json:"goal"`
	Visit  *models.ID  `json:"visit,omitempty"`  // nil while it is asked which
	Among  []models.ID `json:"among,omitempty"`  // what was asked among
	Back   int64       `json:"back,omitempty"`   // of its deposit, in minor units, as the customer was told
	Paid   int64       `json:"paid,omitempty"`   // of its deposit, as the customer was told
	Named  bool        `json:"named,omitempty"`  // the customer was told which visit this is about
	Within *[2]Date    `json:"within,omitempty"` // the days that would do, while it is asked which of them
	Rest   []models.ID `json:"rest,omitempty"`   // what is to be cancelled as well, each asked about by itself
	// Version is the visit's as it was shown when it was asked whether to cancel it. Aside: something else was
	// said since the question, so that a mere yes may be about that.
	Version int64 `json:"version,omitempty"`
	Aside   bool  `json:"aside,omitempty"`
	// Paying is the request of the hold that waits for its deposit meanwhile, Next what is to follow it.
	Paying *Request `json:"paying,omitempty"`
	Next   *Request `json:"next,omitempty"`
}

// ofChange tells whether a stage is a question about a visit that stands.
func (s Stage) ofChange() bool {
	return s == StageVisit || s == StageCancel || s == StageInstead || s == StageForfeit
}

// FindTerms asks what cancelling a visit would mean now. The answer comes as Event.Terms.
type FindTerms struct{ Visit models.ID }

// BeginMove marks a visit as being moved, KeepVisit lets it stand again.
type (
	BeginMove struct{ Visit models.Appointment }
	KeepVisit struct{ Visit models.Appointment }
)

// MoveVisit takes a visit to another time. The answer comes as Changed.
type MoveVisit struct {
	Visit models.Appointment
	Slot  Slot
}

// CancelVisit cancels a visit; Back is what goes back of its deposit as the customer was told. The answer comes
// as Changed.
type CancelVisit struct {
	Visit models.Appointment
	Back  int64
}

// Changed answers MoveVisit and CancelVisit: the visit before and after. Fault is the key of the fault that
// refused it.
type Changed struct {
	Goal     Goal
	Was, Now models.Appointment
	Back     int64
	Fault    string
}

func (FindTerms) action()   {}
func (BeginMove) action()   {}
func (KeepVisit) action()   {}
func (MoveVisit) action()   {}
func (CancelVisit) action() {}

// cancel gives up a hold or a search, or begins to cancel a visit that stands.
func (d *dialogue) cancel(m understand.Meaning) bool {
	switch {
	case len(d.f.Visits) > 0 && (d.f.Hold == nil || d.meansVisit(m)):
		goal := GoalCancel
		if d.wantsOther(m) {
			goal = GoalMove
		}
		d.startChange(goal, m)
	case d.f.Hold != nil && d.saysMore(m):
		return false // a change of mind, not an end
	case d.f.Hold != nil:
		d.do(ReleaseHold{d.f.Hold.ID})
		d.lead(say("chat.hold.dropped", i18n.Facts{"Slot": d.heldLine()}))
		d.settle()
		d.f.Hold = nil
		if m.Both && len(d.f.Visits) > 0 {
			d.startChange(GoalCancel, m)
			return true
		}
		d.remark()
	case d.s.Stage != StageOpen:
		d.settle()
		d.remark(say("chat.fine", nil))
	default:
		d.notFound(understand.Cancel)
	}
	return true
}

// move changes what is held or looked for, or begins to move a visit that stands.
func (d *dialogue) move(m understand.Meaning) bool {
	searching := d.s.Stage != StageOpen && d.s.Stage != StagePaying && !d.s.Request.empty()
	switch {
	case d.moving():
		return false
	case len(d.f.Visits) > 0 && (d.meansVisit(m) || d.f.Hold == nil && !(searching && d.saysMore(m))):
		d.startChange(GoalMove, m)
	case d.f.Hold != nil && d.saysMore(m), d.f.Hold == nil && d.s.Stage != StageOpen:
		return false // the request goes on with what the message adds
	case d.f.Hold != nil:
		d.ask(StageDay, "", nil, say("chat.day.other", nil))
	default:
		d.notFound(understand.Move)
	}
	return true
}

// meansVisit tells whether a message points at a visit that stands and not at what is held: by its day, or
// because it answers the reminder of it.
func (d *dialogue) meansVisit(m understand.Meaning) bool {
	if d.reminded != nil && !d.saysMore(m) {
		return true
	}
	points := func(v models.Appointment) bool { return d.leftDay(m) != nil && *d.leftDay(m) == d.dayOf(v) }
	return slices.ContainsFunc(d.f.Visits, points) && (d.f.Hold == nil || !points(*d.f.Hold))
}

// leftDay is the day of the visit that a message speaks of; nil when it names none, or only where to go.
func (d *dialogue) leftDay(m understand.Meaning) *understand.Day {
	switch {
	case m.Away != nil:
		return m.Away
	case m.Toward:
		return nil
	default:
		return m.Day
	}
}

// wantsOther tells whether who cannot come asks for another time in the same breath.
func (d *dialogue) wantsOther(m understand.Meaning) bool {
	if m.Intents.Has(understand.Move) || m.OtherDay {
		return true
	}
	onDay := func(v models.Appointment) bool { return m.Day != nil && d.dayOf(v) == *m.Day }
	elsewhere := m.Days != nil || m.Day != nil && !slices.ContainsFunc(d.f.Visits, onDay)
	return elsewhere && (m.Toward || m.Intents.Has(understand.Correction))
}

func (d *dialogue) dayOf(v models.Appointment) understand.Day {
	return understand.DayOf(v.StartsAt.In(d.f.Now.Location()))
}

// startChange begins to change a visit: the one that is meant, or the one the customer then names. What is
// held stays held.
func (d *dialogue) startChange(goal Goal, m understand.Meaning) {
	others := d.othersToCancel(goal, m)
	d.openChange(goal)
	if goal == GoalMove {
		d.mergeWish(m)
	}
	meant := d.visitsMeant(d.f.Visits, m)
	if d.cancelsAll(meant, m) {
		return
	}
	if i := slices.IndexFunc(meant, d.wasReminded); i >= 0 {
		meant = meant[i : i+1]
	}
	if len(meant) == 1 {
		d.s.Change.Rest = slices.DeleteFunc(others, func(id models.ID) bool { return id == meant[0].ID })
		d.takeVisit(meant[0])
		return
	}
	d.askVisit(meant)
}

// visitsMeant narrows visits down to those that fit what a message says of them: whose, the day, then stylist, service, part of
// the day and time. What fits none of them says something else.
func (d *dialogue) visitsMeant(visits []models.Appointment, m understand.Meaning) []models.Appointment {
	narrow := func(said bool, fits func(models.Appointment) bool) {
		if !said {
			return
		}
		if left := slices.DeleteFunc(slices.Clone(visits), func(v models.Appointment) bool { return !fits(v) }); len(left) > 0 {
			visits = left
		}
	}
	narrow(len(m.Others) > 0 || m.OtherName != nil, func(v models.Appointment) bool { return d.speaksOf(v, m) })
	day := d.leftDay(m)
	narrow(day != nil, func(v models.Appointment) bool { return d.dayOf(v) == *day })
	narrow(m.Days != nil && !m.Toward, func(v models.Appointment) bool { return m.Days.Has(d.dayOf(v)) })
	narrow(len(m.Stylists) > 0, func(v models.Appointment) bool {
		s, ok := d.f.Menu.Stylist(v.StylistID)
		return ok && contains(m.Stylists, s.Code)
	})
	narrow(len(m.Services) > 0, func(v models.Appointment) bool { return d.holds(v, m.Services) })
	narrow(m.Part != understand.AnyPart, func(v models.Appointment) bool { return inPart(d.minuteOf(v), m.Part) })
	narrow(m.At != nil, func(v models.Appointment) bool { return d.minuteOf(v) == *m.At })
	return visits
}

func (d *dialogue) minuteOf(v models.Appointment) int {
	return minuteOf(v.StartsAt.In(d.f.Now.Location()))
}

// holds tells whether a visit is made of the services, or of some more.
func (d *dialogue) holds(v models.Appointment, services []string) bool {
	order := d.orderOf(v)
	return !slices.ContainsFunc(services, func(code string) bool {
		return !slices.ContainsFunc(order.services, func(s models.Service) bool { return s.Code == code })
	})
}

// takeVisit is the visit that is meant; what may be done with it is asked first.
func (d *dialogue) takeVisit(v models.Appointment) {
	d.s.Change.Visit, d.s.Change.Among = &v.ID, nil
	if d.s.Change.Goal == GoalMove {
		d.readWish(v)
	}
	d.do(FindTerms{v.ID})
}

// changed is the visit being changed; false when it does not stand any more.
func (d *dialogue) changed() (models.Appointment, bool) {
	if d.s.Change == nil || d.s.Change.Visit == nil {
		return models.Appointment{}, false
	}
	return d.standing(*d.s.Change.Visit)
}

func (d *dialogue) standing(id models.ID) (models.Appointment, bool) {
	i := slices.IndexFunc(d.f.Visits, func(v models.Appointment) bool { return v.ID == id })
	if i < 0 {
		return models.Appointment{}, false
	}
	return d.f.Visits[i], true
}

// termed goes on with a change once it is known what it would mean.
func (d *dialogue) termed(t checkout.CancelTerms) {
	v, ok := d.changed()
	switch {
	case !ok:
		d.lostVisit()
	case t.StaffOnly:
		d.tooLate(v)
	case d.s.Change.Goal == GoalMove:
		d.beginMove(v, t)
	default:
		d.askCancel(v, t)
	}
}

// changing hears a message while a visit is being changed, and tells whether that was all there is to it.
func (d *dialogue) changing(m understand.Meaning) bool {
	if (d.s.Change == nil || !d.shown(m.OptionID)) && d.oldButton(m) {
		return true
	}
	if d.s.Change == nil {
		return false
	}
	v, ok := d.changed()
	m.Keep = m.Keep || m.Intents.Has(understand.ConfirmVisit)
	d.bothOrNone(&m)
	switch {
	case d.s.Change.Visit != nil && !ok: // staff or another conversation ended it meanwhile, and said so
		d.endChange()
		return false
	case ok && d.leaves(v, m):
		d.leaveChange()
		return false
	case d.s.Stage == StageVisit:
		return d.answerVisit(m)
	case !ok, d.s.Stage == StageLate, d.s.Stage == StageHowLate:
		return false
	case d.asksPrice(m) && !d.saysMore(m):
		d.lead(d.priceLine(serviceNames(d.f.Menu, v, d.lang), v.Span().Minutes(), v.TotalMinor))
		d.repeat()
		return true
	case d.meansOther(v, m):
		d.startChange(d.goalOf(m), m)
		return true
	case d.s.Change.Aside && d.agreesOnly(v, m):
		d.answerFAQs(m.FAQs, m.Day)
		d.repeat()
		return true
	case d.s.Stage == StageCancel, d.s.Stage == StageForfeit:
		return d.answerCancel(v, m)
	case d.s.Stage == StageInstead:
		return d.answerInstead(v, m)
	default:
		return d.answerMoving(v, m)
	}
}

// meansOther tells whether a typed message about cancelling or moving means another visit than the one being
// changed: the one that it alone describes, or whose reminder it answers.
func (d *dialogue) meansOther(v models.Appointment, m understand.Meaning) bool {
	if m.OptionID != "" || len(m.FAQs) > 0 {
		return false
	}
	about := m.Intents.Has(understand.Cancel) || d.s.Stage.ofChange() && !m.Keep && !m.Intents.Has(understand.Move)
	meant := d.visitsMeant(d.f.Visits, m)
	if len(meant) == 1 && about && !d.wantsOther(m) {
		return meant[0].ID != v.ID
	}
	return m.Intents.Has(understand.Cancel, understand.Move) && !d.wasReminded(v) && slices.ContainsFunc(meant, d.wasReminded)
}

// goalOf is what a message wants of the visit it means, else what was wanted of the other one.
func (d *dialogue) goalOf(m understand.Meaning) Goal {
	switch {
	case m.Intents.Has(understand.Cancel):
		return GoalCancel
	case m.Intents.Has(understand.Move):
		return GoalMove
	default:
		return d.s.Change.Goal
	}
}

// agreesOnly tells whether typed words agree to something and say no more: after something else was said, that
// may be what they are about.
func (d *dialogue) agreesOnly(v models.Appointment, m understand.Meaning) bool {
	return m.OptionID == "" && m.Intents.Has(understand.Yes, understand.Cancel) && !m.Intents.Has(understand.No) && !m.Keep &&
		!d.saysMore(m) && !d.wantsMove(v, m)
}

// leaves tells whether a message turns to something else than the visit being changed: to another booking.
func (d *dialogue) leaves(v models.Appointment, m understand.Meaning) bool {
	if m.Intents.Has(understand.Group, understand.ThirdParty, understand.Usual, understand.ListServices) {
		return true
	}
	kind, _, _ := strings.Cut(m.OptionID, ":")
	if kind == "service" || kind == "category" || kind == "services" {
		return true
	}
	return len(m.Ambiguous)+len(m.Packs) > 0 || len(m.Services) > 0 && !d.holds(v, known(d.f.Menu, m.Services))
}

// orderOf is a visit as an order: its services, offered still or not, and its own length.
func (d *dialogue) orderOf(v models.Appointment) order {
	o := order{minutes: v.Span().Minutes(), minor: v.TotalMinor}
	for _, line := range v.Lines {
		for _, s := range slices.Concat(d.f.Menu.Services, d.f.Menu.Former.Services) {
			if s.ID == line.ServiceID {
				o.services = append(o.services, s)
			}
		}
	}
	if len(o.services) > 0 {
		o.category = o.services[0].Category
	}
	return o
}

// ownChange is how a rule is told which visit its customer changes, and where they ask.
func ownChange(v models.Appointment, conversation models.ID) booking.OwnChange {
	return booking.OwnChange{ID: v.ID, Version: v.Version, ConversationID: conversation}
}
