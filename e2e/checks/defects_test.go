package checks

import (
	"crypto/rand"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"frontdesk/e2e/harness"
	"frontdesk/internal/testkit"
	"frontdesk/internal/whatsapp"
)

// defects asks the built program for what the earlier shop did wrong, as somebody would who knew of it; see
// docs/defects.md for the rest of the 42.
type defects struct{ *harness.App }

// R-1613 and the list of the earlier shop's faults.
func TestDefects(t *testing.T) {
	t.Parallel()
	d := defects{start(t, "WA_PREVIEW_PUBLIC=1")}
	for name, try := range map[string]func(*testing.T){
		"X03 a message is acknowledged before it is answered, and answered in its language": d.acknowledged,
		"X05 the preview is nobody's phone":                                                 d.preview,
		"X06 commands are understood in Arabic":                                             d.arabic,
		"X07 the SKU that is named is the one that is added":                                d.exactSKU,
		"X08 somebody else's order is not found in the chat":                                d.othersInChat,
		"X21 health names no host":                                                          d.health,
		"X23 what sending costs is charged":                                                 d.shipping,
		"X24 an empty cart is no order":                                                     d.empty,
		"X25 an order follows its cart, and its way to pay":                                 d.followsCart,
		"X26 ten calls at once are one order":                                               d.atOnce,
		"X27 an order keeps its goods back, and its cart is closed":                         d.stock,
		"X28 X29 X30 what the provider says of a payment":                                   d.provider,
		"X31 X32 X41 orders are their owner's":                                              d.owners,
		"X33 a return is of what was bought, once":                                          d.returns,
		"X34 an order has its history":                                                      d.history,
		"X38 consent is read by who gave it":                                                d.consent,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			try(t)
		})
	}
}

// buyer is a client with the given pieces of a product in a cart of their own.
func (d defects) buyer(t *testing.T, sku string, qty int) *client {
	t.Helper()
	c := newClient(t, d.BaseURL)
	c.must("POST", "/cart/items", fmt.Sprintf(`{"sku":%q,"qty":%d}`, sku, qty))
	return c
}

// product is one that nobody else in these tests buys: the nth by price.
func (d defects) product(t *testing.T, n int) (sku string, price float64) {
	t.Helper()
	g := newClient(t, d.BaseURL).must("GET", "/products?sort=price&order=asc&pageSize=50", "")
	return g.text(fmt.Sprintf("items.%d.sku", n)), g.at(fmt.Sprintf("items.%d.price", n)).(float64)
}

// order reads one back.
func (c *client) read(id string) got {
	c.t.Helper()
	return c.must("GET", "/orders/"+id, "")
}

func (d defects) acknowledged(t *testing.T) {
	app := d.For(t)
	const phone = "447700900801"
	body := fmt.Sprintf(`{"object":"whatsapp_business_account","entry":[{"changes":[{"field":"messages","value":{"messages":[{"from":%q,"id":"wamid.X03","timestamp":"1","type":"text","text":{"body":"مرحبا، كم سعر قص الشعر؟"}}]}}]}]}`, phone)
	began := time.Now()
	newClient(t, d.BaseURL).must("POST", "/webhook/whatsapp", body, whatsapp.SignatureHeader+": "+whatsapp.Sign(d.Env["WHATSAPP_APP_SECRET"], []byte(body)))
	t.Logf("acknowledged after %s", time.Since(began))
	testkit.Eventually(t, time.Minute, "the message is answered", func() bool { return len(app.Received("+"+phone)) > 0 })
	if said := strings.Join(app.Received("+"+phone), "\n"); !regexp.MustCompile(`\p{Arabic}{3}`).MatchString(said) {
		t.Errorf("an Arabic question is answered %q", said)
	}
}

// says asks the preview as a phone and gives all it answers as text.
func (d defects) says(t *testing.T, phone, text, lang string) string {
	t.Helper()
	g := apart(t, d.BaseURL).ask("POST", "/whatsapp/preview", fmt.Sprintf(`{"from":%q,"text":%q,"lang":%q}`, phone, text, lang))
	if g.status != 200 || len(g.list("messages")) == 0 {
		t.Fatalf("%s: got %d %s", text, g.status, g.body)
	}
	return g.body
}

