package handlers

import (
	"strings"
	"testing"
	"time"

	"frontdesk/internal/checkout"
	"frontdesk/internal/stripeapi"
	"frontdesk/models"
)

// when checks that a return's page says of each step that is done when it was, an hour after the one before, and of no other.
func (b *visitingBrowser) when(page answer, done int) {
	b.t.Helper()
	steps := page.doc(b.t).Find(".order-steps li")
	var last time.Time
	for i := range steps.Length() {
		at, err := time.Parse(time.RFC3339, steps.Eq(i).Find("time").AttrOr("datetime", ""))
		if (err == nil) != (i < done) || i > 0 && i < done && at.Sub(last) != time.Hour {
			b.t.Errorf("with %d steps done, step %d was at %s, after %s (%v)", done, i+1, at, last, err)
		}
		last = at
	}
	if steps.Length() < done {
		b.t.Errorf("%d steps, %d done", steps.Length(), done)
	}
}

// Sending something back by the pages: which order, what and why; one return at a time, and nobody else's.
func TestStoreReturns(t *testing.T) {
	t.Parallel()
	b := newShopper(t, func(_ *Settings, r *Rooms) {
		r.Till = checkout.New(r.DB, r.Clock, r.Queue, r.Diary, r.Desk, stripeapi.New(stripeapi.Config{SecretKey: "sk_test_x"}), r.Shop, r.Policies, r.Redis,
			r.Texts, func() string { return "http://localhost:8080" }, checkout.WithReturns(checkout.ReturnTerms{Enabled: true, Days: 30}))
	})
	if got := b.goes("GET", "/returns/start", nil); got.StatusCode != 200 || !strings.Contains(words(got, t, ".empty"), "no order here") {
		t.Errorf("without an order: got %d %q", got.StatusCode, words(got, t, "main"))
	}
	b.puts("SERUM-50", 2)
	path, _, _ := strings.Cut(b.goes("POST", "/checkout", b.checkoutForm("cod")).Header.Get("Location"), "?")
	number := strings.TrimPrefix(path, "/orders/")
	early := b.goes("GET", "/returns/start?order="+number, nil)
	if early.StatusCode != 422 || early.doc(t).Find(".trouble").Length() != 1 || early.doc(t).Find("main form").Length() != 0 {
		t.Errorf("before it is delivered: got %d %q", early.StatusCode, words(early, t, "main"))
	}
	ctx := t.Context()
	o, err := b.Till.OrderByNumber(ctx, number)
	b.must(err)
	o, err = b.Till.ShipOrder(ctx, "machine", o.ID, o.Version, "")
	b.must(err)
	_, err = b.Till.DeliverOrder(ctx, "machine", o.ID, o.Version, "")
	b.must(err)
	list := b.goes("GET", "/returns/start", nil)
	to := list.doc(t).Find(".order-card a").AttrOr("href", "")
	if to != "/returns/start?order="+number || b.goes("GET", path, nil).doc(t).Find(`a[href="`+to+`"]`).Length() != 1 {
		t.Errorf("the orders lead to %q", to)
	}
	page := b.goes("GET", to, nil)
	form := b.formOf(page, "main form")
	item := "item-" + o.Items[0].ID.String()
	form.Set("reason", "damaged")
	form.Set("notes", "The pump is broken")
	form.Set(item, "0")
	if got := b.goes("POST", "/returns/start", form); got.StatusCode != 422 || !strings.Contains(words(got, t, ".error-summary"), "at least one") {
		t.Errorf("nothing chosen: got %d %q", got.StatusCode, words(got, t, ".error-summary"))
	}
	form.Set(item, "1")
	made := b.goes("POST", "/returns/start", form)
	one := b.goes("GET", made.Header.Get("Location"), nil)
	if made.StatusCode != 303 || !strings.Contains(words(one, t, ".order-head"), "RMA-") || !strings.Contains(words(one, t, "main"), "It arrived damaged") {
		t.Fatalf("asked for: got %d %q", made.StatusCode, words(one, t, "main"))
	}
	b.when(one, 1)
	var id models.ID
	b.must(id.UnmarshalText([]byte(strings.TrimPrefix(made.Header.Get("Location"), "/returns/"))))
	r, err := b.Till.Return(ctx, id)
	b.must(err)
	for done, to := range []models.ReturnStatus{models.ReturnApproved, models.ReturnInTransit, models.ReturnReceived} {
		b.hand.Advance(time.Hour)
		r, err = b.Till.MoveReturn(ctx, checkout.ReturnMove{Actor: "machine", ID: id, Version: r.Version, To: to})
		b.must(err)
		b.when(b.goes("GET", made.Header.Get("Location"), nil), done+2)
	}
	if got := b.goes("GET", to, nil); got.StatusCode != 409 || got.doc(t).Find(".trouble").Length() != 1 {
		t.Errorf("a second one: got %d", got.StatusCode)
	}
	for _, path := range []string{"/returns/list", path} {
		if got := b.goes("GET", path, nil); got.doc(t).Find(`a[href="`+made.Header.Get("Location")+`"]`).Length() != 1 {
			t.Errorf("%s does not show it", path)
		}
	}
	stranger := &visitingBrowser{b.stocked, map[string]string{}}
	stranger.puts("OIL-30", 1)
	for _, path := range []string{made.Header.Get("Location"), to} {
		if got := stranger.goes("GET", path, nil); got.StatusCode != 404 {
			t.Errorf("a stranger sees %s: got %d", path, got.StatusCode)
		}
	}
}
