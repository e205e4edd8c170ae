package doors

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"frontdesk/e2e/harness"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/testkit"
)

// windows are the limits that an app has begun to count.
type windows struct {
	*redisstore.Store
	t *testing.T
}

func windowsOf(t *testing.T, app *harness.App) windows {
	t.Helper()
	store, err := redisstore.Open(app.Env["REDIS_URL"])
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	return windows{store, t}
}

// each runs a command for every window that is open now.
func (w windows) each(command string, args ...string) {
	w.t.Helper()
	ctx := context.Background()
	keys, err := w.Client.Do(ctx, w.Client.B().Keys().Pattern(w.Key("limit:*")).Build()).AsStrSlice()
	if err != nil {
		w.t.Fatal(err)
	}
	for _, key := range keys {
		if err := w.Client.Do(ctx, w.Client.B().Arbitrary(command).Keys(key).Args(args...).Build()).Error(); err != nil {
			w.t.Fatal(err)
		}
	}
}

// stay keeps the windows from ending, so that a slow machine counts as a fast one does.
func (w windows) stay() { w.each("EXPIRE", "3600") }

// end opens them anew.
func (w windows) end() { w.each("DEL") }

// tally counts statuses of answers that come at the same time.
type tally struct {
	mu sync.Mutex
	of map[int]int
}

func (c *tally) add(status int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.of == nil {
		c.of = map[int]int{}
	}
	c.of[status]++
}

// three processes are one door.
func TestLimitsOfThreeProcesses(t *testing.T) {
	t.Parallel()
	o := harness.Options{Env: []string{"THROTTLE_ALLOW=192.0.2.0/24", "THROTTLE_PER_MINUTE=100"}}
	app := harness.Start(t, o)
	doors := []string{app.First().BaseURL, app.Another(o).BaseURL, app.Another(o).BaseURL}
	client := &http.Client{Transport: &http.Transport{MaxConnsPerHost: 20, MaxIdleConnsPerHost: 20}}
	ask := func(url string) (status int) {
		res, err := client.Get(url)
		if err != nil {
			t.Error(err)
			return 0
		}
		defer res.Body.Close() //nolint:errcheck // read to its end
		if _, err := io.Copy(io.Discard, res.Body); err != nil {
			t.Error(err)
		}
		if after, err := strconv.Atoi(res.Header.Get("Retry-After")); res.StatusCode == http.StatusTooManyRequests && (err != nil || after < 1) {
			t.Errorf("a 429 says %q about when to come back", res.Header.Get("Retry-After"))
		}
		return res.StatusCode
	}
	crowd := func(n int, one func(i int)) {
		var all sync.WaitGroup
		gate := make(chan struct{}, 60) // under way at once
		for i := range n {
			all.Go(func() {
				gate <- struct{}{}
				defer func() { <-gate }()
				one(i)
			})
		}
		all.Wait()
	}

	var pages tally
	pages.add(ask(doors[0] + "/payments/thanks"))
	windowsOf(t, app).stay()
	crowd(599, func(i int) { pages.add(ask(doors[i%len(doors)] + "/payments/thanks")) })
	if want := map[int]int{200: 100, 429: 500}; !maps.Equal(pages.of, want) {
		t.Errorf("600 at a limit of 100: got %v, want %v", pages.of, want)
	}

	var refused, signed tally
	at := func(i int) caller {
		of := *app
		of.BaseURL = doors[i%len(doors)]
		return caller{&of, t}
	}
	status, _ := at(0).post(whatsappDoor, wrote("447700900310", "wamid.L", hello), nil)
	refused.add(status)
	windowsOf(t, app).stay()
	crowd(230, func(i int) {
		c := at(i)
		switch {
		case i < 30:
			status, _ := c.post([]string{whatsappDoor, stripeDoor}[i%2], []byte(`{}`), nil)
			refused.add(status)
		case i%2 == 0:
			body := fmt.Appendf(nil, `{"id":"evt_limit_%d","type":"customer.created","data":{"object":{}}}`, i)
			signed.add(c.deliver(stripeDoor, body, c.stripe(body, time.Now())))
		default:
			body := hook(fmt.Sprintf(`{"statuses":[{"id":"wamid.NOPE%d","status":"read","recipient_id":"447700900310"}]}`, i))
			signed.add(c.deliver(whatsappDoor, body, c.meta(body)))
		}
	})
	if want := map[int]int{401: 10, 429: 21}; !maps.Equal(refused.of, want) {
		t.Errorf("refused calls: got %v, want %v", refused.of, want)
	}
	if want := map[int]int{200: 200}; !maps.Equal(signed.of, want) {
		t.Errorf("signed calls: got %v, want %v", signed.of, want)
	}
}

// deliver posts as a provider does, who comes again when nobody has the time.
func (c caller) deliver(path string, body []byte, headers map[string]string) (status int) {
	c.t.Helper()
	harness.Until(c.t, "a signed call is answered", func() bool {
		status, _ = c.post(path, body, headers)
		return status != http.StatusServiceUnavailable
	})
	return status
}

// flood posts messages of a customer as fast as the provider could; each is acknowledged.
func (c caller) flood(from string, first, last int) {
	c.t.Helper()
	for i := first; i <= last; i++ {
		body := wrote(from, fmt.Sprintf("wamid.%s.%d", from, i), fmt.Sprintf(`"type":"text","text":{"body":"hello, what does a manicure cost? %d"}`, i))
		if status := c.deliver(whatsappDoor, body, c.meta(body)); status != http.StatusOK {
			c.t.Errorf("message %d: got %d", i, status)
		}
	}
}

// of twenty messages ten are answered, one notice follows, and the rest gets one answer when the
// minute is over. The short suite opens the minute itself; LONG=1 waits for it.
func TestAFloodOfMessages(t *testing.T) {
	t.Parallel()
	c := caller{harness.Start(t, harness.Options{}), t}
	phone, _ := c.Given("S18", "en")
	long := os.Getenv("LONG") != ""
	from := strings.TrimPrefix(phone, "+")
	c.flood(from, 1, 1)
	c.Settle()
	if !long {
		windowsOf(t, c.App).stay()
	}
	c.flood(from, 2, 20)
	c.Settle()
	const notice = "You write faster than I can read"
	notices := func() (n int) {
		for _, text := range c.Received(phone) {
			n += strings.Count(text, notice)
		}
		return n
	}
	got := c.Received(phone)
	if len(got) != 11 || notices() != 1 || !strings.Contains(got[10], notice) {
		t.Fatalf("%d replies and %d notices, want ten answers and then a notice: %q", len(got), notices(), got)
	}
	stored := c.Number("SELECT count(*) FROM messages WHERE direction = 'in'")
	if waiting := c.Number("SELECT count(*) FROM messages WHERE direction = 'in' AND status = 'received'"); stored != 20 || waiting != 10 {
		t.Errorf("%d messages arrived and %d wait, want 20 and 10", stored, waiting)
	}
	if !long {
		windowsOf(t, c.App).end()
		c.flood(from, 21, 21) // a held job sleeps until the minute would have been over
	}
	testkit.Eventually(t, 3*time.Minute, "what waited is answered", func() bool { return len(c.Received(phone)) > 11 })
	c.Settle()
	if got := c.Received(phone); len(got) != 12 || notices() != 1 {
		t.Errorf("after the minute: %d replies and %d notices, want one answer more: %q", len(got), notices(), got)
	}
	if waiting := c.Number("SELECT count(*) FROM messages WHERE direction = 'in' AND status = 'received'"); waiting != 0 {
		t.Errorf("%d messages still wait", waiting)
	}
}
