package stripeapi

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/stripe/stripe-go/v76/webhook"

	"frontdesk/models"
)

// Event types the product acts on.
const (
	SessionCompletedEvent    = "checkout.session.completed"
	AsyncSucceededEvent      = "checkout.session.async_payment_succeeded"
	AsyncFailedEvent         = "checkout.session.async_payment_failed"
	SessionExpiredEvent      = "checkout.session.expired"
	PaymentFailedEvent       = "payment_intent.payment_failed"
	ChargeRefundedEvent      = "charge.refunded"
	RefundCreatedEvent       = "refund.created"
	RefundUpdatedEvent       = "refund.updated"
	RefundFailedEvent        = "refund.failed"
	ChargeRefundUpdatedEvent = "charge.refund.updated" // the older name of refund.updated
	paymentStatusPaid        = "paid"
	maxTextField             = 255 // longer ids and codes are not Stripe's
)

// ErrSignature says that an event is not proven to be Stripe's: no signature, a wrong one, or one
// that is too old.
var ErrSignature = errors.New("stripe event: signature refused")

// ErrMalformed says that an event is not readable as one.
var ErrMalformed = errors.New("stripe event: malformed")

// Event is what Stripe told us, read without trust in its shape: absent or odd fields are zero.
type Event struct {
	ID            string
	Type          string
	SessionID     string
	PaymentIntent string
	// Paid tells that the session's money has been received; a completed session may still wait for it.
	Paid bool
	// Amount is the session's or refund's amount, for a charge what has been refunded of it so far.
	Amount       models.Money
	PaymentID    models.ID // our references; zero when the event carries none
	RefundID     models.ID
	RefundRef    string // Stripe's id of the refund
	RefundStatus RefundStatus
	Created      time.Time
	FailureCode  string // why a payment or refund failed, in Stripe's words for machines
	Raw          json.RawMessage
	Heard        time.Time // when we were told; whoever keeps events knows
}

// VerifyEvent checks the signature over the raw bytes and reads the event. Two secrets are valid
// while one replaces the other. tolerance is the greatest age of the signature in machine time (C2);
// 0 takes five minutes. Errors: ErrSignature, ErrMalformed.
func VerifyEvent(raw []byte, header string, secrets []string, tolerance time.Duration) (Event, error) {
	if tolerance <= 0 {
		tolerance = webhook.DefaultTolerance
	}
	for _, secret := range secrets {
		if secret != "" && webhook.ValidatePayloadWithTolerance(raw, header, secret, tolerance) == nil {
			return ParseEvent(raw)
		}
	}
	return Event{}, ErrSignature
}

// wire is the part of Stripe's JSON that we read, the same for every API version (C8).
type wire struct {
	ID      string `json:"id"`
	Type    string `json:"type"`
	Created int64  `json:"created"`
	Data    struct {
		Object json.RawMessage `json:"object"`
	} `json:"data"`
}

type object struct {
	ID                string            `json:"id"`
	Object            string            `json:"object"`
	PaymentIntent     expandable        `json:"payment_intent"`
	PaymentStatus     string            `json:"payment_status"`
	AmountTotal       int64             `json:"amount_total"`
	Amount            int64             `json:"amount"`
	AmountRefunded    int64             `json:"amount_refunded"`
	Currency          string            `json:"currency"`
	ClientReferenceID string            `json:"client_reference_id"`
	Metadata          map[string]string `json:"metadata"`
	Status            string            `json:"status"`
	FailureReason     string            `json:"failure_reason"`
	LastPaymentError  *struct {
		Code        string `json:"code"`
		DeclineCode string `json:"decline_code"`
	} `json:"last_payment_error"`
}

// expandable is an id, or an object with one.
type expandable string

// UnmarshalJSON reads both shapes.
func (e *expandable) UnmarshalJSON(b []byte) error {
	var id *string
	if err := json.Unmarshal(b, &id); err == nil {
		if id != nil {
			*e = expandable(*id)
		}
		return nil
	}
	var whole struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(b, &whole); err != nil {
		return err
	}
	*e = expandable(whole.ID)
	return nil
}

