package scenarios

import (
	"strings"
	"testing"

	"frontdesk/e2e/harness"
	"frontdesk/internal/testkit"
	"frontdesk/models"
)

// The stylists' own calendars, outside: what stands there is never offered, visits
// stand there, and nothing waits for them.
func TestCalendarsOutside(t *testing.T) {
	t.Parallel()
	app := harness.Start(t, harness.Options{})

	t.Run("closed for all by an entry of one", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			app := app.For(t)
			phone, _ := app.Given("S18", lang)
			enters(t, app, map[string]any{"stylist": "bruno", "type": "closed", "title": "feria", "day": "2026-10-15", "free": true})
			asked := app.Say(phone, onTheDay[lang])
			says(t, lang, asked, "feria")
			silentOn(t, asked, "15 Oct, 1", "15 oct., 1", "15 أكتوبر، 1")
			says(t, lang, app.Say(phone, openThen[lang]), "feria")
		})
	})
	t.Run("busy and away are their stylist's alone", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			app := app.For(t)
			phone, _ := app.Given("S18", lang)
			enters(t, app, map[string]any{"stylist": "salma", "type": "day_off", "day": "2026-10-15"})
			enters(t, app, map[string]any{"stylist": "dana", "title": "Dr. Private", "starts_at": "2026-10-15T10:00:00+02:00", "ends_at": "2026-10-15T20:00:00+02:00"})
			app.Say(phone, onTheDay[lang])
			got := app.Say(phone, words{"en": "whoever is free", "es": "me da igual", "ar": "أي أحد"}[lang])
			says(t, lang, got, "10:00")
			silentOn(t, got, salma[lang], dana[lang], "Private")
		})
	})
	t.Run("a visit is made while they are down, and stands there later, once", func(t *testing.T) {
		app := app.For(t)
		phone, _ := app.Given("S18", "en")
		app.Fault("calendar", "down")
		app.Say(phone, "A haircut today please")
		held := app.Say(phone, "16:30")
		app.Pay(payLink(t, held), "paid", 1)
		if s := app.State(phone); len(s.Appointments) != 1 || s.Appointments[0].Status != "confirmed" {
			t.Fatalf("got %+v", s)
		}
		if got := app.Calendar("salma"); len(got) != 0 {
			t.Errorf("a calendar that is down shows %q", got)
		}
		app.Fault("calendar", "ok")
		app.Exec("UPDATE river_job SET scheduled_at = now() WHERE kind = 'calendar.push' AND state = 'retryable'")
		testkit.Eventually(t, harness.Patience, "the visit stands in Salma's calendar", func() bool {
			got := app.Calendar("salma")
			return len(got) == 1 && got[0] == "confirmed Maya · Haircut"
		})
	})
}

// enters puts an entry into a calendar and waits until it has been read.
func enters(t *testing.T, app *harness.App, entry map[string]any) {
	t.Helper()
	if err := app.Control("calendar", entry, nil); err != nil {
		t.Fatal(err)
	}
	app.Settle()
}

// payLink is the payment link in what was said.
func payLink(t *testing.T, replies []harness.Reply) string {
	t.Helper()
	for _, r := range replies {
		for _, word := range strings.Fields(r.Text) {
			if strings.Contains(word, "/pay/") {
				return word
			}
		}
	}
	t.Fatalf("no payment link:\n%s", harness.Said(replies))
	return ""
}
