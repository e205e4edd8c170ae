package handlers

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"frontdesk/models"
)

// What is refused opens no session, neither as a row nor as a cookie, by the API and by the form of a page; what is taken opens
// one with its cart.
func TestARefusedFirstThingOpensNoSession(t *testing.T) {
	t.Parallel()
	b := newShopper(t)
	sessions := func(want int64) {
		t.Helper()
		var n int64
		b.must(b.DB.On(t.Context()).Table("shop_sessions").Count(&n).Error)
		if n != want {
			t.Errorf("%d sessions, want %d", n, want)
		}
	}
	api := b.client()
	for body, status := range map[string]int{
		`{"sku":"NOBODY-HAS-IT","qty":1}`: 404, `{"sku":"SERUM-50","qty":99}`: 409, `{"productId":"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c11","qty":1}`: 404,
	} {
		api.does(status, "POST", "/cart/items", body)
	}
	if len(api.cookies) != 0 {
		t.Errorf("cookies %v", api.cookies)
	}
	sessions(0)
	id := b.products["SERUM-50"].ID.String()
	form := b.formOf(b.goes("GET", "/products/"+id, nil), `main form[method="post"]`)
	form.Set("qty", "99")
	if got := b.goes("POST", "/cart/lines", form); got.StatusCode != 422 || b.cookies[shopperCookie] != "" {
		t.Errorf("by a page: got %d, cookies %v", got.StatusCode, b.cookies)
	}
	sessions(0)
	form.Set("qty", "2")
	if got := b.goes("POST", "/cart/lines", form); got.StatusCode != 303 || b.cookies[shopperCookie] == "" {
		t.Errorf("by a page: got %d, cookies %v", got.StatusCode, b.cookies)
	}
	sessions(1)
	api.add("SERUM-50", 2)
	sessions(2)
	if holds := api.holds(); len(api.cookies) == 0 || len(holds) != 1 {
		t.Errorf("cookies %v, the cart holds %v", api.cookies, holds)
	}
}

// A cart from its first product to its last, by cookie at the bare addresses and by token under /api.
func TestACartFromFirstToLast(t *testing.T) {
	t.Parallel()
	s := newStocked(t)
	for _, under := range []string{"", apiPrefix} {
		b := s.client()
		b.under = under
		empty := b.does(200, "GET", "/cart", "")["cart"].(map[string]any)
		if _, there := empty["id"]; there || len(empty["items"].([]any)) != 0 || empty["status"] != "active" || len(b.cookies) != 0 {
			t.Errorf("a stranger's cart is %v, cookies %v", empty, b.cookies)
		}
		opened := b.does(201, "POST", "/cart", "")["cart"].(map[string]any)
		if again := b.does(201, "POST", "/cart", "{}")["cart"].(map[string]any); again["id"] != opened["id"] || again["version"] != opened["version"] {
			t.Errorf("opened twice: %v, %v", opened, again)
		}
		line := b.add("SERUM-50", 2)
		if line["priceSnapshotMinor"] != 2400.0 || line["lineTotalMinor"] != 4800.0 || line["nameSnapshot"] != "Repair serum" || line["cartId"] != opened["id"] || line["left"] != 12.0 {
			t.Errorf("the line is %v", line)
		}
		more := b.does(201, "POST", "/cart/items", fmt.Sprintf(`{"productId":%q,"qty":1}`, s.products["SERUM-50"].ID))["item"].(map[string]any)
		if more["id"] != line["id"] || more["qty"] != 3.0 {
			t.Errorf("more of it: %v", more)
		}
		path := "/cart/items/" + line["id"].(string)
		b.does(200, "PATCH", path, `{"qty":1}`)
		cart := b.does(200, "GET", "/cart", "")["cart"].(map[string]any)
		if cart["subtotalMinor"] != 2400.0 || cart["shippingMinor"] != 2000.0 || cart["totalMinor"] != 4400.0 || cart["taxMinor"] != 0.0 || cart["currency"] != "EUR" {
			t.Errorf("adds up to %v", cart)
		}
		estimate := b.does(200, "GET", "/cart/estimate-shipping", "")["estimate"].(map[string]any)
		if estimate["shippingMinor"] != cart["shippingMinor"] || estimate["freeThresholdMinor"] != 10000.0 || estimate["currency"] != "EUR" {
			t.Errorf("the estimate is %v", estimate)
		}
		for _, hidden := range []string{"customerId", "conversationId", "sessionId"} {
			if _, there := cart[hidden]; there {
				t.Errorf("%s is shown", hidden)
			}
		}
		if gone := b.does(200, "PATCH", path, `{"qty":0}`); gone["ok"] != true || gone["item"] != nil {
			t.Errorf("none of it: %v", gone)
		}
		b.does(200, "DELETE", path, "")
		b.does(200, "DELETE", path, "") // out is out
		if holds := b.holds(); len(holds) != 0 {
			t.Errorf("the cart holds %v", holds)
		}
		if free := b.does(200, "GET", "/cart/estimate-shipping", "")["estimate"].(map[string]any); free["shippingMinor"] != 0.0 {
			t.Errorf("sending nothing costs %v", free)
		}
	}
}

