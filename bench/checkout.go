package main

import (
	"context"
	"fmt"
	"time"
)

const (
	orderShare  = 0.15
	orderTarget = 40 * time.Millisecond
)

// measureCheckout makes orders that are paid on delivery, each of the cart of another visitor, with one thing in it.
func measureCheckout(ctx context.Context, b *bench) error {
	if err := b.sell(ctx, fewProducts); err != nil {
		return err
	}
	first := 1 + mostBuyers // those before have put something into their carts
	if err := b.invite(ctx, first, first+mostBuyers); err != nil {
		return err
	}
	if err := b.fillCarts(ctx, first, first+mostBuyers); err != nil {
		return err
	}
	base, end, err := b.shopkeeping(ctx)
	if err != nil {
		return err
	}
	init := asking{
		connections: buyers, method: "POST", url: b.app.base + "/checkout/init", visitor: first,
		body: `{"method":"cod","address":{"name":"A Guest","phone":"+447700900123","line1":"1 Long Street","city":"London","country":"GB","postalCode":"N1 1AA"}}`,
	}
	if err := b.buyBeside(ctx, base, init, contest{
		name: "CheckoutInit", what: "POST /checkout/init, each of another owner ÷ one INSERT over HTTP", share: orderShare, p95: orderTarget,
	}); err != nil {
		return err
	}
	return end()
}

// fillCarts gives visitors first to last a cart with one thing in it.
func (b *bench) fillCarts(ctx context.Context, first, last int) error {
	return b.tell(ctx, []step{
		{"ids", named},
		{"carts", fmt.Sprintf(`INSERT INTO carts (id, session_id, status, currency, subtotal_minor, shipping_minor, total_minor, version, expires_at, created_at, updated_at)
			SELECT pg_temp.named(%d, n), pg_temp.named(%d, n), 'active', 'EUR', p.price_minor, 2000, p.price_minor + 2000, 1, now() + interval '7 days', now(), now()
			FROM generate_series(%d, %d) n JOIN products p ON p.id = pg_temp.named(%d, 1 + n %% %d) ON CONFLICT DO NOTHING`,
			cartKind, sessionKind, first, last, productKind, fewProducts)},
		{"what is in them", fmt.Sprintf(`INSERT INTO cart_items (id, cart_id, product_id, sku, names, price_minor, currency, qty, total_minor, created_at, updated_at)
			SELECT pg_temp.named(%d, n), pg_temp.named(%d, n), p.id, p.sku, p.names, p.price_minor, 'EUR', 1, p.price_minor, now(), now()
			FROM generate_series(%d, %d) n JOIN products p ON p.id = pg_temp.named(%d, 1 + n %% %d) ON CONFLICT DO NOTHING`,
			lineKind, cartKind, first, last, productKind, fewProducts)},
		{"what a server has done after a while", "VACUUM (ANALYZE) carts, cart_items"},
		{"nothing to write behind", "CHECKPOINT"},
	})
}
