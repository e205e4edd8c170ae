package understand

import (
	"slices"
	"strings"
)

// hourRule says how a wording leads to a time of day.
type hourRule int

const (
	hourNone        hourRule = iota // blocks a shorter wording
	hourBare                        // <hour>: a time only beside a word or day that makes it one
	hourWhole                       // <hour> o'clock
	hourClock                       // <clock>
	hourHalf                        // half past <hour>
	hourQuarter                     // quarter past <hour>
	hourThird                       // Arabic: and a third, twenty past
	hourLessQuarter                 // quarter to <hour>
	hourLessThird
	hourMinutes // <hour> <n>
	hourLess    // <few> to <hour>
	hourMore    // <few> past <hour>
	hourIsh     // <hour>ish
	hourNoon    // 12:00
	hourMidday  // about 12:00
	hourLunch   // about 13:00
)

// halfDay tells the two halves of the clock apart.
type halfDay int

const (
	eitherHalf halfDay = iota
	am
	pm
)

// timeWord is what a word beside a time makes of it.
type timeWord int

const (
	wordAt timeWord = iota
	wordAfter
	wordBefore
	wordAbout
	wordBetween // opens a range: "between 4 and 6"
	wordTo      // joins it, or leads to the new time: "move it to 5"
	wordJoin    // only joins it
	wordNone    // blocks a shorter wording
)

const (
	hourMin     = 60
	eveningFrom = 17 * hourMin
	opensAt     = 10 * hourMin
	closesAt    = 20 * hourMin
)

// clockTime is a time read from the words start up to end.
type clockTime struct {
	start, end int
	minutes    int  // after midnight, before the half of the day is known
	fixed      bool // said in 24 hours, or noon
	bare       bool
	about      bool
	half       halfDay
	word       timeWord
	worded     bool // a word beside it makes it a time
	vague      bool // noon, lunchtime
}

// times reads clock times into the meaning: one start, or bounds. Vague ones ("lunchtime") give way to exact ones.
func (r *reader) times() {
	var read []clockTime
	for _, h := range lexicons.hours.find(r.message) {
		if t, ok := r.clockTime(h); ok {
			read = append(read, t)
		}
	}
	read = exactOnes(read)
	for i := 0; i < len(read); i++ {
		t := read[i]
		if i+1 < len(read) && r.joined(t, read[i+1]) {
			if r.moving() && t.word != wordBetween { // "from 4 to 6" is from the old time to the new one
				read[i+1].word, read[i+1].worded = wordAt, true
				continue
			}
			r.bounds(t, read[i+1])
			i++
			continue
		}
		if i+1 < len(read) && (r.mended(t.end, read[i+1].start) || r.spoiled(t.end)) {
			continue
		}
		loose := t.bare && !t.worded && t.half == eitherHalf && !r.contrasted(t)
		if loose || r.unwanted(t.start) || r.aside(t.start, 3) || r.moving() && (r.former(t.start) || r.spoiled(t.end)) {
			continue
		}
		r.setTime(t)
	}
	r.qualified()
}

// exactOnes leaves out the vague times where an exact one was said.
func exactOnes(all []clockTime) []clockTime {
	exact := slices.DeleteFunc(slices.Clone(all), func(t clockTime) bool { return t.vague || t.bare && !t.worded && t.half == eitherHalf })
	if len(exact) == 0 {
		return all
	}
	return slices.DeleteFunc(all, func(t clockTime) bool { return t.vague })
}

// contrasted tells whether a bare number is set against another one: "5 instead of 4", "12 not 11".
func (r *reader) contrasted(t clockTime) bool {
	for i := t.end; i > 0 && i < min(t.end+3, len(r.tokens)); i++ {
		if r.tokens[i].number > 0 {
			return i > t.end && r.unwanted(i)
		}
	}
	return false
}

