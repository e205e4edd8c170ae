// Package localservers runs the private Postgres and Redis of `make run` and of the tests: found on
// the machine, started on loopback with generated passwords and free ports, stopped with their
// parent. It is never used in staging or production.
package localservers

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// InstallCommand is what a person runs when the servers are missing.
const InstallCommand = "sudo apt-get install -y --no-install-recommends postgresql redis-server"

// Options say where the servers keep their files.
type Options struct {
	DataDir string
	// Fast gives up durability for speed; for tests only.
	Fast bool
	// RedisOnly starts no Postgres; for tests that bring a database of their own.
	RedisOnly bool
	// PostgresPort and RedisPort are where they listen [any free]; for tests that stop servers and start
	// them again under the same address.
	PostgresPort, RedisPort int
}

// Servers are a running Postgres and Redis.
type Servers struct {
	DatabaseURL string
	RedisURL    string
	lock        *os.File
	processes   []*process
}

// ErrInUse says that another process already runs the servers of this folder.
var ErrInUse = errors.New("this data folder is in use by another running Frontdesk")

// Start brings both servers up and waits until they answer. The folder is locked while they run.
// A missing server is an error that names the command to install it.
func Start(ctx context.Context, o Options) (*Servers, error) {
	dir, err := filepath.Abs(o.DataDir)
	if err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	s := &Servers{}
	if s.lock, err = lockFolder(dir); err != nil {
		return nil, err
	}
	if !o.RedisOnly {
		pg, err := startPostgres(ctx, dir, o)
		if err != nil {
			s.Stop()
			return nil, err
		}
		s.processes, s.DatabaseURL = append(s.processes, pg.process), pg.url
	}
	rd, err := startRedis(ctx, dir, o)
	if err != nil {
		s.Stop()
		return nil, err
	}
	s.processes, s.RedisURL = append(s.processes, rd.process), rd.url
	return s, nil
}

// Stop ends both servers and frees the folder.
func (s *Servers) Stop() {
	for _, p := range s.processes {
		p.stop()
	}
	if s.lock != nil {
		_ = s.lock.Close() // closing frees the lock; nothing was written
	}
}

func lockFolder(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock data folder: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("%s: %w", dir, ErrInUse)
	}
	return f, nil
}

// secret reads a generated password, making it at first use.
func secret(file string) (string, error) {
	if b, err := os.ReadFile(file); err == nil && len(strings.TrimSpace(string(b))) > 0 {
		return strings.TrimSpace(string(b)), nil
	}
	b := make([]byte, 24)
	if _, err := rand.Read(b); err != nil {
		return "", fmt.Errorf("generate password: %w", err)
	}
	word := hex.EncodeToString(b)
	if err := os.WriteFile(file, []byte(word), 0o600); err != nil {
		return "", fmt.Errorf("keep password: %w", err)
	}
	return word, nil
}

// Ports that FreePort chooses among: below those that the kernel gives to connections made from here (from 32768 on).
const (
	firstPort = 12_000
	lastPort  = 31_999
	portTries = 100
)

// FreePort is a loopback port nobody listens on. No connection takes it by chance before whoever asked does, nor while a
// server that has it starts again.
func FreePort() (port int, err error) {
	for range portTries {
		port = firstPort + mathrand.IntN(lastPort-firstPort+1)
		var l net.Listener
		if l, err = net.Listen("tcp", "127.0.0.1:"+strconv.Itoa(port)); err == nil {
			return port, l.Close()
		}
	}
	return 0, fmt.Errorf("find a free port: %w", err)
}

// portOr is the port that was asked for, else a free one.
func portOr(asked int) (int, error) {
	if asked != 0 {
		return asked, nil
	}
	return FreePort()
}

// program finds an executable on the path or in the folders Debian keeps servers in.
func program(name string, folders ...string) (string, error) {
	for i := len(folders) - 1; i >= 0; i-- {
		file := filepath.Join(folders[i], name)
		if st, err := os.Stat(file); err == nil && !st.IsDir() {
			return file, nil
		}
	}
	file, err := exec.LookPath(name)
	if err != nil {
		return "", fmt.Errorf("%s is not installed; run: %s", name, InstallCommand)
	}
	return file, nil
}
