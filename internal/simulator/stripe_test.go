package simulator

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	stripego "github.com/stripe/stripe-go/v76"
	"github.com/stripe/stripe-go/v76/client"
	"github.com/stripe/stripe-go/v76/webhook"

	"frontdesk/internal/clock"
)

// account is Stripe's own client, pointed at the stand-in.
func (b *bench) account() *client.API {
	return client.New(testStripe, stripego.NewBackendsWithConfig(&stripego.BackendConfig{
		URL: stripego.String(b.URL() + "/stripe"), MaxNetworkRetries: stripego.Int64(0),
		LeveledLogger: &stripego.LeveledLogger{Level: stripego.LevelNull},
	}))
}

func (b *bench) params() *stripego.CheckoutSessionParams {
	return &stripego.CheckoutSessionParams{
		Mode: stripego.String("payment"), SuccessURL: stripego.String(b.app.URL + "/paid?s={CHECKOUT_SESSION_ID}"),
		CancelURL: stripego.String(b.app.URL + "/cancelled"), ClientReferenceID: stripego.String("ref-1"),
		Metadata:          map[string]string{"payment_id": "p1"},
		PaymentIntentData: &stripego.CheckoutSessionPaymentIntentDataParams{Metadata: map[string]string{"payment_id": "p1"}},
		LineItems: []*stripego.CheckoutSessionLineItemParams{{
			Quantity: stripego.Int64(1),
			PriceData: &stripego.CheckoutSessionLineItemPriceDataParams{
				Currency: stripego.String("eur"), UnitAmount: stripego.Int64(1600),
				ProductData: &stripego.CheckoutSessionLineItemPriceDataProductDataParams{Name: stripego.String("Deposit")},
			},
		}},
	}
}

// openSession opens a session as the app would; edit may change what is asked.
func (b *bench) openSession(edit func(*stripego.CheckoutSessionParams)) *stripego.CheckoutSession {
	b.t.Helper()
	p := b.params()
	if edit != nil {
		edit(p)
	}
	s, err := b.account().CheckoutSessions.New(p)
	if err != nil {
		b.t.Fatalf("open session: %v", err)
	}
	return s
}

// refusal is a failed call in one line: status, type, code, param.
func refusal(err error) string {
	var e *stripego.Error
	if !errors.As(err, &e) {
		return fmt.Sprint(err)
	}
	return fmt.Sprint(e.HTTPStatusCode, " ", e.Type, " ", e.Code, " ", e.Param)
}

func TestSessionLife(t *testing.T) {
	b := newBench(t)
	s := b.openSession(nil)
	if s.Status != "open" || s.PaymentStatus != "unpaid" || s.AmountTotal != 1600 || s.Currency != "eur" ||
		s.PaymentIntent != nil || s.URL != b.URL()+"/pay/"+s.ID || s.ExpiresAt-s.Created != 24*60*60 || s.ClientReferenceID != "ref-1" {
		t.Fatalf("new session %+v", s)
	}
	_, answer := b.control("pay", map[string]any{"url": s.URL, "outcome": "paid"})
	id := value(answer, "event_ids", 0)
	hooks := b.within("the event", func(h []hook) bool { return len(h) == 1 })
	e, err := webhook.ConstructEvent(hooks[0].body, hooks[0].signature, testHook)
	if err != nil || e.ID != id || e.Type != "checkout.session.completed" || hooks[0].path != "/payments/stripe/webhook" {
		t.Fatalf("event %v %s to %s: %v", e.ID, e.Type, hooks[0].path, err)
	}
	paid, err := b.account().CheckoutSessions.Get(s.ID, &stripego.CheckoutSessionParams{Params: stripego.Params{Expand: []*string{stripego.String("payment_intent")}}})
	if err != nil || paid.Status != "complete" || paid.PaymentStatus != "paid" || paid.URL != "" || paid.PaymentIntent.AmountReceived != 1600 {
		t.Fatalf("paid session %+v: %v", paid, err)
	}
	i, err := b.account().PaymentIntents.Get(paid.PaymentIntent.ID, nil)
	if err != nil || i.Status != "succeeded" || i.LatestCharge == nil || i.Metadata["payment_id"] != "p1" {
		t.Errorf("intent %+v: %v", i, err)
	}
	if _, err := b.account().CheckoutSessions.Expire(s.ID, nil); !strings.HasPrefix(refusal(err), "400 invalid_request_error") {
		t.Errorf("expire a paid session: %s", refusal(err))
	}
	events := b.account().Events.List(&stripego.EventListParams{Type: stripego.String("checkout.session.completed")})
	if !events.Next() || events.Event().ID != id {
		t.Errorf("events list: %v", events.Err())
	}
}

