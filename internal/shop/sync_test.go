package shop_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"frontdesk/internal/fault"
	"frontdesk/internal/settings"
	"frontdesk/internal/shop"
	"frontdesk/internal/testkit"
	"frontdesk/models"
)

// reading the same feed twice changes nothing, not even a version.
func TestReadingTheFeedTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.supplier.shelf()
	first := h.sync()
	if first.State != models.FeedDone || first.EndedAt == nil || first.Categories != 4 || first.Products != 6 || first.Media != 2 || first.Changed != 6 || first.Deactivated != 0 {
		t.Errorf("the first run: %+v", first)
	}
	if first.Source == "" || first.Source != h.supplier.server.Listener.Addr().String()+"/feed" {
		t.Errorf("its source is %q, which must not hold what opens the feed", first.Source)
	}
	edition := h.edition()
	second := h.sync()
	if second.Products != 6 || second.Media != 2 || second.Changed != 0 || second.Deactivated != 0 {
		t.Errorf("the second run: %+v", second)
	}
	if c, p, m := h.rows("product_categories"), h.rows("products"), h.rows("product_media"); c != 4 || p != 6 || m != 2 {
		t.Errorf("%d categories, %d products, %d media", c, p, m)
	}
	if h.rows("products WHERE version > 0") != 0 || h.edition() != edition {
		t.Error("an unchanged feed was written")
	}
	if err := h.Sync(context.Background(), second.ID); err != nil {
		t.Errorf("a run that has ended: %v", err)
	}
}

func (h *house) edition() (n int64) {
	h.t.Helper()
	if err := h.db.On(context.Background()).Raw("SELECT sum(number)::bigint FROM catalogue_edition").Scan(&n).Error; err != nil {
		h.t.Fatal(err)
	}
	return n
}

// What the feed changes is changed, what it no longer holds is not for sale, and what comes back is the same product.
func TestTheCatalogueFollowsItsFeed(t *testing.T) {
	t.Parallel()
	h, ctx := stocked(t), context.Background()
	before, err := h.ProductBySKU(ctx, "POL-CHE")
	if err != nil {
		t.Fatal(err)
	}
	h.supplier.says([]object{category("hair", ""), category("nails", "hair")}, []object{
		product("pol-che", "nails", 790, text("Nail Polish", "Esmalte", "طلاء"), pictures("/static/new.svg"), object{"stock": 0}),
		product("NEW", "nowhere", 100, text("New", "", "")),
	})
	run := h.sync()
	if run.Changed != 2 || run.Deactivated != 4 {
		t.Errorf("the run: %+v", run)
	}
	after, err := h.ProductBySKU(ctx, "POL-CHE")
	if err != nil || after.ID != before.ID || after.PriceMinor != 790 || after.Stock != 0 || after.Version != 1 || len(after.Media) != 1 || after.Media[0].URL != "/static/new.svg" {
		t.Errorf("the changed product: %+v, %v", after, err)
	}
	if fresh, err := h.ProductBySKU(ctx, "NEW"); err != nil || fresh.Category != nil {
		t.Errorf("a product of no known category: %+v, %v", fresh, err)
	}
	if got := h.find(shop.Query{}); got.Total != 2 || h.rows("products") != 7 {
		t.Errorf("%d for sale of %d", got.Total, h.rows("products"))
	}
	if h.rows("product_categories") != 2 || h.rows("product_categories c JOIN product_categories p ON p.id = c.parent_id AND p.slug = 'hair'") != 1 {
		t.Error("the categories are not the feed's")
	}
	h.supplier.shelf()
	if run := h.sync(); run.Deactivated != 1 || h.find(shop.Query{}).Total != 5 || h.rows("products") != 7 {
		t.Errorf("after all came back: %+v, %d for sale", run, h.find(shop.Query{}).Total)
	}
}

// Parents that stand in a circle, or nowhere, are none; nothing hangs.
func TestCategoriesInACircleStandAtTheTop(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.supplier.says([]object{category("a", "b"), category("b", "c"), category("c", "a"), category("d", "gone"), category("e", "d")}, []object{product("X", "e", 1, text("X", "", ""))})
	h.sync()
	got, err := h.Categories(context.Background())
	if err != nil || len(got) != 5 {
		t.Fatalf("%d categories, %v", len(got), err)
	}
	if h.find(shop.Query{Category: "d"}).Total != 1 || h.find(shop.Query{Category: "a"}).Total != 0 {
		t.Error("a category does not hold what stands below it")
	}
}

