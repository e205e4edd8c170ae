package walk

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"time"

	"frontdesk/e2e/auditor"
	"frontdesk/e2e/harness"
	"frontdesk/models"
)

// shopper is somebody with a browser, who is somebody new with each cart.
type shopper struct {
	scene   *scene
	rng     *rand.Rand
	client  http.Client
	session string
}

func (s *scene) shopper(n int) *shopper {
	return &shopper{scene: s, rng: rand.New(rand.NewPCG(s.seed, uint64(1000+n))), client: http.Client{Timeout: 15 * time.Second}}
}

// goShopping buys one thing after the other for as long as there is trouble, and finishes what was begun.
func (b *shopper) goShopping() {
	for b.scene.rests(time.Duration(200+b.rng.IntN(800)) * time.Millisecond) {
		b.session = ""
		if b.must("/cart/items", map[string]any{"sku": "OIL-ARG-50", "qty": 1 + b.rng.IntN(2)}, nil) {
			b.buy()
		}
	}
}

// buy makes an order of the cart and pays it; some think better of it, some while they pay.
func (b *shopper) buy() {
	method := []string{"cod", "stripe", "stripe"}[b.rng.IntN(3)]
	outcome, copies := []string{"paid", "paid", "paid", "declined"}[b.rng.IntN(4)], 1+b.rng.IntN(3)
	regret := b.rng.IntN(6)
	var o struct {
		OrderID    string
		Number     string
		TotalMinor int64
		URL        string `json:"checkoutUrl"`
	}
	if !b.must("/checkout/init", map[string]any{"method": method}, &o) {
		return
	}
	b.scene.promised(auditor.OrderTold{ID: o.OrderID, Number: o.Number, TotalMinor: o.TotalMinor})
	if method == "cod" {
		b.must("/checkout/confirm", map[string]any{"orderId": o.OrderID}, nil)
	} else {
		paid := make(chan error, 1)
		go func() {
			paid <- b.scene.Control("pay", map[string]any{"url": o.URL, "outcome": outcome, "copies": copies, "wait_ms": patience}, nil)
		}()
		if regret > 0 {
			b.noteIf(<-paid == nil && outcome == "paid", o.OrderID)
		} else {
			defer func() { <-paid }()
		}
	}
	if regret <= 1 && b.must("/orders/"+o.OrderID+"/cancel", map[string]any{}, nil) {
		b.scene.promised(auditor.OrderTold{ID: o.OrderID, Number: o.Number, TotalMinor: o.TotalMinor, Canceled: true})
	}
}

// noteIf remembers an order whose money somebody may give back.
func (b *shopper) noteIf(paid bool, order string) {
	b.scene.mu.Lock()
	defer b.scene.mu.Unlock()
	if paid {
		b.scene.paid = append(b.scene.paid, order)
	}
}

func (s *scene) promised(o auditor.OrderTold) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.told.Orders = append(s.told.Orders, o)
}

// must posts until it is answered: what was not, or not yet, is asked again in the same words. False: it was refused.
func (b *shopper) must(path string, body any, into any) bool {
	key := models.NewID().String()
	for end := time.Now().Add(harness.Patience); time.Now().Before(end); <-time.After(200 * time.Millisecond) {
		status, answer := b.post(path, body, key)
		b.scene.heard(status)
		switch {
		case status/100 == 2:
			return into == nil || json.Unmarshal(answer, into) == nil
		case status != 0 && status < 500 && status != http.StatusTooManyRequests:
			return false
		}
	}
	return false
}

