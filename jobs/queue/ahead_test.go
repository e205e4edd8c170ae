package queue_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"frontdesk/internal/clock"
	"frontdesk/internal/testkit"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// A worker goes on to the turns and flushes that were committed under it, and to what those lead to; what
// was done leaves the queue, what failed stays in it, and other work takes the usual way.
func TestGoingAhead(t *testing.T) {
	t.Parallel()
	plain := context.Background()
	c, _ := clock.Fixed(time.Date(2026, 10, 6, 8, 0, 0, 0, time.UTC))
	db := testkit.DB(t, c)
	q := queue.New(db)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	heard, second := models.NewID(), models.NewID()
	ctx, ahead := queue.GoAhead(plain)
	undone := errors.New("undone")
	err := db.InTx(ctx, func(ctx context.Context) error {
		return errors.Join(q.Enqueue(ctx, queue.ChatTurn{ConversationID: models.NewID()}), undone)
	})
	if !errors.Is(err, undone) {
		t.Fatal(err)
	}
	must(db.InTx(ctx, func(ctx context.Context) error {
		return errors.Join(q.Enqueue(ctx, queue.ChatTurn{ConversationID: heard}), q.Enqueue(ctx, queue.CaseNotice{CaseID: heard}))
	}))
	if n, err := q.Pending(plain); n != 2 || err != nil {
		t.Errorf("%d jobs would move, %v; want the turn that is kept back and the notice", n, err)
	}
	var order []string
	queue.Afterwards(plain, func() { order = append(order, "at once") })
	var done []river.JobArgs
	failure := errors.New("WhatsApp is away")
	err = ahead.Do(func(args river.JobArgs) error {
		done = append(done, args)
		order = append(order, args.Kind())
		switch args := args.(type) {
		case queue.ChatTurn:
			queue.Afterwards(ctx, func() { order = append(order, "afterwards") })
			return errors.Join(q.Enqueue(ctx, queue.Flush(args)), q.Enqueue(ctx, queue.Flush{ConversationID: second}))
		default:
			return failure
		}
	})
	if want := []river.JobArgs{queue.ChatTurn{ConversationID: heard}, queue.Flush{ConversationID: heard}}; !errors.Is(err, failure) || !slices.Equal(done, want) {
		t.Errorf("went ahead with %v, %v; want %v", done, err, want)
	}
	if want := []string{"at once", "chat.turn", "notify.flush", "afterwards"}; !slices.Equal(order, want) {
		t.Errorf("done in the order %q, want %q", order, want)
	}
	must(q.Settle(plain, ahead, 0))
	for _, tt := range []struct {
		kind, conversation string
		state              string
		keptBack           bool
	}{
		{"chat.turn", heard.String(), "completed", true},
		{"notify.flush", heard.String(), "available", false},
		{"notify.flush", second.String(), "available", false},
		{"notify.case", "", "available", false},
	} {
		var got struct {
			State    string
			KeptBack bool
		}
		must(db.On(plain).Raw(`SELECT state::text, scheduled_at = created_at + interval '1 second' AS kept_back FROM river_job
			WHERE kind = ? AND coalesce(args->>'conversation_id', '') = ?`, tt.kind, tt.conversation).Scan(&got).Error)
		if got.State != tt.state || got.KeptBack != tt.keptBack {
			t.Errorf("%s of %s: %+v, want %+v", tt.kind, tt.conversation, got, tt)
		}
	}
}

// A job that a worker had in the meantime is that worker's: what was put back by it is not struck.
func TestWhatAWorkerHadIsNotStruck(t *testing.T) {
	t.Parallel()
	plain := context.Background()
	c, _ := clock.Fixed(time.Date(2026, 10, 6, 8, 0, 0, 0, time.UTC))
	db := testkit.DB(t, c)
	q := queue.New(db)
	ctx, ahead := queue.GoAhead(plain)
	err := db.InTx(ctx, func(ctx context.Context) error {
		return errors.Join(q.Enqueue(ctx, queue.Flush{ConversationID: models.NewID()}), q.Enqueue(ctx, queue.Flush{ConversationID: models.NewID()}))
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Pool.Exec(plain, "UPDATE river_job SET attempted_at = now(), attempt = 1 WHERE id = (SELECT min(id) FROM river_job)"); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(ahead.Do(func(river.JobArgs) error { return nil }), q.Settle(plain, ahead, 0)); err != nil {
		t.Fatal(err)
	}
	var states []string
	if err := db.On(plain).Raw("SELECT state::text FROM river_job ORDER BY id").Scan(&states).Error; err != nil {
		t.Fatal(err)
	}
	if want := []string{"available", "completed"}; !slices.Equal(states, want) {
		t.Errorf("got %v, want %v", states, want)
	}
}
