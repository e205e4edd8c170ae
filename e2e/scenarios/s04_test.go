package scenarios

import (
	"strings"
	"testing"

	"frontdesk/e2e/harness"
	"frontdesk/models"
)

// S04: a health question goes to a person.

type s04 struct{ ask, yes string }

var (
	s04Scripted = map[models.Language]s04{
		"en": {"Is it safe to dye my hair while pregnant?", "Yes, Vera"},
		"es": {"¿Es seguro teñirme estando embarazada?", "Sí, Vera"},
		"ar": {"هل صبغ الشعر آمن أثناء الحمل؟", "نعم، فيرا"},
	}
	s04Ordinary = map[models.Language]s04{
		"en": {"hiya, 5 months pregnant here.. can i still get highlights done?", "yep thats me"},
		"es": {"holaa estoy embarazada de 5 meses, me puedo hacer mechas?", "si, soy yo"},
		"ar": {"السلام عليكم انا حامل بالشهر الخامس، عادي اسوي هايلايت؟", "اي انا"},
	}
	// The topics of the detection list, one way each.
	s04Topics = map[string]words{
		"breastfeeding":    {"en": "I'm breastfeeding, can I have a keratin treatment?", "es": "estoy dando el pecho, ¿puedo hacerme la queratina?", "ar": "أنا مرضعة، هل يمكنني صبغ شعري؟"},
		"allergy":          {"en": "last time the dye gave me a rash, can I try again?", "es": "tengo alergia al tinte, ¿qué hago?", "ar": "عندي حساسية من الصبغة"},
		"skin condition":   {"en": "I have psoriasis on my scalp", "es": "tengo psoriasis en el cuero cabelludo", "ar": "عندي صدفية في فروة الرأس"},
		"injured skin":     {"en": "I have an open wound on my foot, pedicure ok?", "es": "tengo una herida abierta en el pie, ¿pedicura?", "ar": "عندي جرح مفتوح في القدم، هل ينفع الباديكير؟"},
		"medication":       {"en": "I'm taking roaccutane, can I get waxed?", "es": "estoy tomando roacután, ¿me puedo depilar?", "ar": "أتناول دواء روأكيوتان، هل أستطيع إزالة الشعر؟"},
		"surgery":          {"en": "I had surgery two weeks ago, is a massage ok?", "es": "me operaron hace dos semanas, ¿puedo darme un masaje?", "ar": "أجريت عملية جراحية قبل أسبوعين، هل يمكنني عمل مساج؟"},
		"illness":          {"en": "I have cancer and I'm in chemo, can I colour my hair?", "es": "tengo cáncer y estoy con quimio, ¿me puedo teñir?", "ar": "أنا مريضة سرطان وأتعالج بالكيماوي، هل أصبغ شعري؟"},
		"contraindication": {"en": "are there any contraindications for the facial?", "es": "¿tiene contraindicaciones el facial?", "ar": "هل هناك موانع لعلاج الوجه؟"},
	}
	s04Mixed    = words{"en": "Where can I park, and is dyeing safe while pregnant?", "es": "¿Dónde aparco, y es seguro el tinte estando embarazada?", "ar": "أين أوقف السيارة، وهل الصبغة آمنة للحامل؟"}
	s04Refusals = words{"en": "I'd rather not say", "es": "prefiero no decirlo", "ar": "أفضل ألا أقول"}
)

