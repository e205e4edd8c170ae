// Package harness starts the built program the way a person would and talks to it from outside:
// webhooks and pages over HTTP, customers through the stand-ins' control interface.
package harness

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
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
	// they remember. The app's processes, one at first, then stand behind a balancer (Front), and
	// that is where webhooks go.
	StandInsApart bool
	// Database changes the URL the app (not the stand-ins) reaches its database through.
	Database func(url string) string
	// Postgres and Redis are servers of the test's own, which it may stop and start [those that all tests share,
	// and one for this app].
	Postgres, Redis *Server
	// Env is added to the environment.
	Env []string
}

// App is a running program with a database and Redis of its own: one process, and those that Another
// adds.
type App struct {
	// BaseURL is where people and webhooks reach the app: the Front when there is one, else the first
	// process.
	BaseURL, SimURL string
	Env             map[string]string // demo.env
	DatabaseURL     string
	DataDir         string

	t         testing.TB
	options   Options
	redis     string
	begun     *time.Time // of the story, by the stand-ins' clock
	front     *Front
	processes []*Process
	sims      *exec.Cmd
}

// program builds the program once per test process, and it is gone with that process, however it ends.
var program = sync.OnceValues(func() (p built, err error) {
	dir, err := os.MkdirTemp("", "frontdesk-bin-*")
	if err != nil {
		return p, err
	}
	if p.kept, err = removedWithUs(dir); err != nil {
		return p, errors.Join(err, os.RemoveAll(dir))
	}
	p.file = filepath.Join(dir, "frontdesk")
	cmd := exec.Command("go", "build", "-o", p.file, "./web")
	cmd.Dir = Root()
	if out, err := cmd.CombinedOutput(); err != nil {
		return p, fmt.Errorf("build the program: %w: %s", err, out)
	}
	return p, nil
})

// built is the program, and the line that keeps it.
type built struct {
	file string
	kept io.Closer
}

// Root is the project's folder.
func Root() string {
	_, here, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(here), "..", "..")
}

// Start brings the program up and waits until it is ready. Everything ends with the test.
func Start(t testing.TB, o Options) *App {
	t.Helper()
	a := &App{t: t, options: o, DataDir: t.TempDir(), begun: new(time.Time)}
	if o.Postgres == nil {
		a.DatabaseURL = testkit.DatabaseURL(t)
	} else {
		a.DatabaseURL = o.Postgres.URL()
	}
	if o.Redis == nil {
		o.Redis = OwnRedis(t)
	}
	a.redis = o.Redis.URL()
	t.Cleanup(a.Stop)
	if o.StandInsApart {
		a.front = startFront(t)
		a.BaseURL, a.SimURL = a.front.URL, "http://"+freeAddr(t)
		a.startStandIns()
	}
	a.add(o)
	a.readEnv()
	return a
}

// For is the same program for a subtest, which fails for what goes wrong in it.
func (a *App) For(t testing.TB) *App {
	of := *a
	of.t = t
	return &of
}

func (a *App) startStandIns() {
	env := append(a.baseEnv(a.DatabaseURL), "SIM_ADDR="+strings.TrimPrefix(a.SimURL, "http://"), "BASE_URL="+a.BaseURL)
	a.sims = a.command("simulate", "simulate", env)
	Until(a.t, "the stand-ins answer", func() bool {
		res, err := http.Get(a.SimURL + "/control/outbox")
		if err != nil {
			return false
		}
		_ = res.Body.Close()
		return res.StatusCode == http.StatusOK
	})
}

// mailEnv names the mail server of stand-ins that are a process of their own, which they print: demo.env
// names it otherwise.
func (a *App) mailEnv() (env []string) {
	if !a.options.StandInsApart {
		return nil
	}
	Until(a.t, "the stand-ins say where their mail server is", func() bool {
		printed, err := os.ReadFile(a.LogFile("simulate"))
		_, line, found := strings.Cut(string(printed), "mail at ")
		addr, _, whole := strings.Cut(line, "\n")
		env = []string{"MAIL_ADDR=" + addr, "MAIL_SECURITY=none"}
		return err == nil && found && whole
	})
	return env
}

