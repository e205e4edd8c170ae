// Package harness starts the built program the way a person would and talks to it from outside:
// webhooks and pages over HTTP, customers through the stand-ins' control interface.
package harness

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"frontdesk/internal/localservers"
	"frontdesk/internal/testkit"
)

// Options say how the program is run.
type Options struct {
	// StandInsApart runs the stand-ins in a process of their own, so that the app can be killed and
	// they remember.
	StandInsApart bool
	// Database changes the URL the app (not the stand-ins) reaches its database through.
	Database func(url string) string
	// Env is added to the environment.
	Env []string
}

// App is a running program with a database and Redis of its own.
type App struct {
	BaseURL, SimURL string
	Env             map[string]string // demo.env
	DatabaseURL     string
	DataDir         string

	t       testing.TB
	options Options
	redis   string
	addr    string
	app     *exec.Cmd
	sims    *exec.Cmd
}

// program builds the program once per test process.
var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "frontdesk-bin-*")
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, "frontdesk")
	cmd := exec.Command("go", "build", "-o", file, "./web")
	cmd.Dir = Root()
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the program: %w: %s", err, out)
	}
	return file, nil
})

// Root is the project's folder.
func Root() string {
	_, here, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(here), "..", "..")
}

// Start brings the program up and waits until it is ready. Everything ends with the test.
func Start(t testing.TB, o Options) *App {
	t.Helper()
	a := &App{t: t, options: o, DatabaseURL: testkit.DatabaseURL(t), DataDir: t.TempDir(), addr: freeAddr(t)}
	redis, err := localservers.Start(context.Background(), localservers.Options{DataDir: filepath.Join(a.DataDir, "servers"), Fast: true, RedisOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(redis.Stop)
	a.redis = redis.RedisURL
	t.Cleanup(a.Stop)
	if o.StandInsApart {
		a.SimURL = "http://" + freeAddr(t)
		a.startStandIns()
	}
	a.Launch()
	return a
}

// For is the same program for a subtest, which fails for what goes wrong in it.
func (a *App) For(t testing.TB) *App {
	of := *a
	of.t = t
	return &of
}

// Launch starts the app's process and waits for GET /readyz. After Kill it starts it again on the
// same data and address.
func (a *App) Launch() {
	a.t.Helper()
	url := a.DatabaseURL
	if a.options.Database != nil {
		url = a.options.Database(url)
	}
	env := append(a.baseEnv(url), "ADDR="+a.addr)
	if a.options.StandInsApart {
		env = append(env, "SIM_URL="+a.SimURL)
	} else {
		env = append(env, "SIM_ADDR="+freeAddr(a.t))
	}
	a.app = a.command("serve", env)
	a.waitReady()
	a.readEnv()
}

func (a *App) startStandIns() {
	env := append(a.baseEnv(a.DatabaseURL), "SIM_ADDR="+strings.TrimPrefix(a.SimURL, "http://"), "BASE_URL=http://"+a.addr)
	a.sims = a.command("simulate", env)
	testkit.Eventually(a.t, 20*time.Second, "the stand-ins answer", func() bool {
		res, err := http.Get(a.SimURL + "/control/outbox")
		if err != nil {
			return false
		}
		_ = res.Body.Close()
		return res.StatusCode == http.StatusOK
	})
}

func (a *App) baseEnv(database string) []string {
	env := []string{"APP_ENV=test", "DATA_DIR=" + a.DataDir, "DATABASE_URL=" + database, "REDIS_URL=" + a.redis, "SEND_GRACE=6s", "LOG_LEVEL=info"}
	return append(env, a.options.Env...)
}

func (a *App) command(sub string, env []string) *exec.Cmd {
	a.t.Helper()
	file, err := program()
	if err != nil {
		a.t.Fatal(err)
	}
	log, err := os.OpenFile(a.LogFile(sub), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		a.t.Fatal(err)
	}
	defer log.Close() //nolint:errcheck // the child has its own handle
	cmd := exec.Command(file, sub)
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "TMPDIR=" + os.TempDir()}, env...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		a.t.Fatal(err)
	}
	return cmd
}

// LogFile is what a process printed.
func (a *App) LogFile(sub string) string { return filepath.Join(a.DataDir, sub+".log") }

func (a *App) waitReady() {
	a.t.Helper()
	ready := func() bool {
		res, err := http.Get("http://" + a.addr + "/readyz")
		if err != nil {
			return false
		}
		_ = res.Body.Close()
		return res.StatusCode == http.StatusOK
	}
	deadline := time.Now().Add(3 * time.Minute)
	for !ready() {
		if time.Now().After(deadline) {
			tail, _ := os.ReadFile(a.LogFile("serve"))
			a.t.Fatalf("the app is not ready:\n%s", last(tail, 4000))
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// readEnv reads demo.env, which is written when the app is ready.
func (a *App) readEnv() {
	a.t.Helper()
	a.BaseURL = "http://" + a.addr
	if a.options.StandInsApart {
		a.Env = map[string]string{"BASE_URL": a.BaseURL, "SIM_URL": a.SimURL}
		return
	}
	var raw []byte
	testkit.Eventually(a.t, 10*time.Second, "demo.env is written", func() bool {
		b, err := os.ReadFile(filepath.Join(a.DataDir, "demo.env"))
		raw = b
		return err == nil && bytes.Contains(b, []byte("SIM_URL="))
	})
	a.Env = map[string]string{}
	lines := bufio.NewScanner(bytes.NewReader(raw))
	for lines.Scan() {
		if key, value, ok := strings.Cut(lines.Text(), "="); ok {
			a.Env[key] = strings.Trim(value, `'"`)
		}
	}
	a.SimURL = a.Env["SIM_URL"]
	a.BaseURL = a.Env["BASE_URL"]
}

// Kill ends the app at once, as kill -9 does.
func (a *App) Kill() {
	if a.app != nil {
		_ = a.app.Process.Kill() // it may be gone already: that is the point of some tests
		_ = a.app.Wait()
		a.app = nil
	}
}

// Process is the app's process id.
func (a *App) Process() int { return a.app.Process.Pid }

// Stop ends the processes the harness started.
func (a *App) Stop() {
	for _, cmd := range []**exec.Cmd{&a.app, &a.sims} {
		if *cmd == nil {
			continue
		}
		_ = (*cmd).Process.Signal(syscall.SIGTERM)
		done := make(chan struct{})
		go func(c *exec.Cmd) { _ = c.Wait(); close(done) }(*cmd)
		select {
		case <-done:
		case <-time.After(15 * time.Second):
			_ = (*cmd).Process.Kill()
			<-done
			a.t.Error("the program did not stop within 15 seconds of SIGTERM")
		}
		*cmd = nil
	}
	if a.t.Failed() {
		for _, sub := range []string{"serve", "simulate"} {
			if log, err := os.ReadFile(a.LogFile(sub)); err == nil {
				a.t.Logf("%s printed:\n%s", sub, last(log, 6000))
			}
		}
	}
}

func freeAddr(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // nothing was sent
	return l.Addr().String()
}

func last(b []byte, n int) string {
	if len(b) > n {
		b = b[len(b)-n:]
	}
	return string(b)
}
