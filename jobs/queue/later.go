package queue

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// Later is not a failure: the job is to be run again after a while, without counting an attempt.
type Later struct {
	After  time.Duration // machine time
	Reason string
}

// Error is for logs.
func (l *Later) Error() string { return fmt.Sprintf("%s, again in %s", l.Reason, l.After) }

// How long work waits for what another worker holds: at least as long as a turn takes.
const (
	busyPause   = 50 * time.Millisecond
	longestBusy = 3 * busyPause
)

// Busy is a Later for work that another worker is at. Waiting for its lock would occupy this worker
// too, and a person who writes much would occupy them all. The pauses differ, so that those
// who go together do not come back together.
func Busy(reason string) *Later {
	return &Later{After: busyPause + rand.N(longestBusy-busyPause), Reason: reason}
}
