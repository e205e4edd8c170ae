package checkout_test

import (
	"context"
	"regexp"
	"sync"
	"testing"
	"time"

	"frontdesk/internal/checkout"
	"frontdesk/internal/fault"
	"frontdesk/internal/shop"
	"frontdesk/models"
)

const clerk = "staff:0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c99"

// takesBack is the salon with what returns are opened for: thirty days from delivery.
func takesBack(t *testing.T) *salon {
	t.Helper()
	s := openSalon(t)
	s.till.SetReturns(checkout.ReturnTerms{Enabled: true, Days: 30})
	return s
}

// delivered is an order that stands with its owner: two of one product and one of another, 79.70 with shipping.
func (s *salon) delivered(o shop.Owner, products ...models.Product) models.Order {
	s.t.Helper()
	for i, p := range products {
		s.add(o, p, 2-min(i, 1))
	}
	order := s.place(ask(o, models.MethodCOD))
	_, err := s.till.ConfirmOrder(context.Background(), "customer", order.ID)
	s.must(err)
	s.deliver(order.ID)
	order, err = s.till.Order(context.Background(), order.ID)
	s.must(err)
	return order
}

func (s *salon) deliver(order models.ID) {
	s.t.Helper()
	s.must(s.db.On(context.Background()).Exec("UPDATE orders SET status = 'delivered', delivered_at = ? WHERE id = ?", s.clock.Now(), order).Error)
}

// line is how many of a product of an order go back.
func line(o models.Order, p models.Product, qty int) checkout.ReturnLine {
	for _, item := range o.Items {
		if item.ProductID == p.ID {
			return checkout.ReturnLine{OrderItem: item.ID, Qty: qty}
		}
	}
	return checkout.ReturnLine{}
}

func (s *salon) sendBack(r checkout.ReturnRequest) models.Return {
	s.t.Helper()
	got, err := s.till.OpenReturn(context.Background(), r)
	s.must(err)
	return got
}

func TestEachRuleOfReturnsHasItsCode(t *testing.T) {
	s := takesBack(t)
	ctx := context.Background()
	oil, comb := s.product("OIL", 2490, 50), s.product("COMB", 990, 50)
	me := s.regular()
	fresh := s.delivered(me, oil, comb)
	waiting := func() models.Order {
		s.add(me, oil, 1)
		o := s.place(ask(me, models.MethodCOD))
		_, err := s.till.ConfirmOrder(ctx, "customer", o.ID)
		s.must(err)
		return o
	}()
	for _, tt := range []struct {
		name string
		ask  checkout.ReturnRequest
		want string
	}{
		{"somebody else's", checkout.ReturnRequest{Owner: s.visitor(), Order: fresh.ID}, "return.order_not_found"},
		{"nobody's", checkout.ReturnRequest{Owner: me, Order: models.NewID()}, "return.order_not_found"},
		{"staff of nobody's", checkout.ReturnRequest{Staff: clerk, Order: models.NewID()}, "return.order_not_found"},
		{"not delivered", checkout.ReturnRequest{Staff: clerk, Order: waiting.ID}, "return.not_eligible.undelivered"},
		{"more than bought", checkout.ReturnRequest{Staff: clerk, Order: fresh.ID, Items: []checkout.ReturnLine{line(fresh, oil, 3)}}, "return.not_eligible.quantity"},
		{"of another order", checkout.ReturnRequest{Staff: clerk, Order: fresh.ID, Items: []checkout.ReturnLine{{OrderItem: waiting.Items[0].ID, Qty: 1}}}, "return.not_eligible.quantity"},
		{"nothing of a line", checkout.ReturnRequest{Staff: clerk, Order: fresh.ID, Items: []checkout.ReturnLine{line(fresh, oil, 0)}}, "return.refused"},
		{"a line twice", checkout.ReturnRequest{Staff: clerk, Order: fresh.ID, Items: []checkout.ReturnLine{line(fresh, oil, 1), line(fresh, oil, 1)}}, "return.refused"},
		{"a reason without end", checkout.ReturnRequest{Staff: clerk, Order: fresh.ID, Reason: string(make([]byte, 300))}, "return.refused"},
	} {
		_, err := s.till.OpenReturn(ctx, tt.ask)
		if !fault.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %s", tt.name, err, tt.want)
		}
	}
	one := s.sendBack(checkout.ReturnRequest{Owner: me, Order: fresh.ID, Items: []checkout.ReturnLine{line(fresh, oil, 1)}, Reason: "damaged"})
	if one.Status != models.ReturnRequested || len(one.Items) != 1 || one.Items[0].TotalMinor != 2490 || one.OpenedBy != "customer" {
		t.Errorf("opened %+v", one)
	}
	s.wantTells("order.confirmed", "order.confirmed", "return.requested")
	_, err := s.till.OpenReturn(ctx, checkout.ReturnRequest{Staff: clerk, Order: fresh.ID})
	wantFault(t, err, "return.existing_open_return")
	s.step(one, models.ReturnRejected, "worn")
	all := s.sendBack(checkout.ReturnRequest{Staff: clerk, Order: fresh.ID})
	if len(all.Items) != 2 || all.OpenedBy != clerk {
		t.Errorf("all that was left: %+v", all)
	}
	all = s.walk(all)
	_, err = s.till.OpenReturn(ctx, checkout.ReturnRequest{Staff: clerk, Order: fresh.ID})
	wantFault(t, err, "return.not_eligible.nothing_left")

	s.till.SetReturns(checkout.ReturnTerms{Enabled: true, Days: 30, Basis: checkout.SinceCreated})
	s.sendBack(checkout.ReturnRequest{Staff: clerk, Order: waiting.ID})
	s.till.SetReturns(checkout.ReturnTerms{Days: 30})
	_, err = s.till.OpenReturn(ctx, checkout.ReturnRequest{Owner: me, Order: fresh.ID})
	wantFault(t, err, "return.returns_disabled")
}

