package shop

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"

	"frontdesk/internal/database"
	"frontdesk/internal/fault"
	"frontdesk/internal/funnel"
	"frontdesk/internal/settings"
	"frontdesk/models"
)

// Add says what to put into a cart. ProductID or SKU names the product, ProductID where both do.
type Add struct {
	ProductID models.ID
	SKU       string
	Qty       int
	// Key makes asking again harmless (Idempotency-Key); "" asks for as much more every time.
	Key string
	// Channel and Language are how it was asked for, for the figures, and Visit whose visit it belongs to, the
	// owner's without one; without a channel it is in none.
	Channel  funnel.Channel
	Language models.Language
	Visit    models.ID
}

// maxKey is how many characters a key may have.
const maxKey = 200

// check refuses what no cart could take.
func (a Add) check() error {
	wrong := map[string]string{}
	if a.ProductID == (models.ID{}) {
		switch {
		case a.SKU == "":
			wrong["productId"] = "shop.product_missing"
		case len(a.SKU) > maxSKU || strings.ContainsRune(a.SKU, 0):
			wrong["sku"] = "shop.sku"
		}
	}
	if a.Qty < 1 || a.Qty > MaxQty {
		wrong["qty"] = "shop.qty"
	}
	if !keyFits(a.Key) {
		wrong["idempotencyKey"] = "shop.key"
	}
	if len(wrong) > 0 {
		return fault.Invalid("shop.refused", wrong)
	}
	return nil
}

// Add puts a product into the owner's cart, which is opened where there is none: as much more where the
// cart has it already. The line comes back as it is then. A cart keeps no stock back for anybody: an order asks
// again. Faults: those of fields "productId", "sku", "qty" (1 to MaxQty) and "idempotencyKey";
// shop.product_not_found; shop.insufficient_stock with Left, what there is; shop.currency_mismatch;
// shop.line_full and shop.cart_full with Max; shop.idempotency_conflict; shop.no_session.
func (s *Shop) Add(ctx context.Context, o Owner, a Add) (models.CartItem, error) {
	if err := a.check(); err != nil {
		return models.CartItem{}, err
	}
	ctx, err := s.db.Pin(ctx) // what is asked in the transaction costs no trip then
	if err != nil {
		return models.CartItem{}, err
	}
	p, err := s.settings.Policies(ctx)
	if err != nil {
		return models.CartItem{}, err
	}
	s.funnel.Ready(ctx)
	item, done, err := s.addFirst(ctx, o, a, p)
	if err == nil && !done {
		err = s.db.InTx(ctx, func(ctx context.Context) error {
			item, err = s.add(ctx, o, a, p)
			return err
		})
	}
	if err != nil {
		return models.CartItem{}, fmt.Errorf("add to cart: %w", err)
	}
	return item, nil
}

// add is Add within its transaction, the usual way.
func (s *Shop) add(ctx context.Context, o Owner, a Add, p settings.Policies) (item models.CartItem, err error) {
	if o, err = s.own(ctx, o); err != nil {
		return item, err
	}
	b, err := s.lockOrOpen(ctx, o, p)
	if err != nil {
		return item, err
	}
	before, known, err := s.answered(ctx, o, a)
	if err != nil || known {
		return before, err
	}
	g, err := s.wanted(ctx, b.ID, a)
	if err != nil {
		return item, err
	}
	line, err := b.put(g, a.Qty, s.clock.Now().Truncate(time.Microsecond))
	if err != nil {
		return item, err
	}
	all := s.db.Batch()
	if err := s.saveWith(all, &b, o, p); err != nil {
		return item, err
	}
	item = *line
	if err := s.counted(ctx, all, o, a); err != nil {
		return item, err
	}
	if err := s.answerWith(all, o, a, item); err != nil {
		return item, err
	}
	return item, s.db.Send(ctx, all)
}

