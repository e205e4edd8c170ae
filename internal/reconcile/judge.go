package reconcile

import (
	"slices"
	"time"

	"frontdesk/internal/stripeapi"
	"frontdesk/models"
)

// What a side says of money, beside the states of our own rows.
const (
	statePaid    = "paid"
	stateNothing = "nothing" // it knows of none
)

// here fills in our side of a difference.
func here(d models.Difference, minor int64, currency, state string) models.Difference {
	d.HereMinor, d.HereCurrency, d.HereState = &minor, currency, state
	return d
}

// there fills in the provider's side.
func there(d models.Difference, m models.Money, state string) models.Difference {
	d.ThereMinor, d.ThereCurrency, d.ThereState = &m.Minor, m.Currency, state
	return d
}

func difference(kind models.DifferenceKind, subject string, since time.Time) models.Difference {
	return models.Difference{Kind: kind, Key: string(kind) + ":" + subject, Since: since, HereState: stateNothing, ThereState: stateNothing}
}

// judgePayment holds a charge against the payment it is of. One of them may be nil, and then the other side knows nothing.
func judgePayment(ch *stripeapi.Charge, p *models.Payment) []models.Difference {
	switch {
	case ch == nil && (p == nil || p.PaidAt == nil || p.ReceivedMinor == 0):
		return nil
	case ch == nil:
		d := here(difference(models.DiffUnknownThere, p.ID.String(), *p.PaidAt), p.ReceivedMinor, p.ReceivedIn, string(p.State))
		if subjectOf(&d, p); p.PaymentIntent != nil {
			d.Intent = *p.PaymentIntent
		}
		return []models.Difference{d}
	case !ch.Paid:
		return judgePayment(nil, p)
	}
	base := func(kind models.DifferenceKind) models.Difference {
		d := there(difference(kind, ch.ID, ch.Created), ch.Amount, statePaid)
		if d.Ref, d.Intent = ch.ID, ch.PaymentIntent; p != nil {
			subjectOf(&d, p)
		}
		return d
	}
	switch {
	case p == nil:
		return []models.Difference{base(models.DiffUnknownHere)}
	case p.PaidAt == nil:
		return []models.Difference{here(base(models.DiffState), 0, p.Currency, string(p.State))}
	case p.PaymentIntent != nil && ch.PaymentIntent != "" && *p.PaymentIntent != ch.PaymentIntent:
		return []models.Difference{here(base(models.DiffTwice), p.ReceivedMinor, p.ReceivedIn, string(p.State))}
	case p.ReceivedMinor != ch.Amount.Minor || p.ReceivedIn != ch.Amount.Currency:
		return []models.Difference{here(base(models.DiffAmount), p.ReceivedMinor, p.ReceivedIn, string(p.State))}
	}
	return nil
}

// judgeRefunds holds all that went back of a payment against our refunds of it. Those that name each other are compared one by
// one; of the rest the sums must agree, for what is given back at the provider's own site stands here as what its events added
// up to. Nothing is said about the rest while any of it is fresh.
func judgeRefunds(p models.Payment, intent string, ours []models.Refund, theirs []stripeapi.Returned, now time.Time) []models.Difference {
	var out []models.Difference
	matched := map[models.ID]bool{}
	var rest models.Money
	restSince, fresh := now, false
	theirs = slices.Clone(theirs)
	slices.SortStableFunc(theirs, func(a, b stripeapi.Returned) int { return order(a.Failed(), b.Failed()) }) // what is out comes first
	for _, t := range theirs {
		if r := refundOf(t, ours); r != nil && !matched[r.ID] {
			matched[r.ID] = true
			out = append(out, judgeRefund(p, *r, t, now)...)
			continue
		}
		if t.Failed() {
			continue
		}
		rest = models.Money{Minor: rest.Minor + t.Amount.Minor, Currency: t.Amount.Currency}
		restSince, fresh = earlier(restSince, t.Created), fresh || now.Sub(t.Created) < grace
	}
	own, ownSince := int64(0), now
	for _, r := range ours {
		if r.ByHand() || !r.State.Moves() || matched[r.ID] {
			continue
		}
		if r.State == models.RefundPending && now.Sub(r.CreatedAt) < slow {
			if rest.Minor > 0 {
				fresh = true // it may be this one
			}
			continue
		}
		own, ownSince = own+r.AmountMinor, earlier(ownSince, r.CreatedAt)
		fresh = fresh || now.Sub(r.CreatedAt) < grace
	}
	if fresh || own == rest.Minor {
		return out
	}
	kind, since := models.DiffRefundUnknownHere, restSince
	if own > rest.Minor {
		kind, since = models.DiffRefundUnknownThere, ownSince
	}
	d := difference(kind, p.ID.String(), since)
	d.Intent = intent
	subjectOf(&d, &p)
	if own > 0 {
		d = here(d, own, p.ReceivedIn, string(models.RefundSucceeded))
	}
	if rest.Minor > 0 {
		d = there(d, rest, string(stripeapi.RefundSucceeded))
	}
	return append(out, d)
}

// judgeRefund holds a refund of the provider's against ours. A total of the provider's says that money is out which its refund
// still calls pending: that is no difference.
func judgeRefund(p models.Payment, r models.Refund, t stripeapi.Returned, now time.Time) []models.Difference {
	base := func(kind models.DifferenceKind) []models.Difference {
		d := there(here(difference(kind, r.ID.String(), t.Created), r.AmountMinor, r.Currency, string(r.State)), t.Amount, string(t.Status))
		d.RefundID, d.Ref, d.Intent = &r.ID, t.ID, t.PaymentIntent
		subjectOf(&d, &p)
		return []models.Difference{d}
	}
	switch {
	case now.Sub(t.Created) < grace || now.Sub(r.UpdatedAt) < grace:
		return nil
	case t.Amount.Minor != r.AmountMinor || t.Amount.Currency != r.Currency:
		return base(models.DiffRefundAmount)
	case t.Failed() == r.State.Moves(), t.Status == stripeapi.RefundSucceeded && r.State == models.RefundPending:
		return base(models.DiffRefundState)
	}
	return nil
}

// refundOf is the refund of ours that the provider's names, or that names it.
func refundOf(t stripeapi.Returned, ours []models.Refund) *models.Refund {
	for i := range ours {
		if r := &ours[i]; r.ProviderID != nil && *r.ProviderID == t.ID {
			return r
		}
	}
	for i := range ours {
		if r := &ours[i]; r.ID == t.RefundID {
			return r
		}
	}
	return nil
}

// agrees tells whether a refund and the provider's need no second look.
func agrees(r models.Refund, t stripeapi.Returned) bool {
	return r.AmountMinor == t.Amount.Minor && r.Currency == t.Amount.Currency && (r.State == models.RefundSucceeded && !t.Failed() ||
		r.State == models.RefundPending && !t.Failed() && t.Status != stripeapi.RefundSucceeded || !r.State.Moves() && t.Failed())
}

func order(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	default:
		return -1
	}
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
