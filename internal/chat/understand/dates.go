package understand

import (
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
	daysThisWeek      // today to Sunday
	daysNextWeek      // Monday to Sunday
	daysWeekAfterNext //
	daysWeekend       // Saturday and Sunday, today included
	daysNextWeekend   // the weekend of the next calendar week
)

// found is a day or range read from the words start up to end.
type found struct {
	Days
	start, end int
	exact      bool // a date was written, not only a weekday
}

// dates reads days into the meaning. Days said not to be wanted are left out; after a correction or
// in a move the last day counts, else the first. Two neighbouring days joined by "or" are a range.
func (r *reader) dates() {
	var wanted []found
	for _, h := range lexicons.days.find(r.message) {
		f, ok := r.resolve(h)
		if !ok {
			continue
		}
		r.take(f.start, f.end)
		if !r.unwanted(f.start) {
			wanted = append(wanted, f)
		}
	}
	if len(wanted) == 0 {
		r.loneDate()
		return
	}
	pick := wanted[0]
	for _, f := range wanted[1:] {
		switch {
		case r.meaning.Intents.Has(Correction, Move), f.exact && !pick.exact:
			pick = f
		case pick.To.Plus(1) == f.From:
			pick.To, pick.end = f.To, f.end
		}
	}
	if pick.From == pick.To {
		r.meaning.Day = &pick.From
	} else {
		r.meaning.Days = &pick.Days
	}
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
		return span(today, monday.Plus(-1))
	case daysNextWeek:
		return span(monday, monday.Plus(6))
	case daysWeekAfterNext:
		return span(monday.Plus(7), monday.Plus(13))
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

// dayParts reads the part of the day. Two different ones cancel each other ("morning or afternoon")
// unless the later replaces the earlier.
func (r *reader) dayParts() {
	for _, h := range lexicons.parts.find(r.message) {
		switch {
		case h.means == AnyPart || r.unwanted(h.start):
		case r.meaning.Part == AnyPart || r.meaning.Intents.Has(Move, Correction):
			r.meaning.Part = h.means
		case r.meaning.Part != h.means:
			r.meaning.Part = AnyPart
			return
		}
	}
}