// preview writes as the phone of a customer who has a cart: their cart is neither shown nor changed.
func (d defects) preview(t *testing.T) {
	app := d.For(t)
	const phone = "+447700900805"
	sku, _ := d.product(t, 1)
	app.Say(phone, "add "+sku)
	held := func() int64 {
		return app.Number(`SELECT coalesce(sum(i.qty), 0) FROM cart_items i JOIN carts c ON c.id = i.cart_id
			JOIN contacts k ON k.customer_id = c.customer_id WHERE k.address = $1 AND c.status = 'active'`, phone)
	}
	if held() != 1 {
		t.Fatalf("the customer's cart holds %d", held())
	}
	before := len(app.Received(phone))
	if said := d.says(t, phone, "cart", "en"); strings.Contains(said, sku) {
		t.Errorf("the preview shows a customer's cart: %s", said)
	}
	d.says(t, phone, "add "+sku, "en")
	d.says(t, phone, "remove "+sku, "en")
	if held() != 1 || len(app.Received(phone)) != before {
		t.Errorf("the preview changed a customer's cart to %d, or wrote to them", held())
	}
}

func (d defects) arabic(t *testing.T) {
	sku, _ := d.product(t, 2)
	const phone = "447700900806"
	d.says(t, phone, "أضف "+sku, "ar")
	if said := d.says(t, phone, "السلة", "ar"); !strings.Contains(said, sku) && !regexp.MustCompile(`\p{Arabic}{3}`).MatchString(said) {
		t.Errorf("the cart in Arabic: %s", said)
	}
	for _, text := range []string{"تصفح", "السلة", "احذف " + sku} {
		if said := d.says(t, phone, text, "ar"); !regexp.MustCompile(`\p{Arabic}{3}`).MatchString(said) {
			t.Errorf("%s is answered %s", text, said)
		}
	}
}

// exactSKU adds by a SKU that is also a word of another product's description.
func (d defects) exactSKU(t *testing.T) {
	app := d.For(t)
	const phone = "+447700900807"
	sku, _ := d.product(t, 3)
	other, _ := d.product(t, 4)
	app.Exec(`UPDATE products SET descriptions = jsonb_set(descriptions, '{en}', to_jsonb('Goes with ' || $1::text)), updated_at = now() WHERE sku = $2`, sku, other)
	app.Say(phone, "add "+strings.ToLower(sku))
	if got := app.Text(`SELECT coalesce(string_agg(p.sku, ' '), 'nothing') FROM cart_items i JOIN carts c ON c.id = i.cart_id JOIN products p ON p.id = i.product_id
		JOIN contacts k ON k.customer_id = c.customer_id WHERE k.address = $1`, phone); got != sku {
		t.Errorf("the cart holds %s, not %s", got, sku)
	}
}

func (d defects) othersInChat(t *testing.T) {
	app := d.For(t)
	sku, _ := d.product(t, 5)
	c := d.buyer(t, sku, 1)
	id := c.order("cod").text("orderId")
	number := app.Text("SELECT number FROM orders WHERE id::text = $1", id)
	const stranger = "+447700900808"
	for _, text := range []string{"status " + id, "status " + number, "return " + number} {
		if said := harness.Said(app.Say(stranger, text)); strings.Contains(said, sku) || strings.Contains(said, "RMA-") {
			t.Errorf("%s tells a stranger %q", text, said)
		}
	}
	if n := app.Number("SELECT count(*) FROM returns WHERE order_id::text = $1", id); n != 0 {
		t.Errorf("a stranger opened %d returns", n)
	}
}

func (d defects) health(t *testing.T) {
	c := newClient(t, d.BaseURL)
	for _, path := range []string{"/healthz", "/readyz", "/health", "/db/health", "/queue/health", "/catalog/health"} {
		g := c.must("GET", path, "")
		for _, secret := range []string{"127.0.0.1", "localhost", "endpoint", "redis://", "postgres://"} {
			if strings.Contains(g.body, secret) {
				t.Errorf("%s tells %s: %s", path, secret, g.body)
			}
		}
	}
}

