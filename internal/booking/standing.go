package booking

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"frontdesk/models"
)

// Standing reads in one query, with lines, what a turn of a conversation needs: the visits of a person, as
// customer or as booker, that stand or took place and end at or after a time, soonest first; and the
// conversation's hold that still has time, nil when there is none.
func (d *Diary) Standing(ctx context.Context, customerID, conversationID models.ID, since time.Time) (visits []models.Appointment, hold *models.Appointment, err error) {
	var rows []models.Appointment
	err = d.withLines(ctx).Order("starts_at, id").Find(&rows,
		`(customer_id = @customer OR booked_by_id = @customer) AND status IN ('confirmed', 'reschedule_pending', 'completed') AND ends_at >= @since
		OR conversation_id = @conversation AND status = 'provisional' AND hold_expires_at > @now`,
		map[string]any{"customer": customerID, "conversation": conversationID, "since": since, "now": d.clock.Now()}).Error
	if err != nil {
		return nil, nil, fmt.Errorf("read what stands: %w", err)
	}
	for _, a := range rows {
		switch {
		case a.Status != models.Provisional:
			visits = append(visits, a)
		case hold == nil || bytes.Compare(a.ID[:], hold.ID[:]) > 0:
			hold = &a
		}
	}
	return visits, hold, nil
}
