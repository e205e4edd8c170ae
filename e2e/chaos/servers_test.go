package chaos

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"slices"
	"testing"

	"github.com/redis/rueidis"

	"frontdesk/e2e/harness"
	"frontdesk/internal/testkit"
)

// after is a step and then something that happens to a server.
func after(step harness.Step, happens func() error) harness.Step {
	return func(t testing.TB, a *harness.App, phone string) {
		t.Helper()
		step(t, a, phone)
		if err := happens(); err != nil {
			t.Fatal(err)
		}
	}
}

// during is a step while something happens to a server.
func during(step harness.Step, happens func() error) harness.Step {
	return func(t testing.TB, a *harness.App, phone string) {
		t.Helper()
		happened := make(chan error, 1)
		go func() { happened <- happens() }()
		defer func() {
			if err := <-happened; err != nil {
				t.Error(err)
			}
		}()
		step(t, a, phone)
	}
}

// Redis is emptied between two turns, then stopped and started again: customers notice nothing.
func TestABookingWithoutItsRedis(t *testing.T) {
	long(t)
	t.Parallel()
	redis := harness.OwnRedis(t)
	app := harness.Start(t, harness.Options{Env: []string{"SEND_GRACE=2s"}, Redis: redis})
	want := harness.Booking().Play(t, app)

	s := harness.Booking()
	s.Steps[1] = after(s.Steps[1], func() error { return empty(redis) })
	s.Steps[choosing] = after(s.Steps[choosing], redis.Stop)
	s.Steps[linking] = after(s.Steps[linking], redis.Start)
	s.Steps[paying] = after(s.Steps[paying], redis.Restart)
	same(t, trouble{"redis", "emptied and stopped"}, s.Play(t, app), want)
}

// Postgres is started again in mid-conversation and right after a payment was told.
func TestABookingWhilePostgresIsStartedAgain(t *testing.T) {
	long(t)
	t.Parallel()
	postgres := harness.OwnPostgres(t)
	app := harness.Start(t, harness.Options{Env: []string{"SEND_GRACE=2s"}, Postgres: postgres})
	want := harness.Booking().Play(t, app)

	s := harness.Booking()
	s.Steps[1] = after(s.Steps[1], postgres.Restart)
	s.Steps[choosing] = during(s.Steps[choosing], postgres.Restart)
	s.Steps[paying] = after(s.Steps[paying], postgres.Restart)
	s.Steps[done] = confirmed
	same(t, trouble{"postgres", "started again"}, s.Play(t, app), want)
}

// An outage is felt by every process of the stack, by one alone too after the other was killed, and ends
// for it when the control interface says so.
func TestEveryProcessFeelsAnOutage(t *testing.T) {
	long(t)
	t.Parallel()
	app := harness.Start(t, harness.Options{StandInsApart: true})
	other := app.Another(harness.Options{})
	missing := func(base, name string) func() bool {
		return func() bool {
			var ready struct{ Missing []string }
			return read(base+"/readyz", &ready) == http.StatusServiceUnavailable && slices.Contains(ready.Missing, name)
		}
	}
	for service, name := range map[string]string{"redis": "redis", "postgres": "database"} {
		app.Fault(service, "down")
		testkit.Eventually(t, harness.Patience, "the first process misses "+name, missing(app.First().BaseURL, name))
		testkit.Eventually(t, harness.Patience, "the other process misses "+name, missing(other.BaseURL, name))
	}
	app.Kill()
	if !missing(other.BaseURL, "redis")() {
		t.Error("the outage ended with the process that was killed")
	}
	app.Fault("redis", "ok")
	app.Fault("postgres", "ok")
	testkit.Eventually(t, harness.Patience, "the other process is ready again", other.Ready)
}

// confirmed waits for the visit, and bears that the stand-ins' own connections broke with the server.
func confirmed(t testing.TB, a *harness.App, phone string) {
	t.Helper()
	testkit.Eventually(t, harness.Patience, "the visit is confirmed", func() bool {
		var state harness.State
		ok := read(a.SimURL+"/control/state?phone="+url.QueryEscape(phone), &state) == http.StatusOK
		return ok && len(state.Appointments) == 1 && state.Appointments[0].Status == "confirmed"
	})
}

// empty forgets everything a Redis holds.
func empty(s *harness.Server) error {
	option, err := rueidis.ParseURL(s.URL())
	if err != nil {
		return err
	}
	client, err := rueidis.NewClient(option)
	if err != nil {
		return err
	}
	defer client.Close()
	return client.Do(context.Background(), client.B().Flushall().Build()).Error()
}

func long(t *testing.T) {
	t.Helper()
	if os.Getenv("LONG") == "" {
		t.Skip("takes minutes: LONG=1")
	}
}
