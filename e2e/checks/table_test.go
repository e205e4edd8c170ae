package checks

import (
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"frontdesk/e2e/harness"
	"frontdesk/internal/whatsapp"
)

// table is a program as the earlier shop's acceptance scripts meet it, at one of its two addresses. What a
// script only prints for information is asked here and not judged, as there: our own scripts judge it.
type table struct {
	*harness.App
	base string
}

// R-1613: the scripts of the earlier shop pass unchanged. Each test asks what the script of its name asks,
// in its order, with one client where the script has one and none where it has none.
func TestEarlierScripts(t *testing.T) {
	t.Parallel()
	app := start(t, "WA_PREVIEW_PUBLIC=1", "CORS_ORIGINS="+webOrigin)
	for under, base := range map[string]string{"bare": app.BaseURL, "api": app.BaseURL + "/api"} {
		e := table{app, base}
		t.Run(under, func(t *testing.T) {
			for name, run := range map[string]func(*testing.T){
				"sprint2-smoke": e.sprint2Smoke, "sprint2/test-wa-preview": e.preview, "sprint3-smoke": e.sprint3Smoke,
				"sprint3/test-cart": e.cart, "sprint3/test-wa-cart": e.chatCart, "sprint5-smoke": e.sprint5Smoke,
				"sprint5/test-address-validation": e.address, "sprint6-smoke": e.sprint6Smoke,
				"sprint6/test-orders-lookup": e.lookup, "sprint6/test-cms-templates": e.templates, "sprint7/test-perf-thresholds": e.thresholds,
			} {
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					run(t)
				})
			}
		})
	}
	root := table{app, app.BaseURL} // health, webhooks and documentation stand at one address
	t.Run("sprint1-smoke", root.sprint1Smoke)
	t.Run("test-whatsapp-webhook", root.webhook)
	t.Run("sprint7-smoke", root.sprint7Smoke)
	t.Run("sprint8-smoke", root.sprint8Smoke)
	t.Run("load profiles", root.load)
}

func (e table) sprint1Smoke(t *testing.T) {
	const phone = "15551234567"
	c := newClient(t, e.base)
	c.must("GET", "/healthz", "")
	if g := c.must("GET", "/healthz", "", "Origin: "+webOrigin); g.header.Get("Access-Control-Allow-Origin") == "" {
		t.Errorf("the web's origin may not call: %v", g.header)
	}
	if g := c.must("GET", "/webhook/whatsapp?hub.mode=subscribe&hub.verify_token="+e.Env["WHATSAPP_VERIFY_TOKEN"]+"&hub.challenge=123", ""); g.body != "123" {
		t.Errorf("the challenge is answered %q", g.body)
	}
	e.webhook(t)
	if g := c.must("POST", "/consents", `{"channel":"whatsapp","granted":true,"phone":"`+phone+`","policyVersion":"v1"}`); !strings.Contains(g.body, `"ok":true`) {
		t.Errorf("consent: %s", g.body)
	}
	if g := c.must("GET", "/consents/"+phone, ""); !strings.Contains(g.body, `"consents":[`) {
		t.Errorf("consents: %s", g.body)
	}
	c.ask("GET", "/queue/health", "")
}

func (e table) webhook(t *testing.T) {
	c := newClient(t, e.base)
	body := `{"object":"whatsapp_business_account","entry":[{"changes":[{"value":{"messages":[{"from":"15551234567","id":"wamid.123","text":{"body":"hello"}}]}}]}]}`
	g := c.must("POST", "/webhook/whatsapp", body, whatsapp.SignatureHeader+": "+whatsapp.Sign(e.Env["WHATSAPP_APP_SECRET"], []byte(body)))
	if !strings.Contains(strings.ReplaceAll(g.body, " ", ""), `"status":"received"`) || g.header.Get("X-Request-Id") == "" {
		t.Errorf("got %s, %v", g.body, g.header)
	}
}

func (e table) sprint2Smoke(t *testing.T) {
	c := newClient(t, e.base)
	health := c.must("GET", "/catalog/health", "")
	for _, what := range []string{"products", "categories"} {
		if n, is := health.at("counts." + what).(float64); health.at("ok") != true || !is || n <= 0 {
			t.Errorf("%s: %s", what, health.body)
		}
	}
	products := c.must("GET", "/products", "")
	if products.list("items") == nil || products.at("total") == nil {
		t.Errorf("products: %s", products.body)
	}
	c.must("GET", "/products?q=test&sort=name&order=asc&page=1&pageSize=5", "")
	if g := c.must("GET", "/products/"+products.text("items.0.id"), ""); g.at("ok") != true {
		t.Errorf("product: %s", g.body)
	}
	if g := c.must("GET", "/categories", ""); g.at("ok") != true || g.list("categories") == nil {
		t.Errorf("categories: %s", g.body)
	}
	if g := c.must("POST", "/catalog/sync", "", "X-Catalog-Sync-Key: "+e.Env["CATALOG_SYNC_KEY"]); g.at("ok") != true {
		t.Errorf("sync: %s", g.body)
	}
}

