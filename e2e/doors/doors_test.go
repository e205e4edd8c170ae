// Package doors tries every door that strangers reach with what should not come through it: unsigned,
// forged, malformed, oversized and hostile input. The answer is always a clear refusal or an
// acknowledgement, never a failure; the story of the customer goes on, and nothing of it is in the log.
package doors

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stripe/stripe-go/v76/webhook"

	"frontdesk/e2e/harness"
	"frontdesk/internal/testkit"
	"frontdesk/internal/whatsapp"
)

const (
	whatsappDoor = "/webhook/whatsapp"
	stripeDoor   = "/payments/stripe/webhook"
	hookLimit    = 3 << 20
)

// caller posts to the app as a provider, or a stranger, would.
type caller struct {
	*harness.App
	t *testing.T
}

// post gives the status and body of an answer.
func (c caller) post(path string, body []byte, headers map[string]string) (int, string) {
	c.t.Helper()
	req, err := http.NewRequest(http.MethodPost, c.BaseURL+path, bytes.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	for name, value := range headers {
		req.Header.Set(name, value)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // read to its end
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return res.StatusCode, string(answer)
}

func (c caller) meta(body []byte) map[string]string {
	return map[string]string{whatsapp.SignatureHeader: whatsapp.Sign(c.Env["WHATSAPP_APP_SECRET"], body)}
}

func (c caller) stripe(body []byte, at time.Time) map[string]string {
	sum := webhook.ComputeSignature(at, body, c.Env["STRIPE_WEBHOOK_SECRET"])
	return map[string]string{"Stripe-Signature": fmt.Sprintf("t=%d,v1=%x", at.Unix(), sum)}
}

// hook is a webhook of Meta's around a value.
func hook(value string) []byte {
	return []byte(`{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":` + value + `}]}]}`)
}

// wrote is the webhook of a customer's message; fields are what the message holds beside sender and id.
func wrote(from, id, fields string) []byte {
	return hook(`{"contacts":[{"wa_id":"` + from + `","profile":{"name":"Noor"}}],"messages":[{"from":"` + from + `","id":"` + id + `","timestamp":"1",` + fields + `}]}`)
}

// padded is a webhook of exactly size bytes.
func padded(body []byte, size int) []byte {
	return append(bytes.TrimSuffix(body, []byte("}")), append(bytes.Repeat([]byte(" "), size-len(body)), '}')...)
}

const hello = `"type":"text","text":{"body":"hello, a haircut please"}`

func TestDoors(t *testing.T) {
	t.Parallel()
	c := caller{harness.Start(t, harness.Options{}), t}

	t.Run("what providers post is judged before it is read", c.judged)
	t.Run("odd things are acknowledged and nobody is bothered", c.odd)
	t.Run("sign-in answers whatever is typed", c.signIn)
	t.Run("the same message twenty times at once", c.twenty)
	t.Run("hostile words and names", c.hostile)
	t.Run("everything twice", c.twice)
	t.Run("a status overtakes the answer to its send", c.overtaken)
	c.Settle()
	c.quiet()
}

func (c caller) judged(t *testing.T) {
	c.t = t
	small := wrote("447700900301", "wamid.J", hello)
	event := []byte(`{"id":"evt_door","type":"customer.created","data":{"object":{}}}`)
	deep := func(n int) []byte { return []byte(`{"a":` + strings.Repeat("[", n) + strings.Repeat("]", n) + `}`) }
	now := time.Now()
	for _, tt := range []struct {
		name, path string
		body       []byte
		headers    map[string]string
		status     int
	}{
		{"unsigned", whatsappDoor, small, nil, 401},
		{"signed for other bytes", whatsappDoor, small, c.meta(event), 401},
		{"half a signature", whatsappDoor, small, map[string]string{whatsapp.SignatureHeader: "sha256=ab"}, 401},
		{"the old algorithm", whatsappDoor, small, map[string]string{"X-Hub-Signature": "sha1=" + strings.Repeat("0", 40)}, 401},
		{"broken JSON", whatsappDoor, []byte(`{"object":`), c.meta([]byte(`{"object":`)), 400},
		{"nothing", whatsappDoor, nil, c.meta(nil), 400},
		{"a list", whatsappDoor, []byte(`[]`), c.meta([]byte(`[]`)), 400},
		{"deep", whatsappDoor, deep(9000), c.meta(deep(9000)), 200},
		{"too deep", whatsappDoor, deep(20_000), c.meta(deep(20_000)), 400},
		{"the limit", whatsappDoor, padded(small, hookLimit), c.meta(padded(small, hookLimit)), 200},
		{"one more", whatsappDoor, padded(small, hookLimit+1), c.meta(padded(small, hookLimit+1)), 413},
		{"unsigned payment", stripeDoor, event, nil, 401},
		{"a payment signed long ago", stripeDoor, event, c.stripe(event, now.Add(-6*time.Minute)), 401},
		{"a payment of nothing we know", stripeDoor, event, c.stripe(event, now), 200},
		{"the same again", stripeDoor, event, c.stripe(event, now), 200},
		{"a payment that is no JSON", stripeDoor, []byte(`{"id":`), c.stripe([]byte(`{"id":`), now), 400},
		{"a payment without id", stripeDoor, []byte(`{"type":"x"}`), c.stripe([]byte(`{"type":"x"}`), now), 400},
		{"a payment with NUL in its id", stripeDoor, []byte(`{"id":"evt_\u0000","type":"x"}`), c.stripe([]byte(`{"id":"evt_\u0000","type":"x"}`), now), 400},
		{"a payment with NUL in its words", stripeDoor, []byte(`{"id":"evt_n","type":"x","y":"\u0000\ud83d"}`), c.stripe([]byte(`{"id":"evt_n","type":"x","y":"\u0000\ud83d"}`), now), 200},
		{"too much payment", stripeDoor, padded(event, hookLimit+1), c.stripe(padded(event, hookLimit+1), now), 413},
		{"the other address", "/webhook/stripe", event, nil, 401},
	} {
		if status, answer := c.post(tt.path, tt.body, tt.headers); status != tt.status {
			t.Errorf("%s: got %d, want %d: %s", tt.name, status, tt.status, answer)
		}
	}
	packed := c.meta(small)
	packed["Content-Type"] = "text/plain"
	if status, answer := c.post(whatsappDoor, small, packed); status != http.StatusUnsupportedMediaType {
		t.Errorf("text/plain: got %d %s", status, answer)
	}
}

func (c caller) odd(t *testing.T) {
	c.t = t
	const from = "447700900302"
	for i, tt := range []struct {
		name, fields string
		replies      int
	}{
		{"a voice note", `"type":"audio","audio":{"id":"1"}`, 1},
		{"a type of tomorrow", `"type":"hologram","hologram":{}`, 1},
		{"a reaction", `"type":"reaction","reaction":{"message_id":"x","emoji":"👍"}`, 0},
		{"a reaction taken back", `"type":"reaction","reaction":{"message_id":"x"}`, 0},
		{"a deleted message", `"type":"revoke","revoke":{"original_message_id":"x"}`, 0},
		{"a changed number", `"type":"system","system":{"body":"x"}`, 0},
		{"text that is no text", `"type":"text","text":[7]`, 1},
	} {
		before := len(c.Received("+" + from))
		body := wrote(from, fmt.Sprint("wamid.O", i), tt.fields)
		if status, answer := c.post(whatsappDoor, body, c.meta(body)); status != http.StatusOK {
			t.Errorf("%s: got %d %s", tt.name, status, answer)
		}
		c.Settle()
		if got := len(c.Received("+"+from)) - before; got != tt.replies {
			t.Errorf("%s: %d replies, want %d", tt.name, got, tt.replies)
		}
	}
	for _, sender := range []string{"0", "0000000", "999999999999999", "1234567890123456", "abc", "", "٤٤٧٧٠٠٩٠٠٣٠٣", "' OR 1=1"} {
		body := wrote(sender, "wamid.S"+fmt.Sprintf("%x", sender), hello)
		if status, answer := c.post(whatsappDoor, body, c.meta(body)); status != http.StatusOK {
			t.Errorf("sender %q: got %d %s", sender, status, answer)
		}
	}
	body := hook(`{"statuses":[{"id":"wamid.NOPE","status":"read","recipient_id":"447700900302","biz_opaque_callback_data":"' OR 1=1"},
		{"id":"wamid.NOPE","status":"failed","errors":[{"code":"x","error_data":7}]},{"status":"sent"},7]}`)
	if status, answer := c.post(whatsappDoor, body, c.meta(body)); status != http.StatusOK {
		t.Errorf("statuses of nothing: got %d %s", status, answer)
	}
	// A contact that is no contact does not cost the message.
	body = hook(`{"contacts":{"wa_id":7},"messages":[{"from":"447700900303","id":"wamid.C","type":"text","text":{"body":"hello"}}]}`)
	if status, answer := c.post(whatsappDoor, body, c.meta(body)); status != http.StatusOK {
		t.Errorf("odd contacts: got %d %s", status, answer)
	}
	c.Settle()
	if got := c.Received("+447700900303"); len(got) != 1 {
		t.Errorf("a message beside odd contacts got %d replies", len(got))
	}
}

func (c caller) signIn(t *testing.T) {
	c.t = t
	for body, want := range map[string]int{
		`{`: 400, `[]`: 400, `{}`: 400, `{"email":7,"password":"x"}`: 400,
		`{"email":"a\u0000@b.c","password":"x\u0000"}`:                      401,
		`{"email":"' OR 1=1 --","password":"' OR 1=1 --"}`:                  401,
		`{"email":"` + strings.Repeat("e", 900_000) + `","password":"x"}`:   401,
		`{"email":"a@b.c","password":"` + strings.Repeat("p", 1<<20) + `"}`: 413,
	} {
		if status, answer := c.post("/session/token", []byte(body), nil); status != want {
			t.Errorf("%.60s: got %d, want %d: %s", body, status, want, answer)
		}
	}
}

func (c caller) twenty(t *testing.T) {
	c.t = t
	body := wrote("447700900304", "wamid.TWENTY", hello)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if status, answer := c.post(whatsappDoor, body, c.meta(body)); status != http.StatusOK {
				t.Errorf("got %d %s", status, answer)
			}
		})
	}
	all.Wait()
	c.Settle()
	if got := c.Received("+447700900304"); len(got) != 1 {
		t.Errorf("%d replies to one message: %q", len(got), got)
	}
}

