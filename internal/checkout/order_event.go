package checkout

import (
	"context"
	"time"

	"frontdesk/internal/handoff"
	"frontdesk/internal/i18n"
	"frontdesk/internal/stripeapi"
	"frontdesk/models"
)

// slowMoney is how long an order's goods are kept for a payment whose page is finished and whose money is on its way,
// as a bank's is.
const slowMoney = 7 * 24 * time.Hour

// applyToOrder does what an event about an order's payment asks for. Whatever an event says, an order moves only where
// its state may go: a late one never undoes what is known better (X29).
func (t *Till) applyToOrder(ctx context.Context, found models.Payment, e stripeapi.Event) (string, error) {
	s, err := t.lockSale(ctx, *found.OrderID)
	if err != nil {
		return "", err
	}
	p := s.payment(found.ID)
	outcome, err := t.hear(ctx, s, p, e)
	if err != nil || outcome != OutcomeDuplicate && outcome != OutcomeUnchanged && outcome != OutcomeIgnored {
		return outcome, err // what it changed stands in the order's history
	}
	return outcome, t.noteMoney(ctx, s, "webhook", p, actorProvider, map[string]any{"type": e.Type, "outcome": outcome})
}

// hear does what an event asks for of a locked order.
func (t *Till) hear(ctx context.Context, s *sale, p *models.Payment, e stripeapi.Event) (string, error) {
	switch e.Type {
	case stripeapi.SessionCompletedEvent, stripeapi.AsyncSucceededEvent:
		if !e.Paid {
			return OutcomeAwaiting, t.orderAwaits(ctx, s, p, e)
		}
		return t.receiveForOrder(ctx, s, p, e)
	case stripeapi.SessionExpiredEvent:
		return t.orderLinkExpired(ctx, s, p, e)
	case stripeapi.AsyncFailedEvent, stripeapi.PaymentFailedEvent:
		return t.orderDeclined(ctx, s, p, e)
	case stripeapi.ChargeRefundedEvent:
		return t.orderCharge(ctx, s, p, e)
	default:
		return t.refundChanged(ctx, p, e, func(id models.ID, got stripeapi.Refund) (string, error) { return t.settleOrder(ctx, s, p, id, got) })
	}
}

// orderAwaits notes that the page is finished; a method such as a bank debit pays later, and the goods wait for it.
func (t *Till) orderAwaits(ctx context.Context, s *sale, p *models.Payment, e stripeapi.Event) error {
	known := p.ClosedAt != nil
	if err := t.awaiting(ctx, p, e); err != nil || known || p.PaidAt != nil {
		return err
	}
	if s.order.Status == models.OrderPending && p.Payable() {
		until := t.clock.Now().Truncate(time.Microsecond).Add(slowMoney)
		s.order.ReservedUntil = &until
		if err := t.saveOrder(ctx, &s.order, "reserved_until"); err != nil {
			return err
		}
	}
	return t.noteMoney(ctx, s, "payment.awaited", p, actorProvider, nil)
}

// orderLinkExpired notes that a link is closed. It ends no order: the sweep does, and money that was received stays
// received (X29).
func (t *Till) orderLinkExpired(ctx context.Context, s *sale, p *models.Payment, e stripeapi.Event) (string, error) {
	outcome, err := t.expired(ctx, p, e)
	if err != nil || outcome != OutcomeExpired {
		return outcome, err
	}
	return outcome, t.noteMoney(ctx, s, "payment.link_expired", p, actorProvider, nil)
}

// orderDeclined notes that a payment failed. A declined card leaves the page open for another try; a page that is
// finished and not paid after all ends the order.
func (t *Till) orderDeclined(ctx context.Context, s *sale, p *models.Payment, e stripeapi.Event) (string, error) {
	if !p.Payable() {
		return OutcomeUnchanged, t.noteCode(ctx, p, e.FailureCode)
	}
	t.identify(p, e)
	t.countFailure(p)
	p.ErrorCode = e.FailureCode
	if e.Type == stripeapi.AsyncFailedEvent {
		p.State = models.PaymentFailed
	}
	if err := t.save(ctx, p, "session_id", "payment_intent", "closed_at", "failed_at", "error_code", "state"); err != nil {
		return "", err
	}
	if err := t.noteMoney(ctx, s, "payment.failed", p, actorProvider, map[string]any{"code": orUnknown(e.FailureCode)}); err != nil {
		return "", err
	}
	if p.State != models.PaymentFailed || s.order.Status != models.OrderPending {
		return OutcomeFailed, nil
	}
	return OutcomeFailed, t.endUnpaid(ctx, s, models.OrderFailed, "failed", actorProvider, "", "order.failed")
}

