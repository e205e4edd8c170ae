package harness

import (
	"context"
	"errors"
	"net/url"
	"os"
	"strconv"
	"testing"

	"frontdesk/internal/localservers"
)

// Server is a Postgres or a Redis of a test's own, which it may stop and start again under the same address.
type Server struct {
	options localservers.Options
	running *localservers.Servers
}

// OwnRedis starts a Redis that ends with the test.
func OwnRedis(t testing.TB) *Server { return ownServer(t, true) }

// OwnPostgres starts a Postgres that ends with the test.
func OwnPostgres(t testing.TB) *Server { return ownServer(t, false) }

// ownServer starts Redis, or Postgres with a Redis nobody uses.
func ownServer(t testing.TB, redisOnly bool) *Server {
	t.Helper()
	dir, err := os.MkdirTemp("", "frontdesk-servers-*")
	if err == nil {
		err = os.Chmod(dir, 0o711) // Postgres' user walks through it
	}
	s := &Server{options: localservers.Options{DataDir: dir, Fast: true, RedisOnly: redisOnly}}
	if err = errors.Join(err, s.Start()); err != nil {
		t.Fatal(err)
	}
	s.options.PostgresPort, s.options.RedisPort = port(s.running.DatabaseURL), port(s.running.RedisURL)
	t.Cleanup(func() {
		s.running.Stop()
		_ = os.RemoveAll(dir) // of a test that is over
	})
	return s
}

// URL is where it is reached, also after it was started again.
func (s *Server) URL() string {
	if s.options.RedisOnly {
		return s.running.RedisURL
	}
	return s.running.DatabaseURL
}

// Start brings a server up that was stopped.
func (s *Server) Start() error {
	running, err := localservers.Start(context.Background(), s.options)
	if err == nil {
		s.running = running
	}
	return err
}

// Stop ends the server. Its error is always nil: a step of a story may fail.
func (s *Server) Stop() error {
	s.running.Stop()
	return nil
}

// Restart stops the server and starts it again.
func (s *Server) Restart() error { return errors.Join(s.Stop(), s.Start()) }

func port(raw string) int {
	u, err := url.Parse(raw)
	if err != nil {
		return 0
	}
	n, _ := strconv.Atoi(u.Port()) // 0 is any
	return n
}
