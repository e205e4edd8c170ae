package models

import "time"

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

// Payment is one request for a deposit and what the provider said about it.
type Payment struct {
	ID            ID `gorm:"primaryKey"`
	AppointmentID ID
	AmountMinor   int64
	Currency      string
	State         PaymentState
	SessionID     *string // Stripe checkout session, unique
	PaymentIntent *string
	URL           string
	ReceivedMinor int64  // what the provider says was paid
	ReceivedIn    string // its currency
	ErrorCode     string
	CreatedAt     time.Time
	UpdatedAt     time.Time
	PaidAt        *time.Time
}

// RefundState is where a refund stands.
type RefundState string

// States of a refund.
const (
	RefundPending   RefundState = "pending"
	RefundSucceeded RefundState = "succeeded"
	RefundFailed    RefundState = "failed"
)

// Refund is money on its way back. Its id is the idempotency key of the provider call.
type Refund struct {
	ID          ID `gorm:"primaryKey"`
	PaymentID   ID
	AmountMinor int64
	Currency    string
	State       RefundState
	Reason      string // "late_payment", "amount_mismatch", "duplicate_payment" …
	ProviderID  *string
	ErrorCode   string
	CreatedAt   time.Time
	UpdatedAt   time.Time
}
