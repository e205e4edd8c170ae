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
	if f.After != nil {
		q = q.Where("(opened_at, id) > (?, ?)", *f.After, f.AfterID)
	}
	var cases []models.Case
	if err := q.Order("opened_at, id").Find(&cases).Error; err != nil {
		return nil, fmt.Errorf("list open cases: %w", err)
	}
	return cases, nil
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

// Waits within which a customer who was handed over hears from a person (R-1110). After the first the
// answer is due, after the second it is late; urgent reasons wait less.
const (
	AnswerDue        = 15 * time.Minute
	AnswerLate       = time.Hour
	UrgentAnswerDue  = 5 * time.Minute
	UrgentAnswerLate = 15 * time.Minute
)

// Urgent tells whether a reason cannot wait: health, and what is about a visit of the next hours.
func Urgent(r models.HandoffReason) bool {
	switch r {
	case models.ReasonMedical, models.ReasonLateCancellation, models.ReasonDelay, models.ReasonPaymentFailure:
		return true
	default:
		return false
	}
}

// Pace is how the answer to a case stands.
type Pace string

// Paces, from good to bad.
const (
	PaceAnswered Pace = "answered"
	PaceSoon     Pace = "soon"
	PaceDue      Pace = "due"
	PaceLate     Pace = "late"
)

// PaceOf tells how the answer to a case stands at the given business time.
func PaceOf(c models.Case, now time.Time) Pace {
	due, late := AnswerDue, AnswerLate
	if Urgent(c.Reason) {
		due, late = UrgentAnswerDue, UrgentAnswerLate
	}
	switch waited := now.Sub(c.OpenedAt); {
	case c.AnsweredAt != nil || c.Status == models.CaseResolved:
		return PaceAnswered
	case waited >= late:
		return PaceLate
	case waited >= due:
		return PaceDue
	default:
		return PaceSoon
	}
}
