package scenarios

import (
	"strings"
	"testing"
	"time"

	"frontdesk/e2e/harness"
	"frontdesk/models"
)

// S10: three services in a row.

type s10 struct{ ask, yes string }

var (
	s10Scripted = map[models.Language]s10{
		"en": {"Rich clay mask, deep moisture and long-hair styling on Friday morning, possible?", "Yes, perfect"},
		"es": {"Arcilla intensiva, hidratación profunda y peinado largo el viernes por la mañana, ¿se puede?", "Sí, perfecto"},
		"ar": {"قناع الطين الغني وترطيب عميق وتصفيف شعر طويل صباح الجمعة، ممكن؟", "نعم، ممتاز"},
	}
	s10Ordinary = map[models.Language]s10{
		"en": {"hey could u do me the rich clay mask + deep moisture + long hair styling this fri before noon?", "brilliant book it"},
		"es": {"buenas! me hariais la arcilla intensiva, la hidratacion profunda y un peinado largo este viernes x la mañana?", "genial resérvamelo"},
		"ar": {"السلام عليكم ابي قناع الطين الغني مع ترطيب عميق وتصفيف الشعر الطويل يوم الجمعه الصبح", "اي تمام احجزيه"},
	}
)

func TestS10(t *testing.T) {
	t.Parallel()
	app := harness.Start(t, harness.Options{})

	t.Run("scripted", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS10(t, app, lang, s10Scripted[lang], false) })
	})
	t.Run("in ordinary words", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS10(t, app, lang, s10Ordinary[lang], false) })
	})
	t.Run("by taps", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS10(t, app, lang, s10Scripted[lang], true) })
	})
	t.Run("a window of 100 minutes is no window", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			phone, _ := app.Given("S10", lang)
			blockDana(t, app, "2026-10-09 11:40", "2026-10-09 12:00")
			got := app.Say(phone, s10Scripted[lang].ask)
			says(t, lang, got, "110", "90.50")
			silentOn(t, got, words{"en": "Fri 9", "es": "vie. 9", "ar": "الجمعة 9 أكتوبر، 1"}[lang])
			if n := len(app.State(phone).Appointments); n != 0 {
				t.Errorf("%d appointments", n)
			}
		})
	})
	t.Run("nothing ends after closing", func(t *testing.T) {
		phone, _ := app.Given("S10", "en")
		got := app.Say(phone, "rich clay mask, deep moisture and long-hair styling on Saturday, as late as you can")
		for range 8 { // all the salon has on Saturday, which closes at 14:00
			for at := range times(got) {
				if at > "12:00" {
					t.Errorf("%s ends after closing:\n%s", at, harness.Said(got))
				}
			}
			got = app.Say(phone, "anything later on Saturday?")
			if !strings.Contains(harness.Said(got), "10 Oct") {
				break
			}
		}
	})
}

func blockDana(t *testing.T, app *harness.App, from, to string) {
	t.Helper()
	app.Exec(`INSERT INTO time_blocks (id, stylist_id, starts_at, ends_at, kind, reason, created_at)
		SELECT gen_random_uuid(), id, $1, $2, 'busy', '{}', now() FROM stylists WHERE code = 'dana'`, madrid(t, from), madrid(t, to))
}

func playS10(t *testing.T, app *harness.App, lang models.Language, w s10, tap bool) {
	phone, now := app.Given("S10", lang)
	offer := app.Say(phone, w.ask)
	says(t, lang, offer, "Paula", "40", "48.00", "25", "20.00", "45", "22.50", "110", "90.50", dana[lang])
	onlyTimes(t, offer, "10:00", "11:50")
	silentOn(t, offer, "/privacy")

	var held []harness.Reply
	if tap {
		only := choice(t, offer)
		held = app.Tap(phone, only, only.Buttons[0].Title)
	} else {
		held = app.Say(phone, w.yes)
	}
	says(t, lang, held, "18.10", "90.50", "30")
	link := onlyLink(t, held)
	v := onlyVisit(t, app, phone)
	if v.Status != "provisional" || v.Stylist != "Dana" || v.TotalMinor != 9050 || v.DepositMinor != 1810 ||
		!v.StartsAt.Equal(madrid(t, "2026-10-09 10:00")) || !v.EndsAt.Equal(madrid(t, "2026-10-09 11:50")) {
		t.Errorf("held %+v", v)
	}
	if v.HoldExpiresAt == nil || v.HoldExpiresAt.Sub(now) != 30*time.Minute {
		t.Errorf("hold expires at %v, want 30 minutes after %v", v.HoldExpiresAt, now)
	}

	confirmed := app.Pay(link, "paid", 2)
	says(t, lang, confirmed, "10:00", "11:50", dana[lang], "110", "18.10", "72.40")
	if len(confirmed) != 1 {
		t.Errorf("%d messages after two copies of the payment event, want 1", len(confirmed))
	}
	v = onlyVisit(t, app, phone)
	if v.Status != "confirmed" || v.DepositState != "paid" || strings.Join(v.Services, " ") != "CLAY_RICH MOISTURE STYLE_LONG" {
		t.Errorf("after payment %+v", v)
	}
	app.Settle()
	if got := app.Number("SELECT total_spent_minor FROM customers WHERE phone = $1", phone); got != 9050 {
		t.Errorf("total spent %d, want 9050", got)
	}
	if notices := app.Received(danasPhone); len(notices) != 1 || !strings.Contains(notices[0], "10:00") {
		t.Errorf("Dana's notices: %q, want one", notices)
	}
}
