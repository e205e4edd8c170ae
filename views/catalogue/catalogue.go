// Package catalogue draws what the salon sells, as staff keep it: the products with what they lack, one
// product with its form, the readings of the feed.
package catalogue

import (
	"frontdesk/models"
	"frontdesk/views/ui"
)

// Page is a tab of the room with its table.
type Page struct {
	Tabs  []ui.Chip
	Lead  string
	CSRF  string
	Sync  bool // the feed may be read now
	Table ui.Table
}

// Detail is one product.
type Detail struct {
	Tabs     []ui.Chip
	Title    string
	Active   bool
	State    string
	Edit     string   // the address of the form; empty: the reader may not
	Gaps     []string // what it lacks, in words
	Facts    []Fact
	Names    models.Text
	Words    models.Text
	Pictures []Picture
	InShop   string // its page in the shop; empty: it is not on sale
	History  []ui.Entry
}

// Fact is a labelled value.
type Fact struct {
	Label, Value string
	Code         bool // left to right in every language
}

// Picture is a medium of the product; without an address on this host it is named only.
type Picture struct{ URL, Alt, From string }

// EditPage is the form of a product.
type EditPage struct {
	ui.Form
	Name, Currency string
	Cancel         string
	Effect         string
	Held           []Held
	// Now is what stands in the database where it differs from what was typed: somebody else was faster.
	Now []ui.FieldChange
}

// Held is a field that staff have changed and the feed leaves alone; Name is the form's word for letting it go.
type Held struct{ Name, Label string }

func (p EditPage) act(title, submit string) ui.Act {
	return ui.Act{Title: title, Submit: submit, Effect: p.Effect, Cancel: p.Cancel, Form: p.Form}
}
