package database_test

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

// Whoever asks after something has changed is told what it is now, and many who ask at once make few trips.
func TestWhatIsSharedIsNeverOlderThanTheQuestion(t *testing.T) {
	t.Parallel()
	var truth, trips atomic.Int64
	shared := database.Share(func(context.Context) (int64, error) {
		trips.Add(1)
		return truth.Load(), nil
	})
	var all sync.WaitGroup
	const askers, each = 50, 400
	for range askers {
		all.Go(func() {
			for range each {
				changed := truth.Add(1)
				got, err := shared.Of(t.Context())
				if err != nil || got < changed {
					t.Errorf("got %d, %v after it had become %d", got, err, changed)
					return
				}
			}
		})
	}
	all.Wait()
	if trips.Load() > askers*each {
		t.Errorf("%d trips for %d questions", trips.Load(), askers*each)
	}
}

// One trip is under way, and many come: they share the one after it.
func TestThoseWhoWaitShareOneTrip(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		goOn := make(chan struct{})
		var trips atomic.Int64
		shared := database.Share(func(context.Context) (int64, error) {
			n := trips.Add(1)
			<-goOn
			return n, nil
		})
		var all sync.WaitGroup
		ask := func(want int64) {
			if got, err := shared.Of(t.Context()); err != nil || got != want {
				t.Errorf("got %d, %v; want the answer of trip %d", got, err, want)
			}
		}
		all.Go(func() { ask(1) })
		synctest.Wait()
		for range 20 {
			all.Go(func() { ask(2) })
		}
		synctest.Wait()
		close(goOn)
		all.Wait()
	})
}

// Whoever made the trip goes away: the others are answered by another trip. A failure is everybody's.
func TestNobodyFailsBecauseAnotherWentAway(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	first := true
	begun := make(chan struct{})
	shared := database.Share(func(ctx context.Context) (int, error) {
		if first {
			first = false
			close(begun)
			<-ctx.Done()
			return 0, ctx.Err()
		}
		return 7, broken
	})
	ctx, leave := context.WithCancel(context.Background())
	var all sync.WaitGroup
	all.Go(func() {
		if _, err := shared.Of(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("whoever left: got %v", err)
		}
	})
	<-begun
	for range 5 {
		all.Go(func() {
			if _, err := shared.Of(context.Background()); !errors.Is(err, broken) {
				t.Errorf("whoever stayed: got %v, want the answer", err)
			}
		})
	}
	leave()
	all.Wait()
}

// Who waits for a trip to end before their own begins leaves when their own time is up, however much time its maker has; whoever had
// joined them makes a trip of their own.
func TestNobodyWaitsByTheTimeOfAnother(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		goOn := make(chan struct{})
		trips := 0
		shared := database.Share(func(context.Context) (int, error) {
			if trips++; trips == 1 {
				<-goOn
			}
			return trips, nil
		})
		var all sync.WaitGroup
		all.Go(func() {
			if got, err := shared.Of(context.Background()); err != nil || got != 1 {
				t.Errorf("whoever has time: got %d, %v", got, err)
			}
		})
		synctest.Wait()
		hurried, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		left := make(chan error, 1)
		go func() { _, err := shared.Of(hurried); left <- err }()
		synctest.Wait()
		all.Go(func() {
			if got, err := shared.Of(context.Background()); err != nil || got != 2 {
				t.Errorf("whoever had joined: got %d, %v, want the second trip's", got, err)
			}
		})
		if err := <-left; !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("whoever hurries: got %v", err)
		}
		close(goOn)
		all.Wait()
	})
}
