package shop_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"frontdesk/internal/clock"
	"frontdesk/internal/database"
	"frontdesk/internal/feed"
	"frontdesk/internal/settings"
	"frontdesk/internal/shop"
	"frontdesk/internal/testkit"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

type object = map[string]any

// supplier is a feed that says what a test lets it say.
type supplier struct {
	mu         sync.Mutex
	categories []object
	products   []object
	down       bool
	server     *httptest.Server
}

func newSupplier(t testing.TB) *supplier {
	s := &supplier{}
	s.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.down {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		_ = json.NewEncoder(w).Encode(object{"categories": s.categories, "products": s.products}) // the test sees what is missing
	}))
	t.Cleanup(s.server.Close)
	return s
}

func (s *supplier) says(categories, products []object) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.categories, s.products = categories, products
}

func (s *supplier) goes(down bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.down = down
}

func text(en, es, ar string) object { return object{"en": en, "es": es, "ar": ar} }

func category(slug, parent string) object {
	return object{"slug": slug, "names": text(slug, slug, slug), "parent": parent}
}

func product(sku, category string, price int, names object, more ...object) object {
	p := object{"sku": sku, "names": names, "priceMinor": price, "currency": "EUR", "stock": 5, "category": category}
	for _, m := range more {
		for k, v := range m {
			p[k] = v
		}
	}
	return p
}

func pictures(urls ...string) object {
	var media []object
	for _, u := range urls {
		media = append(media, object{"url": u})
	}
	return object{"media": media}
}

// shelf is a small shop: two categories with a child, six products, one of which is not for sale.
func (s *supplier) shelf() {
	s.says([]object{category("hair", ""), category("shampoo", "hair"), category("nails", ""), category("empty", "")}, []object{
		product("SHA-ARG-250", "shampoo", 1190, text("Argan Oil Shampoo", "Champú con aceite de argán", "شامبو بزيت الأرغان"), pictures("/static/a.svg", "/static/b.svg")),
		product("SHA-COC-250", "shampoo", 1290, text("Coconut Shampoo", "Champú con coco", "شامبو بجوز الهند"), object{"brand": "Zahra"}),
		product("OIL-ARG", "hair", 2490, text("Pure Oil", "Aceite puro", "زيت نقي"), object{"descriptions": text("Pressed argan kernels", "Semillas de argán", "بذور أرغان")}),
		product("POL-CHE", "nails", 690, text("Nail Polish", "Esmalte de uñas", "طلاء أظافر")),
		product("SHA-ARG", "nails", 100, text("A sample", "Una muestra", "عيّنة"), object{"descriptions": text("Of 100% sha-arg-250, by_hand", "", "")}),
		product("OLD", "shampoo", 500, text("Argan of old", "Argán de antes", "أرغان قديم"), object{"active": false}),
	})
}

type house struct {
	*shop.Shop
	t        testing.TB
	db       *database.DB
	queue    *queue.Queue
	clock    clock.Clock
	hand     *clock.Hand
	supplier *supplier
}

// open is a shop of a test's own with its supplier; nothing is read yet.
func open(t testing.TB, o ...shop.Option) *house {
	t.Helper()
	c, hand := clock.Fixed(time.Date(2026, 10, 6, 8, 0, 0, 0, time.UTC))
	h := &house{t: t, db: testkit.DB(t, c), clock: c, hand: hand, supplier: newSupplier(t)}
	h.queue = queue.New(h.db)
	client := feed.New(feed.Config{URL: h.supplier.server.URL + "/feed?secret=1"})
	h.Shop = shop.New(h.db, c, h.queue, settings.New(h.db, c), testkit.Redis(t), append([]shop.Option{shop.WithFeed(client)}, o...)...)
	return h
}

// stocked is a shop that holds the supplier's small shelf.
func stocked(t testing.TB, o ...shop.Option) *house {
	t.Helper()
	h := open(t, o...)
	h.supplier.shelf()
	h.sync()
	return h
}

// sync reads the feed as the worker does and gives the run.
func (h *house) sync() models.FeedRun {
	h.t.Helper()
	ctx := context.Background()
	run, err := h.BeginSync(ctx)
	if err != nil {
		h.t.Fatal(err)
	}
	if err := h.Sync(ctx, run.ID); err != nil {
		h.t.Fatal(err)
	}
	run, err = h.Run(ctx, run.ID)
	if err != nil {
		h.t.Fatal(err)
	}
	return run
}

func (h *house) find(q shop.Query) shop.List {
	h.t.Helper()
	l, err := h.Search(context.Background(), q)
	if err != nil {
		h.t.Fatalf("search %+v: %v", q, err)
	}
	return l
}

func (h *house) exec(sql string, values ...any) {
	h.t.Helper()
	if err := h.db.On(context.Background()).Exec(sql, values...).Error; err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) rows(table string) (n int64) {
	h.t.Helper()
	if err := h.db.On(context.Background()).Raw("SELECT count(*) FROM " + table).Scan(&n).Error; err != nil {
		h.t.Fatal(err)
	}
	return n
}

// skus are the products of a list by SKU.
func skus(l shop.List) string {
	var all []string
	for _, p := range l.Products {
		all = append(all, p.SKU)
	}
	return fmt.Sprint(all)
}
