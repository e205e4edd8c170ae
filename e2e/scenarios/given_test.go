package scenarios

import (
	"net/url"
	"strings"
	"testing"

	"frontdesk/e2e/harness"
	"frontdesk/models"
)

// The visits that scenarios begin with, as the salon's people see them.
func TestGiven(t *testing.T) {
	t.Parallel()
	app := harness.Start(t, harness.Options{})
	desk := app.Desk("PM")

	t.Run("they stand in the diary", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			for _, name := range []string{"S02", "S03", "S09", "S11", "S14", "S16"} {
				phone, _ := app.For(t).Given(name, lang)
				state := app.For(t).State(phone)
				if len(state.Appointments) == 0 || state.Customer == nil || state.Customer.Language != lang {
					t.Fatalf("%s: %+v", name, state)
				}
				for _, v := range state.Appointments {
					status, page := desk.Get("/console/diary?day=" + v.StartsAt.Format("2006-01-02") + "&visit=" + v.ID)
					for _, fact := range []string{v.ForName, v.StartsAt.Format("15:04") + "–" + v.EndsAt.Format("15:04"), v.Stylist} {
						if status != 200 || !strings.Contains(page, fact) {
							t.Errorf("%s: %q is missing from the diary of %s (%d)", name, fact, v.StartsAt, status)
						}
					}
				}
			}
		})
	})
	t.Run("their deposits go back", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			app, desk := app.For(t), app.For(t).Desk("PM")
			phone, _ := app.Given("S14", lang)
			visit := app.State(phone).Appointments[0]
			status, body := desk.Post("/console/diary/visits/"+visit.ID+"/cancel", url.Values{"version": {"2"}, "outcome": {"full"}, "reason": {"stylist_away"}})
			if status != 200 {
				t.Fatalf("cancelling: %d %s", status, body)
			}
			app.Settle()
			if got := app.State(phone).Appointments[0]; got.Status != "cancelled" || got.DepositState != "refunded" {
				t.Errorf("after the refund: %+v", got)
			}
			said := app.Received(phone)
			if len(said) != 1 || !strings.Contains(said[0], "5.24") || written(said[0]) != lang {
				t.Errorf("the customer was told %q", said)
			}
		})
	})
}
