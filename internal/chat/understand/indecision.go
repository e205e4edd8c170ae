package understand

import "slices"

// How sure it is that somebody hesitates between services, in percent.
const (
	sureWording = 100 // "I can't decide", "what do you recommend?"
	sureUnsure  = 90  // "don't know", with several services or none named
	sureOr      = 80  // "highlights or a cut?"
	sureDoubt   = 50  // "don't know" beside the one service wanted: they may not know the day
)

// indecision tells how sure it is that the customer hesitates between services. What they do not know
// may be something else: which day, which hour, with whom.
func (r *reader) indecision() {
	m := &r.meaning
	named := len(m.Services)
	for _, codes := range m.Ambiguous {
		named += len(codes)
	}
	switch {
	case r.decided || named == 0 && r.aboutWhen():
		r.drop(Undecided)
	case m.Intents.Has(Undecided):
		m.Indecision = sureWording
	case r.unsure && named == 1:
		m.Indecision = sureDoubt
	case r.unsure:
		m.Indecision = sureUnsure
	case len(m.Services)+len(m.Ambiguous) > 1 && r.asksOr():
		m.Indecision = sureOr
	}
	if m.Indecision > 0 {
		r.add(Undecided)
	}
}

// aboutWhen tells whether a message speaks of days, hours or stylists.
func (r *reader) aboutWhen() bool {
	m := &r.meaning
	return m.Day != nil || m.Days != nil || m.At != nil || m.Part != AnyPart || len(m.Stylists) > 0 ||
		slices.ContainsFunc(r.tokens, func(t token) bool {
			return t.is("day", "days", "time", "times", "date", "slot", "when", "where", "stylist", "hairdresser",
				"dia", "dias", "hora", "horas", "cuando", "donde", "fecha", "estilista", "peluquera",
				"يوم", "ايام", "ساعه", "وقت", "متي", "امتي", "موعد", "وين", "فين", "اين", "تاريخ")
		})
}

// asksOr tells whether "or" stands between two things of the menu: "mechas o corte".
func (r *reader) asksOr() bool {
	if r.meaning.Intents.Has(Price, Duration) {
		return false
	}
	for i, t := range r.tokens {
		if t.is("or", "o", "او", "ام", "ولا", "والا") && r.servicesNear(i-orReach, i) && r.servicesNear(i+1, i+1+orReach) {
			return true
		}
	}
	return false
}

// orReach is how many words away from "or" a service may stand.
const orReach = 3

func (r *reader) servicesNear(from, to int) bool {
	for i := max(from, 0); i < min(to, len(r.tokens)); i++ {
		if _, _, ok := r.serviceWord(i); ok || slices.Contains(r.ordered, i) {
			return true
		}
	}
	return false
}
