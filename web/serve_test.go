package main

import (
	"bytes"
	"context"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"frontdesk/internal/testkit"
)

// output is what a running program printed.
type output struct {
	mu sync.Mutex
	bytes.Buffer
}

// Write collects.
func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.Buffer.Write(p)
}

func (o *output) text() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.String()
}

// running is a program that serves in this process.
type running struct {
	t    *testing.T
	stop context.CancelFunc
	done chan error
	out  *output
}

func start(t *testing.T, environ map[string]string) *running {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	r := &running{t: t, stop: stop, done: make(chan error, 1), out: &output{}}
	go func() { r.done <- run(ctx, []string{"serve"}, environ, r.out, r.out) }()
	testkit.Eventually(t, 40*time.Second, "the app says that it is ready", func() bool {
		select {
		case err := <-r.done:
			t.Fatalf("ended with %v:\n%s", err, r.out.text())
		default:
		}
		return strings.Contains(r.out.text(), "Frontdesk is ready.")
	})
	return r
}

// end stops the program as Ctrl-C does.
func (r *running) end() {
	r.t.Helper()
	began := time.Now()
	r.stop()
	if err := <-r.done; err != nil {
		r.t.Errorf("stopped with %v", err)
	}
	if took := time.Since(began); took > time.Minute {
		r.t.Errorf("stopping took %s", took)
	}
}

func status(t *testing.T, url string) int {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		return 0
	}
	defer res.Body.Close()               //nolint:errcheck // read whole
	_, _ = io.Copy(io.Discard, res.Body) // only the status matters
	return res.StatusCode
}

func TestServeBringsEverythingUpAndTakesItDown(t *testing.T) {
	dir := t.TempDir()
	environ := map[string]string{"APP_ENV": "test", "DATA_DIR": dir, "ADDR": "127.0.0.1:0", "SIM_ADDR": "127.0.0.1:0", "PATH": os.Getenv("PATH")}
	if err := os.WriteFile(demoFile(dir), []byte("stale"), 0o600); err != nil {
		t.Fatal(err)
	}
	app := start(t, environ)
	file := demoFile(dir)
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("demo.env: %v %v", info.Mode(), err)
	}
	demo := parseEnv(string(raw))
	for _, name := range strings.Fields(`APP_ENV DATA_DIR BASE_URL SIM_URL DATABASE_URL REDIS_URL ADMIN_TOKEN WHATSAPP_APP_SECRET WHATSAPP_VERIFY_TOKEN
		WHATSAPP_PHONE_ID CHATWOOT_WEBHOOK_TOKEN CHATWOOT_WEBHOOK_SECRET STRIPE_SECRET_KEY STRIPE_WEBHOOK_SECRET LOGIN_ADMIN LOGIN_PM LOGIN_OPERATOR
		LOGIN_FINANCE LOGIN_PRIVACY LOGIN_STYLIST LOGIN_STAKEHOLDER LOGIN_STYLIST_2 LOGIN_STYLIST_3 LOGIN_STYLIST_4 LOGIN_STYLIST_5 LOGIN_FINANCE_2 LOGIN_PM_2`) {
		if demo[name] == "" {
			t.Errorf("demo.env lacks %s", name)
		}
		if strings.HasPrefix(name, "LOGIN_") && !regexp.MustCompile(`^[^:\s]+@[^:\s]+:[A-Za-z0-9._~-]+$`).MatchString(demo[name]) {
			t.Errorf("%s is not email:password", name)
		}
	}
	if !strings.HasPrefix(demo["BASE_URL"], "http://localhost:") {
		t.Errorf("BASE_URL is %s", demo["BASE_URL"])
	}
	if got := status(t, demo["BASE_URL"]+"/readyz"); got != 200 {
		t.Errorf("readyz: got %d", got)
	}
	signIn(t, demo)
	if strings.Contains(app.out.text(), demo["STRIPE_SECRET_KEY"]) {
		t.Error("a secret was printed")
	}

	var refused bytes.Buffer
	if err := run(t.Context(), []string{"serve"}, environ, &refused, io.Discard); err == nil || !strings.Contains(err.Error(), "another Frontdesk runs") {
		t.Errorf("the same folder twice: got %v", err)
	}

	second := maps.Clone(demo)
	second["ADDR"] = "127.0.0.1:0"
	other := start(t, second)
	other.end()
	if _, err := os.Stat(file); err != nil {
		t.Errorf("a second process removed demo.env: %v", err)
	}
	if got := status(t, demo["BASE_URL"]+"/readyz"); got != 200 {
		t.Errorf("readyz beside a second process that ended: got %d", got)
	}

	app.end()
	if _, err := os.Stat(file); !os.IsNotExist(err) {
		t.Errorf("demo.env outlives the app: %v", err)
	}
	if got := status(t, demo["BASE_URL"]+"/healthz"); got != 0 {
		t.Errorf("the app still answers: %d", got)
	}

	began := time.Now()
	again := start(t, environ)
	t.Logf("second start took %s", time.Since(began).Round(time.Millisecond))
	defer again.end()
	raw, err = os.ReadFile(file)
	if err != nil || parseEnv(string(raw))["ADMIN_TOKEN"] != demo["ADMIN_TOKEN"] {
		t.Errorf("secrets changed between starts (%v)", err)
	}
}

// signIn proves that a login of demo.env opens.
func signIn(t *testing.T, demo map[string]string) {
	t.Helper()
	email, password, _ := strings.Cut(demo["LOGIN_OPERATOR"], ":")
	body := strings.NewReader(`{"email":"` + email + `","password":"` + password + `"}`)
	res, err := http.Post(demo["BASE_URL"]+"/session/token", "application/json", body)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // only the status matters
	if res.StatusCode != 200 {
		t.Errorf("demo login: got %d", res.StatusCode)
	}
}

func TestADefaultPortGivesWayAndAnAskedOneDoesNot(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close() //nolint:errcheck // nothing was sent
	c := Config{Addr: taken.Addr().String()}
	l, err := listen(t.Context(), c)
	if err != nil || l.Addr().String() == c.Addr {
		t.Fatalf("default port: got %v, %v", l, err)
	}
	_ = l.Close() // nothing was sent
	c.asked = map[string]string{"ADDR": c.Addr}
	if _, err := listen(t.Context(), c); err == nil {
		t.Error("a port that was asked for and is taken is not an error")
	}
}

func TestCommandsThatAreRefused(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		args    []string
		environ map[string]string
		want    string
	}{
		{"nothing", nil, nil, "unknown command"},
		{"unknown", []string{"fly"}, nil, "unknown command: fly"},
		{"half of a command", []string{"audit"}, nil, "unknown command: audit"},
		{"more than a command", []string{"serve", "now"}, nil, "unknown command: serve now"},
		{"production without anything", []string{"serve"}, map[string]string{"APP_ENV": "production"}, "DATABASE_URL is missing"},
		{"stand-ins in production", []string{"simulate"}, live(), "demo and test only"},
		{"stand-ins without an app", []string{"simulate"}, map[string]string{"APP_ENV": "test", "DATA_DIR": filepath.Join(os.TempDir(), "unused")}, "BASE_URL"},
	} {
		var out bytes.Buffer
		if err := run(t.Context(), tt.args, tt.environ, &out, io.Discard); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %s", tt.name, err, tt.want)
		}
	}
	var out bytes.Buffer
	if err := run(t.Context(), []string{"version"}, nil, &out, io.Discard); err != nil || out.Len() < 2 {
		t.Errorf("version: got %q, %v", out.String(), err)
	}
}
