package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"frontdesk/e2e/year"
	"frontdesk/internal/database"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/testkit"
)

// large is the number of rows from which on a table must be read through an index.
const large = 1000

// No statement of the product reads a large table whole (R-1309): the program runs on a database that holds a
// year of a busy salon, customers book, pay, let holds expire and ask for people, the console is walked
// link by link and form by form, and the plan of every statement that was made is read. Holds by expiry and
// appointments by stylist and time are among them; orders, returns and reminders come with their tables.
// Pages come from the program's own description, so that a new one is walked too; a new kind of job that
// nothing here sets off fails the test.
func TestNoQueryReadsALargeTableWhole(t *testing.T) {
	salon := openTraced(t)
	salon.stories()
	salon.standIns.run(t)

	walk := newWalk(t, salon)
	walk.pages()
	walk.forms()
	salon.everyKindOfJobRan()

	salon.app.run(t)
	judge(t, salon.url, salon.asked)
}

// traced is the program on a database full of data, with a note of every statement the product makes; what the
// stand-ins ask is not noted.
type traced struct {
	t             *testing.T
	c             Config
	logins        []demoLogin
	url           string
	asked         *statements
	now           time.Time
	plain         *pgxpool.Pool // not noted
	app, standIns undone
}

// undone are stops that run once, in the test or at its end.
type undone struct{ *stops }

func (u undone) run(t *testing.T) {
	t.Helper()
	if err := u.stops.run(); err != nil {
		t.Errorf("stop: %v", err)
	}
	*u.stops = nil
}

func openTraced(t *testing.T) *traced {
	t.Helper()
	ctx, log := t.Context(), slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError}))
	s := &traced{t: t, url: testkit.DatabaseURL(t), asked: newStatements(), app: undone{&stops{}}, standIns: undone{&stops{}}}
	t.Cleanup(func() { s.app.run(t); s.standIns.run(t) })
	c, err := loadConfig(map[string]string{
		"APP_ENV": "test", "DATA_DIR": t.TempDir(), "ADDR": "127.0.0.1:0", "SIM_ADDR": "127.0.0.1:0",
		"DATABASE_URL": s.url, "REDIS_URL": testkit.RedisURL(t), "PATH": os.Getenv("PATH"),
	})
	must(t, err)
	listener, err := net.Listen("tcp", c.Addr)
	must(t, err)
	c.BaseURL = localURL(listener.Addr().String())
	plain, logins, err := prepare(ctx, &c, log, s.standIns.stops)
	must(t, err)
	sims, err := plain.standIns(ctx, c, func() string { return "http://" + listener.Addr().String() }, s.standIns.stops)
	must(t, err)
	c.beside(sims)
	c.useStandIns()
	s.c, s.logins = c, logins
	s.plain, err = pgxpool.New(ctx, s.url)
	must(t, err)
	s.app.add(func(context.Context) error { s.plain.Close(); return nil })

	g := *plain
	g.db, err = database.Open(ctx, s.url, database.Options{Now: g.clock.Now, Tracer: s.asked})
	must(t, err)
	s.app.add(func(context.Context) error { g.db.Close(); return nil })
	g.redis, err = redisstore.Open(c.RedisURL)
	must(t, err)
	s.app.add(func(context.Context) error { g.redis.Close(); return nil })
	must(t, g.furnish(c))
	_, err = g.start(ctx, c, listener, s.app.stops)
	must(t, err)
	return s
}

// stories play what customers do, each on its way through webhooks, jobs and providers.
func (s *traced) stories() {
	phone := s.given()
	s.say(phone, "I'd like highlights on Friday", "Yes, that's me", "The pack, please", "First available", "12:30")
	s.pay(s.say(phone, "Haddad"))

	slow := "+447700900301" // lets the hold expire
	s.say(slow, "Hello, I'm Lina. I'd like a haircut next Tuesday", "Yes", "First available")
	s.say(slow, "the first one", "Haddad")
	s.advance("26m")
	s.advance("10m")

	s.say("+447700900302", "Hello", "I want to talk to a person")
}

