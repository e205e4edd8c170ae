package scenarios

import (
	"html"
	"strings"
	"testing"
	"time"

	"frontdesk/e2e/harness"
	"frontdesk/models"
)

// S03: cancelling two hours before, and at every boundary of the notice.

var (
	s03Scripted = words{
		"en": "Something came up, please cancel my visit this afternoon",
		"es": "Me ha surgido algo, anulad mi visita de esta tarde",
		"ar": "طرأ أمر، ألغوا موعدي هذا المساء",
	}
	s03Ordinary = words{
		"en": "hey im really sorry but i wont be able to make it today, need to cancel",
		"es": "perdonad, hoy no voy a poder ir, tengo que cancelar la cita",
		"ar": "آسفة ما أقدر أحضر اليوم، ابي الغي موعدي",
	}
	haircut    = words{"en": "Haircut", "es": "Corte de pelo", "ar": "قص شعر"}
	s03Notice  = words{"en": "Notice: 2", "es": "Antelación: 2", "ar": "الإشعار: 2"}
	stillThere = words{"en": "Hello? Are you there?", "es": "¿Hola? ¿Hay alguien?", "ar": "مرحبًا؟ هل من أحد؟"}
	moveIt     = words{"en": "I need to move my visit", "es": "Necesito cambiar mi visita", "ar": "أريد تغيير موعدي"}
	dropBoth   = words{"en": "please cancel them both", "es": "cancélame las dos, por favor", "ar": "ألغوا الموعدين من فضلكم"}
	dropIt     = words{"en": "Please cancel my visit", "es": "Anulad mi visita, por favor", "ar": "ألغوا موعدي من فضلكم"}
)

func TestS03(t *testing.T) {
	t.Parallel()
	app := harness.Start(t, harness.Options{})

	t.Run("scripted", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS03(t, app.For(t), lang, s03Scripted[lang]) })
	})
	t.Run("in ordinary words", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS03(t, app.For(t), lang, s03Ordinary[lang]) })
	})
	t.Run("a move as well", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS03(t, app.For(t), lang, moveIt[lang]) })
	})
	t.Run("refund", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS03Refund(t, app.For(t), lang) })
	})
	t.Run("both visits at once", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS03Both(t, app.For(t), lang) })
	})
	t.Run("the provider refuses the refund for a while", func(t *testing.T) { playS03RefundFails(t, app.For(t)) })
	for i, c := range []struct {
		notice  time.Duration
		becomes string
	}{
		{6*time.Hour - time.Minute, "staff"}, {6 * time.Hour, "moved rather"},
		{24*time.Hour - time.Minute, "moved rather"}, {24 * time.Hour, "refund"},
	} {
		t.Run("notice of "+c.notice.String(), func(t *testing.T) {
			app := app.For(t)
			lang := models.Languages()[i%len(models.Languages())]
			phone := hala(t, app, lang, c.notice)
			reply := app.Say(phone, dropIt[lang])
			got := "moved rather"
			switch said := harness.Said(reply); {
			case app.State(phone).HumanMode:
				got = "staff"
			case strings.Contains(said, words{"en": "in full", "es": "entera", "ar": "كاملًا"}[lang]):
				got = "refund"
			}
			if got != c.becomes {
				t.Errorf("got %s, want %s:\n%s", got, c.becomes, harness.Said(reply))
			}
			if v := onlyVisit(t, app, phone); v.Status != "confirmed" {
				t.Errorf("touched: %+v", v)
			}
		})
	}
	t.Run("without a deposit no word of money", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			app := app.For(t)
			phone := hala(t, app, lang, 12*time.Hour)
			app.Exec("UPDATE appointments SET deposit_minor = 0, deposit_state = 'none'")
			asked := app.Say(phone, dropIt[lang])
			done := app.Say(phone, sayYes[lang])
			says(t, lang, asked, dana[lang])
			says(t, lang, done, dana[lang])
			silentOn(t, append(asked, done...), "€", "0.00", "5.24")
			if v := onlyVisit(t, app, phone); v.Status != "cancelled" || v.DepositState != "none" {
				t.Errorf("got %+v", v)
			}
		})
	})
}

// hala sets S03 with so much notice left. Her visit is a day later, so that any notice can be had.
func hala(t *testing.T, app *harness.App, lang models.Language, notice time.Duration) string {
	t.Helper()
	phone, now := app.Given("S03", lang)
	app.Exec("UPDATE appointments SET starts_at = starts_at + interval '1 day', ends_at = ends_at + interval '1 day'")
	if by := onlyVisit(t, app, phone).StartsAt.Add(-notice).Sub(now); by > 0 {
		app.Advance(by)
	}
	return phone
}

