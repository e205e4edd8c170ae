package jobs

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"frontdesk/internal/booking"
	"frontdesk/internal/chat"
	"frontdesk/internal/checkout"
	"frontdesk/internal/clock"
	"frontdesk/internal/customers"
	"frontdesk/internal/database"
	"frontdesk/internal/identity"
	"frontdesk/internal/inbox"
	"frontdesk/internal/letters"
	"frontdesk/internal/notify"
	"frontdesk/internal/reconcile"
	"frontdesk/internal/settings"
	"frontdesk/internal/shop"
	"frontdesk/internal/stripeapi"
	"frontdesk/internal/testkit"
	"frontdesk/internal/thread"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// atWork starts a crew on the rules.
func atWork(t *testing.T, rules Rules, o Options) *Crew {
	t.Helper()
	c, err := Start(context.Background(), rules, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := c.Stop(ctx); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	return c
}

func TestEveryKindHasAWorker(t *testing.T) {
	t.Parallel()
	c, _ := clock.Fixed(time.Now())
	db := testkit.DB(t, c)
	crew := atWork(t, Rules{}, options(db))
	later := &river.InsertOpts{ScheduledAt: time.Now().Add(time.Hour)}
	for _, args := range []river.JobArgs{
		queue.InboxEvent{}, queue.ChatTurn{}, queue.Tell{}, queue.Flush{}, queue.StylistNotice{}, queue.CaseNotice{},
		queue.PaymentSession{}, queue.PaymentVoid{}, queue.PaymentEvent{}, queue.RefundSend{}, queue.CatalogueSync{}, queue.LettersBack{}, queue.Reconcile{}, queue.ReconcileWatch{}, queue.Sweep{},
	} {
		if _, err := crew.client.Insert(context.Background(), args, later); err != nil {
			t.Errorf("%s: %v", args.Kind(), err)
		}
	}
}

func TestUnknownEventsAreRecordedAndIgnored(t *testing.T) {
	t.Parallel()
	c, _ := clock.Fixed(time.Now())
	db := testkit.DB(t, c)
	events := inbox.New(db, c, queue.New(db))
	atWork(t, Rules{Inbox: events}, options(db))
	odd := inbox.Event{ID: "odd-1", Kind: models.EventOther, Payload: []byte(`{"object":"page"}`)}
	if _, err := events.Accept(context.Background(), models.ProviderWhatsApp, []inbox.Event{odd}); err != nil {
		t.Fatal(err)
	}
	testkit.Eventually(t, time.Minute, "the event is worked", func() bool { return jobState(t, db, "inbox.event") == "completed" })
	var stored models.ProviderEvent
	if err := db.On(context.Background()).Take(&stored).Error; err != nil || stored.Outcome != "ignored" || stored.ProcessedAt == nil {
		t.Errorf("got %q at %v (%v)", stored.Outcome, stored.ProcessedAt, err)
	}
}

func TestSweepRunTwiceExpiresAHoldOnce(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c, hand := clock.Fixed(time.Date(2026, 10, 6, 8, 0, 0, 0, time.UTC))
	db := testkit.DB(t, c)
	if err := booking.Seed(ctx, db, c); err != nil {
		t.Fatal(err)
	}
	q := queue.New(db)
	diary := booking.New(db, c, q, settings.New(db, c), testkit.Redis(t))
	hold(t, db, diary, time.Date(2026, 10, 9, 10, 30, 0, 0, time.UTC))

	o := options(db)
	redis, policies := testkit.Redis(t), settings.New(db, c)
	clerk := chat.New(chat.Rooms{DB: db, Clock: c, Queue: q, Redis: redis, Settings: policies})
	post := notify.New(db, c, q, thread.New(db, c, q, redis), nil, policies, nil, redis)
	store := shop.New(db, c, queue.New(db), settings.New(db, c), nil)
	till := checkout.New(db, c, queue.New(db), diary, nil, nil, store, settings.New(db, c), nil, nil, nil)
	atWork(t, Rules{Diary: diary, Chat: clerk, Post: post, Shop: store, Till: till,
		Identity: identity.New(db, c, q, customers.New(db, c), store, post, redis, ""), Letters: letters.New(db, c, q, redis),
		Books: reconcile.New(db, c, q, nil, (*stripeapi.Client)(nil), settings.New(db, c), redis, o.Log, nil)}, o)
	hand.Advance(31 * time.Minute)
	for range 2 {
		if err := q.Enqueue(ctx, queue.Sweep{}); err != nil {
			t.Fatal(err)
		}
		testkit.Eventually(t, time.Minute, "the sweep is done", func() bool {
			n, err := q.Pending(ctx)
			return err == nil && n == 0 && !strings.Contains(jobState(t, db, "sweep.due"), "available")
		})
	}
	text, err := o.Metrics.Prometheus()
	if err != nil || !strings.Contains(string(text), "\nholds_expired 1\n") {
		t.Errorf("expired holds are not counted once (%v)", err)
	}
}

func hold(t *testing.T, db *database.DB, diary *booking.Diary, at time.Time) {
	t.Helper()
	ctx := context.Background()
	menu, err := diary.Menu(ctx)
	if err != nil {
		t.Fatal(err)
	}
	cut, _ := menu.Service("CUT")
	customer := models.Customer{ID: models.NewID(), Name: "Greta", Language: models.English}
	if err := db.On(ctx).Create(&customer).Error; err != nil {
		t.Fatal(err)
	}
	_, err = diary.Hold(ctx, booking.HoldRequest{
		CustomerID: customer.ID, BookedByID: customer.ID, StylistID: menu.Stylists[0].ID, ServiceIDs: []models.ID{cut.ID}, StartsAt: at, Actor: "customer",
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestPendingCountsWhatWouldMoveNow(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c, _ := clock.Fixed(time.Now())
	db := testkit.DB(t, c)
	q := queue.New(db)
	for _, args := range []river.JobArgs{queue.ChatTurn{}, queue.Flush{}, queue.ChatTurn{}} {
		if err := q.Enqueue(ctx, args); err != nil {
			t.Fatal(err)
		}
	}
	check := func(what string, want int) {
		t.Helper()
		if got, err := q.Pending(ctx); got != want || err != nil {
			t.Errorf("%s: got %d, want %d (%v)", what, got, want, err)
		}
	}
	check("enqueued", 3)
	change := func(sql string) {
		t.Helper()
		if err := db.On(ctx).Exec(sql).Error; err != nil {
			t.Fatal(err)
		}
	}
	change(`UPDATE river_job SET scheduled_at = now() + interval '1 minute' WHERE kind = 'notify.flush'`)
	check("one is kept back for a moment", 3)
	change(`UPDATE river_job SET attempted_at = now() WHERE kind = 'notify.flush'`)
	check("one waits for its pause", 2)
	change(`UPDATE river_job SET scheduled_at = now() + interval '100 ms' WHERE kind = 'notify.flush'`)
	check("one found its conversation busy", 3)
	change(`UPDATE river_job SET state = 'running' WHERE kind = 'notify.flush'`)
	check("it runs", 3)
	change(`UPDATE river_job SET state = 'completed', finalized_at = now()`)
	check("all are done", 0)
}
