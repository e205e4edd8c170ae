package handlers

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"frontdesk/internal/booking"
	"frontdesk/models"
)

// A caller of an act: a browser without a script, the dialog of one with, and a program.
const (
	plain  = "Accept: text/html"
	dialog = "HX-Request: true"
	script = "Accept: application/json"
)

// post sends a form as the person of the browser.
func (b *browser) post(path string, form url.Values, headers ...string) answer {
	b.salon.t.Helper()
	form = url.Values(map[string][]string(form))
	form.Set("csrf", b.csrf)
	return b.salon.call("POST", path, []byte(form.Encode()), append(headers, typeForm, "Cookie: "+b.cookie)...)
}

// see reads a page as the person of the browser.
func (b *browser) see(path string, headers ...string) answer {
	b.salon.t.Helper()
	return b.salon.call("GET", path, nil, append(headers, "Cookie: "+b.cookie)...)
}

// visit reads one as it stands.
func (s *salon) visit(id models.ID) models.Appointment {
	s.t.Helper()
	v, err := s.Diary.Appointment(context.Background(), id)
	s.must(err)
	return v
}

// as is the posted form of an act on a visit as it stands, with more fields as name, value.
func (s *salon) as(id models.ID, more ...string) url.Values {
	s.t.Helper()
	form := url.Values{"version": {strconv.FormatInt(s.visit(id).Version, 10)}}
	for i := 0; i+1 < len(more); i += 2 {
		form.Add(more[i], more[i+1])
	}
	return form
}

// at moves business time.
func (s *salon) at(t time.Time) { s.hand.Set(t) }

func TestActsOnAVisit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, act string
		held      bool // the hold; else the confirmed visit
		started   bool
		form      []string
		status    models.AppointmentStatus
		deposit   models.DepositState
		undo      bool
	}{
		{name: "confirmed without deposit", act: "confirm", held: true, form: []string{"reason", "regular"}, status: models.Confirmed, deposit: models.DepositNone},
		{name: "released", act: "release", held: true, status: models.Released, deposit: models.DepositNone},
		{name: "cancelled, the deposit kept by the terms", act: "cancel", form: []string{"outcome", "policy"}, status: models.Cancelled, deposit: models.DepositForfeited},
		{name: "completed", act: "complete", started: true, status: models.Completed, deposit: models.DepositPaid, undo: true},
		{name: "did not come", act: "no-show", started: true, form: []string{"outcome", "keep"}, status: models.NoShow, deposit: models.DepositForfeited, undo: true},
	} {
		for _, caller := range []string{plain, dialog, script} {
			t.Run(c.name+", "+caller, func(t *testing.T) {
				t.Parallel()
				s := newSalon(t)
				s.pay(s.confirmed.ID)
				id := s.confirmed.ID
				if c.held {
					id = s.held.ID
				}
				if c.started {
					s.at(s.confirmed.StartsAt.Add(time.Minute))
				}
				b := s.open("operator")
				got := b.post(visitURL(id, c.act), s.as(id, c.form...), caller)
				wantDone(t, got, caller, c.undo)
				if v := s.visit(id); v.Status != c.status || v.DepositState != c.deposit {
					t.Errorf("got %s with deposit %s, want %s with %s: %.300s", v.Status, v.DepositState, c.status, c.deposit, got.body)
				}
			})
		}
	}
}

// pay records the deposit of a visit as received, as the provider's event would.
func (s *salon) pay(id models.ID) {
	s.t.Helper()
	v := s.visit(id)
	paid := s.Clock.Now()
	s.must(s.DB.On(context.Background()).Create(&models.Payment{
		ID: models.NewID(), AppointmentID: id, AmountMinor: v.DepositMinor, Currency: v.Currency, State: models.PaymentPaid, ReceivedMinor: v.DepositMinor,
		ReceivedIn: v.Currency, Language: models.English, ExpiresAt: paid, CreatedAt: paid, UpdatedAt: paid, PaidAt: &paid,
	}).Error)
}

// wantDone checks how an act that was done is answered to each caller.
func wantDone(t *testing.T, got answer, caller string, undo bool) {
	t.Helper()
	switch caller {
	case plain:
		if got.StatusCode != 303 || !strings.HasPrefix(got.Header.Get("Location"), "/console/diary?") {
			t.Fatalf("got %d to %q: %.400s", got.StatusCode, got.Header.Get("Location"), got.body)
		}
	case dialog:
		if got.StatusCode != 200 || got.Header.Get("HX-Trigger") != "acted" {
			t.Fatalf("got %d, HX-Trigger %q: %.400s", got.StatusCode, got.Header.Get("HX-Trigger"), got.body)
		}
		if found := got.doc(t).Find("form[data-undo]").Length() == 1; found != undo {
			t.Errorf("undo is offered: got %v, want %v", found, undo)
		}
	case script:
		if got.StatusCode != 200 || got.json(t)["ok"] != true {
			t.Fatalf("got %d: %.400s", got.StatusCode, got.body)
		}
	}
}

func TestAnActThatIsRefusedKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	b := s.open("operator")
	for _, c := range []struct {
		name, path string
		form       url.Values
		problem    string
		field      string // what holds the typed value
		value      string
	}{
		{"no reason", visitURL(s.held.ID, "confirm"), s.as(s.held.ID), "Choose", "", ""},
		{"another reason without words", visitURL(s.held.ID, "confirm"), s.as(s.held.ID, "reason", "other"), "in a few words", "select[name=reason] option[selected]", "other"},
		{"no such reason", visitURL(s.held.ID, "confirm"), s.as(s.held.ID, "reason", "whim", "note", "just so"), "", "input[name=note]", "just so"},
		{"before it began", visitURL(s.confirmed.ID, "complete"), s.as(s.confirmed.ID), "begun", "", ""},
		{"a hold is no visit", visitURL(s.held.ID, "complete"), s.as(s.held.ID), "confirmed visit", "", ""},
		{"to nowhere", visitURL(s.confirmed.ID, "move"), s.as(s.confirmed.ID, "day", "2026-10-09", "time", "25:00", "stylist", "dana"), "", "input[name=time]", ""},
		{"into the past", visitURL(s.confirmed.ID, "move"), s.as(s.confirmed.ID, "day", "2026-10-08", "time", "12:00", "stylist", "dana"), "over", "", ""},
		{"a field nobody asked for", visitURL(s.held.ID, "release"), s.as(s.held.ID, "status", "confirmed"), "status", "", ""},
	} {
		got := b.post(c.path, c.form, dialog)
		page := got.doc(t)
		if got.StatusCode != 422 || !strings.Contains(page.Find(".error-summary").Text(), c.problem) {
			t.Errorf("%s: got %d, %q", c.name, got.StatusCode, page.Find(".error-summary").Text())
		}
		if c.value != "" && page.Find(c.field).AttrOr("value", "") != c.value {
			t.Errorf("%s: %s holds %q, want %q", c.name, c.field, page.Find(c.field).AttrOr("value", ""), c.value)
		}
		if again := b.post(c.path, c.form, script); again.StatusCode < 400 || again.StatusCode >= 500 {
			t.Errorf("%s, for a program: got %d", c.name, again.StatusCode)
		}
	}
	if v := s.visit(s.held.ID); v.Status != models.Provisional {
		t.Errorf("the hold is %s", v.Status)
	}
}

// Whoever acts on what has changed meanwhile is told, sees it as it is now, and may decide again.
func TestAnActOnWhatHasChanged(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	b := s.open("operator")
	old := s.as(s.confirmed.ID)
	_, err := s.Diary.Move(context.Background(), booking.MoveRequest{
		Act:       booking.Act{ID: s.confirmed.ID, Version: s.visit(s.confirmed.ID).Version, Actor: "staff:" + models.NewID().String()},
		StylistID: s.stylist("Salma").ID, StartsAt: s.confirmed.StartsAt.Add(time.Hour),
	})
	s.must(err)
	got := b.post(visitURL(s.confirmed.ID, "cancel"), old, dialog)
	page := got.doc(t)
	if got.StatusCode != 422 || !strings.Contains(page.Find(".error-summary").Text(), "Somebody has changed this visit") {
		t.Fatalf("got %d: %q", got.StatusCode, page.Find(".error-summary").Text())
	}
	if subject := page.Find(".subject").Text(); !strings.Contains(subject, "13:30") || !strings.Contains(subject, "Salma") {
		t.Errorf("the form shows %q, not the visit as it is now", subject)
	}
	version := page.Find("input[name=version]").AttrOr("value", "")
	if done := b.post(visitURL(s.confirmed.ID, "cancel"), url.Values{"version": {version}}, dialog); done.StatusCode != 200 {
		t.Errorf("deciding again: got %d: %.300s", done.StatusCode, done.body)
	}
}

// The notice for a refund runs out while the form is open: the deposit is not kept without asking again.
func TestACancelFormKeepsItsPromise(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	s.pay(s.confirmed.ID)
	path := visitURL(s.confirmed.ID, "cancel")
	day := 24 * time.Hour
	s.at(s.confirmed.StartsAt.Add(-day - time.Minute))
	b := s.open("operator")
	promised := b.see(path).doc(t).Find("input[name=back]").AttrOr("value", "")
	if promised == "" || promised == "0" {
		t.Fatalf("the form promises %q", promised)
	}
	s.at(s.confirmed.StartsAt.Add(-day + time.Minute))
	got := b.post(path, s.as(s.confirmed.ID, "outcome", "policy", "back", promised), dialog)
	page := got.doc(t)
	if got.StatusCode != 422 || !strings.Contains(page.Find(".error-summary").Text(), "deposit has changed") {
		t.Fatalf("got %d: %q", got.StatusCode, page.Find(".error-summary").Text())
	}
	today := page.Find("input[name=back]").AttrOr("value", "")
	if v := s.visit(s.confirmed.ID); v.Status != models.Confirmed || today != "0" || !strings.Contains(page.Text(), "23 h 59 min") {
		t.Errorf("the visit is %s, the form says %q goes back: %.600s", v.Status, today, page.Text())
	}
	if done := b.post(path, s.as(s.confirmed.ID, "outcome", "policy", "back", today), dialog); done.StatusCode != 200 {
		t.Errorf("deciding again: got %d: %.300s", done.StatusCode, done.body)
	}
	if v := s.visit(s.confirmed.ID); v.DepositState != models.DepositForfeited {
		t.Errorf("the deposit is %s", v.DepositState)
	}
}

// Every form says what will happen: the customer's own words in their language.
func TestAFormSaysWhatTheCustomerReads(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	b := s.open("operator")
	for _, c := range []struct{ path, lang, text string }{
		{visitURL(s.held.ID, "release"), "es", "Maya"},
		{visitURL(s.held.ID, "confirm"), "es", "Salma"},
		{visitURL(s.confirmed.ID, "cancel"), "en", "cancelled"},
		{visitURL(s.confirmed.ID, "move") + "?day=2026-10-09&time=17:00&stylist=dana", "en", "17:00"},
	} {
		bubble := b.see(c.path, plain).doc(t).Find(".bubble-preview").First()
		if lang := bubble.AttrOr("lang", ""); lang != c.lang || !strings.Contains(bubble.Text(), c.text) {
			t.Errorf("%s: got %q in %q, want %q in %q", c.path, bubble.Text(), lang, c.text, c.lang)
		}
	}
}
