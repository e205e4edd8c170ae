package harness

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"syscall"
	"time"
)

// stopTime is how long a process may take to end after SIGTERM on a busy machine. Its own bound is 12
// seconds.
const stopTime = 60 * time.Second

// Process is one process of the app. All of an App's share one database, Redis and stand-ins.
type Process struct {
	BaseURL string // where this one answers

	app     *App
	name    string // of its log file
	addr    string
	options Options
	cmd     *exec.Cmd
}

// Another starts a further process on the same data and waits until it is ready. Options.Env and
// Options.Database are its own (Database defaults to the App's). It ends with the test.
func (a *App) Another(o Options) *Process {
	a.t.Helper()
	if o.Database == nil {
		o.Database = a.options.Database
	}
	return a.add(o)
}

func (a *App) add(o Options) *Process {
	a.t.Helper()
	p := &Process{app: a, options: o, addr: freeAddr(a.t), name: "serve"}
	if n := len(a.processes); n > 0 {
		p.name = fmt.Sprintf("serve-%d", n+1)
	}
	p.BaseURL = "http://" + p.addr
	a.processes = append(a.processes, p)
	if a.front != nil {
		a.front.serve(p.addr)
	}
	p.Launch()
	return p
}

// Launch starts the process and waits for GET /readyz. After Kill or Stop it starts again on the same
// data and address.
func (p *Process) Launch() {
	p.app.t.Helper()
	p.cmd = p.app.command("serve", p.name, p.env())
	deadline := time.Now().Add(Patience)
	for !p.Ready() {
		if time.Now().After(deadline) {
			tail, _ := os.ReadFile(p.app.LogFile(p.name))
			p.app.t.Fatalf("%s is not ready:\n%s", p.name, last(tail, 4000))
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// env is what the first process of a data folder is given; for a further one demo.env besides, as
// simulators.md has it.
func (p *Process) env() []string {
	a := p.app
	url := a.DatabaseURL
	if p.options.Database != nil {
		url = p.options.Database(url)
	}
	var env []string
	if p != a.First() {
		for key, value := range a.Env {
			env = append(env, key+"="+value)
		}
	}
	env = append(env, a.baseEnv(url)...)
	if p.startsStandIns() {
		env = append(env, "SIM_ADDR="+freeAddr(a.t))
	} else {
		env = append(env, "SIM_URL="+a.SimURL, "BASE_URL="+a.BaseURL)
		env = append(env, a.mailEnv()...)
	}
	return append(append(env, "ADDR="+p.addr), p.options.Env...)
}

// startsStandIns tells whether the stand-ins are part of this process.
func (p *Process) startsStandIns() bool { return p == p.app.First() && !p.app.options.StandInsApart }

// Ready tells whether the process answers that it is ready.
func (p *Process) Ready() bool {
	res, err := http.Get(p.BaseURL + "/readyz")
	if err != nil {
		return false
	}
	_ = res.Body.Close() // only the status matters
	return res.StatusCode == http.StatusOK
}

// PID is the process's id.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Runs tells whether the process was launched and neither stopped nor killed since.
func (p *Process) Runs() bool { return p.cmd != nil }

// Kill ends the process at once, as kill -9 does. One that is gone already stays gone.
func (p *Process) Kill() {
	if p.cmd == nil {
		return
	}
	_ = p.cmd.Process.Kill() // it may be gone already: that is the point of some tests
	_ = p.cmd.Wait()         // killed: there is no exit code to judge
	p.cmd = nil
}

// Stop asks the process to stop, as a deployment does, and waits for it. The test fails unless it ends
// with exit code 0 (R-1409).
func (p *Process) Stop() {
	p.app.t.Helper()
	code, ended := terminate(p.cmd)
	p.cmd = nil
	if !ended {
		p.app.t.Errorf("%s did not stop within %s of SIGTERM", p.name, stopTime)
	} else if code != 0 {
		tail, _ := os.ReadFile(p.app.LogFile(p.name))
		p.app.t.Errorf("%s stopped with exit code %d:\n%s", p.name, code, last(tail, 2000))
	}
}

// terminate sends SIGTERM and waits; a process that does not end in time is killed.
func terminate(cmd *exec.Cmd) (code int, ended bool) {
	_ = cmd.Process.Signal(syscall.SIGTERM) // it may be gone already
	done := make(chan struct{})
	go func() {
		_ = cmd.Wait() // the exit code tells
		close(done)
	}()
	select {
	case <-done:
		return cmd.ProcessState.ExitCode(), true
	case <-time.After(stopTime):
		_ = cmd.Process.Kill()
		<-done
		return -1, false
	}
}

// Processes are the app's processes, in the order they were started.
func (a *App) Processes() []*Process { return slices.Clone(a.processes) }
