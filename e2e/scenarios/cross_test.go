package scenarios

import (
	"strings"
	"testing"
	"time"

	"frontdesk/e2e/harness"
	"frontdesk/models"
)

// Checks that hold across scenarios (scenarios, section 6).

// firstWords are how each scenario begins.
var firstWords = map[string]words{
	"S01": {"en": "I'd like highlights on Friday", "es": "Me gustaría ponerme mechas el viernes", "ar": "أريد هايلايت يوم الجمعة"},
	"S02": {"en": "I need to change my Tuesday appointment", "es": "Necesito cambiar mi cita del martes", "ar": "أحتاج إلى تغيير موعدي يوم الثلاثاء"},
	"S03": {"en": "Something came up, please cancel my visit this afternoon", "es": "Me ha surgido algo, anulad mi visita de esta tarde", "ar": "طرأ أمر، ألغوا موعدي هذا المساء"},
	"S04": {"en": "Is it safe to dye my hair while pregnant?", "es": "¿Es seguro teñirme estando embarazada?", "ar": "هل صبغ الشعر آمن أثناء الحمل؟"},
	"S05": {"en": "A full colour for Thursday morning", "es": "Una coloración completa el jueves por la mañana", "ar": "صبغة كاملة صباح الخميس"},
	"S06": {"en": "What are your Saturday hours, and where can I park?", "es": "¿Qué horario tenéis el sábado y dónde se puede aparcar?", "ar": "ما مواعيد السبت وأين يمكنني إيقاف السيارة؟"},
	"S07": {"en": "My daughter and I would come on Friday afternoon, a haircut and a styling", "es": "El viernes por la tarde vendríamos mi hija y yo: un corte y un peinado", "ar": "سنأتي أنا وابنتي بعد ظهر الجمعة: قص وتصفيف"},
	"S08": {"en": "Not sure between the oil colour and the rich clay mask, what do you suggest?", "es": "Dudo entre el color en aceite y la arcilla intensiva, ¿qué me aconsejas?", "ar": "محتارة بين الصبغة الزيتية وقناع الطين الغني، بماذا تنصحون؟"},
	"S09": {"en": "I'll be there, thanks", "es": "Allí estaré, gracias", "ar": "سأكون هناك، شكرًا"},
	"S10": {"en": "Rich clay mask, deep moisture and long-hair styling on Friday morning, possible?", "es": "Arcilla intensiva, hidratación profunda y peinado largo el viernes por la mañana, ¿se puede?", "ar": "قناع الطين الغني وترطيب عميق وتصفيف شعر طويل صباح الجمعة، ممكن؟"},
	"S11": {"en": "Sorry, delayed, I'll be there in 20 minutes", "es": "Perdón, me retraso: estaré ahí en 20 minutos", "ar": "عذرًا، تأخرت، سأصل خلال 20 دقيقة"},
	"S12": {"en": "A revitalising facial for my mother on Monday", "es": "Un facial revitalizante para mi madre el lunes", "ar": "علاج للوجه لوالدتي يوم الاثنين"},
	"S13": {"en": "Prices for eyebrow shaping and a manicure, please", "es": "¿Qué precio tienen las cejas y la manicura?", "ar": "ما أسعار تحديد الحواجب والمانيكير؟"},
	"S14": {"en": "Tomorrow is impossible for me, please drop the visit", "es": "Mañana me es imposible, anulad la visita", "ar": "غدًا مستحيل بالنسبة لي، ألغوا الموعد"},
	"S15": {"en": "Cut, full colour and quick blow-dry: how much time in total?", "es": "Corte, coloración completa y secado rápido: ¿cuánto tiempo en total?", "ar": "قص وصبغة كاملة وتجفيف سريع: كم الوقت الإجمالي؟"},
	"S16": {"en": "Thursday, the usual please", "es": "Este jueves, lo de siempre, por favor", "ar": "الخميس، المعتاد من فضلك"},
	"S17": {"en": "Monday is a holiday, will you be open?", "es": "El lunes es fiesta, ¿estaréis abiertos?", "ar": "الاثنين عطلة، هل ستكونون مفتوحين؟"},
	"S18": {"en": "Any chance of a haircut today?", "es": "¿Hay hueco hoy para un corte?", "ar": "هل يوجد موعد قص شعر اليوم؟"},
}

