package shop

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"frontdesk/internal/fault"
	"frontdesk/models"
)

// Line is so many of a product.
type Line struct {
	ProductID models.ID
	Qty       int
}

// hold is what an order has of a product's stock.
type hold struct {
	OrderID   models.ID
	ProductID models.ID
	Qty       int
	Taken     bool
}

// TableName is where holds are kept.
func (hold) TableName() string { return "stock_holds" }

// LockCart takes the owner's open cart and the rows of its products, and those its unpaid orders hold back, until the
// transaction on the context ends: with it nobody else changes the cart, its orders or what there is of its goods.
// found is false when there is none. The cart comes at the prices of now; changed tells that they are not those the
// lines had, and then the cart has been written. What an order of the cart's holds back counts as left.
func (s *Shop) LockCart(ctx context.Context, o Owner) (cart models.Cart, found, changed bool, err error) {
	p, err := s.settings.Policies(ctx)
	if err != nil {
		return cart, false, false, err
	}
	now, err := s.own(ctx, o)
	if fault.Is(err, "shop.no_session") || err == nil && now != o {
		return cart, false, false, nil // the guest was recognised a moment ago, and the cart is in the customer's
	}
	if err != nil {
		return cart, false, false, err
	}
	row, found, err := s.lockRow(ctx, o)
	if err != nil || !found {
		return cart, false, false, err
	}
	if err := s.lockGoods(ctx, `SELECT product_id FROM cart_items WHERE cart_id = ? AND removed_at IS NULL
		UNION SELECT h.product_id FROM stock_holds h WHERE h.order_id IN (`+ordersOfCart+`)`, row.ID, row.ID, row.ID); err != nil {
		return cart, false, false, err
	}
	b, err := s.fill(ctx, row)
	if err != nil {
		return cart, false, false, err
	}
	b.refresh()
	tally(&b.Cart, p)
	if changed = len(b.touched) > 0; changed {
		err = s.save(ctx, &b, o, p)
	}
	return b.Cart, true, changed, err
}

// ordersOfCart are the orders that were made of a cart, or of one that was merged into it.
const ordersOfCart = `SELECT id FROM orders WHERE cart_id = ? UNION ALL SELECT o.id FROM orders o JOIN carts c ON c.id = o.cart_id WHERE c.merged_into_id = ?`

// lockGoods locks the rows of products in the order of their ids, as everybody does.
func (s *Shop) lockGoods(ctx context.Context, ids string, values ...any) error {
	err := s.db.On(ctx).Exec("SELECT FROM products WHERE id IN ("+ids+") ORDER BY id FOR NO KEY UPDATE", values...).Error
	if err != nil {
		return fmt.Errorf("lock products: %w", err)
	}
	return nil
}

// LockOrdered takes the cart of an order, or the one it was merged into, and then the rows of the products that the
// order holds something of: what comes before the order itself in the order of locks.
func (s *Shop) LockOrdered(ctx context.Context, order, cart models.ID) error {
	for range 2 {
		var row models.Cart
		err := s.db.On(ctx).Clauses(clause.Locking{Strength: "NO KEY UPDATE"}).Take(&row, "id = ?", cart).Error
		if err != nil {
			return fmt.Errorf("lock cart of order: %w", err)
		}
		if row.MergedIntoID == nil {
			break
		}
		cart = *row.MergedIntoID
	}
	return s.lockGoods(ctx, "SELECT product_id FROM stock_holds WHERE order_id = ?", order)
}

// Reserve makes an order hold back just these lines, whatever it held before, until they are taken or released. The
// order is there, and in the transaction on the context. Fault: shop.insufficient_stock with Left and SKU.
func (s *Shop) Reserve(ctx context.Context, order models.ID, lines []Line) error {
	held, err := s.held(ctx, order)
	if err != nil {
		return err
	}
	want := map[models.ID]int{}
	for _, l := range lines {
		want[l.ProductID] += l.Qty
	}
	ids := []models.ID{}
	for id := range want {
		ids = append(ids, id)
	}
	for _, h := range held {
		ids = append(ids, h.ProductID)
	}
	if len(held) > 0 { // what is given back is locked with what is wanted, in one order
		if err := s.lockGoods(ctx, "?", ids); err != nil {
			return err
		}
	}
	for _, h := range held {
		if err := s.giveBack(ctx, h); err != nil {
			return err
		}
	}
	var products []models.Product
	err = s.db.On(ctx).Select("id, sku, stock, reserved, active").Where("id IN ?", ids).Order("id").
		Clauses(clause.Locking{Strength: "NO KEY UPDATE"}).Find(&products).Error
	if err != nil {
		return fmt.Errorf("read products to reserve: %w", err)
	}
	for _, p := range products {
		qty := want[p.ID]
		if qty == 0 {
			continue
		}
		if left := p.Left(); !p.Active || qty > left {
			if !p.Active {
				left = 0
			}
			return &fault.Fault{Kind: fault.KindConflict, Key: "shop.insufficient_stock", Facts: map[string]any{"Left": left, "SKU": p.SKU}}
		}
		if err := s.db.On(ctx).Create(&hold{OrderID: order, ProductID: p.ID, Qty: qty}).Error; err != nil {
			return fmt.Errorf("reserve: %w", err)
		}
		if err := s.shift(ctx, p.ID, 0, qty); err != nil {
			return err
		}
	}
	return nil
}

