// Package outage lets Postgres and Redis be away, in demo and test, as seen by every process of a
// stack: a small file in the shared data folder says how a service is and until when, and a process
// that was given a Line reaches the service through it. Nobody depends on the life of another process.
//
// It must never be wired outside demo and test, and it must never stand between the stand-ins and
// their own connections: they have to be able to end what they began.
package outage

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Service is what can be away.
type Service string

// Services.
const (
	Postgres Service = "postgres"
	Redis    Service = "redis"
)

// Mode is how a service is. The zero Mode is well.
type Mode string

// Modes. Down: connections break and no new one is taken. Slow: every answer comes late. Hang: what is
// asked arrives and no answer comes. TooMany and Failing: the server's own words for "too many
// connections" and "not now", then it hangs up. Garbage: an answer that is no protocol.
const (
	Down    Mode = "down"
	Slow    Mode = "slow"
	Hang    Mode = "hang"
	TooMany Mode = "429"
	Failing Mode = "500"
	Garbage Mode = "garbage"
)

// Modes lists all of them.
func Modes() []Mode { return []Mode{Down, Slow, Hang, TooMany, Failing, Garbage} }

// Board is where the processes that share a folder read how their services are.
type Board struct{ dir string }

// In is the board of a data folder.
func In(dir string) Board { return Board{dir} }

// notice is what a service's file holds.
type notice struct {
	Mode  Mode      `json:"mode"`
	Until time.Time `json:"until,omitzero"` // machine time; zero: until it is ended
}

func (b Board) file(s Service) string { return filepath.Join(b.dir, "outage-"+string(s)) }

// Begin puts a service into a mode for every process of the stack, at once. until is machine time; the
// zero time means until End.
func (b Board) Begin(s Service, m Mode, until time.Time) error {
	if b.dir == "" {
		return errors.New("begin outage: no folder to say it in")
	}
	raw, err := json.Marshal(notice{m, until})
	if err != nil {
		return fmt.Errorf("begin outage: %w", err)
	}
	tmp, err := os.CreateTemp(b.dir, "outage-*.next")
	if err != nil {
		return fmt.Errorf("begin outage: %w", err)
	}
	_, err = tmp.Write(raw)
	if err = errors.Join(err, tmp.Chmod(0o644), tmp.Close()); err != nil {
		return fmt.Errorf("begin outage: %w", err)
	}
	if err := os.Rename(tmp.Name(), b.file(s)); err != nil {
		return fmt.Errorf("begin outage: %w", err)
	}
	return nil
}

// End lets services be well again; without any named, all of them.
func (b Board) End(services ...Service) error {
	if len(services) == 0 {
		services = []Service{Postgres, Redis}
	}
	for _, s := range services {
		if b.dir == "" {
			return nil
		}
		if err := os.Remove(b.file(s)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("end outage: %w", err)
		}
	}
	return nil
}

// Now is how a service is. A file that cannot be read or understood counts as absent.
func (b Board) Now(s Service) Mode {
	m, _ := b.Standing(s)
	return m
}

// Standing is how a service is and until when, in machine time; the zero time means until End.
func (b Board) Standing(s Service) (Mode, time.Time) {
	raw, err := os.ReadFile(b.file(s))
	if err != nil {
		return "", time.Time{}
	}
	var n notice
	if json.Unmarshal(raw, &n) != nil || !n.Until.IsZero() && time.Now().After(n.Until) {
		return "", time.Time{}
	}
	return n.Mode, n.Until
}
