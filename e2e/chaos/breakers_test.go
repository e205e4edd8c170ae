package chaos

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"frontdesk/e2e/harness"
	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// guarded brings the program up with breakers that open soon and let somebody see soon whether a provider is back.
func guarded(t *testing.T, env ...string) *harness.App {
	t.Helper()
	return start(t, append([]string{
		"WA_SEND_BREAKER_THRESHOLD=3", "WA_SEND_BREAKER_COOLDOWN_MS=1000", "STRIPE_BREAKER_THRESHOLD=3", "STRIPE_BREAKER_COOLDOWN_MS=1000",
	}, env...)...)
}

// watch is what staff see and hear of a provider.
type watch struct {
	t              *testing.T
	app            *harness.App
	service, shown string // by the name that providers have, and that people read
	desk           harness.Desk
	heard          <-chan string
	before         int64
}

// watching begins before the trouble does.
func watching(t *testing.T, a *harness.App, service, shown string) *watch {
	t.Helper()
	w := &watch{t: t, app: a, service: service, shown: shown, desk: a.Desk("OPERATOR")}
	w.heard, w.before = w.desk.Live("alerts"), w.noted("provider.opened")
	return w
}

// noted counts entries of the log about the provider.
func (w *watch) noted(action string) int64 {
	w.t.Helper()
	return w.app.Number("SELECT count(*) FROM audit_log WHERE subject_kind = 'provider' AND subject_id = $1 AND action = $2 AND actor = 'system'", w.service, action)
}

// opens waits until the breaker is open: written down, told to open screens, in its room and on Today.
func (w *watch) opens() {
	w.t.Helper()
	harness.Until(w.t, w.service+"'s breaker opens", func() bool { return w.noted("provider.opened") == w.before+1 })
	w.tells()
	for path, words := range map[string][]string{"/console/alerts": {w.shown, "Does not answer"}, "/console": {w.shown, "Services that do not answer"}} {
		status, body := w.desk.Get(path)
		for _, word := range words {
			if status != 200 || !strings.Contains(body, word) {
				w.t.Errorf("%s while %s is away: %d, without %q", path, w.service, status, word)
			}
		}
	}
}

// sees waits until somebody has seen in vain whether the provider is back, and looks whether anybody else asked.
func (w *watch) sees() {
	w.t.Helper()
	asked := asked(w.app, w.service)
	harness.Until(w.t, "somebody sees whether "+w.service+" is back", func() bool { return w.asked() > asked })
	if n := w.noted("provider.opened"); n != w.before+1 || w.noted("provider.closed") != w.before {
		w.t.Errorf("%s's breaker has opened %d times for one outage, and closed in it", w.service, n-w.before)
	}
}

func (w *watch) asked() int { return asked(w.app, w.service) }

// closes waits until the breaker is closed: written down once, told, and gone from Today.
func (w *watch) closes() {
	w.t.Helper()
	harness.Until(w.t, w.service+"'s breaker closes", func() bool { return w.noted("provider.closed") == w.before+1 })
	w.tells()
	if _, body := w.desk.Get("/console"); strings.Contains(body, "Services that do not answer") {
		w.t.Errorf("Today misses %s still", w.service)
	}
	if n := w.noted("provider.opened"); n != w.before+1 {
		w.t.Errorf("%s's breaker opened %d times for one outage", w.service, n-w.before)
	}
}

// tells waits until open screens are told to look again.
func (w *watch) tells() {
	w.t.Helper()
	harness.Until(w.t, "screens are told of "+w.service, func() bool {
		select {
		case topic := <-w.heard:
			return topic == "alerts"
		default:
			return false
		}
	})
}

// talk is what a customer of ours writes, in their language.
var talk = map[models.Language][]string{
	models.English: {"Hello!", "Are you open on Saturday?", "How much is a haircut?"},
	models.Spanish: {"¡Hola!", "¿Abrís el sábado?", "¿Cuánto cuesta un corte de pelo?"},
	models.Arabic:  {"مرحبا", "هل تفتحون يوم السبت؟", "كم سعر قص الشعر؟"},
}

