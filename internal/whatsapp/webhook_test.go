package whatsapp

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"frontdesk/models"
)

// hook wraps messages or statuses as Meta does.
func hook(value string) string {
	return `{"object":"whatsapp_business_account","entry":[{"id":"102290129340398","changes":[{"field":"messages","value":` +
		`{"messaging_product":"whatsapp","metadata":{"display_phone_number":"15550783881","phone_number_id":"106540352242922"},` + value + `}}]}]}`
}

const noor = `"contacts":[{"profile":{"name":"Noor"},"wa_id":"447700900101"}],`

func message1(t *testing.T, fields string) models.InboundMessage {
	t.Helper()
	events, err := ParseWebhook([]byte(hook(noor + `"messages":[{"from":"447700900101","id":"wamid.A1","timestamp":"1749416383",` + fields + `}]`)))
	if err != nil || len(events) != 1 {
		t.Fatalf("got %d events, error %v", len(events), err)
	}
	if e := events[0]; e.ID != "wamid.A1" || e.Kind != models.EventMessage || e.Sender != "+447700900101" {
		t.Fatalf("got event %s %s from %s", e.Kind, e.ID, e.Sender)
	}
	var m models.InboundMessage
	if err := json.Unmarshal(events[0].Payload, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestMessagesOfEveryType(t *testing.T) {
	media := func(kind string) models.Content {
		return models.Content{Kind: models.KindMedia, MediaType: kind, MediaID: "M7"}
	}
	captioned := media("image")
	captioned.Text = "like this?"
	for _, c := range []struct {
		name, fields string
		want         models.Content
	}{
		{"text", `"type":"text","text":{"body":"أريد قص شعر 💇"}`, models.Content{Kind: models.KindText, Text: "أريد قص شعر 💇"}},
		{"text with context", `"type":"text","context":{"from":"1","id":"wamid.Z"},"text":{"body":"yes"}`, models.Content{Kind: models.KindText, Text: "yes"}},
		{"button tap", `"type":"interactive","interactive":{"type":"button_reply","button_reply":{"id":"slot:1","title":"16:30"}}`,
			models.Content{Kind: models.KindButtonReply, Text: "16:30", ReplyID: "slot:1", ReplyTitle: "16:30"}},
		{"list tap", `"type":"interactive","interactive":{"type":"list_reply","list_reply":{"id":"svc:CUT","title":"Haircut","description":"40 min"}}`,
			models.Content{Kind: models.KindListReply, Text: "Haircut", ReplyID: "svc:CUT", ReplyTitle: "Haircut"}},
		{"template quick reply", `"type":"button","button":{"payload":"confirm","text":"Confirm"}`,
			models.Content{Kind: models.KindButtonReply, Text: "Confirm", ReplyID: "confirm", ReplyTitle: "Confirm"}},
		{"flow answer", `"type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"response_json":"{}"}}`,
			models.Content{Kind: models.KindUnsupported, MediaType: "nfm_reply"}},
		{"image", `"type":"image","image":{"id":"M7","mime_type":"image/jpeg","sha256":"x","caption":"like this?"}`, captioned},
		{"voice note", `"type":"audio","audio":{"id":"M7","mime_type":"audio/ogg; codecs=opus","voice":true}`, media("audio")},
		{"video", `"type":"video","video":{"id":"M7","mime_type":"video/mp4"}`, media("video")},
		{"document", `"type":"document","document":{"id":"M7","filename":"a.pdf"}`, media("document")},
		{"sticker", `"type":"sticker","sticker":{"id":"M7","animated":false}`, media("sticker")},
		{"location", `"type":"location","location":{"latitude":40.4,"longitude":-3.7,"name":"Home"}`, models.Content{Kind: models.KindMedia, MediaType: "location"}},
		{"contacts", `"type":"contacts","contacts":[{"name":{"formatted_name":"Dal"},"phones":[{"phone":"+44 7700 900102"}]}]`, models.Content{Kind: models.KindMedia, MediaType: "contacts"}},
		{"order", `"type":"order","order":{"catalog_id":"1","product_items":[]}`, models.Content{Kind: models.KindMedia, MediaType: "order"}},
		{"reaction", `"type":"reaction","reaction":{"message_id":"wamid.B","emoji":"👍"}`, models.Content{Kind: models.KindReaction, Text: "👍"}},
		{"reaction taken back", `"type":"reaction","reaction":{"message_id":"wamid.B"}`, models.Content{Kind: models.KindReaction}},
		{"unsupported", `"type":"unsupported","errors":[{"code":131051,"title":"Message type unknown"}]`, models.Content{Kind: models.KindUnsupported, MediaType: "unsupported"}},
		{"a type of tomorrow", `"type":"hologram","hologram":{"id":"H"}`, models.Content{Kind: models.KindUnsupported, MediaType: "hologram"}},
		{"text that is no text", `"type":"text","text":["x"]`, models.Content{Kind: models.KindUnsupported, MediaType: "text"}},
		{"text of nothing", `"type":"text","text":{"body":""}`, models.Content{Kind: models.KindUnsupported, MediaType: "text"}},
		{"no type", `"timestamp":"x"`, models.Content{Kind: models.KindUnsupported}},
	} {
		got := message1(t, c.fields)
		if !reflect.DeepEqual(got.Content, c.want) {
			t.Errorf("%s: got %+v, want %+v", c.name, got.Content, c.want)
		}
		if got.Channel != models.ChannelWhatsApp || got.From != "+447700900101" || got.ProfileName != "Noor" || got.ProviderID != "wamid.A1" {
			t.Errorf("%s: got %s %s %q %s", c.name, got.Channel, got.From, got.ProfileName, got.ProviderID)
		}
		if !strings.Contains(string(got.Raw), `"id":"wamid.A1"`) {
			t.Errorf("%s: the message as it came is lost: %s", c.name, got.Raw)
		}
	}
}

func TestBoundsOfWhatIsKept(t *testing.T) {
	long := strings.Repeat("ق", 10_000)
	m := message1(t, `"type":"text","text":{"body":"`+long+`"}`)
	if got := len([]rune(m.Content.Text)); got != MaxInboundText || !m.Content.Cut {
		t.Errorf("kept %d characters, cut %t", got, m.Content.Cut)
	}
	if !strings.Contains(string(m.Raw), long) {
		t.Error("the whole text is lost")
	}
	exact := strings.Repeat("ق", MaxInboundText)
	if m := message1(t, `"type":"text","text":{"body":"`+exact+`"}`); m.Content.Text != exact || m.Content.Cut {
		t.Errorf("a text of exactly the limit was cut")
	}
	events, err := ParseWebhook([]byte(hook(`"contacts":[{"profile":{"name":"` + long + `"},"wa_id":"1"}],"messages":[{"from":"1","id":"w","type":"text","text":{"body":"x"}}]`)))
	if err != nil {
		t.Fatal(err)
	}
	var named models.InboundMessage
	if err := json.Unmarshal(events[0].Payload, &named); err != nil {
		t.Fatal(err)
	}
	if got := len([]rune(named.ProfileName)); got != MaxProfileName {
		t.Errorf("profile name of %d characters", got)
	}
}

func TestSenders(t *testing.T) {
	for _, c := range []struct{ name, contacts, from, want, profile string }{
		{"phone", noor, `"from":"447700900101"`, "+447700900101", "Noor"},
		{"phone with plus", noor, `"from":"+447700900101"`, "+447700900101", "Noor"},
		{"no contacts", ``, `"from":"447700900101"`, "+447700900101", ""},
		{"the other contact", `"contacts":[{"profile":{"name":"Dal"},"wa_id":"1"},{"profile":{"name":"Noor"},"wa_id":"447700900101"}],`, `"from":"447700900101"`, "+447700900101", "Noor"},
		{"user id only", `"contacts":[{"profile":{"name":"Noor"},"user_id":"GB.13491208655302741918"}],`, `"from_user_id":"GB.13491208655302741918"`, "bsuid:GB.13491208655302741918", "Noor"},
		{"user id only in the contact", `"contacts":[{"profile":{"name":"Noor"},"user_id":"GB.ENT.118"}],`, `"timestamp":"1"`, "bsuid:GB.ENT.118", "Noor"},
		{"both", `"contacts":[{"profile":{"name":"Noor"},"wa_id":"447700900101","user_id":"GB.1"}],`, `"from":"447700900101","from_user_id":"GB.1"`, "+447700900101", "Noor"},
		{"nobody", ``, `"timestamp":"1"`, "", ""},
		{"not a phone", ``, `"from":"447700900101; DROP TABLE"`, "", ""},
		{"too long for a phone", ``, `"from":"4477009001014477009001"`, "", ""},
		{"user id with a line break", ``, `"from_user_id":"GB.\n1"`, "", ""},
	} {
		events, err := ParseWebhook([]byte(hook(c.contacts + `"messages":[{` + c.from + `,"id":"wamid.A","type":"text","text":{"body":"x"}}]`)))
		if err != nil || len(events) != 1 {
			t.Fatalf("%s: %d events, error %v", c.name, len(events), err)
		}
		if events[0].Sender != c.want {
			t.Errorf("%s: got sender %q, want %q", c.name, events[0].Sender, c.want)
		}
		if c.want == "" {
			if events[0].Kind != models.EventOther {
				t.Errorf("%s: got kind %s", c.name, events[0].Kind)
			}
			continue
		}
		var m models.InboundMessage
		if err := json.Unmarshal(events[0].Payload, &m); err != nil || m.From != c.want || m.ProfileName != c.profile {
			t.Errorf("%s: got %q %q, error %v", c.name, m.From, m.ProfileName, err)
		}
	}
}

func TestStatuses(t *testing.T) {
	for _, c := range []struct {
		name, fields, id string
		want             models.DeliveryStatus
	}{
		{"sent", `"status":"sent","biz_opaque_callback_data":"0192-ours","conversation":{"id":"c"},"pricing":{"billable":true}`, "wamid.S:sent",
			models.DeliveryStatus{Status: models.Sent, MessageID: "0192-ours"}},
		{"delivered", `"status":"delivered"`, "wamid.S:delivered", models.DeliveryStatus{Status: models.Delivered}},
		{"read", `"status":"read"`, "wamid.S:read", models.DeliveryStatus{Status: models.Read}},
		{"failed", `"status":"failed","errors":[{"code":131047,"title":"Re-engagement message","error_data":{"details":"more than 24 hours"}}]`, "wamid.S:failed:131047",
			models.DeliveryStatus{Status: models.Failed, ErrorCode: "131047", ErrorDetail: "more than 24 hours"}},
		{"failed without a reason", `"status":"failed"`, "wamid.S:failed", models.DeliveryStatus{Status: models.Failed}},
	} {
		events, err := ParseWebhook([]byte(hook(`"statuses":[{"id":"wamid.S","timestamp":"1","recipient_id":"447700900101",` + c.fields + `}]`)))
		if err != nil || len(events) != 1 {
			t.Fatalf("%s: %d events, error %v", c.name, len(events), err)
		}
		e := events[0]
		if e.ID != c.id || e.Kind != models.EventStatus || e.Sender != "+447700900101" {
			t.Errorf("%s: got %s %s of %s", c.name, e.Kind, e.ID, e.Sender)
		}
		var got models.DeliveryStatus
		if err := json.Unmarshal(e.Payload, &got); err != nil {
			t.Fatal(err)
		}
		c.want.ProviderID, c.want.Raw = "wamid.S", got.Raw
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: got %+v, want %+v", c.name, got, c.want)
		}
	}
}

func TestOneWebhookOfManyEventsKeepsTheirOrder(t *testing.T) {
	raw := `{"object":"whatsapp_business_account","entry":[
		{"id":"1","changes":[
			{"field":"messages","value":{"messages":[{"from":"1","id":"a","type":"text","text":{"body":"x"}},{"from":"2","id":"b","type":"image"}]}},
			{"field":"account_update","value":{"event":"VERIFIED"}},
			{"field":"messages","value":{"statuses":[{"id":"c","status":"read","recipient_id":"3"},{"id":"d","status":"played","recipient_id":"3"}]}}]},
		{"id":"2","changes":[{"field":"messages","value":{"errors":[{"code":1}]}}, 7, {"field":"messages","value":"text"}]},
		"entry"]}`
	events, err := ParseWebhook([]byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range events {
		id := e.ID
		if e.Kind == models.EventOther {
			id = "-"
		}
		got = append(got, e.Kind+" "+id)
	}
	want := []string{"message a", "message b", "other -", "status c:read", "other -", "other -", "other -", "other -", "other -"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestWhatIsNoMessageIsRecorded(t *testing.T) {
	for name, raw := range map[string]string{
		"another object":        `{"object":"instagram","entry":[{"id":"1"}]}`,
		"an empty object":       `{}`,
		"entry of another type": `{"object":"whatsapp_business_account","entry":"x"}`,
		"a changed number":      hook(`"messages":[{"from":"447700900101","id":"w","type":"system","system":{"body":"changed","wa_id":"447700900109"}}]`),
		"a deleted message":     hook(`"messages":[{"from":"447700900101","id":"w","type":"revoke","revoke":{"original_message_id":"v"}}]`),
		"an opened chat":        hook(`"messages":[{"from":"447700900101","id":"w","type":"request_welcome"}]`),
		"no entry":              `{"object":"whatsapp_business_account","entry":[]}`,
		"no change":             `{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[]}]}`,
		"a message without id":  hook(`"messages":[{"from":"447700900101","type":"text","text":{"body":"x"}}]`),
		"an id out of measure":  hook(`"messages":[{"from":"447700900101","id":"` + strings.Repeat("w", 600) + `","type":"text"}]`),
		"an id with NUL":        hook(`"messages":[{"from":"447700900101","id":"w\u0000","type":"text"}]`),
	} {
		events, err := ParseWebhook([]byte(raw))
		if err != nil || len(events) != 1 || events[0].Kind != models.EventOther {
			t.Errorf("%s: got %v, error %v", name, events, err)
			continue
		}
		again, _ := ParseWebhook([]byte(raw))
		if events[0].ID != again[0].ID || !strings.HasPrefix(events[0].ID, "other:") {
			t.Errorf("%s: ids %q and %q", name, events[0].ID, again[0].ID)
		}
	}
}

func TestOddPartsDoNotCostTheMessage(t *testing.T) {
	const words = `"messages":[{"from":"447700900101","id":"wamid.A","type":"text","text":{"body":"hi"}}]`
	for name, raw := range map[string]string{
		"contacts are no list":    hook(`"contacts":{"wa_id":"447700900101"},` + words),
		"a contact is no object":  hook(`"contacts":["447700900101"],` + words),
		"a profile is no object":  hook(`"contacts":[{"profile":"Noor","wa_id":"447700900101"}],` + words),
		"a name is no text":       hook(`"contacts":[{"profile":{"name":7},"wa_id":"447700900101"}],` + words),
		"an address is no text":   hook(`"contacts":[{"profile":{"name":"Noor"},"wa_id":447700900101}],` + words),
		"statuses are no list":    hook(words + `,"statuses":{}`),
		"the account is a number": strings.Replace(hook(words), `"id":"102290129340398"`, `"id":102290129340398`, 1),
	} {
		events, err := ParseWebhook([]byte(raw))
		if err != nil || len(events) != 1 || events[0].Kind != models.EventMessage || events[0].ID != "wamid.A" {
			t.Errorf("%s: got %v, error %v", name, events, err)
		}
	}
}

func TestMalformedWebhooksAreErrors(t *testing.T) {
	for _, raw := range []string{"", " ", "null", "7", `"x"`, "[]", `{"object":`, `{} trailing`, "\xff\xfe", `{"object":"` + "\xff" + `"}`} {
		if events, err := ParseWebhook([]byte(raw)); err == nil {
			t.Errorf("%q: got %v, want an error", raw, events)
		}
	}
}

func TestOddJSONIsKeptAsItCame(t *testing.T) {
	for name, fields := range map[string]string{
		"NUL":          `"type":"text","text":{"body":"a\u0000b"}`,
		"half a pair":  `"type":"text","text":{"body":"a\uD83Db"}`,
		"huge number":  `"type":"text","text":{"body":"ab"},"x":1e999999`,
		"big number":   `"type":"text","text":{"body":"ab"},"x":1234567890123456789`,
		"deep nesting": `"type":"text","text":{"body":"ab"},"x":` + strings.Repeat("[", 500) + strings.Repeat("]", 500),
	} {
		m := message1(t, fields)
		if strings.ContainsRune(m.Content.Text, 0) || m.Content.Kind != models.KindText {
			t.Errorf("%s: got content %+v", name, m.Content)
		}
		if !strings.Contains(string(m.Raw), fields) {
			t.Errorf("%s: the message as it came is lost: %s", name, m.Raw)
		}
	}
}

func FuzzParseWebhook(f *testing.F) {
	f.Add([]byte(hook(noor + `"messages":[{"from":"447700900101","id":"wamid.A","type":"text","text":{"body":"hi"}}]`)))
	f.Add([]byte(hook(`"statuses":[{"id":"wamid.S","status":"failed","recipient_id":"1","errors":[{"code":131026}]}]`)))
	f.Add([]byte(hook(`"messages":[{"from":"1","id":"w","type":"image","image":{"id":"\u0000"}}]`)))
	f.Add([]byte(`{"object":"whatsapp_business_account","entry":[{"changes":[{"field":"messages","value":{"messages":[7,null,[]]}}]}]}`))
	f.Add([]byte(`{"entry":null}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		events, err := ParseWebhook(raw)
		again, errAgain := ParseWebhook(raw)
		if (err == nil) != (errAgain == nil) || !reflect.DeepEqual(events, again) {
			t.Fatal("the same webhook reads differently the second time")
		}
		for _, e := range events {
			if e.ID == "" || strings.ContainsRune(e.ID, 0) || strings.ContainsRune(e.Sender, 0) {
				t.Fatalf("event id %q of %q", e.ID, e.Sender)
			}
			var whole any
			if err := json.Unmarshal(e.Payload, &whole); err != nil {
				t.Fatalf("payload is no JSON: %v", err)
			}
			var m models.InboundMessage
			if e.Kind != models.EventMessage {
				continue
			}
			if err := json.Unmarshal(e.Payload, &m); err != nil {
				t.Fatalf("payload is no message: %v", err)
			}
			if m.ProviderID != e.ID || m.From != e.Sender || m.From == "" || m.Content.Kind == "" {
				t.Fatalf("message %+v of event %s", m, e.ID)
			}
			if len([]rune(m.Content.Text)) > MaxInboundText || strings.ContainsRune(m.Content.Text, 0) {
				t.Fatal("text out of bounds")
			}
		}
	})
}
