package understand

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// dayRule says how a wording leads to a day. Weekdays:
//
//   - "Friday" and "el viernes que viene", "الجمعة القادم": the first Friday after today. Said on a
//     Friday it is never today: who means today says "today" or "this Friday".
//   - "this Friday": the first Friday from today on.
//   - English "next Friday" and any "Friday next week": the Friday of the next calendar week, which
//     begins on Monday.
//
// A date without a year is the first such date from today on.
type dayRule int

const (
	dayNone dayRule = iota // blocks a shorter wording: "in the morning" holds no "mañana"
	dayToday
	dayTomorrow
	dayAfterTomorrow
	dayComing         // <weekday>
	dayThis           // this <weekday>
	dayNextWeek       // <weekday> next week
	dayDate           // <n> <month>
	dayWeekdayDate    // <weekday> <n>, when that date is that weekday
	dayOfMonth        // the <n>th
	dayWritten        // <date>: 9/10, 2026-10-09
	dayInDays         // in <n> days
	dayInWeeks        // in <n> weeks
	dayInTwo          // Arabic dual: in two days
	dayInTwoWeeks     //
	dayInWeek         // in a week
	daySameNextWeek   // the same day next week: of the day wanted so far
	daysThisWeek      // today to Saturday
	daysNextWeek      // Monday to Saturday
	daysWeekAfterNext //
	daysWeekend       // Saturday and Sunday, today included
	daysNextWeekend   // the weekend of the next calendar week
	daysWeekOf        // the week of the <n>th
	daysBefore        // before <weekday>: from today to the day before
	daysTomorrowOrNext
)

// found is a day or range read from the words start up to end.
type found struct {
	Days
	start, end int
	exact      bool // a date was written, not only a weekday
	weekly     bool // a weekday, which a week named beside it may shift
	week       bool // a whole week
	poor       bool // belongs to the visit as it stands, or will not do
}

// dates reads days into the meaning: those joined by "or", "to" or "and" as a range, weekdays beside a week
// within that week. Days that are not wanted are left out; after a correction or in a move the last day counts,
// else the first, and a written date before a weekday.
func (r *reader) dates() {
	all := r.foundDays()
	if len(all) == 0 {
		r.loneDate()
		return
	}
	all = r.withinWeek(r.joinDays(all))
	r.leaves(all)
	good := slices.DeleteFunc(slices.Clone(all), func(f found) bool { return f.poor })
	if len(good) == 0 {
		return
	}
	pick := good[0]
	for _, f := range good[1:] {
		if r.meaning.Intents.Has(Correction, Move) || f.exact && !pick.exact || pick.week && !f.week {
			pick = f
		}
	}
	r.goes(pick)
	if pick.From == pick.To {
		r.meaning.Day = &pick.From
	} else {
		r.meaning.Days = &pick.Days
	}
}

// foundDays reads every day of the message and what it is there for.
func (r *reader) foundDays() []found {
	var all []found
	for _, h := range lexicons.days.find(r.message) {
		f, ok := r.resolve(h)
		if !ok {
			continue
		}
		f.weekly = h.means == dayComing || h.means == dayThis
		f.week = h.means == daysThisWeek || h.means == daysNextWeek || h.means == daysWeekAfterNext || h.means == daysWeekOf
		f.poor = !r.meaning.Intents.Has(Cancel) && (r.unwanted(f.start) || r.spoiled(f.end))
		r.take(f.start, f.end)
		all = append(all, f)
	}
	several := len(all) > 1
	for i := range all {
		if i > 0 && r.mended(all[i-1].end, all[i].start) {
			all[i-1].poor = true
		}
		all[i].poor = all[i].poor || r.moving() && r.former(all[i].start) || several && r.aside(all[i].start, reach)
	}
	if several && !slices.ContainsFunc(all, func(f found) bool { return !f.poor }) {
		last := &all[len(all)-1]
		last.poor = r.unwanted(last.start) || r.spoiled(last.end)
	}
	return all
}

// joinDays makes one range of days that "or", "to" or "and" stands between.
func (r *reader) joinDays(all []found) []found {
	out := all[:1]
	for _, f := range all[1:] {
		last := &out[len(out)-1]
		moved := r.moving() && (last.poor || r.former(last.start))
		if !moved && !f.poor && !last.poor && r.between(last.end, f.start) && last.To.Before(f.From) {
			last.To, last.end, last.weekly = f.To, f.end, last.weekly && f.weekly
			continue
		}
		out = append(out, f)
	}
	return out
}

