package handoff

import (
	"slices"
	"time"

	"gorm.io/gorm"

	"frontdesk/models"
)

// Pace is how the answer to a case stands.
type Pace string

// Paces, from good to bad.
const (
	PaceAnswered Pace = "answered"
	PaceSoon     Pace = "soon"
	PaceDue      Pace = "due"
	PaceLate     Pace = "late"
)

// Paces lists them, the worst first.
func Paces() []Pace { return []Pace{PaceLate, PaceDue, PaceSoon, PaceAnswered} }

// dueShare is the part of the promised wait after which an answer is due: a third.
const dueShare = 3

// Watch tells how the answers to cases stand at one moment: what was promised, and the hours in which
// people answer, for only these count (R-1110). A value; its methods are pure.
type Watch struct {
	Now     time.Time
	Open    []models.Span // in order and apart, up to Now; time before the first is closed
	Promise time.Duration // P.case.answer_min
	Urgent  time.Duration // P.case.urgent_answer_min, for reasons that cannot wait
}

// Promised is how long a case of a reason may wait for a person's first word, in opening hours.
func (w Watch) Promised(r models.HandoffReason) time.Duration {
	if r.Urgent() {
		return w.Urgent
	}
	return w.Promise
}

// Waited is how much of the time between two moments people answer in.
func (w Watch) Waited(from, to time.Time) (sum time.Duration) {
	for _, open := range w.Open {
		start, end := later(open.Start, from), earlier(open.End, to)
		if end.After(start) {
			sum += end.Sub(start)
		}
	}
	return sum
}

// PaceOf tells how the answer to a case stands.
func (w Watch) PaceOf(c models.Case) Pace {
	waited, promised := w.Waited(c.OpenedAt, w.Now), w.Promised(c.Reason)
	switch {
	case c.AnsweredAt != nil || c.Status == models.CaseResolved:
		return PaceAnswered
	case waited >= promised:
		return PaceLate
	case waited >= promised/dueShare:
		return PaceDue
	default:
		return PaceSoon
	}
}

// Kept tells whether a person's first word came within what was promised.
func (w Watch) Kept(c models.Case) bool {
	return c.AnsweredAt != nil && w.Waited(c.OpenedAt, *c.AnsweredAt) < w.Promised(c.Reason)
}

// before is the moment since which people could have answered for so long: whoever waits from then or
// earlier has waited that long. It is the zero time where that moment is not known.
func (w Watch) before(wait time.Duration) time.Time {
	for _, open := range slices.Backward(w.Open) {
		end := earlier(open.End, w.Now)
		length := end.Sub(open.Start)
		switch {
		case length <= 0:
			continue
		case length >= wait:
			return end.Add(-wait)
		}
		wait -= length
	}
	return time.Time{}
}

// narrow keeps the open cases of a pace.
func (w Watch) narrow(q *gorm.DB, p Pace) *gorm.DB {
	if p == PaceAnswered {
		return q.Where("answered_at IS NOT NULL")
	}
	var urgent []models.HandoffReason
	for _, r := range Reasons() {
		if r.Urgent() {
			urgent = append(urgent, r)
		}
	}
	q = q.Where("answered_at IS NULL")
	since := func(share time.Duration) map[string]any {
		return map[string]any{"urgent": urgent, "u": w.before(w.Urgent / share), "p": w.before(w.Promise / share)}
	}
	const waited = "(CASE WHEN reason IN @urgent THEN opened_at <= @u ELSE opened_at <= @p END)"
	switch p {
	case PaceLate:
		return q.Where(waited, since(1))
	case PaceDue:
		return q.Where(waited, since(dueShare)).Where("NOT "+waited, since(1))
	default:
		return q.Where("NOT "+waited, since(dueShare))
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
