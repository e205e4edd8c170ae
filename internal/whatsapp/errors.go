package whatsapp

import (
	"fmt"
	"time"
)

// Kind says what a failed send leaves to do.
type Kind string

// Kinds of failure. Rejected: it will never be taken as it is. Retry: it certainly was not sent, and
// may be later. Uncertain: it may have been sent; only a status that echoes our id, or time, tells.
const (
	Rejected  Kind = "rejected"
	Retry     Kind = "retry"
	Uncertain Kind = "uncertain"
)

// CodeWindowClosed is Meta's code for free text after the 24-hour window (W7).
const CodeWindowClosed = 131047

// Error is a send that did not succeed. Its text holds no token, no address and no message.
type Error struct {
	Kind        Kind
	Code        int           // Meta's code; 0 when there was none
	Details     string        // Meta's details or our own few words, for staff
	Status      int           // HTTP status; 0 when there was no answer
	After       time.Duration // for Retry: how long to wait at least; 0 leaves it to the caller
	BreakerOpen bool          // the call was not even tried

	cause  error
	outage bool // the service failed, as opposed to refusing
	theirs bool // Details are Meta's: they may name anything
}

// Error is for logs, and stays with a job that fails of it. What Meta said stands in Details alone.
func (e *Error) Error() string {
	if e.theirs {
		return fmt.Sprintf("whatsapp: %s (status %d, code %d)", e.Kind, e.Status, e.Code)
	}
	return fmt.Sprintf("whatsapp: %s (status %d, code %d): %s", e.Kind, e.Status, e.Code, e.Details)
}

// Unwrap gives what the network said.
func (e *Error) Unwrap() error { return e.cause }

// repair is the pause when the salon's token, permission, account, billing, registration or address of
// the API is what WhatsApp refuses, not the message: once repaired, everything that waited goes out.
const repair = time.Minute

// verdict is what a refusal means, by Meta's code where it is known and by the status otherwise. Codes
// decide, not titles (W10).
func verdict(status, code int) (Kind, time.Duration) {
	if status >= 500 {
		return Uncertain, 0
	}
	switch code {
	case 131056: // too many messages to this one person; about one in six seconds is allowed (W8)
		return Retry, 6 * time.Second
	case 4, 80007, 130429: // throughput of the app, the account, the number
		return Retry, 5 * time.Second
	case 131048: // restricted as spam for a while
		return Retry, 10 * time.Minute
	case 3, 10, 102, 190, 368, 131005, 131031, 131042, 133010:
		return Retry, repair
	}
	switch {
	case code >= 200 && code < 300: // permissions
		return Retry, repair
	case code != 0: // window closed, undeliverable, template missing or paused, bad parameter …
		return Rejected, 0
	case status == 408:
		return Uncertain, 0
	case status == 429:
		return Retry, 5 * time.Second
	case status == 401 || status == 403 || status == 404 || status/100 == 3:
		return Retry, repair
	default:
		return Rejected, 0
	}
}
