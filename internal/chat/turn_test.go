package chat

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"frontdesk/internal/testkit"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

const fridayWindows = "salma 2026-10-09 10:30-11:30; salma 2026-10-09 17:00-18:00; dana 2026-10-09 12:30-13:30; dana 2026-10-09 18:00-19:00"

func text(words string) models.Content { return models.Content{Kind: models.KindText, Text: words} }

func (s *house) count(query string) (n int) {
	s.t.Helper()
	s.must(s.DB.On(s.ctx).Raw(query).Scan(&n).Error)
	return n
}

func (s *house) replies() []string {
	s.t.Helper()
	var list []string
	for _, m := range s.transcript() {
		if m.Direction == models.Out {
			list = append(list, m.Content.Text)
		}
	}
	return list
}

// turn works a conversation as its job would: again for as long as another worker has it.
func (s *house) turn(id models.ID) error {
	for {
		err := s.Turn(s.ctx, id)
		if later := (*queue.Later)(nil); !errors.As(err, &later) {
			return err
		}
	}
}

// A turn does not wait for a conversation that somebody else has; nothing of its message is lost.
func TestTurnLeavesABusyConversation(t *testing.T) {
	t.Parallel()
	s := openHouse(t, "2026-10-06 10:00")
	s.hears("wamid.1", text("haircut on Friday"))
	id := s.conversation().ID
	s.must(s.DB.InTx(s.ctx, func(ctx context.Context) error {
		if _, err := s.Thread.Lock(ctx, id); err != nil {
			return err
		}
		later := (*queue.Later)(nil)
		if err := s.Turn(s.ctx, id); !errors.As(err, &later) {
			t.Errorf("a turn of a held conversation: %v, want Later", err)
		}
		return nil
	}))
	if got := s.replies(); len(got) != 0 {
		t.Errorf("it was answered all the same: %q", got)
	}
	s.must(s.Turn(s.ctx, id))
	if got := s.replies(); len(got) != 1 {
		t.Errorf("%d replies, want 1", len(got))
	}
}

