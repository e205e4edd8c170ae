package models

import "time"

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

// Staff is a person with a console account.
type Staff struct {
	ID           ID `gorm:"primaryKey"`
	Email        string
	Name         string
	Role         Role
	StylistID    *ID
	PasswordHash string
	Language     Language
	DisabledAt   *time.Time
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// TableName keeps GORM from guessing the plural.
func (Staff) TableName() string { return "staff" }

// APIToken is a bearer token; only its hash is stored.
type APIToken struct {
	ID        ID `gorm:"primaryKey"`
	StaffID   ID
	Hash      string
	ExpiresAt time.Time // machine time
	CreatedAt time.Time // machine time
}
