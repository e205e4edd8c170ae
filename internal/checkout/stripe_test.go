package checkout_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// double is the little of Stripe that a till calls: sessions and refunds with idempotency keys.
type double struct {
	url string

	mu       sync.Mutex
	answers  map[string]string            // by idempotency key
	asked    map[string]map[string]string // form by idempotency key
	sessions map[string]string            // status by id
	keys     []string
	refund   string // status of new refunds
	refunds  []payout
	most     int64 // of one payment that can go back; 0: nobody counts
	lose     bool  // refunds are made, and the answer is a failure that is stored for its key
	fail     func(r *http.Request) (status int, body string)
	replayed bool   // failures are stored ones, repeated for their key
	created  func() // runs after a session was made, before it is answered
}

// payout is a refund as the provider has it.
type payout struct {
	id, intent, ours, status string
	amount                   int64
}

func newDouble(t *testing.T) *double {
	t.Helper()
	d := &double{answers: map[string]string{}, asked: map[string]map[string]string{}, sessions: map[string]string{}, refund: "succeeded"}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/checkout/sessions", d.keyed(d.newSession))
	mux.HandleFunc("GET /v1/checkout/sessions/{id}", d.read)
	mux.HandleFunc("POST /v1/checkout/sessions/{id}/expire", d.expire)
	mux.HandleFunc("POST /v1/refunds", d.keyed(d.newRefund))
	mux.HandleFunc("GET /v1/refunds", d.list)
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	d.url = srv.URL
	return d
}

// failing makes every call fail until it is called with 0.
func (d *double) failing(status int, body string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fail = nil
	if status != 0 {
		d.fail = func(*http.Request) (int, string) { return status, body }
	}
}

// keyed answers the same key with the same answer and refuses other parameters for it (C3).
func (d *double) keyed(make func(r *http.Request) string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm() // an unreadable form has no fields, which the comparison shows
		d.mu.Lock()
		defer d.mu.Unlock()
		key := r.Header.Get("Idempotency-Key")
		d.keys = append(d.keys, key)
		_, known := d.answers[key]
		status, body := 0, ""
		if d.fail != nil {
			status, body = d.fail(r)
		}
		if status >= http.StatusInternalServerError || status > 0 && !known { // what it answered already it does not refuse
			if d.replayed {
				w.Header().Set("Idempotent-Replayed", "true")
			}
			w.WriteHeader(status)
			fmt.Fprint(w, body)
			return
		}
		form := map[string]string{}
		for k, v := range r.PostForm {
			form[k] = strings.Join(v, ",")
		}
		if before, ok := d.asked[key]; ok && fmt.Sprint(before) != fmt.Sprint(form) {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(w, `{"error":{"type":"idempotency_error","message":"other parameters"}}`)
			return
		}
		if wrong := d.tooMuch(r); !known && wrong != "" {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(w, wrong)
			return
		}
		if !known {
			d.asked[key], d.answers[key] = form, make(r)
		}
		if d.lose {
			if known {
				w.Header().Set("Idempotent-Replayed", "true")
			}
			w.WriteHeader(http.StatusInternalServerError)
			fmt.Fprint(w, `{"error":{"type":"api_error"}}`)
			return
		}
		fmt.Fprint(w, d.answers[key])
		if d.created != nil {
			d.created()
		}
	}
}

func (d *double) newSession(r *http.Request) string {
	id := fmt.Sprintf("cs_%d", len(d.sessions)+1)
	d.sessions[id] = "open"
	return fmt.Sprintf(`{"id":%q,"object":"checkout.session","status":"open","payment_status":"unpaid","url":"https://pay.test/%s",
		"amount_total":%s,"currency":"eur"}`, id, id, r.PostForm.Get("line_items[0][price_data][unit_amount]"))
}

func (d *double) newRefund(r *http.Request) string {
	amount, _ := strconv.ParseInt(r.PostForm.Get("amount"), 10, 64) // what is no number is nothing
	p := payout{fmt.Sprintf("re_%d", len(d.refunds)+1), r.PostForm.Get("payment_intent"), r.PostForm.Get("metadata[refund_id]"), d.refund, amount}
	d.refunds = append(d.refunds, p)
	return p.String()
}

// tooMuch refuses a refund of more than is left of a payment, as the provider does; empty where there is room.
func (d *double) tooMuch(r *http.Request) string {
	amount, _ := strconv.ParseInt(r.PostForm.Get("amount"), 10, 64) // of a session there is none
	back := d.back(r.PostForm.Get("payment_intent"))
	switch {
	case d.most == 0 || amount == 0 || back+amount <= d.most:
		return ""
	case back == d.most:
		return `{"error":{"type":"invalid_request_error","code":"charge_already_refunded"}}`
	default:
		return `{"error":{"type":"invalid_request_error","message":"Refund amount is greater than unrefunded amount on charge"}}`
	}
}

// back adds up what went back of a payment and did not come again.
func (d *double) back(intent string) (sum int64) {
	for _, p := range d.refunds {
		if p.intent == intent && p.status != "failed" {
			sum += p.amount
		}
	}
	return sum
}

func (p payout) String() string {
	return fmt.Sprintf(`{"id":%q,"object":"refund","amount":%d,"status":%q,"payment_intent":%q,"metadata":{"refund_id":%q}}`, p.id, p.amount, p.status, p.intent, p.ours)
}

// list shows the refunds of a payment, newest first, one a page.
func (d *double) list(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.fail != nil {
		status, body := d.fail(r)
		w.WriteHeader(status)
		fmt.Fprint(w, body)
		return
	}
	after := r.URL.Query().Get("starting_after")
	var page []string
	for _, p := range slices.Backward(d.refunds) {
		if p.intent != r.URL.Query().Get("payment_intent") {
			continue
		}
		if after == "" {
			page = append(page, p.String())
		}
		if p.id == after {
			after = ""
		}
	}
	fmt.Fprintf(w, `{"object":"list","url":"/v1/refunds","has_more":%t,"data":[%s]}`, len(page) > 1, strings.Join(page[:min(1, len(page))], ","))
}

func (d *double) read(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	fmt.Fprintf(w, `{"id":%q,"status":%q,"payment_intent":"pi_read"}`, r.PathValue("id"), d.sessions[r.PathValue("id")])
}

func (d *double) expire(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	id := r.PathValue("id")
	if d.fail != nil {
		status, body := d.fail(r)
		w.WriteHeader(status)
		fmt.Fprint(w, body)
		return
	}
	if d.sessions[id] != "open" {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `{"error":{"type":"invalid_request_error","message":"Only Checkout Sessions with a status in [\"open\"] can be expired."}}`)
		return
	}
	d.sessions[id] = "expired"
	fmt.Fprintf(w, `{"id":%q,"status":"expired"}`, id)
}

// status of a session.
func (d *double) status(id string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.sessions[id]
}

// complete marks a session as paid by the customer.
func (d *double) complete(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sessions[id] = "complete"
}
