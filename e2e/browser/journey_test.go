// Package browser watches the salon's screens in Chromium while customers write: from the first word
// to the confirmed visit, without a reload.
package browser

import (
	"testing"

	"frontdesk/e2e/harness"
	"frontdesk/models"
)

// journey is one customer's words and what the operator must see of them.
type journey struct {
	lang           models.Language
	says           []string
	name, stylist  string
	held, attended string // badges of the diary in the operator's language
}

var journeys = []journey{
	{
		lang: models.English, name: "Noor", stylist: "Dana", held: "Hold", attended: "Confirmed",
		says: []string{"hello! could I get highlights this friday?", "yes", "the pack sounds good", "whoever is free first", "12:30", "Haddad"},
	},
	{
		lang: models.Arabic, name: "Noor", stylist: "دانا", held: "حجز مؤقت", attended: "مؤكد",
		says: []string{"مرحبا، أريد هايلايت يوم الجمعة", "نعم، أنا نور", "الباقة من فضلك", "أول موعد متاح", "١٢:٣٠", "حداد"},
	},
}

// TestOperatorWatchesABooking: the conversation, the hold and the confirmed visit appear on open
// screens by themselves.
func TestOperatorWatchesABooking(t *testing.T) {
	app := harness.Start(t, harness.Options{})
	browser := harness.StartBrowser(t)
	for _, j := range journeys {
		t.Run(j.lang, func(t *testing.T) {
			phone, _ := app.Given("S01", j.lang)
			inbox := browser.Page(1360, 900)
			inbox.SignIn(app, "operator")
			inbox.Open(app.BaseURL + "/console/conversations?lang=" + j.lang)
			diary := browser.Page(1360, 900)
			diary.SignIn(app, "operator")
			diary.Open(app.BaseURL + "/console/diary?day=2026-10-09&lang=" + j.lang)

			app.Say(phone, j.says[0])
			inbox.Sees("main", "Noor")
			inbox.Screenshot("journey-" + j.lang + "-1-first-word")
			inbox.Click("main a[href*='/console/conversations/']")
			inbox.Sees("main", j.says[0])
			for _, text := range j.says[1:5] {
				app.Say(phone, text)
				inbox.Sees("main", text)
			}
			held := app.Say(phone, j.says[5])
			diary.Sees("main", "12:30", j.name, j.held)
			diary.Screenshot("journey-" + j.lang + "-2-hold")

			link := harness.Link(held)
			payer := browser.Page(390, 844)
			payer.Open(link)
			payer.Sees("body", "16.00")
			payer.Screenshot("journey-" + j.lang + "-3-pay")
			payer.Click("button[value='pay'], form[action*='pay'] button, button")

			diary.Sees("main", "12:30", j.name, j.attended)
			diary.Screenshot("journey-" + j.lang + "-4-confirmed")
			inbox.Sees("main", "64.00", j.stylist)
			inbox.Screenshot("journey-" + j.lang + "-5-conversation")
			if v := app.State(phone).Appointments; len(v) != 1 || v[0].Status != "confirmed" {
				t.Errorf("visits %+v", v)
			}
		})
	}
}
