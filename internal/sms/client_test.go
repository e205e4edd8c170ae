package sms

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestParts(t *testing.T) {
	for _, c := range []struct {
		text string
		n    int
		as   Encoding
	}{
		{"", 0, GSM},
		{strings.Repeat("a", 160), 1, GSM},
		{strings.Repeat("a", 161), 2, GSM},
		{strings.Repeat("€", 80), 1, GSM},
		{strings.Repeat("€", 81), 2, GSM},
		{"HOY, en 3 horas: Noor, Coloración, señal", 1, UCS2}, // GSM has ñ and no ó
		{strings.Repeat("ق", 70), 1, UCS2},
		{strings.Repeat("ق", 71), 2, UCS2},
		{strings.Repeat("✨", 134), 2, UCS2},
		{strings.Repeat("😀", 36), 2, UCS2},
	} {
		if n, as := Parts(c.text); n != c.n || as != c.as {
			t.Errorf("%.12q…: got %d %s, want %d %s", c.text, n, as, c.n, c.as)
		}
	}
}

func serve(t *testing.T, answer http.HandlerFunc) *Client {
	t.Helper()
	s := httptest.NewServer(answer)
	t.Cleanup(s.Close)
	return New(Config{BaseURL: s.URL + "/", Key: "secret", From: "Luma", Timeout: time.Second, BreakerFailures: 3, BreakerPause: time.Hour})
}

func TestSend(t *testing.T) {
	var got map[string]string
	var head http.Header
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		head = r.Header
		if err := json.NewDecoder(r.Body).Decode(&got); err != nil || r.URL.Path != "/messages" {
			w.WriteHeader(http.StatusBadRequest)
		}
		w.WriteHeader(http.StatusAccepted)
		_, _ = w.Write([]byte(`{"id":"m1","status":"accepted"}`))
	})
	id, err := c.Send(context.Background(), Message{Key: "k1", To: "+447700900201", Text: "اليوم"})
	if err != nil || id != "m1" {
		t.Fatalf("got %q, %v", id, err)
	}
	if got["from"] != "Luma" || got["to"] != "+447700900201" || got["text"] != "اليوم" || got["encoding"] != "ucs2" {
		t.Errorf("sent %v", got)
	}
	if head.Get("Authorization") != "Bearer secret" || head.Get("Idempotency-Key") != "k1" {
		t.Errorf("headers %v", head)
	}
	if _, err := c.Send(context.Background(), Message{Key: "k2", To: "+447700900201", Text: strings.Repeat("ق", 500)}); Code(err) != CodeUnfit {
		t.Errorf("a text of eight parts: %v", err)
	}
}

func TestWhatFailuresMean(t *testing.T) {
	for _, c := range []struct {
		name      string
		status    int
		body      string
		code      string
		temporary bool
	}{
		{"wrong number", 422, `{"error":{"code":"invalid_number","message":"+447700900201 is no number"}}`, "invalid_number", false},
		{"wrong key", 401, `{}`, "Unauthorized", false},
		{"too many", 429, `{"error":{"code":"rate_limited"}}`, "rate_limited", true},
		{"broken", 500, "oops", "Internal Server Error", true},
		{"nonsense", 200, "<html>", CodeGarbage, true},
		{"no id", 200, `{}`, CodeGarbage, true},
		{"a code that quotes a number", 422, `{"error":{"code":"bad +447700900201"}}`, "Unprocessable Entity", false},
		{"a redirect", 302, "", "Found", false},
	} {
		client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(c.status)
			_, _ = w.Write([]byte(c.body))
		})
		_, err := client.Send(context.Background(), Message{Key: "k", To: "+447700900201", Text: "x"})
		if Code(err) != c.code || Temporary(err) != c.temporary {
			t.Errorf("%s: got %v (temporary %t), want %s %t", c.name, err, Temporary(err), c.code, c.temporary)
		}
		if strings.Contains(err.Error(), "4477") || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %q tells a number or the key", c.name, err)
		}
	}
}

func TestStatus(t *testing.T) {
	for body, want := range map[string]State{
		`{"status":"delivered"}`: Delivered, `{"status":"failed","error_code":"absent_subscriber"}`: Failed,
		`{"status":"accepted"}`: Accepted, `{"status":"buffered"}`: Accepted,
	} {
		client := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) })
		if got, _, err := client.Status(context.Background(), "m1"); got != want || err != nil {
			t.Errorf("%s: got %s, %v", body, got, err)
		}
	}
}

func TestTheBreakerOpens(t *testing.T) {
	calls := 0
	client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		calls++
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	for range 5 {
		if err := client.Check(context.Background()); !Temporary(err) {
			t.Errorf("got %v", err)
		}
	}
	if err := client.Check(context.Background()); Code(err) != CodeBreakerOpen || calls != 3 {
		t.Errorf("got %v after %d calls, want the breaker open after 3", err, calls)
	}
}

func TestASlowGatewayKeepsAFewCallersOnly(t *testing.T) {
	inside, open := make(chan struct{}), make(chan struct{})
	client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		inside <- struct{}{}
		<-open
		_, _ = w.Write([]byte(`{"balance":1}`))
	})
	client.http.Timeout = time.Minute
	ends := make(chan error)
	for range cap(client.places) {
		go func() { ends <- client.Check(context.Background()) }()
		<-inside
	}
	for range 5 { // more than open the breaker
		if err := client.Check(context.Background()); Code(err) != CodeBusy || !Temporary(err) || Uncertain(err) {
			t.Errorf("one more: %v, want %s", err, CodeBusy)
		}
	}
	close(open)
	for range cap(client.places) {
		if err := <-ends; err != nil {
			t.Errorf("one of the first: %v", err)
		}
	}
	go func() { <-inside }()
	if err := client.Check(context.Background()); err != nil {
		t.Errorf("after them: %v", err)
	}
}

func TestWhatMayHaveBeenTaken(t *testing.T) {
	for status, want := range map[int]bool{503: true, 409: true, 429: false, 422: false, 401: false} {
		client := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
		if _, err := client.Send(context.Background(), Message{Key: "k", To: "+447700900201", Text: "x"}); Uncertain(err) != want {
			t.Errorf("%d: may have been taken: %t, want %t", status, !want, want)
		}
	}
}
