package models

import (
	"strconv"
	"time"
)

// PaymentState is where a payment request stands.
type PaymentState string

// States of a payment. Voided: its link was closed by us. A voided or expired payment may still be
// paid late; that ends in a visit or a refund.
const (
	PaymentRequested     PaymentState = "requested" // no provider session yet
	PaymentOpen          PaymentState = "open"      // link can be paid
	PaymentPaid          PaymentState = "paid"
	PaymentFailed        PaymentState = "failed"
	PaymentExpired       PaymentState = "expired"
	PaymentVoided        PaymentState = "voided"
	PaymentRefundPending PaymentState = "refund_pending"
	PaymentRefunded      PaymentState = "refunded"
)

// Payment is one request for a deposit or for what an order costs, and what the provider said about it.
type Payment struct {
	ID            ID  `gorm:"primaryKey"`
	AppointmentID ID  // zero of an order's, and not to be written then
	OrderID       *ID // nil of a visit's
	GroupID       *ID // the deposits of a group's visits, AppointmentID being one of them; nil: one visit's
	AmountMinor   int64
	Currency      string
	State         PaymentState
	SessionID     *string // Stripe checkout session, unique
	PaymentIntent *string
	URL           string
	ReceivedMinor int64  // what the provider says was paid
	ReceivedIn    string // its currency
	ErrorCode     string
	// Language and ExpiresAt are asked of the provider as they stood when the payment was requested,
	// so that asking again asks for the same thing.
	Language  Language
	ExpiresAt time.Time
	// KeyVersion is part of the idempotency key: it moves on when the provider keeps repeating a
	// stored failure for the old key (C3).
	KeyVersion int
	CreatedAt  time.Time
	UpdatedAt  time.Time
	FailedAt   *time.Time // a failure was reported, by the provider or the customer: counted once
	ClosedAt   *time.Time // the provider's session can no longer be paid
	PaidAt     *time.Time // money was received, whatever became of it
}

// Payable tells whether the customer has, or is about to have, a link that we want to be paid.
func (p Payment) Payable() bool { return p.State == PaymentRequested || p.State == PaymentOpen }

// Reached tells whether something leads to the payment at its provider, so that money can go back the same way.
func (p Payment) Reached() bool { return p.SessionID != nil || p.PaymentIntent != nil }

// IdempotencyKey names the provider call that opens the session.
func (p Payment) IdempotencyKey() string { return versionedKey(p.ID, p.KeyVersion) }

func versionedKey(id ID, version int) string {
	if version == 0 {
		return id.String()
	}
	return id.String() + "." + strconv.Itoa(version)
}
