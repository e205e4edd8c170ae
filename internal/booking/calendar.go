package booking

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"frontdesk/models"
)

// date is a civil day of the salon, free of any instant, so that stepping over it never depends on
// how long the day is.
type date struct {
	year  int
	month time.Month
	day   int
}

func dateOf(t time.Time, zone *time.Location) date {
	y, m, d := t.In(zone).Date()
	return date{y, m, d}
}

func (d date) next() date {
	y, m, day := time.Date(d.year, d.month, d.day+1, 12, 0, 0, 0, time.UTC).Date()
	return date{y, m, day}
}

func (d date) weekday() time.Weekday {
	return time.Date(d.year, d.month, d.day, 12, 0, 0, 0, time.UTC).Weekday()
}

// civil is the day as rows write it.
func (d date) civil() models.Date {
	return models.Date(fmt.Sprintf("%04d-%02d-%02d", d.year, d.month, d.day))
}

// at is the instant of a wall time, given in minutes after midnight. A wall time that the clock
// change skips gives the instant the clocks jump past it.
func (d date) at(minute int, zone *time.Location) time.Time {
	return time.Date(d.year, d.month, d.day, 0, minute, 0, 0, zone)
}

// shows tells whether clocks really show that wall time at the instant: false inside the hour that a
// clock change skips.
func (d date) shows(minute int, t time.Time) bool {
	return t.Hour()*60+t.Minute() == minute && t.Day() == d.day
}

// onSameDay tells whether two instants fall on one local day (C03).
func onSameDay(a, b time.Time, zone *time.Location) bool { return dateOf(a, zone) == dateOf(b, zone) }

// calendar is everything that decides whether time is free, as plain values: no clock, no query.
type calendar struct {
	zone   *time.Location
	hours  week
	sets   []schedule // hours that replace the weekly ones on their days; no two share a day
	breaks []weeklyBreak
	blocks []models.TimeBlock
	taken  map[models.ID][]models.Span // live appointments per stylist
}

// week are opening hours by weekday; no entry: closed.
type week map[time.Weekday]wallSpan

// schedule is a set of opening hours that holds between two days, both included.
type schedule struct {
	models.ScheduleSet
	hours week
}

// wallSpan is a stretch of a day in minutes after midnight, half-open.
type wallSpan struct{ from, to int }

type weeklyBreak struct {
	stylist models.ID
	weekday time.Weekday
	wallSpan
}

func newCalendar(zone *time.Location, hours []models.OpeningHours, breaks []models.WeeklyBreak, blocks []models.TimeBlock) (calendar, error) {
	c := calendar{zone: zone, blocks: blocks, taken: map[models.ID][]models.Span{}}
	var err error
	if c.hours, err = newWeek(hours); err != nil {
		return calendar{}, err
	}
	for _, b := range breaks {
		span, err := parseWall(b.Starts, b.Ends)
		if err != nil {
			return calendar{}, fmt.Errorf("break %s: %w", b.ID, err)
		}
		c.breaks = append(c.breaks, weeklyBreak{b.StylistID, b.Weekday, span})
	}
	return c, nil
}

func newWeek(hours []models.OpeningHours) (week, error) {
	w := week{}
	for _, h := range hours {
		span, err := parseWall(h.Opens, h.Closes)
		if err != nil {
			return nil, fmt.Errorf("opening hours of %s: %w", h.Weekday, err)
		}
		w[h.Weekday] = span
	}
	return w, nil
}

// follow lets the calendar follow dated sets of hours on their days.
func (c *calendar) follow(sets []models.ScheduleSet) error {
	for _, set := range sets {
		hours, err := newWeek(set.Week())
		if err != nil {
			return fmt.Errorf("schedule set %s: %w", set.ID, err)
		}
		c.sets = append(c.sets, schedule{set, hours})
	}
	return nil
}

// hoursOn are the hours of a day and the set they come from; nil when they are the weekly ones.
func (c calendar) hoursOn(d date) (span wallSpan, open bool, set *schedule) {
	for i := range c.sets {
		if c.sets[i].Covers(d.civil()) {
			span, open = c.sets[i].hours[d.weekday()]
			return span, open, &c.sets[i]
		}
	}
	span, open = c.hours[d.weekday()]
	return span, open, nil
}

func parseWall(from, to string) (wallSpan, error) {
	f, err := parseMinute(from)
	if err != nil {
		return wallSpan{}, err
	}
	t, err := parseMinute(to)
	return wallSpan{f, t}, err
}

