package queue

import (
	"context"
	"fmt"
	"time"
)

// Pending counts the jobs that would move without anything else happening: jobs that run, jobs whose time has
// come by machine time or comes in a moment, because another worker was at their work (Busy), and jobs nobody
// tried yet, which are at most kept back for a moment. A retry that waits for its backoff is not among them.
func (q *Queue) Pending(ctx context.Context) (int, error) {
	var n int
	err := q.db.On(ctx).Raw(`SELECT count(*) FROM river_job WHERE state = 'running'
		OR state IN ('available', 'scheduled', 'retryable') AND (attempted_at IS NULL OR scheduled_at <= now() + make_interval(secs => ?))`,
		longestBusy.Seconds()).Scan(&n).Error
	if err != nil {
		return 0, fmt.Errorf("count due jobs: %w", err)
	}
	return n, nil
}

// Counts is how many jobs are in each state, all six of River's present.
func (q *Queue) Counts(ctx context.Context) (map[string]int, error) {
	var rows []struct {
		State string
		N     int
	}
	err := q.db.On(ctx).Raw(`SELECT state::text AS state, count(*) AS n FROM river_job GROUP BY state`).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("count jobs: %w", err)
	}
	counts := map[string]int{"available": 0, "running": 0, "retryable": 0, "scheduled": 0, "completed": 0, "discarded": 0, "cancelled": 0}
	for _, r := range rows {
		counts[r.State] = r.N
	}
	return counts, nil
}

// CrewLock is the advisory lock that every crew at work shares, in whichever process: who counts its holders counts them.
const CrewLock = 7_305_002

// Area is how one kind of work stands, by the first word of the jobs' names: "chat", "notify", "payment" …
type Area struct {
	Name     string
	Waiting  int // for a worker
	Running  int
	Retrying int // failed, and not for the last time
	Later    int // not due
	Dead     int // failed for good, set aside or not
	// Oldest is how long the one that waits longest has been due.
	Oldest time.Duration
}

// Health is how all work stands.
type Health struct {
	Areas []Area // by name; one that never had a job is not among them
	Crews int    // at work on it, in all processes
}

// Health looks at all jobs at one moment.
func (q *Queue) Health(ctx context.Context) (Health, error) {
	var rows []struct {
		Area
		Seconds float64
	}
	const due = "(state = 'available' OR state IN ('scheduled', 'retryable') AND scheduled_at < now())"
	err := q.db.On(ctx).Raw(`SELECT split_part(kind, '.', 1) AS name,
		count(*) FILTER (WHERE ` + due + `) AS waiting, count(*) FILTER (WHERE state = 'running') AS running,
		count(*) FILTER (WHERE state = 'retryable' AND NOT ` + due + `) AS retrying, count(*) FILTER (WHERE state = 'scheduled' AND NOT ` + due + `) AS later,
		count(*) FILTER (WHERE state = 'discarded') AS dead,
		COALESCE(extract(epoch FROM now() - min(scheduled_at) FILTER (WHERE ` + due + `)), 0) AS seconds
		FROM river_job GROUP BY 1 ORDER BY 1`).Scan(&rows).Error
	if err != nil {
		return Health{}, fmt.Errorf("look at the queue: %w", err)
	}
	h := Health{Areas: make([]Area, len(rows))}
	for i, r := range rows {
		h.Areas[i] = r.Area
		h.Areas[i].Oldest = time.Duration(max(0, r.Seconds) * float64(time.Second))
	}
	err = q.db.On(ctx).Raw(`SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1
		AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND classid = 0 AND objid = ?`, CrewLock).Scan(&h.Crews).Error
	if err != nil {
		return Health{}, fmt.Errorf("count crews: %w", err)
	}
	return h, nil
}
