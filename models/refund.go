package models

import (
	"slices"
	"time"
)

// RefundState is where a refund stands.
type RefundState string

// States of a refund.
const (
	RefundAsked     RefundState = "asked" // waits for a second person
	RefundPending   RefundState = "pending"
	RefundSucceeded RefundState = "succeeded"
	RefundFailed    RefundState = "failed"   // still owed
	RefundRetried   RefundState = "retried"  // failed; another one took its place
	RefundRejected  RefundState = "rejected" // by the second person
	RefundCanceled  RefundState = "canceled" // taken back before it moved
	RefundExpired   RefundState = "expired"  // nobody decided in time
)

// RefundStates lists the states in the order pages show them.
func RefundStates() []RefundState {
	return []RefundState{RefundAsked, RefundPending, RefundSucceeded, RefundFailed, RefundRetried, RefundRejected, RefundCanceled, RefundExpired}
}

// Moves tells whether money goes back, or has gone.
func (s RefundState) Moves() bool { return s == RefundPending || s == RefundSucceeded }

// Holds tells whether the amount can be given back by no other refund: it moves, or somebody may yet agree to it.
func (s RefundState) Holds() bool { return s == RefundAsked || s.Moves() }

// RefundReason is why the salon's people give money back: a closed list. What goes back by the terms has words of its own.
type RefundReason string

// Reasons that staff give.
const (
	ReasonGoodwill     RefundReason = "goodwill"
	ReasonService      RefundReason = "service"       // the visit was not as it should be
	ReasonNotDelivered RefundReason = "not_delivered" // goods did not come
	ReasonDamaged      RefundReason = "damaged"       // goods came broken, or others than were ordered
	ReasonPrice        RefundReason = "price"         // too much was charged
	ReasonTwice        RefundReason = "duplicate"     // charged twice
	ReasonFraud        RefundReason = "fraud"         // somebody else's card
	ReasonOther        RefundReason = "other"         // as the note says
)

// RefundReasons lists the reasons that staff may give, in the order pages show them.
func RefundReasons() []RefundReason {
	return []RefundReason{
		ReasonGoodwill, ReasonService, ReasonNotDelivered, ReasonDamaged, ReasonPrice, ReasonTwice, ReasonFraud, ReasonOther,
	}
}

// Refund is money on its way back. Its id is the idempotency key of the provider call.
type Refund struct {
	ID        ID  `gorm:"primaryKey"`
	PaymentID ID  // zero of an order that was paid in cash, and not to be written then
	OrderID   *ID // such an order; nil where a payment brought the money in
	// AppointmentID is whose share of a group's payment goes back; nil: all that the payment brought in, or
	// the deposit of its one visit.
	AppointmentID *ID
	AmountMinor   int64
	Currency      string
	State         RefundState
	Reason        string // a RefundReason, or a word of the terms: "late_payment", "amount_mismatch", "return" …
	Method        RefundMethod
	Proof         string // of money given by hand
	Note          string // for colleagues
	AskedBy       string // "staff:<id>", "machine", "system", "stripe"
	SecondPerson  bool   // above the limit of whoever asked
	DecidedBy     string // the second person
	DecidedAt     *time.Time
	ExpiresAt     *time.Time // until when a second person may agree
	RequestKey    string     // of the form it was asked with
	RetryOf       *ID
	ProviderID    *string
	ErrorCode     string
	KeyVersion    int // as Payment.KeyVersion
	Version       int64
	CreatedAt     time.Time
	UpdatedAt     time.Time
}

// IdempotencyKey names the provider call that pays the refund out.
func (r Refund) IdempotencyKey() string { return versionedKey(r.ID, r.KeyVersion) }

// ByHand tells whether people give the money, not the provider.
func (r Refund) ByHand() bool { return r.Method != RefundByCard }

// Promised tells whether people are to give the money and have not yet.
func (r Refund) Promised() bool { return r.ByHand() && r.State == RefundPending }

// Owed tells whether the money goes back whatever becomes of this refund: by the terms, or because it was agreed to before
// another try took its place.
func (r Refund) Owed() bool {
	return r.RetryOf != nil || !slices.Contains(RefundReasons(), RefundReason(r.Reason))
}

// RefundItem is a line of an order that a refund is for.
type RefundItem struct {
	ID          ID `gorm:"primaryKey"`
	RefundID    ID
	OrderItemID ID
	Qty         int
	AmountMinor int64 // what of the refund is for it
}

// RefundEvent is a step of a refund.
type RefundEvent struct {
	ID       ID `gorm:"primaryKey"`
	RefundID ID
	At       time.Time
	From     RefundState `gorm:"column:from_state"`
	To       RefundState `gorm:"column:to_state"`
	Actor    string
	Note     string // in the words of staff
	Code     string // the provider's, of a failure
}
