package auditor

import "slices"

// payments holds what the provider received against the books, and both against what was paid for.
func (a *audit) payments() {
	for _, e := range a.theirs.Events {
		switch a.ours.heard[e.ID] {
		case "done":
		case "":
			a.add(EventsHeard, e.ID, "the provider told %s, and we never stored it", e.Type)
		default:
			a.add(EventsHeard, e.ID, "the provider told %s, and it is not dealt with; look for the job payment.event of it", e.Type)
		}
	}
	kept := map[string][]string{} // payments that we still hold, by what they are for
	came := map[string]bool{}
	for _, p := range a.theirs.Payments {
		if p.Received == 0 {
			continue
		}
		ours := a.payment(p.Payment)
		if ours == nil {
			a.add(MoneyKnown, p.Intent, "%s came in for payment %q, which is not in the books", money(p.Received), p.Payment)
			continue
		}
		came[ours.ID] = true
		if ours.ReceivedMinor != p.Received {
			a.add(MoneyKnown, ours.ID, "%s came in by %s, and the books say %s", money(p.Received), p.Intent, money(ours.ReceivedMinor))
		}
		if left := p.Received - p.Refunded; left > 0 {
			kept[ours.about()] = append(kept[ours.about()], ours.ID)
			if !ours.covered() {
				a.add(ChargedForOne, ours.ID, "%s of %s is kept for %s; give it back, or say what for", money(left), p.Intent, ours.nothing())
			}
		}
		if p.Refunded > p.Received {
			a.add(RefundsWithin, ours.ID, "%s came in by %s and %s went back", money(p.Received), p.Intent, money(p.Refunded))
		}
	}
	for about, payments := range kept {
		if len(payments) > 1 {
			a.add(ChargedOnce, about, "is paid by %d payments, and none of them went back: %v", len(payments), slices.Sorted(slices.Values(payments)))
		}
	}
	for _, p := range a.ours.payments {
		if p.ReceivedMinor > 0 && !came[p.ID] {
			a.add(MoneyReal, p.ID, "the books say that %s came in by session %q, and the provider knows of nothing", money(p.ReceivedMinor), p.SessionID)
		}
	}
}

func (a *audit) payment(id string) *payment {
	i := slices.IndexFunc(a.ours.payments, func(p payment) bool { return p.ID == id })
	if i < 0 {
		return nil
	}
	return &a.ours.payments[i]
}

// about names what a payment is for.
func (p payment) about() string {
	switch {
	case p.OrderID != "":
		return "order " + p.Order
	case p.Group != "":
		return "group " + p.Group
	default:
		return "visit " + p.Visit
	}
}

// covered tells whether there is something for the money: an order that stands, a visit whose deposit it is, or a person
// of the salon who has the case of a refund that failed.
func (p payment) covered() bool {
	if p.Owed {
		return true
	}
	if p.OrderID != "" {
		return p.State == "paid" && slices.Contains([]string{"paid", "shipped", "delivered"}, p.OrderStatus)
	}
	return p.State == "paid" && p.Standing > 0
}

// nothing says what there is instead.
func (p payment) nothing() string {
	if p.OrderID != "" {
		return "order " + p.Order + ", which is " + p.OrderStatus + " (payment " + p.State + ")"
	}
	return p.about() + ", whose deposit is not paid (payment " + p.State + ")"
}

// refunds holds what the provider sent back against the books.
func (a *audit) refunds() {
	sent := map[string]Refund{} // by our refund
	for _, r := range a.theirs.Refunds {
		ours := a.refund(r)
		if ours == nil {
			if r.Status == "succeeded" {
				a.add(RefundsKnown, r.ID, "%s of %s went back for refund %q, which is not in the books", money(r.Amount), r.Intent, r.Refund)
			}
			continue
		}
		if before, twice := sent[ours.ID]; twice && before.Status == "succeeded" && r.Status == "succeeded" {
			a.add(RefundedOnce, ours.ID, "%s went back as %s and %s as %s", money(before.Amount), before.ID, money(r.Amount), r.ID)
		}
		if before, twice := sent[ours.ID]; !twice || before.Status != "succeeded" {
			sent[ours.ID] = r
		}
		if r.Status == "succeeded" && (r.Amount != ours.AmountMinor || ours.State != "succeeded") {
			a.add(RefundsKnown, ours.ID, "%s went back as %s, and the books say that %s is %s", money(r.Amount), r.ID, money(ours.AmountMinor), ours.State)
		}
	}
	for _, r := range a.ours.refunds {
		a.settled(r, sent[r.ID])
	}
}

// refund is ours for one of the provider's: by our name for it, or by the provider's.
func (a *audit) refund(of Refund) *refund {
	i := slices.IndexFunc(a.ours.refunds, func(r refund) bool { return r.ID == of.Refund || r.ProviderID == of.ID })
	if i < 0 {
		return nil
	}
	return &a.ours.refunds[i]
}

// settled: a refund of ours is where it can stay.
func (a *audit) settled(r refund, sent Refund) {
	moves := r.State == "pending" || r.State == "succeeded"
	switch {
	case r.Method == "card" && r.State == "succeeded" && sent.Status != "succeeded":
		a.add(RefundsReal, r.ID, "the books say that %s went back, and the provider's refund is %q", money(r.AmountMinor), sent.Status)
	case r.Method == "card" && r.State == "pending":
		a.add(RefundsSettled, r.ID, "%s is still on its way; look for the job payment.refund of it", money(r.AmountMinor))
	case r.State == "asked" && r.ExpiresAt != nil && !a.now.Before(*r.ExpiresAt):
		a.add(RefundsSettled, r.ID, "%s waits for a second person beyond its time", money(r.AmountMinor))
	}
	if moves && r.SecondPerson && (r.DecidedBy == "" || r.DecidedBy == r.AskedBy) {
		a.add(TwoPersons, r.ID, "%s moves, asked for by %s and agreed to by %q", money(r.AmountMinor), r.AskedBy, r.DecidedBy)
	}
}
