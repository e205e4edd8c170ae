package chat

import (
	"slices"
	"strings"

	"frontdesk/internal/i18n"
)

// lostTogether goes on after a time for a group could not be held.
func (d *dialogue) lostTogether(key string) {
	var slot *Slot
	var taken []Line
	if t := d.s.Together; t != nil && len(t.Chosen) > 0 {
		slot, taken = &t.Chosen[0], []Line{say("party.taken", i18n.Facts{"When": d.whenLine(t.Chosen[0].Start)})}
	}
	again := d.elsewhen(key, taken...)
	d.s.clearOffer()
	d.s.Request.At = nil
	if !again {
		r := &d.s.Request
		r.Services, r.Guests, r.Quoted = nil, slices.Clone(r.Guests), ""
		for i := range r.Guests {
			r.Guests[i].Services = nil
		}
		d.askService()
		return
	}
	d.dayFrom(slot)
	if !d.searchable() {
		d.advance()
		return
	}
	d.do(FindTogether{Why: WhyTaken, Query: d.queryTogether()})
}

// searchable tells whether times can be looked for: everybody has a service that is on the menu, and a day is known.
func (d *dialogue) searchable() bool {
	d.dropRetired()
	return d.s.Request.From != nil && len(d.s.Request.Guests) > 0 && len(d.unserved()) == 0
}

// dropRetired takes away what is not on the menu any more, says so, and tells whether there was any.
func (d *dialogue) dropRetired() bool {
	r := &d.s.Request
	offered := func(code string) bool { _, ok := d.f.Menu.Service(code); return ok }
	var gone []string
	keep := func(list []string) []string {
		return slices.DeleteFunc(slices.Clone(list), func(code string) bool {
			if !offered(code) && !slices.Contains(gone, code) {
				gone = append(gone, code)
			}
			return !offered(code)
		})
	}
	r.Services, r.Guests = keep(r.Services), slices.Clone(r.Guests)
	for i := range r.Guests {
		r.Guests[i].Services = keep(r.Guests[i].Services)
	}
	var names []string
	for _, s := range d.f.Menu.Former.Services {
		if slices.Contains(gone, s.Code) {
			names = append(names, s.Names.In(d.lang))
		}
	}
	if len(names) > 0 {
		d.lead(say("party.retired", i18n.Facts{"Services": strings.Join(names, comma(d.lang))}))
	}
	return len(gone) > 0
}
