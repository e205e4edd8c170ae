package staff

import (
	"context"
	"strings"
	"testing"
	"time"

	"frontdesk/internal/fault"
	"frontdesk/internal/testkit"
	"frontdesk/models"
)

func TestASVS_7_2_SessionsAreOurs(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := context.Background()
	// 7.2.3: 256 random bits. 7.2.1: an id that was not given out here opens nothing.
	first, p := h.in(Attempt{Email: email, Password: password})
	if len(first.ID) != 43 || h.opens(Session{ID: strings.Repeat("A", 43)}) || h.opens(Session{ID: digest(first.ID)}) {
		t.Error("ids must be long, and ours")
	}
	// 7.2.4: signing in again in the same browser ends its session; nothing carries over.
	second, _ := h.in(Attempt{Email: email, Password: password, Previous: first.ID})
	if h.opens(first) || !h.opens(second) || first.ID == second.ID || first.CSRF == second.CSRF {
		t.Error("the browser's earlier session goes on")
	}
	// 7.2.4: so does proving anew.
	third, err := h.StepUp(ctx, p, second, Evidence{Password: password})
	h.must(err)
	if h.opens(second) || !h.opens(third) {
		t.Error("the session was not rotated")
	}
	if _, err := h.StepUp(ctx, p, second, Evidence{Password: password}); !fault.Is(err, "staff.sign_in_again") {
		t.Errorf("a session that is gone: got %v", err)
	}
}

func TestASVS_7_5_3_SensitiveActsAskForAFreshProof(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := context.Background()
	s, p := h.in(Attempt{Email: email, Password: password})
	if !h.RecentlyProved(s, 5*time.Minute) || h.RecentlyProved(Session{}, 5*time.Minute) {
		t.Error("signing in is a proof; no session is none")
	}
	old := s
	old.ProvedAt = old.ProvedAt.Add(-6 * time.Minute)
	if h.RecentlyProved(old, 5*time.Minute) {
		t.Error("six minutes are not recent")
	}
	secret, _, s := h.withApp(p, s)
	if _, err := h.StepUp(ctx, p, s, Evidence{Password: password}); !fault.Is(err, "staff.wrong_proof") {
		t.Errorf("the password of somebody with a factor: got %v", err)
	}
	fresh, err := h.StepUp(ctx, p, s, Evidence{Code: h.code(secret, 0)})
	h.must(err)
	if fresh.ProvedBy != ByTOTP || !fresh.ProvedAt.After(s.ProvedAt) {
		t.Errorf("proved by %s at %s", fresh.ProvedBy, fresh.ProvedAt)
	}
}

func TestASVS_7_5_2_SessionsAreListedAndEnded(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := context.Background()
	firefox := "Mozilla/5.0 (Android 14; Mobile; rv:131.0) Gecko/131.0 Firefox/131.0"
	a, p := h.in(Attempt{Email: email, Password: password, Address: "192.0.2.77", Agent: firefox})
	b, _ := h.in(Attempt{Email: email, Password: password})
	c, _ := h.in(Attempt{Email: email, Password: password})
	list, err := h.Sessions(ctx, p.Staff.ID, b)
	h.must(err)
	if len(list) != 3 {
		t.Fatalf("listed %d sessions", len(list))
	}
	for _, s := range list {
		if s.This != (s.Handle == b.Handle) || h.opens(Session{ID: s.Handle}) {
			t.Errorf("listed wrong: %+v", s)
		}
		if s.Handle == a.Handle && (s.Device != Device{"Firefox", "Android"} || s.Near != "192.0.x.x") {
			t.Errorf("device %+v near %s", s.Device, s.Near)
		}
	}
	h.must(h.EndSession(ctx, p, p.Staff.ID, a.Handle))
	if h.opens(a) || !h.opens(b) || !h.opens(c) {
		t.Error("the wrong sessions ended")
	}
	if err := h.EndSession(ctx, p, p.Staff.ID, a.Handle); !fault.Is(err, "staff.no_session") {
		t.Errorf("ended twice: got %v", err)
	}
	if err := h.EndSession(ctx, p, models.NewID(), b.Handle); !fault.Is(err, "staff.no_session") {
		t.Errorf("somebody else's: got %v", err)
	}
	h.must(h.EndOtherSessions(ctx, p, b))
	if !h.opens(b) || h.opens(c) {
		t.Error("others must end and this one stay")
	}
	h.must(h.EndSessions(ctx, p, p.Staff.ID))
	if h.opens(b) {
		t.Error("7.4.5: an admin ends all sessions of a person")
	}
	if list, err = h.Sessions(ctx, p.Staff.ID, b); err != nil || len(list) != 0 {
		t.Errorf("still listed: %v, %v", list, err)
	}
}

