package chat

import (
	"context"
	"time"

	"frontdesk/internal/chat/understand"
	"frontdesk/models"
)

// Trial is what the assistant would make of a message.
type Trial struct {
	Language models.Language
	Intents  []string // as package understand names them
	FAQs     []string // keys of the questions it hears
	Replies  []models.Content
	// Searches and HandsOff tell what it would do besides: look into the diary, call a person.
	Searches, HandsOff bool
}

// Try reads a message as the assistant would from a known customer who has asked nothing yet, and says
// what it would answer, by today's policies, questions and texts. Nothing is done, said or stored.
func (c *Clerk) Try(ctx context.Context, lang models.Language, text string) (Trial, error) {
	_, s, err := c.salon(ctx)
	if err != nil {
		return Trial{}, err
	}
	now := c.Clock.Now().In(s.policies.Zone())
	in := understand.Input{Text: text, Language: lang, Now: now, Vocabulary: s.words}
	in.Opens, in.Closes = widest(s.hours)
	meaning := understand.Read(in)
	meaning.Errand = errandIn(in, meaning, State{})
	trial := Trial{Language: meaning.Language, FAQs: meaning.FAQs}
	for _, intent := range meaning.Intents {
		trial.Intents = append(trial.Intents, string(intent))
	}
	_, actions := Step(State{V: stateVersion, Introduced: true, Greeted: true}, Event{
		Facts: c.trialFacts(s, now, meaning.Language), Language: meaning.Language,
		Heard: &Heard{models.Content{Kind: models.KindText, Text: text}, meaning},
	})
	speaker := speaker{texts: s.texts, lang: meaning.Language, arabic: s.policies.ArabicDigits}
	for _, action := range actions {
		switch a := action.(type) {
		case Say:
			reply, _, err := speaker.content(a)
			if err != nil {
				return Trial{}, err
			}
			trial.Replies = append(trial.Replies, reply)
		case FindSlots, Shopping:
			trial.Searches = true
		case HandOff:
			trial.HandsOff = true
		}
	}
	return trial, nil
}

// trialFacts are those of a customer who has no visit and no hold.
func (c *Clerk) trialFacts(s salon, now time.Time, lang models.Language) Facts {
	f := Facts{
		Now: now, Policies: s.policies, Menu: s.menu, FAQs: s.faqs, Hours: s.hours, PrivacyURL: s.policies.PrivacyURL,
		Customer: &models.Customer{Name: "Noor", Surname: "Haddad", Language: lang},
	}
	if f.PrivacyURL == "" {
		f.PrivacyURL = c.BaseURL() + "/privacy"
	}
	return f
}
