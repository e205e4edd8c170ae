package handlers

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"
)

// Lines of the table that are no operations are described here: what health, webhooks and the salon's scripts take and give
// by an example, pages and their forms by what they all have in common. Tests hold the answers to the examples.

// plainLine is what a line takes and gives that is no operation. Ask and answer are examples in JSON.
type plainLine struct {
	status int // of its success; 200 when zero
	kind   string
	query  []string // name, example, name, example …
	ask    string
	answer string
	fails  fails
	down   bool // what is missing is told in the same shape, with a 503
}

const (
	textPlain    = "text/plain"
	textHTML     = "text/html"
	textCalendar = "text/calendar"
	anyFile      = "application/octet-stream"
)

// plainly is what is known of a line, by method and path.
func plainly(r Route) (plainLine, bool) {
	p, known := plainLines()[r.Method+" "+r.Path]
	return p, known
}

func plainLines() map[string]plainLine {
	lines := map[string]plainLine{
		"GET /healthz":              {answer: `{"ok":true,"service":"frontdesk","version":"1.4.0","uptimeSeconds":86400,"now":"2026-10-09T08:00:00Z"}`},
		"GET /readyz":               {answer: readyExample, down: true},
		"GET /health":               {answer: strings.Replace(readyExample, `"workers":"ok"`, `"workers":"ok","archive":"ok"`, 1), down: true},
		"GET /db/health":            {answer: `{"ok":true}`, fails: fails{503: {"db_unavailable"}}},
		"GET /queue/health":         {answer: queueHealthExample, fails: fails{503: {"db_unavailable"}}, down: true},
		"GET /health/metrics":       {query: []string{"format", "prometheus"}, answer: `{"routes":[{"key":"GET /products 200","count":120,"p50":8.1,"p95":21.4,"p99":40.2,"last":7.9}],"classes":{"2xx":118,"4xx":2},"generatedAt":"2026-10-09T08:00:00Z"}`},
		"GET /metrics":              {kind: textPlain},
		"GET /static/*":             {kind: anyFile, fails: fails{404: {"not_found"}}},
		"GET /docs":                 {kind: textHTML},
		"GET " + feedPath + ":feed": {kind: textCalendar, fails: fails{404: {"not_found"}}},
		"GET /webhook/whatsapp": {
			kind: textPlain, query: []string{"hub.mode", "subscribe", "hub.verify_token", "the token of the subscription", "hub.challenge", "1158201444"},
			fails: fails{403: {"forbidden"}},
		},
		"POST /webhook/whatsapp": {
			ask:    `{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"messaging_product":"whatsapp","messages":[{"from":"447700900123","id":"wamid.1","timestamp":"1760000000","type":"text","text":{"body":"Hello"}}]}}]}]}`,
			answer: `{"status":"received","count":1,"ts":1760000000000}`, fails: hookFails(),
		},
		"POST /session/token": {
			ask: `{"email":"operator@luma.example","password":"a long password","code":"493027"}`, answer: `{"token":"fdt_8m0h7","role":"operator","expires_at":"2026-10-09T20:00:00Z"}`,
			fails: fails{400: {"validation", "malformed"}, 401: {"unauthorized"}, 429: {"rate_limited"}, 503: {"unavailable"}},
		},
	}
	for _, path := range []string{"/payments/stripe/webhook", "/webhook/stripe"} {
		lines["POST "+path] = plainLine{
			ask:    `{"id":"evt_1","object":"event","type":"checkout.session.completed","data":{"object":{"id":"cs_1","object":"checkout.session"}}}`,
			answer: `{"ok":true,"received":true,"duplicate":false}`, fails: hookFails(),
		}
	}
	for _, path := range []string{"/webhook/chatwoot", "/webhook/chatwoot/:token"} {
		lines["POST "+path] = plainLine{
			ask:    `{"event":"message_created","id":1,"content":"Hello","message_type":"incoming","sender":{"phone_number":"+447700900123"}}`,
			answer: `{"status":"received","ts":1760000000000}`, fails: hookFails(),
		}
	}
	for _, under := range []string{"", "/api"} {
		lines["GET "+under+pdplPath+picturePath] = plainLine{kind: anyFile, fails: fails{404: {"link_unknown", "no_picture"}, 410: {"link_over"}}}
	}
	for line, p := range salonLines() {
		lines[line] = p
	}
	return lines
}

