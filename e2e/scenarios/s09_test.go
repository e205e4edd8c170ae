package scenarios

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"frontdesk/e2e/harness"
	"frontdesk/models"
)

// S09: the reminder two days ahead.

var (
	s09Scripted = words{"en": "I'll be there, thanks", "es": "Allí estaré, gracias", "ar": "سأكون هناك، شكرًا"}
	s09Ordinary = map[models.Language][]string{
		"en": {"yep see u then", "👍", "of course, I'm coming!", "ok perfect"},
		"es": {"sí claro, nos vemos", "👍", "cuenta conmigo", "vale perfecto"},
		"ar": {"أكيد جاية", "👍", "تمام", "نعم سأحضر"},
	}
	s09Cancel = words{"en": "I need to cancel it", "es": "necesito cancelar la cita", "ar": "أريد إلغاء الموعد"}
	s09Move   = words{"en": "can I move it to another day?", "es": "¿puedo cambiar la cita a otro día?", "ar": "ممكن أغير الموعد إلى يوم آخر؟"}

	reminders = "SELECT count(*) FROM messages WHERE cause = 'visit.reminder'"
	reminded  = "SELECT count(*) FROM appointments WHERE reminder_sent_at IS NOT NULL"
	confirmed = "SELECT count(*) FROM appointments WHERE reminder_confirmed_at IS NOT NULL"
	missed    = "SELECT count(*) FROM appointments WHERE reminder_missed_at IS NOT NULL"
)

func TestS09(t *testing.T) {
	t.Parallel()
	app := harness.Start(t, harness.Options{})

	t.Run("scripted", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS09(t, app.For(t), lang, s09Scripted[lang]) })
	})
	t.Run("in ordinary words", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			for _, yes := range s09Ordinary[lang] {
				app := app.For(t)
				phone := remindedS09(t, app, lang)
				says(t, lang, app.Say(phone, yes), "16:00")
				if app.Number(confirmed) != 1 {
					t.Errorf("%q does not confirm", yes)
				}
			}
		})
	})
	t.Run("window", func(t *testing.T) { windowS09(t, app) })
	t.Run("of two processes one sends", func(t *testing.T) {
		app := app.For(t)
		second := app.Another(harness.Options{})
		defer second.Stop()
		phone := remindedS09(t, app, "en")
		app.Advance(0)
		app.Advance(time.Minute)
		if n := app.Number(reminders); n != 1 || len(app.Received(phone)) != 1 {
			t.Errorf("%d reminders", n)
		}
	})
	t.Run("not delivered", func(t *testing.T) { failedS09(t, app.For(t)) })
	t.Run("in human mode it still goes", func(t *testing.T) {
		app := app.For(t)
		phone := heldS09(t, app, "en", func(string) {
			app.Exec("UPDATE conversations SET human_until = '2026-10-07 10:00+02'")
		})
		app.Advance(0)
		if got := app.Received(phone); len(got) != 1 {
			t.Errorf("received %q", got)
		}
		if got := app.Say(phone, s09Scripted["en"]); len(got) > 0 {
			t.Errorf("said %q", harness.Said(got))
		}
	})
	t.Run("for somebody without a phone, to who booked", func(t *testing.T) {
		app := app.For(t)
		phone := heldS09(t, app, "en", func(string) {
			app.Exec("INSERT INTO customers (id, name, language, created_at, updated_at) VALUES ('018f0000-0000-7000-8000-000000000001', 'Rana', 'en', now(), now())")
			app.Exec("UPDATE appointments SET customer_id = '018f0000-0000-7000-8000-000000000001', for_name = 'Rana', conversation_id = NULL")
		})
		app.Advance(0)
		got := app.Received(phone)
		if len(got) != 1 || !strings.Contains(got[0], "Tamara") || !strings.Contains(got[0], "Rana") {
			t.Errorf("received %q", got)
		}
	})
	t.Run("moved, it is reminded of anew", func(t *testing.T) {
		app := app.For(t)
		phone := remindedS09(t, app, "en")
		visit := app.State(phone).Appointments[0]
		form := url.Values{"version": {"2"}, "day": {"2026-10-14"}, "time": {"16:00"}, "stylist": {"iris"}, "reason": {"customer_asked"}}
		if status, body := app.Desk("PM").Post("/console/diary/visits/"+visit.ID+"/move", form); status != 200 {
			t.Fatalf("moving: %d %.500s", status, body)
		}
		if app.Number(reminded) != 0 {
			t.Error("the moved visit counts as reminded of")
		}
		app.Advance(143 * time.Hour) // Monday 15:00, 49 hours before
		before := len(app.Received(phone))
		app.Advance(time.Hour)
		got := app.Received(phone)
		if len(got) != before+1 || !strings.Contains(got[len(got)-1], "14") {
			t.Errorf("received %q", got[before:])
		}
	})
	t.Run("cancel and move are about that visit", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			cancelS09(t, app.For(t), lang)
			cancelLateS09(t, app.For(t), lang)
			moveS09(t, app.For(t), lang)
		})
	})
	t.Run("another day than agreed", func(t *testing.T) {
		app := app.For(t)
		phone := remindedS09(t, app, "en")
		says(t, "en", app.Say(phone, "great, I'll be there on Friday"), "Thu")
		if app.Number(confirmed) != 0 {
			t.Error("a visit on Thursday is confirmed by who comes on Friday")
		}
		says(t, "en", app.Say(phone, "oh yes, Thursday, I'll be there"), "16:00")
		if app.Number(confirmed) != 1 {
			t.Error("not confirmed")
		}
	})
}