func parseMinute(s string) (int, error) {
	hour, minute, ok := strings.Cut(s, ":")
	h, errHour := strconv.Atoi(hour)
	m, errMinute := strconv.Atoi(minute)
	if !ok || errHour != nil || errMinute != nil {
		return 0, fmt.Errorf("%q is not a time of day", s)
	}
	return h*60 + m, nil
}

// opening is when the salon opens on a day by its hours; false when that weekday is closed.
func (c calendar) opening(d date) (models.Span, bool) {
	h, ok, _ := c.hoursOn(d)
	return c.span(d, h), ok
}

func (c calendar) span(d date, w wallSpan) models.Span {
	return models.Span{Start: d.at(w.from, c.zone), End: d.at(w.to, c.zone)}
}

// windows are the stretches of a day in which a stylist is free, in order.
func (c calendar) windows(d date, stylist models.ID) []models.Span {
	open, ok := c.opening(d)
	if !ok {
		return nil
	}
	busy := slices.Clone(c.taken[stylist])
	for _, b := range c.blocks {
		if b.ClosesSalon() || *b.StylistID == stylist {
			busy = append(busy, models.Span{Start: b.StartsAt, End: b.EndsAt})
		}
	}
	for _, b := range c.breaks {
		if b.stylist == stylist && b.weekday == d.weekday() {
			busy = append(busy, c.span(d, b.wallSpan))
		}
	}
	return subtract(open, busy)
}

// salonWindows are the stretches of a day in which the salon is open, whoever works.
func (c calendar) salonWindows(d date) []models.Span {
	open, ok := c.opening(d)
	if !ok {
		return nil
	}
	var busy []models.Span
	for _, b := range c.blocks {
		if b.ClosesSalon() {
			busy = append(busy, models.Span{Start: b.StartsAt, End: b.EndsAt})
		}
	}
	return subtract(open, busy)
}

// closure tells why no start of the day between from and to (minutes after midnight) can be
// reached: the weekday is closed, by the weekly hours or by a dated set, or a salon-wide block covers that part of the opening. A part that
// lies outside the hours of an open day is no closure.
func (c calendar) closure(d date, asked wallSpan) *Closure {
	day := d.at(0, c.zone)
	hours, ok, set := c.hoursOn(d)
	if _, usually := c.hours[d.weekday()]; !ok && set != nil && usually {
		return &Closure{Day: day, Reason: set.Names, Kind: models.BlockClosed}
	}
	if !ok {
		return &Closure{Day: day, Kind: WeeklyClosing}
	}
	part := wallSpan{max(hours.from, asked.from), min(hours.to, asked.to)}
	if part.from >= part.to {
		return nil
	}
	span := c.span(d, part)
	for _, open := range c.salonWindows(d) {
		if open.Overlaps(span) {
			return nil
		}
	}
	return c.closing(day, span)
}

// closing is what closes the salon within a span of a day; nil: nothing does.
func (c calendar) closing(day time.Time, span models.Span) *Closure {
	for _, b := range c.blocks {
		if b.ClosesSalon() && span.Overlaps(models.Span{Start: b.StartsAt, End: b.EndsAt}) {
			return &Closure{Day: day, Reason: b.Reason, Kind: b.Kind}
		}
	}
	return nil
}

// covers tells whether a span lies inside one of the windows.
func covers(windows []models.Span, s models.Span) bool {
	return slices.ContainsFunc(windows, func(w models.Span) bool { return w.Covers(s) })
}

// subtract cuts the busy spans, in any order and overlapping as they may, out of a span.
func subtract(from models.Span, busy []models.Span) []models.Span {
	slices.SortFunc(busy, func(a, b models.Span) int { return a.Start.Compare(b.Start) })
	var free []models.Span
	cursor := from.Start
	for _, b := range busy {
		if !b.Overlaps(models.Span{Start: cursor, End: from.End}) {
			continue
		}
		if b.Start.After(cursor) {
			free = append(free, models.Span{Start: cursor, End: b.Start})
		}
		cursor = b.End
	}
	if cursor.Before(from.End) {
		free = append(free, models.Span{Start: cursor, End: from.End})
	}
	return free
}

// starts are the wall times of the grid, in minutes after midnight, at which a visit fits into the
// window and does not begin before earliest. The grid is aligned to the wall clock, whatever minute
// the window begins at.
func (c calendar) starts(d date, window models.Span, minutes, grid int, earliest time.Time) []int {
	length := time.Duration(minutes) * time.Minute
	var fit []int
	for minute := 0; minute < 24*60; minute += grid {
		start := d.at(minute, c.zone)
		visit := models.Span{Start: start, End: start.Add(length)}
		if d.shows(minute, start) && window.Covers(visit) && !start.Before(earliest) {
			fit = append(fit, minute)
		}
	}
	return fit
}
