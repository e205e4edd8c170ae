package handlers

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"frontdesk/internal/identity"
	"frontdesk/internal/notify"
	"frontdesk/internal/whatsapp"
	"frontdesk/models"
)

// mailbox is WhatsApp as far as codes are concerned: it takes templates and shows what they carry, newest last.
type mailbox struct {
	mu   sync.Mutex
	sent []whatsapp.Message
}

func (m *mailbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var message whatsapp.Message
	raw, _ := io.ReadAll(r.Body)      // the test sees what is missing
	_ = json.Unmarshal(raw, &message) // likewise
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sent = append(m.sent, message)
	_, _ = w.Write([]byte(`{"messages":[{"id":"wamid.1"}]}`))
}

// code is what the newest message to a phone carries.
func (m *mailbox) code(t *testing.T, phone string) string {
	t.Helper()
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := len(m.sent) - 1; i >= 0; i-- {
		if message := m.sent[i]; message.To == strings.TrimPrefix(phone, "+") {
			return message.Template.Components[0].Parameters[0].Text
		}
	}
	t.Fatalf("no code came to %s", phone)
	return ""
}

// porch is a shop whose visitors may prove who they are.
type porch struct {
	*stocked
	box *mailbox
}

func newPorch(t *testing.T) *porch {
	t.Helper()
	p := &porch{box: &mailbox{}}
	meta := httptest.NewServer(p.box)
	t.Cleanup(meta.Close)
	p.stocked = newStocked(t, func(_ *Settings, r *Rooms) {
		r.Post = notify.New(r.DB, r.Clock, r.Queue, r.Thread, r.Content, r.Policies, whatsapp.New(whatsapp.Config{BaseURL: meta.URL, PhoneID: "1", Token: "t"}), r.Redis)
		r.Identity = identity.New(r.DB, r.Clock, r.Queue, r.People, r.Shop, r.Post, r.Redis, "a passphrase", r.Privacy, r.Till)
	})
	if err := p.Content.Seed(context.Background()); err != nil {
		t.Fatal(err)
	}
	return p
}

// works does what the queue would: the jobs for codes, each once.
func (p *porch) works() {
	p.t.Helper()
	var jobs []struct {
		ID   int64
		Args string
	}
	if err := p.DB.On(context.Background()).Raw("DELETE FROM river_job WHERE kind = 'identity.code' RETURNING id, args").Scan(&jobs).Error; err != nil {
		p.t.Fatal(err)
	}
	for _, job := range jobs {
		var args struct {
			CodeID models.ID `json:"code_id"`
		}
		if err := json.Unmarshal([]byte(job.Args), &args); err != nil {
			p.t.Fatal(err)
		}
		if err := p.Identity.SendCode(context.Background(), args.CodeID); err != nil {
			p.t.Fatal(err)
		}
	}
}

// asks asks for a code and gives what came.
func (p *porch) asks(b *client, phone string) string {
	p.t.Helper()
	b.does(202, "POST", "/session/verify/start", `{"phone":"`+phone+`"}`)
	p.works()
	return p.box.code(p.t, phone)
}

