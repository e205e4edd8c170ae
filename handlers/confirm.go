package handlers

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/i18n"
	"frontdesk/internal/staff"
	"frontdesk/models"
	"frontdesk/views/login"
)

// confirm proves anew who sits there, before what is sensitive, and leads back to it.
func (s *Server) confirm(c *fiber.Ctx) error {
	v, err := ownVisitor(c)
	if err != nil {
		return err
	}
	ctx := c.UserContext()
	factors, err := s.Staff.Factors(ctx, v.Staff.ID)
	if err != nil {
		return err
	}
	f := s.form(c, "access.field")
	f.Fill("next", inside(c.Query("next")))
	next, evidence := inside(f.OptionalText("next", 2000)), readEvidence(f, len(factors) == 0)
	status := fiber.StatusOK
	if f.posted {
		status = fiber.StatusUnprocessableEntity
	}
	if f.Valid() {
		fresh, err := s.Staff.StepUp(ctx, v.Principal, v.Session, evidence)
		if err == nil {
			s.identityCookie(c, sessionCookie, fresh.ID)
			return c.Redirect(next, fiber.StatusSeeOther)
		}
		if status = s.proofRefused(c, f, err); status == 0 {
			return err
		}
	}
	has := func(kind models.FactorKind) bool {
		return slices.ContainsFunc(factors, func(f models.Factor) bool { return f.Kind == kind })
	}
	p := login.Proof{
		Title: i18n.T(ctx, "access.confirm.title"), Lead: i18n.T(ctx, "access.confirm.lead"), Form: f.Shown(), Cancel: "/console",
		App: has(models.FactorTOTP), Recovery: len(factors) > 0, Password: len(factors) == 0,
	}
	if has(models.FactorPasskey) {
		p.Challenge = "/console/confirm/challenge"
	}
	return s.bare(c, status, "access.confirm.title", login.ProofPage(p))
}

// confirmChallenge gives the device what it must answer to.
func (s *Server) confirmChallenge(c *fiber.Ctx) error {
	v, err := ownVisitor(c)
	if err != nil {
		return err
	}
	return s.options(c, func() ([]byte, error) {
		return s.Staff.ChallengePasskey(c.UserContext(), staff.Holder{Principal: v.Principal, ID: v.Session.ID})
	})
}
