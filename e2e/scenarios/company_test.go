package scenarios

import (
	"net/url"
	"strconv"
	"strings"
	"testing"

	"frontdesk/e2e/harness"
	"frontdesk/models"
)

// What becomes of visits for several people and for somebody else.

var (
	dropDaughters = words{"en": "please cancel my daughter's visit", "es": "anula la cita de mi hija, por favor", "ar": "ألغوا موعد ابنتي من فضلكم"}
	dropMothers   = words{"en": "I have to cancel my mother's visit", "es": "tengo que cancelar la cita de mi madre", "ar": "أريد إلغاء موعد والدتي"}
	motherAgain   = words{"en": "A revitalising facial for my mother on Monday 16 November", "es": "Un facial revitalizante para mi madre el lunes 16 de noviembre", "ar": "علاج للوجه لوالدتي يوم الاثنين 16 نوفمبر"}
	atEleven      = words{"en": "11:00", "es": "a las 11:00", "ar": "11:00"}
)

func TestCompany(t *testing.T) {
	t.Parallel()
	app := harness.Start(t, harness.Options{})
	// These customers write more in a minute than anybody would: the clock passes days between their words.
	app.Exec("INSERT INTO settings (key, value, updated_at, updated_by) VALUES ('sender.rate_per_min', '60', now(), 'test')")

	t.Run("one of two cancels", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { oneOfTwoCancels(t, app.For(t), lang) })
	})
	t.Run("staff let one of two go", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { oneOfTwoIsLetGo(t, app.For(t), lang) })
	})
	t.Run("a visit for somebody else is cancelled, and the same person comes again", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { motherComesAgain(t, app.For(t), lang) })
	})
	t.Run("a namesake is somebody else", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { namesakeOfMother(t, app.For(t), lang) })
	})
}

// oneOfTwoCancels: the daughter's share goes back in time; twelve hours before, the mother's own is kept.
func oneOfTwoCancels(t *testing.T, app *harness.App, lang models.Language) {
	phone, _, held := heldS07(t, app, lang, s07Scripted[lang])
	app.Pay(onlyLink(t, held), "paid", 1)
	app.Settle()
	told := len(app.Received(danasPhone))
	asked := app.Say(phone, dropDaughters[lang])
	says(t, lang, asked, "3.50", "16:00", salma[lang])
	silentOn(t, asked, dana[lang], "5.24", "8.74")
	says(t, lang, app.Say(phone, sayYes[lang]), "3.50")
	app.Settle()
	cut, style := visitOf(t, app, phone, "CUT"), visitOf(t, app, phone, "STYLE")
	if style.Status != "cancelled" || style.DepositState != "refunded" || cut.Status != "confirmed" || cut.DepositState != "paid" {
		t.Fatalf("after the daughter's visit was cancelled: %+v and %+v", style, cut)
	}
	if n := app.Number("SELECT count(*) FROM refunds WHERE amount_minor = 350"); n != 1 {
		t.Errorf("%d refunds of 3.50", n)
	}
	if n := len(app.Received(danasPhone)) - told; n != 0 {
		t.Errorf("Dana, who keeps her visit, was told %d times", n)
	}

	setClock(t, app, madrid(t, "2026-10-09 04:00"))
	late := app.Say(phone, dropIt[lang])
	says(t, lang, late, "5.24", "16:00", "24", dana[lang])
	silentOn(t, late, "8.74", "3.50")
	app.Say(phone, insists[lang])
	says(t, lang, app.Say(phone, sayYes[lang]), "5.24")
	app.Settle()
	if cut = visitOf(t, app, phone, "CUT"); cut.Status != "cancelled" || cut.DepositState != "forfeited" {
		t.Errorf("cancelled twelve hours before: %+v", cut)
	}
	if n := app.Number("SELECT count(*) FROM refunds"); n != 1 {
		t.Errorf("%d refunds, want the daughter's alone", n)
	}
}

