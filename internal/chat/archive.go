package chat

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"frontdesk/models"
)

const (
	archivePage  = 200              // conversations archived in one run
	archiveStale = 90 * time.Minute // after this long without a run something is wrong
	archiveAgain = time.Hour        // machine time, before one that failed is tried again: it keeps the others from their turn
	archiveSpare = 5 * time.Second  // machine time that a run leaves of its job's
)

// archiveRun is how the archiving went last.
type archiveRun struct {
	Single   bool `gorm:"primaryKey"`
	RanAt    time.Time
	Archived int
	Failed   int
	FailedAt *time.Time
}

func (archiveRun) TableName() string { return "archive_runs" }

// ArchiveHealth is the record of the archiving, in machine time.
type ArchiveHealth struct {
	RanAt    time.Time  // zero: never
	Archived int        // in the last run
	Failed   int        // in the last run
	FailedAt *time.Time // of the last failure
}

// Stale tells whether the archiving has not run for so long that somebody must look. since is when the
// program that asks began: nothing runs while it is down.
func (h ArchiveHealth) Stale(now, since time.Time) bool {
	last := h.RanAt
	if since.After(last) {
		last = since
	}
	return now.Sub(last) > archiveStale
}

// ArchiveHealth reads the record.
func (c *Clerk) ArchiveHealth(ctx context.Context) (ArchiveHealth, error) {
	var run archiveRun
	err := c.DB.On(ctx).Take(&run).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return ArchiveHealth{}, nil
	}
	if err != nil {
		return ArchiveHealth{}, fmt.Errorf("read archive record: %w", err)
	}
	return ArchiveHealth{run.RanAt, run.Archived, run.Failed, run.FailedAt}, nil
}

// Archive writes conversations that have been silent for P.memory's archive age to the history and
// removes their live copies; it tells how many, and how many could not be. One that fails is
// tried once more and then left alone for an hour; what there is no time for is left to the next run. Safe
// to run twice at once.
func (c *Clerk) Archive(ctx context.Context) (archived, failed int, err error) {
	policies, err := c.Settings.Policies(ctx)
	if err != nil {
		return 0, 0, err
	}
	silentSince := c.Clock.Now().Add(-time.Duration(policies.ArchiveHours) * time.Hour)
	var due []models.ID
	err = c.DB.On(ctx).Raw(`SELECT id FROM conversations
		WHERE last_message_at <= ? AND (archived_until IS NULL OR archived_until < last_message_at)
			AND (archive_failed_at IS NULL OR archive_failed_at <= ?)
		ORDER BY last_message_at LIMIT ?`, silentSince, c.Clock.Machine().Add(-archiveAgain), archivePage).Scan(&due).Error
	if err != nil {
		return 0, 0, fmt.Errorf("find silent conversations: %w", err)
	}
	for _, id := range due {
		if ends, bounded := ctx.Deadline(); bounded && ends.Sub(c.Clock.Machine()) < archiveSpare {
			break
		}
		done, err := c.archive(ctx, id, silentSince)
		if err != nil {
			done, err = c.archive(ctx, id, silentSince)
		}
		switch {
		case err != nil:
			failed++
			warn(ctx, "conversation not archived", err)
			if err := c.putOff(ctx, id); err != nil {
				return archived, failed, err
			}
		case done:
			archived++
		}
	}
	return archived, failed, c.noteRun(ctx, archived, failed)
}

// archive writes one conversation to the history, unless somebody has it or has spoken meanwhile.
func (c *Clerk) archive(ctx context.Context, id models.ID, silentSince time.Time) (done bool, err error) {
	err = c.DB.InTx(ctx, func(ctx context.Context) error {
		conv, free, err := c.Thread.TryLock(ctx, id)
		if err != nil || !free || conv.LastMessageAt == nil || conv.LastMessageAt.After(silentSince) {
			return err
		}
		summary, err := json.Marshal(loadState(conv.State).Memory.slept().Summary)
		if err != nil {
			return fmt.Errorf("encode summary: %w", err)
		}
		written := c.DB.On(ctx).Exec(`WITH said AS (
				SELECT min(seq) AS first, max(seq) AS last, count(*) AS n, min(created_at) AS began, max(created_at) AS ended
				FROM messages WHERE conversation_id = @id AND seq > (SELECT archived_seq FROM conversations WHERE id = @id)
			), kept AS (
				INSERT INTO conversation_archives
					(id, conversation_id, first_seq, last_seq, messages, language, summary, began_at, ended_at, archived_at)
				SELECT @archive, @id, first, last, n, @language, @summary, began, ended, @now FROM said WHERE n > 0
				ON CONFLICT (conversation_id, last_seq) DO NOTHING
			) UPDATE conversations SET archived_until = last_message_at, archived_seq = greatest(archived_seq, (SELECT coalesce(last, 0) FROM said))
			WHERE id = @id`, map[string]any{
			"id": id, "archive": models.NewID(), "language": conv.Language, "summary": string(summary), "now": c.Clock.Now(),
		})
		done = written.Error == nil
		return wrap(written.Error, "write archive")
	})
	if err != nil || !done {
		return false, err
	}
	return true, wrap(c.Redis.Delete(ctx, checkpointKey(id)), "remove archived checkpoint")
}

// putOff keeps a conversation that could not be archived out of the next runs.
func (c *Clerk) putOff(ctx context.Context, id models.ID) error {
	err := c.DB.On(ctx).Exec("UPDATE conversations SET archive_failed_at = ? WHERE id = ?", c.Clock.Machine(), id).Error
	return wrap(err, "put archiving off")
}

// noteRun keeps the health record.
func (c *Clerk) noteRun(ctx context.Context, archived, failed int) error {
	run := archiveRun{Single: true, RanAt: c.Clock.Machine(), Archived: archived, Failed: failed}
	if failed > 0 {
		run.FailedAt = &run.RanAt
	}
	err := c.DB.On(ctx).Exec(`INSERT INTO archive_runs (ran_at, archived, failed, failed_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (single) DO UPDATE SET ran_at = excluded.ran_at, archived = excluded.archived, failed = excluded.failed,
			failed_at = coalesce(excluded.failed_at, archive_runs.failed_at)`,
		run.RanAt, run.Archived, run.Failed, run.FailedAt).Error
	return wrap(err, "note archive run")
}
