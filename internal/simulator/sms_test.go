package simulator

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A key stands for one message: the same again is the same, another message under it is refused.
func TestAnIdempotencyKeyStandsForOneMessage(t *testing.T) {
	gate := newSMS(Config{}).routes()
	post := func(key, body string) (int, string) {
		r := httptest.NewRequest(http.MethodPost, "/sms/messages", strings.NewReader(body))
		r.Header.Set("Idempotency-Key", key)
		w := httptest.NewRecorder()
		gate.ServeHTTP(w, r)
		return w.Code, w.Body.String()
	}
	const body = `{"from":"Luma","to":"+447700900201","text":"today, in 3 hours","encoding":"gsm7"}`
	status, first := post("a", body)
	if status != http.StatusAccepted {
		t.Fatalf("got %d %s", status, first)
	}
	if status, again := post("a", body); status != http.StatusAccepted || again != first {
		t.Errorf("the same again: got %d %s, want what was said first: %s", status, again, first)
	}
	if status, got := post("a", strings.Replace(body, "3 hours", "2 hours", 1)); status != http.StatusUnprocessableEntity || !strings.Contains(got, "idempotency_key_reused") {
		t.Errorf("other words: got %d %s", status, got)
	}
	if status, other := post("b", body); status != http.StatusAccepted || other == first {
		t.Errorf("another key: got %d %s", status, other)
	}
}
