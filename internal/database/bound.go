package database

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// overdue is how much longer than the server itself we wait for the end of a statement: a server that is well has
// cancelled it by then and said so.
const overdue = 5 * time.Second

// bounded lets no statement wait longer for its server than it may take there (R-1401). The server's own limit is of no use
// while it is silent, or gone without a word, and not everybody who asks brings a limit: the queue's fetch of jobs has none.
// A statement that is given up closes its connection. Who may take longer at the server says so by Patiently.
type bounded struct{ most time.Duration }

type (
	boundKey    struct{}
	patienceKey struct{}
)

// Patiently is InTx for statements that may each take longer than usual, at the server and with us alike: nobody raises the one
// without the other. Joined to a transaction, it holds at the server until that ends.
func (db *DB) Patiently(ctx context.Context, each time.Duration, fn func(ctx context.Context) error) error {
	return db.InTx(patient(ctx, each), func(ctx context.Context) error {
		if err := db.On(ctx).Exec("SET LOCAL statement_timeout = " + millis(each)).Error; err != nil {
			return fmt.Errorf("give statements their time: %w", err)
		}
		return fn(ctx)
	})
}

// patient lets what is asked with a context take longer before we give it up.
func patient(ctx context.Context, each time.Duration) context.Context {
	return context.WithValue(ctx, patienceKey{}, each)
}

// of is how long a statement of a context may take.
func (b bounded) of(ctx context.Context) time.Duration {
	each, _ := ctx.Value(patienceKey{}).(time.Duration)
	return max(b.most, each+overdue)
}

// begin gives statements that are sent together their time.
func (b bounded) begin(ctx context.Context, statements int) context.Context {
	ctx, cancel := context.WithTimeout(ctx, b.of(ctx)*time.Duration(max(1, statements)))
	return context.WithValue(ctx, boundKey{}, cancel)
}

// end gives back what begin took.
func (b bounded) end(ctx context.Context) {
	if cancel, ok := ctx.Value(boundKey{}).(context.CancelFunc); ok {
		cancel()
	}
}

// TraceQueryStart begins a statement.
func (b bounded) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	return b.begin(ctx, 1)
}

// TraceQueryEnd ends it, when the last of its rows is read.
func (b bounded) TraceQueryEnd(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryEndData) { b.end(ctx) }

// TraceBatchStart begins statements that are sent together. Each may take its time at the server, and waits for the one before.
func (b bounded) TraceBatchStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceBatchStartData) context.Context {
	return b.begin(ctx, data.Batch.Len())
}

// TraceBatchQuery is told of each.
func (bounded) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}

// TraceBatchEnd ends them.
func (b bounded) TraceBatchEnd(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchEndData) { b.end(ctx) }
