package handoff

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"frontdesk/models"
)

// OfConversation lists the cases of a conversation, newest first.
func (d *Desk) OfConversation(ctx context.Context, id models.ID) ([]models.Case, error) {
	return d.list(d.db.On(ctx).Where("conversation_id = ?", id))
}

// OpenCases lists what waits for a person, newest first.
func (d *Desk) OpenCases(ctx context.Context) ([]models.Case, error) {
	return d.list(d.db.On(ctx).Where("status = 'open'"))
}

// CountOpen is how many cases wait for a person.
func (d *Desk) CountOpen(ctx context.Context) (int, error) {
	var n int64
	if err := d.db.On(ctx).Model(&models.Case{}).Where("status = 'open'").Count(&n).Error; err != nil {
		return 0, fmt.Errorf("count open cases: %w", err)
	}
	return int(n), nil
}

func (d *Desk) list(q *gorm.DB) ([]models.Case, error) {
	var cases []models.Case
	if err := q.Order("opened_at DESC, id DESC").Find(&cases).Error; err != nil {
		return nil, fmt.Errorf("list cases: %w", err)
	}
	return cases, nil
}

// Filter narrows a list of cases. The zero value lists everything.
type Filter struct {
	Reason models.HandoffReason // empty: any
	Label  models.CaseLabel     // empty: any; resolved cases only
	Pace   Pace                 // empty: any; open cases only, as Watch sees them
	Watch  Watch
	// After and AfterID are the last row of the page before.
	After   *time.Time
	AfterID models.ID
	Limit   int // [50]
}

func (f Filter) narrow(q *gorm.DB) *gorm.DB {
	if f.Reason != "" {
		q = q.Where("reason = ?", f.Reason)
	}
	if f.Label != "" {
		q = q.Where("label = ?", f.Label)
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	return q.Limit(f.Limit)
}

// Waiting lists a page of the open cases, who waits longest first.
func (d *Desk) Waiting(ctx context.Context, f Filter) ([]models.Case, error) {
	q := f.narrow(d.db.On(ctx).Where("status = 'open'"))
	if f.Pace != "" {
		q = f.Watch.narrow(q, f.Pace)
	}
	if f.After != nil {
		q = q.Where("(opened_at, id) > (?, ?)", *f.After, f.AfterID)
	}
	var cases []models.Case
	if err := q.Order("opened_at, id").Find(&cases).Error; err != nil {
		return nil, fmt.Errorf("list open cases: %w", err)
	}
	return cases, nil
}

// CountPaces counts the open cases of a reason, any when it is empty, by how their answers stand.
func (d *Desk) CountPaces(ctx context.Context, w Watch, reason models.HandoffReason) (map[Pace]int, error) {
	counts := map[Pace]int{}
	for _, pace := range Paces() {
		q := d.db.On(ctx).Model(&models.Case{}).Where("status = 'open'")
		if reason != "" {
			q = q.Where("reason = ?", reason)
		}
		var n int64
		if err := w.narrow(q, pace).Count(&n).Error; err != nil {
			return nil, fmt.Errorf("count open cases: %w", err)
		}
		counts[pace] = int(n)
	}
	return counts, nil
}

// Resolved lists a page of the resolved cases, the latest first.
func (d *Desk) Resolved(ctx context.Context, f Filter) ([]models.Case, error) {
	q := f.narrow(d.db.On(ctx).Where("status = 'resolved'"))
	if f.After != nil {
		q = q.Where("(resolved_at, id) < (?, ?)", *f.After, f.AfterID)
	}
	var cases []models.Case
	if err := q.Order("resolved_at DESC, id DESC").Find(&cases).Error; err != nil {
		return nil, fmt.Errorf("list resolved cases: %w", err)
	}
	return cases, nil
}

// Precision is how many of the resolved cases needed a person.
type Precision struct{ Needed, Resolved int }

// Precision counts the cases resolved since a time.
func (d *Desk) Precision(ctx context.Context, since time.Time) (p Precision, err error) {
	err = d.db.On(ctx).Raw(`SELECT count(*) FILTER (WHERE label = ?) AS needed, count(*) AS resolved FROM cases
		WHERE status = 'resolved' AND label <> '' AND resolved_at >= ?`, models.LabelNeeded, since).Scan(&p).Error
	if err != nil {
		return p, fmt.Errorf("count labels of cases: %w", err)
	}
	return p, nil
}