// clockTime reads one matched wording and the words beside it.
func (r *reader) clockTime(h hit[hourRule]) (clockTime, bool) {
	t := clockTime{start: h.start, end: h.end, minutes: h.slots.hour * hourMin}
	switch h.means {
	case hourNone:
		return t, false
	case hourBare:
		t.bare = true
		if r.dated(h.start, h.slots.hour) {
			return t, false
		}
	case hourClock:
		t.minutes = h.slots.minutes
		t.fixed = h.slots.zero
		if r.priced(h) {
			return t, false
		}
	case hourHalf:
		t.minutes += 30
	case hourQuarter:
		t.minutes += 15
	case hourThird:
		t.minutes += 20
	case hourLessQuarter:
		t.minutes -= 15
	case hourLessThird:
		t.minutes -= 20
	case hourMinutes, hourMore:
		t.minutes += h.slots.number
		if h.means == hourMinutes && r.tokens[h.end-1].before != none {
			return t, false // "Saturday 17, 10 in the morning"
		}
	case hourLess:
		t.minutes -= h.slots.number
	case hourIsh:
		t.about = true
	case hourNoon, hourMidday:
		t.minutes, t.fixed, t.about, t.vague = 12*hourMin, true, h.means == hourMidday, h.means == hourMidday
	case hourLunch:
		t.minutes, t.fixed, t.about, t.vague = 13*hourMin, true, true, true
	}
	if t.minutes < 0 || t.minutes > 24*hourMin {
		return t, false
	}
	r.readBeside(&t)
	return t, true
}

// dated tells whether a bare number belongs to the weekday before it: "Friday 9".
func (r *reader) dated(i, n int) bool {
	if i == 0 || r.tokens[i].before != none {
		return false
	}
	weekday, ok := lookup(lexicons.weekdays, r.tokens[i-1])
	if !ok {
		return false
	}
	_, ok = weekdayDate(DayOf(r.in.Now), weekday, n)
	return ok
}

// qualified leaves out a part of the day that only tells the half of the clock: "after 5 in the evening".
func (r *reader) qualified() {
	m := &r.meaning
	if m.Part == AnyPart || m.At == nil && m.NotBefore == nil && m.NotAfter == nil {
		return
	}
	for _, h := range lexicons.parts.find(r.message) {
		if h.means == m.Part {
			return
		}
	}
	m.Part = AnyPart
}

// priced tells whether what looks like a time is an amount: "16.00 €".
func (r *reader) priced(h hit[hourRule]) bool {
	if h.end < len(r.tokens) && r.tokens[h.end].is("eur", "euro", "euros", "يورو") {
		return true
	}
	rest := strings.TrimLeft(r.source[r.tokens[h.end-1].end:], " ")
	return strings.HasPrefix(rest, "€") || strings.HasSuffix(strings.TrimRight(r.source[:r.tokens[h.start].start], " "), "€")
}

// readBeside reads the words before and after a time.
func (r *reader) readBeside(t *clockTime) {
	if h, ok := lexicons.half.at(r.message, t.end); ok {
		t.half, t.end = h.means, h.end
	}
	if h, ok := lexicons.before.before(r.message, t.start); ok && h.means != wordNone {
		t.word, t.start = h.means, h.start
		t.worded = h.means != wordJoin && (h.means != wordBetween || h.end-h.start > 1)
	}
	if h, ok := lexicons.after.at(r.message, t.end); ok && h.means != wordNone {
		t.end, t.worded = h.end, true
		if h.means == wordAbout {
			t.about = true
		} else {
			t.word = h.means
		}
	}
	t.about = t.about || t.word == wordAbout
}

// joined tells whether two times are the ends of a range: "between 4 and 6", "4 to 6", "4-6".
func (r *reader) joined(a, b clockTime) bool {
	if a.end == b.start {
		if a.word == wordBetween {
			return true
		}
		dash := strings.TrimSpace(r.source[r.tokens[a.end-1].end:r.tokens[b.start].start])
		return dash == "-" || dash == "–" || b.word == wordTo || b.word == wordJoin ||
			a.word == wordAfter && b.word == wordBefore
	}
	if a.word != wordBetween || b.start != a.end+1 {
		return false
	}
	return r.tokens[a.end].is("and", "y", "و")
}

