package database

import (
	"context"
	"errors"
	"sync"
)

// Shared is a question that many ask at once and that has one answer for all of them, such as the number of an
// edition. Whoever asks while it is being asked waits for the next time it is, which begins after they came: what Of
// gives was true at some moment after it was called, however many share the trip. Safe for concurrent use.
type Shared[T any] struct {
	ask func(context.Context) (T, error)

	mu      sync.Mutex
	running *asking[T] // under way: too early for whoever comes now
	next    *asking[T] // not begun yet
}

// asking is one trip; its answer stands once done is closed.
type asking[T any] struct {
	done  chan struct{}
	value T
	err   error
}

// Share makes a Shared of what ask gives.
func Share[T any](ask func(context.Context) (T, error)) *Shared[T] { return &Shared[T]{ask: ask} }

// Of is the answer of a trip that began after it was called.
func (s *Shared[T]) Of(ctx context.Context) (T, error) {
	for {
		value, mine, err := s.join(ctx)
		if mine || ctx.Err() != nil || !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
			return value, err
		}
		// Whoever made the trip went away; we are still here.
	}
}

// join takes part in the next trip; mine tells that it was made with this context.
func (s *Shared[T]) join(ctx context.Context) (value T, mine bool, err error) {
	s.mu.Lock()
	if trip := s.next; trip != nil {
		s.mu.Unlock()
		select {
		case <-trip.done:
			return trip.value, false, trip.err
		case <-ctx.Done():
			return value, false, ctx.Err()
		}
	}
	trip, before := &asking[T]{done: make(chan struct{})}, s.running
	if before == nil {
		s.running = trip
		s.mu.Unlock()
	} else {
		s.next = trip
		s.mu.Unlock()
		select {
		case <-before.done:
		case <-ctx.Done(): // the maker of the one before may have more time than we
			s.giveUp(trip, ctx.Err())
			return value, true, ctx.Err()
		}
		s.mu.Lock()
		s.running, s.next = trip, nil
		s.mu.Unlock()
	}
	s.make(ctx, trip)
	return trip.value, true, trip.err
}

// giveUp lets those who joined a trip that will not begin make their own.
func (s *Shared[T]) giveUp(trip *asking[T], err error) {
	s.mu.Lock()
	s.next = nil
	s.mu.Unlock()
	trip.err = err
	close(trip.done)
}

// make makes a trip; whatever happens, nobody waits for it for ever.
func (s *Shared[T]) make(ctx context.Context, trip *asking[T]) {
	trip.err = errors.New("the question was not answered")
	defer func() {
		s.mu.Lock()
		if s.running == trip {
			s.running = nil
		}
		s.mu.Unlock()
		close(trip.done)
	}()
	trip.value, trip.err = s.ask(ctx)
}
