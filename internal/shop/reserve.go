package shop

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"frontdesk/internal/database"
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
	row, found, err := s.lockOwn(ctx, o)
	if err != nil || !found {
		return cart, false, false, err
	}
	b, err := s.fillLocked(ctx, row)
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

// ownCart takes a guest's session and then their open cart.
const ownCart = `SELECT c.* FROM shop_sessions s JOIN carts c ON c.session_id = s.id AND c.status = 'active'
	WHERE s.id = ? AND s.customer_id IS NULL FOR NO KEY UPDATE OF s, c`

// lockOwn takes the owner's open cart, a guest's behind their session's lock, as own and lockRow do. found is false where
// there is none, or where the guest was recognised a moment ago and the cart is in the customer's.
func (s *Shop) lockOwn(ctx context.Context, o Owner) (cart models.Cart, found bool, err error) {
	if err := o.known(); err != nil || !o.Guest() {
		return s.lockRow(ctx, o)
	}
	var rows []models.Cart
	if err := s.db.On(ctx).Raw(ownCart, o.Session).Scan(&rows).Error; err != nil {
		return cart, false, fmt.Errorf("lock cart: %w", err)
	}
	if len(rows) == 1 {
		return s.alive(ctx, rows[0])
	}
	// There is none, or it is not what it was before we waited for it.
	now, err := s.own(ctx, o)
	if fault.Is(err, "shop.no_session") || err == nil && now != o {
		return cart, false, nil
	}
	if err != nil {
		return cart, false, err
	}
	return s.lockRow(ctx, o)
}

// lockedRows reads the lines of a cart with their products, which it locks in the order of their ids, as everybody does;
// with them those that the cart's orders hold something of, which are no lines of it.
const lockedRows = `SELECT i.*, ` + goodsOfRow + ` FROM products p LEFT JOIN cart_items i ON i.product_id = p.id AND i.cart_id = ? AND i.removed_at IS NULL
	WHERE p.id = ANY (ARRAY(SELECT product_id FROM cart_items WHERE cart_id = ? AND removed_at IS NULL
		UNION ALL SELECT h.product_id FROM stock_holds h WHERE h.order_id = ANY (ARRAY(` + ordersOfCart + `)))) ORDER BY p.id FOR NO KEY UPDATE OF p`

// fillLocked is fill, and locks the products. The cart's row is locked, so that its lines and orders stay as they are.
func (s *Shop) fillLocked(ctx context.Context, cart models.Cart) (basket, error) {
	var rows []itemRow
	if err := s.db.On(ctx).Raw(lockedRows, cart.ID, cart.ID, cart.ID, cart.ID, cart.ID, cart.ID).Scan(&rows).Error; err != nil {
		return basket{}, fmt.Errorf("lock lines: %w", err)
	}
	rows = slices.DeleteFunc(rows, func(r itemRow) bool { return r.ID == models.ID{} })
	slices.SortFunc(rows, func(a, b itemRow) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), bytes.Compare(a.ID[:], b.ID[:]))
	})
	return filled(cart, rows), nil
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
	ids := make([]models.ID, 0, len(lines)+len(held))
	for _, l := range lines {
		ids = append(ids, l.ProductID)
	}
	for _, h := range held {
		ids = append(ids, h.ProductID)
	}
	// What is given back is locked with what is wanted, in one order.
	if err := s.lockGoods(ctx, "?", ids); err != nil {
		return err
	}
	for _, h := range held {
		if err := s.giveBack(ctx, h); err != nil {
			return err
		}
	}
	b := s.db.Batch()
	s.Hold(ctx, b, order, lines)
	if err := s.db.Send(ctx, b); err != nil {
		return fmt.Errorf("reserve: %w", err)
	}
	return nil
}

// holdBack takes so many of a product, if there are as many.
const holdBack = `WITH kept AS (UPDATE products SET reserved = reserved + @qty WHERE id = @product AND active AND stock - reserved >= @qty RETURNING id)
	INSERT INTO stock_holds (order_id, product_id, qty) SELECT @order, id, @qty FROM kept`

// Hold adds to a batch that an order which holds nothing yet holds back these lines, each of another product, until they are
// taken or released. The products are locked. Fault, when it is sent: shop.insufficient_stock with Left and SKU.
func (s *Shop) Hold(ctx context.Context, b *database.Batch, order models.ID, lines []Line) {
	for _, l := range lines {
		b.Add(func(q *gorm.DB) *gorm.DB {
			return q.Exec(holdBack, map[string]any{"order": order, "product": l.ProductID, "qty": l.Qty})
		}, func(held int64) error {
			if held == 1 {
				return nil
			}
			return s.shortage(ctx, l.ProductID)
		})
	}
}

// HoldAtOnce is Hold for products that are locked and of which there is enough. Should there be too little, the database
// refuses all of the batch (database.Refused).
func (s *Shop) HoldAtOnce(b *database.Batch, order models.ID, lines []Line) {
	for _, l := range lines {
		b.Exec(`WITH kept AS (UPDATE products SET reserved = reserved + $1 WHERE id = $2 AND active AND stock - reserved >= $1 RETURNING id)
			INSERT INTO stock_holds (order_id, product_id, qty) VALUES ($3, (SELECT id FROM kept), $1)`, l.Qty, l.ProductID, order)
	}
}

// shortage tells how many there are of a product that there is too little of.
func (s *Shop) shortage(ctx context.Context, product models.ID) error {
	var p models.Product
	if err := s.db.On(ctx).Select("id, sku, stock, reserved, active").Take(&p, "id = ?", product).Error; err != nil {
		return fmt.Errorf("read what there is too little of: %w", err)
	}
	left := 0
	if p.Active {
		left = p.Left()
	}
	return tooFew(left, p.SKU)
}

func tooFew(left int, sku string) error {
	return &fault.Fault{Kind: fault.KindConflict, Key: "shop.insufficient_stock", Facts: map[string]any{"Left": left, "SKU": sku}}
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
