package handlers

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"frontdesk/internal/audit"
	"frontdesk/internal/clock"
	"frontdesk/internal/simulator"
	"frontdesk/jobs"
	"frontdesk/models"
)

const playedPhoneID = "100200300"

// stage is the salon with the real stand-ins, played over HTTP. No worker runs: what the salon would answer is
// sent to the stand-ins by the test.
type stage struct {
	*salon
	url   string
	clock string // the file by which business time is stopped
}

func newStage(t *testing.T) *stage {
	t.Helper()
	app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusOK) }))
	t.Cleanup(app.Close)
	st := &stage{clock: filepath.Join(t.TempDir(), "clock")}
	st.salon = newSalon(t, func(set *Settings, rooms *Rooms) {
		sim, err := simulator.Start(context.Background(), simulator.Config{
			Env: "test", Addr: "127.0.0.1:0", AppURL: func() string { return app.URL }, DB: rooms.DB, Redis: rooms.Redis, Queue: rooms.Queue,
			Clock: rooms.Clock, ClockFile: st.clock, AppSecret: testSecret, PhoneID: playedPhoneID, StripeKey: "sk_test_x", StripeWebhookSecret: testStripe,
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
			defer cancel()
			if err := sim.Close(ctx); err != nil {
				t.Error(err)
			}
		})
		set.SimURL, st.url = sim.URL(), sim.URL()
	})
	return st
}

// works starts workers: what waits for the salon's jobs is done when they are.
func (st *stage) works() {
	st.t.Helper()
	rules := jobs.Rules{Inbox: st.Inbox, Chat: st.Chat, Post: st.Post, Till: st.Till, Diary: st.Diary}
	crew, err := jobs.Start(context.Background(), rules, jobs.Options{DB: st.DB, Clock: st.Clock, Metrics: st.Metrics, Log: st.Log})
	st.must(err)
	st.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := crew.Stop(ctx); err != nil {
			st.t.Error(err)
		}
	})
}

// receives lets the phone receive a message of the salon.
func (st *stage) receives(message map[string]any) {
	st.t.Helper()
	message["messaging_product"], message["to"] = "whatsapp", noorPhone[1:]
	raw, err := json.Marshal(message)
	st.must(err)
	req, err := http.NewRequest(http.MethodPost, st.url+"/whatsapp/v20.0/"+playedPhoneID+"/messages", bytes.NewReader(raw))
	st.must(err)
	req.Header.Set("Authorization", "Bearer any")
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	st.must(err)
	defer res.Body.Close() //nolint:errcheck // read whole
	if body, err := io.ReadAll(res.Body); err != nil || res.StatusCode != http.StatusOK {
		st.t.Fatalf("the phone received nothing: %d %s %v", res.StatusCode, body, err)
	}
}

// plays posts a form of the room as a browser without a script does, and gives the answer.
func (b *browser) plays(act string, fields ...string) answer {
	b.salon.t.Helper()
	form := url.Values{"csrf": {b.csrf}}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	return b.salon.call("POST", "/console/simulator/"+act, []byte(form.Encode()), "Cookie: "+b.cookie, typeForm, "Accept: text/html")
}

// sees is the room's page.
func (b *browser) sees(path string) answer {
	b.salon.t.Helper()
	return b.salon.call("GET", "/console/simulator"+path, nil, "Cookie: "+b.cookie, "Accept: text/html")
}

