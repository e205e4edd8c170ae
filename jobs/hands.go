package jobs

import (
	"sync"
	"time"

	"frontdesk/internal/clock"
)

// forgottenAfter is after how long a job that runs by the queue's account, and in nobody's hands, is
// taken back. The database may have been away when its end was to be noted.
const forgottenAfter = 15 * time.Second

// hands are the jobs this crew is at, and those it has just put down.
type hands struct {
	clock clock.Clock
	mu    sync.Mutex
	ended map[int64]time.Time // machine time, by job; zero while it is worked
}

func newHands(c clock.Clock) *hands { return &hands{clock: c, ended: map[int64]time.Time{}} }

func (h *hands) take(job int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ended[job] = time.Time{}
}

func (h *hands) putDown(job int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ended[job] = h.clock.Machine()
}

// full lists the jobs that are worked, or whose end may be on its way to the queue still.
func (h *hands) full() []int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	jobs := make([]int64, 0, len(h.ended))
	for job, ended := range h.ended {
		if !ended.IsZero() && h.clock.Machine().Sub(ended) > forgottenAfter {
			delete(h.ended, job)
			continue
		}
		jobs = append(jobs, job)
	}
	return jobs
}
