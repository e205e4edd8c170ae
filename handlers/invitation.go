package handlers

import (
	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/internal/staff"
	"frontdesk/models"
	"frontdesk/views/login"
)

// invitation lets whoever holds the link set a password for the account it is for, once.
func (s *Server) invitation(c *fiber.Ctx) error {
	ctx := c.UserContext()
	person, err := s.Staff.Invited(ctx, c.Params("token"))
	if err != nil {
		return s.linkGone(c, err)
	}
	f := s.form(c, "access.field")
	f.Fill("name", person.Name)
	name, password, _ := f.Text("name", 80), f.Secret("password", maxSecret), f.OptionalText("username", 254)
	if f.posted && !sameSecret(formToken(c), c.Cookies(s.cookieName(loginCookie))) {
		return fault.Forbidden("error.csrf")
	}
	status := fiber.StatusOK
	if f.posted {
		status = fiber.StatusUnprocessableEntity
	}
	if f.Valid() {
		if person, err = s.Staff.Accept(ctx, c.Params("token"), name, password); err == nil {
			return s.showLogin(c, fiber.StatusOK, login.Form{Email: person.Email, Next: "/console", Done: i18n.T(ctx, "access.invitation.done")})
		}
		if !f.Refused(err) {
			return s.linkGone(c, err)
		}
	}
	f.shown.CSRF = staff.Secret()
	s.identityCookie(c, loginCookie, f.shown.CSRF)
	title, lead := "access.invitation.title", "access.invitation.lead"
	if person.State() == models.StaffActive {
		title, lead = "access.invitation.reset", "access.invitation.reset_lead"
	}
	return s.bare(c, status, title, login.InvitationPage(f.Shown(), person.Email, i18n.T(ctx, title), i18n.T(ctx, lead)))
}

// linkGone says that a link opens nothing.
func (s *Server) linkGone(c *fiber.Ctx, err error) error {
	if !fault.Is(err, "staff.bad_invitation") || wantsJSON(c) {
		return err
	}
	return s.bare(c, fiber.StatusNotFound, "access.invitation.gone", login.LinkGonePage())
}
