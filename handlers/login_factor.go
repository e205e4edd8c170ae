package handlers

import (
	"errors"
	"strconv"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/internal/staff"
	"frontdesk/models"
	"frontdesk/views/layout"
	"frontdesk/views/login"
)

// pendingCookie holds a sign-in whose second factor is still missing.
const pendingCookie = "fd_pending"

// longest answers of a device and codes of a person that are looked at.
const (
	maxPasskey = 16_000
	maxCode    = 64
	maxSecret  = 512
)

// waiting sign-in of this browser. Without one the fault sends the person to the start.
func (s *Server) pendingLogin(c *fiber.Ctx) (staff.Pending, staff.Principal, error) {
	w, p, ok, err := s.Staff.Pending(c.UserContext(), c.Cookies(s.cookieName(pendingCookie)))
	if err != nil {
		return staff.Pending{}, staff.Principal{}, err
	}
	if !ok {
		return staff.Pending{}, staff.Principal{}, fault.Unauthorized("staff.sign_in_again")
	}
	if !safe(c.Method()) && !sameSecret(formToken(c), w.CSRF) {
		return staff.Pending{}, staff.Principal{}, fault.Forbidden("error.csrf")
	}
	return w, p, nil
}

// loginFactor asks for the second factor of a sign-in, and opens the session when it is shown.
func (s *Server) loginFactor(c *fiber.Ctx) error {
	w, _, err := s.pendingLogin(c)
	if err != nil {
		return err
	}
	f := s.form(c, "access.field")
	f.shown.CSRF = w.CSRF
	f.Fill("next", inside(c.Query("next")))
	if w.MustEnrol() {
		return c.Redirect(link("/console/login/enrol", "next", inside(c.Query("next"))), fiber.StatusSeeOther)
	}
	next, evidence := inside(f.OptionalText("next", 2000)), readEvidence(f, false)
	status := fiber.StatusOK
	if f.posted {
		status = fiber.StatusUnprocessableEntity
	}
	if f.Valid() {
		entry, err := s.Staff.Prove(c.UserContext(), w.ID, evidence)
		if err == nil {
			s.letIn(c, entry.Session)
			return c.Redirect(next, fiber.StatusSeeOther)
		}
		if status = s.proofRefused(c, f, err); status == 0 {
			return err
		}
	}
	p := login.Proof{
		Title: i18n.T(c.UserContext(), "access.factor.title"), Lead: i18n.T(c.UserContext(), "access.factor.lead"), Form: f.Shown(),
		App: w.Has(models.FactorTOTP), Recovery: true, Cancel: "/console/login",
	}
	if w.Has(models.FactorPasskey) {
		p.Challenge = "/console/login/challenge"
	}
	return s.bare(c, status, "access.factor.title", login.ProofPage(p))
}

// readEvidence reads what somebody shows of themselves: one of a code, a device's answer or the password.
func readEvidence(f *form, password bool) staff.Evidence {
	e := staff.Evidence{Code: f.OptionalText("code", maxCode), Passkey: []byte(f.OptionalText("passkey", maxPasskey))}
	switch {
	case password:
		e.Password = f.Secret("password", maxSecret)
	case f.posted && e.Code == "" && len(e.Passkey) == 0:
		f.Wrong("code", "access.code_missing")
	}
	return e
}

// proofRefused takes a proof that was not accepted into its form and gives the status to answer with; 0
// when the error is none of the person's.
func (s *Server) proofRefused(c *fiber.Ctx, f *form, err error) int {
	var known *fault.Fault
	if !errors.As(err, &known) {
		return 0
	}
	switch {
	case known.Key == "staff.wrong_proof", known.Kind == fault.KindTooMany:
		if known.RetryAfter > 0 {
			c.Set(fiber.HeaderRetryAfter, strconv.Itoa(known.RetryAfter))
		}
		f.Wrong("", known.Key)
		return known.Status()
	case f.Refused(err):
		return fiber.StatusUnprocessableEntity
	}
	return 0
}

// loginChallenge gives the device what it must answer to, on the way in.
func (s *Server) loginChallenge(c *fiber.Ctx) error {
	w, p, err := s.pendingLogin(c)
	if err != nil {
		return err
	}
	return s.options(c, func() ([]byte, error) {
		return s.Staff.ChallengePasskey(c.UserContext(), staff.Holder{Principal: p, ID: w.ID})
	})
}

// options sends what the browser hands to the device.
func (s *Server) options(c *fiber.Ctx, make func() ([]byte, error)) error {
	private(c)
	raw, err := make()
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
	return c.Send(raw)
}

// letIn puts a session into the browser and forgets the way there.
func (s *Server) letIn(c *fiber.Ctx, session staff.Session) {
	s.identityCookie(c, sessionCookie, session.ID)
	s.identityCookie(c, pendingCookie, "")
}

// bare sends a page of one act, outside the console's frame.
func (s *Server) bare(c *fiber.Ctx, status int, title string, body templ.Component) error {
	private(c)
	frame := s.plainFrame(c, title)
	if status >= fiber.StatusBadRequest {
		frame.Title = i18n.T(c.UserContext(), "console.form.error_prefix") + " " + frame.Title
	}
	return send(c, status, layout.Bare(frame, body))
}
