package jobs

import (
	"context"
	"errors"

	"github.com/riverqueue/river"

	"frontdesk/jobs/queue"
)

// erasure redacts somebody. After its last attempt the request says that it failed.
func (r Rules) erasure(ctx context.Context, job *river.Job[queue.PrivacyErasure]) (err error) {
	over := false
	defer func() {
		if over || job.Attempt < job.MaxAttempts {
			return
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), giveUpTime)
		defer cancel()
		err = errors.Join(err, r.Privacy.GiveUp(ctx, job.Args.RequestID))
	}()
	err = r.Privacy.Redact(ctx, job.Args.RequestID)
	over = err == nil
	return err
}
