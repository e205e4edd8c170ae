// Package letters draws jobs that failed for good: what they failed of, one of them with all its attempts, how many come
// back, and the forms of the acts on them.
package letters

import (
	"time"

	"frontdesk/views/orders"
	"frontdesk/views/ui"
)

// Room is the list of groups, or of letters, with the queue beside it.
type Room struct {
	Title, Lead string
	Back        string // the list this one is a part of; empty: none
	BackWords   string // empty: all groups
	Facts       []orders.Fact
	Acts        []orders.Possible
	Table       ui.Table
	Queue       []State
	Kept        []string // how long what is kept, line by line
	Runs        []RunLine
	Drops       []DropLine
	// AllRuns and AllDrops lead to all of them; empty: there is no way.
	AllRuns, AllDrops string
}

// State is how many jobs are in a state.
type State struct {
	Label string
	Count int
	Tone  ui.Tone
	URL   string // of what is in it; empty: there is no such page
}

// RunLine is bringing many back, in a line.
type RunLine struct {
	URL   string
	State orders.Badge
	What  string
	At    time.Time
}

// DropLine is a discarding.
type DropLine struct {
	URL               string
	What, Reason, Who string
	At                time.Time
	Undo              string // where it is taken back; empty: it cannot be
}

// Detail is one letter.
type Detail struct {
	Title    string
	Status   orders.Badge
	Acts     []orders.Possible
	Facts    []orders.Fact
	Args     []Argument
	Attempts []Attempt
	History  []ui.Entry
	Whole    bool // nothing is hidden
}

// Argument is one argument of the job.
type Argument struct {
	Name, Value string
	URL         string
	Masked      bool
}

// Attempt is one try.
type Attempt struct {
	At     time.Time
	Number int
	Error  string
	Trace  string
}

// Run is bringing many back.
type Run struct {
	Title   string
	State   orders.Badge
	Acts    []orders.Possible
	Percent int
	Words   string // how far it is
	Facts   []orders.Fact
	Refused []orders.Fact // how many, by why
}

// Sheet is the form of an act on letters.
type Sheet struct {
	ui.Act
	Facts   []orders.Fact
	Refused []orders.Fact
	Fields  []ui.Field
	Hidden  [][2]string
}
