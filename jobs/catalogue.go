package jobs

import (
	"context"
	"errors"
	"time"

	"github.com/riverqueue/river"

	"frontdesk/internal/shop"
	"frontdesk/jobs/queue"
)

// syncTime bounds the sync of a catalogue, which may be large.
const syncTime = 10 * time.Minute

// catalogueSync is the worker of a sync, with more time than other jobs have.
type catalogueSync struct {
	river.WorkerDefaults[queue.CatalogueSync]
	rules Rules
}

// Timeout is how long one attempt may take.
func (catalogueSync) Timeout(*river.Job[queue.CatalogueSync]) time.Duration { return syncTime }

// Work is no dead letter when it fails for good: its run says why, and whoever wants another asks for it.
func (w catalogueSync) Work(ctx context.Context, job *river.Job[queue.CatalogueSync]) error {
	err := w.rules.Shop.Sync(ctx, job.Args.RunID)
	if err == nil || shop.SyncAgain(err) && job.Attempt < job.MaxAttempts {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), giveUpTime)
	defer cancel()
	return river.JobCancel(errors.Join(err, w.rules.Shop.FailSync(ctx, job.Args.RunID, err)))
}
