package simulator

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"frontdesk/internal/clock"
)

func interactive(kind string, body string, action map[string]any) map[string]any {
	return map[string]any{"messaging_product": "whatsapp", "to": noor, "type": "interactive", "interactive": map[string]any{
		"type": kind, "body": map[string]any{"text": body}, "action": action,
	}}
}

func buttons(n int, id, title func(int) string) map[string]any {
	list := []any{}
	for i := range n {
		list = append(list, map[string]any{"type": "reply", "reply": map[string]any{"id": id(i), "title": title(i)}})
	}
	return interactive("button", "Choose", map[string]any{"buttons": list})
}

func rows(n int, change func(i int, row map[string]any)) map[string]any {
	list := []any{}
	for i := range n {
		row := map[string]any{"id": fmt.Sprint("row", i), "title": fmt.Sprint("Row ", i)}
		if change != nil {
			change(i, row)
		}
		list = append(list, row)
	}
	return interactive("list", "Choose", map[string]any{"button": "Open", "sections": []any{map[string]any{"rows": list}}})
}

func named(prefix string) func(int) string {
	return func(i int) string { return fmt.Sprint(prefix, i) }
}
func always(s string) func(int) string { return func(int) string { return s } }

func approved(name, lang string, values ...string) map[string]any {
	params := []any{}
	for _, v := range values {
		params = append(params, map[string]any{"type": "text", "text": v})
	}
	return map[string]any{"messaging_product": "whatsapp", "to": noor, "type": "template", "template": map[string]any{
		"name": name, "language": map[string]any{"code": lang},
		"components": []any{map[string]any{"type": "body", "parameters": params}},
	}}
}

func with(m map[string]any, key string, v any) map[string]any {
	m[key] = v
	return m
}

