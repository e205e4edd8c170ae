package jobs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/riverqueue/river"

	"frontdesk/internal/clock"
	"frontdesk/internal/database"
	"frontdesk/internal/metrics"
	"frontdesk/jobs/queue"
)

const (
	beatEvery = time.Second
	beatTime  = 3 * time.Second // for one beat, or for asking for one sweep
	// silence is after how long without a good beat the crew calls itself unhealthy.
	silence = 15 * time.Second
	// presenceKey is the lock's name for a client id given as $1.
	presenceKey = `hashtextextended('frontdesk:crew:' || $1, 0)`
	// deathsHeard lets the connection hear of jobs that die, by whatever road: the database says so where it notes them.
	deathsHeard = "LISTEN frontdesk_letters"
)

// presence shows that this crew lives and takes back the jobs of crews that do not.
//
// A killed process leaves its jobs "running", and River lets them lie for long. So every crew holds a
// session lock on a connection of its own, named after its River client: the server frees it in the
// moment the process is gone. A running job whose last client holds no such lock has nobody working
// on it and goes back to the queue. Jobs are safe to run twice, so a crew that merely lost its
// connection does no harm. For the same reason it takes back what stands as its own and is not in its
// hands: River gives up noting the end of a job when the database is away for some seconds.
type presence struct {
	id      string
	db      *database.DB
	clock   clock.Clock
	client  *river.Client[pgx.Tx]
	hands   *hands
	metrics *metrics.Registry
	log     *slog.Logger
	sweep   time.Duration
	died    func(context.Context) // Options.died

	heard  bool      // jobs have died since the last beat
	conn   *pgx.Conn // used by the beat alone once it runs
	stop   context.CancelFunc
	ended  chan struct{}
	mu     sync.Mutex
	beaten time.Time // machine time of the last good beat
}

func newPresence(o Options, id string, client *river.Client[pgx.Tx], h *hands) *presence {
	return &presence{
		id: id, db: o.DB, clock: o.Clock, client: client, hands: h, metrics: o.Metrics, log: o.Log,
		sweep: cmp.Or(o.Sweep, 10*time.Second), died: o.died, ended: make(chan struct{}),
	}
}

// begin is at the lock before it returns, and has taken back what was left.
func (p *presence) begin(ctx context.Context) error {
	if err := p.beat(ctx); err != nil {
		return errors.Join(err, p.close(ctx))
	}
	loop, stop := context.WithCancel(context.WithoutCancel(ctx))
	p.stop = stop
	go p.run(loop)
	return nil
}

// end frees the lock.
func (p *presence) end(ctx context.Context) error {
	p.stop()
	<-p.ended
	return p.close(ctx)
}

func (p *presence) run(ctx context.Context) {
	defer close(p.ended)
	beats, sweeps := time.NewTicker(beatEvery), time.NewTicker(p.sweep)
	defer beats.Stop()
	defer sweeps.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-beats.C:
			err = p.beat(ctx)
		case <-sweeps.C:
			err = p.askForSweep(ctx)
		}
		if err != nil && ctx.Err() == nil {
			p.log.WarnContext(ctx, "crew is out of touch", "err", err)
		}
	}
}

func (p *presence) beat(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, beatTime)
	defer cancel()
	if err := p.hold(ctx); err != nil {
		return err
	}
	rescued, err := rescue(ctx, p.db, p.id, p.hands.full())
	if err != nil {
		return err
	}
	if rescued > 0 {
		p.metrics.JobsRescued.Add(float64(rescued))
		p.log.WarnContext(ctx, "took back jobs nobody works on", "jobs", rescued)
	}
	p.tellDeaths(ctx)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.beaten = p.clock.Machine()
	return nil
}

// tellDeaths passes on what the connection has heard since the last beat.
func (p *presence) tellDeaths(ctx context.Context) {
	if p.heard && p.died != nil {
		p.died(ctx)
	}
	p.heard = false
}

