package harness

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"frontdesk/internal/testkit"
	"frontdesk/models"
)

// Says is the customer writing a text. It is done when everything that follows from it in the
// conversation is.
func Says(text string) Step {
	return func(t testing.TB, a *App, phone string) {
		t.Helper()
		id := "wamid.step-" + models.NewID().String() // the provider repeats an event under the same id
		testkit.Eventually(t, Patience, fmt.Sprintf("an end to %q", text), func() bool {
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
	testkit.Eventually(a.t, Patience, "a payment link arrives", func() bool {
		link = Link(a.Transcript(phone))
		return link != ""
	})
	return link
}

// Links waits until the customer has received so many different payment links.
func Links(n int) Step {
	return func(t testing.TB, a *App, phone string) {
		t.Helper()
		testkit.Eventually(t, Patience, fmt.Sprintf("%d payment links arrive", n), func() bool {
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
		testkit.Eventually(t, Patience, fmt.Sprintf("a visit is %s, its deposit %s", status, deposit), func() bool {
			return slices.ContainsFunc(a.State(phone).Appointments, func(v Visit) bool {
				return v.Status == status && (deposit == "" || v.DepositState == deposit)
			})
		})
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
		bearer := a.Bearer("PM")
		testkit.Eventually(t, Patience, "the visit is cancelled", func() bool {
			visit := a.State(phone).Appointments[0]
			if visit.Status == "cancelled" {
				return true
			}
			version := a.Number("SELECT version FROM appointments WHERE id = $1", visit.ID)
			form := url.Values{"version": {fmt.Sprint(version)}, "outcome": {"full"}, "reason": {"stylist_away"}}
			a.postForm(bearer, "/console/diary/visits/"+visit.ID+"/cancel", form)
			return false
		})
	}
}

// postForm sends a form as a script with a token does. No answer is no failure: the caller looks.
func (a *App) postForm(bearer, path string, form url.Values) {
	a.t.Helper()
	req, err := http.NewRequest(http.MethodPost, a.BaseURL+path, strings.NewReader(form.Encode()))
	if err != nil {
		a.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+bearer)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return
	}
	defer res.Body.Close() //nolint:errcheck // read to its end
	body, _ := io.ReadAll(res.Body)
	if res.StatusCode >= 400 && res.StatusCode < 500 && res.StatusCode != http.StatusConflict {
		a.t.Fatalf("POST %s: %d %s", path, res.StatusCode, body)
	}
}

// Bearer signs a demo login in ("PM", "OPERATOR", …) and returns its token.
func (a *App) Bearer(login string) string {
	a.t.Helper()
	email, password, ok := strings.Cut(a.Env["LOGIN_"+login], ":")
	if !ok {
		a.t.Fatalf("there is no login %s", login)
	}
	var got struct {
		Token string `json:"token"`
	}
	body := fmt.Sprintf(`{"email":%q,"password":%q}`, email, password)
	testkit.Eventually(a.t, Patience, "the demo login opens", func() bool {
		res, err := http.Post(a.BaseURL+"/session/token", "application/json", strings.NewReader(body))
		if err != nil {
			return false
		}
		defer res.Body.Close() //nolint:errcheck // read whole
		return res.StatusCode == http.StatusOK && json.NewDecoder(res.Body).Decode(&got) == nil
	})
	return got.Token
}
