package checkout_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"frontdesk/internal/checkout"
	"frontdesk/models"
)

// R-1109: the limit is for all that goes back of one payment: in pieces it is no more than at once.
func TestPiecesAreNoWayAroundTheLimit(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	s.must(s.settings.Set(ctx, "refund.alone_minor", 500, "test"))
	_, visit, _ := s.booked()
	var states []models.RefundState
	for i := range 3 {
		states = append(states, s.askRefund(want(visit.ID, 250, fmt.Sprint(i))).State)
	}
	if fmt.Sprint(states) != "[pending pending asked]" {
		t.Errorf("three pieces of 2.50 under a limit of 5.00 are %v", states)
	}
	other := want(visit.ID, 1, "")
	other.Actor = chief
	if r := s.askRefund(other); r.State != models.RefundAsked {
		t.Errorf("a piece more by somebody else is %s", r.State)
	}
	left, err := s.till.RefundLeft(ctx, other.RefundSubject, models.RoleFinance)
	s.must(err)
	if left.Alone != 0 {
		t.Errorf("the form says %d more", left.Alone)
	}
}

// What a card gets back by the terms is nobody's decision; in cash it is: above the limit a second person agrees, and until
// somebody does it stays owed.
func TestAnotherWayIsAnotherDecision(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	s.must(s.settings.Set(ctx, "refund.alone_minor", 500, "test"))
	_, visit, p := s.owed()
	s.stripe.failing(http.StatusBadRequest, `{"error":{"type":"invalid_request_error","code":"charge_disputed"}}`)
	s.must(s.sendRefunds())
	s.stripe.failing(0, "")
	inCash := func(r models.Refund) models.Refund {
		t.Helper()
		again, err := s.till.RetryRefund(ctx, checkout.RefundAct{
			Actor: cashier, Role: models.RoleFinance, ID: r.ID, Version: r.Version, Method: models.RefundByCash, Proof: "slip",
		})
		s.must(err)
		if again.State != models.RefundAsked || again.AskedBy != cashier || again.ExpiresAt == nil {
			t.Fatalf("16.00 in cash, by one person: %+v", again)
		}
		return again
	}
	latest := func() models.Refund { rows := s.refunds(p.ID); return rows[len(rows)-1] }
	asked := inCash(latest())
	_, err := s.till.ApproveRefund(ctx, checkout.RefundAct{Actor: cashier, ID: asked.ID, Version: asked.Version})
	wantFault(t, err, "refund.own")
	_, err = s.till.RejectRefund(ctx, checkout.RefundAct{Actor: chief, ID: asked.ID, Version: asked.Version, Note: "by transfer"})
	s.must(err)
	s.wantSteps(asked.ID, models.RefundAsked, models.RefundRejected, models.RefundFailed)
	asked = inCash(latest())
	s.hand.Set(s.clock.Now().Add(72 * time.Hour))
	_, err = s.till.ExpireRefunds(ctx)
	s.must(err)
	s.wantVisit(visit.ID, models.Expired, models.DepositRefundPending)
	last := latest()
	if last.ID != asked.ID || last.State != models.RefundFailed || last.DecidedBy != "" {
		t.Errorf("nobody decided, and it is not owed: %+v", last)
	}
	// The same way once more is no way around it, either.
	same, err := s.till.RetryRefund(ctx, checkout.RefundAct{Actor: cashier, Role: models.RoleFinance, ID: last.ID, Version: last.Version, Proof: "slip"})
	s.must(err)
	if same.State != models.RefundAsked {
		t.Errorf("tried again undecided: %+v", same)
	}
	_, err = s.till.ApproveRefund(ctx, checkout.RefundAct{Actor: chief, ID: same.ID, Version: same.Version})
	s.must(err)
	s.wantVisit(visit.ID, models.Expired, models.DepositRefunded)
	s.wantPayment(p.ID, models.PaymentRefunded)
}

