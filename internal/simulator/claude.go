package simulator

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"frontdesk/models"
)

// claude is the language model. It knows nothing by itself: what is in a message it has to be taught
// (POST /control/teach), and of everything else it says that it is not sure.
type claude struct {
	key    string
	faults *faults
	mu     sync.Mutex
	taught map[string]json.RawMessage // by message
}

func newClaude(cfg Config, f *faults) *claude {
	return &claude{key: cfg.ClaudeKey, faults: f, taught: map[string]json.RawMessage{}}
}

func (c *claude) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /anthropic/v1/messages", c.messages)
	mux.HandleFunc("GET /anthropic/v1/models/{model}", c.model)
	mux.HandleFunc("/anthropic/", func(w http.ResponseWriter, _ *http.Request) {
		claudeError(w, http.StatusNotFound, "not_found_error", "Not Found")
	})
	return mux
}

// model describes a model, which costs nothing.
func (c *claude) model(w http.ResponseWriter, r *http.Request) {
	if c.key != "" && r.Header.Get("X-Api-Key") != c.key {
		claudeError(w, http.StatusUnauthorized, "authentication_error", "invalid x-api-key")
		return
	}
	id := r.PathValue("model")
	if !slices.Contains(claudeModels(), id) {
		claudeError(w, http.StatusNotFound, "not_found_error", "model: "+id)
		return
	}
	writeJSON(w, http.StatusOK, map[string]string{"type": "model", "id": id, "display_name": id, "created_at": "2026-01-01T00:00:00Z"})
}

// claudeModels are the models there are.
func claudeModels() []string {
	return []string{"claude-haiku-4-5", "claude-sonnet-4-5", "claude-opus-4-5"}
}

// claudeQuestion is the part of a request that the stand-in looks at.
type claudeQuestion struct {
	Model     string `json:"model"`
	MaxTokens int    `json:"max_tokens"`
	Messages  []struct {
		Role    string `json:"role"`
		Content []struct {
			Type string `json:"type"`
			Text string `json:"text"`
		} `json:"content"`
	} `json:"messages"`
	Tools []struct {
		Name        string         `json:"name"`
		InputSchema map[string]any `json:"input_schema"`
	} `json:"tools"`
	ToolChoice struct {
		Type string `json:"type"`
		Name string `json:"name"`
	} `json:"tool_choice"`
}

func (c *claude) messages(w http.ResponseWriter, r *http.Request) {
	switch {
	case c.key != "" && r.Header.Get("X-Api-Key") != c.key:
		claudeError(w, http.StatusUnauthorized, "authentication_error", "invalid x-api-key")
		return
	case r.Header.Get("Anthropic-Version") == "":
		claudeError(w, http.StatusBadRequest, "invalid_request_error", "anthropic-version: header is required")
		return
	}
	var q claudeQuestion
	if err := json.NewDecoder(r.Body).Decode(&q); err != nil {
		claudeError(w, http.StatusBadRequest, "invalid_request_error", "The request body is not valid JSON")
		return
	}
	if problem := q.problem(); problem != "" {
		claudeError(w, http.StatusBadRequest, "invalid_request_error", problem)
		return
	}
	if !slices.Contains(claudeModels(), q.Model) {
		claudeError(w, http.StatusNotFound, "not_found_error", "model: "+q.Model)
		return
	}
	input := c.input(q.words())
	writeJSON(w, http.StatusOK, map[string]any{
		"id": "msg_" + models.NewID().String(), "type": "message", "role": "assistant", "model": q.Model,
		"content":     []any{map[string]any{"type": "tool_use", "id": "toolu_" + models.NewID().String(), "name": q.ToolChoice.Name, "input": input}},
		"stop_reason": "tool_use", "stop_sequence": nil,
		"usage": map[string]int{"input_tokens": len(q.words()) / 3, "output_tokens": len(input) / 3},
	})
}

// problem is what the real service would refuse.
func (q claudeQuestion) problem() string {
	switch {
	case q.Model == "":
		return "model: Field required"
	case q.MaxTokens < 1:
		return "max_tokens: Field required"
	case len(q.Messages) == 0 || q.Messages[0].Role != "user":
		return "messages: first message must use the \"user\" role"
	case len(q.Tools) == 0 || q.ToolChoice.Type != "tool" || q.ToolChoice.Name != q.Tools[0].Name:
		return "tool_choice: the tool named is not among the tools"
	case q.Tools[0].InputSchema["type"] != "object":
		return "tools.0.input_schema.type: Field required"
	default:
		return ""
	}
}

// words is everything the last message says.
func (q claudeQuestion) words() string {
	var b strings.Builder
	for _, part := range q.Messages[len(q.Messages)-1].Content {
		b.WriteString(part.Text)
	}
	return b.String()
}

// input is what was taught for the customer's message, which stands at the end of what is asked.
func (c *claude) input(asked string) json.RawMessage {
	if c.faults.of("claude").mode == "garbage" {
		return json.RawMessage(`{"confidence":99,"intents":["book"],"services":["PLATINUM_DREAM"],"at":"25:61","price":1}`)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for text, input := range c.taught {
		if strings.HasSuffix(asked, "\n"+text) {
			return input
		}
	}
	return json.RawMessage(`{"confidence":0,"intents":[]}`)
}

func (c *claude) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.taught)
}

func claudeError(w http.ResponseWriter, status int, kind, message string) {
	writeJSON(w, status, map[string]any{"type": "error", "error": map[string]string{"type": kind, "message": message}})
}

type teachBody struct {
	Text  string          `json:"text"`
	Input json.RawMessage `json:"input"`
}

// teach makes the model's stand-in answer a message with an input for its tool.
func (s *Server) teach(_ context.Context, in teachBody) (map[string]bool, error) {
	if in.Text == "" || !json.Valid(in.Input) {
		return nil, badRequest("text and input are needed: the message, and what the model makes of it")
	}
	if len(in.Text) > models.MaxText {
		return nil, badRequest(fmt.Sprintf("text is longer than %d bytes", models.MaxText))
	}
	s.claude.mu.Lock()
	defer s.claude.mu.Unlock()
	s.claude.taught[in.Text] = in.Input
	return map[string]bool{"ok": true}, nil
}
