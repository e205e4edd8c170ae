package calendar

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"golang.org/x/oauth2"
)

// Codes that are ours, where the provider gave none.
const (
	CodeNoAnswer      = "no_answer"         // it may have been done: doing it again changes nothing
	CodeGarbage       = "unreadable_answer" // an answer that is not what was asked for, in whole or in part
	CodeBreakerOpen   = "breaker_open"      // we do not ask for the moment
	CodeBusy          = "busy"              // as many calls as may be are under way already
	CodeInTransaction = "in_transaction"    // a slow provider must never hold locks
	CodeNoKey         = "key_refused"       // the service account is not believed
	CodeUnchanged     = "unchanged"         // nothing has changed since the tag that was sent
	CodeTooMany       = "too_many_pages"    // more entries than anybody has
)

// Error is a call that failed. It holds codes only: a provider's words quote names and addresses.
type Error struct {
	Call      string // "read", "create", "patch", "delete", "check"
	Code      string // the provider's code or one of ours
	Status    int    // HTTP status; 0 without an answer
	Temporary bool   // the same call may succeed later
	cause     error
}

// Error is for logs.
func (e *Error) Error() string {
	return fmt.Sprintf("calendar %s: %s (status %d)", e.Call, e.Code, e.Status)
}

// Temporary tells whether the same call may succeed later.
func Temporary(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Temporary
}

// Refused tells whether a calendar answered that we may not do this there, now or later.
func Refused(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Status == http.StatusForbidden && !e.Temporary && e.Code != CodeNoKey
}

// Code is the code of a failed call; empty when err is not one.
func Code(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

func status(err error) int {
	var e *Error
	if errors.As(err, &e) {
		return e.Status
	}
	return 0
}

// noToken says why there is no token: the key is refused, or nobody answers.
func noToken(call string, err error) *Error {
	var refused *oauth2.RetrieveError
	if errors.As(err, &refused) && refused.Response != nil && refused.Response.StatusCode/100 == 4 && refused.Response.StatusCode != http.StatusTooManyRequests {
		return &Error{Call: call, Code: CodeNoKey, Status: refused.Response.StatusCode}
	}
	return &Error{Call: call, Code: CodeNoAnswer, Temporary: true}
}

// refusal reads an error answer. What is overloaded or broken may pass, and so does what is asked too often,
// which this provider says with 403 as well.
func refusal(call string, status int, body []byte) *Error {
	var wire struct {
		Error struct {
			Errors []struct {
				Reason string `json:"reason"`
			} `json:"errors"`
		} `json:"error"`
	}
	_ = json.Unmarshal(body, &wire) // a body that is no JSON leaves the status to decide
	reason := ""
	if len(wire.Error.Errors) > 0 {
		reason = plain(wire.Error.Errors[0].Reason)
	}
	busy := status == http.StatusForbidden && (strings.Contains(reason, "imitExceeded") || reason == "quotaExceeded")
	return &Error{
		Call: call, Code: cmp.Or(reason, http.StatusText(status)), Status: status,
		Temporary: busy || status >= 500 || status == http.StatusTooManyRequests || status == http.StatusRequestTimeout || status == http.StatusUnauthorized,
	}
}

// plain is a code as long as it is one: nothing that could be a name or an address.
func plain(code string) string {
	if len(code) > 40 || strings.ContainsFunc(code, func(r rune) bool { return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') }) {
		return ""
	}
	return code
}
