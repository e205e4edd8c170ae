package checkout_test

import (
	"context"
	"net/http"
	"testing"

	"frontdesk/internal/stripeapi"
	"frontdesk/models"
)

// owed is a payment that has to go back: late, its time taken by somebody else.
func (s *salon) owed() (guest, models.Appointment, models.Payment) {
	s.t.Helper()
	late := s.guest()
	visit, p := s.hold(late)
	p = s.open(p)
	s.expire()
	s.hold(s.guest())
	if got := s.apply(paid("evt_paid", p)); got != "late_refunded" {
		s.t.Fatalf("outcome = %s", got)
	}
	return late, visit, s.payment(p.ID)
}

func refundEvent(id string, r models.Refund, status string) event {
	return event{id, stripeapi.RefundUpdatedEvent, map[string]any{
		"id": "re_" + r.ID.String(), "object": "refund", "amount": r.AmountMinor, "currency": "eur", "status": status,
		"failure_reason": "expired_or_canceled_card", "metadata": map[string]string{"refund_id": r.ID.String()},
	}}
}

// the provider is down: the refund stays pending, people know, and later it goes out once.
func TestRefundOutlastsAnOutage(t *testing.T) {
	s := openSalon(t)
	g, visit, p := s.owed()
	s.stripe.failing(http.StatusInternalServerError, `{"error":{"type":"api_error"}}`)
	for range 3 {
		if err := s.sendRefunds(); !stripeapi.Temporary(err) {
			t.Fatalf("got %v, want a temporary failure", err)
		}
	}
	s.wantVisit(visit.ID, models.Expired, models.DepositRefundPending)
	if cases := s.cases(g); len(cases) != 2 || cases[0].Reason != models.ReasonRefundFailure {
		t.Errorf("cases = %+v", cases)
	}
	s.stripe.failing(0, "")
	s.must(s.sendRefunds())
	s.must(s.sendRefunds())
	s.wantVisit(visit.ID, models.Expired, models.DepositRefunded)
	s.wantPayment(p.ID, models.PaymentRefunded)
	r := s.refunds(p.ID)[0]
	if last := s.stripe.keys[len(s.stripe.keys)-1]; last != r.ID.String() {
		t.Errorf("idempotency key = %s, want the refund's id %s", last, r.ID)
	}
	if len(s.stripe.answers) != 2 { // one session, one refund
		t.Errorf("the provider made %d things, want 2", len(s.stripe.answers))
	}
}

func TestRefusedRefundStaysOwed(t *testing.T) {
	s := openSalon(t)
	g, visit, p := s.owed()
	s.stripe.failing(http.StatusBadRequest, `{"error":{"type":"invalid_request_error","code":"charge_disputed"}}`)
	s.must(s.sendRefunds())
	s.wantVisit(visit.ID, models.Expired, models.DepositRefundPending)
	s.wantPayment(p.ID, models.PaymentRefundPending)
	if r := s.refunds(p.ID)[0]; r.State != models.RefundFailed || r.ErrorCode != "charge_disputed" {
		t.Errorf("refund = %+v", r)
	}
	if cases := s.cases(g); len(cases) != 2 || cases[0].Reason != models.ReasonRefundFailure {
		t.Errorf("cases = %+v", cases)
	}
	// Somebody pays it back at the provider's own site.
	s.stripe.failing(0, "")
	s.apply(refunded("evt_hand", p, 1600))
	s.wantVisit(visit.ID, models.Expired, models.DepositRefunded)
	s.wantPayment(p.ID, models.PaymentRefunded)
}

func TestRefundDoneAlreadyIsDone(t *testing.T) {
	s := openSalon(t)
	_, visit, p := s.owed()
	s.stripe.failing(http.StatusBadRequest, `{"error":{"type":"invalid_request_error","code":"charge_already_refunded"}}`)
	s.must(s.sendRefunds())
	s.wantVisit(visit.ID, models.Expired, models.DepositRefunded)
	s.wantPayment(p.ID, models.PaymentRefunded)
}

func TestSlowRefundIsSettledByItsEvent(t *testing.T) {
	s := openSalon(t)
	g, visit, p := s.owed()
	s.stripe.refund = "pending"
	s.must(s.sendRefunds())
	calls := len(s.stripe.keys)
	s.must(s.sendRefunds())
	if len(s.stripe.keys) != calls {
		t.Error("asked again for a refund that the provider has")
	}
	s.wantPayment(p.ID, models.PaymentRefundPending)
	r := s.refunds(p.ID)[0]
	s.apply(refundEvent("evt_1", r, "succeeded"))
	s.wantVisit(visit.ID, models.Expired, models.DepositRefunded)
	s.apply(refundEvent("evt_2", r, "pending")) // late
	s.wantPayment(p.ID, models.PaymentRefunded)

	s.apply(refundEvent("evt_3", r, "failed")) // the bank sent it back
	s.wantPayment(p.ID, models.PaymentRefundPending)
	s.wantVisit(visit.ID, models.Expired, models.DepositRefundPending)
	if cases := s.cases(g); len(cases) != 2 {
		t.Errorf("%d cases, want 2", len(cases))
	}
	s.apply(refundEvent("evt_4", r, "succeeded")) // later than what we know
	s.wantPayment(p.ID, models.PaymentRefundPending)
}

// Money given back by hand at the provider shows in our books, in part and in full.
func TestRefundMadeAtTheProvider(t *testing.T) {
	s := openSalon(t)
	visit, p := s.hold(s.guest())
	p = s.open(p)
	early := s.store(refunded("evt_0", p, 600))
	if err := s.till.Apply(context.Background(), early); err == nil {
		t.Error("a refund of money that has not come was applied")
	}
	s.apply(paid("evt_1", p))
	s.must(s.till.Apply(context.Background(), early))
	s.wantPayment(p.ID, models.PaymentPaid)
	s.wantVisit(visit.ID, models.Confirmed, models.DepositPaid)
	s.apply(refunded("evt_2", p, 1600))
	s.apply(refunded("evt_3", p, 600)) // late
	s.wantPayment(p.ID, models.PaymentRefunded)
	s.wantVisit(visit.ID, models.Confirmed, models.DepositRefunded)
	failed := event{"evt_4", "charge.refund.updated", map[string]any{
		"id": "re_hand", "amount": 1000, "currency": "eur", "status": "failed", "payment_intent": "pi_" + p.ID.String(),
	}}
	if rows := s.refunds(p.ID); len(rows) != 2 || rows[0].AmountMinor != 600 || rows[1].AmountMinor != 1000 {
		t.Errorf("refunds = %+v", rows)
	}
	s.apply(failed) // the larger one came back
	s.wantPayment(p.ID, models.PaymentRefundPending)
	s.wantVisit(visit.ID, models.Confirmed, models.DepositRefundPending)
}
