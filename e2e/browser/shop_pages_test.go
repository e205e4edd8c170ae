package browser

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"frontdesk/e2e/harness"
	"frontdesk/models"
)

// shopper is somebody with a phone who buys over HTTP. What they see, their tab shows.
type shopper struct {
	*testing.T
	app   *harness.App
	phone string
	token string // of the session, told by the first answer
}

// bought is an order, and its return if there is one.
type bought struct {
	OrderID, Number, CheckoutURL string
	Back                         string `json:"-"`
}

// ask sends a body as JSON and reads the answer; anything but success ends the test.
func (s *shopper) ask(path string, body, into any) {
	raw, err := json.Marshal(body)
	if err != nil {
		s.Fatalf("%s: %v", path, err)
	}
	req, err := http.NewRequest(http.MethodPost, s.app.BaseURL+"/api"+path, bytes.NewReader(raw))
	if err != nil {
		s.Fatalf("%s: %v", path, err)
	}
	req.Header.Set("Content-Type", "application/json")
	if s.token != "" {
		req.Header.Set("X-Session-Token", s.token)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		s.Fatalf("%s: %v", path, err)
	}
	defer res.Body.Close() //nolint:errcheck // read to its end
	got, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode >= 300 {
		s.Fatalf("%s: %d %s %v", path, res.StatusCode, got, err)
	}
	if token := res.Header.Get("X-Session-Token"); token != "" {
		s.token = token
	}
	if err := json.Unmarshal(got, into); err != nil {
		s.Fatalf("%s: %v", path, err)
	}
}

// fills puts products into the cart, of every second two.
func (s *shopper) fills(products ...string) {
	for i, id := range products {
		s.ask("/cart/items", map[string]any{"productId": id, "qty": 1 + i%2}, &struct{}{})
	}
}

// orders makes an order of the cart; in cash it is not confirmed yet, by card it is not paid.
func (s *shopper) orders(method string, products ...string) (b bought) {
	s.fills(products...)
	s.ask("/checkout/init", map[string]any{"method": method, "notes": "Ring twice, please", "address": map[string]string{
		"name": "Samira Prats", "phone": s.phone, "line1": "Calle Mayor 1", "line2": "2º B", "city": "Madrid", "postalCode": "28013", "country": "ES",
	}}, &b)
	return b
}

// buys makes an order that stands: confirmed, or paid.
func (s *shopper) buys(method string, products ...string) bought {
	b := s.orders(method, products...)
	if method == "cod" {
		s.ask("/checkout/confirm", map[string]string{"orderId": b.OrderID}, &struct{}{})
	} else {
		s.app.Pay(b.CheckoutURL, "paid", 1)
		s.app.Settle()
	}
	return b
}

var sixDigits = regexp.MustCompile(`\b\d{6}\b`)

// proves shows by a code on WhatsApp whose phone it is.
func (s *shopper) proves() {
	s.ask("/session/verify/start", map[string]string{"phone": s.phone}, &struct{}{})
	s.app.Settle()
	said := strings.Join(s.app.Received(s.phone), "\n")
	s.ask("/session/verify/complete", map[string]string{"phone": s.phone, "code": sixDigits.FindString(said)}, &struct{}{})
}

// sendsBack asks for a return of all of an order.
func (s *shopper) sendsBack(b bought, reason string) bought {
	var made struct{ ID string }
	s.ask("/returns", map[string]string{"orderId": b.OrderID, "reason": reason, "notes": "The pump was broken when it came"}, &made)
	b.Back = made.ID
	return b
}

// photographs sends a picture by WhatsApp.
func (s *shopper) photographs() {
	picture := image.NewRGBA(image.Rect(0, 0, 320, 240))
	for i := range picture.Pix {
		picture.Set(i%320, i/320%240, color.RGBA{uint8(i), uint8(i / 7), 120, 255})
	}
	var file bytes.Buffer
	if err := png.Encode(&file, picture); err != nil {
		s.Fatalf("%v", err)
	}
	s.app.Photograph(s.phone, "image/png", file.Bytes())
}