func TestSessionRefusals(t *testing.T) {
	b := newBench(t)
	now := b.cfg.Clock.Now()
	if err := clock.Stop(b.cfg.ClockFile, now); err != nil {
		t.Fatal(err)
	}
	in := func(d time.Duration) *int64 { return stripego.Int64(now.Add(d).Unix()) }
	for _, c := range []struct {
		name string
		edit func(*stripego.CheckoutSessionParams)
		want string // empty: accepted
	}{
		{"expires in 30 min", func(p *stripego.CheckoutSessionParams) { p.ExpiresAt = in(30 * time.Minute) }, ""},
		{"expires in 24 h", func(p *stripego.CheckoutSessionParams) { p.ExpiresAt = in(24 * time.Hour) }, ""},
		{"expires in 29 min", func(p *stripego.CheckoutSessionParams) { p.ExpiresAt = in(29 * time.Minute) }, "400 invalid_request_error  expires_at"},
		{"expires in 25 h", func(p *stripego.CheckoutSessionParams) { p.ExpiresAt = in(25 * time.Hour) }, "400 invalid_request_error  expires_at"},
		{"no mode", func(p *stripego.CheckoutSessionParams) { p.Mode = nil }, "400 invalid_request_error parameter_missing mode"},
		{"no lines", func(p *stripego.CheckoutSessionParams) { p.LineItems = nil }, "400 invalid_request_error parameter_missing line_items"},
		{"no success page", func(p *stripego.CheckoutSessionParams) { p.SuccessURL = nil }, "400 invalid_request_error parameter_missing success_url"},
		{"odd success page", func(p *stripego.CheckoutSessionParams) { p.SuccessURL = stripego.String("/paid") }, "400 invalid_request_error url_invalid success_url"},
		{"Spanish", func(p *stripego.CheckoutSessionParams) { p.Locale = stripego.String("es") }, ""},
		{"Arabic is no locale", func(p *stripego.CheckoutSessionParams) { p.Locale = stripego.String("ar") }, "400 invalid_request_error  locale"},
		{"49 cents", func(p *stripego.CheckoutSessionParams) { p.LineItems[0].PriceData.UnitAmount = stripego.Int64(49) }, "400 invalid_request_error amount_too_small "},
		{"upper case currency", func(p *stripego.CheckoutSessionParams) { p.LineItems[0].PriceData.Currency = stripego.String("EUR") }, "400 invalid_request_error  line_items[0][price_data][currency]"},
		{"no quantity", func(p *stripego.CheckoutSessionParams) { p.LineItems[0].Quantity = nil }, "400 invalid_request_error parameter_invalid_integer line_items[0][quantity]"},
		{"unknown parameter", func(p *stripego.CheckoutSessionParams) { p.AddExtra("colour", "red") }, "400 invalid_request_error parameter_unknown colour"},
		{"long metadata", func(p *stripego.CheckoutSessionParams) { p.Metadata["k"] = strings.Repeat("v", 501) }, "400 invalid_request_error  metadata[k]"},
	} {
		p := b.params()
		c.edit(p)
		_, err := b.account().CheckoutSessions.New(p)
		if got := ""; err != nil {
			if got = refusal(err); got != c.want {
				t.Errorf("%s: got %q, want %q", c.name, got, c.want)
			}
		} else if c.want != "" {
			t.Errorf("%s: accepted, want %q", c.name, c.want)
		}
	}
	if _, err := b.account().CheckoutSessions.Get("cs_test_none", nil); refusal(err) != "404 invalid_request_error resource_missing session" {
		t.Errorf("unknown session: %s", refusal(err))
	}
	if status, answer := b.call("GET", "/stripe/v1/events", nil, "Authorization", "Bearer sk_test_other"); status != 401 || value(answer, "error", "type") != "invalid_request_error" {
		t.Errorf("wrong key: %d %v", status, answer)
	}
	if status, _ := b.call("GET", "/stripe/v1/nothing", nil, "Authorization", "Bearer "+testStripe); status != 404 {
		t.Errorf("unknown path: %d", status)
	}
}

// Fact C3.
func TestIdempotency(t *testing.T) {
	b := newBench(t)
	p := b.params()
	p.SetIdempotencyKey("payment-1")
	first, err := b.account().CheckoutSessions.New(p)
	if err != nil {
		t.Fatal(err)
	}
	again, err := b.account().CheckoutSessions.New(p)
	if err != nil || again.ID != first.ID || again.LastResponse.Header.Get("Idempotent-Replayed") != "true" {
		t.Errorf("the same request made %s and %s: %v", first.ID, again.ID, err)
	}
	p.LineItems[0].PriceData.UnitAmount = stripego.Int64(1700)
	if _, err := b.account().CheckoutSessions.New(p); refusal(err) != "400 idempotency_error  " {
		t.Errorf("other parameters: %s", refusal(err))
	}
}

