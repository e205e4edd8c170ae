package handlers

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"frontdesk/models"
)

// program is one that uses the diary with a person's rights.
type program struct {
	*salon
	token string
}

func (s *salon) program(role models.Role) *program {
	s.t.Helper()
	body := fmt.Sprintf(`{"email":%q,"password":%q}`, s.people[role], testPassword)
	got := s.call("POST", "/session/token", []byte(body), typeJSON)
	var out struct{ Token string }
	if err := json.Unmarshal([]byte(got.body), &out); err != nil || out.Token == "" {
		s.t.Fatalf("token of %s: %d %s", role, got.StatusCode, got.body)
	}
	return &program{s, out.Token}
}

// asks sends a body, or reads where there is none, expects a status and gives the answer's values.
func (p *program) asks(status int, path, body string) map[string]any {
	p.t.Helper()
	method := "POST"
	if body == "" {
		method = "GET"
	}
	got := p.call(method, path, []byte(body), typeJSON, "Authorization: Bearer "+p.token)
	if got.StatusCode != status {
		p.t.Fatalf("%s %s %s: got %d, want %d: %s", method, path, body, got.StatusCode, status, got.body)
	}
	out := map[string]any{}
	if err := json.Unmarshal([]byte(got.body), &out); err != nil {
		p.t.Fatalf("%s %s: %v in %s", method, path, err, got.body)
	}
	if status >= 400 && out["error"].(map[string]any)["requestId"] == "" {
		p.t.Errorf("%s %s: a refusal without a request id", method, path)
	}
	return out
}

// wrongFields are the fields that a refusal names.
func wrongFields(answer map[string]any) string {
	var all []string
	details, _ := answer["error"].(map[string]any)["details"].([]any)
	for _, d := range details {
		d := d.(map[string]any)
		all = append(all, fmt.Sprint(d["field"], ":", d["rule"]))
	}
	return strings.Join(all, " ")
}

func appointment(answer map[string]any) map[string]any { return answer["appointment"].(map[string]any) }

// A script finds a time, books it for somebody new, moves it, cancels it: by the same rules as people do.
func TestAScriptRunsTheDiary(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	p := s.program(models.RoleOperator)

	menu := p.asks(200, "/salon/services", "")
	if n := len(menu["services"].([]any)); n != len(s.menu.Services) {
		t.Errorf("%d services, want %d", n, len(s.menu.Services))
	}
	free := p.asks(200, "/salon/availability?service=cut,style&date=2026-10-13&stylist=omar&after=15:00", "")
	slots := free["slots"].([]any)
	if len(slots) == 0 || free["minutes"].(float64) != 80 {
		t.Fatalf("free on Tuesday: %v", free)
	}
	start, err := time.Parse(time.RFC3339, slots[0].(map[string]any)["startsAt"].(string))
	if err != nil || start.Format("15:04") < "15:00" {
		t.Errorf("first start %v (%v), want none before 15:00 in the salon's time", start, err)
	}

	booking := fmt.Sprintf(`{"name":"Ada","surname":"Rowe","phone":"+447700900166","services":["CUT","STYLE"],"stylist":"omar","startsAt":%q}`, start.Format(time.RFC3339))
	made := appointment(p.asks(201, "/salon/appointments", booking))
	if made["status"] != "provisional" || made["deposit"] != "pending" {
		t.Errorf("booked %v", made)
	}
	path := "/salon/appointments/" + made["id"].(string)
	p.asks(409, "/salon/appointments", strings.Replace(booking, "166", "167", 1))

	moved := appointment(p.asks(200, path+"/move", fmt.Sprintf(`{"version":%v,"startsAt":%q}`, made["version"], start.Add(24*time.Hour).Format(time.RFC3339))))
	if moved["startsAt"] == made["startsAt"] || moved["stylist"] != made["stylist"] {
		t.Errorf("moved to %v", moved)
	}
	if stale := p.asks(409, path+"/move", fmt.Sprintf(`{"version":%v,"stylist":"salma"}`, made["version"])); stale["errorCode"] != "changed" {
		t.Errorf("an old version: %v", stale)
	}
	if unwhy := p.asks(400, path+"/confirm", fmt.Sprintf(`{"version":%v}`, moved["version"])); wrongFields(unwhy) == "" {
		t.Errorf("confirmed without a reason: %v", unwhy)
	}
	confirmed := appointment(p.asks(200, path+"/confirm", fmt.Sprintf(`{"version":%v,"reason":"regular"}`, moved["version"])))
	p.asks(409, path+"/release", fmt.Sprintf(`{"version":%v}`, confirmed["version"]))
	cancelled := appointment(p.asks(200, path+"/cancel", fmt.Sprintf(`{"version":%v,"reason":"asked"}`, confirmed["version"])))
	if cancelled["status"] != "cancelled" {
		t.Errorf("cancelled %v", cancelled)
	}
	if now := appointment(p.asks(200, path, "")); now["status"] != "cancelled" || now["version"] != cancelled["version"] {
		t.Errorf("read %v", now)
	}
}

