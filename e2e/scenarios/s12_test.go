package scenarios

import (
	"testing"
	"time"

	"frontdesk/e2e/harness"
	"frontdesk/models"
)

// S12: booking for someone else.

type s12 struct{ ask, name, time string }

var (
	s12Scripted = map[models.Language]s12{
		"en": {"A revitalising facial for my mother on Monday", "Samira Nasser", "11:00"},
		"es": {"Un facial revitalizante para mi madre el lunes", "Samira Nasser", "11:00"},
		"ar": {"علاج للوجه لوالدتي يوم الاثنين", "سميرة ناصر", "11:00"},
	}
	s12Ordinary = map[models.Language]s12{
		"en": {"hey can u book a facial for my mum this monday pls", "she's called Samira Nasser", "the first one"},
		"es": {"holaa quería un facial para mi mamá este lunes", "se llama Samira Nasser", "la primera"},
		"ar": {"السلام عليكم ابغى احجز فيشل لامي يوم الاثنين", "اسمها سميرة ناصر", "الأول"},
	}
	samira = words{"en": "Samira Nasser", "es": "Samira Nasser", "ar": "سميرة ناصر"}
)

func TestS12(t *testing.T) {
	t.Parallel()
	app := harness.Start(t, harness.Options{})

	t.Run("scripted", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS12(t, app, lang, s12Scripted[lang]) })
	})
	t.Run("in ordinary words", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS12(t, app, lang, s12Ordinary[lang]) })
	})
	t.Run("her phone", func(t *testing.T) { phoneS12(t, app) })
}

func playS12(t *testing.T, app *harness.App, lang models.Language, w s12) {
	phone, now := app.Given("S12", lang)
	asked := app.Say(phone, w.ask)
	says(t, lang, asked, words{"en": "Karim", "es": "Karim", "ar": "Karim"}[lang])
	silentOn(t, asked, "/privacy", "11:00")
	offer := app.Say(phone, w.name)
	says(t, lang, offer, iris[lang], "57.50", "60")
	onlyTimes(t, offer, "11:00", "16:00")
	held := app.Say(phone, w.time)
	says(t, lang, held, samira[lang], "11.50", "30")
	link := onlyLink(t, held)
	v := onlyVisit(t, app, phone)
	if v.Status != "provisional" || v.ForName != samira[lang] || v.Stylist != "Iris" || v.GroupID != "" || v.DepositMinor != 1150 ||
		!v.StartsAt.Equal(madrid(t, "2026-10-19 11:00")) || v.HoldExpiresAt == nil || v.HoldExpiresAt.Sub(now) != 30*time.Minute {
		t.Errorf("held %+v", v)
	}
	confirmed := app.Pay(link, "paid", 1)
	says(t, lang, confirmed, samira[lang], "11:00", "12:00", iris[lang], "11.50", "46.00")
	if v = onlyVisit(t, app, phone); v.Status != "confirmed" || v.DepositState != "paid" {
		t.Errorf("after payment %+v", v)
	}
	app.Settle()
	const linked = `SELECT count(*) FROM appointments a JOIN customers c ON c.id = a.customer_id JOIN customers k ON k.id = a.booked_by_id
		WHERE k.phone = $1 AND c.phone IS NULL AND c.referred_by_id = k.id AND c.relation = 'mother' AND c.total_spent_minor = 5750
		AND k.total_spent_minor = 0 AND k.preferred_stylist_id IS NULL
		AND (SELECT count(*) FROM customer_notes WHERE customer_id IN (c.id, k.id)) = 2`
	if app.Number(linked, phone) != 1 {
		t.Error("the visit is not the mother's, booked by her son, with his own profile unchanged")
	}
}

func phoneS12(t *testing.T, app *harness.App) {
	phone, _ := app.Given("S12", "en")
	w := s12Scripted["en"]
	app.Say(phone, w.ask)
	app.Say(phone, w.name)
	app.Pay(onlyLink(t, app.Say(phone, w.time)), "paid", 1)
	says(t, "en", app.Say(phone, "her number is +44 7700 900188"), "number")
	if n := app.Number("SELECT count(*) FROM customers WHERE phone = '+447700900188' AND name = 'Samira'"); n != 1 {
		t.Errorf("%d customers with the number, want Samira", n)
	}
	if n := app.Number("SELECT count(*) FROM contacts WHERE address = '+447700900188'"); n != 0 {
		t.Error("a phone that was offered is written to")
	}
}
