// Package services draws the menu and the times of the salon: services, packs, stylists, opening hours and
// closed time, their pages and their forms.
package services

import (
	"slices"
	"strings"
	"time"

	"frontdesk/models"
	"frontdesk/views/ui"
)

// Page is a tab of the room with its table.
type Page struct {
	Tabs  []ui.Chip
	Lead  string
	Add   *Link // nil: the reader may not
	Table ui.Table
}

// Link leads to an act.
type Link struct{ URL, Label, Icon string }

// Visit is a booked visit that an act leaves where it stands.
type Visit struct {
	At      time.Time
	Who     string
	What    string
	Stylist string
	URL     string
}

// Said is what a customer would read, in one language.
type Said struct {
	Language models.Language
	Text     string
}

// Preview is what customers would read once the form is saved.
type Preview struct {
	Said    []Said
	Notes   []string // facts for the person who edits: what the pack saves
	Warning string
}

func (p Preview) empty() bool { return len(p.Said) == 0 && len(p.Notes) == 0 && p.Warning == "" }

// Form is the form of an act in this room.
type Form struct {
	ui.Form
	// Now is what stands in the database where it differs from what was typed: somebody else was faster.
	Now []ui.FieldChange
	// Visits stay where they are when the act is done although they stand in its way.
	Visits []Visit
	New    bool
}

// Detail is the page of one thing: its facts, what can be done with it and its history.
type Detail struct {
	Tabs    []ui.Chip
	Title   string
	CSRF    string
	State   string
	Tone    ui.Tone
	Facts   []Fact
	Texts   []Texts // in the three languages
	Acts    []Link  // forms
	Quick   []Link  // done at once by a post
	Notices []Notice
	Links   []Link
	History []ui.Entry
}

// Fact is a labelled value.
type Fact struct {
	Label, Value string
	Code         bool // left to right in every language
}

// Texts is a labelled wording in the languages of the product.
type Texts struct {
	Label string
	Text  models.Text
}

// Notice is a line that must be seen.
type Notice struct {
	Tone ui.Tone
	Text string
}

// hasError tells whether a field whose name starts so is wrong: what is folded away must open then.
func hasError(f ui.Form, start string) bool {
	return slices.ContainsFunc(f.Errors, func(e ui.FormError) bool { return strings.HasPrefix(e.Field, f.Prefix+start) })
}
