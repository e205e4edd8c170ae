package queue

import (
	"context"
	"fmt"
	"time"

	"github.com/riverqueue/river"

	"frontdesk/internal/database"
)

// grace is how long the queue keeps a job back that a worker has said it will do itself: longer than a
// turn and its sending take, and short for a customer who waits because that worker died.
const grace = time.Second

// Ahead is the work a worker goes on to by itself when its own job is done: the turn that answers a
// message, and the sending of what the turn said. A customer waits for both, and every way through the
// queue takes time. The jobs are in the queue all the same, with their own attempts and dead letters;
// they only come a moment later, and not at all once they are struck. Not for concurrent use.
type Ahead struct {
	todo  []errand
	done  []int64
	after []func()
}

// errand is a job that was enqueued on the way.
type errand struct {
	id   int64
	args river.JobArgs
}

type aheadKey struct{}

// GoAhead puts an empty Ahead on the context: turns and flushes enqueued under it are noted there.
func GoAhead(ctx context.Context) (context.Context, *Ahead) {
	a := &Ahead{}
	return context.WithValue(ctx, aheadKey{}, a), a
}

// ahead is the Ahead that a job belongs to; nil for jobs that take the usual way.
func ahead(ctx context.Context, args river.JobArgs) *Ahead {
	switch args.(type) {
	case ChatTurn, Flush:
		a, _ := ctx.Value(aheadKey{}).(*Ahead)
		return a
	default:
		return nil
	}
}

func (a *Ahead) note(e errand) {
	a.todo = append(a.todo, e)
}

// Afterwards runs f when the work that is gone ahead with is done, or left to its jobs: for what can wait
// until the customer has the answer, and may be lost. Where nobody goes ahead it runs at once.
func Afterwards(ctx context.Context, f func()) {
	a, _ := ctx.Value(aheadKey{}).(*Ahead)
	if a == nil {
		f()
		return
	}
	a.after = append(a.after, f)
}

// Do hands out the jobs that were committed under the context, and those they lead to, until none is
// left or one fails: that one and those after it are left to the queue.
func (a *Ahead) Do(work func(args river.JobArgs) error) error {
	defer a.rest()
	for e, found := a.first(); found; e, found = a.first() {
		if err := work(e.args); err != nil {
			return err
		}
		a.struck(e)
	}
	return nil
}

// rest does what was left for afterwards.
func (a *Ahead) rest() {
	for _, f := range a.after {
		f()
	}
	a.after = nil
}

func (a *Ahead) first() (errand, bool) {
	if len(a.todo) == 0 {
		return errand{}, false
	}
	return a.todo[0], true
}

// struck moves the first job to those that are done.
func (a *Ahead) struck(e errand) {
	a.todo, a.done = a.todo[1:], append(a.done, e.id)
}

// Settle takes what was done off the queue and, when the rest is wanted sooner than its grace, brings it
// forward to then. Best effort: who finds a job that is done has nothing to do, and the rest comes anyway.
// What a worker has fetched in the meantime finds out for itself and is not struck: others may count on it.
// The state is compared as a text so that jobs are found by their ids, not by reading all that wait.
func (q *Queue) Settle(ctx context.Context, a *Ahead, rest time.Duration) error {
	if err := q.strike(ctx, a.done); err != nil {
		return err
	}
	if len(a.todo) == 0 || rest >= grace {
		return nil
	}
	left := make([]int64, len(a.todo))
	for i, e := range a.todo {
		left[i] = e.id
	}
	_, err := q.db.Relaxed.Exec(ctx, `UPDATE river_job SET scheduled_at = least(scheduled_at, now() + $2 * interval '1 second')
		WHERE id = ANY($1) AND state::text = 'available'`, left, rest.Seconds())
	if err != nil {
		return fmt.Errorf("bring jobs forward: %w", err)
	}
	return nil
}

func (q *Queue) strike(ctx context.Context, done []int64) error {
	if len(done) == 0 {
		return nil
	}
	_, err := q.db.Relaxed.Exec(ctx, `UPDATE river_job SET state = 'completed', finalized_at = now(),
			attempt = 1, attempted_at = now(), attempted_by = '{ahead}'
		WHERE id = ANY($1) AND state::text = 'available' AND attempted_at IS NULL`, done)
	if err != nil {
		return fmt.Errorf("strike jobs: %w", err)
	}
	return nil
}

// keepBack enqueues a job for later and notes it once it is committed.
func (q *Queue) keepBack(ctx context.Context, a *Ahead, args river.JobArgs, r row) error {
	e := errand{args: args}
	err := q.db.On(ctx).Raw(`INSERT INTO river_job (kind, args, max_attempts, scheduled_at)
		VALUES (?, ?, ?, now() + ? * interval '1 second') RETURNING id`,
		r.kind, r.args, r.attempts, grace.Seconds()).Scan(&e.id).Error
	if err != nil {
		return fmt.Errorf("enqueue %s: %w", r.kind, err)
	}
	database.AfterCommit(ctx, func() { a.note(e) })
	return nil
}
