package scenarios

import (
	"strings"
	"testing"
	"time"

	"frontdesk/e2e/harness"
	"frontdesk/models"
)

// S13: a price question turned into a booking.

type s13 struct{ ask, yes, day, time, surname string }

var (
	s13Scripted = map[models.Language]s13{
		"en": {"Prices for eyebrow shaping and a manicure, please", "Yes", "Fine, anything on Thursday?", "10:00", "Ferrer"},
		"es": {"¿Qué precio tienen las cejas y la manicura?", "Sí", "Vale, ¿algo libre el jueves?", "10:00", "Ferrer"},
		"ar": {"ما أسعار تحديد الحواجب والمانيكير؟", "نعم", "حسنًا، هل يوجد موعد الخميس؟", "10:00", "فيرير"},
	}
	s13Ordinary = map[models.Language]s13{
		"en": {"hiya how much for brows n a gel manicure?", "ya thats me", "ok cool have u got thursday", "10 is good", "ferrer"},
		"es": {"wenas cuanto cuestan las cejas y la manicura en gel?", "sip", "ok pues el jueves hay algo?", "a las 10", "ferrer"},
		"ar": {"بكم الحواجب والمناكير لو سمحتي", "ايه انا", "طيب فيه شي الخميس؟", "١٠", "فيرير"},
	}
	// A wish that mixes the categories, and the ways out of it.
	s13Mix   = words{"en": "how much are a haircut and eyebrow shaping on friday?", "es": "¿cuánto valen un corte y las cejas el viernes?", "ar": "بكم قص الشعر وتحديد الحواجب يوم الجمعة؟"}
	s13Split = words{"en": "then make it two bookings please", "es": "pues hazme dos reservas", "ar": "خلاص خليها موعدين"}
	s13First = words{"en": "first available", "es": "lo primero que haya", "ar": "أول موعد متاح"}
	s13One   = words{"en": "the first one", "es": "la primera", "ar": "الأول"}
	s13Cheek = words{"en": "how much is the first one?", "es": "¿cuánto cuesta la primera?", "ar": "كم سعر الأول؟"}
)

func TestS13(t *testing.T) {
	t.Parallel()
	app := harness.Start(t, harness.Options{})

	t.Run("scripted", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS13(t, app, lang, s13Scripted[lang]) })
	})
	t.Run("in ordinary words", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS13(t, app, lang, s13Ordinary[lang]) })
	})
	t.Run("hair and beauty in two bookings", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS13Split(t, app, lang) })
	})
	t.Run("one category by a tap", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			phone, _ := app.Given("S13", lang)
			app.Say(phone, s13Mix[lang])
			refused := choice(t, app.Say(phone, s13Scripted[lang].yes))
			got := app.Tap(phone, refused, words{"en": "Only beauty", "es": "Solo estética", "ar": "التجميل فقط"}[lang])
			says(t, lang, got, dana[lang], iris[lang])
			silentOn(t, got, salma[lang], "26.20")
		})
	})
}

func playS13(t *testing.T, app *harness.App, lang models.Language, w s13) {
	phone, _ := app.Given("S13", lang)
	says(t, lang, app.Say(phone, w.ask), "Olivia", "/privacy")

	priced := app.Say(phone, w.yes)
	says(t, lang, priced, "7.00", "15", "40.70", "90", "105", "47.70")
	if n := len(times(priced)); n != 0 {
		t.Errorf("times before a day was named:\n%s", harness.Said(priced))
	}

	options := app.Say(phone, w.day)
	says(t, lang, options, iris[lang])
	onlyTimes(t, options, "10:00", "15:30")
	silentOn(t, options, dana[lang])

	says(t, lang, app.Say(phone, s13Cheek[lang]), "47.70")
	if s := app.State(phone); len(s.Appointments) != 0 {
		t.Errorf("a price question booked %+v", s.Appointments)
	}

	app.Say(phone, w.time)
	held := app.Say(phone, w.surname)
	says(t, lang, held, "9.54", "47.70", "30")
	link := onlyLink(t, held)
	v := onlyVisit(t, app, phone)
	if v.Status != "provisional" || v.Stylist != "Iris" || v.DepositMinor != 954 || v.HoldExpiresAt == nil ||
		!v.StartsAt.Equal(madrid(t, "2026-10-08 10:00")) || !v.EndsAt.Equal(madrid(t, "2026-10-08 11:45")) {
		t.Errorf("held %+v", v)
	}

	says(t, lang, app.Pay(link, "paid", 1), "10:00", "11:45", iris[lang], "105", "9.54", "38.16")
	v = onlyVisit(t, app, phone)
	if v.Status != "confirmed" || v.DepositState != "paid" || strings.Join(v.Services, " ") != "BROWS GEL_MANI" || v.TotalMinor != 4770 {
		t.Errorf("after payment %+v", v)
	}
	if c := app.State(phone).Customer; c == nil || c.Name != "Olivia" || c.Surname == "" {
		t.Errorf("customer %+v", c)
	}
}

// playS13Split books hair first and beauty when that is done, on the same day, with nothing asked again.
func playS13Split(t *testing.T, app *harness.App, lang models.Language) {
	phone, _ := app.Given("S13", lang)
	app.Say(phone, s13Mix[lang])
	refused := app.Say(phone, s13Scripted[lang].yes)
	says(t, lang, refused, "26.20", "40", "7.00", "15")
	silentOn(t, refused, "33.20")
	if n := len(choice(t, refused).Buttons); n != 3 {
		t.Errorf("%d ways out, want two bookings or either category:\n%s", n, harness.Said(refused))
	}

	app.Say(phone, s13Split[lang])
	app.Say(phone, s13First[lang])
	says(t, lang, app.Say(phone, s13One[lang]))
	held := app.Say(phone, s13Scripted[lang].surname)
	says(t, lang, held, "5.24")
	next := app.Pay(onlyLink(t, held), "paid", 2)
	says(t, lang, next, "20.96", words{"en": "Eyebrow shaping", "es": "Diseño de cejas", "ar": "تحديد الحواجب"}[lang])
	silentOn(t, next, "/privacy")

	options := choice(t, next)
	second := app.Tap(phone, options, options.Buttons[0].Title)
	says(t, lang, second, "1.40")
	app.Pay(onlyLink(t, second), "paid", 1)
	all := app.State(phone).Appointments
	if len(all) != 2 {
		t.Fatalf("%d appointments, want two: %+v", len(all), all)
	}
	if all[0].StartsAt.After(all[1].StartsAt) {
		all[0], all[1] = all[1], all[0]
	}
	cut, brows := all[0], all[1]
	if cut.Status != "confirmed" || brows.Status != "confirmed" || cut.Services[0] != "CUT" || brows.Services[0] != "BROWS" {
		t.Errorf("booked %+v", all)
	}
	if gap := brows.StartsAt.Sub(cut.EndsAt); gap < 0 || gap > time.Hour {
		t.Errorf("the second begins %v after the first", gap)
	}
}
