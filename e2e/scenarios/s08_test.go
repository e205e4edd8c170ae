package scenarios

import (
	"strings"
	"testing"
	"time"

	"frontdesk/e2e/harness"
	"frontdesk/models"
)

// S08: an undecided customer books a free consultation.

// s08 is one way to say each turn.
type s08 struct{ ask, yes, consult, day, time, surname string }

var (
	s08Scripted = map[models.Language]s08{
		"en": {"Not sure between the oil colour and the rich clay mask, what do you suggest?", "Yes", "Let's do the consultation", "Thursday, before lunch", "10:00", "Berg"},
		"es": {"Dudo entre el color en aceite y la arcilla intensiva, ¿qué me aconsejas?", "Sí", "Hagamos la consulta", "Jueves, por la mañana", "10:00", "Berg"},
		"ar": {"محتارة بين الصبغة الزيتية وقناع الطين الغني، بماذا تنصحون؟", "نعم", "لنحجز الاستشارة", "الخميس صباحًا", "10:00", "بيرغ"},
	}
	// The same wishes in words of the street.
	s08Ordinary = map[models.Language]s08{
		"en": {"hiii so torn between the oil gloss colour n the rich clay mask, which would u pick??", "yep", "ok yeah sounds good, thurs morning", "", "the first one pls", "it's Berg"},
		"es": {"holaa no me decido, color en aceite o arcilla intensiva?? ayuda", "si soy yo", "venga vale, la consulta", "el jueves por la mañana mejor", "la primera", "Berg"},
		"ar": {"ما قدرت اقرر صبغة زيتية ولا قناع الطين الغني، وش رايكم؟", "اي", "تمام خلونا على الاستشارة", "الخميس الصبح", "الساعة ١٠", "بيرغ"},
	}
	s08No     = words{"en": "no thanks, no need", "es": "no gracias, no hace falta", "ar": "لا شكرا ما يحتاج"}
	s08Huh    = words{"en": "hmm bananas", "es": "pues mira tú", "ar": "هممم يعني"}
	s08Clay   = words{"en": "the second one", "es": "la segunda", "ar": "الثاني"}
	s08Friday = words{"en": "friday at 10", "es": "el viernes a las 10", "ar": "الجمعة الساعة 10"}
)

func TestS08(t *testing.T) {
	t.Parallel()
	app := harness.Start(t, harness.Options{})

	t.Run("scripted", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS08(t, app, lang, s08Scripted[lang]) })
	})
	t.Run("in ordinary words", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS08(t, app, lang, s08Ordinary[lang]) })
	})
	t.Run("declined", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			phone := offeredS08(t, app, lang)
			both := app.Say(phone, s08No[lang])
			says(t, lang, both, "34.00", "30", "48.00", "40")
			booksTheMask(t, app, lang, phone)
		})
	})
	t.Run("unclear twice is a no", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			phone := offeredS08(t, app, lang)
			again := app.Say(phone, s08Huh[lang])
			says(t, lang, again, "15")
			silentOn(t, again, "34.00")
			says(t, lang, app.Say(phone, s08Huh[lang]), "34.00", "48.00")
			booksTheMask(t, app, lang, phone)
			if s := app.State(phone); s.HumanMode || len(s.Cases) > 0 {
				t.Errorf("handed over: %+v", s.Cases)
			}
		})
	})
	t.Run("by taps, and back within a week", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS08Back(t, app, lang) })
	})
}

// offeredS08 plays until the consultation is offered.
func offeredS08(t *testing.T, app *harness.App, lang models.Language) (phone string) {
	t.Helper()
	phone, _ = app.Given("S08", lang)
	app.Say(phone, s08Scripted[lang].ask)
	says(t, lang, app.Say(phone, s08Scripted[lang].yes), "15")
	return phone
}

