package checkout_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"testing"
	"time"

	"frontdesk/internal/checkout"
	"frontdesk/internal/fault"
	"frontdesk/internal/stripeapi"
	"frontdesk/models"
)

// heard is what the provider tells of a refund that it has.
func (p payout) heard(id string) event {
	return event{id, stripeapi.RefundUpdatedEvent, map[string]any{
		"id": p.id, "object": "refund", "amount": p.amount, "currency": "eur", "status": p.status, "payment_intent": p.intent,
		"failure_reason": "expired_or_canceled_card", "metadata": map[string]string{"refund_id": p.ours},
	}}
}

// walker plays a salon that gives back a payment's money and a provider that pays it out, tells of it late and twice, is away, loses its
// answers, refuses, and sees money come back from the bank.
type walker struct {
	*salon
	random *rand.Rand
	visit  models.Appointment
	p      models.Payment
	intent string
	cash   bool    // people give money by hand; else somebody gives it at the provider's own site
	late   []event // not told yet
	early  []models.ID
	n      int
}

func (w *walker) id() string { w.n++; return fmt.Sprint("evt_", w.n) }

// staff does something to the ledger.
func (w *walker) staff() error {
	ctx, rows := context.Background(), w.refunds(w.p.ID)
	if len(rows) == 0 || w.random.IntN(3) == 0 {
		ask := want(w.visit.ID, w.random.Int64N(700), fmt.Sprint(w.random.IntN(40)))
		if ask.Method = models.RefundByCard; w.cash && w.random.IntN(4) == 0 {
			ask.Method = models.RefundByCash
		}
		_, err := w.till.AskRefund(ctx, ask)
		return err
	}
	r := rows[w.random.IntN(len(rows))]
	act := checkout.RefundAct{Actor: []string{cashier, chief}[w.random.IntN(2)], Role: models.RoleFinance, May: true, ID: r.ID, Version: r.Version, Note: "n"}
	do := []func(context.Context, checkout.RefundAct) (models.Refund, error){w.till.ApproveRefund, w.till.ApproveRefund, w.till.RejectRefund, w.till.CancelRefund, w.till.RetryRefund, w.till.GiveRefund}
	i := w.random.IntN(len(do))
	if i == len(do)-1 {
		act.Proof = "slip"
	}
	_, err := do[i](ctx, act)
	return err
}

// provider lets something happen at the provider, and notes what it will tell.
func (w *walker) provider() {
	d := w.stripe
	d.mu.Lock()
	defer d.mu.Unlock()
	tell := func(p payout) {
		for range 1 + w.random.IntN(2) {
			w.late = append(w.late, p.heard(w.id()))
		}
	}
	if !w.cash && w.random.IntN(6) == 0 {
		if rest := d.most - d.back(w.intent); rest > 0 {
			d.refunds = append(d.refunds, payout{fmt.Sprintf("re_%d", len(d.refunds)+1), w.intent, "", "succeeded", 1 + w.random.Int64N(min(rest, 300))})
			tell(d.refunds[len(d.refunds)-1])
		}
		return
	}
	if len(d.refunds) == 0 {
		return
	}
	i := w.random.IntN(len(d.refunds))
	if p := &d.refunds[i]; p.ours != "" && p.status != "failed" {
		if p.status = "succeeded"; w.random.IntN(3) == 0 {
			p.status = "failed"
		}
		tell(*p)
	}
}

// step is one thing that happens.
func (w *walker) step() error {
	ctx := context.Background()
	w.hand.Set(w.clock.Now().Add(time.Second))
	switch n := w.random.IntN(12); {
	case n < 5:
		return w.staff()
	case n < 7:
		w.provider()
	case n < 9 && len(w.late) > 0:
		i := w.random.IntN(len(w.late))
		w.hear(w.late[i])
		w.late = append(w.late[:i], w.late[i+1:]...)
	case n < 10:
		w.hear(w.total())
	case n < 11:
		w.hand.Set(w.clock.Now().Add(time.Duration(w.random.IntN(20)) * time.Hour))
		_, err := w.till.ExpireRefunds(ctx)
		return err
	default:
		w.stripe.mu.Lock()
		w.stripe.lose, w.stripe.refund = w.random.IntN(4) == 0, []string{"succeeded", "pending"}[w.random.IntN(2)]
		w.stripe.mu.Unlock()
		w.stripe.failing([]int{0, 0, 0, http.StatusBadRequest, http.StatusServiceUnavailable}[w.random.IntN(5)], `{"error":{"type":"invalid_request_error","code":"charge_disputed"}}`)
		if err := w.sendRefunds(); stripeapi.Code(err) != "charge_disputed" && !stripeapi.Temporary(err) {
			return err
		}
	}
	return nil
}

// total is what the provider says went back so far.
func (w *walker) total() event {
	w.stripe.mu.Lock()
	defer w.stripe.mu.Unlock()
	return refunded(w.id(), w.p, w.stripe.back(w.intent))
}

