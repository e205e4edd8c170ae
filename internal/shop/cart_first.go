package shop

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"frontdesk/internal/settings"
	"frontdesk/models"
)

// Most of what goes into carts is the first thing of a guest who has none. What must be known for that is read in one
// trip, and the cart is written once, as it is to be, with its line.

// start is what an Add finds.
type start struct {
	owner  Owner
	basket basket
	goods  goods
	fresh  bool // the cart is not written yet, nor is the rest of the above to be asked for
}

// firstRead takes a guest's session, as own does, and reads the product beside it.
const firstRead = `SELECT s.customer_id, EXISTS (SELECT FROM carts WHERE session_id = s.id AND status = 'active'),
	p.id, p.sku, p.names, p.price_minor, p.currency, p.stock, p.reserved, p.active
	FROM shop_sessions s JOIN products p ON %s WHERE s.id = ? FOR NO KEY UPDATE OF s`

// first begins the cart of a guest who has none. Where there is more to it, fresh is false and the usual way is gone:
// nothing has been written. A cart that somebody opened while we waited for the session is one that saving collides
// with (oneOpen).
func (s *Shop) first(ctx context.Context, o Owner, a Add, p settings.Policies) (st start, err error) {
	if !o.Guest() || o.known() != nil || a.Key != "" {
		return st, nil
	}
	on, product := "p.id = ?", any(a.ProductID)
	if a.ProductID == (models.ID{}) {
		on, product = "upper(p.sku) = upper(?)", strings.TrimSpace(a.SKU)
	}
	var customer *models.ID
	var has bool
	g := &st.goods
	err = s.db.On(ctx).Raw(fmt.Sprintf(firstRead, on), product, o.Session).Row().
		Scan(&customer, &has, &g.ID, &g.SKU, &g.Names, &g.PriceMinor, &g.Currency, &g.Stock, &g.Reserved, &g.Active)
	if errors.Is(err, sql.ErrNoRows) { // no such product, or no session: told apart the usual way
		return start{}, nil
	}
	if err != nil {
		return start{}, fmt.Errorf("look for cart: %w", err)
	}
	if customer != nil || has {
		return start{}, nil
	}
	st.owner, st.fresh = o, true
	st.basket = basket{Cart: s.newCart(o, p), goods: map[models.ID]goods{}, touched: map[models.ID]bool{}, unwritten: true}
	return st, nil
}

// start is what an Add finds, the usual way.
func (s *Shop) start(ctx context.Context, o Owner, p settings.Policies) (st start, err error) {
	if st.owner, err = s.own(ctx, o); err != nil {
		return st, err
	}
	st.basket, err = s.lockOrOpen(ctx, st.owner, p)
	return st, err
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

// oneOpen is the unique index by which a guest has one open cart.
const oneOpen = "carts_one_open_of_session"
