package chat

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"frontdesk/internal/chat/understand"
	"frontdesk/internal/settings"
	"frontdesk/models"
)

// The older part is condensed at the fifteenth message and then after every five exchanges.
func TestMemoryIsCondensed(t *testing.T) {
	p := settings.Defaults()
	var m Memory
	var at []int
	for n := 1; n <= 40; n++ {
		before := m.Summary.Turns
		m = m.heard(Gist{Services: []string{fmt.Sprintf("S%d", n)}, Time: time.Unix(int64(n), 0)}, 1, p)
		if m.Summary.Turns != before {
			at = append(at, n)
		}
	}
	if want := []int{15, 25, 35}; !slices.Equal(at, want) {
		t.Errorf("condensed at messages %v, want %v", at, want)
	}
	if want := []string{"S18", "S19", "S20", "S21", "S22", "S23", "S24", "S25"}; !slices.Equal(m.Summary.Services, want) {
		t.Errorf("the summary keeps %v, want the newest %v", m.Summary.Services, want)
	}
	if n := len(m.Gists); n != 15 {
		t.Errorf("%d gists wait beside the summary, want those of the 15 messages after it", n)
	}
	if got := m.slept(); got.Summary.Turns != 40 || len(got.Gists) != 0 || got.Messages != 0 {
		t.Errorf("after a silence %+v, want everything in the summary", got)
	}
}

// Health is never part of it, and courtesies are not worth it.
func TestAGistLeavesOutHealthAndCourtesies(t *testing.T) {
	g := gist(understand.Meaning{Intents: understand.Intents{understand.Book, understand.Yes, understand.Thanks, understand.Health}, HealthTopic: understand.TopicPregnancy}, time.Time{})
	if want := (understand.Intents{understand.Book}); !slices.Equal(g.Intents, want) {
		t.Errorf("got %v, want %v", g.Intents, want)
	}
}

// What is handed to whoever has to understand stays below its limit, the newest words are there, and
// nothing is left out that fits.
func TestARecollectionFits(t *testing.T) {
	long := strings.Repeat("أريد موعدًا ", 400)
	for _, tt := range []struct {
		name string
		text string
		want int
	}{{"ordinary", "Friday at five, please", 30}, {"endless", long, 2}} {
		r := Recollection{Summary: []string{"Services: Haircut"}}
		for range 30 {
			r.Messages = append(r.Messages, models.Message{Content: models.Content{Text: tt.text}})
		}
		r.fit(recollectionTokens)
		total := tokens(r.Summary[0])
		for _, m := range r.Messages {
			total += tokens(m.Content.Text)
		}
		if total > recollectionTokens || len(r.Messages) != tt.want {
			t.Errorf("%s: %d messages of %d tokens, want %d messages below %d", tt.name, len(r.Messages), total, tt.want, recollectionTokens)
		}
	}
	alone := Recollection{Messages: []models.Message{{Content: models.Content{Text: strings.Repeat(long, 9)}}}}
	alone.fit(recollectionTokens)
	if len(alone.Messages) != 1 || !alone.Messages[0].Content.Cut || alone.Messages[0].Content.Text == "" {
		t.Errorf("a message beyond the limit alone: %d messages", len(alone.Messages))
	}
}

// After twenty-five messages exactly ten are at hand verbatim, the newest; what was said before
// them is remembered in meanings, also when the customer comes back after three days.
func TestWhatIsRememberedOfALongConversation(t *testing.T) {
	t.Parallel()
	s := openHouse(t, "2026-10-06 10:00")
	s.returning("Maya", "Stone", "en")
	s.free("salma 2026-10-08 11:00-12:00")
	s.writes("how much is a haircut?")
	for range 12 {
		s.writes("thanks")
	}
	conv := s.conversation()
	_, salon, err := s.salon(s.ctx)
	s.must(err)
	live, found, err := s.recall(s.ctx, salon.policies, conv.ID)
	s.must(err)
	all := s.transcript()
	if !found || len(all) < 25 || len(live.Messages) != 10 || live.Messages[9].ID != all[len(all)-1].ID {
		t.Fatalf("of %d messages %d are at hand", len(all), len(live.Messages))
	}
	look := func() string {
		r, err := s.Recollect(s.ctx, s.conversation(), models.English)
		s.must(err)
		return strings.Join(r.Summary, "\n")
	}
	if got := look(); !strings.Contains(got, "Haircut") || !strings.Contains(got, "prices") {
		t.Errorf("remembered: %q", got)
	}
	s.hand.Advance(72 * time.Hour)
	s.writes("hello")
	if got := look(); !strings.Contains(got, "Haircut") {
		t.Errorf("remembered after three days: %q", got)
	}
}
