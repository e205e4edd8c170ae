package reconcile

import (
	"context"
	"errors"
	"fmt"
	"time"

	"frontdesk/internal/stripeapi"
	"frontdesk/jobs/queue"
)

// Watched is how far the look of every few minutes is.
type Watched struct {
	AskedAt  *time.Time // business time
	LookedTo *time.Time
	Code     string // why the last one did not come to its end
}

// Watched reads it.
func (b *Books) Watched(ctx context.Context) (Watched, error) {
	var w Watched
	if err := b.db.On(ctx).Raw("SELECT asked_at, looked_to, code FROM reconciliation_watch").Scan(&w).Error; err != nil {
		return w, fmt.Errorf("read how far the watch is: %w", err)
	}
	return w, nil
}

// Watch looks at what is fresh: our own books first, for which nobody must answer, then with the provider. What failed is
// looked at by the next one, from where the last came to its end.
func (b *Books) Watch(ctx context.Context) error {
	was, err := b.Watched(ctx)
	if err != nil {
		return err
	}
	now := b.clock.Now()
	w := stripeapi.Window{From: now.Add(-watched), To: now.Add(-grace)}
	if was.LookedTo != nil && was.LookedTo.Add(-again).After(w.From) && !was.LookedTo.After(now) {
		w.From = was.LookedTo.Add(-again)
	}
	l := b.look(w, func(context.Context, string) error { return nil })
	list, err := b.standing(ctx, stripeapi.Window{From: w.From, To: now})
	if err != nil {
		return err
	}
	l.note(list...)
	if err := b.db.InTx(ctx, func(ctx context.Context) error { _, err := b.write(ctx, l.found, nil, nil); return err }); err != nil {
		return err
	}
	err = b.watchProvider(ctx, l)
	if later := (*queue.Later)(nil); errors.As(err, &later) {
		return err
	}
	columns := map[string]any{"code": codeOf(err)}
	if err == nil {
		columns["looked_to"] = w.To
	}
	return errors.Join(err, wrap(b.db.On(ctx).Table("reconciliation_watch").Where("one").Updates(columns).Error, "note how far the watch is"))
}

func (b *Books) watchProvider(ctx context.Context, l *look) error {
	fetched, err := b.lostEvents(ctx, l.w, nil)
	if err != nil {
		return err
	}
	if fetched > 0 {
		return &queue.Later{After: settleTime, Reason: "events were fetched"}
	}
	if err := l.payments(ctx); err != nil {
		return err
	}
	if err := l.refunds(ctx); err != nil {
		return err
	}
	gone, err := b.lookAgain(ctx, l.found)
	if err != nil {
		return err
	}
	return b.db.InTx(ctx, func(ctx context.Context) error { _, err := b.write(ctx, l.found, gone, nil); return err })
}
