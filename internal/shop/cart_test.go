package shop

import (
	"strings"
	"testing"
	"time"

	"frontdesk/internal/fault"
	"frontdesk/internal/funnel"
	"frontdesk/internal/testkit"
	"frontdesk/models"
)

// Two owners never see or touch each other's lines, and each has one open cart.
func TestEveryCartHasItsOwner(t *testing.T) {
	t.Parallel()
	s := openStall(t)
	p := s.product(1500, 10, "EUR")
	one, other, customer := s.guest(), s.guest(), s.customer()
	line := s.puts(one, p, 2)
	for _, o := range []Owner{other, customer} {
		if got := s.see(o); len(got.Items) != 0 {
			t.Errorf("%+v sees %+v", o, got.Items)
		}
		_, err := s.SetQty(s.ctx, o, line.ID, 5)
		s.refused(err, "shop.item_not_found")
		s.refused(s.Remove(s.ctx, o, line.ID), "shop.item_not_found")
	}
	s.puts(other, p, 1)
	if got := s.see(one); len(got.Items) != 1 || got.Items[0].Qty != 2 {
		t.Errorf("the first owner has %+v", got.Items)
	}
	for _, o := range []Owner{{}, {Session: models.NewID(), Customer: models.NewID()}} {
		if _, err := s.Cart(s.ctx, o); err == nil {
			t.Errorf("%+v has a cart", o)
		}
	}
}

// A guest's first thing goes the quick way, by id and by SKU, under a key as from a form of the shop's pages; the next one, what
// was answered before, and a customer's go the usual one.
func TestAGuestsFirstThingGoesTheQuickWay(t *testing.T) {
	t.Parallel()
	s := openStall(t)
	product := s.product(1500, 10, "EUR")
	policies, err := s.settings.Policies(s.ctx)
	s.must(err)
	one, two, three, customer := s.guest(), s.guest(), s.guest(), s.customer()
	form := Add{ProductID: product.ID, Qty: 3, Key: "of a form"}
	for _, tc := range []struct {
		name  string
		owner Owner
		add   Add
		done  bool
	}{
		{"first, by id", one, Add{ProductID: product.ID, Qty: 2}, true},
		{"second", one, Add{ProductID: product.ID, Qty: 2}, false},
		{"first, by SKU", two, Add{SKU: strings.ToLower(product.SKU), Qty: 1}, true},
		{"first, under a key", three, form, true},
		{"the same again", three, form, false},
		{"a customer's", customer, Add{ProductID: product.ID, Qty: 1}, false},
	} {
		item, done, err := s.addFirst(s.ctx, tc.owner, tc.add, policies)
		if err != nil || done != tc.done || done && item.Qty != tc.add.Qty {
			t.Errorf("%s: done %v, %v, %d of it", tc.name, done, err, item.Qty)
		}
	}
	again, err := s.Add(s.ctx, three, form)
	if err != nil || again.Qty != 3 || s.see(three).Version != 1 {
		t.Errorf("the same again: %d of it, version %d, %v", again.Qty, s.see(three).Version, err)
	}
	other := form
	other.Qty = 1
	_, err = s.Add(s.ctx, three, other)
	s.refused(err, "shop.idempotency_conflict")
	s.must(s.db.On(s.ctx).Exec("UPDATE carts SET status = 'abandoned' WHERE session_id = ?", three.Session).Error)
	if again, err = s.Add(s.ctx, three, form); err != nil || again.Qty != 3 { // what was answered stands, whatever became of the cart
		t.Errorf("the same after its cart: %d of it, %v", again.Qty, err)
	}
}

