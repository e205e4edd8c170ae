package handlers

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/fault"
	"frontdesk/internal/funnel"
	"frontdesk/internal/i18n"
	"frontdesk/internal/logging"
	"frontdesk/internal/staff"
	"frontdesk/models"
)

const (
	headerRequestID  = "X-Request-Id"
	headerAdminToken = "X-Admin-Token"
	headerCSRF       = "X-CSRF-Token"
	headerUnattended = "X-Unattended" // the page asked on its own; nobody has touched it since it last did
	sessionCookie    = "fd_session"
	languageCookie   = "fd_lang"
	csrfField        = "csrf"
)

// Visitor is who a guarded request comes from.
type Visitor struct {
	staff.Principal
	Session staff.Session // zero for bearer and admin tokens
	Scope   staff.Scope   // how far the right of this route reaches
}

type visitorKey struct{}

// VisitorOf is who the request comes from; ok is false for an anonymous one.
func VisitorOf(ctx context.Context) (Visitor, bool) {
	v, ok := ctx.Value(visitorKey{}).(Visitor)
	return v, ok
}

// caller is the network address a request comes from. Behind our proxies it is the last hop that is none
// of them: what stands before it in X-Forwarded-For is the caller's own claim.
func (s *Server) caller(c *fiber.Ctx) string {
	at, _ := netip.AddrFromSlice(c.Context().RemoteIP())
	lines := c.Request().Header.PeekAll(fiber.HeaderXForwardedFor)
	hops := strings.Split(string(bytes.Join(lines, []byte(","))), ",")
	for i := len(hops) - 1; i >= 0 && s.ourProxy(at); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		at = hop
	}
	return at.Unmap().String()
}

func (s *Server) ourProxy(a netip.Addr) bool {
	return slices.ContainsFunc(s.set.TrustedProxies, func(p netip.Prefix) bool { return p.Contains(a.Unmap()) })
}

var validRequestID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// requestID takes the caller's correlation id when it is well formed, else makes one.
func requestID(c *fiber.Ctx) string {
	if id := c.Get(headerRequestID); validRequestID.MatchString(id) {
		return id
	}
	return models.NewID().String()
}

// correlate gives every request its id, its deadline and its language, before anything else.
func (s *Server) correlate(c *fiber.Ctx) error {
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	s.begin(ctx, c)
	return c.Next()
}

func (s *Server) begin(ctx context.Context, c *fiber.Ctx) {
	id := requestID(c)
	c.Set(headerRequestID, id)
	ctx = logging.WithRequest(ctx, id)
	if c.Get(headerTestData) != "" {
		ctx = funnel.AsTest(ctx)
	}
	c.SetUserContext(i18n.With(ctx, i18n.Reader{Catalogue: s.Texts, Language: s.language(c)}))
}

// language is what the caller chose (?lang=, cookie), else what the browser prefers, else English.
func (s *Server) language(c *fiber.Ctx) models.Language {
	for _, tag := range []string{c.Query("lang"), c.Cookies(s.cookieName(languageCookie))} {
		if lang, known := i18n.Known(tag); known {
			return lang
		}
	}
	for _, part := range strings.Split(c.Get(fiber.HeaderAcceptLanguage), ",") {
		tag, _, _ := strings.Cut(part, ";")
		if lang, known := i18n.Known(tag); known {
			return lang
		}
	}
	return models.English
}

// bodyRules bounds a body and says what it may be: the console reads forms without files and JSON, as do the shop's pages,
// webhooks judge their raw bytes themselves, everything else reads JSON. An empty body is accepted without
// a type.
func bodyRules(r Route) fiber.Handler {
	return func(c *fiber.Ctx) error {
		raw := c.Request().Body()
		switch {
		case r.Access.Kind == Signature:
			return c.Next()
		case len(raw) > apiBody:
			return tooLarge()
		case len(raw) == 0 || isJSON(c) || (strings.HasPrefix(r.Path, "/console") || r.Access.Form) && isForm(c):
			return c.Next()
		}
		return unsupported()
	}
}

func tooLarge() error {
	return &fault.Fault{Kind: fault.KindTooLarge, Key: "error.too_large"}
}

func unsupported() error {
	return &fault.Fault{Kind: fault.KindUnsupported, Key: "error.unsupported_type"}
}

func isForm(c *fiber.Ctx) bool {
	kind, _, err := mime.ParseMediaType(c.Get(fiber.HeaderContentType))
	return err == nil && kind == fiber.MIMEApplicationForm
}

// isJSON tells whether the body is plain JSON: a packed one is not read.
func isJSON(c *fiber.Ctx) bool {
	kind, _, err := mime.ParseMediaType(c.Get(fiber.HeaderContentType))
	return err == nil && kind == fiber.MIMEApplicationJSON && c.Get(fiber.HeaderContentEncoding) == ""
}

// readJSON reads the body into v. Fields we do not know are ignored from the public and refused from
// those we know, who can be told what they mistyped.
func readJSON(c *fiber.Ctx, v any) error {
	raw := c.Request().Body()
	if len(raw) == 0 {
		raw = []byte("{}")
	}
	dec := json.NewDecoder(strings.NewReader(string(raw)))
	if _, known := VisitorOf(c.UserContext()); known {
		dec.DisallowUnknownFields()
	}
	if err := decodeOne(dec, v); err != nil {
		return malformed(err)
	}
	return nil
}

// decodeOne reads a JSON value behind which nothing stands.
func decodeOne(dec *json.Decoder, v any) error {
	if err := dec.Decode(v); err != nil {
		return err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) { // More takes a closing bracket too many for the end
		return errors.New("something stands behind the JSON value")
	}
	return nil
}

// malformed keeps what was wrong for the log only: a JSON error quotes what was sent.
func malformed(cause error) error {
	return &fault.Fault{Kind: fault.KindInvalid, Key: "error.malformed", Cause: cause}
}
