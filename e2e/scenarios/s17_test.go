package scenarios

import (
	"net/url"
	"testing"
	"time"

	"frontdesk/e2e/harness"
	"frontdesk/models"
)

// S17: a question about a public holiday.

type s17 struct{ ask, name, insist, tuesday, service, time, surname string }

var (
	s17Scripted = map[models.Language]s17{
		"en": {"Monday is a holiday, will you be open?", "I'm Dalia", "But it has to be Monday", "Then Tuesday morning", "Just a haircut", "10:30 with Salma", "Rowe"},
		"es": {"El lunes es fiesta, ¿estaréis abiertos?", "Soy Dalia", "Pero tiene que ser el lunes", "Pues martes por la mañana", "Corte de pelo", "10:30 con Salma", "Rowe"},
		"ar": {"الاثنين عطلة، هل ستكونون مفتوحين؟", "أنا داليا", "لكن لازم يوم الاثنين", "إذن صباح الثلاثاء", "قص شعر فقط", "10:30 مع سلمى", "رو"},
	}
	s17Ordinary = map[models.Language]s17{
		"en": {"hey are u guys open on monday 12th? its a bank holiday", "dalia", "ugh i really need monday", "ok tues morning then", "cut my hair pls", "half ten", "Rowe"},
		"es": {"holaa, el lunes 12 abrís o cerráis por festivo?", "Dalia", "uf es que solo puedo el lunes", "bueno, el martes por la mañana", "cortarme el pelo", "a las diez y media", "Rowe"},
		"ar": {"هلا، تفتحون يوم الاثنين ١٢ ولا عطلة؟", "داليا", "بس انا ابي الاثنين", "خلاص الثلاثاء الصبح", "ابي اقص شعري", "الأول", "رو"},
	}
	dalia    = words{"en": "Dalia", "es": "Dalia", "ar": "داليا"}
	holiday  = words{"en": "public holiday", "es": "festivo", "ar": "عطلة رسمية"}
	monday   = words{"en": "Monday 12 October", "es": "lunes 12 de octubre", "ar": "الاثنين 12 أكتوبر"}
	tuesday  = words{"en": "Tuesday 13 October", "es": "martes 13 de octubre", "ar": "الثلاثاء 13 أكتوبر"}
	onTheDay = words{"en": "a haircut on Thursday 15 October", "es": "un corte de pelo el jueves 15 de octubre", "ar": "قص شعر يوم الخميس 15 أكتوبر"}
	openThen = words{"en": "are you open on Thursday the 15th?", "es": "¿abrís el jueves 15?", "ar": "هل تفتحون يوم الخميس 15؟"}
)

func TestS17(t *testing.T) {
	t.Parallel()
	app := harness.Start(t, harness.Options{})

	t.Run("scripted", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS17(t, app.For(t), lang, s17Scripted[lang]) })
	})
	t.Run("in ordinary words", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS17(t, app.For(t), lang, s17Ordinary[lang]) })
	})
	t.Run("who insists hears the same, with the next two days", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			app, w := app.For(t), s17Scripted[lang]
			phone, _ := app.Given("S17", lang)
			app.Say(phone, w.ask)
			app.Say(phone, w.name)
			for range 2 {
				again := app.Say(phone, w.insist)
				says(t, lang, again, monday[lang], holiday[lang], tuesday[lang])
			}
			slots := app.Say(phone, w.service)
			silentOn(t, slots, "12 Oct", "12 oct", "12 أكتوبر")
			insisted := app.Say(phone, w.insist)
			says(t, lang, insisted, monday[lang], holiday[lang])
			if n := len(choice(t, insisted).Buttons); n < 2 {
				t.Errorf("%d options instead of Monday:\n%s", n, harness.Said(insisted))
			}
			if s := app.State(phone); s.HumanMode || len(s.Appointments) != 0 {
				t.Errorf("insisting led to %+v", s)
			}
		})
	})
	t.Run("closed for all on one calendar", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			app := app.For(t)
			phone, _ := app.Given("S18", lang)
			closes(t, app, "salma", "closed", "2026-10-15 00:00", "2026-10-16 00:00")
			asked := app.Say(phone, onTheDay[lang])
			says(t, lang, asked, fair[lang])
			silentOn(t, asked, "15 Oct, 1", "15 oct., 1", "15 أكتوبر، 1")
			says(t, lang, app.Say(phone, openThen[lang]), fair[lang])
		})
	})
	t.Run("a day off closes its stylist alone", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			app := app.For(t)
			phone, _ := app.Given("S18", lang)
			closes(t, app, "salma", "day_off", "2026-10-15 00:00", "2026-10-16 00:00")
			app.Say(phone, onTheDay[lang])
			got := app.Say(phone, words{"en": "whoever is free", "es": "me da igual", "ar": "أي أحد"}[lang])
			says(t, lang, got, "10:00")
			silentOn(t, got, fair[lang], salma[lang])
		})
	})
	t.Run("half a day", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			app := app.For(t)
			phone, _ := app.Given("S18", lang)
			closes(t, app, "", "closed", "2026-10-15 14:00", "2026-10-15 20:00")
			says(t, lang, app.Say(phone, openThen[lang]), "10:00–14:00", fair[lang])
			asked := app.Say(phone, words{
				"en": "a haircut on Thursday 15 October in the afternoon", "es": "un corte de pelo el jueves 15 de octubre por la tarde", "ar": "قص شعر يوم الخميس 15 أكتوبر بعد الظهر",
			}[lang])
			says(t, lang, asked, fair[lang])
			silentOn(t, asked, "15 Oct, 1", "15 oct., 1", "15 أكتوبر، 1")
			morning := app.Say(phone, words{
				"en": "then Thursday 15 October in the morning, with Dana", "es": "entonces el jueves 15 por la mañana, con Dana", "ar": "إذن الخميس 15 أكتوبر صباحا مع دانا",
			}[lang])
			says(t, lang, morning, "10:00", dana[lang])
			for at := range times(morning) {
				if at > "13:20" {
					t.Errorf("%s on a day that closes at 14:00:\n%s", at, harness.Said(morning))
				}
			}
		})
	})
	t.Run("closed in the console, known at once", func(t *testing.T) {
		app := app.For(t)
		phone, _ := app.Given("S18", "en")
		form := url.Values{"kind": {"closed"}, "from": {"2026-10-15"}, "reason.en": {"street fair"}, "reason.es": {"feria"}, "reason.ar": {"مهرجان"}}
		if status, body := app.Desk("PM").Post("/console/services/closures/new", form); status != 200 {
			t.Fatalf("closing the day: %d %s", status, body)
		}
		says(t, "en", app.Say(phone, openThen["en"]), "street fair", "Friday 16 October")
	})
	t.Run("closed every week", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			app := app.For(t)
			phone, _ := app.Given("S18", lang)
			got := app.Say(phone, words{"en": "are you open on Sunday?", "es": "¿abrís el domingo?", "ar": "هل تفتحون يوم الأحد؟"}[lang])
			says(t, lang, got, tuesday[lang]) // Monday is the holiday
		})
	})
}

