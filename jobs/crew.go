// Package jobs works the queue: one worker per kind, each a few lines that call one rule, and the
// sweep that finds what has become due. It owns retry pauses, and the taking back of jobs from a
// process that died. It must never hold a rule.
package jobs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"frontdesk/internal/clock"
	"frontdesk/internal/database"
	"frontdesk/internal/letters"
	"frontdesk/internal/metrics"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// Options of a crew. Zero values take the defaults in brackets.
type Options struct {
	DB      *database.DB
	Clock   clock.Clock // machine time alone is read
	Metrics *metrics.Registry
	Log     *slog.Logger
	Workers int           // jobs worked at once [eight for every core the process may use]
	Timeout time.Duration // of one job [30s]
	// Sweep is how often a sweep is asked for, by machine time [10s].
	Sweep time.Duration
	// NoteAtOnce notes the end of each job as soon as it is done: one statement more for each, for those
	// who wait until nothing is left to do. River notes many together, up to a quarter of a second later.
	NoteAtOnce bool

	died func(context.Context) // is told, once a beat, when jobs have died or dead ones have moved; nil: nobody is
}

// Crew works jobs until it is stopped. Any number of crews, in any number of processes, share one queue.
type Crew struct {
	client   *river.Client[pgx.Tx]
	presence *presence
}

// Start takes back what dead processes left, then begins to work. The crew outlives ctx: end it with
// Stop.
func Start(ctx context.Context, rules Rules, o Options) (*Crew, error) {
	rules.metrics = o.Metrics
	if rules.Letters != nil {
		o.died = rules.Letters.Died
	}
	return start(ctx, rules.workers(), o)
}

func start(ctx context.Context, workers *river.Workers, o Options) (*Crew, error) {
	id, inHand := "frontdesk-"+models.NewID().String(), newHands(o.Clock)
	observing := &observer{metrics: o.Metrics, hands: inHand}
	if o.NoteAtOnce {
		observing.done = noteIn(o.DB)
	}
	client, err := river.NewClient(riverpgxv5.New(o.DB.Relaxed), &river.Config{
		ID:                          id,
		Queues:                      map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: cmp.Or(o.Workers, 8*runtime.GOMAXPROCS(0))}},
		Workers:                     workers,
		FetchCooldown:               queue.Lull, // the default also delays insert notifications
		FetchPollInterval:           100 * time.Millisecond,
		JobTimeout:                  cmp.Or(o.Timeout, 30*time.Second),
		RescueStuckJobsAfter:        10 * time.Minute, // last resort; presence finds dead processes in seconds
		SoftStopTimeout:             5 * time.Second,  // then running jobs are cancelled
		DiscardedJobRetentionPeriod: -1,               // discarded jobs are the dead letters
		CancelledJobRetentionPeriod: letters.KeepFor,  // somebody may take a discarding back
		RetryPolicy:                 pauses{o.Clock},
		ErrorHandler:                reporter{log: o.Log},
		Middleware:                  []rivertype.Middleware{observing},
		Logger:                      slog.New(atLeast{level: slog.LevelWarn, Handler: o.Log.Handler()}),
	})
	if err != nil {
		return nil, fmt.Errorf("open job client: %w", err)
	}
	p := newPresence(o, id, client, inHand)
	if err := p.begin(ctx); err != nil {
		return nil, err
	}
	if err := client.Start(context.WithoutCancel(ctx)); err != nil {
		return nil, errors.Join(fmt.Errorf("start workers: %w", err), p.end(ctx))
	}
	return &Crew{client: client, presence: p}, nil
}

// noteIn writes that a job is done, in the way River itself will. Best effort: River does it all the same.
func noteIn(db *database.DB) func(ctx context.Context, job int64) {
	return func(ctx context.Context, job int64) {
		_, _ = db.Relaxed.Exec(ctx, "UPDATE river_job SET state = 'completed', finalized_at = now() WHERE id = $1 AND state = 'running'", job)
	}
}

// Stop takes no more jobs, waits for running ones, and cancels those that do not end; a cancelled job
// goes back to the queue. It returns when the context ends at the latest.
func (c *Crew) Stop(ctx context.Context) error {
	err := c.client.Stop(ctx)
	if err != nil {
		err = fmt.Errorf("stop workers: %w", err)
	}
	return errors.Join(err, c.presence.end(ctx))
}

// Healthy tells whether this crew is at work and known to the others.
func (c *Crew) Healthy() error { return c.presence.healthy() }
