package simulator

import (
	"testing"
	"time"

	"frontdesk/internal/outage"
)

// The servers' faults reach every process through the board, end by "ok", by their time and by a reset,
// and leave the control interface at work.
func TestServersCanBeAway(t *testing.T) {
	b := newBench(t)
	must := func(call string, body map[string]any) {
		t.Helper()
		if status, answer := b.control(call, body); status != 200 {
			t.Fatalf("%s %v: got %d %v", call, body, status, answer)
		}
	}
	for _, m := range outage.Modes() {
		for _, service := range []outage.Service{outage.Postgres, outage.Redis} {
			must("fault", map[string]any{"service": service, "mode": m})
			if got := b.cfg.Outages.Now(service); got != m {
				t.Errorf("%s: got %q, want %q", service, got, m)
			}
		}
		for i, one := range b.faults.list() {
			if want := []string{"postgres", "redis"}[i]; one.Service != want || one.Mode != string(m) || one.Until != nil {
				t.Errorf("%s is listed as %+v", want, one)
			}
		}
		if n := len(b.faults.list()); n != 2 {
			t.Errorf("%s: %d services are said to be broken", m, n)
		}
		must("settle", map[string]any{"timeout_ms": 10_000})
	}
	must("fault", map[string]any{"service": outage.Redis, "mode": "ok"})
	if postgres, redis := b.cfg.Outages.Now(outage.Postgres), b.cfg.Outages.Now(outage.Redis); postgres != outage.Garbage || redis != "" {
		t.Errorf("after ok: got %q and %q", postgres, redis)
	}
	must("reset", map[string]any{})
	if got := b.cfg.Outages.Now(outage.Postgres); got != "" {
		t.Errorf("after a reset: got %q", got)
	}
	if err := b.cfg.Outages.Begin(outage.Redis, outage.Down, time.Time{}); err != nil {
		t.Fatal(err)
	}
	if err := b.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := b.cfg.Outages.Now(outage.Redis); got != "" {
		t.Errorf("after the stand-ins ended: got %q", got)
	}
}
