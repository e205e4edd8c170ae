package understand

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"frontdesk/models"
)

func modelInput(text string) Input {
	return Input{
		Text: text, Language: models.English, Now: time.Date(2026, 10, 6, 10, 0, 0, 0, time.UTC), Vocabulary: salon(),
		Options: []models.Option{{ID: "a", Title: "10:30"}, {ID: "b", Title: "12:30"}},
	}
}

// What a model says is taken when every value of it fits.
func TestModelledTakesWhatFits(t *testing.T) {
	in := modelInput("put me down with Salma when the kids are at school on Friday, I'm Noor Haddad")
	m, err := Modelled([]byte(`{"confidence":90,"intents":["book","third_party"],"services":["CUT"],"stylists":["salma"],"day":"2026-10-09",
		"part":"morning","not_before":"09:30","given_name":"Noor","family_name":"Haddad","choice":2,"person":"mother","delay_minutes":15}`), in,
		Meaning{Language: models.English, Intents: Intents{Person}})
	if err != nil {
		t.Fatal(err)
	}
	if m.Main != Book || !m.Intents.Has(ThirdParty) || !m.Intents.Has(Person) || m.Confidence != 90 || m.Unclear {
		t.Errorf("intents %v, main %s", m.Intents, m.Main)
	}
	if !slices.Equal(m.Services, []string{"CUT"}) || m.Day.String() != "2026-10-09" || m.Part != Morning || *m.NotBefore != 570 || *m.DelayMinutes != 15 {
		t.Errorf("values %+v", m)
	}
	if m.OptionID != "b" || *m.Name != (PersonName{"Noor", "Haddad"}) {
		t.Errorf("answers %q %+v", m.OptionID, m.Name)
	}
}

// One invented value refuses the whole; the rules' view of health, of a person wanted and of STOP stands.
func TestModelledRefusesInventions(t *testing.T) {
	for name, input := range map[string]string{
		"service":        `{"confidence":90,"intents":["book"],"services":["PLATINUM"]}`,
		"stylist":        `{"confidence":90,"intents":["book"],"stylists":["marco"]}`,
		"faq":            `{"confidence":90,"intents":["faq"],"faqs":["wifi_code_of_the_bank"]}`,
		"intent":         `{"confidence":90,"intents":["refund_me"]}`,
		"past day":       `{"confidence":90,"intents":["book"],"day":"2026-10-05"}`,
		"far day":        `{"confidence":90,"intents":["book"],"day":"2031-01-01"}`,
		"days backwards": `{"confidence":90,"intents":["book"],"day":"2026-10-09","day_to":"2026-10-08"}`,
		"hour":           `{"confidence":90,"intents":["book"],"at":"25:00"}`,
		"option":         `{"confidence":90,"intents":["book"],"choice":3}`,
		"name":           `{"confidence":90,"intents":["book"],"given_name":"Olivia"}`,
		"price":          `{"confidence":90,"intents":["book"],"price":10}`,
		"confidence":     `{"confidence":900,"intents":["book"]}`,
		"language":       `{"confidence":90,"intents":["book"],"language":"fr"}`,
		"delay":          `{"confidence":90,"intents":["delay"],"delay_minutes":-5}`,
		"no object":      `"book"`,
	} {
		if _, err := Modelled([]byte(input), modelInput("a cut please"), Meaning{}); !errors.Is(err, ErrNonsense) {
			t.Errorf("%s: got %v, want it refused", name, err)
		}
	}
	m, err := Modelled([]byte(`{"confidence":90,"intents":["book"]}`), modelInput("x"), Meaning{Intents: Intents{Health, Stop}, HealthTopic: TopicPregnancy})
	if err != nil || !m.Intents.Has(Health) || !m.Intents.Has(Stop) || m.HealthTopic != TopicPregnancy {
		t.Errorf("got %v %s (%v), want health and stop kept", m.Intents, m.HealthTopic, err)
	}
}

