package chat

import (
	"slices"
	"strconv"
	"time"

	"frontdesk/internal/booking"
	"frontdesk/internal/chat/understand"
	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// further is how many days are searched when a day has no more times to offer.
const further = 14

// found takes the answer of a search to the customer: a choice of times, the question with whom, or
// why there is nothing and what comes next.
func (d *dialogue) found(f Found) {
	a := f.Availability
	switch {
	case f.Why == whyLate:
		d.foundInstead(a)
	case f.Why == WhyOffer && len(a.Slots) > 0 && d.stylistMatters(a):
		d.askStylist()
	case len(a.Slots) > 0:
		d.follow(f)
		d.offer(f)
	case f.Why == WhyMore:
		d.nothingMore(f.Query)
	default:
		d.nothing(f)
	}
}

// follow makes the day that further times are of the day spoken of: "at six" is then on that day.
func (d *dialogue) follow(f Found) {
	if f.Why != WhyMore {
		return
	}
	zone := d.f.Now.Location()
	first, last := f.Availability.Slots[0], f.Availability.Slots[len(f.Availability.Slots)-1]
	day := Date{understand.DayOf(first.Span.Start.In(zone))}
	if r := &d.s.Request; day.Day == understand.DayOf(last.Span.Start.In(zone)) {
		r.From, r.To = &day, &day
	}
}

// stylistMatters tells whether to ask with whom before times are offered (P.stylist.ask): nobody is
// named or preferred, the customer left it open, and there are more free windows than options.
func (d *dialogue) stylistMatters(a booking.Availability) bool {
	r := d.s.Request
	return !d.moving() && r.Stylist == nil && !r.Anyone && r.At == nil && d.preferred(d.order().category) == nil &&
		a.Windows > d.f.Policies.SlotsOfferMax && d.s.Stage != StageSlot
}

// offer shows times: all that start as wished when there are some, else the nearest or the best.
func (d *dialogue) offer(f Found) {
	slots := d.sameFirst(slotsOf(f.Availability.Slots))
	if at := d.s.Request.At; at != nil {
		var exact []Slot
		for _, s := range slots {
			if minuteOf(s.Start.In(d.f.Now.Location())) == *at {
				exact = append(exact, s)
			}
		}
		switch {
		case len(exact) > 0:
			slots = exact
		case !d.s.Request.About && f.Why == WhyOffer:
			wished := d.s.Request.From.In(d.f.Now.Location()).Add(time.Duration(*at) * time.Minute)
			d.lead(say("chat.near", i18n.Facts{"Time": i18n.Clock(wished)}))
		}
		if len(exact) == 1 && f.Why == WhyOffer {
			d.askOne(exact[0], "chat.slots.exact")
			return
		}
	}
	d.askSlot(slots)
}

// askSlot asks which of the times suits; a single one is offered as such (C14).
func (d *dialogue) askSlot(slots []Slot) {
	if len(slots) == 0 {
		d.advance()
		return
	}
	if len(slots) == 1 {
		d.askOne(slots[0], "chat.slots.one")
		return
	}
	d.askMany(slots, "chat.slots.many")
}

func (d *dialogue) askMany(slots []Slot, key string) {
	d.remember(slots)
	d.askNumbered(StageSlot, "chat.slot.label", d.slotChoices(slots), say(key, i18n.Facts{"Options": d.slotLines(slots)}))
}

// slotLines lists times with numbers, for the text.
func (d *dialogue) slotLines(slots []Slot) []Line {
	lines := make([]Line, len(slots))
	for i, s := range slots {
		lines[i] = say("chat.slot.line", i18n.Facts{
			"Number": strconv.Itoa(i + 1), "When": i18n.Moment(d.lang, s.Start.In(d.f.Now.Location())),
			"Stylist": d.stylistName(s.StylistID),
		})
	}
	return lines
}

func (d *dialogue) askOne(s Slot, key string) {
	d.remember([]Slot{s})
	d.ask(StageSlot, "chat.slot.label", []Choice{
		{ID: slotID(s), Titles: []Line{d.takeButton()}},
		{ID: optionOther, Titles: []Line{say("chat.slot.button.other", nil)}},
	}, say(key, i18n.Facts{"Option": d.offeredLine(s)}))
}

// gone tells whether an offered time cannot be had any more.
func (d *dialogue) gone(s Slot) bool {
	return slices.ContainsFunc(d.f.Gone, func(g booking.Slot) bool { return g.StylistID == s.StylistID && g.Span.Start.Equal(s.Start) })
}

// offered are the times of the last offer, for one or for several together.
func (s State) offered() []booking.Slot {
	list := seenSlots(s.Offer)
	if s.Together != nil {
		for _, together := range s.Together.Offer {
			list = append(list, seenSlots(together)...)
		}
	}
	return list
}

// movingID is the visit that another time is looked for; nil: none.
func (s State) movingID() *models.ID {
	if s.Change == nil {
		return nil
	}
	return s.Change.Visit
}

// offeredLine names an offered time; of several services in a row also when they end (S15).
func (d *dialogue) offeredLine(s Slot) Line {
	if len(d.order().services) < 2 {
		return d.slotLine(s)
	}
	zone := d.f.Now.Location()
	return say("chat.slot.span", i18n.Facts{
		"Day": i18n.Day(d.lang, s.Start.In(zone)), "From": i18n.Clock(s.Start.In(zone)), "To": i18n.Clock(s.End.In(zone)),
		"Stylist": d.stylistName(s.StylistID),
	})
}

// remember keeps what is offered now, and what was offered for this request so far.
func (d *dialogue) remember(slots []Slot) {
	d.s.Offer, d.s.Chosen = slots, nil
	for _, s := range slots {
		if !shown(d.s.Shown, s) {
			d.s.Shown = append(d.s.Shown, s)
		}
	}
}

func shown(list []Slot, s Slot) bool {
	for _, o := range list {
		if o.same(s) {
			return true
		}
	}
	return false
}

// slotChoices are the times as buttons: with the day when they are of several days. Each title has
// shorter forms, the last of which fits a button whatever the stylist's name.
func (d *dialogue) slotChoices(slots []Slot) []Choice {
	zone := d.f.Now.Location()
	days := map[understand.Day]bool{}
	for _, s := range slots {
		days[understand.DayOf(s.Start.In(zone))] = true
	}
	choices := make([]Choice, len(slots))
	for i, s := range slots {
		at, who := s.Start.In(zone), d.stylistName(s.StylistID)
		clock, day := i18n.Clock(at), i18n.WeekdayShort(d.lang, at.Weekday())
		titles := []Line{verbatim(clock + " " + who)}
		if len(days) > 1 {
			titles = []Line{
				verbatim(i18n.DayShort(d.lang, at) + " " + clock + " " + who),
				verbatim(day + " " + clock + " " + who),
			}
		}
		choices[i] = Choice{ID: slotID(s), Titles: titles}
	}
	return choices
}

func slotsOf(found []booking.Slot) []Slot {
	slots := make([]Slot, len(found))
	for i, s := range found {
		slots[i] = Slot{s.StylistID, s.Span.Start, s.Span.End}
	}
	return slots
}

// nothing says why no time can be offered and what the next dates have.
func (d *dialogue) nothing(f Found) {
	a, r := f.Availability, d.s.Request
	day := r.From.In(d.f.Now.Location())
	oneDay := r.From.Day == r.To.Day
	switch {
	case a.Closed != nil:
		d.closed(*a.Closed)
	case len(a.Next) == 0: // what is said of the coming weeks says it of the day
	case r.Stylist != nil:
		d.lead(say("chat.full.stylist", i18n.Facts{"Stylist": d.stylistName(*r.Stylist)}))
	case r.timed() || !oneDay:
		d.lead(say("chat.full.wish", nil))
	case understand.DayOf(d.f.Now) == r.From.Day:
		d.lead(say("chat.full.today", nil))
	default:
		d.lead(say("chat.full", i18n.Facts{"Day": i18n.Day(d.lang, day)}))
	}
	d.offerNext(a)
	if a.Closed != nil || r.Stylist == nil && len(r.Without) == 0 && !r.timed() {
		d.goOn(a.Next)
	}
}

// goOn makes the days offered instead of one that is closed or full the days asked for: "at nine" and
// "with Iris" are about these, and only naming the first day brings back to it. A day on which
// somebody else or another hour may be free stays asked for.
func (d *dialogue) goOn(next []booking.DaySlots) {
	if len(next) == 0 {
		return
	}
	zone, r := d.f.Now.Location(), &d.s.Request
	r.From = &Date{understand.DayOf(next[0].Day.In(zone))}
	r.To = &Date{understand.DayOf(next[len(next)-1].Day.In(zone))}
}

func (d *dialogue) closed(c booking.Closure) {
	if d.s.closedDay {
		return // it was said in answer to their question
	}
	day := i18n.Day(d.lang, c.Day)
	if reason := c.Reason.In(d.lang); reason != "" {
		d.lead(say("chat.closed", i18n.Facts{"Day": day, "Reason": reason}))
		return
	}
	d.lead(say("chat.closed.weekly", i18n.Facts{"Day": day}))
}

// offerNext offers the first time of each of the next dates. Other stylists are offered when one was
// named: only that one was searched.
func (d *dialogue) offerNext(a booking.Availability) {
	var slots []Slot
	for _, day := range a.Next {
		slots = append(slots, slotsOf(day.Slots[:1])...)
	}
	if len(slots) == 0 {
		d.nowhere()
		return
	}
	d.remember(slots)
	named := d.s.Request.Stylist != nil
	choices := d.slotChoices(slots)
	if named {
		choices = append(choices, Choice{ID: optionAnyStylist, Titles: []Line{say("chat.stylist.button.other", nil)}})
	} else {
		choices = append(choices, Choice{ID: optionOther, Titles: []Line{say("chat.slot.button.other", nil)}})
	}
	if len(slots) == 1 {
		choices[0].Titles = []Line{d.takeButton()}
		d.ask(StageSlot, "chat.slot.label", choices, say("chat.slots.next.one", i18n.Facts{"Option": d.slotLine(slots[0])}))
		return
	}
	d.askNumbered(StageSlot, "chat.slot.label", choices, say("chat.slots.next", i18n.Facts{"Options": d.slotLines(slots)}))
}

// nowhere says that no date of the coming weeks fits the wish, just as it was searched, and what could
// be changed about it. With a stylist named the day stays: somebody else may have time on it.
func (d *dialogue) nowhere() {
	r := d.s.Request
	timed := r.timed()
	facts := i18n.Facts{"Day": i18n.Day(d.lang, r.From.In(d.f.Now.Location()))}
	if r.Stylist != nil {
		facts["Stylist"] = d.stylistName(*r.Stylist)
		key := "chat.full.all.stylist"
		if timed {
			key = "chat.full.all.stylist.time"
		}
		d.ask(StageStylist, "", []Choice{{ID: optionAnyStylist, Titles: []Line{say("chat.stylist.button.other", nil)}}},
			say(key, facts))
		return
	}
	d.clearDay()
	if timed {
		d.ask(StageDay, "", nil, say("chat.full.all.time", facts))
		return
	}
	d.ask(StageDay, "", nil, say("chat.full.all", facts))
}

func (d *dialogue) clearDay() {
	r := &d.s.Request
	r.From, r.To, r.Part, r.At, r.About, r.After, r.Before = nil, nil, understand.AnyPart, nil, false, nil, nil
}

// otherTimes looks for times beside those shown: later, earlier, or just others. What the message
// says beside it narrows the search.
func (d *dialogue) otherTimes(m understand.Meaning) bool {
	o := d.order()
	if d.s.Request.From == nil || o.minutes == 0 {
		return false
	}
	offered, seen := d.s.Offer, d.s.Shown
	if d.merge(m) {
		d.advance()
		return true
	}
	zone := d.f.Now.Location()
	q := d.query()
	q.Except = append(q.Except, seenSlots(seen)...)
	if len(offered) > 0 {
		day := understand.DayOf(offered[len(offered)-1].Start.In(zone))
		q.From, q.To = day.In(zone), day.Plus(1).In(zone)
	}
	switch {
	case m.OtherDay: // at the time wished for, if one was
		q.From, q.To = q.To, q.To.AddDate(0, 0, further)
	case len(offered) > 0:
		last, first := minuteOf(offered[len(offered)-1].Start.In(zone)), minuteOf(offered[0].Start.In(zone))
		for _, s := range offered {
			minute := minuteOf(s.Start.In(zone))
			last, first = max(last, minute), min(first, minute)
		}
		switch {
		case m.Later:
			q.NotBefore = &last
		case m.Earlier:
			q.NotAfter = &first
		}
	}
	if !m.OtherDay {
		q.At = nil
	}
	d.do(FindSlots{Why: WhyMore, Query: q})
	return true
}

func seenSlots(list []Slot) []booking.Slot {
	out := make([]booking.Slot, len(list))
	for i, s := range list {
		out[i].StylistID, out[i].Span.Start, out[i].Span.End = s.StylistID, s.Start, s.End
	}
	return out
}

// nothingMore says that a day is used up and looks at the days after it.
func (d *dialogue) nothingMore(q booking.SlotQuery) {
	if q.To.Sub(q.From) > 26*time.Hour { // the days after were looked at already
		d.noneBetween(q)
		return
	}
	d.lead(say("chat.full.more", nil))
	q.From, q.To = q.To, q.To.AddDate(0, 0, further)
	q.NotBefore, q.NotAfter = d.s.Request.After, d.s.Request.Before
	d.do(FindSlots{Why: WhyMore, Query: q})
}

// noneBetween says that the days just searched have nothing beside what was shown: these days, this
// wish and no more than that. What was asked for stays: "with Omar then" is about the same days.
func (d *dialogue) noneBetween(q booking.SlotQuery) {
	zone := d.f.Now.Location()
	facts := i18n.Facts{
		"From": i18n.Day(d.lang, q.From.In(zone)), "To": i18n.Day(d.lang, q.To.In(zone).AddDate(0, 0, -1)),
	}
	key := "chat.full.days"
	if q.StylistID != nil {
		key, facts["Stylist"] = "chat.full.days.stylist", d.stylistName(*q.StylistID)
	}
	d.ask(StageDay, "", nil, say(key, facts))
}