// post asks once. Status 0: nobody answered, and nobody knows whether it was done.
func (b *shopper) post(path string, body any, key string) (status int, answer []byte) {
	raw, err := json.Marshal(body)
	if err != nil {
		return 0, nil
	}
	req, err := http.NewRequest(http.MethodPost, b.scene.BaseURL+path, bytes.NewReader(raw))
	if err != nil {
		return 0, nil
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", key)
	if b.session != "" {
		req.Header.Set("X-Session-Token", b.session)
	}
	res, err := b.client.Do(req)
	if err != nil {
		return 0, nil
	}
	defer res.Body.Close() //nolint:errcheck // read to its end
	answer, err = io.ReadAll(res.Body)
	if err != nil {
		return 0, nil
	}
	if opened := res.Header.Get("X-Session-Token"); opened != "" {
		b.session = opened
	}
	return res.StatusCode, answer
}

// giveBack is finance giving money of orders and visits back; what is more than they may give alone, somebody else agrees
// to, refuses, or leaves lying.
func (s *scene) giveBack(finance, second *harness.Person) {
	rng := rand.New(rand.NewPCG(s.seed, 2000))
	asked := 0 // for the second person to decide
	for s.rests(time.Duration(300+rng.IntN(900)) * time.Millisecond) {
		ask := map[string]any{"key": models.NewID().String(), "reason": "goodwill", "amountMinor": []int{0, 150, 300, 300, 900}[rng.IntN(5)]}
		if order := s.anyPaid(rng); order != "" && rng.IntN(2) == 0 {
			ask["order"] = order
		} else if visit := s.anyVisit(rng); visit != "" {
			ask["visit"] = visit
		} else {
			continue
		}
		var given struct {
			Refund struct {
				ID, State   string
				AmountMinor int64 `json:"amount_minor"`
				Version     int64
			}
		}
		if !s.insists(finance, "/salon/refunds", ask, &given) {
			continue
		}
		told := auditor.RefundTold{ID: given.Refund.ID, AmountMinor: given.Refund.AmountMinor}
		if given.Refund.State == "asked" {
			act := []string{"approve", "reject", "approve", ""}[asked%4]
			asked++
			told.Agreed = s.decide(second, told.ID, given.Refund.Version, act) && act == "approve"
		}
		s.mu.Lock()
		s.told.Refunds = append(s.told.Refunds, told)
		s.mu.Unlock()
	}
}

// decide is the second person agreeing to a refund or refusing it, once; they may also leave it. False: it was not taken.
func (s *scene) decide(second *harness.Person, refund string, version int64, act string) bool {
	if act == "" {
		return false
	}
	form := url.Values{"version": {fmt.Sprint(version)}, "note": {"as they asked"}}
	status, _ := second.Post("/console/refunds/"+refund+"/"+act, harness.Form, form.Encode())
	s.heard(status)
	return status == http.StatusOK
}

// insists posts for somebody of the salon until it is answered, with the same key. False: it was refused, or is given up.
func (s *scene) insists(by *harness.Person, path string, body map[string]any, into any) bool {
	raw, err := json.Marshal(body)
	if err != nil {
		return false
	}
	for range 20 {
		status, answer := by.Post(path, harness.JSON, string(raw))
		s.heard(status)
		switch {
		case status/100 == 2:
			return json.Unmarshal(answer, into) == nil
		case status == http.StatusConflict || status == http.StatusBadRequest || status == http.StatusNotFound || status == http.StatusUnprocessableEntity:
			return false
		}
		<-time.After(200 * time.Millisecond) // nobody is there, or nobody knows us any more
	}
	return false
}

// anyPaid is an order that was paid by card; empty while there is none.
func (s *scene) anyPaid(rng *rand.Rand) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.paid) == 0 {
		return ""
	}
	return s.paid[rng.IntN(len(s.paid))]
}

// anyVisit is somebody's visit whose deposit was paid; empty when who was asked has none.
func (s *scene) anyVisit(rng *rand.Rand) string {
	c := s.crowd[rng.IntN(len(s.crowd))]
	res, err := http.Get(s.SimURL + "/control/state?phone=" + url.QueryEscape(c.phone))
	if err != nil {
		return ""
	}
	defer res.Body.Close() //nolint:errcheck // read to its end
	var state harness.State
	if json.NewDecoder(res.Body).Decode(&state) != nil {
		return ""
	}
	i := slices.IndexFunc(state.Appointments, func(v harness.Visit) bool { return v.DepositState == "paid" })
	if i < 0 {
		return ""
	}
	return state.Appointments[i].ID
}

// callOff is the manager canceling visits now and then, with all of the deposit or by the terms.
func (s *scene) callOff(manager *harness.Person) {
	rng := rand.New(rand.NewPCG(s.seed, 3000))
	for s.rests(time.Duration(2000+rng.IntN(3000)) * time.Millisecond) {
		visit := s.anyVisit(rng)
		if visit == "" {
			continue
		}
		status, answer := manager.Get("/salon/appointments/" + visit)
		var seen struct{ Appointment struct{ Version int64 } }
		if status != http.StatusOK || json.Unmarshal(answer, &seen) != nil {
			continue
		}
		raw := fmt.Sprintf(`{"version":%d,"reason":"stylist_away","refund":%q}`, seen.Appointment.Version, []string{"full", "policy"}[rng.IntN(2)])
		status, _ = manager.Post("/salon/appointments/"+visit+"/cancel", harness.JSON, raw)
		s.heard(status)
	}
}
