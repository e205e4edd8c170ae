package jobs

import (
	"context"

	"github.com/riverqueue/river"

	"frontdesk/internal/checkout"
	"frontdesk/internal/fault"
	"frontdesk/jobs/queue"
)

// returnPhoto fetches a picture and keeps it with its return.
func (r Rules) returnPhoto(ctx context.Context, job *river.Job[queue.ReturnPhoto]) error {
	photo, err := r.Till.PhotoToFetch(ctx, job.Args.PhotoID)
	if err != nil || photo == nil {
		return err
	}
	data, err := r.Post.Medium(ctx, photo.MediaID, checkout.MaxPicture)
	if fault.Is(err, "notify.medium_gone") {
		return r.Till.LosePhoto(ctx, photo.ID)
	}
	if err != nil {
		return err
	}
	return r.Till.FillPhoto(ctx, photo.ID, data)
}
