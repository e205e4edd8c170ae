package simulator

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"frontdesk/internal/clock"
	"frontdesk/internal/customers"
	"frontdesk/internal/inbox"
	"frontdesk/internal/testkit"
	"frontdesk/internal/thread"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

func TestStartRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ env, addr, want string }{
		{"production", "127.0.0.1:0", "demo and test only"},
		{"staging", "127.0.0.1:0", "demo and test only"},
		{"", "127.0.0.1:0", "demo and test only"},
		{"demo", "0.0.0.0:0", "loopback only"},
		{"demo", ":0", "loopback only"},
		{"demo", "example.test:80", "loopback only"},
		{"demo", "nonsense", "listen"},
	} {
		s, err := Start(t.Context(), Config{Env: c.env, Addr: c.addr})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s on %s: got %v %v, want an error with %q", c.env, c.addr, s, err, c.want)
		}
	}
}

// A phone is one person however a caller writes it.
func TestPhonesOfACall(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		noor: "447700900101", " 447700900101": "447700900101", "00447700900101": "447700900101", "+44 (0)7700 900-101": "447700900101",
		"+5215512345678": "525512345678", "0000000": "0000000", "12": "", "": "", "+44770090010144770090010": "",
	} {
		if got, err := phoneOf(raw, "from"); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: got %q, %v; want %q", raw, got, err, want)
		}
	}
}

func TestTakenPortGivesWay(t *testing.T) {
	t.Parallel()
	taken, err := listen("127.0.0.1:0", false)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	if l, err := listen(taken.Addr().String(), false); err == nil {
		t.Errorf("a port that was asked for and is taken: got %v", l.Addr())
	}
	next, err := listen(taken.Addr().String(), true)
	if err != nil {
		t.Fatal(err)
	}
	_ = next.Close()
}

func TestBadControlCalls(t *testing.T) {
	b := newBench(t)
	s := b.openSession(nil)
	for _, c := range []struct {
		path   string
		body   any
		status int
	}{
		{"say", []byte("{"), 400},
		{"say", map[string]any{"from": noor}, 400},
		{"say", map[string]any{"from": noor, "text": ""}, 400},
		{"say", map[string]any{"from": noor, "text": "a", "button": "b"}, 400},
		{"say", map[string]any{"from": "nobody", "text": "a"}, 400},
		{"say", map[string]any{"from": noor, "text": "a", "message_id": "my message"}, 400},
		{"say", map[string]any{"from": noor, "text": "a", "message_id": strings.Repeat("w", 513)}, 400},
		{"say", map[string]any{"from": noor, "text": "a", "wait_ms": -1}, 400},
		{"say", map[string]any{"from": noor, "text": "a", "wait_ms": 1_000_000}, 400},
		{"say", map[string]any{"from": noor, "text": "a", "channel": "pigeon"}, 400},
		{"say", map[string]any{"from": noor, "text": "a", "channel": "chatwoot", "message_id": "x"}, 400},
		{"say", map[string]any{"from": noor, "text": "a", "by": "nobody"}, 400},
		{"say", map[string]any{"from": noor, "button": "a", "by": "staff"}, 400},
		{"say", map[string]any{"from": noor, "text": "a", "by": "staff", "channel": "chatwoot"}, 400},
		{"say", map[string]any{"from": noor, "status": "away", "by": "staff", "channel": "chatwoot"}, 400},
		{"say", map[string]any{"from": noor, "media": map[string]any{"type": "hologram"}}, 400},
		{"say", map[string]any{"from": noor, "media": map[string]any{"type": "image", "mime": "image/png", "base64": "%"}}, 400},
		{"say", []byte(`{"text":"` + strings.Repeat("x", controlBody) + `"}`), 413},
		{"pay", map[string]any{"outcome": "paid"}, 400},
		{"pay", map[string]any{"session": "cs_test_none", "outcome": "paid"}, 400},
		{"pay", map[string]any{"session": s.ID, "outcome": "maybe"}, 400},
		{"pay", map[string]any{"session": s.ID, "url": s.URL, "outcome": "paid"}, 400},
		{"pay", map[string]any{"url": "https://example.test/pay/" + s.ID, "outcome": "paid"}, 400},
		{"pay", map[string]any{"url": b.app.URL + "/nothing", "outcome": "paid"}, 400},
		{"pay", map[string]any{"session": s.ID, "outcome": "paid", "copies": 1000}, 400},
		{"refund", map[string]any{"outcome": "succeeded"}, 400},
		{"refund", map[string]any{"refund": "re_none", "outcome": "succeeded"}, 400},
		{"clock", map[string]any{}, 400},
		{"clock", map[string]any{"advance": "soon"}, 400},
		{"clock", map[string]any{"advance": "-1h"}, 400},
		{"clock", map[string]any{"advance": "1h", "reset": true}, 400},
		{"fault", map[string]any{"service": "moon", "mode": "down"}, 400},
		{"fault", map[string]any{"service": "whatsapp", "mode": "sleepy"}, 400},
		{"fault", map[string]any{"service": "whatsapp", "mode": "down", "for": "ever"}, 400},
		{"fault", map[string]any{"service": "mail", "mode": "reorder"}, 400},
		{"calendar", map[string]any{"stylist": "nobody", "day": "2026-10-12"}, 400},
		{"calendar", map[string]any{"stylist": "salma"}, 400},
		{"calendar", map[string]any{"stylist": "salma", "day": "2026-10-12", "type": "party"}, 400},
		{"calendar", map[string]any{"stylist": "salma", "remove": "nothing"}, 404},
		{"fault", map[string]any{"service": "postgres", "mode": "reorder"}, 400},
		{"fault", map[string]any{"service": "redis", "mode": "duplicate"}, 400},
		{"fault", map[string]any{"service": "redis", "mode": "down", "for": "-1s"}, 400},
		{"given", map[string]any{"scenario": "S01", "lang": "fr"}, 400},
		{"settle", map[string]any{"timeout_ms": -5}, 400},
		{"nothing", map[string]any{}, 404},
	} {
		status, answer := b.control(c.path, c.body)
		if message, _ := answer["error"].(string); status != c.status || message == "" {
			t.Errorf("%s %.80s: got %d %v, want %d and why", c.path, fmt.Sprint(c.body), status, answer, c.status)
		}
	}
	for _, path := range []string{"/control/transcript", "/control/state?phone=x"} {
		if status, answer := b.call("GET", path, nil); status != 400 || answer["error"] == nil {
			t.Errorf("%s: got %d %v", path, status, answer)
		}
	}
}