// shows opens a tab with what a shopper sees, under a role's name.
func (l *looker) shows(t *testing.T, role string, s *shopper) {
	t.Helper()
	tab := l.browser.Page(1360, 900)
	l.tabs[role] = tab
	tab.Open(l.app.BaseURL + "/products")
	harness.Eval[string](tab, fmt.Sprintf(`document.cookie = "luma_sid=%s; path=/"`, s.token))
}

// goods are the ids of products of which there are plenty.
func goods(a *harness.App, n int) []string {
	return strings.Fields(a.Text(`SELECT string_agg(id::text, ' ') FROM (SELECT id FROM products WHERE active AND currency = 'EUR' ORDER BY stock DESC, sku LIMIT $1) AS p`, n))
}

// move takes steps with an order or a return of the console, by a program.
func (l *looker) move(t *testing.T, d harness.Desk, room, id string, form url.Values, steps ...string) {
	t.Helper()
	for _, step := range steps {
		fields := maps.Clone(form)
		if fields == nil {
			fields = url.Values{}
		}
		fields.Set("version", strconv.FormatInt(l.app.Number(`SELECT version FROM `+room+` WHERE id = $1`, id), 10))
		if status, body := d.Post("/console/"+room+"/"+id+"/"+step, fields); status >= 300 {
			t.Fatalf("%s %s: %d %s", room, step, status, body)
		}
	}
}

// prepareShop leaves a shop in which people have full carts, an order in each state and a return in each state.
func (l *looker) prepareShop(t *testing.T) {
	t.Helper()
	desk, all := l.app.Desk("OPERATOR"), goods(l.app, 6)
	if len(all) < 6 {
		t.Fatalf("there is too little to buy: %v", all)
	}
	fresh := func(phone string) *shopper { return &shopper{T: t, app: l.app, phone: phone} }

	browsing := fresh("+34600000201")
	browsing.fills(all[:3]...)
	l.shows(t, "full cart", browsing)
	asked := fresh("+34600000202")
	l.keep("order asked", asked.orders("cod", all[0], all[1]))
	l.shows(t, "asked", asked)
	waiting := fresh("+34600000203")
	l.keep("order waiting", waiting.orders("stripe", all[2]))
	l.shows(t, "waiting", waiting)

	buyer := fresh("+34600000204")
	buyer.fills(all[5])
	buyer.proves()
	l.keep("order confirmed", buyer.buys("cod", all[0], all[3]))
	l.keep("order paid", buyer.buys("stripe", all[1]))
	sent := buyer.buys("stripe", all[2], all[3], all[4])
	l.keep("order shipped", sent)
	l.move(t, desk, "orders", sent.OrderID, url.Values{"note": {"With the morning round"}}, "ship")
	off := buyer.buys("stripe", all[0])
	l.keep("order canceled", off)
	l.move(t, desk, "orders", off.OrderID, url.Values{"reason": {"Bought by mistake"}}, "cancel")
	whole := buyer.buys("cod", all[4], all[5])
	l.keep("order delivered", whole)
	l.move(t, desk, "orders", whole.OrderID, nil, "ship", "deliver")
	l.move(t, desk, "orders", whole.OrderID, url.Values{"reason": {"The neighbour took it"}}, "note")
	l.prepareReturns(t, buyer, desk, all)
	l.shows(t, "buyer", buyer)
}

