package booking

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"frontdesk/models"
)

// maxApart is how long after one visit of a group the next begins at the latest, when they cannot begin
// together (S07).
const maxApart = 30 * time.Minute

// togetherOffer is how many times a group is offered at once.
const togetherOffer = 2

// Seat is one person of a group: what they need.
type Seat struct {
	Minutes  int
	Category models.Category
	PreferID *models.ID    // put first without leaving the others out
	Busy     []models.Span // when this person is here already
}

// TogetherQuery asks when several people could come at the same time.
type TogetherQuery struct {
	Seats []Seat
	// The rest as in SlotQuery, for every seat.
	StylistID               *models.ID // one of the seats is theirs
	Without                 []models.ID
	From, To                time.Time
	Part                    PartOfDay
	At, NotBefore, NotAfter *int
	ConversationID          *models.ID
	Except                  []Joint
}

// Joint is a time for a group: a slot for each seat, in the order of the seats.
type Joint []Slot

// Same tells whether two joint times are the same starts with the same stylists.
func (j Joint) Same(o Joint) bool { return slices.EqualFunc(j, o, Slot.same) }

func (j Joint) start() time.Time {
	return slices.MinFunc(j, func(a, b Slot) int { return a.Span.Start.Compare(b.Span.Start) }).Span.Start
}

func (j Joint) end() time.Time {
	return slices.MaxFunc(j, func(a, b Slot) int { return a.Span.End.Compare(b.Span.End) }).Span.End
}

// Together answers a TogetherQuery.
type Together struct {
	Options []Joint // at most two, soonest first
	// Staggered: nobody could begin together; the one option is back to back, or the next begins at most 30
	// minutes after the one before has ended.
	Staggered bool
	Closed    *Closure // as in Availability
	// Next are the first times of the next two dates, when Options is empty.
	Next []Joint
}

// FindTogether answers when several people could come at once: equal starts, each with a stylist of their
// own; failing that, one after the other with little between. The first seat's preferred stylist
// comes first, then the order of the stylists' codes.
func (d *Diary) FindTogether(ctx context.Context, q TogetherQuery) (Together, error) {
	ctx, err := d.db.Pin(ctx)
	if err != nil {
		return Together{}, fmt.Errorf("find times together: %w", err)
	}
	s, err := d.newSearchTogether(ctx, q)
	if err != nil {
		return Together{}, fmt.Errorf("find times together: %w", err)
	}
	first, end := dateOf(q.From, s.zone), dateOf(q.To, s.zone)
	cal, err := d.calendar(ctx, s.all.span(first, end), s.zone, &s.all)
	if err != nil {
		return Together{}, fmt.Errorf("find times together: %w", err)
	}
	var t Together
	var joint, staggered []Joint
	open := false
	for day, n := first, 0; day != end && n < maxSearchDays; day, n = day.next(), n+1 {
		joint = append(joint, s.jointOn(cal, day)...)
		if len(joint) == 0 {
			staggered = append(staggered, s.staggeredOn(cal, day)...)
		}
		why := cal.closure(day, s.all.asked)
		open = open || why == nil
		if t.Closed == nil {
			t.Closed = why
		}
	}
	if open {
		t.Closed = nil
	}
	if t.Options = s.pick(joint); len(t.Options) > 0 {
		return t, nil
	}
	if s.pick(staggered) != nil {
		t.Options, t.Staggered = s.pick(staggered)[:1], true
		return t, nil
	}
	if t.Next, err = d.nextTogether(ctx, s, end); err != nil {
		return Together{}, fmt.Errorf("find times together on later dates: %w", err)
	}
	return t, nil
}

// togetherSearch is a query with everything it needs but the calendar: a search for each seat, and one for
// all of their stylists.
type togetherSearch struct {
	TogetherQuery
	all   search
	seats []search
	zone  *time.Location
}

