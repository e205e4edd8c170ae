package handlers

import (
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// kept lets a caller keep an answer and ask whether it still holds: prices and stock may change at any
// moment, so that it asks every time, and is spared the body when nothing has changed.
func (r Route) kept() Route {
	answer := r.Handler
	r.Handler = func(c *fiber.Ctx) error {
		if err := answer(c); err != nil {
			return err
		}
		c.Vary(fiber.HeaderAccept, fiber.HeaderAcceptLanguage, fiber.HeaderCookie)
		c.Set(fiber.HeaderCacheControl, "no-cache")
		sum := sha256.Sum256(c.Response().Body())
		tag := fmt.Sprintf(`"%x"`, sum[:12])
		c.Set(fiber.HeaderETag, tag)
		if sameAnswer(c.Get(fiber.HeaderIfNoneMatch), tag) {
			c.Response().ResetBody()
			c.Status(fiber.StatusNotModified)
		}
		return nil
	}
	return r
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
