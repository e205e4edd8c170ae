package chat

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"frontdesk/internal/content"
	"frontdesk/internal/fault"
	"frontdesk/internal/handoff"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// Somebody takes over while a turn is at work, at whatever moment: every reply said by then is void, and
// the next message is left to the person.
func TestTakingOverDuringATurn(t *testing.T) {
	t.Parallel()
	s := openHouse(t, "2026-10-06 10:00")
	s.returning("Noor", "Haddad", models.English)
	marta, answered := s.colleague(), 0
	for round := range 12 {
		s.hears(fmt.Sprintf("wamid.race.%d", round), models.Content{Kind: models.KindText, Text: "Where can I park?"})
		conv := s.conversation()
		turned := make(chan error, 1)
		go func() { turned <- s.Turn(s.ctx, conv.ID) }()
		for range round % 4 { // another moment each time
			s.conversation()
		}
		_, err := s.Desk.TakeOver(s.ctx, handoff.Claim{ConversationID: conv.ID, StaffID: marta})
		s.must(err)
		var busy *queue.Later
		if err := <-turned; errors.As(err, &busy) {
			s.must(s.Turn(s.ctx, conv.ID))
		} else {
			s.must(err)
		}
		conv = s.conversation()
		for _, m := range s.transcript() {
			if m.Class == models.ClassReply && !conv.Silences(m, s.Clock.Now()) {
				t.Fatalf("round %d: %q would still be sent", round, m.Content.Text)
			}
			if m.Direction == models.In && m.Status != models.Handled {
				t.Fatalf("round %d: %q waits for the assistant", round, m.Content.Text)
			}
		}
		answered = len(s.transcript())
		s.must(s.HandBack(s.ctx, conv.ID, marta, false))
	}
	if answered < 12 {
		t.Errorf("%d messages after twelve rounds", answered)
	}
}

// The customer hears that the assistant is there again when the person wants it and WhatsApp lets it.
func TestComingBackIsSaidOnRequest(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		tell   bool
		later  string
		closes bool // by resolving the case
		want   int
	}{
		{name: "quietly"},
		{name: "said", tell: true, want: 1},
		{name: "said with the case", tell: true, closes: true, want: 1},
		{name: "outside the window", tell: true, later: "2026-10-07 10:00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := openHouse(t, "2026-10-06 10:00")
			s.returning("Noor", "Haddad", models.Spanish)
			s.writes("¿Dónde puedo aparcar?")
			conv, marta := s.conversation(), s.colleague()
			var k models.Case
			var err error
			if tt.closes {
				k, _, err = s.Desk.Open(s.ctx, handoff.Request{ConversationID: conv.ID, Reason: models.ReasonComplaint})
				s.must(err)
			}
			if tt.later != "" {
				s.hand.Set(s.at(tt.later))
			}
			_, err = s.Desk.TakeOver(s.ctx, handoff.Claim{ConversationID: conv.ID, StaffID: marta})
			s.must(err)
			if tt.closes {
				if err := s.HandBack(s.ctx, conv.ID, marta, tt.tell); !fault.Is(err, "handoff.case_open") {
					t.Errorf("got %v, want handoff.case_open", err)
				}
				s.must(s.Resolve(s.ctx, handoff.Resolution{CaseID: k.ID, StaffID: marta, Label: models.LabelNeeded}, tt.tell))
			} else {
				s.must(s.HandBack(s.ctx, conv.ID, marta, tt.tell))
				s.must(s.HandBack(s.ctx, conv.ID, marta, tt.tell)) // it is back already
			}
			back := 0
			for _, m := range s.transcript() {
				if m.Class == models.ClassHandoff && strings.HasPrefix(m.Content.Text, "La asistente") {
					back++
				}
			}
			if back != tt.want {
				t.Errorf("said %d times, want %d", back, tt.want)
			}
		})
	}
}

func TestAnswersByHandAreFilled(t *testing.T) {
	t.Parallel()
	s := openHouse(t, "2026-10-06 10:00")
	for _, lang := range models.Languages() {
		answers, err := s.Answers(s.ctx, lang)
		if err != nil || len(answers) != 5 {
			t.Fatalf("%s: %d answers, %v", lang, len(answers), err)
		}
		for _, a := range answers {
			if strings.Contains(a.Text, "{{") || a.Key == content.FAQHours && !strings.Contains(a.Text, "10:00") {
				t.Errorf("%s in %s: %q", a.Key, lang, a.Text)
			}
		}
	}
}
