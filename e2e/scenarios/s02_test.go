package scenarios

import (
	"strings"
	"testing"
	"time"

	"frontdesk/e2e/harness"
	"frontdesk/models"
)

// S02: a returning customer moves a visit, with the same stylist.

const omarsPhone = "+447700900204"

type s02 struct{ ask, choose string }

var (
	s02Scripted = map[models.Language]s02{
		"en": {"Can I move my Tuesday morning visit with Omar to the afternoon?", "17:00 suits me better"},
		"es": {"¿Puedo pasar mi visita del martes con Omar a la tarde?", "Me viene bien a las 17:00"},
		"ar": {"هل يمكن نقل موعدي مع عمر يوم الثلاثاء إلى بعد الظهر؟", "الساعة 17:00 أنسب لي"},
	}
	s02AtFive = words{
		"en": "please move my visit to Tuesday at 5pm", "es": "pasa mi cita al martes a las 5 de la tarde, por favor", "ar": "انقلوا موعدي إلى الثلاثاء الساعة 5 مساءً من فضلكم",
	}
	s02Ordinary = map[models.Language]s02{
		"en": {"hiya, could you push my appt with omar on tues to later that day, like in the afternoon?", "the second please"},
		"es": {"hola! me cambias la cita del martes con omar para la tarde? esque por la mañana trabajo", "mejor la de las 5"},
		"ar": {"مرحبا ممكن تغيير موعد الثلاثاء مع عمر للعصر؟", "الثاني"},
	}
)

func TestS02(t *testing.T) {
	t.Parallel()
	app := harness.Start(t, harness.Options{})

	t.Run("scripted", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			playS02(t, app.For(t), lang, s02Scripted[lang])
			freedS02(t, app.For(t), lang)
		})
	})
	t.Run("in ordinary words", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS02(t, app.For(t), lang, s02Ordinary[lang]) })
	})
	t.Run("several visits", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS02Which(t, app.For(t), lang) })
	})
	t.Run("the afternoon is full", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS02Full(t, app.For(t), lang) })
	})
	t.Run("too close", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			app := app.For(t)
			phone, now := app.Given("S02", lang)
			app.Advance(madrid(t, "2026-10-13 05:00").Sub(now))
			says(t, lang, app.Say(phone, moveIt[lang]), "10:00", omar[lang])
			state := app.State(phone)
			if len(state.Cases) != 1 || state.Cases[0].Reason != "late_cancellation" || !strings.Contains(state.Cases[0].Summary, "5.24") {
				t.Errorf("cases: %+v", state.Cases)
			}
			if v := ahead(t, app, phone); v.Status != "confirmed" || !v.StartsAt.Equal(madrid(t, "2026-10-13 10:00")) {
				t.Errorf("touched: %+v", v)
			}
		})
	})
	t.Run("a time in their own words needs a yes", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			app := app.For(t)
			phone, _ := app.Given("S02", lang)
			says(t, lang, app.Say(phone, s02AtFive[lang]), "17:00", omar[lang])
			if v := ahead(t, app, phone); !v.StartsAt.Equal(madrid(t, "2026-10-13 10:00")) {
				t.Fatalf("moved without a yes: %+v", v)
			}
			says(t, lang, app.Say(phone, sayYes[lang]), "17:00", "10:00", "5.24")
			if v := ahead(t, app, phone); !v.StartsAt.Equal(madrid(t, "2026-10-13 17:00")) {
				t.Errorf("not moved: %+v", v)
			}
		})
	})
	t.Run("somebody takes the time first", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS02Lost(t, app.For(t), lang) })
	})
}

