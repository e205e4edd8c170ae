package main

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"time"
)

func TestEventsAreDueEvenly(t *testing.T) {
	due := evenly(4, time.Second)
	want := schedule{0, 250 * time.Millisecond, 500 * time.Millisecond, 750 * time.Millisecond}
	if !slices.Equal(due, want) {
		t.Errorf("four a second for a second: got %v, want %v", due, want)
	}
	if got := len(evenly(conversations{people: 100}.perSecond(), 30*time.Second)); got != 600 {
		t.Errorf("100 people who write every 5 s for 30 s: got %d messages, want 600", got)
	}
}

// A slow event must neither hold back the later ones nor make them look quick: the first does not end
// before the last has begun, which a loop that waits for answers would never reach.
func TestALateEventDelaysNoOther(t *testing.T) {
	const events = 5
	var begun atomic.Int32
	last := make(chan struct{})
	times, err := openLoop(t.Context(), make(schedule, events), func(context.Context, int) error {
		if begun.Add(1) == events {
			close(last)
		}
		<-last
		return nil
	})
	if err != nil || len(times) != events {
		t.Errorf("got %d times, %v; want %d", len(times), err, events)
	}
}

// An event that was due before it could be begun is as late as that, however quick it was itself.
func TestTimesCountFromWhenAnEventWasDue(t *testing.T) {
	const late = time.Hour
	times, err := openLoop(t.Context(), schedule{-late, 0}, func(context.Context, int) error { return nil })
	if err != nil || len(times) != 2 {
		t.Fatalf("got %d times, %v; want 2", len(times), err)
	}
	if worst := slices.Max(times); worst < late {
		t.Errorf("an event an hour late counts as %s", worst)
	}
}

func TestAFailedEventHasNoTime(t *testing.T) {
	broken := errors.New("broken")
	times, err := openLoop(t.Context(), make(schedule, 3), func(_ context.Context, i int) error {
		if i == 1 {
			return broken
		}
		return nil
	})
	if !errors.Is(err, broken) || len(times) != 2 {
		t.Errorf("got %d times, %v; want 2 and the failure", len(times), err)
	}
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	times, err = openLoop(stopped, schedule{0, time.Hour}, func(context.Context, int) error { return nil })
	if !errors.Is(err, context.Canceled) || len(times) != 0 {
		t.Errorf("ended before it began: got %d times, %v", len(times), err)
	}
}
