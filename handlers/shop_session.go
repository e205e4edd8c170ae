package handlers

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/fault"
	"frontdesk/internal/shop"
)

// Whose cart a request is about: a visitor shows a cookie, a program that keeps none a header.
const (
	shopperCookie      = "luma_sid"
	headerSessionToken = "X-Session-Token"
)

// shopperToken is what the visitor shows. A header that is given is never covered by a cookie.
func (s *Server) shopperToken(c *fiber.Ctx) string {
	if token := strings.TrimSpace(c.Get(headerSessionToken)); token != "" {
		return token
	}
	return c.Cookies(s.cookieName(shopperCookie))
}

// visitor is whose cart a request is about; known is false for who has none yet. It opens nothing: a GET may
// ask.
func (s *Server) visitor(c *fiber.Ctx) (owner shop.Owner, known bool, err error) {
	token := s.shopperToken(c)
	if token == "" {
		return shop.Owner{}, false, nil
	}
	owner, err = s.Shop.Session(c.UserContext(), token)
	if fault.Is(err, "shop.no_session") {
		return shop.Owner{}, false, nil
	}
	return owner, err == nil, err
}

// visitorOrNew is visitor for who is about to get a cart: a newcomer, or somebody whose time is over, gets a
// session, told once by cookie and header.
func (s *Server) visitorOrNew(c *fiber.Ctx) (shop.Owner, error) {
	owner, known, err := s.visitor(c)
	if err != nil {
		return owner, err
	}
	if known {
		return owner, nil
	}
	token, session, err := s.Shop.OpenSession(c.UserContext())
	if err != nil {
		return owner, err
	}
	s.keepCookie(c, shopperCookie, token) // when the session ends is for the shop to say
	c.Set(headerSessionToken, token)
	return session.Owner, nil
}
