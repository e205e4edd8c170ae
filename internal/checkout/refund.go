package checkout

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm/clause"

	"frontdesk/internal/stripeapi"
	"frontdesk/models"
)

// errEarly leaves an event for later: it speaks of money that we have not been told of yet (C1).
var errEarly = errors.New("refund of a payment that has not been received yet")

// errUnsent leaves an event for later: whether it speaks of a refund that we have not sent yet, or have no answer about, is
// known once that one is out.
var errUnsent = errors.New("more went back than was sent while a refund is on its way out")

// SendRefund asks the provider to pay a refund out; the refund's id is the idempotency key. One that may be out already is
// looked for first. While the
// provider cannot be reached the refund stays pending, staff have a case and the error asks for
// another try. A refusal is final: the refund has failed and the case stays.
func (t *Till) SendRefund(ctx context.Context, refundID models.ID) error {
	var r models.Refund
	if err := t.db.On(ctx).Where("id = ?", refundID).Take(&r).Error; err != nil {
		return fmt.Errorf("read refund: %w", err)
	}
	if r.State != models.RefundPending || r.ByHand() || r.ProviderID != nil {
		return nil // done, not the provider's, or it has it and will report
	}
	p, err := t.Payment(ctx, r.PaymentID)
	if err != nil {
		return err
	}
	intent, err := t.paymentIntent(ctx, p)
	if err != nil {
		return errors.Join(err, t.refundTrouble(ctx, p, r, err))
	}
	if t.mayBeOut(r) {
		got, found, err := t.stripe.FindRefund(ctx, intent, r.ID)
		if err != nil {
			return errors.Join(err, t.refundTrouble(ctx, p, r, err))
		}
		if found {
			return t.db.InTx(ctx, func(ctx context.Context) error { return t.settlePayment(ctx, p, r.ID, got) })
		}
	}
	got, err := t.stripe.CreateRefund(ctx, stripeapi.RefundRequest{
		IdempotencyKey: r.IdempotencyKey(), RefundID: r.ID, PaymentID: p.ID, PaymentIntent: intent,
		AmountMinor: r.AmountMinor, Reason: stripeReason(r.Reason),
	})
	switch {
	case stripeapi.Code(err) == stripeapi.CodeRefunded:
		got = stripeapi.Refund{Status: stripeapi.RefundSucceeded} // all of it is back, and this with it
	case err != nil && (stripeapi.Temporary(err) || stripeapi.NeedsNewKey(err)):
		return errors.Join(err, t.refundTrouble(ctx, p, r, err))
	case err != nil:
		got = stripeapi.Refund{Status: stripeapi.RefundFailed, FailureReason: stripeapi.Code(err)}
	}
	return t.db.InTx(ctx, func(ctx context.Context) error { return t.settlePayment(ctx, p, r.ID, got) })
}

// keyLife is how long the provider is sure to know an idempotency key again, with an hour to spare.
const keyLife = 23 * time.Hour

// mayBeOut tells whether the refund's key no longer keeps it from going out twice: it is another than one that was sent, or
// was sent so long ago that the provider has forgotten it. Then the provider is asked what it has before it is asked for more.
func (t *Till) mayBeOut(r models.Refund) bool {
	return r.KeyVersion > 0 || t.clock.Now().Sub(r.CreatedAt) > keyLife
}

// settlePayment moves a refund of a payment to where the provider says it is, with what the payment was for.
func (t *Till) settlePayment(ctx context.Context, p models.Payment, refundID models.ID, got stripeapi.Refund) error {
	if p.OrderID != nil {
		s, err := t.lockSale(ctx, *p.OrderID)
		if err != nil {
			return err
		}
		_, err = t.settleOrder(ctx, s, s.payment(p.ID), refundID, got)
		return err
	}
	b, err := t.lock(ctx, p.AppointmentID)
	if err != nil {
		return err
	}
	_, err = t.settle(ctx, b, b.payment(p.ID), refundID, got)
	return err
}

