// Package people draws the room of accounts: who may come in, as what, and with what.
package people

import (
	"time"

	"frontdesk/models"
	"frontdesk/views/account"
	"frontdesk/views/ui"
)

// Person is the page of one account. Times are in the salon's zone.
type Person struct {
	URL      string
	Name     string
	Email    string
	Role     models.Role
	Language models.Language
	Stylist  string // whose diary is theirs; empty for none
	State    models.StaffState
	Self     bool // the reader's own account
	Lacks    bool // the role needs a second factor and there is none
	LinkEnds *time.Time
	LastIn   *time.Time
	Factors  []account.Factor
	Sessions []account.Session
	Tokens   []account.Token
	History  []ui.Entry
}

// StateTone is the tone of a state's badge.
func StateTone(state models.StaffState) ui.Tone {
	switch state {
	case models.StaffActive:
		return ui.Good
	case models.StaffInvited:
		return ui.Attention
	default:
		return ui.Neutral
	}
}
