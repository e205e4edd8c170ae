package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"
)

// app is a running process of the program and a browser in which somebody is signed in.
type app struct {
	program  string
	settings []string // beside the environment's
	base     string   // where it answers
	database string
	env      map[string]string // of demo.env
	client   *http.Client
	command  *exec.Cmd
	dir      string // removed at the end; empty for a further process
	logs     *bytes.Buffer
}

func newApp(program string, settings ...string) (*app, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, fmt.Errorf("make cookie jar: %w", err)
	}
	// A redirect is an answer: a page that leads elsewhere would be measured as another page.
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &app{
		program: program, settings: settings, logs: &bytes.Buffer{}, env: map[string]string{},
		client: &http.Client{Jar: jar, CheckRedirect: stay, Timeout: 30 * time.Second, Transport: transport()},
	}, nil
}

// transport keeps enough connections open that none is opened while something is measured.
func transport() *http.Transport {
	return &http.Transport{MaxIdleConns: 0, MaxIdleConnsPerHost: 512, IdleConnTimeout: 20 * time.Second}
}

// begin runs the process.
func (a *app) begin(ctx context.Context, more ...string) error {
	a.command = exec.CommandContext(ctx, a.program, "serve")
	a.command.Env = append(append(os.Environ(), "APP_ENV=test", "ADDR=127.0.0.1:0", "LOG_LEVEL=error"), append(a.settings, more...)...)
	a.command.Cancel = func() error { return a.command.Process.Signal(syscall.SIGTERM) }
	a.command.Stderr = a.logs
	if err := a.command.Start(); err != nil {
		return fmt.Errorf("start the program: %w", err)
	}
	return nil
}

// start runs the first process on the servers of the environment until stop. It sends WhatsApp messages
// to the handset's address.
func start(ctx context.Context, program, handset string) (*app, error) {
	database, redis := os.Getenv("TEST_DATABASE_URL"), os.Getenv("TEST_REDIS_URL")
	if database == "" || redis == "" {
		return nil, errors.New("needs TEST_DATABASE_URL and TEST_REDIS_URL: run it with make bench")
	}
	return startOn(ctx, program, handset, database, redis)
}

// startOn is start on servers of one's own.
func startOn(ctx context.Context, program, handset, database, redis string) (*app, error) {
	dir, err := os.MkdirTemp("", "frontdesk-bench-*")
	if err != nil {
		return nil, fmt.Errorf("make folder: %w", err)
	}
	a, err := newApp(program, "DATA_DIR="+dir, "SIM_ADDR=127.0.0.1:0", "WHATSAPP_BASE_URL="+handset, "REDIS_URL="+redis)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	a.dir, a.database = dir, database
	if err := a.serve(ctx, database); err != nil {
		a.stop()
		return nil, err
	}
	return a, nil
}

// serve begins on a database and waits until the program is ready.
func (a *app) serve(ctx context.Context, database string, more ...string) error {
	if err := a.begin(ctx, append(more, "DATABASE_URL="+database)...); err != nil {
		return err
	}
	if err := a.awaitFile(ctx); err != nil {
		return fmt.Errorf("%w\n%s", err, a.logs)
	}
	return nil
}

// again ends the process and serves anew, on the database through another address, with more settings. Sessions go on.
func (a *app) again(ctx context.Context, database string, more ...string) error {
	a.halt()
	return a.serve(ctx, database, more...)
}

// startBeside runs a further process on the data of a.
func (a *app) startBeside(ctx context.Context, program, handset string) (*app, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	var settings []string
	for name, value := range a.env {
		settings = append(settings, name+"="+value)
	}
	b, err := newApp(program, append(settings, "ADDR="+port, "WHATSAPP_BASE_URL="+handset)...)
	if err != nil {
		return nil, err
	}
	b.env, b.database, b.base = a.env, a.database, "http://"+port
	if err := b.begin(ctx); err != nil {
		return nil, err
	}
	for ctx.Err() == nil {
		if status, _, err := b.get(ctx, "/readyz"); err == nil && status == http.StatusOK {
			return b, nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.stop()
	return nil, fmt.Errorf("the second process was never ready: %w\n%s", ctx.Err(), b.logs)
}

// awaitFile waits for the file the program writes when it serves, and reads where and as whom.
func (a *app) awaitFile(ctx context.Context) error {
	file := filepath.Join(a.dir, "demo.env")
	for ctx.Err() == nil {
		if raw, err := os.ReadFile(file); err == nil {
			for line := range strings.Lines(string(raw)) {
				name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
				a.env[name] = value
			}
			a.base = a.env["BASE_URL"]
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return fmt.Errorf("the program was never ready: %w", ctx.Err())
}

// halt ends the process, and with it everything it started.
func (a *app) halt() {
	if a.command != nil && a.command.Process != nil {
		_ = a.command.Process.Signal(syscall.SIGTERM) // it may have ended by itself
		_ = a.command.Wait()                          // how it ended is of no interest here
	}
}

// stop ends the process for good.
func (a *app) stop() {
	a.halt()
	if a.dir != "" {
		_ = os.RemoveAll(a.dir) // a temporary folder
	}
}

func (a *app) pid() int { return a.command.Process.Pid }

var formToken = regexp.MustCompile(`name="csrf" value="([^"]+)"`)

// signIn opens a session through the sign-in page.
func (a *app) signIn(ctx context.Context) error {
	email, password, _ := strings.Cut(a.env["LOGIN_ADMIN"], ":")
	form, err := a.form(ctx, "/console/login")
	if err != nil {
		return err
	}
	form.Set("email", email)
	form.Set("password", password)
	status, _, err := a.post(ctx, "/console/login", form)
	if err == nil && status != http.StatusSeeOther {
		err = fmt.Errorf("sign in: got %d", status)
	}
	return err
}

// form is what the form of a page sends when nothing is filled in.
func (a *app) form(ctx context.Context, path string) (url.Values, error) {
	_, page, err := a.get(ctx, path)
	if err != nil {
		return nil, err
	}
	found := formToken.FindSubmatch(page)
	if found == nil {
		return nil, fmt.Errorf("%s has no form token", path)
	}
	return url.Values{"csrf": {html.UnescapeString(string(found[1]))}}, nil
}

func (a *app) post(ctx context.Context, path string, form url.Values) (status int, body []byte, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		return 0, nil, fmt.Errorf("ask %s: %w", path, err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return a.ask(req)
}

// get reads a page whole.
func (a *app) get(ctx context.Context, path string) (status int, body []byte, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, a.base+path, nil)
	if err != nil {
		return 0, nil, fmt.Errorf("ask %s: %w", path, err)
	}
	req.Header.Set("Accept", "text/html")
	return a.ask(req)
}

func (a *app) ask(req *http.Request) (status int, body []byte, err error) {
	res, err := a.client.Do(req)
	if err != nil {
		return 0, nil, fmt.Errorf("ask %s: %w", req.URL.Path, err)
	}
	defer res.Body.Close() //nolint:errcheck // read whole
	body, err = io.ReadAll(res.Body)
	if err != nil {
		err = fmt.Errorf("read %s: %w", req.URL.Path, err)
	}
	return res.StatusCode, body, err
}
