package handlers

import (
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/internal/staff"
	"frontdesk/views/layout"
	"frontdesk/views/login"
)

// loginCookie holds the token of the sign-in form until somebody is signed in.
const loginCookie = "fd_login"

// loginForm shows the sign-in page; who is signed in already goes on.
func (s *Server) loginForm(c *fiber.Ctx) error {
	_, _, in, err := s.Staff.Session(c.UserContext(), c.Cookies(s.cookieName(sessionCookie)))
	if err != nil {
		return err
	}
	if in {
		return c.Redirect(inside(c.Query("next")), fiber.StatusSeeOther)
	}
	return s.showLogin(c, fiber.StatusOK, login.Form{Next: inside(c.Query("next"))})
}

// signIn checks the form and opens a fresh session.
func (s *Server) signIn(c *fiber.Ctx) error {
	form := login.Form{Email: c.FormValue("email"), Next: inside(c.FormValue("next")), Errors: map[string]string{}}
	ctx, password := c.UserContext(), c.FormValue("password")
	if !sameSecret(formToken(c), c.Cookies(s.cookieName(loginCookie))) {
		form.Problem = i18n.T(ctx, "error.csrf")
		return s.showLogin(c, fiber.StatusForbidden, form)
	}
	if strings.TrimSpace(form.Email) == "" {
		form.Errors["email"] = i18n.T(ctx, "console.login.email_missing")
	}
	if password == "" {
		form.Errors["password"] = i18n.T(ctx, "console.login.password_missing")
	}
	if len(form.Errors) > 0 {
		return s.showLogin(c, fiber.StatusUnprocessableEntity, form)
	}
	entry, err := s.Staff.SignIn(ctx, staff.Attempt{
		Email: form.Email, Password: password, Address: s.caller(c), Agent: c.Get(fiber.HeaderUserAgent), Previous: c.Cookies(s.cookieName(sessionCookie)),
	})
	if err != nil {
		return s.loginRefused(c, form, err)
	}
	s.identityCookie(c, loginCookie, "")
	if entry.Session.ID == "" {
		s.identityCookie(c, pendingCookie, entry.Pending.ID)
		return c.Redirect(link("/console/login/factor", "next", form.Next), fiber.StatusSeeOther)
	}
	s.letIn(c, entry.Session)
	return c.Redirect(form.Next, fiber.StatusSeeOther)
}

// loginRefused draws the form again with the reason; what is not the person's doing is an error.
func (s *Server) loginRefused(c *fiber.Ctx, form login.Form, err error) error {
	f := asFault(err)
	switch f.Kind {
	case fault.KindUnauthorized, fault.KindTooMany:
		form.Problem = i18n.T(c.UserContext(), f.Key)
	case fault.KindUnavailable:
		s.Log.WarnContext(c.UserContext(), "nobody can sign in", "err", err)
		form.Problem = i18n.T(c.UserContext(), "console.login.unavailable")
	default:
		return err
	}
	if f.RetryAfter > 0 {
		c.Set(fiber.HeaderRetryAfter, strconv.Itoa(f.RetryAfter))
	}
	return s.showLogin(c, f.Status(), form)
}

func (s *Server) showLogin(c *fiber.Ctx, status int, form login.Form) error {
	private(c)
	form.CSRF = staff.Secret()
	s.identityCookie(c, loginCookie, form.CSRF)
	frame := s.plainFrame(c, "console.login.title")
	if status >= fiber.StatusBadRequest {
		frame.Title = i18n.T(c.UserContext(), "console.form.error_prefix") + " " + frame.Title
	}
	return send(c, status, layout.Bare(frame, login.Page(form)))
}

// signOut ends the session, in this browser and in the store.
func (s *Server) signOut(c *fiber.Ctx) error {
	v, _ := VisitorOf(c.UserContext())
	if v.Session.ID != "" {
		if err := s.Staff.SignOut(c.UserContext(), v.Session.ID, v.Principal); err != nil {
			return err
		}
	}
	s.identityCookie(c, sessionCookie, "")
	c.Set("Clear-Site-Data", `"cache", "storage"`) // ASVS 14.3.1
	return c.Redirect("/console/login", fiber.StatusSeeOther)
}

// identityCookie sets a cookie that no script reads, for this browser session; an empty value removes it.
func (s *Server) identityCookie(c *fiber.Ctx, name, value string) {
	cookie := &fiber.Cookie{
		Name: s.cookieName(name), Value: value, Path: "/", Secure: s.secure(), HTTPOnly: true,
		SameSite: fiber.CookieSameSiteLaxMode, SessionOnly: value != "",
	}
	if value == "" {
		cookie.MaxAge = -1
	}
	c.Cookie(cookie)
}

// inside keeps a way onward within the console: nobody is sent to a stranger's page after signing in.
func inside(next string) string {
	ways := []string{"/console/login", "/console/logout", "/console/confirm", "/console/invitation"} // lead nowhere by themselves
	if next == "/console" || strings.HasPrefix(next, "/console/") || strings.HasPrefix(next, "/console?") {
		if !strings.ContainsAny(next, "\\\r\n") && !slices.ContainsFunc(ways, func(way string) bool { return strings.HasPrefix(next, way) }) {
			return next
		}
	}
	return "/console"
}
