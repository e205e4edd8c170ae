package staff

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"frontdesk/internal/audit"
	"frontdesk/internal/fault"
	"frontdesk/internal/logging"
	"frontdesk/models"
)

// Session is a signed-in browser. ID goes into the cookie and nowhere else; CSRF goes into the
// forms of its pages.
type Session struct {
	ID       string
	CSRF     string
	ProvedAt time.Time // machine time; when its person last proved who they are
	ProvedBy Proof     // and by what
}

// Proof is a way of showing who one is.
type Proof string

// Proofs. The first counts only where a person has none of the others.
const (
	ByPassword Proof = "password"
	ByTOTP     Proof = "totp"
	ByPasskey  Proof = "passkey"
	ByRecovery Proof = "recovery"
)

// RecentlyProved tells whether the session's person showed who they are within that time.
func (r *Roster) RecentlyProved(s Session, within time.Duration) bool {
	return s.ID != "" && r.clock.Machine().Sub(s.ProvedAt) < within
}

// storedSession is what Redis keeps, under the digest of the id.
type storedSession struct {
	StaffID models.ID `json:"staff_id"`
	CSRF    string    `json:"csrf"`
	Opened  time.Time `json:"opened"`
	Seen    time.Time `json:"seen"`
	Proved  time.Time `json:"proved"`
	By      Proof     `json:"by"`
}

// SignIn opens a fresh session; ids are never reused or accepted from outside. Faults:
// staff.wrong_login, staff.too_many.
func (r *Roster) SignIn(ctx context.Context, a Attempt) (Session, Principal, error) {
	p, err := r.authenticate(ctx, a)
	if err != nil {
		return Session{}, Principal{}, err
	}
	now := r.clock.Machine()
	s := Session{ID: secret(), CSRF: secret(), ProvedAt: now, ProvedBy: ByPassword}
	stored := storedSession{StaffID: p.Staff.ID, CSRF: s.CSRF, Opened: now, Seen: now, Proved: now, By: ByPassword}
	if err := r.keep(ctx, s.ID, stored); err != nil {
		return Session{}, Principal{}, err
	}
	err = r.log.Record(ctx, audit.Entry{
		Actor: p.Actor(), Action: "session.opened", SubjectKind: "staff", SubjectID: p.Staff.ID.String(), RequestID: logging.Request(ctx),
	})
	if err != nil {
		return Session{}, Principal{}, err
	}
	return s, p, nil
}

// Session finds who holds the cookie. ok is false when the session ended, was never there, or its
// person has been disabled since.
func (r *Roster) Session(ctx context.Context, id string) (s Session, p Principal, ok bool, err error) {
	if id == "" {
		return Session{}, Principal{}, false, nil
	}
	stored, ok, err := r.stored(ctx, id)
	if err != nil || !ok {
		return Session{}, Principal{}, false, err
	}
	p, ok, err = r.person(ctx, stored.StaffID)
	if err != nil {
		return Session{}, Principal{}, false, err
	}
	if !ok {
		return Session{}, Principal{}, false, r.redis.Delete(ctx, sessionKey(id))
	}
	if now := r.clock.Machine(); now.Sub(stored.Seen) >= r.touchInterval {
		stored.Seen = now
		if err := r.keep(ctx, id, stored); err != nil {
			return Session{}, Principal{}, false, err
		}
	}
	return Session{ID: id, CSRF: stored.CSRF, ProvedAt: stored.Proved, ProvedBy: stored.By}, p, true, nil
}

// SignOut ends a session. Ending one that is not there is not an error.
func (r *Roster) SignOut(ctx context.Context, id string, p Principal) error {
	if err := r.redis.Delete(ctx, sessionKey(id)); err != nil {
		return fault.Unavailable("error.unavailable", err)
	}
	return r.log.Record(ctx, audit.Entry{
		Actor: p.Actor(), Action: "session.closed", SubjectKind: "staff", SubjectID: p.Staff.ID.String(), RequestID: logging.Request(ctx),
	})
}

func (r *Roster) stored(ctx context.Context, id string) (storedSession, bool, error) {
	raw, err := r.redis.Get(ctx, sessionKey(id))
	if err != nil {
		return storedSession{}, false, fault.Unavailable("error.unavailable", err)
	}
	if raw == nil {
		return storedSession{}, false, nil
	}
	var s storedSession
	if err := json.Unmarshal(raw, &s); err != nil {
		return storedSession{}, false, fmt.Errorf("read session: %w", err)
	}
	now := r.clock.Machine()
	return s, now.Sub(s.Opened) < r.absolute && now.Sub(s.Seen) < r.idle+r.touchInterval, nil
}

// keep writes a session for as long as it may still live; one at its very end is forgotten.
func (r *Roster) keep(ctx context.Context, id string, s storedSession) error {
	raw, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("encode session: %w", err)
	}
	life := min(r.idle+r.touchInterval, r.absolute-s.Seen.Sub(s.Opened))
	if life < time.Millisecond { // less than the store can count
		err = r.redis.Delete(ctx, sessionKey(id))
	} else {
		err = r.redis.Set(ctx, sessionKey(id), raw, life)
	}
	if err != nil {
		return fault.Unavailable("error.unavailable", err)
	}
	return nil
}

func sessionKey(id string) string { return "session:" + digest(id) }
