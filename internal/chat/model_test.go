package chat

import (
	"cmp"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"frontdesk/internal/claude"
	"frontdesk/internal/handoff"
	"frontdesk/models"
)

// thinker stands in the model's place: it answers the last line it was asked with what it was taught.
type thinker struct {
	mu     sync.Mutex
	asked  []string
	told   []string // all of what it was asked, with what was said before
	taught map[string]string
	always string        // its answer to everything else; empty: that it is not sure
	status int           // 0: 200
	never  bool          // it does not answer
	during func()        // what happens while it thinks
	within time.Duration // the client's time-out
}

// think gives the house a model that is always asked.
func (s *house) think(m *thinker) *thinker {
	s.t.Helper()
	server := httptest.NewServer(http.HandlerFunc(m.answer))
	s.t.Cleanup(server.Close)
	s.Model = claude.New(claude.Config{
		BaseURL: server.URL, Key: "key", Model: "m", Timeout: m.within, InputPrice: 1_000_000, OutputPrice: 5_000_000,
	})
	s.must(s.Settings.Set(s.ctx, "model.below_percent", 100, "system"))
	return m
}

func (m *thinker) answer(w http.ResponseWriter, r *http.Request) {
	var q struct {
		Messages []struct{ Content []struct{ Text string } }
	}
	raw, err := io.ReadAll(r.Body)
	if err != nil || json.Unmarshal(raw, &q) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	all := q.Messages[0].Content[0].Text
	text := all[strings.LastIndex(all, "\n")+1:]
	m.mu.Lock()
	m.asked, m.told = append(m.asked, text), append(m.told, all)
	m.mu.Unlock()
	if m.during != nil {
		m.during()
	}
	if m.never {
		<-r.Context().Done()
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if m.status != 0 {
		w.WriteHeader(m.status)
	}
	input := cmp.Or(m.taught[text], m.always, `{"confidence":0,"intents":[]}`)
	_, _ = io.WriteString(w, `{"type":"message","role":"assistant","model":"m","content":[{"type":"tool_use","id":"t","name":"meaning","input":`+
		input+`}],"stop_reason":"tool_use","usage":{"input_tokens":1000,"output_tokens":100}}`) // the client may have gone
}

func (m *thinker) heard() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.asked)
}

// lastTurn is the trace of the newest turn.
func (s *house) lastTurn() models.Turn {
	s.t.Helper()
	rows, err := s.Turns(s.ctx, s.conversation().ID, 0, 1)
	s.must(err)
	if len(rows) != 1 {
		s.t.Fatal("no turn left a trace")
	}
	return rows[0]
}

// unreadable means nothing to the rules, in a script of each language.
var unreadable = map[models.Language]string{models.English: "zorble frump kettik", models.Spanish: "ñurbi fracolo tistre", models.Arabic: "ظغبلث قكضز"}

// What the rules cannot read is understood as the model was taught, and the trace says who read it.
func TestAModelsMeaningIsUsed(t *testing.T) {
	t.Parallel()
	for lang, words := range unreadable {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := openHouse(t, "2026-10-06 10:00")
			s.returning("Maya", "Stone", lang)
			s.free(strings.Split(fridayWindows, "; ")...)
			m := s.think(&thinker{taught: map[string]string{
				words: `{"confidence":95,"intents":["book"],"language":"` + lang + `","services":["CUT"],"day":"2026-10-09","any_stylist":true}`,
			}})
			s.must(s.Settings.Set(s.ctx, "model.below_percent", 60, "system"))
			s.writes(words)
			if got := s.lastWords(); !strings.Contains(got, "10:30") {
				t.Errorf("the answer is %q, want Friday's times", got)
			}
			turn := s.lastTurn()
			if turn.ReadBy != readByModel || turn.ModelOutcome != modelUsed || turn.CostMicros != 1500 || turn.InputTokens != 1000 || turn.Confidence != 95 {
				t.Errorf("asked %q, the trace is %+v", m.asked, turn)
			}
			s.must(s.Settings.Set(s.ctx, "model.below_percent", 0, "system"))
			if s.writes(words); m.heard() != 1 {
				t.Errorf("asked %d times, want once: 0 asks nobody", m.heard())
			}
		})
	}
}

