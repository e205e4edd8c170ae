package handlers

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/i18n"
	"frontdesk/internal/shop"
)

// kept lets a caller keep an answer that depends on the catalogue, its own address and its language alone, and ask
// whether it still holds: prices and stock may change at any moment, so that it asks every time, and is spared the body
// when nothing has changed. We keep it in the same way, written out, as long as the catalogue is what it was.
func (s *Server) kept(r Route) Route {
	answer := r.Handler
	r.Handler = func(c *fiber.Ctx) error {
		asked := string(i18n.From(c.UserContext()).Language) + " " + c.OriginalURL()
		a, err := s.Shop.Answer(c.UserContext(), asked, func() (shop.Answer, error) {
			if err := answer(c); err != nil {
				return shop.Answer{}, err
			}
			body := slices.Clone(c.Response().Body())
			return shop.Answer{Type: c.GetRespHeader(fiber.HeaderContentType), Body: body, Tag: tagOf(body)}, nil
		})
		if err != nil {
			return err
		}
		c.Vary(fiber.HeaderAccept, fiber.HeaderAcceptLanguage, fiber.HeaderCookie)
		c.Set(fiber.HeaderCacheControl, "no-cache")
		c.Set(fiber.HeaderETag, a.Tag)
		if sameAnswer(c.Get(fiber.HeaderIfNoneMatch), a.Tag) {
			c.Response().ResetBody()
			c.Status(fiber.StatusNotModified)
			return nil
		}
		c.Set(fiber.HeaderContentType, a.Type)
		c.Response().SetBodyRaw(a.Body)
		return nil
	}
	return r
}

// tagOf is the same for the same bytes, and another for any others.
func tagOf(body []byte) string {
	sum := sha256.Sum256(body)
	return fmt.Sprintf(`"%x"`, sum[:12])
}

// sameAnswer tells whether one of the tags a caller has is ours; a proxy may have weakened it (RFC 9110,
// 13.1.2).
func sameAnswer(has, tag string) bool {
	for _, one := range strings.Split(has, ",") {
		if one = strings.TrimPrefix(strings.TrimSpace(one), "W/"); one == tag || one == "*" {
			return true
		}
	}
	return false
}