func (d defects) shipping(t *testing.T) {
	sku, price := d.product(t, 6)
	c := d.buyer(t, sku, 1)
	estimate := c.must("GET", "/cart/estimate-shipping", "").at("estimate.shippingMinor").(float64)
	placed := c.order("cod")
	o := c.read(placed.text("orderId"))
	if estimate <= 0 || o.at("order.shippingMinor") != estimate || o.at("order.totalMinor") != price+estimate || placed.at("totalMinor") != price+estimate {
		t.Errorf("%.0f and %.0f for sending are %s, %s", price, estimate, placed.body, o.body)
	}
}

func (d defects) empty(t *testing.T) {
	c := newClient(t, d.BaseURL)
	for range 2 { // without a cart, and with an empty one
		if g := c.ask("POST", "/checkout/init", `{"method":"cod"}`); g.status != 409 || g.text("error.code") != "cart_empty" {
			t.Errorf("got %d %s", g.status, g.body)
		}
		c.must("POST", "/cart", "")
	}
}

func (d defects) followsCart(t *testing.T) {
	sku, price := d.product(t, 7)
	c := d.buyer(t, sku, 1)
	first := c.order("cod")
	c.must("POST", "/cart/items", fmt.Sprintf(`{"sku":%q,"qty":2}`, sku))
	second := c.order("stripe")
	if second.text("orderId") != first.text("orderId") || second.text("method") != "stripe" || second.text("checkoutUrl") == "" {
		t.Errorf("the same cart is ordered as %s, then as %s", first.body, second.body)
	}
	if o := c.read(first.text("orderId")); o.at("order.subtotalMinor") != 3*price || o.text("order.status") != "pending" {
		t.Errorf("three at %.0f are %s", price, o.body)
	}
}

func (d defects) atOnce(t *testing.T) {
	sku, _ := d.product(t, 8)
	c := d.buyer(t, sku, 1)
	var mu sync.Mutex
	var all sync.WaitGroup
	ids := map[string]int{}
	key := "Idempotency-Key: " + rand.Text()
	for range 10 {
		all.Go(func() {
			g := c.ask("POST", "/checkout/init", `{"method":"cod"}`, key)
			mu.Lock()
			defer mu.Unlock()
			ids[fmt.Sprint(g.status, " ", g.text("orderId"))]++
		})
	}
	all.Wait()
	if len(ids) != 1 || ids["200 "] != 0 {
		t.Errorf("ten calls at once are answered %v", ids)
	}
	if g := c.ask("POST", "/checkout/init", `{"method":"stripe"}`, key); g.status != 409 || g.text("error.code") != "idempotency_conflict" {
		t.Errorf("another body under the key: got %d %s", g.status, g.body)
	}
}

func (d defects) stock(t *testing.T) {
	app := d.For(t)
	sku, _ := d.product(t, 9)
	app.Exec("UPDATE products SET stock = 3, updated_at = now() WHERE sku = $1", sku)
	c := d.buyer(t, sku, 2)
	id := c.order("cod").text("orderId")
	other := newClient(t, d.BaseURL)
	if g := other.ask("POST", "/cart/items", fmt.Sprintf(`{"sku":%q,"qty":2}`, sku)); g.status != 409 || g.text("error.code") != "insufficient_stock" {
		t.Errorf("what an order holds back is sold again: got %d %s", g.status, g.body)
	}
	c.must("POST", "/checkout/confirm", `{"orderId":"`+id+`"}`)
	if left := app.Number("SELECT stock FROM products WHERE sku = $1", sku); left != 1 {
		t.Errorf("%d are left of three after two were ordered", left)
	}
	if n := len(c.must("GET", "/cart", "").list("cart.items")); n != 0 {
		t.Errorf("the cart still holds %d lines", n)
	}
	if g := c.must("POST", "/orders/"+id+"/cancel", "{}"); g.at("ok") != true {
		t.Errorf("called off: %s", g.body)
	}
	if left := app.Number("SELECT stock FROM products WHERE sku = $1", sku); left != 3 {
		t.Errorf("%d are there of three after the order was called off", left)
	}
}

