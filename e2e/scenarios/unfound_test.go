package scenarios

import (
	"net/http"
	"net/url"
	"testing"

	"frontdesk/e2e/harness"
	"frontdesk/models"
)

// What customers ask about a visit or a payment that is not found here.
var (
	cancelFriday = words{"en": "cancel my Friday visit please", "es": "quiero cancelar mi cita del viernes", "ar": "أريد إلغاء موعدي يوم الجمعة"}
	whenIsIt     = words{"en": "when is my appointment?", "es": "¿cuándo es mi cita?", "ar": "متى موعدي؟"}
	paidAlready  = words{"en": "I have already paid the deposit", "es": "ya he pagado la señal", "ar": "لقد دفعت العربون"}
	thatsMe      = words{"en": "yes", "es": "sí", "ar": "نعم"}
)

// Somebody whom the salon does not know asks to cancel a visit: after the name a colleague is offered, and nothing
// is sold to them.
func playStrangerCancels(t *testing.T, app *harness.App, lang models.Language) {
	phone, _ := app.Given("S01", lang)
	says(t, lang, app.Say(phone, cancelFriday[lang]))
	offered := app.Say(phone, thatsMe[lang])
	says(t, lang, offered)
	if last := offered[len(offered)-1]; len(last.Buttons) != 2 {
		t.Errorf("want a colleague offered, yes or no, got %q:\n%s", last.Buttons, harness.Said(offered))
	}
	if s := app.State(phone); s.Customer == nil || s.HumanMode || len(s.Appointments) != 0 {
		t.Errorf("before the answer: %+v", s)
	}
	says(t, lang, app.Say(phone, thatsMe[lang]))
	handedOver(t, app, phone, models.ReasonManualRequest)
	if app.Number("SELECT count(*) FROM cases WHERE trigger_text = $1", cancelFriday[lang]) != 1 {
		t.Error("the case does not quote the wish")
	}
}

// Whoever asks a second time in a row is passed on.
func playNotFoundTwice(t *testing.T, app *harness.App, lang models.Language) {
	phone, _ := app.Given("S18", lang)
	says(t, lang, app.Say(phone, whenIsIt[lang]))
	if s := app.State(phone); s.HumanMode {
		t.Fatalf("passed on at once: %+v", s.Cases)
	}
	says(t, lang, app.Say(phone, cancelFriday[lang]))
	handedOver(t, app, phone, models.ReasonManualRequest)
}

// Money that is not found goes to those who see to payments.
func playPaidNotFound(t *testing.T, app *harness.App, lang models.Language) {
	phone, _ := app.Given("S18", lang)
	says(t, lang, app.Say(phone, paidAlready[lang]))
	says(t, lang, app.Say(phone, thatsMe[lang]))
	handedOver(t, app, phone, models.ReasonPaymentFailure)
}

// The salon asks for no deposit: the visit is booked at once, and no answer speaks of money in advance.
func playWithoutDeposit(t *testing.T, app *harness.App, lang models.Language) {
	phone, _ := app.Given("S18", lang)
	asksForNoDeposits(t, app)
	if got := app.Say(phone, words{"en": "do you take cards?", "es": "¿cómo se paga?", "ar": "كيف أدفع؟"}[lang]); len(got) != 1 {
		t.Fatalf("answers %s", harness.Said(got))
	} else {
		says(t, lang, got)
		silentOn(t, got, "%", "20")
	}
	says(t, lang, app.Say(phone, s18Scripted[lang].ask), "16:30")
	booked := app.Say(phone, s18Scripted[lang].choose)
	says(t, lang, booked, "16:30", "26.20")
	silentOn(t, booked, "5.24", "http")
	if v := onlyVisit(t, app, phone); v.Status != "confirmed" || v.DepositMinor != 0 || v.DepositState != "none" {
		t.Errorf("booked without a deposit: %+v", v)
	}
}

// asksForNoDeposits switches deposits off until the next scene.
func asksForNoDeposits(t *testing.T, app *harness.App) {
	t.Helper()
	form := url.Values{"deposit.enabled": {"no"}, "phrase": {"ask for a deposit"}}
	if status, body := app.Desk("PM").Post("/console/policies/deposit.enabled/change", form); status != http.StatusOK {
		t.Fatalf("deposits off: %d %s", status, body)
	}
}
