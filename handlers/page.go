package handlers

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/i18n"
	"frontdesk/internal/staff"
	"frontdesk/models"
	"frontdesk/static"
	"frontdesk/views/layout"
)

// screen is what a console page tells its frame.
type screen struct {
	title string // translation key
	room  staff.Room
	live  []string // topics that make it fetch itself again
	fresh string   // translation key of what is announced then
	wide  bool
}

// page sends a console page: in its frame, or alone when HTMX asks for the part that changed. Pages
// of the console hold personal data and are kept by nobody.
func (s *Server) page(c *fiber.Ctx, sc screen, body templ.Component) error {
	return s.pageWith(c, fiber.StatusOK, sc, body)
}

// pageWith is page with a status of its own; a page that refuses says so in its title.
func (s *Server) pageWith(c *fiber.Ctx, status int, sc screen, body templ.Component) error {
	private(c)
	if wantsFragment(c) {
		return send(c, status, body)
	}
	frame, err := s.frame(c, sc)
	if err != nil {
		return err
	}
	if status >= fiber.StatusBadRequest {
		frame.Title = i18n.T(c.UserContext(), "console.form.error_prefix") + " " + frame.Title
	}
	return send(c, status, layout.Shell(frame, body))
}

// private marks an answer that depends on who asks and how, and that no cache may keep.
func private(c *fiber.Ctx) {
	c.Vary("HX-Request", "HX-Boosted", "HX-History-Restore-Request", fiber.HeaderCookie, fiber.HeaderAcceptLanguage)
	c.Set(fiber.HeaderCacheControl, "no-store")
}

// public sends a page for anybody.
func (s *Server) public(c *fiber.Ctx, status int, title string, body templ.Component) error {
	return s.publicTitled(c, status, i18n.T(c.UserContext(), title), body, true)
}

// publicTitled is public under a title in words, such as a product's name. Such a page depends on language
// and theme only, and a browser may keep it and ask whether it is still right; not so when it shows how much
// somebody's cart holds, or forms of this moment.
func (s *Server) publicTitled(c *fiber.Ctx, status int, title string, body templ.Component, lasting bool) error {
	frame := s.plainFrame(c, "public.nav.shop")
	frame.Title = title
	return s.publicFramed(c, status, frame, body, lasting)
}

