package shop

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"frontdesk/internal/fault"
	"frontdesk/models"
)

// Gap is what a product lacks.
type Gap string

// Gaps, in the order staff look at them.
const (
	GapTexts   Gap = "texts"   // its name or description in one of the languages
	GapPicture Gap = "picture" // nothing shows it
	GapStock   Gap = "stock"   // it is on sale and sold out
)

// Gaps lists them.
func Gaps() []Gap { return []Gap{GapTexts, GapPicture, GapStock} }

// lacks is each gap as a condition on products. A description nobody wrote in any language is no gap.
func (g Gap) lacks() string {
	switch g {
	case GapTexts:
		return `(coalesce(names->>'en', '') = '' OR coalesce(names->>'es', '') = '' OR coalesce(names->>'ar', '') = ''
			OR (SELECT count(*) FILTER (WHERE coalesce(descriptions->>l, '') <> '') FROM unnest(ARRAY['en', 'es', 'ar']) l) BETWEEN 1 AND 2)`
	case GapPicture:
		return "NOT EXISTS (SELECT FROM product_media m WHERE m.product_id = products.id AND m.kind = 'image')"
	case GapStock:
		return "(active AND stock = 0)"
	}
	return "true"
}

// ShelfSort is an order of the shelf.
type ShelfSort string

// Orders of the shelf.
const (
	ShelfName    ShelfSort = "name"
	ShelfSKU     ShelfSort = "sku"
	ShelfPrice   ShelfSort = "price"
	ShelfStock   ShelfSort = "stock"
	ShelfChanged ShelfSort = "changed"
)

// Shelf asks for products as staff see them, inactive ones too. What is left at zero narrows nothing.
type Shelf struct {
	Text     string
	Category string // slug; its children belong to it
	Active   *bool
	Gap      Gap
	Sort     ShelfSort // by name when empty
	Desc     bool
	Language models.Language
	Offset   int
	Limit    int
}

// OnShelf gives the products a Shelf asks for, each with its category and its first medium.
func (s *Shop) OnShelf(ctx context.Context, q Shelf) ([]models.Product, error) {
	conditions, values := []string{q.Gap.lacks()}, []any{}
	for _, word := range words(q.Text) {
		conditions, values = append(conditions, "found LIKE '%' || folded(?) || '%'"), append(values, escaped(word))
	}
	if q.Active != nil {
		conditions, values = append(conditions, "active = ?"), append(values, *q.Active)
	}
	if q.Category != "" {
		within, err := s.within(ctx, q.Category)
		if err != nil {
			return nil, err
		}
		conditions, values = append(conditions, "category_id IN ?"), append(values, within)
	}
	by, known := map[ShelfSort]string{ShelfSKU: "upper(sku)", ShelfPrice: "price_minor", ShelfStock: "stock", ShelfChanged: "updated_at"}[q.Sort]
	if !known {
		by = nameOf(q.Language)
	}
	if q.Desc {
		by += " DESC"
	}
	var ids []models.ID
	err := s.db.On(ctx).Raw("SELECT id FROM products WHERE "+strings.Join(conditions, " AND ")+" ORDER BY "+by+", id LIMIT ? OFFSET ?",
		append(values, q.Limit, q.Offset)...).Scan(&ids).Error
	if err != nil {
		return nil, fmt.Errorf("find products on the shelf: %w", err)
	}
	return s.dress(ctx, these, ids)
}

// GapCounts tells how many products lack what. It looks at all of them, once for an edition of the catalogue.
func (s *Shop) GapCounts(ctx context.Context) (map[Gap]int, error) {
	out := map[Gap]int{}
	for _, g := range Gaps() {
		n, err := s.rows.of(ctx, "lacks "+string(g), func(ctx context.Context) (int64, error) { return s.countRows(ctx, "products WHERE "+g.lacks()) })
		if err != nil {
			return nil, err
		}
		out[g] = int(n)
	}
	return out, nil
}

// OnSale are the active products of some ids, each with its category and its first medium. What is not on
// sale any more is left out.
func (s *Shop) OnSale(ctx context.Context, ids []models.ID) ([]models.Product, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return s.dress(ctx, "ARRAY(SELECT id FROM products WHERE active AND id = ANY ("+these+"))", ids)
}

// AnyProduct is a product with all its media, on sale or not. Fault: shop.product_not_found.
func (s *Shop) AnyProduct(ctx context.Context, id models.ID) (models.Product, error) {
	var p models.Product
	err := s.db.On(ctx).Session(&gorm.Session{QueryFields: true}).Preload("Category").
		Preload("Media", func(db *gorm.DB) *gorm.DB { return db.Order("position, id") }).Take(&p, "id = ?", id).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return p, fault.NotFound("shop.product_not_found")
	}
	if err != nil {
		return p, fmt.Errorf("read product: %w", err)
	}
	return p, nil
}
