package checkout

import (
	"context"
	"fmt"
	"log/slog"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"frontdesk/internal/inbox"
	"frontdesk/internal/stripeapi"
	"frontdesk/models"
)

// Outcomes of an event, as its stored row keeps them.
const (
	OutcomeConfirmed     = "confirmed"
	OutcomePaid          = "paid"           // an order
	OutcomeMismatch      = "mismatch"       // amount or currency wrong: refunded, people told
	OutcomeDuplicate     = "duplicate"      // the same money again: nothing to do
	OutcomeSecondPayment = "second_payment" // other money for the same visit: refunded
	OutcomeLate          = "late_refunded"  // paid for a time that is gone: refunded
	OutcomeReceived      = "received"       // a deposit for a visit that was confirmed without one
	OutcomeNotNeeded     = "not_needed"     // paid for a visit that is cancelled or over: refunded
	OutcomeAwaiting      = "awaiting"       // the customer is done, the money is not here yet
	OutcomeExpired       = "expired"
	OutcomeFailed        = "failed"
	OutcomeRefunded      = "refunded"
	OutcomeUnchanged     = "unchanged" // true, but later than what we know
	OutcomeIgnored       = "ignored"   // a type we do not act on
	OutcomeUnreferenced  = "unreferenced"
	OutcomeMalformed     = "malformed"
)

// Apply does what a stored Stripe event asks for, once: the row is locked, worked and marked in one
// transaction with every effect. An error leaves the event for another try.
func (t *Till) Apply(ctx context.Context, eventRowID models.ID) error {
	t.funnel.Ready(ctx)
	return t.db.InTx(ctx, func(ctx context.Context) error {
		var row models.ProviderEvent
		err := t.db.On(ctx).Clauses(clause.Locking{Strength: "NO KEY UPDATE"}).
			Where("id = ? AND provider = ?", eventRowID, models.ProviderStripe).Take(&row).Error
		if err != nil {
			return fmt.Errorf("read payment event: %w", err)
		}
		if row.ProcessedAt != nil {
			return nil
		}
		outcome, found, err := t.applyEvent(ctx, row)
		if err != nil {
			return fmt.Errorf("apply %s: %w", row.Kind, err)
		}
		columns := map[string]any{"processed_at": t.clock.Now(), "outcome": outcome}
		if err := t.forget(ctx, row, found, columns); err != nil {
			return err
		}
		if err := t.db.On(ctx).Model(&row).UpdateColumns(columns).Error; err != nil {
			return fmt.Errorf("mark payment event: %w", err)
		}
		return nil
	})
}

// forget empties an event of which nothing is needed any more: of no payment that we know, which may be one of somebody who is erased, it
// keeps what was told of which object; of somebody who is erased nothing. What it brought that leads to them is swept once the money is settled.
func (t *Till) forget(ctx context.Context, row models.ProviderEvent, found *models.Payment, columns map[string]any) error {
	if found == nil {
		columns["payload"] = stripeapi.Bare(row.Payload)
		return nil
	}
	erased, err := t.leaveToSweep(ctx, found.ID, nil)
	if erased {
		columns["payload"], columns["event_id"] = gorm.Expr("'{}'::jsonb"), gorm.Expr(inbox.ForgottenID)
	}
	return err
}

// leaveToSweep tells whether whoever paid, by a payment or for an order at the door, is erased; then what is written now of their money is
// emptied by the sweep once nothing moves any more.
func (t *Till) leaveToSweep(ctx context.Context, payment models.ID, order *models.ID) (erased bool, err error) {
	var ids []models.ID
	err = t.db.On(ctx).Raw(`SELECT c.id FROM customers c WHERE c.deleted_at IS NOT NULL AND c.id = ANY (ARRAY(
			SELECT coalesce(o.customer_id, a.booked_by_id) FROM payments p LEFT JOIN appointments a ON a.id = p.appointment_id LEFT JOIN orders o ON o.id = p.order_id
			WHERE p.id = @payment UNION SELECT customer_id FROM orders WHERE id = @order))`, map[string]any{"payment": payment, "order": order}).Scan(&ids).Error
	if err != nil {
		return false, fmt.Errorf("look whether the customer is erased: %w", err)
	}
	for _, id := range ids {
		err := t.db.On(ctx).Exec("UPDATE privacy_requests SET settled_at = NULL WHERE customer_id = ? AND kind = 'erasure' AND settled_at IS NOT NULL", id).Error
		if err != nil {
			return true, fmt.Errorf("leave money to the sweep: %w", err)
		}
	}
	return len(ids) > 0, nil
}

