package main

import (
	"cmp"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"frontdesk/internal/testkit"
)

// walk is somebody of the salon who opens every page and sends every form that the console shows them.
type walk struct {
	t       *testing.T
	salon   *traced
	base    string
	client  *http.Client
	routes  []*route
	pending []string
	seen    map[string]bool
	posts   []form
}

// route is a line of the interface's description.
type route struct {
	method, path string
	pattern      *regexp.Regexp
	times        map[string]int // by the names of what was asked
}

// form is what a page would send.
type form struct {
	to     string
	fields url.Values
}

// How often a page is asked for with the same filters, and a form sent.
const (
	variants = 1
	sendings = 2
)

// unasked are the addresses the walk leaves out: a stream that never ends and asks Redis only, embedded files,
// and files of many rows, which ask what their pages ask.
func unasked(address string) bool {
	return address == "/console/live" || strings.HasPrefix(address, "/static/") || strings.Contains(address, "format=csv")
}

func newWalk(t *testing.T, s *traced) *walk {
	t.Helper()
	jar, err := cookiejar.New(nil)
	must(t, err)
	w := &walk{t: t, salon: s, base: s.c.BaseURL, seen: map[string]bool{}}
	w.client = &http.Client{Jar: jar, Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	w.describe()
	admin := slices.IndexFunc(s.logins, func(l demoLogin) bool { return l.Role == "admin" })
	testkit.Eventually(t, 2*time.Minute, "somebody is signed in", func() bool {
		w.posts = nil
		_, page := w.get("/console/login")
		w.read("/console/login", page)
		door := slices.IndexFunc(w.posts, func(f form) bool { return f.fields.Has("password") })
		if door < 0 {
			return false
		}
		w.posts[door].fields.Set("email", s.logins[admin].Email)
		w.posts[door].fields.Set("password", s.logins[admin].Password)
		return w.send(w.posts[door]) == http.StatusSeeOther
	})
	w.pending, w.posts = nil, nil
	return w
}

// describe reads which routes there are.
func (w *walk) describe() {
	_, body := w.get("/docs/openapi.json")
	var api struct{ Paths map[string]map[string]any }
	must(w.t, json.Unmarshal(body, &api))
	parameter := regexp.MustCompile(`\\\{[a-zA-Z]+\\\}`)
	for path, methods := range api.Paths {
		pattern := regexp.MustCompile("^" + parameter.ReplaceAllString(regexp.QuoteMeta(path), "[^/]+") + "$")
		for method := range methods {
			w.routes = append(w.routes, &route{method: strings.ToUpper(method), path: path, pattern: pattern, times: map[string]int{}})
		}
	}
	// A route without parameters is the better match: /console/diary/new is no /console/diary/:id.
	slices.SortFunc(w.routes, func(a, b *route) int {
		return cmp.Or(cmp.Compare(strings.Count(a.path, "{"), strings.Count(b.path, "{")), cmp.Compare(a.path, b.path))
	})
}

func (w *walk) route(method, path string) *route {
	path, _, _ = strings.Cut(path, "?")
	for _, r := range w.routes {
		if r.method == method && r.pattern.MatchString(path) {
			return r
		}
	}
	return nil
}

// pages opens every page, with a real thing for each parameter, and everything that leads on from there.
func (w *walk) pages() {
	for i, r := range w.routes {
		if r.method == http.MethodGet && !unasked(r.path) {
			w.pending = append(w.pending, w.fillIn(r.path, i))
		}
	}
	w.follow()
}

// follow opens what pages led to.
func (w *walk) follow() {
	for len(w.pending) > 0 {
		next := w.pending[0]
		w.pending = w.pending[1:]
		if r := w.route(http.MethodGet, next); r != nil && !w.seen[next] && r.times[asking(next)] < variants && !unasked(next) {
			w.visit(r, next)
		}
	}
}

// visit opens a page and notes where it leads.
func (w *walk) visit(r *route, address string) {
	w.seen[address] = true
	r.times[asking(address)]++
	_, body := w.get(address) // what it asked counts, also where a busy machine gave the request up
	w.read(address, body)
}

// asking are the names of what an address asks for: pages with the same ones make the same statements.
func asking(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	var names []string
	for name, values := range u.Query() {
		if slices.ContainsFunc(values, func(v string) bool { return v != "" }) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

// read notes the links and the forms of a page.
func (w *walk) read(address string, body []byte) {
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(string(body)))
	must(w.t, err)
	here, err := url.Parse(address)
	must(w.t, err)
	lead := func(to string) string {
		ref, err := here.Parse(to)
		if err != nil || ref.Host != "" && "http://"+ref.Host != w.base {
			return ""
		}
		return ref.RequestURI()
	}
	doc.Find("[href], [hx-get]").Each(func(_ int, e *goquery.Selection) {
		to := e.AttrOr("hx-get", e.AttrOr("href", ""))
		w.pending = append(w.pending, lead(to))
	})
	doc.Find("[hx-post]").Each(func(_ int, e *goquery.Selection) {
		w.posts = append(w.posts, form{to: lead(e.AttrOr("hx-post", "")), fields: filled(e.Closest("form"))})
	})
	doc.Find("form").Each(func(_ int, e *goquery.Selection) {
		f := form{to: lead(e.AttrOr("action", address)), fields: filled(e)}
		if strings.EqualFold(e.AttrOr("method", "get"), "post") {
			w.posts = append(w.posts, f)
		} else {
			w.pending = append(w.pending, strings.SplitN(f.to, "?", 2)[0]+"?"+f.fields.Encode())
		}
	})
}

// filled are the values of a form as somebody in a hurry would send it.
func filled(form *goquery.Selection) url.Values {
	values := url.Values{}
	form.Find("input, textarea, select, button").Each(func(_ int, e *goquery.Selection) {
		name, kind := e.AttrOr("name", ""), e.AttrOr("type", "text")
		value, given := e.Attr("value")
		_, checked := e.Attr("checked")
		switch {
		case name == "":
			return
		case e.Is("select"):
			chosen := e.Find("option[selected]")
			if chosen.Length() == 0 || chosen.AttrOr("value", "") == "" {
				chosen = e.Find(`option:not([value=""])`)
			}
			value = chosen.First().AttrOr("value", "")
		case e.Is("textarea"):
			value = cmp.Or(e.Text(), "Because")
		case e.Is("button"):
			if values.Has(name) {
				return
			}
		case kind == "radio":
			if values.Has(name) && !checked {
				return
			}
			values.Del(name)
		case kind == "checkbox":
			if !checked {
				return
			}
			value = cmp.Or(value, "on")
		case !given || value == "":
			value = typed(name, kind)
		}
		values.Add(name, value)
	})
	return values
}

func typed(name, kind string) string {
	switch {
	case kind == "email":
		return "someone@luma.example"
	case kind == "tel" || name == "phone":
		return "+447700900177"
	case kind == "number":
		return "1"
	case kind == "date":
		return "2026-10-21"
	case kind == "time":
		return "12:00"
	case kind == "hidden":
		return ""
	default:
		return "Family 77"
	}
}

// forms sends what the pages would send, and opens where that leads; last what shuts out whoever walks.
func (w *walk) forms() {
	last := regexp.MustCompile(`logout|/account/|/people/`)
	slices.SortStableFunc(w.posts, func(a, b form) int {
		return cmp.Compare(len(last.FindString(a.to)), len(last.FindString(b.to)))
	})
	for i := 0; i < len(w.posts); i++ { // an answer may show another form
		f := w.posts[i]
		if r := w.route(http.MethodPost, f.to); r != nil && r.times[""] < sendings {
			r.times[""]++
			w.submit(f)
		}
	}
	for i, r := range w.routes { // what no page shows now
		if r.method == http.MethodPost && len(r.times) == 0 {
			w.submit(form{to: w.fillIn(r.path, i), fields: url.Values{}})
		}
	}
}

// submit sends a form and opens the page it leads to, as it is now.
func (w *walk) submit(f form) {
	w.t.Helper()
	for range sendings { // a busy machine gives requests up
		if w.send(f) < http.StatusInternalServerError {
			break
		}
	}
	if len(w.pending) > 0 {
		delete(w.seen, w.pending[0])
	}
	w.follow()
}

func (w *walk) get(path string) (status int, body []byte) {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, w.base+path, nil)
	must(w.t, err)
	return w.do(req)
}

func (w *walk) send(f form) (status int) {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, w.base+f.to, strings.NewReader(f.fields.Encode()))
	must(w.t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	status, body := w.do(req)
	w.read(f.to, body)
	return status
}

func (w *walk) do(req *http.Request) (status int, body []byte) {
	w.t.Helper()
	req.Header.Set("Accept", "text/html")
	res, err := w.client.Do(req)
	must(w.t, err)
	defer res.Body.Close() //nolint:errcheck // read whole
	body, err = io.ReadAll(res.Body)
	must(w.t, err)
	if to := res.Header.Get("Location"); to != "" {
		w.pending = append(w.pending, strings.TrimPrefix(to, w.base))
	}
	return res.StatusCode, body
}

// things are what stands for a route's parameter: the first line that begins its path says where one is found.
var things = []struct{ under, sql string }{
	{"/console/diary/visits/{id}/cancel", "SELECT id FROM appointments WHERE deposit_state = 'paid' ORDER BY id DESC LIMIT 1"}, // the one just paid
	{"/console/diary/visits/{id}/confirm", "SELECT id FROM appointments WHERE status = 'provisional' ORDER BY id DESC LIMIT 1"},
	{"/console/diary/visits/{id}/release", "SELECT id FROM appointments WHERE status = 'provisional' ORDER BY id LIMIT 1"},
	{"/console/diary/visits/{id}/hold-again", "SELECT id FROM appointments WHERE status = 'expired' LIMIT 1"},
	{"/console/diary/visits/{id}/reopen", "SELECT id FROM appointments WHERE status = 'completed' ORDER BY id DESC LIMIT 1"},
	{"/console/diary/visits/{id}/complete", "SELECT id FROM appointments WHERE status = 'completed' ORDER BY id DESC OFFSET 1 LIMIT 1"},
	{"/console/diary/visits/", "SELECT id FROM appointments WHERE status = 'confirmed' ORDER BY id OFFSET @n LIMIT 1"},
	{"/console/diary/blocks/", "SELECT id FROM time_blocks ORDER BY starts_at DESC LIMIT 1"},
	{"/console/services/closures/", "SELECT id FROM time_blocks ORDER BY starts_at DESC OFFSET 1 LIMIT 1"},
	{"/console/dead-letters/jobs/", "SELECT max(job_id)::text FROM letters WHERE state = 'open'"},
	{"/console/dead-letters/runs/", "SELECT id FROM letter_runs ORDER BY started_at DESC LIMIT 1"},
	{"/console/dead-letters/discards/", "SELECT id FROM letter_drops ORDER BY at DESC LIMIT 1"},
	{"/console/reconciliation/runs/", "SELECT id FROM reconciliations ORDER BY asked_at DESC LIMIT 1"},
	{"/console/reconciliation/", "SELECT id FROM reconciliation_differences ORDER BY found_at DESC LIMIT 1"},
	{"/console/audit/", "SELECT max(id)::text FROM audit_log"},
	{"/console/conversations/", "SELECT id FROM conversations ORDER BY id DESC LIMIT 1"},
	{"/console/cases/", "SELECT id FROM cases WHERE status = 'open' ORDER BY id DESC LIMIT 1"},
	{"/console/people/", "SELECT id FROM staff WHERE role = 'operator' LIMIT 1"},
	{"/console/services/packs/", "SELECT id FROM packs LIMIT 1"},
	{"/console/services/stylists/", "SELECT id FROM stylists ORDER BY position DESC LIMIT 1"},
	{"/console/services/hours/sets/", "SELECT id FROM schedule_sets LIMIT 1"},
	{"/console/services/", "SELECT id FROM services ORDER BY position LIMIT 1"},
	{"/console/content/texts/", "SELECT key FROM message_texts WHERE channel = 'chat' ORDER BY key LIMIT 1"},
	{"/console/content/templates/", "SELECT key FROM message_texts WHERE channel = 'template' ORDER BY key LIMIT 1"},
	{"/console/catalogue/", "SELECT id FROM products ORDER BY created_at DESC, id DESC LIMIT 1"},
	{"/products/", "SELECT id FROM products WHERE active ORDER BY created_at DESC, id DESC LIMIT 1"},
	{"/api/products/", "SELECT id FROM products WHERE active ORDER BY created_at DESC, id DESC LIMIT 1"},
	{"/console/content/faqs/", "SELECT key FROM faqs ORDER BY key LIMIT 1"},
}

var parameterOf = regexp.MustCompile(`\{([a-z]+)\}`)

// fillIn puts a real thing into a route's address, the nth of its kind where acts would be in each other's way.
func (w *walk) fillIn(path string, n int) string {
	first := true
	return parameterOf.ReplaceAllStringFunc(path, func(name string) string {
		value := map[string]string{"{lang}": "en", "{version}": "1", "{change}": "1"}[name]
		if value == "" && first {
			first = false
			value = w.salon.thing(path, n)
		}
		return cmp.Or(value, "00000000-0000-0000-0000-000000000000")
	})
}
