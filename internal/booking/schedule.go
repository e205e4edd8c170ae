package booking

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"frontdesk/models"
)

// times are the hours the salon keeps: the weekly ones, the active sets that replace them on some days,
// first day first, and the stylists' weekly breaks.
type times struct {
	weekly []models.OpeningHours
	sets   []models.ScheduleSet
	breaks []models.WeeklyBreak
}

func (d *Diary) readTimes(ctx context.Context) (t times, err error) {
	if err := d.db.On(ctx).Order("weekday").Find(&t.weekly).Error; err != nil {
		return t, fmt.Errorf("read opening hours: %w", err)
	}
	if err := withHours(d.db.On(ctx)).Where("active").Order("starts_on").Find(&t.sets).Error; err != nil {
		return t, fmt.Errorf("read schedule sets: %w", err)
	}
	if err := d.db.On(ctx).Order("stylist_id, weekday, starts").Find(&t.breaks).Error; err != nil {
		return t, fmt.Errorf("read weekly breaks: %w", err)
	}
	return t, nil
}

func withHours(q *gorm.DB) *gorm.DB {
	return q.Preload("Hours", func(q *gorm.DB) *gorm.DB { return q.Order("weekday") })
}

// setsBetween are the sets that touch the days between two, both included.
func (t times) setsBetween(from, to models.Date) []models.ScheduleSet {
	var touching []models.ScheduleSet
	for _, set := range t.sets {
		if set.StartsOn <= to && set.EndsOn >= from {
			touching = append(touching, set)
		}
	}
	return touching
}

// Hours are the weekly opening hours (database.Kept).
func (d *Diary) Hours(ctx context.Context) ([]models.OpeningHours, error) {
	t, err := d.kept.times.Of(ctx)
	return t.weekly, err
}

// Breaks are the stylists' weekly pauses (database.Kept).
func (d *Diary) Breaks(ctx context.Context) ([]models.WeeklyBreak, error) {
	t, err := d.kept.times.Of(ctx)
	return t.breaks, err
}

// HoursOn is the week of opening hours that a moment's day follows: the weekly ones, or those of
// the schedule set that holds on it, which is nil otherwise.
func (d *Diary) HoursOn(ctx context.Context, at time.Time) ([]models.OpeningHours, *models.ScheduleSet, error) {
	ctx, err := d.db.Pin(ctx)
	if err != nil {
		return nil, nil, err
	}
	p, err := d.settings.Policies(ctx)
	if err != nil {
		return nil, nil, err
	}
	t, err := d.kept.times.Of(ctx)
	if err != nil {
		return nil, nil, err
	}
	day := models.DateOf(at.In(p.Zone()))
	if sets := t.setsBetween(day, day); len(sets) > 0 {
		return sets[0].Week(), &sets[0], nil
	}
	return t.weekly, nil, nil
}