func (a *App) baseEnv(database string) []string {
	env := []string{"APP_ENV=test", "DATA_DIR=" + a.DataDir, "DATABASE_URL=" + database, "REDIS_URL=" + a.redis, "SEND_GRACE=6s", "LOG_LEVEL=info"}
	return append(env, a.options.Env...)
}

// command starts a subcommand of the program; what it prints goes to the log file of the given name.
func (a *App) command(sub, name string, env []string) *exec.Cmd {
	a.t.Helper()
	p, err := program()
	if err != nil {
		a.t.Fatal(err)
	}
	log, err := os.OpenFile(a.LogFile(name), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		a.t.Fatal(err)
	}
	defer log.Close() //nolint:errcheck // the child has its own handle
	cmd := exec.Command(p.file, sub)
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "TMPDIR=" + os.TempDir()}, env...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		a.t.Fatal(err)
	}
	return cmd
}

// LogFile is what a process printed: "serve", "serve-2" … or "simulate".
func (a *App) LogFile(name string) string { return filepath.Join(a.DataDir, name+".log") }

// readEnv reads demo.env, which is written when the app is ready.
func (a *App) readEnv() {
	a.t.Helper()
	if a.options.StandInsApart {
		a.Env = map[string]string{"BASE_URL": a.BaseURL, "SIM_URL": a.SimURL}
		a.readLogins()
		return
	}
	var raw []byte
	Until(a.t, "demo.env is written", func() bool {
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

// readLogins takes the demo logins from what the first process printed, under demo.env's names: a
// process that starts no stand-ins writes no demo.env.
func (a *App) readLogins() {
	a.t.Helper()
	Until(a.t, "the demo logins are printed", func() bool {
		printed, err := os.ReadFile(a.LogFile(a.First().name))
		for line := range strings.Lines(string(printed)) {
			login := strings.Fields(line) // role, address, password
			if len(login) != 3 || !strings.Contains(login[1], "@") {
				continue
			}
			name := "LOGIN_" + strings.ToUpper(login[0])
			for n := 2; a.Env[name] != "" && a.Env[name] != login[1]+":"+login[2]; n++ {
				name = fmt.Sprintf("LOGIN_%s_%d", strings.ToUpper(login[0]), n)
			}
			a.Env[name] = login[1] + ":" + login[2]
		}
		return err == nil && bytes.Contains(printed, []byte("Ctrl-C stops everything."))
	})
}

// First is the app's first process.
func (a *App) First() *Process { return a.processes[0] }

// Kill ends the first process at once, as kill -9 does.
func (a *App) Kill() { a.First().Kill() }

// Launch starts the first process again after Kill, on the same data and address.
func (a *App) Launch() {
	a.t.Helper()
	a.First().Launch()
	a.readEnv()
}

// Process is the first process's id.
func (a *App) Process() int { return a.First().PID() }

// Stop ends the processes the harness started.
func (a *App) Stop() {
	for _, p := range a.processes {
		if p.cmd == nil {
			continue
		}
		if _, ended := terminate(p.cmd); !ended {
			a.t.Errorf("%s did not stop within %s of SIGTERM", p.name, stopTime)
		}
		p.cmd = nil
	}
	if a.sims != nil {
		_, _ = terminate(a.sims) // its requests may hang for as long as a fault lasts
		a.sims = nil
	}
	if a.t.Failed() {
		a.showLogs()
	}
}

func (a *App) showLogs() {
	names := []string{"simulate"}
	for _, p := range a.processes {
		names = append(names, p.name)
	}
	for _, name := range names {
		if log, err := os.ReadFile(a.LogFile(name)); err == nil {
			a.t.Logf("%s printed:\n%s", name, last(log, 6000))
		}
	}
}

func freeAddr(t testing.TB) string {
	t.Helper()
	port, err := localservers.FreePort()
	if err != nil {
		t.Fatal(err)
	}
	return "127.0.0.1:" + strconv.Itoa(port)
}

func last(b []byte, n int) string {
	if len(b) > n {
		b = b[len(b)-n:]
	}
	return string(b)
}
