package chat

import (
	"slices"
	"time"

	"frontdesk/internal/booking"
	"frontdesk/internal/chat/understand"
	"frontdesk/models"
)

// soon is how many days "any day" and "the first available" look ahead.
const soon = 14

// merge takes what a message says about the wanted visit into the request, and tells whether that
// changed anything. A new service replaces the old ones; a new day drops the time of the old one.
func (d *dialogue) merge(m understand.Meaning) bool {
	if d.aside(m) {
		return false
	}
	if d.moving() {
		return d.mergeWish(m)
	}
	before := d.s.Request
	if d.asksNext(m) {
		d.turnTo()
	}
	d.mergeParty(m)
	d.mergeServices(m)
	d.mergeDay(m)
	d.mergeTime(m)
	d.mergeStylist(m)
	if m.Topic != "" {
		d.s.Request.Topic = m.Topic
	}
	d.s.Request.Priced = d.asksPrice(m) || d.s.Request.Priced && !m.Intents.Has(understand.Book)
	changed := !sameRequest(before, d.s.Request)
	if changed {
		d.s.Offer, d.s.Chosen, d.s.Shown, d.s.Together = nil, nil, nil, nil
	}
	return changed
}

// aside tells whether the day and time in a message belong to its question ("what are your Saturday
// hours?") and not to a visit: nothing else asks for one, and no day or time was asked about.
func (d *dialogue) aside(m understand.Meaning) bool {
	booking := len(m.Services)+len(m.Ambiguous)+len(m.Packs)+len(m.Stylists) > 0 || m.Pack || m.Single ||
		m.Intents.Has(understand.Book)
	asked := d.s.Stage == StageDay || d.s.Stage == StageSlot || d.s.Stage == StagePaying
	return len(m.FAQs) > 0 && !booking && !asked
}

func sameRequest(a, b Request) bool {
	return slices.Equal(a.Services, b.Services) && slices.EqualFunc(a.Which, b.Which, slices.Equal[[]string]) &&
		a.Pack == b.Pack && a.NoPack == b.NoPack && sameDate(a.From, b.From) && sameDate(a.To, b.To) &&
		a.Part == b.Part && sameInt(a.At, b.At) && sameInt(a.After, b.After) && sameInt(a.Before, b.Before) &&
		sameGuest(a.For, b.For) && slices.EqualFunc(a.Guests, b.Guests, Guest.same) &&
		sameID(a.Stylist, b.Stylist) && a.Anyone == b.Anyone && slices.Equal(a.Without, b.Without)
}

func (d *dialogue) mergeServices(m understand.Meaning) {
	r := &d.s.Request
	if d.gather(m) {
		return
	}
	services := known(d.f.Menu, m.Services)
	for _, code := range m.Packs {
		if pack, contents, ok := d.pack(code); ok {
			if len(services) > len(contents) {
				r.Services = services
			}
			r.takePack(pack, contents)
			return
		}
	}
	if len(services) > 0 || len(m.Ambiguous) > 0 {
		if !slices.Equal(services, r.Services) || len(m.Ambiguous) > 0 {
			d.replaceServices(services, m.Ambiguous)
		}
	}
	switch {
	case m.Single && len(r.Services) > 0:
		r.Pack, r.NoPack = "", true
	case m.Pack && len(r.Services) > 0:
		if offer, ok := d.packOffer(); ok {
			r.takePack(offer.Pack, offer.Contents)
		}
	}
}

// replaceServices is a new choice. Naming all that a proposed pack holds is taking the pack.
func (d *dialogue) replaceServices(services []string, which [][]string) {
	r := &d.s.Request
	proposed := r.Proposed
	r.Services, r.Which, r.Pack, r.Quoted = services, which, "", ""
	if proposed == "" || len(which) > 0 {
		return
	}
	pack, contents, ok := d.pack(proposed)
	if ok && !r.NoPack && sameSet(codes(contents), services) {
		r.takePack(pack, contents)
		return
	}
	r.Proposed, r.NoPack = "", false
}

