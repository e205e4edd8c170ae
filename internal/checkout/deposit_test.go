package checkout_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"frontdesk/internal/stripeapi"
	"frontdesk/models"
)

func TestDepositGetsALink(t *testing.T) {
	s := openSalon(t)
	g := s.guest()
	visit, p := s.hold(g)
	if p.AmountMinor != 1600 || p.Currency != "EUR" || p.State != models.PaymentRequested || p.Language != "es" {
		t.Errorf("requested %d %s in %s, state %s", p.AmountMinor, p.Currency, p.Language, p.State)
	}
	again, err := s.till.RequestDeposit(context.Background(), visit)
	if err != nil || again.ID != p.ID {
		t.Errorf("asked again: payment %s, %v; want %s", again.ID, err, p.ID)
	}

	p = s.open(p)
	if p.State != models.PaymentOpen || p.URL == "" || p.SessionID == nil {
		t.Errorf("opened: state %s, link %q", p.State, p.URL)
	}
	form := s.stripe.asked[p.ID.String()]
	for field, want := range map[string]string{
		"line_items[0][price_data][product_data][name]": "Depósito de tu cita en Luma",
		"success_url": "https://salon.test/payments/thanks?lang=es",
		"cancel_url":  "https://salon.test/payments/cancelled?lang=es",
		"expires_at":  "1791277260", // 10:00 + 30 min of hold + 31
		"locale":      "es",
	} {
		if form[field] != want {
			t.Errorf("%s = %q, want %q", field, form[field], want)
		}
	}
	s.wantTells("payment.link")

	s.open(p)
	s.wantTells("payment.link")
	if n := len(s.stripe.keys); n != 1 {
		t.Errorf("the provider was asked %d times, want once", n)
	}
}

// A crash between Stripe's answer and our commit: the job runs again, later, with another language
// in force, and finds the same link.
func TestLinkSurvivesACrash(t *testing.T) {
	s := openSalon(t)
	g := s.guest()
	_, p := s.hold(g)
	ctx, crash := context.WithCancel(context.Background())
	s.stripe.created = crash
	if err := s.till.OpenSession(ctx, p.ID); err == nil {
		t.Fatal("a cancelled job succeeded")
	}
	s.stripe.created = nil
	s.wantPayment(p.ID, models.PaymentRequested)

	s.hand.Advance(3 * time.Minute)
	s.must(s.db.On(context.Background()).Model(&g.conversation).Update("language", "en").Error)
	if p = s.open(p); *p.SessionID != "cs_1" {
		t.Errorf("session %s, want the first one", *p.SessionID)
	}
	s.wantTells("payment.link")
}

func TestProviderDownDelaysTheLinkAndSaysSoOnce(t *testing.T) {
	s := openSalon(t)
	visit, p := s.hold(s.guest())
	s.stripe.failing(http.StatusInternalServerError, `{"error":{"type":"api_error"}}`)
	for range 3 {
		if err := s.till.OpenSession(context.Background(), p.ID); !stripeapi.Temporary(err) {
			t.Fatalf("got %v, want a temporary failure", err)
		}
	}
	s.wantTells("payment.delayed")
	s.wantVisit(visit.ID, models.Provisional, models.DepositPending)

	s.stripe.failing(0, "")
	if p = s.open(p); p.State != models.PaymentOpen || p.ErrorCode != "" {
		t.Errorf("payment is %s with code %q", p.State, p.ErrorCode)
	}
	s.wantTells("payment.delayed", "payment.link")
}

func TestRefusedLinkIsToldToPeople(t *testing.T) {
	s := openSalon(t)
	g := s.guest()
	_, p := s.hold(g)
	s.stripe.failing(http.StatusBadRequest, `{"error":{"type":"invalid_request_error","code":"amount_too_small"}}`)
	for range 2 {
		if err := s.till.OpenSession(context.Background(), p.ID); stripeapi.Code(err) != "amount_too_small" {
			t.Fatalf("got %v, want the refusal", err)
		}
	}
	s.wantTells("payment.delayed")
	if cases := s.cases(g); len(cases) != 1 || cases[0].Reason != models.ReasonPaymentFailure || s.human(g) {
		t.Errorf("cases = %+v, human mode %v", cases, s.human(g))
	}
}

