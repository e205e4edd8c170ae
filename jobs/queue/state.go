package queue

import (
	"context"
	"fmt"
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
