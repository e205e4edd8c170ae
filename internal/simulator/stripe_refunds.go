package simulator

import (
	"cmp"
	"slices"
)

// listRefunds lists refunds, of one payment where it is named, newest first.
func (a *stripe) listRefunds(c call) (object, *stripeError) {
	limit, refusal := c.limit()
	if refusal != nil {
		return nil, refusal
	}
	named := c.form.Get("payment_intent")
	if _, ok := a.intents[named]; named != "" && !ok {
		return nil, noSuch("payment_intent", named, "payment_intent")
	}
	skipping := c.form.Get("starting_after")
	if _, ok := a.refunds[skipping]; skipping != "" && !ok {
		return nil, noSuch("refund", skipping, "starting_after")
	}
	var all []*refund
	for _, r := range a.refunds {
		if named == "" || r.Intent == named {
			all = append(all, r)
		}
	}
	slices.SortFunc(all, func(r, o *refund) int { return cmp.Or(cmp.Compare(o.Created, r.Created), cmp.Compare(r.ID, o.ID)) })
	page, more := []object{}, false
	for _, r := range all {
		switch {
		case skipping != "":
			if r.ID == skipping {
				skipping = ""
			}
		case len(page) == limit:
			more = true
		default:
			page = append(page, a.refundObject(r))
		}
	}
	return object{"object": "list", "url": "/v1/refunds", "has_more": more, "data": page}, nil
}
