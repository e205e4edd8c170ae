package booking

import (
	"time"

	"frontdesk/models"
)

// Act is what every act of staff on a visit says: on which one, as it was seen, by whom and why.
type Act struct {
	ID models.ID // the appointment
	// Version is the appointment's as the actor saw it; when it has another by now the act is refused
	// with the fault booking.changed.
	Version int64
	Actor   string // "staff:<id>"
	// Own is the one stylist whose diary the actor may write in (scope "own"); nil: everybody's.
	Own *models.ID
	// Reason is in the actor's own words, at most MaxReason runes. It stands in the visit's history and
	// in the audit log, and no customer reads it.
	Reason string
}

// MaxReason is how long a reason may be, in runes.
const MaxReason = 500

// MoveRequest says where a visit or a hold goes. Its length, price, terms and deposit stay, and so does
// the end of a hold. Staff may move inside any notice and inside the lead time, never into the past.
type MoveRequest struct {
	Act
	StylistID models.ID
	StartsAt  time.Time
}

// BlockRequest closes time: of one stylist, or of the whole salon.
type BlockRequest struct {
	StylistID *models.ID // nil closes the whole salon
	Span      models.Span
	// Kind is day_off, break or busy for a stylist, holiday, closed or vacation for the salon.
	Kind  models.BlockKind
	Note  string // in the actor's words; no customer reads it
	Actor string
	Own   *models.ID // as in Act
	// KeepVisits blocks although visits stand there; they stay. Else they are refused by
	// booking.block_conflicts (see InTheWay).
	KeepVisits bool
}

// UnblockRequest opens blocked time again.
type UnblockRequest struct {
	ID    models.ID
	Actor string
	Own   *models.ID // as in Act
}

// InTheWay is what stands where something was to go. Staff may see it; a customer never.
type InTheWay struct {
	Visits []Visit
	Blocks []models.TimeBlock
}