// Whose cart it is: a cookie's, a token's, a newcomer's; nobody reads or changes another's.
func TestEveryCartHasOneOwner(t *testing.T) {
	t.Parallel()
	s := newStocked(t)
	ann, ben := s.client(), s.client()
	line := ann.add("SERUM-50", 2)["id"].(string)
	ben.add("OIL-30", 1)
	if ann.cookies[shopperCookie] == "" || ann.cookies[shopperCookie] == ben.cookies[shopperCookie] {
		t.Fatalf("cookies %v and %v", ann.cookies, ben.cookies)
	}
	stranger := s.client()
	for _, b := range []*client{ben, stranger} {
		for method, body := range map[string]string{"PATCH": `{"qty":9}`, "DELETE": ""} {
			if got := b.ask(method, "/cart/items/"+line, body); got.StatusCode != 404 || got.code(t) != "item_not_found" {
				t.Errorf("%s of another's line: got %d %s", method, got.StatusCode, got.body)
			}
		}
	}
	if len(stranger.cookies) != 0 || s.count("shop_sessions") != 2 {
		t.Error("what was refused opened a session")
	}
	if holds := ann.holds(); !maps.Equal(holds, map[string]float64{"SERUM-50": 2}) {
		t.Errorf("hers holds %v", holds)
	}
	token := ann.cookies[shopperCookie]
	program := s.call("GET", "/cart", nil, "X-Session-Token: "+token)
	if !strings.Contains(program.body, "SERUM-50") {
		t.Errorf("by header: got %s", program.body)
	}
	if got := s.call("GET", "/cart", nil, "X-Session-Token: "+ben.cookies[shopperCookie], "Cookie: "+shopperCookie+"="+token); strings.Contains(got.body, "SERUM-50") {
		t.Errorf("a cookie covers the token: %s", got.body)
	}
	for _, none := range []string{"x", token + "x", strings.Repeat("a", 43), strings.Repeat("a", 100)} {
		if got := s.call("GET", "/cart", nil, "X-Session-Token: "+none, "Cookie: "+shopperCookie+"="+none); got.StatusCode != 200 || strings.Contains(got.body, "SERUM") {
			t.Errorf("%.9s: got %d %s", none, got.StatusCode, got.body)
		}
	}
	opened := s.call("POST", "/cart", nil, "X-Session-Token: "+strings.Repeat("a", 43))
	if fresh := opened.Header.Get("X-Session-Token"); opened.StatusCode != 201 || len(fresh) != 43 || fresh == strings.Repeat("a", 43) {
		t.Errorf("a made-up token was taken: got %d %q", opened.StatusCode, fresh)
	}
	for _, said := range []string{s.logs.String(), program.body} {
		if strings.Contains(said, token) {
			t.Error("the token is told or logged")
		}
	}
}

// The cookie is read by no script, sent by no other site, and by HTTPS alone where there is HTTPS.
func TestTheCartsCookie(t *testing.T) {
	t.Parallel()
	for base, name := range map[string]string{"http://localhost:8080": shopperCookie, "https://desk.example": "__Host-" + shopperCookie} {
		s := newStocked(t, func(set *Settings, _ *Rooms) { set.BaseURL = base })
		got := s.call("POST", "/cart", nil)
		i := slices.IndexFunc(got.Cookies(), func(c *http.Cookie) bool { return c.Name == name })
		if i < 0 {
			t.Fatalf("%s: got %v", base, got.Header)
		}
		c := got.Cookies()[i]
		if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Secure != strings.HasPrefix(base, "https") || c.MaxAge < 30*24*3600 {
			t.Errorf("%s: got %s", base, c.Raw)
		}
		if got.Header.Get("Cache-Control") != "no-store" || got.Header.Get("X-Session-Token") != c.Value {
			t.Errorf("%s: got %v", base, got.Header)
		}
	}
}

