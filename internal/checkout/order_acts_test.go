package checkout_test

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"frontdesk/internal/fault"
	"frontdesk/internal/testkit"
	"frontdesk/models"
)

// A paid order is sent and arrives; who did what stands in its history and in the log.
func TestAnOrderIsCarried(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	o, p := s.toPay(s.regular(), s.product("OIL", 2000, 5))
	s.apply(paid("1", p))
	o = s.wantOrder(o.ID, models.OrderPaid)
	_, err := s.till.ShipOrder(ctx, salma, o.ID, o.Version-1, "")
	wantFault(t, err, "orders.changed")
	shipped, err := s.till.ShipOrder(ctx, salma, o.ID, o.Version, "by bike")
	s.must(err)
	_, err = s.till.ShipOrder(ctx, salma, o.ID, shipped.Version, "")
	wantFault(t, err, "orders.invalid_state")
	_, err = s.till.CancelOrder(ctx, "customer", o.ID, "")
	wantFault(t, err, "orders.invalid_state")
	s.must(s.till.NoteOrder(ctx, salma, o.ID, " left with a neighbour "))
	arrived, err := s.till.DeliverOrder(ctx, salma, o.ID, shipped.Version, "")
	s.must(err)
	if arrived.Status != models.OrderDelivered || arrived.ShippedAt == nil || arrived.DeliveredAt == nil {
		t.Errorf("got %+v", arrived)
	}
	_, err = s.till.CancelOrder(ctx, salma, o.ID, "")
	wantFault(t, err, "orders.invalid_state")
	events, err := s.till.OrderEvents(ctx, o.ID)
	s.must(err)
	kinds := []string{}
	for _, e := range events {
		kinds = append(kinds, e.Kind)
	}
	if want := []string{"placed", "link.opened", "paid", "shipped", "note", "delivered"}; !slices.Equal(kinds, want) {
		t.Errorf("history %v, want %v", kinds, want)
	}
	var audited int64
	s.must(s.db.On(ctx).Raw("SELECT count(*) FROM audit_log WHERE actor = ? AND action IN ('order.shipped', 'order.delivered')", salma).Scan(&audited).Error)
	if audited != 2 {
		t.Errorf("%d lines in the log", audited)
	}
	s.wantTells("order.paid", "order.shipped", "order.delivered")
	s.check(true)
}

// What is canceled goes back: the goods onto the shelf, the money to the card, once however often it is asked.
func TestCancelingAPaidOrder(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	oil := s.product("OIL", 2000, 5)
	o, p := s.toPay(s.regular(), oil)
	s.apply(paid("1", p))
	s.wantStock(oil, 4, 0)
	for range 3 {
		_, err := s.till.CancelOrder(ctx, salma, o.ID, "changed their mind")
		s.must(err)
	}
	s.wantOrder(o.ID, models.OrderCanceled)
	s.wantStock(oil, 5, 0)
	s.stripe.failing(http.StatusServiceUnavailable, `{"error":{"type":"api_error"}}`)
	if err := s.sendRefunds(); err == nil {
		t.Error("the provider is away, and nobody noticed")
	}
	s.stripe.failing(0, "")
	s.must(s.sendRefunds())
	s.must(s.sendRefunds())
	s.wantOrder(o.ID, models.OrderRefunded)
	if rows := s.refunds(p.ID); len(rows) != 1 || rows[0].AmountMinor != 4000 || rows[0].State != models.RefundSucceeded {
		t.Errorf("refunds: %+v", rows)
	}
	s.wantTells("order.paid", "order.canceled")
	s.check(true)
}

