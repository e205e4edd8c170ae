package browser

import (
	"strings"

	"frontdesk/models"
)

// caseWorked: a case appears by itself in the Cases room; the operator takes it over from there while the
// assistant is about to answer, answers, and resolves it with its one word; it is among those that are done.
func caseWorked(s stage) {
	phone, _ := s.app.Given("S01", s.lang)
	s.app.Say(phone, asks[s.lang][0])
	desk := s.desk("operator")
	s.open(desk, "/console/cases")
	desk.Sees("main", "")

	person := words{"en": "I want to talk to a person", "ar": "أريد التحدث مع موظف"}[s.lang]
	s.app.Say(phone, person)
	desk.Sees("main", person) // it came by itself
	s.picture(desk, "case-1-waits")
	s.open(desk, "/console/cases?pace=soon&reason=manual_request")
	desk.Sees("main", person)
	s.open(desk, "/console/cases?pace=late")
	desk.Until("no late case is listed", `!document.querySelector("main .case")`)

	s.open(desk, "/console/cases")
	desk.Click("main form[action$='/take-over'] button")
	desk.Sees("main", words{"en": "With you", "ar": "معك"}[s.lang])
	s.picture(desk, "case-2-mine")
	desk.Follow("main .card a[href*='/console/conversations/']")
	mine := words{"en": "This is Olga, how can I help?", "ar": "معك أولغا، كيف أساعدك؟"}[s.lang]
	desk.Fill("#composer-text", mine)
	desk.Click("#composer form button[type=submit]")
	s.told(phone, 0, mine)
	if got := s.app.Say(phone, asks[s.lang][1]); len(got) != 0 {
		s.Errorf("the assistant answers beside a person: %+v", got)
	}

	s.open(desk, "/console/cases?pace=answered")
	desk.Click("main a[href$='/resolve']")
	desk.Click("input[name='label'][value='" + string(models.LabelNeeded) + "']")
	desk.Click(submit)
	desk.Sees(toast, "")
	s.open(desk, "/console/cases/resolved")
	desk.Sees("main", "Olga")
	s.picture(desk, "case-3-done")
	if cases := s.app.State(phone).Cases; len(cases) != 1 || cases[0].Status != string(models.CaseResolved) || strings.TrimSpace(cases[0].Summary) == "" {
		s.Errorf("cases %+v", cases)
	}
}
