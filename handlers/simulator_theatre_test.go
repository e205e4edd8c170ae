package handlers

import (
	"context"
	"strings"
	"testing"
	"time"

	"frontdesk/internal/audit"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/testkit"
	"frontdesk/models"
)

// Somebody breaks a service for a while: three customers write, the page says what is broken and how the breaker
// stands, and later that nothing waits any more.
func TestTheTheatrePlaysAFault(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	operator := st.open(models.RoleOperator)
	if got := operator.sees("/theatre").body; !strings.Contains(got, "Nothing was broken yet") {
		t.Error("an empty theatre does not say so")
	}
	if got := operator.sees("/theatre/break?service=redis").doc(t); got.Find("option[value=redis][selected]").Length() != 1 {
		t.Error("the form does not begin with the service it was asked for")
	}
	got := operator.plays("theatre/break", "service", "whatsapp", "mode", "down", "seconds", "10", "audience", "ask")
	if got.StatusCode != 303 || got.Header.Get("Location") != "/console/simulator/theatre" {
		t.Fatalf("break: got %d to %s: %.300s", got.StatusCode, got.Header.Get("Location"), got.body)
	}
	page := operator.sees("/theatre").doc(t)
	if now := page.Find("#theatre-now").Text(); !strings.Contains(now, "WhatsApp") || !strings.Contains(now, "Broken") || !strings.Contains(now, "leave in their order") || !strings.Contains(now, "Answers") {
		t.Errorf("the page: %s", now)
	}
	for lang, words := range map[string]string{"en": "Where can I park?", "es": "¿Dónde puedo aparcar?", "ar": "أين يمكنني ركن السيارة؟"} {
		if phone := page.Find("#theatre-phone-" + lang).Text(); !strings.Contains(phone, words) {
			t.Errorf("the phone in %s: %s", lang, phone)
		}
	}
	if got := operator.plays("theatre/mend"); got.StatusCode != 303 || got.Header.Get("Location") != "/console/simulator/theatre" {
		t.Fatalf("mend: got %d to %s", got.StatusCode, got.Header.Get("Location"))
	}
	testkit.Eventually(t, time.Minute, "the page says how long recovery took", func() bool {
		return strings.Contains(operator.sees("/theatre").doc(t).Find("#theatre-recovery").Text(), "Nothing waited any more after")
	})
	entries, err := st.Audit.Entries(context.Background(), audit.Query{Action: auditFault})
	st.must(err)
	if detail := string(entries[len(entries)-1].Detail); len(entries) != 2 || !strings.Contains(detail, "whatsapp") || !strings.Contains(detail, "10s") {
		t.Errorf("audited: %d entries, the first %s", len(entries), detail)
	}
}

// The theatre says what it does not take, field by field, and breaks nothing then.
func TestTheTheatreRefusesInWords(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	pm := st.open(models.RolePM)
	for _, c := range []struct{ name, service, mode, seconds, audience, field string }{
		{"no such service", "moon", "down", "30", "ask", "service"},
		{"no such mode", "stripe", "angry", "30", "ask", "mode"},
		{"mail twice", "mail", "duplicate", "30", "ask", "mode"},
		{"Postgres out of order", "postgres", "reorder", "30", "ask", "mode"},
		{"too short", "stripe", "down", "9", "ask", "seconds"},
		{"too long", "stripe", "down", "121", "ask", "seconds"},
		{"no number", "stripe", "down", "half a minute", "ask", "seconds"},
		{"Postgres for too long", "postgres", "down", "61", "ask", "seconds"},
		{"Redis for too long", "redis", "hang", "120", "ask", "seconds"},
		{"no such act", "stripe", "down", "30", "dance", "audience"},
	} {
		got := pm.plays("theatre/break", "service", c.service, "mode", c.mode, "seconds", c.seconds, "audience", c.audience)
		if got.StatusCode != 422 || got.doc(t).Find(".error-summary a[href$='"+c.field+"']").Length() != 1 {
			t.Errorf("%s: got %d: %s", c.name, got.StatusCode, got.doc(t).Find("main").Text())
		}
	}
	if got := pm.plays("theatre/audience", "audience", "pay"); got.StatusCode != 422 || !strings.Contains(got.body, "Nobody has a link to pay yet") {
		t.Errorf("pay without a link: got %d", got.StatusCode)
	}
	if got := pm.plays("theatre/audience", "audience", "silent"); got.StatusCode != 422 {
		t.Errorf("say nothing: got %d", got.StatusCode)
	}
	stakeholder := st.open(models.RoleStakeholder)
	for _, act := range [][]string{{"theatre/break", "service", "redis", "mode", "down", "seconds", "30", "audience", "ask"}, {"theatre/audience", "audience", "ask"}, {"theatre/mend"}} {
		if got := stakeholder.plays(act[0], act[1:]...); got.StatusCode != 403 {
			t.Errorf("a stakeholder's %v: got %d", act, got.StatusCode)
		}
	}
	if on, err := st.standIns.Faults(context.Background()); err != nil || len(on) != 0 {
		t.Errorf("after all that is broken: %+v, %v", on, err)
	}
}

// The three go on by whatever they are offered, and by name and surname where they are asked.
func TestTheAudienceBooksOn(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	pm := st.open(models.RolePM)
	if got := pm.plays("theatre/audience", "audience", "book"); got.StatusCode != 303 {
		t.Fatalf("book: got %d: %.300s", got.StatusCode, got.body)
	}
	page := pm.sees("/theatre").doc(t)
	for lang, words := range map[string]string{"en": "haircut tomorrow", "es": "corte de pelo", "ar": "قص شعر"} {
		if phone := page.Find("#theatre-phone-" + lang).Text(); !strings.Contains(phone, words) {
			t.Errorf("the phone in %s: %s", lang, phone)
		}
	}
	l := audience()[2]
	for _, c := range []struct{ stage, want string }{{"", "opening"}, {"name", l.Name}, {"surname", l.Surname}} {
		l.Stage = c.stage
		if got, _, _ := l.next("opening"); got != c.want {
			t.Errorf("asked for %q: got %q, want %q", c.stage, got, c.want)
		}
	}
}

// The pulse changes when a fault begins, with each second of it, and rests when it is over.
func TestThePulseOfTheTheatre(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	pm := st.open(models.RolePM)
	pulse := func() string {
		word, _ := st.call("GET", "/console/simulator/theatre/pulse", nil, "Cookie: "+pm.cookie, "Accept: application/json").json(t)["pulse"].(string)
		return word
	}
	rest := pulse()
	if rest == "" || rest != pulse() || rest != pm.sees("/theatre").doc(t).Find("[data-pulse]").AttrOr("data-pulse", "") {
		t.Error("the pulse changes by itself, or the page has another")
	}
	if got := pm.plays("theatre/break", "service", "stripe", "mode", "slow", "seconds", "120", "audience", "silent"); got.StatusCode != 303 {
		t.Fatalf("break: got %d", got.StatusCode)
	}
	first := pulse()
	if first == rest {
		t.Error("a fault began and the pulse is the same")
	}
	testkit.Eventually(t, 10*time.Second, "the page counts", func() bool { return pulse() != first })
	if on, err := st.standIns.Faults(context.Background()); err != nil || len(on) != 1 || on[0].Until == nil {
		t.Errorf("broken without an end: %+v, %v", on, err)
	}
	if v, err := st.Watch.Provider(context.Background(), "stripe"); err != nil || v.State != redisstore.BreakerClosed {
		t.Errorf("the breaker: %+v, %v", v, err)
	}
}
