package checkout

import (
	"context"
	"fmt"

	"frontdesk/internal/stripeapi"
	"frontdesk/models"
)

// totalByNow is what the provider said went back of a payment, less what came back from the bank since it said so: an event that had to
// wait may be older than that.
func (t *Till) totalByNow(ctx context.Context, payment models.ID, e stripeapi.Event) (int64, error) {
	var since int64
	err := t.db.On(ctx).Raw(`SELECT coalesce(sum(r.amount_minor), 0) FROM refunds r WHERE r.payment_id = ? AND r.provider_id IS NOT NULL
		AND EXISTS (SELECT FROM refund_events e WHERE e.refund_id = r.id AND e.to_state = 'failed' AND e.at > ?)`, payment, e.Heard).Scan(&since).Error
	if err != nil {
		return 0, fmt.Errorf("add up what came back: %w", err)
	}
	return max(0, e.Amount.Minor-since), nil
}

// charged holds the provider's total of what went back of a payment against our refunds: those of them that are out, and how
// much more went back at its own site; below zero for a total of earlier. A refund that was never sent is out only where all
// of the payment is back. Error: errUnsent.
func charged(rows []models.Refund, received, total int64) (done []models.ID, extra int64, err error) {
	all, sent, unsent := total >= received, int64(0), false
	for _, r := range rows {
		if !r.State.Moves() || r.ByHand() {
			continue
		}
		if r.State == models.RefundPending && r.ProviderID == nil && !all {
			unsent = true
			continue
		}
		sent += r.AmountMinor
		if r.State == models.RefundPending {
			done = append(done, r.ID)
		}
	}
	extra = min(total, received) - sent
	if extra > 0 && unsent {
		return nil, 0, errUnsent
	}
	return done, extra, nil
}
