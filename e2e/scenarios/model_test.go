package scenarios

import (
	"encoding/json"
	"html"
	"strings"
	"testing"
	"time"

	"frontdesk/e2e/harness"
	"frontdesk/models"
)

// unreadable is what the rules make nothing of.
var unreadable = words{"en": "zorble frump kettik", "es": "ñurbi fracolo tistre", "ar": "ظغبلث قكضز"}

// A language model may read what the rules cannot, and whatever becomes of it customers notice nothing (R-215,
// R-1311).
func TestModel(t *testing.T) {
	t.Parallel()
	app := harness.Start(t, harness.Options{})
	ask := askedBelow(t, app, 100)

	t.Run("taught", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playTaught(t, app, lang) })
	})
	for _, c := range []struct {
		mode, outcome string
		lang          models.Language // of the longer story
	}{{"garbage", "nonsense", "ar"}, {"429", "away", "es"}, {"down", "away", "en"}} {
		t.Run(c.mode, func(t *testing.T) {
			app := app.For(t)
			rest(t, app)
			app.Fault("claude", c.mode)
			eachLanguage(t, func(t *testing.T, lang models.Language) { playS18(t, app.For(t), lang, s18Scripted[lang]) })
			playS01(t, app, c.lang, s01Scripted[c.lang])
			if n := app.Number("SELECT count(*) FROM turns WHERE model_outcome = $1", c.outcome); n == 0 {
				t.Errorf("no turn says that the model was %q", c.outcome)
			}
		})
	}
	t.Run("every story, whatever it says", func(t *testing.T) {
		rest(t, app)
		app.For(t).Fault("claude", "garbage")
		langs, asked := models.Languages(), int64(0)
		for i, play := range stories() { // each in one language, each language with every kind
			lang := langs[i%len(langs)]
			t.Run(play.name+" "+lang, func(t *testing.T) { play.whole(t, app.For(t), lang) })
			asked += app.Number("SELECT count(*) FROM turns WHERE model_outcome <> ''")
		}
		if asked == 0 {
			t.Error("no story asked the model")
		}
	})
	t.Run("never asked", func(t *testing.T) {
		rest(t, app)
		ask(0)
		playS01(t, app.For(t), "ar", s01Scripted["ar"])
		if n := app.Number("SELECT count(*) FROM turns WHERE model_outcome <> ''"); n != 0 {
			t.Errorf("%d turns asked the model", n)
		}
	})
}

// A model that never answers costs a few time-outs, then nobody waits for it any more.
func TestModelHangs(t *testing.T) {
	t.Parallel()
	app := harness.Start(t, harness.Options{Env: []string{"CLAUDE_TIMEOUT=700ms"}})
	askedBelow(t, app, 100)
	app.Fault("claude", "hang")
	eachLanguage(t, func(t *testing.T, lang models.Language) {
		playS18(t, app.For(t), lang, s18Scripted[lang])
	})
	playS01(t, app, "es", s01Scripted["es"])
	if n := app.Number("SELECT count(*) FROM turns WHERE model_outcome <> 'away' AND model_outcome <> ''"); n != 0 {
		t.Errorf("%d turns say that the model answered", n)
	}
}

// The stand-ins in a process of their own are asked like those in the app's; a slow model is waited for (R-1311).
func TestModelApartAndSlow(t *testing.T) {
	t.Parallel()
	app := harness.Start(t, harness.Options{StandInsApart: true})
	playTaught(t, app, "en")
	app.Fault("claude", "slow")
	ask := askedBelow(t, app, 100)
	playS18(t, app, "en", s18Scripted["en"])
	if n := app.Number("SELECT count(*) FROM turns WHERE model_outcome = 'unsure' AND model_ms >= 3000 AND read_by = 'rules'"); n == 0 {
		t.Error("the slow model was not waited for")
	}
	ask(60)
	playS01(t, app, "es", s01Scripted["es"])
}

// story is a scripted scenario, from its first word to its end.
type story struct {
	name  string
	whole func(t *testing.T, app *harness.App, lang models.Language)
}

