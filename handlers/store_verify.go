package handlers

import (
	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/views/store"
)

// verifyPages prove a phone by a code on WhatsApp, for people; programs use /session/verify.
func (s *Server) verifyPages() []Route {
	return []Route{
		{get, store.VerifyPath, shopper(), s.storeVerify, "Show by a code on WhatsApp that a phone is one's own"},
		{post, store.VerifyPath, buyer(), s.verifyPhone, "Ask for the code, then give it, by the forms of this page"},
	}
}

func (s *Server) storeVerify(c *fiber.Ctx) error {
	owner, known, err := s.visitor(c)
	if err != nil {
		return err
	}
	return s.showVerify(c, fiber.StatusOK, s.form(c, "public.verify"), store.VerifyPage{Known: known && !owner.Guest()})
}

func (s *Server) showVerify(c *fiber.Ctx, status int, f *form, p store.VerifyPage) error {
	p.Form = f.Shown()
	p.Form.CSRF = s.storeToken(c)
	return s.publicTitled(c, status, i18n.T(c.UserContext(), "public.verify.title"), store.Verify(p), false)
}

// verifyPhone takes either form of the page: the one that asks for a code, or the one that gives it.
func (s *Server) verifyPhone(c *fiber.Ctx) error {
	if err := s.ourStoreForm(c); err != nil {
		return err
	}
	f := s.form(c, "public.verify")
	if f.values.Has("code") {
		return s.takeCode(c, f)
	}
	return s.askCode(c, f)
}

// askCode sends a code; the page says the same of every number.
func (s *Server) askCode(c *fiber.Ctx, f *form) error {
	phone := western(f.Text("phone", maxPhone))
	if !f.Valid() {
		return s.showVerify(c, fiber.StatusUnprocessableEntity, f, store.VerifyPage{})
	}
	if _, err := s.sendCode(c, phone); err != nil {
		return s.notVerified(c, f, store.VerifyPage{}, err)
	}
	return s.showVerify(c, fiber.StatusOK, f, store.VerifyPage{Sent: true, Phone: phone})
}

// takeCode takes the code; who proved who they are goes on to all of their orders, under a new token.
func (s *Server) takeCode(c *fiber.Ctx, f *form) error {
	phone, code := western(f.Text("phone", maxPhone)), f.Secret("code", 20)
	page := store.VerifyPage{Sent: true, Phone: phone}
	if !f.Valid() {
		return s.showVerify(c, fiber.StatusUnprocessableEntity, f, page)
	}
	if _, err := s.proveCode(c, phone, code); err != nil {
		return s.notVerified(c, f, page, err)
	}
	private(c)
	return c.Redirect(store.OrdersPath, fiber.StatusSeeOther)
}

// notVerified says on the form what is wrong, also that it was tried too often.
func (s *Server) notVerified(c *fiber.Ctx, f *form, page store.VerifyPage, err error) error {
	known := asFault(err)
	status := fiber.StatusUnprocessableEntity
	switch {
	case known.Kind == fault.KindTooMany:
		f.Wrong("", known.Key, pairs(known.Facts)...)
		retryLater(c, known)
		status = fiber.StatusTooManyRequests
	case known.Key == "identity.wrong_code":
		f.Wrong("code", known.Key)
	case !f.Refused(err):
		return err
	}
	return s.showVerify(c, status, f, page)
}
