// Package letters owns the dead letters: jobs that used up their attempts, grouped by what they failed of. People find them,
// bring them back, one or many, mend their arguments or discard them, with a reason, and every act is audited. What died is
// noted by the database itself, in the transaction of the death; River's table holds the jobs. Locks are taken in this order:
// the run, the count (counting), the jobs. It must never do a job's work.
package letters

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"frontdesk/internal/audit"
	"frontdesk/internal/clock"
	"frontdesk/internal/database"
	"frontdesk/internal/redisstore"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// Limits of what is done at once.
const (
	MaxReason = 300
	// MaxDropped is how many jobs are discarded by one act.
	MaxDropped = 5000
	// MaxBack is how many jobs are brought back by one act: trying it and fixing which they are must end while somebody waits.
	MaxBack = 100_000
	// MaxRate is how many jobs a second come back at most where a rate is asked for.
	MaxRate = 1000
)

// How long things are kept. A letter that is open stays until somebody decides.
const (
	UndoFor = 24 * time.Hour      // a discarding can be taken back
	KeepFor = 90 * 24 * time.Hour // what has become of a letter
)

// Tray holds the dead letters.
type Tray struct {
	db    *database.DB
	clock clock.Clock // business time stands nowhere here: jobs live by the machine's
	queue *queue.Queue
	live  *redisstore.Store
	log   *audit.Log
}

// New makes a tray on the database.
func New(db *database.DB, c clock.Clock, q *queue.Queue, live *redisstore.Store) *Tray {
	return &Tray{db: db, clock: c, queue: q, live: live, log: audit.New(db, c)}
}

// Group is what jobs of one kind failed of.
type Group struct {
	ID      models.ID
	Kind    string
	Error   string // without ids, figures and quoted words
	Place   string // the topmost frame of ours, where it panicked
	Open    int    // how many wait for a decision
	Deaths  int64  // how often it has happened
	FirstAt time.Time
	LastAt  time.Time
}

// State says what has become of a letter.
type State string

// States of a letter.
const (
	Open    State = "open"
	Back    State = "back"    // came back to the queue
	Dropped State = "dropped" // discarded by somebody
	Gone    State = "gone"    // its job is deleted
)

// Letter is one dead job.
type Letter struct {
	JobID     int64
	GroupID   models.ID
	Kind      string
	Error     string // of its group
	State     State
	Deaths    int
	DiedAt    time.Time
	ChangedAt time.Time
	DropID    *models.ID
}

// Detail is one letter with its job. Args and the texts of Attempts are whole: Masked hides what may be a person's.
type Detail struct {
	Letter
	Place    string
	Line     *models.ID // whose order it comes back in
	Refs     []models.ID
	JobState string // River's; empty: the job is deleted
	Args     json.RawMessage
	Attempts []Attempt // the last first
	Created  time.Time
	Max      int
}

// Attempt is one try of a job.
type Attempt struct {
	At      time.Time `json:"at"`
	Attempt int       `json:"attempt"`
	Error   string    `json:"error"`
	Trace   string    `json:"trace"`
}

// Filter narrows the open letters. The zero value is all of them.
type Filter struct {
	Group models.ID
	Kind  string
	Words string    // of the error
	About models.ID // an order, a visit, a customer, a conversation …
	From  time.Time // when they died
	To    time.Time
	Jobs  []int64 // these and no others
}

// counting lets one transaction at a time change what is counted; the database's own notes take it, too.
func (t *Tray) counting(ctx context.Context) error {
	if err := t.db.On(ctx).Exec("SELECT pg_advisory_xact_lock(7305036)").Error; err != nil {
		return fmt.Errorf("lock the count: %w", err)
	}
	return nil
}

// Died tells open screens that jobs have died, or have left the tray by some other road than this one.
func (t *Tray) Died(ctx context.Context) { t.changed(ctx) }

// changed tells open screens.
func (t *Tray) changed(ctx context.Context) { t.live.Changed(ctx, redisstore.TopicLetters, "letters") }

func (t *Tray) record(ctx context.Context, actor, action, subject, reason string, detail map[string]any) error {
	return t.log.Record(ctx, audit.Entry{Actor: actor, Action: action, SubjectKind: "letter", SubjectID: subject, Reason: reason, Detail: detail})
}
