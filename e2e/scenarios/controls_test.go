package scenarios

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"frontdesk/e2e/harness"
	"frontdesk/models"
)

// What customers say about the conversation itself, in whatever scenario they are, and what the salon says of
// itself.

func TestControls(t *testing.T) {
	t.Parallel()
	app := harness.Start(t, harness.Options{})

	t.Run("a language asked for is kept until another is clearly written", func(t *testing.T) {
		for _, c := range []struct {
			lang, wanted models.Language
			ask          string
			small, clear string
		}{
			{"ar", "en", "English please", "سلمى", "أريد موعدا في وقت آخر من فضلك"},
			{"en", "es", "en español por favor", "Salma", "could I have another time please"},
			{"es", "ar", "بالعربي لو سمحت", "Salma", "¿tenéis otra hora un poco más tarde?"},
		} {
			t.Run(c.lang+" to "+c.wanted, func(t *testing.T) {
				app := app.For(t)
				phone, _ := app.Given("S18", c.lang)
				says(t, c.lang, app.Say(phone, s18Scripted[c.lang].ask), "16:30")
				says(t, c.wanted, app.Say(phone, c.ask), "16:30", "18:00")
				says(t, c.wanted, app.Say(phone, c.small), "5.24")
				says(t, c.lang, app.Say(phone, c.clear))
			})
		}
	})
	t.Run("STOP and START", func(t *testing.T) {
		stop, start := words{"en": "STOP", "es": "BAJA", "ar": "توقف"}, words{"en": "START", "es": "ALTA", "ar": "اشتراك"}
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			app := app.For(t)
			phone, _ := app.Given("S18", lang)
			says(t, lang, app.Say(phone, s18Scripted[lang].ask), "16:30")
			says(t, lang, app.Say(phone, stop[lang]))
			consents(t, app, phone, "withdrawn")
			options := app.Say(phone, s18Scripted[lang].ask) // what is asked for is answered
			says(t, lang, options, "16:30")
			link := onlyLink(t, app.Say(phone, s18Scripted[lang].choose))
			says(t, lang, app.Pay(link, "paid", 1), "16:30", "5.24") // and receipts go
			says(t, lang, app.Say(phone, start[lang]))
			consents(t, app, phone, "given")
			app.Say(phone, personPlease[lang])
			if more := app.Say(phone, stop[lang]); len(more) != 0 {
				t.Errorf("the assistant talks over a person: %s", harness.Said(more))
			}
			consents(t, app, phone, "withdrawn")
			if n := app.Number("SELECT count(*) FROM audit_log WHERE action LIKE 'contact.consent%' AND subject_id = (SELECT id::text FROM contacts WHERE address = $1)", phone); n != 3 {
				t.Errorf("%d changes of consent on record, want 3", n)
			}
		})
	})
	t.Run("who said STOP is not reminded", func(t *testing.T) {
		for stop, reminders := range map[string]int{"STOP": 0, "thank you": 1} {
			app := app.For(t)
			phone, _ := app.Given("S02", "en") // Friday noon; the visit is on Tuesday at 10:00
			app.Say(phone, stop)
			before := len(app.Transcript(phone))
			app.Advance(47 * time.Hour)
			app.Settle()
			if got := app.Transcript(phone)[before:]; len(got) != reminders {
				t.Errorf("after %q: %d messages, want %d: %s", stop, len(got), reminders, harness.Said(got))
			}
		}
	})
	t.Run("a name put right", func(t *testing.T) {
		asks := words{"en": "my name is actually Rosa Bell", "es": "en realidad me llamo Rosa Bell", "ar": "اسمي في الحقيقة روزا بيل"}
		given := words{"en": "Rosa", "es": "Rosa", "ar": "روزا"}
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			app := app.For(t)
			phone, _ := app.Given("S18", lang)
			app.Say(phone, s18Scripted[lang].ask)
			says(t, lang, app.Say(phone, asks[lang]), given[lang], "16:30", "18:00")
			if c := app.State(phone).Customer; c == nil || c.Name != given[lang] || c.Surname == "Ortega" || c.Surname == "" {
				t.Errorf("customer %+v, want both names put right", c)
			}
			if app.Number("SELECT count(*) FROM audit_log WHERE action = 'customer.renamed'") == 0 {
				t.Error("not audited")
			}
			held := app.Say(phone, s18Scripted[lang].choose)
			says(t, lang, held, given[lang])
			silentOn(t, held, "Maya")
		})
	})
	t.Run("a question about an order leaves the booking open", func(t *testing.T) {
		asks := words{"en": "where is my order?", "es": "¿dónde está mi pedido?", "ar": "أين طلبي؟"}
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			app := app.For(t)
			phone, _ := app.Given("S18", lang)
			says(t, lang, app.Say(phone, s18Scripted[lang].ask), "16:30")
			says(t, lang, app.Say(phone, asks[lang]))
			app.Say(phone, s18Scripted[lang].choose)
			if s := app.State(phone); s.HumanMode || len(s.Cases) > 0 || len(s.Appointments) != 1 {
				t.Errorf("after the choice: %+v", s)
			}
		})
	})
	t.Run("STOP before there is a name", func(t *testing.T) {
		app := app.For(t)
		phone, _ := app.Given("S01", "en")
		app.Say(phone, s01Scripted["en"].ask)
		app.Say(phone, "stop")
		consents(t, app, phone, "withdrawn")
		if s := app.State(phone); s.HumanMode || len(s.Cases) != 0 {
			t.Errorf("STOP was taken for an unclear name: %+v", s)
		}
		says(t, "en", app.Say(phone, "yes"), "80.00") // the question for the name is still open
	})
	t.Run("whoever asks out of hours hears when people answer", func(t *testing.T) {
		friday := words{"en": "Friday 9 October", "es": "viernes 9 de octubre", "ar": "الجمعة 9 أكتوبر"}
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			app := app.For(t)
			phone, _ := app.Given("S14", lang) // Thursday, 22:00
			says(t, lang, app.Say(phone, personPlease[lang]), friday[lang], "10:00")
			phone, _ = app.Given("S18", lang) // Thursday, 13:00
			silentOn(t, app.Say(phone, personPlease[lang]), "10:00")
			if err := app.Control("clock", map[string]any{"now": "2026-10-11T12:00:00+02:00"}, nil); err != nil {
				t.Fatal(err)
			}
			says(t, lang, app.Say("+447700900196", personPlease[lang]), tuesday[lang], "10:00") // Monday is the holiday
		})
	})
	t.Run("whole phrases alone ask for a person", func(t *testing.T) {
		app := app.For(t)
		phone, _ := app.Given("S18", "en")
		for _, text := range []string{"do you have human hair extensions?", "a haircut for one person", "is Dana the manager?"} {
			app.Say(phone, text)
			if s := app.State(phone); s.HumanMode && s.Cases[0].Reason == string(models.ReasonManualRequest) && !strings.Contains(s.Cases[0].Summary, "order") {
				t.Errorf("%q asked for a person: %+v", text, s.Cases)
			}
		}
	})
	t.Run("a greeting is greeted by name", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			app := app.For(t)
			phone, _ := app.Given("S18", lang)
			got := app.Say(phone, words{"en": "hi", "es": "hola", "ar": "مرحبا"}[lang])
			says(t, lang, got, "Maya")
			silentOn(t, got, "/privacy")
		})
	})
	t.Run("a stranger cancels", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playStrangerCancels(t, app.For(t), lang) })
	})
	t.Run("not found, twice", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playNotFoundTwice(t, app.For(t), lang) })
	})
	t.Run("paid, and not found", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playPaidNotFound(t, app.For(t), lang) })
	})
	t.Run("without deposits", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playWithoutDeposit(t, app.For(t), lang) })
	})
	t.Run("the salon's names are settings, from the next reply on", func(t *testing.T) {
		app := app.For(t)
		phone, _ := app.Given("S01", "en")
		form := url.Values{"assistant.name.en": {"Ada at the desk"}, "assistant.name.es": {"Ada, en recepción"}, "assistant.name.ar": {"آدا من الاستقبال"}}
		if status, body := app.Desk("PM").Post("/console/policies/assistant.name/change", form); status != 200 {
			t.Fatalf("renaming the assistant: %d %s", status, body)
		}
		says(t, "en", app.Say(phone, "hello"), "Ada at the desk")
		says(t, "ar", app.Say("+447700900197", "مرحبا"), "آدا من الاستقبال")
		for key, form := range map[string]url.Values{
			"assistant.emoji": {"assistant.emoji": {"🌿"}},
			"salon.name":      {"salon.name.en": {"Alba"}, "salon.name.es": {"Alba"}, "salon.name.ar": {"ألبا"}},
		} {
			if status, body := app.Desk("PM").Post("/console/policies/"+key+"/change", form); status != 200 {
				t.Fatalf("%s: %d %s", key, status, body)
			}
		}
		next := app.Say("+447700900198", "hola")
		says(t, "es", next, "🌿")
		silentOn(t, next, "✨")
		if _, page := app.Desk("PM").Get("/privacy"); !strings.Contains(page, "Alba") {
			t.Error("the privacy notice does not bear the salon's new name")
		}
	})
}

// consents fails unless the contact's own word on being written to is this.
func consents(t *testing.T, app *harness.App, phone, want string) {
	t.Helper()
	if app.Number("SELECT count(*) FROM contacts WHERE address = $1 AND consent = $2 AND consent_at IS NOT NULL", phone, want) != 1 {
		t.Errorf("consent is not %q", want)
	}
}
