package scenarios

import (
	"strings"
	"testing"
	"time"

	"frontdesk/e2e/harness"
	"frontdesk/models"
)

// S01: a new customer, a pack suggested, a paid booking.

// s01 is one way to say each turn.
type s01 struct{ ask, yes, pack, anyone, time, surname string }

var (
	s01Scripted = map[models.Language]s01{
		"en": {"I'd like highlights on Friday", "Yes, that's me", "The pack, please", "First available", "12:30", "Haddad"},
		"es": {"Me gustaría ponerme mechas el viernes", "Sí, soy yo", "El pack, por favor", "Lo primero que haya", "12:30", "Haddad"},
		"ar": {"أريد هايلايت يوم الجمعة", "نعم، أنا نور", "الباقة من فضلك", "أول موعد متاح", "12:30", "حداد"},
	}
	// The same wishes in words of the street: typos, other order, other digits.
	s01Ordinary = map[models.Language]s01{
		"en": {"hiya, could u fit me in for highlihgts this fri?", "yep thats right", "ok lets do the pack deal", "whoever is free first", "the second one pls", "it's Haddad"},
		"es": {"holaa, teneis hueco el viernes para hacerme unas mechas??", "si si, esa soy", "venga, el pack", "me da igual quien", "la segunda", "mi apellido es Haddad"},
		"ar": {"مرحبا ممكن احجز هايلايت الجمعه؟", "اي انا", "تمام خلينا على الباقة", "اي احد فاضي", "١٢:٣٠", "حداد"},
	}
	s01Declined = words{"en": "no, only the highlights", "es": "no, solo las mechas", "ar": "لا، فقط الهايلايت"}
)

func TestS01(t *testing.T) {
	t.Parallel()
	app := harness.Start(t, harness.Options{})

	t.Run("scripted", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS01(t, app, lang, s01Scripted[lang]) })
	})
	t.Run("in ordinary words", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS01(t, app, lang, s01Ordinary[lang]) })
	})
	t.Run("by taps", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS01ByTaps(t, app, lang) })
	})
	t.Run("pack declined", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			phone, _ := app.Given("S01", lang)
			w := s01Scripted[lang]
			app.Say(phone, w.ask)
			app.Say(phone, w.yes)
			app.Say(phone, s01Declined[lang])
			says(t, lang, app.Say(phone, w.anyone), "10:30", "12:30")
			app.Say(phone, w.time)
			held := app.Say(phone, w.surname)
			says(t, lang, held, "12.50", "20")
			visit := app.State(phone).Appointments[0]
			if visit.TotalMinor != 6250 || visit.DepositMinor != 1250 || visit.Pack != "" {
				t.Errorf("held %+v, want 62.50 with a deposit of 12.50 and no pack", visit)
			}
		})
	})
	t.Run("no pack in the data", func(t *testing.T) {
		phone, _ := app.Given("S01", "en")
		app.Exec("UPDATE packs SET active = false")
		defer app.Exec("UPDATE packs SET active = true")
		app.Say(phone, s01Scripted["en"].ask)
		got := app.Say(phone, s01Scripted["en"].yes)
		says(t, "en", got, "62.50", "Salma", "Dana")
		silentOn(t, got, "80.00", "8.70", "ack")
	})
	t.Run("unusable profile name", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			phone, _ := app.Given("S01", lang)
			asked := app.SayAs(phone, "✨✨", s01Scripted[lang].ask)
			says(t, lang, asked, "/privacy")
			silentOn(t, asked, "✨✨", "Noor", "نور")
			got := app.Say(phone, words{"en": "I'm Yasmin", "es": "Me llamo Yasmin", "ar": "اسمي ياسمين"}[lang])
			says(t, lang, got, "62.50", "80.00")
			want := words{"en": "Yasmin", "es": "Yasmin", "ar": "ياسمين"}[lang]
			if c := app.State(phone).Customer; c == nil || c.Name != want {
				t.Errorf("customer %+v, want %s", c, want)
			}
		})
	})
}

