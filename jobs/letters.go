package jobs

import (
	"context"

	"github.com/riverqueue/river"

	"frontdesk/jobs/queue"
)

// lettersBack goes on with bringing many dead letters back.
func (r Rules) lettersBack(ctx context.Context, job *river.Job[queue.LettersBack]) error {
	return snoozed(r.Letters.Continue(ctx, job.Args.RunID))
}
