package queue

import (
	"github.com/riverqueue/river"

	"frontdesk/models"
)

// Reconcile compares what the payment provider has with our books, in one window.
type Reconcile struct {
	RunID models.ID `json:"run_id"`
}

// Kind is the job's name.
func (Reconcile) Kind() string { return "reconcile.run" }

// attemptsCompare is an hour of a provider that is away; the next day takes in what is left.
const attemptsCompare = 60

// InsertOpts is its retry policy.
func (Reconcile) InsertOpts() river.InsertOpts { return opts(attemptsCompare) }

// ReconcileWatch compares what is fresh. The next one comes in a few minutes, whatever becomes of this.
type ReconcileWatch struct{}

// Kind is the job's name.
func (ReconcileWatch) Kind() string { return "reconcile.watch" }

// InsertOpts is its retry policy.
func (ReconcileWatch) InsertOpts() river.InsertOpts { return opts(attemptsOwn) }