// paymentIntent is what a refund is made against; the session knows it when no event carried it.
func (t *Till) paymentIntent(ctx context.Context, p models.Payment) (string, error) {
	if p.PaymentIntent != nil {
		return *p.PaymentIntent, nil
	}
	if p.SessionID == nil {
		return "", errors.New("refund of a payment without a session")
	}
	session, err := t.stripe.Session(ctx, *p.SessionID)
	if err != nil {
		return "", err
	}
	return session.PaymentIntent, nil
}

// refundTrouble notes why a refund is not out yet; staff get one case however often it fails.
func (t *Till) refundTrouble(ctx context.Context, p models.Payment, r models.Refund, cause error) error {
	return t.db.InTx(ctx, func(ctx context.Context) error {
		tell, err := t.lockForTrouble(ctx, p, r)
		if err != nil {
			return err
		}
		version := r.KeyVersion
		if stripeapi.NeedsNewKey(cause) {
			version++ // whether one went out all the same is asked before the new key is used
		}
		code := stripeapi.Code(cause)
		err = t.db.On(ctx).Model(&models.Refund{}).Where("id = ? AND state = 'pending' AND key_version = ?", r.ID, r.KeyVersion).
			Updates(map[string]any{"error_code": code, "key_version": version, "updated_at": t.clock.Now()}).Error
		if err != nil {
			return fmt.Errorf("note refund trouble: %w", err)
		}
		return tell(code)
	})
}

// lockForTrouble locks what a payment was for and gives what opens a case about a refund of it.
func (t *Till) lockForTrouble(ctx context.Context, p models.Payment, r models.Refund) (open func(code string) error, err error) {
	if p.OrderID != nil {
		s, err := t.lockSale(ctx, *p.OrderID)
		return func(code string) error { return t.openOrderCase(ctx, s, refundStory(r, code)) }, err
	}
	b, err := t.lock(ctx, p.AppointmentID)
	return func(code string) error { return t.openCase(ctx, b.concerned(r), caseRefund(r, code)) }, err
}

// refundChanged takes the provider's word on a refund: ours by our reference, else by the provider's id; one made at its own
// site, which carries no reference of ours, by its amount at last.
func (t *Till) refundChanged(ctx context.Context, p *models.Payment, e stripeapi.Event,
	settle func(id models.ID, got stripeapi.Refund) (string, error),
) (string, error) {
	for _, by := range []struct {
		known bool
		where string
		value any
	}{
		{e.RefundID != models.ID{}, "id = ?", e.RefundID},
		{e.RefundRef != "", "provider_id = ?", e.RefundRef},
		{e.RefundID == models.ID{}, "reason = '" + refundAtProvider + "' AND provider_id IS NULL AND amount_minor = ?", e.Amount.Minor},
	} {
		if !by.known {
			continue
		}
		var r models.Refund
		err := t.db.On(ctx).Where("payment_id = ?", p.ID).Where(by.where, by.value).Order("state = 'failed', id").Take(&r).Error
		switch {
		case missing(err):
			continue
		case err != nil:
			return "", fmt.Errorf("find refund of event: %w", err)
		}
		return settle(r.ID, stripeapi.Refund{ID: e.RefundRef, Status: e.RefundStatus, FailureReason: e.FailureCode})
	}
	return OutcomeIgnored, nil // its charge.refunded records it
}

// settle moves a refund to where the provider says it is. A refund may fail after it had succeeded;
// a failed one stays failed, whatever arrives late.
func (t *Till) settle(ctx context.Context, b *bill, p *models.Payment, refundID models.ID, got stripeapi.Refund) (string, error) {
	r, changed, err := t.settleRow(ctx, refundID, got, b.visit.ConversationID)
	if err != nil || !changed {
		return OutcomeUnchanged, err
	}
	if r.State == models.RefundFailed {
		if err := t.openCase(ctx, b.concerned(r), caseRefund(r, r.ErrorCode)); err != nil {
			return "", err
		}
	}
	if r.AppointmentID != nil {
		if err := t.balanceShare(ctx, *r.AppointmentID, r); err != nil {
			return "", err
		}
	}
	return OutcomeRefunded, t.balance(ctx, b, p)
}

