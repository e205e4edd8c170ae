// Package policies draws the salon's rules in figures: the list, one policy, the forms that change them.
package policies

import (
	"time"

	"frontdesk/views/ui"
)

// Policy is a policy in words.
type Policy struct {
	Key, Name, Meaning, Group string
	Value, Default            string
	Edited                    bool // differs from the default
	Limits, Reach             string
	By, When                  string // who changed it last; empty while nobody has
}

// Group is a heading whose policies are changed together.
type Group struct{ Name, URL string }

// Page is one policy with its history.
type Page struct {
	Policy
	URL  string
	May  bool // the reader may change it
	Past []Past
}

// Past is one change. Restore leads to the form that brings its value back; empty: it is in force.
type Past struct {
	At      time.Time
	Who     string
	Reason  string
	Was, Is string
	Restore string
}

// Edit is the form of one policy or of several.
type Edit struct {
	Title, Lead, Effect, Back string
	Phrase                    string // to be typed; empty: none
	Form                      ui.Form
	Fields                    []Field
}

// Field is how one policy is asked for.
type Field struct {
	Kind, Key, Hint, Unit string
	Max                   int
	Options               []ui.Option
}

// Replace is the form that puts a known value in force.
type Replace struct {
	Title, Lead, Effect, Submit, Back, Key string
	Phrase                                 string
	Form                                   ui.Form
}
