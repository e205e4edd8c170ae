package checkout

import (
	"context"
	"errors"

	"frontdesk/internal/fault"
	"frontdesk/internal/stripeapi"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// Reasons of refunds.
const (
	refundMismatch   = "amount_mismatch"
	refundDuplicate  = "duplicate_payment"
	refundLate       = "late_payment"
	refundNotNeeded  = "not_needed" // paid for a visit that needs no payment any more
	refundCancelled  = "visit_cancelled"
	refundWaived     = "no_show_waived"
	refundOrder      = "order_canceled"
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
	if b.unasked() {
		return OutcomeReceived, t.received(ctx, b, p)
	}
	_, err := t.diary.Confirm(ctx, b.visit.ID, actorProvider, "payment.completed")
	switch {
	case fault.Is(err, "booking.not_confirmable"):
		return OutcomeNotNeeded, t.notNeeded(ctx, b, p)
	case refused(err):
		return OutcomeLate, t.tooLate(ctx, b, p)
	case err != nil:
		return "", err
	}
	return OutcomeConfirmed, t.supersede(ctx, b, p)
}

// received: staff had confirmed the visit without a deposit, and the customer paid it all the same. It
// counts as what it was meant for.
func (t *Till) received(ctx context.Context, b *bill, p *models.Payment) error {
	for _, v := range b.paying() {
		if err := t.diary.SetDeposit(ctx, v.ID, models.DepositPaid, actorProvider, "payment.completed"); err != nil {
			return err
		}
	}
	if err := t.supersede(ctx, b, p); err != nil {
		return err
	}
	return t.tell(ctx, b.visit, "payment.received", p.ID)
}

// notNeeded: the visit was cancelled or is over, and nobody waits for its deposit. The money goes back.
func (t *Till) notNeeded(ctx context.Context, b *bill, p *models.Payment) error {
	if err := t.giveBack(ctx, b, p, refundNotNeeded, "payment.not_needed"); err != nil {
		return err
	}
	return t.owe(ctx, b, refundNotNeeded)
}

// settled tells whether the visit has its deposit already.
func (b *bill) settled() bool {
	for _, v := range b.party {
		if v.DepositState == models.DepositPaid {
			return true
		}
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
	if err := t.owe(ctx, b, refundLate); err != nil {
		return err
	}
	return t.openCase(ctx, b.visit, caseLate(p))
}

// owe notes on each visit paid for that its deposit goes back. Money for a deposit that was settled or given back
// before changes nothing about that one.
func (t *Till) owe(ctx context.Context, b *bill, reason string) error {
	for _, v := range b.paying() {
		if v.DepositState != models.DepositNone && v.DepositState != models.DepositPending {
			continue
		}
		if err := t.diary.SetDeposit(ctx, v.ID, models.DepositRefundPending, actorProvider, reason); err != nil {
			return err
		}
	}
	return nil
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
		if _, err := t.refund(ctx, b.visit, p, nil, p.ReceivedMinor, reason); err != nil {
			return err
		}
	}
	return t.tell(ctx, b.visit, event, p.ID)
}

// refund records money on its way back, has it sent and gives its id. share is the visit of a group whose part of
// the payment it is; nil: a payment's own.
func (t *Till) refund(ctx context.Context, visit models.Appointment, p *models.Payment, share *models.ID, amount int64, reason string) (models.ID, error) {
	return t.sendBack(ctx, p, models.Refund{AppointmentID: share, AmountMinor: amount, Reason: reason}, actorSystem, conversationOf(visit))
}

// sendBack is refund for whatever a payment was for; conversation is where its owner is told, zero for nowhere.
func (t *Till) sendBack(ctx context.Context, p *models.Payment, r models.Refund, actor string, conversation models.ID, items ...models.RefundItem) (models.ID, error) {
	r.ID, r.PaymentID, r.Currency, r.State, r.Method = models.NewID(), p.ID, p.ReceivedIn, models.RefundPending, models.RefundByCard
	if err := t.record(ctx, &r, actor, items...); err != nil {
		return r.ID, err
	}
	return r.ID, t.queue.Enqueue(ctx, queue.RefundSend{RefundID: r.ID, ConversationID: conversation})
}
