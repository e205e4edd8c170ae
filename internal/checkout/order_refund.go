package checkout

import (
	"context"

	"frontdesk/internal/fault"
	"frontdesk/internal/stripeapi"
	"frontdesk/models"
)

// paid is the payment that pays the order, or did until its money went back; nil when nothing does.
func (s *sale) paid() *models.Payment {
	for i := range s.payments {
		if pays(s.payments[i]) {
			return &s.payments[i]
		}
	}
	return nil
}

// pays tells whether an order was paid by a payment: money that could not be used says why.
func pays(p models.Payment) bool { return p.PaidAt != nil && p.ErrorCode == "" }

// left is what a payment brought in and has not gone back, nor is on its way.
func (t *Till) left(ctx context.Context, p models.Payment) (int64, error) {
	rows, err := t.Refunds(ctx, []models.ID{p.ID})
	if err != nil {
		return 0, err
	}
	left := p.ReceivedMinor
	for _, r := range rows[p.ID] {
		if r.State.Moves() {
			left -= r.AmountMinor
		}
	}
	return left, nil
}

// refundSale gives back so much of what an order was paid with and gives the refund's id; zero where it was paid in
// cash, or for 0. Call it with the sale locked. Fault: orders.refund_too_much beyond what is left of the payment.
func (t *Till) refundSale(ctx context.Context, s *sale, r models.Refund, actor string, items ...models.RefundItem) (models.ID, error) {
	p := s.paid()
	if p == nil || r.AmountMinor == 0 {
		return models.ID{}, nil
	}
	left, err := t.left(ctx, *p)
	if err != nil {
		return models.ID{}, err
	}
	if r.AmountMinor < 0 || r.AmountMinor > left {
		return models.ID{}, fault.Conflict("orders.refund_too_much")
	}
	if r.AmountMinor == left {
		p.State = models.PaymentRefundPending
		if err := t.save(ctx, p, "state"); err != nil {
			return models.ID{}, err
		}
	}
	if err := t.noteMoney(ctx, s, "refund.asked", p, actor, map[string]any{"refund_minor": r.AmountMinor, "reason": r.Reason}); err != nil {
		return models.ID{}, err
	}
	return t.sendBack(ctx, p, r, actor, idOf(s.conversation), items...)
}

// settleOrder moves a refund of an order's payment to where the provider says it is.
func (t *Till) settleOrder(ctx context.Context, s *sale, p *models.Payment, refundID models.ID, got stripeapi.Refund) (string, error) {
	r, changed, err := t.settleRow(ctx, refundID, got, s.conversation)
	if err != nil || !changed {
		return OutcomeUnchanged, err
	}
	if r.State != models.RefundPending {
		facts := map[string]any{"refund_id": r.ID, "refund_minor": r.AmountMinor, "reason": r.Reason}
		if err := t.noteMoney(ctx, s, "refund."+string(r.State), p, actorProvider, facts); err != nil {
			return "", err
		}
	}
	if r.State == models.RefundFailed {
		if err := t.openOrderCase(ctx, s, refundStory(r, r.ErrorCode)); err != nil {
			return "", err
		}
	}
	return OutcomeRefunded, t.balanceOrder(ctx, s, p)
}

// orderCharge takes the provider's total of what went back of an order's payment. What exceeds our own refunds was
// given back at the provider's own site and is recorded, so that the books agree.
func (t *Till) orderCharge(ctx context.Context, s *sale, p *models.Payment, e stripeapi.Event) (string, error) {
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
		if _, err := t.settleOrder(ctx, s, p, id, stripeapi.Refund{Status: stripeapi.RefundSucceeded}); err != nil {
			return "", err
		}
	}
	if extra > 0 {
		if err := t.orderAtProvider(ctx, s, p, extra); err != nil {
			return "", err
		}
	}
	return OutcomeRefunded, t.balanceOrder(ctx, s, p)
}

// orderAtProvider records what somebody gave back at the provider's own site.
func (t *Till) orderAtProvider(ctx context.Context, s *sale, p *models.Payment, amount int64) error {
	amount, twice, err := t.roomAtProvider(ctx, p, amount)
	if err != nil {
		return err
	}
	if twice > 0 {
		if err := t.openOrderCase(ctx, s, twiceStory(models.Money{Minor: twice, Currency: p.ReceivedIn})); err != nil {
			return err
		}
	}
	if amount == 0 {
		return nil
	}
	r := models.Refund{
		PaymentID: p.ID, AmountMinor: amount, Currency: p.ReceivedIn, State: models.RefundSucceeded, Reason: refundAtProvider, AskedBy: actorProvider,
	}
	if err := t.record(ctx, &r, actorProvider); err != nil {
		return err
	}
	if err := t.noteMoney(ctx, s, "refund.succeeded", p, actorProvider, map[string]any{"refund_minor": amount, "reason": refundAtProvider}); err != nil {
		return err
	}
	return t.tellOwner(ctx, s, "order.refunded")
}

// balanceOrder brings a payment, and the order it had paid, to what its refunds add up to.
func (t *Till) balanceOrder(ctx context.Context, s *sale, p *models.Payment) error {
	if changed, err := t.addUpRefunds(ctx, p); err != nil || !changed {
		return err
	}
	if p.State != models.PaymentRefunded || !pays(*p) || !s.order.Status.May(models.OrderRefunded) {
		return nil
	}
	held := s.order.Status == models.OrderPaid // nothing was sent: the goods are here
	if err := t.move(ctx, s, models.OrderRefunded, models.OrderEvent{Kind: "refunded", Actor: actorProvider, Data: moneyOf(p)}); err != nil || !held {
		return err
	}
	return t.goods.Release(ctx, s.order.ID)
}
