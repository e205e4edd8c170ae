package checkout_test

import (
	"context"
	"testing"
	"time"

	"frontdesk/internal/checkout"
	"frontdesk/internal/i18n"
	"frontdesk/internal/stripeapi"
	"frontdesk/models"
)

func (s *salon) report(visit models.ID, want checkout.Failure) {
	s.t.Helper()
	if got, err := s.till.ReportFailure(context.Background(), visit); err != nil || got != want {
		s.t.Errorf("report: %s, %v; want %s", got, err, want)
	}
}

func (s *salon) human(g guest) bool {
	s.t.Helper()
	var conv models.Conversation
	s.must(s.db.On(context.Background()).Take(&conv, "id = ?", g.conversation.ID).Error)
	return conv.Human(s.clock.Now())
}

// S05: the first failure brings a new link and time, the second a person.
func TestPaymentFailsTwice(t *testing.T) {
	s := openSalon(t)
	g := s.guest()
	visit, p1 := s.hold(g)
	p1 = s.open(p1)
	s.hand.Advance(5 * time.Minute)
	s.report(visit.ID, checkout.FailureNewLink)
	s.must(s.till.Void(context.Background(), visit.ID))
	p2 := s.open(s.newest(visit.ID))
	if p2.ID == p1.ID || p2.State != models.PaymentOpen {
		t.Fatalf("second payment = %+v", p2)
	}
	if got := s.stripe.status(*p1.SessionID); got != "expired" {
		t.Errorf("first link is %s at the provider", got)
	}
	if got, want := *s.visit(visit.ID).HoldExpiresAt, opening.Add(45*time.Minute); !got.Equal(want) {
		t.Errorf("hold lasts until %s, want %s", got, want)
	}
	s.wantTells("payment.link", "payment.new_link")

	s.apply(declined("evt_late", p1)) // the provider's word on the link that is gone: only its code is new
	s.hand.Advance(7 * time.Minute)
	s.report(visit.ID, checkout.FailureHandedOver)
	s.must(s.till.Void(context.Background(), visit.ID))
	s.wantVisit(visit.ID, models.Released, models.DepositNone)
	s.wantPayment(p2.ID, models.PaymentFailed)
	if got := s.stripe.status(*p2.SessionID); got != "expired" {
		t.Errorf("second link is %s at the provider", got)
	}
	cases := s.cases(g)
	if len(cases) != 1 || cases[0].Reason != models.ReasonPaymentFailure || !s.human(g) {
		t.Fatalf("cases = %+v, human mode %v", cases, s.human(g))
	}
	want := "Cita: " + i18n.Moment("es", friday.Add(2*time.Hour)) + "\nDepósito de 16.00 € sin pagar: han fallado todos los enlaces.\n" +
		"Enlace 1: cs_1, código generic_decline\nEnlace 2: cs_2, código -"
	if cases[0].Summary != want {
		t.Errorf("summary:\n%s\nwant:\n%s", cases[0].Summary, want)
	}
	s.wantTells("payment.link", "payment.new_link")
	s.report(visit.ID, checkout.FailureNoHold)

	if got := s.apply(paid("evt_money", p2)); got != "confirmed" { // late money, the time still free
		t.Errorf("late money: outcome = %s", got)
	}
	s.wantVisit(visit.ID, models.Confirmed, models.DepositPaid)
	s.report(visit.ID, checkout.FailurePaid)
}

func TestLastFailureMayKeepTheHold(t *testing.T) {
	s := openSalon(t)
	s.must(s.settings.Set(context.Background(), "payment.keep_until_expiry", true, "test"))
	s.must(s.settings.Set(context.Background(), "payment.max_attempts", 1, "test"))
	g := s.guest()
	visit, p := s.hold(g)
	s.open(p)
	s.report(visit.ID, checkout.FailureHandedOver)
	s.wantVisit(visit.ID, models.Provisional, models.DepositPending)
	s.wantPayment(p.ID, models.PaymentFailed)
	if len(s.cases(g)) != 1 {
		t.Error("no case")
	}
}

