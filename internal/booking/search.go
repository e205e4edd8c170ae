package booking

import (
	"context"
	"fmt"
	"slices"
	"time"

	"frontdesk/internal/settings"
	"frontdesk/models"
)

const (
	nextDates     = 2  // dates with options named when nothing fits
	horizonDays   = 56 // how far ahead those are looked for
	stretchDays   = 14 // days read at a time on the way
	maxSearchDays = 92 // longest search asked for at once
)

// FindSlots answers when somebody could come (R-312 … R-317): starts on the grid, at least the lead
// time away, in a contiguous free window of the whole visit inside the opening hours. Lapsed holds
// and the asking conversation's own hold count as free.
func (d *Diary) FindSlots(ctx context.Context, q SlotQuery) (Availability, error) {
	ctx, err := d.db.Pin(ctx)
	if err != nil {
		return Availability{}, fmt.Errorf("find slots: %w", err)
	}
	s, err := d.newSearch(ctx, q)
	if err != nil {
		return Availability{}, fmt.Errorf("find slots: %w", err)
	}
	first, end := dateOf(q.From, s.zone), dateOf(q.To, s.zone)
	cal, err := d.calendar(ctx, s.span(first, end), s.zone, &s)
	if err != nil {
		return Availability{}, fmt.Errorf("find slots: %w", err)
	}
	var free []start
	var closed *Closure
	open := false
	for day, n := first, 0; day != end && n < maxSearchDays; day, n = day.next(), n+1 {
		free = append(free, s.startsOn(cal, day, len(free))...)
		why := cal.closure(day, s.asked)
		open = open || why == nil
		if closed == nil {
			closed = why
		}
	}
	a := Availability{Slots: offer(free, q.PreferID, q.At, s.offer), Total: len(free), Windows: countWindows(free)}
	if len(free) > 0 {
		return a, nil
	}
	if !open {
		a.Closed = closed
	}
	if a.Next, err = d.next(ctx, s, end); err != nil {
		return Availability{}, fmt.Errorf("find slots on later dates: %w", err)
	}
	return a, nil
}

// search is a query with everything it needs but the calendar.
type search struct {
	SlotQuery
	zone     *time.Location
	now      time.Time
	stylists []models.Stylist
	asked    wallSpan // bounds of a start
	grid     int
	earliest time.Time
	offer    int
}

func (d *Diary) newSearch(ctx context.Context, q SlotQuery) (search, error) {
	p, err := d.settings.Policies(ctx)
	if err != nil {
		return search{}, err
	}
	stylists, err := d.stylists(ctx, q)
	if err != nil {
		return search{}, err
	}
	now := d.clock.Now()
	return search{
		SlotQuery: q, zone: p.Zone(), now: now, stylists: stylists, asked: q.bounds(), grid: p.SlotsGridMinutes,
		earliest: now.Add(lead(p)), offer: min(orPolicy(q.Offer, p.SlotsOffer), p.SlotsOfferMax),
	}, nil
}

func (d *Diary) stylists(ctx context.Context, q SlotQuery) ([]models.Stylist, error) {
	menu, err := d.Menu(ctx)
	if err != nil {
		return nil, err
	}
	var able []models.Stylist
	for _, s := range menu.Stylists {
		named := q.StylistID == nil || *q.StylistID == s.ID
		if s.Does(q.Category) && named && !slices.Contains(q.Without, s.ID) {
			able = append(able, s)
		}
	}
	return able, nil
}

// bounds are the earliest start and the end of starts that the query allows, in minutes of the day.
func (q SlotQuery) bounds() wallSpan {
	b := wallSpan{0, 24 * 60}
	switch q.Part {
	case Morning:
		b.to = noon
	case Afternoon:
		b.from = noon
	case AnyPart:
	}
	if q.NotBefore != nil {
		b.from = max(b.from, *q.NotBefore)
	}
	if q.NotAfter != nil {
		b.to = min(b.to, *q.NotAfter+1)
	}
	return b
}

func (s search) span(from, to date) models.Span {
	return models.Span{Start: from.at(0, s.zone), End: to.at(0, s.zone)}
}

// startsOn lists the free starts of a day. Windows are numbered from seen, the starts found so far,
// so that no two days share a number.
func (s search) startsOn(cal calendar, day date, seen int) []start {
	var found []start
	for position, stylist := range s.stylists {
		for _, window := range cal.windows(day, stylist.ID) {
			number := seen + len(found)
			for _, minute := range cal.starts(day, window, s.Minutes, s.grid, s.earliest) {
				if minute < s.asked.from || minute >= s.asked.to {
					continue
				}
				at := day.at(minute, s.zone)
				span := models.Span{Start: at, End: at.Add(time.Duration(s.Minutes) * time.Minute)}
				slot := Slot{stylist.ID, span}
				if slices.ContainsFunc(s.Except, slot.same) || slices.ContainsFunc(s.Busy, span.Overlaps) {
					continue
				}
				found = append(found, start{slot, minute, number, position})
			}
		}
	}
	return found
}