// Facts W1, W2, W7, W9: what Meta refuses, with its status and code.
func TestSendRefusals(t *testing.T) {
	b := newBench(t)
	b.control("say", map[string]any{"from": noor, "text": "hello"}) // opens the window
	withSections := func(sections ...any) map[string]any {
		return interactive("list", "Choose", map[string]any{"button": "Open", "sections": sections})
	}
	row := map[string]any{"id": "a", "title": "A"}
	other := map[string]any{"id": "b", "title": "B"}
	for _, c := range []struct {
		name   string
		body   map[string]any
		status int
		code   float64 // 0: accepted
	}{
		{"text", textTo(noor, "hi"), 200, 0},
		{"text without plus", textTo("447700900101", "hi"), 200, 0},
		{"text of 4096", textTo(noor, strings.Repeat("ب", 4096)), 200, 0},
		{"text of 4097", textTo(noor, strings.Repeat("ب", 4097)), 400, 100},
		{"empty text", textTo(noor, ""), 400, 100},
		{"no text", map[string]any{"messaging_product": "whatsapp", "to": noor, "type": "text"}, 400, 100},
		{"no product", with(textTo(noor, "hi"), "messaging_product", ""), 400, 100},
		{"other product", with(textTo(noor, "hi"), "messaging_product", "sms"), 400, 100},
		{"no recipient", textTo("", "hi"), 400, 100},
		{"odd recipient", textTo("call me", "hi"), 400, 131009},
		{"unknown key", with(textTo(noor, "hi"), "colour", "red"), 400, 100},
		{"wrong type of key", with(textTo(noor, "hi"), "to", 5), 400, 100},
		{"unknown type", with(textTo(noor, "hi"), "type", "hologram"), 400, 100},
		{"type not here", with(textTo(noor, "hi"), "type", "audio"), 400, 131051},
		{"long reference", with(textTo(noor, "hi"), "biz_opaque_callback_data", strings.Repeat("x", 513)), 400, 100},
		{"3 buttons", buttons(3, named("id"), named("T")), 200, 0},
		{"no button", buttons(0, named("id"), named("T")), 400, 131009},
		{"4 buttons", buttons(4, named("id"), named("T")), 400, 131009},
		{"button title of 20", buttons(1, named("id"), always(strings.Repeat("ñ", 20))), 200, 0},
		{"button title of 21", buttons(1, named("id"), always(strings.Repeat("ñ", 21))), 400, 131009},
		{"button without title", buttons(1, named("id"), always("")), 400, 131009},
		{"button id of 256", buttons(1, always(strings.Repeat("i", 256)), named("T")), 200, 0},
		{"button id of 257", buttons(1, always(strings.Repeat("i", 257)), named("T")), 400, 131009},
		{"same button id", buttons(2, always("id"), named("T")), 400, 131009},
		{"same button title", buttons(2, named("id"), always("T")), 400, 131009},
		{"body of 1025", interactive("button", strings.Repeat("b", 1025), map[string]any{"buttons": []any{}}), 400, 131009},
		{"no body", interactive("button", "", map[string]any{"buttons": []any{}}), 400, 131008},
		{"unknown interactive", interactive("carousel", "b", map[string]any{}), 400, 131009},
		{"10 rows", rows(10, nil), 200, 0},
		{"11 rows", rows(11, nil), 400, 131009},
		{"row title of 24", rows(1, func(_ int, r map[string]any) { r["title"] = strings.Repeat("t", 24) }), 200, 0},
		{"row title of 25", rows(1, func(_ int, r map[string]any) { r["title"] = strings.Repeat("t", 25) }), 400, 131009},
		{"row description of 72", rows(1, func(_ int, r map[string]any) { r["description"] = strings.Repeat("d", 72) }), 200, 0},
		{"row description of 73", rows(1, func(_ int, r map[string]any) { r["description"] = strings.Repeat("d", 73) }), 400, 131009},
		{"row id of 201", rows(1, func(_ int, r map[string]any) { r["id"] = strings.Repeat("i", 201) }), 400, 131009},
		{"same row id", rows(2, func(_ int, r map[string]any) { r["id"] = "same" }), 400, 131009},
		{"list button of 21", interactive("list", "b", map[string]any{"button": strings.Repeat("o", 21), "sections": []any{map[string]any{"rows": []any{row}}}}), 400, 131009},
		{"two sections need titles", withSections(map[string]any{"rows": []any{row}}, map[string]any{"rows": []any{other}}), 400, 131008},
		{"section title of 25", withSections(map[string]any{"title": strings.Repeat("s", 25), "rows": []any{row}}), 400, 131009},
		{"empty section", withSections(map[string]any{"title": "s", "rows": []any{}}), 400, 131009},
		{"same id in two sections", withSections(map[string]any{"title": "1", "rows": []any{row}}, map[string]any{"title": "2", "rows": []any{row}}), 400, 131009},
		{"image by link", map[string]any{"messaging_product": "whatsapp", "to": noor, "type": "image", "image": map[string]any{"link": "https://example.test/a.jpg", "caption": "c"}}, 200, 0},
		{"image without source", map[string]any{"messaging_product": "whatsapp", "to": noor, "type": "image", "image": map[string]any{"caption": "c"}}, 400, 100},
		{"template", approved("privacy_notice", "ar", "https://luma.test/privacy"), 200, 0},
		{"unknown template", approved("no_such", "en"), 404, 132001},
		{"template in another language", approved("privacy_notice", "fr", "u"), 404, 132001},
		{"too few values", approved("privacy_notice", "en"), 400, 132000},
		{"too many values", approved("privacy_notice", "en", "a", "b"), 400, 132000},
		{"code", codeTemplate("en", "493027", "493027"), 200, 0},
		{"code without its button", approved("verify_code", "en", "493027"), 400, 132000},
		{"code with another in its button", codeTemplate("ar", "493027", "1"), 400, 131009},
		{"code too long", codeTemplate("es", "1234567890123456", "1234567890123456"), 400, 131009},
		{"value with a line break", approved("privacy_notice", "en", "a\nb"), 400, 132018},
		{"empty value", approved("privacy_notice", "en", ""), 400, 131008},
		{"read receipt", map[string]any{"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.x"}, 200, 0},
	} {
		status, answer := b.send(c.body)
		code, _ := value(answer, "error", "code").(float64)
		if status != c.status || code != c.code {
			t.Errorf("%s: got %d with code %v, want %d with %v: %v", c.name, status, code, c.status, c.code, answer)
		}
		if c.code != 0 && (value(answer, "error", "type") != "OAuthException" || value(answer, "error", "fbtrace_id") == nil || value(answer, "error", "message") == "") {
			t.Errorf("%s: error is not shaped as Meta's: %v", c.name, answer)
		}
	}
}

func TestSendNeedsTokenAndOwnPhone(t *testing.T) {
	b := newBench(t)
	path := "/whatsapp/v20.0/" + testPhoneID + "/messages"
	if status, answer := b.call("POST", path, textTo(noor, "x")); status != 401 || value(answer, "error", "code") != 190.0 {
		t.Errorf("without a token: got %d %v", status, answer)
	}
	if status, answer := b.call("POST", "/whatsapp/v20.0/999/messages", textTo(noor, "x"), "Authorization", "Bearer t"); status != 400 || value(answer, "error", "code") != 100.0 {
		t.Errorf("another phone: got %d %v", status, answer)
	}
	if status, _ := b.call("POST", "/whatsapp/v1.0/x/y/z", nil, "Authorization", "Bearer t"); status != 400 {
		t.Errorf("unknown path: got %d", status)
	}
}