// The provider's word and the customer's word on one link are one failure.
func TestOneLinkFailsOnce(t *testing.T) {
	s := openSalon(t)
	g := s.guest()
	visit, p1 := s.hold(g)
	p1 = s.open(p1)
	s.apply(declined("evt_1", p1))
	s.apply(declined("evt_2", p1))
	s.wantPayment(p1.ID, models.PaymentOpen) // another card may still do
	s.report(visit.ID, checkout.FailureNewLink)
	if len(s.cases(g)) != 0 {
		t.Fatal("handed over after one link")
	}

	p2 := s.open(s.newest(visit.ID))
	s.apply(declined("evt_3", p2))
	s.apply(declined("evt_4", p2))
	if len(s.cases(g)) != 1 || !s.human(g) {
		t.Error("the second link failed and nobody has it")
	}
	s.wantVisit(visit.ID, models.Released, models.DepositNone)
	s.wantTells("payment.link", "payment.new_link", "payment.failed")
}

// Impatience is no failure: the link is not there yet.
func TestNoLinkYetIsNoFailure(t *testing.T) {
	s := openSalon(t)
	visit, p := s.hold(s.guest())
	for range 3 {
		s.report(visit.ID, checkout.FailureNewLink)
	}
	if p = s.open(p); p.State != models.PaymentOpen || p.FailedAt != nil || s.newest(visit.ID).ID != p.ID {
		t.Errorf("payment = %+v", p)
	}
	if got, want := *s.visit(visit.ID).HoldExpiresAt, opening.Add(30*time.Minute); !got.Equal(want) {
		t.Errorf("hold lasts until %s, want %s", got, want)
	}
}

// A link that the provider ended early leaves a hold without one: the customer gets another.
func TestALinkThatEndedEarlyIsReplaced(t *testing.T) {
	s := openSalon(t)
	visit, p := s.hold(s.guest())
	p = s.open(p)
	s.apply(sessionExpired("evt_1", p))
	s.report(visit.ID, checkout.FailureNewLink)
	if p2 := s.open(s.newest(visit.ID)); p2.ID == p.ID || p2.State != models.PaymentOpen {
		t.Errorf("newest payment = %+v", p2)
	}
	s.wantTells("payment.link", "payment.new_link")
}

// A bank debit that fails leaves a finished page: only a new link helps.
func TestFailedDebitBringsANewLink(t *testing.T) {
	s := openSalon(t)
	visit, p := s.hold(s.guest())
	p = s.open(p)
	if got := s.apply(declined("evt_0", p)); got != checkout.OutcomeFailed {
		t.Errorf("outcome = %s", got)
	}
	if got := s.apply(event{"evt_1", stripeapi.AsyncFailedEvent, session(p, "unpaid", 1600)}); got != checkout.OutcomeFailed {
		t.Errorf("outcome = %s", got)
	}
	s.wantPayment(p.ID, models.PaymentFailed)
	if p2 := s.newest(visit.ID); p2.ID == p.ID || p2.State != models.PaymentRequested {
		t.Errorf("newest payment = %+v", p2)
	}
	s.wantVisit(visit.ID, models.Provisional, models.DepositPending)
}

func TestDeclineAfterTheHoldChangesNothing(t *testing.T) {
	s := openSalon(t)
	g := s.guest()
	visit, p := s.hold(g)
	p = s.open(p)
	s.expire()
	s.apply(event{"evt_1", stripeapi.AsyncFailedEvent, session(p, "unpaid", 1600)})
	s.wantVisit(visit.ID, models.Expired, models.DepositNone)
	s.wantTells("payment.link", "hold.expired")
	if s.newest(visit.ID).ID != p.ID || len(s.cases(g)) != 0 {
		t.Error("a dead hold got a new link or a case")
	}
}

// Once the links of a hold that stays have failed as often as they may, no other is made (C04).
func TestNoLinkBeyondTheLastAttempt(t *testing.T) {
	s := openSalon(t)
	s.must(s.settings.Set(context.Background(), "payment.keep_until_expiry", true, "test"))
	visit, p := s.hold(s.guest())
	s.open(p)
	s.report(visit.ID, checkout.FailureNewLink)
	s.open(s.newest(visit.ID))
	s.report(visit.ID, checkout.FailureHandedOver)
	err := s.db.InTx(context.Background(), func(ctx context.Context) error {
		_, err := s.till.RequestDeposit(ctx, s.visit(visit.ID))
		return err
	})
	if err == nil {
		t.Error("a third link was asked for")
	}
}
