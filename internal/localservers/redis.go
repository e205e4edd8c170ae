package localservers

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// startRedis starts Redis with its settings on standard input, so that the password stands in no
// process list.
func startRedis(_ context.Context, dataDir string, o Options) (server, error) {
	path, err := program("redis-server")
	if err != nil {
		return server{}, err
	}
	dir := filepath.Join(dataDir, "redis")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return server{}, fmt.Errorf("make redis folder: %w", err)
	}
	password, err := secret(filepath.Join(dataDir, "redis.password"))
	if err != nil {
		return server{}, err
	}
	port, err := portOr(o.RedisPort)
	if err != nil {
		return server{}, err
	}
	save := `save 60 1`
	if o.Fast {
		save = `save ""`
	}
	settings := fmt.Sprintf("bind 127.0.0.1\nport %d\nrequirepass %s\ndir %s\n%s\nappendonly no\nmaxmemory 256mb\nmaxmemory-policy noeviction\n",
		port, password, dir, save)
	p, err := start(spec{path: path, args: []string{"-"}, stdin: strings.NewReader(settings), dir: dir,
		log: filepath.Join(dataDir, "redis.log"), quit: syscall.SIGTERM})
	if err != nil {
		return server{}, err
	}
	if err := p.until(10*time.Second, func() error { return pingRedis(port, password) }); err != nil {
		p.stop()
		return server{}, err
	}
	return server{p, fmt.Sprintf("redis://default:%s@127.0.0.1:%d/0", password, port)}, nil
}

func pingRedis(port int, password string) error {
	conn, err := net.DialTimeout("tcp", fmt.Sprintf("127.0.0.1:%d", port), time.Second)
	if err != nil {
		return err
	}
	defer conn.Close() //nolint:errcheck // a probe
	if err := conn.SetDeadline(time.Now().Add(time.Second)); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(conn, "AUTH %s\r\nPING\r\n", password); err != nil {
		return err
	}
	answer := make([]byte, 64)
	n, err := conn.Read(answer)
	if err != nil {
		return err
	}
	if !strings.HasPrefix(string(answer[:n]), "+OK") {
		return fmt.Errorf("redis refuses us: %s", strings.TrimSpace(string(answer[:n])))
	}
	return nil
}
