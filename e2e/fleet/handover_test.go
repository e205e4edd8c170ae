package fleet

import (
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"frontdesk/e2e/harness"
	"frontdesk/internal/clock"
)

// askers are the customers who wait for an answer when a process ends.
const askers = 6

// TestProcessesHandTheirWorkOver stops and kills one of two processes in the middle of things: nothing is
// lost, nothing happens twice.
func TestProcessesHandTheirWorkOver(t *testing.T) {
	t.Parallel()
	f := start(t, 2)
	r := &strings.Builder{}
	t.Cleanup(func() { harness.Artefact(t, "fleet-handover.txt", r.String()) })
	t.Run("stopped while it sends", func(t *testing.T) { f.in(t).stoppedWhileSending(t, "slow") })
	t.Run("stopped while the provider hangs", func(t *testing.T) { f.in(t).stoppedWhileSending(t, "hang") })
	t.Run("stopped under open screens", func(t *testing.T) { f.in(t).stoppedUnderScreens(t) })
	t.Run("killed while it sweeps", func(t *testing.T) { f.in(t).killedWhileSweeping(t) })
	t.Run("killed while it leads", func(t *testing.T) { f.in(t).killedWhileLeading(t, r) })
}

// stoppedWhileSending stops a process that waits for WhatsApp's answer. Each customer gets one answer,
// and no job is given up (R-1409).
func (f *fleet) stoppedWhileSending(t *testing.T, fault string) {
	f.regulars(askers)
	f.Fault("whatsapp", fault)
	for n := range askers {
		f.Tell(phone(n), "Where can I park?")
	}
	var stopped *harness.Process
	harness.Until(t, "a process sends", func() bool { stopped = f.at(sending); return stopped != nil })
	stopped.Stop()
	f.Fault("whatsapp", "ok")
	f.Rest()
	for n := range askers {
		if got := f.Received(phone(n)); len(got) != 1 || count(got, "Calle del Olmo") != 1 {
			t.Errorf("customer %d received %q, want one answer", n, got)
		}
	}
	if n := f.Number("SELECT count(*) FROM river_job WHERE state = 'discarded'"); n != 0 {
		t.Errorf("%d jobs were given up", n)
	}
	f.revive(stopped)
}

// stoppedUnderScreens: a stopping process ends the streams of open screens, and a browser that comes back
// is told by the other one.
func (f *fleet) stoppedUnderScreens(t *testing.T) {
	customer, _ := f.Given("S18", "en")
	f.Say(customer, "Where can I park?")
	manager, stopped := f.Desk("PM"), f.First()
	heard := manager.At(stopped).Live("conversations")
	stopped.Stop()
	harness.Until(t, "the stream ends", func() bool {
		for {
			select {
			case _, open := <-heard:
				if !open {
					return true
				}
			default:
				return false
			}
		}
	})
	f.hears(t, manager.Live("conversations"), "conversations", func() { f.note(manager, customer) })
	f.revive(stopped)
}

// note writes a note to a customer's conversation.
func (f *fleet) note(by harness.Desk, customer string) {
	conversation := f.text("SELECT v.id::text FROM conversations v JOIN contacts k ON k.id = v.contact_id WHERE k.address = $1", customer)
	status, body := by.Post("/console/conversations/"+conversation+"/note", url.Values{"body": {"she likes the window seat"}})
	if status != http.StatusOK {
		f.fatalf("a note: %d %s", status, body)
	}
}

// killedWhileSweeping kills the process whose sweep is about to warn: the other warns, once.
func (f *fleet) killedWhileSweeping(t *testing.T) {
	customer := harness.PaidLate().Begin(t, f.App)
	before := len(f.Received(customer))
	release := f.Hold("LOCK TABLE appointments IN EXCLUSIVE MODE") // may be read, not locked
	f.setClock(t, 10*time.Minute)
	f.Exec(oneSweep)
	var killed *harness.Process
	harness.Until(t, "a process sweeps", func() bool { killed = f.at(sweeping); return killed != nil })
	killed.Kill()
	release()
	f.told(t, customer, before, 1)
	f.revive(killed)
	f.Rest()
	f.told(t, customer, before, 1)
}

// killedWhileLeading kills the process that leads River's upkeep, then lets a hold become due with
// nobody asking for a sweep: the other warns and ends it by itself, a minute late at most.
func (f *fleet) killedWhileLeading(t *testing.T, r *strings.Builder) {
	customer := harness.PaidLate().Begin(t, f.App)
	before := len(f.Received(customer))
	var killed *harness.Process
	harness.Until(t, "a process leads", func() bool { killed = f.at(leading); return killed != nil })
	killed.Kill()
	for n, due := range []time.Duration{10 * time.Minute, 6 * time.Minute} {
		f.setClock(t, due)
		began := time.Now()
		f.told(t, customer, before, n+1)
		fmt.Fprintf(r, "the leader killed, message %d of a hold came %s after it was due (promise: a minute)\n", n+1, time.Since(began).Round(time.Millisecond))
	}
	f.revive(killed)
	f.Rest()
	f.told(t, customer, before, 2)
	if n := f.Number("SELECT count(*) FROM appointment_events WHERE to_status = 'expired'"); n != 1 {
		t.Errorf("the hold expired %d times", n)
	}
}

// told waits until a customer has received so many messages more than before, and no other.
func (f *fleet) told(t *testing.T, customer string, before, n int) {
	t.Helper()
	harness.Until(t, fmt.Sprintf("message %d about the hold", n), func() bool { return len(f.Received(customer)) >= before+n })
	if got := f.Received(customer)[before:]; len(got) != n {
		t.Errorf("the customer received %q, want %d messages", got, n)
	}
}

// setClock moves business time on and, other than the control interface, asks for no sweep.
func (f *fleet) setClock(t *testing.T, by time.Duration) {
	t.Helper()
	file := filepath.Join(f.DataDir, "clock")
	now, stopped := clock.StoppedAt(file)
	if !stopped {
		t.Fatal("the clock runs")
	}
	if err := clock.Stop(file, now.Add(by)); err != nil {
		t.Fatal(err)
	}
}
