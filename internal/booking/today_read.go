package booking

import (
	"context"
	"fmt"
	"time"

	"frontdesk/models"
)

// shownToday is how many visits a list of Today names at most.
const shownToday = 50

// Undecided lists the visits that began before a moment, not before since, and of which nobody has said
// whether the customer came; of all stylists or of one, the longest ago first.
func (d *Diary) Undecided(ctx context.Context, since, before time.Time, stylistID *models.ID) ([]Visit, error) {
	q := d.withLines(ctx).Where("status = ? AND starts_at >= ? AND starts_at < ?", models.Confirmed, since, before)
	if stylistID != nil {
		q = q.Where("stylist_id = ?", *stylistID)
	}
	var rows []models.Appointment
	if err := q.Order("starts_at, id").Limit(shownToday).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read undecided visits: %w", err)
	}
	return d.Visits(ctx, rows)
}