// ahead is the customer's one visit to come.
func ahead(t *testing.T, app *harness.App, phone string) harness.Visit {
	t.Helper()
	var found []harness.Visit
	for _, v := range app.State(phone).Appointments {
		if v.Status == "confirmed" || v.Status == "reschedule_pending" {
			found = append(found, v)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d visits to come, want 1: %+v", len(found), found)
	}
	return found[0]
}

func playS02(t *testing.T, app *harness.App, lang models.Language, w s02) {
	phone, _ := app.Given("S02", lang)
	before := ahead(t, app, phone)
	options := app.Say(phone, w.ask)
	says(t, lang, options, omar[lang], "10:00")
	onlyTimes(t, options, "10:00", "16:00", "17:00")
	silentOn(t, options, "/privacy", salma[lang], dana[lang], bruno[lang])

	moved := app.Say(phone, w.choose)
	says(t, lang, moved, "17:00", "10:00", omar[lang], "5.24")
	v := ahead(t, app, phone)
	if v.ID != before.ID || v.Status != "confirmed" || v.DepositState != "paid" || v.DepositMinor != 524 || v.Stylist != "Omar" ||
		!v.StartsAt.Equal(madrid(t, "2026-10-13 17:00")) || !v.EndsAt.Equal(madrid(t, "2026-10-13 17:40")) {
		t.Errorf("after the move: %+v", v)
	}
	app.Settle()
	if link := harness.Link(append(options, moved...)); link != "" || app.Number("SELECT count(*) FROM payments WHERE appointment_id = $1", v.ID) != 1 {
		t.Errorf("a link or another payment: %q", link)
	}
	if n := app.Number("SELECT count(*) FROM appointment_events WHERE appointment_id = $1 AND reason = 'visit.rescheduled'", v.ID); n != 1 {
		t.Errorf("%d moves in the history", n)
	}
	if notices := app.Received(omarsPhone); len(notices) != 1 || !strings.Contains(notices[0], "17:00") {
		t.Errorf("Omar received %q", notices)
	}
}

// freedS02: the time that the visit left is anybody's.
func freedS02(t *testing.T, app *harness.App, lang models.Language) {
	t.Helper()
	const nora = "+447700900177"
	app.Exec(`INSERT INTO customers (id, name, surname, phone, language, created_at, updated_at)
		VALUES (gen_random_uuid(), 'Nora', 'Blanco', $1, $2, now(), now())`, nora, lang)
	offer := app.Say(nora, words{
		"en": "A haircut with Omar on Tuesday at 10:00 please", "es": "Un corte de pelo con Omar el martes a las 10:00, por favor", "ar": "قص شعر مع عمر يوم الثلاثاء الساعة 10:00 من فضلك",
	}[lang])
	says(t, lang, offer, "10:00", omar[lang])
	onlyLink(t, app.Say(nora, sayYes[lang]))
	if v := onlyVisit(t, app, nora); v.Stylist != "Omar" || !v.StartsAt.Equal(madrid(t, "2026-10-13 10:00")) {
		t.Errorf("held %+v, want what was left", v)
	}
}

func playS02Which(t *testing.T, app *harness.App, lang models.Language) {
	phone, _ := app.Given("S02", lang)
	withDanaToo(app)
	asked := app.Say(phone, moveIt[lang])
	says(t, lang, asked, omar[lang], dana[lang])
	if rows := asked[len(asked)-1].Rows; len(rows) != 2 {
		t.Fatalf("asked among %d visits: %+v", len(rows), asked)
	}
	says(t, lang, app.Tap(phone, asked[len(asked)-1], omar[lang]), "10:00", omar[lang])
	options := app.Say(phone, words{"en": "Tuesday afternoon", "es": "el martes por la tarde", "ar": "بعد ظهر الثلاثاء"}[lang])
	says(t, lang, options, "16:00", "17:00")
}

// withDanaToo gives whoever has a visit another one, two days later with Dana and free of charge.
func withDanaToo(app *harness.App) {
	app.Exec(`INSERT INTO appointments (id, stylist_id, customer_id, booked_by_id, conversation_id, starts_at, ends_at, status, total_minor, currency, deposit_minor, deposit_state, terms, created_at, updated_at)
		SELECT gen_random_uuid(), (SELECT id FROM stylists WHERE code = 'dana'), customer_id, booked_by_id, conversation_id, starts_at + interval '2 days', ends_at + interval '2 days',
			'confirmed', 0, 'EUR', 0, 'none', terms, now(), now() FROM appointments WHERE status = 'confirmed'`)
}

func playS02Full(t *testing.T, app *harness.App, lang models.Language) {
	phone, _ := app.Given("S02", lang)
	app.Exec(`INSERT INTO time_blocks (id, stylist_id, starts_at, ends_at, kind, reason, created_at)
		SELECT gen_random_uuid(), id, $1, $2, 'busy', '{}', now() FROM stylists WHERE code = 'omar'`,
		madrid(t, "2026-10-13 14:00"), madrid(t, "2026-10-13 20:00"))
	next := app.Say(phone, s02Scripted[lang].ask)
	says(t, lang, next, omar[lang])
	silentOn(t, next, salma[lang], dana[lang], bruno[lang])
	if n := len(times(next)); n < 2 {
		t.Errorf("no options on later dates:\n%s", harness.Said(next))
	}
	others := app.Tap(phone, next[len(next)-1], words{"en": "Another", "es": "Otr", "ar": "آخر"}[lang])
	says(t, lang, others)
	if said := harness.Said(others); !strings.Contains(said, salma[lang]) && !strings.Contains(said, dana[lang]) && !strings.Contains(said, bruno[lang]) {
		t.Errorf("nobody else is offered:\n%s", said)
	}
	if v := ahead(t, app, phone); v.Status != "confirmed" || !v.StartsAt.Equal(madrid(t, "2026-10-13 10:00")) {
		t.Errorf("touched: %+v", v)
	}
}

func playS02Lost(t *testing.T, app *harness.App, lang models.Language) {
	phone, _ := app.Given("S02", lang)
	app.Say(phone, s02Scripted[lang].ask)
	takes(app, "omar", madrid(t, "2026-10-13 17:00"))
	lost := app.Say(phone, s02Scripted[lang].choose)
	says(t, lang, lost, "17:00", "16:00", "10:00")
	if v := ahead(t, app, phone); v.Status != "confirmed" || !v.StartsAt.Equal(madrid(t, "2026-10-13 10:00")) {
		t.Errorf("the old visit is touched: %+v", v)
	}
	app.Advance(time.Minute)
	says(t, lang, app.Say(phone, sayYes[lang]), "16:00")
	if v := ahead(t, app, phone); !v.StartsAt.Equal(madrid(t, "2026-10-13 16:00")) {
		t.Errorf("after another choice: %+v", v)
	}
}
