package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"frontdesk/internal/calendar"
	"frontdesk/internal/chatwoot"
	"frontdesk/internal/claude"
	"frontdesk/internal/database"
	"frontdesk/internal/mail"
	"frontdesk/internal/outage"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/sms"
	"frontdesk/internal/stripeapi"
	"frontdesk/internal/testkit"
	"frontdesk/internal/whatsapp"
	"frontdesk/models"
)

const (
	late    = 1500 * time.Millisecond // what a busy machine may take on top of a bound
	soonest = 100 * time.Millisecond  // whoever fails before has not waited for anybody
)

// outwards is a call that brings no limit of its own.
type outwards func(context.Context) error

// Whatever is on the other side, silent from the start or saying one byte now and then, every call outwards ends by itself in the time
// that docs/architecture.md says, as the product sets its clients up and with a caller who would wait for ever; and it ends as a failure
// (R-1401). A call that stands in the one and not in the other fails.
func TestEveryCallOutwardsEndsInTime(t *testing.T) {
	t.Parallel()
	bounds := waits(t)
	made := map[string]bool{}
	var all sync.WaitGroup
	defer all.Wait()
	for side, calls := range map[string]map[string][]outwards{
		"silent": toProviders(t, ""), "dribbling": toProviders(t, " "), "no token": toCalendar(t), "servers": toServers(t),
	} {
		for name, each := range calls {
			made[name] = true
			most, known := bounds[name]
			if !known {
				t.Errorf("%q stands in no table of docs/architecture.md", name)
				continue
			}
			for i, call := range each {
				all.Go(func() {
					began := time.Now()
					err := call(context.Background())
					switch took := time.Since(began).Round(time.Millisecond); {
					case err == nil:
						t.Errorf("%s, %s (%d) says that it went well", side, name, i)
					case took > most+late:
						t.Errorf("%s, %s (%d) took %s, at most %s is said", side, name, i, took, most)
					case took < soonest:
						t.Errorf("%s, %s (%d) took %s: it did not call at all: %v", side, name, i, took, err)
					default:
						t.Logf("%s, %s (%d): %s", side, name, i, took)
					}
				})
			}
		}
	}
	for name := range bounds {
		if !made[name] {
			t.Errorf("nobody makes %q, which docs/architecture.md bounds", name)
		}
	}
}

