package booking

import (
	"context"
	"fmt"
	"time"

	"frontdesk/models"
)

// Visit reads one appointment as the console shows it, whatever has become of it. Fault:
// booking.not_found.
func (d *Diary) Visit(ctx context.Context, id models.ID) (Visit, error) {
	a, err := d.Appointment(ctx, id)
	if err != nil {
		return Visit{}, err
	}
	visits, err := d.visits(ctx, []models.Appointment{a})
	if err != nil {
		return Visit{}, fmt.Errorf("read visit: %w", err)
	}
	return visits[0], nil
}

// Visits reads appointments as the console shows them, with people and services.
func (d *Diary) Visits(ctx context.Context, rows []models.Appointment) ([]Visit, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	visits, err := d.visits(ctx, rows)
	if err != nil {
		return nil, fmt.Errorf("read visits: %w", err)
	}
	return visits, nil
}

// Ended lists the holds and visits of a half-open stretch of time that no longer take any: expired,
// released or cancelled, of all stylists or of one, by start.
func (d *Diary) Ended(ctx context.Context, from, to time.Time, stylistID *models.ID) ([]Visit, error) {
	q := d.withLines(ctx).Where("starts_at < ? AND ends_at > ?", to, from).
		Where("status IN ?", []models.AppointmentStatus{models.Expired, models.Released, models.Cancelled})
	if stylistID != nil {
		q = q.Where("stylist_id = ?", *stylistID)
	}
	var rows []models.Appointment
	if err := q.Order("starts_at, id").Limit(200).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read ended visits: %w", err)
	}
	return d.Visits(ctx, rows)
}

// Lapsing lists the holds that end before the given time, the next to end first.
func (d *Diary) Lapsing(ctx context.Context, before time.Time) ([]Visit, error) {
	var rows []models.Appointment
	err := d.withLines(ctx).Where("status = ? AND hold_expires_at < ?", models.Provisional, before).
		Order("hold_expires_at, id").Limit(50).Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read lapsing holds: %w", err)
	}
	return d.Visits(ctx, rows)
}