// hold makes sure that the lock is ours, on a new connection when the old one broke.
func (p *presence) hold(ctx context.Context) error {
	if p.conn != nil && p.conn.Ping(ctx) == nil {
		return nil
	}
	if p.conn != nil {
		_ = p.conn.Close(ctx) // it is broken already
		p.conn = nil
	}
	cfg := p.db.Relaxed.Config().ConnConfig.Copy()
	cfg.OnNotification = func(*pgconn.PgConn, *pgconn.Notification) { p.heard = true } // within a beat: it is read with the ping
	conn, err := pgx.ConnectConfig(ctx, cfg)
	if err != nil {
		return fmt.Errorf("connect for presence: %w", err)
	}
	var held bool
	err = conn.QueryRow(ctx, `SELECT pg_try_advisory_lock(`+presenceKey+`) AND pg_try_advisory_lock_shared($2)`, p.id, queue.CrewLock).Scan(&held)
	if err == nil && !held {
		err = errors.New("the server still keeps it for a broken connection")
	}
	if err == nil {
		_, err = conn.Exec(ctx, deathsHeard)
		p.heard = true // of what died while nobody listened
	}
	if err != nil {
		return errors.Join(fmt.Errorf("take presence lock: %w", err), conn.Close(ctx))
	}
	p.conn = conn
	return nil
}

// rescue puts running jobs back into the queue that have no living client, or that are the client's own
// and neither young nor in its hands (nil: it has none); as dead letters when that was their last
// attempt. It counts them.
func rescue(ctx context.Context, db *database.DB, client string, inHand []int64) (int64, error) {
	const sql = `
		UPDATE river_job SET
			state = CASE WHEN attempt >= max_attempts THEN 'discarded' ELSE 'available' END::river_job_state,
			finalized_at = CASE WHEN attempt >= max_attempts THEN now() END,
			scheduled_at = now(),
			errors = array_append(errors, jsonb_build_object(
				'at', now(), 'attempt', attempt, 'error', 'nobody works on it any more', 'trace', ''))
		WHERE state = 'running' AND (
			attempted_by[array_upper(attempted_by, 1)] = $1 AND attempted_at < now() - $3::interval AND id <> ALL(COALESCE($2, '{}'::bigint[]))
			OR NOT EXISTS (
			SELECT 1 FROM pg_locks, LATERAL (
				SELECT hashtextextended('frontdesk:crew:' || attempted_by[array_upper(attempted_by, 1)], 0) AS key) held
			WHERE locktype = 'advisory' AND granted AND objsubid = 1
				AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
				AND classid::bigint = (held.key >> 32) & 4294967295 AND objid::bigint = held.key & 4294967295))`
	tag, err := db.Relaxed.Exec(ctx, sql, client, inHand, forgottenAfter)
	if err != nil {
		return 0, fmt.Errorf("take back jobs: %w", err)
	}
	return tag.RowsAffected(), nil
}

// askForSweep enqueues a sweep unless another crew did within the period.
func (p *presence) askForSweep(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, beatTime) // a full pool must not stop the beats
	defer cancel()
	unique := river.UniqueOpts{ByPeriod: p.sweep}
	if _, err := p.client.Insert(ctx, queue.Sweep{}, &river.InsertOpts{UniqueOpts: unique}); err != nil {
		return fmt.Errorf("ask for a sweep: %w", err)
	}
	return nil
}

func (p *presence) healthy() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if quiet := p.clock.Machine().Sub(p.beaten); quiet > silence {
		return fmt.Errorf("no beat for %s", quiet.Round(time.Second))
	}
	return nil
}

func (p *presence) close(ctx context.Context) error {
	if p.conn == nil {
		return nil
	}
	if err := p.conn.Close(ctx); err != nil {
		return fmt.Errorf("free presence lock: %w", err)
	}
	return nil
}