// Every failure of a cart's routes: status, code, field.
func TestWhatACartRefuses(t *testing.T) {
	t.Parallel()
	s := newStocked(t)
	b := s.client()
	line := b.add("OIL-30", 1)["id"].(string)
	b.add("SERUM-50", 1, "Idempotency-Key: used")
	own, items := "/cart/items/"+line, "/cart/items"
	for _, tt := range []struct {
		method, path, body string
		headers            []string
		status             int
		code, fields       string
	}{
		{"POST", items, "", nil, 400, "validation", "qty:required"},
		{"POST", items, `{"qty":1}`, nil, 400, "validation", "productId:required"},
		{"POST", items, `{"sku":"","productId":"","qty":1}`, nil, 400, "validation", "productId:required"},
		{"POST", items, `{"sku":"OIL-30"}`, nil, 400, "validation", "qty:required"},
		{"POST", items, `{"sku":"OIL-30","qty":0}`, nil, 400, "validation", "qty:min"},
		{"POST", items, `{"sku":"OIL-30","qty":-1}`, nil, 400, "validation", "qty:min"},
		{"POST", items, `{"sku":"OIL-30","qty":100}`, nil, 400, "validation", "qty:max"},
		{"POST", items, `{"sku":"OIL-30","qty":"1"}`, nil, 400, "validation", "qty:integer"},
		{"POST", items, `{"sku":"OIL-30","qty":1.5}`, nil, 400, "validation", "qty:integer"},
		{"POST", items, `{"sku":7,"qty":1}`, nil, 400, "validation", "sku:string"},
		{"POST", items, `{"sku":"` + strings.Repeat("A", 65) + `","qty":1}`, nil, 400, "validation", "sku:too_long"},
		{"POST", items, `{"sku":"OIL-30","qty":1`, nil, 400, "malformed", ""},
		{"POST", items, `{"sku":"OIL-30","qty":1}`, []string{"Idempotency-Key: " + strings.Repeat("k", 201)}, 400, "validation", "Idempotency-Key:too_long"},
		{"POST", items, `{"sku":"OIL-30","qty":1}`, []string{"Idempotency-Key: a b"}, 400, "validation", "Idempotency-Key:format"},
		{"POST", items, `{"sku":"OIL-30","qty":1}`, []string{"Idempotency-Key: ключ"}, 400, "validation", "Idempotency-Key:format"},
		{"POST", items, `{"sku":"NONE","qty":1}`, nil, 404, "product_not_found", ""},
		{"POST", items, `{"sku":"OLD-1","qty":1}`, nil, 404, "product_not_found", ""},
		{"POST", items, `{"productId":"1","qty":1}`, nil, 404, "product_not_found", ""},
		{"POST", items, `{"productId":"` + models.NewID().String() + `","qty":1}`, nil, 404, "product_not_found", ""},
		{"POST", items, `{"sku":"MASK-1","qty":1}`, nil, 409, "insufficient_stock", ""},
		{"POST", items, `{"sku":"OIL-30","qty":3}`, nil, 409, "insufficient_stock", ""},
		{"POST", items, `{"sku":"BALM-US","qty":1}`, nil, 409, "currency_mismatch", ""},
		{"POST", items, `{"sku":"SERUM-50","qty":2}`, []string{"Idempotency-Key: used"}, 409, "idempotency_conflict", ""},
		{"PATCH", own, "", nil, 400, "validation", "qty:required"},
		{"PATCH", own, `{"qty":-1}`, nil, 400, "validation", "qty:min"},
		{"PATCH", own, `{"qty":100}`, nil, 400, "validation", "qty:max"},
		{"PATCH", own, `{"qty":null}`, nil, 400, "validation", "qty:integer"},
		{"PATCH", own, `[]`, nil, 400, "malformed", ""},
		{"PATCH", own, `{"qty":4}`, nil, 409, "insufficient_stock", ""},
		{"PATCH", items + "/" + models.NewID().String(), `{"qty":1}`, nil, 404, "item_not_found", ""},
		{"PATCH", items + "/" + models.NewID().String(), `{"qty":0}`, nil, 404, "item_not_found", ""},
		{"PATCH", items + "/1", `{"qty":1}`, nil, 404, "item_not_found", ""},
		{"DELETE", items + "/" + models.NewID().String(), "", nil, 404, "item_not_found", ""},
		{"DELETE", items + "/x", "", nil, 404, "item_not_found", ""},
		{"PUT", own, `{"qty":1}`, nil, 405, "method_not_allowed", ""},
		{"DELETE", "/cart", "", nil, 405, "method_not_allowed", ""},
	} {
		got := b.ask(tt.method, tt.path, tt.body, tt.headers...)
		if got.StatusCode != tt.status || got.code(t) != tt.code || wrongFields(got.json(t)) != tt.fields {
			t.Errorf("%s %s %.60s %.40v: got %d %s, want %d %s %s", tt.method, tt.path, tt.body, tt.headers, got.StatusCode, got.body, tt.status, tt.code, tt.fields)
		}
		if got.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s %s: a failure may be kept", tt.method, tt.path)
		}
	}
	other := b.call("POST", items, []byte(`sku=OIL-30&qty=1`), typeForm, "Cookie: "+shopperCookie+"="+b.cookies[shopperCookie])
	if other.StatusCode != 415 || other.code(t) != "unsupported_type" {
		t.Errorf("a form: got %d %s", other.StatusCode, other.body)
	}
	large := b.ask("POST", items, `{"sku":"OIL-30","qty":1,"x":"`+strings.Repeat("a", apiBody)+`"}`)
	if large.StatusCode != 413 || large.code(t) != "too_large" {
		t.Errorf("too much: got %d %.100s", large.StatusCode, large.body)
	}
	if holds := b.holds(); !maps.Equal(holds, map[string]float64{"OIL-30": 1, "SERUM-50": 1}) {
		t.Errorf("what was refused changed the cart: %v", holds)
	}
	if said := b.ask("POST", items, `{"sku":"OIL-30","qty":3}`).body; !strings.Contains(said, "3") {
		t.Errorf("how many are left is not said: %s", said)
	}
}