// A product that cannot be read stays as it is; it is not taken for one that is gone.
func TestWhatCannotBeReadIsSpared(t *testing.T) {
	t.Parallel()
	h := stocked(t)
	h.supplier.says(nil, []object{
		product("POL-CHE", "nails", 700, text("Nail Polish", "", "")),
		{"sku": "OIL-ARG", "names": text("Oil", "", ""), "priceMinor": "a lot", "currency": "EUR", "stock": 1},
		product("SHA-COC-250", "", -1, text("Free money", "", "")),
		product("POL-CHE", "nails", 1, text("Twice", "", "")),
		{"names": "nobody"},
	})
	run := h.sync()
	if run.Products != 1 || run.Rejected != 4 || run.Deactivated != 2 {
		t.Errorf("the run: %+v", run)
	}
	for sku, price := range map[string]int64{"POL-CHE": 700, "OIL-ARG": 2490, "SHA-COC-250": 1290} {
		if p, err := h.ProductBySKU(context.Background(), sku); err != nil || p.PriceMinor != price {
			t.Errorf("%s costs %d (%v)", sku, p.PriceMinor, err)
		}
	}
	if h.rows("product_categories") != 4 {
		t.Error("a feed that names no categories took them away")
	}
}

// A feed that is away, or empty by mistake, closes no shop; its run says why.
func TestABrokenFeedChangesNothing(t *testing.T) {
	t.Parallel()
	h, ctx := stocked(t), context.Background()
	for name, tt := range map[string]struct {
		breaks func()
		again  bool
		code   string
	}{
		"away":  {func() { h.supplier.goes(true) }, true, "no_feed"},
		"empty": {func() { h.supplier.goes(false); h.supplier.says([]object{category("a", "")}, []object{}) }, false, shop.FailureEmpty},
	} {
		tt.breaks()
		run, err := h.BeginSync(ctx)
		if err != nil {
			t.Fatal(err)
		}
		failure := h.Sync(ctx, run.ID)
		if failure == nil || shop.SyncAgain(failure) != tt.again {
			t.Errorf("%s: %v", name, failure)
		}
		if err := h.FailSync(ctx, run.ID, failure); err != nil {
			t.Fatal(err)
		}
		if run, err = h.Run(ctx, run.ID); err != nil || run.State != models.FeedFailed || run.Failure != tt.code || run.EndedAt == nil {
			t.Errorf("%s: %+v, %v", name, run, err)
		}
	}
	if got := h.find(shop.Query{}); got.Total != 5 {
		t.Errorf("%d for sale", got.Total)
	}
	if health, err := h.Health(ctx); err != nil || health.LastSyncAt == nil || health.Products != 6 || health.Categories != 4 || health.Media != 2 {
		t.Errorf("health: %+v, %v", health, err)
	}
}

// Asking twice reads once; a run whose job is gone does not stand in the way for ever.
func TestOneSyncAtATime(t *testing.T) {
	t.Parallel()
	h, ctx := open(t), context.Background()
	h.supplier.shelf()
	runs := make(chan models.ID, 8)
	for range cap(runs) {
		go func() {
			run, err := h.BeginSync(ctx)
			if err != nil {
				t.Error(err)
			}
			runs <- run.ID
		}()
	}
	first := <-runs
	for range cap(runs) - 1 {
		if id := <-runs; id != first {
			t.Errorf("two runs at once: %s and %s", first, id)
		}
	}
	if jobs := testkit.Jobs(t, h.db, "catalogue.sync"); len(jobs) != 1 || string(jobs[0]) != fmt.Sprintf(`{"run_id": "%s"}`, first) {
		t.Errorf("the jobs are %s", jobs)
	}
	h.hand.Advance(2 * time.Hour)
	next, err := h.BeginSync(ctx)
	if err != nil || next.ID == first {
		t.Fatalf("the lost run stands in the way: %v", err)
	}
	if lost, err := h.Run(ctx, first); err != nil || lost.State != models.FeedFailed || lost.Failure != shop.FailureLost {
		t.Errorf("the lost run: %+v, %v", lost, err)
	}
	if err := h.Sync(ctx, first); err != nil || h.rows("products") != 0 {
		t.Errorf("a run that was given up wrote %d products (%v)", h.rows("products"), err)
	}
}

func TestAShopWithoutAFeed(t *testing.T) {
	t.Parallel()
	h, ctx := open(t, shop.WithFeed(nil)), context.Background()
	if _, err := h.BeginSync(ctx); !fault.Is(err, "shop.no_feed") {
		t.Error(err)
	}
	if run, err := h.BeginFirstSync(ctx); err != nil || run.ID != (models.ID{}) {
		t.Errorf("%+v, %v", run, err)
	}
	if begun, err := h.SyncDue(ctx); begun || err != nil {
		t.Errorf("%t, %v", begun, err)
	}
}

