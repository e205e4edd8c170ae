package booking

import (
	"context"
	"fmt"
	"slices"
	"time"

	outside "frontdesk/internal/calendar"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// disown leaves as ours only the entries that this salon wrote, each of which names its stylist. Those of another
// installation that writes to the same calendar are anybody else's: they take time, and nobody takes them out.
func (d *Diary) disown(ctx context.Context, r *reading) error {
	var ours []models.ID
	if err := d.db.On(ctx).Model(&models.Stylist{}).Pluck("id", &ours).Error; err != nil {
		return fmt.Errorf("read whose entries are ours: %w", err)
	}
	for i, e := range r.Entries {
		if e.Own != nil && !slices.Contains(ours, e.Own.StylistID) {
			r.Entries[i].Own = nil
		}
	}
	return nil
}

// putRight finds visits that the calendar shows otherwise than the rows say, because somebody moved or removed
// their entries there or a push was given up, and lets them be pushed again. What was pushed after the reading
// began, or is about to be, it cannot judge. Of a calendar in which nothing has changed only the record of what
// it shows is compared.
func (d *Diary) putRight(ctx context.Context, r reading) error {
	shown := map[models.ID]outside.Entry{}
	for _, e := range r.Entries {
		if e.Own != nil {
			shown[e.Own.VisitID] = e
		}
	}
	var due []struct {
		ID                models.ID
		StartsAt, EndsAt  time.Time
		Version, OnRecord int64
		Status            models.AppointmentStatus
		PushedAt          *time.Time
	}
	err := d.db.On(ctx).Raw(`SELECT a.id, a.starts_at, a.ends_at, a.version, a.status, coalesce(e.version, 0) AS on_record, e.pushed_at
		FROM appointments a LEFT JOIN calendar_entries e ON e.appointment_id = a.id AND e.calendar_id = @calendar
		WHERE a.stylist_id = @stylist AND a.ends_at > @now AND a.starts_at < @to AND a.status IN ('provisional', 'confirmed', 'reschedule_pending')
		AND `+noPushAhead, map[string]any{"calendar": r.calendar, "stylist": r.stylist, "now": d.clock.Now(), "to": r.span.End}).Scan(&due).Error
	if err != nil {
		return fmt.Errorf("compare a calendar with the visits: %w", err)
	}
	for _, v := range due {
		e, is := shown[v.ID]
		delete(shown, v.ID)
		asSaid := is && e.Span.Start.Equal(v.StartsAt) && e.Span.End.Equal(v.EndsAt) && e.Own.Version == v.OnRecord
		tooFresh := v.PushedAt != nil && !v.PushedAt.Before(r.began)
		if v.OnRecord == v.Version && (r.Same || asSaid || tooFresh) {
			continue
		}
		if err := d.queue.Enqueue(ctx, queue.CalendarPush{AppointmentID: v.ID}); err != nil {
			return err
		}
	}
	return d.takeOut(ctx, r, shown)
}

// noPushAhead selects appointments that no push waits for.
const noPushAhead = `NOT EXISTS (SELECT FROM river_job j WHERE j.kind = 'calendar.push' AND j.state IN ('available', 'running', 'retryable', 'scheduled')
	AND j.args @> jsonb_build_object('appointment_id', a.id))`

// takeOut lets entries of ours go that no visit of this stylist accounts for: those that stand there and are not
// over, and those whose push was given up.
func (d *Diary) takeOut(ctx context.Context, r reading, shown map[models.ID]outside.Entry) error {
	var ids []models.ID
	for id, e := range shown {
		if e.Span.End.After(d.clock.Now()) {
			ids = append(ids, id)
		}
	}
	var stray []models.ID
	err := d.db.On(ctx).Raw(`SELECT a.id FROM (SELECT unnest(CAST(@shown AS uuid[])) AS id
			UNION SELECT e.appointment_id FROM river_job j JOIN calendar_entries e ON e.appointment_id = (j.args->>'appointment_id')::uuid
			WHERE j.kind = 'calendar.push' AND j.state = 'discarded' AND e.calendar_id = @calendar) a
		WHERE NOT EXISTS (SELECT FROM appointments v WHERE v.id = a.id AND v.stylist_id = @stylist
			AND v.status IN ('provisional', 'confirmed', 'reschedule_pending', 'completed', 'no_show'))
		AND `+noPushAhead, map[string]any{"shown": array(ids), "calendar": r.calendar, "stylist": r.stylist}).Scan(&stray).Error
	if err != nil {
		return fmt.Errorf("look whose entries these are: %w", err)
	}
	for _, id := range stray {
		if err := d.expectEntry(ctx, id, r.calendar); err != nil {
			return err
		}
		if err := d.queue.Enqueue(ctx, queue.CalendarPush{AppointmentID: id}); err != nil {
			return err
		}
	}
	return nil
}
