// Package browser watches the salon's screens in Chromium while customers write and the salon's people
// act: what a person does, what everybody else then sees and receives.
package browser

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"frontdesk/e2e/harness"
	"frontdesk/internal/testkit"
	"frontdesk/models"
)

const (
	friday     = "2026-10-09" // when the visits of the journeys are; they begin on the Tuesday before
	danasPhone = "+447700900202"
)

// stage is what a journey plays on: the salon, a browser, and the language of screens and customers.
type stage struct {
	*testing.T
	app     *harness.App
	browser *harness.Browser
	lang    models.Language
}

// journeys are what the salon's people do, each in the languages named.
var journeys = []struct {
	name string
	in   []models.Language
	play func(stage)
}{
	{"booking watched", both, bookingWatched},
	{"second factor", both, secondFactor},
	{"passkey", english, passkey},
	{"price edited", both, priceEdited},
	{"visit moved", both, visitMoved},
	{"visit dragged", both, visitDragged},
	{"taken over", both, takenOver},
	{"case worked", both, caseWorked},
	{"surge cleared", both, surgeCleared},
	{"part refunded", both, partRefunded},
	{"customer played", both, customerPlayed},
	{"without a script", english, withoutScript},
	{"by keyboard alone", english, byKeyboard},
	{"focus after what was refused", both, focusAfterRefusal},
	{"focus while the page changes", both, focusWhileLive},
}

var (
	both    = []models.Language{models.English, models.Arabic}
	english = []models.Language{models.English}
)

// TestJourneys plays every journey in one salon.
func TestJourneys(t *testing.T) {
	t.Parallel()
	app := harness.Start(t, harness.Options{})
	browser := harness.StartBrowser(t)
	for _, j := range journeys {
		for _, lang := range j.in {
			t.Run(j.name+"/"+lang, func(t *testing.T) { j.play(stage{t, app.For(t), browser.For(t), lang}) })
		}
	}
}

// words are a text in the languages of the journeys.
type words map[models.Language]string

// desk is a tab in which a demo person is signed in and reads the stage's language.
func (s stage) desk(role string) *harness.Page {
	s.Helper()
	desk := s.tab()
	desk.SignIn(s.app, role)
	return desk
}

// tab is a tab in which nobody is signed in; it speaks the stage's language. It is high enough for a
// whole day of the diary.
func (s stage) tab() *harness.Page {
	s.Helper()
	tab := s.browser.Page(1360, 1700)
	tab.Open(s.app.BaseURL + "/console/login?lang=" + s.lang)
	return tab
}

// open goes to a page of the site.
func (s stage) open(p *harness.Page, path string) {
	s.Helper()
	p.Open(s.app.BaseURL + path)
}

// booked is a customer with a paid visit on Friday at 12:30 with Dana.
func (s stage) booked() (phone string, visit harness.Visit) {
	s.Helper()
	phone, _ = s.app.Given("S01", s.lang)
	for _, text := range asks[s.lang][:5] {
		s.app.Say(phone, text)
	}
	s.app.Pay(harness.Link(s.app.Say(phone, asks[s.lang][5])), "paid", 1)
	s.app.Settle()
	visits := s.app.State(phone).Appointments
	if len(visits) != 1 || visits[0].Status != "confirmed" || visits[0].Stylist != "Dana" {
		s.Fatalf("booked %+v", visits)
	}
	return phone, visits[0]
}

// told waits until a phone has received a message with every part, beyond the first so many.
func (s stage) told(phone string, beyond int, parts ...string) {
	s.Helper()
	testkit.Eventually(s, harness.Patience, fmt.Sprintf("%s receives a message with %q", phone, parts), func() bool {
		return slices.ContainsFunc(s.app.Received(phone)[beyond:], func(message string) bool {
			return !slices.ContainsFunc(parts, func(part string) bool { return !strings.Contains(message, part) })
		})
	})
}

// picture keeps what a tab shows under the journey's name.
func (s stage) picture(p *harness.Page, name string) {
	s.Helper()
	p.Screenshot(fmt.Sprintf("journey-%s-%s", s.lang, name))
}

// asks are a new customer's words from the first to the surname.
var asks = map[models.Language][]string{
	models.English: {"hello! could I get highlights this friday?", "yes", "the pack sounds good", "whoever is free first", "12:30", "Haddad"},
	models.Arabic:  {"مرحبا، أريد هايلايت يوم الجمعة", "نعم، أنا نور", "الباقة من فضلك", "أول موعد متاح", "١٢:٣٠", "حداد"},
}

// bookingWatched: the conversation, the hold and the confirmed visit appear on open screens by
// themselves.
func bookingWatched(s stage) {
	says := asks[s.lang]
	phone, _ := s.app.Given("S01", s.lang)
	inbox := s.desk("operator")
	s.open(inbox, "/console/conversations")
	diary := s.desk("operator")
	s.open(diary, "/console/diary?day="+friday)

	s.app.Say(phone, says[0])
	inbox.Sees("main", "Noor")
	s.picture(inbox, "booking-1-first-word")
	inbox.Click("main a[href*='/console/conversations/']")
	inbox.Sees("main", says[0])
	for _, text := range says[1:5] {
		s.app.Say(phone, text)
		inbox.Sees("main", text)
	}
	held := s.app.Say(phone, says[5])
	diary.Sees("main", "12:30", "Noor", words{"en": "Hold", "ar": "حجز مؤقت"}[s.lang])
	s.picture(diary, "booking-2-hold")

	payer := s.browser.Page(390, 844)
	payer.Open(harness.Link(held))
	payer.Sees("body", "16.00")
	s.picture(payer, "booking-3-pay")
	payer.Click("button[value='pay'], form[action*='pay'] button, button")

	diary.Sees("main", "12:30", "Noor", words{"en": "Confirmed", "ar": "مؤكد"}[s.lang])
	s.picture(diary, "booking-4-confirmed")
	inbox.Sees("main", "64.00", words{"en": "Dana", "ar": "دانا"}[s.lang])
	s.picture(inbox, "booking-5-conversation")
	if v := s.app.State(phone).Appointments; len(v) != 1 || v[0].Status != "confirmed" {
		s.Errorf("visits %+v", v)
	}
}
