package main

import (
	"fmt"
	"io"
	"runtime"
	"text/tabwriter"
	"time"
)

// writeBenchmarks writes one line per page and round in the format of Go benchmarks, for benchstat.
func writeBenchmarks(w io.Writer, results []result) {
	fmt.Fprintf(w, "goos: %s\ngoarch: %s\npkg: frontdesk/bench\n", runtime.GOOS, runtime.GOARCH)
	for _, r := range results {
		for _, round := range r.rounds {
			if len(round) > 0 {
				fmt.Fprintf(w, "Benchmark%s\t%d\t%d ns/op\t%d p50-ns/op\t%d p95-ns/op\n", r.name, len(round),
					mean(round).Nanoseconds(), percentile(round, 50).Nanoseconds(), percentile(round, 95).Nanoseconds())
			}
		}
	}
}

// writeTable writes what a person reads: each page beside its target and the slower baseline's median.
func writeTable(w io.Writer, results []result) {
	base := baseline(results)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "page\tp50\tp95\ttarget\tp50 to a one-row page\tsize\tverdict\t")
	for _, r := range results {
		all := r.all()
		if len(all) == 0 {
			fmt.Fprintf(t, "%s\t\t\t\t\t\tno such page\t\n", r.name)
			continue
		}
		p50, p95 := percentile(all, 50), percentile(all, 95)
		ratio := ""
		if base > 0 {
			ratio = fmt.Sprintf("%.1f x", float64(p50)/float64(base))
		}
		target := ""
		if r.target > 0 {
			target = "≤ " + ms(r.target)
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%d KB\t%s\t\n", r.name, ms(p50), ms(p95), target, ratio, (r.bytes+512)/1024, verdict(r.target, p95))
	}
	_ = t.Flush() // what cannot be printed cannot be reported either
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

func verdict(target, p95 time.Duration) string {
	switch {
	case target == 0:
		return "baseline"
	case p95 <= target:
		return "met"
	default:
		return "MISSED"
	}
}

func ms(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond)) }
