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

// slowly lets a customer be answered so many times a minute.
func (s *house) slowly(perMinute int) {
	s.t.Helper()
	s.must(s.Settings.Set(s.ctx, "sender.rate_per_min", perMinute, "system"))
}

// held works the conversation and tells how long its customer has to wait; zero when all is answered.
func (s *house) held() time.Duration {
	s.t.Helper()
	for {
		err := s.Turn(s.ctx, s.conversation().ID)
		later := (*queue.Later)(nil)
		switch {
		case err == nil:
			return 0
		case !errors.As(err, &later):
			s.t.Fatal(err)
		case !strings.Contains(later.Reason, "another worker"):
			return later.After
		}
	}
}

// opens lets the minute of the conversation's customer be over.
func (s *house) opens() {
	s.t.Helper()
	s.must(s.Redis.Delete(s.ctx, "limit:sender:"+s.conversation().ID.String()))
}

func (s *house) floods(from, to int) {
	s.t.Helper()
	for i := from; i < to; i++ {
		s.hears(fmt.Sprint("wamid.", i), text(fmt.Sprint("What do you charge for a manicure? ", i)))
	}
}

const laterNotice = "You write faster than I can read"

func (s *house) notices() int { return strings.Count(strings.Join(s.replies(), "\n"), laterNotice) }

// of twenty messages ten are answered at once, one notice follows, and the rest is one turn when the
// minute is over, whoever works and however often.
func TestBeyondTheLimitMessagesAreAnsweredAsOne(t *testing.T) {
	t.Parallel()
	s := openHouse(t, "2026-10-06 10:00")
	s.returning("Noor", "Haddad", "en")
	s.slowly(10)
	s.floods(0, 20)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if wait := s.held(); wait <= 0 || wait > time.Minute {
				t.Errorf("told to come back in %s", wait)
			}
		})
	}
	all.Wait()
	if got := s.replies(); len(got) != 11 || s.notices() != 1 || !strings.Contains(got[10], laterNotice) {
		t.Fatalf("%d replies, %d notices, want ten answers and then a notice: %q", len(got), s.notices(), got)
	}
	if stored, waits := s.count("SELECT count(*) FROM messages WHERE direction = 'in'"), s.count("SELECT count(*) FROM messages WHERE status = 'received'"); stored != 20 || waits != 10 {
		t.Errorf("%d messages are stored and %d wait, want 20 and 10", stored, waits)
	}
	s.floods(20, 22) // still the same minute: nothing more is said
	s.held()
	if s.notices() != 1 {
		t.Error("the notice was said twice in one minute")
	}
	s.opens()
	if wait := s.held(); wait != 0 {
		t.Errorf("after the minute: still to wait %s", wait)
	}
	if got := len(s.replies()); got != 12 || s.count("SELECT count(*) FROM messages WHERE status = 'received'") != 0 {
		t.Errorf("%d replies, want one more to all that waited", got)
	}
	s.floods(22, 40) // the one turn counted once; the next minute has a notice of its own
	s.held()
	if got := len(s.replies()); got != 12+9+1 || s.notices() != 2 {
		t.Errorf("%d replies and %d notices in the second minute, want 9 more answers and a notice", got, s.notices())
	}
}

// What waits is understood together and in its order: the wish, its day and the stylist make one request.
func TestWhatWaitedIsUnderstoodTogether(t *testing.T) {
	t.Parallel()
	s := openHouse(t, "2026-10-06 10:00")
	s.returning("Noor", "Haddad", "en")
	s.free(strings.Split(fridayWindows, "; ")...)
	s.slowly(1)
	s.hears("wamid.1", text("hello"))
	for i, words := range []string{"I'd like a haircut", "on Friday", "with Salma please"} {
		s.hears(fmt.Sprint("wamid.more", i), text(words))
	}
	s.held()
	s.opens()
	s.held()
	got := s.replies()
	if len(got) != 3 || !strings.Contains(got[2], "Salma") || !strings.Contains(got[2], "10:30") {
		t.Errorf("want a greeting, a notice and Salma's times on Friday, got %q", got)
	}
}

