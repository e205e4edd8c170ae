package handlers

import (
	"errors"
	"log/slog"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/database"
	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/internal/logging"
	"frontdesk/views/errorpage"
	"frontdesk/views/layout"
	"frontdesk/views/store"
)

// failure is the envelope of every JSON failure. ErrorCode repeats the code for older clients
// that look at the top level.
type failure struct {
	OK        bool   `json:"ok" example:"false" doc:"Always false"`
	Error     reason `json:"error"`
	ErrorCode string `json:"errorCode" example:"insufficient_stock" doc:"The code once more, for older clients"`
	// Challenge is what must be answered first, where the code is challenge_required.
	Challenge *challengeAsked `json:"challenge,omitempty" doc:"What to answer first, where the code is challenge_required"`
}

type challengeAsked struct {
	Ticket   string `json:"ticket" example:"q83vEjRWeJASNFZ4" doc:"Send it back with the answer"`
	Question string `json:"question" example:"What is 3 plus 4?" doc:"For people, in the language asked for"`
}

type reason struct {
	Code      string   `json:"code" example:"insufficient_stock" doc:"What to act on; never translated"`
	Message   string   `json:"message" example:"There are not that many left: 2." doc:"For people, in the language asked for"`
	RequestID string   `json:"requestId" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c11" doc:"Also in X-Request-Id; name it when asking for help"`
	Details   []detail `json:"details,omitempty" nullable:"false" doc:"Which fields are wrong, where the code is validation"`
}

type detail struct {
	Field string `json:"field" example:"qty"`
	Rule  string `json:"rule" example:"min"`
}

// answerError is the one place that turns an error into an answer: JSON for programs, a page or a
// fragment for people. What is not a fault is logged here, once, and not shown.
func (s *Server) answerError(c *fiber.Ctx, err error) error {
	if logging.Request(c.UserContext()) == "" {
		s.begin(c.UserContext(), c) // refused before the first middleware, such as a far too long body
		s.setHeaders(c)
	}
	f := asFault(err)
	ctx, status := c.UserContext(), f.Status()
	switch {
	case status >= fiber.StatusInternalServerError:
		s.Log.LogAttrs(ctx, slog.LevelError, "request failed", slog.String("method", c.Method()), slog.String("route", s.pattern(c)), slog.Any("err", err))
	case f.Cause != nil:
		s.Log.LogAttrs(ctx, slog.LevelInfo, "request refused", slog.String("route", s.pattern(c)), slog.Any("err", err))
	}
	c.Response().ResetBody() // a handler may have written half a page
	c.Set(fiber.HeaderCacheControl, "no-store")
	retryLater(c, f)
	if wantsJSON(c) {
		return s.answerJSONError(c, f)
	}
	if f.Kind == fault.KindUnauthorized && strings.HasPrefix(c.Path(), "/console") {
		return s.askToSignIn(c)
	}
	if f.Key == stepUpKey {
		return s.askToConfirm(c)
	}
	return s.answerErrorPage(c, f)
}

// retryLater tells how long to wait, where that is known.
func retryLater(c *fiber.Ctx, f *fault.Fault) {
	if f.RetryAfter > 0 {
		c.Set(fiber.HeaderRetryAfter, strconv.Itoa(f.RetryAfter))
	}
}

func (s *Server) answerJSONError(c *fiber.Ctx, f *fault.Fault) error {
	ctx := c.UserContext()
	body := failure{ErrorCode: code(f), Error: reason{
		Code: code(f), Message: i18n.T(ctx, f.Key, pairs(f.Facts)...), RequestID: logging.Request(ctx),
	}}
	if f.Key == challengeKey {
		ticket, _ := f.Facts["Ticket"].(string)
		question, _ := f.Facts["Question"].(string)
		body.Challenge = &challengeAsked{Ticket: ticket, Question: question}
	}
	for _, field := range slices.Sorted(maps.Keys(f.Fields)) {
		body.Error.Details = append(body.Error.Details, detail{Field: field, Rule: f.Fields[field]})
	}
	return c.Status(f.Status()).JSON(body)
}

// askToSignIn sends a person to the login and, when they came to read, back to their page afterwards.
func (s *Server) askToSignIn(c *fiber.Ctx) error {
	to := "/console/login"
	if c.Method() == fiber.MethodGet && !wantsFragment(c) {
		to += "?next=" + url.QueryEscape(c.OriginalURL())
	}
	if c.Get("HX-Request") == "true" {
		c.Set("HX-Redirect", to) // HTMX does not see headers of a redirect
		return c.SendStatus(fiber.StatusUnauthorized)
	}
	return c.Redirect(to, fiber.StatusSeeOther)
}

// asFault gives every error the form of a fault; unknown ones become "internal".
func asFault(err error) *fault.Fault {
	var f *fault.Fault
	if errors.As(err, &f) {
		return f
	}
	if database.Violates(err, "customers_known") { // erased in the same moment
		return &fault.Fault{Kind: fault.KindNotFound, Key: "customers.no_customer", Cause: err}
	}
	if database.Away(err) {
		return fault.Unavailable("error.unavailable", err)
	}
	var fe *fiber.Error
	if !errors.As(err, &fe) {
		return &fault.Fault{Kind: "internal", Key: "error.internal"}
	}
	switch fe.Code {
	case fiber.StatusNotFound:
		return fault.NotFound("error.not_found")
	case fiber.StatusMethodNotAllowed:
		return &fault.Fault{Kind: fault.KindMethod, Key: "error.not_found"}
	case fiber.StatusRequestEntityTooLarge:
		return &fault.Fault{Kind: fault.KindTooLarge, Key: "error.too_large"}
	case fiber.StatusRequestHeaderFieldsTooLarge:
		return &fault.Fault{Kind: fault.KindHeaders, Key: "error.headers_too_large"}
	case fiber.StatusUnsupportedMediaType:
		return &fault.Fault{Kind: fault.KindUnsupported, Key: "error.unsupported_type"}
	case fiber.StatusServiceUnavailable:
		return fault.Unavailable("error.unavailable", err)
	}
	if fe.Code >= 400 && fe.Code < 500 {
		return &fault.Fault{Kind: fault.KindInvalid, Key: "error.malformed", Cause: err}
	}
	return &fault.Fault{Kind: "internal", Key: "error.internal"}
}

