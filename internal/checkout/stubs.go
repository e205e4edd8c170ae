package checkout

import (
	"context"
	"errors"
	"time"

	"frontdesk/internal/booking"
	"frontdesk/models"
)

var errSoon = errors.New("not yet")

// BookRequest is a visit that staff book for a customer.
type BookRequest struct {
	// CustomerID is somebody known; nil: Name, Surname and Phone say who it is. A phone that is known
	// names its customer, whose name stays as it is.
	CustomerID           *models.ID
	Name, Surname, Phone string
	Language             models.Language // of somebody new
	ForName              string          // who will come, when it is not the customer
	StylistID            models.ID
	PackID               *models.ID
	ServiceIDs           []models.ID
	StartsAt             time.Time
	// WithoutDeposit confirms at once; it needs a reason. Else the customer gets a payment link.
	WithoutDeposit bool
	Actor          string
	Own            *models.ID // as in booking.Act
	Reason         string
}

// Book holds a time for a customer and sends the payment link, or confirms at once without a deposit.
func (t *Till) Book(ctx context.Context, r BookRequest) (models.Appointment, error) {
	return models.Appointment{}, errSoon
}

// HoldAgain holds an expired or released hold's time again, as a new hold with a new link (C04).
func (t *Till) HoldAgain(ctx context.Context, act booking.Act) (models.Appointment, error) {
	return models.Appointment{}, errSoon
}

// RefundChoice is what becomes of the deposit.
type RefundChoice string

// Choices: what the policy says; all of it; nothing. The last two need a reason where they differ from
// the policy.
const (
	RefundByPolicy RefundChoice = "policy"
	RefundFull     RefundChoice = "full"
	RefundNone     RefundChoice = "none"
)

// CancelTerms is what cancelling now means, shown before it is done.
type CancelTerms struct {
	Notice      time.Duration // until the visit's start; negative once it began
	RefundHours int           // the notice from which the deposit goes back (P.cancel.refund_hours as booked)
	StaffOnly   bool          // less notice than customers may cancel with by themselves
	Paid        models.Money  // what was received and not given back
	Refund      models.Money  // what the policy gives back now
	Hold        bool          // a hold: it is released, its links are closed
}

// CancelTerms computes what cancelling an appointment would mean now. Faults: booking.not_found,
// booking.not_cancellable.
func (t *Till) CancelTerms(ctx context.Context, id models.ID) (CancelTerms, error) {
	return CancelTerms{}, errSoon
}

// CancelRequest cancels a visit or a hold.
type CancelRequest struct {
	booking.Act
	Refund RefundChoice // empty: by policy
}

// Cancel ends a visit or hold at the salon's hand, with its deposit.
func (t *Till) Cancel(ctx context.Context, r CancelRequest) (models.Appointment, error) {
	return models.Appointment{}, errSoon
}

// NoShowRequest says that the customer did not come.
type NoShowRequest struct {
	booking.Act
	Waive bool // the deposit goes back all the same; needs a reason
}

// NoShow marks a visit whose customer did not come; its deposit is kept, or waived.
func (t *Till) NoShow(ctx context.Context, r NoShowRequest) (models.Appointment, error) {
	return models.Appointment{}, errSoon
}