// hear takes an event; what cannot be known yet comes again at the end.
func (w *walker) hear(e event) {
	id := w.store(e)
	if w.till.Apply(context.Background(), id) != nil {
		w.early = append(w.early, id)
	}
}

// settleAll lets all that is on its way arrive.
func (w *walker) settleAll() {
	w.stripe.failing(0, "")
	w.stripe.mu.Lock()
	w.stripe.lose = false
	w.stripe.mu.Unlock()
	for range 3 {
		w.must(w.sendRefunds())
	}
	for i := range w.stripe.refunds {
		if p := &w.stripe.refunds[i]; p.status == "pending" {
			p.status = "succeeded"
		}
		w.late = append(w.late, w.stripe.refunds[i].heard(w.id()))
	}
	for _, e := range w.late {
		w.apply(e)
	}
	for _, id := range w.early {
		w.must(w.till.Apply(context.Background(), id))
	}
	w.hand.Set(w.clock.Now().Add(time.Second))
	w.apply(w.total())
}

// wantPaidOut holds the ledger against what the provider has: each payout is one refund of ours, once, or one at its own site; and the sums are the same.
func (w *walker) wantPaidOut() {
	w.t.Helper()
	ledger, live := map[string]models.Refund{}, map[string]int{}
	sum := int64(0)
	for _, r := range w.refunds(w.p.ID) {
		ledger[r.ID.String()] = r
		if r.State == models.RefundSucceeded && !r.ByHand() {
			sum += r.AmountMinor
		}
		if r.State == models.RefundPending && !r.ByHand() {
			w.t.Errorf("still on its way: %+v", r)
		}
	}
	for _, p := range w.stripe.refunds {
		r, known := ledger[p.ours]
		switch {
		case p.ours == "":
		case !known || r.AmountMinor != p.amount || r.ByHand():
			w.t.Errorf("paid out %+v, and the ledger says %+v", p, r)
		case p.status == "failed":
			continue
		case r.State != models.RefundSucceeded:
			w.t.Errorf("paid out %+v, and the ledger says %+v", p, r)
		}
		if live[p.ours]++; p.ours != "" && live[p.ours] > 1 {
			w.t.Errorf("paid out twice: %+v", p)
		}
	}
	if back := w.stripe.back(w.intent); back != sum || back > w.p.ReceivedMinor {
		w.t.Errorf("the provider paid out %d of %d, the ledger says %d", back, w.p.ReceivedMinor, sum)
	}
}

// Whatever people do, and however the provider fails, repeats itself and comes late: what it paid out is in the ledger, refund by refund and
// to the cent, and nothing went out twice.
func TestTheLedgerIsWhatWasPaidOut(t *testing.T) {
	for i := range 6 {
		seed := rand.Uint64()
		t.Run(fmt.Sprintf("seed %d, cash %t", seed, i%2 == 0), func(t *testing.T) {
			s := openSalon(t)
			s.must(s.settings.Set(context.Background(), "refund.alone_minor", 800, "test"))
			_, visit, p := s.booked()
			w := &walker{salon: s, random: rand.New(rand.NewPCG(seed, 1)), visit: visit, p: p, intent: *p.PaymentIntent, cash: i%2 == 0}
			s.stripe.most = p.ReceivedMinor
			for step := range 150 {
				var f *fault.Fault
				if err := w.step(); err != nil && !errors.As(err, &f) {
					t.Fatalf("step %d: %v", step, err)
				}
				s.wantWithin(p)
			}
			w.settleAll()
			w.wantPaidOut()
		})
	}
}

// A total that had to wait may be older than what the bank sent back since: that is not taken for money given at the provider's own site.
func TestATotalThatHadToWait(t *testing.T) {
	s := openSalon(t)
	_, visit, p := s.booked()
	s.askRefund(want(visit.ID, 600, "a"))
	s.must(s.sendRefunds())
	s.askRefund(want(visit.ID, 200, "b"))
	waits := s.store(refunded("evt_old", p, 700)) // 6.00 of ours, and 1.00 at the site
	if err := s.till.Apply(context.Background(), waits); !errors.Is(err, checkout.ErrUnsent) {
		t.Fatalf("it did not have to wait: %v", err)
	}
	s.hand.Set(s.clock.Now().Add(time.Minute))
	back := s.stripe.refunds[0]
	back.status = "failed"
	s.apply(back.heard("evt_bank"))
	s.must(s.sendRefunds())
	s.must(s.till.Apply(context.Background(), waits))
	if rows := s.refunds(p.ID); len(rows) != 2 {
		t.Errorf("the ledger is %+v", rows)
	}
	s.hand.Set(s.clock.Now().Add(time.Minute))
	s.apply(refunded("evt_new", p, 300))
	if rows := s.refunds(p.ID); len(rows) != 3 || rows[2].AmountMinor != 100 || rows[2].Reason != "at_provider" {
		t.Errorf("what was given at the site is not in the ledger: %+v", rows)
	}
}
