package shop

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"frontdesk/internal/database"
	"frontdesk/internal/fault"
	"frontdesk/internal/settings"
	"frontdesk/models"
)

// Most of what goes into carts is the first thing of a guest who has none. That is a transaction of two trips: what must be
// known is one question, and the cart is written once, as it is to be, with its line, and with the session of a newcomer.

// firstRead takes a guest's session, as own does, and reads the product beside it.
const firstRead = `SELECT s.customer_id, s.expires_at, EXISTS (SELECT FROM carts WHERE session_id = s.id AND status = 'active'),
	p.id, p.sku, p.names, p.price_minor, p.currency, p.stock, p.reserved, p.active
	FROM shop_sessions s JOIN products p ON %s WHERE s.id = $1 FOR NO KEY UPDATE OF s`

// addFirst is Add for the first thing of a guest, with or without a key. Where there is more to it, done is false and nothing
// has been written: the usual way is gone then, also where a constraint refuses what somebody else was writing while we
// waited for the session: a cart (carts_one_open_of_session), or an answer under the same key.
func (s *Shop) addFirst(ctx context.Context, o Owner, a Add, p settings.Policies) (item models.CartItem, done bool, err error) {
	if !o.Guest() || o.known() != nil || database.InTransaction(ctx) {
		return item, false, nil
	}
	on, product := a.product("$2")
	var customer *models.ID
	var ends time.Time
	found, has := false, false
	g := goods{}
	ask := s.db.Batch()
	ask.Read(func(row pgx.Rows) error {
		found = true
		return row.Scan(&customer, &ends, &has, &g.ID, &g.SKU, &g.Names, &g.PriceMinor, &g.Currency, &g.Stock, &g.Reserved, &g.Active)
	}, fmt.Sprintf(firstRead, on), o.Session, product)
	known := false
	if a.Key != "" {
		ask.Read(func(pgx.Rows) error { known = true; return nil }, "SELECT FROM cart_keys WHERE owner_id = $1 AND key = $2", o.id(), a.Key)
	}
	done, err = s.db.InTwoTrips(ctx, ask, func(ctx context.Context) (*database.Batch, error) {
		if !found || customer != nil || has || known { // no such product or no session are told apart the usual way
			return nil, nil
		}
		all := s.db.Batch()
		item, err = s.putFirst(ctx, all, g, o, a, p, ends)
		return all, err
	})
	if database.Refused(err) {
		return models.CartItem{}, false, nil
	}
	return item, done, err
}

// product picks what is to be added by its id, or by its SKU, which stands as a value of a statement.
func (a Add) product(place string) (on string, value any) {
	if a.ProductID == (models.ID{}) {
		return "upper(p.sku) = upper(" + place + ")", strings.TrimSpace(a.SKU)
	}
	return "p.id = " + place, a.ProductID
}

// putFirst adds to a batch a new cart with a product in it, and what is answered.
func (s *Shop) putFirst(ctx context.Context, all *database.Batch, g goods, o Owner, a Add, p settings.Policies, ends time.Time) (models.CartItem, error) {
	b := basket{Cart: s.newCart(o, p), goods: map[models.ID]goods{}, touched: map[models.ID]bool{}}
	line, err := b.put(g, a.Qty, s.clock.Now().Truncate(time.Microsecond))
	if err != nil {
		return models.CartItem{}, err
	}
	s.settle(&b, p)
	s.writeFirst(all, b, o, ends)
	if err := s.answerFirst(all, o, a, *line); err != nil {
		return models.CartItem{}, err
	}
	return *line, s.counted(ctx, all, o, a)
}

// AddOfNewcomer is Add for who has no session yet: it is opened with its cart, or not at all where the product cannot be had.
// The token is told once (OpenSession). Call it outside any transaction. Faults: those of Add.
func (s *Shop) AddOfNewcomer(ctx context.Context, a Add) (token string, o Owner, item models.CartItem, err error) {
	if err := a.check(); err != nil {
		return "", o, item, err
	}
	if ctx, err = s.db.Pin(ctx); err != nil {
		return "", o, item, err
	}
	p, err := s.settings.Policies(ctx)
	if err != nil {
		return "", o, item, err
	}
	s.funnel.Ready(ctx)
	token, row := s.newSession()
	o = Owner{Session: row.ID}
	found, g := false, goods{}
	on, product := a.product("$1")
	ask := s.db.Batch()
	ask.Read(func(row pgx.Rows) error {
		found = true
		return row.Scan(&g.ID, &g.SKU, &g.Names, &g.PriceMinor, &g.Currency, &g.Stock, &g.Reserved, &g.Active)
	}, "SELECT p.id, p.sku, p.names, p.price_minor, p.currency, p.stock, p.reserved, p.active FROM products p WHERE "+on, product)
	_, err = s.db.InTwoTrips(ctx, ask, func(ctx context.Context) (*database.Batch, error) {
		if !found {
			return nil, fault.NotFound("shop.product_not_found")
		}
		all := s.db.Batch()
		all.Exec("INSERT INTO shop_sessions (id, hash, created_at, expires_at) VALUES ($1, $2, $3, $4)", row.ID, row.Hash, row.CreatedAt, row.ExpiresAt)
		item, err = s.putFirst(ctx, all, g, o, a, p, row.ExpiresAt)
		return all, err
	})
	if err != nil {
		return "", Owner{}, models.CartItem{}, fmt.Errorf("add to a newcomer's cart: %w", err)
	}
	return token, o, item, nil
}

// writeFirst adds a new cart with its only line to a batch, and keeps the session of its owner as seen does.
func (s *Shop) writeFirst(all *database.Batch, b basket, o Owner, ends time.Time) {
	all.Exec(`INSERT INTO carts (id, session_id, status, currency, subtotal_minor, tax_minor, shipping_minor, total_minor, version, expires_at, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		b.ID, o.Session, string(b.Status), b.Currency, b.SubtotalMinor, b.TaxMinor, b.ShippingMinor, b.TotalMinor, b.Version, b.ExpiresAt, b.CreatedAt, b.UpdatedAt)
	for _, i := range b.Items {
		all.Exec(`INSERT INTO cart_items (id, cart_id, product_id, sku, names, price_minor, currency, qty, total_minor, created_at, updated_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
			i.ID, i.CartID, i.ProductID, i.SKU, i.Names, i.PriceMinor, i.Currency, i.Qty, i.TotalMinor, i.CreatedAt, i.UpdatedAt)
	}
	if later := s.sessionEnds(); ends.Before(later.Add(-24 * time.Hour)) {
		all.Exec("UPDATE shop_sessions SET expires_at = $1 WHERE id = $2", later, o.Session)
	}
}

// newCart is an open cart of an owner that is not written yet.
func (s *Shop) newCart(o Owner, p settings.Policies) models.Cart {
	now := s.clock.Now().Truncate(time.Microsecond)
	cart := models.Cart{
		ID: models.NewID(), Status: models.CartActive, Currency: p.Currency, ExpiresAt: now.Add(s.cartLife), CreatedAt: now, UpdatedAt: now,
	}
	if o.Guest() {
		cart.SessionID = &o.Session
	} else {
		cart.CustomerID = &o.Customer
	}
	return cart
}
