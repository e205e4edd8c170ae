package booking

import (
	"context"
	"fmt"
	"time"

	"frontdesk/internal/database"
	"frontdesk/models"
)

// CalendarStale is how old, in machine time, what we know of a calendar outside may be before people are told.
const CalendarStale = 15 * time.Minute

// CalendarLag is how far a stylist's calendar outside and our rows may be apart.
type CalendarLag struct {
	Stylist models.Stylist
	ReadAt  *time.Time // machine time of the last complete reading; nil: never
	Failure string     // the code of what failed since; empty: nothing
	Pending int        // changes of visits that the calendar does not show yet
	Lost    int        // likewise, and nobody tries any more: the next reading does
	Stale   bool       // not read for CalendarStale, or nobody has asked for it yet
}

// CalendarLags tells of every stylist with a calendar outside, in the salon's order; none where there is no
// provider.
func (d *Diary) CalendarLags(ctx context.Context) ([]CalendarLag, error) {
	if d.external.client == nil {
		return nil, nil
	}
	rows, err := CalendarKeepers(ctx, d.db)
	if err != nil {
		return nil, err
	}
	var reads []models.CalendarRead
	if err := d.db.On(ctx).Find(&reads).Error; err != nil {
		return nil, fmt.Errorf("read calendars' records: %w", err)
	}
	waiting, err := d.pushesAhead(ctx)
	if err != nil {
		return nil, err
	}
	oldest := d.clock.Machine().Add(-CalendarStale)
	lags := make([]CalendarLag, len(rows))
	for i, s := range rows {
		lags[i] = CalendarLag{Stylist: s, Pending: waiting[s.ID].pending, Lost: waiting[s.ID].lost, Stale: true}
		if r, known := first(reads, func(r models.CalendarRead) bool { return r.StylistID == s.ID && r.CalendarID == s.CalendarID }); known {
			lags[i].ReadAt, lags[i].Failure = r.ReadAt, r.Failure
			lags[i].Stale = r.Since.Before(oldest) && (r.ReadAt == nil || r.ReadAt.Before(oldest))
		}
	}
	return lags, nil
}

// CalendarKeepers lists the stylists who work here and keep a calendar outside, in the salon's order.
func CalendarKeepers(ctx context.Context, db *database.DB) ([]models.Stylist, error) {
	var rows []models.Stylist
	if err := db.On(ctx).Order("position, code").Find(&rows, "active AND calendar_id <> ''").Error; err != nil {
		return nil, fmt.Errorf("read stylists with calendars: %w", err)
	}
	return rows, nil
}

type pushCount struct{ pending, lost int }

// pushesAhead counts the pushes that are not done, per stylist.
func (d *Diary) pushesAhead(ctx context.Context) (map[models.ID]pushCount, error) {
	var rows []struct {
		StylistID models.ID
		Pending   int
		Lost      int
	}
	err := d.db.On(ctx).Raw(`SELECT a.stylist_id, count(*) FILTER (WHERE j.state <> 'discarded') AS pending, 
			count(DISTINCT a.id) FILTER (WHERE j.state = 'discarded' AND e.version IS DISTINCT FROM a.version) AS lost
		FROM river_job j JOIN appointments a ON a.id = (j.args->>'appointment_id')::uuid JOIN stylists s ON s.id = a.stylist_id
			LEFT JOIN calendar_entries e ON e.appointment_id = a.id AND e.calendar_id = s.calendar_id
		WHERE j.kind = 'calendar.push' AND j.state IN ('available', 'running', 'retryable', 'scheduled', 'discarded')
		GROUP BY a.stylist_id`).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("count pushes ahead: %w", err)
	}
	counts := map[models.ID]pushCount{}
	for _, r := range rows {
		counts[r.StylistID] = pushCount{r.Pending, r.Lost}
	}
	return counts, nil
}

// Behind sums up how many calendars are stale, and how many changes are on their way or given up.
func Behind(lags []CalendarLag) (stale, pending, lost int) {
	for _, l := range lags {
		if l.Stale {
			stale++
		}
		pending, lost = pending+l.Pending, lost+l.Lost
	}
	return stale, pending, lost
}
