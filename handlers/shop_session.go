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
func (s *Server) shopperToken(c *fiber.Ctx) (token string, byCookie bool) {
	if token = strings.TrimSpace(c.Get(headerSessionToken)); token != "" {
		return token, false
	}
	return c.Cookies(s.cookieName(shopperCookie)), true
}

// visitor is whose cart a request is about; known is false for who has none yet. It opens nothing: a GET may
// ask.
func (s *Server) visitor(c *fiber.Ctx) (owner shop.Owner, known bool, err error) {
	token, _ := s.shopperToken(c)
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
		if token, byCookie := s.shopperToken(c); byCookie {
			s.shopperKeeps(c, token) // as long again as the session lives
		}
		return owner, nil
	}
	token, session, err := s.Shop.OpenSession(c.UserContext())
	if err != nil {
		return owner, err
	}
	s.shopperKeeps(c, token)
	c.Set(headerSessionToken, token)
	return session.Owner, nil
}

func (s *Server) shopperKeeps(c *fiber.Ctx, token string) {
	c.Cookie(&fiber.Cookie{
		Name: s.cookieName(shopperCookie), Value: token, Path: "/", MaxAge: int(shop.SessionLife.Seconds()),
		Secure: s.secure(), HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode,
	})
}
