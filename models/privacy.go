package models

import (
	"encoding/json"
	"time"
)

// PrivacyRequestKind is what was asked for.
type PrivacyRequestKind string

// Kinds of requests.
const (
	RequestExport  PrivacyRequestKind = "export"  // everything about somebody, at once
	RequestLink    PrivacyRequestKind = "link"    // the same behind a link that ends
	RequestErasure PrivacyRequestKind = "erasure" // that nothing tells who they were any more
)

// PrivacyRequestState is what became of it.
type PrivacyRequestState string

// States of requests.
const (
	RequestAccepted       PrivacyRequestState = "accepted"
	RequestProcessing     PrivacyRequestState = "processing"
	RequestSucceeded      PrivacyRequestState = "succeeded"
	RequestFailed         PrivacyRequestState = "failed"
	RequestNotImplemented PrivacyRequestState = "not_implemented" // erasing is switched off
)

// PrivacyRequest is what somebody asked for of a person's data.
type PrivacyRequest struct {
	ID         ID `gorm:"primaryKey"`
	Kind       PrivacyRequestKind
	State      PrivacyRequestState
	CustomerID *ID             // nil: whoever it is about never became a customer
	Subject    json.RawMessage // ids
	Words      json.RawMessage // what is searched for until nothing of it is left; then empty
	Confirmed  bool
	Reason     string // in the words of whoever asked for it; never the person's name or phone
	Actor      string
	AuditID    int64
	Step       int    // how much of an erasure is done
	Round      int    // how often an erasure began anew
	Failure    string // where something was left, or a code
	CreatedAt  time.Time
	UpdatedAt  time.Time `gorm:"autoUpdateTime:false"` // by machine time
	FinishedAt *time.Time
	Chatwoot   string     // what became of the contact there: "", waiting, deleted, refused
	SettledAt  *time.Time // since when no reference is kept for money any more
}