func (s *Shop) held(ctx context.Context, order models.ID) ([]hold, error) {
	var rows []hold
	if err := s.db.On(ctx).Where("order_id = ?", order).Order("product_id").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read what an order holds: %w", err)
	}
	return rows, nil
}

// shift changes what there is of a product and what is held back of it. Whoever has the figure before their eyes, to
// change it, saw another version.
func (s *Shop) shift(ctx context.Context, product models.ID, stock, reserved int) error {
	err := s.db.On(ctx).Exec(`UPDATE products SET stock = greatest(stock + ?, 0), reserved = reserved + ?,
		version = version + CASE WHEN ? = 0 THEN 0 ELSE 1 END WHERE id = ?`, stock, reserved, stock, product).Error
	if err != nil {
		return fmt.Errorf("write stock: %w", err)
	}
	return nil
}

// giveBack ends a hold: what was held back is free, what was taken is there again.
func (s *Shop) giveBack(ctx context.Context, h hold) error {
	done := s.db.On(ctx).Exec("DELETE FROM stock_holds WHERE order_id = ? AND product_id = ?", h.OrderID, h.ProductID)
	if done.Error != nil {
		return fmt.Errorf("release stock: %w", done.Error)
	}
	if h.Taken {
		return s.shift(ctx, h.ProductID, h.Qty, 0)
	}
	return s.shift(ctx, h.ProductID, 0, -h.Qty)
}

// Take makes what an order holds back sold. Taking twice takes once.
func (s *Shop) Take(ctx context.Context, order models.ID) error {
	if err := s.lockGoods(ctx, "SELECT product_id FROM stock_holds WHERE order_id = ?", order); err != nil {
		return err
	}
	held, err := s.held(ctx, order)
	if err != nil {
		return err
	}
	for _, h := range held {
		if h.Taken {
			continue
		}
		err := s.db.On(ctx).Model(&hold{}).Where("order_id = ? AND product_id = ?", h.OrderID, h.ProductID).Update("taken", true).Error
		if err != nil {
			return fmt.Errorf("take stock: %w", err)
		}
		if err := s.shift(ctx, h.ProductID, -h.Qty, -h.Qty); err != nil {
			return err
		}
	}
	return nil
}

// Release gives back all that an order has of the stock, held back or taken. Releasing twice releases once.
func (s *Shop) Release(ctx context.Context, order models.ID) error {
	if err := s.lockGoods(ctx, "SELECT product_id FROM stock_holds WHERE order_id = ?", order); err != nil {
		return err
	}
	held, err := s.held(ctx, order)
	if err != nil {
		return err
	}
	for _, h := range held {
		if err := s.giveBack(ctx, h); err != nil {
			return err
		}
	}
	return nil
}

// Bought closes the cart that an order was made of, or the one it was merged into: it is ordered. What its owner has
// put in beyond what was bought goes into a cart of its own, which is open. A cart that has ended stays as it is.
func (s *Shop) Bought(ctx context.Context, cart models.ID, lines []Line) error {
	var row models.Cart
	err := s.db.On(ctx).Clauses(clause.Locking{Strength: "NO KEY UPDATE"}).Take(&row, "id = ?", cart).Error
	if err == nil && row.MergedIntoID != nil {
		merged := *row.MergedIntoID
		row = models.Cart{}
		err = s.db.On(ctx).Clauses(clause.Locking{Strength: "NO KEY UPDATE"}).Take(&row, "id = ?", merged).Error
	}
	if errors.Is(err, gorm.ErrRecordNotFound) || err == nil && row.Status != models.CartActive && row.Status != models.CartAbandoned {
		return nil
	}
	if err != nil {
		return fmt.Errorf("lock bought cart: %w", err)
	}
	b, err := s.fill(ctx, row)
	if err != nil {
		return err
	}
	now := s.clock.Now().Truncate(time.Microsecond)
	err = s.db.On(ctx).Model(&models.Cart{}).Where("id = ?", row.ID).
		Updates(map[string]any{"status": models.CartOrdered, "updated_at": now, "version": gorm.Expr("version + 1")}).Error
	if err != nil {
		return fmt.Errorf("close cart: %w", err)
	}
	if row.Status != models.CartActive {
		return nil
	}
	return s.keepRest(ctx, b, lines)
}

// keepRest opens a cart with what was not bought of one that has just been closed.
func (s *Shop) keepRest(ctx context.Context, b basket, bought []Line) error {
	b.Items = slices.DeleteFunc(b.Items, func(i models.CartItem) bool { return i.Qty <= boughtOf(bought, i.ProductID) })
	if len(b.Items) == 0 {
		return nil
	}
	p, err := s.settings.Policies(ctx)
	if err != nil {
		return err
	}
	o := Owner{}
	if b.CustomerID != nil {
		o.Customer = *b.CustomerID
	} else {
		o.Session = *b.SessionID
	}
	fresh, err := s.lockOrOpen(ctx, o, p)
	if err != nil {
		return err
	}
	fresh.Currency = b.Currency
	for _, item := range b.Items {
		fresh.hold(item, b.goods[item.ProductID], item.Qty-boughtOf(bought, item.ProductID), s.clock.Now().Truncate(time.Microsecond))
	}
	return s.save(ctx, &fresh, o, p)
}

func boughtOf(lines []Line, product models.ID) (n int) {
	for _, l := range lines {
		if l.ProductID == product {
			n += l.Qty
		}
	}
	return n
}
