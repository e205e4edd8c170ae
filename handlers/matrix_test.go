package handlers

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"frontdesk/internal/staff"
	"frontdesk/models"
	"frontdesk/static"
)

var update = flag.Bool("update", false, "write golden files anew")

// TestRoleByRoute asks every route of the table as everybody: nobody, the seven roles, the machine.
// A change of the golden file is a change of who may do what (R-1516).
func TestRoleByRoute(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	callers := []string{"anonymous"}
	tokens := map[string]string{"machine": testAdmin}
	for _, role := range models.Roles() {
		token, _, err := s.Staff.IssueToken(t.Context(), attemptOf(s.people[role]))
		s.must(err)
		tokens[string(role)] = token.Value
		callers = append(callers, string(role))
	}
	callers = append(callers, "machine")
	var out strings.Builder
	fmt.Fprintf(&out, "%-34s %s\n", "", strings.Join(callers, " "))
	for _, r := range s.routes() {
		line := fmt.Sprintf("%-34s", r.Method+" "+r.Path)
		for _, caller := range callers {
			line += fmt.Sprintf(" %*d", len(caller), s.status(r, tokens[caller]))
		}
		out.WriteString(line + "\n")
	}
	golden(t, "routes.golden", out.String())
}

// status is what a caller gets; a stream is asked only as far as its door.
func (s *salon) status(r Route, token string) int {
	path := strings.NewReplacer(":id", s.noor.ID.String(), "/static/*", static.URL("app.css")).Replace(r.Path)
	headers := []string{"Accept: application/json"}
	if token != "" {
		headers = append(headers, "Authorization: Bearer "+token)
	}
	if r.Path == "/console/live" {
		path += "?topics=none" // no topic is anybody's: past the door this is a 403 for all
	}
	var body []byte
	if r.Method == post {
		headers, body = append(headers, typeJSON), []byte(`{}`)
	}
	return s.call(r.Method, path, body, headers...).StatusCode
}

// Every route under the console asks for a right that the policy knows, sign-in aside.
func TestEveryConsoleRouteHasAPolicy(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	known := map[staff.Room]bool{}
	for _, room := range staff.Rooms() {
		known[room] = true
	}
	for _, r := range a.routes() {
		open := r.Path == "/console/login" || r.Path == "/console/logout"
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
