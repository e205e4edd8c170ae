package handlers

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	"frontdesk/models"
	"frontdesk/static"
)

// things are what the parameters of a route name in the salon of the tests: the line with the longest
// matching prefix counts. The first id is one the admin can open; the others are there to be refused.
func (s *salon) things() map[string][]string {
	return map[string][]string{
		"/console/conversations/": {s.noor.ID.String(), s.sara.ID.String()},
	}
}

// variants are addresses of a page beside the bare one, where more is shown.
func (s *salon) variants() map[string][]string {
	day := "?day=2026-10-09"
	return map[string][]string{
		"/console/live":          {"?topics=none"}, // past the door this is a 403 for all: no stream is opened
		"/console/diary":         {day, day + "&view=week", day + "&visit=" + s.confirmed.ID.String(), day + "&visit=" + s.held.ID.String()},
		"/console/conversations": {"", "?filter=needs"},
	}
}

// addresses are where a route is asked in tests that walk the whole table. A route whose parameters
// nobody filled fails the test.
func (s *salon) addresses(r Route) []string {
	s.t.Helper()
	if r.Path == "/static/*" {
		return []string{static.URL("app.css")}
	}
	var paths []string
	for _, id := range s.fill(r.Path) {
		paths = append(paths, strings.NewReplacer(":id", id).Replace(r.Path))
	}
	more, known := s.variants()[r.Path]
	if !known {
		more = []string{""}
	}
	var out []string
	for _, path := range paths {
		if strings.Contains(path, "/:") {
			s.t.Errorf("%s %s: no test fills its parameters: add a line to things", r.Method, r.Path)
			continue
		}
		for _, query := range more {
			out = append(out, path+query)
		}
	}
	return out
}

func (s *salon) fill(path string) []string {
	if !strings.Contains(path, ":id") {
		return []string{""}
	}
	things, best := s.things(), ""
	for prefix := range things {
		if strings.HasPrefix(path, prefix) && len(prefix) > len(best) {
			best = prefix
		}
	}
	if best == "" {
		return []string{":id"}
	}
	return things[best]
}

// reads are the routes of the table that only read.
func (s *salon) reads() []Route {
	return slices.DeleteFunc(s.routes(), func(r Route) bool { return r.Method != get })
}

// readers are everybody who may read, each with the header that says so.
func (s *salon) readers() map[models.Role]string {
	s.t.Helper()
	out := map[models.Role]string{models.RoleMachine: "X-Admin-Token: " + testAdmin, "anonymous": "X-Nobody: 1"}
	for _, role := range models.Roles() {
		out[role] = "Cookie: " + s.signIn(role)
	}
	return out
}

// A right that opens a page, and an address that shows nothing, would make every test that walks the
// table blind: whoever may open everything gets an answer from each.
func TestEveryAddressOfTheTestsShowsSomething(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	cookie := "Cookie: " + s.signIn(models.RoleAdmin)
	for _, r := range s.reads() {
		if slices.Contains([]string{"/console/live", "/webhook/whatsapp"}, r.Path) {
			continue // a stream; a check with a token of its own
		}
		addresses := s.addresses(r)
		if len(addresses) == 0 {
			continue
		}
		got := s.call("GET", addresses[0], nil, cookie, "Accept: text/html")
		if got.StatusCode != 200 && !(got.StatusCode == 303 && r.Access.Kind == Anyone) {
			t.Errorf("%s: got %d: %.200s", addresses[0], got.StatusCode, cmp.Or(got.Header.Get("Location"), got.body))
		}
	}
}
