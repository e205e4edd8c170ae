package metrics

import (
	"slices"
	"strings"
	"sync"
	"time"
)

// kept is how many of the latest samples of a route and status the quantiles are taken from.
const kept = 512

// recent keeps the latest samples per route and status.
type recent struct {
	mu   sync.Mutex
	keys map[string]*samples
}

type samples struct {
	count int
	last  time.Duration
	ring  []time.Duration
}

func (r *recent) note(key string, took time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.keys == nil {
		r.keys = map[string]*samples{}
	}
	s := r.keys[key]
	if s == nil {
		s = &samples{}
		r.keys[key] = s
	}
	if len(s.ring) < kept {
		s.ring = append(s.ring, took)
	} else {
		s.ring[s.count%kept] = took
	}
	s.count++
	s.last = took
}

// Route is what one route answered with one status: times in milliseconds, quantiles over the
// latest 512 samples.
type Route struct {
	Key   string  `json:"key"` // "GET /path 200"
	Count int     `json:"count"`
	P50   float64 `json:"p50"`
	P95   float64 `json:"p95"`
	P99   float64 `json:"p99"`
	Last  float64 `json:"last"`
}

// Routes lists what every route answered, by key, and how many answers each status class ("2xx") has.
func (r *Registry) Routes() ([]Route, map[string]int) {
	r.recent.mu.Lock()
	defer r.recent.mu.Unlock()
	routes := make([]Route, 0, len(r.recent.keys))
	classes := map[string]int{}
	for key, s := range r.recent.keys {
		sorted := slices.Sorted(slices.Values(s.ring))
		routes = append(routes, Route{
			Key: key, Count: s.count, Last: millis(s.last),
			P50: quantile(sorted, 50), P95: quantile(sorted, 95), P99: quantile(sorted, 99),
		})
		status := key[strings.LastIndexByte(key, ' ')+1:]
		classes[status[:1]+"xx"] += s.count
	}
	slices.SortFunc(routes, func(a, b Route) int { return strings.Compare(a.Key, b.Key) })
	return routes, classes
}

// quantile is the nearest-rank percentile of sorted samples, in milliseconds.
func quantile(sorted []time.Duration, percent int) float64 {
	if len(sorted) == 0 {
		return 0
	}
	rank := (len(sorted)*percent + 99) / 100
	return millis(sorted[rank-1])
}

func millis(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
