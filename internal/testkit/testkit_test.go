package testkit

import (
	"context"
	"testing"
	"time"

	"frontdesk/internal/clock"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

func TestEachTestHasItsOwnDatabaseAndRedis(t *testing.T) {
	c, _ := clock.Fixed(time.Date(2026, 10, 6, 8, 0, 0, 0, time.UTC))
	ctx := context.Background()
	one, two := DB(t, c), DB(t, c)
	if err := queue.New(one).Enqueue(ctx, queue.ChatTurn{ConversationID: models.NewID()}); err != nil {
		t.Fatal(err)
	}
	if got := len(Jobs(t, one, "chat.turn")); got != 1 {
		t.Errorf("jobs in the first database = %d, want 1", got)
	}
	if got := len(Jobs(t, two, "chat.turn")); got != 0 {
		t.Errorf("jobs in the second database = %d, want 0", got)
	}
	r1, r2 := Redis(t), Redis(t)
	if err := r1.Set(ctx, "k", []byte("v"), time.Minute); err != nil {
		t.Fatal(err)
	}
	if got, err := r2.Get(ctx, "k"); err != nil || got != nil {
		t.Errorf("another test's key reads %q, %v", got, err)
	}
}