func TestOrdersLapse(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	oil := s.product("OIL", 2000, 9)
	card, p := s.toPay(s.regular(), oil)
	me := s.regular()
	s.add(me, oil, 2)
	cash := s.place(ask(me, models.MethodCOD))
	s.wantStock(oil, 9, 3)
	sweep := func(want int) {
		t.Helper()
		n, err := s.till.ExpireOrders(ctx)
		s.must(err)
		if n != want {
			t.Errorf("ended %d, want %d", n, want)
		}
	}
	s.hand.Set(opening.Add(time.Hour - time.Second))
	sweep(0)
	s.hand.Set(opening.Add(time.Hour))
	sweep(1)
	sweep(0)
	s.wantOrder(card.ID, models.OrderCanceled)
	s.wantOrder(cash.ID, models.OrderPendingCOD)
	s.wantStock(oil, 9, 2)
	s.wantPayment(p.ID, models.PaymentVoided)
	s.hand.Set(opening.Add(48 * time.Hour))
	var wg sync.WaitGroup
	total := make([]int, 4)
	for i := range total {
		wg.Add(1)
		go func() {
			defer wg.Done()
			n, err := s.till.ExpireOrders(ctx)
			if err != nil {
				t.Error(err)
			}
			total[i] = n
		}()
	}
	wg.Wait()
	if total[0]+total[1]+total[2]+total[3] != 1 {
		t.Errorf("four sweeps ended %v", total)
	}
	s.wantStock(oil, 9, 0)
	s.wantTells("order.expired", "order.expired")
	s.workVoids()
	if again := s.place(ask(me, models.MethodCOD)); again.ID == cash.ID || again.Status != models.OrderPendingCOD {
		t.Errorf("ordered again: %+v", again)
	}
	s.must(s.till.ForgetOrderKeys(ctx))
	s.check(true)
}

// The customer pays while staff cancel: whichever comes first, the money is with the order or on its way back.
func TestPaymentAgainstCancel(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	oil := s.product("OIL", 2000, 100)
	for round := range 8 {
		o, p := s.toPay(s.regular(), oil)
		e := s.store(paid("race"+string(rune('a'+round)), p))
		s.atOnce(4, func(i int) (models.ID, error) {
			switch i {
			case 0:
				_, err := s.till.CancelOrder(ctx, salma, o.ID, "")
				return o.ID, err
			case 1:
				_, err := s.till.ExpireOrders(ctx)
				return o.ID, err
			default:
				return o.ID, s.till.Apply(ctx, e)
			}
		})
		s.must(s.sendRefunds())
		if got := s.order(o.ID); got.Status != models.OrderCanceled && got.Status != models.OrderRefunded {
			t.Errorf("round %d: order is %s", round, got.Status)
		}
		s.wantPayment(p.ID, models.PaymentRefunded)
	}
	s.wantStock(oil, 100, 0)
	s.check(true)
}

// Confirming and canceling at once ends in one of both, never in a mixture.
func TestConfirmAgainstCancel(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	oil := s.product("OIL", 2000, 100)
	for range 8 {
		me := s.visitor()
		s.add(me, oil, 1)
		o := s.place(ask(me, models.MethodCOD))
		s.atOnce(2, func(i int) (models.ID, error) {
			if i == 0 {
				_, err := s.till.CancelOrder(ctx, "customer", o.ID, "")
				return o.ID, err
			}
			_, err := s.till.ConfirmOrder(ctx, "customer", o.ID)
			if fault.Is(err, "orders.invalid_state") {
				err = nil
			}
			return o.ID, err
		})
		s.wantOrder(o.ID, models.OrderCanceled)
	}
	s.wantStock(oil, 100, 0)
	s.check(true)
	if n := len(testkit.Jobs(t, s.db, "chat.tell")); n != 0 {
		t.Errorf("told %d guests who cannot be told", n)
	}
}

