package feed

import (
	"errors"
	"fmt"
)

// Codes of a reading that failed.
const (
	CodeNoAnswer      = "no_answer"
	CodeNoFeed        = "no_feed"           // an answer, and not the feed
	CodeGarbage       = "unreadable_answer" // an answer that is not what was asked for
	CodeTooMany       = "too_much"          // more than any shop has
	CodeRefused       = "token_refused"
	CodeBreakerOpen   = "breaker_open"   // we do not ask for the moment
	CodeInTransaction = "in_transaction" // a slow feed must never hold locks
)

// Error is a reading that failed. It holds codes only: an address may hold what opens it.
type Error struct {
	Code      string
	Status    int  // HTTP status; 0 without an answer
	Temporary bool // the same reading may succeed later
	cause     error
}

// Error is for logs.
func (e *Error) Error() string { return fmt.Sprintf("feed: %s (status %d)", e.Code, e.Status) }

// Temporary tells whether the same reading may succeed later.
func Temporary(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Temporary
}

// Code is the code of a failed reading; empty when err is not one.
func Code(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}