// A newcomer's first thing comes with a session of theirs, which is theirs as one that was opened before; what cannot be had
// leaves nothing.
func TestANewcomersFirstThingOpensTheirSession(t *testing.T) {
	t.Parallel()
	s := openStall(t)
	product := s.product(1500, 10, "EUR")
	for key, add := range map[string]Add{
		"shop.insufficient_stock": {ProductID: product.ID, Qty: 11}, "shop.product_not_found": {SKU: "none", Qty: 1}, "shop.refused": {Qty: 1},
	} {
		_, _, _, err := s.AddOfNewcomer(s.ctx, add)
		s.refused(err, key)
	}
	var sessions int64
	s.must(s.db.On(s.ctx).Table("shop_sessions").Count(&sessions).Error)
	if sessions != 0 {
		t.Errorf("%d sessions", sessions)
	}
	add := Add{SKU: product.SKU, Qty: 2, Key: "of a form", Channel: funnel.Web, Language: models.Spanish}
	token, owner, item, err := s.AddOfNewcomer(s.ctx, add)
	s.must(err)
	session, err := s.SessionOf(s.ctx, token)
	s.must(err)
	if session.Owner != owner || item.Qty != 2 || s.see(owner).TotalMinor != 3000+s.see(owner).ShippingMinor {
		t.Errorf("%+v has %+v, told of %+v, %d of it", session.Owner, s.see(owner), owner, item.Qty)
	}
	if again, err := s.Add(s.ctx, owner, add); err != nil || again.ID != item.ID || again.Qty != 2 {
		t.Errorf("the same again: %d of it, %v", again.Qty, err)
	}
}

// The first thing of a day needs one connection, whichever way it goes into its cart, and counts as its owner's.
func TestTheFirstThingOfADayNeedsOneConnection(t *testing.T) {
	t.Parallel()
	s := openStall(t)
	product, owners := s.product(1500, 10, "EUR"), []Owner{s.guest(), s.customer()}
	testkit.OneConnection(t, s.db)
	for day, owner := range owners {
		_, err := s.Add(s.ctx, owner, Add{ProductID: product.ID, Qty: 1, Channel: funnel.Web, Language: models.Spanish})
		s.must(err)
		var visits int
		s.must(s.db.On(s.ctx).Raw("SELECT count(DISTINCT visit) FROM funnel_events").Scan(&visits).Error)
		if visits != day+1 {
			t.Errorf("day %d: %d visits", day+1, visits)
		}
		s.hand.Advance(24 * time.Hour)
	}
}

// Reading writes nothing; opening twice opens one cart.
func TestReadingACartMakesNone(t *testing.T) {
	t.Parallel()
	s := openStall(t)
	o := s.guest()
	if got := s.see(o); got.ID != (models.ID{}) || got.Status != models.CartActive || got.Currency != "EUR" || got.TotalMinor != 0 {
		t.Errorf("an unopened cart is %+v", got)
	}
	var carts int64
	s.must(s.db.On(s.ctx).Model(&models.Cart{}).Count(&carts).Error)
	one, err := s.OpenCart(s.ctx, o)
	s.must(err)
	two, err := s.OpenCart(s.ctx, o)
	s.must(err)
	if carts != 0 || one.ID != two.ID || two.ShippingMinor != 0 {
		t.Errorf("%d carts after reading; opened %+v and %+v", carts, one, two)
	}
	_, err = s.OpenCart(s.ctx, Owner{Session: models.NewID()})
	s.refused(err, "shop.no_session")
}

// What cannot be had is refused and changes nothing.
func TestWhatCannotBeHad(t *testing.T) {
	t.Parallel()
	s := openStall(t)
	p, dollars, gone := s.product(1500, 5, "EUR"), s.product(900, 5, "USD"), s.product(900, 5, "EUR")
	s.changes(gone, "active", false)
	o := s.guest()
	line := s.puts(o, p, 4)
	add := func(a Add) error { _, err := s.Add(s.ctx, o, a); return err }
	set := func(qty int) error { _, err := s.SetQty(s.ctx, o, line.ID, qty); return err }
	for _, tt := range []struct {
		name string
		err  error
		key  string
	}{
		{"more than there are, with those in the cart", add(Add{ProductID: p.ID, Qty: 2}), "shop.insufficient_stock"},
		{"a line beyond the stock", set(6), "shop.insufficient_stock"},
		{"another currency", add(Add{ProductID: dollars.ID, Qty: 1}), "shop.currency_mismatch"},
		{"not sold any more", add(Add{ProductID: gone.ID, Qty: 1}), "shop.product_not_found"},
		{"no such id", add(Add{ProductID: models.NewID(), Qty: 1}), "shop.product_not_found"},
		{"no such SKU", add(Add{SKU: "nothing", Qty: 1}), "shop.product_not_found"},
		{"no product named", add(Add{Qty: 1}), "shop.refused"},
		{"a SKU that is too long", add(Add{SKU: strings.Repeat("x", maxSKU+1), Qty: 1}), "shop.refused"},
		{"none of it", add(Add{ProductID: p.ID}), "shop.refused"},
		{"less than none", add(Add{ProductID: p.ID, Qty: -1}), "shop.refused"},
		{"more than anybody may have", add(Add{ProductID: p.ID, Qty: MaxQty + 1}), "shop.refused"},
		{"a key that is too long", add(Add{ProductID: p.ID, Qty: 1, Key: strings.Repeat("k", maxKey+1)}), "shop.refused"},
		{"a key with a zero", add(Add{ProductID: p.ID, Qty: 1, Key: "a\x00b"}), "shop.refused"},
		{"a line below nothing", set(-1), "shop.refused"},
		{"a line of too many", set(MaxQty + 1), "shop.refused"},
		{"a line that is not there", s.Remove(s.ctx, o, models.NewID()), "shop.item_not_found"},
	} {
		if !fault.Is(tt.err, tt.key) {
			t.Errorf("%s: got %v, want %s", tt.name, tt.err, tt.key)
		}
	}
	if got := left(set(6)); got != 5 {
		t.Errorf("of too many, %v are said to be left", got)
	}
	if got := s.see(o); got.Version != 1 || got.Items[0].Qty != 4 {
		t.Errorf("refusals left version %d and %+v", got.Version, got.Items)
	}
	s.must(set(5)) // the last one
	s.changes(p, "active", false)
	s.refused(set(1), "shop.product_not_found")
	if got := s.see(o).Items[0]; got.Left != 0 || !got.Short() {
		t.Errorf("of what is not sold any more %d are left", got.Left)
	}
}

