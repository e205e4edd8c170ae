package checkout_test

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"frontdesk/internal/checkout"
	"frontdesk/internal/shop"
	"frontdesk/internal/stripeapi"
	"frontdesk/internal/testkit"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// jobsOf are the arguments of the jobs of a kind that were ever enqueued.
func jobsOf[T any](s *salon, kind string) []T {
	s.t.Helper()
	var all []T
	for _, raw := range testkit.Jobs(s.t, s.db, kind) {
		var args T
		s.must(json.Unmarshal(raw, &args))
		all = append(all, args)
	}
	return all
}

// toPay is an order of 20.00 and shipping that waits for its card, with its payment and the page it is paid on.
func (s *salon) toPay(me shop.Owner, p models.Product) (models.Order, models.Payment) {
	s.t.Helper()
	s.add(me, p, 1)
	o := s.place(ask(me, models.MethodStripe))
	_, err := s.till.OrderLink(context.Background(), o.ID)
	s.must(err)
	return o, s.paymentOf(o)
}

// paymentOf is the newest payment of an order.
func (s *salon) paymentOf(o models.Order) models.Payment {
	s.t.Helper()
	payments, err := s.till.OrderPayments(context.Background(), o.ID)
	s.must(err)
	if len(payments) == 0 {
		s.t.Fatal("the order has no payment")
	}
	return payments[len(payments)-1]
}

// The page asks for the lines and the shipping, and for the order's total; asking again gives the same page.
func TestTheLinkOfAnOrder(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	oil, comb, me := s.product("OIL", 2490, 5), s.product("COMB", 990, 5), s.regular()
	s.add(me, oil, 2)
	s.add(me, comb, 1)
	o := s.place(ask(me, models.MethodStripe))
	s.stripe.failing(http.StatusServiceUnavailable, `{"error":{"type":"api_error"}}`)
	_, err := s.till.OrderLink(ctx, o.ID)
	wantFault(t, err, "orders.payments_unavailable")
	s.wantOrder(o.ID, models.OrderPending)
	s.stripe.failing(0, "")
	link, err := s.till.OrderLink(ctx, o.ID)
	s.must(err)
	for range 2 {
		again, err := s.till.OrderLink(ctx, o.ID)
		s.must(err)
		if again != link || link == "" {
			t.Errorf("got %q, first %q", again, link)
		}
	}
	p := s.paymentOf(o)
	form := s.stripe.form(p.IdempotencyKey())
	want := map[string]string{
		"line_items[0][price_data][unit_amount]": "2490", "line_items[0][quantity]": "2", "line_items[0][price_data][currency]": "eur",
		"line_items[1][price_data][unit_amount]": "990", "line_items[1][quantity]": "1",
		"line_items[2][price_data][unit_amount]": "2000", "line_items[2][quantity]": "1", "line_items[2][price_data][product_data][name]": "Envío",
		"metadata[payment_id]": p.ID.String(), "metadata[order_id]": o.ID.String(), "metadata[kind]": "order",
		"success_url": "https://salon.test/orders/" + o.ID.String() + "?lang=es&paid=yes",
	}
	for field, value := range want {
		if form[field] != value {
			t.Errorf("%s is %q, want %q", field, form[field], value)
		}
	}
	if _, more := form["line_items[3][quantity]"]; more || form["metadata[appointment_id]"] != "" {
		t.Errorf("the page asks for more: %v", form)
	}
	if o.TotalMinor != 2*2490+990+2000 || p.AmountMinor != o.TotalMinor {
		t.Errorf("order of %d, payment of %d", o.TotalMinor, p.AmountMinor)
	}
	s.check(true)
}

