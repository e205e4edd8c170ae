package chat

import (
	"slices"
	"strings"

	"frontdesk/internal/chat/understand"
	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// mixed tells whether hair and beauty are asked for together (P.categories.mix).
func (d *dialogue) mixed() bool {
	list := d.services()
	return slices.ContainsFunc(list, func(s models.Service) bool { return s.Category != list[0].Category })
}

// askMixed declines one visit for both and offers two bookings, one after the other, or one category.
func (d *dialogue) askMixed() {
	choices := []Choice{{ID: optionMixedBoth, Titles: []Line{say("chat.mixed.button.both", nil)}}}
	for _, c := range []models.Category{models.Hair, models.Aesthetics} {
		choices = append(choices, Choice{ID: prefixCategory + string(c), Titles: []Line{say("chat.mixed.button."+string(c), nil)}})
	}
	d.ask(StageMixed, "", choices, say("chat.mixed", nil))
}

// answerMixed takes two bookings, or a category by one of its wanted services: "the cut first", "just the
// brows".
func (d *dialogue) answerMixed(m understand.Meaning) bool {
	list := d.services()
	if len(list) == 0 {
		return false
	}
	named := known(d.f.Menu, m.Services)
	switch {
	case len(named) == 1 && contains(d.s.Request.Services, named[0]):
		s, _ := d.f.Menu.Service(named[0])
		return d.tappedCategory(s.Category, m)
	case len(named) == 0 && (m.Both || m.Intents.Has(understand.Yes)):
		d.split(list[0].Category, m)
		return true
	default:
		return false
	}
}

// only goes on with the services of one category.
func (d *dialogue) only(c models.Category, m understand.Meaning) {
	r := &d.s.Request
	r.Services, _ = d.parted(c)
	d.quotedAlone()
	d.mergeRest(m)
	d.advance()
}

// split makes two bookings of the request, the given category first. The day wished for holds for both.
func (d *dialogue) split(c models.Category, m understand.Meaning) {
	d.mergeRest(m)
	r := &d.s.Request
	mine, others := d.parted(c)
	next := Request{Services: others, From: r.From, To: r.To, Anyone: r.Anyone, Without: r.Without}
	r.Services = mine
	if r.Stylist != nil {
		next.Stylist = d.able(*r.Stylist, others)
		r.Stylist = d.able(*r.Stylist, mine)
	}
	d.s.Next = &next
	d.quotedAlone()
	d.lead(say("chat.mixed.split", i18n.Facts{"First": d.names(mine), "Second": d.names(others)}))
	d.advance()
}

// parted are the wanted services of a category, and the others.
func (d *dialogue) parted(c models.Category) (mine, others []string) {
	for _, s := range d.services() {
		if s.Category == c {
			mine = append(mine, s.Code)
		} else {
			others = append(others, s.Code)
		}
	}
	return mine, others
}

// quotedAlone notes that the price of a single service was told beside those of the others.
func (d *dialogue) quotedAlone() {
	if o := d.order(); len(o.services) == 1 {
		d.s.Request.Quoted = o.key()
	}
}

// able is the stylist when they do the services, else nobody in particular.
func (d *dialogue) able(id models.ID, services []string) *models.ID {
	stylist, ok := d.f.Menu.Stylist(id)
	for _, code := range services {
		s, known := d.f.Menu.Service(code)
		ok = ok && known && stylist.Does(s.Category)
	}
	if !ok {
		return nil
	}
	return &id
}

func (d *dialogue) names(services []string) string {
	var names []string
	for _, code := range services {
		if s, ok := d.f.Menu.Service(code); ok {
			names = append(names, s.Names.In(d.lang))
		}
	}
	return strings.Join(names, " + ")
}

// beginNext takes up the second of two bookings once the first is confirmed: on the same day when a day was wished
// for, as near to the first as can be. While a visit is being changed it waits for that; a person who has the
// conversation has read what is wanted.
func (d *dialogue) beginNext(next *Request, t Told) {
	change := d.s.Change
	if change != nil {
		next = change.Next
	}
	if next == nil || change == nil && d.s.Stage != StageOpen {
		return
	}
	after, ends := *next, t.Visit.EndsAt.In(d.f.Now.Location())
	if after.From != nil {
		day, minute := Date{understand.DayOf(ends)}, minuteOf(ends)
		after.From, after.To, after.At, after.About = &day, &day, &minute, true
	}
	switch {
	case change != nil:
		change.Next = &after
	case t.Human:
		d.s.Next = nil
	default:
		d.s.Next = nil
		d.takeUp(after)
	}
}

func (d *dialogue) takeUp(next Request) {
	d.s.Request = next
	d.lead(say("chat.next", i18n.Facts{"Services": d.names(next.Services)}))
	d.advance()
}

// asksNext tells whether a message speaks of the second of two bookings.
func (d *dialogue) asksNext(m understand.Meaning) bool {
	return d.s.Next != nil && len(m.Services) > 0 &&
		!slices.ContainsFunc(m.Services, func(code string) bool { return !contains(d.s.Next.Services, code) })
}

// turnTo makes the second booking the one spoken of; the first one waits in its place.
func (d *dialogue) turnTo() {
	first := d.s.Request
	d.s.Request, d.s.Next = *d.s.Next, nil
	if len(first.Services) > 0 {
		d.s.Next = &first
	}
}
