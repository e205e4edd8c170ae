package handlers

import (
	"context"
	"crypto/subtle"
	"strings"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/internal/staff"
	"frontdesk/models"
)

// guard lets a request through when its sender may call the route and does not call too often. Identity
// is proved by the admin token, a bearer token or the session cookie, in this order; only a session needs
// the form's token, because only a cookie is sent without the person's doing.
func (s *Server) guard(a Access) fiber.Handler {
	if a.Kind == Anyone || a.Kind == Signature || a.Kind == Shopper || a.Kind == Keyed {
		return func(c *fiber.Ctx) error {
			if err := s.throttle(c, a, Visitor{}); err != nil {
				return err
			}
			return c.Next()
		}
	}
	return func(c *fiber.Ctx) error {
		v, ok, err := s.identify(c.UserContext(), s.credentialsOf(c, a))
		if err != nil {
			return err
		}
		if err := s.throttle(c, a, v); err != nil {
			return err
		}
		if !ok {
			return fault.Unauthorized("error.unauthorized")
		}
		if v.Session.ID != "" && !safe(c.Method()) && !sameSecret(formToken(c), v.Session.CSRF) {
			return fault.Forbidden("error.csrf")
		}
		v.Scope = staff.All
		if a.Kind == StaffOnly {
			scope, may := s.Staff.Can(v.Role, a.Room, a.Act)
			if !may {
				return fault.Forbidden("error.forbidden")
			}
			v.Scope = scope
		}
		if a.Fresh && !s.provedRecently(v) {
			return fault.Forbidden(stepUpKey)
		}
		c.SetUserContext(s.withVisitor(c, v))
		return c.Next()
	}
}

// credentials are what a request shows of its sender.
type credentials struct {
	admin, bearer, session string
	byToken                bool // a bearer token was given, be it an empty one
	unattended             bool // the browser asked on its own
}

func (s *Server) credentialsOf(c *fiber.Ctx, a Access) credentials {
	out := credentials{admin: c.Get(headerAdminToken), session: c.Cookies(s.cookieName(sessionCookie))}
	out.bearer, out.byToken = bearer(c)
	out.unattended = a.Unattended || c.Get(headerUnattended) != ""
	return out
}

// identify finds who asks. A token that is given and wrong is never covered by a good cookie.
func (s *Server) identify(ctx context.Context, shown credentials) (Visitor, bool, error) {
	if shown.admin != "" {
		p, ok := s.Staff.Machine(shown.admin)
		return Visitor{Principal: p}, ok, nil
	}
	if shown.byToken {
		p, ok, err := s.Staff.Bearer(ctx, shown.bearer)
		return Visitor{Principal: p}, ok, err
	}
	look := s.Staff.Session
	if shown.unattended {
		look = s.Staff.Glance
	}
	session, p, ok, err := look(ctx, shown.session)
	return Visitor{Principal: p, Session: session}, ok, err
}

// withVisitor also reads the page in the person's own language, unless they chose another.
func (s *Server) withVisitor(c *fiber.Ctx, v Visitor) context.Context {
	ctx := context.WithValue(c.UserContext(), visitorKey{}, v)
	if c.Query("lang") != "" || c.Cookies(s.cookieName(languageCookie)) != "" || v.Role == models.RoleMachine {
		return ctx
	}
	if lang, known := i18n.Known(v.Staff.Language); known {
		ctx = i18n.With(ctx, i18n.Reader{Catalogue: s.Texts, Language: lang})
	}
	return ctx
}

// bearer is the token of a request. Other schemes are not ours: a browser sends the one of a proxy before
// us on its own, with every request.
func bearer(c *fiber.Ctx) (token string, given bool) {
	scheme, token, _ := strings.Cut(c.Get(fiber.HeaderAuthorization), " ")
	return strings.TrimSpace(token), strings.EqualFold(scheme, "Bearer")
}

// byToken tells whether a program shows a token of its own.
func byToken(c *fiber.Ctx) bool {
	_, given := bearer(c)
	return given || c.Get(headerAdminToken) != ""
}

func formToken(c *fiber.Ctx) string {
	if token := c.Get(headerCSRF); token != "" {
		return token
	}
	return c.FormValue(csrfField)
}

func safe(method string) bool {
	return method == fiber.MethodGet || method == fiber.MethodHead || method == fiber.MethodOptions
}

func sameSecret(got, want string) bool {
	return want != "" && subtle.ConstantTimeCompare([]byte(got), []byte(want)) == 1
}
