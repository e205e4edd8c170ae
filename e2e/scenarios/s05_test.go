package scenarios

import (
	"strings"
	"testing"
	"time"

	"frontdesk/e2e/harness"
	"frontdesk/models"
)

// S05: paying fails twice.

type s05 struct{ ask, yes, take, surname, fails, again string }

var (
	s05Scripted = map[models.Language]s05{
		"en": {"A full colour for Thursday morning", "Yes", "Yes", "Marsh", "The link fails", "Same problem again"},
		"es": {"Una coloración completa el jueves por la mañana", "Sí", "Sí", "Marsh", "El enlace falla", "Otra vez el mismo problema"},
		"ar": {"صبغة كاملة صباح الخميس", "نعم", "نعم", "مارش", "الرابط لا يعمل", "المشكلة نفسها مرة أخرى"},
	}
	s05Ordinary = map[models.Language]s05{
		"en": {"hi! could i get a full colour done thurs morning?", "yeah", "ok go for it", "marsh", "hmm the payment page wont open", "still doesnt work, card got declined"},
		"es": {"buenas quiero hacerme la coloracion completa el jueves x la mañana", "si", "vale, perfecto", "marsh", "no me deja pagar", "sigue sin funcionar"},
		"ar": {"هلا ابي صبغة كاملة الخميس الصبح", "ايوه", "تمام احجزيه", "مارش", "الرابط ما يفتح معي", "برضو ما يشتغل الدفع"},
	}
)

func TestS05(t *testing.T) {
	t.Parallel()
	app := harness.Start(t, harness.Options{})

	t.Run("scripted", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS05(t, app.For(t), lang, s05Scripted[lang]) })
	})
	t.Run("in ordinary words", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS05(t, app.For(t), lang, s05Ordinary[lang]) })
	})
	t.Run("the time may be kept until it expires", func(t *testing.T) {
		app := app.For(t)
		phone, links := failedTwiceS05(t, app, "en", func() { keepAfterFailure(t, app) })
		if v := onlyVisit(t, app, phone); v.Status != "provisional" || !v.HoldExpiresAt.Equal(madrid(t, "2026-10-06 10:45")) {
			t.Errorf("after the second failure %+v, want held until 10:45", v)
		}
		handedOver(t, app, phone, models.ReasonPaymentFailure)
		before := len(app.Received(phone))
		app.Advance(33 * time.Minute)
		if v := onlyVisit(t, app, phone); v.Status != "expired" || v.DepositState == "paid" {
			t.Errorf("at 10:45 %+v, want expired", v)
		}
		for _, text := range app.Received(phone)[before:] {
			if strings.Contains(text, links[1]) {
				t.Errorf("a link after the last one: %s", text)
			}
		}
	})
	t.Run("the provider's word and the customer's are one failure", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			app := app.For(t)
			phone, link := heldS05(t, app, lang)
			app.Pay(link, "declined", 3)
			if s := app.State(phone); s.HumanMode || len(s.Cases) != 0 {
				t.Fatalf("handed over after one decline: %+v", s)
			}
			second := onlyLink(t, app.Say(phone, s05Scripted[lang].fails))
			if v := onlyVisit(t, app, phone); v.Status != "provisional" {
				t.Errorf("after one failed link %+v", v)
			}
			app.Pay(second, "declined", 2)
			handedOver(t, app, phone, models.ReasonPaymentFailure)
			if v := onlyVisit(t, app, phone); v.Status != "released" {
				t.Errorf("after two failed links %+v, want released", v)
			}
		})
	})
	t.Run("paid after all, the time still free", func(t *testing.T) {
		app := app.For(t)
		phone, links := failedTwiceS05(t, app, "en", func() {})
		says(t, "en", app.Pay(links[1], "paid", 2), "11:00", "8.60")
		if v := onlyVisit(t, app, phone); v.Status != "confirmed" || v.DepositState != "paid" {
			t.Errorf("after late money %+v, want confirmed", v)
		}
	})
	t.Run("paid after all, the time taken", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			app := app.For(t)
			phone, links := failedTwiceS05(t, app, lang, func() {})
			app.Exec(`INSERT INTO appointments (id, stylist_id, customer_id, booked_by_id, starts_at, ends_at, status, total_minor, currency, deposit_minor, deposit_state, terms, created_at, updated_at)
				SELECT gen_random_uuid(), stylist_id, customer_id, booked_by_id, starts_at, ends_at, 'confirmed', 0, 'EUR', 0, 'none', '{}', now(), now()
				FROM appointments WHERE status = 'released'`)
			says(t, lang, app.Pay(links[1], "paid", 1), "8.60")
			app.Settle()
			if n := app.Number("SELECT count(*) FROM refunds WHERE amount_minor = 860"); n != 1 {
				t.Errorf("%d refunds, want the whole deposit once", n)
			}
			if s := app.State(phone); len(s.Cases) < 1 {
				t.Errorf("no case: %+v", s)
			}
		})
	})
}

