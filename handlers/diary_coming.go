package handlers

import (
	"context"
	"time"

	"frontdesk/internal/booking"
	"frontdesk/internal/i18n"
	"frontdesk/views/diary"
)

// describeComing says what became of a visit's reminder and whether its customer comes late.
func describeComing(ctx context.Context, q diaryQuery, v booking.Visit, d *diary.Details) {
	at := (*time.Time)(nil)
	switch r := v.Reminder; {
	case r.ConfirmedAt != nil:
		d.Reminder, at = i18n.T(ctx, "diary.reminder.confirmed"), r.ConfirmedAt
	case r.FailedAt != nil:
		d.Reminder, at = i18n.T(ctx, "diary.reminder.failed"), r.FailedAt
	case r.SentAt != nil:
		d.Reminder, at = i18n.T(ctx, "diary.reminder.sent"), r.SentAt
	case r.MissedAt != nil:
		d.Reminder, at = i18n.T(ctx, "diary.reminder.missed"), r.MissedAt
	}
	if at != nil {
		local := at.In(q.zone)
		d.RemindedAt = &local
	}
	if v.Delay.SaidAt == nil {
		return
	}
	d.Delay = i18n.T(ctx, "diary.delay.unknown")
	if late, known := v.LateMinutes(); known {
		d.Delay = i18n.T(ctx, "diary.delay.arrives",
			"Time", i18n.Clock(v.Delay.ArrivesAt.In(q.zone)), "Late", i18n.N(ctx, "console.minutes", late))
	}
}