func TestS04(t *testing.T) {
	t.Parallel()
	app := harness.Start(t, harness.Options{})

	t.Run("scripted", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS04(t, app.For(t), lang, s04Scripted[lang]) })
	})
	t.Run("in ordinary words", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS04(t, app.For(t), lang, s04Ordinary[lang]) })
	})
	t.Run("whoever gives no name is handed over all the same", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			app := app.For(t)
			phone, _ := app.Given("S04", lang)
			app.Say(phone, s04Scripted[lang].ask)
			says(t, lang, app.Say(phone, s04Refusals[lang]))
			handedOver(t, app, phone, models.ReasonMedical)
			if c := app.State(phone).Customer; c != nil {
				t.Errorf("somebody without a name became %+v", c)
			}
		})
	})
	t.Run("health wins over a question that could be answered", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			app := app.For(t)
			phone, _ := app.Given("S04", lang)
			silentOn(t, append(app.Say(phone, s04Mixed[lang]), app.Say(phone, s04Scripted[lang].yes)...), "Olmo", "أولمو")
			handedOver(t, app, phone, models.ReasonMedical)
		})
	})
	t.Run("who is on duty hears of it at once", func(t *testing.T) {
		app := app.For(t)
		app.Settle() // nobody is to be told of the customers before
		app.Exec("UPDATE staff SET phone = '+447700900240' WHERE role = 'operator'")
		t.Cleanup(func() { app.Exec("UPDATE staff SET phone = ''") })
		ask := func() {
			phone, _ := app.Given("S04", "en")
			app.Say(phone, s04Scripted["en"].ask)
			app.Say(phone, s04Scripted["en"].yes)
			handedOver(t, app, phone, models.ReasonMedical)
			app.Settle()
		}
		ask()
		if got := app.Texts("+447700900240"); len(got) != 1 || strings.Contains(got[0], "Vera") {
			t.Errorf("texts %q, want one that names nobody", got)
		}
		urgentlyTold(t, app, "sms sent")
		app.Fault("sms", "500")
		defer app.Fault("sms", "ok")
		ask()
		urgentlyTold(t, app, "sms failed internal, mail sent")
	})
	t.Run("every topic, of somebody known at once", func(t *testing.T) {
		langs, n := models.Languages(), 0
		for topic, asks := range s04Topics { // each in one language here; package understand knows them all in each
			lang := langs[n%len(langs)]
			n++
			t.Run(topic+" "+lang, func(t *testing.T) {
				app := app.For(t)
				phone, _ := app.Given("S18", lang)
				got := app.Say(phone, asks[lang])
				says(t, lang, got)
				givesNoAdvice(t, got)
				handedOver(t, app, phone, models.ReasonMedical)
			})
		}
	})
}

func playS04(t *testing.T, app *harness.App, lang models.Language, w s04) {
	phone, _ := app.Given("S04", lang)
	asked := app.Say(phone, w.ask)
	says(t, lang, asked, "Vera", "/privacy")
	givesNoAdvice(t, asked)
	if s := app.State(phone); s.HumanMode || len(s.Cases) != 0 {
		t.Errorf("handed over before the name: %+v", s)
	}
	told := app.Say(phone, w.yes)
	says(t, lang, told)
	givesNoAdvice(t, told)
	s := handedOver(t, app, phone, models.ReasonMedical)
	if pregnancy := (words{"en": "pregnancy", "es": "embarazo", "ar": "الحمل"})[lang]; !strings.Contains(s.Cases[0].Summary, pregnancy) {
		t.Errorf("summary %q, want the topic %q", s.Cases[0].Summary, pregnancy)
	}
	if app.Number("SELECT count(*) FROM cases WHERE trigger_text = $1", w.ask) != 1 {
		t.Error("the case does not quote the question")
	}
	if c := s.Customer; c == nil || c.Name != "Vera" || c.Surname != "" {
		t.Errorf("customer %+v, want Vera alone", c)
	}
	if len(s.Appointments) != 0 {
		t.Errorf("appointments %+v", s.Appointments)
	}
	if more := app.Say(phone, w.ask); len(more) != 0 {
		t.Errorf("the assistant talks over a person: %s", harness.Said(more))
	}
}

// handedOver fails unless the conversation has one open case, for the reason, and a person.
func handedOver(t *testing.T, app *harness.App, phone string, reason models.HandoffReason) harness.State {
	t.Helper()
	s := app.State(phone)
	if !s.HumanMode || len(s.Cases) != 1 || s.Cases[0].Reason != string(reason) || s.Cases[0].Status != "open" {
		t.Fatalf("human mode %v, cases %+v; want one open case %s", s.HumanMode, s.Cases, reason)
	}
	return s
}

// givesNoAdvice fails when a reply names a price, a time or a place, or offers something to choose but a name.
func givesNoAdvice(t *testing.T, replies []harness.Reply) {
	t.Helper()
	silentOn(t, replies, "€", "min", "Olmo", "أولمو", "دقيقة")
	if at := times(replies); len(at) > 0 {
		t.Errorf("times %v in:\n%s", at, harness.Said(replies))
	}
	for _, r := range replies {
		for _, b := range r.Buttons {
			if !strings.HasPrefix(b.ID, "name:") {
				t.Errorf("offers %q", b.Title)
			}
		}
	}
}