// settleRow writes where the provider says a refund is; changed is false for one that had failed for good. Whoever gets
// money that staff gave back is told once it is out, in the conversation.
func (t *Till) settleRow(ctx context.Context, refundID models.ID, got stripeapi.Refund, talk *models.ID) (r models.Refund, changed bool, err error) {
	err = t.db.On(ctx).Clauses(clause.Locking{Strength: "NO KEY UPDATE"}).Where("id = ?", refundID).Take(&r).Error
	if err != nil {
		return r, false, fmt.Errorf("lock refund: %w", err)
	}
	if !r.State.Moves() || got.ID == "" && got.Status == stripeapi.RefundFailed && r.State == models.RefundSucceeded {
		return r, false, nil // over, or refused because the money is back already
	}
	was := r.State
	if r.ProviderID == nil && got.ID != "" {
		r.ProviderID = &got.ID
	}
	switch got.Status {
	case stripeapi.RefundSucceeded:
		r.State, r.ErrorCode = models.RefundSucceeded, ""
	case stripeapi.RefundFailed, stripeapi.RefundCanceled: // canceled at the provider: it is owed all the same
		r.State, r.ErrorCode = models.RefundFailed, cmp.Or(got.FailureReason, string(got.Status))
	}
	to := r.State
	if r.State = was; to != was {
		if err := t.turn(ctx, &r, to, actorProvider, "", "provider_id", "error_code"); err != nil {
			return r, false, err
		}
		if to == models.RefundSucceeded {
			err = t.tellRefunded(ctx, talk, r)
		}
		return r, true, err
	}
	r.UpdatedAt = t.clock.Now()
	if err := t.db.On(ctx).Model(&r).Select("provider_id", "error_code", "updated_at").Updates(&r).Error; err != nil {
		return r, false, fmt.Errorf("save refund: %w", err)
	}
	return r, true, nil
}

// chargeRefunded takes the provider's total of what went back. What exceeds our own refunds was given
// back at the provider's own site and is recorded, so that the books agree.
func (t *Till) chargeRefunded(ctx context.Context, b *bill, p *models.Payment, e stripeapi.Event) (string, error) {
	if p.PaidAt == nil {
		return "", errEarly
	}
	rows, err := t.Refunds(ctx, []models.ID{p.ID})
	if err != nil {
		return "", err
	}
	total, err := t.totalByNow(ctx, p.ID, e)
	if err != nil {
		return "", err
	}
	done, extra, err := charged(rows[p.ID], p.ReceivedMinor, total)
	if err != nil || extra < 0 {
		return OutcomeUnchanged, err // the refunds' own events tell which of them is out
	}
	for _, id := range done {
		if _, err := t.settle(ctx, b, p, id, stripeapi.Refund{Status: stripeapi.RefundSucceeded}); err != nil {
			return "", err
		}
	}
	if err := t.atProvider(ctx, b, p, rows[p.ID], extra); err != nil {
		return "", err
	}
	return OutcomeRefunded, t.balance(ctx, b, p)
}

