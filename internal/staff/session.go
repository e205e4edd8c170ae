package staff

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"frontdesk/internal/audit"
	"frontdesk/internal/fault"
	"frontdesk/models"
)

// Session is a signed-in browser. ID goes into the cookie and nowhere else; CSRF goes into the
// forms of its pages. Times are machine time.
type Session struct {
	ID       string
	CSRF     string
	Handle   string // names the session in lists; nobody comes in with it
	OpenedAt time.Time
	ProvedAt time.Time // when its person last proved who they are
	ProvedBy Proof     // and by what
}

// OpenSession is a line of the list of somebody's sessions.
type OpenSession struct {
	Handle   string
	Device   Device
	Near     string // the network it was opened from, shortened
	OpenedAt time.Time
	SeenAt   time.Time // to the minute
	ProvedBy Proof
	This     bool // the one that asks
}

// storedSession is what Redis keeps, under the digest of the id.
type storedSession struct {
	StaffID models.ID `json:"staff_id"`
	Epoch   int64     `json:"epoch"`
	CSRF    string    `json:"csrf"`
	Opened  time.Time `json:"opened"`
	Seen    time.Time `json:"seen"`
	Proved  time.Time `json:"proved"`
	By      Proof     `json:"by"`
	Device  Device    `json:"device"`
	Near    string    `json:"near"`
}

func (s storedSession) session(id string) Session {
	return Session{ID: id, CSRF: s.CSRF, Handle: handle(digest(id)), OpenedAt: s.Opened, ProvedAt: s.Proved, ProvedBy: s.By}
}

// Session finds who holds the cookie. ok is false when the session ended, was never there, or
// whatever it was opened with no longer holds: the person was disabled or must sign in anew since,
// or their role needs a second factor that was not shown.
func (r *Roster) Session(ctx context.Context, id string) (s Session, p Principal, ok bool, err error) {
	stored, p, ok, err := r.holds(ctx, id)
	if err != nil || !ok {
		return Session{}, Principal{}, false, err
	}
	if now := r.clock.Machine(); now.Sub(stored.Seen) >= r.touchInterval {
		stored.Seen = now
		if err := r.rewrite(ctx, digest(id), stored); err != nil {
			return Session{}, Principal{}, false, err
		}
	}
	return stored.session(id), p, true, nil
}

// Glance is Session for what a browser asks on its own, such as a page that fetches itself again: it is
// no sign of a person, and does not keep the session from ending when nobody is there.
func (r *Roster) Glance(ctx context.Context, id string) (s Session, p Principal, ok bool, err error) {
	stored, p, ok, err := r.holds(ctx, id)
	if err != nil || !ok {
		return Session{}, Principal{}, false, err
	}
	return stored.session(id), p, true, nil
}

// holds reads a session and its person; one whose grounds are gone is forgotten.
func (r *Roster) holds(ctx context.Context, id string) (s storedSession, p Principal, ok bool, err error) {
	if id == "" {
		return storedSession{}, Principal{}, false, nil
	}
	s, ok, err = r.stored(ctx, digest(id))
	if err != nil || !ok {
		return storedSession{}, Principal{}, false, err
	}
	p, ok, err = r.person(ctx, s.StaffID)
	if err != nil {
		return storedSession{}, Principal{}, false, err
	}
	if !ok || p.Staff.AccessEpoch != s.Epoch || r.mustEnrol(p.Role) && s.By == ByPassword {
		_, err := r.forget(ctx, s.StaffID, digest(id))
		return storedSession{}, Principal{}, false, err
	}
	return s, p, true, nil
}

// open starts a fresh session and ends the one this browser had before. Ids are never reused or
// accepted from outside.
func (r *Roster) open(ctx context.Context, p Principal, b browser, by Proof) (Session, error) {
	now, id := r.clock.Machine(), secret()
	stored := storedSession{
		StaffID: p.Staff.ID, Epoch: p.Staff.AccessEpoch, CSRF: secret(), Opened: now, Seen: now, Proved: now, By: by,
		Device: b.Device, Near: b.Near,
	}
	if err := r.closePrevious(ctx, b.Previous); err != nil {
		return Session{}, err
	}
	if err := r.keep(ctx, digest(id), stored); err != nil {
		return Session{}, err
	}
	err := r.db.InTx(ctx, func(ctx context.Context) error {
		signed := r.db.On(ctx).Model(&models.Staff{}).Where("id = ?", p.Staff.ID).UpdateColumn("last_signed_in_at", now)
		if signed.Error != nil {
			return fmt.Errorf("note sign-in: %w", signed.Error)
		}
		return r.log.Record(ctx, audit.Entry{
			Actor: p.Actor(), Action: "session.opened", SubjectKind: "staff", SubjectID: p.Staff.ID.String(), Detail: map[string]any{"by": by},
		})
	})
	return stored.session(id), err
}

