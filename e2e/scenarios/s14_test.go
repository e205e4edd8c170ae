package scenarios

import (
	"strings"
	"testing"
	"time"

	"frontdesk/e2e/harness"
	"frontdesk/models"
)

// S14: cancelling with twelve hours' notice.

type s14 struct{ cancel, move, day, choose string }

var (
	s14Scripted = map[models.Language]s14{
		"en": {"Tomorrow is impossible for me, please drop the visit", "Move it to next week then", "Wednesday, in the morning", "10:30 with Salma"},
		"es": {"Mañana me es imposible, anulad la visita", "Entonces pásala a la semana próxima", "Miércoles, por la mañana", "10:30 con Salma"},
		"ar": {"غدًا مستحيل بالنسبة لي، ألغوا الموعد", "إذن انقلوه إلى الأسبوع القادم", "الأربعاء صباحًا", "10:30 مع سلمى"},
	}
	s14Ordinary = map[models.Language]s14{
		"en": {"hi so sorry, cant make it tomorrow, can you cancel my appointment pls", "oh ok, can we reschedule for next week", "weds before noon?", "the first one"},
		"es": {"hola, al final mañana no puedo ir, cancela mi cita porfa", "vale, mejor cambiarla para la semana que viene", "el miercoles por la mañana", "la primera"},
		"ar": {"السلام عليكم، ما أقدر أجي بكرة، ابي الغي الموعد", "طيب ممكن تغيرون الموعد للأسبوع الجاي", "الأربعاء الصبح", "الأول"},
	}
	insists = words{"en": "No, just cancel it", "es": "No, cancélala", "ar": "لا، ألغوا الموعد"}
	sayYes  = words{"en": "Yes", "es": "Sí", "ar": "نعم"}
	sayNo   = words{"en": "No", "es": "No", "ar": "لا"}
)

func TestS14(t *testing.T) {
	t.Parallel()
	app := harness.Start(t, harness.Options{})

	t.Run("scripted", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS14(t, app.For(t), lang, s14Scripted[lang]) })
	})
	t.Run("in ordinary words", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS14(t, app.For(t), lang, s14Ordinary[lang]) })
	})
	t.Run("insists on cancelling", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS14Insists(t, app.For(t), lang) })
	})
	t.Run("keeps it after all", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS14Keeps(t, app.For(t), lang) })
	})
	t.Run("never chooses", func(t *testing.T) {
		app := app.For(t)
		phone := choosingS14(t, app, "en")
		before := len(app.Received(phone))
		app.Advance(24 * time.Hour)
		v := onlyVisit(t, app, phone)
		if v.Status != "confirmed" || !v.StartsAt.Equal(madrid(t, "2026-10-09 10:00")) || v.DepositState != "paid" {
			t.Errorf("a day later: %+v", v)
		}
		if said := app.Received(phone)[before:]; len(said) != 0 {
			t.Errorf("told %q", said)
		}
	})
	t.Run("a second late move", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS14Again(t, app.For(t), lang) })
	})
	t.Run("somebody takes the time first", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS14Lost(t, app.For(t), lang) })
	})
}

func playS14Lost(t *testing.T, app *harness.App, lang models.Language) {
	phone := choosingS14(t, app, lang)
	says(t, lang, app.Say(phone, s14Scripted[lang].day), "10:30", "11:30")
	takes(app, "salma", madrid(t, "2026-10-14 10:30"))
	says(t, lang, app.Say(phone, s14Scripted[lang].choose), "10:30", "11:30", dana[lang])
	v := onlyVisit(t, app, phone)
	if v.Status != "reschedule_pending" || !v.StartsAt.Equal(madrid(t, "2026-10-09 10:00")) {
		t.Errorf("the old visit is touched: %+v", v)
	}
	says(t, lang, app.Say(phone, sayYes[lang]), "11:30", "5.24")
	if v := onlyVisit(t, app, phone); v.Status != "confirmed" || v.Stylist != "Dana" {
		t.Errorf("after another choice: %+v", v)
	}
}

// takes books forty minutes of a stylist for somebody else.
func takes(app *harness.App, stylist string, at time.Time) {
	app.Exec(`WITH somebody AS (
			INSERT INTO customers (id, name, language, created_at, updated_at) VALUES (gen_random_uuid(), 'Somebody', 'en', now(), now()) RETURNING id)
		INSERT INTO appointments (id, stylist_id, customer_id, booked_by_id, starts_at, ends_at, status, total_minor, currency, deposit_minor, deposit_state, terms, created_at, updated_at)
		SELECT gen_random_uuid(), s.id, c.id, c.id, $1, $1::timestamptz + interval '40 minutes', 'confirmed', 0, 'EUR', 0, 'none', '{}', now(), now()
		FROM stylists s, somebody c WHERE s.code = $2`, at, stylist)
}

