package database

import (
	"context"
	"sync/atomic"
)

// Kept is something made of the salon's own data, read once per edition and then held. Everybody is given
// the same value: nobody may change it, nor what it points to.
//
// What Of gives is never older than the edition in force when it was asked, or than the pin of its context.
// Inside a transaction that is not pinned it is read from the tables: whoever changes this data must see
// their own change. What is read inside a transaction is never held, because others may not see it yet.
// Safe for concurrent use.
type Kept[T any] struct {
	db      *DB
	read    func(context.Context) (T, error)
	held    atomic.Pointer[heldValue[T]]
	reading chan struct{} // taken by whoever reads, so that the others wait for that one reading
}

type heldValue[T any] struct {
	of    edition
	value T
}

// Keep makes a Kept of what read gives.
func Keep[T any](db *DB, read func(context.Context) (T, error)) *Kept[T] {
	return &Kept[T]{db: db, read: read, reading: make(chan struct{}, 1)}
}

// Of is the value for this context: without a trip when it is pinned and the value is held, with one trip
// for the edition when it is not pinned.
func (k *Kept[T]) Of(ctx context.Context) (T, error) {
	wanted := pinned(ctx)
	if InTransaction(ctx) {
		if had := k.held.Load(); wanted > 0 && had != nil && had.of >= wanted {
			return had.value, nil
		}
		return k.read(ctx) // whoever holds a connection waits for nobody who may need one
	}
	var none T
	if wanted == 0 {
		var err error
		if wanted, err = k.db.edition(ctx); err != nil {
			return none, err
		}
	}
	if had := k.held.Load(); had != nil && had.of >= wanted {
		return had.value, nil
	}
	select {
	case k.reading <- struct{}{}:
		defer func() { <-k.reading }()
	case <-ctx.Done():
		return none, ctx.Err()
	}
	if had := k.held.Load(); had != nil && had.of >= wanted {
		return had.value, nil
	}
	value, err := k.read(ctx)
	if err != nil {
		return none, err
	}
	k.held.Store(&heldValue[T]{wanted, value}) // under the semaphore, and newer than what was held
	return value, nil
}
