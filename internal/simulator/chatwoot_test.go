package simulator

import (
	"strings"
	"testing"

	wire "frontdesk/internal/chatwoot"
	"frontdesk/models"
)

// Chatwoot takes whatever fits its form and tells later that WhatsApp refused it: outside the window only
// templates arrive.
func TestChatwootOutsideTheWindow(t *testing.T) {
	b := newBench(t)
	b.control("say", map[string]any{"from": noor, "text": "hi", "channel": "chatwoot"})
	b.control("clock", map[string]any{"advance": "25h"})
	phone := strings.TrimPrefix(noor, "+")
	at := models.ChatwootPlace{AccountID: chatwootAccount, ChatwootID: roomID(phone)}
	client := wire.New(wire.Config{BaseURL: b.URL() + "/chatwoot", Token: "token"})
	if err := client.Check(t.Context()); err != nil {
		t.Errorf("whose token is it? %v", err)
	}
	words, err := client.Send(t.Context(), at, wire.Message{Content: "too late", Kind: "outgoing", Attributes: wire.Attributes{Reference: "0199"}})
	if err != nil {
		t.Fatal(err)
	}
	named := &wire.TemplateParams{Name: "moved", Language: "en"}
	template, err := client.Send(t.Context(), at, wire.Message{Content: "in time", Kind: "outgoing", Attributes: wire.Attributes{Reference: "0200"}, Template: named})
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]string{}
	b.within("both and the refusal", func(hooks []hook) bool {
		for _, h := range hooks {
			if e, err := wire.ParseWebhook(h.body, ""); err == nil && h.path == chatwootHook {
				told[e.ID] = e.Kind
			}
		}
		return told[words] != "" && told[template] != "" && told[words+":failed"] != ""
	})
	if told[words+":failed"] != models.EventStatus || told[template+":failed"] != "" {
		t.Errorf("told %v", told)
	}
	shown := 0
	for _, r := range b.phones.repliesSince(phone, 0) {
		if r.Text == "too late" {
			t.Error("the phone shows what was refused")
		}
		if r.Text == "in time" {
			shown++
		}
	}
	if shown != 1 {
		t.Errorf("the template was shown %d times", shown)
	}
}