// cancelS09 answers the reminder two days ahead: the deposit goes back, after a yes.
func cancelS09(t *testing.T, app *harness.App, lang models.Language) {
	t.Helper()
	phone := remindedS09(t, app, lang)
	asked := app.Say(phone, s09Cancel[lang])
	says(t, lang, asked, "8.14", "16:00", iris[lang])
	silentOn(t, asked, "24")
	if v := onlyVisit(t, app, phone); v.Status != "confirmed" {
		t.Fatalf("cancelled without a yes: %+v", v)
	}
	says(t, lang, app.Say(phone, sayYes[lang]), "8.14")
	app.Settle()
	if v := onlyVisit(t, app, phone); v.Status != "cancelled" || v.DepositState != "refunded" || app.Number(confirmed) != 0 {
		t.Errorf("cancelled in answer to the reminder: %+v", v)
	}
}

// cancelLateS09 answers it 23 hours before the visit: the deposit would be kept, so moving comes first (S14).
func cancelLateS09(t *testing.T, app *harness.App, lang models.Language) {
	t.Helper()
	phone := remindedS09(t, app, lang)
	setClock(t, app, madrid(t, "2026-10-07 17:00"))
	says(t, lang, app.Say(phone, s09Cancel[lang]), "8.14", "24", "16:00", iris[lang])
	app.Say(phone, insists[lang])
	says(t, lang, app.Say(phone, sayYes[lang]), "8.14")
	app.Settle()
	if v := onlyVisit(t, app, phone); v.Status != "cancelled" || v.DepositState != "forfeited" || app.Number("SELECT count(*) FROM refunds") != 0 {
		t.Errorf("cancelled 23 hours before: %+v", v)
	}
}

// moveS09 answers it with the wish for another day: it is asked for and Iris is offered (S02).
func moveS09(t *testing.T, app *harness.App, lang models.Language) {
	t.Helper()
	phone := remindedS09(t, app, lang)
	says(t, lang, app.Say(phone, s09Move[lang]), "16:00", iris[lang])
	options := app.Say(phone, words{"en": "Friday afternoon", "es": "el viernes por la tarde", "ar": "الجمعة بعد الظهر"}[lang])
	says(t, lang, options, iris[lang])
	at := choice(t, options).Buttons[0].Title
	says(t, lang, app.Tap(phone, choice(t, options), at), iris[lang], "8.14")
	v := onlyVisit(t, app, phone)
	if v.Status != "confirmed" || v.DepositState != "paid" || v.Stylist != "Iris" || !v.StartsAt.After(madrid(t, "2026-10-09 13:00")) {
		t.Errorf("moved in answer to the reminder: %+v", v)
	}
}

