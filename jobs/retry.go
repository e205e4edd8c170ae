package jobs

import (
	"errors"
	"math/rand/v2"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"frontdesk/internal/clock"
	"frontdesk/jobs/queue"
)

// pauses decides how long a failed job waits. Work on our own rows is tried again quickly, because
// what stood in its way was a lock or a restart; a provider is given time to recover.
type pauses struct{ clock clock.Clock }

// NextRetry is when the job is tried again, by machine time.
func (p pauses) NextRetry(job *rivertype.JobRow) time.Time {
	first, longest := 100*time.Millisecond, 30*time.Second
	if queue.NeedsProvider(job.Kind) {
		first, longest = time.Second, time.Minute
	}
	return p.clock.Machine().Add(jittered(pause(job.Attempt, first, longest)))
}

// pause doubles with every attempt up to the longest.
func pause(attempt int, first, longest time.Duration) time.Duration {
	doublings := max(0, attempt-1)
	if doublings >= 20 {
		return longest
	}
	return min(first<<doublings, longest)
}

// jittered spreads a pause over ±20 %, so that what failed together does not come back together.
func jittered(d time.Duration) time.Duration {
	return time.Duration(float64(d) * (0.8 + 0.4*rand.Float64()))
}

// postponed is the rule's wish to be run again later, or nil.
func postponed(err error) *queue.Later {
	later := (*queue.Later)(nil)
	errors.As(err, &later)
	return later
}

// snoozed puts a job that is wanted later back into the queue; its attempts stay as they are.
func snoozed(err error) error {
	if later := postponed(err); later != nil {
		return river.JobSnooze(later.After)
	}
	return err
}
