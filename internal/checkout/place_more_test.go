package checkout_test

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"frontdesk/internal/checkout"
	"frontdesk/internal/fault"
	"frontdesk/internal/shop"
	"frontdesk/internal/testkit"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// check looks into the books.
func (s *salon) check(swept bool) {
	s.t.Helper()
	wrong, err := testkit.Books(context.Background(), s.db.Pool, s.clock.Now(), swept)
	s.must(err)
	for _, line := range wrong {
		s.t.Error(line)
	}
}

func (s *salon) order(id models.ID) models.Order {
	s.t.Helper()
	o, err := s.till.Order(context.Background(), id)
	s.must(err)
	return o
}

func (s *salon) wantOrder(id models.ID, want models.OrderStatus) models.Order {
	s.t.Helper()
	o := s.order(id)
	if o.Status != want {
		s.t.Errorf("order is %s, want %s", o.Status, want)
	}
	return o
}

// What is wrong with a request is said field by field, before anybody looks for a cart.
func TestWhatAnOrderIsAskedForIsChecked(t *testing.T) {
	s := openSalon(t)
	long := strings.Repeat("a", 600)
	good := checkout.AddressInput{Line1: "Calle Mayor 1", City: "Madrid", Country: "ES"}
	for _, tt := range []struct {
		name   string
		change func(r *checkout.OrderRequest)
		want   string // fields
	}{
		{"no method", func(r *checkout.OrderRequest) { r.Method = "" }, "method"},
		{"another method", func(r *checkout.OrderRequest) { r.Method = "bitcoin" }, "method"},
		{"an empty address", func(r *checkout.OrderRequest) { r.Address = &checkout.AddressInput{} }, "address.city address.country address.line1"},
		{"a country of three letters", func(r *checkout.OrderRequest) { r.Address.Country = "ESP" }, "address.country"},
		{"a country that is none", func(r *checkout.OrderRequest) { r.Address.Country = "ZZ" }, "address.country"},
		{"half a continent", func(r *checkout.OrderRequest) { r.Address.Country = "EU" }, "address.country"},
		{"no phone", func(r *checkout.OrderRequest) { r.Address.Phone = "12" }, "address.phone"},
		{"long parts", func(r *checkout.OrderRequest) { r.Address.Line2, r.Address.PostalCode, r.Notes = long, long, long }, "address.line2 address.postalCode notes"},
		{"a key that cannot be printed", func(r *checkout.OrderRequest) { r.Key = "a\x00b" }, "idempotencyKey"},
		{"another language", func(r *checkout.OrderRequest) { r.Language = "de" }, "language"},
		{"another channel", func(r *checkout.OrderRequest) { r.Channel = "fax" }, "channel"},
	} {
		r, address := ask(s.visitor(), models.MethodCOD), good
		r.Address = &address
		tt.change(&r)
		_, err := s.till.PlaceOrder(context.Background(), r)
		var f *fault.Fault
		if !errors.As(err, &f) || f.Kind != fault.KindInvalid {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if got := strings.Join(sortedKeys(f.Fields), " "); got != tt.want {
			t.Errorf("%s: fields %q, want %q", tt.name, got, tt.want)
		}
	}
	_, err := s.till.PlaceOrder(context.Background(), ask(s.visitor(), models.MethodCOD))
	wantFault(t, err, "orders.cart_empty")
}

func sortedKeys(m map[string]string) []string {
	keys := []string{}
	for k := range m {
		keys = append(keys, k)
	}
	for i := range keys {
		for j := i + 1; j < len(keys); j++ {
			if keys[j] < keys[i] {
				keys[i], keys[j] = keys[j], keys[i]
			}
		}
	}
	return keys
}

// The same key is answered the same, whatever became of the cart; something else under it is refused.
func TestOrderingAgainUnderAKey(t *testing.T) {
	s := openSalon(t)
	oil, me := s.product("OIL", 2490, 9), s.visitor()
	s.add(me, oil, 1)
	r := ask(me, models.MethodCOD)
	r.Key = "first"
	o := s.place(r)
	s.add(me, oil, 2)
	if again := s.place(r); again.ID != o.ID || again.TotalMinor != o.TotalMinor {
		t.Errorf("answered %d, first %d", again.TotalMinor, o.TotalMinor)
	}
	other := r
	other.Notes = "ring twice"
	_, err := s.till.PlaceOrder(context.Background(), other)
	wantFault(t, err, "shop.idempotency_conflict")
	r.Key = "second"
	now := s.place(r)
	if now.ID != o.ID || now.SubtotalMinor != 7470 {
		t.Errorf("the waiting order is %v of %d", now.ID, now.SubtotalMinor)
	}
	r.Key = "first"
	if again := s.place(r); again.ID != o.ID || again.SubtotalMinor != 2490 {
		t.Errorf("answered %d, first 2490", again.SubtotalMinor)
	}
	_, err = s.till.ConfirmOrder(context.Background(), "customer", o.ID)
	s.must(err)
	if again := s.place(r); again.ID != o.ID || again.Status != models.OrderPendingCOD {
		t.Errorf("after it was confirmed: %+v", again)
	}
	s.check(true)
}

// Ten at once make one order, by one key and without any.
func TestTenAtOnceMakeOneOrder(t *testing.T) {
	for _, key := range []string{"", "k1", "guest", "guest k1"} {
		t.Run("key "+key, func(t *testing.T) {
			s := openSalon(t)
			key, guest := strings.CutPrefix(key, "guest")
			oil, me := s.product("OIL", 2490, 9), s.regular()
			if guest {
				me = s.visitor()
			}
			s.add(me, oil, 3)
			ids := s.atOnce(10, func(int) (models.ID, error) {
				r := ask(me, models.MethodCOD)
				r.Key, r.Address = strings.TrimSpace(key), &checkout.AddressInput{Line1: "Calle Mayor 1", City: "Madrid", Country: "ES"}
				o, err := s.till.PlaceOrder(context.Background(), r)
				return o.ID, err
			})
			for _, id := range ids {
				if id != ids[0] {
					t.Errorf("two orders: %v and %v", ids[0], id)
				}
			}
			_, total, err := s.till.ListOrders(context.Background(), checkout.OrderFilter{Limit: 10})
			s.must(err)
			if total != 1 {
				t.Errorf("%d orders", total)
			}
			s.wantStock(oil, 9, 3)
			s.check(true)
		})
	}
}

// What a guest orders first goes the quick way, whatever comes with it; what is more than that does not.
func TestAGuestsFirstOrderGoesTheQuickWay(t *testing.T) {
	s := openSalon(t)
	oil, home := s.product("OIL", 2490, 90), &checkout.AddressInput{Line1: "Calle Mayor 1", City: "Madrid", Country: "ES"}
	for _, tc := range []struct {
		name    string
		owner   shop.Owner
		key     string
		address *checkout.AddressInput
		again   bool // there is an order that waits already
		done    bool
	}{
		{"a plain order", s.visitor(), "", nil, false, true},
		{"with a key and an address", s.visitor(), "k1", home, false, true},
		{"changed afterwards", s.visitor(), "k2", home, true, false},
		{"a customer's", s.regular(), "", nil, false, false},
	} {
		s.add(tc.owner, oil, 2)
		r := ask(tc.owner, models.MethodCOD)
		r.Key, r.Address = tc.key, tc.address
		if tc.again {
			s.place(r)
			r.Key += " again"
		}
		o, done, err := s.till.PlaceAtOnce(context.Background(), r)
		if err != nil || done != tc.done || done && (o.SubtotalMinor != 4980 || o.Status != models.OrderPendingCOD) {
			t.Errorf("%s: done %v, %v, order %s of %d", tc.name, done, err, o.Status, o.SubtotalMinor)
		}
	}
	s.check(true)
}

// atOnce runs something n times at once; what fails fails the test.
func (s *salon) atOnce(n int, do func(i int) (models.ID, error)) []models.ID {
	s.t.Helper()
	ids, errs := make([]models.ID, n), make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			ids[i], errs[i] = do(i)
		}()
	}
	wg.Wait()
	s.must(errors.Join(errs...))
	return ids
}

