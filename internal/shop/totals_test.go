package shop

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/internal/database"
)

// figures are totals of a catalogue whose number a test says.
func figures(number *atomic.Int64) *totals {
	return &totals{memory: &memory{now: database.Share(func(context.Context) (numbers, error) {
		return numbers{number: number.Load(), listed: number.Load()}, nil
	})}}
}

// Whoever searches for the same right after a change shares one count, and those who search for something else, or after
// the next change, have another.
func TestSearchersAtOnceShareACount(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var number, counts atomic.Int64
		all := figures(&number)
		ask := func(key string, want int64) func() {
			return func() {
				n, err := all.of(t.Context(), key, func(context.Context) (int64, error) {
					counts.Add(1)
					time.Sleep(time.Second)
					return want, nil
				})
				if err != nil || n != want {
					t.Errorf("%s: %d, %v", key, n, err)
				}
			}
		}
		for change := range int64(3) {
			number.Store(change + 1)
			var searchers sync.WaitGroup
			for range 50 {
				searchers.Go(ask("shampoo", 10+change))
				searchers.Go(ask("oil", 20+change))
			}
			searchers.Wait()
			if got := counts.Swap(0); got != 2 {
				t.Errorf("a hundred searchers of two things made %d counts", got)
			}
		}
		if len(all.under) > 0 {
			t.Errorf("%d counts stand as under way", len(all.under))
		}
	})
}

// Who counts and goes away leaves the count to the others, a failure is everybody's who waited, and it is not kept.
func TestASharedCountThatIsNotMade(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var number, counts atomic.Int64
		all, broken := figures(&number), errors.New("broken")
		fails := false
		count := func(ctx context.Context) (int64, error) {
			counts.Add(1)
			select {
			case <-time.After(time.Second):
			case <-ctx.Done():
				return 0, ctx.Err()
			}
			if fails {
				return 0, broken
			}
			return 7, nil
		}
		leaving, leave := context.WithCancel(t.Context())
		var searchers sync.WaitGroup
		searchers.Go(func() {
			if _, err := all.of(leaving, "oil", count); !errors.Is(err, context.Canceled) {
				t.Errorf("who left: %v", err)
			}
		})
		synctest.Wait()
		for range 20 {
			searchers.Go(func() {
				if n, err := all.of(t.Context(), "oil", count); n != 7 || err != nil {
					t.Errorf("who stayed: %d, %v", n, err)
				}
			})
		}
		synctest.Wait()
		leave()
		searchers.Wait()
		if got := counts.Swap(0); got != 2 {
			t.Errorf("%d counts", got)
		}
		number.Store(1)
		fails = true
		for range 20 {
			searchers.Go(func() {
				if _, err := all.of(t.Context(), "oil", count); !errors.Is(err, broken) {
					t.Errorf("a count that fails: %v", err)
				}
			})
		}
		searchers.Wait()
		fails = false
		if n, err := all.of(t.Context(), "oil", count); n != 7 || err != nil || counts.Load() != 2 {
			t.Errorf("after it failed: %d, %v, %d counts", n, err, counts.Load())
		}
	})
}
