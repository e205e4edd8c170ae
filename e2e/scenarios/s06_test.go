package scenarios

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"frontdesk/e2e/harness"
	"frontdesk/models"
)

// S06: opening hours and parking, and a profile name that is no name.

type s06 struct{ ask, name, thanks string }

var (
	s06Scripted = map[models.Language]s06{
		"en": {"What are your Saturday hours, and where can I park?", "I'm Yasmin", "Great, thanks"},
		"es": {"¿Qué horario tenéis el sábado y dónde se puede aparcar?", "Me llamo Yasmin", "Genial, gracias"},
		"ar": {"ما مواعيد السبت وأين يمكنني إيقاف السيارة؟", "اسمي ياسمين", "رائع، شكرًا"},
	}
	s06Ordinary = map[models.Language]s06{
		"en": {"hey are u open saturdays? also is there parking anywhere", "yasmin", "ta!"},
		"es": {"hola abrís los sabados? y hay parking cerca?", "yasmin", "vale muchas gracias"},
		"ar": {"هلا بتفتحون السبت؟ وفي مواقف سيارات قريبة", "ياسمين", "تسلمين شكرا"},
	}
	s06Yasmin = words{"en": "Yasmin", "es": "Yasmin", "ar": "ياسمين"}
	// What no answer to a question for a name is.
	s06Unclear = words{"en": "12345", "es": "12345", "ar": "12345"}
)

// s06Phrasings are two ways to ask for each answer; package understand knows ten of each.
var s06Phrasings = map[string]map[models.Language][]string{
	"hours": {
		"en": {"what time do u open", "when do you close today?"},
		"es": {"a que hora abris", "¿cuándo cerráis hoy?"},
		"ar": {"متى تفتحون", "متى تسكرون اليوم؟"},
	},
	"parking": {
		"en": {"is there anywhere to park", "parking?"},
		"es": {"¿hay sitio para aparcar?", "¿parking?"},
		"ar": {"هل يوجد مكان للسيارة", "موقف سيارات؟"},
	},
	"address": {
		"en": {"where are you", "what's your address?"},
		"es": {"¿dónde estáis?", "¿cuál es la dirección?"},
		"ar": {"وين مكانكم", "ما العنوان؟"},
	},
	"cancellation": {
		"en": {"what's your cancellation policy", "how late can i cancel?"},
		"es": {"¿cuál es la política de cancelación?", "¿hasta cuándo puedo cancelar?"},
		"ar": {"ما سياسة الإلغاء", "لين متى أقدر ألغي؟"},
	},
	"payment": {
		"en": {"how can i pay", "do you take cards?"},
		"es": {"¿cómo puedo pagar?", "¿aceptáis tarjeta?"},
		"ar": {"كيف أقدر أدفع", "تقبلون البطاقات؟"},
	},
}

func TestS06(t *testing.T) {
	t.Parallel()
	app := harness.Start(t, harness.Options{})

	t.Run("scripted", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS06(t, app.For(t), lang, s06Scripted[lang]) })
	})
	t.Run("in ordinary words", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS06(t, app.For(t), lang, s06Ordinary[lang]) })
	})
	t.Run("phrasings of each question", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			app := app.For(t)
			phone, _ := app.Given("S18", lang)
			for key, asks := range s06Phrasings {
				before := answersGiven(app, key)
				for i, ask := range asks[lang] {
					got := app.Say(phone, ask)
					if now := answersGiven(app, key); now != before+1 {
						t.Errorf("%s: %q was answered %d times:\n%s", key, ask, now-before, harness.Said(got))
						before = now
						continue
					}
					before++
					if i == 0 {
						says(t, lang, got)
					}
				}
			}
			if s := app.State(phone); s.HumanMode || len(s.Cases) != 0 {
				t.Errorf("a question about the salon went to a person: %+v", s.Cases)
			}
		})
	})
	t.Run("the place comes with a map", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			app := app.For(t)
			phone, _ := app.Given("S18", lang)
			says(t, lang, app.Say(phone, s06Phrasings["address"][lang][0]), "https://www.openstreetmap.org/")
		})
	})
	t.Run("what is edited is said at once", func(t *testing.T) { playS06Edited(t, app.For(t)) })
	t.Run("two answers without a name", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			app := app.For(t)
			phone, _ := app.Given("S06", lang)
			app.Say(phone, s06Scripted[lang].ask)
			says(t, lang, app.Say(phone, s06Unclear[lang]))
			says(t, lang, app.Say(phone, s06Unclear[lang]))
			handedOver(t, app, phone, models.ReasonNameUnclear)
		})
	})
	t.Run("what cannot be a name is never said back", func(t *testing.T) {
		for _, profile := range []string{"✨✨", "🌙Dal🌙", "12345", "Li", "Salon VIP", "mum"} {
			app := app.For(t)
			phone, _ := app.Given("S06", "en")
			got := app.SayAs(phone, profile, "hello")
			says(t, "en", got, "name")
			if profile != "Li" { // part of many words
				silentOn(t, got, profile)
			}
		}
	})
}

