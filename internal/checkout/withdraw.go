package checkout

import (
	"context"
	"fmt"

	"frontdesk/internal/booking"
	"frontdesk/internal/fault"
	"frontdesk/models"
)

// Withdraw is a customer's cancelling of a visit, by the terms it was booked with: with enough notice
// the deposit goes back by one refund, else it is kept. expected is what goes back as the customer was told, in
// minor units: when another amount would by now, nothing is done. It returns the visit as it is then.
//
// Faults: booking.refund_changed, booking.staff_only, booking.changed, booking.not_cancellable.
func (t *Till) Withdraw(ctx context.Context, by booking.OwnChange, expected int64) (models.Appointment, error) {
	var visit models.Appointment
	err := t.db.InTx(ctx, func(ctx context.Context) error {
		b, err := t.lock(ctx, by.ID)
		if err != nil {
			return err
		}
		terms, err := t.cancelTerms(ctx, b)
		if err != nil {
			return err
		}
		back := terms.Refund.Minor
		if !terms.StaffOnly && back != expected {
			return fault.Conflict("booking.refund_changed")
		}
		if visit, err = t.diary.Withdraw(ctx, by, depositAfter(b.visit.DepositState, terms.Paid.Minor, back)); err != nil {
			return err
		}
		_, err = t.payBack(ctx, b, back, refundCancelled)
		return err
	})
	if err != nil {
		return models.Appointment{}, fmt.Errorf("cancel visit for its customer: %w", err)
	}
	return visit, nil
}