func (r *reader) bounds(a, b clockTime) {
	if a.half == eitherHalf {
		a.half = b.half
	}
	from, to := r.minutesOf(a), r.minutesOf(b)
	if from > to && from >= 12*hourMin && !a.fixed {
		from -= 12 * hourMin // "11 to 1"
	}
	r.meaning.NotBefore, r.meaning.NotAfter = &from, &to
	r.take(a.start, b.end)
}

func (r *reader) setTime(t clockTime) {
	n := r.minutesOf(t)
	switch {
	case t.word == wordAfter:
		r.meaning.NotBefore = &n
	case t.word == wordBefore:
		r.meaning.NotAfter = &n
	case r.meaning.At == nil || r.meaning.Intents.Has(Move, Correction, Delay):
		r.meaning.At, r.meaning.About = &n, t.about
	}
	r.take(t.start, t.end)
}

// minutesOf settles which half of the day a time is in: what was said; else the one we offered; else
// the one inside opening hours; else the afternoon for 1 to 7 and the morning for the rest.
func (r *reader) minutesOf(t clockTime) int {
	n := t.minutes
	if t.fixed || n >= 13*hourMin || n < hourMin {
		return n
	}
	morning, evening := n%(12*hourMin), n%(12*hourMin)+12*hourMin
	if n >= 12*hourMin { // 12:30 is after noon
		morning, evening = n, n
	}
	half := t.half
	if half == eitherHalf {
		switch r.meaning.Part {
		case Morning:
			half = am
		case Afternoon, Evening:
			half = pm
		}
	}
	switch {
	case half == am && n >= 12*hourMin && t.half == am:
		return n - 12*hourMin
	case half == am && n >= 12*hourMin: // "in the morning, before 12"
		return n
	case half == am && n >= hourMin && n < 3*hourMin && r.meaning.Part == Morning && t.half == eitherHalf:
		return evening // morning reaches to 14:00 here: "morning, at 1"
	case half == am:
		return morning
	case half == pm:
		return evening
	}
	return r.likelier(morning, evening)
}

func (r *reader) likelier(morning, evening int) int {
	offered := r.offeredTimes()
	if a, b := slices.Contains(offered, morning), slices.Contains(offered, evening); a != b {
		if a {
			return morning
		}
		return evening
	}
	opens, closes := r.in.Opens, r.in.Closes
	if closes == 0 {
		opens, closes = opensAt, closesAt
	}
	open := func(n int) bool { return n >= opens && n <= closes }
	if a, b := open(morning), open(evening); a != b {
		if a {
			return morning
		}
		return evening
	}
	if morning < 8*hourMin {
		return evening
	}
	return morning
}

// looseTimes reads numbers that are times only because of where they stand: right after a day
// ("Friday 5"), or alone in answer to a question about time.
func (r *reader) looseTimes() {
	if r.meaning.At != nil || r.meaning.NotBefore != nil || r.meaning.NotAfter != nil || r.meaning.Choice != 0 {
		return
	}
	for i, t := range r.tokens {
		if t.taken || t.number < 1 || t.number > 23 {
			continue
		}
		afterDay := i > 0 && r.tokens[i-1].taken && t.before == none && r.meaning.Day != nil
		alone := len(r.tokens) == 1 && (r.in.Expect == ExpectTime || r.in.Expect == ExpectSlot)
		offered := r.in.Expect == ExpectSlot && r.hourOffered(t.number)
		if afterDay || alone || offered {
			r.setTime(clockTime{start: i, end: i + 1, minutes: t.number * hourMin})
			return
		}
	}
}
