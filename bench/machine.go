package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"runtime"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"frontdesk/internal/redisstore"
)

// meet notes what the figures depend on: the machine, the servers, how durable they are, and which
// processes they are.
func (b *bench) meet(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, b.database)
	if err != nil {
		return fmt.Errorf("reach the database: %w", err)
	}
	defer conn.Close(ctx) //nolint:errcheck // done
	var version, fsync, commit string
	var backend int
	err = conn.QueryRow(ctx, `SELECT current_setting('server_version'), current_setting('fsync'), current_setting('synchronous_commit'), pg_backend_pid()`).
		Scan(&version, &fsync, &commit, &backend)
	if err != nil {
		return fmt.Errorf("ask the database for its settings: %w", err)
	}
	if stat := procStat(backend); len(stat) > 1 {
		if postmaster, err := strconv.Atoi(stat[1]); err == nil {
			b.postgres = []int{postmaster}
		}
	}
	redis, err := b.meetRedis(ctx)
	if err != nil {
		return err
	}
	b.facts = []string{
		"cpu: " + cpuModel(), fmt.Sprintf("cores: %d", runtime.NumCPU()), "go: " + runtime.Version(),
		"load: " + firstWord("/proc/loadavg") + " before", fmt.Sprintf("postgres: %s, fsync %s, synchronous_commit %s", version, fsync, commit), "redis: " + redis,
	}
	return nil
}

// meetRedis is the version of Redis; its process is noted.
func (b *bench) meetRedis(ctx context.Context) (version string, err error) {
	store, err := redisstore.Open(os.Getenv("TEST_REDIS_URL"))
	if err != nil {
		return "", err
	}
	defer store.Close()
	info, err := store.Client.Do(ctx, store.Client.B().Info().Section("server").Build()).ToString()
	if err != nil {
		return "", fmt.Errorf("ask Redis for its settings: %w", err)
	}
	for line := range strings.Lines(info) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		switch name {
		case "redis_version":
			version = value
		case "process_id":
			if pid, err := strconv.Atoi(value); err == nil {
				b.redis = []int{pid}
			}
		}
	}
	return version, nil
}

func cpuModel() string {
	raw, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	for line := range strings.Lines(string(raw)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}

func firstWord(path string) string {
	raw, err := os.ReadFile(path)
	if err != nil {
		return "unknown"
	}
	word, _, _ := strings.Cut(string(raw), " ")
	return word
}

// freePort is an address nobody listens at now.
func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	defer l.Close() //nolint:errcheck // it only kept the port
	return l.Addr().String(), nil
}

// number reads one number from the program's database.
func (b *bench) number(ctx context.Context, sql string, args ...any) (n int, err error) {
	conn, err := pgx.Connect(ctx, b.database)
	if err != nil {
		return 0, fmt.Errorf("reach the database: %w", err)
	}
	defer conn.Close(ctx) //nolint:errcheck // done
	if err := conn.QueryRow(ctx, sql, args...).Scan(&n); err != nil {
		return 0, fmt.Errorf("ask the database: %w", err)
	}
	return n, nil
}