// A guest proves a phone: the session is theirs under a new token, the cart goes along, and the old token is worth nothing.
func TestAPhoneIsProvedByItsCode(t *testing.T) {
	t.Parallel()
	p := newPorch(t)
	const phone = "+447700900131"
	b := p.client()
	b.add("SERUM-50", 2)
	before := b.cookies[shopperCookie]
	code := p.asks(b, phone)
	if len(code) != 6 || strings.Trim(code, "0123456789") != "" {
		t.Fatalf("the code is %q", code)
	}
	if got := b.ask("POST", "/session/verify/complete", `{"phone":"`+phone+`","code":"`+other(code)+`"}`); got.StatusCode != 400 || got.code(t) != "wrong_code" {
		t.Errorf("another code: got %d %s", got.StatusCode, got.body)
	}
	done := b.does(200, "POST", "/session/verify/complete", `{"phone":"00447700900131","code":" `+code[:3]+" "+code[3:]+`"}`)
	who := done["customer"].(map[string]any)
	if who["name"] != "" || who["id"] == "" || len(done["cuts"].([]any)) != 0 {
		t.Errorf("who they are: %v", done)
	}
	if b.cookies[shopperCookie] == before || b.holds()["SERUM-50"] != 2 {
		t.Errorf("token the same: %v; the cart holds %v", b.cookies[shopperCookie] == before, b.holds())
	}
	if got := p.call("GET", "/cart", nil, "X-Session-Token: "+before); strings.Contains(got.body, "SERUM-50") {
		t.Error("the old token still opens the cart")
	}
	again := p.client()
	again.add("SERUM-50", 1)
	typed := arabic(phone)
	again.does(202, "POST", "/session/verify/start", `{"phone":"`+typed+`"}`)
	p.works()
	code = p.box.code(t, phone)
	if second := again.does(200, "POST", "/session/verify/complete", `{"phone":"`+typed+`","code":"`+arabic(code)+`"}`)["customer"].(map[string]any); second["id"] != who["id"] {
		t.Errorf("another customer: %v", second)
	}
	if again.holds()["SERUM-50"] != 3 {
		t.Errorf("from the second device: %v", again.holds())
	}
	if got := again.ask("POST", "/session/verify/complete", `{"phone":"`+phone+`","code":"`+code+`"}`); got.StatusCode != 400 {
		t.Errorf("a used code: got %d %s", got.StatusCode, got.body)
	}
}

// arabic writes the figures of a text as an Arabic keyboard does.
func arabic(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return '٠' + r - '0'
		}
		return r
	}, text)
}

// other is a code that is not this one.
func other(code string) string { return code[:5] + string('0'+(code[5]-'0'+1)%10) }

// Whatever is the matter with a code, the answer is the same; and every phone gets one, known or not.
func TestCodesTellNothing(t *testing.T) {
	t.Parallel()
	p := newPorch(t)
	const phone = "+447700900132"
	b := p.client()
	ok := b.ask("POST", "/session/verify/start", `{"phone":"`+phone+`"}`)
	if unknown := b.ask("POST", "/session/verify/start", `{"phone":"+447700900133"}`); unknown.body != ok.body || unknown.StatusCode != ok.StatusCode {
		t.Errorf("known and unknown: %s, %s", ok.body, unknown.body)
	}
	p.works()
	code, refused := p.box.code(t, phone), map[string]bool{}
	say := func(b *client, phone, code string) answer {
		got := b.ask("POST", "/session/verify/complete", `{"phone":"`+phone+`","code":"`+code+`"}`)
		if got.StatusCode != 200 {
			said := got.json(t)["error"].(map[string]any)
			delete(said, "requestId")
			words, _ := json.Marshal(said)
			refused[string(words)] = true
		}
		return got
	}
	say(p.client(), phone, code)  // no session
	say(b, "+447700900134", code) // never asked for
	say(b, "+447700900133", code) // another phone's
	stranger := p.client()        // another session's
	stranger.add("SERUM-50", 1)   //
	say(stranger, phone, code)    //
	for range identity.MaxTries { //
		say(b, phone, other(code))
	}
	say(b, phone, code) // right, and too late
	fresh := p.asks(b, phone)
	if err := p.DB.On(context.Background()).Exec("UPDATE phone_codes SET expires_at = expires_at - make_interval(secs => ?)", (identity.CodeLife + time.Second).Seconds()).Error; err != nil {
		t.Fatal(err)
	}
	say(b, phone, fresh)
	if len(refused) != 1 {
		t.Errorf("the refusals differ: %v", refused)
	}
	if n := p.count("customers"); n != 0 {
		t.Errorf("%d customers were made", n)
	}
}