// ParseEvent reads an event that is trusted already, such as a stored one. Error: ErrMalformed.
func ParseEvent(raw []byte) (Event, error) {
	var w wire
	if err := json.Unmarshal(raw, &w); err != nil {
		return Event{}, fmt.Errorf("%w: not JSON", ErrMalformed)
	}
	if !word(w.ID) || !word(w.Type) {
		return Event{}, fmt.Errorf("%w: no id or type", ErrMalformed)
	}
	e := Event{ID: w.ID, Type: w.Type, Raw: raw}
	if w.Created > 0 {
		e.Created = time.Unix(w.Created, 0).UTC()
	}
	if !known(w.Type) {
		return e, nil
	}
	var o object
	if err := json.Unmarshal(w.Data.Object, &o); err != nil {
		return Event{}, fmt.Errorf("%w: unreadable object of %s", ErrMalformed, w.Type)
	}
	e.fill(o)
	return e, nil
}

// Bare is what an event says of nobody: its type, and of its object the id, kind, amounts, currency and status. What is no word of Stripe's
// is left out.
func Bare(raw []byte) json.RawMessage {
	type thing struct {
		ID             string `json:"id,omitempty"`
		Object         string `json:"object,omitempty"`
		Amount         int64  `json:"amount,omitempty"`
		AmountTotal    int64  `json:"amount_total,omitempty"`
		AmountRefunded int64  `json:"amount_refunded,omitempty"`
		Currency       string `json:"currency,omitempty"`
		Status         string `json:"status,omitempty"`
	}
	var e struct {
		Type string `json:"type,omitempty"`
		Data struct {
			Object thing `json:"object"`
		} `json:"data"`
	}
	_ = json.Unmarshal(raw, &e) // what has another shape stays empty
	o := &e.Data.Object
	for _, text := range []*string{&e.Type, &o.ID, &o.Object, &o.Currency, &o.Status} {
		if !word(*text) {
			*text = ""
		}
	}
	out, err := json.Marshal(e)
	if err != nil {
		return json.RawMessage("{}") // words and numbers are always written
	}
	return out
}

// word tells whether a text can be an id or type of Stripe's: visible ASCII of a sane length.
func word(s string) bool {
	return s != "" && len(s) <= maxTextField && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' })
}

func (e *Event) fill(o object) {
	e.PaymentIntent = string(o.PaymentIntent)
	e.PaymentID = reference(o.Metadata[metaPayment], o.ClientReferenceID)
	e.RefundID = reference(o.Metadata[metaRefund])
	minor := o.Amount
	switch e.Type {
	case SessionCompletedEvent, AsyncSucceededEvent, AsyncFailedEvent, SessionExpiredEvent:
		e.SessionID, minor = o.ID, o.AmountTotal
		e.Paid = o.PaymentStatus == paymentStatusPaid
	case PaymentFailedEvent:
		e.PaymentIntent = o.ID
		if o.LastPaymentError != nil {
			e.FailureCode = cmp.Or(o.LastPaymentError.DeclineCode, o.LastPaymentError.Code)
		}
	case ChargeRefundedEvent:
		minor = o.AmountRefunded
	default: // refunds
		e.RefundRef, e.RefundStatus, e.FailureCode = o.ID, RefundStatus(o.Status), o.FailureReason
	}
	e.Amount = models.Money{Minor: minor, Currency: strings.ToUpper(o.Currency)}
}

// Known tells whether the product acts on events of this type.
func (e Event) Known() bool { return known(e.Type) }

// known tells whether we read the event's object at all.
func known(kind string) bool { return slices.Contains(knownTypes(), kind) }

func knownTypes() []string {
	return []string{
		SessionCompletedEvent, AsyncSucceededEvent, AsyncFailedEvent, SessionExpiredEvent, PaymentFailedEvent,
		ChargeRefundedEvent, RefundCreatedEvent, RefundUpdatedEvent, RefundFailedEvent, ChargeRefundUpdatedEvent,
	}
}

// reference is the first of the texts that is one of our ids.
func reference(texts ...string) models.ID {
	for _, s := range texts {
		if id, err := uuid.Parse(s); err == nil {
			return id
		}
	}
	return models.ID{}
}
