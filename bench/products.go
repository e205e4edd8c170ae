package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"
)

const (
	listCallers = 32
	listPath    = "/products?pageSize=10"
	searchPath  = "/products?pageSize=10&q=argan+serum"

	warmShare   = 0.25
	coldShare   = 0.3
	searchShare = 0.05
	warmTarget  = 5 * time.Millisecond
	manyFactor  = 1.5 // what the p95 may grow by from few products to many
)

// measureProducts reads the list of products: remembered, then with nothing remembered, then searched, with few
// products and with many.
func measureProducts(ctx context.Context, b *bench) error {
	if err := b.sell(ctx, fewProducts); err != nil {
		return err
	}
	few, err := b.readList(ctx, fewProducts)
	if err != nil {
		return err
	}
	if err := b.sell(ctx, manyProducts); err != nil {
		return err
	}
	many, err := b.readList(ctx, manyProducts)
	if err != nil {
		return err
	}
	for i, what := range []string{"remembered", "read anew", "searched"} {
		factor := float64(many[i]) / float64(few[i])
		b.judge(fmt.Sprintf("p95 with %d products ÷ with %d: %s", manyProducts, fewProducts, what), fmt.Sprintf("%.2f (%s, %s)", factor, ms(many[i]), ms(few[i])),
			fmt.Sprintf("≤ %.1f", manyFactor), factor <= manyFactor)
	}
	return nil
}

// readList measures the list with as many products, and gives the p95 of a list that is remembered, read anew and
// searched.
func (b *bench) readList(ctx context.Context, products int) (p95s [3]time.Duration, err error) {
	rounds := 3
	if b.quick {
		rounds = 1
	}
	warm := contest{
		name: "ProductsWarm", what: fmt.Sprintf("GET /products, remembered, %d products ÷ the same bytes from memory", products), share: warmShare, p95: warmTarget,
		rounds: rounds, length: shopRound,
	}
	cold := contest{
		name: "ProductsCold", what: fmt.Sprintf("GET /products, nothing remembered, %d products ÷ ten rows by pgx", products), share: coldShare,
		rounds: rounds, length: shopRound,
	}
	searched := contest{
		name: "ProductsSearched", what: fmt.Sprintf("… searched, %d products ÷ ten rows by pgx", products), share: searchShare, rounds: rounds, length: shopRound,
	}
	if products == manyProducts {
		warm.name, cold.name, searched.name = warm.name+"Many", cold.name+"Many", searched.name+"Many"
	}
	base, end, err := b.shopkeeping(ctx)
	if err != nil {
		return p95s, err
	}
	if err := b.rememberBytes(ctx, base); err != nil {
		return p95s, err
	}
	if p95s[0], err = b.readBeside(ctx, warm, base+"bytes", listPath); err != nil {
		return p95s, err
	}
	if err := end(); err != nil {
		return p95s, err
	}
	if base, end, err = b.shopkeeping(ctx, "CACHE_TTL_PRODUCTS_SEC=0", "CACHE_TTL_CATEGORIES_SEC=0"); err != nil {
		return p95s, err
	}
	if p95s[1], err = b.readBeside(ctx, cold, base+"rows", listPath); err != nil {
		return p95s, err
	}
	if p95s[2], err = b.readBeside(ctx, searched, base+"rows", searchPath); err != nil {
		return p95s, err
	}
	return p95s, end()
}

// readBeside holds a path of the program against one of the baseline's.
func (b *bench) readBeside(ctx context.Context, c contest, base, path string) (time.Duration, error) {
	c.base = func(int) asking { return asking{connections: listCallers, url: base} }
	c.ours = func(int) asking { return asking{connections: listCallers, url: b.app.base + path} }
	for _, side := range []asking{c.base(0), c.ours(0)} { // connections open, statements are prepared, what is counted once is counted
		if _, err := b.ceiling(ctx, side, 4*time.Second); err != nil {
			return 0, err
		}
	}
	return b.contest(ctx, c)
}

// rememberBytes gives the baseline the very answer that the program gives.
func (b *bench) rememberBytes(ctx context.Context, base string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, b.app.base+listPath, nil)
	if err != nil {
		return fmt.Errorf("ask for the list: %w", err)
	}
	req.Header.Set("Accept", "application/json")
	status, body, err := b.app.ask(req)
	if err != nil || status != http.StatusOK {
		return fmt.Errorf("ask for the list: got %d, %w", status, err)
	}
	put, err := http.NewRequestWithContext(ctx, http.MethodPut, base+"bytes", strings.NewReader(string(body)))
	if err != nil {
		return fmt.Errorf("tell the baseline: %w", err)
	}
	if status, _, err = b.app.ask(put); err != nil || status != http.StatusNoContent {
		return fmt.Errorf("tell the baseline: got %d, %w", status, err)
	}
	return nil
}
