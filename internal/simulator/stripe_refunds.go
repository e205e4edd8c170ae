package simulator

import (
	"cmp"
	"slices"
)

// listRefunds lists refunds, of one payment where it is named, newest first.
func (a *stripe) listRefunds(c call) (object, *stripeError) {
	named, refusal := a.namedIntent(c)
	if refusal != nil {
		return nil, refusal
	}
	var all []*refund
	for _, r := range a.refunds {
		if named == "" || r.Intent == named {
			all = append(all, r)
		}
	}
	slices.SortFunc(all, func(r, o *refund) int { return cmp.Or(cmp.Compare(o.Created, r.Created), cmp.Compare(r.ID, o.ID)) })
	return listPage(c, "refunds", "refund", all, func(r *refund) (string, int64, object) { return r.ID, r.Created, a.refundObject(r) })
}

// listCharges lists what was paid, of one payment where it is named, newest first.
func (a *stripe) listCharges(c call) (object, *stripeError) {
	named, refusal := a.namedIntent(c)
	if refusal != nil {
		return nil, refusal
	}
	var all []*intent
	for _, i := range a.intents {
		if i.Charge != "" && (named == "" || i.ID == named) {
			all = append(all, i)
		}
	}
	slices.SortFunc(all, func(i, o *intent) int { return cmp.Or(cmp.Compare(o.charged(), i.charged()), cmp.Compare(i.ID, o.ID)) })
	return listPage(c, "charges", "charge", all, func(i *intent) (string, int64, object) { return i.Charge, i.charged(), a.chargeObject(i) })
}

// namedIntent is the payment that a list is narrowed to; empty: none.
func (a *stripe) namedIntent(c call) (string, *stripeError) {
	named := c.form.Get("payment_intent")
	if _, ok := a.intents[named]; named != "" && !ok {
		return "", noSuch("payment_intent", named, "payment_intent")
	}
	return named, nil
}
