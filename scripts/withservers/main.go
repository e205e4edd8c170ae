// Withservers runs a command with a private Postgres and Redis for tests beside it, so that all
// test packages share one pair of servers and one migrated template. With -durable before the command
// Postgres keeps what it acknowledges, as it does in production: what is measured is true then.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"frontdesk/internal/localservers"
)

func main() {
	code, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "withservers:", err)
		os.Exit(1)
	}
	os.Exit(code)
}

func run(command []string) (int, error) {
	durable := len(command) > 0 && command[0] == "-durable"
	if durable {
		command = command[1:]
	}
	if len(command) == 0 {
		return 0, errors.New("usage: withservers [-durable] COMMAND [ARG ...]")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	dir, err := folder(durable)
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
	servers, err := localservers.Start(ctx, localservers.Options{DataDir: dir, Fast: !durable})
	if err != nil {
		return 0, err
	}
	defer servers.Stop()
	cmd := exec.CommandContext(ctx, command[0], command[1:]...) // what the caller asked for
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), "TEST_DATABASE_URL="+servers.DatabaseURL, "TEST_REDIS_URL="+servers.RedisURL)
	err = cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode(), nil
	}
	return 0, err
}

// folder is where the servers keep their files: what is durable lies on a disk.
func folder(durable bool) (string, error) {
	if !durable {
		return localservers.Scratch()
	}
	dir, err := os.MkdirTemp("", "frontdesk-servers-*")
	if err != nil {
		return "", fmt.Errorf("make folder: %w", err)
	}
	if err := os.Chmod(dir, 0o711); err != nil {
		return "", fmt.Errorf("open folder to the database's user: %w", err)
	}
	return dir, nil
}
