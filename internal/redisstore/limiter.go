package redisstore

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"frontdesk/internal/clock"
)

// aloneNames is how many callers a limiter without Redis tells apart. Those beyond share one count, so that
// nobody fills the memory with addresses.
const aloneNames = 10_000

// Limiter counts for callers who must get an answer: while Redis is away this process counts alone, so
// that n processes together let up to n times as many through. What it counted alone is forgotten once
// Redis is back. Safe for concurrent use.
type Limiter struct {
	crowd crowd
	clock clock.Clock

	mu    sync.Mutex
	away  bool
	alone map[string]tally
}

// tally is a bucket counted alone.
type tally struct {
	n    int
	over time.Time // machine time
}

// NewLimiter makes a limiter on Redis.
func NewLimiter(redis *Store, c clock.Clock) *Limiter {
	return &Limiter{crowd: crowd{redis: redis}, clock: c, alone: map[string]tally{}}
}

// Take is Store.Take that never fails. Those who ask at once share a trip.
func (l *Limiter) Take(ctx context.Context, buckets ...Bucket) (wait time.Duration) {
	wait, err := l.crowd.take(ctx, buckets)
	l.mu.Lock()
	defer l.mu.Unlock()
	if err == nil {
		l.away = false
		clear(l.alone)
		return wait
	}
	if !l.away {
		l.away = true
		slog.WarnContext(ctx, "limits are counted by this process alone", "err", err)
	}
	return l.takeAlone(buckets, l.clock.Machine())
}

// takeAlone is what takeScript does, in this process.
func (l *Limiter) takeAlone(buckets []Bucket, now time.Time) time.Duration {
	names := make([]string, len(buckets))
	for i, b := range buckets {
		names[i] = l.name(b, now)
		if t := l.alone[names[i]]; t.n >= b.Most && now.Before(t.over) {
			return t.over.Sub(now)
		}
	}
	for i, b := range buckets {
		t := l.alone[names[i]]
		if !now.Before(t.over) {
			t = tally{over: now.Add(b.Window)}
		}
		t.n++
		l.alone[names[i]] = t
	}
	return 0
}

// name is the bucket's own as long as there is room for it.
func (l *Limiter) name(b Bucket, now time.Time) string {
	if _, known := l.alone[b.Name]; known || len(l.alone) < aloneNames {
		return b.Name
	}
	for name, t := range l.alone {
		if !now.Before(t.over) {
			delete(l.alone, name)
		}
	}
	if len(l.alone) < aloneNames {
		return b.Name
	}
	return ""
}