// Fact W15: the window is 24 hours of business time since the phone last wrote.
func TestWindow(t *testing.T) {
	b := newBench(t)
	at := time.Date(2026, 10, 6, 8, 0, 0, 0, time.UTC)
	move := func(to time.Time) {
		if err := clock.Stop(b.cfg.ClockFile, to); err != nil {
			t.Fatal(err)
		}
	}
	code := func() any {
		_, answer := b.send(textTo(noor, "hello"))
		return value(answer, "error", "code")
	}
	move(at)
	if got := code(); got != 131047.0 {
		t.Fatalf("before any message: got code %v, want 131047", got)
	}
	b.control("say", map[string]any{"from": noor, "text": "hi"})
	for _, c := range []struct {
		after time.Duration
		want  any
	}{{0, nil}, {24*time.Hour - time.Second, nil}, {24 * time.Hour, 131047.0}, {-time.Hour, nil}} {
		move(at.Add(c.after))
		if got := code(); got != c.want {
			t.Errorf("after %s: got code %v, want %v", c.after, got, c.want)
		}
	}
	move(at.Add(48 * time.Hour))
	if status, answer := b.send(approved("privacy_notice", "en", "u")); status != 200 {
		t.Errorf("a template needs no window: got %d %v", status, answer)
	}
}

// A script may sign and post a webhook itself; what the product stored of it opens the window too.
func TestWindowOpensByStoredMessages(t *testing.T) {
	b := newBench(t)
	b.store(noor, "wamid.own")
	if status, answer := b.send(textTo(noor, "hello")); status != 200 {
		t.Errorf("got %d %v, want the text accepted", status, answer)
	}
}

func TestStatusesFollowASend(t *testing.T) {
	b := newBench(t)
	b.control("say", map[string]any{"from": noor, "text": "hi"})
	_, answer := b.send(with(textTo(noor, "hello"), "biz_opaque_callback_data", "our-id"))
	id := value(answer, "messages", 0, "id")
	if value(answer, "messaging_product") != "whatsapp" || value(answer, "contacts", 0, "wa_id") != "447700900101" || id == nil {
		t.Fatalf("answer %v", answer)
	}
	hooks := b.within("a message and three statuses", func(h []hook) bool { return len(h) == 4 })
	var steps []any
	for _, h := range hooks {
		if want := metaSignature(testSecret, h.body); h.path != "/webhook/whatsapp" || h.signature != want {
			t.Errorf("webhook to %s signed %s, want %s", h.path, h.signature, want)
		}
		v := change(t, h)
		if value(v, "metadata", "phone_number_id") != testPhoneID || v["messaging_product"] != "whatsapp" {
			t.Errorf("envelope %v", v)
		}
		if s := value(v, "statuses", 0); s != nil {
			steps = append(steps, value(s, "status"))
			if value(s, "id") != id || value(s, "biz_opaque_callback_data") != "our-id" || value(s, "recipient_id") != "447700900101" || value(s, "timestamp") == "" {
				t.Errorf("status %v", s)
			}
		}
	}
	if fmt.Sprint(steps) != "[sent delivered read]" {
		t.Errorf("got statuses %v", steps)
	}
}

// codeTemplate is the template for codes with a code in its words and one behind its button.
func codeTemplate(lang, inWords, behind string) map[string]any {
	m := approved("verify_code", lang, inWords)
	t := m["template"].(map[string]any)
	t["components"] = append(t["components"].([]any), map[string]any{
		"type": "button", "sub_type": "url", "index": "0", "parameters": []any{map[string]any{"type": "text", "text": behind}},
	})
	return m
}

func TestUnreachablePhoneFailsLater(t *testing.T) {
	b := newBench(t)
	b.control("say", map[string]any{"from": "+447700900999", "text": "hi"})
	if status, _ := b.send(textTo("+447700900999", "hello")); status != 200 {
		t.Fatalf("got %d, want accepted", status)
	}
	hooks := b.within("the failure", func(h []hook) bool { return len(h) == 2 })
	failed := false
	for _, h := range hooks {
		s := value(change(t, h), "statuses", 0)
		failed = failed || value(s, "status") == "failed" && value(s, "errors", 0, "code") == 131026.0
	}
	if !failed {
		t.Error("no failed status with 131026 arrived")
	}
	_, seen := b.call("GET", "/control/transcript?phone=447700900999", nil)
	if n := len(seen["messages"].([]any)); n != 1 {
		t.Errorf("the phone saw %d messages, want its own only", n)
	}
}

