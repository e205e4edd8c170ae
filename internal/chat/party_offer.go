package chat

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"frontdesk/internal/booking"
	"frontdesk/internal/chat/understand"
	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// Together is what was offered to a group: for each time the slots of its people, in their order.
type Together struct {
	Offer     [][]Slot `json:"offer,omitempty"`
	Shown     [][]Slot `json:"shown,omitempty"`
	Chosen    []Slot   `json:"chosen,omitempty"`
	Staggered bool     `json:"staggered,omitempty"`
}

const prefixJoint = "joint:" // joint:<start, Unix seconds>:<stylist codes>

func (d *dialogue) jointID(slots []Slot) string {
	codes := make([]string, len(slots))
	for i, s := range slots {
		if stylist, ok := d.f.Menu.Stylist(s.StylistID); ok {
			codes[i] = stylist.Code + "@" + strconv.FormatInt(s.Start.Unix()/60, 36)
		}
	}
	return prefixJoint + strings.Join(codes, ",")
}

// queryTogether is a group's request as a search of the diary.
func (d *dialogue) queryTogether() booking.TogetherQuery {
	r := d.s.Request
	zone := d.f.Now.Location()
	q := booking.TogetherQuery{
		StylistID: r.Stylist, Without: r.Without, From: r.From.In(zone), To: r.To.Plus(1).In(zone),
		At: r.At, NotBefore: r.After, NotAfter: r.Before,
	}
	switch r.Part {
	case understand.Morning:
		q.Part = booking.Morning
	case understand.Afternoon, understand.Evening:
		q.Part = booking.Afternoon
	}
	for _, g := range r.Guests {
		list := d.servicesOf(g)
		seat := booking.Seat{Category: list[0].Category}
		seat.Minutes, _ = booking.Total(list)
		if g.self() {
			seat.PreferID = d.preferred(seat.Category)
			for _, v := range d.mine(nil) {
				seat.Busy = append(seat.Busy, v.Span())
			}
		}
		q.Seats = append(q.Seats, seat)
	}
	return q
}

// quoteTogether tells the price of each one's services and the sum, once for each choice.
func (d *dialogue) quoteTogether() {
	key, total := "", int64(0)
	var lines []Line
	for _, g := range d.s.Request.Guests {
		key += "for " + string(g.Kin) + " "
		for _, s := range d.servicesOf(g) {
			key += s.Code + " "
			total += s.PriceMinor
			facts := i18n.Facts{"Service": s.Names.In(d.lang), "For": d.forWhom(g), "Minutes": minutesLine(s.Minutes), "Price": d.price(s.PriceMinor)}
			if s.PriceMinor == 0 {
				lines = append(lines, say("party.quote.free", facts))
				continue
			}
			lines = append(lines, say("party.quote", facts))
		}
	}
	if d.s.Request.Quoted == key {
		return
	}
	d.s.Request.Quoted = key
	if len(d.s.lead) > 1 {
		d.sayLead() // answers to questions are a bubble of their own
	}
	d.lead(block(append(lines, say("party.total", i18n.Facts{"Price": d.price(total)}))...))
}

// foundTogether takes the answer of a search for a group to the customer.
func (d *dialogue) foundTogether(f FoundTogether) {
	a := f.Together
	if len(a.Options) > 0 {
		if a.Staggered {
			d.lead(say("party.staggered", nil))
		}
		d.askJoint(jointsOf(a.Options), a.Staggered)
		return
	}
	switch {
	case f.Why == WhyMore:
		d.lead(say("chat.full.more", nil))
	case a.Closed != nil:
		d.closed(*a.Closed)
	default:
		d.lead(say("party.full", nil))
	}
	if len(a.Next) == 0 {
		d.clearDay()
		d.ask(StageDay, "", nil, say("party.none", nil))
		return
	}
	d.askJoint(jointsOf(a.Next), false)
}

func jointsOf(found []booking.Joint) [][]Slot {
	list := make([][]Slot, len(found))
	for i, j := range found {
		list[i] = slotsOf(j)
	}
	return list
}

