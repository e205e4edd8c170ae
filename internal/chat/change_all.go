package chat

import (
	"slices"

	"frontdesk/internal/chat/understand"
	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// cancelsAll begins to cancel several visits that were meant at once: "cancel both". Each is asked about by
// itself, one after the other, because each has terms of its own. It tells whether that was meant.
func (d *dialogue) cancelsAll(visits []models.Appointment, m understand.Meaning) bool {
	if !m.Both || d.s.Change.Goal != GoalCancel || len(visits) < 2 {
		return false
	}
	d.s.Change.Rest = nil
	for _, v := range visits[1:] {
		d.s.Change.Rest = append(d.s.Change.Rest, v.ID)
	}
	d.takeVisit(visits[0])
	return true
}

// bothOrNone takes "keep both" and "cancel both" at the question about one of several visits: no other is asked about
// any more, or all are.
func (d *dialogue) bothOrNone(m *understand.Meaning) {
	v, ok := d.changed()
	cancel := m.Intents.Has(understand.Cancel) && !m.Keep
	switch {
	case !m.Both:
	case cancel && ok && d.s.Change.Goal == GoalCancel:
		m.Intents = slices.DeleteFunc(slices.Clone(m.Intents), func(i understand.Intent) bool { return i == understand.No })
		d.s.Change.Rest = nil
		for _, other := range d.f.Visits {
			if other.ID != v.ID {
				d.s.Change.Rest = append(d.s.Change.Rest, other.ID)
			}
		}
	case m.Keep, m.Intents.Has(understand.No) && !cancel:
		d.s.Change.Rest = nil
	}
}

// othersToCancel are the visits that were being cancelled together, when a message turns to one of them; a no keeps
// the one that was asked about.
func (d *dialogue) othersToCancel(goal Goal, m understand.Meaning) []models.ID {
	rest := slices.Clone(d.restOfChange())
	v, ok := d.changed()
	if len(rest) == 0 || goal != GoalCancel || d.s.Change.Goal != GoalCancel {
		return nil
	}
	if ok && !m.Intents.Has(understand.No) {
		rest = slices.Insert(rest, 0, v.ID)
	}
	return rest
}

// restOfChange are the visits that are to be asked about after the one being changed.
func (d *dialogue) restOfChange() []models.ID {
	if d.s.Change == nil {
		return nil
	}
	return d.s.Change.Rest
}

// withRest is a visit in one line, with those that were to be cancelled after it.
func (d *dialogue) withRest(v models.Appointment) Line {
	line := d.visitLine(v)
	for _, id := range d.restOfChange() {
		if next, ok := d.standing(id); ok {
			line = Line{Body: "{{.Visit}} / {{.Next}}", Facts: i18n.Facts{"Visit": line, "Next": d.visitLine(next)}}
		}
	}
	return line
}

// cancelNext asks about the next of several visits to be cancelled that still stands, or takes up what else is to
// follow a change.
func (d *dialogue) cancelNext(rest []models.ID) {
	for i, id := range rest {
		if v, ok := d.standing(id); ok {
			d.changeVisit(GoalCancel, v)
			d.s.Change.Rest = rest[i+1:]
			return
		}
	}
	d.startNext()
}
