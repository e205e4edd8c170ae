package chat

import (
	"slices"
	"time"

	"frontdesk/internal/booking"
	"frontdesk/internal/chat/understand"
	"frontdesk/internal/content"
	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// Answered notes that a question was answered with one of the salon's answers (S06).
type Answered struct{ Key string }

func (Answered) action() {}

// openDates is how many days are named instead of one that is closed.
const openDates = 2

// opening answers when the salon is open on a day that is not like any other of its weekdays: closed, or
// open for part of it, with the reason (S17). Of a day as usual the salon's own answer tells enough. It tells
// whether the day was answered; without time on it the customer is asked for another one.
func (d *dialogue) opening(keys []string, day *understand.Day) bool {
	if day == nil || !slices.Contains(keys, content.FAQHours) {
		return false
	}
	open := d.f.Opening.On(day.In(d.f.Now.Location()))
	shut := d.f.Opening.Shut(open.Day)
	if open.Usual && !shut {
		return false
	}
	if shut {
		d.leadClosed(open, d.f.Opening.NextDays(open.Day, 1))
		d.s.closedDay = true
		return true
	}
	hours := make([]Line, len(open.Windows))
	for i, w := range open.Windows {
		zone := d.f.Now.Location()
		hours[i] = say("closed.hours", i18n.Facts{"From": i18n.Clock(w.Start.In(zone)), "To": i18n.Clock(w.End.In(zone))})
	}
	facts := i18n.Facts{"Day": capital(i18n.Day(d.lang, open.Day)), "Hours": block(hours...)}
	key := "closed.part"
	if reason := open.Reason.In(d.lang); reason != "" {
		key, facts["Reason"] = "closed.part.reason", reason
	}
	d.lead(say(key, facts))
	return true
}

// afterAnswers ends a bubble of answers that nothing else follows: with the offer to look for a time when
// the day asked about has none, else with the offer of more help.
func (d *dialogue) afterAnswers() {
	if d.s.closedDay && d.s.Stage == StageOpen {
		d.ask(StageDay, "", nil, say("closed.look", nil))
		return
	}
	d.remark(say("chat.anything", nil))
}

func (d *dialogue) closedLine(open booking.OpenDay) Line {
	facts := i18n.Facts{"Day": i18n.Day(d.lang, open.Day)}
	if reason := open.Reason.In(d.lang); reason != "" {
		facts["Reason"] = reason
		return say("chat.closed", facts)
	}
	return say("chat.closed.weekly", facts)
}

// leadClosed says that a day is closed, and names the next days on which the salon is open.
func (d *dialogue) leadClosed(closed booking.OpenDay, next []booking.OpenDay) {
	days := make([]Line, len(next))
	for i, open := range next {
		days[i] = say("closed.day", i18n.Facts{
			"Day": i18n.Day(d.lang, open.Day), "From": i18n.Clock(open.Windows[0].Start.In(d.f.Now.Location())),
		})
	}
	lines := []Line{d.closedLine(closed)}
	switch len(days) {
	case 0:
	case 1:
		lines = append(lines, say("closed.next", i18n.Facts{"First": days[0]}))
	default:
		lines = append(lines, say("closed.next.two", i18n.Facts{"First": days[0], "Second": days[1]}))
	}
	d.lead(block(lines...))
}

// wishesClosed says at once that the one day asked for is closed, with the reason and the next days that are
// open, while something else is still to be asked; the search says it by itself, with times.
func (d *dialogue) wishesClosed(o order) {
	r := &d.s.Request
	if r.day() == nil || !d.f.Opening.Shut(r.From.In(d.f.Now.Location())) {
		return
	}
	_, pack := d.packOffer()
	pack = pack && r.Pack == "" && !r.NoPack && r.Proposed == ""
	if len(r.Which) == 0 && o.minutes > 0 && !d.mixed() && !pack {
		return
	}
	open := d.f.Opening.On(r.From.In(d.f.Now.Location()))
	next := d.f.Opening.NextDays(open.Day, openDates)
	if !d.s.closedDay { // else it was said in answer to their question
		d.leadClosed(open, next)
	}
	if len(next) == 0 {
		r.From, r.To = nil, nil
		return
	}
	r.From = &Date{understand.DayOf(next[0].Day)}
	r.To = &Date{understand.DayOf(next[len(next)-1].Day)}
}

// reopens says when people answer, while the salon is closed.
func (d *dialogue) reopens() []Line {
	at, closed := d.f.Opening.Reopens(d.f.Now)
	if !closed {
		return nil
	}
	return []Line{opensAgain(d.lang, at.In(d.f.Now.Location()))}
}

func opensAgain(lang models.Language, at time.Time) Line {
	return say("closed.handoff", i18n.Facts{"Day": i18n.Day(lang, at), "Time": i18n.Clock(at)})
}
