package checkout

import (
	"context"
	"errors"
	"fmt"

	"frontdesk/internal/fault"
	"frontdesk/internal/stripeapi"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// Reasons of automatic refunds.
const (
	refundMismatch   = "amount_mismatch"
	refundDuplicate  = "duplicate_payment"
	refundLate       = "late_payment"
	refundAtProvider = "at_provider" // made by a person at the provider's own site
)

// receive takes money in. The first payment of the right amount makes the visit; whatever cannot make
// one goes back in full.
func (t *Till) receive(ctx context.Context, b *bill, p *models.Payment, e stripeapi.Event) (string, error) {
	if p.PaidAt != nil {
		return OutcomeDuplicate, nil
	}
	now := t.clock.Now()
	t.identify(p, e)
	p.PaidAt, p.ReceivedMinor, p.ReceivedIn = &now, e.Amount.Minor, e.Amount.Currency
	switch {
	case p.ReceivedMinor != p.AmountMinor || p.ReceivedIn != p.Currency:
		return OutcomeMismatch, t.mismatched(ctx, b, p)
	case b.settled():
		return OutcomeSecondPayment, t.giveBack(ctx, b, p, refundDuplicate, "payment.duplicate_refunded")
	}
	p.State, p.ErrorCode = models.PaymentPaid, ""
	if err := t.saveReceipt(ctx, p); err != nil {
		return "", err
	}
	_, err := t.diary.Confirm(ctx, b.visit.ID, actorProvider, "payment.completed")
	if refused(err) {
		return OutcomeLate, t.tooLate(ctx, b, p)
	}
	if err != nil {
		return "", err
	}
	return OutcomeConfirmed, t.supersede(ctx, b, p)
}

// settled tells whether the visit has its deposit already.
func (b *bill) settled() bool {
	if b.visit.DepositState == models.DepositPaid {
		return true
	}
	for _, p := range b.payments {
		if p.State == models.PaymentPaid {
			return true
		}
	}
	return false
}

// refused tells whether booking said no, as opposed to failing.
func refused(err error) bool {
	var f *fault.Fault
	return errors.As(err, &f) && f.Kind == fault.KindConflict
}

func (t *Till) saveReceipt(ctx context.Context, p *models.Payment) error {
	return t.save(ctx, p, "state", "session_id", "payment_intent", "received_minor", "received_in", "error_code", "closed_at", "paid_at")
}

// supersede makes the visit's other links unpayable.
func (t *Till) supersede(ctx context.Context, b *bill, paid *models.Payment) error {
	closing := false
	for i := range b.payments {
		p := &b.payments[i]
		if p.ID == paid.ID || !p.Payable() {
			continue
		}
		p.State, closing = models.PaymentVoided, true
		if err := t.save(ctx, p, "state"); err != nil {
			return err
		}
	}
	if !closing {
		return nil
	}
	return t.closeLinks(ctx, b.visit)
}

// mismatched: not the amount we asked for. Nothing is confirmed, all goes back, people look into it.
func (t *Till) mismatched(ctx context.Context, b *bill, p *models.Payment) error {
	if err := t.giveBack(ctx, b, p, refundMismatch, "payment.mismatch"); err != nil {
		return err
	}
	return t.openCase(ctx, b.visit, caseMismatch(p))
}

// tooLate: the time is gone. The money goes back, the customer gets an apology and other times, and
// people know; the bot keeps the conversation so that the customer can take one of them.
func (t *Till) tooLate(ctx context.Context, b *bill, p *models.Payment) error {
	if err := t.giveBack(ctx, b, p, refundLate, "payment.late_refunded"); err != nil {
		return err
	}
	// Money for a deposit that was settled or given back before changes nothing about that one.
	if b.visit.DepositState == models.DepositNone || b.visit.DepositState == models.DepositPending {
		err := t.diary.SetDeposit(ctx, b.visit.ID, models.DepositRefundPending, actorProvider, refundLate)
		if err != nil {
			return err
		}
	}
	return t.openCase(ctx, b.visit, caseLate(p))
}

// giveBack refunds in full what a payment brought in, and has the customer told.
func (t *Till) giveBack(ctx context.Context, b *bill, p *models.Payment, reason, event string) error {
	p.State, p.ErrorCode = models.PaymentRefundPending, reason
	if p.ReceivedMinor == 0 {
		p.State = models.PaymentFailed // nothing came in: nothing to give back
	}
	if err := t.saveReceipt(ctx, p); err != nil {
		return err
	}
	if p.ReceivedMinor > 0 {
		if err := t.refund(ctx, b.visit, p, reason); err != nil {
			return err
		}
	}
	return t.tell(ctx, b.visit, event, p.ID)
}

func (t *Till) refund(ctx context.Context, visit models.Appointment, p *models.Payment, reason string) error {
	now := t.clock.Now()
	r := models.Refund{
		ID: models.NewID(), PaymentID: p.ID, AmountMinor: p.ReceivedMinor, Currency: p.ReceivedIn,
		State: models.RefundPending, Reason: reason, CreatedAt: now, UpdatedAt: now,
	}
	if err := t.db.On(ctx).Create(&r).Error; err != nil {
		return fmt.Errorf("record refund: %w", err)
	}
	return t.queue.Enqueue(ctx, queue.RefundSend{RefundID: r.ID, ConversationID: conversationOf(visit)})
}
