package notify

import (
	"context"
	"fmt"
	"time"

	"frontdesk/models"
)

// Notices lists what a stylist was told since a time, newest first; nil reads what everyone on duty
// was told.
func (p *Post) Notices(ctx context.Context, stylistID *models.ID, since time.Time) ([]models.Notice, error) {
	q := p.db.On(ctx).Where("created_at >= ?", since).Order("created_at DESC, id DESC").Limit(30)
	if stylistID != nil {
		q = q.Where("stylist_id = ?", *stylistID)
	} else {
		q = q.Where("stylist_id IS NULL")
	}
	var rows []models.Notice
	if err := q.Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("list notices: %w", err)
	}
	return rows, nil
}
