package booking

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"frontdesk/internal/database"
	"frontdesk/internal/redisstore"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// When a reminder goes beside P.reminder.hours: as much earlier as its worker may look around early, and no
// later than a visit can still be cancelled in time by most terms.
const (
	reminderEarly  = 30 * time.Minute
	reminderLatest = 24 * time.Hour
)

// Names under which reminders are counted.
const (
	CountReminderSent      = "reminder_sent"
	CountReminderConfirmed = "reminder_confirmed"
	CountReminderMissed    = "reminder_missed"
)

// remindedOf is whose reminder a visit's is: the booker's, who has agreed it (S12); of somebody they bring only once
// these have a phone of their own and have said themselves that they want to hear from the salon.
const remindedOf = `CASE WHEN (SELECT phone FROM customers WHERE id = appointments.customer_id) IS NOT NULL
	AND (SELECT bool_and(k.consent <> 'withdrawn') AND bool_or(k.consent = 'given') FROM contacts k WHERE k.customer_id = appointments.customer_id)
	THEN appointments.customer_id ELSE appointments.booked_by_id END`

// unreminded selects visits that are to be reminded of and have not been: confirmed, and agreed at least
// P.reminder.hours before their start. The customer of any other knows of it as it is; who said STOP is not
// written to unasked (R-1003).
func unreminded(hours int) func(*gorm.DB) *gorm.DB {
	return func(q *gorm.DB) *gorm.DB {
		return q.Where("status = ? AND reminder_sent_at IS NULL AND reminder_missed_at IS NULL", models.Confirmed).
			Where("coalesce(agreed_at, created_at) <= starts_at - make_interval(hours => ?)", hours).
			Where("NOT EXISTS (SELECT 1 FROM contacts k WHERE k.customer_id = "+remindedOf+" AND k.consent = ?)", models.ConsentWithdrawn)
	}
}

// reminderDue narrows unreminded to those whose reminder goes now.
func reminderDue(hours int, now time.Time) func(*gorm.DB) *gorm.DB {
	return func(q *gorm.DB) *gorm.DB {
		return q.Scopes(unreminded(hours)).Where("starts_at BETWEEN ? AND ?",
			now.Add(reminderLatest), now.Add(time.Duration(hours)*time.Hour+reminderEarly))
	}
}

// remindersAtOnce bounds what one sweep reminds of: after an outage other things are due as well.
const remindersAtOnce = 200

// RemindersDue lists the visits whose reminder goes by now, soonest first: whatever the sweep
// missed while it was down, as long as a day is left; no more than one sweep can send.
func (d *Diary) RemindersDue(ctx context.Context) ([]models.Appointment, error) {
	p, err := d.settings.Policies(ctx)
	if err != nil {
		return nil, err
	}
	var due []models.Appointment
	err = d.db.On(ctx).Scopes(reminderDue(p.ReminderHours, d.clock.Now())).Order("starts_at, id").Limit(remindersAtOnce).Find(&due).Error
	if err != nil {
		return nil, fmt.Errorf("find due reminders: %w", err)
	}
	return due, nil
}

// TakeReminder notes that a visit is being reminded of and returns it with its lines, in the transaction
// that queues the message; false when the reminder is not due any more, because somebody else took it or
// the visit has changed. The caller holds the conversation's row.
func (d *Diary) TakeReminder(ctx context.Context, id models.ID) (models.Appointment, bool, error) {
	p, err := d.settings.Policies(ctx)
	if err != nil {
		return models.Appointment{}, false, err
	}
	now := d.clock.Now()
	taken := d.db.On(ctx).Model(&models.Appointment{}).Scopes(reminderDue(p.ReminderHours, now)).
		Where("id = ?", id).UpdateColumn("reminder_sent_at", now)
	if taken.Error != nil {
		return models.Appointment{}, false, fmt.Errorf("note reminder: %w", taken.Error)
	}
	if taken.RowsAffected == 0 {
		return models.Appointment{}, false, nil
	}
	d.reminded(ctx, id, CountReminderSent)
	a, err := d.Appointment(ctx, id)
	return a, err == nil, err
}

