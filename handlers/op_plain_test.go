package handlers

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"frontdesk/models"
)

// Every line of the table is described: what it answers with, by an example where that is JSON, and every status that
// anybody is known to get from it (R-1801).
func TestEveryLineIsDescribed(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	known := map[string][]string{}
	seen, err := os.ReadFile("testdata/routes.golden")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(seen)) {
		if words := strings.Fields(line); len(words) > 2 {
			statuses := slices.Sorted(slices.Values(words[2:]))
			known[words[0]+" "+words[1]] = slices.Compact(statuses)
		}
	}
	schemas := a.describe().Components.Schemas
	for _, r := range a.surface {
		op, where := a.describeRoute(r), r.Method+" "+r.Path
		for _, status := range known[where] {
			if status != "fresh" && status != "0" && op.Responses[status] == nil {
				t.Errorf("%s is known to answer with %s, which is not described", where, status)
			}
		}
		for status, answer := range op.Responses {
			if len(answer.Content) == 0 && status != "204" && status != "303" {
				t.Errorf("%s answers with %s: nothing is said of it", where, status)
			}
			media := answer.Content[fiber.MIMEApplicationJSON]
			if media == nil {
				continue
			}
			examples := []any{}
			if media.Example != nil {
				examples = append(examples, media.Example)
			}
			for _, e := range media.Examples {
				examples = append(examples, e.Value)
			}
			if len(examples) == 0 {
				t.Errorf("%s answers with %s: there is no example", where, status)
			}
			for _, example := range examples {
				for _, problem := range misfits(t, schemas, media.Schema, huma.ModeReadFromServer, example) {
					t.Errorf("%s answers with %s: %v", where, status, problem)
				}
			}
		}
		if op.RequestBody != nil && strings.HasPrefix(r.Path, apiPrefix) && op.RequestBody.Content[fiber.MIMEApplicationJSON].Example == nil {
			t.Errorf("%s: there is no example of what it takes", where)
		}
	}
}

// What is answered by lines that are no operations has the shape of their examples.
func TestAnswersAreAsTheirExamples(t *testing.T) {
	t.Parallel()
	s := furnished(t)
	admin := headerAdminToken + ": " + testAdmin
	login := fmt.Sprintf(`{"email":%q,"password":%q}`, s.person(models.RoleOperator), testPassword)
	hello := string(message("wamid.shape", "447700900188", "Hello"))
	for _, ask := range []struct {
		line, path, body string
		headers          []string
	}{
		{"GET /healthz", "/healthz", "", nil},
		{"GET /readyz", "/readyz", "", nil},
		{"GET /health", "/health", "", nil},
		{"GET /db/health", "/db/health", "", nil},
		{"GET /queue/health", "/queue/health", "", nil},
		{"GET /health/metrics", "/health/metrics", "", nil},
		{"GET /salon/services", "/salon/services", "", []string{admin}},
		{"GET /salon/availability", "/salon/availability?service=CUT&date=2026-10-13", "", []string{admin}},
		{"GET /salon/appointments/:id", "/salon/appointments/" + s.confirmed.ID.String(), "", []string{admin}},
		{"POST /session/token", "/session/token", login, []string{typeJSON}},
		{"POST /webhook/whatsapp", "/webhook/whatsapp", hello, []string{typeJSON, whatsAppSigned([]byte(hello))}},
	} {
		method, _, _ := strings.Cut(ask.line, " ")
		got := s.call(method, ask.path, []byte(ask.body), ask.headers...)
		if got.StatusCode != 200 {
			t.Errorf("%s: got %d %s", ask.line, got.StatusCode, got.body)
			continue
		}
		var said, shown any
		if err := json.Unmarshal([]byte(got.body), &said); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(plainLines()[ask.line].answer), &shown); err != nil {
			t.Fatal(err)
		}
		if names(said, "") != names(shown, "") && !within(names(shown, ""), names(said, "")) {
			t.Errorf("%s answers with\n%s\nand its example has\n%s", ask.line, names(said, ""), names(shown, ""))
		}
	}
}

// names are the names in a value of JSON, each with those it stands in; of a list those of its first value, and words that are
// keys of languages or of classes of answers stand for all of their kind.
func names(value any, in string) string {
	var out []string
	switch v := value.(type) {
	case map[string]any:
		for name, field := range v {
			if strings.HasSuffix(in, ".names") || in == ".classes" {
				continue
			}
			out = append(out, in+"."+name, names(field, in+"."+name))
		}
	case []any:
		if len(v) > 0 {
			out = append(out, names(v[0], in))
		}
	}
	out = slices.DeleteFunc(out, func(s string) bool { return s == "" })
	slices.Sort(out)
	return strings.Join(out, "\n")
}

// within tells whether every name of a list is one of another's; empty lists of the salon show fewer.
func within(few, many string) bool {
	all := strings.Split(many, "\n")
	return !slices.ContainsFunc(strings.Split(few, "\n"), func(name string) bool { return !slices.Contains(all, name) })
}

// The description for programs refers to nothing that is not in it, is the same each time it is written, and is not sent again to
// who has it.
func TestTheDescriptionIsKept(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	got := a.call("GET", "/docs/openapi.json", nil)
	components := got.json(t)["components"].(map[string]any)
	for _, ref := range regexp.MustCompile(`"\$ref":"#/components/(\w+)/([^"]+)"`).FindAllStringSubmatch(got.body, -1) {
		of, is := components[ref[1]].(map[string]any)
		if !is || of[ref[2]] == nil {
			t.Fatalf("%s is not there", ref[0])
		}
	}
	if len(got.body) > 800<<10 {
		t.Errorf("it has %d KB", len(got.body)>>10)
	}
	again, err := a.writeDescription()
	if err != nil || again.Tag != got.Header.Get("ETag") {
		t.Errorf("written again it is another: %v", err)
	}
	if same := a.call("GET", "/docs/openapi.json", nil, "If-None-Match: "+again.Tag); same.StatusCode != 304 || same.body != "" {
		t.Errorf("who has it gets %d, %d bytes", same.StatusCode, len(same.body))
	}
}
