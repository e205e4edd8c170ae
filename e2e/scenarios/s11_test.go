package scenarios

import (
	"strings"
	"testing"
	"time"

	"frontdesk/e2e/harness"
	"frontdesk/models"
)

// S11: the customer is running late.

type s11 struct{ late, yes string }

var (
	s11Scripted = map[models.Language]s11{
		"en": {"Sorry, delayed, I'll be there in 20 minutes", "Yes please"},
		"es": {"Perdón, me retraso: estaré ahí en 20 minutos", "Sí, por favor"},
		"ar": {"عذرًا، تأخرت، سأصل خلال 20 دقيقة", "نعم من فضلك"},
	}
	s11Ordinary = map[models.Language]s11{
		"en": {"ugh stuck in traffic!! be there at 17:30", "yeah go on"},
		"es": {"buff qué atasco, llego a las 17:30, lo siento!!", "vale sí"},
		"ar": {"السلام عليكم، زحمة كثير، متأخرة نص ساعة", "ايوه"},
	}
	no        = words{"en": "no thanks", "es": "no, gracias", "ar": "لا شكرًا"}
	fiveLate  = words{"en": "I'll be 5 min late", "es": "llego 5 minutos tarde", "ar": "سأتأخر 5 دقائق"}
	justLate  = words{"en": "sorry, I'm running late", "es": "perdona, llego tarde", "ar": "آسفة، أنا متأخرة"}
	forty     = words{"en": "about 40 minutes", "es": "unos 40 minutos", "ar": "حوالي 40 دقيقة"}
	noIdea    = words{"en": "no idea really", "es": "ni idea", "ar": "لا أعرف"}
	brunos    = "+447700900205"
	lateNotes = "SELECT count(*) FROM notices WHERE event = 'visit.delay'"
	lateSaid  = "SELECT extract(epoch FROM delay_arrives_at - starts_at)::bigint / 60 FROM appointments WHERE delay_said_at IS NOT NULL"
)

func TestS11(t *testing.T) {
	t.Parallel()
	app := harness.Start(t, harness.Options{})

	t.Run("scripted", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS11(t, app.For(t), lang, s11Scripted[lang]) })
	})
	t.Run("in ordinary words", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS11(t, app.For(t), lang, s11Ordinary[lang]) })
	})
	t.Run("no at the end", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			app := app.For(t)
			phone, _ := app.Given("S11", lang)
			app.Say(phone, s11Scripted[lang].late)
			says(t, lang, app.Say(phone, no[lang]), bruno[lang])
			app.Settle()
			onlyNoted(t, app, phone, 30)
		})
	})
	t.Run("two hours ahead, five minutes", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			app := app.For(t)
			phone := givenLate(t, app, lang, "2026-10-08 15:00")
			got := app.Say(phone, fiveLate[lang])
			says(t, lang, got, "17:05", bruno[lang])
			app.Settle()
			onlyNoted(t, app, phone, 5)
		})
	})
	t.Run("no arrival time", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			app := app.For(t)
			phone := givenLate(t, app, lang, "2026-10-08 15:00")
			if asked := app.Say(phone, justLate[lang]); !strings.Contains(harness.Said(asked), "17:00") || len(asked[0].Buttons) > 0 {
				t.Errorf("asked %q", harness.Said(asked))
			}
			says(t, lang, app.Say(phone, forty[lang]), "17:40") // more than half an hour: staff decide, at any time
			says(t, lang, app.Say(phone, s11Scripted[lang].yes), bruno[lang])
			app.Settle()
			checksDelay(t, app, phone)
		})
	})
	t.Run("asked once", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			app := app.For(t)
			phone := givenLate(t, app, lang, "2026-10-08 15:00")
			app.Say(phone, justLate[lang])
			says(t, lang, app.Say(phone, noIdea[lang]), bruno[lang])
			app.Settle()
			if app.Number(lateNotes) != 1 || app.State(phone).HumanMode {
				t.Error("want a note to Bruno and no case")
			}
		})
	})
	t.Run("boundaries", func(t *testing.T) { boundariesS11(t, app) })
	t.Run("of two visits the nearest", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			app := app.For(t)
			phone := givenLate(t, app, lang, "2026-10-08 15:30")
			app.Exec(`INSERT INTO appointments (id, stylist_id, customer_id, booked_by_id, conversation_id, starts_at, ends_at, status, total_minor, currency, deposit_minor, deposit_state, terms, created_at, updated_at)
				SELECT gen_random_uuid(), s.id, a.customer_id, a.booked_by_id, a.conversation_id, '2026-10-08 18:30+02', '2026-10-08 19:10+02', 'confirmed', 2620, 'EUR', 0, 'none', a.terms, a.created_at, a.created_at
				FROM appointments a, stylists s WHERE s.code = 'omar' AND a.conversation_id IS NOT NULL`)
			got := app.Say(phone, fiveLate[lang])
			says(t, lang, got, "17:05", bruno[lang])
			silentOn(t, got, omar[lang])
		})
	})
	t.Run("hours ahead", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			app := app.For(t)
			phone := givenLate(t, app, lang, "2026-10-08 12:00") // five hours
			says(t, lang, app.Say(phone, fiveLate[lang]), "17:00")
			if app.Number(lateNotes) != 0 {
				t.Error("Bruno was told of a delay hours ahead")
			}
		})
	})
}

