package handlers

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/i18n"
	"frontdesk/internal/shop"
	"frontdesk/views/docs"
)

var (
	pathParameter = regexp.MustCompile(`:([a-zA-Z]+)`)
	inBraces      = regexp.MustCompile(`{([a-zA-Z]+)}`)
)

// openapiPath writes a route's pattern the way OpenAPI does: /a/:id and /a/* become /a/{id} and /a/{file}.
func openapiPath(path string) string {
	return strings.ReplaceAll(pathParameter.ReplaceAllString(path, "{$1}"), "*", "{file}")
}

// describe writes the interface down as OpenAPI 3.1, from the route table: it cannot say anything else. What
// is asked and answered in Go types is described by them.
func (s *Server) describe() *huma.OpenAPI {
	api := &huma.OpenAPI{
		OpenAPI: "3.1.0", Servers: []*huma.Server{{URL: s.set.BaseURL}},
		Info: &huma.Info{Title: "Frontdesk", Version: s.set.Version, Description: "The front desk of a salon over WhatsApp: webhooks, console, shop, health."},
		Components: &huma.Components{
			Schemas: s.ops.OpenAPI().Components.Schemas,
			SecuritySchemes: map[string]*huma.SecurityScheme{
				"bearer":  {Type: "http", Scheme: "bearer"},
				"admin":   {Type: "apiKey", In: "header", Name: headerAdminToken},
				"session": {Type: "apiKey", In: "cookie", Name: s.cookieName(sessionCookie)},
				"shopper": {Type: "apiKey", In: "cookie", Name: s.cookieName(shopperCookie), Description: "A visitor's own; set by the first act on a cart"},
				"token":   {Type: "apiKey", In: "header", Name: headerSessionToken, Description: "The same for programs that keep no cookies"},
				"sync":    {Type: "apiKey", In: "header", Name: headerSyncKey},
			},
		},
	}
	for _, group := range docGroups() {
		api.Tags = append(api.Tags, &huma.Tag{Name: group})
	}
	failures := sharedFailures{names: map[string]string{}, all: map[string]*huma.Response{}}
	for _, r := range s.surface {
		op := s.describeRoute(r)
		for _, status := range slices.Sorted(maps.Keys(op.Responses)) { // in one order, so that all processes write the same
			if status >= "400" {
				op.Responses[status] = failures.ref(status, op.Responses[status])
			}
		}
		api.AddOperation(op)
	}
	api.Components.Responses = failures.all
	return api
}

// sharedFailures are the failures of all lines, each written once: many are those of hundreds of lines.
type sharedFailures struct {
	names map[string]string // by what they say
	all   map[string]*huma.Response
}

func (f sharedFailures) ref(status string, answer *huma.Response) *huma.Response {
	says, err := json.Marshal(answer)
	if err != nil {
		return answer // it is said where it stands
	}
	name, known := f.names[string(says)]
	if !known {
		name = status + "." + strconv.Itoa(len(f.all))
		f.names[string(says)], f.all[name] = name, answer
	}
	return &huma.Response{Ref: "#/components/responses/" + name}
}

// describeRoute says what the line says, what it takes and gives, and every way in which it may fail.
func (s *Server) describeRoute(r Route) *huma.Operation {
	op := &huma.Operation{Responses: map[string]*huma.Response{}}
	if typed := s.ops.of(r); typed != nil {
		*op = *typed
		op.Responses = maps.Clone(typed.Responses)
	} else {
		describePlain(op, r)
	}
	op.Method, op.Path, op.Summary, op.Tags = r.Method, openapiPath(r.Path), r.Doc, []string{docGroup(r)}
	op.OperationID = strings.ToLower(r.Method) + strings.NewReplacer("/", "_", "{", "", "}", "", "-", "_", ".", "_").Replace(op.Path)
	op.Extensions = map[string]any{"x-access": accessWord(r.Access)}
	for _, name := range inBraces.FindAllStringSubmatch(op.Path, -1) {
		if !slices.ContainsFunc(op.Parameters, func(p *huma.Param) bool { return p.In == "path" && p.Name == name[1] }) {
			op.Parameters = append(op.Parameters, &huma.Param{Name: name[1], In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString}})
		}
	}
	switch r.Access.Kind {
	case SignedIn, StaffOnly:
		op.Security = []map[string][]string{{"bearer": {}}, {"admin": {}}, {"session": {}}}
	case Shopper:
		op.Security = []map[string][]string{{"shopper": {}}, {"token": {}}, {}}
	case Keyed:
		op.Security = []map[string][]string{{"sync": {}}}
	}
	describeFailures(op, r)
	return op
}

