package handlers

import (
	"net/url"
	"strings"
	"testing"
)

// checkoutForm is the form of the checkout, filled in.
func (b *visitingBrowser) checkoutForm(method string) url.Values {
	b.t.Helper()
	form := b.formOf(b.goes("GET", "/checkout", nil), ".checkout-form")
	for name, value := range map[string]string{
		"method": method, "name": "Noor Haddad", "phone": "600 000 123", "line1": "Calle Mayor 1", "city": "Madrid", "country": "ES", "consent": "yes", "notes": "",
		"line2": "", "region": "", "postalCode": "28013",
	} {
		form.Set(name, value)
	}
	return form
}

// The checkout by plain forms, in cash: what is wrong is said, consent is asked once, the order stands, sent twice it
// is one order.
func TestStoreCheckoutInCash(t *testing.T) {
	t.Parallel()
	b := newShopper(t)
	if got := b.goes("GET", "/checkout", nil); got.StatusCode != 303 || got.Header.Get("Location") != "/cart" {
		t.Errorf("without anything in the cart: got %d", got.StatusCode)
	}
	b.puts("SERUM-50", 2)
	page := b.goes("GET", "/checkout", nil)
	for selector, text := range map[string]string{"h1": "Checkout", ".checkout-bill": "Repair serum", ".amounts": "Delivery€20.00Total€68.00", ".pay-ways": "Pay on delivery", ".choice": "Privacy notice"} {
		if found := words(page, t, selector); !strings.Contains(found, text) {
			t.Errorf("%s is %q, want %q", selector, found, text)
		}
	}
	for field, token := range map[string]string{"name": "name", "phone": "tel", "line1": "address-line1", "city": "address-level2", "postalCode": "postal-code", "country": "country"} {
		if got := page.doc(t).Find("#"+field).AttrOr("autocomplete", ""); got != token {
			t.Errorf("%s completes by %q", field, got)
		}
	}
	empty := b.checkoutForm("cod")
	for _, name := range []string{"name", "phone", "line1", "city", "consent"} {
		empty.Del(name)
	}
	empty.Set("country", "")
	got := b.goes("POST", "/checkout", empty)
	if wrong := got.doc(t).Find("[aria-invalid=true]").Length(); got.StatusCode != 422 || wrong != 6 || b.count("orders") != 0 || b.count("consents") != 0 {
		t.Errorf("nothing filled in: got %d with %d wrong fields", got.StatusCode, wrong)
	}
	form := b.checkoutForm("cod")
	seen := form.Get("version")
	form.Set("version", "1-1")
	if got := b.goes("POST", "/checkout", form); got.StatusCode != 422 || !strings.Contains(got.body, "has changed since you saw it") {
		t.Errorf("another cart than was seen: got %d", got.StatusCode)
	}
	form.Set("version", seen)
	for range 2 {
		got := b.goes("POST", "/checkout", form)
		if to := got.Header.Get("Location"); got.StatusCode != 303 || !strings.HasPrefix(to, "/orders/LU-") || !strings.HasSuffix(to, "?thanks=yes") {
			t.Fatalf("placed: got %d to %q %s", got.StatusCode, to, around(got.body, "error-summary"))
		}
		thanks := b.goes("GET", got.Header.Get("Location"), nil)
		if !strings.Contains(words(thanks, t, "h1"), "Thank you") || !strings.Contains(words(thanks, t, ".order-head"), "Confirmed") || strings.Contains(thanks.body, "Calle") {
			t.Errorf("the order's page: %q", words(thanks, t, "main"))
		}
	}
	if b.count("orders") != 1 || b.count("consents") == 0 {
		t.Errorf("%d orders, %d consents", b.count("orders"), b.count("consents"))
	}
	b.puts("OIL-30", 1)
	if again := b.goes("GET", "/checkout", nil); again.doc(t).Find("#consent").Length() != 0 || !strings.Contains(words(again, t, "form"), "You have agreed") {
		t.Error("consent is asked again")
	}
}

