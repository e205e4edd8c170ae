package queue_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"frontdesk/internal/clock"
	"frontdesk/internal/testkit"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// patience is far beyond what a busy machine needs.
const patience = time.Minute

func TestAJobExistsExactlyWhenItsChangeDoes(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c, _ := clock.Fixed(time.Date(2026, 10, 6, 8, 0, 0, 0, time.UTC))
	db := testkit.DB(t, c)
	q := queue.New(db)
	undone := errors.New("undone")
	err := db.InTx(ctx, func(ctx context.Context) error {
		return errors.Join(q.Enqueue(ctx, queue.Flush{ConversationID: models.NewID()}), undone)
	})
	if !errors.Is(err, undone) {
		t.Fatal(err)
	}
	id := models.NewID()
	if err := db.InTx(ctx, func(ctx context.Context) error { return q.Enqueue(ctx, queue.Flush{ConversationID: id}) }); err != nil {
		t.Fatal(err)
	}
	var rows []struct {
		Kind, State, Queue, Conversation string
		MaxAttempts                      int
	}
	err = db.On(ctx).Raw("SELECT kind, state::text, queue, args->>'conversation_id' AS conversation, max_attempts FROM river_job").Scan(&rows).Error
	if err != nil || len(rows) != 1 {
		t.Fatalf("%d jobs, %v; want the one whose transaction was committed", len(rows), err)
	}
	got := rows[0]
	if got.Kind != "notify.flush" || got.State != "available" || got.Queue != "default" || got.Conversation != id.String() ||
		got.MaxAttempts != (queue.Flush{}).InsertOpts().MaxAttempts {
		t.Errorf("got %+v", got)
	}
}

// River's workers listen to this channel. A notice is best effort, so a machine that is too busy to give
// one in time is asked again.
func TestWorkersHearOfACommittedJob(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	c, _ := clock.Fixed(time.Date(2026, 10, 6, 8, 0, 0, 0, time.UTC))
	db := testkit.DB(t, c)
	q := queue.New(db)
	conn, err := db.Pool.Acquire(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	if _, err := conn.Exec(ctx, `LISTEN "public.river_insert"`); err != nil {
		t.Fatal(err)
	}
	heard := make(chan string, 1)
	go func() {
		if news, err := conn.Conn().WaitForNotification(ctx); err == nil {
			heard <- news.Payload
		}
		close(heard)
	}()
	for tries := time.NewTicker(patience / 6); ; {
		err := db.InTx(ctx, func(ctx context.Context) error { return q.Enqueue(ctx, queue.ChatTurn{ConversationID: models.NewID()}) })
		if err != nil {
			t.Fatal(err)
		}
		select {
		case payload, ok := <-heard:
			tries.Stop()
			if !ok || payload != `{"queue": "default"}` {
				t.Errorf("heard %q (%v)", payload, ok)
			}
			return
		case <-tries.C:
		}
	}
}

type nameless struct{}

func (nameless) Kind() string { return "nameless" }

func TestAJobWithoutARetryPolicyIsRefused(t *testing.T) {
	t.Parallel()
	c, _ := clock.Fixed(time.Date(2026, 10, 6, 8, 0, 0, 0, time.UTC))
	if err := queue.New(testkit.DB(t, c)).Enqueue(context.Background(), nameless{}); err == nil {
		t.Error("a job that nobody said how often to try was taken")
	}
}