func playS11(t *testing.T, app *harness.App, lang models.Language, w s11) {
	t.Helper()
	phone, _ := app.Given("S11", lang)
	before := app.State(phone).Appointments[0]
	asked := app.Say(phone, w.late)
	says(t, lang, asked, "Adrian", bruno[lang], "17:30", "10")
	says(t, lang, app.Say(phone, w.yes), bruno[lang], "17:00")
	app.Settle()
	checksDelay(t, app, phone, "17:30", "30", "17:40", "Adrian")
	if got := app.Number(lateSaid); got != 30 {
		t.Errorf("%d minutes late, want 30", got)
	}
	if after := app.State(phone).Appointments[0]; after.Status != "confirmed" || after.DepositState != before.DepositState ||
		!after.StartsAt.Equal(before.StartsAt) || after.DepositMinor != before.DepositMinor {
		t.Errorf("the visit became %+v", after)
	}
	notes := app.Transcript(brunos)
	if len(notes) == 0 || notes[0].Template != "delay" || !strings.Contains(notes[0].Text, "Adrian") || !strings.Contains(notes[0].Text, "30") {
		t.Errorf("Bruno received %+v", notes)
	}
	if app.Number("SELECT count(*) FROM notices WHERE event = 'case.opened'") != 1 {
		t.Error("the people on duty were not told")
	}
	if more := app.Say(phone, "hello?"); len(more) > 0 {
		t.Errorf("in human mode it says %q", harness.Said(more))
	}
}

// checksDelay fails unless there is one case of a delay, whose summary has the facts.
func checksDelay(t *testing.T, app *harness.App, phone string, facts ...string) {
	t.Helper()
	state := app.State(phone)
	if len(state.Cases) != 1 || state.Cases[0].Reason != "delay" || !state.HumanMode {
		t.Fatalf("cases %+v, human mode %v", state.Cases, state.HumanMode)
	}
	for _, f := range facts {
		if !strings.Contains(state.Cases[0].Summary, f) {
			t.Errorf("%q is missing from the summary:\n%s", f, state.Cases[0].Summary)
		}
	}
}

// onlyNoted fails unless Bruno was told once, by so many minutes, and nobody else was asked.
func onlyNoted(t *testing.T, app *harness.App, phone string, minutes int64) {
	t.Helper()
	if n := app.Number(lateNotes); n != 1 {
		t.Errorf("%d notes to Bruno, want 1", n)
	}
	if got := app.Number(lateSaid); got != minutes {
		t.Errorf("%d minutes late, want %d", got, minutes)
	}
	if state := app.State(phone); len(state.Cases) > 0 || state.HumanMode || state.Appointments[0].Status != "confirmed" {
		t.Errorf("got %+v", state)
	}
}

// givenLate is S11 at another time of the day.
func givenLate(t *testing.T, app *harness.App, lang models.Language, now string) (phone string) {
	t.Helper()
	phone, _ = app.Given("S11", lang)
	if err := app.Control("clock", map[string]any{"now": madrid(t, now).Format(time.RFC3339)}, nil); err != nil {
		t.Fatal(err)
	}
	return phone
}

func boundariesS11(t *testing.T, app *harness.App) {
	t.Helper()
	for name, c := range map[string]struct {
		now, says string
		asks      bool
	}{
		"61 minutes before, half an hour": {"2026-10-08 15:59", "I'll be 30 minutes late", false},
		"61 minutes before, 31 minutes":   {"2026-10-08 15:59", "I'll be 31 minutes late", true},
		"60 minutes before, five minutes": {"2026-10-08 16:00", "I'll be 5 minutes late", true},
		"an hour after the start":         {"2026-10-08 18:00", "sorry, delayed, there in 5 minutes", true},
	} {
		t.Run(name, func(t *testing.T) {
			app := app.For(t)
			phone := givenLate(t, app, "en", c.now)
			got := app.Say(phone, c.says)
			if asks := len(got) == 1 && len(got[0].Buttons) == 2; asks != c.asks {
				t.Errorf("asks whether to check: %v, want %v:\n%s", asks, c.asks, harness.Said(got))
			}
			if app.Number(lateNotes) != 1 {
				t.Error("Bruno was not told")
			}
		})
	}
	t.Run("more than an hour after the start", func(t *testing.T) {
		app := app.For(t)
		phone := givenLate(t, app, "en", "2026-10-08 18:01")
		app.Say(phone, "sorry, delayed, there in 5 minutes")
		if app.Number(lateNotes) != 0 {
			t.Error("a visit that is long over was found")
		}
	})
}
