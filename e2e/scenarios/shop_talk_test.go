package scenarios

import (
	"strings"
	"testing"
	"unicode/utf16"

	"frontdesk/e2e/harness"
	"frontdesk/models"
)

// command is what is typed and what must stand in the answer.
type command struct {
	text  string
	facts []string
}

// shopCommands are all commands of R-730, in an order in which each has something to act on.
func shopCommands(lang models.Language) []command {
	oil := arganOil[lang]
	verbs := map[models.Language][]string{
		"en": {"browse", "show shampoo", "show shampoo page 2", "more", "details OIL-ARG-50", "add OIL-ARG-50", "cart", "qty OIL-ARG-50 3", "remove OIL-ARG-50", "checkout", "status", "return"},
		"es": {"catálogo", "ver shampoo", "ver shampoo página 2", "más", "detalles OIL-ARG-50", "añade OIL-ARG-50", "carrito", "cantidad OIL-ARG-50 3", "quita OIL-ARG-50", "pagar", "estado", "devolver"},
		"ar": {"تصفح", "اعرض shampoo", "اعرض shampoo صفحة ٢", "المزيد", "تفاصيل OIL-ARG-50", "أضف OIL-ARG-50", "السلة", "كمية OIL-ARG-50 ٣", "احذف OIL-ARG-50", "الدفع", "حالة الطلب", "إرجاع"},
	}[lang]
	facts := [][]string{
		{words{"en": "Hair care", "es": "Cuidado del cabello", "ar": "العناية بالشعر"}[lang]}, {"1–5", "28"}, {"6–10", "28"}, {"11–15", "28"},
		{oil, "13.90", "OIL-ARG-50"}, {"1 ×", oil, "33.90"}, {"1 ×", oil, "13.90", "20.00", "33.90"}, {"3 ×", "41.70", "61.70"}, {oil}, nil, nil, nil,
	}
	all := make([]command, len(verbs))
	for i, verb := range verbs {
		all[i] = command{verb, facts[i]}
	}
	return all
}

func TestShopCommands(t *testing.T) {
	app := shopApp(t)
	t.Run("all of them", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			app := app.For(t)
			phone, _ := app.Given("S01", lang)
			for _, c := range shopCommands(lang) {
				says(t, lang, app.Say(phone, c.text), c.facts...)
			}
			withinLimits(t, app.Transcript(phone))
			person := words{"en": "person", "es": "persona", "ar": "موظف"}
			says(t, lang, app.Say(phone, person[lang]))
			if s := app.State(phone); !s.HumanMode || len(s.Cases) != 1 || s.Cases[0].Reason != "manual_request" {
				t.Errorf("after asking for a person: %+v", s)
			}
			if got := app.Say(phone, shopCommands(lang)[0].text); len(got) != 0 {
				t.Errorf("the assistant goes on beside a person: %s", harness.Said(got))
			}
		})
	})
	t.Run("a visit is booked beside a purchase", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playMixed(t, app.For(t), lang) })
	})
}

// withinLimits holds what was shown to what WhatsApp shows.
func withinLimits(t *testing.T, shown []harness.Reply) {
	t.Helper()
	units := func(s string) int { return len(utf16.Encode([]rune(s))) }
	for _, r := range shown {
		if r.Direction != "out" {
			continue
		}
		if len(r.Buttons) > 3 || len(r.Rows) > 10 || len(r.Buttons) > 0 && len(r.Rows) > 0 {
			t.Errorf("%d buttons and %d rows below %q", len(r.Buttons), len(r.Rows), r.Text)
		}
		for _, b := range r.Buttons {
			if units(b.Title) > 20 || b.Title == "" || units(b.ID) > 256 {
				t.Errorf("button %+v", b)
			}
		}
		for _, row := range r.Rows {
			if units(row.Title) > 24 || row.Title == "" || units(row.Description) > 72 || units(row.ID) > 200 {
				t.Errorf("row %+v", row)
			}
		}
	}
}

// mixed is one way to book a visit with a purchase in between.
type mixed struct{ book, name, single, search, add, anyone, back, time, surname string }

var shopMixed = map[models.Language]mixed{
	"en": {"highlights on Friday please", "yes that's me", "no, only the highlights", "do you have argan oil?", "add OIL-ARG-50", "first available", "back to my booking", "12:30", "Haddad"},
	"es": {"mechas el viernes, por favor", "sí, soy yo", "no, solo las mechas", "¿tenéis aceite de argán?", "añade OIL-ARG-50", "lo primero que haya", "volver a mi cita", "12:30", "Haddad"},
	"ar": {"أريد هايلايت يوم الجمعة", "نعم، أنا نور", "لا، فقط الهايلايت", "عندكم زيت أرغان؟", "أضف OIL-ARG-50", "أول موعد متاح", "نرجع للموعد", "12:30", "حداد"},
}

// playMixed books a visit, fills a cart in the middle of it, comes back, and ends with both: neither takes the other's words.
func playMixed(t *testing.T, app *harness.App, lang models.Language) {
	phone, _ := app.Given("S01", lang)
	w := shopMixed[lang]
	app.Say(phone, w.book)
	says(t, lang, app.Say(phone, w.name), "62.50", "80.00")
	found := app.Say(phone, w.search)
	says(t, lang, found, arganOil[lang])
	silentOn(t, found, "62.50")
	says(t, lang, app.Say(phone, w.add), "33.90")
	says(t, lang, app.Say(phone, w.back), "80.00")
	says(t, lang, app.Say(phone, w.single), salma[lang])
	options := app.Say(phone, w.anyone)
	onlyTimes(t, options, "10:30", "12:30")
	says(t, lang, app.Say(phone, shopScripted[lang].cart), "33.90", arganOil[lang])
	app.Say(phone, w.time)
	held := app.Say(phone, w.surname)
	says(t, lang, held, "12.50", "12:30")
	link := onlyLink(t, held)
	visit := onlyVisit(t, app, phone)
	if visit.Status != "provisional" || visit.DepositMinor != 1250 || visit.Stylist != "Dana" {
		t.Errorf("held %+v", visit)
	}

	s := shopScripted[lang]
	says(t, lang, app.Say(phone, s.checkout), "/privacy")
	for _, text := range []string{s.agree, s.street, s.city, s.country, s.note} {
		app.Say(phone, text)
	}
	says(t, lang, app.Say(phone, cashOnly[lang]), "33.90")
	placed := app.Say(phone, s.yes)
	number := orderNumber(t, app, phone)
	says(t, lang, placed, number)
	says(t, lang, app.Pay(link, "paid", 1), "12.50", "12:30", dana[lang])
	visit = onlyVisit(t, app, phone)
	if visit.Status != "confirmed" || orderStatus(app, phone) != "confirmed" {
		t.Errorf("visit %s, order %s", visit.Status, orderStatus(app, phone))
	}
	mine := words{"en": "when is my appointment?", "es": "¿cuándo es mi cita?", "ar": "متى موعدي؟"}
	answer := app.Say(phone, mine[lang])
	says(t, lang, answer, "12:30", dana[lang])
	silentOn(t, answer, number)
	status := app.Say(phone, s.where)
	says(t, lang, status, number, "33.90")
	silentOn(t, status, "12:30")
	if total := strings.Count(strings.Join(app.Received(phone), "\n"), "/pay/"); total != 1 {
		t.Errorf("%d payment links, want the deposit's alone", total)
	}
	withinLimits(t, app.Transcript(phone))
}