// waits are the bounds of docs/architecture.md, by call.
func waits(t *testing.T) map[string]time.Duration {
	t.Helper()
	page, err := os.ReadFile("../docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, found := strings.Cut(string(page), "| call | most | file, setting |\n")
	table, _, ended := strings.Cut(table, "\n\n")
	row := regexp.MustCompile(`^\| ([^|]+) \| (\d+) (s|ms) \| [^|]+ \|$`)
	bounds := map[string]time.Duration{}
	for line := range strings.Lines(table) {
		if strings.HasPrefix(line, "|---") {
			continue
		}
		is := row.FindStringSubmatch(strings.TrimSpace(line))
		if is == nil {
			t.Fatalf("not a row of the table: %s", line)
		}
		if bounds[is[1]], err = time.ParseDuration(is[2] + is[3]); err != nil {
			t.Fatal(err)
		}
	}
	if !found || !ended || len(bounds) == 0 {
		t.Fatal("docs/architecture.md has no table of calls")
	}
	return bounds
}

// toProviders are the calls to all providers, who say the first bytes of an answer and then this, again and again, or nothing at all.
func toProviders(t *testing.T, now string) map[string][]outwards {
	t.Helper()
	p := stuck(t, now, true)
	place := models.ChatwootPlace{AccountID: 1, ChatwootID: 2}
	visit := calendar.Visit{ID: models.NewID(), StylistID: models.NewID(), Title: "Held", Span: models.Span{Start: time.Now(), End: time.Now().Add(time.Hour)}}
	return map[string][]outwards{
		"WhatsApp: a message, a look at the number": {p.meta.Check, func(ctx context.Context) error {
			_, err := p.meta.Send(ctx, whatsapp.Message{})
			return err
		}},
		"WhatsApp: a file that somebody sent": {func(ctx context.Context) error {
			_, err := p.meta.Medium(ctx, "1", 1<<20)
			return err
		}},
		"Stripe: any call": {p.stripe.Check, func(ctx context.Context) error {
			_, err := p.stripe.CreateSession(ctx, stripeapi.SessionRequest{Amount: models.Money{Minor: 100, Currency: "EUR"}, ExpiresAt: time.Now().Add(time.Hour)})
			return err
		}, func(ctx context.Context) error {
			_, err := p.stripe.CreateRefund(ctx, stripeapi.RefundRequest{PaymentIntent: "pi_1", AmountMinor: 100})
			return err
		}, func(ctx context.Context) error {
			_, err := p.stripe.Session(ctx, "cs_1")
			return err
		}, func(ctx context.Context) error {
			_, err := p.stripe.ExpireSession(ctx, "cs_1")
			return err
		}},
		"Chatwoot: a message, a status": {p.inbox.Check, func(ctx context.Context) error {
			_, err := p.inbox.Send(ctx, place, chatwoot.Message{})
			return err
		}, func(ctx context.Context) error { return p.inbox.SetStatus(ctx, place, models.ChatwootOpen) }},
		"Chatwoot: a contact is forgotten": {func(ctx context.Context) error { return p.inbox.Forget(ctx, place) }},
		"Claude: a question": {p.model.Check, func(ctx context.Context) error {
			_, err := p.model.Ask(ctx, claude.Question{Text: "?", Tool: claude.Tool{Name: "say"}})
			return err
		}},
		"Mail: a message, from dialling to good-bye": {p.mail.Check, func(ctx context.Context) error {
			return p.mail.Send(ctx, mail.Message{ID: "1", To: "a@luma.example", Subject: "s", Text: "t", Date: time.Now()})
		}},
		"SMS: a message, a question": {p.sms.Check, func(ctx context.Context) error {
			_, err := p.sms.Send(ctx, sms.Message{Key: "1", To: "+447700900201", Text: "t"})
			return err
		}, func(ctx context.Context) error {
			_, _, err := p.sms.Status(ctx, "1")
			return err
		}},
		"Calendar: a call with its token, whoever fetches that": {p.calendars.Check, func(ctx context.Context) error {
			return p.calendars.Remove(ctx, "salma@example.com", visit.ID)
		}, func(ctx context.Context) error {
			_, err := p.calendars.Read(ctx, "salma@example.com", visit.Span, time.UTC, "")
			return err
		}, func(ctx context.Context) error { return p.calendars.Put(ctx, "salma@example.com", visit, false) }},
		"Product feed: a page": {p.feed.Check},
	}
}

// toCalendar are calls for which a token must be fetched, all at once, from where nobody answers: none waits for the others as well.
func toCalendar(t *testing.T) map[string][]outwards {
	t.Helper()
	p := stuck(t, "", false)
	return map[string][]outwards{"Calendar: a call with its token, whoever fetches that": slices.Repeat([]outwards{p.calendars.Check}, 4)}
}

// stuck are the clients as the product makes them, of providers who begin an answer and say the rest for ever, or nothing at all.
func stuck(t *testing.T, now string, tokens bool) providers {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // until the caller has said everything, or gone
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/token" && tokens {
			_, _ = w.Write([]byte(`{"access_token":"t1","expires_in":3600,"token_type":"Bearer"}`)) // read or not
			return
		}
		dribble(ctx, now, func(piece string) error {
			_, err := w.Write([]byte(piece))
			w.(http.Flusher).Flush()
			return err
		})
	}))
	t.Cleanup(func() { stop(); server.Close() })
	var c Config
	err := withSecrets(t.TempDir(), func(s *secrets) (err error) {
		if err := c.Calendars.complete(s); err != nil {
			return err
		}
		c, err = loadConfig(map[string]string{
			"APP_ENV": envTest, "WHATSAPP_BASE_URL": server.URL, "WHATSAPP_PHONE_ID": "77", "WHATSAPP_TOKEN": "k", "STRIPE_BASE_URL": server.URL, "STRIPE_SECRET_KEY": "sk_test_1",
			"CHATWOOT_BASE_URL": server.URL, "CHATWOOT_API_TOKEN": "k", "CHATWOOT_WEBHOOK_SECRET": "s", "CLAUDE_BASE_URL": server.URL, "CLAUDE_API_KEY": "k",
			"MAIL_ADDR": silentPort(t, now), "MAIL_SECURITY": "none", "MAIL_FROM": "b@luma.example", "SMS_BASE_URL": server.URL, "SMS_KEY": "k", "SMS_FROM": "Luma",
			"CALENDAR_KEY": c.CalendarKey, "CALENDAR_BASE_URL": server.URL, "CALENDAR_TOKEN_URL": server.URL + "/token", "CATALOG_FEED_URL": server.URL,
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return openProviders(c)
}

// dribble says something now and then until the caller is gone; nothing: never.
func dribble(gone context.Context, now string, say func(string) error) {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-gone.Done():
			return
		case <-tick.C:
			if now != "" && say(now) != nil {
				return
			}
		}
	}
}

// silentPort takes connections until the test ends, and says on each what dribble does.
func silentPort(t *testing.T, now string) (addr string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	t.Cleanup(func() { stop(); _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close() //nolint:errcheck // nothing is lost
				dribble(ctx, now, func(piece string) error {
					_, err := c.Write([]byte(piece))
					return err
				})
			}()
		}
	}()
	return l.Addr().String()
}

