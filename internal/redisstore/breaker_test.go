package redisstore_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"frontdesk/internal/outage"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/testkit"
)

var errSilent = errors.New("nobody answered")

// silent judges like a client: only silence counts.
func silent(err error) string {
	if errors.Is(err, errSilent) {
		return "no_answer"
	}
	return ""
}

// ask makes a call that ends with an error.
func ask(t *testing.T, b *redisstore.Breaker, with error) error {
	t.Helper()
	_, err := redisstore.Call(t.Context(), b, silent, func() (struct{}, error) { return struct{}{}, with })
	return err
}

// heard are changes as the process that made them was told.
type heard struct {
	mu  sync.Mutex
	all []redisstore.BreakerChange
}

func (h *heard) hear(_ context.Context, c redisstore.BreakerChange) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.all = append(h.all, c)
}

func (h *heard) states() (states []redisstore.BreakerState) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, c := range h.all {
		states = append(states, c.State)
	}
	return states
}

// forget lets the next run begin anew.
func forget(t *testing.T, s *redisstore.Store, name string) {
	t.Helper()
	t.Cleanup(func() {
		if err := s.Delete(context.Background(), "breaker:"+name, "breaker:"+name+":answers"); err != nil {
			t.Error(err)
		}
	})
}

// processes are breakers of one provider as several processes hold them.
func processes(t *testing.T, pause time.Duration, h *heard) (a, b *redisstore.Breaker) {
	t.Helper()
	name := "test:" + t.Name()
	a = redisstore.NewBreaker(name, redisstore.BreakerTerms{Failures: 3, Pause: pause})
	b = redisstore.NewBreaker(name, redisstore.BreakerTerms{Failures: 3, Pause: pause})
	store := elsewhere(t)
	forget(t, store, name)
	a.Share(store, h.hear)
	b.Share(elsewhere(t), h.hear)
	return a, b
}

// Failures of all processes are one row; whom one of them shut out, the others do not ask either. One call sees whether the provider is
// back, and then everybody may ask (R-1403).
func TestProcessesShareABreaker(t *testing.T) {
	t.Parallel()
	var told heard
	a, b := processes(t, 300*time.Millisecond, &told)
	for _, who := range []*redisstore.Breaker{a, b, a} {
		if err := ask(t, who, errSilent); !errors.Is(err, errSilent) {
			t.Fatalf("before it opens: %v", err)
		}
	}
	for _, who := range []*redisstore.Breaker{a, b} {
		testkit.Eventually(t, 10*time.Second, "every process is refused", func() bool { return errors.Is(ask(t, who, errSilent), redisstore.ErrOpen) })
	}
	v, err := b.View(t.Context())
	if err != nil || v.State != redisstore.BreakerOpen || v.Code != "no_answer" || v.Failures < 3 || v.Since.IsZero() || !v.Until.After(v.Since) {
		t.Errorf("the other process sees %+v, %v", v, err)
	}
	var let atomic.Int64
	testkit.Eventually(t, 10*time.Second, "one call sees that the provider is back", func() bool {
		_, err := redisstore.Call(t.Context(), b, silent, func() (struct{}, error) {
			let.Add(1)
			if err := ask(t, a, nil); !errors.Is(err, redisstore.ErrOpen) {
				t.Errorf("while one sees, another asked: %v", err)
			}
			return struct{}{}, nil
		})
		return err == nil
	})
	if let.Load() != 1 {
		t.Errorf("%d calls saw whether it is back", let.Load())
	}
	for _, who := range []*redisstore.Breaker{a, b} {
		if err := ask(t, who, nil); err != nil {
			t.Errorf("after it closed: %v", err)
		}
	}
	if got := told.states(); len(got) != 2 || got[0] != redisstore.BreakerOpen || got[1] != redisstore.BreakerClosed {
		t.Errorf("told of %v, want once that it opened and once that it closed", got)
	}
}

