package scenarios

import (
	"slices"
	"strings"
	"testing"
	"time"

	"frontdesk/e2e/harness"
	"frontdesk/models"
)

// S07: two people at the same time.

type s07 struct{ ask, shares, yes string }

var (
	s07Scripted = map[models.Language]s07{
		"en": {"My daughter and I would come on Friday afternoon, a haircut and a styling", "The haircut is mine, the styling hers", "Yes, book us both then"},
		"es": {"El viernes por la tarde vendríamos mi hija y yo: un corte y un peinado", "El corte es para mí; el peinado, para ella", "De acuerdo, reserva ambas"},
		"ar": {"سنأتي أنا وابنتي بعد ظهر الجمعة: قص وتصفيف", "القص لي والتصفيف لها", "نعم، احجزي لنا معًا"},
	}
	s07Ordinary = map[models.Language]s07{
		"en": {"hi! could u fit me and my sister in this friday afternoon? haircut + styling", "haircut for me, styling for my sister", "perfect, go ahead"},
		"es": {"hola! somos dos, mi amiga y yo, el viernes x la tarde para corte y peinado", "yo el corte y ella el peinado", "genial, sí"},
		"ar": {"مرحبا انا واختي نبي نجي الجمعه بعد الظهر قص وتصفيف", "انا القص واختي التصفيف", "تمام احجزي"},
	}
)

func TestS07(t *testing.T) {
	t.Parallel()
	app := harness.Start(t, harness.Options{})

	t.Run("scripted", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS07(t, app, lang, s07Scripted[lang]) })
	})
	t.Run("in ordinary words", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playS07(t, app, lang, s07Ordinary[lang]) })
	})
	t.Run("one after the other", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { staggeredS07(t, app, lang) })
	})
	t.Run("one line free of charge", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { freeLineS07(t, app.For(t), lang) })
	})
	t.Run("one slot lost before the yes", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { lostS07(t, app.For(t), lang) })
	})
	t.Run("unpaid, both lapse", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { lapsedS07(t, app.For(t), lang) })
	})
}

// heldS07 plays up to the link.
func heldS07(t *testing.T, app *harness.App, lang models.Language, w s07) (phone string, now time.Time, held []harness.Reply) {
	t.Helper()
	phone, now = app.Given("S07", lang)
	asked := app.Say(phone, w.ask)
	says(t, lang, asked, "Greta")
	silentOn(t, asked, "/privacy", "16:00")
	offer := app.Say(phone, w.shares)
	says(t, lang, offer, dana[lang], salma[lang], "26.20", "17.50", "43.70")
	onlyTimes(t, offer, "16:00")
	if n := len(app.State(phone).Appointments); n != 0 {
		t.Errorf("%d appointments before the yes", n)
	}
	return phone, now, app.Say(phone, w.yes)
}

func playS07(t *testing.T, app *harness.App, lang models.Language, w s07) {
	phone, now, held := heldS07(t, app, lang, w)
	says(t, lang, held, "8.74", "43.70", "30", dana[lang], salma[lang])
	link := onlyLink(t, held)
	both := bothVisits(t, app, phone)
	for i, want := range []struct {
		service, stylist string
		deposit          int64
	}{{"CUT", "Dana", 524}, {"STYLE", "Salma", 350}} {
		v := both[i]
		if v.Status != "provisional" || v.Services[0] != want.service || v.Stylist != want.stylist || v.DepositMinor != want.deposit ||
			!v.StartsAt.Equal(madrid(t, "2026-10-09 16:00")) || !v.EndsAt.Equal(madrid(t, "2026-10-09 16:40")) ||
			v.HoldExpiresAt == nil || v.HoldExpiresAt.Sub(now) != 30*time.Minute {
			t.Errorf("held %+v, want %+v", v, want)
		}
	}
	confirmed := app.Pay(link, "paid", 2)
	says(t, lang, confirmed, "Greta", both[1].ForName, "16:00", "16:40", dana[lang], salma[lang], "8.74", "34.96")
	if len(confirmed) != 1 {
		t.Errorf("%d messages after two copies of the payment event, want 1:\n%s", len(confirmed), harness.Said(confirmed))
	}
	for _, v := range bothVisits(t, app, phone) {
		if v.Status != "confirmed" || v.DepositState != "paid" {
			t.Errorf("after payment %+v", v)
		}
	}
	app.Settle()
	for _, stylist := range []string{danasPhone, salmasPhone} {
		if notices := app.Received(stylist); len(notices) != 1 || !strings.Contains(notices[0], "16:00") {
			t.Errorf("notices of %s: %q, want one", stylist, notices)
		}
	}
	if got := app.Number("SELECT total_spent_minor FROM customers WHERE phone = $1", phone); got != 4370 {
		t.Errorf("total spent %d, want 4370", got)
	}
}

