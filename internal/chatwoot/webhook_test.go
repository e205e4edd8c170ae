package chatwoot

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"frontdesk/models"
)

var noon = time.Date(2026, 10, 6, 12, 0, 0, 0, time.UTC)

// Only a fresh timestamp with the body it was signed with proves a webhook (H1).
func TestVerifySignature(t *testing.T) {
	body := []byte(`{"event":"message_created","content":"¡hola! 👋 مرحبا"}`)
	at := fmt.Sprint(noon.Unix())
	good := Sign("secret", at, body)
	for name, tt := range map[string]struct {
		secret, at, header string
		body               []byte
		now                time.Time
		want               bool
	}{
		"good":                    {"secret", at, good, body, noon, true},
		"new and old secret":      {"fresh, secret", at, good, body, noon, true},
		"at the edge":             {"secret", at, good, body, noon.Add(Tolerance), true},
		"stale":                   {"secret", at, good, body, noon.Add(Tolerance + time.Second), false},
		"from the future":         {"secret", at, good, body, noon.Add(-Tolerance - time.Second), false},
		"another timestamp":       {"secret", fmt.Sprint(noon.Unix() + 1), good, body, noon, false},
		"no timestamp":            {"secret", "", good, body, noon, false},
		"another body":            {"secret", at, good, append([]byte(" "), body...), noon, false},
		"another secret":          {"other", at, good, body, noon, false},
		"no secret":               {"", at, Sign("", at, body), body, noon, false},
		"a body-only HMAC":        {"secret", at, Sign("secret", "", body), body, noon, false},
		"without its scheme":      {"secret", at, strings.TrimPrefix(good, "sha256="), body, noon, false},
		"no header":               {"secret", at, "", body, noon, false},
		"a header that is no hex": {"secret", at, "sha256=zz", body, noon, false},
	} {
		if got := VerifySignature(tt.secret, tt.at, tt.body, tt.header, tt.now); got != tt.want {
			t.Errorf("%s: got %t, want %t", name, got, tt.want)
		}
	}
}

const (
	noor = `"meta":{"sender":{"id":5,"name":"Noor","phone_number":"+447700900101"}}`
	room = `"conversation":{"id":42,"status":"pending","channel":"Channel::Whatsapp",` + noor + `},"account":{"id":3}`
)

func TestParseWebhook(t *testing.T) {
	for name, tt := range map[string]struct{ raw, id, kind, sender string }{
		"a customer":                    {`{"event":"message_created","id":7,"content":"hi","message_type":"incoming",` + room + `}`, "chatwoot:3:7", models.EventMessage, "+447700900101"},
		"an agent":                      {`{"event":"message_created","id":8,"content":"hello","message_type":"outgoing","sender":{"id":1,"type":"user"},` + room + `}`, "chatwoot:3:8", models.EventEcho, "+447700900101"},
		"an agent of an older version":  {`{"event":"message_created","id":8,"content":"hello","message_type":1,"sender":{"id":1},` + room + `}`, "chatwoot:3:8", models.EventEcho, "+447700900101"},
		"our own":                       {`{"event":"message_created","id":9,"content":"a","message_type":"outgoing","sender":{"id":1,"type":"agent_bot"},"content_attributes":{"frontdesk_message_id":"0199"},` + room + `}`, "chatwoot:3:9", models.EventStatus, "+447700900101"},
		"our own by an agent's token":   {`{"event":"message_created","id":9,"content":"a","message_type":"outgoing","sender":{"id":1,"type":"user"},"content_attributes":{"frontdesk_message_id":"0199"},` + room + `}`, "chatwoot:3:9", models.EventStatus, "+447700900101"},
		"the last of a list":            {`{"event":"message_created","messages":[{"id":1,"content":"old","message_type":0},{"id":2,"content":"new","message_type":0}],` + room + `}`, "chatwoot:3:2", models.EventMessage, "+447700900101"},
		"a status":                      {`{"event":"conversation_status_changed","id":42,"status":"resolved","channel":"Channel::Sms","meta":{"sender":{"phone_number":"447700900101"}},"updated_at":1759752000.5,"account":{"id":3}}`, "place:3:42:1759752000500000:resolved", models.EventPlace, "+447700900101"},
		"a private note":                {`{"event":"message_created","id":8,"content":"psst","private":true,"message_type":"outgoing","sender":{"id":1,"type":"user"},` + room + `}`, "delivery:d-1", models.EventOther, ""},
		"another bot":                   {`{"event":"message_created","id":8,"content":"x","message_type":"outgoing","sender":{"id":1,"type":"agent_bot"},` + room + `}`, "delivery:d-1", models.EventOther, ""},
		"a greeting":                    {`{"event":"message_created","id":8,"content":"x","message_type":"template",` + room + `}`, "delivery:d-1", models.EventOther, ""},
		"an answer of ours that failed": {`{"event":"message_updated","id":9,"message_type":"outgoing","content_attributes":{"frontdesk_message_id":"0199","external_error":"131047: Re-engagement message"},` + room + `}`, "chatwoot:3:9:failed", models.EventStatus, "+447700900101"},
		"nothing became of it yet":      {`{"event":"message_updated","id":9,"message_type":"outgoing","status":"sent","content_attributes":{"frontdesk_message_id":"0199"},` + room + `}`, "delivery:d-1", models.EventOther, ""},
		"a person's answer that failed": {`{"event":"message_updated","id":8,"message_type":"outgoing","status":"failed","sender":{"id":1,"type":"user"},` + room + `}`, "delivery:d-1", models.EventOther, ""},
		"an update":                     {`{"event":"message_updated","id":7,"content":"hi","message_type":"incoming",` + room + `}`, "delivery:d-1", models.EventOther, ""},
		"nobody with a phone":           {`{"event":"message_created","id":7,"content":"hi","message_type":"incoming","conversation":{"id":42,"channel":"Channel::Whatsapp","meta":{"sender":{"name":"Web"}}},"account":{"id":3}}`, "delivery:d-1", models.EventOther, ""},
		"odd types":                     {`{"event":"message_created","id":"7","content":{"a":1}}`, "delivery:d-1", models.EventOther, ""},
	} {
		e, err := ParseWebhook([]byte(tt.raw), "d-1")
		if err != nil || e.ID != tt.id || e.Kind != tt.kind || e.Sender != tt.sender {
			t.Errorf("%s: got %s %s %q (%v), want %s %s %q", name, e.ID, e.Kind, e.Sender, err, tt.id, tt.kind, tt.sender)
		}
	}
	for _, raw := range []string{"", "[]", "null", "{", "\xff"} {
		if _, err := ParseWebhook([]byte(raw), ""); err == nil {
			t.Errorf("%q was read", raw)
		}
	}
}

