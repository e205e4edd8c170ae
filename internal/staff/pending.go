package staff

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/redis/rueidis"

	"frontdesk/internal/fault"
	"frontdesk/models"
)

// pendingLife is how long somebody may take between password and second factor.
const pendingLife = 10 * time.Minute

// Pending is a sign-in whose password was right and that still lacks its second factor. It opens
// nothing. ID goes into a cookie, CSRF into the forms of its pages.
type Pending struct {
	ID    string
	CSRF  string
	Kinds []models.FactorKind // what can be shown; none: a factor must be enrolled first
}

// MustEnrol tells whether a second factor has to be set up before anything else.
func (p Pending) MustEnrol() bool { return len(p.Kinds) == 0 }

// Has tells whether the person has a factor of the kind.
func (p Pending) Has(kind models.FactorKind) bool { return slices.Contains(p.Kinds, kind) }

// storedPending is what Redis keeps, under the digest of the id.
type storedPending struct {
	StaffID models.ID `json:"staff_id"`
	Epoch   int64     `json:"epoch"`
	CSRF    string    `json:"csrf"`
	Browser browser   `json:"browser"`
}

func (r *Roster) wait(ctx context.Context, p Principal, b browser, kinds []models.FactorKind) (Pending, error) {
	out := Pending{ID: secret(), CSRF: secret(), Kinds: kinds}
	raw, err := json.Marshal(storedPending{StaffID: p.Staff.ID, Epoch: p.Staff.AccessEpoch, CSRF: out.CSRF, Browser: b})
	if err != nil {
		return Pending{}, fmt.Errorf("encode sign-in: %w", err)
	}
	if err := r.redis.Set(ctx, pendingKey(out.ID), raw, pendingLife); err != nil {
		return Pending{}, unavailable(err)
	}
	return out, nil
}

// Pending finds a sign-in that waits for its second factor. ok is false when it took too long, was
// used, or its person may no longer come in.
func (r *Roster) Pending(ctx context.Context, id string) (w Pending, p Principal, ok bool, err error) {
	stored, p, ok, err := r.pending(ctx, id)
	if err != nil || !ok {
		return Pending{}, Principal{}, false, err
	}
	kinds, err := r.kinds(ctx, p.Staff.ID)
	return Pending{ID: id, CSRF: stored.CSRF, Kinds: kinds}, p, err == nil, err
}

func (r *Roster) pending(ctx context.Context, id string) (s storedPending, p Principal, ok bool, err error) {
	if id == "" {
		return storedPending{}, Principal{}, false, nil
	}
	raw, err := r.redis.Get(ctx, pendingKey(id))
	if err != nil {
		return storedPending{}, Principal{}, false, unavailable(err)
	}
	if raw == nil {
		return storedPending{}, Principal{}, false, nil
	}
	if err := json.Unmarshal(raw, &s); err != nil {
		return storedPending{}, Principal{}, false, fmt.Errorf("read sign-in: %w", err)
	}
	p, ok, err = r.person(ctx, s.StaffID)
	return s, p, ok && p.Staff.AccessEpoch == s.Epoch, err
}

// Prove shows the second factor of a pending sign-in and opens the session. Faults: staff.wrong_proof,
// staff.too_many, staff.sign_in_again.
func (r *Roster) Prove(ctx context.Context, id string, e Evidence) (Entry, error) {
	stored, p, ok, err := r.pending(ctx, id)
	if err != nil {
		return Entry{}, err
	}
	if !ok {
		return Entry{}, fault.Unauthorized("staff.sign_in_again")
	}
	e.Password = "" // was shown already and is no second factor
	by, err := r.check(ctx, Holder{Principal: p, ID: id}, e)
	if err != nil {
		return Entry{}, err
	}
	return r.admit(ctx, id, p, stored.Browser, by)
}

// admit turns a pending sign-in into a session, once.
func (r *Roster) admit(ctx context.Context, id string, p Principal, b browser, by Proof) (Entry, error) {
	raw, err := r.take(ctx, pendingKey(id))
	if err != nil {
		return Entry{}, err
	}
	if raw == nil {
		return Entry{}, fault.Unauthorized("staff.sign_in_again")
	}
	s, err := r.open(ctx, p, b, by)
	return Entry{Principal: p, Session: s}, err
}

// take reads a value and removes it in one step; nil when there is none.
func (r *Roster) take(ctx context.Context, name string) ([]byte, error) {
	raw, err := r.redis.Client.Do(ctx, r.redis.Client.B().Getdel().Key(r.redis.Key(name)).Build()).AsBytes()
	if rueidis.IsRedisNil(err) {
		return nil, nil
	}
	if err != nil {
		return nil, unavailable(fmt.Errorf("take from redis: %w", err))
	}
	return raw, nil
}

func pendingKey(id string) string { return "pending:" + digest(id) }
