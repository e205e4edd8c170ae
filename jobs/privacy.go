package jobs

import (
	"context"
	"errors"
	"time"

	"github.com/riverqueue/river"

	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// erasureTime bounds an erasure, which looks through everything that others wrote.
const erasureTime = 30 * time.Minute

// erasure is the worker that redacts somebody, with more time than other jobs have.
type erasure struct {
	river.WorkerDefaults[queue.PrivacyErasure]
	rules Rules
}

// Timeout is how long one attempt may take.
func (erasure) Timeout(*river.Job[queue.PrivacyErasure]) time.Duration { return erasureTime }

// Work redacts. After its last attempt the request says that it failed.
func (w erasure) Work(ctx context.Context, job *river.Job[queue.PrivacyErasure]) (err error) {
	over := false
	defer func() {
		if over || job.Attempt < job.MaxAttempts {
			return
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), giveUpTime)
		defer cancel()
		err = errors.Join(err, w.rules.Privacy.GiveUp(ctx, job.Args.RequestID))
	}()
	err = w.rules.Privacy.Redact(ctx, job.Args.RequestID)
	over = err == nil || postponed(err) != nil
	return snoozed(err)
}

// privacyChatwoot tells Chatwoot of an erasure, and notes what it said.
func (r Rules) privacyChatwoot(ctx context.Context, job *river.Job[queue.PrivacyChatwoot]) error {
	deleted, err := r.Post.ForgetInChatwoot(ctx, models.ChatwootPlace{AccountID: job.Args.AccountID, ChatwootID: job.Args.ChatwootID})
	if err != nil {
		return snoozed(err)
	}
	return r.Privacy.ToldChatwoot(ctx, job.Args.RequestID, deleted)
}