// askJoint offers times to a group: one with its parts below each other, several by number.
func (d *dialogue) askJoint(joints [][]Slot, staggered bool) {
	if len(d.s.Request.Guests) > 2 {
		d.sayLead() // prices and times of three people are too long for one bubble
	}
	t := Together{Offer: joints, Staggered: staggered}
	if d.s.Together != nil {
		t.Shown = slices.Clone(d.s.Together.Shown)
	}
	t.Shown = append(t.Shown, joints...)
	d.s.Together = &t
	if len(joints) == 1 {
		d.ask(StageJoint, "chat.slot.label", []Choice{
			{ID: d.jointID(joints[0]), Titles: []Line{say("chat.slot.button.yes", nil)}},
			{ID: optionOther, Titles: []Line{say("chat.slot.button.other", nil)}},
		}, say("party.offer", i18n.Facts{"Day": d.dayLine(joints[0][0]), "Parts": d.partLines(joints[0])}))
		return
	}
	var lines []Line
	var choices []Choice
	for i, j := range joints {
		lines = append(lines, say("party.offer.line", i18n.Facts{
			"Number": strconv.Itoa(i + 1), "Day": d.dayLine(j[0]), "Parts": d.partLines(j),
		}))
		at := j[0].Start.In(d.f.Now.Location())
		choices = append(choices, Choice{ID: d.jointID(j), Titles: []Line{
			verbatim(i18n.DayShort(d.lang, at) + " " + i18n.Clock(at)), verbatim(i18n.WeekdayShort(d.lang, at.Weekday()) + " " + i18n.Clock(at)),
		}})
	}
	d.askNumbered(StageJoint, "chat.slot.label", choices, say("chat.slots.many", i18n.Facts{"Options": lines}))
}

func (d *dialogue) dayLine(s Slot) string {
	return capital(i18n.Day(d.lang, s.Start.In(d.f.Now.Location())))
}

// partLines say who has what with whom and when, a line each.
func (d *dialogue) partLines(slots []Slot) []Line {
	lines := make([]Line, 0, len(slots))
	for i, s := range slots {
		if i >= len(d.s.Request.Guests) {
			break
		}
		g := d.s.Request.Guests[i]
		lines = append(lines, say("party.part", i18n.Facts{
			"Time": i18n.Clock(s.Start.In(d.f.Now.Location())), "Services": d.names(g.Services),
			"Stylist": d.stylistName(s.StylistID), "For": d.forWhom(g),
		}))
	}
	return lines
}

// answerJoint takes a time for the group: a tap, its time, or a yes to the only one, also as "book us both".
func (d *dialogue) answerJoint(m understand.Meaning) bool {
	t := d.s.Together
	if t == nil || d.asksPrice(m) {
		return false
	}
	if d.tappedJoint(m.OptionID) {
		return true
	}
	fits := d.fitting(m)
	yes := m.Intents.Has(understand.Yes, understand.Book, understand.Group) || m.Both || m.AnyStylist || m.Earliest
	switch {
	case m.Intents.Has(understand.No) && !d.saysMore(m):
		d.ask(StageDay, "", nil, say("chat.day.other", nil))
	case m.OtherOptions || m.Later || m.Earlier:
		d.otherJoint(m)
	case len(m.Services)+len(m.Ambiguous) > 0:
		return false
	case len(fits) == 1 && (len(t.Offer) == 1 && yes || m.At != nil || m.Day != nil && len(t.Offer) > 1 || len(m.Stylists) > 0 && m.At == nil):
		d.chooseJoint(fits[0])
	case len(fits) > 1 && yes && m.At == nil:
		d.chooseOrAsk(m, fits)
	default:
		return false
	}
	return true
}

// tappedJoint takes a tap on a time for the group, whatever is open by now: while it is still about the same people.
func (d *dialogue) tappedJoint(id string) bool {
	t := d.s.Together
	if t == nil || !strings.HasPrefix(id, prefixJoint) {
		return false
	}
	for _, j := range t.Shown {
		if d.jointID(j) == id && len(j) == len(d.s.Request.Guests) {
			d.chooseJoint(j)
			return true
		}
	}
	return false
}

// chooseOrAsk takes the first of several times when any will do, else asks which.
func (d *dialogue) chooseOrAsk(m understand.Meaning, fits [][]Slot) {
	if m.AnyStylist && !m.Both || m.Earliest {
		d.chooseJoint(fits[0])
		return
	}
	d.repeat()
}