// Refunds are listed page by page, of one payment, as Stripe's own client walks them.
func TestRefundsAreListed(t *testing.T) {
	b := newBench(t)
	var intents []string
	for range 2 {
		s := b.openSession(nil)
		b.control("pay", map[string]any{"session": s.ID, "outcome": "paid"})
		got, err := b.account().CheckoutSessions.Get(s.ID, nil)
		if err != nil {
			t.Fatal(err)
		}
		intents = append(intents, got.PaymentIntent.ID)
		for i := range 3 {
			p := &stripego.RefundParams{PaymentIntent: stripego.String(got.PaymentIntent.ID), Amount: stripego.Int64(100), Metadata: map[string]string{"refund_id": fmt.Sprint(i)}}
			if _, err := b.account().Refunds.New(p); err != nil {
				t.Fatal(err)
			}
		}
	}
	list := func(intent string) (seen map[string]bool, err error) {
		seen = map[string]bool{}
		p := &stripego.RefundListParams{PaymentIntent: stripego.String(intent)}
		p.Limit = stripego.Int64(2)
		pages := b.account().Refunds.List(p)
		for pages.Next() {
			seen[pages.Refund().Metadata["refund_id"]] = pages.Refund().PaymentIntent.ID == intents[0]
		}
		return seen, pages.Err()
	}
	if seen, err := list(intents[0]); err != nil || len(seen) != 3 || !seen["0"] || !seen["1"] || !seen["2"] {
		t.Errorf("listed %v, %v", seen, err)
	}
	if _, err := list("pi_none"); refusal(err) != "404 invalid_request_error resource_missing payment_intent" {
		t.Errorf("of no payment: %s", refusal(err))
	}
}

func TestRefunds(t *testing.T) {
	b := newBench(t)
	s := b.openSession(nil)
	refund := func(intent string, amount int64) (*stripego.Refund, error) {
		p := &stripego.RefundParams{PaymentIntent: stripego.String(intent), Metadata: map[string]string{"refund_id": "r1"}}
		if amount > 0 {
			p.Amount = stripego.Int64(amount)
		}
		return b.account().Refunds.New(p)
	}
	b.control("pay", map[string]any{"session": s.ID, "outcome": "declined"})
	declined, err := b.account().CheckoutSessions.Get(s.ID, nil)
	if err != nil || declined.Status != "open" || declined.PaymentIntent == nil {
		t.Fatalf("declined session %+v: %v", declined, err)
	}
	intent := declined.PaymentIntent.ID
	if _, err := refund(intent, 0); !strings.HasPrefix(refusal(err), "400") {
		t.Errorf("refund of an unpaid intent: %s", refusal(err))
	}
	b.control("pay", map[string]any{"session": s.ID, "outcome": "paid"})
	if _, err := refund(intent, 1601); refusal(err) != "400 invalid_request_error  amount" {
		t.Errorf("more than captured: %s", refusal(err))
	}
	part, err := refund(intent, 600)
	if err != nil || part.Status != "succeeded" || part.Amount != 600 || part.Metadata["refund_id"] != "r1" {
		t.Fatalf("part refund %+v: %v", part, err)
	}
	if rest, err := refund(intent, 0); err != nil || rest.Amount != 1000 {
		t.Errorf("the rest: %+v %v", rest, err)
	}
	if _, err := refund(intent, 0); refusal(err) != "400 invalid_request_error charge_already_refunded " {
		t.Errorf("refund again: %s", refusal(err))
	}
	if _, err := refund("pi_none", 0); refusal(err) != "404 invalid_request_error resource_missing payment_intent" {
		t.Errorf("unknown intent: %s", refusal(err))
	}
	status, answer := b.control("refund", map[string]any{"refund": part.ID, "outcome": "failed"})
	if status != 200 || len(answer["event_ids"].([]any)) != 1 {
		t.Errorf("failed refund: %d %v", status, answer)
	}
	if failed, err := b.account().Refunds.Get(part.ID, nil); err != nil || failed.Status != "failed" {
		t.Errorf("failed refund reads %+v: %v", failed, err)
	}
}

