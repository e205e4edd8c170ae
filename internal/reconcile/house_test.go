package reconcile_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"frontdesk/internal/booking"
	"frontdesk/internal/checkout"
	"frontdesk/internal/clock"
	"frontdesk/internal/database"
	"frontdesk/internal/inbox"
	"frontdesk/internal/outage"
	"frontdesk/internal/reconcile"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/settings"
	"frontdesk/internal/shop"
	"frontdesk/internal/simulator"
	"frontdesk/internal/stripeapi"
	"frontdesk/internal/testkit"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// morning is when a test begins; noon is when it compares.
var (
	morning = time.Date(2026, 10, 6, 8, 0, 0, 0, time.UTC)
	noon    = morning.Add(4 * time.Hour)
	day     = stripeapi.Window{From: morning.Add(-8 * time.Hour), To: noon}
)

const key = "sk_test_reconcile"

// house is our books, the provider's stand-in over HTTP, and nobody who brings its events.
type house struct {
	*reconcile.Books
	t      *testing.T
	ctx    context.Context
	db     *database.DB
	clock  clock.Clock
	file   string
	redis  *redisstore.Store
	queue  *queue.Queue
	events *inbox.Inbox
	stripe *stripeapi.Client
	till   *checkout.Till
	sim    string
	counts map[string]int
	hour   int // of the next visit
}

func open(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, ctx: t.Context(), file: filepath.Join(t.TempDir(), "clock"), redis: testkit.Redis(t), counts: map[string]int{}}
	h.clock = clock.Stoppable(h.file)
	h.at(morning)
	h.db = testkit.DB(t, h.clock)
	h.must(booking.Seed(h.ctx, h.db, h.clock))
	h.queue = queue.New(h.db)
	sim, err := simulator.Start(h.ctx, simulator.Config{
		Env: "test", Addr: "127.0.0.1:0", AppURL: func() string { return "" }, DB: h.db, Redis: h.redis, Queue: h.queue, Clock: h.clock, ClockFile: h.file,
		Outages: outage.In(t.TempDir()), StripeKey: key, StripeWebhookSecret: "whsec_x", Log: slog.New(slog.DiscardHandler),
	})
	h.must(err)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		h.must(sim.Close(ctx))
	})
	h.sim = sim.URL()
	h.stripe = stripeapi.New(stripeapi.Config{BaseURL: h.sim + "/stripe", SecretKey: key})
	policies := settings.New(h.db, h.clock)
	h.events = inbox.New(h.db, h.clock, h.queue)
	diary := booking.New(h.db, h.clock, h.queue, policies, h.redis)
	h.till = checkout.New(h.db, h.clock, h.queue, diary, nil, h.stripe, shop.New(h.db, h.clock, h.queue, policies, h.redis), policies, h.redis, nil, nil)
	h.Books = h.process()
	return h
}

// process is the same books as another process of ours has them.
func (h *house) process() *reconcile.Books {
	return reconcile.New(h.db, h.clock, h.queue, h.events, h.stripe, settings.New(h.db, h.clock), h.redis, slog.New(slog.DiscardHandler), func(name string) { h.counts[name]++ })
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) at(now time.Time) {
	h.t.Helper()
	h.must(clock.Stop(h.file, now))
}

func (h *house) exec(sql string, args ...any) {
	h.t.Helper()
	h.must(h.db.On(h.ctx).Exec(sql, args...).Error)
}

func (h *house) number(sql string, args ...any) (n int) {
	h.t.Helper()
	h.must(h.db.On(h.ctx).Raw(sql, args...).Scan(&n).Error)
	return n
}

// asked is a visit whose deposit is asked for, with the provider's page.
func (h *house) asked(minor int64) models.Payment {
	h.t.Helper()
	h.hour++
	p := models.Payment{ID: models.NewID(), AppointmentID: models.NewID(), AmountMinor: minor, Currency: "EUR"}
	who, now := models.NewID(), h.clock.Now()
	h.exec("INSERT INTO customers (id, name, language, created_at, updated_at) VALUES (?, 'Somebody', 'en', ?, ?)", who, now, now)
	starts := now.Add(time.Duration(24*h.hour) * time.Hour)
	h.exec(`INSERT INTO appointments (id, stylist_id, customer_id, booked_by_id, starts_at, ends_at, status, total_minor, currency, deposit_minor, deposit_state, terms, hold_expires_at, created_at, updated_at)
		SELECT ?, id, ?, ?, ?, ?, 'provisional', ?, 'EUR', ?, 'pending', '{}', ?, ?, ? FROM stylists ORDER BY position LIMIT 1`,
		p.AppointmentID, who, who, starts, starts.Add(time.Hour), minor*4, minor, now.Add(time.Hour), now, now)
	session := h.page(p)
	h.exec(`INSERT INTO payments (id, appointment_id, amount_minor, currency, state, session_id, expires_at, created_at, updated_at) VALUES (?, ?, ?, 'EUR', 'open', ?, ?, ?, ?)`,
		p.ID, p.AppointmentID, minor, session, now.Add(time.Hour), now, now)
	p.SessionID = &session
	return p
}

// page opens a page of the provider's for a payment.
func (h *house) page(p models.Payment) string {
	h.t.Helper()
	s, err := h.stripe.CreateSession(h.ctx, stripeapi.SessionRequest{
		IdempotencyKey: models.NewID().String(), PaymentID: p.ID, AppointmentID: p.AppointmentID, Amount: models.Money{Minor: p.AmountMinor, Currency: p.Currency},
		Title: "Deposit", Language: "en", SuccessURL: "http://x.test/ok", CancelURL: "http://x.test/no", ExpiresAt: h.clock.Now().Add(time.Hour),
	})
	h.must(err)
	return s.ID
}