// Whoever tries again stands in the log as who did it.
func TestTheLogNamesWhoTriedAgain(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	_, _, p := s.owed()
	s.stripe.failing(http.StatusBadRequest, `{"error":{"type":"invalid_request_error","code":"charge_disputed"}}`)
	s.must(s.sendRefunds())
	r := s.refunds(p.ID)[0]
	again, err := s.till.RetryRefund(ctx, checkout.RefundAct{Actor: chief, Role: models.RoleFinance, ID: r.ID, Version: r.Version})
	s.must(err)
	var actor string
	s.must(s.db.On(ctx).Raw("SELECT actor FROM audit_log WHERE subject_kind = 'refund' AND subject_id = ?", again.ID.String()).Scan(&actor).Error)
	if actor != chief || again.AskedBy != "system" {
		t.Errorf("the log says %q, asked by %q", actor, again.AskedBy)
	}
}

// The limit of a return is that of the role that gives the money, for all returns of the order together.
func TestReturnsHaveTheLimitOfWhoGivesTheMoney(t *testing.T) {
	s := takesBack(t)
	ctx := context.Background()
	s.must(s.settings.Set(ctx, "refund.alone_minor", 3000, "test"))
	oil := s.product("OIL", 2490, 10)
	order := s.delivered(s.regular(), oil)
	give := func(actor string, role models.Role) (models.Return, error) {
		t.Helper()
		rows, err := s.till.ReturnsOfOrder(ctx, order.ID)
		s.must(err)
		var r models.Return
		if len(rows) > 0 && rows[0].Status == models.ReturnReceived {
			r = rows[0]
		} else {
			r = s.sendBack(checkout.ReturnRequest{Staff: clerk, Order: order.ID, Items: []checkout.ReturnLine{line(order, oil, 1)}})
			r = s.step(s.step(r, models.ReturnApproved, ""), models.ReturnReceived, "")
		}
		return s.till.RefundReturn(ctx, checkout.ReturnRefund{
			Actor: actor, Role: role, ID: r.ID, Version: r.Version, AmountMinor: 2490, Method: models.RefundByCash, Proof: "slip",
		})
	}
	_, err := give(clerk, models.RoleOperator)
	wantFault(t, err, "return.second_person")
	_, err = give("machine", models.RoleMachine)
	wantFault(t, err, "return.second_person")
	_, err = give(clerk, models.RoleFinance)
	s.must(err)
	_, err = give(clerk, models.RoleFinance) // 49.80 by now
	wantFault(t, err, "return.second_person")
	got, err := give(cashier, models.RoleOperator)
	s.must(err)
	whole, err := s.till.RefundWhole(ctx, *got.RefundID)
	s.must(err)
	if whole.AskedBy != clerk || whole.DecidedBy != cashier || !whole.SecondPerson {
		t.Errorf("two people looked, and the ledger says %+v", whole.Refund)
	}
}

// Whoever holds the token could agree to what they asked for with it: an admin does.
func TestAProgramIsNobodyElse(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	_, visit, _ := s.booked()
	ask := want(visit.ID, 100, "")
	ask.Actor, ask.Role = "machine", models.RoleMachine
	r := s.askRefund(ask)
	if r.State != models.RefundAsked {
		t.Errorf("a program gave 1.00 alone: %s", r.State)
	}
	_, err := s.till.ApproveRefund(ctx, checkout.RefundAct{Actor: cashier, Role: models.RoleFinance, ID: r.ID, Version: r.Version})
	wantFault(t, err, "refund.needs_admin")
	_, err = s.till.ApproveRefund(ctx, checkout.RefundAct{Actor: chief, Role: models.RoleAdmin, ID: r.ID, Version: r.Version})
	s.must(err)
	s.must(s.settings.Set(ctx, "refund.machine_minor", 300, "test"))
	ask.Actor, ask.AmountMinor = "machine", 301
	if r := s.askRefund(ask); r.State != models.RefundAsked {
		t.Errorf("beyond its limit: %s", r.State)
	}
	ask.AmountMinor = 300
	if r := s.askRefund(ask); r.State != models.RefundPending {
		t.Errorf("within its limit: %s", r.State)
	}
}
