package chat

import (
	"strings"
	"testing"

	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// A hold and its payment link are one message. What else the turn has to say is said in the turn.
func TestHoldAndLinkAreOneMessage(t *testing.T) {
	t.Parallel()
	s := openHouse(t, "2026-10-06 10:00")
	s.returning("Maya", "Stone", "en")
	s.free("salma 2026-10-08 11:00-12:00")
	s.writes("haircut on thursday")
	before := len(s.replies())
	s.writes("yes. Where can I park?")
	got := s.replies()[before:]
	if len(got) != 2 || !strings.Contains(got[0], "park") || strings.Contains(got[0], "holding") {
		t.Fatalf("got %q, want the answer and then the link", got)
	}
	for _, fact := range []string{"Done, Maya: I'm holding Thursday 8 October at 11:00 with Salma for you", "€5.24 (20% of €26.20)", "\nhttps://pay.test/c/a\n"} {
		if !strings.Contains(got[1], fact) {
			t.Errorf("the link's message does not tell %q: %q", fact, got[1])
		}
	}
}

// While the provider is away the customer hears that the time is held, once; the link comes after it.
func TestHoldIsToldWhenTheLinkIsLate(t *testing.T) {
	t.Parallel()
	for lang, words := range map[models.Language][3]string{
		models.English: {"Done, Maya: I'm holding", "as soon as it's ready", "I'm holding"},
		models.Spanish: {"Listo, Maya: te guardo", "en cuanto esté listo", "Te guardo"},
		models.Arabic:  {"تم يا Maya: حجزنا لك", "فور جاهزيته", "محجوز لك"},
	} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := openHouse(t, "2026-10-06 10:00")
			s.returning("Maya", "Stone", lang)
			s.free("salma 2026-10-08 11:00-12:00")
			s.writes(map[models.Language]string{
				models.English: "haircut on thursday", models.Spanish: "un corte de pelo el jueves", models.Arabic: "قص شعر يوم الخميس",
			}[lang])
			before := len(s.replies())
			s.hears("wamid.yes", text(map[models.Language]string{models.English: "yes", models.Spanish: "sí", models.Arabic: "نعم"}[lang]))
			conv := s.conversation().ID
			s.must(s.Turn(s.ctx, conv))
			if got := s.replies()[before:]; len(got) != 0 {
				t.Errorf("the turn says %q before the link is there", got)
			}
			var p models.Payment
			s.must(s.DB.On(s.ctx).Take(&p).Error)
			for range 2 {
				s.must(s.Tell(s.ctx, queue.Tell{ConversationID: conv, Event: TellPaymentDelayed, Ref: p.ID}))
			}
			s.drain()
			got := s.replies()[before:]
			if len(got) != 2 {
				t.Fatalf("got %q, want the delay and then the link", got)
			}
			if !strings.HasPrefix(got[0], words[0]) || !strings.Contains(got[0], words[1]) || !strings.Contains(got[0], "10:30") {
				t.Errorf("the delay says %q, want %q, %q and the time", got[0], words[0], words[1])
			}
			if strings.Contains(got[1], words[0]) || !strings.Contains(got[1], words[2]) || !strings.Contains(got[1], "\nhttps://pay.test/c/a\n") {
				t.Errorf("the link says %q, want it without the news", got[1])
			}
		})
	}
}
