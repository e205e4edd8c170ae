package shop

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"frontdesk/models"
)

// dressing reads the products of some ids, in their order, with their categories and first media, in one trip. %s is an
// array of ids.
const dressing = `SELECT p.id, p.sku, p.names, p.descriptions, p.price_minor, p.currency, p.stock, p.reserved, p.feed_stock, p.active, p.brand, p.attributes,
		p.category_id, p.held, p.version, p.created_at, p.updated_at,
		c.id, c.slug, c.names, c.parent_id, c.position, c.created_at, c.updated_at,
		m.id, m.url, m.kind, m.position, m.alt, m.origin, m.created_at, m.updated_at
	FROM unnest(%s) WITH ORDINALITY AS of (id, place) JOIN products p ON p.id = of.id
		LEFT JOIN product_categories c ON c.id = p.category_id
		LEFT JOIN LATERAL (SELECT * FROM product_media WHERE product_id = p.id ORDER BY position, id LIMIT 1) m ON true
	ORDER BY of.place`

// dress gives the products that pick picks, an array of ids in SQL, each with its category and its first medium.
func (s *Shop) dress(ctx context.Context, pick string, values ...any) ([]models.Product, error) {
	var products []models.Product
	err := s.db.Rows(ctx, func(row pgx.Rows) error {
		p, err := readDressed(row)
		products = append(products, p)
		return err
	}, fmt.Sprintf(dressing, pick), values...)
	if err != nil {
		return nil, fmt.Errorf("read products: %w", err)
	}
	return products, nil
}

// these picks the ids that are its value.
const these = "$1::uuid[]"

// joined is what may be missing of a row beside a product.
type joined struct {
	id               *models.ID
	text             *string // a category's slug, a medium's URL
	kind, origin     *string
	words            models.Text
	position         *int
	created, updated *time.Time
}

func readDressed(row pgx.Rows) (models.Product, error) {
	var p models.Product
	var c, m joined
	var parent *models.ID
	err := row.Scan(&p.ID, &p.SKU, &p.Names, &p.Descriptions, &p.PriceMinor, &p.Currency, &p.Stock, &p.Reserved, &p.FeedStock, &p.Active, &p.Brand, &p.Attributes,
		&p.CategoryID, &p.Held, &p.Version, &p.CreatedAt, &p.UpdatedAt,
		&c.id, &c.text, &c.words, &parent, &c.position, &c.created, &c.updated,
		&m.id, &m.text, &m.kind, &m.position, &m.words, &m.origin, &m.created, &m.updated)
	if err != nil {
		return p, err
	}
	if c.id != nil {
		p.Category = &models.ProductCategory{
			ID: *c.id, Slug: *c.text, Names: c.words, ParentID: parent, Position: *c.position, CreatedAt: *c.created, UpdatedAt: *c.updated,
		}
	}
	if m.id != nil {
		p.Media = []models.Medium{{
			ID: *m.id, ProductID: p.ID, URL: *m.text, Kind: models.MediumKind(*m.kind), Position: *m.position, Alt: m.words, Origin: models.MediumOrigin(*m.origin),
			CreatedAt: *m.created, UpdatedAt: *m.updated,
		}}
	}
	return p, nil
}
