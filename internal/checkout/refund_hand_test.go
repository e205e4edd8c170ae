package checkout_test

import (
	"context"
	"net/http"
	"testing"

	"frontdesk/internal/checkout"
	"frontdesk/models"
)

func (s *salon) latest(p models.ID) models.Refund {
	s.t.Helper()
	rows := s.refunds(p)
	return rows[len(rows)-1]
}

func byHand(r models.Refund, proof string) checkout.RefundAct {
	return checkout.RefundAct{Actor: cashier, Role: models.RoleFinance, May: true, ID: r.ID, Version: r.Version, Proof: proof}
}

// What is promised by hand moves the deposit once it is given, and not before: taken back, the deposit is as it was.
func TestAPromiseIsNoPayment(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	_, visit, p := s.booked()
	ask := want(visit.ID, 0, "")
	ask.Method = models.RefundByCash
	r := s.askRefund(ask)
	s.wantVisit(visit.ID, models.Confirmed, models.DepositPaid)
	r, err := s.till.CancelRefund(ctx, byHand(r, ""))
	s.must(err)
	if r.State != models.RefundCanceled {
		t.Errorf("taken back: %s", r.State)
	}
	s.wantVisit(visit.ID, models.Confirmed, models.DepositPaid)
	s.wantPayment(p.ID, models.PaymentPaid)
	s.checkMoney()
	r = s.askRefund(ask)
	_, err = s.till.GiveRefund(ctx, byHand(r, "slip 1"))
	s.must(err)
	s.wantVisit(visit.ID, models.Confirmed, models.DepositRefunded)
	s.wantPayment(p.ID, models.PaymentRefunded)
	s.checkMoney()
}

// The same for the share of one of two, and for a deposit that was kept.
func TestASharesAndAKeptDepositByHand(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	visits, p := s.together(s.guest(), "CUT", "STYLE")
	s.apply(paid("evt_1", p))
	ask := want(visits[1].ID, 0, "")
	ask.Method, ask.Proof = models.RefundByCash, "slip 2"
	s.askRefund(ask)
	s.wantVisit(visits[0].ID, models.Confirmed, models.DepositPaid)
	s.wantVisit(visits[1].ID, models.Confirmed, models.DepositRefunded)
	s.wantPayment(p.ID, models.PaymentPaid)

	kept, err := s.till.Cancel(ctx, checkout.CancelRequest{Act: s.by(visits[0].ID, "why"), Refund: checkout.RefundNone})
	s.must(err)
	if kept.DepositState != models.DepositForfeited {
		t.Fatalf("the deposit is %s", kept.DepositState)
	}
	ask = want(visits[0].ID, 0, "")
	ask.Method = models.RefundByTransfer
	r := s.askRefund(ask)
	s.wantVisit(kept.ID, models.Cancelled, models.DepositForfeited)
	_, err = s.till.GiveRefund(ctx, byHand(r, "T-1"))
	s.must(err)
	s.wantVisit(kept.ID, models.Cancelled, models.DepositRefunded)
	s.wantPayment(p.ID, models.PaymentRefunded)
	s.checkMoney()
}

// What is owed stays owed: taken back, a refund that had to be made has failed, and only whoever may act takes it back.
func TestADebtIsNotTakenBack(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	s.must(s.settings.Set(ctx, "refund.alone_minor", 100000, "test"))
	_, visit, p := s.owed()
	s.stripe.failing(http.StatusBadRequest, `{"error":{"type":"invalid_request_error","code":"charge_disputed"}}`)
	s.must(s.sendRefunds())
	s.stripe.failing(0, "")
	act := byHand(s.latest(p.ID), "")
	act.Method = models.RefundByCash
	again, err := s.till.RetryRefund(ctx, act)
	s.must(err)
	act = byHand(again, "")
	act.May = false
	_, err = s.till.CancelRefund(ctx, act)
	wantFault(t, err, "refund.owed")
	got, err := s.till.CancelRefund(ctx, byHand(again, ""))
	s.must(err)
	if got.State != models.RefundFailed {
		t.Errorf("the debt is %s", got.State)
	}
	s.wantVisit(visit.ID, models.Expired, models.DepositRefundPending)
	s.checkMoney()

	// Promised in part, and then the visit is cancelled: nobody keeps the part.
	_, visit, p = s.bookedAt(friday.AddDate(0, 0, 7))
	ask := want(visit.ID, 1000, "")
	ask.Method = models.RefundByCash
	r := s.askRefund(ask)
	_, err = s.till.Cancel(ctx, checkout.CancelRequest{Act: s.by(visit.ID, "")})
	s.must(err)
	s.must(s.sendRefunds())
	if got, err = s.till.CancelRefund(ctx, byHand(r, "")); err != nil || got.State != models.RefundFailed {
		t.Errorf("10.00 that nobody has: %+v, %v", got, err)
	}
	s.wantVisit(visit.ID, models.Cancelled, models.DepositRefundPending)
	s.checkMoney()
}

// Less goes back at the provider's site than was promised by hand: the rest is still to be given.
func TestAPromiseThatWasPartlyOverruled(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	_, visit, p := s.booked()
	ask := want(visit.ID, 1000, "")
	ask.Method = models.RefundByCash
	r := s.askRefund(ask)
	s.apply(refunded("evt_site", p, 800))
	failed := s.refunds(p.ID)[0]
	if failed.ID != r.ID || failed.State != models.RefundFailed || failed.ErrorCode != "overruled" {
		t.Fatalf("the promise is %+v", failed)
	}
	rest, err := s.till.RetryRefund(ctx, byHand(failed, "slip 3"))
	s.must(err)
	if rest.AmountMinor != 800 || rest.State != models.RefundSucceeded {
		t.Errorf("the rest is %+v", rest)
	}
	s.wantVisit(visit.ID, models.Confirmed, models.DepositRefunded)
	s.wantPayment(p.ID, models.PaymentRefunded)
	s.checkMoney()
}

// What failed and was tried again went back once: so the customer is told.
func TestAnotherTryIsNotMoreMoney(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	_, visit, p := s.booked()
	_, err := s.till.Cancel(ctx, checkout.CancelRequest{Act: s.by(visit.ID, "")})
	s.must(err)
	s.stripe.failing(http.StatusBadRequest, `{"error":{"type":"invalid_request_error","code":"charge_disputed"}}`)
	s.must(s.sendRefunds())
	s.stripe.failing(0, "")
	_, err = s.till.RetryRefund(ctx, byHand(s.latest(p.ID), ""))
	s.must(err)
	if back, err := s.till.Returned(ctx, visit.ID); err != nil || back.Minor != 1600 {
		t.Errorf("%d went back, %v", back.Minor, err)
	}
}
