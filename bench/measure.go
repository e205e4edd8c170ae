package main

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"slices"
	"time"
)

// page is what is measured.
type page struct {
	name   string
	path   string
	target time.Duration // for the p95; 0 for a baseline
}

const (
	diaryTarget = 50 * time.Millisecond
	listTarget  = 100 * time.Millisecond
)

// pages are the baselines, then what people open all day. A page that does not exist yet is said to be
// missing and costs nothing.
func pages(now time.Time) []page {
	day := now.UTC().Format(time.DateOnly)
	deep := now.UTC().AddDate(0, -6, 0).Format(time.RFC3339Nano) + "_ffffffff-ffff-7fff-bfff-ffffffffffff"
	return []page{
		{"BaselineSelectOne", "/db/health", 0},
		{"BaselineOneRowPage", "/console/cases", 0},
		{"DiaryWeek", "/console/diary?view=week&day=" + day, diaryTarget},
		{"DiaryDay", "/console/diary?day=" + day, diaryTarget},
		{"Today", "/console", listTarget},
		{"Inbox", "/console/conversations", listTarget},
		{"InboxHalfAYearBack", "/console/conversations?before=" + deep, listTarget},
		{"Conversation", "/console/conversations/00000003-0000-7000-8000-000000000007", listTarget},
		{"Audit", "/console/audit", listTarget},
		{"Services", "/console/services", listTarget},
		{"People", "/console/people", listTarget},
	}
}

// result is how long one page took, round by round.
type result struct {
	page
	bytes  int
	rounds [][]time.Duration // empty: the page does not exist
}

func (r result) all() []time.Duration { return slices.Concat(r.rounds...) }

// plan says how much is asked.
type plan struct{ rounds, asks int }

// measure asks every page in turn, over and over, so that what disturbs the machine disturbs all of them.
func (p plan) measure(ctx context.Context, a *app, pages []page) ([]result, error) {
	results := make([]result, len(pages))
	for i, pg := range pages {
		results[i].page = pg
		for range 5 { // fills caches and plans
			status, body, err := a.get(ctx, pg.path)
			if err != nil {
				return nil, err
			}
			results[i].bytes = len(body)
			if status == http.StatusNotFound {
				results[i].bytes = 0
				break
			}
			if status != http.StatusOK {
				return nil, fmt.Errorf("%s: got %d", pg.path, status)
			}
		}
	}
	for range p.rounds {
		for i := range results {
			results[i].rounds = append(results[i].rounds, nil)
		}
		for range p.asks {
			for i := range results {
				if err := results[i].ask(ctx, a); err != nil {
					return nil, err
				}
			}
		}
	}
	return results, nil
}

// ask measures one request, from asking to the last byte.
func (r *result) ask(ctx context.Context, a *app) error {
	if r.bytes == 0 {
		return nil
	}
	began := time.Now()
	status, _, err := a.get(ctx, r.path)
	took := time.Since(began)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("%s: got %d", r.path, status)
	}
	last := len(r.rounds) - 1
	r.rounds[last] = append(r.rounds[last], took)
	return err
}

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
