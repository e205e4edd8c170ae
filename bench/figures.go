package main

import (
	"math"
	"slices"
	"time"
)

// percentile is the smallest time that p percent of all do not exceed; 0 of none.
func percentile(times []time.Duration, p float64) time.Duration {
	if len(times) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(times))
	rank := int(math.Ceil(p / 100 * float64(len(sorted))))
	return sorted[max(rank, 1)-1]
}

func mean(times []time.Duration) time.Duration {
	var sum time.Duration
	for _, t := range times {
		sum += t
	}
	return sum / time.Duration(max(len(times), 1))
}

// median of figures; 0 of none.
func median(figures []float64) float64 {
	if len(figures) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(figures))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}

// most is what a p95 may be when it may not exceed a smaller load's by more than a fifth or ten
// milliseconds, whichever is more (R-1308).
func most(smaller time.Duration) time.Duration {
	return max(smaller*6/5, smaller+10*time.Millisecond)
}