func playS01(t *testing.T, app *harness.App, lang models.Language, w s01) {
	phone, now := app.Given("S01", lang)

	intro := app.Say(phone, w.ask)
	says(t, lang, intro, words{"en": "Luma", "es": "Luma", "ar": "لوما"}[lang], "Noor", "/privacy")
	silentOn(t, intro, "62.50", "80.00")
	if c := app.State(phone).Customer; c != nil {
		t.Errorf("a customer exists before the name is confirmed: %+v", c)
	}

	offer := app.Say(phone, w.yes)
	says(t, lang, offer, "62.50", "60", "80.00", "8.70")
	silentOn(t, offer, "/privacy")

	who := app.Say(phone, w.pack)
	says(t, lang, who, salma[lang], dana[lang], omar[lang], bruno[lang])
	silentOn(t, who, iris[lang])

	options := app.Say(phone, w.anyone)
	says(t, lang, options, salma[lang], dana[lang])
	onlyTimes(t, options, "10:30", "12:30")

	surname := app.Say(phone, w.time)
	if link := harness.Link(surname); link != "" {
		t.Errorf("a link before the surname: %s", link)
	}

	held := app.Say(phone, w.surname)
	says(t, lang, held, "16.00", "20", "24", "12:30")
	link := onlyLink(t, held)
	visit := onlyVisit(t, app, phone)
	friday := madrid(t, "2026-10-09 12:30")
	if visit.Status != "provisional" || visit.Pack != "PACK_HC" || visit.Stylist != "Dana" || visit.DepositMinor != 1600 ||
		visit.DepositState != "pending" || !visit.StartsAt.Equal(friday) || visit.EndsAt.Sub(visit.StartsAt) != time.Hour {
		t.Errorf("held %+v", visit)
	}
	if visit.HoldExpiresAt == nil || visit.HoldExpiresAt.Sub(now) != 30*time.Minute {
		t.Errorf("hold expires at %v, want 30 minutes after %v", visit.HoldExpiresAt, now)
	}

	confirmed := app.Pay(link, "paid", 3)
	says(t, lang, confirmed, "12:30", "13:30", dana[lang], "60", "16.00", "64.00")
	if n := len(confirmed); n != 1 {
		t.Errorf("%d messages after three copies of the payment event, want 1", n)
	}
	visit = onlyVisit(t, app, phone)
	if visit.Status != "confirmed" || visit.DepositState != "paid" || visit.TotalMinor != 8000 {
		t.Errorf("after payment %+v", visit)
	}
	customer := app.State(phone).Customer
	if customer == nil || customer.Surname == "" || customer.Language != lang {
		t.Errorf("customer %+v", customer)
	}
	app.Settle()
	if got := app.Number("SELECT total_spent_minor FROM customers WHERE phone = $1", phone); got != 8000 {
		t.Errorf("total spent %d, want 8000", got)
	}
	notices := app.Received(danasPhone)
	if len(notices) != 1 || !strings.Contains(notices[0], "12:30") || strings.Contains(notices[0], "addad") || strings.Contains(notices[0], "حداد") {
		t.Errorf("Dana's notices: %q, want one with 12:30 and the first name alone", notices)
	}
	links := 0
	for _, m := range app.Transcript(phone) {
		if strings.Contains(m.URL, "/privacy") {
			links++
		}
	}
	if links > 1 {
		t.Errorf("the privacy notice was linked %d times", links)
	}
}

func playS01ByTaps(t *testing.T, app *harness.App, lang models.Language) {
	phone, _ := app.Given("S01", lang)
	asked := app.Say(phone, s01Scripted[lang].ask)
	offer := app.Tap(phone, choice(t, asked), words{"en": "Yes", "es": "Sí", "ar": "نعم"}[lang])
	says(t, lang, offer, "80.00")
	accepted := choice(t, offer)
	who := app.Tap(phone, accepted, accepted.Buttons[0].Title)
	slots := app.Tap(phone, choice(t, who), dana[lang])
	says(t, lang, slots, dana[lang], "12:30", "18:00")
	silentOn(t, slots, salma[lang])
	app.Tap(phone, choice(t, slots), "18:00")
	held := app.Say(phone, s01Scripted[lang].surname)
	onlyLink(t, held)
	if v := onlyVisit(t, app, phone); v.Stylist != "Dana" || !v.StartsAt.Equal(madrid(t, "2026-10-09 18:00")) {
		t.Errorf("held %+v", v)
	}
}

// choice is the reply that offers buttons or rows.
func choice(t *testing.T, replies []harness.Reply) harness.Reply {
	t.Helper()
	for _, r := range replies {
		if len(r.Buttons)+len(r.Rows) > 0 {
			return r
		}
	}
	t.Fatalf("nothing to tap in:\n%s", harness.Said(replies))
	return harness.Reply{}
}

func onlyLink(t *testing.T, replies []harness.Reply) string {
	t.Helper()
	var links []string
	for _, r := range replies {
		if r.URL != "" {
			links = append(links, r.URL)
		}
	}
	if len(links) != 1 {
		t.Fatalf("links %q, want one, in:\n%s", links, harness.Said(replies))
	}
	return links[0]
}

func onlyVisit(t *testing.T, app *harness.App, phone string) harness.Visit {
	t.Helper()
	all := app.State(phone).Appointments
	if len(all) != 1 {
		t.Fatalf("%d appointments, want 1: %+v", len(all), all)
	}
	return all[0]
}