// What customers do arrives in Meta's shapes, taps with the title that was offered.
func TestInboundShapes(t *testing.T) {
	b := newBench(t)
	say := func(m map[string]any) {
		m["from"] = noor
		if status, answer := b.control("say", m); status != 200 {
			t.Fatalf("say %v: %d %v", m, status, answer)
		}
	}
	say(map[string]any{"name": "Noor", "text": "hola", "message_id": "wamid.given"})
	b.send(buttons(2, named("pick:"), named("Option ")))
	_, listed := b.send(rows(3, func(_ int, r map[string]any) { r["description"] = "about" }))
	say(map[string]any{"button": "pick:1"})
	say(map[string]any{"list": "row2"})
	say(map[string]any{"button": "forged"})
	say(map[string]any{"media": map[string]any{"type": "audio", "mime": "audio/ogg", "base64": base64.StdEncoding.EncodeToString([]byte("voice"))}})
	say(map[string]any{"media": map[string]any{"type": "location"}})
	hooks := b.within("all messages", func(h []hook) bool {
		n := 0
		for _, one := range h {
			if value(change(t, one), "messages", 0) != nil {
				n++
			}
		}
		return n == 6
	})
	var got []any
	for _, h := range hooks {
		v := change(t, h)
		if m := value(v, "messages", 0); m != nil {
			got = append(got, m)
			if value(v, "contacts", 0, "profile", "name") != "Noor" || value(m, "from") != "447700900101" {
				t.Errorf("contact of %v: %v", m, value(v, "contacts", 0))
			}
		}
	}
	if value(got[0], "id") != "wamid.given" || value(got[0], "text", "body") != "hola" {
		t.Errorf("text %v", got[0])
	}
	if value(got[1], "interactive", "type") != "button_reply" || value(got[1], "interactive", "button_reply", "title") != "Option 1" {
		t.Errorf("button %v", got[1])
	}
	if value(got[2], "interactive", "list_reply", "title") != "Row 2" || value(got[2], "interactive", "list_reply", "description") != "about" ||
		value(got[2], "context", "id") != value(listed, "messages", 0, "id") {
		t.Errorf("list %v", got[2])
	}
	if value(got[3], "interactive", "button_reply", "title") != "forged" {
		t.Errorf("forged button %v", got[3])
	}
	if value(got[5], "type") != "location" || value(got[5], "location", "latitude") == nil {
		t.Errorf("location %v", got[5])
	}
	id, _ := value(got[4], "audio", "id").(string)
	status, file := b.call("GET", "/whatsapp/v20.0/"+id, nil, "Authorization", "Bearer t")
	if status != 200 || file["mime_type"] != "audio/ogg" || file["file_size"] != 5.0 {
		t.Fatalf("media %d %v", status, file)
	}
	req, _ := http.NewRequestWithContext(t.Context(), "GET", file["url"].(string), nil)
	req.Header.Set("Authorization", "Bearer t")
	res, err := http.DefaultClient.Do(req)
	if err != nil || res.StatusCode != 200 || res.Header.Get("Content-Type") != "audio/ogg" {
		t.Errorf("download: %v %v", res, err)
	}
	_ = res.Body.Close()
}

func TestTemplatesAreListedWithNumberedPlaces(t *testing.T) {
	b := newBench(t)
	status, answer := b.call("GET", "/whatsapp/v20.0/"+businessAccount+"/message_templates?name=hold_expired", nil, "Authorization", "Bearer t")
	list, _ := answer["data"].([]any)
	if status != 200 || len(list) != 3 {
		t.Fatalf("got %d with %d templates, want one in three languages", status, len(list))
	}
	for _, one := range list {
		body, _ := value(one, "components", 0, "text").(string)
		if value(one, "status") != "APPROVED" || !strings.Contains(body, "{{1}}") || strings.Contains(body, "{{.") {
			t.Errorf("template %v", one)
		}
	}
}

func TestReplyOnThePhone(t *testing.T) {
	b := newBench(t)
	b.control("say", map[string]any{"from": noor, "text": "hi"})
	b.send(textTo(noor, "Pay here: "+b.URL()+"/pay/cs_test_1. Privacy: https://luma.test/privacy."))
	b.send(buttons(1, named("id"), named("T")))
	b.send(approved("privacy_notice", "es", "https://luma.test/privacy"))
	_, answer := b.call("GET", "/control/transcript?phone=%2B447700900101", nil)
	seen := answer["messages"].([]any)
	if len(seen) != 4 || value(seen[0], "direction") != "in" || value(seen[1], "direction") != "out" {
		t.Fatalf("transcript %v", seen)
	}
	if got := value(seen[1], "url"); got != b.URL()+"/pay/cs_test_1" {
		t.Errorf("got url %v", got)
	}
	if value(seen[2], "type") != "buttons" || value(seen[2], "buttons", 0, "title") != "T0" {
		t.Errorf("buttons %v", seen[2])
	}
	if value(seen[3], "template") != "privacy_notice" || value(seen[3], "lang") != "es" || !strings.Contains(value(seen[3], "text").(string), "luma.test") {
		t.Errorf("template %v", seen[3])
	}
}
