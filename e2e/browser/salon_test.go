package browser

import (
	"fmt"
	"strconv"
	"strings"

	"frontdesk/e2e/harness"
)

const (
	submit = "#dialog .act-buttons button[type=submit]"
	toast  = "#toasts [data-toast]"
	undo   = "#toasts form[data-undo] button"
)

// priceEdited: a manager changes a price; the next quote carries it, and the history says who did it.
func priceEdited(s stage) {
	phone, _ := s.app.Given("S01", s.lang)
	desk := s.desk("pm")
	s.open(desk, "/console/services")
	edit := editHighlights(s, desk)
	desk.Click(edit)
	desk.FocusOn("#dialog [name=price]")
	before := harness.Eval[string](desk, `document.querySelector("#dialog [name=price]").value`)
	after := dearer(s, before)
	desk.Fill("#dialog [name=price]", after)
	desk.Sees("#dialog .customer-reads", after)
	s.picture(desk, "price-1-preview")
	desk.Click(submit)
	desk.Sees(toast, "")
	desk.Gone("#dialog[open]")
	desk.Sees("#content", after)
	s.picture(desk, "price-2-saved")

	s.app.Say(phone, asks[s.lang][0])
	if quote := harness.Said(s.app.Say(phone, asks[s.lang][1])); !strings.Contains(quote, after) || strings.Contains(quote, before) {
		s.Errorf("the next quote is %q, want %s instead of %s", quote, after, before)
	}

	service := strings.TrimSuffix(harness.Eval[string](desk, fmt.Sprintf("document.querySelector(%q).pathname", edit)), "/edit")
	s.open(desk, service)
	desk.Sees(".history li", before, after, "Paula Manager")
	s.picture(desk, "price-3-history")
}

// editHighlights selects the link that edits the service of the journeys' customers.
func editHighlights(s stage, desk *harness.Page) string {
	s.Helper()
	name := words{"en": "Highlights", "ar": "هايلايت للشعر"}[s.lang]
	path := harness.Eval[string](desk, fmt.Sprintf(`(() => { const row = [...document.querySelectorAll("tbody tr")].find(r => r.innerText.includes(%q));
		return row ? row.querySelector("a[href$='/edit']").getAttribute("href") : "" })()`, name))
	if path == "" {
		s.Fatalf("no service %s in:\n%s", name, desk.Text("main"))
	}
	return fmt.Sprintf("main a[href=%q]", path)
}

// dearer is a price 1.25 higher.
func dearer(s stage, price string) string {
	s.Helper()
	amount, err := strconv.ParseFloat(price, 64)
	if err != nil {
		s.Fatalf("price %q: %v", price, err)
	}
	return strconv.FormatFloat(amount+1.25, 'f', 2, 64)
}

// takenOver: an operator takes a conversation over while an answer of the assistant is written but not
// yet with the customer. The answer never comes; the person's does; and handed back, the assistant
// answers again.
func takenOver(s stage) {
	phone, _ := s.app.Given("S01", s.lang)
	s.app.Say(phone, asks[s.lang][0])
	desk := s.desk("operator")
	s.open(desk, "/console/conversations")
	desk.Follow("main a[href*='/console/conversations/']")
	desk.Sees("#keeper", "")

	s.app.Fault("whatsapp", "500")
	defer s.app.Fault("whatsapp", "ok")
	s.app.Tell(phone, asks[s.lang][1])
	desk.Sees("#thread-scroll", "80.00") // written, and held up on its way out
	desk.Click("#keeper form[action$='/take-over'] button")
	desk.Sees("#keeper [data-press='e']", "")
	s.picture(desk, "takeover-1-mine")
	s.app.Fault("whatsapp", "ok")

	mine := words{"en": "This is Olga, I am looking into it.", "ar": "معك أولغا، أتحقق من الأمر الآن."}[s.lang]
	desk.Fill("#composer-text", mine)
	desk.Click("#composer form button[type=submit]")
	desk.Sees("#thread-scroll", mine)
	s.told(phone, 0, mine) // messages keep their order: what was written before it has had its turn
	for _, got := range s.app.Received(phone) {
		if strings.Contains(got, "80.00") {
			s.Errorf("the assistant speaks over a person: %q", got)
		}
	}
	s.picture(desk, "takeover-2-written")

	desk.Click("#keeper [data-press='e']")
	desk.Click(submit)
	desk.Sees(toast, "")
	desk.Until("the assistant has the conversation", `!document.querySelector("#keeper [data-press='e']")`)
	if got := s.app.Say(phone, asks[s.lang][1]); len(got) == 0 {
		s.Error("handed back, the assistant says nothing")
	}
	s.picture(desk, "takeover-3-handed-back")
}
