package shop_test

import (
	"context"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"frontdesk/internal/clock"
	"frontdesk/internal/database"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/settings"
	"frontdesk/internal/shop"
	"frontdesk/internal/testkit"
	"frontdesk/jobs/queue"
)

// what was read once is remembered, until anything of the catalogue changes.
func TestListsAreRememberedUntilTheCatalogueChanges(t *testing.T) {
	t.Parallel()
	h, ctx := stocked(t), context.Background()
	q := shop.Query{Text: "coconut"}
	for name, change := range map[string]string{
		"its stock":      "UPDATE products SET stock = stock - 1 WHERE sku = 'SHA-COC-250'",
		"its activity":   "UPDATE products SET active = NOT active WHERE sku = 'POL-CHE'",
		"a picture":      "UPDATE product_media SET position = position + 1",
		"a category":     "UPDATE product_categories SET position = position + 1 WHERE slug = 'nails'",
		"all its prices": "UPDATE products SET price_minor = price_minor + 1",
	} {
		h.find(q)
		before := h.hits(ctx)
		kept := h.find(q)
		if h.hits(ctx) == before {
			t.Errorf("before %s changed: not remembered", name)
		}
		edition := h.edition()
		h.exec(change)
		if h.edition() != edition+1 {
			t.Errorf("%s changed: the edition went from %d to %d", name, edition, h.edition())
		}
		before = h.hits(ctx)
		fresh := h.find(q)
		if h.hits(ctx) != before {
			t.Errorf("after %s changed: what was remembered is out of date", name)
		}
		if name == "its stock" && fresh.Products[0].Stock != kept.Products[0].Stock-1 {
			t.Errorf("the stock is %d, and was %d", fresh.Products[0].Stock, kept.Products[0].Stock)
		}
	}
}

func (h *house) hits(ctx context.Context) int64 {
	h.t.Helper()
	health, err := h.Health(ctx)
	if err != nil || !health.Cache.Enabled {
		h.t.Fatalf("%+v, %v", health, err)
	}
	return health.Cache.Hits
}

// Totals are counted anew when lists hold other products, and not when something was sold; without Redis and without
// anything remembered, too.
func TestTotalsAreCountedOnceUntilListsChange(t *testing.T) {
	t.Parallel()
	h, ctx := stocked(t, shop.WithLifetimes(0, 0)), context.Background()
	queries := []shop.Query{{}, {Text: "shampoo"}, {Category: "hair"}, {Text: "argann"}, {MaxMinor: ref(1200)}}
	totals := func() (all [5]int64) {
		for i, q := range queries {
			all[i] = h.find(q).Total
		}
		return all
	}
	listed := func() (n int64) {
		if err := h.db.On(ctx).Raw("SELECT sum(listed)::bigint FROM catalogue_edition").Scan(&n).Error; err != nil {
			t.Fatal(err)
		}
		return n
	}
	if got := totals(); got != [5]int64{5, 2, 3, 2, 3} {
		t.Fatalf("totals %v", got)
	}
	before := listed()
	h.exec("UPDATE products SET stock = stock - 1, updated_at = now()")
	h.exec("UPDATE product_media SET position = position + 1")
	if listed() != before {
		t.Error("a sale has totals counted anew")
	}
	for _, change := range []struct {
		sql  string
		want [5]int64
	}{
		{"UPDATE products SET active = false WHERE sku = 'SHA-COC-250'", [5]int64{4, 1, 2, 2, 3}},
		{"UPDATE products SET price_minor = 1300 WHERE sku = 'POL-CHE'", [5]int64{4, 1, 2, 2, 2}},
		{"UPDATE products SET names = '{\"en\": \"Shampoo for nails\"}' WHERE sku = 'POL-CHE'", [5]int64{4, 2, 2, 2, 2}},
		{"UPDATE products SET category_id = (SELECT id FROM product_categories WHERE slug = 'hair') WHERE sku = 'POL-CHE'", [5]int64{4, 2, 3, 2, 2}},
		{"UPDATE product_categories SET parent_id = NULL", [5]int64{4, 2, 2, 2, 2}},
		{"DELETE FROM products WHERE sku = 'POL-CHE'", [5]int64{3, 1, 1, 2, 2}},
	} {
		before := listed()
		h.exec(change.sql)
		if got := totals(); got != change.want || listed() != before+1 {
			t.Errorf("%s: %v, want %v (from %d to %d)", change.sql, got, change.want, before, listed())
		}
	}
}

func ref(n int64) *int64 { return &n }

// A change that is not committed yet is seen by whoever makes it, and remembered for nobody.
func TestNothingIsRememberedInATransaction(t *testing.T) {
	t.Parallel()
	h := stocked(t)
	q := shop.Query{Text: "coconut"}
	h.find(q)
	undone := context.Canceled
	err := h.db.InTx(context.Background(), func(ctx context.Context) error {
		if err := h.db.On(ctx).Exec("UPDATE products SET active = false").Error; err != nil {
			return err
		}
		if l, err := h.Search(ctx, q); err != nil || l.Total != 0 {
			t.Errorf("inside: %d, %v", l.Total, err)
		}
		return undone
	})
	if err != undone { //nolint:errorlint // the very one
		t.Fatal(err)
	}
	if l := h.find(q); l.Total != 1 {
		t.Errorf("after it was undone: %d", l.Total)
	}
}