// given stops the clock where the first scenario begins, and only then fills the database.
func (s *traced) given() (phone string) {
	var got struct {
		Phone string
		Now   time.Time
	}
	s.control("given", map[string]any{"scenario": "S01", "lang": "en"}, &got)
	s.now = got.Now
	must(s.t, year.Fill(s.t.Context(), s.url, got.Now))
	return got.Phone
}

type said struct {
	Replies []struct{ Text, URL string }
	Done    bool
}

func (s *traced) say(from string, texts ...string) (last said) {
	s.t.Helper()
	for _, text := range texts {
		last = said{}
		s.control("say", map[string]any{"from": from, "name": "Noor", "text": text, "wait_ms": 120_000}, &last)
		if !last.Done {
			s.t.Fatalf("no end to %q", text)
		}
	}
	return last
}

func (s *traced) pay(asked said) {
	s.t.Helper()
	at := slices.IndexFunc(asked.Replies, func(r struct{ Text, URL string }) bool { return strings.Contains(r.URL, "/pay/") })
	if at < 0 {
		s.t.Fatalf("no payment link in %+v", asked.Replies)
	}
	s.control("pay", map[string]any{"url": asked.Replies[at].URL, "outcome": "paid", "wait_ms": 120_000}, nil)
}

func (s *traced) advance(by string) {
	s.t.Helper()
	s.control("clock", map[string]any{"advance": by}, nil)
}

func (s *traced) control(path string, body, into any) {
	s.t.Helper()
	raw, err := json.Marshal(body)
	must(s.t, err)
	res, err := http.Post(s.c.SimURL+"/control/"+path, "application/json", bytes.NewReader(raw))
	must(s.t, err)
	defer res.Body.Close() //nolint:errcheck // read whole
	got, err := io.ReadAll(res.Body)
	must(s.t, err)
	if res.StatusCode != http.StatusOK {
		s.t.Fatalf("%s: %d %s", path, res.StatusCode, got)
	}
	if into != nil {
		must(s.t, json.Unmarshal(got, into))
	}
}

var kindOfJob = regexp.MustCompile(`(?m)^func \(\w+\) Kind\(\) string +\{ return "([a-z.]+)" \}$`)

// everyKindOfJobRan wants each kind of jobs/queue to have been worked, or its statements were never made.
func (s *traced) everyKindOfJobRan() {
	s.t.Helper()
	source, err := os.ReadFile("../jobs/queue/queue.go")
	must(s.t, err)
	kinds := kindOfJob.FindAllStringSubmatch(string(source), -1)
	if len(kinds) < 10 {
		s.t.Fatalf("%d kinds of jobs found in the source", len(kinds))
	}
	for _, kind := range kinds {
		testkit.Eventually(s.t, time.Minute, kind[1]+" ran", func() bool {
			var ran bool
			// The attempts of real jobs name who worked them.
			err := s.plain.QueryRow(s.t.Context(), "SELECT EXISTS (SELECT 1 FROM river_job WHERE kind = $1 AND cardinality(attempted_by) > 0)", kind[1]).Scan(&ran)
			must(s.t, err)
			return ran
		})
	}
}

// thing is the id, as text, of what stands for the parameter of a path; empty when there is none.
func (s *traced) thing(path string, n int) (id string) {
	s.t.Helper()
	at := slices.IndexFunc(things, func(one struct{ under, sql string }) bool { return strings.HasPrefix(path, one.under) })
	if at < 0 {
		return ""
	}
	sql := "SELECT id::text FROM (" + strings.ReplaceAll(things[at].sql, "@n", strconv.Itoa(n)) + ") AS one(id)"
	if err := s.plain.QueryRow(s.t.Context(), sql).Scan(&id); err != nil && !errors.Is(err, pgx.ErrNoRows) {
		s.t.Fatalf("%s: %v", path, err)
	}
	return id
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
