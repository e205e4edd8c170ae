package checkout_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"frontdesk/internal/checkout"
	"frontdesk/internal/fault"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// What the policy gives back, what staff decide, and where the deposit goes (C01, C02).
func TestCancelAndItsDeposit(t *testing.T) {
	for _, c := range []struct {
		name      string
		notice    time.Duration
		refund    checkout.RefundChoice
		reason    string
		policy    int64 // what the terms say beforehand
		staffOnly bool
		back      int64
		deposit   models.DepositState
		waiver    bool
	}{
		{"a day and more", 24 * time.Hour, "", "", 1600, false, 1600, models.DepositRefundPending, false},
		{"a minute less", 24*time.Hour - time.Minute, checkout.RefundByPolicy, "", 0, false, 0, models.DepositForfeited, false},
		{"six hours", 6 * time.Hour, "", "", 0, false, 0, models.DepositForfeited, false},
		{"less than six", 6*time.Hour - time.Minute, "", "", 0, true, 0, models.DepositForfeited, false},
		{"late, waived", time.Hour, checkout.RefundFull, "stylist ill", 0, true, 1600, models.DepositRefundPending, true},
		{"early, kept", 48 * time.Hour, checkout.RefundNone, "third time", 1600, false, 0, models.DepositForfeited, true},
		{"early, full as the policy", 48 * time.Hour, checkout.RefundFull, "", 1600, false, 1600, models.DepositRefundPending, false},
		{"after its start", -10 * time.Minute, "", "", 0, true, 0, models.DepositForfeited, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := openSalon(t)
			ctx := context.Background()
			visit, p := s.settled(s.guest())
			s.hand.Set(friday.Add(-c.notice))
			terms, err := s.till.CancelTerms(ctx, visit.ID)
			s.must(err)
			if terms.Paid.Minor != 1600 || terms.Refund.Minor != c.policy || terms.StaffOnly != c.staffOnly || terms.Notice != c.notice || terms.RefundHours != 24 || terms.Hold {
				t.Errorf("got terms %+v", terms)
			}
			got, err := s.till.Cancel(ctx, checkout.CancelRequest{Act: s.by(visit.ID, c.reason), Refund: c.refund})
			s.must(err)
			s.wantVisit(visit.ID, models.Cancelled, c.deposit)
			if got.Status != models.Cancelled || got.DepositState != c.deposit {
				t.Errorf("returned %s with its deposit %s", got.Status, got.DepositState)
			}
			want := []string{strings.TrimSpace("visit.cancelled " + c.reason)}
			if c.waiver {
				want = append([]string{"deposit.waiver " + c.reason}, want...)
			}
			if log := s.audited(visit.ID); !slices.Equal(log, want) {
				t.Errorf("audited %q, want %q", log, want)
			}
			s.wantTells("payment.link", "booking.confirmed", "booking.cancelled")
			if n := s.count(queue.StylistNotice{}.Kind()); n != 2 {
				t.Errorf("%d notices, want one for the visit and one for its end", n)
			}
			s.must(s.sendRefunds())
			refunds := s.refunds(p.ID)
			if c.back == 0 {
				s.wantPayment(p.ID, models.PaymentPaid)
				if len(refunds) != 0 {
					t.Errorf("refunds %+v, want none", refunds)
				}
				return
			}
			if len(refunds) != 1 || refunds[0].AmountMinor != c.back {
				t.Fatalf("refunds %+v, want one of %d", refunds, c.back)
			}
			s.wantVisit(visit.ID, models.Cancelled, models.DepositRefunded)
			s.wantPayment(p.ID, models.PaymentRefunded)
			if back, err := s.till.Returned(ctx, visit.ID); err != nil || back.Minor != c.back || back.Currency != "EUR" {
				t.Errorf("returned %+v, %v", back, err)
			}
		})
	}
}

// The refund may be refused before the customer is told: they still have the money to come, and are not
// told that there was none.
func TestARefusedRefundIsStillPromised(t *testing.T) {
	s := openSalon(t)
	visit, p := s.settled(s.guest())
	_, err := s.till.Cancel(context.Background(), checkout.CancelRequest{Act: s.by(visit.ID, "")})
	s.must(err)
	s.stripe.failing(http.StatusBadRequest, `{"error":{"type":"invalid_request_error","code":"charge_disputed"}}`)
	s.must(s.sendRefunds())
	if r := s.refunds(p.ID)[0]; r.State != models.RefundFailed {
		t.Fatalf("refund = %+v", r)
	}
	if back, err := s.till.Returned(context.Background(), visit.ID); err != nil || back.Minor != 1600 {
		t.Errorf("returned %+v, %v", back, err)
	}
}