func TestAChatGetsItsLinkByAJob(t *testing.T) {
	s := openSalon(t)
	oil, me := s.product("OIL", 2490, 5), s.regular()
	s.add(me, oil, 1)
	r := ask(me, models.MethodStripe)
	r.Channel = checkout.ChannelWhatsApp
	o := s.place(r)
	asked := jobsOf[queue.PaymentSession](s, queue.PaymentSession{}.Kind())
	if len(asked) != 1 {
		t.Fatalf("asked for %d pages", len(asked))
	}
	for range 2 {
		s.must(s.till.OpenSession(context.Background(), asked[0].PaymentID))
	}
	s.wantTells("order.link")
	p := s.paymentOf(o)
	if tells := jobsOf[queue.Tell](s, queue.Tell{}.Kind()); tells[0].Ref != p.ID || p.State != models.PaymentOpen {
		t.Errorf("told %+v of a payment that is %s", tells, p.State)
	}
	if form := s.stripe.form(p.IdempotencyKey()); form["success_url"] != "https://salon.test"+checkout.SuccessPath+"?lang=es" {
		t.Errorf("back to %q", form["success_url"])
	}
}

// form is what a session was asked for under a key.
func (d *double) form(key string) map[string]string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.asked[key]
}

// sum is an event about a payment with another amount or currency.
func sum(id string, p models.Payment, minor int64, currency string) event {
	e := paid(id, p)
	e.object["amount_total"], e.object["currency"] = minor, currency
	return e
}

