package shop

import (
	"context"
	"errors"
	"fmt"
	"time"

	"frontdesk/models"
)

// Cut is what a merge could not take along of a line: fewer than both carts held together.
type Cut struct {
	ProductID models.ID
	SKU       string
	Names     models.Text
	Wanted    int // in both carts
	Kept      int // 0: the guest's line is gone, and the customer had none
	Why       CutReason
}

// CutReason is why a merge cut a line.
type CutReason string

// Reasons, in the order they are looked at.
const (
	CutNotSold  CutReason = "not_sold" // any more
	CutCurrency CutReason = "currency" // another than the customer's cart has
	CutLines    CutReason = "lines"    // the cart is full
	CutMost     CutReason = "most"     // of one line
	CutStock    CutReason = "stock"
)

// Merge puts a guest's cart into a customer's, now that they are known to be one person: quantities add
// up as far as stock and the limits of a cart go, and what was cut is told. A line that the customer has
// already is never made less. The guest's cart ends; merging again finds none and changes nothing. What the guest
// asked for under a key stays answered for the customer. The customer's cart is locked before the guest's.
func (s *Shop) Merge(ctx context.Context, from, to Owner) ([]Cut, error) {
	if !from.Guest() || to.Guest() {
		return nil, errors.New("merge carts: not from a guest to a customer")
	}
	p, err := s.settings.Policies(ctx)
	if err != nil {
		return nil, err
	}
	var cuts []Cut
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		into, err := s.lockOrOpen(ctx, to, p)
		if err != nil {
			return err
		}
		guest, found, err := s.lock(ctx, from)
		if err != nil || !found {
			return err
		}
		now := s.clock.Now().Truncate(time.Microsecond)
		guest.refresh() // the guest may never have seen the price of now
		for _, item := range guest.Items {
			if cut, is := into.join(item, guest.goods[item.ProductID], now); is {
				cuts = append(cuts, cut)
			}
		}
		err = s.db.On(ctx).Model(&models.Cart{}).Where("id = ?", guest.ID).
			Updates(map[string]any{"status": models.CartMerged, "merged_into_id": into.ID, "updated_at": now}).Error
		if err != nil {
			return fmt.Errorf("end guest's cart: %w", err)
		}
		if err := s.inherit(ctx, from, to); err != nil {
			return err
		}
		return s.save(ctx, &into, to, p)
	})
	if err != nil {
		return nil, fmt.Errorf("merge carts: %w", err)
	}
	return cuts, nil
}

// inherit hands a guest's keys on, but for those the customer has used too.
func (s *Shop) inherit(ctx context.Context, from, to Owner) error {
	err := s.db.On(ctx).Exec(`UPDATE cart_keys k SET owner_id = ? WHERE owner_id = ?
		AND NOT EXISTS (SELECT FROM cart_keys o WHERE o.owner_id = ? AND o.key = k.key)`, to.id(), from.id(), to.id()).Error
	if err != nil {
		return fmt.Errorf("hand keys on: %w", err)
	}
	return nil
}

// join takes a line of another cart along, as far as it goes; is tells whether something was cut.
func (b *basket) join(item models.CartItem, g goods, now time.Time) (cut Cut, is bool) {
	if len(b.Items) == 0 {
		b.Currency = item.Currency
	}
	had := 0
	if mine := b.of(item.ProductID); mine != nil {
		had = mine.Qty
	}
	cut = Cut{ProductID: item.ProductID, SKU: item.SKU, Names: item.Names, Wanted: had + item.Qty}
	cut.Kept, cut.Why = b.room(cut.Wanted, had, g)
	if cut.Kept = max(cut.Kept, had); cut.Kept > had {
		b.hold(item, g, cut.Kept, now)
	}
	return cut, cut.Kept < cut.Wanted
}

// room is how many of a product the cart may hold of those wanted, and why not more.
func (b *basket) room(wanted, had int, g goods) (int, CutReason) {
	switch {
	case !g.Active:
		return 0, CutNotSold
	case g.Currency != b.Currency:
		return 0, CutCurrency
	case had == 0 && len(b.Items) >= MaxLines:
		return 0, CutLines
	case g.left(b.Currency) < min(wanted, MaxQty):
		return g.left(b.Currency), CutStock
	case wanted > MaxQty:
		return MaxQty, CutMost
	default:
		return wanted, ""
	}
}

// hold brings a product's line to a quantity; a new line keeps the price that its owner knows.
func (b *basket) hold(item models.CartItem, g goods, qty int, now time.Time) {
	b.goods[g.ID] = g
	mine := b.of(item.ProductID)
	if mine == nil {
		b.Items = append(b.Items, models.CartItem{
			ID: models.NewID(), CartID: b.ID, ProductID: item.ProductID, SKU: item.SKU, Names: item.Names,
			PriceMinor: item.PriceMinor, WasMinor: item.WasMinor, Currency: item.Currency, CreatedAt: now,
		})
		mine = &b.Items[len(b.Items)-1]
	}
	mine.Qty, mine.UpdatedAt = qty, now
	b.touched[mine.ID] = true
}
