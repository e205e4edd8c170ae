package shop

import (
	"slices"
	"testing"
	"time"

	"frontdesk/models"
)

// A guest's cart goes into the customer's: quantities add up as far as stock and limits go, what is cut is
// told, and the guest has none afterwards.
func TestMergingCarts(t *testing.T) {
	t.Parallel()
	s := openStall(t)
	guest, customer := s.guest(), s.customer()
	both, scarce, own, gone, many := s.product(1000, 50, "EUR"), s.product(500, 5, "EUR"), s.product(300, 9, "EUR"), s.product(200, 9, "EUR"), s.product(1, 500, "EUR")
	first := s.puts(guest, both, 2)
	s.puts(guest, scarce, 4)
	s.puts(guest, own, 3)
	s.puts(guest, gone, 1)
	s.puts(guest, many, 60)
	s.puts(customer, both, 3)
	s.puts(customer, scarce, 3)
	s.puts(customer, many, 50)
	s.changes(gone, "active", false)
	s.changes(own, "price_minor", 350)

	cuts, err := s.Merge(s.ctx, guest, customer)
	s.must(err)
	want := map[models.ID]Cut{
		scarce.ID: {Wanted: 7, Kept: 5, Why: CutStock}, gone.ID: {Wanted: 1, Why: CutNotSold}, many.ID: {Wanted: 110, Kept: 99, Why: CutMost},
	}
	if len(cuts) != len(want) {
		t.Errorf("cut are %+v", cuts)
	}
	for _, c := range cuts {
		if w := want[c.ProductID]; c.Wanted != w.Wanted || c.Kept != w.Kept || c.Why != w.Why || c.SKU == "" || c.Names["ar"] == "" {
			t.Errorf("cut %+v, want %+v", c, w)
		}
	}
	cart := s.see(customer)
	quantities := map[models.ID]int{}
	for _, i := range cart.Items {
		quantities[i.ProductID] = i.Qty
		if i.ProductID == own.ID && (!i.PriceChanged() || *i.WasMinor != 300) {
			t.Errorf("the guest is not told of the new price: %+v", i)
		}
	}
	if quantities[both.ID] != 5 || quantities[scarce.ID] != 5 || quantities[own.ID] != 3 || quantities[many.ID] != 99 || len(quantities) != 4 {
		t.Errorf("the customer has %v", quantities)
	}
	old := s.stored(first.CartID)
	if old.Status != models.CartMerged || *old.MergedIntoID != cart.ID || len(s.see(guest).Items) != 0 {
		t.Errorf("the guest's cart is %+v", old)
	}
	again, err := s.Merge(s.ctx, guest, customer)
	s.must(err)
	if after := s.see(customer); len(again) != 0 || after.Version != cart.Version || after.TotalMinor != cart.TotalMinor {
		t.Errorf("merged twice: %+v, version %d", again, after.Version)
	}
	if _, err := s.Merge(s.ctx, customer, guest); err == nil {
		t.Error("a customer became a guest")
	}
}

// A merge never makes a customer's own line less, nor mixes currencies, nor passes the number of lines.
func TestMergingKeepsWhatTheCustomerHas(t *testing.T) {
	t.Parallel()
	s := openStall(t)
	guest, customer := s.guest(), s.customer()
	p, dollars := s.product(1000, 10, "EUR"), s.product(1000, 10, "USD")
	s.puts(customer, p, 8)
	s.changes(p, "stock", 5)
	s.puts(guest, p, 4)
	cuts, err := s.Merge(s.ctx, guest, customer)
	s.must(err)
	if got := s.see(customer).Items[0]; got.Qty != 8 || !got.Short() || len(cuts) != 1 || cuts[0].Kept != 8 || cuts[0].Wanted != 12 {
		t.Errorf("line of %d, cut %+v", got.Qty, cuts)
	}
	s.puts(guest, dollars, 1)
	cuts, err = s.Merge(s.ctx, guest, customer)
	s.must(err)
	if got := s.see(customer); len(got.Items) != 1 || len(cuts) != 1 || cuts[0].Why != CutCurrency {
		t.Errorf("%d lines, cut %+v", len(got.Items), cuts)
	}
	newcomer := s.customer()
	s.puts(guest, dollars, 1)
	cuts, err = s.Merge(s.ctx, guest, newcomer)
	s.must(err)
	if got := s.see(newcomer); len(cuts) != 0 || got.Currency != "USD" || got.TotalMinor != 3000 {
		t.Errorf("a newcomer has %+v", got)
	}
	for range MaxLines - 1 {
		s.puts(customer, s.product(1, 5, "EUR"), 1)
	}
	s.puts(guest, s.product(1, 5, "EUR"), 1)
	cuts, err = s.Merge(s.ctx, guest, customer)
	s.must(err)
	if len(s.see(customer).Items) != MaxLines || len(cuts) != 1 || cuts[0].Why != CutLines {
		t.Errorf("cut %+v", cuts)
	}
}

