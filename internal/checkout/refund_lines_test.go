package checkout_test

import (
	"context"
	"net/http"
	"testing"

	"frontdesk/internal/checkout"
	"frontdesk/models"
)

// A line is paid back once: by a refund, by another try of it, or by a return.
func TestALineIsPaidBackOnce(t *testing.T) {
	s := takesBack(t)
	ctx := context.Background()
	s.must(s.settings.Set(ctx, "refund.alone_minor", 100000, "test"))
	oil, soap := s.product("OIL", 2490, 10), s.product("SOAP", 500, 10)
	order := s.delivered(s.regular(), oil, soap) // two of oil, one of soap, 20.00 for sending
	p := s.paidByCard(order)
	oils := line(order, oil, 1)
	ask := checkout.RefundAsk{
		RefundSubject: checkout.RefundSubject{Order: &order.ID}, Actor: cashier, Role: models.RoleFinance, Reason: models.ReasonDamaged,
		Lines: []checkout.RefundLine{{OrderItem: oils.OrderItem, Qty: 1}},
	}
	left := func(item models.ID) int {
		t.Helper()
		got, err := s.till.RefundLeft(ctx, ask.RefundSubject, models.RoleFinance)
		s.must(err)
		for _, l := range got.Lines {
			if l.ID == item {
				return l.Left
			}
		}
		return -1
	}
	// It fails, and is tried again: it is for the same line all the while.
	s.stripe.failing(http.StatusBadRequest, `{"error":{"type":"invalid_request_error","code":"charge_disputed"}}`)
	s.askRefund(ask)
	s.must(s.sendRefunds())
	s.stripe.failing(0, "")
	if n := left(oils.OrderItem); n != 1 {
		t.Errorf("%d of a line whose refund failed", n)
	}
	again, err := s.till.RetryRefund(ctx, byHand(s.latest(p.ID), ""))
	s.must(err)
	whole, err := s.till.RefundWhole(ctx, again.ID)
	s.must(err)
	if len(whole.Items) != 1 || whole.Items[0].AmountMinor != 2490 || left(oils.OrderItem) != 1 {
		t.Errorf("another try is for %+v, %d are left", whole.Items, left(oils.OrderItem))
	}
	s.must(s.sendRefunds())
	// Both come back: one of them has its money.
	r := s.sendBack(checkout.ReturnRequest{Staff: clerk, Order: order.ID, Items: []checkout.ReturnLine{line(order, oil, 2)}})
	r = s.step(s.step(r, models.ReturnApproved, ""), models.ReturnReceived, "")
	terms, err := s.till.RefundTerms(ctx, r.ID)
	s.must(err)
	if terms.Goods != 2490 || terms.Most != 4490 {
		t.Errorf("terms %+v", terms)
	}
	give := checkout.ReturnRefund{Actor: cashier, Role: models.RoleFinance, ID: r.ID, Version: r.Version, AmountMinor: 4491}
	_, err = s.till.RefundReturn(ctx, give)
	wantFault(t, err, "return.refused")
	give.AmountMinor = 2490
	_, err = s.till.RefundReturn(ctx, give)
	s.must(err)
	if n := left(oils.OrderItem); n != 0 {
		t.Errorf("%d of the oils can be paid back once more", n)
	}
	_, err = s.till.AskRefund(ctx, ask)
	wantFault(t, err, "refund.refused")
	if n := left(line(order, soap, 1).OrderItem); n != 1 {
		t.Errorf("%d of soap", n)
	}
}

// A return whose money has all gone back otherwise ends without.
func TestAReturnWithNothingLeftEnds(t *testing.T) {
	s := takesBack(t)
	ctx := context.Background()
	oil := s.product("OIL", 2490, 10)
	order := s.delivered(s.regular(), oil)
	p := s.paidByCard(order)
	r := s.step(s.step(s.sendBack(checkout.ReturnRequest{Staff: clerk, Order: order.ID}), models.ReturnApproved, ""), models.ReturnReceived, "")
	s.apply(refunded("evt_all", p, p.ReceivedMinor))
	give := checkout.ReturnRefund{Actor: clerk, Role: models.RoleFinance, ID: r.ID, Version: r.Version, AmountMinor: 1}
	_, err := s.till.RefundReturn(ctx, give)
	wantFault(t, err, "return.no_money")
	give.AmountMinor, give.Method = 0, models.RefundNothing
	got, err := s.till.RefundReturn(ctx, give)
	s.must(err)
	if got.Status != models.ReturnRefunded || got.RefundMinor != 0 || got.RefundID != nil {
		t.Errorf("ended %+v", got)
	}
}

// Money that could not be used goes back by the terms: staff give back what paid, and what is owed is not given twice.
func TestStaffGiveBackWhatPaid(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	_, visit, p := s.owed() // paid too late
	s.stripe.failing(http.StatusBadRequest, `{"error":{"type":"invalid_request_error","code":"charge_disputed"}}`)
	s.must(s.sendRefunds())
	s.stripe.failing(0, "")
	_, err := s.till.AskRefund(ctx, want(visit.ID, 0, ""))
	wantFault(t, err, "refund.nothing_left")
	if rows := s.refunds(p.ID); len(rows) != 1 {
		t.Errorf("refunds %+v", rows)
	}

	// Another payment of the visit could not be used and has as much left: it is not the one that paid.
	_, visit, good := s.bookedAt(friday.AddDate(0, 0, 7))
	s.must(s.db.On(ctx).Exec(`INSERT INTO payments SELECT (jsonb_populate_record(p, jsonb_build_object('id', ?::text, 'session_id', null, 'payment_intent', null,
		'error_code', 'duplicate_payment', 'state', 'refund_pending', 'received_minor', 1700))).* FROM payments p WHERE id = ?`, lowest(good.ID).String(), good.ID).Error)
	r := s.askRefund(want(visit.ID, 100, ""))
	if r.PaymentID != good.ID {
		t.Error("what could not be used is given back as what paid")
	}
}

// lowest is an id that comes before another.
func lowest(id models.ID) models.ID {
	id[0] = 0
	return id
}
