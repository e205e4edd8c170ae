package checkout

import (
	"context"
	"fmt"
	"strings"

	"frontdesk/internal/fault"
	"frontdesk/models"
)

// staffActor begins the actor of whatever somebody of the salon did.
const staffActor = "staff:"

func byStaff(actor string) bool { return strings.HasPrefix(actor, staffActor) }

// ConfirmOrder makes an order that is paid on delivery stand: its goods are taken, its cart closes, its owner
// is told. Confirming twice confirms once. Faults: orders.order_not_found, orders.invalid_state.
func (t *Till) ConfirmOrder(ctx context.Context, actor string, id models.ID) (models.Order, error) {
	return t.act1(ctx, "confirm order", id, func(ctx context.Context, s *sale) error {
		if s.order.Status == models.OrderConfirmed {
			return nil
		}
		if s.order.Status != models.OrderPendingCOD {
			return fault.Conflict("orders.invalid_state")
		}
		if err := t.move(ctx, s, models.OrderConfirmed, models.OrderEvent{Kind: "confirmed", Actor: actor}); err != nil {
			return err
		}
		if err := t.bought(ctx, s); err != nil {
			return err
		}
		return t.tellOwner(ctx, s, "order.confirmed")
	})
}

// bought takes the goods of an order that stands now, and closes its cart.
func (t *Till) bought(ctx context.Context, s *sale) error {
	if err := t.goods.Take(ctx, s.order.ID); err != nil {
		return err
	}
	return t.goods.Bought(ctx, s.order.CartID, linesOf(s.order))
}

// endUnpaid ends an order that was neither paid nor confirmed: its goods are free, its links are closed. event is what
// its owner is told; "" nothing.
func (t *Till) endUnpaid(ctx context.Context, s *sale, to models.OrderStatus, actor, why, event string) error {
	if err := t.move(ctx, s, to, models.OrderEvent{Kind: string(to), Actor: actor, Note: why}); err != nil {
		return err
	}
	if err := t.goods.Release(ctx, s.order.ID); err != nil {
		return err
	}
	if err := t.voidUnfit(ctx, s); err != nil {
		return err
	}
	if event == "" {
		return nil
	}
	return t.tellOwner(ctx, s, event)
}

// act1 makes one change of a locked order and gives the order as it is then.
func (t *Till) act1(ctx context.Context, what string, id models.ID, change func(ctx context.Context, s *sale) error) (models.Order, error) {
	err := t.db.InTx(ctx, func(ctx context.Context) error {
		s, err := t.lockSale(ctx, id)
		if err != nil {
			return err
		}
		return change(ctx, s)
	})
	if err != nil {
		return models.Order{}, fmt.Errorf("%s: %w", what, err)
	}
	return t.Order(ctx, id)
}
