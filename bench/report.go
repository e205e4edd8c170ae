package main

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// report collects what the sections find, for people and for benchstat.
type report struct {
	began   time.Time
	facts   []string // of the machine, the servers and the data
	section string   // the one that runs
	lines   []line
	checks  []check
	notes   []note
}

// line is one benchmark line: a name, how often it was done, and figures with their units.
type line struct {
	name    string
	n       int
	figures []figure
}

type figure struct {
	value float64
	unit  string
}

// check is a figure beside what it should be. Without a target it is a baseline.
type check struct{ section, what, got, target, verdict string }

type note struct{ section, text string }

const (
	met    = "met"
	missed = "MISSED"
	base   = "baseline"
)

// times adds a benchmark line of times.
func (r *report) times(name string, times []time.Duration, more ...figure) {
	if len(times) == 0 {
		return
	}
	r.lines = append(r.lines, line{name, len(times), append([]figure{
		{float64(mean(times)), "ns/op"}, {float64(percentile(times, 50)), "p50-ns/op"}, {float64(percentile(times, 95)), "p95-ns/op"},
	}, more...)})
}

// figure adds a benchmark line of one figure.
func (r *report) figure(name string, value float64, unit string) {
	r.lines = append(r.lines, line{name, 1, []figure{{value, unit}}})
}

// judge puts a figure beside its target and prints it.
func (r *report) judge(what, got, target string, ok bool) {
	verdict := missed
	if ok {
		verdict = met
	}
	r.add(check{r.section, what, got, target, verdict})
}

// beside is a figure that others are compared with, or that has no target.
func (r *report) beside(what, got string) { r.add(check{r.section, what, got, "", ""}) }

func (r *report) add(c check) {
	r.checks = append(r.checks, c)
	fmt.Printf("  %-62s %-28s %-24s %s\n", c.what, c.got, c.target, c.verdict)
}

// within judges the p95 of times.
func (r *report) within(what string, times []time.Duration, most time.Duration) {
	p95 := percentile(times, 95)
	r.judge(what, fmt.Sprintf("p95 %s, p50 %s", ms(p95), ms(percentile(times, 50))), "p95 ≤ "+ms(most), len(times) > 0 && p95 <= most)
}

// say adds a sentence to the section.
func (r *report) say(format string, args ...any) {
	n := note{r.section, fmt.Sprintf(format, args...)}
	r.notes = append(r.notes, n)
	fmt.Println("  " + n.text)
}

// write keeps everything found so far: benchmark lines, and a Markdown page beside them.
func (r *report) write(out string) error {
	for path, content := range map[string]func(io.Writer){out: r.benchmarks, strings.TrimSuffix(out, ".txt") + ".md": r.markdown} {
		var text strings.Builder
		content(&text)
		if err := os.WriteFile(path, []byte(text.String()), 0o644); err != nil {
			return fmt.Errorf("keep the figures: %w", err)
		}
	}
	return nil
}

// benchmarks writes the format of Go benchmarks. The facts are configuration lines of it: benchstat says
// when two runs differ in them.
func (r *report) benchmarks(w io.Writer) {
	fmt.Fprintf(w, "goos: %s\ngoarch: %s\npkg: frontdesk/bench\n", runtime.GOOS, runtime.GOARCH)
	for _, f := range r.facts {
		if name, value, ok := strings.Cut(f, ": "); ok && !strings.Contains(name, " ") {
			fmt.Fprintf(w, "%s: %s\n", name, value)
		}
	}
	for _, l := range r.lines {
		fmt.Fprintf(w, "Benchmark%s\t%d", l.name, l.n)
		for _, f := range l.figures {
			fmt.Fprintf(w, "\t%s %s", plain(f.value), f.unit)
		}
		fmt.Fprintln(w)
	}
}

// plain writes a figure with as many decimals as say something.
func plain(v float64) string {
	if v >= 1000 || v == float64(int64(v)) {
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.3f", v)
}

// markdown writes what a document takes over as it is.
func (r *report) markdown(w io.Writer) {
	fmt.Fprintf(w, "Measured on %s. %s.\n", r.began.UTC().Format("2006-01-02 15:04 UTC"), strings.Join(r.facts, "; "))
	var seen []string
	for _, c := range r.checks {
		if slices.Contains(seen, c.section) {
			continue
		}
		seen = append(seen, c.section)
		fmt.Fprintf(w, "\n**%s**\n\n| what | measured | target | verdict |\n|---|---|---|---|\n", c.section)
		for _, c := range r.checks {
			if c.section == seen[len(seen)-1] {
				fmt.Fprintf(w, "| %s | %s | %s | %s |\n", c.what, c.got, c.target, c.verdict)
			}
		}
		fmt.Fprintln(w)
		for _, n := range r.notes {
			if n.section == c.section {
				fmt.Fprintf(w, "- %s\n", n.text)
			}
		}
	}
}

// table writes the pages for a person: each beside its target and the slower baseline's median.
func table(w io.Writer, results []result) {
	base := baseline(results)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "page\tp50\tp95\ttarget\tp50 to a one-row page\tsize\tverdict\t")
	for _, r := range results {
		all := r.all()
		if len(all) == 0 {
			fmt.Fprintf(t, "%s\t\t\t\t\t\tno such page\t\n", r.name)
			continue
		}
		target := ""
		if r.target > 0 {
			target = "≤ " + ms(r.target)
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%d KB\t%s\t\n", r.name, ms(percentile(all, 50)), ms(percentile(all, 95)), target, r.ratio(base), (r.bytes+512)/1024,
			verdict(r.target, percentile(all, 95)))
	}
	_ = t.Flush() // what cannot be printed cannot be reported either
}

func verdict(target, p95 time.Duration) string {
	switch {
	case target == 0:
		return base
	case p95 <= target:
		return met
	default:
		return missed
	}
}

func ms(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond)) }

func mb(bytes float64) string { return fmt.Sprintf("%.0f MB", bytes/(1<<20)) }
