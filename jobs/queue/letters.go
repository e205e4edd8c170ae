package queue

import (
	"context"
	"fmt"
)

// Dead letters are jobs that failed for good. They stay in River's table until somebody decides: they may be set aside,
// so that what fails now is told from what is known to have failed. What brings them back is internal/letters.

// Depth is how many jobs are in each state. Failed are dead letters that nobody has set aside.
type Depth struct {
	Wait, Active, Completed, Failed, Delayed, SetAside int
}

// Depth counts the jobs, all at one moment.
func (q *Queue) Depth(ctx context.Context) (Depth, error) {
	var rows []struct {
		State string
		N     int
	}
	err := q.db.On(ctx).Raw(`SELECT state::text AS state, count(*) AS n FROM river_job GROUP BY state UNION ALL
		SELECT 'aside', count(*) FROM river_job WHERE state = 'discarded' AND finalized_at IS NOT NULL AND ` + isAside).Scan(&rows).Error
	if err != nil {
		return Depth{}, fmt.Errorf("count jobs: %w", err)
	}
	n := map[string]int{}
	for _, r := range rows {
		n[r.State] = r.N
	}
	return Depth{
		Wait: n["available"], Active: n["running"], Completed: n["completed"], Failed: n["discarded"] - n["aside"],
		Delayed: n["scheduled"] + n["retryable"], SetAside: n["aside"],
	}, nil
}

// isAside tells whether a dead letter is set aside.
const isAside = `(metadata->>'set_aside' IS NOT NULL)`

// Note is what the caller writes down in the transaction of a change, when it moved something.
type Note func(ctx context.Context, moved int) error

// SetAside sets dead letters aside, the oldest first and no more than limit, and counts them. One that is aside already
// stays where it is: twice is as good as once, also at once.
func (q *Queue) SetAside(ctx context.Context, limit int, note Note) (moved int, err error) {
	err = q.db.InTx(ctx, func(ctx context.Context) error {
		done := q.db.On(ctx).Exec(`UPDATE river_job SET metadata = metadata || jsonb_build_object('set_aside', now())
			WHERE id = ANY (ARRAY(SELECT id FROM river_job WHERE state = 'discarded' AND finalized_at IS NOT NULL AND NOT `+isAside+`
				ORDER BY finalized_at, id LIMIT ? FOR UPDATE SKIP LOCKED))`, limit)
		if done.Error != nil {
			return fmt.Errorf("set dead letters aside: %w", done.Error)
		}
		if moved = int(done.RowsAffected); moved == 0 {
			return nil
		}
		return note(ctx, moved)
	})
	return moved, err
}
