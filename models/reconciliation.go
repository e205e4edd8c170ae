package models

import (
	"encoding/json"
	"time"
)

// Reconciliation is one comparison of what the payment provider has with our books.
type Reconciliation struct {
	ID        ID `gorm:"primaryKey"`
	Kind      ReconciliationKind
	Actor     string
	FromAt    time.Time // what was made from here on
	ToAt      time.Time // and before here
	State     ReconciliationState
	Stage     string          // what it is at: "events", "payments", "refunds", "books"
	Attempt   *ID             // whose figures count
	Figures   json.RawMessage `gorm:"type:jsonb"`
	Found     int             // differences that nobody knew of
	Cleared   int             // that were known and are gone
	Unchecked int             // things that were too many to look at one by one
	Code      string          // the provider's, of why it failed or waits
	AskedAt   time.Time       // business time
	StartedAt time.Time       // the machine's, as the next two
	SteppedAt time.Time
	EndedAt   *time.Time
}

// ReconciliationKind is who began it.
type ReconciliationKind string

// Kinds of comparisons.
const (
	ReconciledDaily ReconciliationKind = "daily" // the clock
	ReconciledAsked ReconciliationKind = "asked" // a person
)

// ReconciliationState is where a comparison stands.
type ReconciliationState string

// States of a comparison.
const (
	ReconciliationRunning ReconciliationState = "running"
	ReconciliationDone    ReconciliationState = "done"
	ReconciliationFailed  ReconciliationState = "failed"
)

// DifferenceKind is what does not match.
type DifferenceKind string

// Kinds of differences.
const (
	DiffUnknownHere        DifferenceKind = "unknown_here"         // paid there, unknown here
	DiffUnknownThere       DifferenceKind = "unknown_there"        // paid here, unknown there
	DiffAmount             DifferenceKind = "amount"               // amount or currency differs
	DiffState              DifferenceKind = "state"                // paid there, not here
	DiffTwice              DifferenceKind = "twice"                // captured twice for the same thing
	DiffRefundUnknownHere  DifferenceKind = "refund_unknown_here"  // more went back there than we know of
	DiffRefundUnknownThere DifferenceKind = "refund_unknown_there" // more went back here than there
	DiffRefundAmount       DifferenceKind = "refund_amount"
	DiffRefundState        DifferenceKind = "refund_state"
	DiffServesNothing      DifferenceKind = "serves_nothing" // money that is kept for no visit and no order
	DiffUnpaid             DifferenceKind = "unpaid"         // a visit or an order that stands as paid and has no payment
	DiffEventLost          DifferenceKind = "event_lost"     // an event that never came, fetched
)

// DifferenceKinds lists the kinds in the order pages show them.
func DifferenceKinds() []DifferenceKind {
	return []DifferenceKind{
		DiffUnknownHere, DiffUnknownThere, DiffServesNothing, DiffUnpaid, DiffTwice, DiffAmount, DiffState,
		DiffRefundUnknownHere, DiffRefundUnknownThere, DiffRefundAmount, DiffRefundState, DiffEventLost,
	}
}

// DifferenceState is what has become of a difference.
type DifferenceState string

// States of a difference.
const (
	DifferenceOpen      DifferenceState = "open"
	DifferenceExplained DifferenceState = "explained" // by a person
	DifferenceGone      DifferenceState = "gone"      // both sides agree by now
	DifferenceMended    DifferenceState = "mended"    // by the ordinary road
)

// DifferenceStates lists the states in the order pages show them.
func DifferenceStates() []DifferenceState {
	return []DifferenceState{DifferenceOpen, DifferenceExplained, DifferenceGone, DifferenceMended}
}

// TableName is where differences stand.
func (Difference) TableName() string { return "reconciliation_differences" }

// Difference is one thing that does not match. What one side knows nothing of has no amount there.
type Difference struct {
	ID            ID `gorm:"primaryKey"`
	Key           string
	Kind          DifferenceKind
	State         DifferenceState
	PaymentID     *ID
	RefundID      *ID
	AppointmentID *ID
	OrderID       *ID
	Ref           string // the provider's: of a charge, a refund, an event
	Intent        string // the provider's payment
	HereMinor     *int64
	HereCurrency  string
	HereState     string
	ThereMinor    *int64
	ThereCurrency string
	ThereState    string
	Since         time.Time
	FoundAt       time.Time
	SeenAt        time.Time
	RunID         *ID // that found it; nil: the look of every few minutes
	SettledAt     *time.Time
	SettledBy     string
	Note          string
	Version       int64
}
