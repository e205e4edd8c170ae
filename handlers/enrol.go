package handlers

import (
	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/i18n"
	"frontdesk/internal/staff"
	"frontdesk/views/login"
)

// enrolment is a second factor being set up: on the way in, or in one's own account.
type enrolment struct {
	holder            staff.Holder
	csrf              string
	title, lead       string // translation keys
	challenge, cancel string
	next              string // where to go afterwards
	add               func(staff.NewFactor) (staff.Enrolled, error)
}

// loginEnrol sets up the second factor that a role cannot do without, before there is a session.
func (s *Server) loginEnrol(c *fiber.Ctx) error {
	w, p, err := s.pendingLogin(c)
	if err != nil {
		return err
	}
	if !w.MustEnrol() {
		return c.Redirect("/console/login/factor", fiber.StatusSeeOther)
	}
	return s.enrol(c, enrolment{
		holder: staff.Holder{Principal: p, ID: w.ID}, csrf: w.CSRF, title: "access.enrol.title", lead: "access.enrol.required",
		challenge: "/console/login/enrol/offer", next: inside(c.Query("next")),
		add: func(n staff.NewFactor) (staff.Enrolled, error) {
			return s.Staff.EnrolPending(c.UserContext(), w.ID, n)
		},
	})
}

// accountEnrol adds a second factor to one's own account.
func (s *Server) accountEnrol(c *fiber.Ctx) error {
	v, err := ownVisitor(c)
	if err != nil {
		return err
	}
	return s.enrol(c, enrolment{
		holder: staff.Holder{Principal: v.Principal, ID: v.Session.ID}, csrf: v.Session.CSRF, title: "access.enrol.title", lead: "access.enrol.lead",
		challenge: "/console/account/factors/offer", cancel: "/console/account", next: "/console/account",
		add: func(n staff.NewFactor) (staff.Enrolled, error) {
			return s.Staff.AddFactor(c.UserContext(), v.Principal, v.Session, n)
		},
	})
}

// enrol draws the page with a fresh offer, or takes what was done with an earlier one.
func (s *Server) enrol(c *fiber.Ctx, e enrolment) error {
	f := s.form(c, "access.field")
	f.shown.CSRF = e.csrf
	f.Fill("next", e.next)
	n := staff.NewFactor{
		Name: f.OptionalText("name", 60), Offer: f.OptionalText("offer", 2000), Code: f.OptionalText("code", maxCode), Passkey: []byte(f.OptionalText("passkey", maxPasskey)),
	}
	next := inside(f.OptionalText("next", 2000))
	if f.posted && n.Code == "" && len(n.Passkey) == 0 {
		f.Wrong("code", "access.code_missing")
	}
	if f.Valid() {
		done, err := e.add(n)
		if err == nil {
			return s.enrolled(c, done, next)
		}
		if s.proofRefused(c, f, err) == 0 {
			return err
		}
	}
	return s.showEnrolment(c, e, f, n.Offer)
}

// showEnrolment draws the page; an offer that was scanned already stays, while it holds.
func (s *Server) showEnrolment(c *fiber.Ctx, e enrolment, f *form, sealed string) error {
	offer, err := s.Staff.OpenOffer(e.holder, sealed)
	if err != nil { // none yet, or too old
		if offer, err = s.Staff.OfferTOTP(e.holder); err != nil {
			return err
		}
	}
	status := fiber.StatusOK
	if f.posted {
		status = fiber.StatusUnprocessableEntity
	}
	ctx := c.UserContext()
	return s.bare(c, status, e.title, login.EnrolPage(login.Enrolment{
		Title: i18n.T(ctx, e.title), Lead: i18n.T(ctx, e.lead), Form: f.Shown(), Challenge: e.challenge,
		Secret: offer.Secret, URL: offer.URL, Sealed: offer.Sealed, Cancel: e.cancel,
	}))
}

// enrolled lets the person in, and shows the recovery codes that come with the first factor.
func (s *Server) enrolled(c *fiber.Ctx, done staff.Enrolled, next string) error {
	s.letIn(c, done.Session)
	if len(done.RecoveryCodes) == 0 {
		return c.Redirect(next, fiber.StatusSeeOther)
	}
	return s.bare(c, fiber.StatusOK, "access.codes.title", login.CodesPage(done.RecoveryCodes, next))
}

// loginOffer gives the device what it needs to make a passkey, on the way in.
func (s *Server) loginOffer(c *fiber.Ctx) error {
	w, p, err := s.pendingLogin(c)
	if err != nil {
		return err
	}
	return s.options(c, func() ([]byte, error) {
		return s.Staff.OfferPasskey(c.UserContext(), staff.Holder{Principal: p, ID: w.ID})
	})
}

// accountOffer gives the device what it needs to make a passkey for one's own account.
func (s *Server) accountOffer(c *fiber.Ctx) error {
	v, err := ownVisitor(c)
	if err != nil {
		return err
	}
	return s.options(c, func() ([]byte, error) {
		return s.Staff.OfferPasskey(c.UserContext(), staff.Holder{Principal: v.Principal, ID: v.Session.ID})
	})
}
