package shop

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"frontdesk/internal/database"
	"frontdesk/internal/fault"
	"frontdesk/internal/settings"
	"frontdesk/models"
)

// CartLife is how long a cart lives from its last change, unless it is said.
const CartLife = 7 * 24 * time.Hour

// WithCarts says how long a cart lives from its last change, and how long asking again under a key is harmless;
// less than a day of that is a day.
func WithCarts(life, keys time.Duration) Option {
	return func(s *Shop) { s.cartLife, s.keyLife = life, max(keys, keyLife) }
}

// Cart is the owner's cart as it is now: with the prices and the shipping of now, and beside each line what
// the shop has left. It writes nothing: who has no cart gets an empty one without an id.
func (s *Shop) Cart(ctx context.Context, o Owner) (models.Cart, error) {
	cart, _, err := s.cart(ctx, o)
	return cart, err
}

// OpenCart is the owner's cart, which is there afterwards. Fault: shop.no_session.
func (s *Shop) OpenCart(ctx context.Context, o Owner) (models.Cart, error) {
	cart, p, err := s.cart(ctx, o)
	if err != nil || cart.ID != (models.ID{}) {
		return cart, err
	}
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		o, err := s.own(ctx, o)
		if err != nil {
			return err
		}
		b, err := s.lockOrOpen(ctx, o, p)
		if err != nil {
			return err
		}
		b.refresh() // somebody else may have opened it, and put something in
		tally(&b.Cart, p)
		cart = b.Cart
		return s.seen(ctx, o)
	})
	if err != nil {
		return models.Cart{}, fmt.Errorf("open cart: %w", err)
	}
	return cart, nil
}

func (s *Shop) cart(ctx context.Context, o Owner) (models.Cart, settings.Policies, error) {
	p, err := s.settings.Policies(ctx)
	if err != nil {
		return models.Cart{}, p, err
	}
	b, err := s.readBasket(ctx, o)
	if err != nil {
		return models.Cart{}, p, fmt.Errorf("read cart: %w", err)
	}
	b.refresh()
	tally(&b.Cart, p)
	return b.Cart, p, nil
}

// itemRow is a line beside what its product is now.
type itemRow struct {
	models.CartItem
	Goods goods `gorm:"embedded;embeddedPrefix:goods_"`
}

// itemRows reads lines with their products, whichever a cart has.
//
// What the cart's own orders hold back of a product (ownOf) its owner may still buy.
const itemRows = `SELECT i.*, ` + goodsOfRow + `
	FROM cart_items i JOIN products p ON p.id = i.product_id WHERE i.removed_at IS NULL AND i.cart_id = ? ORDER BY i.created_at, i.id`

// goodsOfRow is what is read of a product p beside a line.
const goodsOfRow = `p.id AS goods_id, p.sku AS goods_sku, p.names AS goods_names, p.price_minor AS goods_price_minor,
	p.currency AS goods_currency, p.stock AS goods_stock, p.reserved AS goods_reserved, p.active AS goods_active, ` + ownOf + ` AS goods_own`

// ownOf is how many of a product p the orders of a cart hold back.
const ownOf = `coalesce((SELECT sum(h.qty) FROM stock_holds h WHERE h.product_id = p.id AND NOT h.taken AND h.order_id = ANY (ARRAY(` + ordersOfCart + `))), 0)`

// readBasket reads the owner's open cart without locking it; one without an id when there is none.
func (s *Shop) readBasket(ctx context.Context, o Owner) (basket, error) {
	if err := o.known(); err != nil {
		return basket{}, err
	}
	var cart models.Cart
	err := s.db.On(ctx).Scopes(o.carts).Where("status = ? AND expires_at > ?", models.CartActive, s.clock.Now()).Take(&cart).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return basket{Cart: models.Cart{Status: models.CartActive}}, nil
	}
	if err != nil {
		return basket{}, err
	}
	return s.fill(ctx, cart)
}

// fill reads the lines of a cart.
func (s *Shop) fill(ctx context.Context, cart models.Cart) (basket, error) {
	var rows []itemRow
	if err := s.db.On(ctx).Raw(itemRows, cart.ID, cart.ID, cart.ID).Scan(&rows).Error; err != nil {
		return basket{}, fmt.Errorf("read lines: %w", err)
	}
	return filled(cart, rows), nil
}

func filled(cart models.Cart, rows []itemRow) basket {
	cart.Items = nil
	b := basket{Cart: cart, goods: map[models.ID]goods{}, touched: map[models.ID]bool{}}
	for _, r := range rows {
		b.Items = append(b.Items, r.CartItem)
		b.goods[r.Goods.ID] = r.Goods
	}
	return b
}

// lock takes the owner's open cart under its row's lock, which everything that changes a cart takes first.
// found is false when there is none; one whose time is over becomes abandoned.
func (s *Shop) lock(ctx context.Context, o Owner) (b basket, found bool, err error) {
	cart, found, err := s.lockRow(ctx, o)
	if err != nil || !found {
		return b, false, err
	}
	b, err = s.fill(ctx, cart)
	return b, err == nil, err
}

// lockRow is lock without the lines: for who takes more locks before reading them.
func (s *Shop) lockRow(ctx context.Context, o Owner) (cart models.Cart, found bool, err error) {
	if err := o.known(); err != nil {
		return cart, false, err
	}
	err = s.db.On(ctx).Scopes(o.carts).Where("status = ?", models.CartActive).Clauses(clause.Locking{Strength: "NO KEY UPDATE"}).Take(&cart).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return models.Cart{}, false, nil
	}
	if err != nil {
		return models.Cart{}, false, fmt.Errorf("lock cart: %w", err)
	}
	return s.alive(ctx, cart)
}