// corpus is what people and programs put where words belong.
var corpus = []string{
	"{{.}} {{.Name}} {{range .}}", "<script>alert('secretword')</script>", "' OR 1=1; DROP TABLE messages; --", "${jndi:ldap://secretword}", "%s%n",
	"\u202esecretword\u202c\u200f", "a\x00b", "\u0000", "✨✨", strings.Repeat("😀", 2000), strings.Repeat("x", 10_000), strings.Repeat("لا ", 3000),
	strings.Repeat("haircut tomorrow or ", 500), strings.Repeat("\n", 5000), strings.Repeat("\u0301", 4000), strings.Repeat("1", 5000),
}

// hostile has each text said as a first message, as a name, and in the middle of a booking that goes on.
func (c caller) hostile(t *testing.T) {
	c.t = t
	for i, words := range corpus {
		from := fmt.Sprintf("+4477009004%02d", i)
		c.SayAs(from, words, words)
		if got := c.Received(from); len(got) != 1 {
			t.Errorf("%.20q: %d replies to a first message: %q", words, len(got), got)
		}
		for _, reply := range c.Received(from) {
			if strings.Contains(reply, "{{") || strings.Contains(reply, "DROP") || strings.Contains(reply, "<script") || strings.Contains(reply, "secretword") {
				t.Errorf("a reply repeats what it should not: %q", reply)
			}
		}
	}
	phone, _ := c.Given("S18", "en")
	c.Say(phone, "a haircut today please, after 16:00")
	for _, words := range []string{corpus[0], corpus[10]} { // a third unclear one in a row would call a person
		c.Say(phone, words)
	}
	if got := harness.Said(c.Say(phone, "16:30")); !strings.Contains(got, "16:30") {
		t.Errorf("the booking did not go on: %q", got)
	}
}

