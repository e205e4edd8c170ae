package booking

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"frontdesk/models"
)

// setsBetween reads the active schedule sets that touch the days between two, both included.
func (d *Diary) setsBetween(ctx context.Context, from, to models.Date) ([]models.ScheduleSet, error) {
	var rows []models.ScheduleSet
	err := withHours(d.db.On(ctx)).Where("active AND starts_on <= ? AND ends_on >= ?", to, from).
		Order("starts_on").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read schedule sets: %w", err)
	}
	return rows, nil
}

func withHours(q *gorm.DB) *gorm.DB {
	return q.Preload("Hours", func(q *gorm.DB) *gorm.DB { return q.Order("weekday") })
}

// HoursOn reads the week of opening hours that a moment's day follows: the weekly ones, or those of
// the schedule set that holds on it, which is nil otherwise.
func (d *Diary) HoursOn(ctx context.Context, at time.Time) ([]models.OpeningHours, *models.ScheduleSet, error) {
	p, err := d.settings.Policies(ctx)
	if err != nil {
		return nil, nil, err
	}
	day := models.DateOf(at.In(p.Zone()))
	sets, err := d.setsBetween(ctx, day, day)
	if err != nil {
		return nil, nil, err
	}
	if len(sets) > 0 {
		return sets[0].Week(), &sets[0], nil
	}
	hours, err := d.Hours(ctx)
	return hours, nil, err
}