// Each event once, twice and late: the order ends where its money is (X28-X30).
func TestEventsOfAnOrdersPayment(t *testing.T) {
	cancel := func(s *salon, o models.Order) {
		_, err := s.till.CancelOrder(context.Background(), "customer", o.ID, "")
		s.must(err)
	}
	lapse := func(s *salon, _ models.Order) {
		s.hand.Set(s.clock.Now().Add(61 * time.Minute))
		n, err := s.till.ExpireOrders(context.Background())
		s.must(err)
		if n != 1 {
			s.t.Errorf("ended %d orders", n)
		}
	}
	for _, tt := range []struct {
		name     string
		before   func(s *salon, o models.Order)
		events   func(p models.Payment) []event
		outcomes []string
		order    models.OrderStatus
		payment  models.PaymentState
		back     int64
		tells    []string
	}{
		{"paid twice over", nil, func(p models.Payment) []event { return []event{paid("1", p), paid("2", p)} },
			[]string{checkout.OutcomePaid, checkout.OutcomeDuplicate}, models.OrderPaid, models.PaymentPaid, 0, []string{"order.paid"}},
		{"expired late", nil, func(p models.Payment) []event { return []event{paid("1", p), sessionExpired("2", p)} },
			[]string{checkout.OutcomePaid, checkout.OutcomeUnchanged}, models.OrderPaid, models.PaymentPaid, 0, []string{"order.paid"}},
		{"expired, then paid all the same", nil, func(p models.Payment) []event { return []event{sessionExpired("1", p), paid("2", p)} },
			[]string{checkout.OutcomeExpired, checkout.OutcomePaid}, models.OrderPaid, models.PaymentPaid, 0, []string{"order.paid"}},
		{"declined, then paid", nil, func(p models.Payment) []event { return []event{declined("1", p), paid("2", p), declined("3", p)} },
			[]string{checkout.OutcomeFailed, checkout.OutcomePaid, checkout.OutcomeUnchanged}, models.OrderPaid, models.PaymentPaid, 0, []string{"order.paid"}},
		{"another amount", nil, func(p models.Payment) []event { return []event{sum("1", p, p.AmountMinor-1, "eur"), paid("2", p)} },
			[]string{checkout.OutcomeMismatch, checkout.OutcomeDuplicate}, models.OrderPending, models.PaymentRefunded, 3999, []string{"order.refunded"}},
		{"another currency", nil, func(p models.Payment) []event { return []event{sum("1", p, p.AmountMinor, "usd")} },
			[]string{checkout.OutcomeMismatch}, models.OrderPending, models.PaymentRefunded, 4000, []string{"order.refunded"}},
		{"nothing", nil, func(p models.Payment) []event { return []event{sum("1", p, 0, "eur")} },
			[]string{checkout.OutcomeMismatch}, models.OrderPending, models.PaymentFailed, 0, nil},
		{"paid after it was canceled", cancel, func(p models.Payment) []event { return []event{paid("1", p), sessionExpired("2", p)} },
			[]string{checkout.OutcomeLate, checkout.OutcomeUnchanged}, models.OrderCanceled, models.PaymentRefunded, 4000, []string{"order.canceled", "order.refunded"}},
		{"paid after it lapsed", lapse, func(p models.Payment) []event { return []event{paid("1", p)} },
			[]string{checkout.OutcomeLate}, models.OrderCanceled, models.PaymentRefunded, 4000, []string{"order.expired", "order.refunded"}},
		{"a bank that pays", nil, func(p models.Payment) []event {
			return []event{{"1", stripeapi.SessionCompletedEvent, session(p, "unpaid", p.AmountMinor)}, {"2", stripeapi.AsyncSucceededEvent, session(p, "paid", p.AmountMinor)}}
		}, []string{checkout.OutcomeAwaiting, checkout.OutcomePaid}, models.OrderPaid, models.PaymentPaid, 0, []string{"order.paid"}},
		{"a bank that does not", nil, func(p models.Payment) []event {
			return []event{{"1", stripeapi.SessionCompletedEvent, session(p, "unpaid", p.AmountMinor)}, {"2", stripeapi.AsyncFailedEvent, session(p, "unpaid", p.AmountMinor)}}
		}, []string{checkout.OutcomeAwaiting, checkout.OutcomeFailed}, models.OrderFailed, models.PaymentFailed, 0, []string{"order.failed"}},
		{"given back at the provider's", nil, func(p models.Payment) []event {
			return []event{paid("1", p), refunded("2", p, 4000), refunded("3", p, 4000)}
		},
			[]string{checkout.OutcomePaid, checkout.OutcomeRefunded, checkout.OutcomeRefunded}, models.OrderRefunded, models.PaymentRefunded, 4000, []string{"order.paid", "order.refunded"}},
		{"a part given back at the provider's", nil, func(p models.Payment) []event { return []event{paid("1", p), refunded("2", p, 1500)} },
			[]string{checkout.OutcomePaid, checkout.OutcomeRefunded}, models.OrderPaid, models.PaymentPaid, 1500, []string{"order.paid", "order.refunded"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := openSalon(t)
			oil := s.product("OIL", 2000, 5)
			o, p := s.toPay(s.regular(), oil)
			if tt.before != nil {
				tt.before(s, o)
			}
			for i, e := range tt.events(p) {
				e.id = "evt_" + e.id
				if got := s.apply(e); got != tt.outcomes[i] {
					t.Errorf("event %d: %s, want %s", i, got, tt.outcomes[i])
				}
			}
			for range 2 {
				s.must(s.sendRefunds())
			}
			s.wantOrder(o.ID, tt.order)
			s.wantPayment(p.ID, tt.payment)
			var back int64
			for _, r := range s.refunds(p.ID) {
				back += r.AmountMinor
			}
			if back != tt.back {
				t.Errorf("%d went back, want %d", back, tt.back)
			}
			s.wantTells(tt.tells...)
			history, err := s.till.OrderEvents(context.Background(), o.ID)
			s.must(err)
			if said := len(history) - 2; said < len(tt.events(p)) { // it was placed, its page was opened
				t.Errorf("of %d events %d stand in its history", len(tt.events(p)), said)
			}
			stock, held := 5, 0
			switch tt.order {
			case models.OrderPending:
				held = 1
			case models.OrderPaid:
				stock = 4
			}
			s.wantStock(oil, stock, held)
			s.check(true)
		})
	}
}

