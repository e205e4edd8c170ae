package simulator

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"frontdesk/internal/booking"
	"frontdesk/internal/clock"
	"frontdesk/internal/content"
	"frontdesk/internal/i18n"
	"frontdesk/internal/testkit"
)

const (
	testPhoneID = "100200300"
	testStripe  = "sk_test_standin"
	testHook    = "whsec_standin"
	testSecret  = "app-secret"
	noor        = "+447700900101"
)

// bench is a running simulator with a small app that it delivers to.
type bench struct {
	*Server
	t   *testing.T
	app *app
}

// app stands where Frontdesk would: it notes every webhook and answers what the test says.
type app struct {
	*httptest.Server
	mu     sync.Mutex
	got    []hook
	answer func(h hook) int // status of a webhook; nil: 200
}

type hook struct {
	path, signature string
	body            []byte
}

func newApp(t *testing.T) *app {
	a := &app{}
	a.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			_, _ = io.WriteString(w, r.URL.Query().Get("hub.challenge"))
			return
		}
		body, _ := io.ReadAll(r.Body)
		h := hook{r.URL.Path, r.Header.Get("X-Hub-Signature-256") + r.Header.Get("Stripe-Signature"), body}
		a.mu.Lock()
		status := http.StatusOK
		if a.answer != nil {
			status = a.answer(h)
		}
		a.got = append(a.got, h)
		a.mu.Unlock()
		w.WriteHeader(status)
	}))
	t.Cleanup(a.Close)
	return a
}

func (a *app) hooks() []hook {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]hook{}, a.got...)
}

func testConfig(t *testing.T, a *app) Config {
	t.Helper()
	file := filepath.Join(t.TempDir(), "clock")
	c := clock.Stoppable(file)
	db := testkit.DB(t, c)
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	if err := booking.Seed(t.Context(), db, c); err != nil {
		t.Fatal(err)
	}
	if err := content.New(db, texts, c).Seed(t.Context()); err != nil {
		t.Fatal(err)
	}
	return Config{
		Env: "test", Addr: "127.0.0.1:0", AppURL: func() string { return a.URL },
		DB: db, Redis: testkit.Redis(t), Queue: testkit.Queue(t, db), Clock: c, ClockFile: file,
		AppSecret: testSecret, VerifyToken: "verify", PhoneID: testPhoneID,
		Log:       slog.New(slog.NewTextHandler(t.Output(), nil)),
		StripeKey: testStripe, StripeWebhookSecret: testHook,
	}
}

func start(t *testing.T, cfg Config) *Server {
	t.Helper()
	s, err := Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, s) })
	return s
}

func stop(t *testing.T, s *Server) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := s.Close(ctx); err != nil {
		t.Errorf("close: %v", err)
	}
}

func newBench(t *testing.T) *bench {
	t.Helper()
	t.Parallel()
	a := newApp(t)
	return &bench{start(t, testConfig(t, a)), t, a}
}

// call makes a request and decodes a JSON answer.
func (b *bench) call(method, path string, body any, header ...string) (int, map[string]any) {
	b.t.Helper()
	raw, ok := body.([]byte)
	if !ok && body != nil {
		var err error
		if raw, err = json.Marshal(body); err != nil {
			b.t.Fatal(err)
		}
	}
	req, err := http.NewRequestWithContext(b.t.Context(), method, b.URL()+path, bytes.NewReader(raw))
	if err != nil {
		b.t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, nil
	}
	defer func() { _ = res.Body.Close() }()
	answer := map[string]any{}
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, nil
	}
	if err := json.Unmarshal(text, &answer); err != nil && res.StatusCode != http.StatusOK {
		b.t.Fatalf("%s %s answered %d with %q", method, path, res.StatusCode, text)
	}
	return res.StatusCode, answer
}

func (b *bench) control(path string, body any) (int, map[string]any) {
	b.t.Helper()
	return b.call("POST", "/control/"+path, body)
}

// send posts a message as the app would.
func (b *bench) send(body any) (int, map[string]any) {
	b.t.Helper()
	return b.call("POST", "/whatsapp/v20.0/"+testPhoneID+"/messages", body, "Authorization", "Bearer token")
}

// within waits until webhooks that satisfy a test have arrived.
func (b *bench) within(what string, holds func(hooks []hook) bool) []hook {
	b.t.Helper()
	testkit.Eventually(b.t, 10*time.Second, what, func() bool { return holds(b.app.hooks()) })
	return b.app.hooks()
}

// textTo is a plain text message.
func textTo(phone, body string) map[string]any {
	return map[string]any{"messaging_product": "whatsapp", "to": phone, "type": "text", "text": map[string]any{"body": body}}
}

// value digs into decoded JSON: keys for objects, indexes for arrays.
func value(v any, path ...any) any {
	for _, step := range path {
		switch at := step.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[at]
		case int:
			list, _ := v.([]any)
			if at >= len(list) {
				return nil
			}
			v = list[at]
		}
	}
	return v
}

// change is the value of a WhatsApp webhook's one change.
func change(t *testing.T, h hook) map[string]any {
	t.Helper()
	var body map[string]any
	if err := json.Unmarshal(h.body, &body); err != nil {
		t.Fatalf("webhook is not JSON: %v", err)
	}
	if body["object"] != "whatsapp_business_account" {
		t.Fatalf("webhook of object %v", body["object"])
	}
	m, _ := value(body, "entry", 0, "changes", 0, "value").(map[string]any)
	return m
}