func TestCancelIsRefused(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	visit, _ := s.settled(s.guest())
	omar := s.stylist("omar")
	foreign, stale := s.by(visit.ID, ""), s.by(visit.ID, "")
	foreign.Own = &omar
	stale.Version--
	for want, r := range map[string]checkout.CancelRequest{
		"booking.not_yours":     {Act: foreign},
		"booking.changed":       {Act: stale},
		"booking.refund_choice": {Act: s.by(visit.ID, ""), Refund: "some"},
		"booking.reason":        {Act: s.by(visit.ID, ""), Refund: checkout.RefundNone}, // a waiver needs one
	} {
		_, err := s.till.Cancel(ctx, r)
		if !fault.Is(err, want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	s.wantVisit(visit.ID, models.Confirmed, models.DepositPaid)
	_, err := s.till.Cancel(ctx, checkout.CancelRequest{Act: s.by(visit.ID, "")})
	s.must(err)
	_, err = s.till.Cancel(ctx, checkout.CancelRequest{Act: s.by(visit.ID, "")})
	if _, errTerms := s.till.CancelTerms(ctx, visit.ID); !fault.Is(err, "booking.not_cancellable") || !fault.Is(errTerms, "booking.not_cancellable") {
		t.Errorf("got %v and %v, want booking.not_cancellable", err, errTerms)
	}
}

// Notice runs out while a form is open: what it promised is not silently something else.
func TestCancelKeepsToWhatWasShown(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	visit, p := s.settled(s.guest())
	shown, kept := int64(1600), int64(0)
	s.hand.Set(friday.Add(-24*time.Hour + time.Minute))
	_, err := s.till.Cancel(ctx, checkout.CancelRequest{Act: s.by(visit.ID, ""), Refund: checkout.RefundByPolicy, Expected: &shown})
	if !fault.Is(err, "booking.refund_changed") {
		t.Errorf("got %v, want booking.refund_changed", err)
	}
	s.wantVisit(visit.ID, models.Confirmed, models.DepositPaid)
	_, err = s.till.Cancel(ctx, checkout.CancelRequest{Act: s.by(visit.ID, ""), Refund: checkout.RefundByPolicy, Expected: &kept})
	s.must(err)
	s.wantVisit(visit.ID, models.Cancelled, models.DepositForfeited)
	s.wantPayment(p.ID, models.PaymentPaid)
}

// R-1109: a double click cancels once and refunds once.
func TestCancelTwiceAtOnceRefundsOnce(t *testing.T) {
	s := openSalon(t)
	for round := range 10 {
		g := s.guest()
		visit, p := s.holdAt(g, friday.Add(time.Duration(round)*time.Hour-150*time.Minute))
		p = s.open(p)
		s.apply(paid("evt_"+visit.ID.String(), p))
		r := checkout.CancelRequest{Act: s.by(visit.ID, "")}
		var both sync.WaitGroup
		errs := make([]error, 2)
		for i := range errs {
			both.Go(func() { _, errs[i] = s.till.Cancel(context.Background(), r) })
		}
		both.Wait()
		if first, second := fault.Is(errs[0], "booking.changed"), fault.Is(errs[1], "booking.changed"); first == second {
			t.Fatalf("round %d: got %v, want one of them too late", round, errs)
		}
		if n := len(s.refunds(p.ID)); n != 1 {
			t.Errorf("round %d: %d refunds, want 1", round, n)
		}
	}
}

// A hold is cancelled in the moment its payment arrives: a visit, or the money back, never neither.
func TestCancelAgainstPayment(t *testing.T) {
	s := openSalon(t)
	for round := range 10 {
		visit, p := s.holdAt(s.guest(), friday.Add(time.Duration(round)*time.Hour-150*time.Minute))
		p = s.open(p)
		event := s.store(paid("evt_"+visit.ID.String(), p))
		r := checkout.CancelRequest{Act: s.by(visit.ID, "")}
		var both sync.WaitGroup
		var errCancel, errPay error
		both.Go(func() { _, errCancel = s.till.Cancel(context.Background(), r) })
		both.Go(func() { errPay = s.till.Apply(context.Background(), event) })
		both.Wait()
		s.must(errPay)
		if fault.Is(errCancel, "booking.changed") {
			s.wantVisit(visit.ID, models.Confirmed, models.DepositPaid)
			continue
		}
		s.must(errCancel)
		if got := s.outcome(event); got != checkout.OutcomeNotNeeded || len(s.refunds(p.ID)) != 1 {
			t.Errorf("round %d: outcome %s with %d refunds", round, got, len(s.refunds(p.ID)))
		}
		s.wantVisit(visit.ID, models.Released, models.DepositRefundPending)
	}
}
