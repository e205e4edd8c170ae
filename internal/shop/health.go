package shop

import (
	"context"
	"fmt"
	"sync"
	"time"

	"frontdesk/internal/clock"
)

// Health is how the catalogue is.
type Health struct {
	Categories int64
	Products   int64 // inactive ones too, as the feed knows them
	Media      int64
	LastSyncAt *time.Time // nil: the feed was never read to its end
	Cache      CacheHealth
	Timings    Timings
}

// CacheHealth says what this process found remembered since it started.
type CacheHealth struct {
	Enabled bool
	Hits    int64
	Misses  int64
	Errors  int64 // questions that Redis did not answer
}

// Timings are how long this process took to answer, in milliseconds, over its latest answers.
type Timings struct {
	ProductsLast   float64
	ProductsAvg    float64
	CategoriesLast float64
	CategoriesAvg  float64
	Samples        int
}

// Health tells how many rows there are, when the feed was last read to its end, and how reading goes.
func (s *Shop) Health(ctx context.Context) (Health, error) {
	var h Health
	var err error
	for table, n := range map[string]*int64{"product_categories": &h.Categories, "products": &h.Products, "product_media": &h.Media} {
		if *n, err = s.rows.of(ctx, table, func(ctx context.Context) (int64, error) { return s.countRows(ctx, table) }); err != nil {
			return Health{}, err
		}
	}
	err = s.db.On(ctx).Raw("SELECT max(ended_at) FROM feed_runs WHERE state = 'done'").Row().Scan(&h.LastSyncAt)
	if err != nil {
		return Health{}, fmt.Errorf("find the last sync: %w", err)
	}
	h.Cache = s.memory.health()
	h.Timings = s.timings.read()
	return h, nil
}

// countRows counts what meets a condition, or a whole table.
func (s *Shop) countRows(ctx context.Context, from string) (n int64, err error) {
	if err := s.db.On(ctx).Raw("SELECT count(*) FROM " + from).Scan(&n).Error; err != nil {
		return 0, fmt.Errorf("count the catalogue: %w", err)
	}
	return n, nil
}

// timings are how long lists and categories took lately.
type timings struct{ products, categories timing }

func (t *timings) read() Timings {
	var out Timings
	var n, m int
	out.ProductsLast, out.ProductsAvg, n = t.products.read()
	out.CategoriesLast, out.CategoriesAvg, m = t.categories.read()
	out.Samples = n + m
	return out
}

// samples is how many answers are looked at.
const samples = 200

// timing holds the latest durations. Safe for concurrent use.
type timing struct {
	mu     sync.Mutex
	latest [samples]time.Duration
	n      int // noted in all
}

func (t *timing) note(d time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.latest[t.n%samples] = d
	t.n++
}

// since notes how long something took that began then, by machine time.
func (t *timing) since(c clock.Clock, began time.Time) { t.note(c.Machine().Sub(began)) }

// read gives the last duration and the mean, in milliseconds, of how many.
func (t *timing) read() (last, mean float64, n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.n == 0 {
		return 0, 0, 0
	}
	n = min(t.n, samples)
	var sum time.Duration
	for _, d := range t.latest[:n] {
		sum += d
	}
	return millis(t.latest[(t.n-1)%samples]), millis(sum / time.Duration(n)), n
}

func millis(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
