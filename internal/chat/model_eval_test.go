package chat

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"frontdesk/internal/chat/understand"
	"frontdesk/internal/chat/understand/phrases"
	"frontdesk/models"
)

// evalEvery is how many phrases of each intent there are to one that the model is tried on; all of them are
// measured without one where package understand is tested.
const evalEvery = 25

// sampled takes every n-th phrase of each intent, at least two of each, and every phrase about health: of
// those no model may ever hear.
func sampled(list []phrases.Phrase) (some []phrases.Phrase) {
	seen := map[string]int{}
	for _, p := range list {
		if n := seen[p.Intent]; p.Intent == string(understand.Health) || n < 2 || n%evalEvery == 0 {
			some = append(some, p)
		}
		seen[p.Intent]++
	}
	return some
}

// The labelled phrases are read as well with a model that is away, slower than its time-out, unsure or talking
// nonsense as with none: the figures printed with -v are equal, and so is every meaning.
func TestPhrasesWhateverTheModelDoes(t *testing.T) {
	t.Parallel()
	s := openHouse(t, "2026-10-06 10:00")
	s.returning("Maya", "Stone", models.English)
	s.writes("hello")
	conv := s.conversation()
	_, salon, err := s.salon(s.ctx)
	s.must(err)
	salon.policies.ModelBelowPercent, salon.words = 100, phrases.Salon()
	for _, lang := range models.Languages() {
		list, err := phrases.Load("understand", phrases.Test, lang)
		s.must(err)
		list = sampled(list)
		intents := map[string]int{}
		for _, p := range list {
			intents[p.Intent]++
		}
		if intents[string(understand.Health)] < 100 || len(intents) < 20 {
			t.Fatalf("%s: the sample holds %v", lang, intents)
		}
		s.Model = nil
		off, right := s.readAll(salon, conv, lang, list, nil)
		t.Logf("%s, no model: intent %.1f %% of %d", lang, share(right, list), len(list))
		for _, c := range []struct {
			name    string
			model   *thinker
			outcome string
		}{
			{"slow", &thinker{never: true, within: time.Millisecond}, modelAway},
			{"garbage", &thinker{always: `{"confidence":99,"intents":["book"],"services":["PLATINUM_DREAM"],"at":"25:61","price":1}`}, modelNonsense},
			{"unsure", &thinker{}, modelUnsure},
			{"overloaded", &thinker{status: 529}, modelAway},
		} {
			s.think(c.model)
			asked := map[string]int{}
			s.ModelAsked = func(outcome string, _ time.Duration) { asked[outcome]++ }
			got, right := s.readAll(salon, conv, lang, list, c.model)
			t.Logf("%s, model %s: intent %.1f %% of %d", lang, c.name, share(right, list), len(list))
			for i := range list {
				if !reflect.DeepEqual(got[i], off[i]) {
					t.Errorf("%s, model %s: phrase %d is read otherwise than without", lang, c.name, i)
				}
			}
			if asked[c.outcome] == 0 || len(asked) > 1 {
				t.Errorf("%s, model %s: asked with %v", lang, c.name, asked)
			}
		}
	}
}

// readAll reads phrases as a turn does, and counts those whose main intent is seen. About health nobody is asked.
func (s *house) readAll(salon salon, conv models.Conversation, lang models.Language, list []phrases.Phrase, m *thinker) (all []understand.Meaning, right int) {
	s.t.Helper()
	for _, p := range list {
		in := p.Input(lang, salon.words)
		r := reading{in: in, meaning: understand.Read(in), messages: []models.Message{{ID: models.NewID()}}}
		before := 0
		if m != nil {
			before = m.heard()
			s.Model.Breaker().Forget()
		}
		meaning := s.consultModel(s.ctx, salon, conv, r).meaning
		if m != nil && r.meaning.Intents.Has(understand.Health) && m.heard() != before {
			s.t.Errorf("%s: the model was asked about health", lang)
		}
		if slices.Contains(meaning.Intents, understand.Intent(p.Intent)) || string(meaning.Main) == p.Intent {
			right++
		}
		all = append(all, meaning)
	}
	return all, right
}

func share(n int, list []phrases.Phrase) float64 { return 100 * float64(n) / float64(len(list)) }
