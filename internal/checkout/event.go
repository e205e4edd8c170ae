package checkout

import (
	"context"
	"fmt"
	"log/slog"

	"gorm.io/gorm/clause"

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
		outcome, err := t.applyEvent(ctx, row)
		if err != nil {
			return fmt.Errorf("apply %s: %w", row.Kind, err)
		}
		now := t.clock.Now()
		err = t.db.On(ctx).Model(&row).Select("processed_at", "outcome").
			Updates(models.ProviderEvent{ProcessedAt: &now, Outcome: outcome}).Error
		if err != nil {
			return fmt.Errorf("mark payment event: %w", err)
		}
		return nil
	})
}

func (t *Till) applyEvent(ctx context.Context, row models.ProviderEvent) (string, error) {
	e, err := stripeapi.ParseEvent(row.Payload)
	if err != nil {
		slog.WarnContext(ctx, "payment event cannot be read", "event", row.EventID, "err", err)
		return OutcomeMalformed, nil
	}
	if !e.Known() {
		return OutcomeIgnored, nil
	}
	found, err := t.find(ctx, e)
	if err != nil {
		return "", err
	}
	if found == nil {
		slog.WarnContext(ctx, "payment event without our reference", "event", e.ID, "type", e.Type)
		return OutcomeUnreferenced, nil
	}
	if found.OrderID != nil {
		return t.applyToOrder(ctx, *found, e)
	}
	b, err := t.lock(ctx, found.AppointmentID)
	if err != nil {
		return "", err
	}
	return t.act(ctx, b, b.payment(found.ID), e)
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
