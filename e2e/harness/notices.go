package harness

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"
)

// request is what a stand-in was asked for, and the status it answered with.
type request struct {
	At              time.Time
	Service, Method string
	Status          int
	Body            json.RawMessage
}

// outbox is what the stand-ins were asked for, newest first.
func (a *App) outbox() []request {
	a.t.Helper()
	var out struct{ Requests []request }
	a.get("/control/outbox", &out)
	return out.Requests
}

// received are the bodies of what a stand-in took since the story began, oldest first.
func (a *App) received(service, method string) (bodies []json.RawMessage) {
	a.t.Helper()
	for _, r := range a.outbox() {
		if r.Service == service && r.Method == method && r.Status/100 == 2 && r.At.After(*a.begun) {
			bodies = append(bodies, r.Body)
		}
	}
	slices.Reverse(bodies)
	return bodies
}

// begin lets a story begin: what the stand-ins took before belongs to another.
func (a *App) begin() {
	a.t.Helper()
	if taken := a.outbox(); len(taken) > 0 {
		*a.begun = taken[0].At
	}
}

// Texts are the SMS that a number was sent, oldest first.
func (a *App) Texts(phone string) (texts []string) {
	a.t.Helper()
	for _, body := range a.received("sms", http.MethodPost) {
		var m struct{ To, Text string }
		if err := json.Unmarshal(body, &m); err != nil {
			a.t.Fatal(err)
		}
		if m.To == phone {
			texts = append(texts, m.Text)
		}
	}
	return texts
}

// Mails are the mails that an address was sent, subject and text, oldest first.
func (a *App) Mails(address string) (mails []string) {
	a.t.Helper()
	for _, body := range a.received("mail", "DATA") {
		var m struct {
			To            []string
			Subject, Text string
		}
		if err := json.Unmarshal(body, &m); err != nil {
			a.t.Fatal(err)
		}
		if slices.Contains(m.To, address) {
			mails = append(mails, m.Subject+"\n"+m.Text)
		}
	}
	return mails
}

// letters are all mails, each once however often it was sent: to whom, subject and text, in no order.
func (a *App) letters() (letters []string) {
	a.t.Helper()
	seen := map[string]bool{}
	for _, body := range a.received("mail", "DATA") {
		var m struct {
			To            []string
			Subject, Text string
			MessageID     string `json:"message_id"`
		}
		if err := json.Unmarshal(body, &m); err != nil {
			a.t.Fatal(err)
		}
		if !seen[m.MessageID] {
			letters = append(letters, strings.Join(m.To, ", ")+": "+m.Subject+"\n"+m.Text)
		}
		seen[m.MessageID] = true
	}
	slices.Sort(letters)
	return letters
}

// Calendar is what stands in a stylist's calendar outside, as "status title", by start.
func (a *App) Calendar(stylist string) (entries []string) {
	a.t.Helper()
	var got struct {
		Entries []struct{ Status, Summary string }
	}
	a.get("/control/calendar?stylist="+stylist, &got)
	for _, e := range got.Entries {
		entries = append(entries, e.Status+" "+e.Summary)
	}
	return entries
}
