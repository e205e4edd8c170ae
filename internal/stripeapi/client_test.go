package stripeapi_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"testing"
	"time"

	"frontdesk/internal/clock"
	"frontdesk/internal/stripeapi"
	"frontdesk/internal/testkit"
	"frontdesk/models"
)

var (
	paymentID     = models.NewID()
	appointmentID = models.NewID()
	refundID      = models.NewID()
	expiresAt     = time.Date(2026, 10, 6, 11, 1, 0, 0, time.UTC)
)

func sessionRequest() stripeapi.SessionRequest {
	return stripeapi.SessionRequest{
		IdempotencyKey: paymentID.String(), PaymentID: paymentID, AppointmentID: appointmentID,
		Amount: models.Money{Minor: 1600, Currency: "EUR"}, Title: "Deposit", Language: models.Spanish,
		SuccessURL: "https://salon.test/ok", CancelURL: "https://salon.test/no", ExpiresAt: expiresAt,
	}
}

// heard is the last request a stand-in received.
type heard struct {
	path, key, auth string
	form            url.Values
}

func standIn(t *testing.T, status int, header http.Header, body string) (*stripeapi.Client, *heard) {
	t.Helper()
	var h heard
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		h = heard{path: r.Method + " " + r.URL.Path, key: r.Header.Get("Idempotency-Key"), auth: r.Header.Get("Authorization"), form: r.PostForm}
		for k, v := range header {
			w.Header()[k] = v
		}
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}))
	t.Cleanup(srv.Close)
	return stripeapi.New(stripeapi.Config{BaseURL: srv.URL + "/stripe", SecretKey: "sk_test_1", Timeout: 5 * time.Second}), &h
}

func TestCreateSession(t *testing.T) {
	client, h := standIn(t, 200, nil, `{"id":"cs_1","object":"checkout.session","url":"https://pay.test/cs_1","status":"open",
		"payment_status":"unpaid","amount_total":1600,"currency":"eur","payment_intent":null}`)
	got, err := client.CreateSession(context.Background(), sessionRequest())
	if err != nil {
		t.Fatal(err)
	}
	want := stripeapi.Session{
		ID: "cs_1", URL: "https://pay.test/cs_1", Status: "open", PaymentStatus: "unpaid",
		Amount: models.Money{Minor: 1600, Currency: "EUR"},
	}
	if got != want {
		t.Errorf("session = %+v, want %+v", got, want)
	}
	if h.path != "POST /stripe/v1/checkout/sessions" || h.key != paymentID.String() || h.auth != "Bearer sk_test_1" {
		t.Errorf("called %s with key %q and authorization %q", h.path, h.key, h.auth)
	}
	for field, want := range map[string]string{
		"mode":                     "payment",
		"client_reference_id":      paymentID.String(),
		"metadata[payment_id]":     paymentID.String(),
		"metadata[appointment_id]": appointmentID.String(),
		"payment_intent_data[metadata][payment_id]":     paymentID.String(),
		"line_items[0][quantity]":                       "1",
		"line_items[0][price_data][currency]":           "eur",
		"line_items[0][price_data][unit_amount]":        "1600",
		"line_items[0][price_data][product_data][name]": "Deposit",
		"success_url": "https://salon.test/ok",
		"cancel_url":  "https://salon.test/no",
		"expires_at":  fmt.Sprint(expiresAt.Unix()),
		"locale":      "es",
	} {
		if got := h.form.Get(field); got != want {
			t.Errorf("%s = %q, want %q", field, got, want)
		}
	}
}

func TestPageInArabicLeavesTheLanguageToTheBrowser(t *testing.T) {
	client, h := standIn(t, 200, nil, `{"id":"cs_1","url":"https://pay.test/cs_1"}`)
	r := sessionRequest()
	r.Language = models.Arabic
	if _, err := client.CreateSession(context.Background(), r); err != nil {
		t.Fatal(err)
	}
	if got := h.form.Get("locale"); got != "auto" {
		t.Errorf("locale = %q, want auto", got)
	}
}

