package chat

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"frontdesk/internal/content"
	"frontdesk/internal/settings"
	"frontdesk/models"
)

// What stands on a button or a row is held to its limit where staff edit it.
func TestTitlesHaveTheirPlace(t *testing.T) {
	title := regexp.MustCompile(`Titles:\s*\[\]Line\{say\("([a-z_.]+)"`)
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range title.FindAllStringSubmatch(string(source), -1) {
			found++
			if place := content.PlaceOf(m[1]); place != content.Button && place != content.Row && !strings.HasSuffix(m[1], ".") {
				t.Errorf("%s: %s is a title and is edited as a %s", file, m[1], place)
			}
		}
	}
	if found < 10 {
		t.Errorf("found %d titles", found)
	}
}

// The conversation fills every placeholder that an answer may hold, and answers nothing with a gap.
func TestAnswersAreFilled(t *testing.T) {
	d := dialogue{lang: models.English, f: Facts{Policies: settings.Defaults()}}
	d.f.Hours = []models.OpeningHours{{Weekday: time.Monday, Opens: "10:00", Closes: "20:00"}}
	facts := d.salonFacts(models.FAQ{URL: "https://map.test"})
	for _, name := range content.FAQFacts() {
		if _, ok := facts[name]; !ok {
			t.Errorf("an answer may hold %s, and nothing fills it", name)
		}
	}
	for _, c := range []struct {
		body string
		faq  models.FAQ
		want bool
	}{
		{"We're open {{.Hours}}.", models.FAQ{}, true},
		{"Here: {{.URL}}", models.FAQ{URL: "https://map.test"}, true},
		{"Here: {{.URL}}", models.FAQ{}, false},
		{"{{.Moon}}", models.FAQ{}, false},
		{"{{range .Hours}}", models.FAQ{}, false},
	} {
		c.faq.Key, c.faq.Answers = "asked", models.Text{"en": c.body}
		d.f.FAQs, d.s.lead = []models.FAQ{c.faq}, nil
		if got := d.answerFAQs([]string{"asked"}, nil); got != c.want || got != (len(d.s.lead) == 1) {
			t.Errorf("%q is answered: %v, want %v", c.body, got, c.want)
		}
	}
}

// A text that staff edited is what the next reply says; a question they added is heard and answered,
// one they retired is not.
func TestTheNextReplySpeaksTheEdit(t *testing.T) {
	s := openHouse(t, "2026-10-06 10:00")
	s.returning("Noor", "Haddad", "en")
	s.writes("thanks!")
	if got := s.heard(); !strings.Contains(got, "You're very welcome!") {
		t.Fatalf("before the edit: %q", got)
	}
	by := content.Saved{Actor: "staff:x", Reason: "warmer"}
	s.must(s.Content.EditText(s.ctx, content.TextEdit{Key: "chat.thanks", Bodies: models.Text{"en": "Any time, dear!"}, Saved: by}))
	wifi := content.FAQEdit{
		Key: "wifi", Active: true, Saved: by,
		Phrases: models.Words{"en": {"do you have wifi"}, "es": {"tenéis wifi"}, "ar": {"هل يوجد واي فاي"}},
		Answers: models.Text{"en": "Yes, free for guests. We're open {{.Hours}}.", "es": "Sí, {{.Hours}}.", "ar": "نعم، {{.Hours}}."},
	}
	s.must(s.Content.SaveFAQ(s.ctx, wifi))
	s.writes("thanks!")
	if got := s.heard(); !strings.Contains(got, "Any time, dear!") {
		t.Errorf("after the edit: %q", got)
	}
	s.writes("do you have wifi?")
	if got := s.heard(); !strings.Contains(got, "Yes, free for guests. We're open Monday") {
		t.Errorf("the new question is answered with %q", got)
	}
	wifi.Active, wifi.Seen = false, 1
	s.must(s.Content.SaveFAQ(s.ctx, wifi))
	s.writes("do you have wifi?")
	if got := s.heard(); strings.Contains(got, "free for guests") {
		t.Errorf("the retired question is answered with %q", got)
	}
}

// A policy that staff edited decides the next hold; a hold that stands keeps its terms.
func TestTheNextHoldKeepsTheNewTerms(t *testing.T) {
	s := openHouse(t, "2026-10-06 10:00")
	s.returning("Noor", "Haddad", "en")
	s.writes("a haircut with Dana on Friday at 12:30")
	s.writes("yes")
	before := s.heard()
	if !strings.Contains(before, "(20% of €26.20)") {
		t.Fatalf("the first hold: %q", before)
	}
	if _, err := s.Settings.Change(s.ctx, settings.Edit{Actor: "staff:x", Changes: []settings.Change{
		{Key: "deposit.percent", Value: 50}, {Key: "hold.minutes", Value: 45},
	}}); err != nil {
		t.Fatal(err)
	}
	visits, err := s.Diary.OfCustomer(s.ctx, s.facts(t).Customer.ID)
	s.must(err)
	if len(visits) != 1 || visits[0].Terms.DepositPercent != 20 || visits[0].DepositMinor != 524 {
		t.Errorf("the standing hold has %+v", visits)
	}
	s.writes("no, Friday at 16:00 please")
	s.writes("yes")
	visits, err = s.Diary.OfCustomer(s.ctx, s.facts(t).Customer.ID)
	s.must(err)
	i := slices.IndexFunc(visits, func(v models.Appointment) bool { return v.Status == models.Provisional })
	if i < 0 || visits[i].Terms.DepositPercent != 50 || visits[i].Terms.HoldMinutes != 45 || visits[i].DepositMinor != 1310 {
		t.Errorf("the next hold has %+v\n%s", visits, s.heard())
	}
}

func (s *house) facts(t *testing.T) Facts {
	t.Helper()
	_, salon, err := s.salon(s.ctx)
	s.must(err)
	person, err := s.Customers.Person(s.ctx, s.conversation().ContactID)
	s.must(err)
	f, err := s.Clerk.facts(s.ctx, salon, s.conversation(), person, State{})
	s.must(err)
	return f
}

// Trying a message says what would be answered and leaves nothing behind.
func TestTry(t *testing.T) {
	s := openHouse(t, "2026-10-06 10:00")
	for _, c := range []struct {
		lang, text, faq, reply string
		searches, handsOff     bool
	}{
		{"en", "when are you open?", "hours", "We're open Monday", false, false},
		{"es", "¿hay aparcamiento?", "parking", "calle del Olmo", false, false},
		{"ar", "أين أنتم؟", "address", "openstreetmap", false, false},
		{"en", "a haircut tomorrow with Dana", "", "", true, false},
		{"en", "I want to talk to a person", "", "colleague", false, true},
	} {
		got, err := s.Try(s.ctx, c.lang, c.text)
		s.must(err)
		said := ""
		for _, r := range got.Replies {
			said += r.Text
		}
		if c.faq != "" && !slices.Contains(got.FAQs, c.faq) || !strings.Contains(said, c.reply) || got.Searches != c.searches || got.HandsOff != c.handsOff {
			t.Errorf("%q: %+v", c.text, got)
		}
	}
	var messages int64
	s.must(s.DB.On(s.ctx).Model(&models.Message{}).Count(&messages).Error)
	if messages != 0 {
		t.Errorf("trying left %d messages", messages)
	}
}