// personPlease asks for a person.
var personPlease = words{"en": "can I talk to a real person please", "es": "quiero hablar con una persona", "ar": "أريد التحدث مع موظف"}

func TestCross(t *testing.T) {
	t.Parallel()
	app := harness.Start(t, harness.Options{})

	t.Run("1, 3, 4 and 7 in every scenario", func(t *testing.T) {
		langs := models.Languages()
		for i, name := range scenarioNames() {
			// Each scenario in one language, and the wish for a person in the next.
			lang, other := langs[i%len(langs)], langs[(i+1)%len(langs)]
			t.Run(name+" "+lang, func(t *testing.T) { playCross(t, app.For(t), name, lang, other) })
		}
	})
	t.Run("1 replies follow the customer's last language", func(t *testing.T) {
		app := app.For(t)
		phone, _ := app.Given("S01", "es")
		says(t, "es", app.Say(phone, s01Scripted["es"].ask), "Noor")
		says(t, "ar", app.Say(phone, s01Scripted["ar"].yes), "80.00")
		says(t, "en", app.Say(phone, "the pack please, and in English"), "Dana")
		if c := app.State(phone).Customer; c == nil || c.Language != "en" {
			t.Errorf("customer %+v", c)
		}
	})
	t.Run("1 names keep their script", func(t *testing.T) {
		app := app.For(t)
		phone, _ := app.Given("S17", "es")
		says(t, "es", app.Say(phone, s17Scripted["es"].ask))
		says(t, "ar", app.Say(phone, s17Scripted["ar"].name), dalia["ar"])
		says(t, "en", app.Say(phone, "a haircut on Tuesday morning please"), "Salma")
		app.Say(phone, "10:30")
		held := app.Say(phone, "Rowe")
		says(t, "en", held, "10:30", dalia["ar"])
		if c := app.State(phone).Customer; c == nil || c.Name != dalia["ar"] || c.Surname != "Rowe" {
			t.Errorf("customer %+v", c)
		}
	})
	t.Run("4 and 7 a person on request, at any point", func(t *testing.T) {
		for turns := range 5 {
			lang := models.Languages()[turns%3]
			t.Run(lang, func(t *testing.T) {
				app, w := app.For(t), s01Scripted[lang]
				phone, _ := app.Given("S01", lang)
				for _, text := range []string{w.ask, w.yes, w.pack, w.anyone}[:turns] {
					app.Say(phone, text)
				}
				says(t, lang, app.Say(phone, personPlease[lang]))
				handedOver(t, app, phone, models.ReasonManualRequest)
			})
		}
	})
	t.Run("4 receipts still go while a person has the chat", func(t *testing.T) {
		app := app.For(t)
		phone, link := heldS18(t, app, "en")
		app.Say(phone, "agent")
		before := len(app.Received(phone))
		app.Advance(10 * time.Minute) // the warning of a hold is no receipt
		if told := app.Received(phone)[before:]; len(told) != 0 {
			t.Errorf("the assistant speaks: %q", told)
		}
		says(t, "en", app.Pay(link, "paid", 1), "16:30", "5.24")
	})
	t.Run("5 local times survive the clock change", func(t *testing.T) { playClockChange(t, app.For(t)) })
	t.Run("unclear three times", func(t *testing.T) {
		app := app.For(t)
		phone, _ := app.Given("S18", "en")
		for range 3 {
			app.Say(phone, "qwxz plom")
		}
		handedOver(t, app, phone, models.ReasonAmbiguity)
	})
	t.Run("a clear turn counts anew", func(t *testing.T) {
		app := app.For(t)
		phone, _ := app.Given("S18", "en")
		for _, text := range []string{"qwxz plom", "where can I park?", "qwxz plom", "how are you?", "qwxz plom", "nice weather today, isn't it?"} {
			app.Say(phone, text)
		}
		if s := app.State(phone); s.HumanMode || len(s.Cases) != 0 {
			t.Errorf("handed over: %+v", s.Cases)
		}
	})
	t.Run("a change of mind replaces the hold", func(t *testing.T) {
		app := app.For(t)
		phone, _ := heldS18(t, app, "en")
		app.Say(phone, "actually 18:00 with Bruno please")
		live := 0
		for _, v := range app.State(phone).Appointments {
			if v.Status == "provisional" {
				live++
				if v.Stylist != "Bruno" {
					t.Errorf("holds %+v", v)
				}
			}
		}
		if live != 1 {
			t.Errorf("%d live holds, want 1", live)
		}
	})
}