// preview asks without cookies, as Invoke-WebRequest does.
func (e table) preview(t *testing.T) {
	c := apart(t, e.base)
	category := ""
	for _, one := range c.must("GET", "/categories", "").list("categories") {
		if one := one.(map[string]any); one["parentId"] == nil && category == "" {
			category = one["slug"].(string)
		}
	}
	for _, lang := range []string{"en", "ar"} {
		for _, text := range []string{"browse", "show " + category, "show " + category + " page 2", "more " + category} {
			g := c.ask("POST", "/whatsapp/preview", fmt.Sprintf(`{"text":%q,"lang":%q}`, text, lang))
			if g.status != 200 || g.at("ok") != true || len(g.list("messages")) == 0 {
				t.Errorf("%s in %s: got %d %s", text, lang, g.status, g.body)
			}
			buttons := slices.ContainsFunc(g.list("messages"), func(m any) bool { return m.(map[string]any)["type"] == "quick_replies" })
			if text != "browse" && !buttons {
				t.Errorf("%s in %s: nothing to press: %s", text, lang, g.body)
			}
		}
	}
	if g := c.ask("POST", "/whatsapp/preview?text=browse&lang=en", ""); g.status != 200 {
		t.Errorf("asked in the address: got %d %s", g.status, g.body)
	}
}

func (e table) sprint3Smoke(t *testing.T) {
	c := newClient(t, e.base)
	if g := c.must("POST", "/cart", ""); g.at("ok") != true || g.text("cart.id") == "" {
		t.Errorf("cart: %s", g.body)
	}
	added := c.must("POST", "/cart/items", fmt.Sprintf(`{"productId":%q,"qty":1}`, c.first().text("items.0.id")))
	item := added.text("item.id")
	if item == "" {
		t.Fatalf("item: %s", added.body)
	}
	if g := c.must("GET", "/cart", ""); len(g.list("cart.items")) < 1 {
		t.Errorf("the cart: %s", g.body)
	}
	c.must("PATCH", "/cart/items/"+item, `{"qty":2}`)
	c.must("DELETE", "/cart/items/"+item, "")
	c.must("GET", "/cart/estimate-shipping", "")
}

// cart runs twice: the earlier shop's shared cart let it pass once.
func (e table) cart(t *testing.T) {
	for range 2 {
		c := newClient(t, e.base)
		c.must("POST", "/cart", "")
		body := fmt.Sprintf("{\r\n  \"productId\": %q,\r\n  \"qty\": 1\r\n}", c.first().text("items.0.id"))
		item := c.must("POST", "/cart/items", body, "Idempotency-Key: demo-1").text("item.id")
		c.must("POST", "/cart/items", body, "Idempotency-Key: demo-1")
		g := c.must("GET", "/cart", "")
		if items := g.list("cart.items"); len(items) != 1 || g.at("cart.items.0.qty") != 1.0 {
			t.Errorf("the cart: %s", g.body)
		}
		c.must("DELETE", "/cart/items/"+item, "")
	}
}

// chatCart asks without cookies: who it is stands in the body.
func (e table) chatCart(t *testing.T) {
	c := apart(t, e.base)
	sku := c.first().text("items.0.sku")
	for _, text := range []string{"add " + sku, "cart", "qty " + sku + " 2", "remove " + sku} {
		if g := c.ask("POST", "/whatsapp/preview", fmt.Sprintf(`{"from":"971555000111","lang":"en","text":%q}`, text)); g.status != 200 || len(g.list("messages")) == 0 {
			t.Errorf("%s: got %d %s", text, g.status, g.body)
		}
	}
}

// order places an order for what is in the cart.
func (c *client) order(method string) got {
	c.t.Helper()
	return c.must("POST", "/checkout/init", `{"method":"`+method+`"}`, "Idempotency-Key: "+rand.Text())
}

