package queue

import (
	"context"

	"github.com/riverqueue/river"

	"frontdesk/internal/database"
)

// EnqueueOnce is Enqueue for a job that does all there is to do: one is enough for a transaction, however
// often it is asked for there. The arguments are of a comparable type.
func (q *Queue) EnqueueOnce(ctx context.Context, args river.JobArgs) error {
	if !database.Once(ctx, args) {
		return nil
	}
	return q.Enqueue(ctx, args)
}
