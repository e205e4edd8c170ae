package scenarios

import (
	"testing"
	"time"

	"frontdesk/e2e/harness"
	"frontdesk/models"
)

// Checks that hold across scenarios (scenarios, section 6).

func TestCross(t *testing.T) {
	t.Parallel()
	app := harness.Start(t, harness.Options{})

	t.Run("1 replies follow the customer's last language", func(t *testing.T) {
		phone, _ := app.Given("S01", "es")
		says(t, "es", app.Say(phone, s01Scripted["es"].ask), "Noor")
		says(t, "ar", app.Say(phone, s01Scripted["ar"].yes), "80.00")
		says(t, "en", app.Say(phone, "the pack please, and in English"), "Dana")
		if c := app.State(phone).Customer; c == nil || c.Language != "en" {
			t.Errorf("customer %+v", c)
		}
	})
	t.Run("3 duplicates change nothing", func(t *testing.T) {
		phone, _ := app.Given("S01", "en")
		for range 3 {
			if err := app.Control("say", map[string]any{"from": phone, "text": s01Scripted["en"].ask, "message_id": "wamid.TWICE", "wait_ms": 15000}, nil); err != nil {
				t.Fatal(err)
			}
		}
		app.Settle()
		if got := app.Received(phone); len(got) != 1 {
			t.Errorf("one message delivered three times got %d replies: %q", len(got), got)
		}
	})
	t.Run("4 and 7 a person on request, in any state and language", func(t *testing.T) {
		asks := words{"en": "can I talk to a real person please", "es": "quiero hablar con una persona", "ar": "أريد التحدث مع موظف"}
		for turns := range 5 {
			eachLanguage(t, func(t *testing.T, lang models.Language) {
				phone, _ := app.Given("S01", lang)
				w := s01Scripted[lang]
				for _, text := range []string{w.ask, w.yes, w.pack, w.anyone}[:turns] {
					app.Say(phone, text)
				}
				says(t, lang, app.Say(phone, asks[lang]))
				state := app.State(phone)
				if !state.HumanMode || len(state.Cases) != 1 || state.Cases[0].Reason != "manual_request" {
					t.Errorf("after %d turns: %+v", turns, state)
				}
				if more := app.Say(phone, w.ask); len(more) != 0 {
					t.Errorf("the bot talks over a person: %s", harness.Said(more))
				}
			})
		}
	})
	t.Run("4 receipts still go while a person has the chat", func(t *testing.T) {
		phone, link := heldS18(t, app, "en")
		app.Say(phone, "agent")
		says(t, "en", app.Pay(link, "paid", 1), "16:30", "5.24")
	})
	t.Run("5 local times survive the clock change", func(t *testing.T) {
		phone, _ := app.Given("S18", "en")
		if err := app.Control("clock", map[string]any{"now": "2026-10-23T10:00:00+02:00"}, nil); err != nil {
			t.Fatal(err)
		}
		app.Say(phone, "a haircut on Monday at 11:00 with Salma, please")
		visits := app.State(phone).Appointments
		if len(visits) == 0 {
			app.Say(phone, "11:00")
			visits = app.State(phone).Appointments
		}
		if len(visits) != 1 || !visits[0].StartsAt.Equal(time.Date(2026, 10, 26, 10, 0, 0, 0, time.UTC)) {
			t.Errorf("visits %+v, want Monday 26 October 11:00 in Madrid, which is 10:00 UTC", visits)
		}
	})
	t.Run("unclear three times", func(t *testing.T) {
		phone, _ := app.Given("S18", "en")
		for range 3 {
			app.Say(phone, "qwxz plom")
		}
		if s := app.State(phone); len(s.Cases) != 1 || s.Cases[0].Reason != "ambiguity" {
			t.Errorf("cases %+v", s.Cases)
		}
	})
	t.Run("a change of mind replaces the hold", func(t *testing.T) {
		phone, _ := heldS18(t, app, "en")
		app.Say(phone, "actually 18:00 with Bruno please")
		live := 0
		for _, v := range app.State(phone).Appointments {
			if v.Status == "provisional" {
				live++
				if v.Stylist != "Bruno" {
					t.Errorf("holds %+v", v)
				}
			}
		}
		if live != 1 {
			t.Errorf("%d live holds, want 1", live)
		}
	})
}