const readyExample = `{"ok":true,"status":"ready","checks":{"database":"ok","migrations":"ok","redis":"ok","workers":"ok"},"missing":[]}`

func hookFails() fails {
	return fails{400: {"malformed"}, 401: {"unauthorized"}, 503: {"not_configured", "unavailable"}}
}

// salonLines are the diary for scripts.
func salonLines() map[string]plainLine {
	const (
		offer = `{"code":"CUT","category":"hair","minutes":45,"price":3500,"currency":"EUR","names":{"en":"Haircut","es":"Corte","ar":"قص الشعر"}}`
		visit = `{"ok":true,"appointment":{"id":"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c30","status":"confirmed","deposit":"none","stylist":"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c31","startsAt":"2026-10-13T10:00:00Z","endsAt":"2026-10-13T10:45:00Z","version":2}}`
	)
	act := fails{400: {"validation", "malformed"}, 404: {"not_found"}, 409: {"changed_meanwhile"}, 503: {"unavailable"}}
	lines := map[string]plainLine{
		"GET /salon/services": {answer: `{"ok":true,"services":[` + offer + `],"packs":[],"stylists":[{"code":"salma","names":{"en":"Salma"},"categories":["hair"]}]}`},
		"GET /salon/availability": {
			query:  []string{"service", "CUT", "pack", "PACK_HC", "date", "2026-10-13", "stylist", "salma", "after", "10:00", "before", "18:00"},
			answer: `{"ok":true,"date":"2026-10-13","minutes":45,"slots":[{"stylist":"salma","startsAt":"2026-10-13T10:00:00+02:00","endsAt":"2026-10-13T10:45:00+02:00"}],"total":1,"next":[]}`,
			fails:  fails{400: {"validation"}, 503: {"unavailable"}},
		},
		"GET /salon/appointments/:id": {answer: visit, fails: fails{404: {"not_found"}, 503: {"unavailable"}}},
		"POST /salon/appointments": {
			status: fiber.StatusCreated, answer: visit,
			ask:   `{"name":"Ana","phone":"+34600000000","language":"es","services":["CUT"],"stylist":"salma","startsAt":"2026-10-13T10:00:00+02:00"}`,
			fails: fails{400: {"validation", "malformed"}, 404: {"not_found"}, 409: {"slot_taken"}, 503: {"unavailable"}},
		},
	}
	lines["POST /salon/refunds"] = plainLine{
		status: fiber.StatusCreated,
		ask:    `{"order":"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c32","key":"ticket-4711","amountMinor":500,"reason":"goodwill","method":"card","note":"Waited an hour"}`,
		answer: `{"ok":true,"refund":{"id":"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c33","state":"pending","amount_minor":500,"currency":"EUR","method":"card","reason":"goodwill","version":1,"second_person":false}}`,
		fails:  fails{400: {"validation", "malformed"}, 404: {"not_found"}, 409: {"nothing_left", "key_used"}, 503: {"unavailable"}},
	}
	for name, ask := range map[string]string{
		"confirm": `{"version":2,"reason":"A regular, asked by phone"}`, "release": `{"version":2,"reason":"Will not come"}`,
		"move": `{"version":2,"reason":"Asked by phone","stylist":"salma","startsAt":"2026-10-14T10:00:00+02:00"}`, "cancel": `{"version":2,"reason":"Is ill","refund":"policy"}`,
	} {
		lines["POST /salon/appointments/:id/"+name] = plainLine{ask: ask, answer: visit, fails: act}
	}
	return lines
}

// describePlain says of a line that is no operation what it takes and gives.
func describePlain(op *huma.Operation, r Route) {
	p, known := plainly(r)
	switch {
	case known:
		op.Responses = p.fails.responses()
		p.describe(op)
	case r.Method == get:
		op.Responses = map[string]*huma.Response{
			"200": {Description: "The page", Content: map[string]*huma.MediaType{textHTML: {Schema: text()}}},
			"303": {Description: "Something else comes first; Location says where"},
		}
		if strings.HasPrefix(r.Path, "/console") {
			describeFailure(op, fiber.StatusUnauthorized, "unauthorized", "Nobody is signed in, or not on the way to it")
		}
	default:
		describeForm(op, r)
	}
}