// A phone counts where the channel's network vouches for it, and as the channel tells it: in a live chat it is
// what somebody typed, and what a contact is called can be edited.
func TestWhoseWordsTheyAre(t *testing.T) {
	for name, tt := range map[string]struct{ room, sender string }{
		"WhatsApp":                {`"channel":"Channel::Whatsapp","contact_inbox":{"source_id":"447700900101"}`, "+447700900101"},
		"Twilio":                  {`"channel":"Channel::TwilioSms","contact_inbox":{"source_id":"whatsapp:+447700900101"}`, "+447700900101"},
		"a contact edited since":  {`"channel":"Channel::Whatsapp","contact_inbox":{"source_id":"447700900102"}`, "+447700900102"},
		"a channel that hides it": {`"channel":"Channel::Whatsapp","contact_inbox":{"source_id":"GB.ENT.118"}`, ""},
		"a live chat":             {`"channel":"Channel::WebWidget","contact_inbox":{"source_id":"2f7a"}`, ""},
		"mail":                    {`"channel":"Channel::Email","contact_inbox":{"source_id":"noor@example.com"}`, ""},
		"an API":                  {`"channel":"Channel::Api"`, ""},
		"no channel named":        {`"contact_inbox":{"source_id":"447700900101"}`, ""},
	} {
		message := `{"event":"message_created","id":7,"content":"when is my appointment?","message_type":"incoming","conversation":{"id":42,` + tt.room + `,` + noor + `},"account":{"id":3}}`
		change := `{"event":"conversation_status_changed","id":42,"status":"resolved",` + tt.room + `,` + noor + `,"account":{"id":3}}`
		for _, raw := range []string{message, change} {
			e, err := ParseWebhook([]byte(raw), "d-1")
			if err != nil || e.Sender != tt.sender || (e.Kind == models.EventOther) != (tt.sender == "") {
				t.Errorf("%s: got %s of %q (%v), want one of %q", name, e.Kind, e.Sender, err, tt.sender)
			}
		}
	}
}

