package shop

import (
	"context"
	"encoding/json"
	"fmt"
	"sync/atomic"
	"time"

	"frontdesk/internal/database"
	"frontdesk/internal/redisstore"
)

// memory is what is remembered of lists and categories, in Redis and in this process. It may be lost at
// any time. The number of the catalogue's edition is part of every key: what was remembered before a change is
// never found after it, whichever process made the change.
type memory struct {
	redis                *redisstore.Store
	now                  *database.Shared[numbers]
	answers              answers
	products, categories time.Duration
	hits, misses, errors atomic.Int64
}

func newMemory(db *database.DB, redis *redisstore.Store) *memory {
	m := &memory{redis: redis, products: ProductsLifetime, categories: CategoriesLifetime}
	m.now = database.Share(func(ctx context.Context) (now numbers, err error) {
		err = db.Pool.QueryRow(ctx, "SELECT sum(number)::bigint, sum(listed)::bigint FROM catalogue_edition").Scan(&now.number, &now.listed)
		return now, err
	})
	return m
}

func (m *memory) health() CacheHealth {
	return CacheHealth{
		Enabled: m.redis != nil && (m.products > 0 || m.categories > 0),
		Hits:    m.hits.Load(), Misses: m.misses.Load(), Errors: m.errors.Load(),
	}
}

// numbers are those of the catalogue's edition.
type numbers struct{ number, listed int64 }

// since is which changes of the catalogue end what is remembered.
type since int

const (
	anyChange  since = iota
	listChange       // of which products there are, in which category, at which price, under which words
)

// remembered gives what is remembered under a key, else what read gives, which is then remembered for a while. A
// failure is not. Without Redis, and inside a transaction, which must see its own changes, it is read every time.
func remembered[T any](ctx context.Context, m *memory, ends since, key string, life time.Duration, read func(context.Context) (T, error)) (T, error) {
	if m.redis == nil || life <= 0 || database.InTransaction(ctx) {
		return read(ctx)
	}
	var none T
	now, err := m.since(ctx, ends)
	if err != nil {
		return none, err
	}
	name := fmt.Sprintf("catalogue:%d:%d:%s", ends, now, key)
	if value, ok := recall[T](ctx, m, name, life); ok {
		return value, nil
	}
	value, err := read(ctx)
	if err != nil {
		return none, err
	}
	m.keep(ctx, name, value, life)
	return value, nil
}

// edition is the number of the catalogue as it is now (migration 0026). Those who ask at once share a trip.
func (m *memory) edition(ctx context.Context) (int64, error) { return m.since(ctx, anyChange) }

// since is the number that changes end what is remembered by.
func (m *memory) since(ctx context.Context, ends since) (int64, error) {
	now, err := m.now.Of(ctx)
	if err != nil {
		return 0, fmt.Errorf("read the catalogue's edition: %w", err)
	}
	if ends == listChange {
		return now.listed, nil
	}
	return now.number, nil
}

// recall finds a value. What cannot be read is as good as none.
func recall[T any](ctx context.Context, m *memory, name string, life time.Duration) (value T, ok bool) {
	raw, err := m.redis.Recall(ctx, name, life)
	switch {
	case err != nil:
		m.errors.Add(1)
		return value, false
	case raw == nil || json.Unmarshal(raw, &value) != nil:
		m.misses.Add(1)
		var none T
		return none, false
	}
	m.hits.Add(1)
	return value, true
}

func (m *memory) keep(ctx context.Context, name string, value any, life time.Duration) {
	raw, err := json.Marshal(value)
	if err == nil {
		err = m.redis.Set(ctx, name, raw, life)
	}
	if err != nil {
		m.errors.Add(1)
	}
}
