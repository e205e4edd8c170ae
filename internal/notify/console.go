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

// Undelivered lists, newest first, the stylists' notices that no channel took, and what WhatsApp refuses
// of the salon itself, templates that could not be sent, and codes that did not arrive, since a time and as far as nobody has seen them.
func (p *Post) Undelivered(ctx context.Context, since time.Time) ([]models.Notice, error) {
	var rows []models.Notice
	err := p.db.On(ctx).Where("created_at >= ? AND seen_at IS NULL", since).
		Where("given_up_at IS NOT NULL AND reached_at IS NULL AND stylist_id IS NOT NULL OR event IN ?", []string{EventChannelRefused, EventTemplateUnresolved, EventCodeUnsent}).
		Order("created_at DESC, id DESC").Limit(30).Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("list undelivered notices: %w", err)
	}
	return rows, nil
}

// Told is a notice about a visit and what became of it on each channel.
type Told struct {
	models.Notice
	Deliveries []models.NoticeDelivery // in the order they were tried
}

// ToldOf lists what stylists were told of a visit, newest first. What WhatsApp said since of its message
// stands in the delivery.
func (p *Post) ToldOf(ctx context.Context, appointmentID models.ID) ([]Told, error) {
	var notices []models.Notice
	if err := p.db.On(ctx).Order("created_at DESC, id DESC").Find(&notices, "appointment_id = ?", appointmentID).Error; err != nil {
		return nil, fmt.Errorf("list notices of visit: %w", err)
	}
	told := make([]Told, len(notices))
	for i, n := range notices {
		told[i].Notice = n
		err := p.db.On(ctx).Raw(`SELECT d.*, CASE WHEN d.status = 'sent' AND m.status IN ('delivered', 'read') THEN 'delivered' ELSE d.status END AS status
			FROM notice_deliveries d LEFT JOIN messages m ON m.id = d.message_id
			WHERE d.notice_id = ? ORDER BY d.created_at, d.id`, n.ID).Scan(&told[i].Deliveries).Error
		if err != nil {
			return nil, fmt.Errorf("list deliveries of notice: %w", err)
		}
	}
	return told, nil
}