// A hundred carts want the last one: one order gets it.
func TestAHundredWantTheLastOne(t *testing.T) {
	s := openSalon(t)
	last := s.product("LAST", 990, 1)
	owners := make([]shop.Owner, 100)
	for i := range owners {
		owners[i] = s.visitor()
		s.add(owners[i], last, 1)
	}
	var mu sync.Mutex
	short := 0
	s.atOnce(len(owners), func(i int) (models.ID, error) {
		o, err := s.till.PlaceOrder(context.Background(), ask(owners[i], models.MethodCOD))
		if fault.Is(err, "shop.insufficient_stock") {
			mu.Lock()
			defer mu.Unlock()
			short++
			return o.ID, nil
		}
		return o.ID, err
	})
	_, total, err := s.till.ListOrders(context.Background(), checkout.OrderFilter{Limit: 10})
	s.must(err)
	if short != 99 || total != 1 {
		t.Errorf("%d orders, %d refused", total, short)
	}
	s.wantStock(last, 1, 1)
	s.check(true)
}

// While it is unpaid, the order follows its cart and its owner's mind, and holds back just what it needs.
func TestAnUnpaidOrderFollowsItsCart(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	oil, comb, me := s.product("OIL", 2490, 2), s.product("COMB", 990, 5), s.regular()
	s.add(me, oil, 2)
	o := s.place(ask(me, models.MethodStripe))
	if o.Status != models.OrderPending || o.TotalMinor != 6980 || !o.ReservedUntil.Equal(s.clock.Now().Add(time.Hour)) {
		t.Errorf("got %+v", o)
	}
	cart, err := s.goods.Cart(ctx, me)
	s.must(err)
	if cart.Items[0].Left != 2 {
		t.Errorf("its own order leaves %d to its owner", cart.Items[0].Left)
	}
	if _, err := s.goods.Add(ctx, s.visitor(), shop.Add{ProductID: oil.ID, Qty: 1}); !fault.Is(err, "shop.insufficient_stock") {
		t.Errorf("somebody else: %v", err)
	}
	link, err := s.till.OrderLink(ctx, o.ID)
	s.must(err)
	_, err = s.goods.SetQty(ctx, me, cart.Items[0].ID, 1)
	s.must(err)
	s.add(me, comb, 3)
	again := s.place(ask(me, models.MethodCOD))
	if again.ID != o.ID || again.Number != o.Number || again.Status != models.OrderPendingCOD || again.SubtotalMinor != 5460 || again.TotalMinor != 7460 {
		t.Errorf("got %+v", again)
	}
	s.wantStock(oil, 2, 1)
	s.wantStock(comb, 5, 3)
	payments, err := s.till.OrderPayments(ctx, o.ID)
	s.must(err)
	if len(payments) != 1 || payments[0].State != models.PaymentVoided || payments[0].URL != link {
		t.Errorf("payments: %+v", payments)
	}
	s.workVoids()
	if got := s.stripe.status(*payments[0].SessionID); got != "expired" {
		t.Errorf("the old page is %s", got)
	}
	_, err = s.till.OrderLink(ctx, o.ID)
	wantFault(t, err, "orders.invalid_state")
	s.check(true)
}

