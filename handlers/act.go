package handlers

import (
	"fmt"
	"net/url"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/i18n"
	"frontdesk/views/ui"
)

// acted is what follows an act that was done.
type acted struct {
	To    string // the page to go to without a script
	Toast string // translation key of what was done
	Facts []any  // of the toast, as name, value; no personal data: they wait outside the database
	Undo  *undo  // nil: it cannot be taken back
	Leave bool   // the page it was started from is gone: go to To with a script, too
	// Result is what a program is told.
	Result any
}

// undo is the post that takes an act back: ids only.
type undo struct {
	URL    string
	Fields map[string]string
}

// formPage sends the page of an act: whole, or for the dialog when a script asks. A form with mistakes is
// a 422, says so in its title, and is an envelope for a program.
func (s *Server) formPage(c *fiber.Ctx, sc screen, f *form, body templ.Component) error {
	status := fiber.StatusOK
	if len(f.wrong) > 0 {
		if wantsJSON(c) {
			return f.fault()
		}
		status = fiber.StatusUnprocessableEntity
	}
	return s.pageWith(c, status, sc, body)
}

// acted answers a post that was done: to a script it says so and lets the page refresh, to a browser
// without one it is a redirect whose page shows the toast, to a program it is the result.
func (s *Server) acted(c *fiber.Ctx, a acted) error {
	private(c)
	switch {
	case wantsJSON(c):
		return c.JSON(fiber.Map{"ok": true, "result": a.Result})
	case wantsFragment(c) && !a.Leave:
		c.Set("HX-Reswap", "none")
		c.Set("HX-Trigger", "acted")
		return send(c, fiber.StatusOK, ui.ToastSwap(s.toast(c, a)))
	}
	if err := s.setFlash(c, a); err != nil {
		return fmt.Errorf("keep toast: %w", err)
	}
	if wantsFragment(c) {
		c.Set("HX-Redirect", a.To) // HTMX does not see a redirect's headers
		return c.SendStatus(fiber.StatusNoContent)
	}
	return c.Redirect(a.To, fiber.StatusSeeOther)
}

func (s *Server) toast(c *fiber.Ctx, a acted) ui.Toast {
	out := ui.Toast{Text: i18n.T(c.UserContext(), a.Toast, a.Facts...)}
	if a.Undo != nil {
		v, _ := VisitorOf(c.UserContext())
		out.Undo = &ui.Undo{URL: a.Undo.URL, CSRF: v.Session.CSRF, Fields: a.Undo.Fields}
	}
	return out
}

// back is where an act's page leads without acting: the page of the console it was opened from, or the
// given one.
func back(c *fiber.Ctx, otherwise string) string {
	u, err := url.Parse(c.Get(fiber.HeaderReferer))
	if err != nil || u.Path == "" || u.Path == c.Path() || inside(u.RequestURI()) != u.RequestURI() {
		return otherwise
	}
	return u.RequestURI()
}

// csrf is the token of the visitor's forms.
func csrf(c *fiber.Ctx) string {
	v, _ := VisitorOf(c.UserContext())
	return v.Session.CSRF
}