// The last day counts until midnight in the salon.
func TestReturnsEndWithTheirLastDay(t *testing.T) {
	s := takesBack(t)
	oil := s.product("OIL", 2490, 50)
	order := s.delivered(s.regular(), oil) // on 6 October
	s.hand.Set(time.Date(2026, 11, 5, 22, 59, 0, 0, time.UTC))
	offer, err := s.till.StaffReturnOffer(context.Background(), order.ID)
	s.must(err)
	if want := time.Date(2026, 11, 5, 23, 0, 0, 0, time.UTC); !offer.Until.Equal(want) || offer.Lines[0].Left != 2 {
		t.Errorf("until %v, %d left", offer.Until.UTC(), offer.Lines[0].Left)
	}
	s.hand.Set(offer.Until)
	_, err = s.till.OpenReturn(context.Background(), checkout.ReturnRequest{Staff: clerk, Order: order.ID})
	wantFault(t, err, "return.not_eligible.late")
}

// Of two at once one is opened, whoever asks.
func TestTwoReturnsAtOnceAreOne(t *testing.T) {
	s := takesBack(t)
	oil := s.product("OIL", 2490, 500)
	for range 8 {
		me := s.regular()
		order := s.delivered(me, oil)
		var wg sync.WaitGroup
		errs := make([]error, 4)
		for i := range errs {
			wg.Add(1)
			go func() {
				defer wg.Done()
				r := checkout.ReturnRequest{Owner: me, Order: order.ID, Items: []checkout.ReturnLine{line(order, oil, 1)}}
				if i%2 == 0 {
					r.Owner, r.Staff = shop.Owner{}, clerk
				}
				_, errs[i] = s.till.OpenReturn(context.Background(), r)
			}()
		}
		wg.Wait()
		opened := 0
		for _, err := range errs {
			if err == nil {
				opened++
			} else if !fault.Is(err, "return.existing_open_return") {
				t.Errorf("got %v", err)
			}
		}
		list, err := s.till.ReturnsOfOrder(context.Background(), order.ID)
		s.must(err)
		if opened != 1 || len(list) != 1 {
			t.Errorf("%d were opened, %d are there", opened, len(list))
		}
	}
}

// The database allows no second open return, whatever the rules do.
func TestTheDatabaseAllowsOneOpenReturn(t *testing.T) {
	s := takesBack(t)
	oil := s.product("OIL", 2490, 50)
	order := s.delivered(s.regular(), oil)
	s.sendBack(checkout.ReturnRequest{Staff: clerk, Order: order.ID, Items: []checkout.ReturnLine{line(order, oil, 1)}})
	now := s.clock.Now()
	err := s.db.On(context.Background()).Omit("Items", "Photos").Create(&models.Return{
		ID: models.NewID(), OrderID: order.ID, RMACode: "RMA-2222-2222", Status: models.ReturnReceived, OpenedBy: "system", CreatedAt: now, UpdatedAt: now,
	}).Error
	if err == nil {
		t.Error("two open returns of one order stand side by side")
	}
}

func TestTenThousandCodes(t *testing.T) {
	t.Parallel()
	seen, form := map[string]bool{}, regexp.MustCompile(`^RMA-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}$`)
	for range 10_000 {
		code := checkout.NewRMA()
		if seen[code] || !form.MatchString(code) {
			t.Fatalf("%s comes twice, or cannot be read", code)
		}
		seen[code] = true
	}
}

func TestATakenCodeIsDrawnAgain(t *testing.T) {
	s := takesBack(t)
	oil := s.product("OIL", 2490, 50)
	codes := []string{"RMA-AAAA-AAAA", "RMA-AAAA-AAAA", "RMA-AAAA-AAAA", "RMA-BBBB-BBBB"}
	s.till.SetRMA(func() string {
		next := codes[0]
		codes = codes[1:]
		return next
	})
	for _, want := range []string{"RMA-AAAA-AAAA", "RMA-BBBB-BBBB"} {
		order := s.delivered(s.regular(), oil)
		if r := s.sendBack(checkout.ReturnRequest{Staff: clerk, Order: order.ID}); r.RMACode != want {
			t.Errorf("got %s, want %s", r.RMACode, want)
		}
	}
	s.till.SetRMA(func() string { return "RMA-AAAA-AAAA" })
	order := s.delivered(s.regular(), oil)
	if _, err := s.till.OpenReturn(context.Background(), checkout.ReturnRequest{Staff: clerk, Order: order.ID}); err == nil {
		t.Error("a return has somebody else's code")
	}
}

// The sixth attempt within an hour is refused, of a person and of an order; staff are not counted.
func TestAttemptsToReturnAreLimited(t *testing.T) {
	s := takesBack(t)
	oil := s.product("OIL", 2490, 50)
	me := s.regular()
	order := s.delivered(me, oil)
	for range 5 {
		_, err := s.till.OpenReturn(context.Background(), checkout.ReturnRequest{Owner: me, Order: models.NewID()})
		wantFault(t, err, "return.order_not_found")
	}
	_, err := s.till.OpenReturn(context.Background(), checkout.ReturnRequest{Owner: me, Order: order.ID})
	wantFault(t, err, "return.too_many")
	s.sendBack(checkout.ReturnRequest{Staff: clerk, Order: order.ID})
}
