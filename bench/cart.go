package main

import (
	"context"
	"time"
)

const (
	buyers     = 16 // at once
	cartShare  = 0.25
	cartTarget = 25 * time.Millisecond
	mostBuyers = 60_000 // visitors of a section; each comes once
)

// measureCart puts a product into carts, each of a visitor who has a session and no cart yet.
func measureCart(ctx context.Context, b *bench) error {
	if err := b.sell(ctx, fewProducts); err != nil {
		return err
	}
	if err := b.invite(ctx, 1, mostBuyers); err != nil {
		return err
	}
	base, end, err := b.shopkeeping(ctx)
	if err != nil {
		return err
	}
	add := asking{connections: buyers, method: "POST", url: b.app.base + "/cart/items", body: `{"productId":"PRODUCT","qty":1}`, visitor: 1}
	if err := b.buyBeside(ctx, base, add, contest{
		name: "CartAdd", what: "POST /cart/items, each of another owner ÷ one INSERT over HTTP", share: cartShare, p95: cartTarget,
	}); err != nil {
		return err
	}
	return end()
}

// buyBeside holds a post of visitors, each of whom comes once, against the baseline's INSERT.
func (b *bench) buyBeside(ctx context.Context, base string, post asking, c contest) error {
	insert := asking{connections: buyers, method: "POST", url: base, body: `{"status":"a row of about this length"}`}
	c.base = func(int) asking { return insert }
	c.ours = func(int) asking { return post }
	c.after = func(had ceiling) { post.visitor += had.requests + 2*buyers } // those under way at the end were asked, too
	for _, side := range []asking{insert, post} {                           // connections open, statements are prepared
		had, err := b.ceiling(ctx, side, time.Second)
		if err != nil {
			return err
		}
		if side.visitor > 0 {
			c.after(had)
		}
	}
	c.rounds, c.length = 4, shopRound
	_, err := b.contest(ctx, c)
	return err
}
