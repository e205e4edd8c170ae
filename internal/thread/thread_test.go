package thread_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"frontdesk/internal/clock"
	"frontdesk/internal/customers"
	"frontdesk/internal/database"
	"frontdesk/internal/fault"
	"frontdesk/internal/testkit"
	"frontdesk/internal/thread"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

type room struct {
	*thread.Thread
	t    *testing.T
	ctx  context.Context
	db   *database.DB
	reg  *customers.Registry
	hand *clock.Hand
}

func open(t *testing.T) room {
	t.Helper()
	c, hand := clock.Fixed(time.Date(2026, 10, 6, 8, 0, 0, 0, time.UTC))
	db := testkit.DB(t, c)
	return room{thread.New(db, c, queue.New(db), testkit.Redis(t)), t, context.Background(), db, customers.New(db, c), hand}
}

func (r room) conversation(n int) models.Conversation {
	r.t.Helper()
	contact, err := r.reg.Contact(r.ctx, models.ChannelWhatsApp, fmt.Sprintf("+4477009001%02d", n), "")
	if err != nil {
		r.t.Fatal(err)
	}
	conv, err := r.Of(r.ctx, contact, models.Spanish)
	if err != nil {
		r.t.Fatal(err)
	}
	return conv
}

func inbound(id, text string) models.InboundMessage {
	return models.InboundMessage{ProviderID: id, Content: models.Content{Kind: models.KindText, Text: text}}
}

func TestOneConversationForAContact(t *testing.T) {
	t.Parallel()
	r := open(t)
	if first, again := r.conversation(1), r.conversation(1); first.ID != again.ID || again.Language != models.Spanish {
		t.Errorf("conversations %v and %v of one contact, language %s", first.ID, again.ID, again.Language)
	}
}

// The same channel id is one message, however often and however parallel it is delivered.
func TestReceiveOnce(t *testing.T) {
	t.Parallel()
	r := open(t)
	conv := r.conversation(1)
	var fresh atomic.Int32
	var wait sync.WaitGroup
	for range 5 {
		wait.Go(func() {
			_, duplicate, err := r.Receive(r.ctx, conv, inbound("wamid.1", "hola"))
			if err != nil {
				t.Error(err)
			}
			if !duplicate {
				fresh.Add(1)
			}
		})
	}
	wait.Wait()
	if fresh.Load() != 1 {
		t.Errorf("%d deliveries counted as new, want 1", fresh.Load())
	}
	waiting, err := r.Unhandled(r.ctx, conv.ID)
	if err != nil || len(waiting) != 1 {
		t.Fatalf("%d messages wait, %v; want 1", len(waiting), err)
	}
	if err := r.MarkHandled(r.ctx, models.Spanish, waiting[0].ID); err != nil {
		t.Fatal(err)
	}
	if waiting, err = r.Unhandled(r.ctx, conv.ID); err != nil || len(waiting) != 0 {
		t.Errorf("%d messages wait after being handled, %v", len(waiting), err)
	}
}

func TestABacklogIsReadByThePage(t *testing.T) {
	t.Parallel()
	r := open(t)
	conv := r.conversation(1)
	err := r.db.On(r.ctx).Exec(`INSERT INTO messages (id, conversation_id, direction, class, status, content, language, provider_id, created_at)
		SELECT gen_random_uuid(), ?, 'in', 'inbound', 'received', '{"kind":"text"}', 'en', 'wamid.' || n, now() FROM generate_series(1, 250) n`, conv.ID).Error
	if err != nil {
		t.Fatal(err)
	}
	waiting, err := r.Unhandled(r.ctx, conv.ID)
	if err != nil || len(waiting) != 100 || *waiting[0].ProviderID != "wamid.1" {
		t.Errorf("%d messages in one go, %v; want the oldest hundred", len(waiting), err)
	}
}