// Sessions end by business time, wherever it is moved from, and say so once.
func TestSessionsExpireByBusinessTime(t *testing.T) {
	b := newBench(t)
	now := b.cfg.Clock.Now()
	s := b.openSession(func(p *stripego.CheckoutSessionParams) {
		p.ExpiresAt = stripego.Int64(now.Add(31 * time.Minute).Unix())
	})
	if err := clock.Stop(b.cfg.ClockFile, now.Add(32*time.Minute)); err != nil {
		t.Fatal(err)
	}
	hooks := b.within("the expiry event", func(h []hook) bool { return len(h) > 0 })
	e, err := webhook.ConstructEvent(hooks[0].body, hooks[0].signature, testHook)
	if err != nil || e.Type != "checkout.session.expired" {
		t.Fatalf("event %s: %v", e.Type, err)
	}
	if got, err := b.account().CheckoutSessions.Get(s.ID, nil); err != nil || got.Status != "expired" || got.URL != "" {
		t.Errorf("session %+v: %v", got, err)
	}
	// The control interface sends what the provider would not: money for an expired session.
	if status, answer := b.control("pay", map[string]any{"session": s.ID, "outcome": "paid", "copies": 3}); status != 200 || len(answer["event_ids"].([]any)) != 1 {
		t.Fatalf("late money: %d %v", status, answer)
	}
	hooks = b.within("three copies", func(h []hook) bool { return len(h) == 4 })
	if string(hooks[1].body) != string(hooks[2].body) || string(hooks[2].body) != string(hooks[3].body) {
		t.Error("the copies differ")
	}
}

func page(t *testing.T, url, accept string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept-Language", accept)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

func TestPayPage(t *testing.T) {
	b := newBench(t)
	for _, c := range []struct{ locale, name, accept, want string }{
		{"es", "Señal", "en", `lang="es" dir="ltr"`},
		{"en", "Deposit", "ar", `lang="en" dir="ltr"`},
		{"auto", "Deposit", "ar-SA,en;q=0.5", `lang="ar" dir="rtl"`},
		{"auto", "عربون", "en", `lang="ar" dir="rtl"`},
		{"auto", "Deposit", "de", `lang="en" dir="ltr"`},
	} {
		s := b.openSession(func(p *stripego.CheckoutSessionParams) {
			p.Locale = stripego.String(c.locale)
			p.LineItems[0].PriceData.ProductData.Name = stripego.String(c.name)
		})
		status, body := page(t, s.URL, c.accept)
		if status != 200 || !strings.Contains(body, c.want) || !strings.Contains(body, "16.00") || !strings.Contains(body, c.name) {
			t.Errorf("%s with %s: got %d, want %s in\n%s", c.locale, c.accept, status, c.want, body)
		}
		if strings.Contains(body, "<script") || strings.Contains(body, "simulator.") || strings.Contains(body, "style=") {
			t.Errorf("%s: the page holds a script, an inline style or a missing text", c.locale)
		}
	}
	if status, body := page(t, b.URL()+"/pay/cs_test_none", "es"); status != 404 || !strings.Contains(body, "no existe") {
		t.Errorf("unknown session: %d %s", status, body)
	}
	if status, _ := page(t, b.URL()+"/pay/assets/pay.css", ""); status != 200 {
		t.Errorf("style sheet: %d", status)
	}
}

// The buttons of the page are plain forms, and a finished page offers none.
func TestPayPageButtons(t *testing.T) {
	b := newBench(t)
	s := b.openSession(nil)
	press := func(button string) *url.URL {
		t.Helper()
		browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		res, err := browser.PostForm(s.URL+"/"+button, nil)
		if err != nil || res.StatusCode != http.StatusSeeOther {
			t.Fatalf("%s: %v %v", button, res, err)
		}
		_ = res.Body.Close()
		to, err := res.Location()
		if err != nil {
			t.Fatal(err)
		}
		return to
	}
	if to := press("cancel"); to.Path != "/cancelled" {
		t.Errorf("cancel leads to %s", to)
	}
	if to := press("decline"); to.Path != "/pay/"+s.ID {
		t.Errorf("decline leads to %s", to)
	}
	if _, body := page(t, s.URL, "en"); !strings.Contains(body, `role="alert"`) || !strings.Contains(body, "/pay\"") {
		t.Error("a declined page says nothing, or cannot be paid again")
	}
	if to := press("pay"); to.Path != "/paid" || to.Query().Get("s") != s.ID {
		t.Errorf("pay leads to %s", to)
	}
	if _, body := page(t, s.URL, "en"); strings.Contains(body, "<form") {
		t.Error("a paid page still has forms")
	}
	press("pay") // once more: nothing happens
	hooks := b.within("both events", func(h []hook) bool { return len(h) == 2 })
	if !strings.Contains(string(hooks[0].body), "payment_failed") || !strings.Contains(string(hooks[1].body), "session.completed") {
		t.Errorf("events %s, %s", hooks[0].body, hooks[1].body)
	}
}
