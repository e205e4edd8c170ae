package fleet

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"frontdesk/e2e/harness"
)

// TestProcessesShareWhatTheyKnow: it makes no difference which process somebody meets.
func TestProcessesShareWhatTheyKnow(t *testing.T) {
	t.Parallel()
	f := start(t, 2)
	t.Run("sweeps at once act once", func(t *testing.T) { f.in(t).sweepsAtOnce(t) })
	t.Run("a session opens and ends everywhere", func(t *testing.T) { f.in(t).session(t) })
	t.Run("a change reaches the other's screens", func(t *testing.T) { f.in(t).liveUpdate(t) })
	t.Run("time stands still for all", func(t *testing.T) { f.in(t).oneClock(t) })
	t.Run("a policy binds the other", func(t *testing.T) { f.in(t).onePolicy(t) })
}

// sweepsAtOnce keeps the sweeps of both processes at one hold's door and lets them in together: one
// warning, one expiry (R-1408).
func (f *fleet) sweepsAtOnce(t *testing.T) {
	customer := harness.PaidLate().Begin(t, f.App)
	before := len(f.Received(customer))
	for _, due := range []struct {
		after time.Duration
		word  string
	}{{10 * time.Minute, "5 min"}, {6 * time.Minute, "let"}} {
		release := f.Hold("LOCK TABLE appointments IN EXCLUSIVE MODE") // may be read, not locked
		moved := make(chan error, 1)
		go func() { moved <- f.Control("clock", map[string]any{"advance": due.after.String()}, nil) }()
		harness.Until(t, "both processes sweep", func() bool {
			f.Exec(oneSweep)
			return f.Number(`SELECT count(DISTINCT attempted_by[array_upper(attempted_by, 1)]) FROM river_job WHERE kind = 'sweep.due' AND state = 'running'`) == 2
		})
		release()
		if err := <-moved; err != nil {
			t.Fatal(err)
		}
		f.Rest()
		told := f.Received(customer)[before:]
		if len(told) != 1 || count(told, due.word) != 1 {
			t.Errorf("after %s the customer received %q, want one message with %q", due.after, told, due.word)
		}
		before += len(told)
	}
	if n := f.Number("SELECT count(*) FROM appointment_events WHERE to_status = 'expired'"); n != 1 {
		t.Errorf("the hold expired %d times", n)
	}
}

var csrf = regexp.MustCompile(`name="csrf" value="([^"]+)"`)

// session signs in at one process, works at the other, signs out there and is out at both.
func (f *fleet) session(t *testing.T) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	page := func(res *http.Response, err error) (status int, token string) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close() //nolint:errcheck // read to its end
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		if found := csrf.FindSubmatch(body); found != nil {
			token = string(found[1])
		}
		return res.StatusCode, token
	}
	one, other := f.Processes()[0].BaseURL, f.Processes()[1].BaseURL
	email, password, _ := strings.Cut(f.Env["LOGIN_OPERATOR"], ":")
	_, token := page(browser.Get(one + "/console/login"))
	form := url.Values{"csrf": {token}, "email": {email}, "password": {password}, "next": {"/console"}}
	if status, _ := page(browser.PostForm(other+"/console/login", form)); status != http.StatusSeeOther {
		t.Fatalf("a form of one process, posted to the other: %d", status)
	}
	status, token := page(browser.Get(one + "/console/account/details"))
	if status != http.StatusOK || token == "" {
		t.Fatalf("signed in at the other process: %d here", status)
	}
	if status, _ := page(browser.PostForm(one+"/console/logout", url.Values{"csrf": {token}})); status != http.StatusSeeOther {
		t.Fatalf("sign out: %d", status)
	}
	for _, at := range []string{one, other} {
		if status, _ := page(browser.Get(at + "/console/account/details")); status != http.StatusSeeOther {
			t.Errorf("signed out, and %s answers %d", at, status)
		}
	}
}

// liveUpdate writes notes at one process until a screen that is open at the other hears of it.
func (f *fleet) liveUpdate(t *testing.T) {
	customer, _ := f.Given("S18", "en")
	f.Say(customer, "Where can I park?")
	f.Rest()
	manager := f.Desk("PM")
	heard := manager.At(f.Processes()[1]).Live("conversations")
	f.hears(t, heard, "conversations", func() { f.note(manager.At(f.First()), customer) })
}

// hears acts now and then until a stream gives the topic: it may not have listened to the first.
func (f *fleet) hears(t *testing.T, heard <-chan string, topic string, act func()) {
	t.Helper()
	deadline, again := time.After(harness.Patience), time.NewTicker(2*time.Second)
	defer again.Stop()
	for act(); ; {
		select {
		case got, open := <-heard:
			if !open {
				t.Fatal("the stream ended")
			}
			if got == topic {
				return
			}
		case <-again.C:
			act()
		case <-deadline:
			t.Fatalf("a change of %s was not told", topic)
		}
	}
}

// oneClock stops business time and moves it; every process tells the same day.
func (f *fleet) oneClock(t *testing.T) {
	f.Given("S18", "en")
	manager := f.Desk("PM")
	for _, want := range []string{"Thursday 8 October 2026", "Sunday 11 October 2026"} {
		for _, p := range f.Processes() {
			if _, page := manager.At(p).Get("/console/diary"); !strings.Contains(page, want) {
				t.Errorf("%s does not think that it is %s", p.BaseURL, want)
			}
		}
		f.Advance(72 * time.Hour)
	}
}

// onePolicy changes a policy at one process, which then stops: the other books by it.
func (f *fleet) onePolicy(t *testing.T) {
	customer, _ := f.Given("S18", "en")
	changed := f.First()
	form := url.Values{"deposit.percent": {"50"}, "seen.deposit.percent": {"20"}, "reason": {"a try"}}
	if status, body := f.Desk("PM").At(changed).Post("/console/policies/deposit.percent/change", form); status != http.StatusOK {
		t.Fatalf("change a policy: %d %s", status, body)
	}
	changed.Stop()
	f.Say(customer, "Any chance of a haircut today?")
	held := f.Say(customer, "16:30 with Salma")
	if !strings.Contains(harness.Said(held), "13.10") {
		t.Errorf("the deposit is not half of 26.20:\n%s", harness.Said(held))
	}
	f.revive(changed)
}

// text reads one text from the database.
func (f *fleet) text(sql string, args ...any) (s string) {
	f.Query(func(ctx context.Context, conn *pgx.Conn) error { return conn.QueryRow(ctx, sql, args...).Scan(&s) })
	return s
}