// applyEvent gives an event its effect; found is the payment that it is about, nil for none of ours.
func (t *Till) applyEvent(ctx context.Context, row models.ProviderEvent) (outcome string, found *models.Payment, err error) {
	e, err := stripeapi.ParseEvent(row.Payload)
	if err != nil {
		slog.WarnContext(ctx, "payment event cannot be read", "event", row.EventID, "err", err)
		return OutcomeMalformed, nil, nil
	}
	if !e.Known() {
		return OutcomeIgnored, nil, nil
	}
	e.Heard = row.ReceivedAt
	if found, err = t.find(ctx, e); err != nil {
		return "", nil, err
	}
	if found == nil {
		slog.WarnContext(ctx, "payment event without our reference", "event", e.ID, "type", e.Type)
		return OutcomeUnreferenced, nil, nil
	}
	if found.OrderID != nil {
		outcome, err = t.applyToOrder(ctx, *found, e)
		return outcome, found, err
	}
	b, err := t.lock(ctx, found.AppointmentID)
	if err != nil {
		return "", nil, err
	}
	outcome, err = t.act(ctx, b, b.payment(found.ID), e)
	return outcome, found, err
}

func (t *Till) act(ctx context.Context, b *bill, p *models.Payment, e stripeapi.Event) (string, error) {
	switch e.Type {
	case stripeapi.SessionCompletedEvent, stripeapi.AsyncSucceededEvent:
		if !e.Paid {
			return OutcomeAwaiting, t.awaiting(ctx, p, e)
		}
		return t.receive(ctx, b, p, e)
	case stripeapi.SessionExpiredEvent:
		return t.expired(ctx, p, e)
	case stripeapi.AsyncFailedEvent, stripeapi.PaymentFailedEvent:
		return t.declined(ctx, b, p, e)
	case stripeapi.ChargeRefundedEvent:
		return t.chargeRefunded(ctx, b, p, e)
	default:
		return t.refundChanged(ctx, p, e, func(id models.ID, got stripeapi.Refund) (string, error) { return t.settle(ctx, b, p, id, got) })
	}
}

// find is the payment an event speaks of, by our reference first, then by Stripe's; nil: not ours.
func (t *Till) find(ctx context.Context, e stripeapi.Event) (*models.Payment, error) {
	for _, by := range []struct {
		where string
		value any
		given bool
	}{
		{"id = ?", e.PaymentID, e.PaymentID != models.ID{}},
		{"session_id = ?", e.SessionID, e.SessionID != ""},
		{"payment_intent = ?", e.PaymentIntent, e.PaymentIntent != ""},
		{"id = (SELECT payment_id FROM refunds WHERE id = ?)", e.RefundID, e.RefundID != models.ID{}},
	} {
		if !by.given {
			continue
		}
		var p models.Payment
		err := t.db.On(ctx).Where(by.where, by.value).Take(&p).Error
		if err == nil {
			return &p, nil
		}
		if !missing(err) {
			return nil, fmt.Errorf("find payment of event: %w", err)
		}
	}
	return nil, nil
}

// awaiting notes that the customer has finished the page; a method such as a bank debit pays later.
func (t *Till) awaiting(ctx context.Context, p *models.Payment, e stripeapi.Event) error {
	t.identify(p, e)
	return t.save(ctx, p, "session_id", "payment_intent", "closed_at")
}

// expired notes that a link is closed. It frees no hold and touches no money: the sweep ends holds,
// and a payment that was received stays received (X29).
func (t *Till) expired(ctx context.Context, p *models.Payment, e stripeapi.Event) (string, error) {
	outcome := OutcomeUnchanged
	if p.Payable() {
		p.State, outcome = models.PaymentExpired, OutcomeExpired
	}
	t.identify(p, e)
	return outcome, t.save(ctx, p, "state", "session_id", "payment_intent", "closed_at")
}

// identify fills in Stripe's ids that an event carries, and that a finished session cannot be paid.
func (t *Till) identify(p *models.Payment, e stripeapi.Event) {
	if p.SessionID == nil && e.SessionID != "" {
		p.SessionID = &e.SessionID
	}
	if p.PaymentIntent == nil && e.PaymentIntent != "" {
		p.PaymentIntent = &e.PaymentIntent
	}
	if p.ClosedAt == nil && e.SessionID != "" {
		now := t.clock.Now()
		p.ClosedAt = &now
	}
}