// publicFramed is publicTitled in a frame that says more than its title.
func (s *Server) publicFramed(c *fiber.Ctx, status int, frame layout.Frame, body templ.Component, lasting bool) error {
	if status >= fiber.StatusBadRequest {
		frame.Title = i18n.T(c.UserContext(), "console.form.error_prefix") + " " + frame.Title
	}
	c.Vary(fiber.HeaderCookie, fiber.HeaderAcceptLanguage)
	if c.Cookies(s.cookieName(shopperCookie)) != "" {
		frame.CartItems, lasting = s.cartItems(c), false
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	if lasting && status < fiber.StatusBadRequest {
		c.Set(fiber.HeaderCacheControl, "no-cache")
	}
	return send(c, status, layout.Public(frame, body))
}

func (s *Server) plainFrame(c *fiber.Ctx, title string) layout.Frame {
	v, _ := VisitorOf(c.UserContext())
	return layout.Frame{
		CSRF:  v.Session.CSRF,
		Title: i18n.T(c.UserContext(), title), URL: address(c), Theme: s.theme(c), Banner: s.banner(c),
	}
}

func (s *Server) frame(c *fiber.Ctx, sc screen) (layout.Console, error) {
	ctx := c.UserContext()
	v, _ := VisitorOf(ctx)
	waiting, err := s.waiting(c, v)
	if err != nil {
		return layout.Console{}, err
	}
	f := layout.Console{
		Frame: s.plainFrame(c, sc.title), Wide: sc.wide, Toasts: s.takeFlash(c),
		Person: layout.Person{Name: s.nameOf(c, v), Role: v.Role}, Groups: s.navigation(c, v, sc.room, waiting),
	}
	if s.keysOff(c) {
		f.Keys = "off"
	}
	if len(sc.live) > 0 {
		f.Live = &layout.Live{Topics: sc.live, Updated: i18n.T(ctx, sc.fresh)}
	}
	return f, nil
}

// waiting counts the open cases for those who may see them.
func (s *Server) waiting(c *fiber.Ctx, v Visitor) (int, error) {
	if _, may := s.Staff.Can(v.Role, staff.Cases, staff.ToRead); !may {
		return 0, nil
	}
	open, err := s.Desk.OpenCases(c.UserContext())
	return len(open), err
}

func (s *Server) nameOf(c *fiber.Ctx, v Visitor) string {
	if v.Role == models.RoleMachine {
		return i18n.T(c.UserContext(), "console.role.machine")
	}
	return v.Staff.Name
}

// entrance is where a room stands in the navigation.
type entrance struct {
	group, icon, path string
	room              staff.Room
}

// rooms of the console that exist, in the order of the navigation. The Simulator is not in production.
func (s *Server) rooms() []entrance {
	all := []entrance{
		{"day", "sun", "/console", staff.Today},
		{"day", "calendar-days", "/console/diary", staff.Diary},
		{"customers", "messages-square", "/console/conversations", staff.Conversations},
		{"customers", "life-buoy", "/console/cases", staff.Cases},
		{"customers", "shopping-bag", ordersPath, staff.Orders},
		{"customers", "undo-2", returnsPath, staff.Returns},
		{"customers", "credit-card", refundsPath, staff.Refunds},
		{"customers", "shield-check", consentsPath, staff.Privacy},
		{"operations", "archive", lettersPath, staff.DeadLetters},
		{"operations", "scroll-text", funnelPath, staff.Dashboards},
		{"operations", "circle-alert", alertsPath, staff.Alerts},
		{"operations", "smartphone", "/console/simulator", staff.Simulator},
		{"settings", "store", "/console/services", staff.Services},
		{"settings", "package", cataloguePath, staff.Catalogue},
		{"settings", "sliders-horizontal", "/console/policies", staff.Policies},
		{"settings", "file-text", "/console/content", staff.Content},
		{"settings", "users", "/console/people", staff.People},
		{"settings", "scroll-text", "/console/audit", staff.Audit},
	}
	return slices.DeleteFunc(all, func(e entrance) bool { return e.room == staff.Simulator && s.set.Production })
}

// navigation shows the rooms a person may enter, and no door that would be shut.
func (s *Server) navigation(c *fiber.Ctx, v Visitor, here staff.Room, waiting int) []layout.Group {
	ctx := c.UserContext()
	var groups []layout.Group
	last := ""
	for _, r := range s.rooms() {
		if _, may := s.Staff.Can(v.Role, r.room, staff.ToRead); !may {
			continue
		}
		if r.group != last {
			groups, last = append(groups, layout.Group{Title: i18n.T(ctx, "console.group."+r.group)}), r.group
		}
		link := layout.Link{Label: i18n.T(ctx, "console.room."+string(r.room)), Icon: r.icon, URL: r.path, Current: r.room == here}
		if r.room == staff.Cases {
			link.Count = waiting
		}
		g := &groups[len(groups)-1]
		g.Links = append(g.Links, link)
	}
	return groups
}

// banner says demo, and that business time stands elsewhere than the machine's.
func (s *Server) banner(c *fiber.Ctx) layout.Banner {
	b := layout.Banner{Demo: s.set.Demo}
	now := s.Clock.Now()
	if s.set.Demo && s.Clock.Machine().Sub(now).Abs() > 2*time.Second {
		at := now
		if p, err := s.Policies.Policies(c.UserContext()); err == nil { // a banner is not worth an error page
			at = now.In(p.Zone())
		}
		b.StoppedAt = &at
	}
	return b
}

func address(c *fiber.Ctx) url.URL {
	u, err := url.ParseRequestURI(c.OriginalURL())
	if err != nil {
		return url.URL{Path: "/"}
	}
	return url.URL{Path: u.Path, RawQuery: u.RawQuery}
}

// link is an address with parameters; empty ones are left out.
func link(path string, params ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(params); i += 2 {
		if params[i+1] != "" {
			q.Set(params[i], params[i+1])
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// asset serves a file by its hashed address; what has that address never changes.
func (s *Server) asset(c *fiber.Ctx) error {
	a, ok := static.Find(c.Path())
	if !ok {
		return fiber.ErrNotFound
	}
	c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	c.Set(fiber.HeaderContentType, a.Type)
	c.Vary(fiber.HeaderAcceptEncoding)
	if a.Gzip != nil && strings.Contains(c.Get(fiber.HeaderAcceptEncoding), "gzip") {
		c.Set(fiber.HeaderContentEncoding, "gzip")
		return c.Send(a.Gzip)
	}
	return c.Send(a.Body)
}

const (
	themeCookie   = "fd_theme"
	densityCookie = "fd_density" // of tables: compact, else comfortable
	keysCookie    = "fd_keys"    // off: no single key acts
)

func (s *Server) theme(c *fiber.Ctx) string {
	if t := c.Cookies(s.cookieName(themeCookie)); slices.Contains([]string{"light", "dark"}, t) {
		return t
	}
	return ""
}

// choice is what a reader chooses once for all pages: the parameter of the link, the cookie, its values.
type choice struct {
	name, cookie string
	values       []string
}

func choices() []choice {
	return []choice{
		{"theme", themeCookie, []string{"light", "dark", "auto"}},
		{"density", densityCookie, []string{"compact", "comfortable"}},
		{"keys", keysCookie, []string{"on", "off"}},
	}
}

// remember keeps a chosen language, theme, density or use of keys for the next pages. The page then shows
// itself at its plain address, so that a copied link does not carry the choice; only the language of a
// public page may be shared with it.
func (s *Server) remember(c *fiber.Ctx) error {
	if c.Method() != fiber.MethodGet || !isPage(c.Path()) && !prefersPage(c) {
		return c.Next()
	}
	u := address(c)
	q := u.Query()
	moved := false
	if lang, known := i18n.Known(q.Get("lang")); known && q.Get("lang") != "" {
		s.keepCookie(c, languageCookie, lang)
		if strings.HasPrefix(c.Path(), "/console") {
			q.Del("lang")
			moved = true
		}
	}
	for _, ch := range choices() {
		if slices.Contains(ch.values, q.Get(ch.name)) {
			s.keepCookie(c, ch.cookie, q.Get(ch.name))
			q.Del(ch.name)
			moved = true
		}
	}
	if !moved {
		return c.Next()
	}
	u.RawQuery = q.Encode()
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Redirect(u.RequestURI(), fiber.StatusSeeOther)
}

func (s *Server) keepCookie(c *fiber.Ctx, name, value string) {
	c.Cookie(&fiber.Cookie{
		Name: s.cookieName(name), Value: value, Path: "/", MaxAge: 365 * 24 * 3600, Secure: s.secure(), HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode,
	})
}

// secure tells whether browsers reach us by HTTPS, and cookies must never travel otherwise.
func (s *Server) secure() bool { return strings.HasPrefix(s.set.BaseURL, "https://") }

// cookieName gives a cookie the prefix that binds it to this host, where HTTPS allows it.
func (s *Server) cookieName(name string) string {
	if s.secure() {
		return "__Host-" + name
	}
	return name
}
