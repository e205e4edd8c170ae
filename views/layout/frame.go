// Package layout holds the shells that pages stand in: the console's frame, the public pages, and the
// document around both. It draws what the handlers put into a Frame and reads nothing.
package layout

import (
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"

	"frontdesk/internal/i18n"
	"frontdesk/models"
	"frontdesk/views/ui"
)

// Frame is what every page shares.
type Frame struct {
	Title  string  // of the document; the page draws its own h1
	URL    url.URL // of the page, for the language and theme links
	Theme  string  // "light", "dark", or empty: as the device prefers
	Banner Banner
	CSRF   string // of a signed-in person; empty: nobody is, or by a token
	// Onward is where the browser goes by itself; empty: it stays. A form may not lead to another host, a page may.
	Onward string
	// CartItems is how many things the visitor's cart holds, on pages for anybody.
	CartItems int
}

// Console is the frame of a page for staff.
type Console struct {
	Frame
	Person Person
	Groups []Group
	Live   *Live      // nil: the page does not change by itself
	Wide   bool       // lists and boards take the whole width
	Keys   string     // "off": no single key acts
	Toasts []ui.Toast // what was just done, on the way here
}

// Banner says what a reader must know before believing anything on the page.
type Banner struct {
	Demo      bool
	StoppedAt *time.Time // business time stands still at this instant (in the salon's zone)
}

// Shown tells whether there is anything to say.
func (b Banner) Shown() bool { return b.Demo || b.StoppedAt != nil }

// Person is who is signed in.
type Person struct {
	Name string
	Role models.Role
}

// Group is a part of the navigation.
type Group struct {
	Title string
	Links []Link
}

// Link leads to a room.
type Link struct {
	Label   string
	Icon    string
	URL     string
	Current bool
	Count   int // what waits there; shown when positive
}

// Live says which events make the page fetch itself again, in words of its own.
type Live struct {
	Topics  []string
	Updated string // announced when something new has appeared
}

func (l Live) connect() string { return "/console/live?topics=" + strings.Join(l.Topics, ",") }

// trigger waits a moment, so that a burst of changes costs one request.
func (l Live) trigger() string {
	events := []string{"refresh"}
	for _, t := range l.Topics {
		events = append(events, "sse:"+t+" delay:200ms")
	}
	return strings.Join(events, ", ")
}

// with is the page's own address with one parameter set.
func (f Frame) with(name, value string) templ.SafeURL {
	u := f.URL
	q := u.Query()
	q.Del("lang")
	q.Del("theme")
	q.Set(name, value)
	u.RawQuery = q.Encode()
	return templ.SafeURL(u.RequestURI())
}

// here marks the link whose page, or one under it, this is.
func (f Frame) here(path string) templ.Attributes {
	if f.URL.Path == path || path != "/" && strings.HasPrefix(f.URL.Path, path+"/") {
		return templ.Attributes{"aria-current": "page"}
	}
	return nil
}

func (f Frame) title() string { return f.Title + " · Frontdesk" }

// phoneLinks are the first rooms of the bottom bar; the others stand under "more".
func (c Console) phoneLinks() (first, more []Link) {
	for _, g := range c.Groups {
		for _, l := range g.Links {
			if len(first) < 4 {
				first = append(first, l)
			} else {
				more = append(more, l)
			}
		}
	}
	return first, more
}

// languageNames are written in the language itself.
func languageName(lang models.Language) (short, long string) {
	switch lang {
	case models.Spanish:
		return "ES", "Español"
	case models.Arabic:
		return "ع", "العربية"
	default:
		return "EN", "English"
	}
}

func stopped(lang models.Language, t time.Time) string {
	comma := ", "
	if lang == models.Arabic {
		comma = "، "
	}
	return i18n.Day(lang, t) + t.Format(" 2006") + comma + t.Format("15:04")
}

func orAuto(theme string) string {
	if theme == "" {
		return "auto"
	}
	return theme
}