// A page that fetches itself again keeps no session from ending: 7.3.1 is about people.
func TestAGlanceKeepsNoSession(t *testing.T) {
	t.Parallel()
	h := newHouse(t, WithLifetimes(3*time.Second, time.Hour))
	ctx := context.Background()
	s, p := h.in(Attempt{Email: email, Password: password})
	seen, who, ok, err := h.Glance(ctx, s.ID)
	h.must(err)
	if !ok || seen.CSRF != s.CSRF || who.Staff.ID != p.Staff.ID {
		t.Errorf("a glance sees %v, %s", ok, who.Staff.ID)
	}
	testkit.Eventually(t, time.Minute, "the session ends under glances", func() bool {
		_, _, ok, err := h.Glance(ctx, s.ID)
		h.must(err)
		return !ok
	})
	other, _ := h.in(Attempt{Email: email, Password: password})
	h.must(h.EndSessions(ctx, p, p.Staff.ID))
	if _, _, ok, _ := h.Glance(ctx, other.ID); ok {
		t.Error("a glance sees a session that was ended")
	}
}

// What decides is in the database: a session that Redis still holds is dead all the same.
func TestAnEndedSessionIsDeadEvenWhenRedisKeepsIt(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := context.Background()
	s, p := h.in(Attempt{Email: email, Password: password})
	raw, err := h.redis.Get(ctx, sessionKey(digest(s.ID)))
	h.must(err)
	h.must(h.EndSessions(ctx, p, p.Staff.ID))
	h.must(h.redis.Set(ctx, sessionKey(digest(s.ID)), raw, time.Minute))
	if h.opens(s) {
		t.Error("it opens")
	}
}

// Noting that somebody was here must not bring back what was ended a moment before.
func TestNotingUseDoesNotReviveASession(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := context.Background()
	s, p := h.in(Attempt{Email: email, Password: password})
	stored, _, err := h.stored(ctx, digest(s.ID))
	h.must(err)
	h.must(h.SignOut(ctx, s.ID, p))
	h.must(h.rewrite(ctx, digest(s.ID), stored))
	if ok, err := h.replace(ctx, digest(s.ID), "another", stored); ok || err != nil {
		t.Errorf("rotated: %v, %v", ok, err)
	}
	if h.opens(s) {
		t.Error("it is back")
	}
}

// A session in its last millisecond is forgotten, whichever way it is written: the store refuses a life
// of nothing.
func TestASessionAtItsVeryEndIsForgotten(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := context.Background()
	_, p := h.in(Attempt{Email: email, Password: password})
	now := h.clock.Machine()
	for left, want := range map[time.Duration]bool{
		time.Second: true, time.Millisecond - 1: false, 500 * time.Microsecond: false, 0: false, -time.Second: false,
	} {
		stored := storedSession{StaffID: p.Staff.ID, Opened: now, Seen: now.Add(h.absolute - left)}
		h.must(h.keep(ctx, "one", stored))
		if raw, err := h.redis.Get(ctx, sessionKey("one")); err != nil || (raw != nil) != want {
			t.Errorf("kept with %s left: %s, %v", left, raw, err)
		}
		for _, key := range []string{"two", "three"} {
			h.must(h.keep(ctx, key, storedSession{StaffID: p.Staff.ID, Opened: now, Seen: now}))
		}
		h.must(h.rewrite(ctx, "two", stored))
		if raw, err := h.redis.Get(ctx, sessionKey("two")); err != nil || (raw != nil) != want {
			t.Errorf("rewritten with %s left: %s, %v", left, raw, err)
		}
		if ok, err := h.replace(ctx, "three", "four", stored); err != nil || ok != want {
			t.Errorf("rotated with %s left: %v, %v", left, ok, err)
		}
		_, err := h.forget(ctx, p.Staff.ID, "four")
		h.must(err)
	}
}
