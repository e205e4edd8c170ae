// Package shop owns what the salon sells: the catalogue and its search, the sync with the product feed, carts
// and shipping. Rules stand here, and the queries they need. It never takes payments, never decides what an
// order is, and shows customers active products only.
package shop

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"

	"frontdesk/internal/clock"
	"frontdesk/internal/database"
	"frontdesk/internal/fault"
	"frontdesk/internal/feed"
	"frontdesk/internal/funnel"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/settings"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// Shop is the room. Safe for concurrent use.
type Shop struct {
	db       *database.DB
	clock    clock.Clock
	queue    *queue.Queue
	settings *settings.Store
	redis    *redisstore.Store
	feed     *feed.Client // nil: there is none
	nightly  string       // "03:30": when the feed is read by itself; empty: never
	memory   *memory
	totals   *totals // of lists
	rows     *totals // of tables, and of what products lack
	timings  timings
	funnel   *funnel.Log
	cartLife time.Duration // from its last change
	keyLife  time.Duration
}

// Option says more about a shop.
type Option func(*Shop)

// WithFeed reads products from a feed; nil is none.
func WithFeed(client *feed.Client) Option { return func(s *Shop) { s.feed = client } }

// WithNightly reads the feed by itself every day at a time of the salon's, "03:30"; empty is never.
func WithNightly(at string) Option { return func(s *Shop) { s.nightly = at } }

// WithLifetimes says how long lists and categories are remembered, at most. Zero remembers nothing.
func WithLifetimes(products, categories time.Duration) Option {
	return func(s *Shop) { s.memory.products, s.memory.categories = products, categories }
}

// How long lists and categories are remembered unless it is said.
const (
	ProductsLifetime   = 10 * time.Minute
	CategoriesLifetime = 30 * time.Minute
)

// New makes the room.
func New(db *database.DB, c clock.Clock, q *queue.Queue, policies *settings.Store, redis *redisstore.Store, opts ...Option) *Shop {
	s := &Shop{
		db: db, clock: c, queue: q, settings: policies, redis: redis, memory: newMemory(db, redis), funnel: funnel.New(db, c, policies), cartLife: CartLife, keyLife: keyLife,
	}
	s.totals, s.rows = &totals{memory: s.memory, ends: listChange}, &totals{memory: s.memory, ends: anyChange}
	for _, o := range opts {
		o(s)
	}
	return s
}

// Product is an active product with all its media and its category. Fault: shop.product_not_found, of an
// inactive one too.
func (s *Shop) Product(ctx context.Context, id models.ID) (models.Product, error) {
	return s.product(ctx, "id = ?", id)
}

// ProductBySKU is the active product of a SKU, in whichever case it is written. Fault: shop.product_not_found.
func (s *Shop) ProductBySKU(ctx context.Context, sku string) (models.Product, error) {
	sku = strings.TrimSpace(sku)
	if sku == "" || len(sku) > maxSKU || strings.ContainsRune(sku, 0) {
		return models.Product{}, fault.NotFound("shop.product_not_found")
	}
	return s.product(ctx, "upper(sku) = upper(?)", sku)
}

// maxSKU is how long a SKU may be.
const maxSKU = 64

func (s *Shop) product(ctx context.Context, where string, value any) (models.Product, error) {
	var p models.Product
	err := s.db.On(ctx).Session(&gorm.Session{QueryFields: true}).Preload("Category").
		Preload("Media", func(db *gorm.DB) *gorm.DB { return db.Order("position, id") }).
		Where("active").Take(&p, where, value).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return models.Product{}, fault.NotFound("shop.product_not_found")
	}
	if err != nil {
		return models.Product{}, fmt.Errorf("read product: %w", err)
	}
	return p, nil
}
