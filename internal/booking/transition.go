package booking

import (
	"context"
	"fmt"

	"frontdesk/internal/database"
	"frontdesk/internal/fault"
	"frontdesk/internal/redisstore"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// Reasons written into event rows: words of the product, never a customer's.
const (
	ReasonHeld        = "hold.created"
	ReasonReplaced    = "hold.replaced"
	ReasonExtended    = "hold.extended"
	ReasonExpired     = "hold.expired"
	ReasonNoDeposit   = "booked_without_deposit"
	ReasonLateRetaken = "late_payment_retaken"
)

// actorSystem is who acts when nobody asked: a sweep, or a hold that meets a lapsed one.
const actorSystem = "system"

// change is a step of an appointment's two state machines.
type change struct {
	status  models.AppointmentStatus
	deposit models.DepositState
	actor   string
	reason  string
	retake  bool // an expired or released hold takes its slot again
}

// mayBecome is the law of appointment states (scenarios section 1). Only a re-take leads back from
// expired or released.
func mayBecome(from, to models.AppointmentStatus, retake bool) bool {
	switch from {
	case models.Provisional:
		return to == models.Confirmed || to == models.Expired || to == models.Released
	case models.Confirmed:
		return to == models.Completed || to == models.NoShow || to == models.Cancelled || to == models.ReschedulePending
	case models.ReschedulePending:
		return to == models.Confirmed || to == models.Cancelled
	case models.Expired, models.Released:
		return retake && to == models.Confirmed
	default:
		return false
	}
}

// depositMayBecome is the law of deposit states (C20). Money that arrives for a hold that is gone
// goes from none straight to its refund.
func depositMayBecome(from, to models.DepositState) bool {
	switch from {
	case models.DepositNone:
		return to == models.DepositPending || to == models.DepositPaid || to == models.DepositRefundPending
	case models.DepositPending:
		return to == models.DepositNone || to == models.DepositPaid || to == models.DepositRefundPending
	case models.DepositPaid:
		return to == models.DepositRefundPending || to == models.DepositForfeited
	case models.DepositRefundPending:
		return to == models.DepositRefunded
	case models.DepositRefunded:
		return to == models.DepositRefundPending // the bank sent the refund back
	default:
		return false
	}
}

// unpaid is the deposit of a hold that ends: nobody waits for it any more. Money that came too late
// and is on its way back stays on its way.
func unpaid(d models.DepositState) models.DepositState {
	if d == models.DepositPending {
		return models.DepositNone
	}
	return d
}

// apply makes a change of a locked appointment and writes its event row. A step the law does
// not allow is the fault booking.illegal_transition; a slot that somebody else has meanwhile is
// booking.slot_taken. The appointment passed in is brought up to date.
func (d *Diary) apply(ctx context.Context, a *models.Appointment, c change) error {
	statusLegal := a.Status == c.status || mayBecome(a.Status, c.status, c.retake)
	depositLegal := a.DepositState == c.deposit || depositMayBecome(a.DepositState, c.deposit)
	if !statusLegal || !depositLegal {
		return fault.Conflict("booking.illegal_transition")
	}
	columns := map[string]any{"status": c.status, "deposit_state": c.deposit, "updated_at": d.clock.Now()}
	if c.status == models.Confirmed {
		columns["hold_expires_at"] = nil
	}
	update := d.db.On(ctx).Model(&models.Appointment{}).
		Where("id = ? AND status = ? AND deposit_state = ?", a.ID, a.Status, a.DepositState).Updates(columns)
	if update.Error != nil {
		return fmt.Errorf("change appointment to %s: %w", c.status, update.Error)
	}
	if update.RowsAffected != 1 {
		return fault.Conflict("booking.illegal_transition")
	}
	if err := d.record(ctx, a.ID, a.Status, a.DepositState, c); err != nil {
		return err
	}
	a.Status, a.DepositState = c.status, c.deposit
	if c.status == models.Confirmed {
		a.HoldExpiresAt = nil
	}
	d.redis.Changed(ctx, redisstore.TopicDiary, a.ID.String())
	return nil
}

func (d *Diary) record(ctx context.Context, id models.ID, from models.AppointmentStatus, fromDeposit models.DepositState, c change) error {
	row := models.AppointmentEvent{
		ID: models.NewID(), AppointmentID: id, FromStatus: from, ToStatus: c.status,
		FromDeposit: fromDeposit, ToDeposit: c.deposit, Actor: c.actor, Reason: c.reason, At: d.clock.Now(),
	}
	if err := d.db.On(ctx).Create(&row).Error; err != nil {
		return fmt.Errorf("record %s: %w", c.reason, err)
	}
	return nil
}

// asTaken turns what the database says when two writers want one slot into booking.slot_taken.
func asTaken(err error) error {
	if database.Violates(err, "appointments_no_overlap") || database.Deadlocked(err) {
		return &fault.Fault{Kind: fault.KindConflict, Key: "booking.slot_taken", Cause: err}
	}
	return err
}

// tell lets the conversation say what happened to the appointment; an appointment without one is
// silent.
func (d *Diary) tell(ctx context.Context, a models.Appointment, event string) error {
	if a.ConversationID == nil {
		return nil
	}
	return d.queue.Enqueue(ctx, queue.Tell{ConversationID: *a.ConversationID, Event: event, Ref: a.ID})
}

// voidPayment closes the payment links of a hold that ended unpaid.
func (d *Diary) voidPayment(ctx context.Context, a models.Appointment) error {
	args := queue.PaymentVoid{AppointmentID: a.ID}
	if a.ConversationID != nil {
		args.ConversationID = *a.ConversationID
	}
	return d.queue.Enqueue(ctx, args)
}