func (e table) sprint5Smoke(t *testing.T) {
	c := newClient(t, e.base)
	c.filled()
	placed := c.order("cod")
	id := placed.text("orderId")
	if placed.at("ok") != true || id == "" {
		t.Fatalf("order: %s", placed.body)
	}
	if g := c.must("GET", "/orders/"+id, ""); !slices.Contains([]string{"pending_cod", "pending"}, g.text("order.status")) {
		t.Errorf("the order: %s", g.body)
	}
	if g := c.order("stripe"); g.text("checkoutUrl") == "" {
		t.Errorf("by card: %s", g.body)
	}
}

// address is asked for before anything was put into a cart.
func (e table) address(t *testing.T) {
	c := newClient(t, e.base)
	c.ask("POST", "/cart", "")
	if g := c.ask("POST", "/checkout/init", `{"method":"cod","address":{"line1":"","city":"","country":""}}`); g.status != 400 {
		t.Errorf("got %d %s", g.status, g.body)
	}
}

func (e table) sprint6Smoke(t *testing.T) {
	c := newClient(t, e.base)
	c.filled()
	id := c.order("cod").text("orderId")
	if g := c.must("GET", "/orders/"+id, ""); g.at("order") == nil {
		t.Errorf("the order: %s", g.body)
	}
	g := c.ask("POST", "/returns", `{"orderId":"`+id+`","reason":"test_smoke"}`)
	if !g.ok() {
		return // for information, says the script
	}
	listed := c.must("GET", "/returns?orderId="+id, "")
	if g.at("ok") != true || !strings.Contains(listed.body, g.text("id")) {
		t.Errorf("a return that was opened is not listed: %s, %s", g.body, listed.body)
	}
}

func (e table) lookup(t *testing.T) {
	c := newClient(t, e.base)
	c.filled()
	id := c.order("cod").text("orderId")
	if g := c.must("GET", "/orders/"+id, ""); g.text("order.id") != id {
		t.Errorf("the order: %s", g.body)
	}
	if g := c.ask("GET", "/orders?phone=15551234567", ""); g.status >= 500 {
		t.Errorf("by phone: got %d %s", g.status, g.body)
	}
}

func (e table) templates(t *testing.T) {
	if g := newClient(t, e.base).ask("GET", "/cms/templates", ""); g.status >= 500 {
		t.Errorf("got %d %s", g.status, g.body)
	}
}

func (e table) sprint7Smoke(t *testing.T) {
	c := newClient(t, e.base)
	c.must("GET", "/healthz", "")
	for _, path := range []string{"/products", "/docs", "/compliance/pdpl/status"} { // for information
		if g := c.ask("GET", path, ""); g.status >= 500 {
			t.Errorf("%s: got %d %s", path, g.status, g.body)
		}
	}
}

// thresholds are the script's: twenty calls one after the other, an empty cart, statuses unseen. How fast
// they are is for our own script, on a machine that does nothing else; here they are all answered.
func (e table) thresholds(t *testing.T) {
	c := newClient(t, e.base)
	began := time.Now()
	for range 20 {
		c.must("GET", "/products?page=1&pageSize=10", "")
		c.must("POST", "/cart", "")
		if g := c.ask("POST", "/checkout/init", `{"method":"cod"}`, "Idempotency-Key: "+rand.Text()); g.status != 409 {
			t.Errorf("an empty cart is ordered: got %d %s", g.status, g.body)
		}
	}
	t.Logf("sixty calls took %s", time.Since(began))
}

func (e table) sprint8Smoke(t *testing.T) {
	c := newClient(t, e.base)
	c.must("GET", "/healthz", "")
	if g := c.ask("GET", "/orders?phone=+00000000000", ""); g.status >= 500 {
		t.Errorf("by phone: got %d %s", g.status, g.body)
	}
	if g := c.must("GET", "/support/order-lookup", ""); !strings.Contains(g.body, "<form") {
		t.Errorf("the page: %.200s", g.body)
	}
}

// load is one round of the earlier load profiles, which order an empty cart: that is a documented 409.
func (e table) load(t *testing.T) {
	c := newClient(t, e.base)
	if g := c.ask("GET", "/products?page=1&pageSize=10", ""); g.status != 200 {
		t.Errorf("products: got %d %s", g.status, g.body)
	}
	if g := c.ask("POST", "/cart", ""); g.status != 200 && g.status != 201 {
		t.Errorf("cart: got %d %s", g.status, g.body)
	}
	if g := c.ask("POST", "/checkout/init", `{"method":"cod"}`, "Idempotency-Key: "+rand.Text()); g.status != 409 || g.text("errorCode") != "cart_empty" {
		t.Errorf("an empty cart: got %d %s", g.status, g.body)
	}
}
