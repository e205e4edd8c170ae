package handlers

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"frontdesk/internal/chatwoot"
	"frontdesk/internal/testkit"
	"frontdesk/models"
)

const chatwootToken = "a-token-of-twenty-four-signs"

func chatwootMessage(id int, kind string) []byte {
	return fmt.Appendf(nil, `{"event":"message_created","id":%d,"content":"hi","message_type":%q,"sender":{"id":1,"type":"user"},"account":{"id":1},
		"conversation":{"id":42,"status":"pending","channel":"Channel::Whatsapp","meta":{"sender":{"name":"Noor","phone_number":"+447700900101"}}}}`, id, kind)
}

func chatwootSigned(body []byte, at time.Time, secret string) []string {
	stamp := fmt.Sprint(at.Unix())
	return []string{
		chatwoot.TimestampHeader + ": " + stamp, chatwoot.SignatureHeader + ": " + chatwoot.Sign(secret, stamp, body), chatwoot.DeliveryHeader + ": d-1",
	}
}

// Only Chatwoot gets in; what is no customer's message is answered as ignored (R-108, R-1503).
func TestChatwootWebhook(t *testing.T) {
	t.Parallel()
	a := newApp(t, func(s *Settings, _ *Rooms) { s.Chatwoot = ChatwootSettings{Secret: testSecret, Token: chatwootToken} })
	now := a.Clock.Machine()
	incoming, outgoing := chatwootMessage(7, "incoming"), chatwootMessage(8, "outgoing")
	for name, tt := range map[string]struct {
		path    string
		body    []byte
		headers []string
		status  int
		says    string
	}{
		"signed":             {"/webhook/chatwoot", incoming, chatwootSigned(incoming, now, testSecret), 200, `"received"`},
		"an agent's message": {"/webhook/chatwoot", outgoing, chatwootSigned(outgoing, now, testSecret), 200, `"ignored"`},
		"stale":              {"/webhook/chatwoot", incoming, chatwootSigned(incoming, now.Add(-6*time.Minute), testSecret), 401, ""},
		"another secret":     {"/webhook/chatwoot", incoming, chatwootSigned(incoming, now, "other"), 401, ""},
		"one byte more":      {"/webhook/chatwoot", append([]byte(" "), incoming...), chatwootSigned(incoming, now, testSecret), 401, ""},
		"nothing":            {"/webhook/chatwoot", incoming, nil, 401, ""},
		"the token":          {"/webhook/chatwoot/" + chatwootToken, incoming, nil, 200, `"received"`},
		"another token":      {"/webhook/chatwoot/a-token-of-twenty-four-sigms", incoming, nil, 401, ""},
	} {
		res := a.call("POST", tt.path, tt.body, append(tt.headers, "Content-Type: application/json")...)
		if res.StatusCode != tt.status || !strings.Contains(res.body, tt.says) {
			t.Errorf("%s: got %d %s, want %d %s", name, res.StatusCode, res.body, tt.status, tt.says)
		}
	}
	var kinds []string
	if err := a.DB.On(context.Background()).Raw("SELECT kind FROM provider_events WHERE provider = ? ORDER BY kind", models.ProviderChatwoot).Scan(&kinds).Error; err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(kinds, " "); got != "echo message" || len(testkit.Jobs(t, a.DB, "inbox.event")) != 2 {
		t.Errorf("stored %q, want a message and an echo, once each", got)
	}
	closed := newApp(t)
	for _, path := range []string{"/webhook/chatwoot", "/webhook/chatwoot/" + chatwootToken, "/webhook/chatwoot/"} {
		if res := closed.call("POST", path, incoming, chatwootSigned(incoming, now, "")...); res.StatusCode/100 == 2 {
			t.Errorf("unconfigured, %s: got %d", path, res.StatusCode)
		}
	}
}