// toServers are calls to a Postgres and a Redis that fall silent with everybody's connections open, and to such as never say a word.
func toServers(t *testing.T) map[string][]outwards {
	t.Helper()
	board := outage.In(t.TempDir())
	// Each gets a connection of its own that is known to be good, and falls silent then.
	hang := func(s outage.Service) error { return board.Begin(s, outage.Hang, time.Now().Add(time.Hour)) }
	db, err := database.Open(t.Context(), testkit.DatabaseURL(t), database.Options{Dial: board.Line(outage.Postgres).Dial})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	store, err := redisstore.Open(testkit.RedisURL(t), redisstore.Through(board.Line(outage.Redis).Dial))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	breaker := redisstore.NewBreaker("test:"+t.Name(), redisstore.BreakerTerms{Failures: 3, Pause: time.Second})
	breaker.Share(store, nil)
	if err := errors.Join(hang(outage.Postgres), hang(outage.Redis)); err != nil {
		t.Fatal(err)
	}
	return map[string][]outwards{
		"Postgres: to connect": {func(ctx context.Context) error {
			_, err := database.Open(ctx, "postgres://u:p@"+silentPort(t, "")+"/d?sslmode=disable", database.Options{})
			return err
		}},
		"Postgres: a statement": {func(ctx context.Context) error {
			_, err := db.Pool.Exec(ctx, "SELECT 1")
			return err
		}, func(ctx context.Context) error { return db.On(ctx).Exec("SELECT 1").Error }, func(ctx context.Context) error {
			one := &pgx.Batch{}
			one.Queue("SELECT 1")
			return db.Relaxed.SendBatch(ctx, one).Close()
		}, func(ctx context.Context) error {
			return db.InTx(ctx, func(ctx context.Context) error { return db.On(ctx).Exec("SELECT 1").Error })
		}},
		"Redis: to connect": {func(context.Context) error {
			_, err := redisstore.Open("redis://" + silentPort(t, ""))
			return err
		}},
		"Redis: a command": {store.Ping, func(ctx context.Context) error {
			_, err := store.Recall(ctx, "k", time.Second)
			return err
		}, func(ctx context.Context) error { return store.Set(ctx, "k", bytes.Repeat([]byte("v"), 9), time.Second) }},
		"Redis: what is known of a provider": {func(ctx context.Context) error {
			_, err := breaker.View(ctx)
			return err
		}},
		"Redis: a subscription": {func(ctx context.Context) error {
			return store.Watch(ctx, []string{redisstore.TopicAlerts}, func(string, string) {})
		}},
	}
}
