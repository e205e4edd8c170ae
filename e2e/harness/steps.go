package harness

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"frontdesk/models"
)

// Says is the customer writing a text. It is done when everything that follows from it in the
// conversation is.
func Says(text string) Step {
	return func(t testing.TB, a *App, phone string) {
		t.Helper()
		id := "wamid.step-" + models.NewID().String() // the provider repeats an event under the same id
		Until(t, fmt.Sprintf("an end to %q", text), func() bool {
			var got answer
			body := map[string]any{"from": phone, "text": text, "message_id": id, "wait_ms": waitMS}
			return a.Control("say", body, &got) == nil && got.Done
		})
	}
}

// Pays is the newest payment link being paid, declined or expired, told in so many copies.
func Pays(outcome string, copies int) Step {
	return func(t testing.TB, a *App, phone string) {
		t.Helper()
		a.Pay(a.newestLink(phone), outcome, copies)
	}
}

// newestLink waits for a payment link and returns the last one.
func (a *App) newestLink(phone string) (link string) {
	a.t.Helper()
	Until(a.t, "a payment link arrives", func() bool {
		link = Link(a.Transcript(phone))
		return link != ""
	})
	return link
}

// Links waits until the customer has received so many different payment links.
func Links(n int) Step {
	return func(t testing.TB, a *App, phone string) {
		t.Helper()
		Until(t, fmt.Sprintf("%d payment links arrive", n), func() bool {
			seen := map[string]bool{}
			for _, m := range a.Transcript(phone) {
				if link := Link([]Reply{m}); link != "" {
					seen[link] = true
				}
			}
			return len(seen) >= n
		})
	}
}

// Becomes waits until a visit of the customer has a status and a deposit state; empty is any.
func Becomes(status, deposit string) Step {
	return func(t testing.TB, a *App, phone string) {
		t.Helper()
		Until(t, fmt.Sprintf("a visit is %s, its deposit %s", status, deposit), func() bool {
			return slices.ContainsFunc(a.State(phone).Appointments, func(v Visit) bool {
				return v.Status == status && (deposit == "" || v.DepositState == deposit)
			})
		})
	}
}

// Receives waits until the customer has received so many messages in all.
func Receives(n int) Step {
	return func(t testing.TB, a *App, phone string) {
		t.Helper()
		Until(t, fmt.Sprintf("%d messages arrive", n), func() bool { return len(a.Received(phone)) >= n })
	}
}

// Passes is time passing.
func Passes(d time.Duration) Step {
	return func(t testing.TB, a *App, _ string) {
		t.Helper()
		a.Advance(d)
	}
}

// Runs is a fixture of the database.
func Runs(sql string) Step {
	return func(t testing.TB, a *App, _ string) {
		t.Helper()
		a.Exec(sql)
	}
}

// Cancels is a manager cancelling the customer's visit in the console and giving the whole deposit
// back. Who gets no answer looks whether it was done, and tries again if not.
func Cancels() Step {
	return func(t testing.TB, a *App, phone string) {
		t.Helper()
		manager := a.Desk("PM")
		Until(t, "the visit is cancelled", func() bool {
			visit := a.State(phone).Appointments[0]
			if visit.Status == "cancelled" {
				return true
			}
			version := a.Number("SELECT version FROM appointments WHERE id = $1", visit.ID)
			form := url.Values{"version": {fmt.Sprint(version)}, "outcome": {"full"}, "reason": {"stylist_away"}}
			status, body := manager.Post("/console/diary/visits/"+visit.ID+"/cancel", form)
			if status >= 400 && status < 500 && status != http.StatusConflict {
				t.Fatalf("cancel: %d %s", status, body)
			}
			return false
		})
	}
}