// Stripe repeats a stored failure for its key (C3): asking with the same key would never succeed.
func TestSpentKeyIsReplaced(t *testing.T) {
	for name, c := range map[string]struct {
		status   int
		body     string
		replayed bool
	}{
		"other parameters":       {http.StatusBadRequest, `{"error":{"type":"idempotency_error"}}`, false},
		"a failure it remembers": {http.StatusInternalServerError, `{"error":{"type":"api_error"}}`, true},
	} {
		t.Run(name, func(t *testing.T) {
			s := openSalon(t)
			_, p := s.hold(s.guest())
			s.stripe.failing(c.status, c.body)
			s.stripe.replayed = c.replayed
			if err := s.till.OpenSession(context.Background(), p.ID); err == nil {
				t.Fatal("a refused call succeeded")
			}
			s.stripe.failing(0, "")
			if p = s.open(p); p.State != models.PaymentOpen {
				t.Errorf("payment is %s", p.State)
			}
			if got, want := s.stripe.keys[1], p.ID.String()+".1"; got != want {
				t.Errorf("second key = %q, want %q", got, want)
			}
			s.wantTells("payment.delayed", "payment.link")
		})
	}
}

func TestNoLinkOnceTheHoldIsOver(t *testing.T) {
	s := openSalon(t)
	visit, p := s.hold(s.guest())
	s.hand.Advance(31 * time.Minute)
	p = s.open(p)
	if p.State != models.PaymentVoided || p.SessionID != nil || len(s.stripe.keys) != 0 {
		t.Errorf("payment is %s, the provider was asked %d times", p.State, len(s.stripe.keys))
	}
	s.wantTells()
	s.wantVisit(visit.ID, models.Provisional, models.DepositPending) // the sweep ends holds, nobody else
}

// The customer chose another time while the provider was making the link: nobody gets it, it is closed.
func TestLinkOfAReplacedHoldIsClosed(t *testing.T) {
	s := openSalon(t)
	g := s.guest()
	first, p1 := s.hold(g)
	s.stripe.created = func() {
		s.stripe.created = nil
		s.holdAt(g, friday.Add(2*time.Hour))
		if err := s.till.Void(context.Background(), first.ID); err != nil {
			t.Error(err)
		}
	}
	p1 = s.open(p1)
	if p1.State != models.PaymentVoided || p1.URL != "" || p1.SessionID == nil {
		t.Fatalf("payment is %s with link %q", p1.State, p1.URL)
	}
	s.wantTells()
	s.must(s.till.Void(context.Background(), first.ID)) // the job that opened enqueued
	if got := s.stripe.status("cs_1"); got != "expired" {
		t.Errorf("session is %s at the provider, want expired", got)
	}
}

func TestVoidClosesLinksAndLeavesPaidOnes(t *testing.T) {
	s := openSalon(t)
	g := s.guest()
	visit, p := s.hold(g)
	p = s.open(p)

	s.must(s.till.Void(context.Background(), visit.ID))
	s.wantPayment(p.ID, models.PaymentOpen) // the hold lasts: nothing to close
	s.must(s.diary.Release(context.Background(), visit.ID, "customer", "test"))
	s.stripe.failing(http.StatusServiceUnavailable, `{"error":{"type":"api_error"}}`)
	if err := s.till.Void(context.Background(), visit.ID); !stripeapi.Temporary(err) {
		t.Errorf("got %v, want a temporary failure", err)
	}
	s.stripe.failing(0, "")
	s.must(s.till.Void(context.Background(), visit.ID))
	s.must(s.till.Void(context.Background(), visit.ID))
	if p = s.payment(p.ID); p.State != models.PaymentVoided || p.ClosedAt == nil || s.stripe.status(*p.SessionID) != "expired" {
		t.Errorf("payment is %s, closed %v, at the provider %s", p.State, p.ClosedAt, s.stripe.status(*p.SessionID))
	}

	visit, p = s.hold(g)
	p = s.open(p)
	s.must(s.diary.Release(context.Background(), visit.ID, "customer", "test"))
	s.stripe.complete(*p.SessionID) // paid a moment before
	s.must(s.till.Void(context.Background(), visit.ID))
	if got := s.apply(paid("evt_1", p)); got != "confirmed" {
		t.Errorf("outcome = %s, want confirmed", got)
	}
	s.wantPayment(p.ID, models.PaymentPaid)
}

func TestNoProviderCallInsideATransaction(t *testing.T) {
	s := openSalon(t)
	_, p := s.hold(s.guest())
	err := s.db.InTx(context.Background(), func(ctx context.Context) error { return s.till.OpenSession(ctx, p.ID) })
	if !errors.Is(err, stripeapi.ErrInTransaction) {
		t.Errorf("got %v, want ErrInTransaction", err)
	}
}
