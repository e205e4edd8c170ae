package ui

import (
	"strconv"

	"github.com/a-h/templ"
)

// Table is a list as it is drawn: all of its state stands in URLs that the handler made.
type Table struct {
	ID      string // of the element; starts the ids of its parts
	Caption string // what the list is, for those who hear it
	Columns []Column
	Rows    []Row
	Filters []Filter
	Action  string            // where the filter form leads: the page itself
	Keep    map[string]string // parameters the filter form keeps, such as the sort
	Narrow  bool              // a filter is in force
	Clear   string            // the page without filters
	Dense   bool
	Density string // link to the other density
	Picker  []ColumnChoice
	CSV     string // this view as a file; empty: it cannot be had
	Bulk    []BulkAct
	// First leads to the start of the list, Previous and Next a page on; empty at an end.
	First, Previous, Next string
	Empty                 EmptyList // nothing there yet
	NoMatch               EmptyList // nothing matches the filters
	Failed                string    // the id of the request that could not read the list
}

// Column is a column's head.
type Column struct {
	Key   string
	Label string
	End   bool   // figures: aligned to the end of the line
	Sort  string // the page sorted by it, the other way round when it is already; empty: it does not sort
	Order string // "ascending" or "descending" when the list is sorted by it
}

// ColumnChoice shows or hides a column, by a link.
type ColumnChoice struct {
	Label string
	URL   string
	Shown bool
}

// Row is a line: where it leads and its cells, in the order of all columns.
type Row struct {
	ID    string // what a bulk act is told; empty: the row cannot be chosen
	URL   string // the first cell leads there; empty: nothing to open
	Label string // what the row is, for the checkbox
	Cells []Cell
}

// Cell is what stands in a column: Text is written into files and, without a View, onto the page.
type Cell struct {
	Text string
	View templ.Component
	Code bool // an id, a phone, an amount: left to right in every language
}

// Filter narrows a table. Chips are links; the others stand in one form.
type Filter struct {
	Key     string
	Label   string
	Kind    FilterKind
	Value   string
	From    string // of a range of days
	To      string
	Options []Option // of a select
	Chips   []Chip
}

// FilterKind is how a filter is drawn.
type FilterKind string

// Kinds of filter.
const (
	FilterChips  FilterKind = "chips"
	FilterSelect FilterKind = "select"
	FilterDays   FilterKind = "days"   // a range of days, both inclusive
	FilterSearch FilterKind = "search" // words; never for personal data, which has no place in an address
)

// BulkAct is an act on the chosen rows: its form page is opened with an "id" for each.
type BulkAct struct {
	Label string
	URL   string
	Icon  string
	Tone  Tone
}

// EmptyList says why there is nothing and what to do about it.
type EmptyList struct {
	Icon  string
	Title string
	Text  string
	URL   string // of what to do; empty: nothing
	Label string
}

func (t Table) formed() bool {
	for _, f := range t.Filters {
		if f.Kind != FilterChips {
			return true
		}
	}
	return false
}

func (t Table) bulkForm() string { return t.ID + "-bulk" }

func (t Table) density() string {
	if t.Dense {
		return "is-compact"
	}
	return ""
}

func (t Table) checkbox(i int) string { return t.ID + "-row-" + strconv.Itoa(i) }

func (c Column) class() string {
	if c.End {
		return "end"
	}
	return ""
}

func (c Cell) empty() bool { return c.Text == "" && c.View == nil }
