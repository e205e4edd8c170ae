package handlers

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/jobs/queue"
)

// Whoever watches is told how each kind of work stands and what is wrong with the whole, by its status code when work does not move
// (R-119, R-1202); in no more time than a probe has, and without a name of anybody's or of a host.
func TestHowWorkStands(t *testing.T) {
	t.Parallel()
	working := errors.New("no beat for 20s")
	s := newApp(t, func(_ *Settings, r *Rooms) { r.Workers = func() error { return working } })
	s.keepWork = 0 // each look is a new one
	stands := func(status int, word string) (area map[string]any) {
		t.Helper()
		got := s.call("GET", "/queue/health", nil)
		said := got.json(t)
		if got.StatusCode != status || said["status"] != word || said["ok"] != (status == 200) {
			t.Errorf("got %d %s, want %d, %s", got.StatusCode, got.body, status, word)
		}
		for _, leak := range []string{"127.0.0.1", "redis://", "postgres", "fd_", "conversation_id"} {
			if strings.Contains(got.body, leak) {
				t.Errorf("it tells %q: %s", leak, got.body)
			}
		}
		for _, a := range said["areas"].([]any) {
			if area, _ = a.(map[string]any); area["name"] == "chat" {
				return area
			}
		}
		return nil
	}
	sql := func(text string, args ...any) {
		t.Helper()
		if err := s.DB.On(t.Context()).Exec(text, args...).Error; err != nil {
			t.Fatal(err)
		}
	}
	stands(503, workStopped)
	other, err := s.DB.Pool.Acquire(t.Context()) // as a crew of another process holds it
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.Exec(t.Context(), "SELECT pg_advisory_lock_shared($1)", queue.CrewLock); err != nil {
		t.Fatal(err)
	}
	stands(200, workOK)
	other.Conn().Close(context.Background()) //nolint:errcheck // its lock is gone with it
	other.Release()
	working = nil
	stands(200, workOK)

	for range 5 {
		if err := s.Queue.Enqueue(t.Context(), queue.ChatTurn{ConversationID: uuid.New()}); err != nil {
			t.Fatal(err)
		}
	}
	nth := func(n int, set string) {
		t.Helper()
		sql(`UPDATE river_job SET `+set+` WHERE id = (SELECT id FROM river_job WHERE kind = 'chat.turn' ORDER BY id OFFSET ? LIMIT 1)`, n)
	}
	nth(1, "state = 'running', attempt = 1")
	nth(2, "state = 'retryable', attempt = 1, scheduled_at = now() + interval '1 hour'")
	nth(3, "state = 'scheduled', scheduled_at = now() + interval '1 hour'")
	nth(4, "state = 'discarded', finalized_at = now(), attempt = max_attempts")
	area := stands(200, workDeadLetters)
	for _, name := range []string{"waiting", "running", "retrying", "later", "dead"} {
		if area[name] != 1.0 {
			t.Errorf("%s: %v, want 1", name, area[name])
		}
	}
	if err := s.Watch.Trip(t.Context(), "stripe", "system", "test"); err != nil {
		t.Fatal(err)
	}
	stands(200, workHeldBack)
	nth(2, "state = 'retryable', scheduled_at = now() - interval '5 minutes'") // due, and nobody takes it
	if area := stands(503, workBehind); area["waiting"] != 2.0 || area["retrying"] != 0.0 || area["oldestWaitingSeconds"].(float64) < 300 {
		t.Errorf("behind: %v", area)
	}
	working = errors.New("no beat for 20s")
	stands(503, workStopped)
}

// A queue that cannot be looked at is said to be away in the time of a probe.
func TestHowWorkStandsIsToldInTime(t *testing.T) {
	t.Parallel()
	s := newApp(t)
	tx, err := s.DB.Pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback(context.Background()) //nolint:errcheck // nothing was changed
	if _, err := tx.Exec(t.Context(), "LOCK TABLE river_job IN ACCESS EXCLUSIVE MODE"); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	got := s.call("GET", "/queue/health", nil)
	if took := time.Since(began); got.StatusCode != 503 || got.code(t) != "db_unavailable" || took > 2*probeTime {
		t.Errorf("got %d %s in %s", got.StatusCode, got.body, took)
	}
}

// However many ask, all jobs are read once in a while: what was true a moment ago is told again, and then no longer.
func TestHowWorkStandsIsKeptForAMoment(t *testing.T) {
	t.Parallel()
	s := newApp(t, func(_ *Settings, r *Rooms) { r.Workers = func() error { return nil } })
	s.keepWork = time.Hour
	ask := func() (waiting any) {
		t.Helper()
		queues, _ := s.call("GET", "/queue/health", nil).json(t)["queues"].(map[string]any)
		counts, _ := queues["whatsapp"].(map[string]any)
		return counts["wait"]
	}
	if n := ask(); n != 0.0 {
		t.Fatalf("%v wait, want none", n)
	}
	if err := s.Queue.Enqueue(t.Context(), queue.ChatTurn{ConversationID: uuid.New()}); err != nil {
		t.Fatal(err)
	}
	if n := ask(); n != 0.0 {
		t.Errorf("asked anew: %v wait", n)
	}
	s.keepWork = 0
	if n := ask(); n != 1.0 {
		t.Errorf("told what was: %v wait, want 1", n)
	}
}

// Without Redis it is told that it is away, and how work stands all the same, for which nobody needs it.
func TestHowWorkStandsWithoutRedis(t *testing.T) {
	t.Parallel()
	s := newApp(t, func(_ *Settings, r *Rooms) { r.Workers = func() error { return nil } })
	if err := s.Queue.Enqueue(t.Context(), queue.ChatTurn{ConversationID: uuid.New()}); err != nil {
		t.Fatal(err)
	}
	s.Redis.Client.Close()
	got := s.call("GET", "/queue/health", nil)
	said := got.json(t)
	areas, _ := said["areas"].([]any)
	breakers, _ := said["breakers"].([]any)
	if got.StatusCode != 503 || said["status"] != workRedisAway || said["redis"] != redisGone || len(areas) != 1 || len(breakers) != 2 {
		t.Fatalf("got %d %s", got.StatusCode, got.body)
	}
	for _, b := range breakers {
		if b.(map[string]any)["state"] != "unknown" {
			t.Errorf("%v, and nobody can know", b)
		}
	}
}