// counted adds to a batch that something was put into a cart, for the figures.
func (s *Shop) counted(ctx context.Context, all *database.Batch, o Owner, a Add) error {
	if a.Channel == "" {
		return nil
	}
	return s.funnel.RecordWith(ctx, all, funnel.Event{Kind: funnel.AddToCart, Channel: a.Channel, Language: a.Language, Visit: cmp.Or(a.Visit, o.id())})
}

// wanted reads the product that is asked for, for a cart. Fault: shop.product_not_found.
func (s *Shop) wanted(ctx context.Context, cart models.ID, a Add) (g goods, err error) {
	q := s.db.On(ctx).Table("products p").Select("p.*, "+ownOf+" AS own", cart, cart)
	if a.ProductID != (models.ID{}) {
		q = q.Where("id = ?", a.ProductID)
	} else {
		q = q.Where("upper(sku) = upper(?)", strings.TrimSpace(a.SKU))
	}
	err = q.Take(&g).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return g, fault.NotFound("shop.product_not_found")
	}
	if err != nil {
		return g, fmt.Errorf("read product: %w", err)
	}
	return g, nil
}

// SetQty gives a line of the owner's cart another quantity. 0 takes the line out; nil comes back then.
// Faults: that of the field "qty" (0 to MaxQty), shop.item_not_found, shop.product_not_found where the product
// is not sold any more, shop.insufficient_stock with Left.
func (s *Shop) SetQty(ctx context.Context, o Owner, item models.ID, qty int) (*models.CartItem, error) {
	if qty < 0 || qty > MaxQty {
		return nil, fault.Invalid("shop.refused", map[string]string{"qty": "shop.qty_or_none"})
	}
	if qty == 0 {
		return nil, s.Remove(ctx, o, item)
	}
	p, err := s.settings.Policies(ctx)
	if err != nil {
		return nil, err
	}
	var after models.CartItem
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		o, err := s.own(ctx, o)
		if err != nil {
			return err
		}
		b, found, err := s.lock(ctx, o)
		if err != nil {
			return err
		}
		line := b.byID(item)
		if !found || line == nil {
			return fault.NotFound("shop.item_not_found")
		}
		if err := b.set(line, qty, s.clock.Now().Truncate(time.Microsecond)); err != nil {
			return err
		}
		if err := s.save(ctx, &b, o, p); err != nil {
			return err
		}
		after = *line
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("change line: %w", err)
	}
	return &after, nil
}

// Remove takes a line out of the owner's cart. Taking out what is out already is no mistake.
// Fault: shop.item_not_found.
func (s *Shop) Remove(ctx context.Context, o Owner, item models.ID) error {
	p, err := s.settings.Policies(ctx)
	if err != nil {
		return err
	}
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		o, err := s.own(ctx, o)
		if err != nil {
			return err
		}
		b, found, err := s.lock(ctx, o)
		if err != nil {
			return err
		}
		if !found || b.byID(item) == nil {
			return s.goneAlready(ctx, o, item)
		}
		b.take(item)
		err = s.db.On(ctx).Model(&models.CartItem{}).Where("id = ?", item).Update("removed_at", s.clock.Now()).Error
		if err != nil {
			return fmt.Errorf("take out: %w", err)
		}
		return s.save(ctx, &b, o, p)
	})
	if err != nil {
		return fmt.Errorf("remove line: %w", err)
	}
	return nil
}

// goneAlready tells whether a line was the owner's once. Fault: shop.item_not_found.
func (s *Shop) goneAlready(ctx context.Context, o Owner, item models.ID) error {
	var was int64
	err := s.db.On(ctx).Model(&models.CartItem{}).Joins("JOIN carts ON carts.id = cart_items.cart_id").
		Where("cart_items.id = ?", item).Scopes(o.carts).Count(&was).Error
	if err != nil {
		return fmt.Errorf("look for line: %w", err)
	}
	if was == 0 {
		return fault.NotFound("shop.item_not_found")
	}
	return nil
}
