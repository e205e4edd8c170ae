package reconcile

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"frontdesk/internal/audit"
	"frontdesk/internal/fault"
	"frontdesk/models"
)

// Filter narrows the differences, the last found first. What is left at zero narrows nothing.
type Filter struct {
	State    models.DifferenceState
	Kind     models.DifferenceKind
	Run      models.ID
	From, To time.Time // when it was found, half open
	After    *time.Time
	AfterID  models.ID // with After: behind this one
	Limit    int
}

// Differences lists differences.
func (b *Books) Differences(ctx context.Context, f Filter) ([]models.Difference, error) {
	q := b.db.On(ctx)
	for _, by := range []struct {
		given bool
		where string
		value any
	}{
		{f.State != "", "state = ?", f.State}, {f.Kind != "", "kind = ?", f.Kind}, {f.Run != models.ID{}, "run_id = ?", f.Run},
		{!f.From.IsZero(), "found_at >= ?", f.From}, {!f.To.IsZero(), "found_at < ?", f.To},
	} {
		if by.given {
			q = q.Where(by.where, by.value)
		}
	}
	if f.After != nil {
		q = q.Where("(found_at, id) < (?, ?)", *f.After, f.AfterID)
	}
	var out []models.Difference
	if err := q.Order("found_at DESC, id DESC").Limit(f.Limit).Find(&out).Error; err != nil {
		return nil, fmt.Errorf("list differences: %w", err)
	}
	return out, nil
}

// CountOpen counts the differences that stand, by kind.
func (b *Books) CountOpen(ctx context.Context) (map[models.DifferenceKind]int, error) {
	var rows []struct {
		Kind models.DifferenceKind
		N    int
	}
	if err := b.db.On(ctx).Raw("SELECT kind, count(*) AS n FROM reconciliation_differences WHERE state = 'open' GROUP BY kind").Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("count differences: %w", err)
	}
	out := map[models.DifferenceKind]int{}
	for _, r := range rows {
		out[r.Kind] = r.N
	}
	return out, nil
}

// Difference is one. Fault: reconciliation.no_difference.
func (b *Books) Difference(ctx context.Context, id models.ID) (models.Difference, error) {
	var d models.Difference
	err := b.db.On(ctx).Where("id = ?", id).Take(&d).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return d, fault.NotFound("reconciliation.no_difference")
	}
	return d, wrap(err, "read difference")
}

// Explain settles a difference with somebody's words. It stays so while its figures do. Faults: reconciliation.no_difference,
// reconciliation.changed.
func (b *Books) Explain(ctx context.Context, id models.ID, version int64, actor, note string) (d models.Difference, err error) {
	err = b.db.InTx(ctx, func(ctx context.Context) error {
		if d, err = b.Difference(ctx, id); err != nil {
			return err
		}
		now := b.clock.Now()
		done := b.db.On(ctx).Model(&models.Difference{}).Where("id = ? AND version = ? AND state = 'open'", id, version).Updates(map[string]any{
			"state": models.DifferenceExplained, "settled_at": now, "settled_by": actor, "note": note, "version": version + 1,
		})
		if done.Error != nil {
			return wrap(done.Error, "explain difference")
		}
		if done.RowsAffected == 0 {
			return fault.Conflict("reconciliation.changed")
		}
		d.State, d.SettledAt, d.SettledBy, d.Note, d.Version = models.DifferenceExplained, &now, actor, note, version+1
		b.changed(ctx, true)
		return b.log.Record(ctx, audit.Entry{Actor: actor, Action: "reconciliation.explained", SubjectKind: SubjectDifference, SubjectID: id.String(),
			Before: map[string]any{"state": models.DifferenceOpen}, After: map[string]any{"state": models.DifferenceExplained}})
	})
	return d, err
}

// Reopen lets an explained difference stand again. Faults as Explain.
func (b *Books) Reopen(ctx context.Context, id models.ID, version int64, actor string) (d models.Difference, err error) {
	err = b.db.InTx(ctx, func(ctx context.Context) error {
		if d, err = b.Difference(ctx, id); err != nil {
			return err
		}
		done := b.db.On(ctx).Model(&models.Difference{}).Where("id = ? AND version = ? AND state = 'explained'", id, version).Updates(map[string]any{
			"state": models.DifferenceOpen, "settled_at": nil, "settled_by": "", "version": version + 1,
		})
		if done.Error != nil {
			return wrap(done.Error, "reopen difference")
		}
		if done.RowsAffected == 0 {
			return fault.Conflict("reconciliation.changed")
		}
		d.State, d.SettledAt, d.SettledBy, d.Version = models.DifferenceOpen, nil, "", version+1
		b.changed(ctx, true)
		return b.log.Record(ctx, audit.Entry{Actor: actor, Action: "reconciliation.reopened", SubjectKind: SubjectDifference, SubjectID: id.String(),
			Before: map[string]any{"state": models.DifferenceExplained}, After: map[string]any{"state": models.DifferenceOpen}})
	})
	return d, err
}

// Runs are the last comparisons.
func (b *Books) Runs(ctx context.Context, limit int) ([]models.Reconciliation, error) {
	var out []models.Reconciliation
	if err := b.db.On(ctx).Order("asked_at DESC, id DESC").Limit(limit).Find(&out).Error; err != nil {
		return nil, fmt.Errorf("list comparisons: %w", err)
	}
	return out, nil
}

// Run is one comparison. Fault: reconciliation.no_run.
func (b *Books) Run(ctx context.Context, id models.ID) (models.Reconciliation, error) {
	var r models.Reconciliation
	err := b.db.On(ctx).Where("id = ?", id).Take(&r).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return r, fault.NotFound("reconciliation.no_run")
	}
	return r, wrap(err, "read comparison")
}

// FiguresOf are what a comparison compared.
func FiguresOf(r models.Reconciliation) ([]Figures, error) {
	var out []Figures
	if err := json.Unmarshal(r.Figures, &out); err != nil {
		return nil, fmt.Errorf("read figures: %w", err)
	}
	return out, nil
}
