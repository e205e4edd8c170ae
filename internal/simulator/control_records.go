package simulator

import (
	"cmp"
	"net/http"
	"slices"
)

// moneyAnswer is what the payment provider would show in its own dashboard: all that was begun, paid and given back.
type moneyAnswer struct {
	Payments []paymentSeen `json:"payments"`
	Refunds  []refundSeen  `json:"refunds"`
	Events   []eventSeen   `json:"events"`
}

// paymentSeen is a payment page and what came in by it. Sums are minor units.
type paymentSeen struct {
	Session  string `json:"session"`
	Intent   string `json:"intent,omitempty"` // empty until somebody tried to pay
	Payment  string `json:"payment_id"`       // as the product named it
	Status   string `json:"status"`           // of the page: open, complete, expired
	Received int64  `json:"received_minor"`
	Refunded int64  `json:"refunded_minor"`
	Currency string `json:"currency"`
}

type refundSeen struct {
	ID     string `json:"id"`
	Intent string `json:"intent"`
	Refund string `json:"refund_id"` // as the product named it; empty of one that the product did not ask for
	Status string `json:"status"`
	Amount int64  `json:"amount_minor"`
}

type eventSeen struct {
	ID   string `json:"id"`
	Type string `json:"type"`
}

// showMoney lists what the payment provider keeps, oldest first.
func (s *Server) showMoney(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, s.stripe.money())
}

func (a *stripe) money() moneyAnswer {
	a.mu.Lock()
	defer a.mu.Unlock()
	out := moneyAnswer{Payments: []paymentSeen{}, Refunds: []refundSeen{}, Events: []eventSeen{}}
	for _, p := range sorted(a.sessions, func(s *session) (int64, string) { return s.Created, s.ID }) {
		seen := paymentSeen{Session: p.ID, Payment: p.Metadata["payment_id"], Status: p.Status, Currency: p.Currency}
		if i, ok := a.intents[p.Intent]; ok {
			seen.Intent, seen.Received, seen.Refunded = i.ID, i.Received, i.Refunded
		}
		out.Payments = append(out.Payments, seen)
	}
	for _, r := range sorted(a.refunds, func(r *refund) (int64, string) { return r.Created, r.ID }) {
		out.Refunds = append(out.Refunds, refundSeen{r.ID, r.Intent, r.Metadata["refund_id"], r.Status, r.Amount})
	}
	for _, e := range a.events {
		out.Events = append(out.Events, eventSeen{e.ID, e.Type})
	}
	return out
}

// sorted are the values of a map by when they were made, then by name.
func sorted[T any](of map[string]T, by func(T) (int64, string)) []T {
	out := make([]T, 0, len(of))
	for _, one := range of {
		out = append(out, one)
	}
	slices.SortFunc(out, func(one, other T) int {
		at, name := by(one)
		otherAt, otherName := by(other)
		return cmp.Or(cmp.Compare(at, otherAt), cmp.Compare(name, otherName))
	})
	return out
}

// showPhones lists the phones that wrote, or were written to.
func (s *Server) showPhones(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]any{"phones": s.phones.known()})
}

// known are the phones that show anything, as the product names them.
func (p *phones) known() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := []string{}
	for id, one := range p.all {
		if len(one.bubbles) > 0 {
			out = append(out, e164(id))
		}
	}
	slices.Sort(out)
	return out
}