// between tells whether nothing but a joining word stands between two values.
func (r *reader) between(end, start int) bool {
	joined := start < len(r.tokens) && (r.leadsTo(start) || strings.HasPrefix(r.tokens[start].text, "و") && len(r.tokens[start].forms) > 1)
	for i := end; i < start; i++ {
		switch t := r.tokens[i]; {
		case t.among(lexicons.joins):
			joined = true
		case !lexicons.silent[t.text] && !t.is("on", "يوم", "maybe", "even", "else", "then", "mejor", "quizas"):
			return false
		}
	}
	gap := strings.TrimSpace(r.source[r.tokens[end-1].end:r.tokens[start].start])
	return joined || gap == "-" || gap == "/" || gap == "," || gap == "–"
}

// withinWeek shifts weekdays into the week named beside them: "next week, Tuesday or Wednesday".
func (r *reader) withinWeek(all []found) []found {
	i := slices.IndexFunc(all, func(f found) bool { return f.week && !f.poor && f.From.Weekday() == time.Monday })
	if i < 0 {
		return all
	}
	week, shifted := all[i].Days, false
	for n := range all {
		f := &all[n]
		if !f.weekly || f.poor {
			continue
		}
		length := f.From.until(f.To)
		f.From = coming(week.From, int(f.From.Weekday()))
		f.To = f.From.Plus(length)
		shifted = true
	}
	if shifted {
		return slices.Delete(slices.Clone(all), i, i+1)
	}
	return all
}

// loneDate reads a bare number in answer to a question for the day: "9".
func (r *reader) loneDate() {
	if r.in.Expect != ExpectDay || len(r.tokens) != 1 || r.tokens[0].taken {
		return
	}
	if d, ok := comingNumber(DayOf(r.in.Now), r.tokens[0].number); ok {
		r.meaning.Day = &d
		r.take(0, 1)
	}
}

// resolve turns a matched wording into days.
func (r *reader) resolve(h hit[dayRule]) (found, bool) {
	today := DayOf(r.in.Now)
	f := found{start: h.start, end: h.end}
	one := func(d Day) (found, bool) { f.Days = Days{d, d}; return f, true }
	span := func(from, to Day) (found, bool) { f.Days = Days{from, to}; return f, true }
	monday := nextMonday(today)
	switch h.means {
	case dayToday:
		return one(today)
	case dayTomorrow:
		return one(today.Plus(1))
	case dayAfterTomorrow, dayInTwo:
		return one(today.Plus(2))
	case dayComing:
		return one(coming(today.Plus(1), h.slots.weekday))
	case dayThis:
		return one(coming(today, h.slots.weekday))
	case dayNextWeek:
		return one(coming(monday, h.slots.weekday))
	case dayInDays:
		return within(f, today, h.slots.number)
	case dayInWeeks:
		return within(f, today, h.slots.number*7)
	case dayInWeek:
		return one(today.Plus(7))
	case daySameNextWeek:
		if r.in.Wanted != nil {
			return one(r.in.Wanted.Plus(7))
		}
		return one(today.Plus(7))
	case dayInTwoWeeks:
		return one(today.Plus(14))
	case daysThisWeek:
		return span(today, lastWorkday(today))
	case daysNextWeek:
		return span(monday, monday.Plus(5))
	case daysWeekAfterNext:
		return span(monday.Plus(7), monday.Plus(12))
	case daysTomorrowOrNext:
		return span(today.Plus(1), today.Plus(2))
	case daysBefore:
		day := coming(today.Plus(1), h.slots.weekday)
		return span(today, day.Plus(-1))
	case daysWeekend:
		return span(weekend(today))
	case daysNextWeekend:
		return span(monday.Plus(5), monday.Plus(6))
	default:
		return r.resolveDate(h, f, today)
	}
}

// resolveDate turns a date written with numbers into a day.
func (r *reader) resolveDate(h hit[dayRule], f found, today Day) (found, bool) {
	d, ok := Day{}, false
	f.exact = true
	switch h.means {
	case dayDate:
		year := 0
		if h.end < len(r.tokens) && r.tokens[h.end].number > 2000 {
			year = r.tokens[h.end].number
			f.end++
		}
		d, ok = comingDate(today, h.slots.number, h.slots.month, year)
	case dayWeekdayDate:
		d, ok = weekdayDate(today, h.slots.weekday, h.slots.number)
		if !ok {
			d, ok = coming(today.Plus(1), h.slots.weekday), true
			f.end, f.exact = h.start+1, false
		}
	case dayOfMonth:
		d, ok = comingNumber(today, h.slots.number)
	case daysWeekOf:
		d, ok = comingNumber(today, h.slots.number)
		monday := d.Plus(-(int(d.Weekday()) + 6) % 7)
		f.Days = Days{monday, monday.Plus(5)}
		return f, ok
	case dayWritten:
		d, ok = writtenDate(today, h.slots.date)
	}
	f.Days = Days{d, d}
	return f, ok
}

func within(f found, today Day, days int) (found, bool) {
	d := today.Plus(min(days, 366))
	f.Days = Days{d, d}
	return f, days >= 0 && days <= 366
}

// coming is the first such weekday from a day on.
func coming(from Day, weekday int) Day {
	return from.Plus((weekday - int(from.Weekday()) + 7) % 7)
}

