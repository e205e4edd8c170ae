package models

import (
	"fmt"
	"strings"
	"time"
)

// CauseReminder is the cause of messages that remind of a visit.
const CauseReminder = "visit.reminder"

// ReminderKey makes the reminder of a visit's present time unique among all messages.
func (a Appointment) ReminderKey() string {
	return fmt.Sprintf("%s:%s:%d", CauseReminder, a.ID, a.StartsAt.Unix())
}

// RemindedOf is the visit of a ReminderKey, whatever follows the key.
func RemindedOf(key string) (id ID, err error) {
	visit, _, _ := strings.Cut(strings.TrimPrefix(key, CauseReminder+":"), ":")
	if err := id.UnmarshalText([]byte(visit)); err != nil {
		return id, fmt.Errorf("read key of reminder: %w", err)
	}
	return id, nil
}

// Reminder is what became of the reminder of a visit's present time; moving the visit clears it.
type Reminder struct {
	SentAt      *time.Time // queued for sending, with the message's row
	ConfirmedAt *time.Time // the customer said that they come
	MissedAt    *time.Time // too little time was left to send it
	FailedAt    *time.Time // it could not be delivered, nor could the second try
}

// Awaited tells whether the customer was reminded and has not answered.
func (r Reminder) Awaited() bool { return r.SentAt != nil && r.ConfirmedAt == nil }

// Delay is what a customer said about coming late; nothing was said while SaidAt is nil.
type Delay struct {
	SaidAt    *time.Time
	ArrivesAt *time.Time // nil: they could not tell
}

// LateMinutes is by how much the arrival that was told lies after the visit's start, at least 0; false when
// none was told.
func (a Appointment) LateMinutes() (int, bool) {
	if a.Delay.ArrivesAt == nil {
		return 0, false
	}
	return max(0, int(a.Delay.ArrivesAt.Sub(a.StartsAt)/time.Minute)), true
}
