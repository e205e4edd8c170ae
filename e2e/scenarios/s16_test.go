package scenarios

import (
	"testing"

	"frontdesk/e2e/harness"
	"frontdesk/models"
)

// S16: "the usual".

type s16 struct{ ask, yes, choose string }

var (
	s16Scripted = map[models.Language]s16{
		"en": {"Thursday, the usual please", "Yes", "11:00"},
		"es": {"Este jueves, lo de siempre, por favor", "Sí", "11:00"},
		"ar": {"الخميس، المعتاد من فضلك", "نعم", "11:00"},
	}
	s16Ordinary = map[models.Language]s16{
		"en": {"hiya same as last time pls, thurs works for me", "yep same again", "the first one"},
		"es": {"buenas! ponme lo mismo que la otra vez el jueves", "venga, eso mismo", "la primera"},
		"ar": {"مرحبا بدي متل كل مرة يوم الخميس", "ايوه", "الأول"},
	}
	theUsual   = words{"en": "the usual please", "es": "lo de siempre, por favor", "ar": "المعتاد من فضلك"}
	noVisitYet = words{"en": "usual", "es": "de siempre", "ar": "المعتادة"}
)

func TestS16(t *testing.T) {
	t.Parallel()
	app := harness.Start(t, harness.Options{})

	t.Run("scripted", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS16(t, app.For(t), lang, s16Scripted[lang]) })
	})
	t.Run("in ordinary words", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS16(t, app.For(t), lang, s16Ordinary[lang]) })
	})
	t.Run("at today's prices", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			app := app.For(t)
			phone, _ := app.Given("S16", lang)
			app.Exec("UPDATE services SET price_minor = 3000 WHERE code = 'CUT'")
			got := app.Say(phone, theUsual[lang])
			says(t, lang, got, "50.90", "70", salma[lang])
			silentOn(t, got, "47.10")
			says(t, lang, app.Say(phone, s16Scripted[lang].yes)) // the day was not named: it is asked for
			onlyTimes(t, app.Say(phone, words{"en": "Thursday", "es": "el jueves", "ar": "الخميس"}[lang]), "11:00", "16:00")
		})
	})
	t.Run("no history", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			app := app.For(t)
			phone, _ := app.Given("S10", lang) // a returning customer without visits
			got := app.Say(phone, s16Scripted[lang].ask)
			says(t, lang, got, noVisitYet[lang])
			if n := len(got[len(got)-1].Buttons); n != 2 {
				t.Errorf("%d choices of a service, want hair and beauty:\n%s", n, harness.Said(got))
			}
		})
	})
	t.Run("what does not count", func(t *testing.T) {
		app := app.For(t)
		phone, _ := app.Given("S16", "en")
		for _, other := range []string{
			"group_id = gen_random_uuid()", "total_minor = 0, deposit_minor = 0", "for_name = 'Mona'", "status = 'no_show'",
		} {
			app.Exec("UPDATE appointments SET " + other)
			got := app.Say(phone, "the usual please")
			silentOn(t, got, "Salma", "70 min")
			app.Exec("UPDATE appointments SET group_id = NULL, total_minor = 4710, for_name = '', status = 'completed'")
			app.Say(phone, "forget it")
		}
		app.Exec("UPDATE appointments SET status = 'confirmed'") // nobody marked it: it counts as one that was
		says(t, "en", app.Say(phone, "the usual please"), "70", "47.10")
	})
	t.Run("a service is retired", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			app := app.For(t)
			phone, _ := app.Given("S16", lang)
			app.Exec("UPDATE services SET active = false WHERE code = 'SCALP_CALM'")
			defer app.Exec("UPDATE services SET active = true")
			got := app.Say(phone, s16Scripted[lang].ask)
			says(t, lang, got, words{"en": "Soothing scalp care", "es": "Cuidado calmante", "ar": "عناية مهدئة"}[lang], haircut[lang], "26.20")
			onlyTimes(t, app.Say(phone, words{"en": "yes, just that", "es": "sí, solo eso", "ar": "نعم، هذا فقط"}[lang]), "11:00", "16:00")
		})
	})
	t.Run("Salma is off", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			app := app.For(t)
			phone, _ := app.Given("S16", lang)
			app.Exec(`INSERT INTO time_blocks (id, stylist_id, starts_at, ends_at, kind, reason, created_at)
				SELECT gen_random_uuid(), id, '2026-10-08 00:00+02', '2026-10-09 00:00+02', 'day_off', '{}', now() FROM stylists WHERE code = 'salma'`)
			app.Say(phone, s16Scripted[lang].ask)
			got := app.Say(phone, s16Scripted[lang].yes)
			says(t, lang, got, salma[lang])
			if last := got[len(got)-1]; len(last.Buttons) != 3 { // two dates with her, or somebody else
				t.Errorf("%d choices, want two dates and another stylist:\n%s", len(last.Buttons), harness.Said(got))
			}
		})
	})
	t.Run("one thing is different", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			app := app.For(t)
			phone, _ := app.Given("S16", lang)
			app.Say(phone, s16Scripted[lang].ask)
			got := app.Say(phone, words{"en": "just a haircut this time", "es": "esta vez solo un corte", "ar": "قص شعر فقط هذه المرة"}[lang])
			says(t, lang, got, "26.20")
			silentOn(t, got, "47.10")
		})
	})
}

func playS16(t *testing.T, app *harness.App, lang models.Language, w s16) {
	t.Helper()
	phone, _ := app.Given("S16", lang)
	recalled := app.Say(phone, w.ask)
	says(t, lang, recalled, salma[lang], "70", "47.10")

	options := app.Say(phone, w.yes)
	says(t, lang, options, salma[lang])
	onlyTimes(t, options, "11:00", "16:00")

	held := app.Say(phone, w.choose)
	says(t, lang, held, "9.42", "11:00")
	spent := app.Number("SELECT total_spent_minor FROM customers WHERE phone = '" + phone + "'")
	says(t, lang, app.Pay(onlyLink(t, held), "paid", 1), "11:00", "12:10", salma[lang])
	app.Settle()
	visits := app.State(phone).Appointments
	last := visits[len(visits)-1]
	for _, v := range visits {
		if v.Status == "confirmed" {
			last = v
		}
	}
	starts, ends := madrid(t, "2026-10-08 11:00"), madrid(t, "2026-10-08 12:10")
	if last.Status != "confirmed" || !last.StartsAt.Equal(starts) || !last.EndsAt.Equal(ends) || last.Stylist != "Salma" || len(visits) != 2 {
		t.Errorf("booked %+v", visits)
	}
	profile := `SELECT count(*) FROM customers c JOIN stylists s ON s.id = c.preferred_stylist_id
		WHERE c.phone = $1 AND s.code = 'salma' AND c.total_spent_minor = $2 AND c.language = $3 AND c.last_visit_at = $4`
	if app.Number(profile, phone, spent+4710, lang, starts) != 1 {
		t.Error("the profile does not have Salma, the sum, the language and the visit")
	}
}
