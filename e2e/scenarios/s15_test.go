package scenarios

import (
	"strings"
	"testing"
	"time"

	"frontdesk/e2e/harness"
	"frontdesk/models"
)

// S15: several services, and how long they take.

type s15 struct{ ask, tuesday, yes string }

var (
	s15Scripted = map[models.Language]s15{
		"en": {"Cut, full colour and quick blow-dry: how much time in total?", "OK, what about Tuesday?", "Perfect"},
		"es": {"Corte, coloración completa y secado rápido: ¿cuánto tiempo en total?", "Vale, ¿y el martes?", "Perfecto"},
		"ar": {"قص وصبغة كاملة وتجفيف سريع: كم الوقت الإجمالي؟", "حسنًا، ماذا عن الثلاثاء؟", "ممتاز"},
	}
	s15Ordinary = map[models.Language]s15{
		"en": {"how long would a haircut + full colour + a quick blowdry take me??", "tuesday then, any time", "yep book it"},
		"es": {"cuanto se tarda en cortar, coloracion completa y secado rapido?", "pues el martes", "venga, resérvamelo"},
		"ar": {"كم ياخذ قص شعر مع صبغة كاملة وتجفيف سريع", "طيب الثلاثاء", "اي احجزيه"},
	}
	s15Colour = map[models.Language]struct{ ask, oil, full string }{
		"en": {"a cut, colour and a quick blow-dry on Tuesday, how long is that?", "the oil one", "the full colour"},
		"es": {"corte, tinte y secado rápido el martes, ¿cuánto es?", "el de aceite", "la completa"},
		"ar": {"قص وصبغة وتجفيف سريع يوم الثلاثاء، كم الوقت؟", "الزيتية", "الكاملة"},
	}
	s15Oil = words{"en": "Cut, oil colour and quick blow-dry: how long in total?", "es": "Corte, color en aceite y secado rápido: ¿cuánto tiempo?", "ar": "قص وصبغة زيتية وتجفيف سريع: كم الوقت؟"}
)

func TestS15(t *testing.T) {
	t.Parallel()
	app := harness.Start(t, harness.Options{})

	t.Run("scripted", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS15(t, app.For(t), lang, s15Scripted[lang]) })
	})
	t.Run("in ordinary words", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS15(t, app.For(t), lang, s15Ordinary[lang]) })
	})
	t.Run("a colour is asked about, never guessed", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			for _, oil := range []bool{true, false} {
				app, w := app.For(t), s15Colour[lang]
				phone, _ := app.Given("S15", lang)
				asked := app.Say(phone, w.ask)
				says(t, lang, asked, "34.00", "43.00", "30", "50")
				if len(app.State(phone).Appointments) != 0 {
					t.Error("something is held before the colour is known")
				}
				if oil {
					says(t, lang, app.Say(phone, w.oil), "75", "68.40", "10:00")
				} else {
					says(t, lang, app.Say(phone, w.full), "95", "77.40", "10:00")
				}
			}
		})
	})
	t.Run("the oil colour takes 75 minutes", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			app := app.For(t)
			phone, _ := app.Given("S15", lang)
			says(t, lang, app.Say(phone, s15Oil[lang]), "75", "68.40")
			app.Say(phone, s15Scripted[lang].tuesday)
			held := app.Say(phone, words{"en": "10:00", "es": "10:00", "ar": "10:00"}[lang])
			says(t, lang, held, "13.68")
			if v := onlyVisit(t, app, phone); v.EndsAt.Sub(v.StartsAt) != 75*time.Minute {
				t.Errorf("held %+v, want 75 minutes", v)
			}
		})
	})
}

func playS15(t *testing.T, app *harness.App, lang models.Language, w s15) {
	phone, now := app.Given("S15", lang)
	total := app.Say(phone, w.ask)
	says(t, lang, total, "Felix", "40", "26.20", "50", "43.00", "8.20", "95", "77.40")
	if len(app.State(phone).Appointments) != 0 {
		t.Error("a question about time holds something")
	}
	offer := app.Say(phone, w.tuesday)
	says(t, lang, offer, dana[lang])
	onlyTimes(t, offer, "10:00", "11:35")
	held := app.Say(phone, w.yes)
	says(t, lang, held, "15.48", "30", "77.40")
	link := onlyLink(t, held)
	v := onlyVisit(t, app, phone)
	if v.Stylist != "Dana" || v.DepositMinor != 1548 || v.TotalMinor != 7740 ||
		!v.StartsAt.Equal(madrid(t, "2026-10-13 10:00")) || !v.EndsAt.Equal(madrid(t, "2026-10-13 11:35")) {
		t.Errorf("held %+v", v)
	}
	if v.HoldExpiresAt == nil || v.HoldExpiresAt.Sub(now) != 30*time.Minute {
		t.Errorf("hold expires at %v, want 30 minutes after %v", v.HoldExpiresAt, now)
	}
	confirmed := app.Pay(link, "paid", 2)
	says(t, lang, confirmed, "10:00", "11:35", dana[lang], "95", "15.48", "61.92")
	v = onlyVisit(t, app, phone)
	if v.Status != "confirmed" || v.DepositState != "paid" || strings.Join(v.Services, " ") != "CUT COLOUR_FULL BLOW_DRY" {
		t.Errorf("after payment %+v", v)
	}
	app.Settle()
	if got := app.Number("SELECT total_spent_minor FROM customers WHERE phone = $1", phone); got != 7740 {
		t.Errorf("total spent %d, want 7740", got)
	}
}
