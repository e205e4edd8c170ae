package handlers

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/danielgtaylor/huma/v2/validation"
	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/fault"
)

// The routes that programs outside the salon build on say what they take and give as Go types; huma reads
// the question into the type, judges it by the type's tags, writes the answer and describes both. They stay
// lines of the one table: huma adds no route of its own, and its refusals leave by answerError.

// operations is huma with what it has been told so far.
type operations struct {
	huma.API
	made *mounted
}

// mounted takes the handler that huma would add to the application, so that it becomes a line of the table.
type mounted struct {
	fiber.Router
	handler fiber.Handler
}

// Add keeps the handler instead of adding it.
func (m *mounted) Add(_, _ string, handlers ...fiber.Handler) fiber.Router {
	m.handler = handlers[len(handlers)-1]
	return m
}

func newOperations(app *fiber.App) *operations {
	names := huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)
	names.RegisterTypeAlias(reflect.TypeFor[huma.ErrorModel](), reflect.TypeFor[failure]())
	plain := huma.Format{Marshal: writeJSON, Unmarshal: json.Unmarshal}
	config := huma.Config{
		OpenAPI:      &huma.OpenAPI{Components: &huma.Components{Schemas: names}},
		Formats:      map[string]huma.Format{fiber.MIMEApplicationJSON: plain, "json": plain}, // the second for refusals: problem+json
		Transformers: []huma.Transformer{keepRefusal},
	}
	config.AllowAdditionalPropertiesByDefault = true // the public is not told what we do not know
	made := &mounted{}
	return &operations{humafiber.NewWithGroup(app, made, config), made}
}

// of is what is known of a line that is an operation; nil of any other.
func (o *operations) of(r Route) *huma.Operation {
	item := o.OpenAPI().Paths[openapiPath(r.Path)]
	if item == nil {
		return nil
	}
	return map[string]*huma.Operation{
		get: item.Get, post: item.Post, fiber.MethodPut: item.Put, fiber.MethodPatch: item.Patch, fiber.MethodDelete: item.Delete,
	}[r.Method]
}

func writeJSON(w io.Writer, v any) error { return json.NewEncoder(w).Encode(v) }

// call is one request on its way through huma.
type call struct {
	c   *fiber.Ctx
	err error // what it failed by; answered by answerError
}

type callKey struct{}

// fails are the failures an operation may answer with beside those every route has: status → codes.
type fails map[int][]string

// operation makes a line of the table whose handler is asked in I and answers in O. What stands in the
// line (who may call it, its limits, its words) holds as of any other; status is that of its success.
func operation[I, O any](s *Server, r Route, status int, f fails, answer func(*fiber.Ctx, *I) (*O, error)) Route {
	op := huma.Operation{Method: r.Method, Path: openapiPath(r.Path), DefaultStatus: status, Responses: f.responses(), BodyReadTimeout: -1}
	huma.Register(s.ops, op, func(ctx context.Context, in *I) (*O, error) {
		at := ctx.Value(callKey{}).(*call)
		var out *O
		out, at.err = answer(at.c, in)
		return out, at.err
	})
	s.ops.exemplify(s.ops.of(r), strconv.Itoa(status))
	_, asksBody := reflect.TypeFor[I]().FieldByName("Body")
	inner := s.ops.made.handler
	r.Handler = func(c *fiber.Ctx) error {
		at := &call{c: c}
		c.SetUserContext(context.WithValue(c.UserContext(), callKey{}, at))
		if asksBody && len(c.Request().Body()) == 0 { // scripts post nothing where nothing is to be said
			c.Request().SetBodyString("{}")
			c.Request().Header.SetContentType(fiber.MIMEApplicationJSON)
		}
		if err := inner(c); err != nil {
			return err
		}
		return at.err
	}
	return r
}

// keepRefusal notes what huma refuses a request for, as one of our faults; a handler's own stands already.
func keepRefusal(ctx huma.Context, _ string, v any) (any, error) {
	at, _ := ctx.Context().Value(callKey{}).(*call)
	if refused, is := v.(*huma.ErrorModel); is && at != nil && at.err == nil {
		at.err = asRefusal(refused)
	}
	return v, nil
}

// asRefusal names the fields that are wrong, and by which rule. A body that is no JSON object at all is
// malformed; what it said is not repeated.
func asRefusal(refused *huma.ErrorModel) error {
	if refused.Status == http.StatusRequestEntityTooLarge {
		return tooLarge()
	}
	fields := map[string]string{}
	for _, d := range refused.Errors {
		_, field, _ := strings.Cut(d.Location, ".")
		rule := ruleOf(d.Message)
		if name, is := missing(d.Message); is {
			field, rule = strings.TrimPrefix(field+"."+name, "."), "required"
		}
		if field == "" {
			return malformed(refused)
		}
		fields[field] = rule
	}
	if len(fields) == 0 {
		return malformed(refused)
	}
	return fault.Invalid("error.validation", fields)
}

// missing is the name of a property that is not there: huma puts it in its words, not in the place.
func missing(message string) (name string, is bool) {
	before, after, _ := strings.Cut(validation.MsgExpectedRequiredProperty, "%s")
	name, is = strings.CutPrefix(message, before)
	return strings.TrimSuffix(name, after), is
}

// ruleOf is our word for what huma says in a sentence.
func ruleOf(message string) string {
	for _, r := range []struct{ begins, word string }{
		{validation.MsgExpectedMinimumNumber, "min"},
		{validation.MsgExpectedMaximumNumber, "max"},
		{validation.MsgExpectedMinLength, "too_short"},
		{validation.MsgExpectedMaxLength, "too_long"},
		{validation.MsgExpectedOneOf, "choice"},
		{validation.MsgExpectedMatchPattern, "format"},
		{validation.MsgExpectedBePattern, "format"},
		{validation.MsgExpectedRFC4122UUID, "format"},
		{validation.MsgExpectedString, "string"},
		{validation.MsgExpectedInteger, "integer"},
		{"invalid integer", "integer"}, // of a parameter
		{"required ", "required"},      // likewise
	} {
		if fixed, _, _ := strings.Cut(r.begins, "%"); strings.HasPrefix(message, fixed) {
			return r.word
		}
	}
	return "invalid"
}