// MissReminders gives up the reminders that can no longer go in time and tells the people on duty, once
// each. Otherwise like ExpireHolds.
func (d *Diary) MissReminders(ctx context.Context) (int, error) {
	p, err := d.settings.Policies(ctx)
	if err != nil {
		return 0, err
	}
	now := d.clock.Now()
	return d.sweep(ctx, d.missReminders, func(q *gorm.DB) *gorm.DB {
		return q.Scopes(unreminded(p.ReminderHours)).Where("starts_at > ? AND starts_at < ?", now, now.Add(reminderLatest))
	})
}

func (d *Diary) missReminders(ctx context.Context, visits []models.Appointment) error {
	for _, a := range visits {
		if err := d.MissReminder(ctx, a.ID); err != nil {
			return err
		}
	}
	return nil
}

// Reminded is the customer to whom the reminder of a visit is written.
func (d *Diary) Reminded(ctx context.Context, id models.ID) (customer models.ID, err error) {
	var visit models.Appointment
	if err := d.db.On(ctx).Select(remindedOf+" AS customer_id").Take(&visit, "id = ?", id).Error; err != nil {
		return customer, fmt.Errorf("find who is reminded: %w", err)
	}
	return visit.CustomerID, nil
}

// MissReminder gives up the reminder of one visit: it came too late, or nobody can be reached. Nothing happens
// when there is none to give up any more: the visit was moved or ended, or somebody was quicker.
func (d *Diary) MissReminder(ctx context.Context, id models.ID) error {
	p, err := d.settings.Policies(ctx)
	if err != nil {
		return err
	}
	now := d.clock.Now()
	missed := d.db.On(ctx).Model(&models.Appointment{}).Scopes(unreminded(p.ReminderHours)).
		Where("id = ? AND starts_at > ? AND starts_at <= ?", id, now, now.Add(time.Duration(p.ReminderHours)*time.Hour+reminderEarly)).
		UpdateColumn("reminder_missed_at", now)
	if missed.Error != nil {
		return fmt.Errorf("note missed reminder: %w", missed.Error)
	}
	if missed.RowsAffected == 0 {
		return nil
	}
	d.reminded(ctx, id, CountReminderMissed)
	return d.queue.Enqueue(ctx, queue.StylistNotice{AppointmentID: id, Event: "reminder.missed"})
}

// ConfirmReminder notes that the customer has answered a reminder with yes, once. The visit itself
// stays as it is.
func (d *Diary) ConfirmReminder(ctx context.Context, id models.ID) error {
	done := d.db.On(ctx).Model(&models.Appointment{}).
		Where("id = ? AND status = ? AND reminder_sent_at IS NOT NULL AND reminder_confirmed_at IS NULL", id, models.Confirmed).
		UpdateColumn("reminder_confirmed_at", d.clock.Now())
	if done.Error != nil {
		return fmt.Errorf("note confirmed reminder: %w", done.Error)
	}
	if done.RowsAffected > 0 {
		d.reminded(ctx, id, CountReminderConfirmed)
	}
	return nil
}

// reminded publishes and counts what became of a reminder, once it is committed.
func (d *Diary) reminded(ctx context.Context, id models.ID, name string) {
	d.redis.Changed(ctx, redisstore.TopicDiary, id.String())
	database.AfterCommit(ctx, func() { d.tally(name) })
}

// agreeAnew makes a visit that moves one whose time was agreed now: its customer is reminded of the new
// time, when there is reason to, and what was said about the old one is void.
func (d *Diary) agreeAnew(a *models.Appointment, columns map[string]any) {
	now := d.clock.Now().Truncate(time.Microsecond)
	a.AgreedAt, a.Reminder, a.Delay = &now, models.Reminder{}, models.Delay{}
	columns["agreed_at"] = now
	for _, column := range []string{
		"reminder_sent_at", "reminder_confirmed_at", "reminder_missed_at", "reminder_failed_at", "delay_said_at", "delay_arrives_at",
	} {
		columns[column] = nil
	}
}