// pays pays a page; nobody hears of it.
func (h *house) pays(session string) {
	h.t.Helper()
	h.control("pay", map[string]any{"session": session, "outcome": "paid"})
}

// paid is a visit whose deposit came in, as both sides know.
func (h *house) paid(minor int64) models.Payment {
	h.t.Helper()
	p := h.asked(minor)
	h.pays(*p.SessionID)
	h.hear()
	return h.payment(p.ID)
}

func (h *house) payment(id models.ID) models.Payment {
	h.t.Helper()
	p, err := h.till.Payment(h.ctx, id)
	h.must(err)
	return p
}

// hear brings every event that has not come, and works it.
func (h *house) hear() {
	h.t.Helper()
	for after := ""; ; {
		page, err := h.stripe.EventsIn(h.ctx, stripeapi.Window{From: morning.AddDate(0, 0, -1), To: morning.AddDate(0, 2, 0)}, after)
		h.must(err)
		for _, e := range page.Items {
			_, err := h.events.Accept(h.ctx, models.ProviderStripe, []inbox.Event{{ID: e.ID, Kind: e.Type, Payload: e.Raw}})
			h.must(err)
		}
		if after = page.Next; after == "" {
			break
		}
	}
	h.work()
}

// work works the events that have come and wait.
func (h *house) work() {
	h.t.Helper()
	var ids []models.ID
	h.must(h.db.On(h.ctx).Raw("SELECT id FROM provider_events WHERE processed_at IS NULL ORDER BY seq").Scan(&ids).Error)
	for _, id := range ids {
		h.must(h.till.Apply(h.ctx, id))
	}
}

// deaf has all events come and change nothing: as if their work had been lost.
func (h *house) deaf() {
	h.t.Helper()
	page, err := h.stripe.EventsIn(h.ctx, stripeapi.Window{From: morning.AddDate(0, 0, -1), To: morning.AddDate(0, 2, 0)}, "")
	h.must(err)
	for _, e := range page.Items {
		_, err := h.events.Accept(h.ctx, models.ProviderStripe, []inbox.Event{{ID: e.ID, Kind: e.Type, Payload: e.Raw}})
		h.must(err)
	}
	h.exec("UPDATE provider_events SET processed_at = now(), outcome = 'unchanged' WHERE processed_at IS NULL")
}

// givesBack is somebody at the provider's own site.
func (h *house) givesBack(p models.Payment, minor int64, metadata ...string) {
	h.t.Helper()
	form := url.Values{"payment_intent": {*p.PaymentIntent}, "amount": {fmt.Sprint(minor)}}
	for i := 0; i+1 < len(metadata); i += 2 {
		form.Set("metadata["+metadata[i]+"]", metadata[i+1])
	}
	h.send("/stripe/v1/refunds", "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
}

func (h *house) control(path string, body map[string]any) {
	h.t.Helper()
	raw, err := json.Marshal(body)
	h.must(err)
	h.send("/control/"+path, "application/json", bytes.NewReader(raw))
}

func (h *house) send(path, kind string, body io.Reader) {
	h.t.Helper()
	req, err := http.NewRequestWithContext(h.ctx, http.MethodPost, h.sim+path, body)
	h.must(err)
	req.Header.Set("Content-Type", kind)
	req.Header.Set("Authorization", "Bearer "+key)
	res, err := http.DefaultClient.Do(req)
	h.must(err)
	raw, err := io.ReadAll(res.Body)
	h.must(errors.Join(err, res.Body.Close()))
	if res.StatusCode != http.StatusOK {
		h.t.Fatalf("%s: %d %s", path, res.StatusCode, raw)
	}
}

// compare compares the day at noon, as its job does.
func (h *house) compare() models.Reconciliation {
	h.t.Helper()
	r, err := h.Begin(h.ctx, "machine", day)
	h.must(err)
	h.finish(r.ID)
	r, err = h.Run(h.ctx, r.ID)
	h.must(err)
	if r.State != models.ReconciliationDone {
		h.t.Fatalf("comparison: %+v", r)
	}
	return r
}

// finish works a comparison to its end, with the events it fetches.
func (h *house) finish(id models.ID) {
	h.t.Helper()
	for {
		err := h.Work(h.ctx, id, false)
		if later := (*queue.Later)(nil); errors.As(err, &later) {
			h.work()
			continue
		}
		h.must(err)
		return
	}
}

// stand are the differences in a state, one line each: kind, here, there.
func (h *house) stand(state models.DifferenceState) (out []string) {
	h.t.Helper()
	list, err := h.Differences(h.ctx, reconcile.Filter{State: state, Limit: 100})
	h.must(err)
	side := func(minor *int64, currency string) string {
		if minor == nil {
			return "-"
		}
		return fmt.Sprint(*minor, currency)
	}
	for _, d := range list {
		out = append(out, fmt.Sprintf("%s %s %s", d.Kind, side(d.HereMinor, d.HereCurrency), side(d.ThereMinor, d.ThereCurrency)))
	}
	return out
}

func (h *house) wants(state models.DifferenceState, want ...string) {
	h.t.Helper()
	if got := h.stand(state); fmt.Sprint(got) != fmt.Sprint(want) {
		h.t.Errorf("%s: %q, want %q", state, got, want)
	}
}
