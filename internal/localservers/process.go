package localservers

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// process is a server we started and will end.
type process struct {
	cmd  *exec.Cmd
	quit syscall.Signal
	done chan struct{}
	log  string
}

// spec is how to start one.
type spec struct {
	path  string
	args  []string
	stdin io.Reader
	dir   string
	log   string // file that takes what it prints
	quit  syscall.Signal
	user  *syscall.Credential // nil: ours
}

// start runs the server so that the kernel ends it when this process dies, however it dies. The
// kernel ties that promise to the starting thread, so one thread is kept for it.
func start(s spec) (*process, error) {
	out, err := os.OpenFile(s.log, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o644)
	if err != nil {
		return nil, fmt.Errorf("open server log: %w", err)
	}
	cmd := exec.Command(s.path, s.args...) // paths and flags are ours
	cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.Dir = s.stdin, out, out, s.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: s.quit, Credential: s.user}
	p := &process{cmd: cmd, quit: s.quit, done: make(chan struct{}), log: s.log}
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer out.Close() //nolint:errcheck // the child has its own handle
		if err := cmd.Start(); err != nil {
			started <- err
			return
		}
		started <- nil
		_ = cmd.Wait() // how it ended is in its log
		close(p.done)
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", s.path, err)
	}
	return p, nil
}

// stop asks the server to end and kills it when it does not within ten seconds.
func (p *process) stop() {
	_ = p.cmd.Process.Signal(p.quit) // it may have ended already
	select {
	case <-p.done:
	case <-time.After(10 * time.Second):
		_ = p.cmd.Process.Kill()
		<-p.done
	}
}

// until asks ready again and again until it answers, the server ends or time is up.
func (p *process) until(limit time.Duration, ready func() error) error {
	deadline := time.After(limit)
	for {
		err := ready()
		if err == nil {
			return nil
		}
		select {
		case <-p.done:
			return errors.Join(fmt.Errorf("the server ended at once; its log is %s", p.log), err)
		case <-deadline:
			return fmt.Errorf("the server does not answer; its log is %s: %w", p.log, err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}
