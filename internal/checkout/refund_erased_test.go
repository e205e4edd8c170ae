package checkout_test

import (
	"context"
	"net/http"
	"slices"
	"testing"

	"frontdesk/internal/checkout"
	"frontdesk/models"
)

// erased makes a visit's customer somebody who was erased, with nothing left of their payment that leads to the provider.
func (s *salon) erased(visit models.Appointment, p models.Payment) {
	s.t.Helper()
	db := s.db.On(context.Background())
	s.must(db.Exec("UPDATE customers SET deleted_at = now(), phone = NULL, name = '' WHERE id = ?", visit.BookedByID).Error)
	s.must(db.Exec(`INSERT INTO privacy_requests (id, kind, state, customer_id, subject, actor, audit_id, created_at, updated_at, finished_at, settled_at)
		SELECT ?, 'erasure', 'succeeded', ?, '{}', 'machine', max(id), now(), now(), now(), now() FROM audit_log`, models.NewID(), visit.BookedByID).Error)
	s.must(db.Exec("UPDATE payments SET session_id = NULL, payment_intent = NULL WHERE id = ?", p.ID).Error)
}

func (s *salon) nothingLeft() (n int) {
	s.t.Helper()
	s.must(s.db.On(context.Background()).Raw("SELECT count(*) FROM privacy_requests WHERE settled_at IS NOT NULL").Scan(&n).Error)
	return n
}

// Money of somebody who was erased can still go back: by hand, for nothing leads to the card any more. What staff note of it is left to the
// sweep, at every step (R-1015).
func TestMoneyOfSomebodyErased(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	_, visit, p := s.booked()
	card := s.askRefund(want(visit.ID, 300, ""))
	s.stripe.failing(http.StatusBadRequest, `{"error":{"type":"invalid_request_error","code":"charge_disputed"}}`)
	s.must(s.sendRefunds())
	s.stripe.failing(0, "")
	s.erased(visit, p)
	left, err := s.till.RefundLeft(ctx, checkout.RefundSubject{Visit: &visit.ID}, models.RoleFinance)
	s.must(err)
	if slices.Contains(left.Methods(), models.RefundByCard) {
		t.Error("nothing leads to the card, and it is offered")
	}
	_, err = s.till.AskRefund(ctx, func() checkout.RefundAsk { a := want(visit.ID, 100, ""); a.Method = models.RefundByCard; return a }())
	wantFault(t, err, "refund.refused")
	failed := s.refunds(p.ID)[0]
	_, err = s.till.RetryRefund(ctx, byHand(failed, ""))
	wantFault(t, err, "refund.refused")
	if card.ID != failed.ID || s.nothingLeft() != 1 {
		t.Fatalf("what was refused is left to the sweep")
	}
	ask := want(visit.ID, 100, "")
	ask.Note = "for Zephyrine"
	promised := s.askRefund(ask)
	if promised.Method != models.RefundByTransfer || s.nothingLeft() != 0 {
		t.Errorf("promised %+v, and %d are settled", promised, s.nothingLeft())
	}
	s.must(s.db.On(ctx).Exec("UPDATE privacy_requests SET settled_at = now()").Error)
	_, err = s.till.GiveRefund(ctx, byHand(promised, "Zephyrine signed"))
	s.must(err)
	if s.nothingLeft() != 0 {
		t.Error("the proof is nobody's to empty")
	}
}

// The log is never emptied: what staff noted, and the proof, stand with the refund and the return, where an erasure finds them (R-1014, R-1016).
func TestTheLogNamesNobodysMoney(t *testing.T) {
	s := takesBack(t)
	ctx := context.Background()
	_, visit, _ := s.booked()
	ask := want(visit.ID, 100, "")
	ask.Note, ask.Method, ask.Proof = "Zephyrine asked", models.RefundByCash, "Zephyrine signed"
	r := s.askRefund(ask)
	oil := s.product("OIL", 2490, 10)
	order := s.delivered(s.regular(), oil)
	back := s.step(s.step(s.sendBack(checkout.ReturnRequest{Staff: clerk, Order: order.ID}), models.ReturnApproved, "Zephyrine called"), models.ReturnReceived, "")
	_, err := s.till.RefundReturn(ctx, checkout.ReturnRefund{
		Actor: clerk, Role: models.RoleFinance, ID: back.ID, Version: back.Version, AmountMinor: 100, Method: models.RefundByCash, Proof: "Zephyrine's slip", Note: "Zephyrine waits",
	})
	s.must(err)
	var said []string
	s.must(s.db.On(ctx).Raw("SELECT action FROM audit_log a WHERE a::text ILIKE '%Zephyrine%'").Scan(&said).Error)
	if len(said) > 0 {
		t.Errorf("the log names somebody in %v", said)
	}
	whole, err := s.till.RefundWhole(ctx, r.ID)
	s.must(err)
	if whole.Events[0].Note != "Zephyrine asked" || whole.Proof != "Zephyrine signed" {
		t.Errorf("the refund does not say it either: %+v", whole.Events)
	}
}
