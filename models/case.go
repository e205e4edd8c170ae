package models

import (
	"encoding/json"
	"time"
)

// HandoffReason is why a person must take over: a closed list (scenarios section 1).
type HandoffReason string

// The closed list of reasons.
const (
	ReasonMedical          HandoffReason = "medical"
	ReasonPaymentFailure   HandoffReason = "payment_failure"
	ReasonLateCancellation HandoffReason = "late_cancellation"
	ReasonDelay            HandoffReason = "delay"
	ReasonAmbiguity        HandoffReason = "ambiguity"
	ReasonNameUnclear      HandoffReason = "name_unclear"
	ReasonManualRequest    HandoffReason = "manual_request"
	ReasonRefundFailure    HandoffReason = "refund_failure"
	ReasonComplaint        HandoffReason = "complaint"
	ReasonSystemError      HandoffReason = "system_error"
)

// Urgent tells whether a reason cannot wait: health, and what is about a visit of the next hours.
func (r HandoffReason) Urgent() bool {
	switch r {
	case ReasonMedical, ReasonLateCancellation, ReasonDelay, ReasonPaymentFailure:
		return true
	default:
		return false
	}
}

// CaseStatus is where a case stands.
type CaseStatus string

// States of a case.
const (
	CaseOpen     CaseStatus = "open"
	CaseResolved CaseStatus = "resolved"
)

// CaseLabel says at the end whether a case needed a person, and if not, why it came to one: a closed
// list.
type CaseLabel string

// Labels of a resolved case.
const (
	LabelNeeded     CaseLabel = "needed"     // it did
	LabelAnswerable CaseLabel = "answerable" // the assistant could have answered
	LabelMisread    CaseLabel = "misread"    // the assistant took the message wrongly
	LabelSettled    CaseLabel = "settled"    // it settled itself before anybody came
	LabelNoise      CaseLabel = "noise"      // no real matter: a test, a wrong number
)

// CaseLabels returns the labels in the order pages show them.
func CaseLabels() []CaseLabel {
	return []CaseLabel{LabelNeeded, LabelAnswerable, LabelMisread, LabelSettled, LabelNoise}
}

// Justified tells whether the hand-off was right; it feeds the precision of hand-offs.
func (l CaseLabel) Justified() bool { return l == LabelNeeded }

// Case is a hand-off waiting for a person.
type Case struct {
	ID             ID `gorm:"primaryKey"`
	ConversationID ID
	CustomerID     *ID
	AppointmentID  *ID
	Reason         HandoffReason
	Status         CaseStatus
	Language       Language
	Summary        string          // at most five lines
	TriggerText    string          // what the customer wrote last
	Suggestion     string          // i18n key of the suggested action
	LastMessages   json.RawMessage `gorm:"type:jsonb"` // up to ten, oldest first
	Silent         bool            // the assistant goes on meanwhile: it starts no human mode
	OpenedAt       time.Time
	AnsweredAt     *time.Time // when a person first wrote to the customer
	ResolvedAt     *time.Time
	ResolvedBy     string    // "staff:<id>"
	Label          CaseLabel // empty while open
}

// Notice is something one of the salon's people must be told, with its delivery record.
type Notice struct {
	ID            ID  `gorm:"primaryKey"`
	StylistID     *ID // nil: everyone on duty
	AppointmentID *ID
	CaseID        *ID
	Event         string // "visit.confirmed", "visit.urgent", "case.opened" …
	ChangeID      *ID    // the event row of a change that can happen to a visit more than once
	Urgent        bool
	Channel       Channel
	MessageID     *ID    // the WhatsApp message that carries it; for "message.failed" the one that failed
	DedupeKey     string // unique
	DueAt         time.Time
	CreatedAt     time.Time
	SeenAt        *time.Time
	ReachedAt     *time.Time // when the first channel took it; nil: nobody's device has it
	GivenUpAt     *time.Time // when no channel would take it: only the console tells
}
