package chat

import "frontdesk/internal/chat/understand"

// leavesParty makes a group's request the customer's own again: "just me after all". It tells whether it did.
func (d *dialogue) leavesParty(m understand.Meaning) bool {
	r := &d.s.Request
	if len(r.Guests) == 0 || !m.Alone || d.s.Change != nil || len(m.Services)+len(m.Ambiguous)+len(m.Packs) > 0 {
		return false
	}
	own := r.Services
	if len(own) > 1 {
		own = nil
	}
	for _, g := range r.Guests {
		if g.self() && len(g.Services) > 0 {
			own = g.Services
		}
	}
	r.Guests, r.Services, r.Which, r.Quoted, r.NoPack = nil, own, nil, "", false
	d.s.clearOffer()
	d.mergeRest(m)
	d.advance()
	return true
}
