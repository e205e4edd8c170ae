package main

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func TestPercentile(t *testing.T) {
	hundred := make([]time.Duration, 100)
	for i := range hundred {
		hundred[i] = time.Duration(100 - i) // 100, 99, … 1
	}
	for _, c := range []struct {
		times []time.Duration
		p     float64
		want  time.Duration
	}{
		{hundred, 50, 50}, {hundred, 95, 95}, {hundred, 100, 100}, {hundred, 0, 1},
		{[]time.Duration{7}, 95, 7}, {[]time.Duration{1, 9}, 50, 1}, {[]time.Duration{1, 9}, 51, 9}, {nil, 95, 0},
	} {
		if got := percentile(c.times, c.p); got != c.want {
			t.Errorf("p%v of %d times: got %d, want %d", c.p, len(c.times), got, c.want)
		}
	}
}

func TestTheReportSaysWhatWasMetAndMissed(t *testing.T) {
	took := func(n time.Duration) [][]time.Duration {
		return [][]time.Duration{{n * time.Millisecond}, {n * time.Millisecond}}
	}
	results := []result{
		{page: page{name: "BaselineOneRowPage"}, bytes: 2048, rounds: took(4)},
		{page: page{name: "Quick", target: listTarget}, bytes: 4096, rounds: took(100)},
		{page: page{name: "Slow", target: listTarget}, bytes: 4096, rounds: took(101)},
		{page: page{name: "Missing", target: listTarget}},
	}
	var table, lines bytes.Buffer
	writeTable(&table, results)
	writeBenchmarks(&lines, results)
	for row, want := range map[string]string{"Baseline": "baseline", "Quick": "met", "Slow": "MISSED", "Missing": "no such page"} {
		found := false
		for line := range strings.Lines(table.String()) {
			found = found || strings.Contains(line, row) && strings.Contains(line, want)
		}
		if !found {
			t.Errorf("%s is not %q:\n%s", row, want, table.String())
		}
	}
	if !strings.Contains(table.String(), "25.0 x") {
		t.Errorf("no ratio to the baseline:\n%s", table.String())
	}
	if got := strings.Count(lines.String(), "BenchmarkQuick\t1\t100000000 ns/op\t"); got != 2 {
		t.Errorf("%d lines of a page with two rounds:\n%s", got, lines.String())
	}
	if strings.Contains(lines.String(), "Missing") {
		t.Error("a page that does not exist has figures")
	}
}
