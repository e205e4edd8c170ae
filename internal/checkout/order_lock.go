package checkout

import (
	"context"
	"fmt"

	"gorm.io/gorm/clause"

	"frontdesk/internal/shop"
	"frontdesk/models"
)

// lockSale holds an order with all that changes with it until the transaction on the context ends: the conversation,
// the cart, the products, the order, its payments, in this order. Fault: orders.order_not_found.
func (t *Till) lockSale(ctx context.Context, id models.ID) (*sale, error) {
	o, err := t.orderRow(ctx, "id = ?", id)
	if err != nil {
		return nil, err
	}
	s := &sale{}
	if s.conversation, err = t.conversationOf(ctx, o); err != nil {
		return nil, err
	}
	if err := t.lockConversation(ctx, s.conversation); err != nil {
		return nil, err
	}
	if err := t.goods.LockOrdered(ctx, o.ID, o.CartID); err != nil {
		return nil, err
	}
	locked := clause.Locking{Strength: "NO KEY UPDATE"}
	err = t.db.On(ctx).Clauses(locked).Take(&s.order, "id = ?", id).Error
	if err != nil {
		return nil, fmt.Errorf("lock order: %w", err)
	}
	if err := t.db.On(ctx).Where("order_id = ?", id).Order("id").Find(&s.order.Items).Error; err != nil {
		return nil, fmt.Errorf("read lines of order: %w", err)
	}
	if err := t.db.On(ctx).Clauses(locked).Where("order_id = ?", id).Order("id").Find(&s.payments).Error; err != nil {
		return nil, fmt.Errorf("lock payments of order: %w", err)
	}
	return s, nil
}

// conversationOf is where the owner of an order is told about it: where they wrote last; nil when there is nowhere.
func (t *Till) conversationOf(ctx context.Context, o models.Order) (*models.ID, error) {
	if o.CustomerID == nil {
		return nil, nil
	}
	var ids []models.ID
	err := t.db.On(ctx).Raw(`SELECT v.id FROM conversations v JOIN contacts c ON c.id = v.contact_id WHERE c.customer_id = ?
		ORDER BY c.updated_at DESC, v.id LIMIT 1`, *o.CustomerID).Scan(&ids).Error
	if err != nil {
		return nil, fmt.Errorf("find conversation of order: %w", err)
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return &ids[0], nil
}

// lockTalk locks the conversation of whoever orders, which comes before their cart.
func (t *Till) lockTalk(ctx context.Context, owner shop.Owner) error {
	if owner.Guest() {
		return nil
	}
	conversation, err := t.conversationOf(ctx, models.Order{CustomerID: &owner.Customer})
	if err != nil {
		return err
	}
	return t.lockConversation(ctx, conversation)
}

func (t *Till) lockConversation(ctx context.Context, id *models.ID) error {
	if id == nil {
		return nil
	}
	_, err := t.thread.Lock(ctx, *id)
	return err
}