// WhatsApp is away while customers write in three languages: nobody notices but for the time it takes. The breaker opens, staff hear of it,
// one call at a time sees whether it is back, and when it is everything that was said meanwhile goes out: word for word what it would
// have been, each message once, in order, none dropped (R-1403, R-1404, R-1407).
func TestWhatsAppAwayBehindItsBreaker(t *testing.T) {
	t.Parallel()
	app := guarded(t)
	numbers := 0
	nextPhone := func(lang models.Language) string {
		numbers++
		prefix := map[models.Language]string{models.English: "+4477009004", models.Spanish: "+346000004", models.Arabic: "+9665000004"}[lang]
		return fmt.Sprintf("%s%02d", prefix, numbers)
	}
	for _, mode := range []string{"500", "down"} {
		t.Run(mode, func(t *testing.T) {
			a := app.For(t)
			if err := a.Control("reset", struct{}{}, nil); err != nil {
				t.Fatal(err)
			}
			want, phones := map[models.Language][]string{}, map[models.Language]string{}
			for lang, texts := range talk {
				undisturbed := nextPhone(lang)
				for _, text := range texts {
					a.Say(undisturbed, text)
				}
				want[lang], phones[lang] = a.Received(undisturbed), nextPhone(lang)
			}
			const came = "SELECT count(*) FROM messages WHERE direction = 'in'"
			before := a.Number(came)
			w := watching(t, a, "whatsapp", "WhatsApp")
			a.Fault("whatsapp", mode)
			for i := range 3 {
				for lang := range talk {
					a.Tell(phones[lang], talk[lang][i])
				}
				harness.Until(t, "all of them are answered", func() bool {
					return a.Number(came) == before+int64(len(talk)*(i+1)) && a.Number(came+" AND status = 'received'") == 0
				})
			}
			w.opens()
			w.sees()
			for lang := range talk {
				if got := a.Received(phones[lang]); len(got) != 0 {
					t.Errorf("%s: while WhatsApp is away it delivered %q", lang, got)
				}
			}
			if n := a.Number("SELECT count(*) FROM messages WHERE direction = 'out' AND status IN ('failed', 'suppressed')"); n != 0 {
				t.Errorf("%d messages were given up", n)
			}
			a.Fault("whatsapp", "ok")
			w.closes()
			a.Rest()
			for lang := range talk {
				if got := a.Received(phones[lang]); !slices.Equal(got, want[lang]) {
					t.Errorf("%s: received afterwards\n%q\nwant\n%q", lang, got, want[lang])
				}
			}
			if n := a.Number("SELECT count(*) FROM river_job WHERE state = 'discarded'"); n != 0 {
				t.Errorf("%d dead letters", n)
			}
		})
	}
}

// asksToday is how a returning customer comes to a hold that is to be paid.
var asksToday = map[models.Language][2]string{
	models.English: {"Any chance of a haircut today?", "16:30 with Salma"},
	models.Spanish: {"¿Hay hueco hoy para un corte?", "16:30 con Salma"},
	models.Arabic:  {"هل يوجد موعد قص شعر اليوم؟", "16:30 مع سلمى"},
}

// Stripe is away when a deposit is due: the time stays held, the customer reads once, in their language and in the catalogue's words, that
// the link takes longer, the breaker opens, staff hear of it, one call at a time sees whether Stripe is back, and then the link comes,
// once, and can be paid (R-1403, R-1404).
func TestStripeAwayBehindItsBreaker(t *testing.T) {
	t.Parallel()
	app := guarded(t)
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []models.Language{models.English, models.Spanish, models.Arabic} {
		t.Run(lang, func(t *testing.T) {
			a := app.For(t)
			begin := func() (phone string) {
				t.Helper()
				if err := a.Control("reset", struct{}{}, nil); err != nil {
					t.Fatal(err)
				}
				phone, _ = a.Given("S18", lang)
				a.Say(phone, asksToday[lang][0])
				return phone
			}
			phone := begin()
			a.Say(phone, asksToday[lang][1])
			harness.Links(1)(t, a, phone)
			want := a.Received(phone)

			phone = begin()
			w := watching(t, a, "stripe", "Stripe")
			a.Fault("stripe", "down")
			a.Tell(phone, asksToday[lang][1])
			harness.Receives(len(want))(t, a, phone)
			w.opens()
			held := a.State(phone).Appointments
			if len(held) != 1 || held[0].Status != "provisional" || held[0].HoldExpiresAt == nil {
				t.Fatalf("while Stripe is away: %+v", held)
			}
			until := held[0].HoldExpiresAt.Format("15:04")
			_, says, _ := strings.Cut(texts.Text(lang, "chat.pay.delayed", i18n.Facts{"Held": "\x00", "Until": until}), "\x00")
			got := a.Received(phone)
			news, exact := strings.CutSuffix(got[len(got)-1], says)
			if !exact || news == "" || !strings.HasPrefix(want[len(want)-1], news) {
				t.Errorf("while Stripe is away the customer reads\n%s\nwant the news of the hold and then\n%s", got[len(got)-1], says)
			}
			w.sees()
			a.Fault("stripe", "ok")
			harness.Links(1)(t, a, phone)
			w.closes()
			a.Rest()
			if got := a.Received(phone); len(got) != len(want)+1 {
				t.Errorf("received %d messages, want one more than the %d of other days: %q", len(got), len(want), got)
			}
			harness.Pays("paid", 1)(t, a, phone)
			harness.Becomes("confirmed", "paid")(t, a, phone)
		})
	}
}
