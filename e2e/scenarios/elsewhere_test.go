package scenarios

import (
	"strings"
	"testing"
	"time"

	"frontdesk/e2e/harness"
	"frontdesk/models"
)

// persons are ordinary ways to ask for somebody, and a question beside.
var persons = map[models.Language][2]string{
	models.English: {"can I talk to a person please?", "are you open on saturday?"},
	models.Spanish: {"¿puedo hablar con una persona, por favor?", "¿abrís el sábado?"},
	models.Arabic:  {"ممكن أتكلم مع موظف لو سمحت؟", "هل تفتحون يوم السبت؟"},
}

// A person answers from the business's own phone: the assistant is silent at once, and for as long as after
// any hand-off (rule 5, R-608).
func TestAnsweredFromTheOwnPhone(t *testing.T) {
	t.Parallel()
	app := harness.Start(t, harness.Options{})
	eachLanguage(t, func(t *testing.T, lang models.Language) {
		app := app.For(t)
		phone, _ := app.Given("S17", lang)
		question := persons[lang][1]
		if len(app.Say(phone, question)) == 0 {
			t.Fatal("the assistant does not answer")
		}
		app.StaffSays("whatsapp", phone, "Olga")
		if got := app.Say(phone, question); len(got) != 0 || !app.State(phone).HumanMode {
			t.Errorf("the assistant speaks beside a person: %s", harness.Said(got))
		}
		app.Advance(24*time.Hour + time.Minute)
		if got := app.Say(phone, question); len(got) == 0 {
			t.Error("a day later the assistant still says nothing")
		}
	})
}

// A customer by way of Chatwoot is answered there, handed over there, and given back there (R-108, H4).
func TestChatwoot(t *testing.T) {
	t.Parallel()
	app := harness.Start(t, harness.Options{})
	eachLanguage(t, func(t *testing.T, lang models.Language) {
		app := app.For(t)
		phone, _ := app.Given("S17", lang)
		if got := app.SayByChatwoot(phone, persons[lang][1]); len(got) == 0 {
			t.Fatal("no answer by Chatwoot")
		}
		handed := app.SayByChatwoot(phone, persons[lang][0])
		state := app.State(phone)
		if len(handed) != 1 || written(handed[0].Text) != lang || !state.HumanMode || len(state.Cases) != 1 || state.Cases[0].Reason != "manual_request" {
			t.Fatalf("handed over: %s, %+v", harness.Said(handed), state)
		}
		app.StaffSays("chatwoot", phone, "Olga")
		if got := app.SayByChatwoot(phone, persons[lang][1]); len(got) != 0 {
			t.Errorf("the assistant speaks beside a person: %s", harness.Said(got))
		}
		app.StaffLeaves(phone, "resolved")
		if !app.State(phone).HumanMode {
			t.Error("resolved there, the assistant has it while the case waits for its word")
		}
		said := 0
		for _, text := range app.Received(phone) {
			if strings.Contains(text, "Olga") {
				said++
			}
		}
		if said != 1 {
			t.Errorf("the customer read the person's words %d times", said)
		}
	})
}