func (d *Diary) newSearchTogether(ctx context.Context, q TogetherQuery) (togetherSearch, error) {
	if len(q.Seats) < 2 || len(q.Seats) > MaxTogether {
		return togetherSearch{}, fmt.Errorf("%d people", len(q.Seats))
	}
	s := togetherSearch{TogetherQuery: q}
	for _, seat := range q.Seats {
		one, err := d.newSearch(ctx, SlotQuery{
			Minutes: seat.Minutes, Category: seat.Category, Without: q.Without, From: q.From, To: q.To, Part: q.Part,
			NotBefore: q.NotBefore, NotAfter: q.NotAfter, ConversationID: q.ConversationID, Busy: seat.Busy,
		})
		if err != nil {
			return togetherSearch{}, err
		}
		slices.SortStableFunc(one.stylists, func(a, b models.Stylist) int {
			return cmp.Or(cmp.Compare(unwanted(a, seat.PreferID), unwanted(b, seat.PreferID)), strings.Compare(a.Code, b.Code))
		})
		s.seats = append(s.seats, one)
	}
	s.all, s.zone = s.seats[0], s.seats[0].zone
	s.all.stylists = nil
	for _, seat := range s.seats {
		for _, stylist := range seat.stylists {
			if !slices.ContainsFunc(s.all.stylists, func(o models.Stylist) bool { return o.ID == stylist.ID }) {
				s.all.stylists = append(s.all.stylists, stylist)
			}
		}
	}
	return s, nil
}

func unwanted(s models.Stylist, prefer *models.ID) int {
	if prefer != nil && s.ID == *prefer {
		return 0
	}
	return 1
}

// jointOn are the times of a day at which every seat can begin with a stylist of its own, one for each
// minute of the grid.
func (s togetherSearch) jointOn(cal calendar, day date) []Joint {
	byMinute := make([]map[int][]Slot, len(s.seats))
	var minutes []int
	for i, seat := range s.seats {
		byMinute[i] = map[int][]Slot{}
		for _, free := range seat.startsOn(cal, day, 0) {
			byMinute[i][free.minute] = append(byMinute[i][free.minute], free.Slot)
		}
		if i == 0 {
			for minute := range byMinute[0] {
				minutes = append(minutes, minute)
			}
		}
	}
	slices.Sort(minutes)
	var found []Joint
	for _, minute := range minutes {
		free := make([][]Slot, len(s.seats))
		for i := range s.seats {
			free[i] = byMinute[i][minute]
		}
		if joint, ok := s.assign(free, nil); ok {
			found = append(found, joint)
		}
	}
	return found
}

// assign gives each seat one of its slots, no stylist twice: the first way in the order of the slots.
func (s togetherSearch) assign(free [][]Slot, taken Joint) (Joint, bool) {
	if len(taken) == len(free) {
		return slices.Clone(taken), s.wanted(taken)
	}
	for _, slot := range free[len(taken)] {
		if slices.ContainsFunc(taken, func(o Slot) bool { return o.StylistID == slot.StylistID }) {
			continue
		}
		if joint, ok := s.assign(free, append(slices.Clone(taken), slot)); ok {
			return joint, true
		}
	}
	return nil, false
}

// wanted tells whether a joint time has the stylist asked for and was not passed over before.
func (s togetherSearch) wanted(j Joint) bool {
	if s.StylistID != nil && !slices.ContainsFunc(j, func(o Slot) bool { return o.StylistID == *s.StylistID }) {
		return false
	}
	return !slices.ContainsFunc(s.Except, j.Same)
}

// staggeredOn are, for each first start of a day, the shortest way to have all seats one after the other.
func (s togetherSearch) staggeredOn(cal calendar, day date) []Joint {
	walk := staggering{togetherSearch: s, windows: map[models.ID][]models.Span{}}
	for _, stylist := range s.all.stylists {
		walk.windows[stylist.ID] = cal.windows(day, stylist.ID)
	}
	var found []Joint
	for first, seat := range s.seats {
		for _, free := range seat.startsOn(cal, day, 0) {
			walk.best = nil
			placed := make(Joint, len(s.seats))
			placed[first] = free.Slot
			walk.place(cal, day, placed, 1<<first, free.Slot)
			if walk.best != nil {
				found = append(found, walk.best)
			}
		}
	}
	slices.SortStableFunc(found, func(a, b Joint) int {
		return cmp.Or(cmp.Compare(a.end().Sub(a.start()), b.end().Sub(b.start())), a.start().Compare(b.start()))
	})
	return found
}

// staggering is one way after the other being tried.
type staggering struct {
	togetherSearch
	windows map[models.ID][]models.Span
	best    Joint
}