// A page on the web must not play with a developer's machine.
func TestControlAnswersThisMachineOnly(t *testing.T) {
	b := newBench(t)
	if status, _ := b.call("POST", "/control/reset", nil, "Origin", "https://evil.test"); status != http.StatusForbidden {
		t.Errorf("foreign origin: got %d", status)
	}
	r := httptest.NewRequest("GET", "/control/outbox", nil)
	r.Host = "evil.test"
	w := httptest.NewRecorder()
	b.routes().ServeHTTP(w, r)
	if w.Code != http.StatusForbidden {
		t.Errorf("foreign host: got %d", w.Code)
	}
}

// store puts an inbound message into the database, as the product would.
func (b *bench) store(phone, id string) models.Conversation {
	b.t.Helper()
	ctx := b.t.Context()
	contact, err := customers.New(b.cfg.DB, b.cfg.Clock).Contact(ctx, models.ChannelWhatsApp, phone, "")
	if err != nil {
		b.t.Fatal(err)
	}
	th := thread.New(b.cfg.DB, b.cfg.Clock, b.cfg.Queue, b.cfg.Redis)
	conv, err := th.Of(ctx, contact, models.English)
	if err != nil {
		b.t.Fatal(err)
	}
	if _, _, err := th.Receive(ctx, conv, models.InboundMessage{ProviderID: id, Content: models.Content{Kind: models.KindText, Text: "hi"}}); err != nil {
		b.t.Fatal(err)
	}
	return conv
}

// turn plays the product for one message: it is stored, a reply is queued, sent and noted as sent.
// between runs while the reply is queued and the phone has not got it.
func (b *bench) turn(id string, between func()) {
	ctx := context.WithoutCancel(b.t.Context())
	conv := b.store(noor, id)
	th := thread.New(b.cfg.DB, b.cfg.Clock, b.cfg.Queue, b.cfg.Redis)
	m, _, err := th.Say(ctx, thread.Outgoing{ConversationID: conv.ID, Class: models.ClassReply, Content: models.Content{Kind: models.KindText, Text: "hello"}, Language: "en"})
	if err != nil {
		b.t.Error(err)
	}
	b.sql("UPDATE messages SET status = 'handled' WHERE direction = 'in'")
	b.sql("UPDATE provider_events SET processed_at = now() WHERE event_id = $1", id)
	between()
	b.send(textTo(noor, "hello"))
	b.sql("UPDATE messages SET status = 'sent' WHERE id = $1", m.ID)
	b.workJobs()
}

// workJobs marks every job as done.
func (b *bench) workJobs() {
	b.sql("UPDATE river_job SET state = 'completed', finalized_at = now() WHERE state = 'available'")
}

func (b *bench) sql(statement string, args ...any) {
	b.t.Helper()
	if _, err := b.cfg.DB.Pool.Exec(context.WithoutCancel(b.t.Context()), statement, args...); err != nil {
		b.t.Errorf("%s: %v", statement, err)
	}
}

// number is what a query counts.
func (b *bench) number(query string, args ...any) (n int) {
	b.t.Helper()
	if err := b.cfg.DB.Pool.QueryRow(b.t.Context(), query, args...).Scan(&n); err != nil {
		b.t.Fatal(err)
	}
	return n
}

