// Package fault names the failures a caller may see. A Fault carries a kind, which decides the
// status, and a translation key, which decides the words; it is safe to show. Every other error is
// internal: logged once at the edge and never shown.
package fault

import (
	"errors"
	"fmt"
	"time"
)

// Kind is the class of a failure.
type Kind string

// Kinds of failure.
const (
	KindInvalid      Kind = "invalid"
	KindUnauthorized Kind = "unauthorized"
	KindForbidden    Kind = "forbidden"
	KindNotFound     Kind = "not_found"
	KindMethod       Kind = "method_not_allowed"
	KindConflict     Kind = "conflict"
	KindGone         Kind = "gone"
	KindIneligible   Kind = "ineligible"
	KindTooLarge     Kind = "too_large"
	KindHeaders      Kind = "headers_too_large"
	KindUnsupported  Kind = "unsupported_type"
	KindTooMany      Kind = "rate_limited"
	KindUnavailable  Kind = "unavailable"
)

// Fault is a failure the caller may be told about.
type Fault struct {
	Kind   Kind
	Key    string            // translation key of the message, "area.thing"
	Facts  map[string]any    // what the message needs
	Fields map[string]string // field → translation key, for Invalid
	Cause  error             // logged, never shown
	// RetryAfter is in seconds, for TooMany and Unavailable; 0 says nothing.
	RetryAfter int
}

// Error is for logs.
func (f *Fault) Error() string {
	if f.Cause != nil {
		return fmt.Sprintf("%s (%s): %v", f.Key, f.Kind, f.Cause)
	}
	return fmt.Sprintf("%s (%s)", f.Key, f.Kind)
}

// Unwrap gives the cause.
func (f *Fault) Unwrap() error { return f.Cause }

// Status is the HTTP status of the kind.
func (f *Fault) Status() int {
	switch f.Kind {
	case KindInvalid:
		return 400
	case KindUnauthorized:
		return 401
	case KindForbidden:
		return 403
	case KindNotFound:
		return 404
	case KindMethod:
		return 405
	case KindConflict:
		return 409
	case KindGone:
		return 410
	case KindTooLarge:
		return 413
	case KindUnsupported:
		return 415
	case KindIneligible:
		return 422
	case KindTooMany:
		return 429
	case KindHeaders:
		return 431
	case KindUnavailable:
		return 503
	default:
		return 500
	}
}

// Invalid says which fields are wrong and why (field → translation key).
func Invalid(key string, fields map[string]string) *Fault {
	return &Fault{Kind: KindInvalid, Key: key, Fields: fields}
}

// Unauthorized says that the caller did not prove who they are.
func Unauthorized(key string) *Fault { return &Fault{Kind: KindUnauthorized, Key: key} }

// Forbidden says that the caller may not do this.
func Forbidden(key string) *Fault { return &Fault{Kind: KindForbidden, Key: key} }

// NotFound says that the thing does not exist, or not for this caller.
func NotFound(key string) *Fault { return &Fault{Kind: KindNotFound, Key: key} }

// Conflict says that the state of things does not allow it.
func Conflict(key string) *Fault { return &Fault{Kind: KindConflict, Key: key} }

// Gone says that the thing was there, and is not any more.
func Gone(key string) *Fault { return &Fault{Kind: KindGone, Key: key} }

// Ineligible says that the thing is not one this may be done with, now or for good.
func Ineligible(key string) *Fault { return &Fault{Kind: KindIneligible, Key: key} }

// TooMany says that the caller must wait so long, told in whole seconds.
func TooMany(key string, wait time.Duration) *Fault {
	return &Fault{Kind: KindTooMany, Key: key, RetryAfter: int((wait + time.Second - 1) / time.Second)}
}

// Unavailable says that something we depend on is not there; cause is for the log.
func Unavailable(key string, cause error) *Fault {
	return &Fault{Kind: KindUnavailable, Key: key, Cause: cause}
}

// Is tells whether err is a fault with this key.
func Is(err error, key string) bool {
	var f *Fault
	return errors.As(err, &f) && f.Key == key
}
