package database

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// InTwoTrips runs a transaction of two trips, for what is done most and is nearly always the same. The first begins it and
// asks, under whatever locks the questions take; the second writes what decide makes of the answers, and commits it. Nothing
// else can be asked in it: where decide finds that there is more to it, it gives no batch, nothing stands, and its caller goes
// the usual way. It is no part of another transaction, and what is written is not judged by rows: what must not happen is
// refused by the statement itself.
func (db *DB) InTwoTrips(ctx context.Context, ask *Batch, decide func(ctx context.Context) (*Batch, error)) (written bool, err error) {
	if InTransaction(ctx) {
		return false, errors.New("two trips: there is a transaction already")
	}
	if ask.judged() {
		return false, errors.New("two trips: answers are judged by what decides")
	}
	t := &tx{}
	if written, err = db.twoTrips(ctx, t, ask, decide); !written {
		return false, err
	}
	for _, f := range t.after {
		f()
	}
	return true, nil
}

// twoTrips makes them, and has given its connection back when it returns.
func (db *DB) twoTrips(ctx context.Context, t *tx, ask *Batch, decide func(ctx context.Context) (*Batch, error)) (written bool, err error) {
	conn, err := db.Pool.Acquire(ctx)
	if err != nil {
		return false, fmt.Errorf("two trips: %w", err)
	}
	defer conn.Release() // with a transaction that is still open it is closed
	defer func() {
		if !written {
			undo(ctx, conn.Conn())
		}
	}()
	if err := ask.within("begin", true).trip(ctx, conn.Conn()); err != nil {
		return false, fmt.Errorf("ask in two trips: %w", err)
	}
	write, err := decide(context.WithValue(ctx, txKey{}, t))
	if err != nil || write == nil {
		return false, err
	}
	if write.judged() {
		return false, errors.New("two trips: what is written is judged after its commit")
	}
	if err := write.within("commit", false).trip(ctx, conn.Conn()); err != nil {
		return false, fmt.Errorf("write in two trips: %w", err)
	}
	return true, nil
}

// within puts a word before or behind a batch.
func (b *Batch) within(word string, before bool) *Batch {
	whole := &Batch{err: b.err}
	if before {
		whole.Exec(word)
	}
	whole.sent.QueuedQueries = append(whole.sent.QueuedQueries, b.sent.QueuedQueries...)
	whole.parts = append(whole.parts, b.parts...)
	if !before {
		whole.Exec(word)
	}
	return whole
}

func (b *Batch) trip(ctx context.Context, conn *pgx.Conn) error {
	if b.err != nil {
		return b.err
	}
	_, err := b.send(ctx, conn)
	return err
}

// undoing is how long it may take to take back what was begun.
const undoing = 2 * time.Second

// undo ends what was begun without leaving anything, also for who does not wait any more; what cannot be asked to is closed.
func undo(ctx context.Context, conn *pgx.Conn) {
	if conn.IsClosed() || conn.PgConn().TxStatus() == 'I' {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), undoing)
	defer cancel()
	_, _ = conn.Exec(ctx, "rollback") // a connection that fails is closed by the pool
}