// twice has every webhook delivered twice, statuses included.
func (c caller) twice(t *testing.T) {
	c.t = t
	c.fault("duplicate")
	defer c.fault("ok")
	const from = "+447700900305"
	c.Say(from, "hello")
	c.Say(from, "Greta")
	c.Settle()
	if got := c.Received(from); len(got) != 2 {
		t.Errorf("%d replies to two messages delivered twice: %q", len(got), got)
	}
}

// overtaken tells that a message arrived while WhatsApp has not answered its send yet.
func (c caller) overtaken(t *testing.T) {
	c.t = t
	c.fault("slow")
	defer c.fault("ok")
	db, err := pgx.Connect(t.Context(), c.DatabaseURL)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close(context.Background()) //nolint:errcheck // only read
	const from = "+447700900306"
	if err := c.Control("say", map[string]any{"from": from, "text": "hello"}, nil); err != nil {
		t.Fatal(err)
	}
	status := func(want string) (id string) {
		testkit.Eventually(t, time.Minute, "the reply is "+want, func() bool {
			return db.QueryRow(t.Context(), `SELECT m.id::text FROM messages m JOIN conversations v ON v.id = m.conversation_id
				JOIN contacts k ON k.id = v.contact_id WHERE k.address = $1 AND m.status = $2`, from, want).Scan(&id) == nil
		})
		return id
	}
	body := hook(`{"statuses":[{"id":"wamid.EARLY","status":"delivered","recipient_id":"447700900306","biz_opaque_callback_data":"` + status("sending") + `"}]}`)
	if got, answer := c.post(whatsappDoor, body, c.meta(body)); got != http.StatusOK {
		t.Errorf("got %d %s", got, answer)
	}
	status("delivered")
	status("read") // by the statuses that follow the answer
	c.Settle()
	if got := c.Received(from); len(got) != 1 {
		t.Errorf("%d replies: %q", len(got), got)
	}
}

func (c caller) fault(mode string) {
	c.t.Helper()
	if err := c.Control("fault", map[string]any{"service": "whatsapp", "mode": mode}, nil); err != nil {
		c.t.Fatal(err)
	}
}

// quiet holds the log to the rule: nothing that a customer wrote, no phone, no failure.
func (c caller) quiet() {
	c.t.Helper()
	log, err := os.ReadFile(c.LogFile("serve"))
	if err != nil {
		c.t.Fatal(err)
	}
	for _, never := range []string{"77009003", "77009004", "secretword", "DROP TABLE", "haircut", "Noor", "xxxxxxxx", "😀"} {
		if bytes.Contains(log, []byte(never)) {
			c.t.Errorf("%q is in the log", never)
		}
	}
	for line := range bytes.Lines(log) {
		var entry struct {
			Level, Msg string
			Status     int
		}
		if json.Unmarshal(line, &entry) == nil && (entry.Level == "ERROR" || entry.Status >= 500) {
			c.t.Errorf("a failure in the log: %s", line)
		}
	}
}
