package chat

import (
	"slices"
	"strings"

	"frontdesk/internal/booking"
	"frontdesk/internal/chat/understand"
	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// Stages of a visit for somebody else, or for several people.
const (
	StageGuest  Stage = "guest"  // what is the full name of whom it is for?
	StageShares Stage = "shares" // who gets which service?
	StageJoint  Stage = "joint"  // which of these times for all of us?
)

// Guest is somebody for whom the customer books: of a group, or instead of themselves.
type Guest struct {
	Kin      understand.Kin `json:"kin,omitempty"` // understand.Self is the customer
	Name     string         `json:"name,omitempty"`
	Surname  string         `json:"surname,omitempty"`
	Phone    string         `json:"phone,omitempty"`
	Services []string       `json:"services,omitempty"` // of a group
	Asked    bool           `json:"asked,omitempty"`    // the surname was asked for by itself
}

func (g Guest) self() bool { return g.Kin == understand.Self }

func (g Guest) fullName() string { return strings.TrimSpace(g.Name + " " + g.Surname) }

func (g Guest) same(o Guest) bool {
	return g.Kin == o.Kin && g.fullName() == o.fullName() && g.Asked == o.Asked && slices.Equal(g.Services, o.Services)
}

func sameGuest(a, b *Guest) bool { return (a == nil) == (b == nil) && (a == nil || a.same(*b)) }

// mergeParty takes what a message says about who comes. Services of a group are gathered and parted among
// its people; whoever else is meant, services stay the request's.
func (d *dialogue) mergeParty(m understand.Meaning) {
	r, in := &d.s.Request, m.Intents
	if in.Has(understand.Cancel, understand.Move, understand.Delay, understand.MyBooking) {
		return
	}
	several := in.Has(understand.Group) || in.Has(understand.ThirdParty) && len(m.Others) > 1
	switch {
	case len(r.Guests) > 0 && !several, len(r.Guests) > 0 && len(m.Others) == 0 && m.Heads == 0:
	case several && len(r.Guests) > 0 && d.knowsAll(m.Others):
	case several:
		r.For, r.Guests = nil, d.guestsOf(m)
	case in.Has(understand.ThirdParty):
		guest := Guest{Kin: understand.Someone}
		if len(m.Others) > 0 {
			guest.Kin = m.Others[0]
		}
		if r.For == nil || r.For.Kin != guest.Kin && len(m.Others) > 0 {
			r.For = &guest
			d.recognise(r.For, m.OtherName)
		}
	case m.ForMe && in.Has(understand.Correction):
		r.For = nil
	}
	if phone := phoneIn(d.words); r.For != nil && phone != "" && m.OfOther {
		r.For.Phone = phone
	}
}

// knowsAll tells whether all of whom a message speaks are in the group already.
func (d *dialogue) knowsAll(kin []understand.Kin) bool {
	for _, k := range kin {
		if !slices.ContainsFunc(d.s.Request.Guests, func(g Guest) bool { return g.Kin == k }) {
			return false
		}
	}
	return true
}

// guestsOf are the people of a group: the customer, unless it is for others alone, those named, and as many
// more as were counted.
func (d *dialogue) guestsOf(m understand.Meaning) []Guest {
	var guests []Guest
	if m.Intents.Has(understand.Group) {
		guests = append(guests, Guest{Kin: understand.Self})
	}
	for _, kin := range m.Others {
		if len(m.Others) == 1 || !slices.ContainsFunc(guests, func(g Guest) bool { return g.Kin == kin }) {
			guests = append(guests, Guest{Kin: kin})
		}
	}
	for len(guests) < max(m.Heads, 2) {
		guests = append(guests, Guest{Kin: understand.Someone})
	}
	return guests
}

// recognise fills in a name that was given, or that of the one person the customer brought before who can be
// meant: nobody has two mothers.
func (d *dialogue) recognise(g *Guest, name *understand.PersonName) {
	if name != nil {
		g.Name, g.Surname = name.Given, name.Family
		return
	}
	if !slices.Contains([]understand.Kin{understand.Mother, understand.Father, understand.Husband, understand.Wife}, g.Kin) {
		return
	}
	var known []models.Customer
	for _, c := range d.f.Guests {
		if c.Relation == string(g.Kin) {
			known = append(known, c)
		}
	}
	if len(known) == 1 {
		g.Name, g.Surname = known[0].Name, known[0].Surname
	}
}

// gather takes the services of a message for a group, and parts them as far as is said. It tells whether
// the request is a group's.
func (d *dialogue) gather(m understand.Meaning) bool {
	r := &d.s.Request
	if len(r.Guests) == 0 {
		return false
	}
	r.Pack, r.NoPack = "", true
	services := slices.Clone(r.Services)
	for _, code := range known(d.f.Menu, m.Services) {
		if !slices.Contains(services, code) {
			services = append(services, code)
		}
	}
	r.Services = services
	if len(m.Ambiguous) > 0 {
		r.Which = m.Ambiguous
	}
	r.Guests = slices.Clone(r.Guests)
	d.part(m.Shares)
	d.partRest(m)
	return true
}

// part gives people what the message says is theirs; what they had before is replaced.
func (d *dialogue) part(shares []understand.Share) {
	guests := d.s.Request.Guests
	given := make([][]string, len(guests))
	for _, s := range shares {
		if _, ok := d.f.Menu.Service(s.Service); !ok {
			continue
		}
		for _, i := range d.meant(s.Who, given) {
			given[i] = append(given[i], s.Service)
		}
	}
	for i, services := range given {
		if len(services) > 0 {
			guests[i].Services = services
		}
	}
}

// meant are the people of the group that a share is for.
func (d *dialogue) meant(who understand.Who, given [][]string) []int {
	var all, exact, others []int
	for i, g := range d.s.Request.Guests {
		all = append(all, i)
		if g.Kin == who {
			exact = append(exact, i)
		}
		if !g.self() {
			others = append(others, i)
		}
	}
	switch {
	case who == understand.Everyone:
		return all
	case len(exact) > 0:
		return exact[:1]
	case who == understand.Self || len(others) == 0:
		return nil
	}
	for _, i := range others { // "hers": whoever of the others has nothing yet
		if len(given[i]) == 0 {
			return []int{i}
		}
	}
	return others[:1]
}

// partRest settles what need not be asked: one service named at once with several people is for each of
// them, and the last one without gets what is left.
func (d *dialogue) partRest(m understand.Meaning) {
	r := &d.s.Request
	without := d.unserved()
	if len(without) == len(r.Guests) && len(r.Services) == 1 && len(m.Services) == 1 && len(r.Which) == 0 && d.s.Stage != StageShares {
		for i := range r.Guests {
			r.Guests[i].Services = r.Services
		}
		return
	}
	if left := d.unclaimed(); len(without) == 1 && len(left) > 0 && len(r.Which) == 0 {
		r.Guests[without[0]].Services = left
	}
}

// unserved are the people of a group who have no service yet, by their place.
func (d *dialogue) unserved() []int {
	var without []int
	for i, g := range d.s.Request.Guests {
		if len(g.Services) == 0 {
			without = append(without, i)
		}
	}
	return without
}

// unclaimed are the services named that nobody has.
func (d *dialogue) unclaimed() []string {
	var left []string
	for _, code := range d.s.Request.Services {
		if !slices.ContainsFunc(d.s.Request.Guests, func(g Guest) bool { return contains(g.Services, code) }) {
			left = append(left, code)
		}
	}
	return left
}

// party asks for what is missing of whom a visit is for, and tells whether it goes on from here.
func (d *dialogue) party() bool {
	r := &d.s.Request
	switch {
	case r.For != nil && (r.For.Name == "" || r.For.Surname == "" && !r.For.Asked):
		d.askGuest()
		return true
	case len(r.Guests) > 0:
		d.advanceTogether()
		return true
	default:
		return false
	}
}

// advanceTogether is advance for a group.
func (d *dialogue) advanceTogether() {
	d.dropRetired()
	r := &d.s.Request
	switch {
	case len(r.Guests) > booking.MaxTogether:
		d.passOn(say("case.asks.group", nil))
	case len(r.Which) > 0:
		d.askWhich()
	case len(r.Services) == 0:
		d.askService()
	case d.mixedGuest():
		d.lead(say("party.mixed", nil))
		d.askShares()
	case len(d.unserved()) > 0:
		d.askShares()
	case r.From == nil:
		d.quoteTogether()
		d.askDay()
	default:
		d.quoteTogether()
		d.do(FindTogether{Why: WhyOffer, Query: d.queryTogether()})
	}
}

// mixedGuest takes their services from somebody who would have hair and beauty in one visit (P.categories.mix).
func (d *dialogue) mixedGuest() bool {
	mixed := false
	d.s.Request.Guests = slices.Clone(d.s.Request.Guests)
	for i, g := range d.s.Request.Guests {
		list := d.servicesOf(g)
		if slices.ContainsFunc(list, func(s models.Service) bool { return s.Category != list[0].Category }) {
			d.s.Request.Guests[i].Services, mixed = nil, true
		}
	}
	return mixed
}

func (d *dialogue) servicesOf(g Guest) []models.Service {
	var list []models.Service
	for _, code := range g.Services {
		if s, ok := d.f.Menu.Service(code); ok {
			list = append(list, s)
		}
	}
	return list
}

// askShares asks who gets which service: all at once first, then one person at a time.
func (d *dialogue) askShares() {
	r := &d.s.Request
	without := d.unserved()
	if len(without) == 0 {
		d.advance()
		return
	}
	var choices []Choice
	for _, code := range r.Services {
		if s, ok := d.f.Menu.Service(code); ok {
			choices = append(choices, serviceChoice(d, s))
		}
	}
	if len(without) == len(r.Guests) && d.s.Stage != StageShares {
		d.ask(StageShares, "", nil, say("party.shares", i18n.Facts{"Services": d.names(r.Services)}))
		return
	}
	d.ask(StageShares, "chat.service.label", choices, say("party.share", i18n.Facts{"For": d.forWhom(r.Guests[without[0]])}))
}

// answerShares takes who gets what; a service alone is for the one who was asked about.
func (d *dialogue) answerShares(m understand.Meaning) bool {
	r := &d.s.Request
	without, named := d.unserved(), known(d.f.Menu, m.Services)
	if len(without) == 0 || len(r.Guests) == 0 {
		return false
	}
	if len(m.Shares) > 0 || m.Both || len(named) == 0 {
		if m.Both && len(m.Shares) == 0 && len(named) == 1 {
			m.Shares = []understand.Share{{Service: named[0], Who: understand.Everyone}}
		}
		changed := d.merge(m)
		if changed {
			d.advance()
		}
		return changed
	}
	r.Guests = slices.Clone(r.Guests)
	if len(without) < len(r.Guests) || len(named) == 1 {
		r.Guests[without[0]].Services = named
	}
	d.merge(m)
	d.advance()
	return true
}

// askGuest asks for the full name of whom the visit is for.
func (d *dialogue) askGuest() {
	g := *d.s.Request.For
	if g.Name != "" {
		g.Asked = true
		d.s.Request.For = &g
		d.ask(StageGuest, "", nil, say("party.surname", i18n.Facts{"Name": g.Name}))
		return
	}
	d.ask(StageGuest, "", nil, say("party.name", i18n.Facts{"For": d.forWhom(g)}))
}

// answerGuest takes the name; what else the message says counts too.
func (d *dialogue) answerGuest(m understand.Meaning) bool {
	if d.s.Request.For == nil {
		return false
	}
	name := m.OtherName
	if name == nil {
		name = m.Name
	}
	g := *d.s.Request.For
	switch {
	case name == nil && g.Name == "":
		return false
	case name == nil: // only a given name, and no more is told
	case g.Name == "":
		g.Name, g.Surname = name.Given, name.Family
		if g.Name == "" {
			g.Name, g.Surname = name.Family, ""
		}
	default:
		g.Surname = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(name.Given+" "+name.Family), g.Name))
	}
	if phone := phoneIn(d.words); phone != "" {
		g.Phone = phone
	}
	d.s.Request.For = &g
	d.mergeRest(m)
	d.advance()
	return true
}

// mine are the visits of whom the request is for: nobody is in two chairs at once, and two people may be.
func (d *dialogue) mine(g *Guest) []models.Appointment {
	var list []models.Appointment
	for _, v := range d.f.Visits {
		own := v.ForName == ""
		if g == nil && own || g != nil && v.ForName == g.fullName() {
			list = append(list, v)
		}
	}
	return list
}