var fair = words{"en": "street fair", "es": "feria", "ar": "مهرجان"}

// closes closes time on a stylist's calendar, or on the salon's own, as an outside calendar's entry does.
func closes(t *testing.T, app *harness.App, stylist, kind, from, to string) {
	t.Helper()
	app.Exec(`INSERT INTO time_blocks (id, stylist_id, starts_at, ends_at, kind, reason, created_at)
		SELECT gen_random_uuid(), (SELECT id FROM stylists WHERE code = $1), $2, $3, $4, '{"en": "street fair", "es": "feria", "ar": "مهرجان"}', now()`,
		stylist, madrid(t, from), madrid(t, to), kind)
}

func playS17(t *testing.T, app *harness.App, lang models.Language, w s17) {
	phone, now := app.Given("S17", lang)
	asked := app.Say(phone, w.ask)
	says(t, lang, asked, "/privacy")
	silentOn(t, asked, "Dal", "🌙")

	closed := app.Say(phone, w.name)
	says(t, lang, closed, dalia[lang], monday[lang], holiday[lang], tuesday[lang], "10:00")
	which := app.Say(phone, w.tuesday)
	says(t, lang, which)
	silentOn(t, which, "10:30", "11:30")
	options := app.Say(phone, w.service)
	says(t, lang, options, "40", "26.20", salma[lang], omar[lang])
	onlyTimes(t, options, "10:30", "11:30")
	if got := app.Say(phone, w.time); harness.Link(got) != "" {
		t.Errorf("a link before the surname:\n%s", harness.Said(got))
	}
	held := app.Say(phone, w.surname)
	says(t, lang, held, "5.24", "30")
	v := onlyVisit(t, app, phone)
	if v.Stylist != "Salma" || !v.StartsAt.Equal(madrid(t, "2026-10-13 10:30")) || v.EndsAt.Sub(v.StartsAt) != 40*time.Minute || v.DepositMinor != 524 {
		t.Errorf("held %+v", v)
	}
	if v.HoldExpiresAt == nil || v.HoldExpiresAt.Sub(now) != 30*time.Minute {
		t.Errorf("hold expires at %v, want 30 minutes after %v", v.HoldExpiresAt, now)
	}
	says(t, lang, app.Pay(onlyLink(t, held), "paid", 1), "10:30", "11:10", salma[lang])
	if v := onlyVisit(t, app, phone); v.Status != "confirmed" || v.DepositState != "paid" {
		t.Errorf("after payment %+v", v)
	}
	if c := app.State(phone).Customer; c == nil || c.Name != dalia[lang] || c.Surname == "" {
		t.Errorf("customer %+v", c)
	}
}
