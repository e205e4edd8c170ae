package booking

import (
	"context"
	"time"

	"frontdesk/models"
)

// Openings are the opening hours of each day of a stretch, as the weekly hours or the schedule set of
// that day say, closures aside; no entry: closed on that day. from and to are salon-local, to exclusive.
func (d *Diary) Openings(ctx context.Context, from, to time.Time) (map[models.Date]models.OpeningHours, error) {
	t, err := d.kept.times.Of(ctx)
	if err != nil {
		return nil, err
	}
	sets := t.setsBetween(models.DateOf(from), models.DateOf(to.AddDate(0, 0, -1)))
	out := map[models.Date]models.OpeningHours{}
	for day := from; day.Before(to); day = day.AddDate(0, 0, 1) {
		hours := t.weekly
		for _, set := range sets {
			if set.Covers(models.DateOf(day)) {
				hours = set.Week()
			}
		}
		for _, h := range hours {
			if h.Weekday == day.Weekday() {
				out[models.DateOf(day)] = h
			}
		}
	}
	return out, nil
}
