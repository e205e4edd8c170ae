package claude

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// provider answers with a status and a body, after what it is told to wait for.
func provider(t *testing.T, status int, body string, wait <-chan struct{}) (*Client, *[]string) {
	t.Helper()
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		asked = append(asked, r.URL.Path+" "+r.Header.Get("X-Api-Key")+" "+string(raw))
		if wait != nil {
			select {
			case <-wait:
			case <-r.Context().Done():
			}
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body) // the client may have gone
	}))
	t.Cleanup(server.Close)
	return New(Config{
		BaseURL: server.URL + "/anthropic", Key: "key-1", Model: "claude-haiku-4-5", Timeout: time.Second,
		InputPrice: 1_000_000, OutputPrice: 5_000_000, BreakerThreshold: 2, BreakerCooldown: time.Hour,
	}), &asked
}

var question = Question{System: "read", Text: "hello", Tool: Tool{
	Name: "meaning", Properties: map[string]any{"confidence": map[string]any{"type": "integer"}}, Required: []string{"confidence"},
}}

const filled = `{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[
	{"type":"text","text":"let me see"},{"type":"tool_use","id":"toolu_1","name":"meaning","input":{"confidence":80}}],
	"stop_reason":"tool_use","usage":{"input_tokens":2000,"output_tokens":100}}`

func TestAskFillsTheTool(t *testing.T) {
	t.Parallel()
	c, asked := provider(t, 200, filled, nil)
	got, err := c.Ask(context.Background(), question)
	if err != nil || string(got.Input) != `{"confidence":80}` || got.InputTokens != 2000 || got.CostMicros != 2500 {
		t.Errorf("got %+v, %v", got, err)
	}
	path, body, _ := strings.Cut((*asked)[0], " key-1 ")
	var sent struct {
		Model      string
		ToolChoice struct{ Type, Name string } `json:"tool_choice"`
		Tools      []struct {
			Name        string
			InputSchema struct{ Type string } `json:"input_schema"`
		}
	}
	if err := json.Unmarshal([]byte(body), &sent); err != nil {
		t.Fatal(err)
	}
	if path != "/anthropic/v1/messages" || sent.Model != "claude-haiku-4-5" || sent.ToolChoice.Name != "meaning" || sent.Tools[0].InputSchema.Type != "object" {
		t.Errorf("asked %s with %+v", path, sent)
	}
}

// Whatever goes wrong has one of two names, and never the words that were asked or answered.
func TestAskFails(t *testing.T) {
	t.Parallel()
	never := make(chan struct{})
	for _, tt := range []struct {
		name   string
		status int
		body   string
		wait   chan struct{}
		want   error
	}{
		{"overloaded", 529, `{"type":"error","error":{"type":"overloaded_error","message":"hello"}}`, nil, ErrAway},
		{"refused", 401, `{"type":"error","error":{"type":"authentication_error","message":"hello"}}`, nil, ErrAway},
		{"words alone", 200, `{"id":"m","type":"message","role":"assistant","content":[{"type":"text","text":"hello"}],"usage":{}}`, nil, ErrNonsense},
		{"another tool", 200, strings.Replace(filled, `"name":"meaning"`, `"name":"other"`, 1), nil, ErrNonsense},
		{"no JSON", 200, "<html>hello", nil, ErrNonsense},
		{"silent", 200, filled, never, ErrAway},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, _ := provider(t, tt.status, tt.body, tt.wait)
			_, err := c.Ask(context.Background(), question)
			if !errors.Is(err, tt.want) || strings.Contains(err.Error(), "hello") {
				t.Errorf("got %v, want %v without the words", err, tt.want)
			}
		})
	}
}

// After failures in a row nobody is asked until the pause is over, or somebody closes the breaker.
func TestTheBreaker(t *testing.T) {
	t.Parallel()
	c, asked := provider(t, 500, "{}", nil)
	for range 4 {
		if _, err := c.Ask(context.Background(), question); !errors.Is(err, ErrAway) {
			t.Fatalf("got %v", err)
		}
	}
	if n := len(*asked); n != 2 {
		t.Errorf("asked %d times, want 2", n)
	}
	c.Breaker().Forget()
	if _, err := c.Ask(context.Background(), question); !errors.Is(err, ErrAway) || len(*asked) != 3 {
		t.Errorf("after closing asked %d times, %v", len(*asked), err)
	}
}
