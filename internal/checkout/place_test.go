package checkout_test

import (
	"context"
	"testing"
	"time"

	"frontdesk/internal/checkout"
	"frontdesk/internal/fault"
	"frontdesk/internal/shop"
	"frontdesk/models"
)

// product puts something on sale.
func (s *salon) product(sku string, price int64, stock int) models.Product {
	s.t.Helper()
	now := s.clock.Now()
	p := models.Product{
		ID: models.NewID(), SKU: sku, Names: models.Text{"en": sku}, Descriptions: models.Text{}, PriceMinor: price, Currency: "EUR",
		Stock: stock, FeedStock: &stock, Active: true, CreatedAt: now, UpdatedAt: now,
	}
	s.must(s.db.On(context.Background()).Omit("Category", "Media").Create(&p).Error)
	return p
}

// stock is what there is of a product, and what is held back of it.
func (s *salon) stock(p models.Product) (stock, reserved int) {
	s.t.Helper()
	var row models.Product
	s.must(s.db.On(context.Background()).Take(&row, "id = ?", p.ID).Error)
	return row.Stock, row.Reserved
}

func (s *salon) wantStock(p models.Product, stock, reserved int) {
	s.t.Helper()
	if gotStock, gotReserved := s.stock(p); gotStock != stock || gotReserved != reserved {
		s.t.Errorf("%s: stock %d, held back %d; want %d and %d", p.SKU, gotStock, gotReserved, stock, reserved)
	}
}

// visitor is a guest of the shop.
func (s *salon) visitor() shop.Owner {
	s.t.Helper()
	_, session, err := s.goods.OpenSession(context.Background())
	s.must(err)
	return session.Owner
}

// regular is a customer of the shop with a conversation.
func (s *salon) regular() shop.Owner {
	s.t.Helper()
	return shop.Owner{Customer: s.guest().customer.ID}
}

func (s *salon) add(o shop.Owner, p models.Product, qty int) {
	s.t.Helper()
	_, err := s.goods.Add(context.Background(), o, shop.Add{ProductID: p.ID, Qty: qty})
	s.must(err)
}

func ask(o shop.Owner, method models.OrderMethod) checkout.OrderRequest {
	return checkout.OrderRequest{Owner: o, Method: method, Language: "es", Channel: checkout.ChannelWeb}
}

func (s *salon) place(r checkout.OrderRequest) models.Order {
	s.t.Helper()
	o, err := s.till.PlaceOrder(context.Background(), r)
	s.must(err)
	return o
}

// wantFault checks that something was refused.
func wantFault(t *testing.T, err error, key string) {
	t.Helper()
	if !fault.Is(err, key) {
		t.Errorf("got %v, want %s", err, key)
	}
}

func TestAnOrderOfACart(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	oil, comb := s.product("OIL", 2490, 5), s.product("COMB", 990, 3)
	me := s.regular()
	s.add(me, oil, 2)
	s.add(me, comb, 1)
	r := ask(me, models.MethodCOD)
	r.Address = &checkout.AddressInput{Name: "Noor", Phone: "+447700900101", Line1: " Calle  Mayor 1 ", City: "Madrid", Country: "es"}
	o := s.place(r)
	if o.Status != models.OrderPendingCOD || o.SubtotalMinor != 5970 || o.ShippingMinor != 2000 || o.TotalMinor != 7970 || len(o.Items) != 2 || o.Currency != "EUR" {
		t.Errorf("got %+v", o)
	}
	if o.Address == nil || o.Address.Line1 != "Calle Mayor 1" || o.Address.Country != "ES" || o.ReservedUntil == nil || !o.ReservedUntil.Equal(s.clock.Now().Add(48*time.Hour)) {
		t.Errorf("goes to %+v, held until %v", o.Address, o.ReservedUntil)
	}
	s.wantStock(oil, 5, 2)
	s.wantStock(comb, 3, 1)
	if again := s.place(r); again.ID != o.ID || again.Version != o.Version || *again.AddressID != *o.AddressID {
		t.Errorf("asked again: %+v", again)
	}
	for range 2 {
		done, err := s.till.ConfirmOrder(ctx, "customer", o.ID)
		s.must(err)
		if done.Status != models.OrderConfirmed || done.ConfirmedAt == nil || done.ReservedUntil != nil {
			t.Errorf("confirmed: %+v", done)
		}
	}
	s.wantStock(oil, 3, 0)
	s.wantStock(comb, 2, 0)
	s.wantTells("order.confirmed")
	cart, err := s.goods.Cart(ctx, me)
	s.must(err)
	if len(cart.Items) != 0 {
		t.Errorf("the cart still holds %v", cart.Items)
	}
	_, err = s.till.PlaceOrder(ctx, r)
	wantFault(t, err, "orders.cart_empty")
	events, err := s.till.OrderEvents(ctx, o.ID)
	s.must(err)
	if len(events) != 2 || events[0].Kind != "placed" || events[1].Kind != "confirmed" || events[1].From != models.OrderPendingCOD || events[1].To != models.OrderConfirmed {
		t.Errorf("events: %+v", events)
	}
	mine, err := s.till.OrdersOf(ctx, me, 10)
	s.must(err)
	if len(mine) != 1 || len(mine[0].Items) != 2 {
		t.Errorf("orders: %+v", mine)
	}
	_, err = s.till.OrderOf(ctx, s.visitor(), o.ID)
	wantFault(t, err, "orders.order_not_found")
	if found, err := s.till.LookupOrder(ctx, "+44 7700 900101", o.Number); err != nil || found.ID != o.ID {
		t.Errorf("looked up %v: %v", found.ID, err)
	}
	_, err = s.till.LookupOrder(ctx, "+447700900102", o.Number)
	wantFault(t, err, "orders.no_match")
	rows, total, err := s.till.ListOrders(ctx, checkout.OrderFilter{Text: "haddad", Limit: 5})
	s.must(err)
	if total != 1 || len(rows) != 1 {
		t.Errorf("listed %d of %d", len(rows), total)
	}
}