// By card the browser goes to the payment page by way of the order's; while the provider is away the order waits.
func TestStoreCheckoutByCard(t *testing.T) {
	t.Parallel()
	pages := &cardPages{down: true}
	b := newShopper(t, withCards(t, pages))
	b.puts("SERUM-50", 1)
	got := b.goes("POST", "/checkout", b.checkoutForm("stripe"))
	later := b.goes("GET", got.Header.Get("Location"), nil)
	if got.StatusCode != 303 || !strings.Contains(words(later, t, ".order-lead"), "cannot be opened right now") || later.doc(t).Find("form[action$='/pay']").Length() != 1 {
		t.Errorf("without the provider: got %d, %q", got.StatusCode, words(later, t, "main"))
	}
	pages.down = false
	paid := b.goes("POST", later.doc(t).Find("form[action$='/pay']").AttrOr("action", ""), b.formOf(later, "form[action$='/pay']"))
	page := b.goes("GET", paid.Header.Get("Location"), nil)
	if to := page.doc(t).Find("meta[http-equiv=refresh]").AttrOr("content", ""); to != "0; url=https://pay.example/cs_1" {
		t.Errorf("the page leads to %q", to)
	}
	if to := page.doc(t).Find(".order-acts .primary").AttrOr("href", ""); to != "https://pay.example/cs_1" {
		t.Errorf("the button leads to %q", to)
	}
	path, _, _ := strings.Cut(paid.Header.Get("Location"), "?")
	if quiet := b.goes("GET", path, nil); quiet.doc(t).Find("meta[http-equiv=refresh]").Length() != 0 {
		t.Error("the order's page leads away whoever looks at it")
	}
	if back := b.goes("GET", path+"?paid=yes", nil); back.doc(t).Find("[hx-trigger]").Length() != 1 || back.doc(t).Find(".order-acts").Length() != 0 {
		t.Error("who comes back from paying is asked to pay")
	}
	withdraw := b.goes("GET", path+"/withdraw", nil)
	if got := b.goes("POST", path+"/withdraw", b.formOf(withdraw, "form[action$='/withdraw']")); got.StatusCode != 303 || !strings.Contains(words(b.goes("GET", path, nil), t, ".order-head"), "Canceled") {
		t.Errorf("canceling: got %d", got.StatusCode)
	}
}

// Orders belong to the browser that made them; to any other, and to who shows no token, there are none.
func TestStoreOrdersAreOnesOwn(t *testing.T) {
	t.Parallel()
	b := newShopper(t)
	b.puts("SERUM-50", 1)
	path, _, _ := strings.Cut(b.goes("POST", "/checkout", b.checkoutForm("cod")).Header.Get("Location"), "?")
	if list := b.goes("GET", "/orders", nil); list.doc(t).Find(".order-card").Length() != 1 {
		t.Errorf("the list is %q", words(list, t, "main"))
	}
	stranger := &visitingBrowser{b.stocked, map[string]string{}}
	stranger.puts("OIL-30", 1)
	token := stranger.formOf(stranger.goes("GET", "/cart", nil), ".stepper-number").Get("csrf")
	for _, ask := range [][2]string{{"GET", path}, {"GET", path + "/withdraw"}, {"POST", path + "/withdraw"}, {"POST", path + "/confirm"}, {"POST", path + "/pay"}} {
		var form url.Values
		if ask[0] == "POST" {
			form = url.Values{"csrf": {token}}
		}
		got := stranger.goes(ask[0], ask[1], form)
		if way := got.doc(t).Find(".failure .button").AttrOr("href", ""); got.StatusCode != 404 || way != "/support/order-lookup" {
			t.Errorf("%v: got %d, on to %q", ask, got.StatusCode, way)
		}
	}
	if got := b.goes("POST", path+"/withdraw", url.Values{"csrf": {"x"}}); got.StatusCode != 403 {
		t.Errorf("without the form's token: got %d", got.StatusCode)
	}
	if none := stranger.goes("GET", "/orders", nil); !strings.Contains(words(none, t, ".empty"), "No orders yet") {
		t.Errorf("a stranger's list is %q", words(none, t, "main"))
	}
}