func (r *Request) takePack(pack models.Pack, contents []models.Service) {
	r.Pack, r.Proposed, r.NoPack, r.Which = pack.Code, pack.Code, false, nil
	if len(r.Services) == 0 {
		r.Services = codes(contents)
	}
}

func (d *dialogue) mergeDay(m understand.Meaning) {
	r := &d.s.Request
	from, to := m.Day, m.Day
	if m.Days != nil {
		from, to = &m.Days.From, &m.Days.To
	}
	today := understand.DayOf(d.f.Now)
	if from == nil && (m.AnyDay || m.Earliest && r.From == nil) {
		end := today.Plus(soon)
		from, to = &today, &end
	}
	if from == nil || to.Before(today) {
		return
	}
	if from.Before(today) {
		from = &today
	}
	next := [2]*Date{{*from}, {*to}}
	if sameDate(r.From, next[0]) && sameDate(r.To, next[1]) {
		return
	}
	r.From, r.To = next[0], next[1]
	r.Part, r.At, r.About, r.After, r.Before = understand.AnyPart, nil, false, nil, nil
}

func (d *dialogue) mergeTime(m understand.Meaning) {
	r := &d.s.Request
	if m.Part != understand.AnyPart {
		r.Part, r.At, r.About, r.After, r.Before = m.Part, nil, false, nil, nil
	}
	if m.At != nil {
		r.At, r.About, r.After, r.Before = m.At, m.About, nil, nil
		if !inPart(*m.At, r.Part) {
			r.Part = understand.AnyPart // "no, at 17:00 then" after a morning
		}
	}
	if m.NotBefore != nil || m.NotAfter != nil {
		r.At, r.After, r.Before = nil, m.NotBefore, m.NotAfter
	}
}

// noon divides the salon's day.
const noon = 14 * 60

func inPart(minute int, p Part) bool {
	switch p {
	case understand.Morning:
		return minute < noon
	case understand.Afternoon, understand.Evening:
		return minute >= noon
	default:
		return true
	}
}

func (d *dialogue) mergeStylist(m understand.Meaning) {
	r := &d.s.Request
	for _, s := range d.f.Menu.Stylists {
		if contains(m.NotStylists, s.Code) && !slices.Contains(r.Without, s.ID) {
			r.Without = append(slices.Clone(r.Without), s.ID)
		}
	}
	if r.Stylist != nil && slices.Contains(r.Without, *r.Stylist) {
		r.Stylist, r.Anyone = nil, true
	}
	for _, s := range d.f.Menu.Stylists {
		if contains(m.Stylists, s.Code) {
			r.Stylist, r.Anyone = &s.ID, false
			r.Without = slices.DeleteFunc(slices.Clone(r.Without), func(id models.ID) bool { return id == s.ID })
			return
		}
	}
	if m.AnyStylist || m.Earliest {
		r.Stylist, r.Anyone = nil, true
	}
}

// services are the wanted ones, as they are on today's menu.
func (d *dialogue) services() []models.Service {
	var list []models.Service
	for _, code := range d.s.Request.Services {
		if s, ok := d.f.Menu.Service(code); ok {
			list = append(list, s)
		}
	}
	return list
}

// order is what would be booked: the pack accepted and what is wanted beside it, or the services.
type order struct {
	pack     *models.Pack
	services []models.Service
	beside   []models.Service
	minutes  int
	minor    int64
	category models.Category
}

func (d *dialogue) order() order {
	if v, ok := d.changed(); ok && d.moving() {
		return d.orderOf(v)
	}
	if pack, contents, ok := d.pack(d.s.Request.Pack); ok {
		beside := pack.Beside(d.services())
		minutes, minor := booking.Total(beside)
		return order{&pack, slices.Concat(contents, beside), beside, pack.Minutes + minutes, pack.PriceMinor + minor, pack.Category}
	}
	o := order{services: d.services()}
	o.minutes, o.minor = booking.Total(o.services)
	if len(o.services) > 0 {
		o.category = o.services[0].Category
	}
	return o
}

