package sms

import (
	"errors"
	"fmt"
	"net/http"
)

// Codes that are ours, where the gateway gave none.
const (
	CodeUnfit         = "unfit"             // longer than MaxParts
	CodeNoAnswer      = "no_answer"         // it may have been taken: the same key makes the gateway take it once
	CodeGarbage       = "unreadable_answer" // an answer without what was asked for; likewise
	CodeBreakerOpen   = "breaker_open"      // we do not ask for the moment
	CodeBusy          = "busy"              // as many calls as may be are under way already
	CodeInTransaction = "in_transaction"    // a slow gateway must never hold locks
)

// Error is a call that failed. It holds codes only: a gateway's words quote numbers.
type Error struct {
	Call      string // "send", "status", "balance"
	Code      string // the gateway's code or one of ours
	Status    int    // HTTP status; 0 without an answer
	Temporary bool   // the same call may succeed later
	cause     error
}

// Error is for logs.
func (e *Error) Error() string {
	return fmt.Sprintf("sms %s: %s (status %d)", e.Call, e.Code, e.Status)
}

// Temporary tells whether the same call may succeed later.
func Temporary(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Temporary
}

// Uncertain tells whether a failed call may have been done all the same.
func Uncertain(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Temporary && e.Status != http.StatusTooManyRequests && e.Code != CodeBreakerOpen && e.Code != CodeBusy
}

// Code is the code of a failed call; empty when err is not one.
func Code(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}