// workVoids works the jobs that close links.
func (s *salon) workVoids() {
	s.t.Helper()
	for _, args := range jobsOf[queue.PaymentVoid](s, queue.PaymentVoid{}.Kind()) {
		if args.OrderID != (models.ID{}) {
			s.must(s.till.VoidOrder(context.Background(), args.OrderID))
		}
	}
}

// A price that changed after its owner saw the cart is not charged unseen; one look later it is.
func TestAChangedPriceIsLookedAtOnce(t *testing.T) {
	s := openSalon(t)
	oil, me := s.product("OIL", 2490, 2), s.visitor()
	s.add(me, oil, 1)
	s.must(s.db.On(context.Background()).Model(&models.Product{}).Where("id = ?", oil.ID).Update("price_minor", 2990).Error)
	_, err := s.till.PlaceOrder(context.Background(), ask(me, models.MethodCOD))
	wantFault(t, err, "orders.cart_changed")
	if o := s.place(ask(me, models.MethodCOD)); o.SubtotalMinor != 2990 {
		t.Errorf("charged %d", o.SubtotalMinor)
	}
}

func TestWhatCannotBeOrdered(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	oil, gift := s.product("OIL", 2490, 2), s.product("GIFT", 0, 2)
	me := s.visitor()
	s.add(me, oil, 2)
	s.must(s.db.On(ctx).Model(&models.Product{}).Where("id = ?", oil.ID).Update("stock", 1).Error)
	_, err := s.till.PlaceOrder(ctx, ask(me, models.MethodCOD))
	wantFault(t, err, "shop.insufficient_stock")
	var f *fault.Fault
	if errors.As(err, &f) && (f.Facts["Left"] != 1 || f.Facts["SKU"] != "OIL") {
		t.Errorf("facts %v", f.Facts)
	}
	s.must(s.db.On(ctx).Model(&models.Product{}).Where("id = ?", oil.ID).Updates(map[string]any{"stock": 2, "active": false}).Error)
	_, err = s.till.PlaceOrder(ctx, ask(me, models.MethodCOD))
	wantFault(t, err, "shop.insufficient_stock")

	s.must(s.settings.Set(ctx, "shop.shipping_free_from_minor", 0, "test"))
	free := s.visitor()
	s.add(free, gift, 1)
	_, err = s.till.PlaceOrder(ctx, ask(free, models.MethodStripe))
	wantFault(t, err, "orders.nothing_to_pay")
	s.must(s.settings.Set(ctx, "shop.cod", false, "test"))
	_, err = s.till.PlaceOrder(ctx, ask(free, models.MethodCOD))
	wantFault(t, err, "orders.cod_disabled")
	_, total, err := s.till.ListOrders(ctx, checkout.OrderFilter{Limit: 10})
	s.must(err)
	if total != 0 {
		t.Errorf("%d orders", total)
	}
	s.check(true)
}