// Every act in every state: it is done where the state allows it, and changes nothing elsewhere.
func TestEveryActInEveryState(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	oil := s.product("OIL", 2000, 1000)
	acts := map[string]func(o models.Order) error{
		"confirm": func(o models.Order) error { _, err := s.till.ConfirmOrder(ctx, salma, o.ID); return err },
		"cancel":  func(o models.Order) error { _, err := s.till.CancelOrder(ctx, salma, o.ID, ""); return err },
		"ship":    func(o models.Order) error { _, err := s.till.ShipOrder(ctx, salma, o.ID, o.Version, ""); return err },
		"deliver": func(o models.Order) error { _, err := s.till.DeliverOrder(ctx, salma, o.ID, o.Version, ""); return err },
	}
	allowed := map[models.OrderStatus][]string{
		models.OrderPending: {"cancel"}, models.OrderPendingCOD: {"confirm", "cancel"}, models.OrderConfirmed: {"confirm", "cancel", "ship"},
		models.OrderPaid: {"cancel", "ship"}, models.OrderShipped: {"cancel", "deliver"}, models.OrderDelivered: {},
		models.OrderCanceled: {"cancel"}, models.OrderFailed: {}, models.OrderRefunded: {},
	}
	for _, status := range models.OrderStatuses() {
		for name, act := range acts {
			o := s.orderIn(status, oil)
			err := act(o)
			may := slices.Contains(allowed[status], name)
			if may && err != nil || !may && !fault.Is(err, "orders.invalid_state") {
				t.Errorf("%s a %s order: %v", name, status, err)
			}
			if after := s.order(o.ID); !may && (after.Status != status || after.Version != o.Version) {
				t.Errorf("%s a %s order: it is %s", name, status, after.Status)
			}
		}
	}
	s.check(true)
}

// orderIn is an order that has come to a state by the ways there are.
func (s *salon) orderIn(status models.OrderStatus, oil models.Product) models.Order {
	s.t.Helper()
	ctx := context.Background()
	me := s.visitor()
	if status == models.OrderPendingCOD || status == models.OrderConfirmed {
		s.add(me, oil, 1)
		o := s.place(ask(me, models.MethodCOD))
		if status == models.OrderConfirmed {
			_, err := s.till.ConfirmOrder(ctx, "customer", o.ID)
			s.must(err)
		}
		return s.wantOrder(o.ID, status)
	}
	o, p := s.toPay(me, oil)
	id := o.ID.String()
	do := func(_ models.Order, err error) {
		s.t.Helper()
		s.must(err)
		o = s.order(o.ID)
	}
	switch status {
	case models.OrderPending:
	case models.OrderCanceled:
		do(s.till.CancelOrder(ctx, "customer", o.ID, ""))
	case models.OrderFailed:
		s.apply(event{id, "checkout.session.async_payment_failed", session(p, "unpaid", p.AmountMinor)})
	case models.OrderRefunded:
		s.apply(paid(id, p))
		s.apply(refunded(id+"r", p, p.AmountMinor))
	default:
		s.apply(paid(id, p))
		if o = s.order(o.ID); status == models.OrderPaid {
			break
		}
		do(s.till.ShipOrder(ctx, salma, o.ID, o.Version, ""))
		if status == models.OrderDelivered {
			do(s.till.DeliverOrder(ctx, salma, o.ID, o.Version, ""))
		}
	}
	return s.wantOrder(o.ID, status)
}

// Who saw an older version neither confirms nor cancels, however the two come together.
func TestConfirmAndCancelKnowWhatWasSeen(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	me := s.regular()
	s.add(me, s.product("OIL", 2000, 5), 1)
	o := s.place(ask(me, models.MethodCOD))
	_, err := s.till.CancelSeenOrder(ctx, salma, o.ID, o.Version+1, "gone")
	wantFault(t, err, "orders.changed")
	confirmed, err := s.till.ConfirmSeenOrder(ctx, salma, o.ID, o.Version)
	s.must(err)
	_, err = s.till.ConfirmSeenOrder(ctx, salma, o.ID, o.Version)
	wantFault(t, err, "orders.changed")
	_, err = s.till.CancelSeenOrder(ctx, salma, o.ID, o.Version, "gone")
	wantFault(t, err, "orders.changed")
	canceled, err := s.till.CancelSeenOrder(ctx, salma, o.ID, confirmed.Version, "gone")
	s.must(err)
	if canceled.Status != models.OrderCanceled {
		t.Errorf("it is %s", canceled.Status)
	}
}
