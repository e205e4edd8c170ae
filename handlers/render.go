package handlers

import (
	"bytes"
	"fmt"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"
)

// wantsFragment tells whether HTMX asks for a part of the page. A boosted link and a restored history
// entry want all of it.
func wantsFragment(c *fiber.Ctx) bool {
	return c.Get("HX-Request") == "true" && c.Get("HX-Boosted") != "true" && c.Get("HX-History-Restore-Request") != "true"
}

// send renders into a buffer first, so that a component that fails never leaves half a page.
func send(c *fiber.Ctx, status int, body templ.Component) error {
	var page bytes.Buffer
	if err := body.Render(c.UserContext(), &page); err != nil {
		return fmt.Errorf("render: %w", err)
	}
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	return c.Status(status).Send(page.Bytes())
}