// Of what keeps an order from being made everybody hears the same first, a guest by the quick way and a customer by the usual
// one: how it is to be paid, then whether the prices are those they saw, then how many there are.
func TestWhatIsToldFirst(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	s.must(s.settings.Set(ctx, "shop.shipping_free_from_minor", 0, "test"))
	gift := s.product("GIFT", 0, 2)
	for name, owner := range map[string]shop.Owner{"guest": s.visitor(), "customer": s.regular()} {
		write := func(column string, value any) {
			s.must(s.db.On(ctx).Model(&models.Product{}).Where("id = ?", gift.ID).Update(column, value).Error)
		}
		refused := func(method models.OrderMethod, key string) {
			t.Helper()
			t.Log(name, method)
			_, err := s.till.PlaceOrder(ctx, ask(owner, method))
			wantFault(t, err, key)
		}
		s.add(owner, gift, 2)
		write("stock", 1)
		refused(models.MethodStripe, "orders.nothing_to_pay")
		refused(models.MethodCOD, "shop.insufficient_stock")
		write("price_minor", 500)
		refused(models.MethodStripe, "orders.cart_changed")
		refused(models.MethodStripe, "shop.insufficient_stock")
		s.must(s.settings.Set(ctx, "shop.cod", false, "test"))
		refused(models.MethodCOD, "orders.cod_disabled")
		s.must(s.settings.Set(ctx, "shop.cod", true, "test"))
		write("stock", 2)
		write("price_minor", 0)
	}
}

// A guest who proves who they are keeps their order, their address and their answers.
func TestAGuestsOrderFollowsThem(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	oil := s.product("OIL", 2490, 5)
	token, session, err := s.goods.OpenSession(ctx)
	s.must(err)
	customer := s.regular()
	r := ask(session.Owner, models.MethodCOD)
	r.Key, r.Address = "k", &checkout.AddressInput{Line1: "Calle Mayor 1", City: "Madrid", Country: "ES"}
	s.add(session.Owner, oil, 2)
	o := s.place(r)
	s.add(customer, oil, 1)
	s.must(s.recognise(token, session.ID, customer.Customer))
	mine, err := s.till.OrderOf(ctx, customer, o.ID)
	s.must(err)
	if mine.Address == nil || mine.Address.CustomerID == nil || *mine.Address.CustomerID != customer.Customer {
		t.Errorf("goes to %+v", mine.Address)
	}
	r.Owner = customer
	if again := s.place(r); again.ID != o.ID || again.SubtotalMinor != 4980 {
		t.Errorf("under the guest's key: %+v", again)
	}
	r.Key = ""
	if again := s.place(r); again.ID != o.ID || again.SubtotalMinor != 7470 || *again.AddressID != *mine.AddressID {
		t.Errorf("of both carts: %+v", again)
	}
	s.wantStock(oil, 5, 3)
	_, err = s.till.ConfirmOrder(ctx, "customer", o.ID)
	s.must(err)
	s.wantTells("order.confirmed")
	s.check(true)
}

// What its owner put in after ordering stays in a cart when the order is confirmed.
func TestWhatWasPutInLaterStays(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	oil, comb, me := s.product("OIL", 2490, 5), s.product("COMB", 990, 5), s.visitor()
	s.add(me, oil, 2)
	o := s.place(ask(me, models.MethodCOD))
	s.add(me, oil, 1)
	s.add(me, comb, 4)
	_, err := s.till.ConfirmOrder(ctx, "customer", o.ID)
	s.must(err)
	cart, err := s.goods.Cart(ctx, me)
	s.must(err)
	got := map[string]int{}
	for _, i := range cart.Items {
		got[i.SKU] = i.Qty
	}
	if len(got) != 2 || got["OIL"] != 1 || got["COMB"] != 4 || cart.ID == o.CartID {
		t.Errorf("left in the cart: %v", got)
	}
	s.wantStock(oil, 3, 0)
	s.check(true)
}

func TestNumbersOfOrders(t *testing.T) {
	s := openSalon(t)
	oil, me := s.product("OIL", 2490, 5), s.visitor()
	s.add(me, oil, 1)
	o := s.place(ask(me, models.MethodCOD))
	if !regexp.MustCompile(`^LU-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}$`).MatchString(o.Number) {
		t.Errorf("number %q", o.Number)
	}
	bare := strings.ReplaceAll(o.Number, "-", "")
	for _, typed := range []string{o.Number, " " + strings.ToLower(o.Number) + " ", bare, bare[2:], strings.ToLower(bare[2:6]) + " " + bare[6:], "#" + o.Number} {
		if found, err := s.till.OrderByNumber(context.Background(), typed); err != nil || found.ID != o.ID {
			t.Errorf("%q: %v", typed, err)
		}
	}
	for _, typed := range []string{"", "LU-", "LU-0000-0000", bare + "A", "٢"} {
		if got := checkout.OrderNumber(typed); got != "" {
			t.Errorf("%q is %q", typed, got)
		}
	}
}
