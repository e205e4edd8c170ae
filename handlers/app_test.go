package handlers

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"frontdesk/internal/audit"
	"frontdesk/internal/booking"
	"frontdesk/internal/chat"
	"frontdesk/internal/checkout"
	"frontdesk/internal/clock"
	"frontdesk/internal/content"
	"frontdesk/internal/customers"
	"frontdesk/internal/database"
	"frontdesk/internal/feed"
	"frontdesk/internal/funnel"
	"frontdesk/internal/handoff"
	"frontdesk/internal/i18n"
	"frontdesk/internal/identity"
	"frontdesk/internal/inbox"
	"frontdesk/internal/letters"
	"frontdesk/internal/logging"
	"frontdesk/internal/metrics"
	"frontdesk/internal/notify"
	"frontdesk/internal/ops"
	"frontdesk/internal/privacy"
	"frontdesk/internal/reconcile"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/settings"
	"frontdesk/internal/shop"
	"frontdesk/internal/staff"
	"frontdesk/internal/stripeapi"
	"frontdesk/internal/testkit"
	"frontdesk/internal/thread"
	"frontdesk/internal/whatsapp"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

const (
	testSecret   = "app-secret"
	testVerify   = "verify-me"
	testStripe   = "whsec_test"
	testAdmin    = "a-long-admin-token-of-a-script"
	testPassword = "correct horse battery"
)

// testNow is a Friday morning in the salon.
var testNow = time.Date(2026, 10, 9, 8, 0, 0, 0, time.UTC)

// app is the real application on a database and Redis of its own.
type app struct {
	*Server
	t    *testing.T
	hand *clock.Hand
	logs *lines
}

// newApp makes the application; change may alter settings and rooms before.
func newApp(t *testing.T, change ...func(*Settings, *Rooms)) *app {
	t.Helper()
	c, hand := clock.Fixed(testNow)
	a := &app{t: t, hand: hand, logs: &lines{}}
	rooms := testRooms(t, c, testkit.DB(t, c), logging.New(a.logs, slog.LevelDebug))
	set := Settings{
		Version: "test", BaseURL: "http://localhost:8080", CORSOrigins: []string{"http://localhost:3000"},
		WhatsApp: WhatsAppSettings{AppSecret: testSecret, VerifyToken: testVerify}, StripeSecret: testStripe,
		SyncKey: testSyncKey,
		Limits:  Limits{PerMinute: 300, Refused: 1_000_000, Allow: []netip.Prefix{netip.MustParsePrefix("0.0.0.0/32")}}, // where tests call from
	}
	for _, f := range change {
		f(&set, &rooms)
	}
	a.Server = New(set, rooms)
	return a
}

func testRooms(t *testing.T, c clock.Clock, db *database.DB, log *slog.Logger) Rooms {
	t.Helper()
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	r := Rooms{DB: db, Redis: testkit.Redis(t), Queue: queue.New(db), Clock: c, Texts: texts, Metrics: metrics.New(), Log: log}
	r.Inbox = inbox.New(db, c, r.Queue)
	r.Audit = audit.New(db, c)
	terms := redisstore.BreakerTerms{Failures: 2, Pause: time.Hour}
	r.Watch = ops.New(db, r.Audit, r.Redis, log, redisstore.NewBreaker("whatsapp", terms), redisstore.NewBreaker("stripe", terms))
	r.Policies = settings.New(db, c)
	r.People = customers.New(db, c)
	r.Thread = thread.New(db, c, r.Queue, r.Redis)
	r.Desk = handoff.New(db, c, r.Queue, r.Policies, r.Thread, r.Redis)
	r.Diary = booking.New(db, c, r.Queue, r.Policies, r.Redis)
	r.Shop = shop.New(db, c, r.Queue, r.Policies, r.Redis, shop.WithFeed(feed.New(feed.Config{URL: "http://127.0.0.1:1/feed"})))
	r.Funnel = funnel.New(db, c, r.Policies)
	r.Letters = letters.New(db, c, r.Queue, r.Redis)
	r.Books = reconcile.New(db, c, r.Queue, inbox.New(db, c, r.Queue), stripeapi.New(stripeapi.Config{SecretKey: "sk_test_x"}), r.Policies, r.Redis, log, func(string) {})
	r.Till = checkout.New(db, c, r.Queue, r.Diary, r.Desk, stripeapi.New(stripeapi.Config{SecretKey: "sk_test_x"}), r.Shop, r.Policies, r.Redis, texts,
		func() string { return "http://localhost:8080" }, checkout.WithReturns(checkout.ReturnTerms{Enabled: true, Days: 30}))
	library := content.New(db, texts, c)
	r.Content = library
	r.Chat = chat.New(chat.Rooms{
		DB: db, Clock: c, Queue: r.Queue, Redis: r.Redis, Settings: r.Policies, Customers: r.People, Thread: r.Thread,
		Content: library, Diary: r.Diary, Till: r.Till, Shop: r.Shop, Desk: r.Desk, BaseURL: func() string { return "http://localhost:8080" },
	})
	r.Post = notify.New(db, c, r.Queue, r.Thread, library, r.Policies, whatsapp.New(whatsapp.Config{BaseURL: "http://127.0.0.1:1"}), r.Redis,
		notify.WithTestNumbers([]string{"+447700900190"}))
	library.OnUnresolved(r.Post.Unresolved)
	r.Privacy = privacy.New(db, c, r.Policies, r.People, r.Queue, r.Diary)
	r.Identity = identity.New(db, c, r.Queue, r.People, r.Shop, r.Post, r.Redis, "a passphrase", r.Privacy, r.Till)
	r.Workers = func() error { return nil }
	r.Staff, err = staff.New(db, r.Redis, c, audit.New(db, c), staff.WithHash(staff.CheapHash()), staff.WithAdminToken(testAdmin))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// person makes an account of the role and gives its e-mail; the password is testPassword.
func (a *app) person(role models.Role) string {
	a.t.Helper()
	email := string(role) + "@luma.example"
	login := staff.Login{Email: email, Password: testPassword, Name: string(role), Role: role}
	if err := a.Staff.SeedDemo(context.Background(), []staff.Login{login}); err != nil {
		a.t.Fatal(err)
	}
	return email
}

// answer is what came back.
type answer struct {
	*http.Response
	body string
}

// json is the body as an object.
func (r answer) json(t *testing.T) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal([]byte(r.body), &v); err != nil {
		t.Fatalf("answer is not JSON: %v: %.300s", err, r.body)
	}
	return v
}

// code is the error code of an envelope.
func (r answer) code(t *testing.T) string {
	t.Helper()
	e, _ := r.json(t)["error"].(map[string]any)
	code, _ := e["code"].(string)
	return code
}

// call sends a request; headers are given as "Name: value".
func (a *app) call(method, path string, body []byte, headers ...string) answer {
	a.t.Helper()
	req := httptest.NewRequest(method, path, bytes.NewReader(body))
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Set(name, value)
	}
	res, err := a.App().Test(req, -1)
	if err != nil {
		a.t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // read whole
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		a.t.Fatal(err)
	}
	return answer{res, string(raw)}
}

// count is how many rows a table has.
func (a *app) count(table string) int64 {
	a.t.Helper()
	var n int64
	if err := a.DB.On(context.Background()).Table(table).Count(&n).Error; err != nil {
		a.t.Fatal(err)
	}
	return n
}

const typeJSON = "Content-Type: application/json"

// lines collect what was logged.
type lines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

// Write collects.
func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}