// The night's sync begins once a night, at the salon's time, and is caught up when nobody was there.
func TestTheNightsSync(t *testing.T) {
	t.Parallel()
	h, ctx := open(t, shop.WithNightly("03:30")), context.Background()
	h.supplier.shelf()
	zone := settings.Defaults().Zone()
	begins := func(hour, minute, day int) bool {
		t.Helper()
		h.hand.Set(time.Date(2026, 10, day, hour, minute, 0, 0, zone))
		begun, err := h.SyncDue(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if begun {
			run, err := h.Runs(ctx, 1)
			if err != nil || h.Sync(ctx, run[0].ID) != nil {
				t.Fatalf("sync: %v", err)
			}
		}
		return begun
	}
	for _, tt := range []struct {
		day, hour, minute int
		want              bool
	}{{6, 1, 0, true}, {6, 3, 29, false}, {6, 3, 30, true}, {6, 3, 31, false}, {7, 3, 29, false}, {9, 12, 0, true}, {9, 23, 59, false}} {
		if got := begins(tt.hour, tt.minute, tt.day); got != tt.want {
			t.Errorf("on the %dth at %d:%02d it began: %t", tt.day, tt.hour, tt.minute, got)
		}
	}
}

// What staff have changed of a product stays as they left it, field by field, until they let it go; the feed writes the rest.
func TestTheFeedLeavesAloneWhatStaffHold(t *testing.T) {
	t.Parallel()
	h, ctx := stocked(t), context.Background()
	p, err := h.ProductBySKU(ctx, "POL-CHE")
	if err != nil {
		t.Fatal(err)
	}
	edit := func(change func(*shop.ProductEdit)) models.Product {
		t.Helper()
		e := shop.ProductEdit{Names: p.Names, Descriptions: p.Descriptions, PriceMinor: p.PriceMinor, Stock: p.Stock, Active: p.Active}
		change(&e)
		if p, err = h.ChangeProduct(ctx, "staff:x", p.ID, p.Version, e); err != nil {
			t.Fatal(err)
		}
		return p
	}
	check := func(when string, price int64, stock int, active bool, name, brand, held string) {
		t.Helper()
		got, err := h.AnyProduct(ctx, p.ID)
		if err != nil || got.PriceMinor != price || got.Stock != stock || got.Active != active || got.Names["en"] != name || got.Brand != brand || fmt.Sprint(got.Held) != held {
			t.Errorf("%s: %d, %d, %t, %q, %q, held %v, %v", when, got.PriceMinor, got.Stock, got.Active, got.Names["en"], got.Brand, got.Held, err)
		}
		p = got
	}
	says := func(price, stock int, brand string) {
		h.supplier.says([]object{category("nails", "")}, []object{
			product("POL-CHE", "nails", price, text("Polish", "Esmalte", "طلاء"), object{"stock": stock, "brand": brand}), product("OTHER", "nails", 1, text("Other", "", "")),
		})
	}
	edit(func(e *shop.ProductEdit) { e.PriceMinor, e.Active = 555, false })
	says(790, 3, "New")
	if run := h.sync(); run.Changed != 2 {
		t.Errorf("the run: %+v", run)
	}
	check("held price and sale", 555, 3, false, "Polish", "New", "[price active]")
	edition := h.edition()
	if run := h.sync(); run.Changed != 0 || h.edition() != edition {
		t.Errorf("the same feed again wrote: %+v", run)
	}
	edit(func(e *shop.ProductEdit) { e.Active = true })
	h.supplier.says(nil, []object{product("OTHER", "nails", 1, text("Other", "", ""))})
	h.sync()
	check("on sale by hand, gone from the feed", 555, 3, true, "Polish", "New", "[price active]")
	edit(func(e *shop.ProductEdit) { e.Release = []string{shop.HeldPrice, shop.HeldActive} })
	check("let go, before the next reading", 555, 3, true, "Polish", "New", "[]")
	h.sync()
	check("let go, gone from the feed", 555, 3, false, "Polish", "New", "[]")
	says(790, 4, "New")
	h.sync()
	check("let go, back in the feed", 790, 4, true, "Polish", "New", "[]")
	if n := h.rows("audit_log WHERE action = 'product.changed' AND after ? 'held.price'"); n != 2 {
		t.Errorf("%d entries tell of the held price", n)
	}
}
