package simulator

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"frontdesk/internal/booking"
	"frontdesk/internal/clock"
	"frontdesk/internal/outage"
)

// A tag stands for what one question was answered with: another question, or another life of the calendars,
// never has it.
func TestATagIsOfOneAnswer(t *testing.T) {
	now, _ := clock.Fixed(time.Date(2026, 10, 5, 10, 0, 0, 0, time.UTC))
	open := func() *calendars {
		return newCalendars(Config{Clock: now}, newFaults(now, outage.In(t.TempDir())), nil)
	}
	list := func(c *calendars, query, tag string) (status int, next string) {
		r := httptest.NewRequest(http.MethodGet, "/calendar/v3/calendars/salma"+booking.DemoCalendars+"/events"+query, nil)
		r.Header.Set("If-None-Match", tag)
		w := httptest.NewRecorder()
		c.list(w, r, "salma"+booking.DemoCalendars)
		return w.Code, w.Header().Get("ETag")
	}
	c := open()
	_, tag := list(c, "?timeMin=2026-10-05T00:00:00Z", "")
	for _, k := range []struct {
		name  string
		of    *calendars
		query string
		want  int
	}{
		{"the same question", c, "?timeMin=2026-10-05T00:00:00Z", http.StatusNotModified},
		{"another question", c, "?timeMin=2026-10-06T00:00:00Z", http.StatusOK},
		{"after a restart", open(), "?timeMin=2026-10-05T00:00:00Z", http.StatusOK},
	} {
		if got, _ := list(k.of, k.query, tag); got != k.want {
			t.Errorf("%s: %d, want %d", k.name, got, k.want)
		}
	}
}

// A model that there is not is refused, as the real service does, when it is asked about and when it is asked.
func TestTheModelKnowsItsName(t *testing.T) {
	b := newBench(t)
	question := func(model string) map[string]any {
		return map[string]any{
			"model": model, "max_tokens": 10, "messages": []any{map[string]any{"role": "user", "content": []any{map[string]any{"type": "text", "text": "hello"}}}},
			"tools": []any{map[string]any{"name": "meaning", "input_schema": map[string]any{"type": "object"}}}, "tool_choice": map[string]any{"type": "tool", "name": "meaning"},
		}
	}
	for model, want := range map[string]int{"claude-haiku-4-5": 200, "claude-none": 404} {
		if got, _ := b.call(http.MethodGet, "/anthropic/v1/models/"+model, nil); got != want {
			t.Errorf("%s: %d, want %d", model, got, want)
		}
		if got, _ := b.call(http.MethodPost, "/anthropic/v1/messages", question(model), "Anthropic-Version", "2023-06-01"); got != want {
			t.Errorf("a question to %s: %d, want %d", model, got, want)
		}
	}
}
