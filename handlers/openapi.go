package handlers

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/i18n"
	"frontdesk/views/docs"
)

// The description of the interface is made from the route table, so that it cannot say anything else.

type openAPI struct {
	OpenAPI    string                          `json:"openapi"`
	Info       openAPIInfo                     `json:"info"`
	Servers    []openAPIServer                 `json:"servers"`
	Tags       []openAPITag                    `json:"tags"`
	Paths      map[string]map[string]operation `json:"paths"`
	Components components                      `json:"components"`
}

type openAPIInfo struct {
	Title       string `json:"title"`
	Version     string `json:"version"`
	Description string `json:"description"`
}

type openAPIServer struct {
	URL string `json:"url"`
}

type openAPITag struct {
	Name string `json:"name"`
}

type operation struct {
	OperationID string                  `json:"operationId"`
	Summary     string                  `json:"summary"`
	Tags        []string                `json:"tags"`
	Parameters  []parameter             `json:"parameters,omitempty"`
	Security    []map[string][]string   `json:"security,omitempty"`
	Responses   map[string]openResponse `json:"responses"`
	Access      string                  `json:"x-access"`
}

type parameter struct {
	Name     string         `json:"name"`
	In       string         `json:"in"`
	Required bool           `json:"required"`
	Schema   map[string]any `json:"schema"`
}

type openResponse struct {
	Description string         `json:"description"`
	Content     map[string]any `json:"content,omitempty"`
}

type components struct {
	SecuritySchemes map[string]map[string]string `json:"securitySchemes"`
	Schemas         map[string]any               `json:"schemas"`
}

var pathParameter = regexp.MustCompile(`:([a-zA-Z]+)`)

// openapiPath writes a route's pattern the way OpenAPI does: /a/:id and /a/* become /a/{id} and /a/{file}.
func openapiPath(path string) string {
	return strings.ReplaceAll(pathParameter.ReplaceAllString(path, "{$1}"), "*", "{file}")
}

// describe writes the interface down as OpenAPI 3.1.
func (s *Server) describe() openAPI {
	api := openAPI{
		OpenAPI: "3.1.0", Servers: []openAPIServer{{URL: s.set.BaseURL}}, Paths: map[string]map[string]operation{},
		Info: openAPIInfo{Title: "Frontdesk", Version: s.set.Version, Description: "The front desk of a salon over WhatsApp: webhooks, console, health."},
		Components: components{
			SecuritySchemes: map[string]map[string]string{
				"bearer":  {"type": "http", "scheme": "bearer"},
				"admin":   {"type": "apiKey", "in": "header", "name": headerAdminToken},
				"session": {"type": "apiKey", "in": "cookie", "name": s.cookieName(sessionCookie)},
			},
			Schemas: map[string]any{"Failure": failureSchema()},
		},
	}
	for _, group := range docGroups() {
		api.Tags = append(api.Tags, openAPITag{Name: group})
	}
	for _, r := range s.routes() {
		path := openapiPath(r.Path)
		if api.Paths[path] == nil {
			api.Paths[path] = map[string]operation{}
		}
		api.Paths[path][strings.ToLower(r.Method)] = describeRoute(r)
	}
	return api
}

func describeRoute(r Route) operation {
	path := openapiPath(r.Path)
	op := operation{
		OperationID: strings.ToLower(r.Method) + strings.NewReplacer("/", "_", "{", "", "}", "", "-", "_", ".", "_").Replace(path),
		Summary:     r.Doc, Tags: []string{docGroup(r)}, Access: accessWord(r.Access), Responses: map[string]openResponse{"200": {Description: "Done"}},
	}
	failed := func(status int, why string) {
		op.Responses[strconv.Itoa(status)] = openResponse{Description: why, Content: map[string]any{
			fiber.MIMEApplicationJSON: map[string]any{"schema": map[string]string{"$ref": "#/components/schemas/Failure"}},
		}}
	}
	for _, name := range regexp.MustCompile(`{([a-zA-Z]+)}`).FindAllStringSubmatch(path, -1) {
		op.Parameters = append(op.Parameters, parameter{Name: name[1], In: "path", Required: true, Schema: map[string]any{"type": "string"}})
	}
	switch r.Access.Kind {
	case SignedIn, StaffOnly:
		op.Security = []map[string][]string{{"bearer": {}}, {"admin": {}}, {"session": {}}}
		failed(fiber.StatusUnauthorized, "Nobody is signed in")
		failed(fiber.StatusForbidden, "The role may not do this")
	case Signature:
		failed(fiber.StatusUnauthorized, "The signature is missing or wrong")
	}
	failed(fiber.StatusInternalServerError, "Something went wrong on our side")
	return op
}

func failureSchema() map[string]any {
	word := map[string]any{"type": "string"}
	return map[string]any{
		"type": "object", "required": []string{"ok", "error"},
		"properties": map[string]any{
			"ok": map[string]any{"const": false},
			"error": map[string]any{"type": "object", "required": []string{"code", "message", "requestId"}, "properties": map[string]any{
				"code": word, "message": word, "requestId": word,
				"details": map[string]any{"type": "array", "items": map[string]any{"type": "object", "properties": map[string]any{"field": word, "rule": word}}},
			}},
			"errorCode": word,
		},
	}
}

func docGroups() []string {
	return []string{"health", "webhooks", "scripts", "booking", "pages", "console"}
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
	case slices.Contains([]string{"/healthz", "/readyz", "/health", "/db/health", "/queue/health", "/health/metrics", "/metrics"}, r.Path):
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
		for _, r := range s.routes() {
			if docGroup(r) != name {
				continue
			}
			access := i18n.T(ctx, "public.docs.access_"+strings.ReplaceAll(string(r.Access.Kind), "-", "_"))
			if r.Access.Kind == StaffOnly {
				access += " (" + accessWord(r.Access) + ")"
			}
			g.Routes = append(g.Routes, docs.Route{Method: r.Method, Path: openapiPath(r.Path), Doc: r.Doc, Access: access})
		}
		groups = append(groups, g)
	}
	return s.public(c, fiber.StatusOK, "public.docs.title", docs.Content(groups))
}

// openapi gives the description to programs.
func (s *Server) openapi(c *fiber.Ctx) error { return c.JSON(s.describe()) }
