package handlers

import (
	"context"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/i18n"
	"frontdesk/internal/staff"
	"frontdesk/views/palette"
)

// paletteAct is an act that starts from nothing.
type paletteAct struct {
	key, icon, path string
	room            staff.Room
	act             staff.Act
}

// paletteActs are the acts the palette starts, in the order of the rooms. Each room adds its own; the key
// names the act with a verb.
func paletteActs() []paletteAct {
	return []paletteAct{
		{"console.do.book", "calendar-plus", "/console/diary/new", staff.Diary, staff.ToAct},
		{"console.do.block", "ban", "/console/diary/block", staff.Diary, staff.ToAct},
		{"console.do.close", "calendar-x", "/console/services/closures/new", staff.Services, staff.ToAct},
		{"console.do.service", "scissors", "/console/services/new", staff.Services, staff.ToAct},
		{"console.do.pack", "package", "/console/services/packs/new", staff.Services, staff.ToAct},
		{"console.do.stylist", "user-plus", "/console/services/stylists/new", staff.Services, staff.ToAct},
		{"console.do.faq", "circle-help", "/console/content/faqs/new", staff.Content, staff.ToAct},
		{"console.do.invite", "mail", "/console/people/invite", staff.People, staff.ToAct},
	}
}

// paletteRoutes are the search over the whole console and the sheet of its keys.
func (s *Server) paletteRoutes() []Route {
	read := can(staff.Today, staff.ToRead)
	return []Route{
		{get, "/console/find", read, s.findForm, "Rooms and acts, and the form that finds people"},
		{post, "/console/find", read, s.find, "Find rooms, acts, people, visits and conversations; changes nothing"},
		{get, "/console/keys", read, s.keys, "The keyboard shortcuts, and how to turn single keys off"},
	}
}

// findForm shows where a person can go and what they can do.
func (s *Server) findForm(c *fiber.Ctx) error { return s.showFound(c, "") }

// find searches. It is posted, because a name or a phone has no place in an address; nothing is changed.
func (s *Server) find(c *fiber.Ctx) error {
	f := s.form(c, "console.find")
	text := f.OptionalText("text", maxFilter)
	if !f.Valid() {
		return f.fault()
	}
	return s.showFound(c, text)
}

func (s *Server) showFound(c *fiber.Ctx, text string) error {
	ctx := c.UserContext()
	v, _ := VisitorOf(ctx)
	page := palette.Page{CSRF: v.Session.CSRF, Query: text, People: s.findsPeople(v)}
	page.Groups = append(page.Groups, s.foundRooms(ctx, v, text), s.foundActs(ctx, v, text))
	people, err := s.foundPeople(c, v, text)
	if err != nil {
		return err
	}
	page.Groups = append(people, page.Groups...) // who searches for a name means a person
	page.Groups = slices.DeleteFunc(page.Groups, func(g palette.Group) bool { return len(g.Items) == 0 })
	if wantsJSON(c) {
		private(c)
		return c.JSON(fiber.Map{"ok": true, "result": page.Groups})
	}
	if c.Get("HX-Target") == "found" {
		private(c)
		return send(c, fiber.StatusOK, palette.Found(page))
	}
	return s.page(c, screen{title: "console.find"}, palette.Content(page))
}

// foundRooms are the rooms a person may enter whose name holds the text.
func (s *Server) foundRooms(ctx context.Context, v Visitor, text string) palette.Group {
	out := palette.Group{Title: i18n.T(ctx, "console.find.rooms")}
	for _, r := range s.rooms() {
		name := i18n.T(ctx, "console.room."+string(r.room))
		if _, may := s.Staff.Can(v.Role, r.room, staff.ToRead); may && says(name, text) {
			out.Items = append(out.Items, palette.Item{URL: r.path, Icon: r.icon, Title: name})
		}
	}
	return out
}

// foundActs are the acts a person may start whose name holds the text.
func (s *Server) foundActs(ctx context.Context, v Visitor, text string) palette.Group {
	out := palette.Group{Title: i18n.T(ctx, "console.find.acts")}
	for _, a := range paletteActs() {
		name := i18n.T(ctx, a.key)
		if _, may := s.Staff.Can(v.Role, a.room, a.act); may && says(name, text) {
			out.Items = append(out.Items, palette.Item{URL: a.path, Icon: a.icon, Title: name, Act: true})
		}
	}
	return out
}

// says tells whether a name holds the text, however it is capitalised.
func says(name, text string) bool {
	return strings.Contains(strings.ToLower(name), strings.ToLower(text))
}

// keys is the sheet of shortcuts.
func (s *Server) keys(c *fiber.Ctx) error {
	return s.page(c, screen{title: "console.keys"}, palette.Keys(s.keysOff(c)))
}

func (s *Server) keysOff(c *fiber.Ctx) bool { return c.Cookies(s.cookieName(keysCookie)) == "off" }