// stories are the scripted scenarios that TestModel does not play elsewhere.
func stories() []story {
	type app = *harness.App
	type lang = models.Language
	return []story{
		{"S02", func(t *testing.T, a app, l lang) { playS02(t, a, l, s02Scripted[l]) }},
		{"S03", func(t *testing.T, a app, l lang) { playS03(t, a, l, s03Scripted[l]) }},
		{"S04", func(t *testing.T, a app, l lang) { playS04(t, a, l, s04Scripted[l]) }},
		{"S05", func(t *testing.T, a app, l lang) { playS05(t, a, l, s05Scripted[l]) }},
		{"S06", func(t *testing.T, a app, l lang) { playS06(t, a, l, s06Scripted[l]) }},
		{"S07", func(t *testing.T, a app, l lang) { playS07(t, a, l, s07Scripted[l]) }},
		{"S08", func(t *testing.T, a app, l lang) { playS08(t, a, l, s08Scripted[l]) }},
		{"S09", func(t *testing.T, a app, l lang) { playS09(t, a, l, s09Scripted[l]) }},
		{"S10", func(t *testing.T, a app, l lang) { playS10(t, a, l, s10Scripted[l], false) }},
		{"S11", func(t *testing.T, a app, l lang) { playS11(t, a, l, s11Scripted[l]) }},
		{"S12", func(t *testing.T, a app, l lang) { playS12(t, a, l, s12Scripted[l]) }},
		{"S13", func(t *testing.T, a app, l lang) { playS13(t, a, l, s13Scripted[l]) }},
		{"S14", func(t *testing.T, a app, l lang) { playS14(t, a, l, s14Scripted[l]) }},
		{"S15", func(t *testing.T, a app, l lang) { playS15(t, a, l, s15Scripted[l]) }},
		{"S16", func(t *testing.T, a app, l lang) { playS16(t, a, l, s16Scripted[l]) }},
		{"S17", func(t *testing.T, a app, l lang) { playS17(t, a, l, s17Scripted[l]) }},
	}
}

// askedBelow sets the policy; what it gives back sets it again.
func askedBelow(t *testing.T, app *harness.App, percent int) func(int) {
	t.Helper()
	set := func(percent int) {
		app.Exec(`INSERT INTO settings VALUES ('model.below_percent', to_jsonb($1::int), now(), 'test')
			ON CONFLICT (key) DO UPDATE SET value = excluded.value`, percent)
	}
	set(percent)
	return set
}

// rest ends every fault and closes the breakers.
func rest(t *testing.T, app *harness.App) {
	t.Helper()
	if err := app.Control("reset", map[string]any{}, nil); err != nil {
		t.Fatal(err)
	}
}

// playTaught says what only the model understands, and goes on in plain words.
func playTaught(t *testing.T, app *harness.App, lang models.Language) {
	phone, now := app.For(t).Given("S18", lang)
	app = app.For(t)
	input, err := json.Marshal(map[string]any{
		"confidence": 95, "intents": []string{"book"}, "language": lang, "services": []string{"CUT"}, "day": now.Format(time.DateOnly),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := app.Control("teach", map[string]any{"text": unreadable[lang], "input": json.RawMessage(input)}, nil); err != nil {
		t.Fatal(err)
	}
	options := app.Say(phone, unreadable[lang])
	says(t, lang, options, salma[lang], bruno[lang])
	onlyTimes(t, options, "16:30", "18:00")
	says(t, lang, app.Say(phone, s18Scripted[lang].choose), "5.24")
	if got := app.Text("SELECT string_agg(read_by || ' ' || model_outcome, ', ' ORDER BY first_seq) FROM turns"); !strings.HasPrefix(got, "model used") {
		t.Errorf("the turns were read: %s", got)
	}
	showsHowItWasRead(t, app, unreadable[lang])
}

// showsHowItWasRead opens the page of the conversation's turns (R-1215): what was written, how sure the model
// was, what it cost, and that the answer after it was read by the rules.
func showsHowItWasRead(t *testing.T, app *harness.App, words string) {
	t.Helper()
	status, page := app.Desk("PM").Get("/console/conversations/" + app.Text("SELECT id::text FROM conversations") + "/turns")
	page = html.UnescapeString(page)
	tokens := app.Text("SELECT (input_tokens + output_tokens)::text FROM turns WHERE read_by = 'model'")
	for _, fact := range []string{words, "By the language model, 95 %", "the model read it", tokens + " tokens", "looked for times", "2026-10-08", "Hold"} {
		if status != 200 || !strings.Contains(page, fact) {
			t.Errorf("%q is missing from how the turns were read (%d)", fact, status)
		}
	}
}
