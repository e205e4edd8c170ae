package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// How many people walk through the shop, and how many of them at once.
const (
	storyPeople = 300
	storyAtOnce = 10
	storyLimit  = 2 * time.Minute
)

// storyProfile is what k6 plays: looking around, a product, a cart, an order that is paid on delivery, calling it off.
// Each time it is somebody new.
const storyProfile = "scripts/load/k6-baseline.js"

// storyTargets are what the p95 of each step must stay within; k6 measures them apart.
func storyTargets() map[string]time.Duration {
	return map[string]time.Duration{"products": 200 * time.Millisecond, "cart": 200 * time.Millisecond, "init": 250 * time.Millisecond, "order": 200 * time.Millisecond}
}

// measureStory lets people go through the shop from the list to an order, and counts what they are answered.
func measureStory(ctx context.Context, b *bench) error {
	if err := b.sell(ctx, fewProducts); err != nil {
		return err
	}
	_, end, err := b.shopkeeping(ctx)
	if err != nil {
		return err
	}
	told, err := b.play(ctx)
	if err != nil {
		return err
	}
	right, asked := 0, 0
	for _, name := range slices.Sorted(maps.Keys(told.Group.Checks)) {
		c := told.Group.Checks[name]
		right, asked = right+c.Passes, asked+c.Passes+c.Fails
		b.beside("a story: "+name, fmt.Sprintf("%d of %d", c.Passes, c.Passes+c.Fails))
	}
	b.judge("a story: answers that are what was asked for", fmt.Sprintf("%d of %d", right, asked), "all", asked > 0 && right == asked)
	for _, route := range slices.Sorted(maps.Keys(storyTargets())) {
		took, target := told.Metrics["http_req_duration{route:"+route+"}"], storyTargets()[route]
		p50, p95 := fromMS(took["med"]), fromMS(took["p(95)"])
		b.judge("a story: "+route, fmt.Sprintf("p95 %s, p50 %s", ms(p95), ms(p50)), "p95 ≤ "+ms(target), p95 > 0 && p95 <= target)
		b.lines = append(b.lines, line{"Story" + strings.ToUpper(route[:1]) + route[1:], asked, []figure{{float64(p50), "p50-ns/op"}, {float64(p95), "p95-ns/op"}}})
	}
	return end()
}

// storyTold is what k6 says of a run.
type storyTold struct {
	Group struct {
		Checks map[string]struct{ Passes, Fails int } `json:"checks"`
	} `json:"root_group"`
	Metrics map[string]map[string]any `json:"metrics"`
}

// play runs the profile. That one of its own limits is missed is a figure and no failure.
func (b *bench) play(ctx context.Context) (told storyTold, err error) {
	people := storyPeople
	if b.quick {
		people /= 5
	}
	summary := filepath.Join(b.app.dir, "story.json")
	k6 := exec.CommandContext(ctx, "bin/k6", "run", "--quiet", "--no-usage-report", "--address", "", "--summary-export", summary, storyProfile)
	k6.Env = append(os.Environ(), "API_BASE="+b.app.base, "WHATSAPP_APP_SECRET=", "VUS="+strconv.Itoa(storyAtOnce), "ITERATIONS="+strconv.Itoa(people),
		fmt.Sprintf("SECONDS=%.0f", storyLimit.Seconds()))
	said, err := k6.CombinedOutput()
	const thresholds = 99 // how k6 ends when a limit is missed
	var ended *exec.ExitError
	if err != nil && (!errors.As(err, &ended) || ended.ExitCode() != thresholds) {
		return told, fmt.Errorf("run k6: %w\n%s", err, said)
	}
	raw, err := os.ReadFile(summary)
	if err != nil {
		return told, fmt.Errorf("read what k6 saw: %w\n%s", err, said)
	}
	if err := json.Unmarshal(raw, &told); err != nil {
		return told, fmt.Errorf("read what k6 saw: %w", err)
	}
	return told, nil
}

func fromMS(v any) time.Duration {
	n, _ := v.(float64)
	return time.Duration(n * float64(time.Millisecond))
}