func playS03(t *testing.T, app *harness.App, lang models.Language, ask string) {
	phone, _ := app.Given("S03", lang)
	reply := app.Say(phone, ask)
	says(t, lang, reply, "17:00", dana[lang])
	app.Settle()
	state := app.State(phone)
	v := state.Appointments[0]
	if v.Status != "confirmed" || v.DepositState != "paid" || !state.HumanMode {
		t.Errorf("touched, or no human mode: %+v", state)
	}
	if len(state.Cases) != 1 || state.Cases[0].Reason != "late_cancellation" || state.Cases[0].Status != "open" {
		t.Fatalf("cases: %+v", state.Cases)
	}
	for _, fact := range []string{"Hala Saab", phone, "17:00", dana[lang], "5.24", haircut[lang], s03Notice[lang]} {
		if !strings.Contains(state.Cases[0].Summary, fact) {
			t.Errorf("%q is missing from the case:\n%s", fact, state.Cases[0].Summary)
		}
	}
	if n := app.Number("SELECT count(*) FROM refunds"); n != 0 {
		t.Errorf("%d refunds", n)
	}
	const inTime = `SELECT count(*) FROM notices n JOIN notice_deliveries d ON d.notice_id = n.id
		WHERE n.event = 'case.opened' AND d.status = 'sent' AND d.created_at - n.created_at <= interval '2 minutes'`
	if n := app.Number(inTime); n == 0 || app.Number("SELECT count(*) FROM notices WHERE event = 'case.opened'") != 1 {
		t.Errorf("staff were told of the case in time %d times", n)
	}
	if more := app.Say(phone, stillThere[lang]); len(more) != 0 {
		t.Errorf("answered in human mode: %s", harness.Said(more))
	}
	if n := app.Number("SELECT count(*) FROM cases"); n != 1 {
		t.Errorf("%d cases", n)
	}
	status, page := app.Desk("OPERATOR").Get("/console/conversations/" + app.Text("SELECT id::text FROM conversations"))
	if status != 200 || !strings.Contains(html.UnescapeString(page), stillThere[lang]) {
		t.Errorf("what the customer wrote since does not stand with the case (%d)", status)
	}
}

func playS03Refund(t *testing.T, app *harness.App, lang models.Language) {
	phone := hala(t, app, lang, 26*time.Hour)
	asked := app.Say(phone, dropIt[lang])
	says(t, lang, asked, "5.24", "17:00", dana[lang])
	if v := onlyVisit(t, app, phone); v.Status != "confirmed" {
		t.Fatalf("cancelled without a yes: %+v", v)
	}
	says(t, lang, app.Say(phone, sayYes[lang]), "5.24", "10", dana[lang])
	app.Settle()
	if v := onlyVisit(t, app, phone); v.Status != "cancelled" || v.DepositState != "refunded" {
		t.Errorf("got %+v", v)
	}
	if n := app.Number("SELECT count(*) FROM refunds WHERE amount_minor = 524"); n != 1 {
		t.Errorf("%d refunds", n)
	}
	if notices := app.Received(danasPhone); len(notices) != 1 || !strings.Contains(notices[0], "17:00") {
		t.Errorf("Dana received %q", notices)
	}
	app.Say(phone, sayYes[lang]) // the question is answered: nothing more happens
	if n := app.Number("SELECT count(*) FROM refunds"); n != 1 {
		t.Errorf("%d refunds after another yes", n)
	}
}

func playS03Both(t *testing.T, app *harness.App, lang models.Language) {
	phone, _ := app.Given("S02", lang)
	withDanaToo(app)
	says(t, lang, app.Say(phone, dropBoth[lang]), omar[lang], "5.24")
	next := app.Say(phone, sayYes[lang]) // and the other one by itself
	says(t, lang, next, omar[lang], dana[lang])
	says(t, lang, app.Say(phone, sayYes[lang]), dana[lang])
	app.Settle()
	for _, v := range app.State(phone).Appointments {
		if v.StartsAt.After(madrid(t, "2026-10-12 00:00")) && v.Status != "cancelled" {
			t.Errorf("stands: %+v", v)
		}
	}
}

func playS03RefundFails(t *testing.T, app *harness.App) {
	phone := hala(t, app, "en", 26*time.Hour)
	app.Say(phone, dropIt["en"])
	app.Fault("stripe", "500")
	app.Tell(phone, "yes") // the conversation is quiet only once the money is back
	harness.Until(t, "the customer reads of the money", func() bool {
		said := app.Transcript(phone)
		return len(said) > 0 && strings.Contains(said[len(said)-1].Text, "5.24") && onlyVisit(t, app, phone).Status == "cancelled"
	})
	harness.Until(t, "staff have a case", func() bool {
		return app.Number("SELECT count(*) FROM cases WHERE reason = 'refund_failure' AND status = 'open'") == 1
	})
	if v := onlyVisit(t, app, phone); v.Status != "cancelled" || v.DepositState != "refund_pending" {
		t.Errorf("while the provider is away: %+v", v)
	}
	app.Fault("stripe", "ok")
	harness.Until(t, "the money is back", func() bool { return onlyVisit(t, app, phone).DepositState == "refunded" })
	if n := app.Number("SELECT count(*) FROM refunds"); n != 1 {
		t.Errorf("%d refunds", n)
	}
}
