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
	t.Run("the stylist's channels", func(t *testing.T) { testS18Channels(t, app) })
	t.Run("paid late, slot still free", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			app := app.For(t)
			phone, link := heldS18(t, app, lang)
			app.Advance(20 * time.Minute)
			says(t, lang, app.Pay(link, "paid", 1), "16:30", "5.24")
			if v := onlyVisit(t, app, phone); v.Status != "confirmed" || v.DepositState != "paid" {
				t.Errorf("after a late payment %+v", v)
			}
		})
	})
	t.Run("paid late, slot taken", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS18SlotLost(t, app, lang) })
	})
	t.Run("an hour ahead is the earliest", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			app := app.For(t)
			phone, _ := app.Given("S18", lang)
			app.Exec("DELETE FROM time_blocks WHERE stylist_id = (SELECT id FROM stylists WHERE code = 'omar')")
			got := app.Say(phone, words{"en": "a haircut with Omar today please", "es": "un corte de pelo con Omar hoy, por favor", "ar": "قص شعر مع عمر اليوم من فضلك"}[lang])
			says(t, lang, got, "14:00")
			silentOn(t, got, "13:30")
		})
	})
	t.Run("too late today", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			app := app.For(t)
			phone, _ := app.Given("S18", lang)
			app.Advance(6*time.Hour + 30*time.Minute) // 19:30
			got := app.Say(phone, s18Scripted[lang].ask)
			says(t, lang, got, words{"en": "Fri", "es": "vie", "ar": "الجمعة"}[lang], words{"en": "Sat", "es": "sáb", "ar": "السبت"}[lang])
			if n := len(times(got)); n == 0 {
				t.Errorf("no options for the next dates:\n%s", harness.Said(got))
			}
		})
	})
	t.Run("no surname yet", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) {
			app := app.For(t)
			phone, _ := app.Given("S18", lang)
			app.Exec("UPDATE customers SET surname = ''")
			app.Say(phone, s18Scripted[lang].ask)
			asked := app.Say(phone, s18Scripted[lang].choose)
			says(t, lang, asked)
			if harness.Link(asked) != "" {
				t.Errorf("a link before the surname:\n%s", harness.Said(asked))
			}
			onlyLink(t, app.Say(phone, words{"en": "Ortega", "es": "Ortega", "ar": "أورتيغا"}[lang]))
		})
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

	reached, inTime := app.Metric("urgent_notice_seconds_count"), app.Metric(`urgent_notice_seconds_bucket{le="120"}`)
	textsBefore, mailsBefore := len(app.Texts(salmasPhone)), len(app.Mails("salma@luma.example"))
	app.Advance(8 * time.Minute)
	confirmed := app.Pay(onlyLink(t, held), "paid", 1)
	says(t, lang, confirmed, "16:30", "17:10", salma[lang], "5.24", "20.96")
	if v := onlyVisit(t, app, phone); v.Status != "confirmed" || v.DepositState != "paid" || v.Services[0] != "CUT" {
		t.Errorf("after payment %+v", v)
	}
	app.Settle()
	urgentlyTold(t, app, "sms sent")
	texts := app.Texts(salmasPhone)[textsBefore:]
	if len(texts) != 1 {
		t.Fatalf("Salma's SMS: %q, want one", texts)
	}
	for _, fact := range []string{"Maya", "Haircut", "16:30", "3 hours and 22 minutes"} {
		if !strings.Contains(texts[0], fact) {
			t.Errorf("%q is missing from Salma's SMS: %q", fact, texts[0])
		}
	}
	if all, soon := app.Metric("urgent_notice_seconds_count")-reached, app.Metric(`urgent_notice_seconds_bucket{le="120"}`)-inTime; all != 1 || soon != 1 {
		t.Errorf("%v urgent notices were timed, %v of them within 120 seconds; want one", all, soon)
	}
	if n := len(app.Transcript(salmasPhone)) + len(app.Mails("salma@luma.example")) - mailsBefore; n != 0 {
		t.Errorf("Salma was told %d times more than needed", n)
	}
	app.Advance(15 * time.Second)
	urgentlyTold(t, app, "sms delivered")
	if n := app.Number("SELECT count(*) FROM appointments WHERE reminder_sent_at IS NOT NULL OR reminder_missed_at IS NOT NULL"); n != 0 {
		t.Error("a visit of the same day is reminded of two days ahead")
	}
}