// bothVisits are the two live visits of the phone's customer, the customer's own first: of one group and
// with one expiry.
func bothVisits(t *testing.T, app *harness.App, phone string) []harness.Visit {
	t.Helper()
	var live []harness.Visit
	for _, v := range app.State(phone).Appointments {
		if v.Status == "provisional" || v.Status == "confirmed" {
			live = append(live, v)
		}
	}
	if len(live) != 2 {
		t.Fatalf("%d live visits, want 2: %+v", len(live), live)
	}
	slices.SortFunc(live, func(a, b harness.Visit) int { return strings.Compare(a.Services[0], b.Services[0]) })
	if live[0].GroupID == "" || live[0].GroupID != live[1].GroupID || live[0].ForName == live[1].ForName || live[0].Stylist == live[1].Stylist && live[0].StartsAt.Equal(live[1].StartsAt) {
		t.Errorf("no group: %+v", live)
	}
	return live
}

// staggeredS07: Salma is busy, so the two follow each other at Dana's.
func staggeredS07(t *testing.T, app *harness.App, lang models.Language) {
	phone, _ := app.Given("S07", lang)
	block(t, app, "salma", "2026-10-09 16:00", "2026-10-09 17:00")
	app.Exec(`DELETE FROM time_blocks WHERE stylist_id = (SELECT id FROM stylists WHERE code = 'dana') AND starts_at >= $1 AND starts_at < $2`,
		madrid(t, "2026-10-09 17:00"), madrid(t, "2026-10-09 20:00"))
	block(t, app, "dana", "2026-10-09 17:20", "2026-10-09 20:00")
	app.Say(phone, s07Scripted[lang].ask)
	offer := app.Say(phone, s07Scripted[lang].shares)
	says(t, lang, offer, dana[lang])
	onlyTimes(t, offer, "16:00", "16:40")
	silentOn(t, offer, salma[lang])
	onlyLink(t, app.Say(phone, s07Scripted[lang].yes))
	both := bothVisits(t, app, phone)
	if gap := both[1].StartsAt.Sub(both[0].EndsAt); gap != 0 && both[0].StartsAt.Sub(both[1].EndsAt) != 0 {
		t.Errorf("not back to back: %+v", both)
	}
}

func block(t *testing.T, app *harness.App, stylist, from, to string) {
	t.Helper()
	app.Exec(`INSERT INTO time_blocks (id, stylist_id, starts_at, ends_at, kind, reason, created_at)
		SELECT gen_random_uuid(), id, $1, $2, 'busy', '{}', now() FROM stylists WHERE code = $3`, madrid(t, from), madrid(t, to), stylist)
}

func freeLineS07(t *testing.T, app *harness.App, lang models.Language) {
	phone, _ := app.Given("S07", lang)
	app.Say(phone, words{
		"en": "My daughter and I would come on Friday afternoon", "es": "Mi hija y yo vendríamos el viernes por la tarde", "ar": "سنأتي أنا وابنتي بعد ظهر الجمعة",
	}[lang])
	app.Say(phone, words{
		"en": "a haircut for me and a hair consultation for my daughter", "es": "un corte para mí y una consulta capilar para mi hija", "ar": "قص شعر لي واستشارة شعر لابنتي",
	}[lang])
	held := app.Say(phone, s07Scripted[lang].yes)
	says(t, lang, held, "5.24")
	link := onlyLink(t, held)
	app.Pay(link, "paid", 1)
	for _, v := range bothVisits(t, app, phone) {
		want := "paid"
		if v.Services[0] == "CONSULT_HAIR" {
			want = "none"
		}
		if v.Status != "confirmed" || v.DepositState != want {
			t.Errorf("after payment %+v, want deposit %s", v, want)
		}
	}
}

func lostS07(t *testing.T, app *harness.App, lang models.Language) {
	phone, _ := app.Given("S07", lang)
	app.Say(phone, s07Scripted[lang].ask)
	app.Say(phone, s07Scripted[lang].shares)
	block(t, app, "salma", "2026-10-09 16:00", "2026-10-09 17:00")
	fresh := app.Say(phone, s07Scripted[lang].yes)
	says(t, lang, fresh)
	if harness.Link(fresh) != "" {
		t.Errorf("a link for a group of which one time is gone:\n%s", harness.Said(fresh))
	}
	if n := len(app.State(phone).Appointments); n != 0 {
		t.Errorf("%d appointments, want none", n)
	}
	if len(times(fresh)) == 0 {
		t.Errorf("no new proposal:\n%s", harness.Said(fresh))
	}
}

func lapsedS07(t *testing.T, app *harness.App, lang models.Language) {
	phone, _, held := heldS07(t, app, lang, s07Scripted[lang])
	link := onlyLink(t, held)
	before := len(app.Received(phone))
	app.Advance(25 * time.Minute)
	app.Advance(6 * time.Minute)
	app.Settle()
	if got := app.Received(phone)[before:]; len(got) != 2 {
		t.Errorf("%d messages, want a warning and an end: %q", len(got), got)
	}
	for _, v := range app.State(phone).Appointments {
		if v.Status != "expired" {
			t.Errorf("%+v, want expired", v)
		}
	}
	app.Pay(link, "paid", 1) // late, and both times are still free
	app.Settle()
	for _, v := range bothVisits(t, app, phone) {
		if v.Status != "confirmed" || v.DepositState != "paid" {
			t.Errorf("paid late: %+v", v)
		}
	}
}