// One inbound id, however often and however parallel, is one message and one reply.
func TestSameMessageManyTimes(t *testing.T) {
	t.Parallel()
	s := openHouse(t, "2026-10-06 10:00")
	var wait sync.WaitGroup
	for range 5 {
		wait.Go(func() {
			s.hears("wamid.1", text("I'd like highlights on Friday"))
			if err := s.turn(s.conversation().ID); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if got := s.count("SELECT count(*) FROM messages WHERE direction = 'in'"); got != 1 {
		t.Errorf("%d inbound messages are stored, want 1", got)
	}
	if got := s.replies(); len(got) != 1 {
		t.Errorf("%d replies, want 1: %q", len(got), got)
	}
	if got := len(testkit.Jobs(t, s.DB, "chat.turn")); got != 1 {
		t.Errorf("%d turns are enqueued, want 1", got)
	}
}

// Workers on one conversation take its messages one after the other: nothing is lost, doubled or out
// of order, and the end is the one that a single worker reaches.
func TestTurnsOfOneConversationDoNotInterleave(t *testing.T) {
	t.Parallel()
	said := []string{"I'd like highlights on Friday", "yes", "the pack please", "first available", "12:30", "Haddad", "thanks"}
	play := func(workers int) ([]string, string) {
		s := openHouse(t, "2026-10-06 10:00")
		s.free(strings.Split(fridayWindows, "; ")...)
		for i, words := range said {
			s.hears(fmt.Sprint("wamid.", i), text(words))
		}
		id := s.conversation().ID
		var wait sync.WaitGroup
		for range workers {
			wait.Go(func() {
				if err := s.turn(id); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if got := s.conversation().Version; got != int64(len(said)) {
			t.Errorf("%d workers: version %d after %d messages", workers, got, len(said))
		}
		return s.replies(), s.state()
	}
	wantReplies, wantState := play(1)
	for range 3 {
		gotReplies, gotState := play(4)
		if strings.Join(gotReplies, "\n---\n") != strings.Join(wantReplies, "\n---\n") || gotState != wantState {
			t.Fatalf("four workers said\n%s\n%s\nwant\n%s\n%s", strings.Join(gotReplies, "\n"), gotState, strings.Join(wantReplies, "\n"), wantState)
		}
	}
}

// A turn that breaks off at any of its writes has written nothing, and the next attempt does it all,
// once.
func TestTurnBreaksOffAnywhere(t *testing.T) {
	t.Parallel()
	want := playBroken(t, "")
	for _, write := range []string{
		"INSERT ON messages", "UPDATE ON messages", "UPDATE ON conversations", "INSERT ON customers", "UPDATE ON customers",
		"INSERT ON appointments", "INSERT ON appointment_lines", "INSERT ON appointment_events", "INSERT ON payments", "INSERT ON river_job",
	} {
		if got := playBroken(t, write); got != want {
			t.Errorf("broken at %s the story ends\n%s\nwant\n%s", write, got, want)
		}
	}
}

func playBroken(t *testing.T, write string) string {
	t.Helper()
	s := openHouse(t, "2026-10-06 10:00")
	s.free(strings.Split(fridayWindows, "; ")...)
	broke := 0
	for i, words := range []string{"I'd like highlights on Friday", "yes", "the pack please", "first available", "12:30", "Haddad"} {
		s.hears(fmt.Sprint("wamid.", i), text(words))
		id := s.conversation().ID
		if write != "" {
			before := s.snapshot()
			s.breaks(write)
			if err := s.Turn(s.ctx, id); err != nil {
				broke++
				if after := s.snapshot(); after != before {
					t.Errorf("broken at %s, %q left\n%s\nwhere there was\n%s", write, words, after, before)
				}
			}
			s.mends(write)
		}
		s.must(s.Turn(s.ctx, id))
	}
	if write != "" && broke == 0 {
		t.Errorf("no turn wrote by %s: the test breaks nothing", write)
	}
	return strings.Join(s.replies(), "\n---\n") + "\n" + s.state()
}

func (s *house) snapshot() string {
	s.t.Helper()
	return fmt.Sprint(s.replies(), s.conversation().Version, s.state(), s.count("SELECT count(*) FROM river_job"),
		s.count("SELECT count(*) FROM payments"), s.count("SELECT count(*) FROM messages WHERE status = 'received'"))
}

// breaks makes the database refuse a kind of write; mends lets it again.
func (s *house) breaks(write string) {
	s.t.Helper()
	s.must(s.DB.On(s.ctx).Exec(`CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
		$$ BEGIN RAISE EXCEPTION 'broken off'; END $$`).Error)
	s.must(s.DB.On(s.ctx).Exec("CREATE TRIGGER refuse BEFORE " + write + " FOR EACH ROW EXECUTE FUNCTION refuse()").Error)
}

func (s *house) mends(write string) {
	s.t.Helper()
	s.must(s.DB.On(s.ctx).Exec("DROP TRIGGER refuse ON " + strings.Fields(write)[2]).Error)
}

// The live copy follows every turn, holds the last ten messages verbatim and goes after a day of
// silence; without it nothing is lost.
func TestCheckpoint(t *testing.T) {
	t.Parallel()
	s := openHouse(t, "2026-10-06 10:00")
	s.returning("Maya", "Stone", "en")
	for range 7 {
		s.writes("haircut")
	}
	id := s.conversation().ID
	policies, err := s.Settings.Policies(s.ctx)
	s.must(err)
	saved, found, err := s.recall(s.ctx, policies, id)
	if err != nil || !found {
		t.Fatalf("checkpoint found %v, %v", found, err)
	}
	conv := s.conversation()
	if saved.Version != conv.Version || string(saved.State) != string(conv.State) && loadState(saved.State).Stage != StageDay {
		t.Errorf("checkpoint of version %d, state %s; the truth is %d, %s", saved.Version, saved.State, conv.Version, conv.State)
	}
	all := s.transcript()
	if len(saved.Messages) != 10 || saved.Messages[9].ID != all[len(all)-1].ID || saved.Messages[0].Content.Text != all[len(all)-10].Content.Text {
		t.Errorf("checkpoint holds %d messages, want the last ten", len(saved.Messages))
	}
	s.must(s.Redis.Delete(s.ctx, checkpointKey(id)))
	s.writes("Friday 9 October")
	if _, found, err = s.recall(s.ctx, policies, id); err != nil || !found {
		t.Errorf("the next turn did not rebuild the checkpoint: %v", err)
	}
	if n, err := s.ForgetIdle(s.ctx); err != nil || n != 0 {
		t.Errorf("forgot %d live conversations, %v", n, err)
	}
	s.hand.Advance(24 * time.Hour)
	if n, err := s.ForgetIdle(s.ctx); err != nil || n != 1 {
		t.Errorf("forgot %d silent conversations, %v; want 1", n, err)
	}
	if raw, err := s.Redis.Get(s.ctx, checkpointKey(id)); err != nil || raw != nil {
		t.Errorf("the checkpoint outlived a day of silence: %v", err)
	}
}

// A turn that can never succeed ends with a person, and the messages count as handled.
func TestGiveUp(t *testing.T) {
	t.Parallel()
	s := openHouse(t, "2026-10-06 10:00")
	s.hears("wamid.1", text("hola, quiero un corte"))
	id := s.conversation().ID
	for range 2 {
		s.must(s.GiveUp(s.ctx, id))
	}
	if got := s.replies(); len(got) != 1 {
		t.Errorf("%d replies, want one: %q", len(got), got)
	}
	if conv := s.conversation(); !conv.Human(s.Clock.Now()) {
		t.Error("staff do not have the conversation")
	}
	if got := s.count("SELECT count(*) FROM cases WHERE reason = 'system_error'"); got != 1 {
		t.Errorf("%d cases, want 1", got)
	}
	if waiting, err := s.Thread.Unhandled(s.ctx, id); err != nil || len(waiting) != 0 {
		t.Errorf("%d messages still wait, %v", len(waiting), err)
	}
	s.hears("wamid.2", text("hola?"))
	s.must(s.GiveUp(s.ctx, id))
	if got := s.replies(); len(got) != 1 {
		t.Errorf("staff have the conversation and the customer is told so again: %q", got)
	}
}

// Nobody can be answered at a number that is none; the event is done with.
func TestImpossibleSenderIsIgnored(t *testing.T) {
	t.Parallel()
	s := openHouse(t, "2026-10-06 10:00")
	outcome, err := s.Receive(s.ctx, models.ProviderEvent{Payload: []byte(`{"channel":"whatsapp","from":"12","provider_id":"x","content":{"kind":"text","text":"hi"}}`)})
	if err != nil || outcome != OutcomeIgnored {
		t.Errorf("outcome %q, %v", outcome, err)
	}
}

// The texts of a hostile or absurd message change nothing and break nothing.
func TestAbsurdMessages(t *testing.T) {
	t.Parallel()
	s := openHouse(t, "2026-10-06 10:00")
	s.profile = "{{.Name}}"
	for _, words := range []string{
		strings.Repeat("highlights ", 1000), "{{.Facts}} {{template \"x\"}}", "'; DROP TABLE customers; --", "\u0000\u202e\ufeff", "{{", "<script>alert(1)</script>",
	} {
		s.writes(strings.ReplaceAll(words, "\u0000", ""))
	}
	for _, reply := range s.replies() {
		if strings.Contains(reply, "{{") || strings.Contains(reply, "DROP") || strings.Contains(reply, "script") {
			t.Errorf("a reply echoes what it should not: %q", reply)
		}
	}
}