// Whatever is wrong with the model, the customer is answered in the same turn as if there were none.
func TestTheRulesStandWithoutTheModel(t *testing.T) {
	t.Parallel()
	const words = "I'd like a haircut on Friday"
	told := func(m *thinker) (string, models.Turn) {
		s := openHouse(t, "2026-10-06 10:00")
		s.returning("Maya", "Stone", models.English)
		s.free(strings.Split(fridayWindows, "; ")...)
		if m != nil {
			s.think(m)
		}
		s.writes(words)
		return s.lastWords(), s.lastTurn()
	}
	want, _ := told(nil)
	for _, c := range []struct {
		name    string
		model   *thinker
		outcome string
	}{
		{"a service it made up", &thinker{taught: map[string]string{words: `{"confidence":99,"intents":["book"],"services":["PLATINUM_DREAM"]}`}}, modelNonsense},
		{"a time that is none", &thinker{taught: map[string]string{words: `{"confidence":99,"intents":["book"],"at":"25:61"}`}}, modelNonsense},
		{"a price of its own", &thinker{taught: map[string]string{words: `{"confidence":99,"intents":["price"],"price":1}`}}, modelNonsense},
		{"a day that is over", &thinker{taught: map[string]string{words: `{"confidence":99,"intents":["book"],"day":"2026-10-01"}`}}, modelNonsense},
		{"a name nobody wrote", &thinker{taught: map[string]string{words: `{"confidence":99,"intents":["book"],"given_name":"Zelda"}`}}, modelNonsense},
		{"no idea", &thinker{}, modelUnsure},
		{"overloaded", &thinker{status: 529}, modelAway},
		{"a key that is refused", &thinker{status: 401}, modelAway},
		{"silent, or slower than the time-out", &thinker{never: true, within: 20 * time.Millisecond}, modelAway},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, turn := told(c.model)
			if got != want {
				t.Errorf("the answer is\n%s\nwithout a model\n%s", got, want)
			}
			if turn.ReadBy != readByRules || turn.ModelOutcome != c.outcome {
				t.Errorf("read by %s, model %q, want rules and %q", turn.ReadBy, turn.ModelOutcome, c.outcome)
			}
		})
	}
}

// Health, STOP and what is written while a person has the conversation never leave the house.
func TestNothingPrivateIsAsked(t *testing.T) {
	t.Parallel()
	s := openHouse(t, "2026-10-06 10:00")
	s.returning("Maya", "Stone", models.English)
	m := s.think(&thinker{})
	for _, words := range []string{
		"I'm pregnant, may I have a facial?", "Estoy embarazada, ¿puedo hacerme una limpieza facial?", "أنا حامل، هل يمكنني عمل تنظيف بشرة؟",
		"STOP", "BAJA", "إيقاف", "START",
	} {
		s.handBack()
		if s.writes(words); m.heard() != 0 {
			t.Fatalf("the model was asked about %q", words)
		}
	}
	s.handBack()
	_, err := s.Desk.TakeOver(s.ctx, handoff.Claim{ConversationID: s.conversation().ID, StaffID: s.colleague()})
	s.must(err)
	if s.writes(unreadable[models.English]); m.heard() != 0 {
		t.Error("the model was asked while a person had the conversation")
	}
}

// What was said about health, and what was said to a person, stays in the house with the next question as well.
func TestNothingPrivateIsToldLater(t *testing.T) {
	t.Parallel()
	for lang, health := range saysHealth {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := openHouse(t, "2026-10-06 10:00")
			s.writes(health) // the name is asked before a person has it (S04)
			m := s.think(&thinker{})
			s.writes("Zorble")
			s.writes("Zorble Frump")
			s.writes("what I told my doctor")
			cases, err := s.Desk.OpenCases(s.ctx)
			s.must(err)
			for _, c := range cases {
				s.must(s.Desk.Resolve(s.ctx, handoff.Resolution{CaseID: c.ID, StaffID: s.colleague(), Label: models.LabelNeeded}))
			}
			s.writes(unreadable[lang])
			if m.heard() == 0 {
				t.Fatal("the model was not asked")
			}
			for _, told := range m.told {
				if strings.Contains(told, health) || strings.Contains(told, "doctor") {
					t.Errorf("the model was told\n%s", told)
				}
			}
		})
	}
}

// handBack gives the conversation to the assistant again, if there is one.
func (s *house) handBack() {
	s.t.Helper()
	s.must(s.DB.On(s.ctx).Exec("UPDATE conversations SET human_until = NULL, assignee_id = NULL").Error)
}

// A conversation that moved on while the model was asked is read again, by the rules, without asking twice.
func TestAStaleReadingIsMadeAnewByTheRules(t *testing.T) {
	t.Parallel()
	s := openHouse(t, "2026-10-06 10:00")
	s.returning("Maya", "Stone", models.English)
	words := unreadable[models.English]
	m := s.think(&thinker{taught: map[string]string{words: `{"confidence":95,"intents":["book"],"services":["CUT"]}`}})
	m.during = func() {
		if err := s.DB.On(context.Background()).Exec("UPDATE conversations SET version = version + 1").Error; err != nil {
			t.Error(err)
		}
	}
	s.writes(words)
	if turn := s.lastTurn(); turn.ReadBy != readByRules || turn.ModelOutcome != modelStale || turn.CostMicros == 0 || m.heard() != 1 {
		t.Errorf("asked %q, the trace is %+v", m.asked, turn)
	}
}
