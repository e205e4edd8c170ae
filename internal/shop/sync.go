package shop

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"frontdesk/internal/fault"
	"frontdesk/internal/feed"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

const (
	// lostAfter is after how long a run that has not ended is given up, by business time: its job is gone.
	lostAfter = time.Hour
	// syncPatience bounds one statement of a sync, which writes what may be a whole catalogue.
	syncPatience = 2 * time.Minute
)

// Codes of runs that failed, beside those of the feed.
const (
	FailureEmpty = "empty_feed" // a feed without products is a mistake of the feed's, and closes no shop
	FailureLost  = "lost"       // its job is gone
	FailureOwn   = "not_written"
)

// BeginSync lets the workers read the feed and returns the run. While one is under way it returns that one:
// asking twice reads once. Fault: shop.no_feed.
func (s *Shop) BeginSync(ctx context.Context) (models.FeedRun, error) {
	if s.feed == nil {
		return models.FeedRun{}, fault.Unavailable("shop.no_feed", errors.New("CATALOG_FEED_URL is not set"))
	}
	var run models.FeedRun
	err := s.db.InTx(ctx, func(ctx context.Context) error {
		now := s.clock.Now()
		err := s.db.On(ctx).Model(&models.FeedRun{}).Where("state = ? AND started_at < ?", models.FeedRunning, now.Add(-lostAfter)).
			Updates(map[string]any{"state": models.FeedFailed, "failure": FailureLost, "ended_at": now}).Error
		if err != nil {
			return fmt.Errorf("give up a lost sync: %w", err)
		}
		run = models.FeedRun{ID: models.NewID(), Source: s.feed.Source(), State: models.FeedRunning, StartedAt: now}
		made := s.db.On(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&run)
		switch {
		case made.Error != nil:
			return fmt.Errorf("begin sync: %w", made.Error)
		case made.RowsAffected == 0:
			return s.openRun(ctx, &run)
		}
		return s.queue.Enqueue(ctx, queue.CatalogueSync{RunID: run.ID})
	})
	return run, err
}

// BeginFirstSync is BeginSync for a shop that nothing was ever read into; otherwise it returns the latest run.
// Without a feed it does nothing.
func (s *Shop) BeginFirstSync(ctx context.Context) (models.FeedRun, error) {
	runs, err := s.Runs(ctx, 1)
	switch {
	case err != nil || s.feed == nil:
		return models.FeedRun{}, err
	case len(runs) > 0:
		return runs[0], nil
	}
	return s.BeginSync(ctx)
}

// openRun reads the run that is under way; when it has just ended, that is the latest.
func (s *Shop) openRun(ctx context.Context, run *models.FeedRun) error {
	*run = models.FeedRun{}
	if err := s.db.On(ctx).Order("state = 'running' DESC, started_at DESC, id DESC").Take(run).Error; err != nil {
		return fmt.Errorf("read sync under way: %w", err)
	}
	return nil
}

// Runs are the latest readings of the feed, newest first.
func (s *Shop) Runs(ctx context.Context, limit int) ([]models.FeedRun, error) {
	var runs []models.FeedRun
	if err := s.db.On(ctx).Order("started_at DESC, id DESC").Limit(limit).Find(&runs).Error; err != nil {
		return nil, fmt.Errorf("read syncs: %w", err)
	}
	return runs, nil
}

// Run is one reading of the feed. Fault: shop.run_not_found.
func (s *Shop) Run(ctx context.Context, id models.ID) (models.FeedRun, error) {
	var run models.FeedRun
	err := s.db.On(ctx).Take(&run, "id = ?", id).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return run, fault.NotFound("shop.run_not_found")
	}
	if err != nil {
		return run, fmt.Errorf("read sync: %w", err)
	}
	return run, nil
}

// Sync makes the catalogue what the feed says, in one transaction: what is new is written, what differs is
// changed, products that the feed no longer holds are deactivated. What staff hold stays theirs. A run that has ended is left alone, so
// that doing it twice does it once. Whatever fails leaves the catalogue as it is.
func (s *Shop) Sync(ctx context.Context, id models.ID) error {
	run, err := s.Run(ctx, id)
	if err != nil || run.State != models.FeedRunning {
		return err
	}
	if s.feed == nil {
		return &feed.Error{Code: feed.CodeNoFeed}
	}
	read, err := s.feed.Read(ctx)
	if err != nil {
		return fmt.Errorf("read feed: %w", err)
	}
	if len(read.Products) == 0 {
		return &feed.Error{Code: FailureEmpty}
	}
	if err := s.db.Patiently(ctx, syncPatience, func(ctx context.Context) error { return s.take(ctx, id, read) }); err != nil {
		return fmt.Errorf("take over feed: %w", err)
	}
	s.warm(ctx)
	return nil
}

// SyncAgain tells whether a sync that failed may succeed when it is done again.
func SyncAgain(err error) bool { return feed.Code(err) == "" || feed.Temporary(err) }

// FailSync ends a run that is not tried again.
func (s *Shop) FailSync(ctx context.Context, id models.ID, cause error) error {
	code := feed.Code(cause)
	if code == "" {
		code = FailureOwn
	}
	err := s.db.On(ctx).Model(&models.FeedRun{}).Where("id = ? AND state = ?", id, models.FeedRunning).
		Updates(map[string]any{"state": models.FeedFailed, "failure": code, "ended_at": s.clock.Now()}).Error
	if err != nil {
		return fmt.Errorf("note that a sync failed: %w", err)
	}
	return nil
}

// SyncDue begins the night's sync when it is due and was not begun yet, and tells whether it did.
func (s *Shop) SyncDue(ctx context.Context) (bool, error) {
	if s.feed == nil || s.nightly == "" {
		return false, nil
	}
	p, err := s.settings.Policies(ctx)
	if err != nil {
		return false, err
	}
	due, err := latest(s.clock.Now().In(p.Zone()), s.nightly)
	if err != nil {
		return false, err
	}
	var since int64
	if err := s.db.On(ctx).Model(&models.FeedRun{}).Where("started_at >= ?", due).Limit(1).Count(&since).Error; err != nil {
		return false, fmt.Errorf("look for the night's sync: %w", err)
	}
	if since > 0 {
		return false, nil
	}
	_, err = s.BeginSync(ctx)
	return err == nil, err
}

// latest is the last moment, now at the latest, at which the clock on the wall stood at a time of day.
func latest(now time.Time, at string) (time.Time, error) {
	t, err := time.Parse("15:04", at)
	if err != nil {
		return time.Time{}, fmt.Errorf("read time of the nightly sync: %w", err)
	}
	due := time.Date(now.Year(), now.Month(), now.Day(), t.Hour(), t.Minute(), 0, 0, now.Location())
	if due.After(now) {
		due = time.Date(now.Year(), now.Month(), now.Day()-1, t.Hour(), t.Minute(), 0, 0, now.Location())
	}
	return due, nil
}

// warm reads what people ask for first, so that it is remembered. Best effort.
func (s *Shop) warm(ctx context.Context) {
	categories, err := s.Categories(ctx)
	if err != nil {
		return
	}
	lists := []Query{{Desc: true}}
	for _, c := range categories {
		lists = append(lists, Query{Desc: true, Category: c.Slug})
	}
	for _, q := range lists {
		if _, err := s.Search(ctx, q); err != nil {
			return
		}
	}
}
