package main

import (
	"strings"
	"testing"
	"time"
)

func milliseconds(n ...int) (times []time.Duration) {
	for _, ms := range n {
		times = append(times, time.Duration(ms)*time.Millisecond)
	}
	return times
}

func TestTheReportSaysWhatWasMetAndMissed(t *testing.T) {
	r := &report{section: "pages", facts: []string{"cores: 2", "no colon here"}}
	r.page(result{page: page{name: "Quick", target: listTarget}, rounds: [][]time.Duration{milliseconds(100), milliseconds(100)}}, 4*time.Millisecond)
	r.page(result{page: page{name: "Slow", target: listTarget}, rounds: [][]time.Duration{milliseconds(101)}}, 4*time.Millisecond)
	r.page(result{page: page{name: "Missing", target: listTarget}}, 4*time.Millisecond)
	r.section = "turns"
	r.within("none at all", nil, time.Second)
	r.judge("share", "0.31", "≥ 0.3", true)
	r.beside("so many", "7")
	r.say("limited by %s", "the CPU")
	r.figure("Rate", 12.5, "turns/s")

	var lines, page strings.Builder
	r.benchmarks(&lines)
	r.markdown(&page)
	for what, want := range map[string]string{
		"a target that is just met":   "| Quick | p95 100.0 ms, p50 100.0 ms, 25.0 x a one-row page | p95 ≤ 100.0 ms | met |",
		"a target that is missed":     "| Slow | p95 101.0 ms, p50 101.0 ms, 25.2 x a one-row page | p95 ≤ 100.0 ms | MISSED |",
		"nothing measured is not met": "| none at all | p95 0.0 ms, p50 0.0 ms | p95 ≤ 1000.0 ms | MISSED |",
		"a judged figure":             "| share | 0.31 | ≥ 0.3 | met |",
		"a figure without a target":   "| so many | 7 |  |  |",
		"a sentence":                  "- limited by the CPU\n",
	} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("%s: no %q in\n%s", what, want, page.String())
		}
	}
	for _, want := range []string{"\ncores: 2\n", "\nBenchmarkRate\t1\t12.500 turns/s\n", "\nBenchmarkSlow\t1\t101000000 ns/op\t101000000 p50-ns/op\t101000000 p95-ns/op\n"} {
		if !strings.Contains(lines.String(), want) {
			t.Errorf("no %q in\n%s", want, lines.String())
		}
	}
	if got := strings.Count(lines.String(), "BenchmarkQuick\t1\t"); got != 2 {
		t.Errorf("%d lines of a page with two rounds, want 2", got)
	}
	if strings.Contains(lines.String(), "Missing") || strings.Contains(lines.String(), "no colon") {
		t.Errorf("what is no figure is among them:\n%s", lines.String())
	}
}

func TestSectionsAreChosenByName(t *testing.T) {
	all, err := chosen("")
	if err != nil || len(all) != len(sections()) {
		t.Errorf("nothing said: %d sections, %v; want all", len(all), err)
	}
	some, err := chosen("turns,acks")
	if err != nil || len(some) != 2 || some[0].name != "turns" || some[1].name != "acks" {
		t.Errorf("turns,acks: got %d sections, %v", len(some), err)
	}
	if _, err := chosen("turns,naps"); err == nil || !strings.Contains(err.Error(), "naps") {
		t.Errorf("a section that does not exist: got %v", err)
	}
}
