package handlers

import (
	"encoding/json"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"
)

// What the description shows is true: every example fits its schema, and none is missing (R-1801).
func TestExamplesFitTheirSchemas(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	api := a.describe()
	shown := 0
	fits := func(where string, media *huma.MediaType, mode huma.ValidateMode, example any) {
		shown++
		for _, problem := range misfits(t, api.Components.Schemas, media.Schema, mode, example) {
			t.Errorf("%s: %v", where, problem)
		}
	}
	for _, r := range a.surface {
		typed := a.ops.of(r)
		if typed == nil {
			continue
		}
		op := a.describeRoute(r)
		where := r.Method + " " + r.Path
		if op.RequestBody != nil {
			media := op.RequestBody.Content[fiber.MIMEApplicationJSON]
			fits(where+" is asked", media, huma.ModeWriteToServer, media.Example)
		}
		for status, response := range op.Responses {
			media := response.Content[fiber.MIMEApplicationJSON]
			if media == nil || response.Description == "" || status == "422" && len(media.Examples) == 0 || status == "default" { // huma's own have none
				t.Errorf("%s answers with %s: %+v", where, status, response)
				continue
			}
			if media.Example != nil {
				fits(where+" answers "+status, media, huma.ModeReadFromServer, media.Example)
			}
			for code, example := range media.Examples {
				fits(where+" fails with "+code, media, huma.ModeReadFromServer, example.Value)
			}
		}
		for _, p := range op.Parameters {
			if len(p.Schema.Examples) == 0 && p.Schema.Default == nil && p.Description == "" {
				t.Errorf("%s: nothing is said of %s", where, p.Name)
			}
		}
	}
	if shown < 60 {
		t.Errorf("%d examples were looked at", shown)
	}
	for name := range api.Components.Schemas.Map() {
		if slices.Contains([]string{"ErrorModel", "ErrorDetail"}, name) {
			t.Errorf("huma's own %s is described", name)
		}
	}
}

// The guide for people who write programs names every operation at its bare address.
func TestTheGuideNamesEveryOperation(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile("../docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	a := newApp(t)
	for _, r := range a.surface {
		path := openapiPath(r.Path)
		if a.ops.of(r) == nil || strings.HasPrefix(path, apiPrefix) {
			continue
		}
		if !strings.Contains(string(guide), "`"+r.Method+" "+path+"`") {
			t.Errorf("docs/api.md does not name %s %s", r.Method, path)
		}
	}
}

// What is answered fits what is described.
func TestAnswersFitTheirSchemas(t *testing.T) {
	t.Parallel()
	s := newStocked(t)
	b := s.client()
	line := b.add("SERUM-50", 1)["id"].(string)
	for _, ask := range []struct{ method, path, route, body string }{
		{get, "/products", "/products", ""},
		{get, "/products/" + s.products["SERUM-50"].ID.String(), "/products/:id", ""},
		{get, "/products/none", "/products/:id", ""},
		{get, "/categories", "/categories", ""},
		{get, "/catalog/health", "/catalog/health", ""},
		{post, "/catalog/sync", "/catalog/sync", ""},
		{post, "/cart", "/cart", ""},
		{get, "/cart", "/cart", ""},
		{post, "/cart/items", "/cart/items", `{"sku":"SERUM-50","qty":1}`},
		{post, "/cart/items", "/cart/items", `{"sku":"SERUM-50","qty":0}`},
		{post, "/cart/items", "/cart/items", `{"sku":"MASK-1","qty":1}`},
		{fiber.MethodPatch, "/cart/items/" + line, "/cart/items/:itemId", `{"qty":1}`},
		{get, "/cart/estimate-shipping", "/cart/estimate-shipping", ""},
		{fiber.MethodDelete, "/cart/items/" + line, "/cart/items/:itemId", ""},
		{post, "/session/verify/start", "/session/verify/start", `{"phone":"+447700900123"}`},
		{post, "/session/verify/complete", "/session/verify/complete", `{"phone":"+447700900123","code":"000000"}`},
		{post, "/consents", "/consents", `{"phone":"+447700900123","granted":true}`},
		{post, "/consents", "/consents", `{"granted":true}`},
		{get, "/consents/447700900123", "/consents/:phone", ""},
	} {
		fitting(b, ask.method, ask.path, ask.route, ask.body)
	}
}

// fitting asks and holds the answer to what is described of the route.
func fitting(b *client, method, path, route, body string, headers ...string) answer {
	b.t.Helper()
	got := b.ask(method, path, body, headers...)
	i := slices.IndexFunc(b.surface, func(r Route) bool { return r.Method == method && r.Path == route })
	if i < 0 || b.ops.of(b.surface[i]) == nil {
		b.t.Errorf("%s %s is no operation", method, route)
		return got
	}
	described := b.describeRoute(b.surface[i]).Responses[strconv.Itoa(got.StatusCode)]
	if described == nil {
		b.t.Errorf("%s %s answers with %d, which is not described: %s", method, path, got.StatusCode, got.body)
		return got
	}
	media := described.Content[fiber.MIMEApplicationJSON]
	for _, problem := range misfits(b.t, b.describe().Components.Schemas, media.Schema, huma.ModeReadFromServer, json.RawMessage(got.body)) {
		b.t.Errorf("%s %s, %d: %v in %s", method, path, got.StatusCode, problem, got.body)
	}
	if got.StatusCode >= 400 && media.Examples[got.code(b.t)] == nil && got.StatusCode != 500 {
		b.t.Errorf("%s %s: the code %s is not described", method, path, got.code(b.t))
	}
	return got
}

// misfits is what of a value does not fit a schema, as JSON has it.
func misfits(t *testing.T, r huma.Registry, sc *huma.Schema, mode huma.ValidateMode, v any) []error {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var plain any
	if err := json.Unmarshal([]byte(strings.TrimSpace(string(raw))), &plain); err != nil {
		t.Fatal(err)
	}
	res := &huma.ValidateResult{}
	huma.Validate(r, sc, huma.NewPathBuffer(nil, 0), mode, plain, res)
	return res.Errors
}