// alive abandons a locked cart whose time is over; found is false then.
func (s *Shop) alive(ctx context.Context, cart models.Cart) (_ models.Cart, found bool, err error) {
	if now := s.clock.Now(); !cart.ExpiresAt.After(now) {
		err := s.db.On(ctx).Model(&models.Cart{}).Where("id = ?", cart.ID).Updates(map[string]any{"status": models.CartAbandoned, "updated_at": now}).Error
		if err != nil {
			return models.Cart{}, false, fmt.Errorf("abandon cart: %w", err)
		}
		return models.Cart{}, false, nil
	}
	return cart, true, nil
}

// openTries is how often a cart that somebody else ends between our opening and locking it is opened anew.
const openTries = 3

// lockOrOpen is lock, with a new cart where there is none. Of two who open at once one inserts and the other
// waits for it: the unique index decides.
func (s *Shop) lockOrOpen(ctx context.Context, o Owner, p settings.Policies) (basket, error) {
	for range openTries {
		b, found, err := s.lock(ctx, o)
		if err != nil || found {
			return b, err
		}
		cart := s.newCart(o, p)
		opened := s.db.On(ctx).Exec(`INSERT INTO carts (id, session_id, customer_id, status, currency, expires_at, created_at, updated_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			cart.ID, cart.SessionID, cart.CustomerID, cart.Status, cart.Currency, cart.ExpiresAt, cart.CreatedAt, cart.UpdatedAt)
		if database.Violates(opened.Error, "carts_session_id_fkey") { // it ended since it was looked at
			return basket{}, fault.NotFound("shop.no_session")
		}
		if opened.Error != nil {
			return basket{}, fmt.Errorf("insert cart: %w", opened.Error)
		}
		if opened.RowsAffected == 1 { // nobody else knows it yet
			return basket{Cart: cart, goods: map[models.ID]goods{}, touched: map[models.ID]bool{}}, nil
		}
	}
	return basket{}, errors.New("lock cart: it is ended as often as it is opened")
}

// save writes a locked basket: the lines that changed, and the cart added up anew. A cart lives
// CART_TTL_DAYS from its last change.
func (s *Shop) save(ctx context.Context, b *basket, o Owner, p settings.Policies) error {
	all := s.db.Batch()
	if err := s.saveWith(all, b, o, p); err != nil {
		return err
	}
	return s.db.Send(ctx, all)
}

// settle brings a basket that is about to be written to the prices and sums of now.
func (s *Shop) settle(b *basket, p settings.Policies) {
	b.refresh()
	tally(&b.Cart, p)
	b.Version++
	b.UpdatedAt = s.clock.Now().Truncate(time.Microsecond)
	b.ExpiresAt = b.UpdatedAt.Add(s.cartLife)
}

// saveWith is save as a part of a batch.
func (s *Shop) saveWith(all *database.Batch, b *basket, o Owner, p settings.Policies) error {
	s.settle(b, p)
	lines := []line{}
	for _, item := range b.Items {
		if b.touched[item.ID] {
			lines = append(lines, line{
				item.ID, item.CartID, item.ProductID, item.SKU, item.Names, item.PriceMinor, item.WasMinor, item.Currency, item.Qty, item.TotalMinor,
				item.CreatedAt, item.UpdatedAt,
			})
		}
	}
	written, err := json.Marshal(lines)
	if err != nil {
		return fmt.Errorf("write lines: %w", err)
	}
	ends := s.sessionEnds()
	all.Exec(saveCart, string(written), ends, o.Session, ends.Add(-24*time.Hour),
		b.Currency, b.SubtotalMinor, b.TaxMinor, b.ShippingMinor, b.TotalMinor, b.Version, b.ExpiresAt, b.UpdatedAt, b.ID)
	return nil
}

// line is a row of cart_items as it is sent.
type line struct {
	ID         models.ID   `json:"id"`
	CartID     models.ID   `json:"cart_id"`
	ProductID  models.ID   `json:"product_id"`
	SKU        string      `json:"sku"`
	Names      models.Text `json:"names"`
	PriceMinor int64       `json:"price_minor"`
	WasMinor   *int64      `json:"was_minor"`
	Currency   string      `json:"currency"`
	Qty        int         `json:"qty"`
	TotalMinor int64       `json:"total_minor"`
	CreatedAt  time.Time   `json:"created_at"`
	UpdatedAt  time.Time   `json:"updated_at"`
}

// saveCart writes lines and keeps the session of a guest as seen does; the cart's row comes behind it. All of it is one
// trip, as others wait for that row.
const saveCart = `WITH lines AS (
		INSERT INTO cart_items (id, cart_id, product_id, sku, names, price_minor, was_minor, currency, qty, total_minor, created_at, updated_at)
		SELECT id, cart_id, product_id, sku, names, price_minor, was_minor, currency, qty, total_minor, created_at, updated_at
		FROM jsonb_to_recordset($1::jsonb) AS l (id uuid, cart_id uuid, product_id uuid, sku text, names jsonb, price_minor bigint, was_minor bigint, currency char(3),
			qty int, total_minor bigint, created_at timestamptz, updated_at timestamptz)
		ON CONFLICT (id) DO UPDATE SET price_minor = excluded.price_minor, was_minor = excluded.was_minor, qty = excluded.qty, total_minor = excluded.total_minor,
			sku = excluded.sku, names = excluded.names, currency = excluded.currency, updated_at = excluded.updated_at
	), kept AS (
		UPDATE shop_sessions SET expires_at = $2 WHERE id = $3 AND expires_at < $4
	) UPDATE carts SET currency = $5, subtotal_minor = $6, tax_minor = $7, shipping_minor = $8, total_minor = $9, version = $10,
		expires_at = $11, updated_at = $12 WHERE id = $13`
