package checkout_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"frontdesk/internal/checkout"
	"frontdesk/internal/database"
	"frontdesk/models"
)

// The rules are the database's: whoever writes past the till is refused, too, each by the rule that is for it.
func TestTheDatabaseGuardsTheSum(t *testing.T) {
	s := openSalon(t)
	_, visit, p := s.booked()
	r := s.askRefund(want(visit.ID, 1000, "a key"))
	o, _ := s.toPay(s.regular(), s.product("OIL", 2490, 5))
	order := o.ID
	add := func(columns, values string) string {
		return "INSERT INTO refunds (id, currency, reason, created_at, updated_at, " + columns + ") VALUES (gen_random_uuid(), 'EUR', 'goodwill', now(), now(), " + values + ")"
	}
	of := "'" + p.ID.String() + "'"
	for name, tt := range map[string]struct{ sql, by string }{
		"more than came in":             {add("payment_id, amount_minor, state", of+", 601, 'pending'"), "refunds_within_received"},
		"more, waiting for consent":     {add("payment_id, amount_minor, state, second_person, expires_at", of+", 601, 'asked', true, now()"), "refunds_within_received"},
		"cash of an order paid by card": {add("order_id, amount_minor, state, method", "'"+order.String()+"', 1, 'pending', 'cash'"), "refunds_within_received"},
		"another amount":                {"UPDATE refunds SET amount_minor = 1", "refunds_amount_stays"},
		"another payment":               {"UPDATE refunds SET payment_id = NULL, order_id = '" + order.String() + "'", "refunds_amount_stays"},
		"their own approval":            {"UPDATE refunds SET decided_by = asked_by", "refunds_second_person"},
		"above the limit, alone":        {"UPDATE refunds SET second_person = true", "refunds_four_eyes"},
		"waiting for ever":              {"UPDATE refunds SET state = 'asked', second_person = true", "refunds_asked_for_a_time"},
		"by hand without a proof":       {"UPDATE refunds SET state = 'succeeded', method = 'cash'", "refunds_by_hand_are_proved"},
		"of nothing":                    {add("amount_minor, state, method", "1, 'failed', 'cash'"), "refunds_of_one_thing"},
		"of two things":                 {add("payment_id, order_id, amount_minor, state, method", of+", '"+order.String()+"', 1, 'failed', 'cash'"), "refunds_of_one_thing"},
		"to the card of cash":           {add("order_id, amount_minor, state", "'"+order.String()+"', 1, 'failed'"), "refunds_to_the_card_that_paid"},
		"the same form":                 {add("payment_id, amount_minor, state, asked_by, request_key", of+", 1, 'pending', '"+cashier+"', 'a key'"), "refunds_once"},
		"a state of its own":            {"UPDATE refunds SET state = 'lost'", "refunds_state"},
		"another way":                   {"UPDATE refunds SET method = 'cheque'", "refunds_method_check"},
	} {
		if err := s.db.On(context.Background()).Exec(tt.sql).Error; !database.Violates(err, tt.by) {
			t.Errorf("%s: not refused by %s: %v", name, tt.by, err)
		}
	}
	if got := s.refunds(p.ID); len(got) != 1 || got[0].ID != r.ID || got[0].State != models.RefundPending {
		t.Errorf("the ledger is %+v", got)
	}
}

// Whoever opens the form waits for nobody: it looks while visit, order and payments are held by somebody else.
func TestTheFormLocksNothing(t *testing.T) {
	s := openSalon(t)
	_, visit, _ := s.booked()
	o, due := s.toPay(s.regular(), s.product("OIL", 2490, 5))
	s.apply(paid("evt_order", due))
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	err := s.db.InTx(ctx, func(held context.Context) error {
		for _, table := range []string{"conversations", "customers", "appointments", "carts", "products", "orders", "payments"} {
			s.must(s.db.On(held).Exec("SELECT FROM " + table + " FOR UPDATE").Error)
		}
		for of, want := range map[checkout.RefundSubject]int64{{Visit: &visit.ID}: 1600, {Order: &o.ID}: due.AmountMinor} {
			left, err := s.till.RefundLeft(ctx, of, models.RoleFinance)
			if err != nil || left.Left != want || left.Payment == nil || of.Order != nil && (len(left.Lines) != 1 || left.Lines[0].Left != 1) || left.Talk == nil {
				t.Errorf("left %+v, %v; want %d", left, err, want)
			}
		}
		return nil
	})
	s.must(err)
}

// A refund is found by its own id, the provider's and its order's number; the sums are those of the list, by kind, too.
func TestARefundIsFoundByWhatItIsCalled(t *testing.T) {
	s := takesBack(t)
	ctx := context.Background()
	_, visit, _ := s.booked()
	card := s.askRefund(want(visit.ID, 600, ""))
	s.must(s.sendRefunds())
	order := s.delivered(s.regular(), s.product("OIL", 2490, 10))
	cash := s.askRefund(checkout.RefundAsk{RefundSubject: checkout.RefundSubject{Order: &order.ID}, Actor: cashier, Role: models.RoleFinance,
		AmountMinor: 700, Reason: models.ReasonDamaged, Method: models.RefundByCash, Proof: "slip"})
	sold, due := s.toPay(s.regular(), s.product("SOAP", 900, 5))
	s.apply(paid("evt_sold", due))
	paidBack := s.askRefund(checkout.RefundAsk{RefundSubject: checkout.RefundSubject{Order: &sold.ID}, Actor: cashier, Role: models.RoleFinance, AmountMinor: 50, Reason: models.ReasonPrice})
	for _, tt := range []struct {
		f    checkout.RefundFilter
		want []models.ID
	}{
		{checkout.RefundFilter{Text: card.ID.String()}, []models.ID{card.ID}},
		{checkout.RefundFilter{Text: "re_1"}, []models.ID{card.ID}},
		{checkout.RefundFilter{Text: order.Number}, []models.ID{cash.ID}},
		{checkout.RefundFilter{Text: sold.Number}, []models.ID{paidBack.ID}},
		{checkout.RefundFilter{Text: "nothing"}, nil},
		{checkout.RefundFilter{Kind: "visit"}, []models.ID{card.ID}},
		{checkout.RefundFilter{Kind: "order"}, []models.ID{paidBack.ID, cash.ID}},
		{checkout.RefundFilter{}, []models.ID{paidBack.ID, cash.ID, card.ID}},
	} {
		tt.f.Limit = 10
		rows, err := s.till.ListRefunds(ctx, tt.f)
		s.must(err)
		var got []models.ID
		listed, summed := int64(0), int64(0)
		for _, r := range rows {
			got, listed = append(got, r.ID), listed+r.AmountMinor
		}
		sums, err := s.till.SumRefunds(ctx, tt.f)
		s.must(err)
		for _, sum := range sums {
			summed += sum.Minor
		}
		if !slices.Equal(got, tt.want) || listed != summed {
			t.Errorf("%+v finds %v, %d, and adds up to %d; want %v", tt.f, got, listed, summed, tt.want)
		}
	}
}
