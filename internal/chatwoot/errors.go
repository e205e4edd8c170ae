package chatwoot

import (
	"fmt"
	"net/http"
	"time"
)

// Kind says what a failed call leaves to do.
type Kind string

// Kinds of failure. Rejected: it will never be taken as it is. Retry: it certainly was not done, and may
// be later. Uncertain: it may have been done.
const (
	Rejected  Kind = "rejected"
	Retry     Kind = "retry"
	Uncertain Kind = "uncertain"
)

// Error is a call that did not succeed. Its text holds no token, no address and no message.
type Error struct {
	Kind        Kind
	Status      int           // HTTP status; 0 when there was no answer
	Details     string        // a few words of ours
	After       time.Duration // for Retry: how long to wait at least; 0 leaves it to the caller
	BreakerOpen bool          // the call was not even tried

	cause  error
	outage bool // the service failed, as opposed to refusing
}

// Error is for logs.
func (e *Error) Error() string {
	return fmt.Sprintf("chatwoot: %s (status %d): %s", e.Kind, e.Status, e.Details)
}

// Refused tells that Chatwoot does not let this token do it, or does not know how.
func (e *Error) Refused() bool {
	return e.Kind == Rejected || e.Status == http.StatusUnauthorized || e.Status == http.StatusForbidden
}

// Unwrap gives what the network said.
func (e *Error) Unwrap() error { return e.cause }

// Pauses of what may be tried again.
const (
	repair = time.Minute     // the token or the address is what Chatwoot refuses, not the message
	busy   = 5 * time.Second // it asked for less
	crowd  = time.Second / 4 // enough calls are under way
)

// refusal is what an answer that is no success means.
func refusal(status int) *Error {
	e := &Error{Kind: Rejected, Status: status, Details: fmt.Sprintf("status %d", status)}
	switch {
	case status >= 500:
		e.Kind, e.outage = Uncertain, true
	case status == http.StatusTooManyRequests:
		e.Kind, e.After = Retry, busy
	case status == http.StatusRequestTimeout:
		e.Kind = Uncertain
	case status == http.StatusUnauthorized || status == http.StatusForbidden || status/100 == 3:
		e.Kind, e.After = Retry, repair
	}
	return e
}