func TestSayOnce(t *testing.T) {
	t.Parallel()
	r := open(t)
	conv := r.conversation(1)
	out := thread.Outgoing{
		ConversationID: conv.ID, Class: models.ClassReceipt, Language: models.Spanish, DedupeKey: "booking.confirmed:1",
		Content: models.Content{Kind: models.KindText, Text: "confirmada"},
	}
	first, said, err := r.Say(r.ctx, out)
	if err != nil || !said || first.Seq == 0 || first.Status != models.Queued {
		t.Fatalf("said %v, seq %d, %s, %v", said, first.Seq, first.Status, err)
	}
	out.Content.Text = "otra vez"
	again, said, err := r.Say(r.ctx, out)
	if err != nil || said || again.ID != first.ID || again.Content.Text != "confirmada" {
		t.Errorf("said again %v as %v %q, %v", said, again.ID, again.Content.Text, err)
	}
	if known, err := r.Said(r.ctx, out.DedupeKey); err != nil || !known {
		t.Errorf("Said = %v, %v", known, err)
	}
	if jobs := testkit.Jobs(t, r.db, "notify.flush"); len(jobs) != 1 {
		t.Errorf("%d sends are enqueued, want 1", len(jobs))
	}
}

// A turn says several things and saves once: one job sends them all, the conversation has the time of the
// last of them, and what was answered is handled.
func TestATurnIsSavedInOne(t *testing.T) {
	t.Parallel()
	r := open(t)
	conv := r.conversation(1)
	asked, _, err := r.Receive(r.ctx, conv, inbound("wamid.1", "hola"))
	if err != nil {
		t.Fatal(err)
	}
	r.hand.Advance(time.Minute)
	err = r.db.InTx(r.ctx, func(ctx context.Context) error {
		conv, err := r.Lock(ctx, conv.ID)
		if err != nil {
			return err
		}
		for n := range 3 {
			out := thread.Outgoing{Class: models.ClassReply, Language: models.Spanish, DedupeKey: fmt.Sprint("turn:", n/2)}
			if err := r.Add(ctx, &conv, out); err != nil {
				return err
			}
		}
		_, err = r.Save(ctx, conv, asked.ID)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	list, err := r.Last(r.ctx, conv.ID, 10)
	if err != nil || len(list) != 3 || list[0].Status != models.Handled || list[0].HandledAt == nil || list[0].Language != conv.Language {
		t.Fatalf("messages %+v, %v; want the handled one and two replies", list, err)
	}
	now, err := r.Conversation(r.ctx, conv.ID)
	if err != nil || now.LastMessageAt == nil || !now.LastMessageAt.Equal(list[2].CreatedAt) || !now.LastInboundAt.Equal(asked.CreatedAt) {
		t.Errorf("last message at %v, inbound at %v, %v", now.LastMessageAt, now.LastInboundAt, err)
	}
	if jobs := testkit.Jobs(t, r.db, "notify.flush"); len(jobs) != 1 {
		t.Errorf("%d sends are enqueued, want 1", len(jobs))
	}
}

// Who read an older version writes nothing, and never touches the human mode.
func TestSaveRefusesAStaleVersion(t *testing.T) {
	t.Parallel()
	r := open(t)
	conv := r.conversation(1)
	if err := r.db.On(r.ctx).Exec("UPDATE conversations SET human_until = now()").Error; err != nil {
		t.Fatal(err)
	}
	conv.State = []byte(`{"v":1}`)
	saved, err := r.Save(r.ctx, conv)
	if err != nil || saved.Version != conv.Version+1 {
		t.Fatalf("version %d after saving %d, %v", saved.Version, conv.Version, err)
	}
	asked, _, err := r.Receive(r.ctx, conv, inbound("wamid.1", "hola"))
	if err != nil {
		t.Fatal(err)
	}
	conv.State = []byte(`{"v":2}`)
	if _, err := r.Save(r.ctx, conv, asked.ID); !fault.Is(err, "thread.stale") {
		t.Errorf("a stale save gave %v, want thread.stale", err)
	}
	if waiting, err := r.Unhandled(r.ctx, conv.ID); err != nil || len(waiting) != 1 {
		t.Errorf("%d messages wait after a stale save, %v; want 1", len(waiting), err)
	}
	now, err := r.Conversation(r.ctx, conv.ID)
	if err != nil || string(now.State) != `{"v": 1}` || now.HumanUntil == nil {
		t.Errorf("state %s, human until %v, %v", now.State, now.HumanUntil, err)
	}
}

func TestLockNeedsATransaction(t *testing.T) {
	t.Parallel()
	r := open(t)
	if _, err := r.Lock(r.ctx, r.conversation(1).ID); err == nil {
		t.Error("a lock outside a transaction holds nothing and was granted")
	}
}

// The last ten messages are there verbatim, oldest first; the transcript pages backwards.
func TestTranscriptAndInbox(t *testing.T) {
	t.Parallel()
	r := open(t)
	older, conv, silent := r.conversation(1), r.conversation(2), r.conversation(3)
	if _, _, err := r.Receive(r.ctx, older, inbound("wamid.older", "hello")); err != nil {
		t.Fatal(err)
	}
	for i := range 25 {
		r.hand.Advance(time.Second)
		if _, _, err := r.Receive(r.ctx, conv, inbound(fmt.Sprint("wamid.", i), fmt.Sprint("message ", i))); err != nil {
			t.Fatal(err)
		}
	}
	last, err := r.Last(r.ctx, conv.ID, 10)
	if err != nil || len(last) != 10 || last[0].Content.Text != "message 15" || last[9].Content.Text != "message 24" {
		t.Fatalf("last ten: %d messages, %v", len(last), err)
	}
	page, err := r.Transcript(r.ctx, conv.ID, last[0].Seq, 10)
	if err != nil || len(page) != 10 || page[9].Content.Text != "message 14" {
		t.Errorf("page before: %d messages, %v", len(page), err)
	}
	customer, err := r.reg.Register(r.ctx, models.Contact{ID: conv.ContactID, Channel: models.ChannelWhatsApp, Address: "+447700900102"},
		"Maya", "Stone", models.English)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := r.List(r.ctx, thread.Filter{})
	if err != nil || len(rows) != 2 {
		t.Fatalf("inbox has %d rows, %v", len(rows), err)
	}
	first := rows[0]
	if first.Conversation.ID != conv.ID || first.Last.Content.Text != "message 24" || first.Customer == nil || first.Customer.ID != customer.ID ||
		first.Contact.Address != "+447700900102" {
		t.Errorf("first row is %+v", first)
	}
	if rows[1].Conversation.ID != older.ID || rows[1].Last.Content.Text != "hello" || rows[1].Customer != nil {
		t.Errorf("second row is %+v; %s, where nothing was said, is no row", rows[1], silent.ID)
	}
	next, err := r.List(r.ctx, thread.Filter{Before: first.Conversation.LastMessageAt, BeforeID: conv.ID, Limit: 5})
	if err != nil || len(next) != 1 || next[0].Conversation.ID != older.ID {
		t.Errorf("next page has %d rows, %v", len(next), err)
	}
	now := time.Now()
	if human, err := r.List(r.ctx, thread.Filter{HumanAt: &now}); err != nil || len(human) != 0 {
		t.Errorf("%d conversations are with staff, %v", len(human), err)
	}
}

// More conversations than fit: the ones where a message failed last are shown.
func TestFailedShowsTheNewest(t *testing.T) {
	t.Parallel()
	r := open(t)
	var ids []models.ID
	for n := range 4 {
		ids = append(ids, r.conversation(n).ID)
	}
	since := time.Date(2026, 10, 6, 8, 0, 0, 0, time.UTC)
	for _, id := range []models.ID{ids[3], ids[0], ids[2], ids[1]} { // the lowest ids failed neither first nor last
		m, _, err := r.Say(r.ctx, thread.Outgoing{ConversationID: id, Class: models.ClassReply, Content: models.Content{Kind: models.KindText, Text: "hola"}})
		if err == nil {
			err = r.db.On(r.ctx).Model(&m).Update("status", models.Failed).Error
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for limit, want := range map[int][]models.ID{1: {ids[1]}, 2: {ids[1], ids[2]}, 4: ids} {
		rows, err := r.Failed(r.ctx, since, limit)
		if err != nil || len(rows) != len(want) {
			t.Fatalf("limit %d: got %d rows, %v", limit, len(rows), err)
		}
		for _, row := range rows {
			if !slices.Contains(want, row.Conversation.ID) {
				t.Errorf("limit %d: shows a conversation whose failure is older", limit)
			}
		}
	}
}