// receiveForOrder takes money in. The first payment of what the order costs pays it; whatever cannot goes back in full
// (X28, X30), and the order stays where it was.
func (t *Till) receiveForOrder(ctx context.Context, s *sale, p *models.Payment, e stripeapi.Event) (string, error) {
	if p.PaidAt != nil {
		return OutcomeDuplicate, nil
	}
	now := t.clock.Now()
	t.identify(p, e)
	p.PaidAt, p.ReceivedMinor, p.ReceivedIn = &now, e.Amount.Minor, e.Amount.Currency
	o := &s.order
	switch {
	case p.ReceivedMinor != p.AmountMinor || p.ReceivedIn != p.Currency:
		if err := t.returnMoney(ctx, s, p, refundMismatch); err != nil {
			return "", err
		}
		return OutcomeMismatch, t.openOrderCase(ctx, s, mismatchStory(p))
	case o.Status.Placed():
		return OutcomeSecondPayment, t.returnMoney(ctx, s, p, refundDuplicate)
	case o.Status.Final():
		return OutcomeLate, t.returnMoney(ctx, s, p, refundLate)
	case p.ReceivedMinor != o.TotalMinor || p.ReceivedIn != o.Currency:
		return OutcomeNotNeeded, t.returnMoney(ctx, s, p, refundNotNeeded)
	}
	p.State, p.ErrorCode = models.PaymentPaid, ""
	if err := t.saveReceipt(ctx, p); err != nil {
		return "", err
	}
	o.Method = models.MethodStripe // by a link from before it was to be paid on delivery
	err := t.move(ctx, s, models.OrderPaid, models.OrderEvent{Kind: "paid", Actor: actorProvider, Data: moneyOf(p)})
	if err != nil {
		return "", err
	}
	if err := t.bought(ctx, s); err != nil {
		return "", err
	}
	if err := t.voidLinks(ctx, s); err != nil {
		return "", err
	}
	return OutcomePaid, t.tellOwner(ctx, s, "order.paid")
}

// moneyOf is what a payment brought in, as events keep it.
func moneyOf(p *models.Payment) []byte {
	return data(map[string]any{"payment_id": p.ID, "received_minor": p.ReceivedMinor, "received_in": p.ReceivedIn, "amount_minor": p.AmountMinor})
}

// returnMoney gives back in full what a payment brought in that no order is paid by.
func (t *Till) returnMoney(ctx context.Context, s *sale, p *models.Payment, reason string) error {
	p.State, p.ErrorCode = models.PaymentRefundPending, reason
	if p.ReceivedMinor == 0 {
		p.State = models.PaymentFailed // nothing came in: nothing to give back
	}
	if err := t.saveReceipt(ctx, p); err != nil {
		return err
	}
	facts := map[string]any{"reason": reason, "received_minor": p.ReceivedMinor, "received_in": p.ReceivedIn}
	if err := t.noteMoney(ctx, s, "payment.returned", p, actorProvider, facts); err != nil || p.ReceivedMinor == 0 {
		return err
	}
	if _, err := t.sendBack(ctx, p, models.Refund{AmountMinor: p.ReceivedMinor, Reason: reason}, actorSystem, idOf(s.conversation)); err != nil {
		return err
	}
	return t.tellOwner(ctx, s, "order.refunded")
}

// openOrderCase hands what went wrong with an order's money to the desk. An order whose owner has no conversation has
// no case to open: its people see the payment in the order.
func (t *Till) openOrderCase(ctx context.Context, s *sale, story saleStory) error {
	if s.conversation == nil {
		return nil
	}
	lang := s.order.Language
	w := teller{texts: t.texts, lang: lang}
	summary := w.line("orders.story.order", i18n.Facts{"Number": s.order.Number}) + "\n" + story.line(w)
	_, _, err := t.desk.Open(ctx, handoff.Request{
		ConversationID: *s.conversation, CustomerID: s.order.CustomerID, Reason: story.reason, Summary: summary, Silent: true,
	})
	return err
}

// saleStory tells staff what happened to an order's money.
type saleStory struct {
	reason models.HandoffReason
	line   func(w teller) string
}

func mismatchStory(p *models.Payment) saleStory {
	return saleStory{models.ReasonPaymentFailure, func(w teller) string {
		return w.line("case.story.mismatch", i18n.Facts{"Received": w.money(p.ReceivedMinor, p.ReceivedIn), "Due": w.money(p.AmountMinor, p.Currency)}) + "\n" +
			w.line("case.story.going_back", i18n.Facts{"Amount": w.money(p.ReceivedMinor, p.ReceivedIn)})
	}}
}

func refundStory(r models.Refund, code string) saleStory {
	return saleStory{models.ReasonRefundFailure, func(w teller) string {
		return w.line("case.story.refund", i18n.Facts{"Amount": w.money(r.AmountMinor, r.Currency), "Code": orUnknown(code)})
	}}
}
