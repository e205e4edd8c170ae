package handlers

import (
	"context"
	"testing"

	"frontdesk/models"
)

const asAdmin = "x-admin-token: " + testAdmin

// Row 29 of the contract: one template a key, locale and channel; anybody reads those in use, staff write.
func TestTemplatesForPrograms(t *testing.T) {
	t.Parallel()
	s := newStocked(t)
	if err := s.Content.Seed(context.Background()); err != nil {
		t.Fatal(err)
	}
	b := s.client()
	list := b.does(200, "GET", "/cms/templates", "")["templates"].([]any)
	for _, entry := range list {
		tpl := entry.(map[string]any)
		onPage := tpl["channel"] == "web"
		if vars := tpl["variables"].(map[string]any); len(vars) == 0 && !onPage || (tpl["approval"] == nil) != onPage || tpl["isActive"] != true || tpl["updatedBy"] != "system" {
			t.Errorf("seeded is %v", tpl)
		}
	}
	if len(list) != 72 {
		t.Errorf("%d templates are seeded", len(list))
	}
	const body = `{"key":"late_opening","locale":"ar","channel":"web","body":"نفتح اليوم عند {{.Hour}}.","variables":{"Hour":"11:00"},"updatedBy":"a script"}`
	for status, headers := range map[int][]string{401: nil, 201: {asAdmin}} {
		if got := b.ask("POST", "/cms/templates", body, headers...); got.StatusCode != status {
			t.Errorf("by %v: got %d %s", headers, got.StatusCode, got.body)
		}
	}
	again := b.does(201, "POST", "/cms/templates", `{"key":"late_opening","locale":"ar","channel":"web","body":"سنفتح عند {{.Hour}} اليوم."}`, asAdmin)["template"].(map[string]any)
	if again["version"] != 2.0 || again["body"] != "سنفتح عند {{.Hour}} اليوم." || again["updatedBy"] != "machine" || again["variables"].(map[string]any)["Hour"] != "11:00" || again["approval"] != nil {
		t.Errorf("said again it is %v", again)
	}
	path := "/cms/templates/" + again["id"].(string)
	if off := b.does(200, "PUT", path, `{"isActive":false}`, asAdmin)["template"].(map[string]any); off["isActive"] != false || off["body"] != again["body"] {
		t.Errorf("out of use it is %v", off)
	}
	if n := len(b.does(200, "GET", "/cms/templates", "")["templates"].([]any)); n != 72 {
		t.Errorf("anybody sees %d", n)
	}
	if n := len(b.does(200, "GET", "/cms/templates?includeInactive=1", "", asAdmin)["templates"].([]any)); n != 73 {
		t.Errorf("staff see %d", n)
	}
	if got := b.ask("GET", "/cms/templates?includeInactive=1", ""); got.StatusCode != 401 {
		t.Errorf("anybody asks for all: got %d", got.StatusCode)
	}
	b.does(200, "DELETE", path, "", asAdmin)
	for _, gone := range []struct{ method, path, body string }{{"DELETE", path, ""}, {"PUT", path, `{"isActive":true}`}, {"PUT", "/cms/templates/nobody", `{}`}, {"DELETE", "/cms/templates/" + models.NewID().String(), ""}} {
		if got := b.ask(gone.method, gone.path, gone.body, asAdmin); got.StatusCode != 404 || got.code(t) != "no_such_template" {
			t.Errorf("%s %s: got %d %s", gone.method, gone.path, got.StatusCode, got.body)
		}
	}
	waiting := b.does(201, "POST", "/api/cms/templates",
		`{"key":"order_status","locale":"en","channel":"wa","body":"Hello {{.Name}}, your order {{.Order}} has moved on: it is {{.Status}} now. Write to us any time.","footer":"Luma","buttons":["Track it"]}`, asAdmin)["template"].(map[string]any)
	if waiting["sentBody"] == nil || waiting["footer"] != "Luma" || waiting["approval"] != "unknown" {
		t.Errorf("of WhatsApp it is %v", waiting)
	}
}

// What no template may be: status, code, field.
func TestWhatTemplatesRefuse(t *testing.T) {
	t.Parallel()
	s := newStocked(t)
	for field, body := range map[string]string{
		"locale":    `{"key":"k","locale":"fr","channel":"wa","body":"Bonjour tout le monde."}`,
		"channel":   `{"key":"k","locale":"en","channel":"sms","body":"Hello everybody."}`,
		"key":       `{"key":"No Key","locale":"en","channel":"web","body":"Hello everybody."}`,
		"body":      `{"key":"k","locale":"en","channel":"wa","body":"{{.Name}} comes first here."}`,
		"variables": `{"key":"k","locale":"en","channel":"web","body":"Hello {{.Name}}.","variables":{"Nme":"x"}}`,
		"footer":    `{"key":"k","locale":"en","channel":"web","body":"Hello.","footer":"no"}`,
		"surprise":  `{"key":"k","locale":"en","channel":"web","body":"Hello.","surprise":1}`,
	} {
		got := s.client().ask("POST", "/cms/templates", body, asAdmin)
		details, _ := got.json(t)["error"].(map[string]any)["details"].([]any)
		if got.StatusCode != 400 || len(details) == 0 || details[0].(map[string]any)["field"] != field {
			t.Errorf("%s: got %d %s", field, got.StatusCode, got.body)
		}
	}
	if got := s.client().ask("POST", "/cms/templates", `{"key":"verify_code","locale":"en","channel":"wa","body":"The code {{.Code}} is yours."}`, asAdmin); got.StatusCode != 409 || got.code(t) != "worded_by_meta" {
		t.Errorf("Meta's own words: got %d %s", got.StatusCode, got.body)
	}
}
