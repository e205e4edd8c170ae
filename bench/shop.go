package main

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// How many products there are: a shop's, and the most that it is made for.
const (
	fewProducts  = 500
	manyProducts = 100_000
)

// Kinds of ids that the shop is filled with; wrk.lua knows the first.
const (
	productKind = 20
	sessionKind = 21
	cartKind    = 22
	lineKind    = 23
)

// shopOpen is how the program runs while the shop is measured: the throttle counts every request of this machine
// and lets it pass, and each is logged as in production.
func shopOpen(more ...string) []string {
	return append([]string{"THROTTLE_ALLOW=192.0.2.1", "THROTTLE_PER_MINUTE=1000000000", "LOG_LEVEL=info"}, more...)
}

// sell puts as many products on sale, each with words, a category and a picture; those of the demo are taken off.
// While many rows come, nothing is kept up to date that is made anew behind them.
func (b *bench) sell(ctx context.Context, products int) error {
	return b.tell(ctx, []step{
		{"ids", named},
		{"no triggers", "ALTER TABLE products DISABLE TRIGGER USER; ALTER TABLE product_media DISABLE TRIGGER USER; DROP INDEX IF EXISTS products_found"},
		{"categories", `INSERT INTO product_categories (id, slug, names, position, created_at, updated_at)
			SELECT pg_temp.named(24, n), 'shelf-' || n, jsonb_build_object('en', 'Shelf ' || n, 'es', 'Estante ' || n, 'ar', 'رف ' || n), n, now(), now()
			FROM generate_series(1, 12) n ON CONFLICT DO NOTHING`},
		{"the demo's products", fmt.Sprintf("UPDATE products SET active = false WHERE id::text NOT LIKE '%08x-%%'", productKind)},
		{"products", fmt.Sprintf(`INSERT INTO products (id, sku, names, descriptions, price_minor, currency, stock, active, brand, attributes, category_id, created_at, updated_at)
			SELECT pg_temp.named(%d, n), 'BENCH-' || n,
			       jsonb_build_object('en', w.thing || ' no ' || n, 'es', w.cosa || ' nº ' || n, 'ar', w.shay || ' ' || n),
			       jsonb_build_object('en', 'Made for ' || w.thing || ' lovers, with oil of argan and much care, for every day.', 'es', 'Con aceite de argán, para cada día.', 'ar', 'بزيت الأرغان لكل يوم.'),
			       500 + n %% 9000, 'EUR', 1000000, true, 'Brand ' || n %% 40, jsonb_build_object('size', jsonb_build_object('en', (n %% 9) * 50 || ' ml')),
			       pg_temp.named(24, 1 + n %% 12), now() - n * interval '1 minute', now()
			FROM generate_series(1, %d) n, LATERAL (SELECT (ARRAY['Serum','Shampoo','Mask','Brush','Comb','Oil','Balm'])[1 + n %% 7] AS thing,
			       (ARRAY['Sérum','Champú','Mascarilla','Cepillo','Peine','Aceite','Bálsamo'])[1 + n %% 7] AS cosa,
			       (ARRAY['سيروم','شامبو','قناع','فرشاة','مشط','زيت','بلسم'])[1 + n %% 7] AS shay) w
			ON CONFLICT DO NOTHING`, productKind, products)},
		{"pictures", fmt.Sprintf(`INSERT INTO product_media (id, product_id, url, kind, position, alt, origin, created_at, updated_at)
			SELECT gen_random_uuid(), id, 'https://images.example/' || sku || '.webp', 'image', 0, names, 'feed', now(), now()
			FROM products WHERE id::text LIKE '%08x-%%' ON CONFLICT DO NOTHING`, productKind)},
		{"what a search reads", "CREATE INDEX products_found ON products USING gin (found gin_trgm_ops) WITH (fastupdate = off) WHERE active"},
		{"triggers", "ALTER TABLE products ENABLE TRIGGER USER; ALTER TABLE product_media ENABLE TRIGGER USER; UPDATE catalogue_edition SET number = number + 1"},
		{"what a server has done after a while", "VACUUM (ANALYZE) products, product_media, product_categories"},
		{"nothing to write behind", "CHECKPOINT"},
	})
}

// invite opens the sessions of visitors first to last. The token of each is their number in 43 digits.
func (b *bench) invite(ctx context.Context, first, last int) error {
	return b.tell(ctx, []step{
		{"ids", named},
		{"sessions", fmt.Sprintf(`INSERT INTO shop_sessions (id, hash, created_at, expires_at)
			SELECT pg_temp.named(%d, n), sha256(convert_to(lpad(n::text, 43, '0'), 'UTF8')), now(), now() + interval '30 days'
			FROM generate_series(%d, %d) n ON CONFLICT DO NOTHING`, sessionKind, first, last)},
		{"what a server has done after a while", "VACUUM (ANALYZE) shop_sessions"},
		{"nothing to write behind", "CHECKPOINT"},
	})
}

// tell runs steps one after the other on one connection.
func (b *bench) tell(ctx context.Context, steps []step) error {
	conn, err := pgx.Connect(ctx, b.database)
	if err != nil {
		return fmt.Errorf("reach the database: %w", err)
	}
	defer conn.Close(ctx) //nolint:errcheck // done
	for _, step := range steps {
		if _, err := conn.Exec(ctx, step.sql); err != nil {
			return fmt.Errorf("fill %s: %w", step.what, err)
		}
	}
	return nil
}

// shopkeeping begins the program as the shop is measured, beside a baseline. end brings back what the other sections
// know.
func (b *bench) shopkeeping(ctx context.Context, settings ...string) (base string, end func() error, err error) {
	base, pid, stop, err := startBaseline(ctx)
	if err != nil {
		return "", nil, err
	}
	b.baseline = []int{pid}
	if err := b.app.again(ctx, b.database, shopOpen(settings...)...); err != nil {
		stop()
		return "", nil, err
	}
	return base, func() error {
		stop()
		err := b.app.again(ctx, b.database)
		b.handset.speakTo(b.app)
		return err
	}, nil
}

// shopRound is how long one side of a contest is measured in a round.
const shopRound = 2 * time.Second
