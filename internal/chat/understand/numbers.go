package understand

import (
	"strconv"
	"strings"
)

// read fills a pattern's slot from a token.
func (l *lexicon) read(name string, t token, s slots) (slots, bool) {
	ok := false
	switch name {
	case "n":
		s.number, ok = l.number(t)
	case "hour":
		s.hour, ok = l.number(t)
		ok = ok && s.hour <= 24
	case "minutes":
		s.number, ok = l.number(t)
		ok = ok && s.number >= 10 && s.number < 60
	case "few": // minutes in words, as they are told before or after an hour
		s.number, ok = l.number(t)
		ok = ok && t.number < 0 && s.number >= 5 && s.number < 30 && s.number%5 == 0
	case "dom": // a day of the month
		s.number, ok = l.number(t)
		ok = ok && s.number >= 1 && s.number <= 31 && (t.number >= 0 || s.number >= 10)
	case "nth":
		s.number, ok = lookup(lexicons.nths, t)
	case "clock":
		s.minutes, s.zero, ok = clock(t.text)
	case "weekday":
		s.weekday, ok = lookup(lexicons.weekdays, t)
	case "month":
		s.month, ok = lookup(lexicons.months, t)
	case "date":
		s.date, ok = t.text, strings.ContainsAny(t.text, "/-")
	}
	return s, ok
}

// number is the value of a whole number in digits or in a word of the lexicon's language.
func (l *lexicon) number(t token) (int, bool) {
	if t.number >= 0 {
		return t.number, true
	}
	if _, day := lookup(lexicons.weekdays, t); day {
		return 0, false // الاثنين is Monday, not two
	}
	return lookup(lexicons.numbers[l.language], t)
}

func lookup(table map[string]int, t token) (int, bool) {
	for _, f := range t.forms {
		if n, ok := table[f]; ok {
			return n, true
		}
	}
	return 0, false
}

// clock reads 16:30 or 16.30 as minutes after midnight. A leading zero says that the 24-hour clock is
// meant.
func clock(text string) (minutes int, zero, ok bool) {
	h, m, found := strings.Cut(strings.ReplaceAll(text, ".", ":"), ":")
	if !found || len(h) > 2 || len(m) != 2 {
		return 0, false, false
	}
	hour, err1 := strconv.Atoi(h)
	minute, err2 := strconv.Atoi(m)
	if err1 != nil || err2 != nil || hour > 24 || minute > 59 {
		return 0, false, false
	}
	return hour*60 + minute, h[0] == '0', true
}
