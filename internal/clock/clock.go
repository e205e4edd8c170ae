// Package clock owns the product's two times. Business time decides rules (holds, days, windows,
// deadlines) and can be stopped and moved in demo and test. Machine time serves signatures, logins,
// tokens, time-outs, backoff and logs. No rule reads the operating system's clock itself.
package clock

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"
)

// Clock tells both times. The zero value is not usable: make one with System, Stoppable or Fixed.
type Clock struct{ business func() time.Time }

// Now is business time, in UTC.
func (c Clock) Now() time.Time { return c.business().UTC() }

// Machine is the operating system's time, in UTC.
func (c Clock) Machine() time.Time { return time.Now().UTC() }

// System is the clock of production: business time is machine time.
func System() Clock { return Clock{business: time.Now} }

// Stoppable is the clock of demo and test. Business time follows the machine until a Stop writes an
// instant into the file; every process that is given the same file then stands at that instant.
// A file that cannot be read or understood counts as absent.
func Stoppable(file string) Clock {
	return Clock{business: func() time.Time {
		if at, stopped := StoppedAt(file); stopped {
			return at
		}
		return time.Now()
	}}
}

// StoppedAt tells where a stoppable clock stands; false when it follows the machine.
func StoppedAt(file string) (time.Time, bool) {
	b, err := os.ReadFile(file)
	if err != nil {
		return time.Time{}, false
	}
	at, err := time.Parse(time.RFC3339Nano, strings.TrimSpace(string(b)))
	return at, err == nil
}

// Stop puts business time to an instant for every process that shares the file.
func Stop(file string, at time.Time) error {
	tmp, err := os.CreateTemp(filepath.Dir(file), "clock-*")
	if err != nil {
		return fmt.Errorf("stop clock: %w", err)
	}
	_, err = tmp.WriteString(at.UTC().Format(time.RFC3339Nano))
	if err = errors.Join(err, tmp.Chmod(0o644), tmp.Close()); err != nil {
		return fmt.Errorf("stop clock: %w", err)
	}
	return os.Rename(tmp.Name(), file)
}

// Follow lets business time follow the machine again.
func Follow(file string) error {
	if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("follow the machine's clock: %w", err)
	}
	return nil
}

// Fixed stands still at an instant until its hand is moved; for tests.
func Fixed(at time.Time) (Clock, *Hand) {
	h := &Hand{}
	h.Set(at)
	return Clock{business: h.get}, h
}

// Hand moves a fixed clock.
type Hand struct{ at atomic.Pointer[time.Time] }

// Set puts the clock to an instant.
func (h *Hand) Set(at time.Time) { h.at.Store(&at) }

// Advance moves the clock on.
func (h *Hand) Advance(d time.Duration) { h.Set(h.get().Add(d)) }

func (h *Hand) get() time.Time { return *h.at.Load() }
