package chat

import (
	"slices"
	"strings"

	"frontdesk/internal/chat/understand"
	"frontdesk/internal/checkout"
	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// Ids of what a visit's buttons do; the visit's own id follows, so that a tap never means another visit.
const (
	prefixVisit      = "visit:"
	prefixCancelYes  = "cancel:yes:"
	prefixCancelNo   = "cancel:no:"
	prefixCancelMove = "cancel:move:"
	prefixCancelLose = "cancel:lose:" // cancel although the deposit is lost: asked once more
)

// askVisit asks which visit is meant.
func (d *dialogue) askVisit(visits []models.Appointment) {
	visits = visits[:min(len(visits), maxRows)]
	zone := d.f.Now.Location()
	var choices []Choice
	d.s.Change.Among = nil
	for _, v := range visits {
		d.s.Change.Among = append(d.s.Change.Among, v.ID)
		at := v.StartsAt.In(zone)
		who := d.stylistName(v.StylistID) + " · " + serviceNames(d.f.Menu, v, d.lang)
		if v.ForName != "" {
			who = v.ForName + " · " + who
		}
		detail := verbatim(who)
		choices = append(choices, Choice{
			ID: prefixVisit + v.ID.String(), Titles: []Line{verbatim(i18n.DayShort(d.lang, at) + " " + i18n.Clock(at))}, Detail: &detail,
		})
	}
	d.ask(StageVisit, "chat.change.label", choices, say("chat.change.which."+string(d.s.Change.Goal), nil))
}

// among are the visits that it was asked among, as far as they stand.
func (d *dialogue) among() []models.Appointment {
	var among []models.Appointment
	for _, id := range d.s.Change.Among {
		if v, ok := d.standing(id); ok {
			among = append(among, v)
		}
	}
	return among
}

func (d *dialogue) answerVisit(m understand.Meaning) bool {
	among := d.among()
	if v, ok := d.tappedVisit(m.OptionID, prefixVisit); ok {
		d.takeVisit(v)
		return true
	}
	if (m.Keep || m.Intents.Has(understand.No)) && !d.saysMore(m) {
		d.endChange()
		d.remark(say("chat.fine", nil))
		return true
	}
	if len(among) == 0 {
		d.endChange()
		return false
	}
	if m.Intents.Has(understand.Cancel) {
		d.s.Change.Goal = GoalCancel
	}
	meant := d.visitsMeant(among, m)
	if len(meant) == 1 {
		d.takeVisit(meant[0])
		return true
	}
	if d.cancelsAll(meant, m) {
		return true
	}
	if !d.saysMore(m) && !m.Intents.Has(understand.Cancel, understand.Move) {
		return false
	}
	d.askVisit(among)
	return true
}

// tappedVisit is the visit in the id of an option.
func (d *dialogue) tappedVisit(option, prefix string) (models.Appointment, bool) {
	rest, ok := strings.CutPrefix(option, prefix)
	if !ok {
		return models.Appointment{}, false
	}
	var id models.ID
	if err := id.UnmarshalText([]byte(rest)); err != nil {
		return models.Appointment{}, false
	}
	return d.standing(id)
}

// shown tells whether an option is among those of the last question.
func (d *dialogue) shown(option string) bool {
	return slices.ContainsFunc(d.s.Options, func(o models.Option) bool { return o.ID == option })
}

// oldButton takes a tap on a question about a visit that is no longer open: it is asked anew, nothing is done. A
// visit that is being changed may be kept by any of its buttons.
func (d *dialogue) oldButton(m understand.Meaning) bool {
	for _, prefix := range []string{prefixVisit, prefixCancelYes, prefixCancelNo, prefixCancelMove, prefixCancelLose} {
		if !strings.HasPrefix(m.OptionID, prefix) {
			continue
		}
		v, ok := d.tappedVisit(m.OptionID, prefix)
		changed, changing := d.changed()
		switch {
		case ok && prefix == prefixCancelNo && changing && changed.ID == v.ID:
			d.keepVisit(v)
		case !ok, prefix == prefixVisit, prefix == prefixCancelNo:
			d.listVisits()
		case prefix == prefixCancelMove:
			d.changeVisit(GoalMove, v)
		default:
			d.changeVisit(GoalCancel, v)
		}
		return true
	}
	return false
}

// askCancel asks whether to cancel, saying what becomes of the deposit. Where it would be lost,
// moving is offered first, while the visit may still be moved.
func (d *dialogue) askCancel(v models.Appointment, t checkout.CancelTerms) {
	d.s.Change.Back, d.s.Change.Paid, d.s.Change.Named, d.s.Change.Version = t.Refund.Minor, t.Paid.Minor, true, v.Version
	facts := i18n.Facts{
		"Visit": d.visitLine(v), "Deposit": d.amount(t.Paid.Minor, t.Paid.Currency), "Hours": hoursLine(t.RefundHours),
		"From": refundFrom, "To": refundTo,
	}
	id := v.ID.String()
	yes := Choice{ID: prefixCancelYes + id, Titles: []Line{say("chat.cancel.button.yes", nil)}}
	no := Choice{ID: prefixCancelNo + id, Titles: []Line{say("chat.cancel.button.no", nil)}}
	instead := Choice{ID: prefixCancelMove + id, Titles: []Line{say("chat.cancel.button.move", nil)}}
	lose := Choice{ID: prefixCancelLose + id, Titles: []Line{say("chat.cancel.button.lose", nil)}}
	movable := !t.Late || v.LateMoves < d.f.Policies.CancelLateMoves
	switch {
	case t.Paid.Minor == 0 && movable:
		d.ask(StageCancel, "", []Choice{yes, instead, no}, say("chat.cancel.ask", facts))
	case t.Paid.Minor == 0:
		d.ask(StageCancel, "", []Choice{yes, no}, say("chat.cancel.ask", facts))
	case !t.Late:
		d.ask(StageCancel, "", []Choice{yes, instead, no}, say("chat.cancel.ask.refund", facts))
	case movable:
		d.ask(StageInstead, "", []Choice{instead, lose, no}, say("chat.cancel.instead", facts))
	default:
		d.ask(StageForfeit, "", []Choice{yes, no}, say("chat.cancel.forfeit.late", facts))
	}
}

// askForfeit is the last question before a deposit is lost.
func (d *dialogue) askForfeit(v models.Appointment) {
	id := v.ID.String()
	d.s.Change.Version = v.Version
	d.ask(StageForfeit, "", []Choice{
		{ID: prefixCancelYes + id, Titles: []Line{say("chat.cancel.button.yes", nil)}},
		{ID: prefixCancelNo + id, Titles: []Line{say("chat.cancel.button.no", nil)}},
	}, say("chat.cancel.forfeit", i18n.Facts{"Visit": d.visitLine(v), "Deposit": d.amount(d.s.Change.Paid, v.Currency)}))
}

// answerCancel reads the answer to the question whether to cancel.
func (d *dialogue) answerCancel(v models.Appointment, m understand.Meaning) bool {
	is := func(prefix string) bool { return m.OptionID == prefix+v.ID.String() }
	switch {
	case m.Keep, is(prefixCancelNo):
		d.keepVisit(v)
	case is(prefixCancelMove), d.wantsMove(v, m):
		d.turnToMove(v, m)
	case m.Intents.Has(understand.No):
		d.keepVisit(v)
	case is(prefixCancelYes), m.OptionID == "" && m.Intents.Has(understand.Yes, understand.Cancel):
		d.answerFAQs(m.FAQs, m.Day)
		v.Version = d.s.Change.Version // what the yes is about; another one by now is asked about anew
		d.do(CancelVisit{v, d.s.Change.Back})
	default:
		return d.staysAsked(m)
	}
	return true
}

// staysAsked repeats the question for words that say something of a visit and answer nothing.
func (d *dialogue) staysAsked(m understand.Meaning) bool {
	if m.OptionID != "" || len(m.FAQs) > 0 || !d.saysMore(m) {
		return false
	}
	d.repeat()
	return true
}

// answerInstead reads the answer to the offer to move a visit whose deposit would be lost. Whoever does not want
// to is asked once more before anything is lost.
func (d *dialogue) answerInstead(v models.Appointment, m understand.Meaning) bool {
	is := func(prefix string) bool { return m.OptionID == prefix+v.ID.String() }
	switch {
	case is(prefixCancelMove), d.wantsMove(v, m):
		d.turnToMove(v, m)
	case is(prefixCancelNo), m.Keep:
		d.keepVisit(v)
	case is(prefixCancelLose), m.Intents.Has(understand.Cancel, understand.No):
		d.askForfeit(v)
	case m.OptionID == "" && m.Intents.Has(understand.Yes):
		d.turnToMove(v, m)
	default:
		return d.staysAsked(m)
	}
	return true
}

// wantsMove tells whether the answer to the question whether to cancel is another time.
func (d *dialogue) wantsMove(v models.Appointment, m understand.Meaning) bool {
	if m.OptionID != "" || len(m.FAQs) > 0 {
		return false
	}
	otherDay := m.Day != nil && *m.Day != d.dayOf(v) || m.Days != nil || m.AnyDay || m.OtherDay
	return m.Intents.Has(understand.Move) || otherDay && !m.Intents.Has(understand.Cancel) || d.wantsOther(m)
}

func (d *dialogue) turnToMove(v models.Appointment, m understand.Meaning) {
	d.s.Change.Goal = GoalMove
	d.s.Request = Request{}
	d.mergeWish(m)
	d.takeVisit(v)
}

// repeatChange asks the open question about a visit again, as things stand now.
func (d *dialogue) repeatChange() {
	v, ok := d.changed()
	switch {
	case d.s.Change == nil:
		d.s.Stage = StageOpen
		d.listVisits()
	case d.s.Stage == StageVisit && len(d.among()) > 0:
		d.askVisit(d.among())
	case !ok:
		d.lostVisit()
	case d.s.Stage == StageForfeit && d.s.Change.Version == v.Version:
		d.askForfeit(v)
	default:
		d.do(FindTerms{v.ID})
	}
}
