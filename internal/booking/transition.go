package booking

import (
	"context"
	"fmt"
	"time"

	"frontdesk/internal/database"
	"frontdesk/internal/fault"
	"frontdesk/internal/redisstore"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// Reasons written into event rows: words of the product, never a customer's. Why a person did it stands
// beside them, in that person's words.
const (
	ReasonHeld        = "hold.created"
	ReasonReplaced    = "hold.replaced"
	ReasonExtended    = "hold.extended"
	ReasonExpired     = "hold.expired"
	ReasonLetGo       = "hold.let_go"     // by staff; the customer may still pay for it
	ReasonHeldAgain   = "hold.held_again" // by another hold
	ReasonNoDeposit   = "booked_without_deposit"
	ReasonLateRetaken = "late_payment_retaken"
	ReasonMoved       = "visit.moved"
	ReasonCancelled   = "visit.cancelled"   // nothing brings it back
	ReasonRescheduled = "visit.rescheduled" // by the customer, as the next ones
	ReasonMovedLate   = "visit.moved_inside_notice"
	ReasonChoosing    = "visit.being_moved" // its customer looks for another time inside the notice
	ReasonKept        = "visit.kept"
	ReasonChoiceOver  = "visit.move_abandoned" // by nobody: the customer never chose
	ReasonWithdrawn   = "visit.cancelled_by_customer"
	ReasonGivenUp     = "visit.cancelled_inside_notice" // by the customer
	ReasonCompleted   = "visit.completed"
	ReasonNoShow      = "visit.no_show"
	ReasonReopened    = "visit.reopened"
)

// actorSystem is who acts when nobody asked: a sweep, or a hold that meets a lapsed one.
const actorSystem = "system"

// way is how a step is taken: some lead back, and only for a reason of their own.
type way int

const (
	forward way = iota
	retake      // an expired or released hold takes its slot again
	reopen      // what was marked as done, or as not come, was not so
)

// change is a step of an appointment's two state machines.
type change struct {
	status  models.AppointmentStatus
	deposit models.DepositState
	actor   string
	reason  string
	note    string // of the person who did it
	way     way
	move    *spot      // nil: it stays where it is
	late    bool       // moved by its customer inside the notice
	until   *time.Time // of a visit being moved: when it stands again by itself
}

// spot is where a visit stands in the diary.
type spot struct {
	stylist models.ID
	span    models.Span
}

// mayBecome is the law of appointment states (scenarios section 1). Only a re-take leads back from
// expired or released, and only a reopening from what was marked after a visit.
func mayBecome(from, to models.AppointmentStatus, by way) bool {
	switch from {
	case models.Provisional:
		return to == models.Confirmed || to == models.Expired || to == models.Released
	case models.Confirmed:
		return to == models.Completed || to == models.NoShow || to == models.Cancelled || to == models.ReschedulePending
	case models.ReschedulePending:
		return to == models.Confirmed || to == models.Cancelled
	case models.Expired, models.Released:
		return by == retake && to == models.Confirmed
	case models.Completed, models.NoShow:
		return by == reopen && to == models.Confirmed
	default:
		return false
	}
}

// depositMayBecome is the law of deposit states (C20). Money that arrives for a hold that is gone
// goes from none straight to its refund.
func depositMayBecome(from, to models.DepositState, by way) bool {
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
	case models.DepositForfeited:
		return by == reopen && to == models.DepositPaid || to == models.DepositRefundPending // given back all the same
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

// apply makes a change of a locked appointment and writes its event row, whose id it returns. A
// step the law does not allow is the fault booking.illegal_transition; a slot that somebody else has
// meanwhile violates appointments_no_overlap. The appointment passed in is brought up to date.
func (d *Diary) apply(ctx context.Context, a *models.Appointment, c change) (models.ID, error) {
	statusLegal := a.Status == c.status || mayBecome(a.Status, c.status, c.way)
	depositLegal := a.DepositState == c.deposit || depositMayBecome(a.DepositState, c.deposit, c.way)
	if !statusLegal || !depositLegal {
		return models.ID{}, fault.Conflict("booking.illegal_transition")
	}
	columns := map[string]any{"status": c.status, "deposit_state": c.deposit}
	if c.status == models.Confirmed {
		columns["hold_expires_at"] = nil
	}
	if c.move != nil {
		columns["stylist_id"], columns["starts_at"], columns["ends_at"] = c.move.stylist, c.move.span.Start, c.move.span.End
		d.agreeAnew(a, columns)
	}
	was := *a
	if c.until != nil || a.RescheduleUntil != nil {
		columns["reschedule_until"], a.RescheduleUntil = c.until, c.until
	}
	if c.late {
		a.LateMoves++
		columns["late_moves"] = a.LateMoves
	}
	if err := d.write(ctx, a, columns); err != nil {
		return models.ID{}, err
	}
	a.Status, a.DepositState = c.status, c.deposit
	if c.status == models.Confirmed {
		a.HoldExpiresAt = nil
	}
	if c.move != nil {
		a.StylistID, a.StartsAt, a.EndsAt = c.move.stylist, c.move.span.Start, c.move.span.End
	}
	if err := d.mirror(ctx, was, *a); err != nil {
		return models.ID{}, err
	}
	return d.record(ctx, was, c)
}

// write changes columns of a locked appointment and raises its version. Only the version it was read
// with is changed; another one is the fault booking.illegal_transition.
func (d *Diary) write(ctx context.Context, a *models.Appointment, columns map[string]any) error {
	now := d.clock.Now().Truncate(time.Microsecond)
	columns["updated_at"], columns["version"] = now, a.Version+1
	update := d.db.On(ctx).Model(&models.Appointment{}).Where("id = ? AND version = ?", a.ID, a.Version).Updates(columns)
	if update.Error != nil {
		return fmt.Errorf("change appointment: %w", update.Error)
	}
	if update.RowsAffected != 1 {
		return fault.Conflict("booking.illegal_transition")
	}
	a.UpdatedAt, a.Version = now, a.Version+1
	d.redis.Changed(ctx, redisstore.TopicDiary, a.ID.String())
	return nil
}

// record writes the event row of a change and returns its id.
func (d *Diary) record(ctx context.Context, was models.Appointment, c change) (models.ID, error) {
	row := models.AppointmentEvent{
		ID: models.NewID(), AppointmentID: was.ID, FromStatus: was.Status, ToStatus: c.status,
		FromDeposit: was.DepositState, ToDeposit: c.deposit, Actor: c.actor, Reason: c.reason, Note: c.note, At: d.clock.Now(),
	}
	if c.move != nil {
		row.FromStylistID, row.ToStylistID = &was.StylistID, &c.move.stylist
		row.FromStartsAt, row.ToStartsAt = &was.StartsAt, &c.move.span.Start
	}
	if err := d.db.On(ctx).Create(&row).Error; err != nil {
		return row.ID, fmt.Errorf("record %s: %w", c.reason, err)
	}
	return row.ID, nil
}

// asTaken turns what the database says when two writers want one slot into booking.slot_taken.
func asTaken(err error) error {
	if database.Violates(err, "appointments_no_overlap") || database.Deadlocked(err) {
		return &fault.Fault{Kind: fault.KindConflict, Key: "booking.slot_taken", Cause: err}
	}
	if database.Violates(err, "customers_known") { // erased in the same moment
		return &fault.Fault{Kind: fault.KindNotFound, Key: "customers.no_customer", Cause: err}
	}
	return err
}

// tell lets the conversation say what happened to the appointment; an appointment without one is
// silent.
func (d *Diary) tell(ctx context.Context, a models.Appointment, event string) error {
	return d.tellOf(ctx, a, event, a.ID)
}

// tellOf is tell about one change among several of its kind: ref is its event row.
func (d *Diary) tellOf(ctx context.Context, a models.Appointment, event string, ref models.ID) error {
	if a.ConversationID == nil {
		return nil
	}
	return d.queue.Enqueue(ctx, queue.Tell{ConversationID: *a.ConversationID, Event: event, Ref: ref})
}

// voidPayment closes the payment links of a hold that ended unpaid.
func (d *Diary) voidPayment(ctx context.Context, a models.Appointment) error {
	args := queue.PaymentVoid{AppointmentID: a.ID}
	if a.ConversationID != nil {
		args.ConversationID = *a.ConversationID
	}
	return d.queue.Enqueue(ctx, args)
}