// A customer is played from the first word to a broken provider with forms alone.
func TestACustomerIsPlayedWithoutAScript(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	pm := st.open(models.RolePM)
	if got := pm.sees("/given").body; !strings.Contains(got, "rewrites the whole demo diary") {
		t.Error("the form does not say what beginning a scenario rewrites")
	}
	if got := pm.plays("given", "scenario", "S01", "lang", "es"); got.StatusCode != 303 || got.Header.Get("Location") != "/console/simulator" {
		t.Fatalf("given: got %d to %s: %.300s", got.StatusCode, got.Header.Get("Location"), got.body)
	}
	if stopped, is := clock.StoppedAt(st.clock); !is || stopped.Format(time.DateOnly) != "2026-10-06" {
		t.Errorf("business time stands at %v, %v", stopped, is)
	}
	page := pm.sees("").doc(t)
	if whose := page.Find(".sim-phone").Text(); !strings.Contains(whose, "Noor") || !strings.Contains(whose, noorPhone) || !strings.Contains(whose, "S01") {
		t.Errorf("the phone is %q", whose)
	}
	if offer := page.Find(".sim-offer").Text(); !strings.Contains(offer, "mechas el viernes") {
		t.Errorf("it offers %q to begin with", offer)
	}
	const words = "¿Qué tal unas mechas?"
	if got := pm.plays("say", "text", words); got.StatusCode != 303 {
		t.Fatalf("say: got %d: %.300s", got.StatusCode, got.body)
	}
	st.receives(map[string]any{"type": "interactive", "interactive": map[string]any{"type": "button", "body": map[string]string{"text": "¿Te llamas Noor?"},
		"action": map[string]any{"buttons": []any{map[string]any{"type": "reply", "reply": map[string]string{"id": "yes", "title": "Sí, soy yo"}}}}}})
	st.receives(map[string]any{"type": "interactive", "interactive": map[string]any{"type": "list", "body": map[string]string{"text": "¿Con quién?"},
		"action": map[string]any{"button": "Elegir", "sections": []any{map[string]any{"title": "Estilistas", "rows": []any{map[string]string{"id": "dana", "title": "Dana", "description": "Pelo"}}}}}}})
	page = pm.sees("").doc(t)
	if mine := page.Find(".sim-bubble.mine").Text(); !strings.Contains(mine, words) {
		t.Errorf("the phone shows %q", mine)
	}
	if got := page.Find("button[name=button][value=yes]").Text() + page.Find("button[name=row][value=dana]").Text(); !strings.Contains(got, "Sí, soy yo") || !strings.Contains(got, "Dana") {
		t.Errorf("to tap there is %q", got)
	}
	for _, tap := range [][]string{{"button", "yes"}, {"row", "dana"}, {"picture", "yes", "text", "Así"}} {
		if got := pm.plays("say", tap...); got.StatusCode != 303 {
			t.Fatalf("%v: got %d: %.300s", tap, got.StatusCode, got.body)
		}
	}
	mine := pm.sees("").doc(t).Find(".sim-bubble.mine")
	if text := mine.Text(); !strings.Contains(text, "Sí, soy yo") || !strings.Contains(text, "Dana") || !strings.Contains(text, "Así") || mine.Find("img").Length() != 1 {
		t.Errorf("after tapping the phone shows %q", text)
	}
	if log := st.logs.String(); strings.Contains(log, words) || strings.Contains(log, noorPhone[1:]) {
		t.Error("the log holds what was typed, or the number")
	}
}

// What changes the demo for everybody is in the audit log; what a customer is made to say is not.
func TestRewritingTheDemoIsAudited(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.works()
	stylist := st.open(models.RoleStylist)
	for _, act := range [][]string{
		{"given", "scenario", "S18", "lang", "en"}, {"say", "text", "hello"}, {"clock", "by", "5m"}, {"clock", "at", "2026-10-10T09:30"}, {"clock", "follow", "yes"},
		{"fault", "service", "whatsapp", "mode", "down", "last", "mended"}, {"mend"},
	} {
		if got := stylist.plays(act[0], act[1:]...); got.StatusCode != 303 {
			t.Fatalf("%v: got %d: %.300s", act, got.StatusCode, got.body)
		}
	}
	entries, err := st.Audit.Entries(context.Background(), audit.Query{})
	st.must(err)
	var played []string
	for _, e := range entries {
		if strings.HasPrefix(e.Action, "simulator.") {
			played = append(played, e.Action)
		}
	}
	slices.Sort(played)
	want := []string{"simulator.clock", "simulator.clock", "simulator.clock", "simulator.fault", "simulator.fault", "simulator.given"}
	if !slices.Equal(played, want) {
		t.Errorf("audited %v, want %v", played, want)
	}
	if _, stopped := clock.StoppedAt(st.clock); stopped {
		t.Error("business time does not follow the machine again")
	}
}

