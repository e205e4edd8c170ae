package handlers

import (
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"

	"frontdesk/models"
)

const (
	// stepUpKey is the fault of a sensitive act whose person must prove first who they are.
	stepUpKey = "access.step_up_required"
	// freshFor is how long a proof is good for sensitive acts.
	freshFor = 5 * time.Minute
)

// provedRecently tells whether a visitor may do what is sensitive now. The machine's token is its
// proof; a person's token is not, for whoever finds one must not be able to make it more.
func (s *Server) provedRecently(v Visitor) bool {
	return v.Role == models.RoleMachine || s.Staff.RecentlyProved(v.Session, freshFor)
}

// askToConfirm sends a person to prove who they are, and back to the form they came from.
func (s *Server) askToConfirm(c *fiber.Ctx) error {
	back := c.OriginalURL()
	if !safe(c.Method()) {
		back = c.Path() // the form stands at the address of its act
	}
	to := "/console/confirm?next=" + url.QueryEscape(back)
	if c.Get("HX-Request") == "true" {
		c.Set("HX-Redirect", to) // HTMX does not see headers of a redirect
		return c.SendStatus(fiber.StatusForbidden)
	}
	return c.Redirect(to, fiber.StatusSeeOther)
}