// describeFailures adds what a line may answer on its way to the handler, where nothing is said of it yet.
func describeFailures(op *huma.Operation, r Route) {
	failed := func(status int, code, why string) { describeFailure(op, status, code, why) }
	switch r.Access.Kind {
	case SignedIn, StaffOnly:
		failed(fiber.StatusUnauthorized, "unauthorized", "Nobody is signed in")
		failed(fiber.StatusForbidden, "forbidden", "The role may not do this")
	case Signature:
		failed(fiber.StatusUnauthorized, "unauthorized", "The signature is missing or wrong")
	case Shopper:
		if r.Method != get {
			failed(fiber.StatusForbidden, "forbidden", "Another site asked for it")
		}
	}
	if op.RequestBody != nil {
		failed(fiber.StatusBadRequest, "malformed", "The body, or something else that was sent, cannot be read")
		failed(fiber.StatusRequestEntityTooLarge, "too_large", "The body is too large")
		failed(fiber.StatusUnsupportedMediaType, "unsupported_type", "The body is of another type")
	}
	if strings.Contains(r.Path, ":") {
		failed(fiber.StatusNotFound, "not_found", "There is no such thing, or not for the caller")
	}
	if r.Access.Bucket != free || r.Access.Refusals {
		failed(fiber.StatusTooManyRequests, "rate_limited", "Asked too often; Retry-After says when to ask again")
	}
	if r.Access.Bucket != free { // probes say it their own way
		failed(fiber.StatusServiceUnavailable, "unavailable", "Something it needs does not answer now")
	}
	failed(fiber.StatusInternalServerError, "internal", "Something went wrong on our side")
}

// describeFailure says of one status why it comes, where nothing is said of it yet.
func describeFailure(op *huma.Operation, status int, code, why string) {
	at := strconv.Itoa(status)
	if op.Responses[at] != nil {
		return
	}
	op.Responses[at] = failedWith(why)
	op.Responses[at].Content[fiber.MIMEApplicationJSON].Examples = map[string]*huma.Example{code: {Value: failedBy(code)}}
}

func failedWith(why string) *huma.Response {
	return &huma.Response{Description: why, Content: map[string]*huma.MediaType{
		fiber.MIMEApplicationJSON: {Schema: &huma.Schema{Ref: "#/components/schemas/Failure"}},
	}}
}

func docGroups() []string {
	return []string{"health", "webhooks", "scripts", "booking", "shop", "pages", "console"}
}

// docGroup is the part of the documentation a route stands in.
func docGroup(r Route) string {
	switch {
	case strings.HasPrefix(r.Path, "/console"):
		return "console"
	case r.Access.Kind == Signature || strings.HasPrefix(r.Path, "/webhook"):
		return "webhooks"
	case r.Path == "/session/token":
		return "scripts"
	case strings.HasPrefix(r.Path, "/salon/"):
		return "booking"
	case inShop(r):
		return "shop"
	case strings.HasPrefix(strings.TrimPrefix(r.Path, apiPrefix), "/queue/"):
		return "health"
	case slices.Contains([]string{"/healthz", "/readyz", "/health", "/db/health", "/health/metrics", "/metrics"}, r.Path):
		return "health"
	default:
		return "pages"
	}
}

func accessWord(a Access) string {
	if a.Kind == StaffOnly {
		return string(a.Room) + ":" + string(a.Act)
	}
	return string(a.Kind)
}

// docs shows the description to people.
func (s *Server) docs(c *fiber.Ctx) error {
	ctx := c.UserContext()
	var groups []docs.Group
	for _, name := range docGroups() {
		g := docs.Group{Title: i18n.T(ctx, "public.docs.group_"+name)}
		for _, r := range s.surface {
			if docGroup(r) != name {
				continue
			}
			access := i18n.T(ctx, "public.docs.access_"+strings.ReplaceAll(string(r.Access.Kind), "-", "_"))
			if r.Access.Kind == StaffOnly {
				access += " (" + accessWord(r.Access) + ")"
			}
			g.Routes = append(g.Routes, s.shown(r, access))
		}
		groups = append(groups, g)
	}
	return s.public(c, fiber.StatusOK, "public.docs.title", docs.Content(groups))
}

// shown is a route in words, an operation with what it takes and gives.
func (s *Server) shown(r Route, access string) docs.Route {
	out := docs.Route{Method: r.Method, Path: openapiPath(r.Path), Doc: r.Doc, Access: access}
	op := s.ops.of(r)
	if op == nil {
		return out
	}
	for _, p := range op.Parameters {
		out.Asks = append(out.Asks, docs.Field{Name: p.Name, In: p.In, Doc: p.Description})
	}
	if op.RequestBody != nil {
		out.Body = exampleText(op.RequestBody.Content)
	}
	out.Answer = exampleText(op.Responses[strconv.Itoa(op.DefaultStatus)].Content)
	out.Fails = codes(op)
	return out
}

func exampleText(content map[string]*huma.MediaType) string {
	text, err := json.MarshalIndent(content[fiber.MIMEApplicationJSON].Example, "", "  ")
	if err != nil {
		return "" // examples come from their schemas: there is none that JSON cannot say
	}
	return string(text)
}

// openapi gives the description to programs. It is the same for everybody while the program runs, and large: it is written once,
// and whoever has it is told that it still holds.
func (s *Server) openapi(c *fiber.Ctx) error {
	written, err := s.description()
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "no-cache")
	c.Set(fiber.HeaderETag, written.Tag)
	if sameAnswer(c.Get(fiber.HeaderIfNoneMatch), written.Tag) {
		c.Status(fiber.StatusNotModified)
		return nil
	}
	c.Set(fiber.HeaderContentType, written.Type)
	return c.Send(written.Body)
}

func (s *Server) writeDescription() (shop.Answer, error) {
	body, err := json.Marshal(s.describe())
	if err != nil {
		return shop.Answer{}, fmt.Errorf("write the description: %w", err)
	}
	return shop.Answer{Type: fiber.MIMEApplicationJSON, Body: body, Tag: tagOf(body)}, nil
}
