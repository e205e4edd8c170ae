package handlers

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"frontdesk/internal/database"
	"frontdesk/internal/testkit"
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
		r.DB, r.Queue = broken, testkit.Queue(t, broken)
		r.Workers = func() error { return nil }
	})
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
	if res := a.call("GET", "/queue/health", nil); res.StatusCode != 503 || res.code(t) != "redis_unavailable" {
		t.Errorf("queue: got %d %s", res.StatusCode, res.body)
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
