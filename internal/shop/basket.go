package shop

import (
	"slices"
	"time"

	"frontdesk/internal/fault"
	"frontdesk/models"
)

// What a cart holds at most.
const (
	MaxQty   = 99 // of one line
	MaxLines = 50
)

// basket is a cart with its lines and what the shop says of their products now: who changes it has the cart's
// row locked. It knows no database.
type basket struct {
	models.Cart
	goods   map[models.ID]goods // by product
	touched map[models.ID]bool  // lines that must be written
}

// goods is what a cart must know of a product.
type goods struct {
	ID         models.ID
	SKU        string `gorm:"column:sku"`
	Names      models.Text
	PriceMinor int64
	Currency   string
	Stock      int
	Reserved   int
	Own        int // of what is reserved, by the cart's own orders
	Active     bool
}

// left is how many of a product may be had in a currency.
func (g goods) left(currency string) int {
	if !g.Active || g.Currency != currency {
		return 0
	}
	return max(g.Stock-g.Reserved+g.Own, 0)
}

// line finds a line by what it is of; nil when there is none.
func (b *basket) line(is func(models.CartItem) bool) *models.CartItem {
	if i := slices.IndexFunc(b.Items, is); i >= 0 {
		return &b.Items[i]
	}
	return nil
}

func (b *basket) of(product models.ID) *models.CartItem {
	return b.line(func(i models.CartItem) bool { return i.ProductID == product })
}

func (b *basket) byID(item models.ID) *models.CartItem {
	return b.line(func(i models.CartItem) bool { return i.ID == item })
}

// put adds so many of a product to its line, or to a new one. Faults: shop.product_not_found,
// shop.currency_mismatch, shop.line_full, shop.cart_full, shop.insufficient_stock.
func (b *basket) put(g goods, qty int, now time.Time) (*models.CartItem, error) {
	if !g.Active {
		return nil, fault.NotFound("shop.product_not_found")
	}
	if len(b.Items) == 0 {
		b.Currency = g.Currency
	}
	if g.Currency != b.Currency {
		return nil, fault.Conflict("shop.currency_mismatch")
	}
	b.goods[g.ID] = g
	item := b.of(g.ID)
	if item == nil {
		if len(b.Items) >= MaxLines {
			return nil, full("shop.cart_full", MaxLines)
		}
		b.Items = append(b.Items, models.CartItem{
			ID: models.NewID(), CartID: b.ID, ProductID: g.ID, SKU: g.SKU, Names: g.Names, PriceMinor: g.PriceMinor, Currency: g.Currency, CreatedAt: now,
		})
		item = &b.Items[len(b.Items)-1]
	}
	if qty > MaxQty-item.Qty {
		return nil, full("shop.line_full", MaxQty)
	}
	return item, b.set(item, item.Qty+qty, now)
}

// set gives a line another quantity above nothing. Its owner acts on it, and with that has taken notice of a
// price that changed before. Faults: shop.product_not_found, shop.insufficient_stock.
func (b *basket) set(item *models.CartItem, qty int, now time.Time) error {
	g := b.goods[item.ProductID]
	if !g.Active {
		return fault.NotFound("shop.product_not_found")
	}
	if left := g.left(b.Currency); qty > left {
		return short(left)
	}
	item.Qty, item.WasMinor, item.UpdatedAt = qty, nil, now
	b.touched[item.ID] = true
	return nil
}

// take takes a line out.
func (b *basket) take(item models.ID) {
	b.Items = slices.DeleteFunc(b.Items, func(i models.CartItem) bool { return i.ID == item })
}

// refresh brings the lines to the prices of now; what their owner knew before stays beside it. A
// product that is not sold any more, or in another currency, keeps the price it had: nobody can order it.
func (b *basket) refresh() {
	for i := range b.Items {
		item := &b.Items[i]
		g := b.goods[item.ProductID]
		item.Left = g.left(b.Currency)
		if !g.Active || g.Currency != item.Currency || g.PriceMinor == item.PriceMinor {
			continue
		}
		knew := item.PriceMinor
		if item.WasMinor != nil {
			knew = *item.WasMinor
		}
		item.PriceMinor, item.WasMinor = g.PriceMinor, &knew
		if knew == g.PriceMinor {
			item.WasMinor = nil
		}
		b.touched[item.ID] = true
	}
}

func short(left int) error {
	return &fault.Fault{Kind: fault.KindConflict, Key: "shop.insufficient_stock", Facts: map[string]any{"Left": left}}
}

func full(key string, most int) error {
	return &fault.Fault{Kind: fault.KindConflict, Key: key, Facts: map[string]any{"Max": most}}
}
