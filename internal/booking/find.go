package booking

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"frontdesk/models"
)

// Search selects visits of people; all visits of a stylist's clients by first name when StylistID is given.
type Search struct {
	CustomerIDs []models.ID
	StylistID   *models.ID // only this stylist's visits …
	FirstName   string     // … of clients whose first name begins so, as the diary shows it to the stylist
	Limit       int
}

// Find lists visits somebody may mean: those ahead first, the next one on top, then the latest past. Ended
// holds are no visits.
func (d *Diary) Find(ctx context.Context, q Search) ([]Visit, error) {
	rows := d.withLines(ctx).Where("status NOT IN ?", []models.AppointmentStatus{models.Expired, models.Released})
	switch {
	case q.StylistID != nil:
		if q.FirstName == "" {
			return nil, nil
		}
		rows = rows.Where("stylist_id = ?", *q.StylistID).Where(`EXISTS (SELECT 1 FROM customers c WHERE c.id = appointments.customer_id
			AND starts_with(folded(split_part(coalesce(nullif(appointments.for_name, ''), c.name), ' ', 1)), folded(?)))`, strings.TrimSpace(q.FirstName))
	case len(q.CustomerIDs) > 0:
		rows = rows.Where("customer_id IN ?", q.CustomerIDs)
	default:
		return nil, nil
	}
	now := d.clock.Now()
	var found []models.Appointment
	err := rows.Order(orderByNearest(now)).Limit(min(max(1, q.Limit), 50)).Find(&found).Error
	if err != nil {
		return nil, fmt.Errorf("find visits: %w", err)
	}
	return d.Visits(ctx, found)
}

// orderByNearest puts what lies ahead first, then the past; each with the nearest on top.
func orderByNearest(now time.Time) clause.OrderBy {
	return clause.OrderBy{Expression: gorm.Expr("ends_at < ?, abs(extract(epoch FROM starts_at - ?)), id", now, now)}
}