// The schema offers exactly what is accepted, and what is asked names neither prices nor times of the salon.
func TestWhatAModelIsAsked(t *testing.T) {
	v := salon()
	properties, required := ModelTool(v)
	raw, err := json.Marshal(properties)
	if err != nil || !slices.Contains(required, "confidence") {
		t.Fatal(err, required)
	}
	var shape modelMeaning
	text, err := json.Marshal(shape)
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(text, &fields); err != nil {
		t.Fatal(err)
	}
	for name := range fields {
		if properties[name] == nil {
			t.Errorf("the schema lacks %s", name)
		}
	}
	if len(properties) != len(fields) || !strings.Contains(string(raw), "HIGHLIGHTS") {
		t.Errorf("%d properties for %d fields", len(properties), len(fields))
	}
	system := ModelSystem(v)
	if !strings.Contains(system, "Mechas") || !strings.Contains(system, "salma") || strings.Contains(system, "62.50") {
		t.Errorf("the system says\n%s", system)
	}
	in := modelInput("the second one")
	in.Expect = ExpectSlot
	asked := ModelText(in, []string{"Salon: which time?"})
	for _, want := range []string{"Tue 2026-10-06", "Option 2: 12:30", "slot", "Salon: which time?"} {
		if !strings.Contains(asked, want) {
			t.Errorf("asked\n%s\nwithout %q", asked, want)
		}
	}
	if !strings.HasSuffix(asked, "\nthe second one") {
		t.Errorf("the message does not stand last: %q", asked)
	}
}

// What the schema does not ask for stands as the rules read it; what it asks for is the model's alone.
func TestModelledKeepsTheRest(t *testing.T) {
	tuesday := Day{2026, time.October, 13}
	rules := Meaning{
		Language: models.English, Intents: Intents{Cancel, No}, Keep: true, Away: &tuesday, Toward: true, Others: []Kin{Mother}, Heads: 2,
		Shares: []Share{{"CUT", Self}}, OtherName: &PersonName{"Samira", "Nasser"}, ForMe: true, Both: true, Later: true,
		Earlier: true, OtherDay: true, SameStylist: true, FromNow: true, Indecision: 80, Ambiguous: [][]string{{"OIL_COLOUR", "COLOUR_FULL"}},
		Services: []string{"BROWS"}, Stylists: []string{"omar"}, Day: &tuesday, OtherOptions: true,
	}
	m, err := Modelled([]byte(`{"confidence":90,"intents":["move","undecided"],"services":["CUT","COLOUR_FULL"]}`), modelInput("as it is"), rules)
	if err != nil {
		t.Fatal(err)
	}
	want := rules
	want.Confidence, want.Main, want.Intents, want.Services, want.Stylists, want.Day, want.OtherOptions = 90, Move, Intents{Move, Undecided}, []string{"CUT"}, nil, nil, false
	order(want.Intents)
	if !reflect.DeepEqual(m, want) {
		t.Errorf("got\n%+v\nwant\n%+v", m, want)
	}
	if rules.Services[0] != "BROWS" || len(rules.Intents) != 2 {
		t.Error("the rules' meaning was changed")
	}
}

func FuzzModelled(f *testing.F) {
	f.Add([]byte(`{"confidence":90,"intents":["book"],"services":["CUT"],"day":"2026-10-09","at":"10:00","choice":1}`), "a cut")
	f.Add([]byte(`{"confidence":-1}`), "")
	v := salon()
	f.Fuzz(func(t *testing.T, raw []byte, text string) {
		in := modelInput(text)
		in.Vocabulary = v
		m, err := Modelled(raw, in, Meaning{Language: models.English})
		if err != nil {
			if !errors.Is(err, ErrNonsense) {
				t.Errorf("refused with %v", err)
			}
			return
		}
		for _, code := range m.Services {
			if !slices.ContainsFunc(v.Services, func(s Service) bool { return s.Code == code }) {
				t.Errorf("service %q came through", code)
			}
		}
		if m.Choice < 0 || m.Choice > len(in.Options) || m.At != nil && (*m.At < 0 || *m.At >= 24*60) || m.Confidence > 100 {
			t.Errorf("came through: %+v", m)
		}
	})
}
