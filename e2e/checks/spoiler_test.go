package checks

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
)

// spoiler stands before the program and answers one of its routes in its stead.
type spoiler struct {
	*httptest.Server
	route  string           // "GET /products/*"; none when empty
	answer http.HandlerFunc // in the program's stead
}

func newSpoiler(t *testing.T, base, route string, answer http.HandlerFunc) *spoiler {
	t.Helper()
	to, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	through := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(to)
			r.Out.Host = r.In.Host
		},
		ErrorLog: log.New(io.Discard, "", 0),
	}
	s := &spoiler{route: route, answer: answer}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.route != "" && matches(s.route, r) {
			s.answer(w, r)
			return
		}
		through.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

// matches tells whether a request is one of a route; a * is any one part of the path.
func matches(route string, r *http.Request) bool {
	method, pattern, _ := strings.Cut(route, " ")
	want, is := strings.Split(pattern, "/"), strings.Split(r.URL.Path, "/")
	if method != r.Method || len(want) != len(is) {
		return false
	}
	for i := range want {
		if want[i] != "*" && want[i] != is[i] {
			return false
		}
	}
	return true
}

// spoiled are the ways a route can fail its callers, by name. A script that stays green for one of them has
// not looked.
func spoiled() map[string]http.HandlerFunc {
	with := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body) // a caller that is gone judges nothing
		}
	}
	return map[string]http.HandlerFunc{
		"taken away":                  with(404, `{"ok":false,"error":{"code":"not_found","message":"There is nothing here.","requestId":"1"},"errorCode":"not_found"}`),
		"saying no with a 200":        with(200, `{"ok":false,"error":"not found"}`),
		"saying yes and nothing else": with(200, `{"ok":true}`),
		"failing":                     with(500, `{"ok":false,"error":{"code":"internal","message":"","requestId":"1"},"errorCode":"internal"}`),
	}
}
