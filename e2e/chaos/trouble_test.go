// Package chaos plays a booking while what the product depends on is away, slow, silent or talks
// nonsense, and holds it to the end it has undisturbed: the same words to the customer, one visit, one
// link, one deposit, the stylist told once, nothing lost and nothing twice (R-1401, R-1402, R-1406).
package chaos

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"frontdesk/e2e/harness"
	"frontdesk/internal/testkit"
)

// trouble is a service and what is wrong with it.
type trouble struct{ service, mode string }

func (tr trouble) String() string { return tr.service + " " + tr.mode }

// providers and servers misbehave in ways of their own.
func troubles(service string) (all []trouble) {
	modes := []string{"down", "slow", "hang", "429", "500", "garbage"}
	if slices.Contains([]string{"whatsapp", "stripe", "chatwoot"}, service) {
		modes = append(modes, "duplicate", "reorder")
	}
	for _, m := range modes {
		all = append(all, trouble{service, m})
	}
	return all
}

// start brings the program up. A message in doubt waits for two seconds only, so that stories stay short.
func start(t *testing.T, env ...string) *harness.App {
	t.Helper()
	return harness.Start(t, harness.Options{Env: append([]string{"SEND_GRACE=2s"}, env...)})
}

// amid is a step with the trouble in it. It begins before the step and ends once it was felt, or with the
// step where nothing but its end shows that it was: a story that has to wait for its end would never come
// to it.
func (tr trouble) amid(step harness.Step) harness.Step {
	return func(t testing.TB, a *harness.App, phone string) {
		t.Helper()
		felt := tr.sign(t, a)
		a.Fault(tr.service, tr.mode)
		tr.shows(t, a)
		if felt == nil {
			step(t, a, phone)
			a.Fault(tr.service, "ok")
			return
		}
		over := make(chan error, 1)
		ended := make(chan struct{})
		go func() {
			for !felt() {
				select {
				case <-ended: // the step gave up
					over <- nil
					return
				case <-time.After(20 * time.Millisecond):
				}
			}
			over <- a.Control("fault", map[string]any{"service": tr.service, "mode": "ok"}, nil)
		}()
		defer func() {
			close(ended)
			if err := <-over; err != nil {
				t.Error(err)
			}
		}()
		step(t, a, phone)
	}
}

// sign tells, from now on, whether the trouble was felt; nil: only a step's end tells.
func (tr trouble) sign(t testing.TB, a *harness.App) (felt func() bool) {
	t.Helper()
	switch {
	case tr.mode == "duplicate" || tr.mode == "reorder" || tr.service == "redis", tr.service == "postgres" && tr.mode == "slow":
		return nil // the story goes on meanwhile
	case tr.service == "postgres": // a provider is told to come again
		before := refused(a)
		return func() bool { return refused(a) > before }
	default:
		before := asked(a, tr.service)
		return func() bool { return asked(a, tr.service) > before }
	}
}

// refused counts the webhooks that could not be stored.
func refused(a *harness.App) (n int) {
	log, err := os.ReadFile(a.LogFile("serve"))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(log)) {
		var e struct {
			Msg, Route string
			Status     int
		}
		if json.Unmarshal([]byte(line), &e) == nil && e.Status == http.StatusServiceUnavailable && strings.Contains(e.Route, "webhook") {
			n++
		}
	}
	return n
}

// asked counts what a stand-in was asked to do, answered or not. What it is only asked about, as its books are every few
// minutes, is no sign.
func asked(a *harness.App, service string) (n int) {
	var got struct {
		Requests []struct{ Service, Method string }
	}
	if read(a.SimURL+"/control/outbox", &got) != http.StatusOK {
		return 0
	}
	for _, r := range got.Requests {
		if r.Service == service && r.Method == http.MethodPost {
			n++
		}
	}
	return n
}

// shows checks that a server that is away is missed by name, while the program says that it lives.
func (tr trouble) shows(t testing.TB, a *harness.App) {
	t.Helper()
	name, known := map[string]string{"postgres": "database", "redis": "redis"}[tr.service]
	if !known || tr.mode == "slow" {
		return
	}
	var ready struct{ Missing []string }
	testkit.Eventually(t, harness.Patience, name+" is missed", func() bool {
		return read(a.BaseURL+"/readyz", &ready) == http.StatusServiceUnavailable && slices.Contains(ready.Missing, name)
	})
	if status := read(a.BaseURL+"/healthz", nil); status != http.StatusOK {
		t.Errorf("%s: alive answers %d", tr, status)
	}
}

// read gets JSON; status 0: nobody answered.
func read(url string, into any) (status int) {
	res, err := http.Get(url)
	if err != nil {
		return 0
	}
	defer res.Body.Close() //nolint:errcheck // read to its end
	if into != nil && json.NewDecoder(res.Body).Decode(into) != nil {
		return 0
	}
	return res.StatusCode
}

// delayed is what somebody is told, once, who asks for a link while Stripe is away (R-1404).
const delayed = "The payment page is taking longer than usual"

// told is the ending without the delay: that message carries the news of the hold, which the link brings
// otherwise, so both are set aside. All else must be as it would have been.
func told(t *testing.T, got, want harness.Ending) harness.Ending {
	t.Helper()
	const between = "\n---\n"
	said, would := strings.Split(got.Customer, between), strings.Split(want.Customer, between)
	i := slices.IndexFunc(said, func(text string) bool { return strings.Contains(text, delayed) })
	if n := strings.Count(got.Customer, delayed); n != 1 || len(said) != len(would)+1 || !strings.Contains(said[i+1], "<link>") {
		t.Errorf("told of the delay %d times, in %d messages instead of %d", n, len(said), len(would)+1)
		return got
	}
	said[i+1] = would[i]
	got.Customer = strings.Join(slices.Delete(said, i, i+1), between)
	return got
}

// same compares a whole ending with the undisturbed one.
func same(t *testing.T, what fmt.Stringer, got, want harness.Ending) {
	t.Helper()
	if got != want {
		t.Errorf("%s: the story ended differently.\ngot  %s\nwant %s", what, got, want)
	}
}
