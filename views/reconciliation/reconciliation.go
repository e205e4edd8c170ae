// Package reconciliation draws what the payment provider has beside our books: the last comparisons, what did not match, one
// difference with both sides, one comparison with its figures. Its parts are those of orders.
package reconciliation

import (
	"time"

	"frontdesk/views/orders"
	"frontdesk/views/ui"
)

// Room is the list, with the last comparisons above it.
type Room struct {
	Title, Lead string
	Watch       string // how far the look of every few minutes is
	Late        bool   // it is behind
	Acts        []orders.Possible
	Runs        []RunLine
	Table       ui.Table
}

// RunLine is a comparison in a line.
type RunLine struct {
	URL    string
	State  orders.Badge
	Window string
	Who    string
	At     time.Time
	Result string
}

// Difference is the page of one.
type Difference struct {
	Title, Lead string
	State       orders.Badge
	Acts        []orders.Possible
	Here, There []orders.Fact
	Facts       []orders.Fact
	Note        string
	History     []ui.Entry
}

// Run is the page of one comparison.
type Run struct {
	Title   string
	State   orders.Badge
	Stage   string // what it is at; empty: it is over
	Problem string // why it failed or waits
	Facts   []orders.Fact
	Figures []Sums
	List    string // its differences
}

// Sums are what was compared, of one kind in one currency.
type Sums struct {
	Title string
	Agree bool
	Facts []orders.Fact
}