func scenarioNames() []string {
	names := make([]string, 0, len(firstWords))
	for n := 1; n <= 18; n++ {
		names = append(names, "S"+string(rune('0'+n/10))+string(rune('0'+n%10)))
	}
	return names
}

// playCross begins a scenario with a message that is delivered three times, asks for a person in another
// language, and goes on writing.
func playCross(t *testing.T, app *harness.App, name string, lang, other models.Language) {
	phone, _ := app.Given(name, lang)
	app.Advance(0) // what is due already is no answer
	begin := func() []harness.Reply {
		var got struct{ Replies []harness.Reply }
		body := map[string]any{"from": phone, "text": firstWords[name][lang], "message_id": "wamid." + name, "wait_ms": 60000}
		if err := app.Control("say", body, &got); err != nil {
			t.Fatal(err)
		}
		return got.Replies
	}
	says(t, lang, begin())
	app.Settle()
	received, state := len(app.Received(phone)), app.State(phone)
	begin()
	begin()
	app.Settle()
	if again := app.Received(phone)[received:]; len(again) != 0 {
		t.Errorf("a message delivered three times was answered again: %q", again)
	}
	if now := app.State(phone); len(now.Appointments) != len(state.Appointments) || len(now.Cases) != len(state.Cases) {
		t.Errorf("a message delivered three times: %+v, want %+v", now, state)
	}
	asked := app.Say(phone, personPlease[other])
	if state.HumanMode {
		if len(asked) != 0 {
			t.Errorf("the assistant talks over a person: %s", harness.Said(asked))
		}
	} else {
		says(t, other, asked)
		if now := app.State(phone); !now.HumanMode || now.Cases[len(now.Cases)-1].Reason != string(models.ReasonManualRequest) {
			t.Errorf("asked for a person: %+v", now)
		}
	}
	if more := app.Say(phone, firstWords[name][lang]); len(more) != 0 {
		t.Errorf("the assistant talks over a person: %s", harness.Said(more))
	}
}

// playClockChange books around 25 October 2026, when Madrid's clocks go back at 03:00.
func playClockChange(t *testing.T, app *harness.App) {
	for _, c := range []struct{ now, ask, at string }{
		{"2026-10-23T10:00:00+02:00", "a haircut on Monday at 11:00 with Salma, please", "2026-10-26T10:00:00Z"},
		{"2026-10-23T10:00:00+02:00", "a haircut on Saturday at 11:00 with Salma, please", "2026-10-24T09:00:00Z"},
		{"2026-10-25T02:50:00+02:00", "a haircut on Monday at 11:00 with Salma, please", "2026-10-26T10:00:00Z"},
	} {
		phone, _ := app.Given("S18", "en")
		if err := app.Control("clock", map[string]any{"now": c.now}, nil); err != nil {
			t.Fatal(err)
		}
		held := app.Say(phone, c.ask)
		if len(app.State(phone).Appointments) == 0 {
			held = app.Say(phone, "11:00")
		}
		now, err := time.Parse(time.RFC3339, c.now)
		if err != nil {
			t.Fatal(err)
		}
		v := onlyVisit(t, app, phone)
		if v.StartsAt.UTC().Format(time.RFC3339) != c.at || v.HoldExpiresAt == nil || v.HoldExpiresAt.Sub(now) != 30*time.Minute {
			t.Errorf("%s: held %+v, want at %s and for 30 minutes", c.ask, v, c.at)
		}
		says(t, "en", held, "11:00")
		if strings.HasPrefix(c.now, "2026-10-25") {
			says(t, "en", held, "02:20") // half an hour later the clocks show less
		}
	}
}