// fitting are the offered times that nothing in the message speaks against.
func (d *dialogue) fitting(m understand.Meaning) [][]Slot {
	var fits [][]Slot
	for _, j := range d.s.Together.Offer {
		at := j[0].Start.In(d.f.Now.Location())
		wrong := m.Day != nil && *m.Day != understand.DayOf(at) || m.At != nil && *m.At != minuteOf(at)
		for _, code := range m.Stylists {
			wrong = wrong || !slices.ContainsFunc(j, func(s Slot) bool {
				stylist, ok := d.f.Menu.Stylist(s.StylistID)
				return ok && stylist.Code == code
			})
		}
		if !wrong {
			fits = append(fits, j)
		}
	}
	return fits
}

// otherJoint looks for times for the group beside those shown.
func (d *dialogue) otherJoint(m understand.Meaning) {
	shown, offered := d.s.Together.Shown, d.s.Together.Offer
	if d.merge(m) {
		d.advance()
		return
	}
	if !d.searchable() {
		d.advance()
		return
	}
	q := d.queryTogether()
	for _, j := range shown {
		q.Except = append(q.Except, seenSlots(j))
	}
	zone := d.f.Now.Location()
	switch {
	case m.OtherDay:
		q.From, q.To = q.To, q.To.AddDate(0, 0, further)
	case m.Later:
		last := minuteOf(offered[len(offered)-1][0].Start.In(zone)) + 1
		q.NotBefore = &last
	case m.Earlier:
		first := minuteOf(offered[0][0].Start.In(zone)) - 1
		q.NotAfter = &first
	}
	d.do(FindTogether{Why: WhyMore, Query: q})
}

// chooseJoint takes a time for the group: the surname first where it is missing and needed, else the holds.
func (d *dialogue) chooseJoint(slots []Slot) {
	t := *d.s.Together
	t.Chosen = slots
	d.s.Together, d.s.Chosen = &t, &slots[0]
	if d.surnameMissing() {
		d.askSurname()
		return
	}
	d.holdTogether()
}

// holdTogether holds the chosen time for all of the group, or for nobody.
func (d *dialogue) holdTogether() {
	if d.dropRetired() || len(d.s.Together.Chosen) != len(d.s.Request.Guests) {
		d.s.clearOffer()
		d.advance()
		return
	}
	h := HoldTogether{}
	for i, s := range d.s.Together.Chosen {
		g := d.s.Request.Guests[i]
		seat := HeldSeat{Slot: s, Guest: g}
		for _, service := range d.servicesOf(g) {
			seat.Services = append(seat.Services, service.ID)
		}
		if name := g.fullName(); name != "" {
			seat.ForName = verbatim(name)
		} else if !g.self() {
			seat.ForName = say("party.guest", i18n.Facts{"Name": d.name(), "Kin": say("party.kin."+string(g.Kin), nil)})
		}
		h.Seats = append(h.Seats, seat)
	}
	d.do(h)
}

// heldTogether takes the answer to the holds of a group. When one time is lost nothing is held, and fresh
// times are looked for.
func (d *dialogue) heldTogether(h HeldTogether) {
	if h.Fault != "" {
		d.lostTogether(h.Fault)
		return
	}
	d.sayLead()
	lead := h.Visits[0]
	if lead.Status == models.Confirmed {
		d.s.complete()
		return
	}
	d.do(RequestDeposit{lead})
	slot := slotOfVisit(lead)
	d.s.News = &News{}
	if before := d.s.Held; before != nil && d.f.Hold != nil && !before.same(slot) {
		d.s.News.Instead = before
	}
	d.s.Booking, d.s.Held = &lead.ID, &slot
	d.s.Offer, d.s.Chosen = nil, nil
	d.s.Stage = StagePaying
}

func (d *dialogue) whenLine(t time.Time) Line {
	at := t.In(d.f.Now.Location())
	return say("chat.when", i18n.Facts{"Day": i18n.Day(d.lang, at), "Time": i18n.Clock(at)})
}

// askJointAgain repeats what was offered to the group.
func (d *dialogue) askJointAgain() {
	t := d.s.Together
	if t == nil {
		d.advance()
		return
	}
	still := slices.DeleteFunc(slices.Clone(t.Offer), func(together []Slot) bool { return slices.ContainsFunc(together, d.gone) })
	if len(still) == 0 {
		d.advance()
		return
	}
	shown := t.Shown
	d.s.Together = nil
	d.askJoint(still, t.Staggered)
	d.s.Together.Shown = shown
}
