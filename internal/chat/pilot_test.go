package chat

import (
	"testing"

	"frontdesk/models"
)

// While a pilot is named, what anybody else writes is kept for staff and nothing is said to it: neither an
// answer nor, where answering fails, an apology. STOP holds all the same (R-1105).
func TestOnlyThePilotIsAnswered(t *testing.T) {
	t.Parallel()
	s := openHouse(t, "2026-10-06 10:00")
	s.Pilot = []string{"+447700900999"}
	model := s.think(&thinker{})
	s.writes("hello")
	s.writes("I'd like highlights on Friday")
	s.writes("STOP")
	s.hears("wamid.fails", text("anybody there?"))
	id := s.conversation().ID
	s.must(s.GiveUp(s.ctx, id))
	if got := s.replies(); len(got) != 0 {
		t.Errorf("somebody outside the pilot was told %q", got)
	}
	if n := model.heard(); n != 0 {
		t.Errorf("a model was asked %d times about what nobody answers", n)
	}
	if got := s.count("SELECT count(*) FROM messages WHERE direction = 'in' AND handled_at IS NOT NULL"); got != 4 {
		t.Errorf("%d of 4 messages are kept and done with", got)
	}
	var contact models.Contact
	s.must(s.DB.On(s.ctx).Take(&contact, "address = ?", phone).Error)
	if contact.Consent != models.ConsentWithdrawn {
		t.Errorf("STOP left the consent at %q", contact.Consent)
	}
}

// Who is named is answered, and without a pilot everybody is.
func TestThePilotItselfIsAnswered(t *testing.T) {
	t.Parallel()
	s := openHouse(t, "2026-10-06 10:00")
	s.Pilot = []string{"+447700900999", phone}
	s.writes("hello")
	if got := s.replies(); len(got) == 0 {
		t.Error("somebody of the pilot heard nothing")
	}
}

// Where the channel tells no number, the customer's own counts.
func TestThePilotIsKnownByTheCustomersNumber(t *testing.T) {
	t.Parallel()
	s := openHouse(t, "2026-10-06 10:00")
	s.returning("Maya", "Stone", models.English)
	s.writes("hello")
	s.must(s.DB.On(s.ctx).Exec("UPDATE contacts SET address = 'bsuid:ES.77' WHERE address = ?", phone).Error)
	var conv models.Conversation
	s.must(s.DB.On(s.ctx).Take(&conv).Error)
	for _, tc := range []struct {
		pilot  string
		silent bool
	}{{phone, false}, {"+447700900999", true}} {
		s.Pilot = []string{tc.pilot}
		if silent, err := s.silent(s.ctx, conv); err != nil || silent != tc.silent {
			t.Errorf("with %s as the pilot: silent %v, %v", tc.pilot, silent, err)
		}
	}
}