// An old link that is paid after the order changed: the money goes back, or pays the order where it is the same sum.
func TestAnOldLinkIsPaidAllTheSame(t *testing.T) {
	for _, tt := range []struct {
		name    string
		change  func(s *salon, me shop.Owner, p models.Product)
		outcome string
		order   models.OrderStatus
	}{
		{"it costs more now", func(s *salon, me shop.Owner, p models.Product) {
			s.add(me, p, 1)
			s.place(ask(me, models.MethodStripe))
		}, checkout.OutcomeNotNeeded, models.OrderPending},
		{"it was to be paid on delivery", func(s *salon, me shop.Owner, _ models.Product) {
			s.place(ask(me, models.MethodCOD))
		}, checkout.OutcomePaid, models.OrderPaid},
		{"it was confirmed, to be paid on delivery", func(s *salon, me shop.Owner, _ models.Product) {
			_, err := s.till.ConfirmOrder(context.Background(), "customer", s.place(ask(me, models.MethodCOD)).ID)
			s.must(err)
		}, checkout.OutcomeSecondPayment, models.OrderConfirmed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := openSalon(t)
			oil, me := s.product("OIL", 2000, 5), s.regular()
			o, old := s.toPay(me, oil)
			tt.change(s, me, oil)
			if got := s.apply(paid("1", old)); got != tt.outcome {
				t.Errorf("outcome %s, want %s", got, tt.outcome)
			}
			s.must(s.sendRefunds())
			s.wantOrder(o.ID, tt.order)
			s.check(true)
		})
	}
}

// Two pages, both paid: one pays the order, the other's money goes back.
func TestASecondPaymentOfAnOrderGoesBack(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	oil, me := s.product("OIL", 2000, 5), s.regular()
	o, first := s.toPay(me, oil)
	s.apply(sessionExpired("0", first))
	_, err := s.till.OrderLink(ctx, o.ID)
	s.must(err)
	second := s.paymentOf(o)
	if second.ID == first.ID {
		t.Fatal("the page that is closed was given again")
	}
	if got := s.apply(paid("1", second)); got != checkout.OutcomePaid {
		t.Errorf("got %s", got)
	}
	if got := s.apply(paid("2", first)); got != checkout.OutcomeSecondPayment {
		t.Errorf("got %s", got)
	}
	s.must(s.sendRefunds())
	s.wantPayment(first.ID, models.PaymentRefunded)
	s.wantPayment(second.ID, models.PaymentPaid)
	s.wantOrder(o.ID, models.OrderPaid)
	_, err = s.till.OrderLink(ctx, o.ID)
	wantFault(t, err, "orders.invalid_state")
	s.check(true)
}

// What a guest paid in the wrong amount has no conversation to open a case in: it stands among the money that went astray, also
// where nothing came at all.
func TestAGuestsWrongAmountIsSeen(t *testing.T) {
	for name, short := range map[string]int64{"a cent short": 1, "nothing": 4000} {
		t.Run(name, func(t *testing.T) {
			s := openSalon(t)
			ctx := context.Background()
			o, p := s.toPay(s.visitor(), s.product("OIL", 2000, 5))
			s.apply(sum("1", p, p.AmountMinor-short, "eur"))
			rows, err := s.till.Troubles(ctx, s.clock.Now().Add(-time.Hour))
			s.must(err)
			if len(rows) != 1 || rows[0].OrderID == nil || *rows[0].OrderID != o.ID || rows[0].Reason != "amount_mismatch" ||
				rows[0].AmountMinor != p.AmountMinor-short || rows[0].Currency != "EUR" || rows[0].Nothing != (p.AmountMinor == short) {
				t.Errorf("got %+v", rows)
			}
			s.must(s.sendRefunds())
			if rows, err = s.till.Troubles(ctx, s.clock.Now().Add(time.Hour)); err != nil || len(rows) > 0 {
				t.Errorf("long ago: %+v, %v", rows, err)
			}
		})
	}
}
