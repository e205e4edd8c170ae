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

// VisitsOf reads appointments as Visit does, by id, in a fixed number of queries; those that are gone are
// missing.
func (d *Diary) VisitsOf(ctx context.Context, ids []models.ID) (map[models.ID]Visit, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var rows []models.Appointment
	if err := d.withLines(ctx).Find(&rows, "id IN ?", ids).Error; err != nil {
		return nil, fmt.Errorf("read appointments: %w", err)
	}
	visits, err := d.Visits(ctx, rows)
	if err != nil {
		return nil, err
	}
	byID := make(map[models.ID]Visit, len(visits))
	for _, v := range visits {
		byID[v.ID] = v
	}
	return byID, nil
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

// Week is a stretch of the diary.
type Week struct {
	Visits []Visit            // what stands in it, by start (Between)
	Ended  []Visit            // what took time and no longer does: expired, released, cancelled
	Blocks []models.TimeBlock // closed time that touches it, the salon's and the stylists'
}

// Week reads a half-open stretch of the diary, of all stylists or of one, in a fixed number of queries
//
func (d *Diary) Week(ctx context.Context, from, to time.Time, stylistID *models.ID) (Week, error) {
	q := d.db.On(ctx).Scopes(touching(models.Span{Start: from, End: to}))
	if stylistID != nil {
		q = q.Where("stylist_id = ?", *stylistID)
	}
	var rows []models.Appointment
	if err := q.Order("starts_at, id").Find(&rows).Error; err != nil {
		return Week{}, fmt.Errorf("read week: %w", err)
	}
	if err := d.addLines(ctx, rows); err != nil {
		return Week{}, err
	}
	visits, err := d.Visits(ctx, rows)
	if err != nil {
		return Week{}, err
	}
	var w Week
	for _, v := range visits {
		if v.Status.Live() || v.Status == models.Completed || v.Status == models.NoShow {
			w.Visits = append(w.Visits, v)
		} else {
			w.Ended = append(w.Ended, v)
		}
	}
	blocks, err := d.Blocks(ctx, from, to)
	if err != nil {
		return Week{}, err
	}
	for _, b := range blocks {
		if stylistID == nil || b.ClosesSalon() || *b.StylistID == *stylistID {
			w.Blocks = append(w.Blocks, b)
		}
	}
	return w, nil
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