// An emptied cart takes any currency again.
func TestAnEmptyCartHasNoCurrencyOfItsOwn(t *testing.T) {
	t.Parallel()
	s := openStall(t)
	o := s.guest()
	line := s.puts(o, s.product(1500, 5, "EUR"), 1)
	s.must(s.Remove(s.ctx, o, line.ID))
	s.puts(o, s.product(900, 5, "USD"), 1)
	if got := s.see(o); got.Currency != "USD" || got.TotalMinor != 900+2000 {
		t.Errorf("got %s %d", got.Currency, got.TotalMinor)
	}
}

// A cart holds so many lines and so many of each, and says so.
func TestACartIsFullAtSomePoint(t *testing.T) {
	t.Parallel()
	s := openStall(t)
	o := s.guest()
	first := s.product(1, 500, "EUR")
	s.puts(o, first, MaxQty)
	_, err := s.Add(s.ctx, o, Add{ProductID: first.ID, Qty: 1})
	s.refused(err, "shop.line_full")
	for range MaxLines - 1 {
		s.puts(o, s.product(1, 5, "EUR"), 1)
	}
	_, err = s.Add(s.ctx, o, Add{ProductID: s.product(1, 5, "EUR").ID, Qty: 1})
	s.refused(err, "shop.cart_full")
	if got := s.see(o); len(got.Items) != MaxLines || got.Items[0].ProductID != first.ID {
		t.Errorf("%d lines, the first is not the first", len(got.Items))
	}
}

// Quantity 0 takes a line out, taking it out again is no mistake, and the product may come back.
func TestTakingOut(t *testing.T) {
	t.Parallel()
	s := openStall(t)
	o, p := s.guest(), s.product(1500, 10, "EUR")
	line := s.puts(o, p, 3)
	after, err := s.SetQty(s.ctx, o, line.ID, 0)
	s.must(err)
	s.must(s.Remove(s.ctx, o, line.ID))
	_, err = s.SetQty(s.ctx, o, line.ID, 2)
	s.refused(err, "shop.item_not_found")
	if got := s.see(o); after != nil || len(got.Items) != 0 || got.TotalMinor != 0 || got.Version != 2 {
		t.Errorf("left are %+v of %+v", after, got)
	}
	again, err := s.Add(s.ctx, o, Add{SKU: p.SKU, Qty: 1})
	s.must(err)
	s.must(s.Remove(s.ctx, o, line.ID)) // the old one, late
	if got := s.see(o); again.ID == line.ID || len(got.Items) != 1 || got.Items[0].Qty != 1 {
		t.Errorf("the line that came back: %+v", got.Items)
	}
}