// A refusal is an answer and ends a row of failures; a caller who went away tells nothing.
func TestWhatCountsAgainstAProvider(t *testing.T) {
	t.Parallel()
	for name, shared := range map[string]bool{"shared": true, "alone": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := redisstore.NewBreaker("test:"+t.Name(), redisstore.BreakerTerms{Failures: 3, Pause: time.Hour})
			if shared {
				store := elsewhere(t)
				forget(t, store, b.Name())
				b.Share(store, nil)
			}
			for range 2 {
				_ = ask(t, b, errSilent) // fails, which is the point
			}
			for range 5 {
				if err := ask(t, b, context.Canceled); !errors.Is(err, context.Canceled) {
					t.Fatalf("a caller who went away: %v", err)
				}
			}
			if err := ask(t, b, errors.New("refused")); errors.Is(err, redisstore.ErrOpen) {
				t.Fatal("opened by callers who went away")
			}
			for range 2 {
				if err := ask(t, b, errSilent); !errors.Is(err, errSilent) {
					t.Fatalf("a refusal did not end the row: %v", err)
				}
			}
			_ = ask(t, b, errSilent) // the third
			testkit.Eventually(t, 10*time.Second, "three in a row open it", func() bool { return errors.Is(ask(t, b, nil), redisstore.ErrOpen) })
		})
	}
}

// What staff trip stays open whatever the provider does, until they release it; what calls opened they may release, too.
func TestStaffTripAndRelease(t *testing.T) {
	t.Parallel()
	var told heard
	a, b := processes(t, time.Millisecond, &told)
	if changed, err := a.Trip(t.Context(), "staff:1"); err != nil || !changed {
		t.Fatalf("trip: %v, %v", changed, err)
	}
	if changed, err := b.Trip(t.Context(), "staff:2"); err != nil || changed {
		t.Errorf("tripped twice: %v, %v", changed, err)
	}
	testkit.Eventually(t, 10*time.Second, "the other process is refused", func() bool { return errors.Is(ask(t, b, nil), redisstore.ErrOpen) })
	for range 5 {
		if err := ask(t, b, nil); !errors.Is(err, redisstore.ErrOpen) {
			t.Fatalf("it let a call through: %v", err)
		}
	}
	if v, err := b.View(t.Context()); err != nil || v.State != redisstore.BreakerTripped || v.Actor != "staff:1" {
		t.Errorf("got %+v, %v", v, err)
	}
	if changed, err := b.Release(t.Context(), "staff:2"); err != nil || !changed {
		t.Fatalf("release: %v, %v", changed, err)
	}
	for _, who := range []*redisstore.Breaker{a, b} {
		testkit.Eventually(t, 10*time.Second, "calls go through again", func() bool { return ask(t, who, nil) == nil })
	}
	if got := told.states(); len(got) != 0 {
		t.Errorf("told of %v, which calls did not do", got)
	}
}

// Without Redis each process judges by itself, and calls are not held up for long.
func TestABreakerWithoutRedis(t *testing.T) {
	t.Parallel()
	board := outage.In(t.TempDir())
	store, err := redisstore.Open(testkit.RedisURL(t), redisstore.Through(board.Line(outage.Redis).Dial))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	b := redisstore.NewBreaker("test:"+t.Name(), redisstore.BreakerTerms{Failures: 3, Pause: time.Hour})
	b.Share(store, nil)
	if err := board.Begin(outage.Redis, outage.Down, time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := ask(t, b, errSilent); !errors.Is(err, errSilent) {
			t.Fatalf("without Redis: %v", err)
		}
	}
	if err := ask(t, b, nil); !errors.Is(err, redisstore.ErrOpen) {
		t.Errorf("three failures in a row, and then %v", err)
	}
	if _, err := b.Trip(t.Context(), "staff:1"); err == nil {
		t.Error("tripped for everybody while nobody can be told")
	}
}

// A call that panics has not answered, and keeps nobody from seeing whether the provider is back.
func TestACallThatPanics(t *testing.T) {
	t.Parallel()
	var told heard
	a, _ := processes(t, time.Millisecond, &told)
	for range 3 {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			_, _ = redisstore.Call(t.Context(), a, silent, func() (int, error) { panic("nonsense") })
		}()
	}
	if got := told.states(); len(got) != 1 || got[0] != redisstore.BreakerOpen {
		t.Errorf("told of %v, want that it opened", got)
	}
	testkit.Eventually(t, 10*time.Second, "it is asked again", func() bool { return ask(t, a, nil) == nil })
}
