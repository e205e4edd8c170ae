// Package testkit gives tests what they need of the ground: databases cloned from one migrated
// template, a private part of Redis, the jobs that were enqueued. It imports no rule.
package testkit

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"frontdesk/internal/clock"
	"frontdesk/internal/database"
	"frontdesk/internal/localservers"
	"frontdesk/internal/redisstore"
	"frontdesk/migrations"
	"frontdesk/models"
)

// servers are the Postgres and Redis of this test process: those of TEST_DATABASE_URL and
// TEST_REDIS_URL, else private ones that end with the process.
type servers struct {
	database, redis, template string
	err                       error
}

var shared = sync.OnceValue(func() servers {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	s := servers{database: os.Getenv("TEST_DATABASE_URL"), redis: os.Getenv("TEST_REDIS_URL")}
	if s.database == "" || s.redis == "" {
		dir, err := localservers.Scratch()
		if err != nil {
			s.err = err
			return s
		}
		private, err := localservers.Start(ctx, localservers.Options{DataDir: dir, Fast: true})
		if err != nil {
			s.err = err
			return s
		}
		s.database, s.redis = private.DatabaseURL, private.RedisURL
	}
	s.template, s.err = ensureTemplate(ctx, s.database)
	return s
})

// ensureTemplate makes the migrated database that others are cloned from, named after the
// migrations it holds; processes that want it at once wait for each other.
func ensureTemplate(ctx context.Context, server string) (string, error) {
	name, err := templateName()
	if err != nil {
		return "", err
	}
	admin, err := pgx.Connect(ctx, inDatabase(server, "postgres"))
	if err != nil {
		return "", fmt.Errorf("reach the test server: %w", err)
	}
	defer admin.Close(ctx) //nolint:errcheck // frees the lock below
	if _, err := admin.Exec(ctx, "SELECT pg_advisory_lock(7305002)"); err != nil {
		return "", fmt.Errorf("lock template: %w", err)
	}
	var there bool
	if err := admin.QueryRow(ctx, "SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1 AND datistemplate)", name).Scan(&there); err != nil {
		return "", fmt.Errorf("look for template: %w", err)
	}
	if there {
		return name, nil
	}
	if _, err := admin.Exec(ctx, "DROP DATABASE IF EXISTS "+name); err != nil {
		return "", fmt.Errorf("drop unfinished template: %w", err)
	}
	if _, err := admin.Exec(ctx, "CREATE DATABASE "+name); err != nil {
		return "", fmt.Errorf("create template: %w", err)
	}
	db, err := database.Open(ctx, inDatabase(server, name), database.Options{})
	if err != nil {
		return "", err
	}
	err = db.Migrate(ctx, migrations.Files)
	db.Close() // a template with connections cannot be cloned
	if err != nil {
		return "", err
	}
	_, err = admin.Exec(ctx, "ALTER DATABASE "+name+" IS_TEMPLATE true")
	return name, err
}

func templateName() (string, error) {
	sum := sha256.New()
	names, err := fs.Glob(migrations.Files, "*.sql")
	if err != nil {
		return "", err
	}
	for _, n := range names {
		b, err := migrations.Files.ReadFile(n)
		if err != nil {
			return "", err
		}
		sum.Write(b)
	}
	return "fd_template_" + hex.EncodeToString(sum.Sum(nil)[:6]), nil
}

func inDatabase(server, name string) string {
	u, err := url.Parse(server)
	if err != nil {
		return server
	}
	u.Path = "/" + name
	return u.String()
}

func up(t testing.TB) servers {
	t.Helper()
	s := shared()
	if s.err != nil {
		t.Fatalf("tests need Postgres and Redis: %v", s.err)
	}
	return s
}

// DatabaseURL clones the migrated template into a database of this test's own and gives its URL.
// It is dropped, with any connection left, when the test ends.
func DatabaseURL(t testing.TB) string {
	t.Helper()
	s := up(t)
	ctx := context.Background()
	name := "fd_" + strings.ReplaceAll(models.NewID().String(), "-", "")
	admin := func(sql string) error {
		conn, err := pgx.Connect(ctx, inDatabase(s.database, "postgres"))
		if err != nil {
			return err
		}
		defer conn.Close(ctx) //nolint:errcheck // one statement, done
		_, err = conn.Exec(ctx, sql)
		return err
	}
	if err := admin("CREATE DATABASE " + name + " TEMPLATE " + s.template); err != nil {
		t.Fatalf("clone the template: %v", err)
	}
	t.Cleanup(func() {
		if err := admin("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)"); err != nil {
			t.Errorf("drop the test's database: %v", err)
		}
	})
	return inDatabase(s.database, name)
}

// DB is an own migrated database on the given clock, closed when the test ends.
func DB(t testing.TB, c clock.Clock) *database.DB {
	t.Helper()
	db, err := database.Open(context.Background(), DatabaseURL(t), database.Options{Now: c.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db
}

// OneConnection leaves a database a single connection until the test ends, and checks then that nobody waited in vain for
// a second one.
func OneConnection(t testing.TB, db *database.DB) {
	t.Helper()
	for range db.Pool.Config().MaxConns - 1 {
		held, err := db.Pool.Acquire(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(held.Release)
	}
	before := db.Pool.Stat().CanceledAcquireCount()
	t.Cleanup(func() {
		if n := db.Pool.Stat().CanceledAcquireCount() - before; n > 0 {
			t.Errorf("%d waited in vain for a second connection", n)
		}
	})
}

// RedisURL is the test server's Redis.
func RedisURL(t testing.TB) string {
	t.Helper()
	return up(t).redis
}

// Redis is a private part of the test server's Redis: keys of other tests are not seen.
func Redis(t testing.TB) *redisstore.Store {
	t.Helper()
	store, err := redisstore.Open(RedisURL(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	return store.Within("test:" + models.NewID().String() + ":")
}

// Jobs are the arguments of all jobs of a kind, in the order they were enqueued.
func Jobs(t testing.TB, db *database.DB, kind string) []json.RawMessage {
	t.Helper()
	rows, err := db.Pool.Query(context.Background(), "SELECT args FROM river_job WHERE kind = $1 ORDER BY id", kind)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []json.RawMessage
	for rows.Next() {
		var args []byte
		if err := rows.Scan(&args); err != nil {
			t.Fatal(err)
		}
		out = append(out, bytes.Clone(args))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// Eventually waits until the condition holds and fails the test when it does not in time.
func Eventually(t testing.TB, limit time.Duration, what string, holds func() bool) {
	t.Helper()
	deadline := time.Now().Add(limit)
	for !holds() {
		if time.Now().After(deadline) {
			t.Fatalf("not within %s: %s", limit, what)
		}
		time.Sleep(5 * time.Millisecond)
	}
}
