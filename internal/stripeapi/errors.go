package stripeapi

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/stripe/stripe-go/v76"
)

// Codes that are ours, where Stripe gave none.
const (
	CodeBreakerOpen = "breaker_open"      // we do not ask for the moment
	CodeNoAnswer    = "no_answer"         // time-out, broken connection, or not Stripe's answer: the call may have taken effect
	CodeGarbage     = "unreadable_answer" // an answer without what was asked for
	CodeIdempotency = "idempotency_error" // same key, other parameters (C3)
	CodeRefunded    = "charge_already_refunded"
)

// Error is a call that failed. It holds codes only: Stripe's words may quote a customer.
type Error struct {
	Call      string // "create session", …
	Code      string // Stripe's code or one of ours
	Status    int    // HTTP status; 0 without an answer
	RequestID string
	// Temporary failures may succeed later unchanged; the others will not.
	Temporary bool
	// Replayed tells that Stripe repeated a stored failure of the same idempotency key (C3): only a
	// new key makes it try again.
	Replayed bool
	cause    error
}

// Error is for logs.
func (e *Error) Error() string {
	s := fmt.Sprintf("stripe %s: %s", e.Call, e.Code)
	if e.Status != 0 {
		s += fmt.Sprintf(" (status %d, request %s)", e.Status, e.RequestID)
	}
	return s
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.cause }

// Temporary tells whether the same call may succeed later.
func Temporary(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Temporary
}

// Code is the code of a failed call; empty when err is not one.
func Code(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// NeedsNewKey tells that the call's idempotency key is spent: Stripe repeats a stored failure for it,
// or remembers other parameters.
func NeedsNewKey(err error) bool {
	var e *Error
	return errors.As(err, &e) && (e.Replayed || e.Code == CodeIdempotency)
}

var errGarbage = errors.New("answer without an id")

func asError(what string, err error) error {
	var se *stripe.Error
	if !errors.As(err, &se) {
		e := &Error{Call: what, Code: CodeNoAnswer, Temporary: true, cause: err}
		if errors.Is(err, errGarbage) {
			e.Code = CodeGarbage
		}
		return e
	}
	e := &Error{Call: what, Code: string(se.Code), Status: se.HTTPStatusCode, RequestID: se.RequestID}
	if e.Code == "" {
		e.Code = string(se.Type)
	}
	e.Temporary = se.HTTPStatusCode >= 500 || se.HTTPStatusCode == http.StatusTooManyRequests ||
		se.HTTPStatusCode == http.StatusConflict
	e.Replayed = e.Temporary && se.LastResponse != nil && se.LastResponse.Header.Get("Idempotent-Replayed") == "true"
	return e
}
