package chatwoot

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"frontdesk/models"
)

var place = models.ChatwootPlace{AccountID: 3, ChatwootID: 42}

func TestCompile(t *testing.T) {
	m, err := Compile(models.Content{Kind: models.KindList, Text: "Which?", URL: "https://luma.example/p", Options: []models.Option{
		{ID: "a", Title: "Ten", Description: "with Salma"}, {ID: "b", Title: "Eleven"},
	}}, "0199")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(m)
	want := `{"content":"Which?\nhttps://luma.example/p","message_type":"outgoing","private":false,"content_type":"input_select",` +
		`"content_attributes":{"items":[{"title":"Ten — with Salma","value":"a"},{"title":"Eleven","value":"b"}],"frontdesk_message_id":"0199"}}`
	if err != nil || string(raw) != want {
		t.Errorf("got %s (%v)\nwant %s", raw, err, want)
	}
	m, err = Compile(models.Content{Kind: models.KindTemplate, Text: "Hello Noor", Template: &models.Template{Name: "moved", Language: "en", Values: []string{"Noor"}}}, "0199")
	if err != nil || m.Template == nil || m.Template.Name != "moved" || m.Template.Values["1"] != "Noor" || m.Content != "Hello Noor" {
		t.Errorf("template: %+v (%v)", m, err)
	}
	for _, c := range []models.Content{{Kind: models.KindText}, {Kind: models.KindTemplate}, {Kind: models.KindReaction, Text: "x"}} {
		var refused *Error
		if _, err := Compile(c, "1"); !errors.As(err, &refused) || refused.Kind != Rejected {
			t.Errorf("%+v: got %v, want a rejection", c, err)
		}
	}
}

// What became of a call is certain only where Chatwoot said so.
func TestSend(t *testing.T) {
	for name, tt := range map[string]struct {
		status int
		body   string
		id     string
		kind   Kind
	}{
		"created":         {200, `{"id":77}`, "chatwoot:3:77", ""},
		"no id":           {200, `{}`, "", Uncertain},
		"nonsense":        {200, `<html>`, "", Uncertain},
		"refused":         {422, `{"error":"Content can't be blank"}`, "", Rejected},
		"gone":            {404, `{}`, "", Rejected},
		"a dead token":    {401, `{}`, "", Retry},
		"too much":        {429, `{}`, "", Retry},
		"its own trouble": {500, `{}`, "", Uncertain},
	} {
		var path, token string
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			path, token = r.URL.Path, r.Header.Get("api_access_token")
			w.WriteHeader(tt.status)
			_, _ = w.Write([]byte(tt.body))
		}))
		id, err := New(Config{BaseURL: server.URL, Token: "t0"}).Send(t.Context(), place, Message{Content: "x"})
		server.Close()
		var failed *Error
		errors.As(err, &failed)
		if id != tt.id || (failed == nil) != (tt.kind == "") || failed != nil && failed.Kind != tt.kind {
			t.Errorf("%s: got %q, %v; want %q, %s", name, id, err, tt.id, tt.kind)
		}
		if path != "/api/v1/accounts/3/conversations/42/messages" || token != "t0" {
			t.Errorf("%s: asked %s with %q", name, path, token)
		}
	}
}

// The contact of a conversation goes with all it wrote; what is gone already is no failure, and a token that may not is refused.
func TestAContactIsForgotten(t *testing.T) {
	for name, tt := range map[string]struct {
		shown, deleted int // answers to the conversation's and the contact's address
		kind           Kind
		asked          string
	}{
		"both there":            {200, 200, "", "GET conversations/42 DELETE contacts/7"},
		"conversation gone":     {404, 200, "", "GET conversations/42"},
		"contact gone":          {200, 404, "", "GET conversations/42 DELETE contacts/7"},
		"not an administrator":  {200, 401, Retry, "GET conversations/42 DELETE contacts/7"},
		"overloaded":            {500, 200, Uncertain, "GET conversations/42"},
		"overloaded in between": {200, 503, Uncertain, "GET conversations/42 DELETE contacts/7"},
	} {
		var asked []string
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			asked = append(asked, r.Method+" "+strings.TrimPrefix(r.URL.Path, "/api/v1/accounts/3/"))
			if r.Method == http.MethodDelete {
				w.WriteHeader(tt.deleted) // with nothing in it, as Chatwoot does
				return
			}
			w.WriteHeader(tt.shown)
			_, _ = w.Write([]byte(`{"id":42,"meta":{"sender":{"id":7}}}`))
		}))
		err := New(Config{BaseURL: server.URL, Token: "t0"}).Forget(t.Context(), place)
		server.Close()
		var failed *Error
		errors.As(err, &failed)
		if (failed == nil) != (tt.kind == "") || failed != nil && failed.Kind != tt.kind {
			t.Errorf("%s: got %v, want %q", name, err, tt.kind)
		}
		if failed != nil && failed.Refused() != (tt.deleted == 401) {
			t.Errorf("%s: refused %t", name, failed.Refused())
		}
		if got := strings.Join(asked, " "); got != tt.asked {
			t.Errorf("%s: asked %q, want %q", name, got, tt.asked)
		}
	}
}

func TestBreaker(t *testing.T) {
	server := httptest.NewServer(nil)
	server.Close()
	c := New(Config{BaseURL: server.URL, Token: "t", BreakerFailures: 2})
	var failed *Error
	for range 2 {
		if err := c.SetStatus(t.Context(), place, models.ChatwootOpen); !errors.As(err, &failed) || failed.Kind != Retry || failed.BreakerOpen {
			t.Fatalf("got %v, want no connection", err)
		}
	}
	if err := c.SetStatus(t.Context(), place, models.ChatwootOpen); !errors.As(err, &failed) || !failed.BreakerOpen {
		t.Errorf("got %v, want an open breaker", err)
	}
	c.Breaker().Forget()
	if err := c.SetStatus(t.Context(), place, models.ChatwootOpen); !errors.As(err, &failed) || failed.BreakerOpen {
		t.Errorf("after a reset: got %v", err)
	}
	if New(Config{}).Connected() || (*Client)(nil).Connected() {
		t.Error("a client of nothing is connected")
	}
}

// A slow Chatwoot has some callers wait for it; the others come back soon, and no breaker opens.
func TestASlowChatwootKeepsAFewCallersOnly(t *testing.T) {
	inside, open := make(chan struct{}), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		inside <- struct{}{}
		<-open
		_, _ = w.Write([]byte(`{"id":1}`))
	}))
	defer server.Close()
	c := New(Config{BaseURL: server.URL, Token: "t", Timeout: time.Minute})
	ends := make(chan error)
	for range cap(c.places) {
		go func() { ends <- c.SetStatus(t.Context(), place, models.ChatwootOpen) }()
		<-inside
	}
	for range 6 {
		var failed *Error
		if err := c.SetStatus(t.Context(), place, models.ChatwootOpen); !errors.As(err, &failed) || failed.Kind != Retry || !failed.BreakerOpen || failed.After != crowd {
			t.Errorf("one more: %v, want to be put off", err)
		}
	}
	close(open)
	for range cap(c.places) {
		if err := <-ends; err != nil {
			t.Errorf("one of the first: %v", err)
		}
	}
}