// What is wrong in a question or a booking is named, all of it at once, and nothing is written.
func TestAScriptIsToldWhatIsWrong(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	p := s.program(models.RolePM)
	before := s.count("appointments")
	held := "/salon/appointments/" + s.held.ID.String()
	for _, tt := range []struct {
		path, body string
		status     int
		fields     string
	}{
		{"/salon/availability?service=CUT&date=13.10.2026", "", 400, "date:date"},
		{"/salon/availability?date=2026-10-13", "", 400, "services:required"},
		{"/salon/availability?service=NAILS&stylist=bob&date=2026-10-13&after=3pm", "", 400, "after:time services:unknown stylist:unknown"},
		{"/salon/availability?service=CUT,FACIAL&date=2026-10-13", "", 400, "services:mixed_categories"},
		{"/salon/availability?service=CUT&pack=PACK_HC&date=2026-10-13", "", 400, "pack:pack_or_services"},
		{"/salon/appointments", "{}", 400, "phone:required services:required startsAt:required stylist:required"},
		{"/salon/appointments", `{"services":["CUT"],"stylist":"omar","phone":"+447700900166","startsAt":"2026-10-13T15:00:00+02:00","language":"fr","name":"Ada"}`, 400, "language:choice"},
		{"/salon/appointments", `{"services":["CUT"],"stylist":"omar","startsAt":"2026-10-13T15:00:00+02:00","phone":"12","name":"Ada"}`, 400, "phone:customers.phone"},
		{"/salon/appointments", `{"services":["CUT"],"stylist":"omar","startsAt":"2026-10-13T15:00:00+02:00","phone":"+447700900166","name":"😀\u202e"}`, 400, "name:letters"},
		{"/salon/appointments", `{"services":"CUT"}`, 400, ""},
		{"/salon/appointments", `{"service":["CUT"]}`, 400, ""}, // an unknown field is a mistake
		{held + "/move", `{"startsAt":"2026-10-13T15:00:00+02:00"}`, 400, "version:required"},
		{held + "/cancel", "{}", 400, "version:required"},
		{"/salon/appointments/" + models.NewID().String(), "", 404, ""},
		{"/salon/appointments/1/cancel", "{}", 404, ""},
	} {
		if got := wrongFields(p.asks(tt.status, tt.path, tt.body)); got != tt.fields {
			t.Errorf("%s %s: wrong are %q, want %q", tt.path, tt.body, got, tt.fields)
		}
	}
	if n := s.count("appointments"); n != before {
		t.Errorf("%d visits were written", n-before)
	}
}

// A closed day says why, and what comes next.
func TestAScriptHearsOfAClosedDay(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	got := s.program(models.RoleFinance).asks(200, "/salon/availability?pack=PACK_HC&date=2026-10-12", "")
	closed, ok := got["closed"].(map[string]any)
	if !ok || closed["kind"] != "holiday" || len(got["slots"].([]any)) != 0 || len(got["next"].([]any)) == 0 {
		t.Errorf("on the public holiday: %v", got)
	}
}

// A stylist's script keeps to their own diary.
func TestAStylistsScriptKeepsToTheirOwn(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	p := s.program(models.RoleStylist) // Dana
	p.asks(200, "/salon/appointments/"+s.confirmed.ID.String(), "")
	p.asks(404, "/salon/appointments/"+s.held.ID.String(), "")
	p.asks(404, "/salon/appointments/"+s.held.ID.String()+"/release", fmt.Sprintf(`{"version":%d}`, s.held.Version))
	p.asks(403, "/salon/availability?service=CUT&date=2026-10-13&stylist=omar", "")
	for _, slot := range p.asks(200, "/salon/availability?service=CUT&date=2026-10-13", "")["slots"].([]any) {
		if slot.(map[string]any)["stylist"] != "dana" {
			t.Errorf("offered %v", slot)
		}
	}
}
