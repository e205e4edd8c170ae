package handlers

import (
	"net/url"
	"strings"
	"testing"

	"frontdesk/internal/content"
	"frontdesk/models"
)

func newWords(t *testing.T, change ...func(*Settings, *Rooms)) *salon {
	t.Helper()
	s := newSalon(t, change...)
	s.must(s.Content.Seed(t.Context()))
	return s
}

// A text is edited in one language; what will not do comes back as typed, with the reason at its field,
// and a preview changes nothing.
func TestTextIsEdited(t *testing.T) {
	t.Parallel()
	s := newWords(t)
	const path = "/console/content/texts/chat.hello/edit"
	wrong := s.post(models.RolePM, path, url.Values{"body.en": {"Hey {{.Nombre}}"}, "body.es": {"Hola"}, "body.ar": {"أهلًا"}})
	doc := wrong.doc(t)
	if wrong.StatusCode != 422 || doc.Find(`textarea[name="body.en"]`).Text() != "Hey {{.Nombre}}" ||
		!strings.Contains(doc.Find(`[data-error="body.en"]`).Text(), "{{.Nombre}}") || doc.Find(`[data-error="body.es"]`).Length() != 0 {
		t.Errorf("refused: %d %s", wrong.StatusCode, doc.Find("form").Text())
	}
	fields := url.Values{"body.en": {"Hey {{.Name}}!"}, "body.es": {"Hola {{.Name}}"}, "body.ar": {"أهلًا {{.Name}}"}, "reason": {"shorter"}, "preview": {"yes"}}
	preview := s.post(models.RolePM, path, fields)
	if got := preview.doc(t).Find(".phone-bubble").First().Text(); preview.StatusCode != 200 || got != "Hey Noor!" || s.count("wording_versions") != 0 {
		t.Errorf("preview: %d %q", preview.StatusCode, got)
	}
	fields.Del("preview")
	if done := s.post(models.RolePM, path, fields); done.StatusCode != 303 || s.count("wording_versions") != 3 {
		t.Errorf("saved: %d, %d versions", done.StatusCode, s.count("wording_versions"))
	}
	page := s.see(models.RoleOperator, "/console/content/texts/chat.hello").doc(t)
	if got := page.Find(`[lang=ar][dir=rtl] .phone-bubble`).First().Text(); got != "أهلًا نور" {
		t.Errorf("in Arabic it reads %q", got)
	}
	if got := page.Find(".timeline").First().Text(); !strings.Contains(got, "shorter") || !strings.Contains(got, "Person pm") {
		t.Errorf("history reads %q", got)
	}
	if rows := s.see(models.RolePM, "/console/content?status=edited").doc(t).Find("tbody tr").Length(); rows != 1 {
		t.Errorf("%d texts are edited", rows)
	}
	if rows := s.see(models.RolePM, "/console/content?q=HEY+%7B%7B").doc(t).Find("tbody tr").Length(); rows != 1 {
		t.Errorf("%d texts are found by their wording", rows)
	}
	if back := s.post(models.RolePM, "/console/content/texts/chat.hello/en/restore/0", nil); back.StatusCode != 303 {
		t.Errorf("back to the standard: %d", back.StatusCode)
	}
	text, err := s.Content.ChatText(t.Context(), "chat.hello")
	if err != nil || text.In["en"].Status != content.Standard || text.In["es"].Status != content.Edited {
		t.Errorf("after it: %+v (%v)", text.In, err)
	}
}

// Somebody else's wording is shown and replaced only knowingly.
func TestTextSavedMeanwhile(t *testing.T) {
	t.Parallel()
	s := newWords(t)
	fields := url.Values{"body.en": {"Bye now"}, "body.es": {"¡Adiós!"}, "body.ar": {"مع السلامة"}, "seen.en": {"0"}}
	s.must(s.Content.EditText(t.Context(), content.TextEdit{Key: "chat.bye", Bodies: models.Text{"en": "Ta-ta"}, Saved: content.Saved{Actor: "staff:x"}}))
	const path = "/console/content/texts/chat.bye/edit"
	late := s.post(models.RolePM, path, fields)
	if got := late.doc(t).Find(`[data-error="body.en"]`).Text(); late.StatusCode != 422 || !strings.Contains(got, "Ta-ta") {
		t.Errorf("late: %d %q", late.StatusCode, got)
	}
	if got := late.doc(t).Find(`input[name="seen.en"]`).AttrOr("value", ""); got != "1" {
		t.Errorf("taken as seen is version %s", got)
	}
}

