package shop

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm/clause"

	"frontdesk/internal/feed"
	"frontdesk/models"
)

// batch is how many products are staged with one statement.
const batch = 500

// take writes what a feed held. Categories come first, then products, then media; product rows are locked in
// the order of their ids, as carts and orders do.
func (s *Shop) take(ctx context.Context, id models.ID, read feed.Catalogue) error {
	var run models.FeedRun
	if err := s.db.On(ctx).Clauses(clause.Locking{Strength: "UPDATE"}).Take(&run, "id = ?", id).Error; err != nil {
		return fmt.Errorf("lock sync: %w", err)
	}
	if run.State != models.FeedRunning {
		return nil // another worker has done it meanwhile
	}
	if err := s.takeCategories(ctx, read.Categories); err != nil {
		return err
	}
	if err := s.stage(ctx, read.Products); err != nil {
		return err
	}
	changed, deactivated, err := s.takeProducts(ctx, read.Spared)
	if err != nil {
		return err
	}
	if err := s.takeMedia(ctx); err != nil {
		return err
	}
	if err := s.dropCategories(ctx, read.Categories); err != nil {
		return err
	}
	now := s.clock.Now()
	run.State, run.EndedAt = models.FeedDone, &now
	run.Categories, run.Products, run.Rejected = len(read.Categories), len(read.Products), read.Rejected
	for _, p := range read.Products {
		run.Media += len(p.Media)
	}
	run.Changed, run.Deactivated = changed, deactivated
	if err := s.db.On(ctx).Select("*").Updates(&run).Error; err != nil {
		return fmt.Errorf("end sync: %w", err)
	}
	return nil
}

func (s *Shop) exec(ctx context.Context, sql string, values ...any) error {
	_, err := s.count(ctx, sql, values...)
	return err
}

// count runs a statement and tells how many rows it wrote.
func (s *Shop) count(ctx context.Context, sql string, values ...any) (int, error) {
	done := s.db.On(ctx).Exec(sql, values...)
	if done.Error != nil {
		return 0, fmt.Errorf("write catalogue: %w", done.Error)
	}
	return int(done.RowsAffected), nil
}

// takeCategories writes the feed's categories. A parent that is not there, or that stands below its own child, is
// none.
func (s *Shop) takeCategories(ctx context.Context, read []feed.Category) error {
	if len(read) == 0 {
		return nil
	}
	type row struct {
		ID       models.ID   `json:"id"`
		Slug     string      `json:"slug"`
		Names    models.Text `json:"names"`
		Parent   string      `json:"parent"`
		Position int         `json:"position"`
	}
	parents := parentsOf(read)
	rows := make([]row, len(read))
	for i, c := range read {
		rows[i] = row{models.NewID(), c.Slug, c.Names, parents[c.Slug], c.Position}
	}
	raw, err := json.Marshal(rows)
	if err != nil {
		return fmt.Errorf("stage categories: %w", err)
	}
	const from = " FROM jsonb_to_recordset(?::jsonb) AS f(id uuid, slug text, names jsonb, parent text, position int) "
	now := s.clock.Now()
	err = s.exec(ctx, `INSERT INTO product_categories AS c (id, slug, names, position, created_at, updated_at)
		SELECT id, slug, names, position, ?, ?`+from+`ORDER BY slug
		ON CONFLICT (slug) DO UPDATE SET names = excluded.names, position = excluded.position, updated_at = excluded.updated_at
		WHERE (c.names, c.position) IS DISTINCT FROM (excluded.names, excluded.position)`, now, now, string(raw))
	if err != nil {
		return err
	}
	return s.exec(ctx, `UPDATE product_categories c SET parent_id = p.id, updated_at = ?`+
		from+`LEFT JOIN product_categories p ON p.slug = f.parent WHERE c.slug = f.slug AND c.parent_id IS DISTINCT FROM p.id`, now, string(raw))
}

// parentsOf are the parents of slugs, without those that close a circle.
func parentsOf(read []feed.Category) map[string]string {
	parents := map[string]string{}
	for _, c := range read {
		parents[c.Slug] = c.Parent
	}
	for _, c := range read {
		above := []string{c.Slug}
		for at := parents[c.Slug]; at != ""; at = parents[at] {
			if slices.Contains(above, at) {
				parents[c.Slug] = ""
				break
			}
			above = append(above, at)
		}
	}
	return parents
}

