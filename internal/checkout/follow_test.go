package checkout_test

import (
	"context"
	"sync"
	"testing"

	"frontdesk/internal/checkout"
	"frontdesk/internal/fault"
	"frontdesk/internal/shop"
	"frontdesk/models"
)

// recognise is what follows a proof: the session becomes the customer's, and what it ordered with it.
func (s *salon) recognise(token string, session, customer models.ID) error {
	return s.db.InTx(context.Background(), func(ctx context.Context) error {
		if _, _, err := s.goods.Recognise(ctx, token, customer); err != nil {
			return err
		}
		return s.till.Follow(ctx, session, customer)
	})
}

// A guest's orders become the customer's, with where they go: an address that the customer has already is theirs.
func TestOrdersFollowWhoeverOrdered(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	oil, me := s.product("OIL", 2490, 9), s.regular()
	home := &checkout.AddressInput{Line1: "Calle Mayor 1", City: "Madrid", Country: "ES"}
	s.add(me, oil, 1)
	r := ask(me, models.MethodCOD)
	r.Address = home
	mine := s.place(r)
	_, err := s.till.ConfirmOrder(ctx, "customer", mine.ID)
	s.must(err)

	token, session, err := s.goods.OpenSession(ctx)
	s.must(err)
	ordered := func(address *checkout.AddressInput, key string) models.Order {
		s.add(session.Owner, oil, 1)
		r := ask(session.Owner, models.MethodCOD)
		r.Address, r.Key = address, key
		o := s.place(r)
		_, err := s.till.ConfirmOrder(ctx, "customer", o.ID)
		s.must(err)
		return o
	}
	same := ordered(home, "one")
	other := ordered(&checkout.AddressInput{Line1: "Gran Vía 2", City: "Madrid", Country: "ES"}, "two")
	s.must(s.recognise(token, session.ID, me.Customer))

	for _, id := range []models.ID{same.ID, other.ID} {
		if o, err := s.till.OrderOf(ctx, me, id); err != nil || o.SessionID != nil || o.Address == nil || o.Address.CustomerID == nil || *o.Address.CustomerID != me.Customer {
			t.Errorf("the customer's order is %+v, address %+v: %v", o, o.Address, err)
		}
		_, err := s.till.OrderOf(ctx, session.Owner, id)
		wantFault(t, err, "orders.order_not_found")
	}
	if o, _ := s.till.OrderOf(ctx, me, same.ID); *o.AddressID != *mine.AddressID {
		t.Error("the same address is kept twice")
	}
	var addresses int64
	s.must(s.db.On(ctx).Model(&models.Address{}).Count(&addresses).Error)
	if addresses != 2 {
		t.Errorf("%d addresses are kept", addresses)
	}
	r = ask(me, models.MethodCOD)
	r.Address, r.Key = home, "one"
	if again := s.place(r); again.ID != same.ID {
		t.Errorf("asked again under the guest's key, it is %s", again.Number)
	}
}

// Whether a guest orders before or after they are recognised at the same moment: no order is left to a session that is
// somebody's, and nothing waits for itself.
func TestOrderingWhileBeingRecognised(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	for round := range 8 {
		oil, me := s.product("OIL"+string(rune('A'+round)), 2490, 9), s.regular()
		token, session, err := s.goods.OpenSession(ctx)
		s.must(err)
		s.add(session.Owner, oil, 2)
		var placed models.Order
		var failed error
		var both sync.WaitGroup
		both.Go(func() { placed, failed = s.till.PlaceOrder(ctx, ask(session.Owner, models.MethodCOD)) })
		both.Go(func() { s.must(s.recognise(token, session.ID, me.Customer)) })
		both.Wait()
		if failed != nil && !fault.Is(failed, "orders.cart_empty") {
			t.Fatalf("round %d: %v", round, failed)
		}
		if failed == nil {
			if _, err := s.till.OrderOf(ctx, me, placed.ID); err != nil {
				t.Errorf("round %d: the order is nobody's: %v", round, err)
			}
		}
		if cart, err := s.goods.Cart(ctx, me); err != nil || len(cart.Items) != 1 || cart.Items[0].Qty != 2 {
			t.Errorf("round %d: the customer's cart is %+v, %v", round, cart.Items, err)
		}
		if cart, err := s.goods.Cart(ctx, shop.Owner{Session: session.ID}); err != nil || len(cart.Items) != 0 {
			t.Errorf("round %d: the guest's cart is %+v, %v", round, cart.Items, err)
		}
	}
}