func (r *Roster) closePrevious(ctx context.Context, previous string) error {
	if previous == "" {
		return nil
	}
	old, there, err := r.stored(ctx, previous)
	if err != nil || !there {
		return err
	}
	_, err = r.forget(ctx, old.StaffID, previous)
	return err
}

// SignOut ends a session. Ending one that is not there is not an error.
func (r *Roster) SignOut(ctx context.Context, id string, p Principal) error {
	if _, err := r.forget(ctx, p.Staff.ID, digest(id)); err != nil {
		return err
	}
	return r.sessionsEnded(ctx, p, p.Staff.ID, "session.closed")
}

// Sessions lists a person's open sessions, the latest seen first. current is the session that asks.
func (r *Roster) Sessions(ctx context.Context, id models.ID, current Session) ([]OpenSession, error) {
	keys, err := r.index(ctx, id)
	if err != nil {
		return nil, err
	}
	var person models.Staff
	if err := r.db.On(ctx).Select("access_epoch").Where("id = ?", id).Take(&person).Error; err != nil {
		return nil, fmt.Errorf("read staff: %w", err)
	}
	var out []OpenSession
	for _, key := range keys {
		s, there, err := r.stored(ctx, key)
		if err != nil {
			return nil, err
		}
		if !there || s.Epoch != person.AccessEpoch {
			continue
		}
		out = append(out, OpenSession{
			Handle: handle(key), Device: s.Device, Near: s.Near, OpenedAt: s.Opened, SeenAt: s.Seen, ProvedBy: s.By,
			This: handle(key) == current.Handle,
		})
	}
	slices.SortFunc(out, func(a, b OpenSession) int { return cmp.Or(b.SeenAt.Compare(a.SeenAt), cmp.Compare(a.Handle, b.Handle)) })
	return out, nil
}

// EndSession ends one session of a person, named by its handle. Fault: staff.no_session.
func (r *Roster) EndSession(ctx context.Context, by Principal, id models.ID, name string) error {
	keys, err := r.index(ctx, id)
	if err != nil {
		return err
	}
	for _, key := range keys {
		if handle(key) != name {
			continue
		}
		if ended, err := r.forget(ctx, id, key); err != nil || ended {
			return cmp.Or(err, r.sessionsEnded(ctx, by, id, "session.revoked"))
		}
	}
	return fault.NotFound("staff.no_session")
}

// EndOtherSessions signs a person out everywhere but here.
func (r *Roster) EndOtherSessions(ctx context.Context, p Principal, here Session) error {
	return r.db.InTx(ctx, func(ctx context.Context) error {
		if err := r.endAll(ctx, p.Staff.ID, here); err != nil {
			return err
		}
		return r.sessionsEnded(ctx, p, p.Staff.ID, "session.others_revoked")
	})
}

// EndSessions signs a person out everywhere.
func (r *Roster) EndSessions(ctx context.Context, by Principal, id models.ID) error {
	return r.db.InTx(ctx, func(ctx context.Context) error {
		if err := r.endAll(ctx, id, Session{}); err != nil {
			return err
		}
		return r.sessionsEnded(ctx, by, id, "session.all_revoked")
	})
}

func (r *Roster) sessionsEnded(ctx context.Context, by Principal, id models.ID, action string) error {
	return r.log.Record(ctx, audit.Entry{Actor: by.Actor(), Action: action, SubjectKind: "staff", SubjectID: id.String()})
}

// endAll makes every session of a person dead but one. The new epoch decides, with the transaction;
// what Redis still keeps is tidied after the commit.
func (r *Roster) endAll(ctx context.Context, id models.ID, but Session) error {
	var epoch int64
	err := r.db.On(ctx).Raw("UPDATE staff SET access_epoch = access_epoch + 1 WHERE id = ? RETURNING access_epoch", id).Scan(&epoch).Error
	if err != nil {
		return fmt.Errorf("end sessions: %w", err)
	}
	r.afterCommit(ctx, func(ctx context.Context) error {
		keys, err := r.index(ctx, id)
		if err != nil {
			return err
		}
		for _, key := range keys {
			if but.ID == "" || key != digest(but.ID) {
				_, err = r.forget(ctx, id, key)
			} else if s, there, readErr := r.stored(ctx, key); readErr != nil || there {
				s.Epoch = epoch
				err = cmp.Or(readErr, r.rewrite(ctx, key, s))
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	return nil
}

func (r *Roster) decode(raw []byte) (storedSession, bool, error) {
	var s storedSession
	if err := json.Unmarshal(raw, &s); err != nil {
		return storedSession{}, false, fmt.Errorf("read session: %w", err)
	}
	now := r.clock.Machine()
	return s, now.Sub(s.Opened) < r.absolute && now.Sub(s.Seen) < r.idle+r.touchInterval, nil
}
