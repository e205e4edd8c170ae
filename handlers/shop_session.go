package handlers

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/database"
	"frontdesk/internal/fault"
	"frontdesk/internal/shop"
	"frontdesk/models"
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
// ask. What the salon is was read with it, and stays so for the request.
func (s *Server) visitor(c *fiber.Ctx) (owner shop.Owner, known bool, err error) {
	token := s.shopperToken(c)
	if token == "" {
		return shop.Owner{}, false, nil
	}
	session, err := s.Shop.SessionOf(c.UserContext(), token)
	if fault.Is(err, "shop.no_session") {
		return shop.Owner{}, false, nil
	}
	if err == nil {
		c.SetUserContext(database.PinTo(c.UserContext(), session.Edition))
	}
	return session.Owner, err == nil, err
}

// visitorOrNew is visitor for who is about to get a cart: a newcomer, or somebody whose time is over, gets a
// session, told once by cookie and header.
func (s *Server) visitorOrNew(c *fiber.Ctx) (shop.Owner, error) {
	owner, known, err := s.visitor(c)
	if err != nil || known {
		return owner, err
	}
	session, _, err := s.openSession(c)
	return session.Owner, err
}

// addFor puts a product into the visitor's cart. A newcomer, or somebody whose time is over, gets a session with it, and none
// where it is refused.
func (s *Server) addFor(c *fiber.Ctx, a shop.Add) (shop.Owner, models.CartItem, error) {
	owner, known, err := s.visitor(c)
	if err != nil {
		return owner, models.CartItem{}, err
	}
	if known {
		item, err := s.Shop.Add(c.UserContext(), owner, a)
		return owner, item, err
	}
	token, owner, item, err := s.Shop.AddOfNewcomer(c.UserContext(), a)
	if err == nil {
		s.giveToken(c, token)
	}
	return owner, item, err
}

// tokenOrNew is the token of the visitor's session, which is opened where there is none.
func (s *Server) tokenOrNew(c *fiber.Ctx) (string, error) {
	_, known, err := s.visitor(c)
	if err != nil || known {
		return s.shopperToken(c), err
	}
	_, token, err := s.openSession(c)
	return token, err
}

func (s *Server) openSession(c *fiber.Ctx) (shop.Session, string, error) {
	token, session, err := s.Shop.OpenSession(c.UserContext())
	if err == nil {
		s.giveToken(c, token)
	}
	return session, token, err
}

// giveToken tells a session's token, by cookie and header.
func (s *Server) giveToken(c *fiber.Ctx, token string) {
	s.keepCookie(c, shopperCookie, token) // when the session ends is for the shop to say
	c.Set(headerSessionToken, token)
}