// What the inbox's channel says of a message later is its status, with the channel's own code.
func TestWhatBecameOfAMessage(t *testing.T) {
	for name, tt := range map[string]struct {
		attributes, listed string
		want               models.DeliveryStatus
	}{
		"refused":        {`,"external_error":"131047: Re-engagement message"`, "", models.DeliveryStatus{Status: models.Failed, ErrorCode: "131047"}},
		"refused, why?":  {"", "failed", models.DeliveryStatus{Status: models.Failed, ErrorCode: "chatwoot"}},
		"refused oddly":  {`,"external_error":"The number +447700900101: gone"`, "failed", models.DeliveryStatus{Status: models.Failed, ErrorCode: "chatwoot"}},
		"it has arrived": {"", "delivered", models.DeliveryStatus{Status: models.Delivered}},
		"it was read":    {"", "read", models.DeliveryStatus{Status: models.Read}},
	} {
		e, err := ParseWebhook([]byte(`{"event":"message_updated","id":9,"message_type":"outgoing","content_attributes":{"frontdesk_message_id":"0199"`+tt.attributes+`},
			"conversation":{"id":42,"channel":"Channel::Whatsapp",`+noor+`,"messages":[{"id":9,"message_type":1,"status":"`+tt.listed+`"}]},"account":{"id":3}}`), "d-1")
		var got models.DeliveryStatus
		if err != nil || json.Unmarshal(e.Payload, &got) != nil {
			t.Fatalf("%s: %+v (%v)", name, e, err)
		}
		if e.ID != "chatwoot:3:9:"+string(tt.want.Status) || got.Status != tt.want.Status || got.ErrorCode != tt.want.ErrorCode || got.ProviderID != "chatwoot:3:9" || got.MessageID != "0199" {
			t.Errorf("%s: got %s %+v, want %+v", name, e.ID, got, tt.want)
		}
		if strings.Contains(got.ErrorDetail, "4477") {
			t.Errorf("%s: the detail names a number", name)
		}
	}
}

// A change of status is itself, whatever the delivery is called: its header is not signed.
func TestAChangeIsNotNewByItsHeader(t *testing.T) {
	raw := []byte(`{"event":"conversation_status_changed","id":42,"status":"open","channel":"Channel::Whatsapp",` + noor + `,"updated_at":1759752000.123456,"account":{"id":3}}`)
	one, err := ParseWebhook(raw, "d-1")
	again, errAgain := ParseWebhook(raw, "d-2")
	if err != nil || errAgain != nil || one.ID != again.ID {
		t.Errorf("got %q and %q (%v, %v)", one.ID, again.ID, err, errAgain)
	}
	var change models.PlaceChange
	if err := json.Unmarshal(one.Payload, &change); err != nil || change.Place.UpdatedAt.UnixMicro() != 1759752000123456 {
		t.Errorf("changed at %v (%v)", change.Place.UpdatedAt, err)
	}
}

// A change that names no time is known again by its words.
func TestDeliveriesOfOldVersions(t *testing.T) {
	raw := []byte(`{"event":"conversation_status_changed","id":42,"status":"open","channel":"Channel::Whatsapp","meta":{"sender":{"phone_number":"+447700900101"}},"account":{"id":3}}`)
	one, err := ParseWebhook(raw, "")
	again, errAgain := ParseWebhook(raw, "")
	if err != nil || errAgain != nil || one.ID != again.ID || one.Kind != models.EventPlace {
		t.Errorf("got %q and %q (%v, %v)", one.ID, again.ID, err, errAgain)
	}
	changed, err := ParseWebhook([]byte(strings.Replace(string(raw), "open", "pending", 1)), "")
	if err != nil || changed.ID == one.ID {
		t.Errorf("another change has the same id %q (%v)", changed.ID, err)
	}
}

func TestWhatACustomerSays(t *testing.T) {
	e, err := ParseWebhook([]byte(`{"event":"message_created","id":7,"content":"look","message_type":"incoming","attachments":[{"file_type":"image"}],`+room+`}`), "")
	if err != nil {
		t.Fatal(err)
	}
	var in models.InboundMessage
	if err := json.Unmarshal(e.Payload, &in); err != nil {
		t.Fatal(err)
	}
	want := models.Content{Kind: models.KindMedia, MediaType: "image", Text: "look"}
	if in.Content.Kind != want.Kind || in.Content.MediaType != want.MediaType || in.Content.Text != want.Text {
		t.Errorf("content: got %+v, want %+v", in.Content, want)
	}
	if in.Channel != models.ChannelChatwoot || in.ProfileName != "Noor" || in.Chatwoot == nil || *in.Chatwoot != (models.ChatwootPlace{AccountID: 3, ChatwootID: 42, Status: models.ChatwootPending}) {
		t.Errorf("message: %+v at %+v", in, in.Chatwoot)
	}
}