// A draft waits for Meta; the answer is recorded; a paused template says so.
func TestTemplateInTheConsole(t *testing.T) {
	t.Parallel()
	s := newWords(t)
	const path = "/console/content/templates/payment_refunded/es"
	if got := s.post(models.RolePM, path+"/edit", url.Values{"body": {"{{.Name}}, {{.Amount}}"}}); got.StatusCode != 422 ||
		!strings.Contains(got.doc(t).Find(`[data-error=body]`).First().Text(), "starts or ends") {
		t.Errorf("refused: %d", got.StatusCode)
	}
	if got := s.see(models.RolePM, path+"/answer").StatusCode; got != 409 {
		t.Errorf("an answer without a draft: %d", got)
	}
	if got := s.post(models.RolePM, path+"/edit", url.Values{"body": {"Hola {{.Name}}: van {{.Amount}} de vuelta a tu cuenta."}}); got.StatusCode != 303 {
		t.Errorf("kept: %d", got.StatusCode)
	}
	if got := s.see(models.RoleFinance, "/console/content/templates/payment_refunded").doc(t).Find(".draft .phone-bubble").Text(); strings.TrimSpace(got) != "Hola Noor: van 16.00 € de vuelta a tu cuenta." {
		t.Errorf("the draft reads %q", got)
	}
	if got := s.post(models.RolePM, path+"/answer", url.Values{"answer": {"approved"}}); got.StatusCode != 303 {
		t.Errorf("approved: %d", got.StatusCode)
	}
	if got := s.post(models.RolePM, path+"/approval", url.Values{"approval": {"paused"}}); got.StatusCode != 303 {
		t.Errorf("paused: %d", got.StatusCode)
	}
	row := s.see(models.RolePM, "/console/content/templates").doc(t).Find("tr:contains(payment_refunded)").Text()
	if !strings.Contains(row, "Paused") || s.count("wording_versions") != 4 {
		t.Errorf("the list says %q; %d versions", row, s.count("wording_versions"))
	}
}

// A question is added, retired, answered again and restored; the assistant is asked before and after.
func TestQuestionsInTheConsole(t *testing.T) {
	t.Parallel()
	s := newWords(t)
	fields := url.Values{
		"key": {"wifi"}, "phrases.en": {"do you have wifi\r\nwifi"}, "phrases.es": {"tenéis wifi"}, "phrases.ar": {"هل يوجد واي فاي"},
		"answers.en": {"Yes. We're open {{.Hours}}."}, "answers.es": {"Sí."}, "answers.ar": {"نعم."},
	}
	messages, taken := s.count("messages"), url.Values{}
	for k, v := range fields {
		taken[k] = v
	}
	taken["phrases.en"] = []string{"parking"}
	if got := s.post(models.RolePM, "/console/content/faqs/new", taken); got.StatusCode != 422 || !strings.Contains(got.doc(t).Find(`[data-error="phrases.en"]`).Text(), "parking") {
		t.Errorf("a phrase that is taken: %d", got.StatusCode)
	}
	if got := s.post(models.RolePM, "/console/content/faqs/new", fields); got.StatusCode != 303 || got.Header.Get("Location") != "/console/content/faqs/wifi" {
		t.Errorf("added: %d %s", got.StatusCode, got.Header.Get("Location"))
	}
	try := func() string {
		return s.post(models.RoleOperator, "/console/content/try", url.Values{"text": {"do you have wifi?"}}).doc(t).Find(".trial").Text()
	}
	if got := try(); !strings.Contains(got, "wifi") || !strings.Contains(got, "Yes. We're open Monday") {
		t.Errorf("tried: %q", got)
	}
	for _, act := range []string{"retire", "reopen", "restore/1"} {
		if got := s.post(models.RolePM, "/console/content/faqs/wifi/"+act, nil); got.StatusCode != 303 {
			t.Errorf("%s: %d", act, got.StatusCode)
		}
		if got, want := strings.Contains(try(), "We're open Monday"), act != "retire"; got != want {
			t.Errorf("after %s it is answered: %v", act, got)
		}
	}
	if got := s.count("messages"); got != messages {
		t.Errorf("trying left %d messages", got-messages)
	}
	if got := s.see(models.RolePM, "/console/content/faqs/moon").StatusCode; got != 404 {
		t.Errorf("no such question: %d", got)
	}
}

// Readers read and are offered no form; a script gets the same rules.
func TestContentByRole(t *testing.T) {
	t.Parallel()
	s := newWords(t)
	for role, want := range map[models.Role]int{
		models.RoleAdmin: 200, models.RolePM: 200, models.RoleOperator: 403, models.RoleFinance: 403, models.RoleStylist: 403, models.RolePrivacy: 403,
	} {
		for _, path := range []string{"/texts/chat.bye/edit", "/faqs/new", "/templates/moved/en/edit"} {
			if got := s.see(role, "/console/content"+path).StatusCode; got != want {
				t.Errorf("%s for %s: %d, want %d", path, role, got, want)
			}
		}
	}
	for _, path := range []string{"", "/texts/chat.bye", "/templates", "/templates/moved", "/faqs", "/faqs/hours"} {
		page := s.see(models.RoleStylist, "/console/content"+path)
		if n := page.doc(t).Find(`main a[href$="/edit"], main a[href$="/new"], main a[href*="/restore/"]`).Length(); page.StatusCode != 200 || n != 0 {
			t.Errorf("a stylist at %q: %d, %d forms offered", path, page.StatusCode, n)
		}
	}
	script := func(body string) answer {
		return s.call("POST", "/console/content/texts/chat.bye/edit", []byte(body), typeJSON, "X-Admin-Token: "+testAdmin)
	}
	if got := script(`{"body.en": "{{.Moon}}"}`); got.StatusCode != 400 || got.code(t) != "validation" {
		t.Errorf("a script's mistake: %d %s", got.StatusCode, got.body)
	}
	if got := script(`{"body.en": "Ta-ta", "seen.en": 0}`); got.StatusCode != 200 {
		t.Errorf("a script: %d %s", got.StatusCode, got.body)
	}
	if got := s.see(models.RolePM, "/console/content/texts/chat.minutes/edit").StatusCode; got != 409 {
		t.Errorf("a text with a form per number: %d", got)
	}
	if csv := s.see(models.RoleFinance, "/console/content?format=csv&q=chat.bye"); !strings.Contains(csv.body, "Ta-ta") {
		t.Errorf("the file reads %q", csv.body)
	}
}