// visitOf is the phone's one visit for a service.
func visitOf(t *testing.T, app *harness.App, phone, service string) harness.Visit {
	t.Helper()
	var found []harness.Visit
	for _, v := range app.State(phone).Appointments {
		if v.Services[0] == service {
			found = append(found, v)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d visits for %s: %+v", len(found), service, found)
	}
	return found[0]
}

// oneOfTwoIsLetGo: between hold and payment the salon wants to close that day. It may not close over the two; it
// lets one go, and with it goes the other. Money that comes all the same goes back whole.
func oneOfTwoIsLetGo(t *testing.T, app *harness.App, lang models.Language) {
	phone, _, held := heldS07(t, app, lang, s07Scripted[lang])
	link, desk := onlyLink(t, held), app.Desk("PM")
	closing := url.Values{"kind": {"closed"}, "from": {"2026-10-09"}, "reason.en": {"street fair"}, "reason.es": {"feria"}, "reason.ar": {"مهرجان"}}
	if status, body := desk.Post("/console/services/closures/new", closing); status != 409 {
		t.Errorf("closing over two holds: %d %.300s", status, body)
	}
	bothVisits(t, app, phone)
	before, styling := len(app.Received(phone)), visitOf(t, app, phone, "STYLE")
	version := app.Number("SELECT version FROM appointments WHERE id = $1", styling.ID)
	form := url.Values{"version": {strconv.FormatInt(version, 10)}, "reason": {"mistake"}}
	if status, body := desk.Post("/console/diary/visits/"+styling.ID+"/release", form); status != 200 {
		t.Fatalf("letting one of two go: %d %.300s", status, body)
	}
	app.Settle()
	if told := app.Received(phone)[before:]; len(told) != 1 || written(told[0]) != lang || !strings.Contains(told[0], "16:00") {
		t.Errorf("the customer was told %q, want one message about both", told)
	}
	for _, v := range app.State(phone).Appointments {
		if v.Status != "released" {
			t.Errorf("a single hold is left behind: %+v", v)
		}
	}
	if status, body := desk.Post("/console/services/closures/new", closing); status != 200 {
		t.Fatalf("closing the day: %d %.300s", status, body)
	}
	says(t, lang, app.Pay(link, "paid", 1), "8.74")
	app.Settle()
	if n := app.Number("SELECT coalesce(sum(amount_minor), 0) FROM refunds"); n != 874 {
		t.Errorf("%d went back, want all of 874", n)
	}
	for _, v := range app.State(phone).Appointments {
		if v.Status != "released" || v.DepositState == "paid" {
			t.Errorf("paid after it was let go, on a day that is closed: %+v", v)
		}
	}
}

// motherComesAgain: what the son cancels in time goes back to his payment; a month later the same Samira comes
// without being introduced, and twelve hours before, her deposit is kept.
func motherComesAgain(t *testing.T, app *harness.App, lang models.Language) {
	phone, _ := app.Given("S12", lang)
	w := s12Scripted[lang]
	app.Say(phone, w.ask)
	app.Say(phone, w.name)
	app.Pay(onlyLink(t, app.Say(phone, w.time)), "paid", 1)
	first := app.Text("SELECT customer_id::text FROM appointments")
	says(t, lang, app.Say(phone, dropMothers[lang]), "11.50", "11:00", iris[lang])
	says(t, lang, app.Say(phone, sayYes[lang]), "11.50")
	app.Settle()
	if v := onlyVisit(t, app, phone); v.Status != "cancelled" || v.DepositState != "refunded" {
		t.Fatalf("cancelled three days before: %+v", v)
	}
	const toThePayer = `SELECT count(*) FROM refunds r JOIN payments p ON p.id = r.payment_id JOIN appointments a ON a.id = p.appointment_id
		JOIN customers k ON k.id = a.booked_by_id WHERE k.phone = $1 AND r.amount_minor = 1150`
	if app.Number(toThePayer, phone) != 1 {
		t.Error("the deposit did not go back to the son's payment")
	}

	setClock(t, app, madrid(t, "2026-11-13 10:00"))
	says(t, lang, app.Say(phone, motherAgain[lang]), "57.50")
	held := app.Tap(phone, choice(t, app.Say(phone, atEleven[lang])), iris[lang])
	says(t, lang, held, samira[lang], "11.50")
	link := onlyLink(t, held)
	if n := app.Number("SELECT count(*) FROM appointments WHERE customer_id = $1 AND status = 'provisional'", first); n != 1 {
		t.Errorf("%d holds of the Samira who is known, want one", n)
	}
	if n := app.Number("SELECT count(*) FROM customers WHERE relation = 'mother'"); n != 1 {
		t.Errorf("%d mothers, want one", n)
	}
	app.Pay(link, "paid", 1)
	setClock(t, app, madrid(t, "2026-11-15 23:00"))
	says(t, lang, app.Say(phone, dropMothers[lang]), "11.50", "24")
	app.Say(phone, insists[lang])
	says(t, lang, app.Say(phone, sayYes[lang]), "11.50")
	app.Settle()
	if n := app.Number("SELECT count(*) FROM appointments WHERE status = 'cancelled' AND deposit_state = 'forfeited'"); n != 1 {
		t.Errorf("%d forfeited twelve hours before, want one", n)
	}
	if n := app.Number("SELECT count(*) FROM refunds"); n != 1 {
		t.Errorf("%d refunds, want the first alone", n)
	}
}

// namesakeOfMother: a customer of the same name, with a phone, is not whom the visit is for.
func namesakeOfMother(t *testing.T, app *harness.App, lang models.Language) {
	phone, _ := app.Given("S12", lang)
	given, family, _ := strings.Cut(samira[lang], " ")
	app.Exec(`INSERT INTO customers (id, name, surname, phone, language, created_at, updated_at)
		VALUES (gen_random_uuid(), $1, $2, '+447700900177', $3, now(), now())`, given, family, lang)
	w := s12Scripted[lang]
	app.Say(phone, w.ask)
	app.Say(phone, w.name)
	onlyLink(t, app.Say(phone, w.time))
	if n := app.Number("SELECT count(*) FROM appointments a JOIN customers c ON c.id = a.customer_id WHERE c.phone IS NULL AND c.name = $1", given); n != 1 {
		t.Errorf("%d visits of a Samira without a phone, want one", n)
	}
	if n := app.Number("SELECT count(*) FROM customers WHERE phone = '+447700900177' AND referred_by_id IS NULL AND total_spent_minor = 0"); n != 1 {
		t.Error("the namesake was touched")
	}
}