// A tap answers a question and stands for itself: what was written before and after it keeps its place.
func TestTapsAmongWhatWaited(t *testing.T) {
	t.Parallel()
	word := func(s string) models.Message { return models.Message{ID: models.NewID(), Content: text(s)} }
	tap := func(id string) models.Message {
		return models.Message{ID: models.NewID(), Content: models.Content{Kind: models.KindButtonReply, ReplyID: id, ReplyTitle: id}}
	}
	voice := models.Message{ID: models.NewID(), Content: models.Content{Kind: models.KindMedia}}
	long := word(strings.Repeat("x", maxText-3))
	for _, tt := range []struct {
		name    string
		waiting []models.Message
		want    []string
	}{
		{"words", []models.Message{word("a"), word("b"), word("c")}, []string{"a\nb\nc"}},
		{"words, a tap, words", []models.Message{word("a"), word("b"), tap("yes"), word("c")}, []string{"a\nb", "yes", "c"}},
		{"an impatient thumb", []models.Message{tap("yes"), tap("yes"), tap("no")}, []string{"no"}},
		{"a voice among words", []models.Message{word("a"), voice, voice, word("b")}, []string{"a", "", "b"}},
		{"more than one message may hold", []models.Message{word("old"), long, word("b")}, []string{long.Content.Text + "\nb"}},
		{"one", []models.Message{long}, []string{long.Content.Text}},
	} {
		var got []string
		for waiting := tt.waiting; len(waiting) > 0; {
			due := State{Behind: true}.due(waiting)
			c := together(due)
			got, waiting = append(got, c.Text+c.ReplyID), waiting[len(due):]
		}
		if strings.Join(got, "|") != strings.Join(tt.want, "|") {
			t.Errorf("%s: got %.80q, want %.80q", tt.name, got, tt.want)
		}
		if due := (State{}).due(tt.waiting); len(due) != 1 {
			t.Errorf("%s: %d messages are heard as one of a conversation that is not behind", tt.name, len(due))
		}
	}
}

// cut off before its commit, a message is answered when it comes again, and counts once.
func TestAMessageCutOffCountsOnce(t *testing.T) {
	t.Parallel()
	s := openHouse(t, "2026-10-06 10:00")
	s.returning("Noor", "Haddad", "en")
	s.slowly(2)
	s.floods(0, 1)
	id := s.conversation().ID
	s.must(s.DB.InTx(s.ctx, func(ctx context.Context) error {
		if _, err := s.Thread.Lock(ctx, id); err != nil {
			return err
		}
		for range 5 { // counted, and then no further
			later := (*queue.Later)(nil)
			if err := s.Turn(s.ctx, id); !errors.As(err, &later) {
				t.Errorf("got %v", err)
			}
		}
		return nil
	}))
	s.floods(1, 2)
	if wait := s.held(); wait != 0 || len(s.replies()) != 2 {
		t.Errorf("%d replies, to wait %s: want both answered", len(s.replies()), wait)
	}
}

// Staff who have the conversation see everything, and the customer is told nothing.
func TestNoNoticeWhileStaffHaveTheConversation(t *testing.T) {
	t.Parallel()
	s := openHouse(t, "2026-10-06 10:00")
	s.returning("Noor", "Haddad", "en")
	s.slowly(1)
	s.hears("wamid.1", text("can I talk to a real person please"))
	s.held()
	before := len(s.replies())
	s.floods(2, 8)
	if wait := s.held(); wait != 0 || len(s.replies()) != before || s.count("SELECT count(*) FROM messages WHERE status = 'received'") != 0 {
		t.Errorf("to wait %s, %d replies, want %d", wait, len(s.replies()), before)
	}
}

// Redis away: nobody waits and nothing is lost.
func TestWithoutRedisEveryMessageIsAnswered(t *testing.T) {
	t.Parallel()
	s := openHouse(t, "2026-10-06 10:00")
	s.returning("Noor", "Haddad", "en")
	s.slowly(2)
	s.floods(0, 3)
	if wait := s.held(); wait == 0 {
		t.Fatal("nobody is held back")
	}
	gone := testkit.Redis(t)
	gone.Client.Close()
	s.Redis = gone
	s.floods(3, 5)
	if wait := s.held(); wait != 0 || s.count("SELECT count(*) FROM messages WHERE status = 'received'") != 0 {
		t.Errorf("to wait %s: messages are left", wait)
	}
	if got := len(s.replies()); got != 2+1+1 {
		t.Errorf("%d replies, want two, a notice, and one to all that waited", got)
	}
}

// In every language the notice says that nothing is lost.
func TestTheNoticeSpeaksTheCustomersLanguage(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]string{
		"Hola, ¿cuánto cuesta una manicura?": "Escribes más rápido", "مرحبا، كم سعر المانيكير؟": "رسائلك أسرع",
	} {
		s := openHouse(t, "2026-10-06 10:00")
		s.slowly(1)
		s.hears("wamid.1", text(words))
		s.hears("wamid.2", text(words))
		s.held()
		if got := s.replies(); len(got) != 2 || !strings.Contains(got[1], want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
