package shop

import (
	"context"
	"reflect"
	"sync"
	"testing"
	"time"

	"frontdesk/internal/clock"
	"frontdesk/internal/database"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/settings"
	"frontdesk/internal/testkit"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// together runs the same thing many times at once.
func together(n int, act func(i int)) {
	var all sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		all.Go(func() { <-start; act(i) })
	}
	close(start)
	all.Wait()
}

// Twenty who add at once to a cart that is not there yet make one cart, one line, the exact quantity and
// total; each change has its version.
func TestTwentyAddsAtOnce(t *testing.T) {
	t.Parallel()
	s := openStall(t)
	for range 5 {
		o, p := s.guest(), s.product(700, 60, "EUR")
		together(20, func(i int) {
			if _, err := s.Add(s.ctx, o, Add{ProductID: p.ID, Qty: 1 + i%3}); err != nil {
				t.Error(err)
			}
		})
		got := s.see(o)
		if len(got.Items) != 1 || got.Items[0].Qty != 39 || got.SubtotalMinor != 39*700 || got.TotalMinor != 39*700 || got.Version != 20 {
			t.Fatalf("got version %d, %+v", got.Version, got.Items)
		}
		if row := s.stored(got.ID); row.TotalMinor != got.TotalMinor || row.Version != 20 {
			t.Errorf("written is %+v", row)
		}
	}
}

// Of many who want the last pieces into one cart no more get them than there are.
func TestAddsAtOnceNeverPassTheStock(t *testing.T) {
	t.Parallel()
	s := openStall(t)
	o, p := s.guest(), s.product(700, 7, "EUR")
	together(20, func(int) {
		if _, err := s.Add(s.ctx, o, Add{ProductID: p.ID, Qty: 1}); err != nil {
			s.refused(err, "shop.insufficient_stock")
		}
	})
	if got := s.see(o); got.Items[0].Qty != 7 {
		t.Errorf("%d of 7 are in the cart", got.Items[0].Qty)
	}
}

// Opening at once opens one cart.
func TestOpeningAtOnce(t *testing.T) {
	t.Parallel()
	s := openStall(t)
	o := s.customer()
	ids := make([]models.ID, 20)
	together(20, func(i int) {
		cart, err := s.OpenCart(s.ctx, o)
		if err != nil {
			t.Error(err)
		}
		ids[i] = cart.ID
	})
	for _, id := range ids {
		if id != ids[0] || id == (models.ID{}) {
			t.Fatalf("opened %v", ids)
		}
	}
}

// The same key is answered once, however often and however many at once ask; another request under it is a
// conflict; another owner's key is another key.
func TestAKeyIsAnsweredOnce(t *testing.T) {
	t.Parallel()
	s := openStall(t)
	o, p, second := s.guest(), s.product(700, 60, "EUR"), s.product(900, 60, "EUR")
	asked := Add{ProductID: p.ID, Qty: 2, Key: "a key / of 1"}
	items := make([]models.CartItem, 20)
	together(20, func(i int) {
		item, err := s.Add(s.ctx, o, asked)
		if err != nil {
			t.Error(err)
		}
		items[i] = item
	})
	for _, item := range items {
		if item.ID != items[0].ID || item.Qty != 2 || !item.CreatedAt.Equal(items[0].CreatedAt) || !reflect.DeepEqual(item.Names, items[0].Names) {
			t.Fatalf("answered %+v and %+v", items[0], item)
		}
	}
	for _, other := range []Add{
		{ProductID: p.ID, Qty: 3, Key: asked.Key}, {ProductID: second.ID, Qty: 2, Key: asked.Key}, {SKU: p.SKU, Qty: 2, Key: asked.Key},
	} {
		_, err := s.Add(s.ctx, o, other)
		s.refused(err, "shop.idempotency_conflict")
	}
	if got := s.see(o); len(got.Items) != 1 || got.Items[0].Qty != 2 || got.Version != 1 {
		t.Errorf("version %d, %+v", got.Version, got.Items)
	}
	neighbour := s.guest()
	if _, err := s.Add(s.ctx, neighbour, Add{ProductID: second.ID, Qty: 1, Key: asked.Key}); err != nil {
		t.Error(err)
	}
	expire := func() {
		s.must(s.db.On(s.ctx).Exec("UPDATE cart_keys SET expires_at = ?", time.Now().Add(-time.Second)).Error)
	}
	expire()
	if _, err := s.Add(s.ctx, o, Add{ProductID: p.ID, Qty: 3, Key: asked.Key}); err != nil || s.see(o).Items[0].Qty != 5 {
		t.Errorf("a key whose day is over: %v", err)
	}
	expire()
	s.must(s.ForgetSessions(s.ctx))
	var kept int64
	s.must(s.db.On(s.ctx).Table("cart_keys").Count(&kept).Error)
	if kept != 0 {
		t.Errorf("%d keys are kept for ever", kept)
	}
}

// What was refused is asked anew under its key.
func TestARefusalIsNoAnswer(t *testing.T) {
	t.Parallel()
	s := openStall(t)
	o, p := s.guest(), s.product(700, 1, "EUR")
	asked := Add{ProductID: p.ID, Qty: 2, Key: "again"}
	_, err := s.Add(s.ctx, o, asked)
	s.refused(err, "shop.insufficient_stock")
	s.changes(p, "stock", 2)
	if _, err := s.Add(s.ctx, o, asked); err != nil {
		t.Error(err)
	}
}

// Carts and keys need nothing but the database.
func TestACartWithoutRedis(t *testing.T) {
	t.Parallel()
	s := openStall(t)
	redis, err := redisstore.Open(testkit.RedisURL(t))
	s.must(err)
	c, _ := clock.Fixed(s.now())
	s.Shop = New(s.db, c, queue.New(s.db), settings.New(s.db, c), redis)
	redis.Close()
	o, p := s.guest(), s.product(700, 60, "EUR")
	together(8, func(int) {
		if _, err := s.Add(s.ctx, o, Add{ProductID: p.ID, Qty: 1, Key: "one"}); err != nil {
			t.Error(err)
		}
	})
	if got := s.see(o); len(got.Items) != 1 || got.Items[0].Qty != 1 {
		t.Errorf("got %+v", got.Items)
	}
}

// A key that was used within a transaction that is undone was never used.
func TestAKeyIsUndoneWithItsLine(t *testing.T) {
	t.Parallel()
	s := openStall(t)
	o, p := s.guest(), s.product(700, 60, "EUR")
	asked := Add{ProductID: p.ID, Qty: 1, Key: "undone"}
	_ = s.db.InTx(s.ctx, func(ctx context.Context) error {
		_, err := s.Add(ctx, o, asked)
		s.must(err)
		if !database.InTransaction(ctx) {
			t.Error("no transaction")
		}
		return context.Canceled
	})
	if got := s.see(o); len(got.Items) != 0 {
		t.Errorf("left is %+v", got.Items)
	}
	if _, err := s.Add(s.ctx, o, asked); err != nil || len(s.see(o).Items) != 1 {
		t.Errorf("asked again: %v", err)
	}
}
