// Package crash ends the program with kill -9 at every commit point of a booking, starts it again
// and holds the story to the same end: nothing twice, nothing lost (R-235, R-1406).
package crash

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"frontdesk/e2e/harness"
	"frontdesk/internal/testkit"
)

var turns = []string{"I'd like highlights on Friday", "Yes, that's me", "The pack, please", "First available", "12:30", "Haddad"}

const (
	danasPhone = "+447700900202"
	// Commits beyond the story's last are not waited for.
	patience = 40 * time.Second
)

// ending is everything the story leaves behind that a person could see.
type ending struct {
	customer, stylist string // transcripts
	visits            string
	sessions          int // payment links the provider was asked for, by different keys
}

func (e ending) String() string {
	return fmt.Sprintf("customer received:\n%s\nstylist received:\n%s\nvisits: %s\nsessions: %d", e.customer, e.stylist, e.visits, e.sessions)
}

// TestKilledAtEveryCommit plays S01 once undisturbed and then once per commit point. By default a
// sample of the points is taken; LONG=1 takes all of them, on both sides of the commit.
func TestKilledAtEveryCommit(t *testing.T) {
	proxy := harness.StartProxy(t)
	app := harness.Start(t, harness.Options{StandInsApart: true, Database: proxy.Through})

	proxy.Arm(-1, harness.Before, nil)
	want := play(t, app, &sync.WaitGroup{}, proxy)
	points := proxy.Seen()
	if points < 10 {
		t.Fatalf("the story has %d commits: the proxy does not see them", points)
	}
	t.Logf("undisturbed, %d commits:\n%s", points, want)

	step := 1
	if os.Getenv("LONG") == "" {
		step = points/6 + 1
	}
	report := &strings.Builder{}
	for _, phase := range []harness.Phase{harness.Before, harness.After} {
		for n := 1; n <= points; n += step {
			t.Run(fmt.Sprintf("%s commit %d", phase, n), func(t *testing.T) {
				began := time.Now()
				var restart sync.WaitGroup
				proxy.Arm(n, phase, func() { restart.Go(func() { app.Kill(); app.Launch() }) })
				got := play(t, app, &restart, proxy)
				fmt.Fprintf(report, "%s %d %s\n", phase, n, time.Since(began).Round(time.Millisecond))
				if got != want {
					t.Errorf("the story ended differently.\ngot  %s\nwant %s", got, want)
				}
			})
		}
	}
	artefact(t, "crash-matrix.txt", report.String())
}

// play tells the whole story, whatever happens to the program on the way, and looks at its end once
// a restart under way is over.
func play(t *testing.T, app *harness.App, restart *sync.WaitGroup, proxy *harness.Proxy) ending {
	t.Helper()
	phone, _ := app.Given("S01", "en")
	for i, text := range turns {
		deliver(t, app, phone, fmt.Sprintf("wamid.turn-%s-%d", t.Name(), i), text)
	}
	link := ""
	testkit.Eventually(t, patience, "the payment link arrives", func() bool {
		link = harness.Link(app.Transcript(phone))
		return link != ""
	})
	app.Pay(link, "paid", 1)
	testkit.Eventually(t, patience, "the visit is confirmed", func() bool {
		visits := app.State(phone).Appointments
		return len(visits) == 1 && visits[0].Status == "confirmed"
	})
	testkit.Eventually(t, patience, "the stylist is told", func() bool { return len(app.Received(danasPhone)) > 0 })
	proxy.Disarm()
	restart.Wait()
	app.Settle()
	return look(app, phone)
}

// deliver says one turn and waits for its end, however often the program dies meanwhile.
func deliver(t *testing.T, app *harness.App, phone, id, text string) {
	t.Helper()
	var got struct{ Done bool }
	deadline := time.Now().Add(patience)
	for !got.Done {
		if time.Now().After(deadline) {
			t.Fatalf("no end to %q", text)
		}
		body := map[string]any{"from": phone, "text": text, "message_id": id, "wait_ms": 10_000}
		if err := app.Control("say", body, &got); err != nil {
			t.Fatal(err)
		}
	}
}

var link = regexp.MustCompile(`https?://\S+`)

func look(app *harness.App, phone string) ending {
	anonymous := func(texts []string) string {
		return link.ReplaceAllString(strings.Join(texts, "\n---\n"), "<link>")
	}
	var visits []string
	for _, v := range app.State(phone).Appointments {
		visits = append(visits, fmt.Sprint(v.Status, v.Pack, v.Stylist, v.StartsAt.UTC(), v.TotalMinor, v.DepositMinor, v.DepositState))
	}
	links := map[string]bool{}
	for _, m := range app.Transcript(phone) {
		if m.URL != "" && !strings.HasSuffix(m.URL, "/privacy") {
			links[m.URL] = true
		}
	}
	return ending{
		customer: anonymous(app.Received(phone)),
		stylist:  anonymous(app.Received(danasPhone)),
		visits:   strings.Join(visits, "; "),
		sessions: len(links),
	}
}

func artefact(t *testing.T, name, text string) {
	t.Helper()
	dir := os.Getenv("ARTEFACTS")
	if dir == "" {
		t.Log(text)
		return
	}
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
		t.Error(err)
	}
}
