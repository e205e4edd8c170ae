package chat

import (
	"testing"
	"time"

	"frontdesk/internal/chat/understand"
	"frontdesk/models"
)

// torn is somebody who hesitates, as sure as the figure says.
func torn(percent int, services ...string) understand.Meaning {
	return understand.Meaning{Intents: understand.Intents{understand.Undecided}, Indecision: percent, Services: services}
}

// advised is the small salon with a free consultation in each category.
func advised(t testing.TB) Facts {
	f := maya(world(t))
	for _, c := range []models.Category{models.Hair, models.Aesthetics} {
		f.Menu.Services = append(f.Menu.Services, models.Service{
			ID: models.NewID(), Code: "CONSULT_" + string(c), Category: c, Minutes: 15, Names: models.Text{"en": "Free consultation"},
		})
	}
	return f
}

func TestConsultationIsOffered(t *testing.T) {
	f := advised(t)
	strict := f
	strict.Policies.IndecisionPercent = 100
	plain := maya(world(t))
	open := State{V: stateVersion, Greeted: true}
	for _, c := range []struct {
		name  string
		facts Facts
		m     understand.Meaning
		stage Stage
	}{
		{"at the threshold", f, torn(70, "HIGHLIGHTS", "CUT"), StageConsult},
		{"below it they are booked", f, torn(69, "HIGHLIGHTS"), StagePack},
		{"by the salon's own threshold", strict, torn(90, "CUT"), StageDay},
		{"with nothing named", f, torn(100), StageConsult},
		{"not in a salon that has none", plain, torn(100, "HIGHLIGHTS", "CUT"), StageWhich},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, actions := hear(open, c.facts, c.m)
			if s.Stage != c.stage {
				t.Errorf("stage %q, want %q: %v", s.Stage, c.stage, keys(actions))
			}
		})
	}
}

func TestAnswersToTheConsultation(t *testing.T) {
	f := advised(t)
	offered, _ := hear(State{V: stateVersion, Greeted: true}, f, torn(100, "HIGHLIGHTS", "CUT"))
	intent := func(i understand.Intent) understand.Meaning {
		return understand.Meaning{Intents: understand.Intents{i}}
	}
	for _, c := range []struct {
		name   string
		m      understand.Meaning
		stage  Stage
		wanted string
	}{
		{"yes", intent(understand.Yes), StageDay, "CONSULT_hair"},
		{"the word", understand.Meaning{Ambiguous: [][]string{{"CONSULT_hair", "CONSULT_aesthetics"}}}, StageDay, "CONSULT_hair"},
		{"a day", understand.Meaning{Day: friday()}, StageConsult, "CONSULT_hair"}, // a search: the stage is the answer's to set
		{"no", intent(understand.No), StageWhich, ""},
		{"one of the two after all", understand.Meaning{Services: []string{"CUT"}}, StageDay, "CUT"},
		{"the second one", understand.Meaning{Choice: 2, OptionID: optionConsultNo}, StageDay, "CUT"},
		{"its price", intent(understand.Price), StageConsult, ""},
		{"still no idea", torn(90), StageConsult, ""},
		{"something unclear", understand.Meaning{Unclear: true}, StageConsult, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, actions := hear(offered, f, c.m)
			wanted := ""
			if len(s.Request.Services) == 1 {
				wanted = s.Request.Services[0]
			}
			if s.Stage != c.stage || wanted != c.wanted {
				t.Errorf("stage %q, wanted %q; want %q and %q: %v", s.Stage, wanted, c.stage, c.wanted, keys(actions))
			}
		})
	}
	again, _ := hear(offered, f, understand.Meaning{Unclear: true})
	if declined, actions := hear(again, f, understand.Meaning{Unclear: true}); declined.Stage != StageWhich || !declined.Request.Advised {
		t.Errorf("unclear twice: stage %q: %v", declined.Stage, keys(actions))
	}
}

// No time is held for a question about its price.
func TestAPriceQuestionHoldsNothing(t *testing.T) {
	f := maya(world(t))
	slot := Slot{StylistID: f.Menu.Stylists[0].ID, Start: friday().In(f.Now.Location()).Add(10 * time.Hour)}
	s := State{
		V: stateVersion, Greeted: true, Stage: StageSlot, Offer: []Slot{slot}, Shown: []Slot{slot},
		Options: []models.Option{{ID: slotID(slot)}},
		Request: Request{Services: []string{"CUT"}, From: &Date{*friday()}, To: &Date{*friday()}, NoPack: true},
	}
	ten := 10 * 60
	price := understand.Intents{understand.Price}
	for _, m := range []understand.Meaning{
		{Intents: price, Choice: 1, OptionID: slotID(slot)},
		{Intents: price, At: &ten},
		{Intents: append(understand.Intents{understand.Yes}, price...)},
		{Intents: understand.Intents{understand.Duration}, Stylists: []string{"salma"}},
	} {
		_, actions := hear(s, f, m)
		for _, a := range actions {
			if h, held := a.(Hold); held {
				t.Errorf("%+v holds %v", m, h.Slot)
			}
		}
	}
}

func TestReturningAfterAConsultation(t *testing.T) {
	f := advised(t)
	visit := models.Appointment{ID: models.NewID(), StylistID: f.Menu.Stylists[0].ID, StartsAt: f.Now.AddDate(0, 0, -2), EndsAt: f.Now.AddDate(0, 0, -2)}
	f.Consulted = &visit
	_, actions := hear(State{}, f, understand.Meaning{Intents: understand.Intents{understand.Greeting}})
	if got := keys(actions); len(got) < 2 || got[1] != "chat.hello.consulted" {
		t.Errorf("said %v", got)
	}
}
