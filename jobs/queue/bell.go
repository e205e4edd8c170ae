package queue

import (
	"context"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// bellTime bounds one ring; who misses it looks by itself a moment later.
const bellTime = 3 * time.Second

// Lull is the time between two notices, and between two looks of a worker for jobs: more of either only
// costs everybody. While rings follow one another the bell's own doubles up to longestLull: workers that
// are kept busy look again by themselves, and each notice wakes every listener of every process.
const (
	Lull        = 5 * time.Millisecond
	longestLull = 20 * time.Millisecond
)

// bell tells the workers of every process that there is something to do. It is rung after the commit of
// whoever inserted a job: a notice inside that transaction would hold a lock that all notices of the
// server share until its commit is on the disk, and so put every commit of the product into one line.
// Rings that come while one is under way, or in the lull after it, become one ring. Best effort: workers
// also look by themselves.
type bell struct {
	pool *pgxpool.Pool // relaxed: nobody needs a notice on the disk

	mu      sync.Mutex
	ringing bool
	again   bool
}

// notice is River's own news of a new job.
const notice = `SELECT pg_notify(current_schema() || '.river_insert', '{"queue": "default"}')`

// ring returns at once; whoever listens hears of everything committed before.
func (b *bell) ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ringing {
		b.again = true
		return
	}
	b.ringing = true
	go b.swing()
}

// swing rings until nobody has asked for it since.
func (b *bell) swing() {
	for lull, more := Lull, true; more; lull, more = min(2*lull, longestLull), b.rungAgain() {
		ctx, cancel := context.WithTimeout(context.Background(), bellTime)
		_, _ = b.pool.Exec(ctx, notice) // else the workers find it by themselves
		cancel()
		time.Sleep(lull)
	}
}

func (b *bell) rungAgain() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ringing, b.again = b.again, false
	return b.ringing
}