// Asking again under the same key changes nothing and is answered as before.
func TestAKeyIsAnsweredOnce(t *testing.T) {
	t.Parallel()
	s := newStocked(t)
	b := s.client()
	b.does(201, "POST", "/cart", "")
	first := b.add("SERUM-50", 2, "Idempotency-Key: one")
	if second := b.add("SERUM-50", 2, "Idempotency-Key: one"); fmt.Sprint(second) != fmt.Sprint(first) {
		t.Errorf("again: %v, first %v", second, first)
	}
	b.add("SERUM-50", 2, "Idempotency-Key: two")
	b.add("SERUM-50", 1, "Idempotency-Key: ") // an empty one is none
	if holds := b.holds(); !maps.Equal(holds, map[string]float64{"SERUM-50": 5}) {
		t.Errorf("the cart holds %v", holds)
	}
	other := s.client()
	other.add("SERUM-50", 1, "Idempotency-Key: one") // somebody else's key is another key
	if holds := other.holds(); !maps.Equal(holds, map[string]float64{"SERUM-50": 1}) {
		t.Errorf("another's cart holds %v", holds)
	}
}

// What another site makes a browser do to its visitor's cart is refused; listed origins and programs with
// their token are not other sites.
func TestOtherSitesChangeNoCart(t *testing.T) {
	t.Parallel()
	s := newStocked(t, func(set *Settings, _ *Rooms) { set.BaseURL = "https://desk.example" })
	opened := s.call("POST", "/cart", nil)
	token := opened.Header.Get("X-Session-Token")
	cookie, header := "Cookie: __Host-"+shopperCookie+"="+token, "X-Session-Token: "+token
	for name, tt := range map[string]struct {
		headers []string
		want    int
	}{
		"our own page":                 {[]string{cookie, "Sec-Fetch-Site: same-origin", "Origin: https://desk.example"}, 201},
		"a program that says nothing":  {[]string{cookie}, 201},
		"another site":                 {[]string{cookie, "Sec-Fetch-Site: cross-site", "Origin: https://evil.example"}, 403},
		"another site, older browser":  {[]string{cookie, "Origin: https://evil.example"}, 403},
		"a neighbour":                  {[]string{cookie, "Sec-Fetch-Site: same-site", "Origin: https://other.desk.example"}, 403},
		"a sandboxed frame":            {[]string{cookie, "Sec-Fetch-Site: cross-site", "Origin: null"}, 403},
		"another site without cookies": {[]string{"Sec-Fetch-Site: cross-site", "Origin: https://evil.example"}, 403},
		"a listed origin":              {[]string{cookie, "Sec-Fetch-Site: cross-site", "Origin: http://localhost:3000"}, 201},
		"a program with its token":     {[]string{header, "Sec-Fetch-Site: cross-site", "Origin: https://tools.example"}, 201},
	} {
		got := s.call("POST", "/cart/items", []byte(`{"sku":"SERUM-50","qty":1}`), append(tt.headers, typeJSON)...)
		if got.StatusCode != tt.want || tt.want == 403 && got.code(t) != "forbidden" {
			t.Errorf("%s: got %d %s, want %d", name, got.StatusCode, got.body, tt.want)
		}
	}
}