// countWindows counts the free stretches that starts lie in; starts of one stretch stand together.
func countWindows(free []start) int {
	n := 0
	for i, s := range free {
		if i == 0 || s.window != free[i-1].window {
			n++
		}
	}
	return n
}

// next looks for the next dates with options from a day on, a stretch of days at a time.
func (d *Diary) next(ctx context.Context, s search, from date) ([]DaySlots, error) {
	if today := dateOf(s.now, s.zone); from.at(0, s.zone).Before(today.at(0, s.zone)) {
		from = today
	}
	var dates []DaySlots
	day := from
	for range horizonDays / stretchDays {
		end := day
		for range stretchDays {
			end = end.next()
		}
		cal, err := d.calendar(ctx, s.span(day, end), s.zone, &s)
		if err != nil {
			return nil, err
		}
		for ; day != end; day = day.next() {
			if free := s.startsOn(cal, day, 0); len(free) > 0 {
				dates = append(dates, DaySlots{day.at(0, s.zone), offer(free, s.PreferID, s.At, s.offer)})
			}
			if len(dates) == nextDates {
				return dates, nil
			}
		}
	}
	return dates, nil
}

// calendar reads what decides about a stretch of time; with a search also which of its stylists'
// time is taken.
func (d *Diary) calendar(ctx context.Context, span models.Span, zone *time.Location, s *search) (calendar, error) {
	blocks, err := d.Blocks(ctx, span.Start, span.End)
	if err != nil {
		return calendar{}, err
	}
	cal, err := d.opened(ctx, span, zone, blocks)
	if err != nil || s == nil {
		return cal, err
	}
	return cal, d.addTaken(ctx, cal, span, s)
}

// opened is the calendar of a stretch of time with some closed time: all that touches what is asked of it.
func (d *Diary) opened(ctx context.Context, span models.Span, zone *time.Location, blocks []models.TimeBlock) (calendar, error) {
	t, err := d.kept.times.Of(ctx)
	if err != nil {
		return calendar{}, err
	}
	cal, err := newCalendar(zone, t.weekly, t.breaks, blocks)
	if err != nil {
		return calendar{}, err
	}
	return cal, cal.follow(t.setsBetween(models.DateOf(span.Start.In(zone)), models.DateOf(span.End.In(zone))))
}

func (d *Diary) addTaken(ctx context.Context, cal calendar, span models.Span, s *search) error {
	ids := make([]models.ID, len(s.stylists))
	for i, stylist := range s.stylists {
		ids[i] = stylist.ID
	}
	q := d.db.On(ctx).Select("stylist_id", "starts_at", "ends_at").
		Where("stylist_id IN ?", ids).Scopes(touching(span)).Where(liveAt, s.now)
	if s.ConversationID != nil {
		q = q.Where("NOT (status = ? AND conversation_id IS NOT DISTINCT FROM ?)", models.Provisional, *s.ConversationID)
	}
	if s.MovingID != nil {
		q = q.Where("id <> ?", *s.MovingID)
	}
	var rows []models.Appointment
	if err := q.Find(&rows).Error; err != nil {
		return fmt.Errorf("read taken time: %w", err)
	}
	for _, a := range rows {
		cal.taken[a.StylistID] = append(cal.taken[a.StylistID], a.Span())
	}
	return nil
}

// liveAt selects appointments that occupy their stylist's time at a moment: a hold that has lapsed
// by then does not, whether or not a sweep has come by.
const liveAt = `status IN ('provisional', 'confirmed', 'reschedule_pending')
	AND NOT (status = 'provisional' AND hold_expires_at <= ?)`

func lead(p settings.Policies) time.Duration { return minutes(p.SameDayLeadMinutes) }

func minutes(n int) time.Duration { return time.Duration(n) * time.Minute }

func orPolicy(asked, policy int) int {
	if asked > 0 {
		return asked
	}
	return policy
}

// Blocks reads the closed times, salon-wide and of stylists, that touch a stretch of time.
func (d *Diary) Blocks(ctx context.Context, from, to time.Time) ([]models.TimeBlock, error) {
	var rows []models.TimeBlock
	err := d.db.On(ctx).Where("tstzrange(starts_at, ends_at) && tstzrange(?, ?)", from, to).
		Order("starts_at, id").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read closed times: %w", err)
	}
	return rows, nil
}
