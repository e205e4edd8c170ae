package handlers

import (
	"encoding/json"
	"time"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/staff"
	"frontdesk/views/ui"
)

const (
	flashCookie = "fd_flash"
	flashLife   = time.Minute // machine time; between a redirect and its page
)

// flash is a toast that waits for the next page: keys, ids and figures, never a person.
type flash struct {
	Toast string
	Facts []any
	Undo  *undo  `json:",omitempty"`
	Actor string // only who acted is shown it
}

// setFlash keeps a toast for the next page. The cookie holds a token; what it stands for stays here.
func (s *Server) setFlash(c *fiber.Ctx, a acted) error {
	if a.Toast == "" {
		return nil
	}
	v, _ := VisitorOf(c.UserContext())
	raw, err := json.Marshal(flash{Toast: a.Toast, Facts: a.Facts, Undo: a.Undo, Actor: v.Actor()})
	if err != nil {
		return err
	}
	token := staff.Secret()
	if err := s.Redis.Set(c.UserContext(), "flash:"+token, raw, flashLife); err != nil {
		return err
	}
	s.identityCookie(c, flashCookie, token)
	return nil
}

// takeFlash is the toast that waits for this person, once. A toast is not worth an error page.
func (s *Server) takeFlash(c *fiber.Ctx) []ui.Toast {
	token := c.Cookies(s.cookieName(flashCookie))
	if token == "" {
		return nil
	}
	s.identityCookie(c, flashCookie, "")
	raw, err := s.Redis.Get(c.UserContext(), "flash:"+token)
	if err != nil || raw == nil {
		return nil
	}
	if err := s.Redis.Delete(c.UserContext(), "flash:"+token); err != nil {
		return nil
	}
	var kept flash
	v, _ := VisitorOf(c.UserContext())
	if json.Unmarshal(raw, &kept) != nil || kept.Actor != v.Actor() {
		return nil
	}
	return []ui.Toast{s.toast(c, acted{Toast: kept.Toast, Facts: kept.Facts, Undo: kept.Undo})}
}
