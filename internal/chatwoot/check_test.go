package chatwoot

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
)

// A bot's token is known by what Chatwoot refuses it.
func TestCheck(t *testing.T) {
	for name, tt := range map[string]struct {
		status int
		body   string
		want   int // status of the error; 0: none
	}{
		"a bot":           {401, `{"error":"Access to this endpoint is not authorized for bots"}`, 0},
		"a person":        {200, `{"id":1}`, 0},
		"a wrong token":   {401, `{"error":"Invalid Access Token"}`, 401},
		"another service": {200, `<html>`, 200},
		"its own trouble": {500, `{}`, 500},
	} {
		var path, token string
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			path, token = r.Method+" "+r.URL.Path, r.Header.Get("api_access_token")
			w.WriteHeader(tt.status)
			_, _ = w.Write([]byte(tt.body))
		}))
		err := New(Config{BaseURL: server.URL, Token: "t0"}).Check(t.Context())
		server.Close()
		var failed *Error
		if errors.As(err, &failed) != (tt.want != 0) || failed != nil && failed.Status != tt.want {
			t.Errorf("%s: got %v, want status %d", name, err, tt.want)
		}
		if path != "GET /api/v1/profile" || token != "t0" {
			t.Errorf("%s: asked %s with %q", name, path, token)
		}
	}
}