// Shipping is free from its subtotal on, and not a cent before; the estimate is what the total has.
func TestShippingAtItsBoundary(t *testing.T) {
	t.Parallel()
	s := openStall(t)
	for _, tt := range []struct{ subtotal, shipping int64 }{{9999, 2000}, {10000, 0}, {10001, 0}, {1, 2000}} {
		o := s.guest()
		s.puts(o, s.product(tt.subtotal, 1, "EUR"), 1)
		estimate, err := s.Estimate(s.ctx, o)
		s.must(err)
		if got := s.see(o); got.ShippingMinor != tt.shipping || got.TotalMinor != tt.subtotal+tt.shipping ||
			estimate != (Shipping{Currency: "EUR", ShippingMinor: tt.shipping, FreeFromMinor: 10000}) {
			t.Errorf("goods of %d: shipping %d, total %d, estimate %+v", tt.subtotal, got.ShippingMinor, got.TotalMinor, estimate)
		}
	}
	nobody, err := s.Estimate(s.ctx, s.guest())
	s.must(err)
	if nobody.ShippingMinor != 0 {
		t.Errorf("nothing is sent for %d", nobody.ShippingMinor)
	}
	o := s.guest()
	s.puts(o, s.product(5000, 1, "EUR"), 1)
	s.must(s.settings.Set(s.ctx, "shop.shipping_flat_minor", 350, "test"))
	s.must(s.settings.Set(s.ctx, "shop.shipping_free_from_minor", 5001, "test"))
	if got := s.see(o); got.ShippingMinor != 350 {
		t.Errorf("a changed policy gives %d in an open cart", got.ShippingMinor)
	}
}

// A currency may have figures of its own; the cart's decides, whatever the salon's is.
func TestShippingFollowsTheCartsCurrency(t *testing.T) {
	t.Parallel()
	s := openStall(t)
	s.must(s.settings.Set(s.ctx, "shop.shipping_by_currency", "GBP 1800 9000, SAR 8000 0", "test"))
	for _, tt := range []struct {
		currency                  string
		price, shipping, freeFrom int64
	}{
		{"GBP", 8999, 1800, 9000}, {"GBP", 9000, 0, 9000}, {"SAR", 1, 0, 0}, {"USD", 9999, 2000, 10000}, {"EUR", 9000, 2000, 10000},
	} {
		o := s.guest()
		s.puts(o, s.product(tt.price, 1, tt.currency), 1)
		estimate, err := s.Estimate(s.ctx, o)
		s.must(err)
		if want := (Shipping{tt.currency, tt.shipping, tt.freeFrom}); estimate != want || s.see(o).ShippingMinor != tt.shipping {
			t.Errorf("goods of %d %s: %+v, want %+v", tt.price, tt.currency, estimate, want)
		}
	}
}

// A price that changes shows in the cart beside the one its owner knows, until they act on the line.
func TestAChangedPriceIsNoticed(t *testing.T) {
	t.Parallel()
	s := openStall(t)
	o, p, other := s.guest(), s.product(1500, 10, "EUR"), s.product(100, 10, "EUR")
	line := s.puts(o, p, 2)
	if line.PriceChanged() {
		t.Error("a new line's price has changed")
	}
	s.changes(p, "price_minor", 1700)
	check := func(when string, price int64, was int64) {
		t.Helper()
		cart := s.see(o)
		got := cart.Items[0]
		if got.PriceMinor != price || got.TotalMinor != 2*price || got.PriceChanged() != (was != 0) || was != 0 && *got.WasMinor != was {
			t.Errorf("%s: %+v", when, got)
		}
	}
	check("read", 1700, 1500)
	if stored := s.stored(line.CartID); stored.SubtotalMinor != 3000 || stored.Version != 1 {
		t.Errorf("reading wrote %+v", stored)
	}
	extra := s.puts(o, other, 1)
	check("after another line", 1700, 1500)
	if stored := s.stored(line.CartID); stored.SubtotalMinor != 3500 {
		t.Errorf("the change of another line left %+v", stored)
	}
	s.changes(p, "price_minor", 1600)
	s.must(s.Remove(s.ctx, o, extra.ID))
	check("after a second change", 1600, 1500)
	s.changes(p, "price_minor", 1500)
	check("back at the old price", 1500, 0)
	s.changes(p, "price_minor", 1400)
	s.puts(o, other, 1)
	_, err := s.SetQty(s.ctx, o, line.ID, 2)
	s.must(err)
	check("once acted on", 1400, 0)
}