// remindedS09 gives the scene and lets the worker run: the customer has the reminder.
func remindedS09(t *testing.T, app *harness.App, lang models.Language) (phone string) {
	t.Helper()
	phone, _ = app.Given("S09", lang)
	app.Advance(0)
	if got := app.Received(phone); len(got) != 1 {
		t.Fatalf("received %q, want one reminder", got)
	}
	return phone
}

func playS09(t *testing.T, app *harness.App, lang models.Language, yes string) {
	t.Helper()
	counted := counter(t, app, "confirmed")
	phone := remindedS09(t, app, lang)
	before := app.State(phone).Appointments[0]
	got := app.Transcript(phone)
	says(t, lang, got, "Tamara", "16:00", iris[lang], "90", "8.14", "24")
	if got[0].Template != "reminder_48h" || got[0].Lang != lang {
		t.Errorf("sent %q in %q, want the template: the window is closed", got[0].Template, got[0].Lang)
	}
	if app.Number("SELECT count(*) FROM appointments a JOIN messages m ON m.cause = 'visit.reminder' AND m.created_at = a.reminder_sent_at") != 1 {
		t.Error("the mark and the message are not of one moment")
	}
	app.Advance(0)
	if n := app.Number(reminders); n != 1 {
		t.Errorf("%d reminders after the second run", n)
	}
	says(t, lang, app.Say(phone, yes), "16:00")
	if app.Number(confirmed) != 1 {
		t.Error("not confirmed")
	}
	if after := app.State(phone).Appointments[0]; fmt.Sprint(after) != fmt.Sprint(before) {
		t.Errorf("the visit became %+v", after)
	}
	if now := counter(t, app, "confirmed"); now != counted+1 {
		t.Errorf("%d confirmed reminders were counted, want one more than %d", now, counted)
	}
}

// counter is how many reminders of an outcome the app has counted.
func counter(t *testing.T, app *harness.App, outcome string) (n int) {
	t.Helper()
	status, body := app.Desk("PM").Get("/metrics")
	found := regexp.MustCompile(`(?m)^reminders\{outcome="` + outcome + `"\} (\d+)`).FindStringSubmatch(body)
	if status != 200 {
		t.Fatalf("metrics: %d", status)
	}
	if found != nil {
		if _, err := fmt.Sscan(found[1], &n); err != nil {
			t.Fatal(err)
		}
	}
	return n
}

// windowS09 holds the reminder against its window: how long before the visit it is, when the visit was
// booked, and what state it is in.
func windowS09(t *testing.T, app *harness.App) {
	t.Helper()
	for name, c := range map[string]struct {
		before       time.Duration
		change       string
		sent, missed int64
	}{
		"48 h 31":     {48*time.Hour + 31*time.Minute, "", 0, 0},
		"48 h 29":     {48*time.Hour + 29*time.Minute, "", 1, 0},
		"47 h 31":     {47*time.Hour + 31*time.Minute, "", 1, 0},
		"45 h, late":  {45 * time.Hour, "", 1, 0},
		"24 h":        {24 * time.Hour, "", 1, 0},
		"23 h 59":     {24*time.Hour - time.Minute, "", 0, 1},
		"over":        {-time.Minute, "", 0, 0},
		"booked late": {47 * time.Hour, "created_at = starts_at - interval '47 hours 59 minutes'", 0, 0},
		"just early":  {47 * time.Hour, "created_at = starts_at - interval '48 hours'", 1, 0},
		"cancelled":   {47 * time.Hour, "status = 'cancelled'", 0, 0},
		"provisional": {47 * time.Hour, "status = 'provisional', hold_expires_at = starts_at", 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			app := app.For(t)
			at := madrid(t, "2026-10-08 16:00").Add(-c.before)
			phone := heldS09(t, app, "en", func(string) {
				if c.change != "" {
					app.Exec("UPDATE appointments SET " + c.change)
				}
				setClock(t, app, at)
			})
			setClock(t, app, at)
			if sent, missed := app.Number(reminded), app.Number(missed); sent != c.sent || missed != c.missed {
				t.Errorf("sent %d, missed %d, want %d and %d", sent, missed, c.sent, c.missed)
			}
			app.Settle()
			if got := len(app.Received(phone)); int64(got) != c.sent {
				t.Errorf("received %d messages", got)
			}
			if n := app.Number("SELECT count(*) FROM notices WHERE event = 'reminder.missed' AND stylist_id IS NULL"); n != c.missed {
				t.Errorf("%d alerts", n)
			}
		})
	}
}

