package shop

import (
	"context"
	"sync"

	"frontdesk/internal/database"
)

// mostTotals is how many totals a process keeps; who asks for more different things has them counted again.
const mostTotals = 10_000

// totals are figures that whole tables are read for, by what was asked. They are true until the catalogue changes in the
// way that ends says, and the database tells when that is (migration 0026): no clock does. Safe for concurrent use.
type totals struct {
	memory *memory
	ends   since

	mu    sync.Mutex
	as    int64 // the number that they are true of
	known map[string]int64
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
	if n, known := t.find(as, key); known {
		return n, nil
	}
	n, err := count(ctx)
	if err == nil {
		t.keep(as, key, n)
	}
	return n, err
}

func (t *totals) find(as int64, key string) (int64, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.as != as {
		return 0, false
	}
	n, known := t.known[key]
	return n, known
}

// keep is for who read the number before they counted: a change since then makes a newer number, and what is kept under
// an older one than the latest that was seen is of no use.
func (t *totals) keep(as int64, key string, n int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case as < t.as:
		return
	case as > t.as || len(t.known) >= mostTotals:
		t.as, t.known = as, map[string]int64{}
	}
	t.known[key] = n
}
