package mail

import (
	"errors"
	"fmt"
	"net/textproto"
)

// Codes that are ours, where the server gave none. The server's own are "smtp_550" and the like.
const (
	CodeNotAddressed  = "bad_address"    // the recipient is not one address
	CodeNoConnection  = "no_connection"  // nothing was handed over
	CodeNoAnswer      = "no_answer"      // it may have been taken: the same Message-ID tells the copies apart
	CodeNoTLS         = "no_tls"         // the server offers no encryption, or its certificate is not to be trusted
	CodeLogin         = "login_refused"  // user or password
	CodeBreakerOpen   = "breaker_open"   // we do not ask for the moment
	CodeBusy          = "busy"           // as many conversations as may be are under way already
	CodeInTransaction = "in_transaction" // a slow server must never hold locks
)

const (
	stepRecipient = "recipient"
	closing       = 421 // the server takes nothing from anybody for now (RFC 5321, 4.2.2)
)

// Error is a call that failed. It holds codes only: a server's words quote addresses.
type Error struct {
	Step      string // "connect", "tls", "login", "recipient", "message" …
	Code      string
	Temporary bool // the same message may be taken later
	cause     error
}

// Error is for logs.
func (e *Error) Error() string { return fmt.Sprintf("mail %s: %s", e.Step, e.Code) }

// Temporary tells whether the same call may succeed later.
func Temporary(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Temporary
}

// outage tells whether a failure says that the server is not well. What it answers to a recipient speaks of
// that recipient alone: the first mail to a new address is often put off (greylisting).
func outage(err error) bool {
	var e *Error
	if !errors.As(err, &e) || !e.Temporary {
		return false
	}
	said := (*textproto.Error)(nil)
	return e.Step != stepRecipient || !errors.As(e.cause, &said) || said.Code == closing
}

// Code is the code of a failed call; empty when err is not one.
func Code(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// failed says what a step's failure means. A server's 4xx may pass, its 5xx will not (RFC 5321, 4.2.1);
// without an answer nobody knows.
func failed(step, code string, err error) *Error {
	var said *textproto.Error
	if errors.As(err, &said) && said.Code/100 >= 4 {
		return &Error{Step: step, Code: fmt.Sprintf("smtp_%d", said.Code), Temporary: said.Code/100 == 4, cause: err}
	}
	return &Error{Step: step, Code: code, Temporary: true, cause: err}
}