// dropCategories forgets categories that the feed no longer holds and nothing on sale stands in.
func (s *Shop) dropCategories(ctx context.Context, read []feed.Category) error {
	if len(read) == 0 {
		return nil
	}
	slugs := make([]string, len(read))
	for i, c := range read {
		slugs[i] = c.Slug
	}
	return s.exec(ctx, `DELETE FROM product_categories c WHERE c.slug NOT IN ?
		AND NOT EXISTS (SELECT FROM products p WHERE p.category_id = c.id AND p.active)`, slugs)
}

// staged is a product as the staging table takes it.
type staged struct {
	ID           models.ID         `json:"id"`
	SKU          string            `json:"sku"`
	Names        models.Text       `json:"names"`
	Descriptions models.Text       `json:"descriptions"`
	PriceMinor   int64             `json:"price_minor"`
	Currency     string            `json:"currency"`
	Stock        int               `json:"stock"`
	Active       bool              `json:"active"`
	Brand        string            `json:"brand"`
	Attributes   models.Attributes `json:"attributes"`
	Category     string            `json:"category"`
	Media        []stagedMedium    `json:"media"`
}

type stagedMedium struct {
	ID       models.ID         `json:"id"`
	URL      string            `json:"url"`
	Kind     models.MediumKind `json:"kind"`
	Position int               `json:"position"`
	Alt      models.Text       `json:"alt"`
}

// stage puts the feed's products into a table of this transaction's own.
func (s *Shop) stage(ctx context.Context, read []feed.Product) error {
	err := s.exec(ctx, `CREATE TEMP TABLE feed_stage (id uuid, sku text, key text PRIMARY KEY, names jsonb, descriptions jsonb, price_minor bigint,
		currency char(3), stock int, active boolean, brand text, attributes jsonb, category text, media jsonb) ON COMMIT DROP`)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(read, batch) {
		rows := make([]staged, len(part))
		for i, p := range part {
			rows[i] = stagedOf(p)
		}
		raw, err := json.Marshal(rows)
		if err != nil {
			return fmt.Errorf("stage products: %w", err)
		}
		err = s.exec(ctx, `INSERT INTO feed_stage SELECT id, sku, upper(sku), names, descriptions, price_minor, currency, stock, active, brand, attributes,
			category, media FROM jsonb_to_recordset(?::jsonb) AS f(id uuid, sku text, names jsonb, descriptions jsonb, price_minor bigint, currency text,
			stock int, active boolean, brand text, attributes jsonb, category text, media jsonb)`, string(raw))
		if err != nil {
			return err
		}
	}
	return s.exec(ctx, "ANALYZE feed_stage")
}

func stagedOf(p feed.Product) staged {
	row := staged{
		ID: models.NewID(), SKU: p.SKU, Names: p.Names, Descriptions: p.Descriptions, PriceMinor: p.PriceMinor, Currency: p.Currency,
		Stock: p.Stock, Active: p.Active, Brand: p.Brand, Attributes: p.Attributes, Category: p.Category, Media: []stagedMedium{},
	}
	for i, m := range p.Media {
		row.Media = append(row.Media, stagedMedium{models.NewID(), m.URL, m.Kind, i + 1, m.Alt}) // what is mapped by hand comes first
	}
	return row
}

// reconciled is what there is of a product w once the feed says f. A feed does not say which of our sales it has counted:
// what was sold since it spoke last (what its figure was beyond ours) goes off its figure, but for as many as the figure
// has fallen by itself. So a sale is never sold again, whether the feed learns of it at once, late or never.
const reconciled = `greatest(f.stock - greatest(greatest(coalesce(w.feed_stock, w.stock) - w.stock, 0)
	- greatest(coalesce(w.feed_stock, f.stock) - f.stock, 0), 0), 0)`

