package checkout_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"frontdesk/internal/checkout"
	"frontdesk/internal/stripeapi"
	"frontdesk/internal/testkit"
	"frontdesk/models"
)

// Somebody gives money back at the provider's own site while a refund of ours was not sent yet: ours is not out by that, and
// in the end both stand in the books.
func TestAnUnsentRefundIsNotOut(t *testing.T) {
	for _, of := range []string{"visit", "order"} {
		t.Run(of, func(t *testing.T) {
			s := openSalon(t)
			ctx := context.Background()
			var p models.Payment
			ask := want(models.ID{}, 600, "")
			if of == "visit" {
				_, visit, paid := s.booked()
				p, ask.Visit = paid, &visit.ID
			} else {
				o, due := s.toPay(s.regular(), s.product("OIL", 2000, 5))
				s.apply(paid("evt_paid", due))
				p, ask.Visit, ask.Order = s.payment(due.ID), nil, &o.ID
			}
			ours := s.askRefund(ask)
			told := len(s.tells())
			row := s.store(refunded("evt_site", p, 1000))
			if err := s.till.Apply(ctx, row); err == nil {
				t.Error("it is known whose 10.00 went back")
			}
			if r := s.refunds(p.ID); len(r) != 1 || r[0].State != models.RefundPending || len(s.tells()) != told {
				t.Fatalf("never sent, and told as done: %+v", r)
			}
			s.must(s.sendRefunds())
			s.must(s.till.Apply(ctx, row))
			s.apply(refunded("evt_both", p, min(1600, p.ReceivedMinor)))
			sum := int64(0)
			for _, r := range s.refunds(p.ID) {
				if r.State != models.RefundSucceeded || r.ID == ours.ID && r.ProviderID == nil {
					t.Errorf("refund %+v", r)
				}
				sum += r.AmountMinor
			}
			if sum != 1600 {
				t.Errorf("%d are back, want 16.00", sum)
			}
		})
	}
}

// All of the payment is back: what was never sent is with it, and a refusal of the provider's changes nothing about that.
func TestAllOfItIsBack(t *testing.T) {
	s := openSalon(t)
	_, visit, p := s.booked()
	s.askRefund(want(visit.ID, 600, ""))
	s.stripe.failing(http.StatusBadRequest, `{"error":{"type":"invalid_request_error","code":"charge_already_refunded"}}`)
	s.must(s.sendRefunds())
	s.apply(refunded("evt_all", p, 1600))
	rows := s.refunds(p.ID)
	if len(rows) != 2 || rows[0].State != models.RefundSucceeded || rows[1].AmountMinor != 1000 {
		t.Errorf("refunds %+v", rows)
	}
	s.wantVisit(visit.ID, models.Confirmed, models.DepositRefunded)
	s.wantPayment(p.ID, models.PaymentRefunded)
	s.checkMoney()
}

// An event that names a refund of ours is about that one, and about no other of the same amount.
func TestAnEventIsAboutTheRefundItNames(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	_, visit, p := s.booked()
	s.askRefund(want(visit.ID, 600, ""))
	s.must(s.sendRefunds())
	ours := s.refunds(p.ID)[0]
	s.apply(refundEvent("evt_failed", ours, "failed"))
	s.apply(refunded("evt_site", p, 600)) // somebody gives it back at the provider's site
	stranger := ours
	stranger.ID = models.NewID()
	bare := event{"evt_bare", stripeapi.ChargeRefundUpdatedEvent, map[string]any{
		"id": *ours.ProviderID, "amount": 600, "currency": "eur", "status": "failed", "payment_intent": "pi_" + p.ID.String(),
	}}
	late := refundEvent("evt_stranger", stranger, "failed")
	late.object["payment_intent"] = "pi_" + p.ID.String()
	for _, e := range []event{refundEvent("evt_failed_again", ours, "failed"), bare, late} {
		s.apply(e)
		if rows := s.refunds(p.ID); len(rows) != 2 || rows[1].State != models.RefundSucceeded {
			t.Fatalf("after %s: %+v", e.id, rows)
		}
	}
	whole, err := s.till.RefundWhole(ctx, ours.ID)
	s.must(err)
	_, err = s.till.RetryRefund(ctx, checkout.RefundAct{Actor: chief, Role: models.RoleFinance, ID: ours.ID, Version: whole.Version})
	s.must(err)
}

// checkMoney looks into the books; what only a conversation does is none of a till's.
func (s *salon) checkMoney() {
	s.t.Helper()
	wrong, err := testkit.Books(context.Background(), s.db.Pool, s.clock.Now(), false)
	s.must(err)
	for _, line := range wrong {
		if !strings.Contains(line, "nobody was told of") && !strings.Contains(line, "its conversation does not wait for") {
			s.t.Error(line)
		}
	}
}
