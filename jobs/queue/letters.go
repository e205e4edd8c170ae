package queue

import (
	"context"
	"fmt"

	"frontdesk/internal/database"
)

// Dead letters are jobs that failed for good. They stay in River's table until somebody decides: they may be set aside,
// so that what fails now is told from what is known to have failed, and they may be brought back, set aside or not.
// Which job it is and what it failed of stays with it all the way.

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
	return q.moveLetters(ctx, note, `UPDATE river_job SET metadata = metadata || jsonb_build_object('set_aside', now())
		WHERE id = ANY (ARRAY(SELECT id FROM river_job WHERE state = 'discarded' AND finalized_at IS NOT NULL AND NOT `+isAside+`
			ORDER BY finalized_at, id LIMIT ? FOR UPDATE SKIP LOCKED))`, limit)
}

// Requeue brings dead letters back, those that are set aside first, the oldest of them first and no more than limit, and
// counts them. They begin anew with all the attempts of their kind; what they failed of before stays with them. A job
// comes back once however often and by however many it is asked for.
func (q *Queue) Requeue(ctx context.Context, limit int, note Note) (moved int, err error) {
	return q.moveLetters(ctx, note, `UPDATE river_job SET state = 'available', attempt = 0, finalized_at = NULL, scheduled_at = now(), unique_key = NULL,
		metadata = (metadata - 'set_aside') || jsonb_build_object('brought_back', now())
		WHERE id = ANY (ARRAY(SELECT id FROM river_job WHERE state = 'discarded' AND finalized_at IS NOT NULL
			ORDER BY `+isAside+` DESC, finalized_at, id LIMIT ? FOR UPDATE SKIP LOCKED))`, limit)
}

func (q *Queue) moveLetters(ctx context.Context, note Note, statement string, limit int) (moved int, err error) {
	err = q.db.InTx(ctx, func(ctx context.Context) error {
		done := q.db.On(ctx).Exec(statement, limit)
		if done.Error != nil {
			return fmt.Errorf("move dead letters: %w", done.Error)
		}
		if moved = int(done.RowsAffected); moved == 0 {
			return nil
		}
		database.AfterCommit(ctx, q.bell.ring)
		return note(ctx, moved)
	})
	return moved, err
}