// What a guest asked for under a key is not done again when the customer asks for it.
func TestAKeyOutlivesTheMerge(t *testing.T) {
	t.Parallel()
	s := openStall(t)
	guest, customer, p := s.guest(), s.customer(), s.product(1000, 10, "EUR")
	asked := Add{ProductID: p.ID, Qty: 2, Key: "lost answer"}
	_, err := s.Add(s.ctx, guest, asked)
	s.must(err)
	_, err = s.Merge(s.ctx, guest, customer)
	s.must(err)
	_, err = s.Add(s.ctx, customer, asked)
	s.must(err)
	if got := s.see(customer); got.Items[0].Qty != 2 {
		t.Errorf("%d are in the cart", got.Items[0].Qty)
	}
}

// Merging at once, while the guest goes on shopping, loses and doubles nothing and never hangs.
func TestMergingAtOnce(t *testing.T) {
	t.Parallel()
	s := openStall(t)
	for range 5 {
		customer, p := s.customer(), s.product(10, 99, "EUR")
		guests := []Owner{s.guest(), s.guest(), s.guest()}
		for _, g := range guests {
			s.puts(g, p, 5)
		}
		together(24, func(i int) {
			g, err := guests[i%3], error(nil)
			switch i / 3 % 4 {
			case 0:
				_, err = s.Add(s.ctx, customer, Add{ProductID: p.ID, Qty: 1})
			case 1:
				_, err = s.Add(s.ctx, g, Add{ProductID: p.ID, Qty: 1})
			default:
				_, err = s.Merge(s.ctx, g, customer)
			}
			if err != nil {
				t.Error(err)
			}
		})
		for _, g := range guests {
			_, err := s.Merge(s.ctx, g, customer)
			s.must(err)
		}
		if got := s.see(customer); got.Items[0].Qty != 15+6+6 {
			t.Fatalf("%d are left of 27", got.Items[0].Qty)
		}
		s.hand.Advance(time.Minute)
	}
}

// A guest who is recognised goes on as the customer with what both carts held, under a token that nobody knew
// before; of two recognitions at once one counts. Another person on the same device gets a session of their own.
func TestAGuestIsRecognised(t *testing.T) {
	t.Parallel()
	s := openStall(t)
	token, session, err := s.OpenSession(s.ctx)
	s.must(err)
	customer, p := s.customer(), s.product(1000, 10, "EUR")
	s.puts(session.Owner, p, 2)
	s.puts(customer, p, 1)
	tokens := make([]string, 4)
	together(len(tokens), func(i int) {
		fresh, cuts, err := s.Recognise(s.ctx, token, customer.Customer)
		if err != nil {
			s.refused(err, "shop.no_session")
			return
		}
		tokens[i] = fresh
		if len(cuts) != 0 {
			t.Errorf("cut %+v", cuts)
		}
	})
	slices.Sort(tokens)
	fresh := tokens[len(tokens)-1]
	if fresh == "" || fresh == token || tokens[len(tokens)-2] != "" {
		t.Fatalf("tokens %q", tokens)
	}
	_, err = s.Session(s.ctx, token)
	s.refused(err, "shop.no_session")
	o, err := s.Session(s.ctx, fresh)
	s.must(err)
	if o != customer || s.see(o).Items[0].Qty != 3 {
		t.Errorf("%+v has %+v", o, s.see(o).Items)
	}
	again, cuts, err := s.Recognise(s.ctx, fresh, customer.Customer)
	s.must(err)
	if same, err := s.Session(s.ctx, again); err != nil || same != customer || len(cuts) != 0 {
		t.Errorf("proved once more, it is %+v with cuts %+v: %v", same, cuts, err)
	}
	other := s.customer()
	theirs, cuts, err := s.Recognise(s.ctx, again, other.Customer)
	s.must(err)
	if o, err := s.Session(s.ctx, theirs); err != nil || o != other || len(cuts) != 0 || len(s.see(o).Items) != 0 {
		t.Errorf("another person on the device has %+v, cuts %+v: %v", s.see(o).Items, cuts, err)
	}
	_, err = s.Session(s.ctx, again)
	s.refused(err, "shop.no_session")
}

// What a guest puts in at the very instant they are recognised is in the customer's cart, whichever comes first; no cart is
// left with nobody to open it.
func TestAddingWhileBeingRecognised(t *testing.T) {
	t.Parallel()
	s := openStall(t)
	for round := range 15 {
		token, session, err := s.OpenSession(s.ctx)
		s.must(err)
		customer, p := s.customer(), s.product(1000, 99, "EUR")
		if round%2 == 0 {
			s.puts(session.Owner, p, 1)
		}
		const adds = 6
		together(adds+1, func(i int) {
			if i == 0 {
				_, _, err := s.Recognise(s.ctx, token, customer.Customer)
				s.must(err)
				return
			}
			_, err := s.Add(s.ctx, session.Owner, Add{ProductID: p.ID, Qty: 1})
			s.must(err)
		})
		want := adds
		if round%2 == 0 {
			want++
		}
		if got := s.see(customer); len(got.Items) != 1 || got.Items[0].Qty != want {
			t.Fatalf("round %d: the customer has %+v of %d", round, got.Items, want)
		}
		var left int64
		s.must(s.db.On(s.ctx).Model(&models.Cart{}).Where("session_id = ? AND status = ?", session.ID, models.CartActive).Count(&left).Error)
		if left != 0 {
			t.Fatalf("round %d: a cart is left behind", round)
		}
	}
}