func playS08(t *testing.T, app *harness.App, lang models.Language, w s08) {
	phone, _ := app.Given("S08", lang)
	says(t, lang, app.Say(phone, w.ask), "Lina", "/privacy")

	offer := app.Say(phone, w.yes)
	says(t, lang, offer, "30", "34.00", "40", "48.00", "15")
	if n := len(choice(t, offer).Buttons); n != 2 {
		t.Errorf("%d buttons, want yes and no:\n%s", n, harness.Said(offer))
	}

	options := app.Say(phone, w.consult)
	if w.day != "" {
		if n := len(times(options)); n != 0 {
			t.Errorf("times before a day was named:\n%s", harness.Said(options))
		}
		says(t, lang, options)
		options = app.Say(phone, w.day)
	}
	says(t, lang, options, dana[lang], salma[lang])
	onlyTimes(t, options, "10:00", "11:30")
	silentOn(t, options, iris[lang])

	surname := app.Say(phone, w.time)
	says(t, lang, surname, "10:00")
	if s := app.State(phone); len(s.Appointments) != 0 {
		t.Errorf("booked before the surname: %+v", s.Appointments)
	}

	confirmed := app.Say(phone, w.surname)
	says(t, lang, confirmed, "10:00", "10:15", dana[lang], "15")
	silentOn(t, confirmed, "deposit", "Deposit", "señal", "Señal", "عربون")
	for _, r := range app.Transcript(phone) {
		if strings.Contains(r.URL, "/pay") || strings.Contains(r.Text, "/pay/") {
			t.Errorf("a free visit has a payment link: %s", r.Text)
		}
	}
	v := onlyVisit(t, app, phone)
	if v.Status != "confirmed" || v.DepositState != "none" || v.DepositMinor != 0 || v.TotalMinor != 0 || v.HoldExpiresAt != nil ||
		v.Stylist != "Dana" || strings.Join(v.Services, " ") != "CONSULT_HAIR" || !v.StartsAt.Equal(madrid(t, "2026-10-08 10:00")) ||
		v.EndsAt.Sub(v.StartsAt) != 15*time.Minute {
		t.Errorf("booked %+v", v)
	}
	if c := app.State(phone).Customer; c == nil || c.Name != "Lina" || c.Surname == "" || c.Language != lang {
		t.Errorf("customer %+v", c)
	}
	app.Settle()
	if notices := app.Received(danasPhone); len(notices) != 1 || !strings.Contains(notices[0], "10:00") {
		t.Errorf("Dana's notices: %q, want one", notices)
	}
	app.Advance(31 * time.Minute)
	if v := onlyVisit(t, app, phone); v.Status != "confirmed" {
		t.Errorf("half an hour later it is %s", v.Status)
	}
}

// booksTheMask goes on as every booking does.
func booksTheMask(t *testing.T, app *harness.App, lang models.Language, phone string) {
	t.Helper()
	says(t, lang, app.Say(phone, s08Clay[lang]), "48.00", "40")
	app.Say(phone, s08Friday[lang])
	surname := app.Say(phone, words{"en": "the first one", "es": "la primera", "ar": "الأول"}[lang])
	says(t, lang, surname, "10:00")
	held := app.Say(phone, s08Scripted[lang].surname)
	says(t, lang, held, "9.60")
	onlyLink(t, held)
	if v := onlyVisit(t, app, phone); v.Status != "provisional" || strings.Join(v.Services, " ") != "CLAY_RICH" {
		t.Errorf("held %+v", v)
	}
}

func playS08Back(t *testing.T, app *harness.App, lang models.Language) {
	phone, _ := app.Given("S08", lang)
	app.Say(phone, s08Scripted[lang].ask)
	offer := choice(t, app.Say(phone, s08Scripted[lang].yes))
	app.Tap(phone, offer, offer.Buttons[0].Title)
	options := app.Say(phone, s08Scripted[lang].day)
	app.Tap(phone, choice(t, options), "11:30")
	app.Say(phone, s08Scripted[lang].surname)
	if v := onlyVisit(t, app, phone); v.Status != "confirmed" || v.Stylist != "Salma" {
		t.Fatalf("booked %+v", v)
	}
	hello := words{"en": "hi there", "es": "hola", "ar": "مرحبا"}[lang]
	about := words{"en": "consultation", "es": "consulta", "ar": "استشارت"}[lang]
	app.Advance(5 * 24 * time.Hour) // three days after the consultation
	says(t, lang, app.Say(phone, hello), "Lina", about, salma[lang])
	app.Advance(5 * 24 * time.Hour)
	silentOn(t, app.Say(phone, hello), about)
}
