package shop

import (
	"context"
	"fmt"

	"frontdesk/models"
)

// PutBack makes what an order had taken, and what came back of it, part of the stock again: never more than the order
// still has. The products are locked by whoever locked the order (LockOrdered), in the transaction on the context.
func (s *Shop) PutBack(ctx context.Context, order models.ID, lines []Line) error {
	held, err := s.held(ctx, order)
	if err != nil {
		return err
	}
	for _, h := range held {
		back := min(h.Qty, boughtOf(lines, h.ProductID))
		if back == 0 || !h.Taken {
			continue
		}
		statement, values := "UPDATE stock_holds SET qty = qty - @back", map[string]any{"back": back, "order": order, "product": h.ProductID}
		if back == h.Qty {
			statement = "DELETE FROM stock_holds"
		}
		if err := s.db.On(ctx).Exec(statement+" WHERE order_id = @order AND product_id = @product", values).Error; err != nil {
			return fmt.Errorf("put back what an order had: %w", err)
		}
		if err := s.shift(ctx, h.ProductID, back, 0); err != nil {
			return err
		}
	}
	return nil
}