// atProvider records an amount that was given back at the provider's own site: of a group's payment the shares whose
// refunds had failed, as far as it covers them, and then they have their money; else without saying whose it was.
func (t *Till) atProvider(ctx context.Context, b *bill, p *models.Payment, refunds []models.Refund, extra int64) error {
	record := func(share *models.ID, amount int64) error {
		r := models.Refund{
			PaymentID: p.ID, AppointmentID: share, AmountMinor: amount, Currency: p.ReceivedIn,
			State: models.RefundSucceeded, Reason: refundAtProvider, AskedBy: actorProvider,
		}
		if err := t.record(ctx, &r, actorProvider); err != nil {
			return err
		}
		if share == nil {
			return nil
		}
		return t.balanceShare(ctx, *share, r)
	}
	extra, twice, err := t.roomAtProvider(ctx, p, max(0, extra))
	if err != nil {
		return err
	}
	if twice > 0 {
		if err := t.openCase(ctx, b.visit, caseTwice(models.Money{Minor: twice, Currency: p.ReceivedIn})); err != nil {
			return err
		}
	}
	for _, r := range b.owedShares(refunds, extra) {
		if r.AmountMinor > extra {
			continue
		}
		if err := record(r.AppointmentID, r.AmountMinor); err != nil {
			return err
		}
		extra -= r.AmountMinor
	}
	if extra <= 0 {
		return nil
	}
	return record(nil, extra)
}

// Refund reads a refund and the payment it is of.
func (t *Till) Refund(ctx context.Context, id models.ID) (r models.Refund, p models.Payment, err error) {
	if err := t.db.On(ctx).Where("id = ?", id).Take(&r).Error; err != nil {
		return r, p, fmt.Errorf("read refund: %w", err)
	}
	p, err = t.Payment(ctx, r.PaymentID)
	return r, p, err
}

// balance brings the payment, and the visit's deposit, to what its refunds add up to.
func (t *Till) balance(ctx context.Context, b *bill, p *models.Payment) error {
	was := p.State
	if changed, err := t.addUpRefunds(ctx, p); err != nil || !changed {
		return err
	}
	return t.balanceDeposit(ctx, b, was)
}

// addUpRefunds brings a payment to what its refunds add up to, and tells whether that changed its state.
func (t *Till) addUpRefunds(ctx context.Context, p *models.Payment) (bool, error) {
	var back int64
	err := t.db.On(ctx).Model(&models.Refund{}).Where("payment_id = ? AND state = 'succeeded'", p.ID).
		Select("coalesce(sum(amount_minor), 0)").Scan(&back).Error
	if err != nil {
		return false, fmt.Errorf("add up refunds: %w", err)
	}
	was := p.State
	switch {
	case back == p.ReceivedMinor:
		p.State = models.PaymentRefunded
	case was == models.PaymentRefunded:
		p.State = models.PaymentRefundPending // a refund came back
	}
	if p.State == was {
		return false, nil
	}
	return true, t.save(ctx, p, "state")
}

// balanceDeposit follows a payment that went back, or came back, with the deposit it had paid.
func (t *Till) balanceDeposit(ctx context.Context, b *bill, was models.PaymentState) error {
	if was == models.PaymentRefunded && b.visit.GroupID == nil {
		if b.visit.DepositState != models.DepositRefunded {
			return nil
		}
		return t.diary.SetDeposit(ctx, b.visit.ID, models.DepositRefundPending, actorProvider, "refund.failed")
	}
	if was == models.PaymentRefunded {
		return t.owedAgain(ctx, b)
	}
	for _, p := range b.payments {
		if p.State == models.PaymentPaid || p.State == models.PaymentRefundPending {
			return nil
		}
	}
	for i := range b.party {
		if err := t.balanceVisit(ctx, &b.party[i], was); err != nil {
			return err
		}
	}
	return nil
}

// balanceVisit follows the money that a visit's deposit had, now that all of it has gone back.
func (t *Till) balanceVisit(ctx context.Context, v *models.Appointment, was models.PaymentState) error {
	if was == models.PaymentPaid && v.DepositState == models.DepositPaid {
		if err := t.diary.SetDeposit(ctx, v.ID, models.DepositRefundPending, actorProvider, refundAtProvider); err != nil {
			return err
		}
		v.DepositState = models.DepositRefundPending
	}
	if v.DepositState != models.DepositRefundPending {
		return nil
	}
	v.DepositState = models.DepositRefunded
	return t.diary.SetDeposit(ctx, v.ID, models.DepositRefunded, actorSystem, "refund.succeeded")
}