// code is the machine word of a failure: "validation" where fields are wrong, the last part of the
// key where a rule named it ("slot_taken"), else the kind.
func code(f *fault.Fault) string {
	area, thing, _ := strings.Cut(f.Key, ".")
	switch {
	case f.Kind == fault.KindIneligible: // why stands behind the code
		thing, _, _ = strings.Cut(thing, ".")
		return thing
	case f.Key == "return.returns_disabled":
		return thing
	case f.Kind == fault.KindInvalid && len(f.Fields) > 0:
		return "validation"
	case f.Key == stepUpKey || f.Key == challengeKey:
		return thing
	case f.Kind == fault.KindUnauthorized || f.Kind == fault.KindForbidden || f.Kind == fault.KindTooMany:
		return string(f.Kind)
	case area == "error" && f.Kind != fault.KindUnavailable && f.Key != "error.malformed":
		return string(f.Kind)
	default:
		return thing
	}
}

// wantsJSON tells whether a program asks: by path, by its token, or by what it accepts.
func wantsJSON(c *fiber.Ctx) bool {
	if byToken(c) {
		return true
	}
	if isPage(c.Path()) {
		accepted := c.Get(fiber.HeaderAccept)
		return strings.Contains(accepted, fiber.MIMEApplicationJSON) && !strings.Contains(accepted, fiber.MIMETextHTML)
	}
	return !prefersPage(c) || isHook(c.Path())
}

func isPage(path string) bool {
	return slices.Contains([]string{"/", "/privacy", "/docs", "/payments/thanks", "/payments/cancelled", "/console", store.LookupPath, store.HandoffPath}, path) ||
		strings.HasPrefix(path, "/console/")
}

func isHook(path string) bool {
	return strings.HasPrefix(path, "/webhook/") || path == "/payments/stripe/webhook"
}

func pairs(facts map[string]any) []any {
	out := make([]any, 0, 2*len(facts))
	for name, value := range facts {
		out = append(out, name, value)
	}
	return out
}

func (s *Server) answerErrorPage(c *fiber.Ctx, f *fault.Fault) error {
	ctx, status := c.UserContext(), f.Status()
	t := errorpage.Trouble{
		Status: status, Title: i18n.T(ctx, troubleTitle(f)), Message: i18n.T(ctx, f.Key, pairs(f.Facts)...),
		RequestID: logging.Request(ctx), Home: "/", HomeLabel: i18n.T(ctx, "error.home"),
	}
	if todo, known := whatToDo(f); known {
		t.Todo = i18n.T(ctx, todo)
	}
	switch {
	case strings.HasPrefix(c.Path(), "/console"): // every role may read Today, which is there
		t.Home = "/console"
	case strings.HasPrefix(c.Path(), store.ProductsPath), strings.HasPrefix(c.Path(), store.CartPath), c.Path() == store.CheckoutPath:
		t.Home, t.HomeLabel = store.ProductsPath, i18n.T(ctx, "public.store.error_home")
	case strings.HasPrefix(c.Path(), store.OrdersPath), strings.HasPrefix(c.Path(), store.ReturnsPath), c.Path() == store.LookupPath:
		t.Home, t.HomeLabel = store.LookupPath, i18n.T(ctx, "public.lookup.title")
	}
	if wantsFragment(c) {
		return send(c, status, errorpage.Fragment(t))
	}
	frame := layout.Frame{Title: t.Title, URL: address(c), Theme: s.theme(c)}
	if strings.HasPrefix(c.Path(), "/console") {
		return send(c, status, errorpage.Page(frame, t))
	}
	return send(c, status, errorpage.Public(frame, t))
}

// troubleTitle is the key of what stands above the message: what kind of thing happened.
func troubleTitle(f *fault.Fault) string {
	switch {
	case f.Key == "error.csrf":
		return "error.title_csrf"
	case f.Key == "error.cross_site":
		return "error.title_cross_site"
	}
	switch f.Kind {
	case fault.KindMethod:
		return "error.title_not_found"
	case fault.KindForbidden, fault.KindNotFound, fault.KindConflict, fault.KindTooMany, fault.KindUnavailable:
		return "error.title_" + string(f.Kind)
	case fault.KindInvalid, fault.KindIneligible, fault.KindTooLarge, fault.KindHeaders, fault.KindUnsupported, fault.KindUnauthorized:
		return "error.title"
	default:
		return "error.title_internal"
	}
}

// whatToDo is the key of the next step, where the message does not name one itself.
func whatToDo(f *fault.Fault) (key string, known bool) {
	switch {
	case f.Key == "error.forbidden":
		return "error.todo_forbidden", true
	case f.Kind == fault.KindNotFound, f.Kind == fault.KindMethod:
		return "error.todo_not_found", true
	}
	return "", false
}
