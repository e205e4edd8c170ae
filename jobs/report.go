package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"frontdesk/internal/logging"
	"frontdesk/internal/metrics"
	"frontdesk/jobs/queue"
)

// reporter logs each failure once. A panic costs one attempt of one job.
type reporter struct{ log *slog.Logger }

// HandleError logs a failed attempt; the last one is an error, because the job is now a dead letter.
// A sweep never becomes one: the next sweep finds what it left.
func (r reporter) HandleError(ctx context.Context, job *rivertype.JobRow, err error) *river.ErrorHandlerResult {
	level, last := slog.LevelWarn, job.Attempt >= job.MaxAttempts
	if last {
		level = slog.LevelError
	}
	r.log.LogAttrs(ctx, level, "job failed", append(describe(job), slog.Any("err", err))...)
	return &river.ErrorHandlerResult{SetCancelled: last && job.Kind == queue.Sweep{}.Kind()}
}

// HandlePanic logs where it happened. The value may hold what a customer wrote and is not repeated.
func (r reporter) HandlePanic(ctx context.Context, job *rivertype.JobRow, value any, trace string) *river.ErrorHandlerResult {
	r.log.LogAttrs(ctx, slog.LevelError, "job panicked",
		append(describe(job), slog.String("type", fmt.Sprintf("%T", value)), slog.String("stack", trace))...)
	return nil
}

func describe(job *rivertype.JobRow) []slog.Attr {
	return []slog.Attr{slog.String("job", job.Kind), slog.Int64("job_id", job.ID), slog.Int("attempt", job.Attempt)}
}

// observer puts the job on every line logged while it is worked, keeps it in hand and counts it.
type observer struct {
	river.MiddlewareDefaults
	metrics *metrics.Registry
	hands   *hands
	done    func(ctx context.Context, job int64) // nil: River notes it by itself
}

// Work runs the job between the two.
func (o *observer) Work(ctx context.Context, job *rivertype.JobRow, next func(context.Context) error) error {
	o.hands.take(job.ID)
	defer o.hands.putDown(job.ID)
	err := next(logging.With(ctx, describe(job)...))
	o.metrics.Job(job.Kind, outcome(err))
	if err == nil && o.done != nil {
		o.done(ctx, job.ID)
	}
	return err
}

func outcome(err error) string {
	var snooze *rivertype.JobSnoozeError
	switch {
	case err == nil:
		return "done"
	case errors.As(err, &snooze):
		return "snoozed"
	default:
		return "failed"
	}
}

// atLeast lets River's own lines through from a level on: its news of every fetch are not ours.
type atLeast struct {
	slog.Handler
	level slog.Level
}

// Enabled tells whether a line of this level is written.
func (h atLeast) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= h.level && h.Handler.Enabled(ctx, l)
}
