package booking

import (
	"context"
	"fmt"
	"time"

	"frontdesk/internal/fault"
	"frontdesk/internal/redisstore"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// ReasonDelayed is the event of a customer who says that they come late.
const ReasonDelayed = "visit.delayed"

// nextWithin is how far ahead the stylist's next visit is looked for.
const nextWithin = 12 * time.Hour

// NoteDelay notes that the customer of a visit comes late, and when they hope to arrive (nil: they cannot
// tell), and tells the stylist, and those of its group's visits that begin before that. Nothing else about the
// visit changes, but that one which was being moved stands: its customer is on the way to it. It returns the visit
// as it is now, and when the stylist's next one begins; nil when none follows. What was noted already is
// not told again. Fault: booking.not_confirmed.
func (d *Diary) NoteDelay(ctx context.Context, id models.ID, arrives *time.Time, actor string) (a models.Appointment, next *time.Time, err error) {
	err = d.db.InTx(ctx, func(ctx context.Context) error {
		if a, err = d.Lock(ctx, id); err != nil {
			return err
		}
		if err := d.stand(ctx, &a, actor, ReasonKept); err != nil {
			return err
		}
		if a.Status != models.Confirmed {
			return fault.Conflict("booking.not_confirmed")
		}
		if next, err = d.nextStart(ctx, a); err != nil {
			return err
		}
		if a.Delay.SaidAt != nil && sameMoment(a.Delay.ArrivesAt, arrives) {
			return nil
		}
		if err := d.noteDelay(ctx, &a, arrives, actor); err != nil {
			return err
		}
		return d.withMates(ctx, a, models.Confirmed, func(mate *models.Appointment) error {
			misses := mate.StartsAt.Equal(a.StartsAt) || arrives != nil && mate.StartsAt.Before(*arrives)
			if !misses || mate.EndsAt.Before(a.StartsAt) {
				return nil
			}
			return d.noteDelay(ctx, mate, arrives, actor)
		})
	})
	if err != nil {
		return models.Appointment{}, nil, fmt.Errorf("note delay: %w", err)
	}
	return a, next, nil
}

func (d *Diary) noteDelay(ctx context.Context, a *models.Appointment, arrives *time.Time, actor string) error {
	now := d.clock.Now()
	a.Delay = models.Delay{SaidAt: &now, ArrivesAt: arrives}
	err := d.db.On(ctx).Model(&models.Appointment{}).Where("id = ?", a.ID).
		UpdateColumns(map[string]any{"delay_said_at": now, "delay_arrives_at": arrives}).Error
	if err != nil {
		return fmt.Errorf("store delay: %w", err)
	}
	event, err := d.record(ctx, *a, change{status: a.Status, deposit: a.DepositState, actor: actor, reason: ReasonDelayed})
	if err != nil {
		return err
	}
	d.redis.Changed(ctx, redisstore.TopicDiary, a.ID.String())
	return d.queue.Enqueue(ctx, queue.StylistNotice{AppointmentID: a.ID, Event: "visit.delay", ChangeID: event})
}

// nextStart is when the stylist of a visit is wanted by somebody else after it.
func (d *Diary) nextStart(ctx context.Context, a models.Appointment) (*time.Time, error) {
	var starts []time.Time
	err := d.db.On(ctx).Model(&models.Appointment{}).
		Where("stylist_id = ? AND starts_at >= ? AND starts_at < ?", a.StylistID, a.EndsAt, a.EndsAt.Add(nextWithin)).
		Where(liveAt, d.clock.Now()).Order("starts_at").Limit(1).Pluck("starts_at", &starts).Error
	if err != nil {
		return nil, fmt.Errorf("find stylist's next visit: %w", err)
	}
	if len(starts) == 0 {
		return nil, nil
	}
	return &starts[0], nil
}

func sameMoment(a, b *time.Time) bool {
	return a == nil && b == nil || a != nil && b != nil && a.Equal(*b)
}
