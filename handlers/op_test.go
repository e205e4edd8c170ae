package handlers

import (
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/fault"
)

type weighIn struct {
	ID    string `path:"id"`
	Unit  string `query:"unit" enum:"g,kg" default:"g"`
	Most  int    `query:"most" minimum:"1" maximum:"100"`
	Stamp string `header:"Stamp" maxLength:"4" pattern:"^[a-z]+$"`
	Body  struct {
		Name  string `json:"name" minLength:"2" maxLength:"5"`
		Count int64  `json:"count" minimum:"1" maximum:"999"`
		Note  string `json:"note,omitempty"`
	}
}

type weighOut struct {
	Body struct {
		OK   bool   `json:"ok"`
		Said string `json:"said"`
	}
}

// weighing is the application with one operation of the tests' own.
func weighing(t *testing.T) *app {
	t.Helper()
	a := newApp(t)
	line := Route{post, "/t/weigh/:id", anyone(), nil, "Weighs"}
	a.mount(operation(a.Server, line, fiber.StatusCreated, fails{409: {"too_heavy"}}, func(c *fiber.Ctx, in *weighIn) (*weighOut, error) {
		if in.Body.Name == "heavy" {
			return nil, fault.Conflict("test.too_heavy")
		}
		if in.Body.Name == "burst" {
			panic("a customer's words")
		}
		out := &weighOut{}
		out.Body.OK, out.Body.Said = true, strings.Join([]string{in.ID, in.Unit, in.Body.Name, in.Body.Note}, " ")
		return out, nil
	}))
	return a
}

// What is asked wrongly is answered as everything else that fails: our envelope, 400, the fields and rules
// by name, nothing of what was sent.
func TestAnOperationIsRefusedInOurWords(t *testing.T) {
	t.Parallel()
	a := weighing(t)
	good := `{"name":"pear","count":3}`
	for _, tt := range []struct {
		name, query, body string
		headers           []string
		status            int
		code, fields      string
	}{
		{"as it should be", "", good, nil, 201, "", ""},
		{"what we do not know", "?colour=red", `{"name":"pear","count":3,"colour":"red"}`, nil, 201, "", ""},
		{"nothing", "", "", nil, 400, "validation", "count:required name:required"},
		{"an empty object", "", "{}", nil, 400, "validation", "count:required name:required"},
		{"too small, too short", "", `{"name":"p","count":0}`, nil, 400, "validation", "count:min name:too_short"},
		{"too big, too long", "", `{"name":"pears and more","count":1000}`, nil, 400, "validation", "count:max name:too_long"},
		{"of other types", "", `{"name":4,"count":"3"}`, nil, 400, "validation", "count:integer name:string"},
		{"a fraction", "", `{"name":"pear","count":1.5}`, nil, 400, "validation", "count:integer"},
		{"far too big", "", `{"name":"pear","count":99999999999999999999999}`, nil, 400, "validation", "count:max"},
		{"null", "", `{"name":null,"count":3}`, nil, 400, "validation", "name:string"},
		{"in the address", "?unit=stone&most=0", good, nil, 400, "validation", "most:min unit:choice"},
		{"no number in the address", "?most=many", good, nil, 400, "validation", "most:integer"},
		{"in a header", "", good, []string{"Stamp: ABCDE"}, 400, "validation", "Stamp:format"},
		{"no object", "", `[1]`, nil, 400, "malformed", ""},
		{"only null", "", `null`, nil, 400, "malformed", ""},
		{"no JSON", "", `{"name":`, nil, 400, "malformed", ""},
		{"something behind it", "", good + "}", nil, 400, "malformed", ""},
		{"another type", "", good, []string{"Content-Type: text/plain"}, 415, "unsupported_type", ""},
		{"a form", "", "name=pear&count=3", []string{typeForm}, 415, "unsupported_type", ""},
		{"too much", "", `{"name":"pear","count":3,"note":"` + strings.Repeat("a", apiBody) + `"}`, nil, 413, "too_large", ""},
		{"the handler's own", "", `{"name":"heavy","count":3}`, nil, 409, "too_heavy", ""},
		{"a panic", "", `{"name":"burst","count":3}`, nil, 500, "internal", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := a.call("POST", "/t/weigh/7"+tt.query, []byte(tt.body), append([]string{typeJSON}, tt.headers...)...)
			if got.StatusCode != tt.status {
				t.Fatalf("got %d %s", got.StatusCode, got.body)
			}
			if tt.status == 201 {
				if got.body != `{"ok":true,"said":"7 g pear "}`+"\n" || got.Header.Get("Content-Type") != "application/json" {
					t.Errorf("got %s %q", got.Header.Get("Content-Type"), got.body)
				}
				return
			}
			if got.code(t) != tt.code || wrongFields(got.json(t)) != tt.fields || got.json(t)["errorCode"] != tt.code {
				t.Errorf("got %s", got.body)
			}
			for _, sent := range []string{"pear", "colour", "stone", "ABCDE"} {
				if strings.Contains(got.body, sent) {
					t.Errorf("%s is repeated: %s", sent, got.body)
				}
			}
		})
	}
	if strings.Contains(a.logs.String(), "customer's words") {
		t.Error("a panic's words are in the log")
	}
}

// A page or an answer for programs: what the caller prefers, and a program's where it does not say.
func TestOneAddressServesPeopleAndPrograms(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	line := Route{get, "/t/both", anyone(), func(c *fiber.Ctx) error { return c.SendString("program") }, ""}
	a.mount(line.orPage(func(c *fiber.Ctx) error {
		if c.Query("fail") != "" {
			return fault.NotFound("error.not_found")
		}
		return c.SendString("page")
	}))
	for accept, want := range map[string]string{
		"":                                  "program",
		"*/*":                               "program",
		"application/json":                  "program",
		"text/html, application/json":       "program",
		"application/json;q=0.9, text/html": "page",
		"text/html;q=0.5, application/json": "program",
		"text/html;q=0":                     "program",
		"text/html;q=two":                   "program",
		"text/html;level=1;q=0.3":           "page",
		"text/*":                            "program",
		"text/html":                         "page",
		"TEXT/HTML":                         "page",
		"text/html;q=0.7, */*;q=0.8":        "program",
		"text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8": "page",
	} {
		got := a.call("GET", "/t/both", nil, "Accept: "+accept)
		if got.body != want || !strings.Contains(got.Header.Get("Vary"), "Accept") {
			t.Errorf("%q: got %q, Vary %q", accept, got.body, got.Header.Get("Vary"))
		}
		head := a.call("HEAD", "/t/both", nil, "Accept: "+accept)
		if head.StatusCode != 200 || head.body != "" {
			t.Errorf("HEAD, %q: got %d %q", accept, head.StatusCode, head.body)
		}
	}
	if got := a.call("GET", "/t/both", nil, "HX-Request: true", "Accept: */*"); got.body != "page" {
		t.Errorf("HTMX got %q", got.body)
	}
	if got := a.call("GET", "/t/both", nil, "Accept: text/html", "X-Admin-Token: "+testAdmin); got.body != "program" {
		t.Errorf("a program with a token got %q", got.body)
	}
	if got := a.call("GET", "/t/both?fail=1", nil, "Accept: application/json;q=0.9, text/html"); got.StatusCode != 404 || !strings.Contains(got.body, "<h1>") {
		t.Errorf("who gets the page gets its failures as pages: got %d %.100s", got.StatusCode, got.body)
	}
}