// A code stands nowhere: not in a message, a job, an event, a log, nor in its own row.
func TestACodeStandsNowhere(t *testing.T) {
	t.Parallel()
	p := newPorch(t)
	const phone = "+447700900135"
	b := p.client()
	code := p.asks(b, phone)
	b.does(202, "POST", "/session/verify/start", `{"phone":"`+phone+`"}`)
	var tables []string
	ctx := context.Background()
	if err := p.DB.On(ctx).Raw("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'").Scan(&tables).Error; err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		var n int64
		if err := p.DB.On(ctx).Raw(`SELECT count(*) FROM "`+table+`" t WHERE t::text ~ ?`, `(^|[^0-9a-f])`+code+`([^0-9a-f]|$)`).Scan(&n).Error; err != nil {
			t.Fatal(err)
		}
		if n > 0 {
			t.Errorf("the code stands in %s", table)
		}
	}
	if p.count("messages") != 0 || p.count("conversations") != 0 {
		t.Error("a code made a message of a conversation")
	}
	figures, err := p.Metrics.Prometheus()
	if err != nil || strings.Contains(string(figures), code) || strings.Contains(p.logs.String(), code) || strings.Contains(p.logs.String(), phone[4:]) {
		t.Errorf("the code or the phone is told in logs or figures: %v", err)
	}
	if message := p.box.sent[0]; message.Template.Components[1].SubType != "url" || message.Template.Components[1].Parameters[0].Text != code || message.Template.Name != "verify_code" {
		t.Errorf("sent %+v", message.Template)
	}
}

// Codes are few: for a phone, however many sessions ask, and for a session, however many phones it asks for.
func TestCodesAreFew(t *testing.T) {
	t.Parallel()
	p := newPorch(t)
	for i, want := range []int{202, 202, 202, 429} {
		if got := p.client().ask("POST", "/session/verify/start", `{"phone":"+447700900136"}`); got.StatusCode != want {
			t.Errorf("session %d: got %d, want %d", i+1, got.StatusCode, want)
		}
	}
	b := p.client()
	for i, want := range []int{202, 202, 202, 202, 202, 429} {
		got := b.ask("POST", "/session/verify/start", `{"phone":"+44770090014`+string(rune('0'+i))+`"}`)
		if got.StatusCode != want || want == 429 && (got.code(t) != "rate_limited" || got.Header.Get("Retry-After") == "") {
			t.Errorf("phone %d: got %d, want %d: %s", i+1, got.StatusCode, want, got.body)
		}
	}
	for _, bad := range []string{`{"phone":"nobody"}`, `{"phone":"+1"}`, `{}`, `{"phone":7}`} {
		if got := p.client().ask("POST", "/session/verify/start", bad); got.StatusCode != 400 || got.code(t) != "validation" {
			t.Errorf("%s: got %d %s", bad, got.StatusCode, got.body)
		}
	}
}

// Two people share a device, not a cart: who proves another phone gets a session of their own.
func TestAnotherPersonOnTheSameDevice(t *testing.T) {
	t.Parallel()
	p := newPorch(t)
	b := p.client()
	b.add("SERUM-50", 1)
	b.does(200, "POST", "/session/verify/complete", `{"phone":"+447700900137","code":"`+p.asks(b, "+447700900137")+`"}`)
	first := b.cookies[shopperCookie]
	b.does(200, "POST", "/session/verify/complete", `{"phone":"+447700900138","code":"`+p.asks(b, "+447700900138")+`"}`)
	if len(b.holds()) != 0 {
		t.Errorf("the second person has %v", b.holds())
	}
	if got := p.call("GET", "/cart", nil, "X-Session-Token: "+first); strings.Contains(got.body, "SERUM-50") {
		t.Error("the first session goes on in a browser that is another's now")
	}
}

// Who talks with the salon already is the same customer in the shop.
func TestTheCustomerOfTheConversation(t *testing.T) {
	t.Parallel()
	p := newPorch(t)
	ctx := context.Background()
	contact, err := p.People.Contact(ctx, models.ChannelWhatsApp, "+447700900139", "maya 🌸")
	if err != nil {
		t.Fatal(err)
	}
	b := p.client()
	who := b.does(200, "POST", "/session/verify/complete", `{"phone":"+447700900139","code":"`+p.asks(b, "+447700900139")+`"}`)["customer"].(map[string]any)
	person, err := p.People.Person(ctx, contact.ID)
	if err != nil || person.Customer == nil || person.Customer.Named() || person.Name() != "maya 🌸" {
		t.Errorf("a customer without a name is taken for one with: %+v, %v", person, err)
	}
	named, err := p.People.Register(ctx, contact, "Maya", "", models.English)
	if err != nil || named.ID.String() != who["id"] {
		t.Errorf("the name made another customer: %v, %v", named.ID, err)
	}
}
