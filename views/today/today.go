// Package today draws what needs this person now, and nothing else. Each line has one clear next act and
// goes when it is done.
package today

import (
	"time"

	"frontdesk/views/ui"
)

// Page is a person's day.
type Page struct {
	Name     string
	Date     time.Time
	CSRF     string
	Sections []Section
	Figures  []Figure // for readers who see no person
	Quiet    string   // what appears here by itself, for this role, when nothing waits
}

// Section is one kind of thing that waits.
type Section struct {
	Title string
	Empty string // what to say when nothing waits; empty: leave the section out then
	Items []Item
	URL   string // all of it
	Lead  bool   // the one line that matters most, drawn large
}

// Item is one thing that waits.
type Item struct {
	Key    string
	URL    string // empty: nothing to open
	Title  string
	Text   string
	Icon   string
	Badge  string
	Tone   ui.Tone
	Urgent bool
	Acts   []Act
}

// Act is the next thing to do about an item: a form that opens, or a post that an undo takes back.
type Act struct {
	Label  string
	URL    string
	Icon   string
	Quick  bool
	Opens  bool // a page, not a form
	Fields map[string]string
}

// Figure is a count without any person in it.
type Figure struct {
	Label string
	Value int
}

func (p Page) quiet() bool {
	for _, s := range p.Sections {
		if len(s.Items) > 0 || s.Empty != "" {
			return false
		}
	}
	return len(p.Figures) == 0
}