// A broken provider is seen until it is mended, and what carries the room is broken for a while only.
func TestServicesAreBrokenAndMended(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	pm := st.open(models.RolePM)
	for _, last := range []string{"5m", "mended"} {
		got := pm.plays("fault", "service", "redis", "mode", "down", "last", last)
		if got.StatusCode != 422 || !strings.Contains(got.body, "a minute at the most") {
			t.Errorf("redis for %s: got %d", last, got.StatusCode)
		}
	}
	if got := pm.plays("fault", "service", "redis", "mode", "reorder", "last", "30s"); got.StatusCode != 422 || !strings.Contains(got.body, "Nothing is delivered by this service") {
		t.Errorf("redis out of order: got %d", got.StatusCode)
	}
	if got := pm.sees("/fault?service=postgres").body; !strings.Contains(got, "The whole console stands on this one") {
		t.Error("breaking Postgres does not say beforehand that the console goes with it")
	}
	if got := pm.plays("fault", "service", "stripe", "mode", "500", "last", "5m"); got.StatusCode != 303 {
		t.Fatalf("break: got %d: %.300s", got.StatusCode, got.body)
	}
	if banner := pm.sees("").doc(t).Find("#sim-broken").Text(); !strings.Contains(banner, "Stripe") {
		t.Errorf("the banner says %q", banner)
	}
	if got := pm.plays("mend"); got.StatusCode != 303 {
		t.Fatalf("mend: got %d: %.300s", got.StatusCode, got.body)
	}
	if n := pm.sees("").doc(t).Find("#sim-broken").Length(); n != 0 {
		t.Error("something is still said to be broken")
	}
}

// The room says what is wrong with what was posted, keeps what was typed, and repeats the stand-ins' refusals.
func TestTheRoomRefusesInWords(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	pm := st.open(models.RolePM)
	for _, c := range []struct {
		name string
		act  []string
		want string
	}{
		{"no phone in hand", []string{"say", "text", "hello"}, "Take up a phone first"},
		{"no such scenario", []string{"given", "scenario", "S99", "lang", "en"}, ""},
		{"no such language", []string{"given", "scenario", "S01", "lang", "fr"}, ""},
		{"no number", []string{"phone", "phone", "twelve"}, ""},
		{"no such moment", []string{"clock", "at", "tomorrow"}, ""},
		{"no such service", []string{"fault", "service", "moon", "mode", "down", "last", "30s"}, ""},
		{"no such mode", []string{"fault", "service", "stripe", "mode", "angry", "last", "30s"}, ""},
		{"somebody else's link", []string{"pay", "link", "https://example.com/pay/cs_test_1", "outcome", "paid"}, "not a link of the app"},
	} {
		if got := pm.plays(c.act[0], c.act[1:]...); got.StatusCode != 422 || !strings.Contains(got.body, c.want) {
			t.Errorf("%s: got %d, wants %q: %.200s", c.name, got.StatusCode, c.want, got.doc(t).Find("main").Text())
		}
	}
	if got := pm.plays("phone", "phone", "0044 7700 900150", "name", "🌙Dal🌙"); got.StatusCode != 303 {
		t.Fatalf("phone: got %d: %.300s", got.StatusCode, got.body)
	}
	if whose := pm.sees("").doc(t).Find(".sim-phone").Text(); !strings.Contains(whose, "+447700900150") || !strings.Contains(whose, "🌙Dal🌙") {
		t.Errorf("the phone is %q", whose)
	}
	got := pm.plays("say", "text", "two things", "button", "yes")
	if got.StatusCode != 422 || !strings.Contains(got.body, "exactly one") || got.doc(t).Find("#sim-text").Text() != "two things" {
		t.Errorf("two things at once: got %d, the field holds %q", got.StatusCode, got.doc(t).Find("#sim-text").Text())
	}
}

