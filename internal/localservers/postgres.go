package localservers

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

type server struct {
	process *process
	url     string
}

// startPostgres makes the cluster at first use and starts it. Postgres refuses to run as root, so
// root runs it as the user postgres, in a folder that user can reach.
func startPostgres(ctx context.Context, dataDir string, o Options) (server, error) {
	bins, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	postgres, err := program("postgres", bins...)
	if err != nil {
		return server{}, err
	}
	initdb, err := program("initdb", bins...)
	if err != nil {
		return server{}, err
	}
	owner, err := postgresUser()
	if err != nil {
		return server{}, err
	}
	dir, err := postgresFolder(dataDir, owner)
	if err != nil {
		return server{}, err
	}
	password, err := secret(filepath.Join(dataDir, "postgres.password"))
	if err != nil {
		return server{}, err
	}
	if err := initCluster(ctx, initdb, dir, password, owner); err != nil {
		return server{}, err
	}
	port, err := portOr(o.PostgresPort)
	if err != nil {
		return server{}, err
	}
	args := []string{"-D", dir, "-p", strconv.Itoa(port),
		"-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=300",
		"-c", "shared_buffers=128MB", "-c", "log_min_messages=warning", "-c", "log_min_error_statement=panic"}
	if o.Fast {
		args = append(args, "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off",
			"-c", "wal_level=minimal", "-c", "max_wal_senders=0", "-c", "max_wal_size=256MB")
	}
	p, err := start(spec{path: postgres, args: args, dir: "/", log: filepath.Join(dataDir, "postgres.log"), quit: syscall.SIGINT, user: owner})
	if err != nil {
		return server{}, err
	}
	url := fmt.Sprintf("postgres://frontdesk:%s@127.0.0.1:%d/frontdesk?sslmode=disable", password, port)
	if err := p.until(30*time.Second, func() error { return makeDatabase(ctx, url) }); err != nil {
		p.stop()
		return server{}, err
	}
	return server{p, url}, nil
}

// initCluster runs initdb where no cluster is yet. A half-made one (a crash in between) is made anew.
func initCluster(ctx context.Context, initdb, dir, password string, owner *syscall.Credential) error {
	if _, err := os.Stat(filepath.Join(dir, "frontdesk.ready")); err == nil {
		return nil
	}
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("clear unfinished cluster: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make cluster folder: %w", err)
	}
	if owner != nil {
		if err := os.Chown(dir, int(owner.Uid), int(owner.Gid)); err != nil {
			return fmt.Errorf("give cluster folder to postgres: %w", err)
		}
	}
	pwfile, err := passwordFile(password, owner)
	if err != nil {
		return err
	}
	defer os.Remove(pwfile) //nolint:errcheck // a temporary file
	cmd := exec.CommandContext(ctx, initdb, "-D", dir, "-U", "frontdesk", "-E", "UTF8", "--locale=C.UTF-8",
		"--auth=scram-sha-256", "--pwfile="+pwfile, "--no-sync")
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: owner}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	return os.WriteFile(filepath.Join(dir, "frontdesk.ready"), nil, 0o644)
}

// passwordFile hands the password to initdb in a file only its user can read.
func passwordFile(password string, owner *syscall.Credential) (string, error) {
	f, err := os.CreateTemp("", "frontdesk-pw-*") // mode 0600
	if err != nil {
		return "", fmt.Errorf("password file: %w", err)
	}
	_, err = f.WriteString(password + "\n")
	if owner != nil {
		err = errors.Join(err, f.Chown(int(owner.Uid), int(owner.Gid)))
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return "", fmt.Errorf("password file: %w", err)
	}
	return f.Name(), nil
}

// makeDatabase creates our database; it doubles as the readiness question.
func makeDatabase(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, strings.Replace(url, "/frontdesk?", "/postgres?", 1))
	if err != nil {
		return err
	}
	defer conn.Close(ctx) //nolint:errcheck // nothing is pending
	var there bool
	if err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = 'frontdesk')").Scan(&there); err != nil {
		return err
	}
	if !there {
		_, err = conn.Exec(ctx, "CREATE DATABASE frontdesk")
	}
	return err
}

// postgresUser is who runs the server: nil for ourselves, the user postgres when we are root.
func postgresUser() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("there is no user postgres; run: %s", InstallCommand)
	}
	uid, err1 := strconv.Atoi(u.Uid)
	gid, err2 := strconv.Atoi(u.Gid)
	if err := errors.Join(err1, err2); err != nil {
		return nil, fmt.Errorf("user postgres: %w", err)
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

// postgresFolder is the cluster's place: in the data folder, or under /var/tmp when the server's
// user cannot reach that.
func postgresFolder(dataDir string, owner *syscall.Credential) (string, error) {
	if owner == nil || reachable(dataDir) {
		return filepath.Join(dataDir, "postgres"), nil
	}
	sum := sha256.Sum256([]byte(dataDir))
	dir := filepath.Join("/var/tmp", "frontdesk-"+hex.EncodeToString(sum[:6]))
	if err := os.MkdirAll(dir, 0o711); err != nil {
		return "", fmt.Errorf("make cluster folder: %w", err)
	}
	return filepath.Join(dir, "postgres"), nil
}

// reachable tells whether any user may walk down to the folder.
func reachable(dir string) bool {
	for {
		st, err := os.Stat(dir)
		if err != nil || st.Mode().Perm()&0o001 == 0 {
			return false
		}
		up := filepath.Dir(dir)
		if up == dir {
			return true
		}
		dir = up
	}
}
