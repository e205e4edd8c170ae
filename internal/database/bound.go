package database

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// overdue is how much longer than the server itself we wait for the end of a statement: a server that is well has
// cancelled it by then and said so.
const overdue = 5 * time.Second

// bounded lets no statement wait longer for its server than it may take there (R-1401). The server's own limit is of no use
// while it is silent, or gone without a word, and not everybody who asks brings a limit: the queue's fetch of jobs has none.
// A statement that is given up closes its connection.
type bounded struct{ most time.Duration }

type boundKey struct{}

// begin gives a statement its time.
func (b bounded) begin(ctx context.Context) context.Context {
	ctx, cancel := context.WithTimeout(ctx, b.most)
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
	return b.begin(ctx)
}

// TraceQueryEnd ends it, when the last of its rows is read.
func (b bounded) TraceQueryEnd(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryEndData) { b.end(ctx) }

// TraceBatchStart begins statements that are sent together. Each may take its time at the server, and waits for the one before.
func (b bounded) TraceBatchStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceBatchStartData) context.Context {
	b.most *= time.Duration(max(1, data.Batch.Len()))
	return b.begin(ctx)
}

// TraceBatchQuery is told of each.
func (bounded) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}

// TraceBatchEnd ends them.
func (b bounded) TraceBatchEnd(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchEndData) { b.end(ctx) }