func TestCreateRefund(t *testing.T) {
	client, h := standIn(t, 200, nil, `{"id":"re_1","object":"refund","status":"pending"}`)
	got, err := client.CreateRefund(context.Background(), stripeapi.RefundRequest{
		IdempotencyKey: refundID.String(), RefundID: refundID, PaymentID: paymentID, PaymentIntent: "pi_1", AmountMinor: 1599, Reason: stripeapi.ReasonDuplicate,
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := (stripeapi.Refund{ID: "re_1", Status: stripeapi.RefundPending}); got != want {
		t.Errorf("refund = %+v, want %+v", got, want)
	}
	if h.path != "POST /stripe/v1/refunds" || h.key != refundID.String() {
		t.Errorf("called %s with key %q", h.path, h.key)
	}
	for field, want := range map[string]string{
		"payment_intent": "pi_1", "amount": "1599", "reason": "duplicate", "metadata[refund_id]": refundID.String(),
	} {
		if got := h.form.Get(field); got != want {
			t.Errorf("%s = %q, want %q", field, got, want)
		}
	}
}

func TestErrorsSayWhetherToTryAgain(t *testing.T) {
	replayed := http.Header{"Idempotent-Replayed": {"true"}}
	for _, c := range []struct {
		name      string
		status    int
		header    http.Header
		body      string
		code      string
		temporary bool
		newKey    bool
	}{
		{"refusal", 400, nil, `{"error":{"type":"invalid_request_error","code":"amount_too_small","message":"m"}}`, "amount_too_small", false, false},
		{"no code", 400, nil, `{"error":{"type":"invalid_request_error","message":"m"}}`, "invalid_request_error", false, false},
		{"wrong key", 401, nil, `{"error":{"type":"invalid_request_error","message":"m"}}`, "invalid_request_error", false, false},
		{"other parameters", 400, nil, `{"error":{"type":"idempotency_error","message":"m"}}`, stripeapi.CodeIdempotency, false, true},
		{"same key at work", 409, nil, `{"error":{"type":"invalid_request_error","code":"idempotency_key_in_use","message":"m"}}`, "idempotency_key_in_use", true, false},
		{"too many", 429, nil, `{"error":{"type":"invalid_request_error","code":"rate_limit","message":"m"}}`, "rate_limit", true, false},
		{"down", 500, nil, `{"error":{"type":"api_error","message":"m"}}`, "api_error", true, false},
		{"down, remembered", 500, replayed, `{"error":{"type":"api_error","message":"m"}}`, "api_error", true, true},
		{"refusal, remembered", 400, replayed, `{"error":{"type":"invalid_request_error","code":"amount_too_small","message":"m"}}`, "amount_too_small", false, false},
		{"garbage", 200, nil, `<html>`, stripeapi.CodeNoAnswer, true, false},
		{"nothing in it", 200, nil, `{}`, stripeapi.CodeGarbage, true, false},
		{"garbage with an error status", 502, nil, `<html>`, stripeapi.CodeNoAnswer, true, false},
		{"not an error of Stripe's", 503, nil, `{}`, stripeapi.CodeNoAnswer, true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			client, _ := standIn(t, c.status, c.header, c.body)
			_, err := client.CreateSession(context.Background(), sessionRequest())
			if got := stripeapi.Code(err); got != c.code {
				t.Errorf("code = %q, want %q (%v)", got, c.code, err)
			}
			if got := stripeapi.Temporary(err); got != c.temporary {
				t.Errorf("temporary = %v, want %v", got, c.temporary)
			}
			if got := stripeapi.NeedsNewKey(err); got != c.newKey {
				t.Errorf("needs a new key = %v, want %v", got, c.newKey)
			}
		})
	}
}

func TestCallsAreBounded(t *testing.T) {
	release := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, _ *http.Request) { <-release }))
	defer srv.Close()
	defer close(release)
	client := stripeapi.New(stripeapi.Config{BaseURL: srv.URL, SecretKey: "sk", Timeout: 50 * time.Millisecond})
	_, err := client.Session(context.Background(), "cs_1")
	if stripeapi.Code(err) != stripeapi.CodeNoAnswer || !stripeapi.Temporary(err) {
		t.Errorf("hanging provider: %v, want a temporary %s", err, stripeapi.CodeNoAnswer)
	}
}

