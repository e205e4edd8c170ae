package checkout

import (
	"context"
	"fmt"
	"time"

	"frontdesk/internal/audit"
	"frontdesk/internal/booking"
	"frontdesk/internal/fault"
	"frontdesk/models"
)

// RefundChoice is what becomes of a paid deposit when staff cancel.
type RefundChoice string

// Choices: what the policy says; all of it; nothing. One that differs from the policy needs a reason and
// is audited as a waiver.
const (
	RefundByPolicy RefundChoice = "policy"
	RefundFull     RefundChoice = "full"
	RefundNone     RefundChoice = "none"
)

// CancelTerms is what cancelling an appointment now means, shown before it is done.
type CancelTerms struct {
	Hold        bool          // a hold: it is released and its payment links are closed
	Notice      time.Duration // until the visit's start; negative once it has begun
	RefundHours int           // the deposit goes back with that much notice or more (C02), as booked
	StaffOnly   bool          // less notice than customers may cancel with by themselves (C01)
	Late        bool          // less notice than the deposit goes back with
	Paid        models.Money  // what was received and has not gone back
	Refund      models.Money  // what the policy gives back of it now
}

// CancelTerms computes what cancelling an appointment would mean now. Faults: booking.not_cancellable,
// booking.not_found.
func (t *Till) CancelTerms(ctx context.Context, id models.ID) (CancelTerms, error) {
	visit, err := t.diary.Appointment(ctx, id)
	if err != nil {
		return CancelTerms{}, err
	}
	payments, err := t.OfAppointments(ctx, []models.ID{id})
	if err != nil {
		return CancelTerms{}, err
	}
	return t.cancelTerms(ctx, &bill{visit: visit, payments: payments[id]})
}

func (t *Till) cancelTerms(ctx context.Context, b *bill) (CancelTerms, error) {
	v := b.visit
	if !v.Status.Live() {
		return CancelTerms{}, fault.Conflict("booking.not_cancellable")
	}
	kept, _, err := t.kept(ctx, b)
	if err != nil {
		return CancelTerms{}, err
	}
	terms := CancelTerms{
		Hold: v.Status == models.Provisional, Notice: v.Notice(t.clock.Now()), RefundHours: v.Terms.CancelRefundHours,
		Paid: models.Money{Minor: kept, Currency: v.Currency}, Refund: models.Money{Currency: v.Currency},
	}
	terms.StaffOnly, terms.Late = v.Terms.StaffOnly(terms.Notice), v.Terms.Late(terms.Notice)
	if !terms.Late {
		terms.Refund.Minor = kept
	}
	return terms, nil
}

// kept is what a visit's deposit brought in and has not gone back, with the payment that holds it; nil
// when there is none. Of a group's payment it is the visit's own deposit, never another's.
func (t *Till) kept(ctx context.Context, b *bill) (int64, *models.Payment, error) {
	if b.visit.DepositState != models.DepositPaid {
		return 0, nil, nil
	}
	for i := range b.payments {
		p := &b.payments[i]
		if p.State != models.PaymentPaid {
			continue
		}
		rows, err := t.Refunds(ctx, []models.ID{p.ID})
		if err != nil {
			return 0, nil, err
		}
		return share(b.visit, *p, rows[p.ID]), p, nil
	}
	return 0, nil, nil
}

// CancelRequest cancels a visit or a hold.
type CancelRequest struct {
	booking.Act
	Refund RefundChoice // empty: RefundByPolicy
	// Expected is what goes back, in minor units, as the actor was told. Notice runs out while a form is
	// open: when another amount would go back by now, nothing is done. Nil: whatever it is by now.
	Expected *int64
}

// amount is what goes back, and whether that is not what the policy says. Faults: booking.refund_choice,
// booking.refund_changed.
func (r CancelRequest) amount(terms CancelTerms) (back int64, waiver bool, err error) {
	switch r.Refund {
	case "", RefundByPolicy:
		back = terms.Refund.Minor
	case RefundFull:
		back = terms.Paid.Minor
	case RefundNone:
	default:
		return 0, false, fault.Conflict("booking.refund_choice")
	}
	if r.Expected != nil && *r.Expected != back {
		return 0, false, fault.Conflict("booking.refund_changed")
	}
	return back, back != terms.Refund.Minor, nil
}

// mayDecide refuses a decision about the deposit to whoever acts on one stylist's diary alone: it is the
// desk's (R-1111). Fault: booking.deposit_desk.
func mayDecide(act booking.Act, decides bool) error {
	if act.Own != nil && decides {
		return fault.Forbidden("booking.deposit_desk")
	}
	return nil
}