func playS14(t *testing.T, app *harness.App, lang models.Language, w s14) {
	phone, _ := app.Given("S14", lang)
	before := onlyVisit(t, app, phone)
	kept := app.Metric("visits_moved_inside_notice")
	explained := app.Say(phone, w.cancel)
	says(t, lang, explained, "5.24", "24", salma[lang], "10:00")

	asked := app.Say(phone, w.move)
	says(t, lang, asked, tuesday[lang]) // Monday is the holiday
	silentOn(t, asked, " 12 ")
	if v := onlyVisit(t, app, phone); v.Status != "reschedule_pending" || !v.StartsAt.Equal(before.StartsAt) {
		t.Errorf("while the day is asked: %+v", v)
	}
	options := app.Say(phone, w.day)
	says(t, lang, options, salma[lang], dana[lang])
	onlyTimes(t, options, "10:30", "11:30")
	if said := harness.Said(options); strings.Index(said, "10:30") > strings.Index(said, "11:30") {
		t.Errorf("the same stylist is not first:\n%s", said)
	}
	moved := app.Say(phone, w.choose)
	says(t, lang, moved, "10:30", salma[lang], "5.24")
	if link := harness.Link(moved); link != "" {
		t.Errorf("a link was sent: %s", link)
	}
	v := onlyVisit(t, app, phone)
	if v.ID != before.ID || v.Status != "confirmed" || v.DepositState != "paid" || v.DepositMinor != 524 || v.Stylist != "Salma" ||
		!v.StartsAt.Equal(madrid(t, "2026-10-14 10:30")) || !v.EndsAt.Equal(madrid(t, "2026-10-14 11:10")) {
		t.Errorf("after the move: %+v", v)
	}
	app.Settle()
	if n := app.Number("SELECT count(*) FROM refunds") + app.Number("SELECT count(*) FROM payments") - 1; n != 0 {
		t.Errorf("%d payments or refunds too many", n)
	}
	if n := app.Number("SELECT count(*) FROM appointment_events WHERE reason = 'visit.moved_inside_notice'"); n != 1 {
		t.Errorf("%d late moves in the history", n)
	}
	if got := app.Metric("visits_moved_inside_notice") - kept; got != 1 {
		t.Errorf("the figure of kept visits rose by %v", got)
	}
	if notices := app.Received(salmasPhone); len(notices) != 1 || !strings.Contains(notices[0], "10:30") {
		t.Errorf("Salma received %q", notices)
	}
}

// choosingS14 plays until the customer is asked for the day.
func choosingS14(t *testing.T, app *harness.App, lang models.Language) string {
	t.Helper()
	phone, _ := app.Given("S14", lang)
	app.Say(phone, s14Scripted[lang].cancel)
	app.Say(phone, s14Scripted[lang].move)
	return phone
}

func playS14Insists(t *testing.T, app *harness.App, lang models.Language) {
	phone, _ := app.Given("S14", lang)
	lost := app.Metric("visits_cancelled_inside_notice")
	app.Say(phone, s14Scripted[lang].cancel)
	last := app.Say(phone, insists[lang])
	says(t, lang, last, "5.24", "10:00")
	if v := onlyVisit(t, app, phone); v.Status != "confirmed" {
		t.Fatalf("before the last answer: %+v", v)
	}
	says(t, lang, app.Say(phone, sayYes[lang]), "5.24", "10:00", salma[lang])
	if v := onlyVisit(t, app, phone); v.Status != "cancelled" || v.DepositState != "forfeited" {
		t.Errorf("after the last answer: %+v", v)
	}
	app.Settle()
	if n := app.Number("SELECT count(*) FROM refunds"); n != 0 {
		t.Errorf("%d refunds", n)
	}
	if got := app.Metric("visits_cancelled_inside_notice") - lost; got != 1 {
		t.Errorf("the figure of lost visits rose by %v", got)
	}
	if notices := app.Received(salmasPhone); len(notices) != 1 {
		t.Errorf("Salma received %q", notices)
	}
}

func playS14Keeps(t *testing.T, app *harness.App, lang models.Language) {
	phone := choosingS14(t, app, lang)
	says(t, lang, app.Say(phone, sayNo[lang]), "10:00", salma[lang])
	if v := onlyVisit(t, app, phone); v.Status != "confirmed" || !v.StartsAt.Equal(madrid(t, "2026-10-09 10:00")) {
		t.Errorf("kept: %+v", v)
	}
	app.Say(phone, s14Scripted[lang].cancel)
	app.Say(phone, insists[lang])
	says(t, lang, app.Say(phone, sayNo[lang]), "10:00")
	if v := onlyVisit(t, app, phone); v.Status != "confirmed" || v.DepositState != "paid" {
		t.Errorf("kept at the last question: %+v", v)
	}
}

func playS14Again(t *testing.T, app *harness.App, lang models.Language) {
	phone := choosingS14(t, app, lang)
	app.Say(phone, s14Scripted[lang].day)
	app.Say(phone, s14Scripted[lang].choose)
	app.Advance(madrid(t, "2026-10-13 22:00").Sub(madrid(t, "2026-10-08 22:00"))) // twelve hours before the new time
	again := app.Say(phone, s02Scripted[lang].ask)
	says(t, lang, again, "10:30", salma[lang])
	state := app.State(phone)
	if v := state.Appointments[0]; v.Status != "confirmed" || !v.StartsAt.Equal(madrid(t, "2026-10-14 10:30")) {
		t.Errorf("touched: %+v", v)
	}
	if len(state.Cases) != 1 || state.Cases[0].Reason != "late_cancellation" || !state.HumanMode {
		t.Errorf("cases %+v, human mode %v", state.Cases, state.HumanMode)
	}
}
