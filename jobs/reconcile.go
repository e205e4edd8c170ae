package jobs

import (
	"context"
	"errors"
	"time"

	"github.com/riverqueue/river"

	"frontdesk/internal/reconcile"
	"frontdesk/jobs/queue"
)

// compareTime bounds a comparison, which may read a month of the provider's lists.
const compareTime = 10 * time.Minute

// comparison is the worker of a comparison, with more time than other jobs have.
type comparison struct {
	river.WorkerDefaults[queue.Reconcile]
	rules Rules
}

// Timeout is how long one attempt may take.
func (comparison) Timeout(*river.Job[queue.Reconcile]) time.Duration { return compareTime }

// Work is no dead letter when it fails for good: its row says why, and the next day takes in what is left.
func (w comparison) Work(ctx context.Context, job *river.Job[queue.Reconcile]) error {
	err := w.rules.Books.Work(ctx, job.Args.RunID, job.Attempt >= job.MaxAttempts)
	if failed := (*reconcile.Failed)(nil); errors.As(err, &failed) {
		return river.JobCancel(err)
	}
	return snoozed(err)
}

// freshLook is the worker of the look of every few minutes.
type freshLook struct {
	river.WorkerDefaults[queue.ReconcileWatch]
	rules Rules
}

// Timeout is how long one attempt may take: until the next is due.
func (freshLook) Timeout(*river.Job[queue.ReconcileWatch]) time.Duration { return 4 * time.Minute }

// Work is no dead letter: the next look is asked for anyway.
func (w freshLook) Work(ctx context.Context, _ *river.Job[queue.ReconcileWatch]) error {
	err := w.rules.Books.Watch(ctx)
	if err != nil && postponed(err) == nil {
		return river.JobCancel(err)
	}
	return snoozed(err)
}