func playS05(t *testing.T, app *harness.App, lang models.Language, w s05) {
	phone, now := app.Given("S05", lang)
	says(t, lang, app.Say(phone, w.ask), "Chloe")
	offer := app.Say(phone, w.yes)
	says(t, lang, offer, "43.00", "50", bruno[lang])
	onlyTimes(t, offer, "11:00")
	if held := app.Say(phone, w.take); harness.Link(held) != "" {
		t.Errorf("a link before the surname:\n%s", harness.Said(held))
	}
	held := app.Say(phone, w.surname)
	says(t, lang, held, "8.60", "30", "10:30")
	first := onlyLink(t, held)
	if v := onlyVisit(t, app, phone); v.HoldExpiresAt == nil || v.HoldExpiresAt.Sub(now) != 30*time.Minute {
		t.Errorf("held %+v, want for 30 minutes", v)
	}

	app.Advance(5 * time.Minute)
	renewed := app.Say(phone, w.fails)
	says(t, lang, renewed, "8.60", "10:45")
	second := onlyLink(t, renewed)
	if v := onlyVisit(t, app, phone); v.Status != "provisional" || !v.HoldExpiresAt.Equal(madrid(t, "2026-10-06 10:45")) {
		t.Errorf("after the first failure %+v, want held until 10:45", v)
	}
	if first == second {
		t.Error("the link that failed was sent again")
	}

	app.Advance(7 * time.Minute)
	over := app.Say(phone, w.again)
	says(t, lang, over)
	if link := harness.Link(over); link != "" {
		t.Errorf("a third link: %s", link)
	}
	silentOn(t, over, "card_declined", "decline", "cs_test", "expired")
	s := handedOver(t, app, phone, models.ReasonPaymentFailure)
	for _, link := range []string{first, second} {
		if session := link[strings.LastIndex(link, "/")+1:]; !strings.Contains(s.Cases[0].Summary, session) {
			t.Errorf("the case does not name %s:\n%s", session, s.Cases[0].Summary)
		}
	}
	if v := onlyVisit(t, app, phone); v.Status != "released" || v.DepositState == "paid" {
		t.Errorf("after the second failure %+v, want released", v)
	}
	if more := app.Say(phone, w.fails); len(more) != 0 {
		t.Errorf("the assistant goes on: %s", harness.Said(more))
	}
	app.SayAs("+447700900195", "Nadia", w.ask)
	says(t, lang, app.Say("+447700900195", w.yes), "11:00", bruno[lang]) // anybody's again
}

// heldS05 plays until the first link is there.
func heldS05(t *testing.T, app *harness.App, lang models.Language) (phone, link string) {
	t.Helper()
	phone, _ = app.Given("S05", lang)
	w := s05Scripted[lang]
	for _, text := range []string{w.ask, w.yes, w.take} {
		app.Say(phone, text)
	}
	return phone, onlyLink(t, app.Say(phone, w.surname))
}

// failedTwiceS05 plays until the second link is reported, at 10:12. before changes the salon first.
func failedTwiceS05(t *testing.T, app *harness.App, lang models.Language, before func()) (phone string, links []string) {
	t.Helper()
	phone, first := heldS05(t, app, lang)
	before()
	app.Advance(5 * time.Minute)
	second := onlyLink(t, app.Say(phone, s05Scripted[lang].fails))
	app.Advance(7 * time.Minute)
	app.Say(phone, s05Scripted[lang].again)
	return phone, []string{first, second}
}

func keepAfterFailure(t *testing.T, app *harness.App) {
	t.Helper()
	app.Exec(`INSERT INTO settings (key, value, updated_at, updated_by) VALUES ('payment.keep_until_expiry', 'true', now(), 'test')
		ON CONFLICT (key) DO UPDATE SET value = 'true'`)
	t.Cleanup(func() { app.Exec("DELETE FROM settings WHERE key = 'payment.keep_until_expiry'") })
}
