package jobs

import (
	"context"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"frontdesk/internal/booking"
	"frontdesk/internal/chat"
	"frontdesk/internal/checkout"
	"frontdesk/internal/clock"
	"frontdesk/internal/customers"
	"frontdesk/internal/identity"
	"frontdesk/internal/letters"
	"frontdesk/internal/notify"
	"frontdesk/internal/privacy"
	"frontdesk/internal/reconcile"
	"frontdesk/internal/settings"
	"frontdesk/internal/shop"
	"frontdesk/internal/stripeapi"
	"frontdesk/internal/testkit"
	"frontdesk/internal/thread"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// A sweep abandons the cart that nobody changed for eight days and forgets the session that has ended with it;
// run twice it changes nothing more.
func TestTheSweepAbandonsCarts(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c, hand := clock.Fixed(time.Date(2026, 10, 6, 8, 0, 0, 0, time.UTC))
	db := testkit.DB(t, c)
	q, redis, policies := queue.New(db), testkit.Redis(t), settings.New(db, c)
	store := shop.New(db, c, q, policies, redis)
	diary, o := booking.New(db, c, q, policies, redis), options(db)
	post := notify.New(db, c, q, thread.New(db, c, q, redis), nil, policies, nil, redis)
	rules := Rules{
		Privacy: privacy.New(db, c, policies, customers.New(db, c), q, diary),
		Diary:   diary, Chat: chat.New(chat.Rooms{DB: db, Clock: c, Queue: q, Redis: redis, Settings: policies, Diary: diary}),
		Post: post, Shop: store, Queue: q,
		Identity: identity.New(db, c, q, customers.New(db, c), store, post, redis, ""),
		Till:     checkout.New(db, c, q, diary, nil, nil, store, policies, redis, nil, nil), metrics: o.Metrics, Letters: letters.New(db, c, q, redis),
		Books: reconcile.New(db, c, q, nil, (*stripeapi.Client)(nil), policies, redis, o.Log, nil),
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, session, err := store.OpenSession(ctx)
	must(err)
	cart, err := store.OpenCart(ctx, session.Owner)
	must(err)
	must(db.On(ctx).Model(&models.ShopSession{}).Where("id = ?", session.ID).Update("expires_at", c.Machine().Add(-time.Minute)).Error)

	for _, tt := range []struct {
		days     int
		status   models.CartStatus
		sessions int64
	}{{6, models.CartActive, 1}, {2, models.CartAbandoned, 0}, {0, models.CartAbandoned, 0}} {
		hand.Advance(time.Duration(tt.days) * 24 * time.Hour)
		must(rules.sweep(ctx, &river.Job[queue.Sweep]{}))
		var got models.Cart
		must(db.On(ctx).Take(&got, "id = ?", cart.ID).Error)
		var sessions int64
		must(db.On(ctx).Model(&models.ShopSession{}).Count(&sessions).Error)
		if got.Status != tt.status || sessions != tt.sessions {
			t.Errorf("%d days on the cart is %s beside %d sessions, want %s and %d", tt.days, got.Status, sessions, tt.status, tt.sessions)
		}
	}
}
