package main

import (
	"context"
	_ "embed" // what wrk asks
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

//go:embed wrk.lua
var wrkScript []byte

// asking is what wrk asks, on so many connections that never rest.
type asking struct {
	connections int
	method      string // GET without one
	url         string
	body        string // may say PRODUCT
	// visitor is the number of the first visitor where each request is another's; 0: nobody's.
	visitor int
}

// ceiling is what wrk saw: how much at most, and how long it took then.
type ceiling struct {
	requests  int
	perSecond float64
	p50, p95  time.Duration
}

// ceiling asks for a while as fast as answers come. Whatever is not a success is an error: a fast refusal is
// no answer.
func (b *bench) ceiling(ctx context.Context, a asking, length time.Duration) (ceiling, error) {
	if a.method == "" {
		a.method = "GET"
	}
	script := filepath.Join(b.app.dir, "wrk.lua")
	if err := os.WriteFile(script, wrkScript, 0o600); err != nil {
		return ceiling{}, fmt.Errorf("write what wrk asks: %w", err)
	}
	args := []string{
		"-t1", fmt.Sprintf("-c%d", a.connections), fmt.Sprintf("-d%.0fs", max(1, length.Seconds())), "--timeout", "10s", "-s", script, a.url,
		"--", a.method, a.body, strconv.Itoa(fewProducts),
	}
	if a.visitor > 0 {
		args = append(args, strconv.Itoa(a.visitor))
	}
	said, err := exec.CommandContext(ctx, "wrk", args...).CombinedOutput() // what we write ourselves
	if errors.Is(err, exec.ErrNotFound) {
		return ceiling{}, errors.New("needs wrk: apt-get install wrk")
	}
	if err != nil {
		return ceiling{}, fmt.Errorf("run wrk: %w\n%s", err, said)
	}
	return readCeiling(string(said), a.url)
}

// readCeiling reads what the script wrote at the end.
func readCeiling(said, url string) (ceiling, error) {
	var took, failed, p50, p95 int64 // microseconds
	var c ceiling
	_, line, _ := strings.Cut(said, "measured ")
	if _, err := fmt.Sscan(line, &c.requests, &took, &failed, &p50, &p95); err != nil {
		return c, fmt.Errorf("read what wrk saw: %w\n%s", err, said)
	}
	if failed > 0 || c.requests == 0 || took == 0 {
		return c, fmt.Errorf("%s: %d of %d requests failed", url, failed, c.requests)
	}
	c.perSecond = float64(c.requests) / (float64(took) / 1e6)
	c.p50, c.p95 = time.Duration(p50)*time.Microsecond, time.Duration(p95)*time.Microsecond
	return c, nil
}

// contest is one thing measured beside another, in turn, over and over, so that what disturbs the machine
// disturbs both.
type contest struct {
	name, what string
	base, ours func(round int) asking
	share      float64       // ours must reach of the base
	p95        time.Duration // ours must stay within; 0: nothing is asked
	after      func(ceiling) // told what ours did in a round; nil: nobody is
	rounds     int
	length     time.Duration // of each
}

// contest measures, reports and judges. It gives the p95 of the middle round.
func (b *bench) contest(ctx context.Context, c contest) (p95 time.Duration, err error) {
	var shares, base, ours, p50s, p95s, baseCosts, costs []float64
	watch := watching(b)
	for round := range c.rounds {
		low, lowCost, err := b.costOf(ctx, c.base(round), b.scaled(c.length))
		if err != nil {
			return 0, err
		}
		high, cost, err := b.costOf(ctx, c.ours(round), b.scaled(c.length))
		if err != nil {
			return 0, err
		}
		baseCosts, costs = append(baseCosts, float64(lowCost)), append(costs, float64(cost))
		if c.after != nil {
			c.after(high)
		}
		shares, base, ours = append(shares, high.perSecond/low.perSecond), append(base, low.perSecond), append(ours, high.perSecond)
		p50s, p95s = append(p50s, float64(high.p50)), append(p95s, float64(high.p95))
		b.lines = append(b.lines, line{c.name, high.requests, []figure{
			{float64(time.Second) / high.perSecond, "ns/op"}, {float64(high.p50), "p50-ns/op"}, {float64(high.p95), "p95-ns/op"},
			{high.perSecond, "requests/s"}, {high.perSecond / low.perSecond, "share-of-base"}, {float64(cost), "cpu-ns/op"},
		}})
	}
	watch.report(c.what)
	share := median(shares)
	b.judge(c.what, fmt.Sprintf("%.2f (%.0f/s, %.0f/s)", share, median(ours), median(base)), fmt.Sprintf("≥ %.2f", c.share), share >= c.share)
	p95 = time.Duration(median(p95s))
	got := fmt.Sprintf("p95 %s, p50 %s", ms(p95), ms(time.Duration(median(p50s))))
	if c.p95 > 0 {
		b.judge("… as fast as it goes", got, "p95 ≤ "+ms(c.p95), p95 <= c.p95)
	} else {
		b.beside("… as fast as it goes", got)
	}
	b.beside("… processor time of a request, and of the baseline's", fmt.Sprintf("%.0f µs, %.0f µs", median(costs)/1000, median(baseCosts)/1000))
	return p95, nil
}

// costOf is ceiling with what a request cost the machine beside the load: the time that the program, the baseline, Postgres
// and Redis had of the processor. It says the same however much else the machine has to do.
func (b *bench) costOf(ctx context.Context, a asking, length time.Duration) (had ceiling, each time.Duration, err error) {
	all := append(b.groups(), group{name: "the baseline", pids: b.baseline})
	spent := func() (sum time.Duration) {
		for _, g := range all {
			if !g.alone {
				sum += g.cpu()
			}
		}
		return sum
	}
	before := spent()
	if had, err = b.ceiling(ctx, a, length); err != nil {
		return had, 0, err
	}
	return had, (spent() - before) / time.Duration(had.requests), nil
}