// takeProducts writes what is staged and differs, and deactivates what is not staged. Rejected products whose SKU
// is known stay as they are, and so does every field that staff hold; with a price goes its currency.
func (s *Shop) takeProducts(ctx context.Context, spared []string) (changed, deactivated int, err error) {
	keys := []string{""} // a list of nothing is no list
	for _, sku := range spared {
		keys = append(keys, strings.ToUpper(sku))
	}
	const said = ` FROM (SELECT w.id, CASE WHEN jsonb_exists(w.held, 'names') THEN w.names ELSE f.names END AS names,
			CASE WHEN jsonb_exists(w.held, 'descriptions') THEN w.descriptions ELSE f.descriptions END AS descriptions,
			CASE WHEN jsonb_exists(w.held, 'price') THEN w.price_minor ELSE f.price_minor END AS price_minor,
			CASE WHEN jsonb_exists(w.held, 'price') THEN w.currency ELSE f.currency END AS currency,
			CASE WHEN jsonb_exists(w.held, 'stock') THEN w.stock ELSE ` + reconciled + ` END AS stock, f.stock AS feed_stock,
			CASE WHEN jsonb_exists(w.held, 'active') THEN w.active ELSE f.active END AS active, f.brand, f.attributes, c.id AS category_id
		FROM feed_stage f JOIN products w ON upper(w.sku) = f.key LEFT JOIN product_categories c ON c.slug = f.category) AS said WHERE said.id = p.id
		AND (p.names, p.descriptions, p.price_minor, p.currency, p.stock, coalesce(p.feed_stock, -1), p.active, p.brand, p.attributes, p.category_id) IS DISTINCT FROM
			(said.names, said.descriptions, said.price_minor, said.currency, said.stock, said.feed_stock, said.active, said.brand, said.attributes, said.category_id)`
	const stale = " p.active AND NOT jsonb_exists(p.held, 'active') AND NOT EXISTS (SELECT FROM feed_stage f WHERE f.key = upper(p.sku)) AND upper(p.sku) NOT IN ?"
	now := s.clock.Now()
	if err := s.exec(ctx, "SELECT FROM products p WHERE EXISTS (SELECT"+said+") OR"+stale+" ORDER BY p.id FOR NO KEY UPDATE", keys); err != nil {
		return 0, 0, err
	}
	changed, err = s.count(ctx, `UPDATE products p SET names = said.names, descriptions = said.descriptions, price_minor = said.price_minor,
		currency = said.currency, stock = said.stock, feed_stock = said.feed_stock, active = said.active, brand = said.brand, attributes = said.attributes,
		category_id = said.category_id, version = p.version + 1, updated_at = ?`+said, now)
	if err != nil {
		return 0, 0, err
	}
	added, err := s.count(ctx, `INSERT INTO products (id, sku, names, descriptions, price_minor, currency, stock, feed_stock, active, brand, attributes, category_id,
		created_at, updated_at) SELECT f.id, f.sku, f.names, f.descriptions, f.price_minor, f.currency, f.stock, f.stock, f.active, f.brand, f.attributes, c.id, ?, ?
		FROM feed_stage f LEFT JOIN product_categories c ON c.slug = f.category
		WHERE NOT EXISTS (SELECT FROM products p WHERE upper(p.sku) = f.key) ORDER BY f.id`, now, now)
	if err != nil {
		return 0, 0, err
	}
	deactivated, err = s.count(ctx, "UPDATE products p SET active = false, version = p.version + 1, updated_at = ? WHERE"+stale, now, keys)
	return changed + added, deactivated, err
}

// takeMedia writes the media of what is staged. Media that were mapped by hand are left alone.
func (s *Shop) takeMedia(ctx context.Context) error {
	const fresh = ` FROM feed_stage f JOIN products p ON upper(p.sku) = f.key,
		jsonb_to_recordset(f.media) AS m(id uuid, url text, kind text, position int, alt jsonb)`
	err := s.exec(ctx, `DELETE FROM product_media d USING products p, feed_stage f
		WHERE d.product_id = p.id AND upper(p.sku) = f.key AND d.origin = 'feed'
		AND NOT EXISTS (SELECT FROM jsonb_to_recordset(f.media) AS m(url text) WHERE m.url = d.url)`)
	if err != nil {
		return err
	}
	now := s.clock.Now()
	return s.exec(ctx, `INSERT INTO product_media AS d (id, product_id, url, kind, position, alt, origin, created_at, updated_at)
		SELECT m.id, p.id, m.url, m.kind, m.position, m.alt, 'feed', ?, ?`+fresh+`
		ON CONFLICT (product_id, url) DO UPDATE SET kind = excluded.kind, position = excluded.position, alt = excluded.alt, updated_at = excluded.updated_at
		WHERE d.origin = 'feed' AND (d.kind, d.position, d.alt) IS DISTINCT FROM (excluded.kind, excluded.position, excluded.alt)`, now, now)
}