// automated counts the conversations that no person had a part in: no case, nobody who took over, nothing that
// staff wrote. It is what the share of automated conversations is made of.
const automated = `SELECT count(*) FROM conversations c WHERE human_until IS NULL
	AND NOT EXISTS (SELECT 1 FROM cases k WHERE k.conversation_id = c.id)
	AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.conversation_id = c.id AND m.class = 'staff')`

func answersGiven(app *harness.App, key string) int64 {
	return app.Number("SELECT count(*) FROM faq_hits WHERE faq_key = $1", key)
}

func playS06(t *testing.T, app *harness.App, lang models.Language, w s06) {
	phone, _ := app.Given("S06", lang)
	hours, parking := answersGiven(app, "hours"), answersGiven(app, "parking")
	asked := app.Say(phone, w.ask)
	says(t, lang, asked, "/privacy")
	silentOn(t, asked, "10:00")
	if strings.Count(harness.Said(asked), "✨") > 1 {
		t.Errorf("the profile's emoji is repeated:\n%s", harness.Said(asked))
	}
	both := app.Say(phone, w.name)
	says(t, lang, both, s06Yasmin[lang], "10:00–14:00", words{"en": "two minutes", "es": "dos minutos", "ar": "دقيقتين"}[lang])
	if len(both) != 1 {
		t.Errorf("%d replies, want one for both answers:\n%s", len(both), harness.Said(both))
	}
	closing := app.Say(phone, w.thanks)
	says(t, lang, closing)
	if said := harness.Said(closing); strings.ContainsAny(said, "?؟") || len(closing) != 1 {
		t.Errorf("the close asks again:\n%s", said)
	}
	s := app.State(phone)
	if s.Customer == nil || s.Customer.Name != s06Yasmin[lang] || len(s.Appointments) != 0 || len(s.Cases) != 0 || s.HumanMode {
		t.Errorf("at the end %+v", s)
	}
	if n := app.Number(automated); n != 1 {
		t.Errorf("%d conversations went by without a person, want this one", n)
	}
	if h, p := answersGiven(app, "hours")-hours, answersGiven(app, "parking")-parking; h != 1 || p != 1 {
		t.Errorf("%d answers about hours and %d about parking are on record, want one each", h, p)
	}
}

// playS06Edited changes an answer in the console; the next reply says it.
func playS06Edited(t *testing.T, app *harness.App) {
	phone, _ := app.Given("S18", "en")
	desk := app.Desk("PM")
	form := url.Values{"seen": {fmt.Sprint(app.Number("SELECT version FROM faqs WHERE key = 'parking'"))}}
	answers := words{"en": "There is room in Calle Nueva.", "es": "Hay sitio en la calle Nueva.", "ar": "يوجد موقف في شارع نويفا."}
	phrases := words{"en": "where to park", "es": "donde aparcar", "ar": "مكان السيارة"}
	for lang, answer := range answers {
		form.Set("answers."+lang, answer)
		form.Set("phrases."+lang, phrases[lang])
	}
	if status, body := desk.Post("/console/content/faqs/parking/edit", form); status != 200 {
		t.Fatalf("editing the answer: %d %s", status, body)
	}
	for lang, street := range (words{"en": "Calle Nueva", "es": "calle Nueva", "ar": "شارع نويفا"}) {
		got := app.Say(phone, s06Phrasings["parking"][lang][0])
		says(t, lang, got, street)
		silentOn(t, got, "Olmo", "أولمو")
	}
	app.Advance(time.Minute)
	says(t, "en", app.Say(phone, s06Phrasings["parking"]["en"][0]), "Calle Nueva")
}