// lastWorkday is the Saturday of the week, or a Sunday itself.
func lastWorkday(today Day) Day {
	if today.Weekday() == time.Sunday {
		return today
	}
	return coming(today, int(time.Saturday))
}

func nextMonday(today Day) Day { return coming(today.Plus(1), int(time.Monday)) }

// weekend is the coming Saturday and Sunday, or what is left of it.
func weekend(today Day) (from, to Day) {
	if today.Weekday() == time.Sunday {
		return today, today
	}
	saturday := coming(today, int(time.Saturday))
	return saturday, saturday.Plus(1)
}

// date makes a day and refuses the 31st of April.
func date(year, month, n int) (Day, bool) {
	if month < 1 || month > 12 || n < 1 || n > 31 {
		return Day{}, false
	}
	d := Day{year, time.Month(month), n}
	return d, DayOf(d.In(time.UTC)) == d
}

// comingDate is the date in the year given, or the first such date from today on when year is 0.
func comingDate(today Day, n, month, year int) (Day, bool) {
	if year != 0 {
		return date(year, month, n)
	}
	for y := today.Year; y <= today.Year+4; y++ { // four years ahead: the 29th of February
		if d, ok := date(y, month, n); ok && !d.Before(today) {
			return d, true
		}
	}
	return Day{}, false
}

// comingNumber is the first nth of a month from today on.
func comingNumber(today Day, n int) (Day, bool) {
	for i := range 3 {
		first := time.Date(today.Year, today.Month+time.Month(i), 1, 0, 0, 0, 0, time.UTC)
		if d, ok := date(first.Year(), int(first.Month()), n); ok && !d.Before(today) {
			return d, true
		}
	}
	return Day{}, false
}

// weekdayDate is the nth of this month or the next when it falls on the weekday.
func weekdayDate(today Day, weekday, n int) (Day, bool) {
	d, ok := comingNumber(today, n)
	return d, ok && int(d.Weekday()) == weekday
}

// writtenDate reads 9/10, 9/10/26, 09-10-2026 (day first) and 2026-10-09. A month that cannot be one
// is taken for the day.
func writtenDate(today Day, text string) (Day, bool) {
	var n []int
	for _, p := range strings.FieldsFunc(text, func(r rune) bool { return r == '/' || r == '-' }) {
		v, err := strconv.Atoi(p)
		if err != nil {
			return Day{}, false
		}
		n = append(n, v)
	}
	if len(n) == 3 && n[0] > 1000 {
		return date(n[0], n[1], n[2])
	}
	if len(n) < 2 || len(n) > 3 {
		return Day{}, false
	}
	day, month, year := n[0], n[1], 0
	if month > 12 {
		day, month = month, day
	}
	if len(n) == 3 {
		year = n[2]
		if year < 100 {
			year += 2000
		}
	}
	return comingDate(today, day, month, year)
}

// dayParts reads the part of the day. Two different ones cancel each other ("morning or afternoon") unless the
// later replaces the earlier. A part that is refused leaves the other one: "I can't do mornings".
func (r *reader) dayParts() {
	refused, last := AnyPart, 0
	for _, h := range lexicons.parts.find(r.message) {
		switch {
		case h.means == AnyPart || r.greets(h) || r.moving() && r.former(h.start):
		case r.unwanted(h.start) || r.engaged(h.end):
			refused = h.means
		case r.meaning.Part == AnyPart || r.meaning.Intents.Has(Move, Correction):
			r.meaning.Part = h.means
		case r.meaning.Part == Evening && h.means == Afternoon: // "late in the afternoon"
		case r.meaning.Part == Afternoon && h.means == Evening:
			r.meaning.Part = Evening
		case r.meaning.Part != h.means && !r.mended(last, h.start):
			r.meaning.Part = AnyPart
			return
		default:
			r.meaning.Part = h.means
		}
		last = h.end
	}
	if r.meaning.Part != AnyPart {
		return
	}
	switch refused {
	case Morning:
		r.meaning.Part = Afternoon
	case Afternoon, Evening:
		r.meaning.Part = Morning
	}
}

// engaged tells whether what stands before i is when the customer is busy: "in the mornings I work".
func (r *reader) engaged(i int) bool {
	if i < len(r.tokens) && r.tokens[i].is("i", "im", "yo") && r.tokens[i].before == none {
		i++
	}
	return i < len(r.tokens) && r.tokens[i].before == none && r.tokens[i].is("work", "working", "trabajo", "curro", "بشتغل", "اشتغل", "اعمل")
}

// greets tells whether a part of the day that opens a message only greets: "Morning! Is there…"
func (r *reader) greets(h hit[Part]) bool {
	return h.start == 0 && h.end < len(r.tokens) && r.tokens[h.end].before != none && r.in.Expect == ExpectNone
}
