package jobs

import (
	"context"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"frontdesk/internal/booking"
	"frontdesk/internal/chat"
	"frontdesk/internal/clock"
	"frontdesk/internal/content"
	"frontdesk/internal/customers"
	"frontdesk/internal/handoff"
	"frontdesk/internal/i18n"
	"frontdesk/internal/settings"
	"frontdesk/internal/testkit"
	"frontdesk/internal/thread"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// Whatever ends the last attempt of a turn, a person has the conversation afterwards and the message
// no longer stands in the way of the next.
func TestTheLastAttemptOfATurnEndsWithAPerson(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		attempt int
		ctx     func() (context.Context, context.CancelFunc)
		panics  bool
		open    int64
	}{
		"panics":               {12, func() (context.Context, context.CancelFunc) { return context.WithCancel(context.Background()) }, true, 1},
		"runs out of time":     {12, func() (context.Context, context.CancelFunc) { return context.WithTimeout(context.Background(), 0) }, false, 1},
		"panics for the first": {1, func() (context.Context, context.CancelFunc) { return context.WithCancel(context.Background()) }, true, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bench := openBench(t)
			ctx, cancel := tt.ctx()
			defer cancel()
			job := &river.Job[queue.ChatTurn]{
				JobRow: &rivertype.JobRow{Attempt: tt.attempt, MaxAttempts: 12}, Args: queue.ChatTurn{ConversationID: bench.conversation},
			}
			if panicked := panics(func() { _ = bench.rules.chatTurn(ctx, job) }); panicked != tt.panics { // the error is not the point
				t.Errorf("panicked: %t, want %t", panicked, tt.panics)
			}
			if got := bench.count("SELECT count(*) FROM cases WHERE reason = 'system_error' AND status = 'open'"); got != tt.open {
				t.Errorf("%d cases, want %d", got, tt.open)
			}
			if got := bench.count("SELECT count(*) FROM messages WHERE direction = 'in' AND status = 'received'"); got != 1-tt.open {
				t.Errorf("%d messages wait, want %d", got, 1-tt.open)
			}
		})
	}
}

func panics(f func()) (panicked bool) {
	defer func() { panicked = recover() != nil }()
	f()
	return false
}

// bench is a conversation with a message to answer, and rules whose turn panics: nobody knows the
// customers.
type bench struct {
	rules        Rules
	conversation models.ID
	count        func(sql string) int64
}

func openBench(t *testing.T) bench {
	t.Helper()
	ctx := context.Background()
	c, _ := clock.Fixed(time.Date(2026, 10, 6, 8, 0, 0, 0, time.UTC))
	db, redis := testkit.DB(t, c), testkit.Redis(t)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	texts, err := i18n.Load()
	must(err)
	q, policies, library := queue.New(db), settings.New(db, c), content.New(db, texts, c)
	must(booking.Seed(ctx, db, c))
	must(library.Seed(ctx))
	talk := thread.New(db, c, q, redis)
	clerk := chat.New(chat.Rooms{
		DB: db, Clock: c, Queue: q, Redis: redis, Settings: policies, Thread: talk, Content: library,
		Diary: booking.New(db, c, q, policies, redis), Desk: handoff.New(db, c, q, policies, talk, redis),
	})
	contact, err := customers.New(db, c).Contact(ctx, models.ChannelWhatsApp, "+447700900101", "Noor")
	must(err)
	conv, err := talk.Of(ctx, contact, models.English)
	must(err)
	_, _, err = talk.Receive(ctx, conv, models.InboundMessage{Content: models.Content{Kind: models.KindText, Text: "hello"}})
	must(err)
	return bench{Rules{Chat: clerk}, conv.ID, func(sql string) (n int64) {
		t.Helper()
		must(db.On(ctx).Raw(sql).Scan(&n).Error)
		return n
	}}
}