// Stand-ins that are away are a state of the room, in words.
func TestStandInsThatAreAwayAreSaidPlainly(t *testing.T) {
	t.Parallel()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	s := newSalon(t, func(set *Settings, _ *Rooms) { set.SimURL = gone.URL })
	pm := s.open(models.RolePM)
	if got := pm.plays("phone", "phone", noorPhone); got.StatusCode != 303 {
		t.Fatalf("phone: got %d", got.StatusCode)
	}
	if got := pm.sees(""); got.StatusCode != 200 || !strings.Contains(got.body, "The stand-ins do not answer") {
		t.Errorf("the room: got %d", got.StatusCode)
	}
	for _, act := range [][]string{
		{"given", "scenario", "S01", "lang", "en"}, {"say", "text", "hello there"}, {"clock", "by", "5m"}, {"mend"},
		{"fault", "service", "stripe", "mode", "down", "last", "30s"}, {"pay", "link", "http://localhost:8080/pay/x", "outcome", "paid"},
	} {
		if got := pm.plays(act[0], act[1:]...); got.StatusCode != 422 || !strings.Contains(got.body, "The stand-ins do not answer") {
			t.Errorf("%v: got %d", act, got.StatusCode)
		}
	}
	if kept := pm.plays("say", "text", "hello there").doc(t).Find("#sim-text").Text(); kept != "hello there" {
		t.Errorf("what was typed became %q", kept)
	}
	got := s.call("POST", "/console/simulator/mend", nil, "Cookie: "+pm.cookie, "X-CSRF-Token: "+pm.csrf, typeForm, "Accept: application/json")
	if got.StatusCode != 503 || got.code(t) != "room.away" {
		t.Errorf("a program: got %d %s", got.StatusCode, got.code(t))
	}
}

// The pulse is what an open page asks for: it changes when the page would, and not otherwise.
func TestThePulseFollowsThePhone(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	pm := st.open(models.RolePM)
	pulse := func() string {
		raw := st.call("GET", "/console/simulator/pulse", nil, "Cookie: "+pm.cookie, "Accept: application/json").json(t)
		word, _ := raw["pulse"].(string)
		return word
	}
	if got := pm.plays("phone", "phone", noorPhone); got.StatusCode != 303 {
		t.Fatalf("phone: got %d", got.StatusCode)
	}
	first := pulse()
	if first == "" || first != pulse() || first != pm.sees("").doc(t).Find("[data-pulse]").AttrOr("data-pulse", "") {
		t.Error("the pulse changes by itself, or the page has another")
	}
	st.receives(map[string]any{"type": "text", "text": map[string]string{"body": "Hello!"}})
	if pulse() == first {
		t.Error("a message arrived and the pulse is the same")
	}
}

// In production there is no Simulator: no route, no door, whoever asks.
func TestThereIsNoSimulatorInProduction(t *testing.T) {
	t.Parallel()
	a := newApp(t, func(set *Settings, _ *Rooms) { set.Production = true })
	b := newApp(t)
	n := 0
	for _, r := range b.surface {
		if !strings.HasPrefix(r.Path, "/console/simulator") {
			continue
		}
		n++
		for _, header := range []string{"X-Nobody: 1", "X-Admin-Token: " + testAdmin} {
			if got := a.call(r.Method, r.Path, nil, header, typeForm, "Accept: application/json"); got.StatusCode != 404 {
				t.Errorf("%s %s in production: got %d", r.Method, r.Path, got.StatusCode)
			}
		}
	}
	if n < 10 {
		t.Errorf("%d routes of the room elsewhere", n)
	}
	for _, e := range a.rooms() {
		if strings.HasPrefix(e.path, "/console/simulator") {
			t.Error("the navigation leads to it")
		}
	}
}