// urgentlyTold checks the record of Salma's urgent notice, and that a channel took it in time.
func urgentlyTold(t *testing.T, app *harness.App, want string) {
	t.Helper()
	got := app.Text(`SELECT coalesce(string_agg(concat_ws(' ', d.channel, d.status, nullif(d.code, '')), ', ' ORDER BY d.created_at, d.id), '')
		FROM notices n JOIN notice_deliveries d ON d.notice_id = n.id WHERE n.urgent`)
	if got != want {
		t.Errorf("the notice was %q, want %q", got, want)
	}
	if late := app.Number("SELECT count(*) FROM notices WHERE urgent AND (reached_at IS NULL OR reached_at > due_at OR due_at > created_at + interval '120 seconds')"); late != 0 {
		t.Errorf("%d urgent notices later than promised", late)
	}
}

// playS18Notice pays while channels misbehave, and looks at who was told how.
func playS18Notice(t *testing.T, app *harness.App, faults map[string]string, set string) {
	t.Helper()
	phone, link := heldS18(t, app, "en")
	if set != "" {
		app.Exec(set)
	}
	for service, mode := range faults {
		app.Fault(service, mode)
		defer app.Fault(service, "ok")
	}
	says(t, "en", app.Pay(link, "paid", 1), "16:30")
	app.Settle()
	if v := onlyVisit(t, app, phone); v.Status != "confirmed" {
		t.Errorf("after payment %+v", v)
	}
}

// The urgent notice goes by SMS, then by mail, then by WhatsApp, and none of it touches the booking.
func testS18Channels(t *testing.T, app *harness.App) {
	for _, c := range []struct {
		name   string
		faults map[string]string
		set    string
		want   string
	}{
		{"SMS refuses", map[string]string{"sms": "500"}, "", "sms failed internal, mail sent"},
		{"SMS talks nonsense", map[string]string{"sms": "garbage"}, "", "sms failed unreadable_answer, mail sent"},
		{"SMS and mail are down", map[string]string{"sms": "down", "mail": "down"}, "", "sms failed no_answer, mail failed no_connection, whatsapp sent"},
		{"mail refuses", map[string]string{"sms": "429", "mail": "500"}, "", "sms failed rate_limited, mail failed smtp_554, whatsapp sent"},
		{"no SMS number of her own and none at all", nil, "UPDATE stylists SET phone = '' WHERE code = 'salma'", "mail sent"},
		{"she does not want SMS", nil, `UPDATE stylists SET channels = '["whatsapp","mail"]' WHERE code = 'salma'`, "mail sent"},
	} {
		t.Run(c.name, func(t *testing.T) {
			playS18Notice(t, app.For(t), c.faults, c.set)
			urgentlyTold(t, app, c.want)
		})
	}
	t.Run("nobody says that the SMS arrived", func(t *testing.T) {
		playS18Notice(t, app.For(t), nil, "UPDATE stylists SET sms_phone = '+447700900298' WHERE code = 'salma'")
		urgentlyTold(t, app, "sms sent")
		app.Advance(30 * time.Second)
		urgentlyTold(t, app, "sms sent")
		app.Advance(30 * time.Second)
		urgentlyTold(t, app, "sms sent, mail sent")
		app.Advance(time.Hour)
		urgentlyTold(t, app, "sms sent unconfirmed, mail sent")
	})
	t.Run("the SMS does not arrive", func(t *testing.T) {
		playS18Notice(t, app.For(t), nil, "UPDATE stylists SET sms_phone = '+447700900299' WHERE code = 'salma'")
		app.Advance(15 * time.Second)
		urgentlyTold(t, app, "sms failed absent_subscriber, mail sent")
	})
	t.Run("every channel is switched off", func(t *testing.T) {
		for _, key := range []string{"whatsapp", "mail", "sms"} {
			app.Exec("INSERT INTO settings VALUES ('notify." + key + "', 'false', now(), 'test')")
		}
		defer app.Exec("DELETE FROM settings WHERE key LIKE 'notify.%'")
		playS18Notice(t, app.For(t), nil, "")
		if n := app.Number("SELECT count(*) FROM notices WHERE urgent AND given_up_at IS NOT NULL AND reached_at IS NULL"); n != 1 {
			t.Errorf("%d notices are shown as undelivered, want 1", n)
		}
	})
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
