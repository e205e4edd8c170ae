package main

import (
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

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		figures []float64
		want    float64
	}{{nil, 0}, {[]float64{3}, 3}, {[]float64{9, 1, 5}, 5}, {[]float64{4, 1, 9, 2}, 3}} {
		if got := median(c.figures); got != c.want {
			t.Errorf("median of %v: got %v, want %v", c.figures, got, c.want)
		}
	}
}

func TestPairsAreComparedOneByOne(t *testing.T) {
	// The machine got ten times busier after the second pair: the figures differ by that, the ratios do not.
	p := pairs{{1000, 1000}, {1000, 950}, {100, 99}}
	if got := p.ratio(); got != 0.99 {
		t.Errorf("ratio: got %v, want 0.99", got)
	}
	if one, two := median(p.of(0)), median(p.of(1)); one != 1000 || two != 950 {
		t.Errorf("medians: got %v and %v, want 1000 and 950", one, two)
	}
}

func TestAFifthOrTenMilliseconds(t *testing.T) {
	for smaller, want := range map[time.Duration]time.Duration{
		20 * time.Millisecond: 30 * time.Millisecond, 50 * time.Millisecond: 60 * time.Millisecond, 100 * time.Millisecond: 120 * time.Millisecond,
	} {
		if got := most(smaller); got != want {
			t.Errorf("beside %s: got %s, want %s", smaller, got, want)
		}
	}
}

func TestMetricsAreReadByTheirWholeName(t *testing.T) {
	const text = "# HELP go_goroutines Number.\ngo_goroutines_max 9\ngo_goroutines 41\nbytes 2.5e+07\n"
	for name, want := range map[string]float64{"go_goroutines": 41, "bytes": 2.5e7} {
		if got, err := metric(text, name); err != nil || got != want {
			t.Errorf("%s: got %v, %v; want %v", name, got, err, want)
		}
	}
	if _, err := metric(text, "threads"); err == nil {
		t.Error("a figure that is not there was read")
	}
}

func TestAFastRefusalIsNoAnswer(t *testing.T) {
	c, err := readCeiling("Running 2s test\nmeasured 8000 2000000 0 4000 9000\n", "http://here/")
	if err != nil || c.requests != 8000 || c.perSecond != 4000 || c.p50 != 4*time.Millisecond || c.p95 != 9*time.Millisecond {
		t.Errorf("got %+v, %v", c, err)
	}
	for _, said := range []string{"measured 8000 2000000 1 4000 9000\n", "measured 0 2000000 0 0 0\n", "unable to connect\n", ""} {
		if _, err := readCeiling(said, "http://here/"); err == nil {
			t.Errorf("%q was taken for an answer", said)
		}
	}
}
