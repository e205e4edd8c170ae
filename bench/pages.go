package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
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

	pageRounds = 5  // each is a line per page, for benchstat
	pageAsks   = 30 // requests per page and round
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

// ratio is the median to a baseline's.
func (r result) ratio(base time.Duration) string {
	if base == 0 {
		return ""
	}
	return fmt.Sprintf("%.1f x", float64(percentile(r.all(), 50))/float64(base))
}

// baseline is the median of the page that shows one row.
func baseline(results []result) time.Duration {
	for _, r := range results {
		if r.name == "BaselineOneRowPage" {
			return percentile(r.all(), 50)
		}
	}
	return 0
}

// measurePages asks every page in turn, over and over, so that what disturbs the machine disturbs all of them.
func measurePages(ctx context.Context, b *bench) error {
	results, err := warmed(ctx, b.app, pages(time.Now()))
	if err != nil {
		return err
	}
	asks := pageAsks
	if b.quick {
		asks /= 5
	}
	for range pageRounds {
		for i := range results {
			results[i].rounds = append(results[i].rounds, nil)
		}
		for range asks {
			for i := range results {
				if err := results[i].ask(ctx, b.app); err != nil {
					return err
				}
			}
		}
	}
	table(os.Stdout, results)
	for _, r := range results {
		b.page(r, baseline(results))
	}
	return nil
}

// page adds a page to the report.
func (r *report) page(p result, base time.Duration) {
	for _, round := range p.rounds {
		r.times(p.name, round)
	}
	all := p.all()
	if len(all) == 0 {
		return
	}
	p95, target := percentile(all, 95), ""
	if p.target > 0 {
		target = "p95 ≤ " + ms(p.target)
	}
	got := fmt.Sprintf("p95 %s, p50 %s, %s a one-row page", ms(p95), ms(percentile(all, 50)), p.ratio(base))
	r.checks = append(r.checks, check{r.section, p.name, got, target, verdict(p.target, p95)})
}

// warmed asks every page a few times, which fills caches and plans, and finds the pages that are missing.
func warmed(ctx context.Context, a *app, pages []page) ([]result, error) {
	results := make([]result, len(pages))
	for i, pg := range pages {
		results[i].page = pg
		for range 5 {
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
