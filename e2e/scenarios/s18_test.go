package scenarios

import (
	"strings"
	"testing"
	"time"

	"frontdesk/e2e/harness"
	"frontdesk/models"
)

// S18: a returning customer, today.

type s18 struct{ ask, choose string }

var (
	s18Scripted = map[models.Language]s18{
		"en": {"Any chance of a haircut today?", "16:30 with Salma"},
		"es": {"¿Hay hueco hoy para un corte?", "16:30 con Salma"},
		"ar": {"هل يوجد موعد قص شعر اليوم؟", "16:30 مع سلمى"},
	}
	s18Ordinary = map[models.Language]s18{
		"en": {"hey need my hair cut asap, anything this afternoon??", "half four is perfect"},
		"es": {"buenas, me podriais cortar el pelo hoy mismo?", "la primera me viene bien"},
		"ar": {"السلام عليكم ابي قص شعر اليوم لو سمحتوا", "الأول"},
	}
)

func TestS18(t *testing.T) {
	t.Parallel()
	app := harness.Start(t, harness.Options{})

	t.Run("scripted", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS18(t, app, lang, s18Scripted[lang]) })
	})
	t.Run("in ordinary words", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS18(t, app, lang, s18Ordinary[lang]) })
	})
	t.Run("nobody pays", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS18Expiry(t, app, lang) })
	})
	t.Run("paid late, slot still free", func(t *testing.T) {
		phone, link := heldS18(t, app, "en")
		app.Advance(20 * time.Minute)
		says(t, "en", app.Pay(link, "paid", 1), "16:30", "5.24")
		if v := onlyVisit(t, app, phone); v.Status != "confirmed" || v.DepositState != "paid" {
			t.Errorf("after a late payment %+v", v)
		}
	})
	t.Run("paid late, slot taken", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS18SlotLost(t, app, lang) })
	})
	t.Run("an hour ahead is the earliest", func(t *testing.T) {
		phone, _ := app.Given("S18", "en")
		app.Exec("DELETE FROM time_blocks WHERE stylist_id = (SELECT id FROM stylists WHERE code = 'OMAR' OR code = 'omar')")
		got := app.Say(phone, "a haircut with Omar today please")
		says(t, "en", got, "14:00")
		silentOn(t, got, "13:30")
	})
	t.Run("too late today", func(t *testing.T) {
		phone, _ := app.Given("S18", "en")
		app.Advance(6*time.Hour + 30*time.Minute) // 19:30
		got := app.Say(phone, s18Scripted["en"].ask)
		says(t, "en", got, "Fri", "Sat")
		if n := len(times(got)); n == 0 {
			t.Errorf("no options for the next dates:\n%s", harness.Said(got))
		}
	})
}

func playS18(t *testing.T, app *harness.App, lang models.Language, w s18) {
	phone, now := app.Given("S18", lang)
	options := app.Say(phone, w.ask)
	says(t, lang, options, "Maya", salma[lang], bruno[lang])
	onlyTimes(t, options, "16:30", "18:00")
	silentOn(t, options, "/privacy")

	held := app.Say(phone, w.choose)
	says(t, lang, held, "5.24", "15", "13:15")
	visit := onlyVisit(t, app, phone)
	if visit.HoldExpiresAt == nil || visit.HoldExpiresAt.Sub(now) != 15*time.Minute || visit.Stylist != "Salma" {
		t.Errorf("held %+v, want 15 minutes with Salma", visit)
	}

	app.Advance(8 * time.Minute)
	confirmed := app.Pay(onlyLink(t, held), "paid", 1)
	says(t, lang, confirmed, "16:30", "17:10", salma[lang], "5.24", "20.96")
	if v := onlyVisit(t, app, phone); v.Status != "confirmed" || v.DepositState != "paid" || v.Services[0] != "CUT" {
		t.Errorf("after payment %+v", v)
	}
	app.Settle()
	notices := app.Transcript(salmasPhone)
	if len(notices) != 1 || notices[0].Template != "urgent_stylist" || !strings.Contains(notices[0].Text, "16:30") {
		t.Errorf("Salma received %+v, want one urgent notice", notices)
	}
	if late := app.Number("SELECT count(*) FROM notices n JOIN messages m ON m.id = n.message_id WHERE n.urgent AND (m.sent_at IS NULL OR m.sent_at > n.due_at)"); late != 0 {
		t.Errorf("%d urgent notices later than promised", late)
	}
}

// heldS18 plays until the hold stands and the link is there.
func heldS18(t *testing.T, app *harness.App, lang models.Language) (phone, link string) {
	t.Helper()
	phone, _ = app.Given("S18", lang)
	app.Say(phone, s18Scripted[lang].ask)
	return phone, onlyLink(t, app.Say(phone, s18Scripted[lang].choose))
}

func playS18Expiry(t *testing.T, app *harness.App, lang models.Language) {
	phone, _ := heldS18(t, app, lang)
	before := len(app.Received(phone))
	app.Advance(10 * time.Minute)
	warned := app.Received(phone)[before:]
	if len(warned) != 1 || !strings.Contains(warned[0], "5") {
		t.Errorf("at 13:10 the customer received %q, want one warning", warned)
	}
	app.Advance(0)
	if again := len(app.Received(phone)) - before; again != 1 {
		t.Errorf("warned %d times", again)
	}
	app.Advance(5 * time.Minute)
	told := app.Received(phone)[before+1:]
	if len(told) != 1 || written(told[0]) != lang {
		t.Errorf("at 13:15 the customer received %q, want one message in %s", told, lang)
	}
	if v := onlyVisit(t, app, phone); v.Status != "expired" || v.DepositState == "paid" {
		t.Errorf("after expiry %+v", v)
	}
	says(t, lang, app.Say("+447700900177", s18Scripted[lang].ask)) // the slot is anybody's again
}

func playS18SlotLost(t *testing.T, app *harness.App, lang models.Language) {
	phone, link := heldS18(t, app, lang)
	app.Advance(16 * time.Minute)
	app.Exec(`INSERT INTO appointments (id, stylist_id, customer_id, booked_by_id, starts_at, ends_at, status, total_minor, currency, deposit_minor, deposit_state, terms, created_at, updated_at)
		SELECT gen_random_uuid(), stylist_id, customer_id, booked_by_id, starts_at, ends_at, 'confirmed', 0, 'EUR', 0, 'none', '{}', now(), now()
		FROM appointments WHERE status = 'expired'`)
	apology := app.Pay(link, "paid", 2)
	says(t, lang, apology, "5.24")
	app.Settle()
	refunds := app.Number("SELECT count(*) FROM refunds WHERE amount_minor = 524")
	if refunds != 1 {
		t.Errorf("%d refunds, want 1", refunds)
	}
	var lost harness.Visit
	for _, v := range app.State(phone).Appointments {
		if v.Status == "expired" {
			lost = v
		}
	}
	if lost.DepositState != "refunded" && lost.DepositState != "refund_pending" {
		t.Errorf("the lost visit's deposit is %q", lost.DepositState)
	}
}