// After a sync what people ask for first is there already.
func TestASyncWarmsTheLists(t *testing.T) {
	t.Parallel()
	h, ctx := stocked(t), context.Background()
	before, err := h.Health(ctx)
	if err != nil {
		t.Fatal(err)
	}
	h.find(shop.Query{Desc: true})
	h.find(shop.Query{Desc: true, Category: "hair"})
	if _, err := h.Categories(ctx); err != nil {
		t.Fatal(err)
	}
	if after, err := h.Health(ctx); err != nil || after.Cache.Misses != before.Cache.Misses || after.Cache.Hits != before.Cache.Hits+3 {
		t.Errorf("from %+v to %+v (%v)", before.Cache, after.Cache, err)
	}
	if after, err := h.Health(ctx); err != nil || after.Timings.Samples < 8 || after.Timings.ProductsAvg <= 0 {
		t.Errorf("timings: %+v (%v)", after.Timings, err)
	}
}

// switched lets connections through while it is on.
type switched struct {
	off  atomic.Bool
	open chan net.Conn
}

func (s *switched) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	if s.off.Load() {
		return nil, net.ErrClosed
	}
	conn, err := (&net.Dialer{}).DialContext(ctx, network, addr)
	if err == nil {
		s.open <- conn
	}
	return conn, err
}

func (s *switched) cut() {
	s.off.Store(true)
	for len(s.open) > 0 {
		_ = (<-s.open).Close() // it may be closed already
	}
}

// A database that breaks once is told, and not remembered: the next question is answered (X10).
func TestAFailureIsNeverRemembered(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	line := &switched{open: make(chan net.Conn, 1000)}
	h := stocked(t)
	c := h.clock
	db := sameDatabase(t, h.db, c, line)
	s := shop.New(db, c, queue.New(db), settings.New(db, c), testkit.Redis(t))
	line.cut()
	if l, err := s.Search(ctx, shop.Query{}); err == nil || !database.Away(err) {
		t.Fatalf("without a database: %+v, %v", l, err)
	}
	if _, err := s.Categories(ctx); err == nil {
		t.Fatal("without a database there are categories")
	}
	line.off.Store(false)
	if l, err := s.Search(ctx, shop.Query{}); err != nil || l.Total != 5 {
		t.Errorf("after it came back: %d, %v", l.Total, err)
	}
	if got, err := s.Categories(ctx); err != nil || len(got) != 4 {
		t.Errorf("after it came back: %d categories, %v", len(got), err)
	}
}

// sameDatabase opens a test's database a second time, over a line that can be cut.
func sameDatabase(t *testing.T, db *database.DB, c clock.Clock, line *switched) *database.DB {
	t.Helper()
	second, err := database.Open(context.Background(), db.Pool.Config().ConnString(), database.Options{Now: c.Now, Dial: line.dial})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(second.Close)
	return second
}

// Without Redis everything is read anew, and right.
func TestTheShopIsOpenWithoutRedis(t *testing.T) {
	t.Parallel()
	h, ctx := stocked(t), context.Background()
	line := &switched{open: make(chan net.Conn, 1000)}
	store, err := redisstore.Open(testkit.RedisURL(t), redisstore.Through(line.dial))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	s := shop.New(h.db, h.clock, h.queue, settings.New(h.db, h.clock), store.Within("test:"+t.Name()+":"))
	line.cut()
	began := time.Now()
	for range 5 {
		if l, err := s.Search(ctx, shop.Query{Text: "argan"}); err != nil || l.Total != 2 {
			t.Fatalf("without Redis: %d, %v", l.Total, err)
		}
	}
	if got, err := s.Categories(ctx); err != nil || len(got) != 4 {
		t.Errorf("without Redis: %d categories, %v", len(got), err)
	}
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("without Redis it took %s", took)
	}
	if health, err := s.Health(ctx); err != nil || health.Cache.Errors == 0 {
		t.Errorf("health says nothing of it: %+v, %v", health.Cache, err)
	}
}

// Two sales that end at the same moment do not wait for each other, and each makes an edition of its own.
func TestChangesOfTheCatalogueDoNotWaitForEachOther(t *testing.T) {
	t.Parallel()
	h, ctx := stocked(t), context.Background()
	before := h.edition()
	sell := func(ctx context.Context, sku string) error {
		for _, sql := range []string{
			"SET LOCAL lock_timeout = '5s'", "UPDATE products SET stock = stock - 1 WHERE sku = '" + sku + "'", "SET CONSTRAINTS ALL IMMEDIATE",
		} {
			if err := h.db.On(ctx).Exec(sql).Error; err != nil {
				return err
			}
		}
		return nil
	}
	err := h.db.InTx(ctx, func(tx context.Context) error {
		if err := sell(tx, "SHA-COC-250"); err != nil {
			return err
		}
		if err := h.db.InTx(ctx, func(tx context.Context) error { return sell(tx, "POL-CHE") }); err != nil {
			return err
		}
		if got := h.edition(); got != before+1 {
			t.Errorf("one of two is committed: the edition went from %d to %d", before, got)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := h.edition(); got != before+2 {
		t.Errorf("both are committed: the edition went from %d to %d", before, got)
	}
}
