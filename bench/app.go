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

// app is the running program and a browser in which somebody is signed in.
type app struct {
	base, database  string
	email, password string
	client          *http.Client
	command         *exec.Cmd
	dir             string
	logs            *bytes.Buffer
}

// start runs the program on the servers of the environment until stop.
func start(ctx context.Context, program string) (*app, error) {
	a := &app{database: os.Getenv("TEST_DATABASE_URL"), logs: &bytes.Buffer{}}
	if a.database == "" || os.Getenv("TEST_REDIS_URL") == "" {
		return nil, errors.New("needs TEST_DATABASE_URL and TEST_REDIS_URL: run it with make bench")
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	// A redirect is an answer: a page that leads elsewhere would be measured as another page.
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	a.client = &http.Client{Jar: jar, CheckRedirect: stay, Timeout: 10 * time.Second}
	if a.dir, err = os.MkdirTemp("", "frontdesk-bench-*"); err != nil {
		return nil, fmt.Errorf("make folder: %w", err)
	}
	a.command = exec.CommandContext(ctx, program, "serve")
	a.command.Env = append(os.Environ(), "APP_ENV=test", "DATA_DIR="+a.dir, "ADDR=127.0.0.1:0", "SIM_ADDR=127.0.0.1:0",
		"DATABASE_URL="+a.database, "REDIS_URL="+os.Getenv("TEST_REDIS_URL"), "LOG_LEVEL=error")
	a.command.Stderr = a.logs
	if err := a.command.Start(); err != nil {
		a.stop()
		return nil, fmt.Errorf("start the program: %w", err)
	}
	if err := a.awaitReady(ctx); err != nil {
		a.stop()
		return nil, fmt.Errorf("%w\n%s", err, a.logs)
	}
	return a, nil
}

// awaitReady waits for the file the program writes when it serves, and reads where and as whom.
func (a *app) awaitReady(ctx context.Context) error {
	file := filepath.Join(a.dir, "demo.env")
	for ctx.Err() == nil {
		if raw, err := os.ReadFile(file); err == nil {
			for line := range strings.Lines(string(raw)) {
				name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
				switch name {
				case "BASE_URL":
					a.base = value
				case "LOGIN_ADMIN":
					a.email, a.password, _ = strings.Cut(value, ":")
				}
			}
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return fmt.Errorf("the program was never ready: %w", ctx.Err())
}

// stop ends the program, and with it everything it started.
func (a *app) stop() {
	if a.command != nil && a.command.Process != nil {
		_ = a.command.Process.Signal(syscall.SIGTERM) // it may have ended by itself
		_ = a.command.Wait()                          // how it ended is of no interest here
	}
	_ = os.RemoveAll(a.dir) // a temporary folder
}

var formToken = regexp.MustCompile(`name="csrf" value="([^"]+)"`)

// signIn opens a session through the sign-in page.
func (a *app) signIn(ctx context.Context) error {
	_, page, err := a.get(ctx, "/console/login")
	if err != nil {
		return err
	}
	found := formToken.FindSubmatch(page)
	if found == nil {
		return errors.New("the sign-in page has no form token")
	}
	form := url.Values{"email": {a.email}, "password": {a.password}, "csrf": {html.UnescapeString(string(found[1]))}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.base+"/console/login", strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := a.client.Do(req)
	if err != nil {
		return fmt.Errorf("sign in: %w", err)
	}
	defer res.Body.Close() //nolint:errcheck // only the status matters
	if res.StatusCode != http.StatusSeeOther {
		return fmt.Errorf("sign in: got %d", res.StatusCode)
	}
	return nil
}

// get reads a page whole.
func (a *app) get(ctx context.Context, path string) (status int, body []byte, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, a.base+path, nil)
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("Accept", "text/html")
	res, err := a.client.Do(req)
	if err != nil {
		return 0, nil, fmt.Errorf("ask %s: %w", path, err)
	}
	defer res.Body.Close() //nolint:errcheck // read whole
	body, err = io.ReadAll(res.Body)
	return res.StatusCode, body, err
}
