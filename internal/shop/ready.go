package shop

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/jackc/pgx/v5"

	"frontdesk/internal/database"
	"frontdesk/internal/settings"
	"frontdesk/models"
)

// Asked is a guest's cart as a batch asks for it, which holds it and the rows of its products as LockCart does.
type Asked struct {
	shop  *Shop
	cart  models.Cart
	rows  []itemRow
	found bool
	waits bool // an order of the cart is there already
}

// AskCart adds the questions for a guest's open cart to a batch that is sent in a transaction.
func (s *Shop) AskCart(b *database.Batch, o Owner) *Asked {
	a := &Asked{shop: s}
	c := &a.cart
	b.Read(func(row pgx.Rows) error {
		a.found = true
		return row.Scan(&c.ID, &c.Status, &c.Currency, &c.SubtotalMinor, &c.TaxMinor, &c.ShippingMinor, &c.TotalMinor, &c.Version, &c.ExpiresAt, &c.CreatedAt, &c.UpdatedAt)
	}, askCart, o.Session)
	b.Read(func(row pgx.Rows) error {
		var r itemRow
		i, g := &r.CartItem, &r.Goods
		err := row.Scan(&i.ID, &i.CartID, &i.ProductID, &i.SKU, &i.Names, &i.PriceMinor, &i.WasMinor, &i.Currency, &i.Qty, &i.TotalMinor, &i.CreatedAt, &i.UpdatedAt,
			&g.SKU, &g.PriceMinor, &g.Currency, &g.Stock, &g.Reserved, &g.Active, &a.waits)
		g.ID = i.ProductID
		a.rows = append(a.rows, r)
		return err
	}, askLines, o.Session)
	return a
}

// The first takes a guest's session and then their open cart. The second is a statement of its own: only what begins after
// the cart is locked sees what is in it now.
const (
	askCart = `SELECT c.id, c.status, c.currency, c.subtotal_minor, c.tax_minor, c.shipping_minor, c.total_minor, c.version, c.expires_at, c.created_at, c.updated_at
		FROM shop_sessions s JOIN carts c ON c.session_id = s.id AND c.status = 'active' WHERE s.id = $1 AND s.customer_id IS NULL FOR NO KEY UPDATE OF s, c`
	askLines = `SELECT i.id, i.cart_id, i.product_id, i.sku, i.names, i.price_minor, i.was_minor, i.currency, i.qty, i.total_minor, i.created_at, i.updated_at,
		p.sku, p.price_minor, p.currency, p.stock, p.reserved, p.active,
		EXISTS (SELECT FROM orders WHERE cart_id = ` + asked + ` AND status IN ('pending', 'pending_cod'))
			OR EXISTS (SELECT FROM carts m JOIN orders o ON o.cart_id = m.id WHERE m.merged_into_id = ` + asked + ` AND o.status IN ('pending', 'pending_cod'))
		FROM cart_items i JOIN products p ON p.id = i.product_id WHERE i.cart_id = ` + asked + ` AND i.removed_at IS NULL ORDER BY p.id FOR NO KEY UPDATE OF p`
	asked = `(SELECT id FROM carts WHERE session_id = $1 AND status = 'active')`
)

// Ready is the cart at the prices and the shipping of now. ready tells that an order can be made of it at once: something is
// in it, its time is not over, its owner knows its prices, and no order of it waits. Fault beside all of that where there is
// too little of something: shop.insufficient_stock with Left and SKU.
func (a *Asked) Ready(p settings.Policies) (cart models.Cart, ready bool, err error) {
	if !a.found || a.waits || len(a.rows) == 0 || !a.cart.ExpiresAt.After(a.shop.clock.Now()) {
		return cart, false, nil
	}
	slices.SortFunc(a.rows, func(a, b itemRow) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), bytes.Compare(a.ID[:], b.ID[:]))
	})
	b := filled(a.cart, a.rows)
	b.refresh()
	tally(&b.Cart, p)
	if len(b.touched) > 0 {
		return cart, false, nil
	}
	for _, i := range b.Items {
		g := b.goods[i.ProductID]
		if left := g.left(g.Currency); i.Qty > left {
			return b.Cart, true, tooFew(left, g.SKU)
		}
	}
	return b.Cart, true, nil
}