func TestSayReturnsWhenTheReplyHasReachedThePhone(t *testing.T) {
	b := newBench(t)
	arrived := make(chan string, 1)
	box := inbox.New(b.cfg.DB, b.cfg.Clock, b.cfg.Queue)
	b.app.answer = func(h hook) int {
		var body map[string]any
		if json.Unmarshal(h.body, &body) == nil {
			if id, ok := value(body, "entry", 0, "changes", 0, "value", "messages", 0, "id").(string); ok {
				_, err := box.Accept(context.Background(), models.ProviderWhatsApp, []inbox.Event{{ID: id, Kind: models.EventMessage, Sender: noor, Payload: []byte("{}")}})
				if err != nil {
					t.Error(err)
				}
				arrived <- id
			}
		}
		return http.StatusOK
	}
	answers := make(chan map[string]any, 1)
	go func() {
		_, answer := b.control("say", map[string]any{"from": noor, "text": "hi", "wait_ms": 20_000})
		answers <- answer
	}()
	b.turn(<-arrived, func() {
		select {
		case early := <-answers:
			t.Errorf("say returned before the reply was sent: %v", early)
		default:
		}
	})
	answer := <-answers
	if answer["done"] != true || value(answer, "replies", 0, "text") != "hello" {
		t.Errorf("got %v", answer)
	}
	// The product stays silent: the same message again is a duplicate, already processed.
	_, again := b.control("say", map[string]any{"from": noor, "text": "hi", "message_id": answer["message_id"], "wait_ms": 20_000})
	if again["done"] != true || len(again["replies"].([]any)) != 0 {
		t.Errorf("a duplicate: got %v", again)
	}
}

func TestSayGivesUpWhenTimeIsUp(t *testing.T) {
	b := newBench(t)
	_, answer := b.control("say", map[string]any{"from": noor, "text": "hi", "wait_ms": 60})
	if answer["done"] != false || answer["message_id"] == "" {
		t.Errorf("got %v", answer)
	}
}

func TestClock(t *testing.T) {
	b := newBench(t)
	finish := make(chan struct{})
	defer close(finish)
	go func() { // the worker of this test
		for {
			select {
			case <-finish:
				return
			case <-time.After(5 * time.Millisecond):
				b.workJobs()
			}
		}
	}()
	if _, answer := b.control("clock", map[string]any{"now": "2026-10-24T12:00:00+02:00"}); answer["now"] != "2026-10-24T12:00:00+02:00" {
		t.Errorf("now: %v", answer)
	}
	// Over the end of summer time the offset changes.
	if _, answer := b.control("clock", map[string]any{"advance": "24h"}); answer["now"] != "2026-10-25T11:00:00+01:00" {
		t.Errorf("advance: %v", answer)
	}
	if n := len(testkit.Jobs(t, b.cfg.DB, queue.Sweep{}.Kind())); n != 4 {
		t.Errorf("got %d sweeps, want two for every move", n)
	}
	if status, _ := b.control("clock", map[string]any{"reset": true}); status != 200 {
		t.Errorf("reset: %d", status)
	}
	if _, stopped := clock.StoppedAt(b.cfg.ClockFile); stopped {
		t.Error("the clock still stands")
	}
}

func TestSettleCountsDueJobs(t *testing.T) {
	b := newBench(t)
	if err := b.cfg.Queue.Enqueue(t.Context(), queue.Sweep{}); err != nil {
		t.Fatal(err)
	}
	if _, answer := b.control("settle", map[string]any{"timeout_ms": 30}); answer["idle"] != false || answer["pending"] != 1.0 {
		t.Errorf("with a job due: %v", answer)
	}
	b.workJobs()
	if _, answer := b.control("settle", map[string]any{"timeout_ms": 5000}); answer["idle"] != true {
		t.Errorf("with none: %v", answer)
	}
}

func TestResetKeepsTheAppsData(t *testing.T) {
	b := newBench(t)
	b.control("say", map[string]any{"from": noor, "name": "Noor", "text": "hi"})
	b.store(noor, "wamid.1")
	b.control("fault", map[string]any{"service": "stripe", "mode": "500"})
	if err := b.cfg.Redis.Set(t.Context(), "limit:x", []byte("1"), time.Minute); err != nil {
		t.Fatal(err)
	}
	if status, answer := b.control("reset", nil); status != 200 {
		t.Fatalf("reset: %v", answer)
	}
	_, seen := b.call("GET", "/control/transcript?phone="+noor[1:], nil)
	_, out := b.call("GET", "/control/outbox", nil)
	left, err := b.cfg.Redis.Get(t.Context(), "limit:x")
	if len(seen["messages"].([]any)) != 0 || len(out["requests"].([]any)) != 0 || left != nil || err != nil || b.faults.of("stripe").mode != "" {
		t.Errorf("after reset: transcript %v, outbox %v, limit %q %v", seen, out, left, err)
	}
	if n := b.number("SELECT count(*) FROM messages"); n != 1 {
		t.Errorf("got %d messages, want the app's data kept", n)
	}
}
