package booking

import (
	"context"
	"fmt"
	"slices"
	"time"

	"frontdesk/models"
)

// Opening is when the salon is open, whoever works: its hours, the sets that replace them, and what closes
// the whole salon. It is a value that nobody changes; the zero value knows no hours. Days are
// given by any moment of theirs in the salon's zone.
type Opening struct {
	cal   calendar
	known bool
}

// OpenDay is how the salon is open on one day.
type OpenDay struct {
	Day     time.Time     // salon-local midnight
	Windows []models.Span // when it is open, in order; none: closed all day
	Usual   bool          // just as on any other of its weekdays
	Reason  models.Text   // why not, where somebody gave a reason
}

// Opening is the salon's opening in force (database.Kept).
func (d *Diary) Opening(ctx context.Context) (Opening, error) { return d.kept.opening.Of(ctx) }

func (d *Diary) readOpening(ctx context.Context) (Opening, error) {
	p, err := d.settings.Policies(ctx)
	if err != nil {
		return Opening{}, err
	}
	t, err := d.kept.times.Of(ctx)
	if err != nil {
		return Opening{}, err
	}
	var closings []models.TimeBlock
	// The kinds stand in the statement, as the index has them.
	err = d.db.On(ctx).Where("stylist_id IS NULL OR kind IN ('holiday', 'closed', 'vacation')").
		Order("starts_at, id").Find(&closings).Error
	if err != nil {
		return Opening{}, fmt.Errorf("read closings of the salon: %w", err)
	}
	return NewOpening(p.Zone(), t.weekly, t.sets, closings)
}

// NewOpening is the opening that hours, sets of hours and closed times make; closed times of one stylist
// alone count for nothing.
func NewOpening(zone *time.Location, weekly []models.OpeningHours, sets []models.ScheduleSet, closings []models.TimeBlock) (Opening, error) {
	cal, err := newCalendar(zone, weekly, nil, closings)
	if err != nil {
		return Opening{}, err
	}
	return Opening{cal: cal, known: true}, cal.follow(sets)
}

// On is the opening of a day.
func (o Opening) On(day time.Time) OpenDay {
	if !o.known {
		return OpenDay{Day: day, Usual: true}
	}
	d := dateOf(day, o.cal.zone)
	open := OpenDay{Day: d.at(0, o.cal.zone), Windows: o.cal.salonWindows(d)}
	usual, works := o.cal.hours[d.weekday()]
	switch {
	case !works:
		open.Usual = len(open.Windows) == 0
	default:
		open.Usual = slices.Equal(open.Windows, []models.Span{o.cal.span(d, usual)})
	}
	if !open.Usual {
		open.Reason = o.reason(d)
	}
	return open
}

// reason is why a day is not as usual: its set of hours, or what closes the salon on it.
func (o Opening) reason(d date) models.Text {
	hours, open, set := o.cal.hoursOn(d)
	if open {
		if c := o.cal.closing(d.at(0, o.cal.zone), o.cal.span(d, hours)); c != nil {
			return c.Reason
		}
	}
	if set != nil {
		return set.Names
	}
	return nil
}

// Shut tells whether the salon is known to be closed on all of a day.
func (o Opening) Shut(day time.Time) bool { return o.known && len(o.On(day).Windows) == 0 }

// maxClosed is how many days are looked at for the next one that is open.
const maxClosed = 120

// NextDays are the next n days after a day on which the salon is open, fewer when there are not so many.
func (o Opening) NextDays(after time.Time, n int) []OpenDay {
	var days []OpenDay
	if !o.known {
		return nil
	}
	d := dateOf(after, o.cal.zone)
	for range maxClosed {
		if d = d.next(); len(days) == n {
			break
		}
		if day := o.On(d.at(0, o.cal.zone)); len(day.Windows) > 0 {
			days = append(days, day)
		}
	}
	return days
}

// Reopens is when the salon opens next, seen from a moment at which it is closed; false while it is open,
// and when nobody knows.
func (o Opening) Reopens(now time.Time) (time.Time, bool) {
	if !o.known {
		return time.Time{}, false
	}
	for _, day := range append([]OpenDay{o.On(now)}, o.NextDays(now, 1)...) {
		for _, open := range day.Windows {
			if open.Start.After(now) {
				return open.Start, true
			}
			if now.Before(open.End) {
				return time.Time{}, false
			}
		}
	}
	return time.Time{}, false
}
