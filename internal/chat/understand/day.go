package understand

import "time"

// Day is a date on the wall calendar, without zone or time.
type Day struct {
	Year  int
	Month time.Month
	Date  int
}

// DayOf is the date of a moment in its own zone.
func DayOf(t time.Time) Day {
	y, m, d := t.Date()
	return Day{y, m, d}
}

// In is the midnight that begins the day in a zone.
func (d Day) In(zone *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Date, 0, 0, 0, 0, zone)
}

// Plus is the day n days later.
func (d Day) Plus(n int) Day { return DayOf(d.In(time.UTC).AddDate(0, 0, n)) }

// until is how many days later o is.
func (d Day) until(o Day) int { return int(o.In(time.UTC).Sub(d.In(time.UTC)).Hours() / 24) }

// Weekday is the day of the week.
func (d Day) Weekday() time.Weekday { return d.In(time.UTC).Weekday() }

// Before tells whether d comes before o.
func (d Day) Before(o Day) bool { return d.In(time.UTC).Before(o.In(time.UTC)) }

// String is the ISO form, 2026-10-09.
func (d Day) String() string { return d.In(time.UTC).Format(time.DateOnly) }

// Days is a range of days; both ends belong to it.
type Days struct{ From, To Day }

// Has tells whether the day is in the range.
func (r Days) Has(d Day) bool { return !d.Before(r.From) && !r.To.Before(d) }