func (p plainLine) describe(op *huma.Operation) {
	for i := 0; i+1 < len(p.query); i += 2 {
		schema := &huma.Schema{Type: huma.TypeString, Examples: []any{p.query[i+1]}}
		op.Parameters = append(op.Parameters, &huma.Param{Name: p.query[i], In: "query", Schema: schema})
	}
	if p.ask != "" {
		op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{fiber.MIMEApplicationJSON: byExample(p.ask)}}
	}
	status, media := max(p.status, fiber.StatusOK), map[string]*huma.MediaType{}
	if p.answer != "" {
		media[fiber.MIMEApplicationJSON] = byExample(p.answer)
	} else {
		media[p.kind] = &huma.MediaType{Schema: text()}
	}
	op.Responses[strconv.Itoa(status)] = &huma.Response{Description: "Done", Content: media}
	if p.down {
		missing := strings.NewReplacer(`"ok":true`, `"ok":false`, `"ready"`, `"degraded"`, `"redis":"ok"`, `"redis":"down"`, `"missing":[]`, `"missing":["redis"]`)
		op.Responses["503"] = &huma.Response{Description: "What is missing", Content: map[string]*huma.MediaType{fiber.MIMEApplicationJSON: byExample(missing.Replace(p.answer))}}
	}
}

// describeForm says what all forms of pages have in common: they are posted as forms are, and lead on to a page.
func describeForm(op *huma.Operation, r Route) {
	op.RequestBody = &huma.RequestBody{Content: map[string]*huma.MediaType{fiber.MIMEApplicationForm: {Schema: &huma.Schema{Type: huma.TypeObject}}}}
	op.Responses = map[string]*huma.Response{
		"200": {Description: "Done, for a part of a page", Content: map[string]*huma.MediaType{textHTML: {Schema: text()}}},
		"204": {Description: "Done, for a script; HX-Redirect says where to go on"},
		"303": {Description: "Done; Location says where to go on"},
		"422": {Description: "The form with what is wrong with it", Content: map[string]*huma.MediaType{textHTML: {Schema: text()}}},
	}
	if r.Access.Kind == StaffOnly || r.Access.Kind == SignedIn {
		op.Responses["200"].Content[fiber.MIMEApplicationJSON] = byExample(`{"ok":true,"result":{"version":3}}`)
		op.Responses["200"].Description = "Done, for a part of a page, or for a program"
	}
	describeFailure(op, fiber.StatusUnauthorized, "unauthorized", "Nobody is signed in, or not on the way to it")
	describeFailure(op, fiber.StatusForbidden, "forbidden", "The form is not ours, or out of date")
	describeFailure(op, fiber.StatusConflict, "conflict", "Something has changed meanwhile")
}

func text() *huma.Schema { return &huma.Schema{Type: huma.TypeString} }

// byExample describes JSON by an example of it.
func byExample(example string) *huma.MediaType {
	var value any
	if err := json.Unmarshal([]byte(example), &value); err != nil {
		panic(err) // a constant of this file
	}
	return &huma.MediaType{Schema: schemaOf(value), Example: value}
}

// schemaOf is a schema that a value of JSON fits, and others like it.
func schemaOf(value any) *huma.Schema {
	switch v := value.(type) {
	case map[string]any:
		sc := &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{}}
		for name, field := range v {
			sc.Properties[name] = schemaOf(field)
		}
		return sc
	case []any:
		items := &huma.Schema{}
		if len(v) > 0 {
			items = schemaOf(v[0])
		}
		return &huma.Schema{Type: huma.TypeArray, Items: items}
	case bool:
		return &huma.Schema{Type: huma.TypeBoolean}
	case float64:
		return &huma.Schema{Type: huma.TypeNumber}
	default:
		return &huma.Schema{Type: huma.TypeString}
	}
}
