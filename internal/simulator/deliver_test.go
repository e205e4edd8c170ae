package simulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// texts are the bodies of the text messages among webhooks, in order of arrival.
func texts(t *testing.T, hooks []hook) (list []string) {
	for _, h := range hooks {
		if body, ok := value(change(t, h), "messages", 0, "text", "body").(string); ok {
			list = append(list, body)
		}
	}
	return list
}

func TestDeliveryIsRetriedInOrder(t *testing.T) {
	b := newBench(t)
	refusals := 3
	b.app.answer = func(hook) int {
		if refusals > 0 {
			refusals--
			return http.StatusInternalServerError
		}
		return http.StatusOK
	}
	for i := range 5 {
		b.control("say", map[string]any{"from": noor, "text": fmt.Sprint(i)})
	}
	hooks := b.within("all five", func(h []hook) bool { return len(h) == 8 })
	if got := fmt.Sprint(texts(t, hooks)); got != "[0 0 0 0 1 2 3 4]" {
		t.Errorf("got %s", got)
	}
}

// A phone that cannot be delivered holds nobody else up.
func TestLanesAreIndependent(t *testing.T) {
	b := newBench(t)
	b.app.answer = func(h hook) int {
		if strings.Contains(string(h.body), "stuck") {
			return http.StatusServiceUnavailable
		}
		return http.StatusOK
	}
	b.control("say", map[string]any{"from": noor, "text": "stuck"})
	b.control("say", map[string]any{"from": "+447700900102", "text": "free"})
	b.within("the other phone's message", func(h []hook) bool { return strings.Contains(fmt.Sprint(texts(t, h)), "free") })
	if _, answer := b.control("settle", map[string]any{"timeout_ms": 50}); answer["idle"] != false || answer["pending"] != 1.0 {
		t.Errorf("settle: got %v, want one webhook pending", answer)
	}
}

func TestDuplicateAndReorder(t *testing.T) {
	b := newBench(t)
	fault := func(mode string) {
		if status, answer := b.control("fault", map[string]any{"service": "whatsapp", "mode": mode}); status != 200 {
			t.Fatalf("fault: %v", answer)
		}
	}
	fault("duplicate")
	b.control("say", map[string]any{"from": noor, "text": "twice"})
	hooks := b.within("both copies", func(h []hook) bool { return len(h) == 2 })
	if string(hooks[0].body) != string(hooks[1].body) {
		t.Error("the copies differ")
	}
	fault("reorder")
	for _, text := range []string{"a", "b", "c"} {
		b.control("say", map[string]any{"from": noor, "text": text})
	}
	hooks = b.within("all three", func(h []hook) bool { return len(h) == 5 })
	got := texts(t, hooks)[2:]
	if strings.Join(got, "") == "abc" {
		t.Error("three messages sent at once kept their order")
	}
}

// What a killed process could not deliver is delivered by the next one.
func TestUndeliveredSurvivesARestart(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	cfg := testConfig(t, a)
	cfg.Journal = filepath.Join(t.TempDir(), "journal")
	cfg.AppURL = func() string { return "" } // the app is down
	first, err := Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{first, t, a}
	b.control("say", map[string]any{"from": noor, "text": "kept"})
	b.openSession(nil)
	stop(t, first)

	cfg.AppURL = func() string { return a.URL }
	b.Server = start(t, cfg)
	b.within("the message", func(h []hook) bool { return fmt.Sprint(texts(t, h)) == "[kept]" })
	b.stripe.mu.Lock()
	defer b.stripe.mu.Unlock()
	if len(b.stripe.sessions) != 1 {
		t.Errorf("got %d sessions after the restart, want 1", len(b.stripe.sessions))
	}
}

func TestWebhookAddressIsProvenFirst(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	cfg := testConfig(t, a)
	asked := make(chan string, 1)
	real := a.Config.Handler
	a.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			select {
			case asked <- r.URL.Query().Get("hub.mode") + " " + r.URL.Query().Get("hub.verify_token"):
			default:
			}
		}
		real.ServeHTTP(w, r)
	})
	b := &bench{start(t, cfg), t, a}
	b.control("say", map[string]any{"from": noor, "text": "hi"})
	select {
	case got := <-asked:
		if got != "subscribe verify" {
			t.Errorf("asked with %q", got)
		}
	case <-time.After(10 * time.Second):
		t.Error("the address was not asked for the challenge")
	}
}

func TestFaults(t *testing.T) {
	b := newBench(t)
	b.control("say", map[string]any{"from": noor, "text": "hi"})
	for _, c := range []struct {
		mode   string
		status int // 0: no answer
	}{{"down", 0}, {"429", 429}, {"500", 500}, {"garbage", 200}, {"ok", 200}} {
		b.control("fault", map[string]any{"service": "whatsapp", "mode": c.mode})
		status, answer := b.send(textTo(noor, "hello"))
		if status != c.status {
			t.Errorf("%s: got %d, want %d", c.mode, status, c.status)
		}
		if done := answer["messages"] != nil; done != (c.mode == "ok") {
			t.Errorf("%s: accepted: %v", c.mode, done)
		}
	}
	hung := make(chan int, 1)
	b.control("fault", map[string]any{"service": "stripe", "mode": "hang", "for": "1h"})
	go func() {
		status, _ := b.call("GET", "/stripe/v1/events", nil, "Authorization", "Bearer "+testStripe)
		hung <- status
	}()
	b.control("fault", map[string]any{"service": "stripe", "mode": "ok"})
	select {
	case <-hung:
	case <-time.After(10 * time.Second):
		t.Error("a request hangs on although the fault ended")
	}
}

func TestOutboxHoldsRequestsAndNoSecrets(t *testing.T) {
	b := newBench(t)
	b.send(textTo(noor, "first"))
	b.openSession(nil)
	_, answer := b.call("GET", "/control/outbox", nil)
	list := answer["requests"].([]any)
	if len(list) != 2 || value(list[0], "service") != "stripe" || value(list[1], "service") != "whatsapp" {
		t.Fatalf("outbox %v", list)
	}
	if value(list[1], "body", "text", "body") != "first" || value(list[1], "status") != 400.0 {
		t.Errorf("request %v", list[1])
	}
	raw, _ := json.Marshal(list)
	if strings.Contains(string(raw), testStripe) {
		t.Error("the outbox shows the secret key")
	}
}