// place puts each remaining seat where it begins soonest with each stylist, at or after the start of the
// one before and at most maxApart after its end, and keeps the way that ends first.
func (w *staggering) place(cal calendar, day date, placed Joint, done int, last Slot) {
	if done == 1<<len(w.seats)-1 {
		if w.wanted(placed) && (w.best == nil || placed.end().Before(w.best.end())) {
			w.best = slices.Clone(placed)
		}
		return
	}
	for i, seat := range w.seats {
		if done&(1<<i) != 0 {
			continue
		}
		for _, stylist := range seat.stylists {
			slot, ok := w.soonest(cal, day, seat, stylist.ID, placed, done, last)
			if !ok {
				continue
			}
			next := slices.Clone(placed)
			next[i] = slot
			w.place(cal, day, next, done|1<<i, slot)
		}
	}
}

// soonest is the first start of a seat with a stylist after another visit: on the grid, or the moment a
// visit at that stylist ends, so that two follow each other without a gap.
func (w *staggering) soonest(cal calendar, day date, seat search, stylist models.ID, placed Joint, done int, last Slot) (Slot, bool) {
	var starts []time.Time
	for _, window := range w.windows[stylist] {
		for _, minute := range cal.starts(day, window, seat.Minutes, seat.grid, seat.earliest) {
			starts = append(starts, day.at(minute, seat.zone))
		}
	}
	for i, other := range placed {
		if done&(1<<i) != 0 && other.StylistID == stylist {
			starts = append(starts, other.Span.End)
		}
	}
	slices.SortFunc(starts, time.Time.Compare)
	for _, at := range starts {
		slot := Slot{stylist, models.Span{Start: at, End: at.Add(minutes(seat.Minutes))}}
		minute := at.In(seat.zone).Hour()*60 + at.In(seat.zone).Minute()
		inTime := !at.Before(last.Span.Start) && !at.After(last.Span.End.Add(maxApart))
		if inTime && minute >= seat.asked.from && minute < seat.asked.to && covers(w.windows[stylist], slot.Span) &&
			!slices.ContainsFunc(seat.Busy, slot.Span.Overlaps) && !w.clashes(placed, done, slot) {
			return slot, true
		}
	}
	return Slot{}, false
}

// clashes tells whether the stylist of a slot has another of the group at that time.
func (w *staggering) clashes(placed Joint, done int, slot Slot) bool {
	for i, other := range placed {
		if done&(1<<i) != 0 && other.StylistID == slot.StylistID && other.Span.Overlaps(slot.Span) {
			return true
		}
	}
	return false
}

// pick takes at most togetherOffer times: nearest to the wished one, else as found; the second apart from
// the first when there is one.
func (s togetherSearch) pick(found []Joint) []Joint {
	if s.At != nil {
		slices.SortStableFunc(found, func(a, b Joint) int { return cmp.Compare(s.away(a), s.away(b)) })
	}
	if len(found) <= 1 {
		return found
	}
	second := slices.IndexFunc(found[1:], func(j Joint) bool {
		return !j.start().Before(found[0].end()) || !j.end().After(found[0].start())
	})
	picked := []Joint{found[0], found[1+max(second, 0)]}
	slices.SortStableFunc(picked, func(a, b Joint) int { return a.start().Compare(b.start()) })
	return picked[:min(len(picked), togetherOffer)]
}

// away is how many minutes a time lies from the one wished for.
func (s togetherSearch) away(j Joint) int {
	at := j.start().In(s.zone)
	minute := at.Hour()*60 + at.Minute()
	return max(minute-*s.At, *s.At-minute)
}

// nextTogether looks for the first times of the next dates.
func (d *Diary) nextTogether(ctx context.Context, s togetherSearch, from date) ([]Joint, error) {
	if today := dateOf(s.all.now, s.zone); from.at(0, s.zone).Before(today.at(0, s.zone)) {
		from = today
	}
	var dates []Joint
	day := from
	for range horizonDays / stretchDays {
		end := day
		for range stretchDays {
			end = end.next()
		}
		cal, err := d.calendar(ctx, s.all.span(day, end), s.zone, &s.all)
		if err != nil {
			return nil, err
		}
		for ; day != end; day = day.next() {
			found := s.jointOn(cal, day)
			if len(found) == 0 {
				found = s.staggeredOn(cal, day)
			}
			if picked := s.pick(found); len(picked) > 0 {
				dates = append(dates, picked[0])
			}
			if len(dates) == nextDates {
				return dates, nil
			}
		}
	}
	return dates, nil
}