// key names what a price was told for.
func (o order) key() string {
	key, services := "", o.services
	if o.pack != nil {
		key, services = "pack:"+o.pack.Code+" ", o.beside
	}
	for _, s := range services {
		key += s.Code + " "
	}
	return key
}

// pack finds a pack that can be sold today, with its contents.
func (d *dialogue) pack(code string) (models.Pack, []models.Service, bool) {
	pack, ok := d.f.Menu.Pack(code)
	if code == "" || !ok {
		return models.Pack{}, nil, false
	}
	contents, ok := d.f.Menu.Contents(pack)
	return pack, contents, ok
}

// packOffer is the pack worth proposing for the wanted services: one that holds them all, or one
// that is part of them and cheaper (S10).
func (d *dialogue) packOffer() (booking.PackOffer, bool) {
	if offer, ok := booking.BestPack(d.f.Menu, d.services(), d.f.Policies.PackMaxExtraPercent); ok {
		return offer, true
	}
	return booking.InnerPack(d.f.Menu, d.services())
}

// query is the request as a search of the diary.
func (d *dialogue) query() booking.SlotQuery {
	r, o := d.s.Request, d.order()
	zone := d.f.Now.Location()
	q := booking.SlotQuery{
		Minutes: o.minutes, Category: o.category, StylistID: r.Stylist, Without: r.Without,
		From: r.From.In(zone), To: r.To.Plus(1).In(zone), At: r.At, NotBefore: r.After, NotAfter: r.Before,
	}
	if r.Stylist == nil && r.For == nil {
		q.PreferID = d.preferred(o.category)
	}
	for _, v := range d.around() {
		q.Busy = append(q.Busy, v.Span())
	}
	d.aim(&q)
	switch r.Part {
	case understand.Morning:
		q.Part = booking.Morning
	case understand.Afternoon, understand.Evening:
		q.Part = booking.Afternoon
	}
	return q
}

// preferred is the customer's preferred stylist, when they work in the category.
func (d *dialogue) preferred(c models.Category) *models.ID {
	if d.f.Customer == nil || d.f.Customer.PreferredStylistID == nil {
		return nil
	}
	s, ok := d.f.Menu.Stylist(*d.f.Customer.PreferredStylistID)
	if !ok || !s.Does(c) || slices.Contains(d.s.Request.Without, s.ID) {
		return nil
	}
	return &s.ID
}

// fresh drops a day that has passed.
func (d *dialogue) fresh() {
	r := &d.s.Request
	today := understand.DayOf(d.f.Now)
	switch {
	case r.From == nil:
	case r.To.Before(today):
		r.From, r.To = nil, nil
	case r.From.Before(today):
		r.From = &Date{today}
	}
}

func known(menu booking.Menu, wanted []string) []string {
	var list []string
	for _, code := range wanted {
		if _, ok := menu.Service(code); ok {
			list = append(list, code)
		}
	}
	return list
}

func codes(services []models.Service) []string {
	list := make([]string, len(services))
	for i, s := range services {
		list[i] = s.Code
	}
	return list
}

func sameSet(a, b []string) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

func sameDate(a, b *Date) bool { return (a == nil) == (b == nil) && (a == nil || a.Day == b.Day) }
func sameInt(a, b *int) bool   { return (a == nil) == (b == nil) && (a == nil || *a == *b) }
func sameID(a, b *models.ID) bool {
	return (a == nil) == (b == nil) && (a == nil || *a == *b)
}

// minuteOf is the wall time of a moment, in minutes after midnight.
func minuteOf(t time.Time) int { return t.Hour()*60 + t.Minute() }
