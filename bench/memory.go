package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// An hour of a busy salon: a hundred customers who write thirty messages each, three thousand turns. It is
// played as fast as is comfortable, in quarters, so that growth shows as growth from quarter to quarter.
const (
	hourTurns    = 3000
	hourQuarters = 4
	hourRate     = 50 // turns a second
)

// footprint is what the first process holds.
type footprint struct{ resident, heap, goroutines float64 }

func (f footprint) String() string {
	return fmt.Sprintf("%s resident, %s heap in use, %.0f goroutines", mb(f.resident), mb(f.heap), f.goroutines)
}

// measureMemory starts a process of its own, because the one that was measured so far has never rested.
func measureMemory(ctx context.Context, b *bench) error {
	fresh, err := b.app.startBeside(ctx, b.program, b.handset.url)
	if err != nil {
		return err
	}
	defer fresh.stop()
	b.handset.speakTo(fresh)
	defer b.handset.speakTo(b.app)
	rest, err := fresh.footprint(ctx)
	if err != nil {
		return err
	}
	b.footprint("MemoryAtRest", "at rest", rest)
	seen := []footprint{rest}
	for quarter := range hourQuarters {
		turns := hourTurns / hourQuarters
		if b.quick {
			turns /= 5
		}
		people := int(hourRate * turnEvery.Seconds())
		if _, err := b.talk(ctx, conversations{people: people, length: time.Duration(turns) * time.Second / hourRate}); err != nil {
			return err
		}
		if err := b.quiet(ctx); err != nil {
			return err
		}
		now, err := fresh.footprint(ctx)
		if err != nil {
			return err
		}
		b.footprint(fmt.Sprintf("MemoryAfterQuarter%d", quarter+1), fmt.Sprintf("after quarter %d of an hour's %d turns", quarter+1, hourTurns), now)
		seen = append(seen, now)
	}
	last, before := seen[len(seen)-1], seen[len(seen)-2]
	b.judge("growth in the last quarter", fmt.Sprintf("%s resident, %+.0f goroutines", mb(last.resident-before.resident), last.goroutines-before.goroutines),
		"≤ 5 %, ≤ 10 goroutines", last.resident <= before.resident*1.05 && last.goroutines <= before.goroutines+10)
	return nil
}

func (b *bench) footprint(name, what string, f footprint) {
	b.lines = append(b.lines, line{name, 1, []figure{{f.resident, "resident-bytes"}, {f.heap, "heap-bytes"}, {f.goroutines, "goroutines"}}})
	b.beside(what, f.String())
}

// footprint reads the process's own figures.
func (a *app) footprint(ctx context.Context) (f footprint, err error) {
	_, body, err := a.get(ctx, "/metrics")
	if err != nil {
		return f, err
	}
	for name, into := range map[string]*float64{
		"process_resident_memory_bytes": &f.resident, "go_memstats_heap_inuse_bytes": &f.heap, "go_goroutines": &f.goroutines,
	} {
		if *into, err = metric(string(body), name); err != nil {
			return f, err
		}
	}
	return f, nil
}

// metric is the value of a figure without labels in the text format of Prometheus.
func metric(text, name string) (float64, error) {
	for line := range strings.Lines(text) {
		if value, ok := strings.CutPrefix(line, name+" "); ok {
			v, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
			if err != nil {
				return 0, fmt.Errorf("read %s: %w", name, err)
			}
			return v, nil
		}
	}
	return 0, fmt.Errorf("the program has no figure %s", name)
}
