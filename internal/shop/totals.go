package shop

import (
	"context"
	"errors"
	"sync"

	"frontdesk/internal/database"
)

// mostTotals is how many totals a process keeps; who asks for more different things has them counted again.
const mostTotals = 10_000

// totals are figures that whole tables are read for, by what was asked. They are true until the catalogue changes in the
// way that ends says, and the database tells when that is (migration 0026): no clock does. Those who ask for the same at once
// share one count. Safe for concurrent use.
type totals struct {
	memory *memory
	ends   since

	mu    sync.Mutex
	as    int64 // the number that they are true of
	known map[string]int64
	under map[asking]*counting // under way
}

// asking is what is counted, under the number that was read before.
type asking struct {
	as  int64
	key string
}

// counting is one count; its figure stands once done is closed.
type counting struct {
	done chan struct{}
	n    int64
	err  error
}

// of gives a total that is known, else what count gives, which is known then. A failure is not kept, and nothing is
// inside a transaction, which must see its own changes.
func (t *totals) of(ctx context.Context, key string, count func(context.Context) (int64, error)) (int64, error) {
	if database.InTransaction(ctx) {
		return count(ctx)
	}
	as, err := t.memory.since(ctx, t.ends)
	if err != nil {
		return 0, err
	}
	for {
		n, mine, err := t.share(ctx, asking{as, key}, count)
		if mine || ctx.Err() != nil || !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
			return n, err
		}
		// Whoever counted went away; we are still here.
	}
}

// share gives what is known, or waits for the count that is under way, or counts; mine tells that it counted.
func (t *totals) share(ctx context.Context, q asking, count func(context.Context) (int64, error)) (n int64, mine bool, err error) {
	t.mu.Lock()
	if n, known := t.known[q.key]; known && t.as == q.as {
		t.mu.Unlock()
		return n, true, nil
	}
	c, busy := t.under[q]
	if !busy {
		c = &counting{done: make(chan struct{}), err: errors.New("the total was not counted")}
		if t.under == nil {
			t.under = map[asking]*counting{}
		}
		t.under[q] = c
	}
	t.mu.Unlock()
	if !busy {
		t.make(ctx, q, c, count)
		return c.n, true, c.err
	}
	select {
	case <-c.done:
		return c.n, false, c.err
	case <-ctx.Done():
		return 0, false, ctx.Err()
	}
}

// make counts; whatever happens, nobody waits for it for ever.
func (t *totals) make(ctx context.Context, q asking, c *counting, count func(context.Context) (int64, error)) {
	defer func() {
		t.mu.Lock()
		delete(t.under, q)
		t.mu.Unlock()
		close(c.done)
	}()
	if c.n, c.err = count(ctx); c.err == nil {
		t.keep(q.as, q.key, c.n)
	}
}

// keep is for who read the number before they counted: a change since then makes a newer number, and what is kept under
// an older one than the latest that was seen is of no use.
func (t *totals) keep(as int64, key string, n int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case as < t.as:
		return
	case t.known == nil || as > t.as || len(t.known) >= mostTotals:
		t.as, t.known = as, map[string]int64{}
	}
	t.known[key] = n
}
