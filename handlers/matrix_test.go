package handlers

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/staff"
	"frontdesk/models"
)

var update = flag.Bool("update", false, "write golden files anew")

// TestRoleByRoute asks every route of the table as everybody: nobody, the seven roles in a browser, the
// machine. Acts are tried on things that exist, with nothing filled in; the last column marks those that
// ask for a fresh proof. A change of the golden file is a change of who may do what (R-1516).
func TestRoleByRoute(t *testing.T) {
	t.Parallel()
	s := furnished(t)
	callers := []string{"anonymous"}
	browsers := map[string]*browser{}
	for _, role := range models.Roles() {
		browsers[string(role)] = s.open(role)
		callers = append(callers, string(role))
	}
	callers = append(callers, string(models.RoleMachine))
	var out strings.Builder
	fmt.Fprintf(&out, "%-60s %s\n", "", strings.Join(callers, " "))
	for _, r := range s.surface {
		line := fmt.Sprintf("%-60s", r.Method+" "+r.Path)
		for _, caller := range callers {
			line += fmt.Sprintf(" %*d", len(caller), s.status(r, caller, browsers[caller]))
		}
		if r.Access.Fresh {
			line += " fresh"
		}
		out.WriteString(line + "\n")
	}
	golden(t, "routes.golden", out.String())
}

// browser is one in which a person is signed in.
type browser struct {
	salon        *salon
	role         models.Role
	cookie, csrf string
}

func (s *salon) open(role models.Role) *browser {
	s.t.Helper()
	b := &browser{salon: s, role: role}
	b.enter()
	return b
}

// enter signs the person in, anew when a route has signed them out.
func (b *browser) enter() {
	s := b.salon
	s.t.Helper()
	b.cookie = s.signIn(b.role)
	b.csrf, _ = s.call("GET", "/console", nil, "Cookie: "+b.cookie, "Accept: text/html").doc(s.t).Find("body").Attr("data-csrf")
	if b.csrf == "" {
		s.t.Fatalf("%s got no form token", b.role)
	}
}

// status is what a caller gets at the first address of a route; a stream is asked only as far as its
// door.
func (s *salon) status(r Route, caller string, b *browser) int {
	s.t.Helper()
	addresses := s.addresses(r)
	if len(addresses) == 0 {
		return 0 // the route's parameters are not filled: reported already
	}
	ask := func(headers ...string) int {
		var body []byte
		headers = append(headers, "Accept: application/json")
		switch {
		case r.Method != get && strings.HasPrefix(r.Path, "/console"):
			headers = append(headers, typeForm)
		case r.Method != get:
			headers, body = append(headers, typeJSON), []byte(`{}`)
		}
		return s.call(r.Method, addresses[0], body, headers...).StatusCode
	}
	switch {
	case caller == string(models.RoleMachine):
		return ask("X-Admin-Token: " + testAdmin)
	case b == nil:
		return ask()
	}
	got := ask("Cookie: "+b.cookie, "X-CSRF-Token: "+b.csrf)
	if got == fiber.StatusUnauthorized && r.Access.Kind != Signature {
		b.enter() // signed out by an earlier route of the table
		got = ask("Cookie: "+b.cookie, "X-CSRF-Token: "+b.csrf)
	}
	return got
}

// Every route under the console asks for a right that the policy knows, sign-in aside.
func TestEveryConsoleRouteHasAPolicy(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	known := map[staff.Room]bool{}
	for _, room := range staff.Rooms() {
		known[room] = true
	}
	for _, r := range a.surface {
		in := strings.HasPrefix(r.Path, "/console/login") || strings.HasPrefix(r.Path, "/console/invitation/")
		own := r.Path == "/console/logout" || strings.HasPrefix(r.Path, "/console/confirm") || strings.HasPrefix(r.Path, "/console/account")
		open := in && r.Access.Kind == Anyone || own && r.Access.Kind == SignedIn
		if strings.HasPrefix(r.Path, "/console") && !open && r.Access.Kind != StaffOnly {
			t.Errorf("%s %s asks for no right", r.Method, r.Path)
		}
		if r.Access.Kind == "" {
			t.Errorf("%s %s says nothing about who may call it", r.Method, r.Path)
		}
		if r.Access.Kind == StaffOnly && (!known[r.Access.Room] || r.Access.Act == "") {
			t.Errorf("%s %s asks for %q in %q, which the policy does not know", r.Method, r.Path, r.Access.Act, r.Access.Room)
		}
		if r.Doc == "" {
			t.Errorf("%s %s is not described", r.Method, r.Path)
		}
	}
}

// What changes who may do what asks for a fresh proof (ASVS 7.5.3), and so does the form that leads to
// such an act: else what was typed would be lost on the way to the proof.
func TestSensitiveActsAskForAFreshProof(t *testing.T) {
	t.Parallel()
	routes := newApp(t).surface
	forms := map[string]Route{}
	for _, r := range routes {
		if r.Method == get {
			forms[r.Path] = r
		}
	}
	for _, r := range routes {
		if r.Access.Room == staff.People && r.Access.Act != staff.ToRead && !r.Access.Fresh {
			t.Errorf("%s %s changes people without a fresh proof", r.Method, r.Path)
		}
		form, there := forms[r.Path]
		if r.Method != get && r.Access.Fresh && there && form.Access.Act == r.Access.Act && !form.Access.Fresh {
			t.Errorf("%s %s asks for a fresh proof, its form does not", r.Method, r.Path)
		}
		if r.Access.Fresh && r.Access.Kind != SignedIn && r.Access.Kind != StaffOnly {
			t.Errorf("%s %s asks nobody for a fresh proof", r.Method, r.Path)
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v: run the test with -update", err)
	}
	if got != string(want) {
		t.Errorf("%s differs: run the test with -update and read the difference\n%s", name, got)
	}
}

func attemptOf(email string) staff.Attempt {
	return staff.Attempt{Email: email, Password: testPassword}
}