// prepareReturns leaves a return in each state; pictures are with the one that was asked for last.
func (l *looker) prepareReturns(t *testing.T, buyer *shopper, desk harness.Desk, all []string) {
	t.Helper()
	steps := map[string][]string{
		"refunded": {"approve", "in-transit", "received"}, "received": {"approve", "received"}, "in transit": {"approve", "in-transit"},
		"approved": {"approve"}, "rejected": {"reject"}, "requested": nil,
	}
	for i, state := range []string{"refunded", "received", "in transit", "approved", "rejected", "requested"} {
		b := buyer.buys([]string{"stripe", "cod"}[i%2], all[i%len(all)])
		l.move(t, desk, "orders", b.OrderID, nil, "ship", "deliver")
		if reason := []string{"damaged", "changed_mind", "wrong_item"}[i%3]; state == "approved" { // asked for at the desk
			b = l.takesBack(t, desk, b, reason)
		} else {
			b = buyer.sendsBack(b, reason)
		}
		l.found["return "+state], l.found["desk return "+state] = "/returns/"+b.Back, "/console/returns/"+b.Back
		l.keep("order with a return "+state, b)
		note := url.Values{"note": {"Seen at the desk"}}
		l.move(t, desk, "returns", b.Back, note, steps[state]...)
	}
	buyer.photographs()
	l.app.Settle()
	l.act(t, l.tab(t, "finance"), l.found["desk return refunded"]+"/refund", map[string]string{"note": "Back to the card"})
	l.app.Settle()
}

// takesBack opens a return of the first line of an order for its customer.
func (l *looker) takesBack(t *testing.T, desk harness.Desk, b bought, reason string) bought {
	t.Helper()
	line := l.app.Text(`SELECT id::text FROM order_items WHERE order_id = $1 LIMIT 1`, b.OrderID)
	status, body := desk.Post("/console/orders/"+b.OrderID+"/return", url.Values{"qty." + line: {"1"}, "reason": {reason}, "notes": {"Said so at the desk"}})
	if status >= 300 {
		t.Fatalf("return at the desk: %d %s", status, body)
	}
	b.Back = l.app.Text(`SELECT id::text FROM returns WHERE order_id = $1`, b.OrderID)
	return b
}

// keep remembers where an order is shown, to its owner and to staff.
func (l *looker) keep(name string, b bought) {
	l.found[name], l.found["desk "+name] = "/orders/"+b.Number, "/console/orders/"+b.OrderID
}

// redraft changes a template's wording, so that there is an earlier one.
func (l *looker) redraft(t *testing.T, pm *harness.Page, path, more string) {
	t.Helper()
	pm.Open(l.app.BaseURL + path)
	body := harness.Eval[string](pm, `document.querySelector("main [name=body]").value`)
	l.act(t, pm, path, map[string]string{"body": body + more})
}

// fill writes into the page's form, as a customer would, and sends it. A name of something kept stands for its id, LANG
// for a digit of the language, %02d for a number of nobody else's.
func (l *looker) fill(t *testing.T, tab *harness.Page, p aPage, lang models.Language) {
	t.Helper()
	if p.away != "" {
		l.app.Fault(p.away, "down")
		defer l.app.Fault(p.away, "ok")
	}
	values := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(p.fill)) {
		value := strings.Replace(p.fill[name], "LANG", strconv.Itoa(slices.Index(models.Languages(), lang)), 1)
		if strings.Contains(value, "%02d") {
			l.numbers++
			value = fmt.Sprintf(value, l.numbers)
		}
		if at, kept := l.found[value]; kept {
			value = at[strings.LastIndex(at, "/")+1:]
		}
		tab.Set(name, value)
		values[name] = value
	}
	lookUpOften(t, l.app, values["phone"], values["orderId"], p.often)
	tab.Follow("main form:not([action*='/cart']) button.big[type=submit]")
}

// lookUpOften looks an order up by a program, so many times, and leaves what comes of it.
func lookUpOften(t *testing.T, a *harness.App, phone, number string, times int) {
	t.Helper()
	asked := fmt.Sprintf(`{"phone":%q,"orderId":%q}`, phone, number)
	for range times {
		res, err := http.Post(a.BaseURL+"/api/orders/lookup", "application/json", strings.NewReader(asked))
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
	}
}