// The page that finds an order: each trouble with its words and next step, found with a ticket for its page.
func TestStoreLookup(t *testing.T) {
	t.Parallel()
	b := newShopper(t)
	b.puts("SERUM-50", 1)
	to := b.goes("POST", "/checkout", b.checkoutForm("cod")).Header.Get("Location")
	path, _, _ := strings.Cut(to, "?")
	number := strings.TrimPrefix(path, "/orders/")
	v := &visitingBrowser{b.stocked, map[string]string{}}
	ask := func(phone, order string) answer {
		form := v.formOf(v.goes("GET", "/support/order-lookup", nil), "main form")
		form.Set("phone", phone)
		form.Set("orderId", order)
		return v.goes("POST", "/support/order-lookup", form)
	}
	if got := ask("", ""); got.StatusCode != 422 || got.doc(t).Find("[aria-invalid=true]").Length() != 2 {
		t.Errorf("nothing: got %d", got.StatusCode)
	}
	missed := ask("+34600000999", number)
	if missed.StatusCode != 404 || !strings.Contains(words(missed, t, ".trouble"), "no such order") || missed.doc(t).Find("[data-correlation]").Text() != missed.Header.Get("X-Request-Id") {
		t.Errorf("no match: got %d %q", missed.StatusCode, words(missed, t, ".trouble"))
	}
	if got := v.goes("GET", path, nil); got.StatusCode != 404 {
		t.Errorf("before it was found: got %d", got.StatusCode)
	}
	found := ask("+34 600 000 123", strings.ToLower(number))
	if found.StatusCode != 200 || !strings.Contains(words(found, t, ".order-card"), number) || found.doc(t).Find("[data-correlation]").Length() != 1 {
		t.Errorf("found: got %d %q", found.StatusCode, words(found, t, "main"))
	}
	order := v.goes("GET", path, nil)
	if order.StatusCode != 200 || order.doc(t).Find("a[href$='/withdraw']").Length() != 0 || strings.Contains(order.body, "Calle") {
		t.Errorf("with the ticket: got %d", order.StatusCode)
	}
	for range lookupMisses {
		ask("+34600000998", "LU-2222-2222")
	}
	asked := ask("+34600000998", "LU-2222-2222")
	if asked.StatusCode != 403 || !strings.Contains(words(asked, t, ".sum-question"), "plus") || asked.doc(t).Find("input[name=ticket]").AttrOr("value", "") == "" {
		t.Errorf("after the misses: got %d %q", asked.StatusCode, words(asked, t, "main"))
	}
	if n := b.count("funnel_events"); n == 0 {
		t.Error("lookups are not counted")
	}
}

// The chat that a page leads to begins with what it is about; without a number the page says why there is none.
func TestStoreHandoff(t *testing.T) {
	t.Parallel()
	b := newShopper(t)
	for query, want := range map[string]string{
		"": "I have a question", "?order=lu7k3m9qxd": "LU-7K3M-9QXD", "?about=lookup&id=abc-1": "abc-1", "?order=<script>": "I have a question",
		"?product=" + b.products["SERUM-50"].ID.String(): "SERUM-50", "?return=RMA-2222-3333": "RMA-2222-3333",
	} {
		got := b.goes("GET", "/handoff/whatsapp"+query, nil)
		to, err := url.Parse(got.doc(t).Find(`main a[href^="https://wa.me/447700900100"]`).AttrOr("href", ""))
		if err != nil || !strings.Contains(to.Query().Get("text"), want) || !strings.Contains(words(got, t, ".bubble"), want) {
			t.Errorf("%s: got %d, %q", query, got.StatusCode, to.Query().Get("text"))
		}
	}
	mute := newShopper(t, func(set *Settings, _ *Rooms) { set.WhatsAppNumber = "" })
	if got := mute.goes("GET", "/handoff/whatsapp", nil); got.doc(t).Find("button[disabled][aria-describedby=no-number]").Length() != 1 {
		t.Error("without a number the page does not say why there is no chat")
	}
}