// A cart nobody changed for eight days is abandoned, whether or not a sweep came by.
func TestACartExpires(t *testing.T) {
	t.Parallel()
	s := openStall(t)
	o, p := s.guest(), s.product(1500, 10, "EUR")
	line := s.puts(o, p, 1)
	s.hand.Advance(6 * 24 * time.Hour)
	_, err := s.SetQty(s.ctx, o, line.ID, 2) // which begins its days anew
	s.must(err)
	s.hand.Advance(6 * 24 * time.Hour)
	if n, err := s.ExpireCarts(s.ctx); n != 0 || err != nil || len(s.see(o).Items) != 1 {
		t.Errorf("%d carts expired early, %v", n, err)
	}
	s.hand.Advance(2 * 24 * time.Hour)
	if got := s.see(o); got.ID != (models.ID{}) {
		t.Errorf("eight days later it is %+v", got)
	}
	_, err = s.SetQty(s.ctx, o, line.ID, 3)
	s.refused(err, "shop.item_not_found")
	n, err := s.ExpireCarts(s.ctx)
	s.must(err)
	if got := s.stored(line.CartID); n != 1 || got.Status != models.CartAbandoned {
		t.Errorf("the sweep ended %d; the cart is %s", n, got.Status)
	}
	unswept := s.puts(s.customer(), p, 1)
	s.hand.Advance(8 * 24 * time.Hour)
	fresh := s.puts(o, p, 1)
	if fresh.CartID == line.CartID || s.stored(unswept.CartID).Status != models.CartActive {
		t.Error("the lines went into a cart that had ended")
	}
	s.must(s.db.On(s.ctx).Exec("UPDATE carts SET expires_at = ? WHERE id = ?", s.now(), fresh.CartID).Error)
	if next := s.puts(o, p, 1); next.CartID == fresh.CartID || s.stored(fresh.CartID).Status != models.CartAbandoned {
		t.Error("a cart whose days are over was gone on with")
	}
}

// A token opens its session and no other, until its time is over; a guest who shops keeps it.
func TestSessions(t *testing.T) {
	t.Parallel()
	s := openStall(t)
	token, session, err := s.OpenSession(s.ctx)
	s.must(err)
	other, _, err := s.OpenSession(s.ctx)
	s.must(err)
	o, err := s.Session(s.ctx, token)
	s.must(err)
	if o != session.Owner || !o.Guest() || token == other || len(token) < 43 {
		t.Errorf("token %d characters long opens %+v, want %+v", len(token), o, session.Owner)
	}
	for _, wrong := range []string{"", token[:20], strings.Repeat("A", len(token)), token + "A", session.ID.String()} {
		_, err := s.Session(s.ctx, wrong)
		s.refused(err, "shop.no_session")
	}
	var kept int64
	s.must(s.db.On(s.ctx).Model(&models.ShopSession{}).Where("hash = ?", []byte(token)).Count(&kept).Error)
	if kept != 0 {
		t.Error("the token is kept in clear")
	}
	ends := func(after time.Duration) {
		s.must(s.db.On(s.ctx).Model(&models.ShopSession{}).Where("id = ?", session.ID).Update("expires_at", time.Now().Add(after)).Error)
	}
	ends(time.Hour)
	s.puts(o, s.product(100, 5, "EUR"), 1)
	var row models.ShopSession
	s.must(s.db.On(s.ctx).Take(&row, "id = ?", session.ID).Error)
	if time.Until(row.ExpiresAt) < SessionLife-time.Hour {
		t.Errorf("the session of somebody who shops ends at %s", row.ExpiresAt)
	}
	ends(-time.Hour)
	_, err = s.Session(s.ctx, token)
	s.refused(err, "shop.no_session")
	s.must(s.ForgetSessions(s.ctx)) // its cart is open still
	s.hand.Advance(8 * 24 * time.Hour)
	_, err = s.ExpireCarts(s.ctx)
	s.must(err)
	s.must(s.db.On(s.ctx).Take(&row, "id = ?", session.ID).Error)
	s.must(s.ForgetSessions(s.ctx))
	var sessions, carts int64
	s.must(s.db.On(s.ctx).Model(&models.ShopSession{}).Count(&sessions).Error)
	s.must(s.db.On(s.ctx).Model(&models.Cart{}).Count(&carts).Error)
	if sessions != 1 || carts != 1 {
		t.Errorf("%d sessions and %d carts are left, want the other's and the abandoned one", sessions, carts)
	}
}
