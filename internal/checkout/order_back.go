package checkout

import (
	"context"
	"fmt"

	"frontdesk/models"
)

// Reasons of refunds that their owner is told of with the cause.
const (
	RefundOfCancellation = refundOrder
	RefundOfReturn       = refundReturned
)

// OrderRefunds are all refunds of an order, however its money came in, oldest first.
func (t *Till) OrderRefunds(ctx context.Context, order models.ID) (rows []models.Refund, err error) {
	err = t.db.On(ctx).Where("order_id = @of OR payment_id = ANY (ARRAY(SELECT id FROM payments WHERE order_id = @of))", map[string]any{"of": order}).
		Order("created_at, id").Find(&rows).Error
	if err != nil {
		err = fmt.Errorf("list refunds of order: %w", err)
	}
	return rows, err
}

// MoneyBack is how money stands that goes back, as whoever gets it may know it. What waits for a second person is not in it: nobody has
// agreed to it yet.
type MoneyBack struct {
	Card     int64 // out, to the card
	Given    int64 // by hand
	Going    int64 // on its way to the card
	Promised int64 // people are to give it by hand
	Owed     int64 // it failed, and goes back all the same
}

// BackOf adds up refunds in a currency, oldest first. What failed is made good by what went back later at the provider's own site.
func BackOf(rows []models.Refund, currency string) (m MoneyBack) {
	for _, r := range rows {
		switch {
		case r.Currency != currency:
		case r.State == models.RefundSucceeded && r.ByHand():
			m.Given += r.AmountMinor
		case r.State == models.RefundSucceeded:
			m.Card += r.AmountMinor
			if r.Reason == refundAtProvider {
				m.Owed = max(0, m.Owed-r.AmountMinor)
			}
		case r.Promised():
			m.Promised += r.AmountMinor
		case r.State == models.RefundPending:
			m.Going += r.AmountMinor
		case r.State == models.RefundFailed && r.Owed():
			m.Owed += r.AmountMinor
		}
	}
	return m
}