// provider has a payment told three times, and then that the page where it was made has expired.
func (d defects) provider(t *testing.T) {
	app := d.For(t)
	sku, _ := d.product(t, 10)
	c := d.buyer(t, sku, 1)
	placed := c.order("stripe")
	pay := func(body map[string]any) {
		t.Helper()
		body["url"] = placed.text("checkoutUrl")
		if err := app.Control("pay", body, nil); err != nil {
			t.Fatal(err)
		}
		app.Settle()
	}
	pay(map[string]any{"outcome": "paid", "copies": 3})
	pay(map[string]any{"outcome": "expired"})
	id := placed.text("orderId")
	if o := c.read(id); o.text("order.status") != "paid" {
		t.Errorf("after it was paid: %s", o.body)
	}
	if n := app.Number("SELECT count(*) FROM order_events WHERE order_id::text = $1 AND to_status = 'paid' AND from_status <> 'paid'", id); n != 1 {
		t.Errorf("it was paid %d times", n)
	}
	if n := app.Number("SELECT count(*) FROM payments WHERE order_id::text = $1 AND state = 'paid'", id); n != 1 {
		t.Errorf("%d payments stand as paid", n)
	}
}

// owners: an order is found by its own visitor; by nobody else, whatever they know of it.
func (d defects) owners(t *testing.T) {
	sku, _ := d.product(t, 11)
	c := d.buyer(t, sku, 1)
	placed := c.must("POST", "/checkout/init", `{"method":"cod","address":{"name":"Noor Secret","phone":"+447700900831","line1":"7 Hidden Lane","city":"London","country":"GB"}}`)
	id := placed.text("orderId")
	own := c.read(id)
	for _, private := range []string{"Hidden Lane", "Noor Secret", "447700900831", "intentId", "externalPaymentId", "customerId"} {
		if strings.Contains(own.body, private) {
			t.Errorf("the order tells %s: %s", private, own.body)
		}
	}
	stranger := newClient(t, d.BaseURL)
	refused := func(what string, g got, statuses ...int) {
		t.Helper()
		if !slices.Contains(statuses, g.status) || strings.Contains(g.body, sku) || g.at("ok") != false {
			t.Errorf("%s: got %d %s", what, g.status, g.body)
		}
	}
	refused("the order of a stranger", stranger.ask("GET", "/orders/"+id, ""), 404)
	refused("orders by phone", stranger.ask("GET", "/orders?phone=%2B447700900831", ""), 401)
	refused("orders by a phone that nobody has", stranger.ask("GET", "/orders?phone=%2B447700900899", ""), 401)
	refused("orders of nobody", stranger.ask("GET", "/orders", ""), 400, 401)
	refused("called off by a stranger", stranger.ask("POST", "/orders/"+id+"/cancel", "{}"), 404)
	refused("confirmed by a stranger", stranger.ask("POST", "/checkout/confirm", `{"orderId":"`+id+`"}`), 404)
	wrong := stranger.ask("POST", "/orders/lookup", `{"phone":"+447700900832","orderId":"`+id+`"}`)
	refused("the right order with another phone", wrong, 404)
	none := stranger.ask("POST", "/orders/lookup", `{"phone":"+447700900831","orderId":"00000000-0000-7000-8000-000000000000"}`)
	refused("the right phone with another order", none, 404)
	if wrong.text("error.code") != none.text("error.code") || wrong.text("error.message") != none.text("error.message") {
		t.Errorf("two answers where one would do: %s, %s", wrong.body, none.body)
	}
	found := stranger.ask("POST", "/orders/lookup", `{"phone":"+447700900831","orderId":"`+id+`"}`)
	if found.status != 200 || found.text("order.id") != id || found.text("lookupToken") == "" || strings.Contains(found.body, "Hidden Lane") {
		t.Errorf("phone and order together: got %d %s", found.status, found.body)
	}
}

