package models

import (
	"encoding/json"
	"slices"
	"time"
)

// Role is what a person may do in the console (product.md, role matrix).
type Role string

// The seven roles, and the machine role of scripts.
const (
	RoleAdmin       Role = "admin"
	RolePM          Role = "pm"
	RoleOperator    Role = "operator"
	RoleFinance     Role = "finance"
	RolePrivacy     Role = "privacy"
	RoleStylist     Role = "stylist"
	RoleStakeholder Role = "stakeholder"
	// RoleMachine is a script that holds the admin token. It is never stored.
	RoleMachine Role = "machine"
)

// Roles returns the seven roles.
func Roles() []Role {
	return []Role{RoleAdmin, RolePM, RoleOperator, RoleFinance, RolePrivacy, RoleStylist, RoleStakeholder}
}

// Sensitive tells whether a role reaches money, people's rights or everything: it needs a second
// factor wherever second factors are required.
func (r Role) Sensitive() bool {
	return slices.Contains([]Role{RoleAdmin, RoleFinance, RolePrivacy}, r)
}

// Staff is a person with a console account.
type Staff struct {
	ID           ID `gorm:"primaryKey"`
	Email        string
	Name         string
	Role         Role
	StylistID    *ID    // whose diary is their own; stylists only
	PasswordHash string // empty until the invitation is accepted
	Language     Language
	Phone        string // for urgent cases by SMS; empty: none
	Version      int64  // of the row, for edits that must not overwrite each other
	// AccessEpoch is raised when everybody who is signed in as this person must be so anew.
	AccessEpoch    int64
	LastSignedInAt *time.Time // machine time
	DisabledAt     *time.Time // machine time
	CreatedAt      time.Time
	UpdatedAt      time.Time
}

// TableName keeps GORM from guessing the plural.
func (Staff) TableName() string { return "staff" }

// StaffState is where an account stands.
type StaffState string

// States of an account.
const (
	StaffInvited  StaffState = "invited"
	StaffActive   StaffState = "active"
	StaffDisabled StaffState = "disabled"
)

// StaffStates returns the three states.
func StaffStates() []StaffState { return []StaffState{StaffInvited, StaffActive, StaffDisabled} }

// State follows from the row: whoever is disabled is so even when never active.
func (s Staff) State() StaffState {
	switch {
	case s.DisabledAt != nil:
		return StaffDisabled
	case s.PasswordHash == "":
		return StaffInvited
	default:
		return StaffActive
	}
}

// Invitation lets one person set the password of their account, once. Only its token's hash is stored.
type Invitation struct {
	ID        ID `gorm:"primaryKey"`
	StaffID   ID
	Hash      string
	ExpiresAt time.Time // machine time, as all below
	CreatedAt time.Time
	UsedAt    *time.Time
	RevokedAt *time.Time
}

// FactorKind is what a second factor is.
type FactorKind string

// Kinds of second factors.
const (
	FactorTOTP    FactorKind = "totp"    // six digits from an app
	FactorPasskey FactorKind = "passkey" // a key of the device or a security key
)

// Factor is a second factor of a person.
type Factor struct {
	ID           ID `gorm:"primaryKey"`
	StaffID      ID
	Kind         FactorKind
	Name         string          // by its person
	Sealed       []byte          // the shared secret of a TOTP, sealed; only for that kind
	LastStep     int64           // the latest time step whose code was used
	CredentialID []byte          // of a passkey; only for that kind
	Credential   json.RawMessage `gorm:"type:jsonb"` // its whole credential record
	CreatedAt    time.Time       // machine time
	LastUsedAt   *time.Time      // machine time
}

// RecoveryCode opens an account once, without its second factor. Only its hash is stored.
type RecoveryCode struct {
	StaffID   ID         `gorm:"primaryKey"`
	Hash      string     `gorm:"primaryKey"`
	CreatedAt time.Time  // machine time
	UsedAt    *time.Time // machine time
}

// APIToken is a bearer token; only its hash is stored.
type APIToken struct {
	ID         ID `gorm:"primaryKey"`
	StaffID    ID
	Name       string // by its person; empty for one of a script that signed in
	Hash       string
	ExpiresAt  time.Time // machine time, as all below
	LastUsedAt *time.Time
	CreatedAt  time.Time
}
