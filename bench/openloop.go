package main

import (
	"context"
	"sync"
	"time"
)

// schedule is when each event of an open loop is due, from its beginning. It is made before anything is
// sent: an event that is late because the one before it was slow is as late as its sender would see it.
type schedule []time.Duration

// evenly is a schedule of so many events a second.
func evenly(perSecond float64, length time.Duration) schedule {
	gap := time.Duration(float64(time.Second) / perSecond)
	due := make(schedule, int(length/gap))
	for i := range due {
		due[i] = time.Duration(i) * gap
	}
	return due
}

// openLoop starts do for every event when it is due, whether or not the earlier ones have ended, and
// returns when all have. Times count from when an event was due, never from when it was really begun. An
// event that fails has no time; the first failure is returned beside the times of the others.
func openLoop(ctx context.Context, due schedule, do func(ctx context.Context, i int) error) (times []time.Duration, failed error) {
	var (
		mu   sync.Mutex
		wait sync.WaitGroup
	)
	begun := time.Now()
	for i, at := range due {
		if !sleepUntil(ctx, begun.Add(at)) {
			failed = ctx.Err()
			break
		}
		wait.Go(func() {
			err := do(ctx, i)
			took := time.Since(begun.Add(at))
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				times = append(times, took)
			} else if failed == nil {
				failed = err
			}
		})
	}
	wait.Wait()
	return times, failed
}

// sleepUntil is false when the context ended first.
func sleepUntil(ctx context.Context, at time.Time) bool {
	left := time.Until(at)
	if left <= 0 {
		return ctx.Err() == nil
	}
	t := time.NewTimer(left)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// closedLoop keeps so many callers busy for a while and tells how many calls ended.
func closedLoop(ctx context.Context, callers int, length time.Duration, do func(ctx context.Context) error) (times []time.Duration, failed error) {
	var (
		mu   sync.Mutex
		wait sync.WaitGroup
	)
	end := time.Now().Add(length)
	for range callers {
		wait.Go(func() {
			var mine []time.Duration
			for time.Now().Before(end) && ctx.Err() == nil {
				began := time.Now()
				err := do(ctx)
				if err != nil {
					mu.Lock()
					failed = err
					mu.Unlock()
					break
				}
				mine = append(mine, time.Since(began))
			}
			mu.Lock()
			defer mu.Unlock()
			times = append(times, mine...)
		})
	}
	wait.Wait()
	return times, failed
}