func (d defects) returns(t *testing.T) {
	app := d.For(t)
	sku, _ := d.product(t, 12)
	c := d.buyer(t, sku, 1)
	id := c.order("cod").text("orderId")
	ask := func(c *client) got {
		return c.ask("POST", "/returns", `{"orderId":"`+id+`","reason":"not_needed"}`)
	}
	if g := ask(c); g.status != 422 || g.text("error.code") != "not_eligible" {
		t.Errorf("what was not paid for: got %d %s", g.status, g.body)
	}
	c.must("POST", "/checkout/confirm", `{"orderId":"`+id+`"}`)
	app.Exec("UPDATE orders SET status = 'delivered', shipped_at = now(), delivered_at = now() WHERE id::text = $1", id)
	if g := ask(newClient(t, d.BaseURL)); g.status != 404 || g.text("error.code") != "order_not_found" {
		t.Errorf("a stranger's: got %d %s", g.status, g.body)
	}
	var all sync.WaitGroup
	answers := make([]got, 2)
	for i := range answers {
		all.Go(func() { answers[i] = ask(c) })
	}
	all.Wait()
	slices.SortFunc(answers, func(a, b got) int { return a.status - b.status })
	if answers[0].status != 201 || answers[1].status != 409 || answers[1].text("error.code") != "existing_open_return" {
		t.Fatalf("twice at once: got %d %s and %d %s", answers[0].status, answers[0].body, answers[1].status, answers[1].body)
	}
	if rma := answers[0].text("rmaCode"); !regexp.MustCompile(`^RMA-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}$`).MatchString(rma) {
		t.Errorf("the code is %q", rma)
	}
	one := "/returns/" + answers[0].text("id")
	if g := c.must("GET", one, ""); len(g.list("return.items")) != 1 {
		t.Errorf("what comes back is not said: %s", g.body)
	}
	if g := newClient(t, d.BaseURL).ask("GET", one, ""); g.status != 404 {
		t.Errorf("a stranger reads it: %d %s", g.status, g.body)
	}
}

func (d defects) history(t *testing.T) {
	sku, _ := d.product(t, 13)
	c := d.buyer(t, sku, 1)
	id := c.order("cod").text("orderId")
	confirm := func() got { return c.must("POST", "/checkout/confirm", `{"orderId":"`+id+`"}`) }
	if a, b := confirm(), confirm(); a.text("status") != "confirmed" || b.text("status") != "confirmed" {
		t.Errorf("confirmed twice: %s, %s", a.body, b.body)
	}
	if g := c.ask("GET", "/orders/"+id+"/events", ""); g.status != 401 {
		t.Errorf("a visitor reads what staff do: got %d %s", g.status, g.body)
	}
	g := c.must("GET", "/orders/"+id+"/events", "", "X-Admin-Token: "+d.Env["ADMIN_TOKEN"])
	var steps []string
	for _, e := range g.list("events") {
		if e := e.(map[string]any); e["to"] != e["from"] {
			steps = append(steps, fmt.Sprint(e["to"]))
		}
	}
	if want := []string{"pending_cod", "confirmed"}; !slices.Equal(steps, want) {
		t.Errorf("the steps are %q, want %q: %s", steps, want, g.body)
	}
	c.must("POST", "/orders/"+id+"/cancel", "{}")
	if g := c.ask("POST", "/checkout/confirm", `{"orderId":"`+id+`"}`); g.status != 409 || g.text("error.code") != "invalid_state" {
		t.Errorf("what was called off is confirmed: got %d %s", g.status, g.body)
	}
}

func (d defects) consent(t *testing.T) {
	const phone = "447700900838"
	giver, stranger := newClient(t, d.BaseURL), newClient(t, d.BaseURL)
	given := giver.must("POST", "/consents", `{"phone":"`+phone+`","granted":true,"policyVersion":"v1"}`)
	if own := giver.must("GET", "/consents/"+phone, ""); own.text("consents.0.id") != given.text("id") || own.at("consents.0.verified") == true {
		t.Errorf("who gave it reads %s", own.body)
	}
	known, unknown := stranger.must("GET", "/consents/"+phone, ""), stranger.must("GET", "/consents/447700900839", "")
	if known.body != unknown.body || len(known.list("consents")) != 0 {
		t.Errorf("a stranger reads %s, and of a phone that nobody has %s", known.body, unknown.body)
	}
	if n := d.For(t).Number("SELECT count(*) FROM contacts WHERE address LIKE '%' || $1", phone); n != 0 {
		t.Errorf("writing down a phone made %d customers", n)
	}
	if g := stranger.ask("POST", "/consents", `{"granted":true}`); g.status != 400 || g.text("error.code") != "validation" {
		t.Errorf("without a phone: got %d %s", g.status, g.body)
	}
}
