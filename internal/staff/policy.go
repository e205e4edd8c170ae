package staff

import (
	_ "embed"
	"fmt"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"
	stringadapter "github.com/casbin/casbin/v2/persist/string-adapter"

	"frontdesk/models"
)

//go:embed model.conf
var policyModel string

//go:embed policy.csv
var policyLines string

// Room is a part of the console, named as in its path.
type Room string

// The rooms of product.md.
const (
	Today         Room = "today"
	Diary         Room = "diary"
	Conversations Room = "conversations"
	Cases         Room = "cases"
	Services      Room = "services"
	Policies      Room = "policies"
	Content       Room = "content"
	Catalogue     Room = "catalogue"
	Orders        Room = "orders"
	Returns       Room = "returns"
	Refunds       Room = "refunds"
	DeadLetters   Room = "dead-letters"
	Privacy       Room = "privacy"
	UAT           Room = "uat"
	Feedback      Room = "feedback"
	Pilot         Room = "pilot"
	Dashboards    Room = "dashboards"
	Reviews       Room = "reviews"
	Alerts        Room = "alerts"
	Incidents     Room = "incidents"
	OnCall        Room = "on-call"
	Runbooks      Room = "runbooks"
	Simulator     Room = "simulator"
	People        Room = "people"
	Audit         Room = "audit"
)

// Rooms lists every room the policy knows.
func Rooms() []Room {
	return []Room{
		Today, Diary, Conversations, Cases, Services, Policies, Content, Catalogue, Orders, Returns, Refunds, DeadLetters,
		Privacy, UAT, Feedback, Pilot, Dashboards, Reviews, Alerts, Incidents, OnCall, Runbooks, Simulator, People, Audit,
	}
}

// Act is what somebody wants to do in a room. The right to act includes the right to read.
type Act string

// Acts.
const (
	ToRead    Act = "read"
	ToAct     Act = "act"
	ToRequest Act = "request" // ask for a refund that somebody else approves
	ToSignOff Act = "sign-off"
)

// Scope is how far a right reaches.
type Scope string

// Scopes. Own is one's own diary, visits and runs, and the first name of one's own clients.
const (
	All        Scope = "all"
	Own        Scope = "own"
	Counts     Scope = "counts"
	Aggregates Scope = "aggregates"
)

// policy answers from the embedded Casbin model and lines; what no line allows is refused.
type policy struct{ enforcer *casbin.SyncedEnforcer }

func loadPolicy() (*policy, error) {
	m, err := model.NewModelFromString(policyModel)
	if err != nil {
		return nil, fmt.Errorf("read policy model: %w", err)
	}
	e, err := casbin.NewSyncedEnforcer(m, stringadapter.NewAdapter(policyLines))
	if err != nil {
		return nil, fmt.Errorf("read policy: %w", err)
	}
	return &policy{enforcer: e}, nil
}

// Can tells whether a role may do this in a room, and how far. The widest matching right wins.
func (r *Roster) Can(role models.Role, room Room, act Act) (Scope, bool) {
	allowed, line, err := r.policy.enforcer.EnforceEx(string(role), string(room), string(act))
	if err != nil || !allowed || len(line) < 4 {
		return "", false // a policy that cannot be evaluated allows nothing
	}
	return Scope(line[3]), true
}
