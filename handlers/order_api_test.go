package handlers

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"frontdesk/internal/checkout"
	"frontdesk/internal/staff"
	"frontdesk/internal/stripeapi"
	"frontdesk/models"
)

const (
	goodAddress = `"address":{"name":"Noor Haddad","phone":"+34600000123","line1":"Calle Mayor 1","city":"Madrid","country":"ES"}`
	buyerPhone  = "+34600000123"
)

// cardPages is a payment provider that opens pages while it works.
type cardPages struct{ down bool }

func withCards(t *testing.T, p *cardPages) func(*Settings, *Rooms) {
	t.Helper()
	opened := 0
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if p.down {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		opened++
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"id":"cs_%d","object":"checkout.session","status":"open","url":"https://pay.example/cs_%d"}`, opened, opened)
	}))
	t.Cleanup(provider.Close)
	return func(_ *Settings, r *Rooms) {
		r.Till = checkout.New(r.DB, r.Clock, r.Queue, r.Diary, r.Desk, stripeapi.New(stripeapi.Config{SecretKey: "sk_test_x", BaseURL: provider.URL}),
			r.Shop, r.Policies, r.Redis, r.Texts, func() string { return "http://localhost:8080" })
	}
}

// ordered buys two serums in cash and gives the answer to init.
func (b *client) ordered() map[string]any {
	b.t.Helper()
	b.add("SERUM-50", 2)
	return b.does(200, "POST", "/checkout/init", `{"method":"cod",`+goodAddress+`}`)
}

// From a cart to an order that stands, in cash, at the bare addresses and under /api.
func TestCheckoutInCash(t *testing.T) {
	t.Parallel()
	s := newStocked(t)
	for _, under := range []string{"", apiPrefix} {
		b := s.client()
		b.under = under
		got := b.ordered()
		if got["method"] != "cod" || got["status"] != "pending_cod" || got["shippingMinor"] != 2000.0 || got["totalMinor"] != 6800.0 || got["currency"] != "EUR" || got["checkoutUrl"] != nil {
			t.Errorf("init answers %v", got)
		}
		again := b.does(200, "POST", "/checkout/init", `{"method":"cod",`+goodAddress+`}`)
		if again["orderId"] != got["orderId"] || s.count("orders") > 2 {
			t.Errorf("asked again: %v, %d orders", again, s.count("orders"))
		}
		for range 2 {
			if done := b.does(200, "POST", "/checkout/confirm", fmt.Sprintf(`{"orderId":%q}`, got["orderId"])); done["status"] != "confirmed" || done["orderId"] != got["orderId"] {
				t.Errorf("confirm answers %v", done)
			}
		}
		if holds := b.holds(); len(holds) != 0 {
			t.Errorf("afterwards the cart holds %v", holds)
		}
		one := b.does(200, "GET", "/orders/"+got["number"].(string), "")["order"].(map[string]any)
		if one["id"] != got["orderId"] || one["status"] != "confirmed" {
			t.Errorf("the order is %v", one)
		}
		gone := b.does(200, "POST", "/orders/"+got["orderId"].(string)+"/cancel", `{"reason":"Ordered twice"}`)
		if gone["status"] != "canceled" {
			t.Errorf("cancel answers %v", gone)
		}
	}
}

// What is wrong is judged before the cart is looked at (acceptance: an address in an empty cart), and each refusal
// has its status and code.
func TestCheckoutRefuses(t *testing.T) {
	t.Parallel()
	s := newStocked(t)
	for _, tt := range []struct{ name, body, code, fields string }{
		{"nothing", ``, "validation", "method"},
		{"no such way", `{"method":"shells"}`, "validation", "method"},
		{"an empty address and cart", `{"method":"cod","address":{"line1":"","city":"","country":""}}`, "validation", "address.city address.country address.line1"},
		{"no such country, no phone", `{"method":"cod","address":{"line1":"x","city":"y","country":"ZZ","phone":"12"}}`, "validation", "address.country address.phone"},
		{"an empty cart", `{"method":"cod",` + goodAddress + `}`, "cart_empty", ""},
		{"an empty cart, by card", `{"method":"stripe"}`, "cart_empty", ""},
	} {
		got := s.client().ask("POST", "/checkout/init", tt.body)
		fields := detailFields(t, got)
		want := map[bool]int{true: 400, false: 409}[tt.code == "validation"]
		if got.StatusCode != want || got.code(t) != tt.code || fields != tt.fields {
			t.Errorf("%s: got %d %s %q", tt.name, got.StatusCode, got.code(t), fields)
		}
	}
	if n := s.count("shop_sessions"); n != 0 {
		t.Errorf("asking opened %d sessions", n)
	}
	b := s.client()
	b.ordered()
	key := "Idempotency-Key: one"
	b.does(200, "POST", "/checkout/init", `{"method":"cod"}`, key)
	if got := b.ask("POST", "/checkout/init", `{"method":"cod","notes":"other"}`, key); got.StatusCode != 409 || got.code(t) != "idempotency_conflict" {
		t.Errorf("another body under the key: got %d %s", got.StatusCode, got.code(t))
	}
	for _, id := range []string{models.NewID().String(), "LU-2222-2222", "x", ""} {
		got := b.ask("POST", "/checkout/confirm", fmt.Sprintf(`{"orderId":%q}`, id))
		want := map[bool]int{true: 400, false: 404}[id == ""]
		if got.StatusCode != want {
			t.Errorf("confirm %q: got %d %s", id, got.StatusCode, got.code(t))
		}
	}
}

func detailFields(t *testing.T, got answer) string {
	t.Helper()
	var body failure
	if err := json.Unmarshal([]byte(got.body), &body); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, d := range body.Error.Details {
		names = append(names, d.Field)
	}
	return strings.Join(names, " ")
}

// By card: the same order may be paid otherwise, and a provider that is away keeps it.
func TestCheckoutByCard(t *testing.T) {
	t.Parallel()
	pages := &cardPages{}
	s := newStocked(t, withCards(t, pages))
	b := s.client()
	first := b.ordered()
	card := b.does(200, "POST", "/checkout/init", `{"method":"stripe"}`)
	if card["orderId"] != first["orderId"] || card["method"] != "stripe" || card["status"] != "pending" || card["checkoutUrl"] != "https://pay.example/cs_1" {
		t.Errorf("by card: %v", card)
	}
	if again := b.does(200, "POST", "/checkout/init", `{"method":"stripe"}`); again["checkoutUrl"] != card["checkoutUrl"] {
		t.Errorf("asked again: %v", again)
	}
	if got := b.ask("POST", "/checkout/confirm", fmt.Sprintf(`{"orderId":%q}`, card["orderId"])); got.StatusCode != 409 || got.code(t) != "invalid_state" {
		t.Errorf("an order by card is confirmed: %d %s", got.StatusCode, got.code(t))
	}
	pages.down = true
	other := s.client()
	other.add("OIL-30", 1)
	got := other.ask("POST", "/checkout/init", `{"method":"stripe",`+goodAddress+`}`)
	if got.StatusCode != 503 || got.code(t) != "payments_unavailable" || s.count("orders") != 2 {
		t.Errorf("without the provider: got %d %s, %d orders", got.StatusCode, got.code(t), s.count("orders"))
	}
}

// Who sees what of an order: its owner and whoever looked it up neither address nor payment, staff all of it,
// everybody else that there is none.
func TestWhoSeesAnOrder(t *testing.T) {
	t.Parallel()
	s := newStocked(t)
	b := s.client()
	made := b.ordered()
	path := "/orders/" + made["orderId"].(string)
	own := b.ask("GET", path, "")
	order := own.json(t)["order"].(map[string]any)
	if a := order["address"].(map[string]any); own.StatusCode != 200 || a["city"] != "Madrid" || a["country"] != "ES" || a["phone"] != "+34••••••123" || len(a) != 3 {
		t.Errorf("the owner sees %v", order["address"])
	}
	if item := order["items"].([]any)[0].(map[string]any); item["sku"] != "SERUM-50" || item["qty"] != 2.0 || item["lineTotalMinor"] != 4800.0 || item["nameSnapshot"] != "Repair serum" {
		t.Errorf("a line is %v", item)
	}
	for _, hidden := range []string{"Calle", "Noor", buyerPhone, "payments", "customerId", "cartId", "addressId"} {
		if strings.Contains(own.body, hidden) {
			t.Errorf("the owner is shown %s", hidden)
		}
	}
	whole := s.client().ask("GET", path, "", "X-Admin-Token: "+testAdmin)
	for _, shown := range []string{"Calle Mayor 1", "Noor Haddad", buyerPhone, "cartId", "version"} {
		if !strings.Contains(whole.body, shown) {
			t.Errorf("staff are not shown %s: %s", shown, whole.body)
		}
	}
	for _, headers := range [][]string{nil, {"X-Session-Token: nobody"}, {"X-Lookup-Token: AAAA"}} {
		for _, ask := range [][2]string{{"GET", path}, {"POST", path + "/cancel"}} {
			if got := s.client().ask(ask[0], ask[1], "", headers...); got.StatusCode != 404 || got.code(t) != "order_not_found" {
				t.Errorf("%v %v: got %d %s", ask, headers, got.StatusCode, got.code(t))
			}
		}
	}
	if got := s.client().ask("GET", path, "", "X-Admin-Token: wrong"); got.StatusCode != 401 {
		t.Errorf("a wrong token: got %d", got.StatusCode)
	}
	stranger := s.client()
	stranger.add("OIL-30", 1)
	if got := stranger.ask("GET", path, ""); got.StatusCode != 404 {
		t.Errorf("another visitor: got %d", got.StatusCode)
	}
	if got := b.ask("GET", path+"/events", ""); got.StatusCode != 401 {
		t.Errorf("the owner reads the history: got %d", got.StatusCode)
	}
	events := s.client().does(200, "GET", path+"/events", "", "X-Admin-Token: "+testAdmin)["events"].([]any)
	if first := events[0].(map[string]any); first["kind"] != "placed" || first["to"] != "pending_cod" || first["actor"] != "customer" {
		t.Errorf("the history begins with %v", first)
	}
}

// The orders of a phone are its owner's and staff's to read; to everybody else the phone says nothing.
func TestOrdersOfAPhone(t *testing.T) {
	t.Parallel()
	s := newStocked(t)
	b := s.client()
	made := b.ordered()
	customer := models.Customer{ID: models.NewID(), Name: "Noor", Language: "en", CreatedAt: testNow, UpdatedAt: testNow}
	phone := buyerPhone
	customer.Phone = &phone
	s.write(&customer)
	if err := s.DB.On(t.Context()).Exec("UPDATE orders SET customer_id = ?, session_id = NULL WHERE id = ?", customer.ID, made["orderId"]).Error; err != nil {
		t.Fatal(err)
	}
	admin := "X-Admin-Token: " + testAdmin
	for _, tt := range []struct {
		query  string
		header string
		status int
		orders int
	}{
		{"", "X-Nobody: 1", 400, 0}, {"?phone=", admin, 400, 0}, {"?phone=abc", admin, 400, 0},
		{"?phone=%2B34600000123", "X-Nobody: 1", 401, 0}, {"?phone=%2B34600000999", "X-Nobody: 1", 401, 0},
		{"?phone=%2B34600000123", admin, 200, 1}, {"?phone=+34600000123", admin, 200, 1}, {"?phone=34600000123", admin, 200, 1}, {"?phone=%2B34600000999", admin, 200, 0},
	} {
		got := s.client().ask("GET", "/orders"+tt.query, "", tt.header)
		if got.StatusCode != tt.status {
			t.Errorf("%s %s: got %d %s", tt.query, tt.header, got.StatusCode, got.body)
			continue
		}
		if tt.status == 200 && len(got.json(t)["orders"].([]any)) != tt.orders {
			t.Errorf("%s: got %s", tt.query, got.body)
		}
	}
	token, _, err := s.Shop.OpenSession(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	fresh, _, err := s.Shop.Recognise(t.Context(), token, customer.ID)
	if err != nil {
		t.Fatal(err)
	}
	own := "X-Session-Token: " + fresh
	if got := s.client().ask("GET", "/orders?phone=%2B34600000123", "", own); got.StatusCode != 200 || !strings.Contains(got.body, made["number"].(string)) || strings.Contains(got.body, "items") {
		t.Errorf("the phone's owner: got %d %s", got.StatusCode, got.body)
	}
	if got := s.client().ask("GET", "/orders?phone=%2B34600000999", "", own); got.StatusCode != 401 {
		t.Errorf("somebody else's phone: got %d", got.StatusCode)
	}
}

// Looking up: both must match, there is one answer for all that does not, the ticket opens that order and no other,
// for a while.
func TestOrderLookup(t *testing.T) {
	t.Parallel()
	s := newStocked(t)
	made, other := s.client().ordered(), s.client().ordered()
	ask := func(phone, order string) answer {
		return s.client().ask("POST", "/orders/lookup", fmt.Sprintf(`{"phone":%q,"orderId":%q}`, phone, order))
	}
	number := made["number"].(string)
	for _, tt := range [][2]string{{buyerPhone, number}, {" 34 600 000 123", strings.ToLower(strings.ReplaceAll(number, "-", ""))}, {"+٣٤٦٠٠٠٠٠١٢٣", made["orderId"].(string)}} {
		if got := ask(tt[0], tt[1]); got.StatusCode != 200 || !strings.Contains(got.body, number) || strings.Contains(got.body, "Calle") {
			t.Errorf("%v: got %d %s", tt, got.StatusCode, got.body)
		}
	}
	var bodies []string
	for _, tt := range [][2]string{{"+34600000777", number}, {"+34600000778", "LU-2222-2222"}, {buyerPhone, "LU-2222-2223"}, {"+34600000779", "nonsense"}} {
		got := ask(tt[0], tt[1])
		if got.StatusCode != 404 || got.code(t) != "not_found" {
			t.Errorf("%v: got %d %s", tt, got.StatusCode, got.body)
		}
		body := got.json(t)
		delete(body["error"].(map[string]any), "requestId")
		bodies = append(bodies, fmt.Sprint(body))
	}
	for _, body := range bodies {
		if body != bodies[0] {
			t.Errorf("answers differ: %s, %s", body, bodies[0])
		}
	}
	if got := ask("", ""); got.StatusCode != 400 || detailFields(t, got) != "orderId phone" {
		t.Errorf("nothing: got %d %s", got.StatusCode, got.body)
	}
	ticket := ask(buyerPhone, number).json(t)["lookupToken"].(string)
	own, foreign := "/orders/"+number, "/orders/"+other["number"].(string)
	for path, want := range map[string]int{own: 200, own + "?lookupToken=" + ticket: 200, foreign: 404} {
		header := "X-Lookup-Token: " + ticket
		if strings.Contains(path, "?") {
			header = "X-Nobody: 1"
		}
		if got := s.client().ask("GET", path, "", header); got.StatusCode != want {
			t.Errorf("%s: got %d, want %d", path, got.StatusCode, want)
		}
	}
	if got := s.client().ask("POST", own+"/cancel", "", "X-Lookup-Token: "+ticket); got.StatusCode != 404 {
		t.Errorf("a ticket cancels: got %d", got.StatusCode)
	}
	later := newTickets("a secret", s.Clock)
	if _, good := later.read(useLookup, later.sign(useLookup, make([]byte, 16), -time.Second), 16); good {
		t.Error("a ticket is good when its time is over")
	}
}

// After three misses a little sum is asked before each further try; it is asked once, and needs to be right.
func TestLookupChallenge(t *testing.T) {
	t.Parallel()
	s := newStocked(t, func(set *Settings, _ *Rooms) { set.Limits.Allow = nil })
	made := s.client().ordered()
	n := 0
	ask := func(phone, number, more string) answer {
		n++
		return s.client().ask("POST", "/orders/lookup", fmt.Sprintf(`{"phone":%q,"orderId":%q%s}`, phone, number, more))
	}
	miss := func() string { n++; return fmt.Sprintf("+3460000%04d", n) }
	for range lookupMisses {
		if got := ask(miss(), "LU-2222-"+strconv.Itoa(2222+n), ""); got.StatusCode != 404 {
			t.Fatalf("a miss: got %d %s", got.StatusCode, got.body)
		}
	}
	number := made["number"].(string)
	got := ask(buyerPhone, number, "")
	if got.StatusCode != 403 || got.code(t) != "challenge_required" {
		t.Fatalf("after the misses: got %d %s", got.StatusCode, got.body)
	}
	answerTo := func(got answer, off int) string {
		var body failure
		if err := json.Unmarshal([]byte(got.body), &body); err != nil || body.Challenge == nil {
			t.Fatalf("no challenge: %s", got.body)
		}
		var a, b int
		if _, err := fmt.Sscanf(body.Challenge.Question, "What is %d plus %d?", &a, &b); err != nil {
			t.Fatalf("%s: %v", body.Challenge.Question, err)
		}
		return fmt.Sprintf(`,"challenge":{"ticket":%q,"answer":"%d"}`, body.Challenge.Ticket, a+b+off)
	}
	if wrong := ask(buyerPhone, number, answerTo(got, 1)); wrong.StatusCode != 403 {
		t.Errorf("a wrong sum: got %d", wrong.StatusCode)
	}
	right := answerTo(got, 0)
	if found := ask(buyerPhone, number, right); found.StatusCode != 200 {
		t.Errorf("the right sum: got %d %s", found.StatusCode, found.body)
	}
	if again := ask(buyerPhone, number, right); again.StatusCode != 403 {
		t.Errorf("the same answer once more: got %d", again.StatusCode)
	}
}

// Ten a minute and no more, of an address as about a phone or an order.
func TestLookupLimit(t *testing.T) {
	t.Parallel()
	s := newStocked(t, func(set *Settings, _ *Rooms) { set.Limits.Allow = []netip.Prefix{netip.MustParsePrefix("0.0.0.0/32")} })
	made := s.client().ordered()
	body := fmt.Sprintf(`{"phone":%q,"orderId":%q}`, buyerPhone, made["number"])
	for i := range lookupTries + 1 {
		got := s.client().ask("POST", "/orders/lookup", body)
		want := map[bool]int{true: 200, false: 429}[i < lookupTries]
		if got.StatusCode != want || want == 429 && got.Header.Get("Retry-After") == "" {
			t.Errorf("try %d: got %d", i+1, got.StatusCode)
		}
	}
}

// A person of the salon acts on any order, and the history says who; one whose role may only read does not.
func TestStaffActOnOrders(t *testing.T) {
	t.Parallel()
	s := newStocked(t)
	made := s.client().ordered()
	body := fmt.Sprintf(`{"orderId":%q}`, made["orderId"])
	bearer := func(role models.Role) string {
		login := fmt.Sprintf(`{"email":%q,"password":%q}`, s.person(role), testPassword)
		return "Authorization: Bearer " + s.client().does(200, "POST", "/session/token", login)["token"].(string)
	}
	if got := s.client().ask("POST", "/checkout/confirm", body, bearer(models.RolePM)); got.StatusCode != 403 {
		t.Errorf("who may only read confirms: got %d", got.StatusCode)
	}
	operator := bearer(models.RoleOperator)
	s.client().does(200, "POST", "/checkout/confirm", body, operator)
	events := s.client().does(200, "GET", "/orders/"+made["number"].(string)+"/events", "", operator)["events"].([]any)
	if last := events[len(events)-1].(map[string]any); last["kind"] != "confirmed" || !strings.HasPrefix(last["actor"].(string), "staff:") {
		t.Errorf("the history ends with %v", last)
	}
	if _, may := s.Staff.Can(models.RoleStylist, staff.Orders, staff.ToRead); may {
		t.Fatal("a stylist reads orders: choose another role for this test")
	}
}