func setClock(t *testing.T, app *harness.App, at time.Time) {
	t.Helper()
	if err := app.Control("clock", map[string]any{"now": at.Format(time.RFC3339)}, nil); err != nil {
		t.Fatal(err)
	}
}

// heldS09 gives the scene and changes it. A sweep may come at any moment: until all is as the case wants
// it, reminders go a day before.
func heldS09(t *testing.T, app *harness.App, lang models.Language, change func(phone string)) (phone string) {
	t.Helper()
	app.Exec(`INSERT INTO settings (key, value, updated_at, updated_by) VALUES ('reminder.hours', '24', now(), 'test')
		ON CONFLICT (key) DO UPDATE SET value = '24'`)
	phone, _ = app.Given("S09", lang)
	change(phone)
	app.Exec("DELETE FROM settings WHERE key = 'reminder.hours'")
	return phone
}

// failedS09: a phone that cannot be reached fails twice, and another customer's reminder goes all the same.
func failedS09(t *testing.T, app *harness.App) {
	t.Helper()
	const unreachable = "+447700900999"
	phone := heldS09(t, app, "en", func(phone string) {
		app.Exec("UPDATE customers SET phone = $1", unreachable)
		app.Exec("UPDATE contacts SET address = $1", unreachable)
		app.Exec(`WITH other AS (INSERT INTO customers (id, name, phone, language, created_at, updated_at) VALUES (gen_random_uuid(), 'Mona', $1, 'es', now(), now()) RETURNING id)
			INSERT INTO appointments (id, stylist_id, customer_id, booked_by_id, starts_at, ends_at, status, total_minor, currency, deposit_minor, deposit_state, terms, created_at, updated_at)
			SELECT gen_random_uuid(), s.id, other.id, other.id, a.starts_at, a.ends_at, 'confirmed', 0, 'EUR', 0, 'none', a.terms, a.created_at, a.created_at
			FROM appointments a, stylists s, other WHERE s.code = 'dana'`, phone)
		app.Exec(`INSERT INTO appointment_lines (id, appointment_id, service_id, position, minutes, price_minor)
			SELECT gen_random_uuid(), a.id, s.id, 0, s.minutes, s.price_minor FROM appointments a, services s
			WHERE s.code = 'FACIAL' AND a.total_minor = 0`)
	})
	app.Advance(0)
	app.Settle()
	harness.Until(t, "the reminder has failed twice", func() bool {
		return app.Number("SELECT count(*) FROM appointments WHERE reminder_failed_at IS NOT NULL") == 1
	})
	if n := app.Number("SELECT count(*) FROM messages WHERE cause = 'visit.reminder' AND status = 'failed'"); n != 2 {
		t.Errorf("%d tries, want 2", n)
	}
	if n := app.Number("SELECT count(*) FROM notices WHERE event = 'message.failed'"); n != 1 {
		t.Errorf("%d alerts, want 1", n)
	}
	if got := app.Transcript(phone); len(got) != 1 || got[0].Lang != "es" || !strings.Contains(got[0].Text, "Mona") {
		t.Errorf("the other customer received %+v", got)
	}
}
