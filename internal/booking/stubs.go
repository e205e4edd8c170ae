package booking

import (
	"context"
	"errors"
	"time"

	"frontdesk/models"
)

var errSoon = errors.New("not yet")

// Move takes the new time and frees the old one. Faults: booking.changed, booking.not_yours,
// booking.not_movable, booking.past, booking.wrong_stylist, booking.closed, booking.slot_taken
// (Obstacles tells what is in the way), booking.same_time.
func (d *Diary) Move(ctx context.Context, r MoveRequest) (models.Appointment, error) {
	return models.Appointment{}, errSoon
}

// ConfirmWithoutDeposit makes a visit of a hold; a reason is required.
func (d *Diary) ConfirmWithoutDeposit(ctx context.Context, act Act) (models.Appointment, error) {
	return models.Appointment{}, errSoon
}

// LetGo releases a hold by staff; the customer is told.
func (d *Diary) LetGo(ctx context.Context, act Act) (models.Appointment, error) {
	return models.Appointment{}, errSoon
}

// Complete marks a visit as done, from its start on.
func (d *Diary) Complete(ctx context.Context, act Act) (models.Appointment, error) {
	return models.Appointment{}, errSoon
}

// Reopen takes a completed or no_show mark back, within 24 hours, nothing refunded.
func (d *Diary) Reopen(ctx context.Context, act Act) (models.Appointment, error) {
	return models.Appointment{}, errSoon
}

// Block closes time.
func (d *Diary) Block(ctx context.Context, r BlockRequest) (models.TimeBlock, error) {
	return models.TimeBlock{}, errSoon
}

// Unblock opens it again.
func (d *Diary) Unblock(ctx context.Context, r UnblockRequest) (models.TimeBlock, error) {
	return models.TimeBlock{}, errSoon
}

// ConflictsOf lists the live holds and visits in a span, of one stylist or of all.
func (d *Diary) ConflictsOf(ctx context.Context, span models.Span, stylistID *models.ID) ([]Visit, error) {
	return nil, errSoon
}

// TooSoon tells whether a start lies inside the lead time that customers must keep: a warning for staff.
func (d *Diary) TooSoon(ctx context.Context, startsAt time.Time) (bool, error) { return false, errSoon }

// MayAct tells whether somebody who owns only one stylist's diary may act on a visit. Fault: booking.not_yours.
func MayAct(own *models.ID, visit models.Appointment) error { return errSoon }

// Obstacles are what a booking.slot_taken or booking.block_conflicts fault says is in the way.
func Obstacles(err error) (InTheWay, bool) { return InTheWay{}, false }

// Week is a stretch of the diary: what stands in it, what has ended, and closed time.
type Week struct {
	Visits, Ended []Visit
	Blocks        []models.TimeBlock
}

// Week reads a half-open stretch of the diary, of all stylists or of one.
func (d *Diary) Week(ctx context.Context, from, to time.Time, stylistID *models.ID) (Week, error) {
	return Week{}, errSoon
}