// Cancel ends a visit or a hold at the salon's hand (R-504, R-1111). A paid deposit goes back by one
// refund, or is kept, in the transaction that cancels; a job pays it out. The customer is told what
// becomes of it, the stylist that the time is free. A second click finds the visit changed. Faults:
// booking.not_cancellable, booking.refund_choice, booking.refund_changed, booking.deposit_desk for a choice
// by whoever acts on one diary alone, and those of an Act; a waiver needs a reason.
func (t *Till) Cancel(ctx context.Context, r CancelRequest) (models.Appointment, error) {
	var visit models.Appointment
	err := t.db.InTx(ctx, func(ctx context.Context) error {
		b, err := t.lock(ctx, r.ID)
		if err != nil {
			return err
		}
		if err := r.Check(b.visit, false); err != nil {
			return err
		}
		if err := mayDecide(r.Act, r.Refund != "" && r.Refund != RefundByPolicy); err != nil {
			return err
		}
		terms, err := t.cancelTerms(ctx, b)
		if err != nil {
			return err
		}
		back, waiver, err := r.amount(terms)
		if err != nil {
			return err
		}
		if err := r.Check(b.visit, waiver); err != nil {
			return err
		}
		if visit, err = t.diary.Cancel(ctx, r.Act, depositAfter(b.visit.DepositState, terms.Paid.Minor, back)); err != nil {
			return err
		}
		if err := t.decided(ctx, r.Act, terms.Refund.Minor, back); err != nil {
			return err
		}
		_, err = t.payBack(ctx, b, back, refundCancelled)
		return err
	})
	if err != nil {
		return models.Appointment{}, fmt.Errorf("cancel visit: %w", err)
	}
	return visit, nil
}

// NoShowRequest says that the customer of a visit did not come.
type NoShowRequest struct {
	booking.Act
	Waive bool // the deposit goes back all the same; needs a reason
}

// NoShow marks a visit whose customer did not come. Its deposit is kept, or goes back by a waiver, of
// which the customer is told. Faults: booking.not_confirmed, booking.not_begun, booking.deposit_desk for a
// waiver by whoever acts on one diary alone, and those of an Act.
func (t *Till) NoShow(ctx context.Context, r NoShowRequest) (models.Appointment, error) {
	var visit models.Appointment
	err := t.db.InTx(ctx, func(ctx context.Context) error {
		b, err := t.lock(ctx, r.ID)
		if err != nil {
			return err
		}
		if err := r.Check(b.visit, r.Waive); err != nil {
			return err
		}
		if err := mayDecide(r.Act, r.Waive); err != nil {
			return err
		}
		kept, _, err := t.kept(ctx, b)
		if err != nil {
			return err
		}
		back := int64(0)
		if r.Waive {
			back = kept
		}
		if visit, err = t.diary.NoShow(ctx, r.Act, depositAfter(b.visit.DepositState, kept, back)); err != nil || back == 0 {
			return err
		}
		if err := t.decided(ctx, r.Act, 0, back); err != nil {
			return err
		}
		refund, err := t.payBack(ctx, b, back, refundWaived)
		if err != nil {
			return err
		}
		return t.tell(ctx, b.visit, "payment.returned", refund)
	})
	if err != nil {
		return models.Appointment{}, fmt.Errorf("mark visit as not come: %w", err)
	}
	return visit, nil
}

// depositAfter is where a deposit goes when its visit ends: only money that is here can be kept or given
// back.
func depositAfter(now models.DepositState, kept, back int64) models.DepositState {
	switch {
	case now != models.DepositPaid || kept == 0:
		return now
	case back > 0:
		return models.DepositRefundPending
	default:
		return models.DepositForfeited
	}
}

// decided audits that somebody decided about a deposit otherwise than the policy.
func (t *Till) decided(ctx context.Context, act booking.Act, policy, given int64) error {
	if policy == given {
		return nil
	}
	return t.log.Record(ctx, audit.Entry{
		Actor: act.Actor, Action: "deposit.waiver", SubjectKind: "visit", SubjectID: act.ID.String(), Reason: act.Reason,
		Before: map[string]any{"refund_minor": policy}, After: map[string]any{"refund_minor": given},
	})
}

// payBack refunds an amount of the deposit that a visit's payment holds and gives the refund's id; nothing for 0.
func (t *Till) payBack(ctx context.Context, b *bill, amount int64, reason string) (models.ID, error) {
	if amount == 0 {
		return models.ID{}, nil
	}
	_, p, err := t.kept(ctx, b)
	if err != nil {
		return models.ID{}, err
	}
	if p.GroupID != nil {
		return t.payBackShare(ctx, b, p, amount, reason)
	}
	p.State = models.PaymentRefundPending
	if err := t.save(ctx, p, "state"); err != nil {
		return models.ID{}, err
	}
	return t.refund(ctx, b.visit, p, nil, amount, reason)
}

// Returned is what staff gave back of a visit's deposit when they ended it, whether it is on its way, has
// arrived, or was refused and is still owed; another try in its place counts, and not what it took the place of. Money that went back for other reasons is not in it.
func (t *Till) Returned(ctx context.Context, appointmentID models.ID) (models.Money, error) {
	var sum models.Money
	err := t.db.On(ctx).Raw(`SELECT coalesce(sum(r.amount_minor), 0) AS minor, coalesce(max(r.currency), '') AS currency
		FROM refunds r JOIN payments p ON p.id = r.payment_id
		WHERE coalesce(r.appointment_id, p.appointment_id) = ? AND r.reason IN ? AND r.state IN ('asked', 'pending', 'succeeded', 'failed')`,
		appointmentID, []string{refundCancelled, refundWaived}).Scan(&sum).Error
	if err != nil {
		return sum, fmt.Errorf("add up refunds of visit: %w", err)
	}
	return sum, nil
}
