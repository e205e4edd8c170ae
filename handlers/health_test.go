package handlers

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"frontdesk/internal/database"
	"frontdesk/internal/testkit"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

func TestHealthNamesWhatIsMissingAndNothingMore(t *testing.T) {
	t.Parallel()
	url := testkit.DatabaseURL(t)
	var broken *database.DB
	a := newApp(t, func(_ *Settings, r *Rooms) {
		var err error
		if broken, err = database.Open(t.Context(), url, database.Options{}); err != nil {
			t.Fatal(err)
		}
		r.DB, r.Queue = broken, queue.New(broken)
		r.Workers = func() error { return nil }
	})
	a.keepWork = 0 // each look is a new one
	for _, path := range []string{"/healthz", "/readyz", "/health", "/db/health", "/queue/health"} {
		if res := a.call("GET", path, nil); res.StatusCode != 200 || res.json(t)["ok"] != true {
			t.Errorf("%s: got %d %s, want 200", path, res.StatusCode, res.body)
		}
	}
	broken.Close()
	for path, want := range map[string]string{
		"/readyz": `"missing":["database","migrations"]`, "/health": `"database":"down"`,
		"/db/health": `"code":"db_unavailable"`, "/queue/health": `"code":"db_unavailable"`,
	} {
		res := a.call("GET", path, nil)
		if res.StatusCode != 503 || !strings.Contains(res.body, want) {
			t.Errorf("%s: got %d %s, want 503 with %s", path, res.StatusCode, res.body, want)
		}
		for _, leak := range []string{"127.0.0.1", "pool", "postgres", "fd_"} {
			if strings.Contains(res.body, leak) {
				t.Errorf("%s tells %q", path, leak)
			}
		}
	}
	if res := a.call("GET", "/healthz", nil); res.StatusCode != 200 {
		t.Errorf("healthz without a database: got %d, want 200", res.StatusCode)
	}
	if res := a.call("GET", "/metrics", nil); res.StatusCode != 200 {
		t.Errorf("metrics without a database: got %d, want 200", res.StatusCode)
	}
}

func TestHealthWithoutRedisOrWorkersOrMigrations(t *testing.T) {
	t.Parallel()
	a := newApp(t, func(_ *Settings, r *Rooms) { r.Workers = func() error { return errors.New("no beat for 20s") } })
	a.Redis.Client.Close()
	if err := a.DB.On(t.Context()).Exec("DELETE FROM goose_db_version WHERE version_id = (SELECT max(version_id) FROM goose_db_version)").Error; err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	res := a.call("GET", "/readyz", nil)
	if got := fmt.Sprint(res.json(t)["missing"]); res.StatusCode != 503 || got != "[migrations redis workers]" {
		t.Errorf("got %d %s", res.StatusCode, res.body)
	}
	if took := time.Since(start); took > 30*time.Second {
		t.Errorf("a probe waited %s", took)
	}
}

// Nobody waits for the archiving, so its silence is told: to who watches the program, and to the team.
func TestArchivingFallsSilent(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	noted := func(ago time.Duration) {
		s.must(s.DB.On(t.Context()).Exec(`INSERT INTO archive_runs (ran_at, archived, failed) VALUES (?, 3, 0)
			ON CONFLICT (single) DO UPDATE SET ran_at = excluded.ran_at`, s.Clock.Machine().Add(-ago)).Error)
	}
	s.started = s.Clock.Machine().Add(-3 * time.Hour)
	for _, c := range []struct {
		ago    time.Duration
		status int
	}{{time.Hour, 200}, {91 * time.Minute, 503}} {
		noted(c.ago)
		res := s.call("GET", "/health", nil)
		if down := strings.Contains(res.body, `"archive":"down"`); res.StatusCode != c.status || down != (c.status == 503) {
			t.Errorf("%s without a run: got %d %s, want %d", c.ago, res.StatusCode, res.body, c.status)
		}
		for role, sees := range map[models.Role]bool{"pm": c.status == 503, "operator": c.status == 503, "stylist": false} {
			if got := s.see(role, "/console").doc(t).Find("[data-key=archive]").Length() == 1; got != sees {
				t.Errorf("%s without a run: %s is told %v, want %v", c.ago, role, got, sees)
			}
		}
		if res := s.call("GET", "/readyz", nil); res.StatusCode != 200 {
			t.Errorf("requests are still taken: got %d", res.StatusCode)
		}
	}
}

func TestShapesThatMonitorsRead(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	alive := a.call("GET", "/healthz", nil).json(t)
	for _, key := range []string{"ok", "service", "version", "uptimeSeconds", "now"} {
		if alive[key] == nil {
			t.Errorf("healthz lacks %s", key)
		}
	}
	queues, _ := a.call("GET", "/queue/health", nil).json(t)["queues"].(map[string]any)
	counts, _ := queues["whatsapp"].(map[string]any)
	for _, key := range []string{"wait", "active", "completed", "failed", "delayed"} {
		if counts[key] != 0.0 {
			t.Errorf("queue/health %s: got %v, want 0", key, counts[key])
		}
	}
	a.call("GET", "/no/447700900101", nil)
	a.call("POST", "/webhook/whatsapp", nil)
	for _, path := range []string{"/health/metrics", "/metrics", "/health/metrics?format=prometheus"} {
		res := a.call("GET", path, nil)
		if strings.Contains(res.body, "900101") {
			t.Errorf("%s repeats a path", path)
		}
		for _, want := range []string{"unknown", "/webhook/whatsapp", "401"} {
			if !strings.Contains(res.body, want) {
				t.Errorf("%s lacks %s", path, want)
			}
		}
	}
}