func TestBreakerOpensOnSilenceAndProbes(t *testing.T) {
	calls, down := 0, true
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		calls++
		if down {
			w.WriteHeader(http.StatusInternalServerError)
		}
		fmt.Fprint(w, `{"id":"cs_1","status":"open","error":{"type":"api_error"}}`)
	}))
	defer srv.Close()
	patient := stripeapi.Config{BaseURL: srv.URL, SecretKey: "sk", BreakerThreshold: 3, BreakerCooldown: time.Hour}
	client := stripeapi.New(patient)
	read := func() error { _, err := client.Session(context.Background(), "cs_1"); return err }
	for range 3 {
		if err := read(); err == nil {
			t.Fatal("a failing provider answered")
		}
	}
	if err := read(); stripeapi.Code(err) != stripeapi.CodeBreakerOpen || !stripeapi.Temporary(err) {
		t.Errorf("fourth call: %v, want %s", err, stripeapi.CodeBreakerOpen)
	}
	if calls != 3 {
		t.Errorf("provider was called %d times, want 3", calls)
	}
	client.Breaker().Forget()
	if err := read(); stripeapi.Code(err) != "api_error" {
		t.Errorf("after closing the breaker by hand: %v, want the provider's own failure", err)
	}
	hasty := patient
	hasty.BreakerCooldown = 20 * time.Millisecond
	client = stripeapi.New(hasty)
	for range 3 {
		_ = read() // opens it
	}
	down = false
	testkit.Eventually(t, time.Minute, "breaker closes again", func() bool { return read() == nil })
}

func TestRefusalsDoNotOpenTheBreaker(t *testing.T) {
	client, _ := standIn(t, 400, nil, `{"error":{"type":"invalid_request_error","code":"resource_missing"}}`)
	for range 20 {
		if _, err := client.Session(context.Background(), "cs_1"); stripeapi.Code(err) != "resource_missing" {
			t.Fatalf("got %v, want resource_missing", err)
		}
	}
}

func TestNoCallInsideATransaction(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t, clock.System())
	client, h := standIn(t, 200, nil, `{"id":"cs_1","url":"https://pay.test/cs_1"}`)
	err := db.InTx(context.Background(), func(ctx context.Context) error {
		_, err := client.CreateSession(ctx, sessionRequest())
		return err
	})
	if !errors.Is(err, stripeapi.ErrInTransaction) {
		t.Errorf("got %v, want ErrInTransaction", err)
	}
	if h.path != "" {
		t.Errorf("the provider was called: %s", h.path)
	}
}

// The shapes we send and read are Stripe's own: stripe-mock knows its published description.
func TestShapesAgainstStripeMock(t *testing.T) {
	base := os.Getenv("STRIPE_MOCK_URL")
	if base == "" {
		t.Skip("STRIPE_MOCK_URL is not set: go run github.com/stripe/stripe-mock@latest, then STRIPE_MOCK_URL=http://localhost:12111")
	}
	client := stripeapi.New(stripeapi.Config{BaseURL: base, SecretKey: "sk_test_123"})
	ctx := context.Background()
	session, err := client.CreateSession(ctx, sessionRequest())
	if err != nil || session.ID == "" {
		t.Fatalf("create session: %+v, %v", session, err)
	}
	if _, err := client.Session(ctx, session.ID); err != nil {
		t.Errorf("read session: %v", err)
	}
	if _, err := client.ExpireSession(ctx, session.ID); err != nil {
		t.Errorf("expire session: %v", err)
	}
	refund, err := client.CreateRefund(ctx, stripeapi.RefundRequest{
		IdempotencyKey: refundID.String(), RefundID: refundID, PaymentID: paymentID, PaymentIntent: "pi_1", AmountMinor: 1600,
	})
	if err != nil || refund.ID == "" {
		t.Errorf("create refund: %+v, %v", refund, err)
	}
}
