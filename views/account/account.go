// Package account draws one's own account: who one is here and everything one comes in with.
package account

import (
	"time"

	"frontdesk/models"
)

// Account is what the page shows. Times are in the salon's zone.
type Account struct {
	Name      string
	Email     string
	Role      models.Role
	Language  models.Language
	Required  bool // the role must keep a second factor
	Factors   []Factor
	CodesLeft int
	Sessions  []Session
	Tokens    []Token
}

// Factor is a second factor in a list.
type Factor struct {
	ID    string
	Kind  models.FactorKind
	Name  string
	Added time.Time
	Used  *time.Time // nil: never
}

// Session is a signed-in browser in a list.
type Session struct {
	Handle string
	Device string
	Near   string // the network, shortened
	Opened time.Time
	Seen   time.Time
	By     string
	This   bool
}

// Token is a token in a list; what opens is never in it.
type Token struct {
	ID   string
	Name string // empty: of a script that signed in
	Made time.Time
	Ends time.Time
	Used *time.Time // nil: never
}

func (f Factor) icon() string {
	if f.Kind == models.FactorPasskey {
		return "fingerprint"
	}
	return "smartphone"
}

// others tells whether the person is signed in anywhere else.
func (a Account) others() bool { return len(a.Sessions) > 1 }
