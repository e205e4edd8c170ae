package handlers

import (
	"net/url"
	"strconv"
	"strings"
	"testing"

	"frontdesk/internal/content"
	"frontdesk/models"
)

// Footer, buttons and samples of a WhatsApp template are written in the console, tried beside Meta's limits, and wait with
// the words for Meta; each mistake stands at its field.
func TestTemplateIsDressedInTheConsole(t *testing.T) {
	t.Parallel()
	s := newWords(t)
	const path = "/console/content/templates/order_status/en/edit"
	fields := url.Values{
		"body": {"Hello {{.Name}}, here is news of your order {{.Order}}: it is now {{.Status}}. Write to us any time."}, "seen": {"1"},
		"footer": {strings.Repeat("f", 61)}, "buttons": {"Track it\nTrack it"}, "sample.Name": {"Lena"}, "sample.Order": {"LU-1"}, "sample.Status": {"on its way"},
	}
	wrong := s.post(models.RolePM, path, fields)
	doc := wrong.doc(t)
	if wrong.StatusCode != 422 || doc.Find(`[data-error="footer"]`).Length() == 0 || doc.Find(`[data-error="buttons"]`).Length() == 0 ||
		doc.Find(`.measures [data-held="false"]`).Length() != 1 {
		t.Errorf("refused: %d %s", wrong.StatusCode, doc.Find("form").Text())
	}
	fields.Set("footer", "Luma")
	fields.Set("buttons", "Track it\r\n\r\nAsk us")
	fields.Set("preview", "yes")
	preview := s.post(models.RolePM, path, fields).doc(t)
	if got := preview.Find(".langs .phone").First().Text(); !strings.Contains(got, "Hello Lena, here is news of your order LU-1") ||
		!strings.Contains(got, "Luma") || !strings.Contains(got, "Track it") || s.count("wording_versions") != 0 {
		t.Errorf("tried: %q", got)
	}
	if n := preview.Find(".langs [dir=rtl] .phone-bubble").Length(); preview.Find(".langs > section").Length() != 3 || n != 1 {
		t.Errorf("beside it stand %d languages, %d of them from right to left", preview.Find(".langs > section").Length(), n)
	}
	fields.Del("preview")
	if got := s.post(models.RolePM, path, fields); got.StatusCode != 303 {
		t.Fatalf("kept: %d %s", got.StatusCode, got.body)
	}
	set, err := s.Content.TemplateSet(t.Context(), content.ByWhatsApp, content.OrderStatus)
	row := set.In["en"]
	if err != nil || row.DraftFooter != "Luma" || len(row.DraftButtons) != 2 || row.Samples["Name"] != "Lena" || row.Footer != "" {
		t.Errorf("stored %+v, %v", row, err)
	}
	if late := s.post(models.RolePM, path, fields); late.StatusCode != 422 {
		t.Errorf("from an older page: %d", late.StatusCode)
	}
	if got := s.post(models.RoleOperator, path, fields).StatusCode; got != 403 {
		t.Errorf("an operator writes: %d", got)
	}
}

// The pages' templates have their room: words, use, history and what stands in.
func TestPageTemplatesInTheConsole(t *testing.T) {
	t.Parallel()
	s := newWords(t)
	if rows := s.see(models.RoleStylist, "/console/content/web").doc(t).Find("tbody tr").Length(); rows != 2 {
		t.Errorf("%d are listed", rows)
	}
	const path = "/console/content/web/rma_instructions"
	if got := s.post(models.RolePM, path+"/es/edit", url.Values{"body": {"{{.Name}}, escribe {{.Code}}."}, "seen": {"1"}, "active": {"yes"}}); got.StatusCode != 422 {
		t.Errorf("a fact that the page has not: %d", got.StatusCode)
	}
	if got := s.post(models.RolePM, path+"/es/edit", url.Values{"body": {"Escribe {{.Code}} en el paquete."}, "seen": {"1"}, "reason": {"corta"}}); got.StatusCode != 303 {
		t.Fatalf("kept: %d %s", got.StatusCode, got.body)
	}
	page := s.see(models.RolePM, path).doc(t)
	if got := page.Find("main").Text(); !strings.Contains(got, "English stands in") || !strings.Contains(got, "Not in use") || !strings.Contains(got, "corta") {
		t.Errorf("its page reads %q", got)
	}
	if got := s.post(models.RolePM, path+"/es/restore/1", nil); got.StatusCode != 303 {
		t.Errorf("restored: %d", got.StatusCode)
	}
	set, err := s.Content.TemplateSet(t.Context(), content.OnTheWeb, content.RMAInstructions)
	if row := set.In["es"]; err != nil || row.Version != 3 || !strings.HasPrefix(row.Body, "Embala bien") {
		t.Errorf("stored %+v, %v", row, err)
	}
	for _, wrong := range []string{path + "/fr/edit", path + "/en/restore/9", "/console/content/web/no_such", "/console/content/templates/verify_code/en/edit"} {
		if got := s.see(models.RolePM, wrong).StatusCode; got != 404 {
			t.Errorf("%s: %d", wrong, got)
		}
	}
}

// A template that there is none of is made here, in one language and then in another.
func TestATemplateIsAdded(t *testing.T) {
	t.Parallel()
	s := newWords(t)
	const path = "/console/content/add-template"
	if got := s.see(models.RolePM, path+"?road=web"); got.StatusCode != 200 || got.doc(t).Find(`input[name=road][value=web][checked]`).Length() != 1 {
		t.Errorf("the form: %d", got.StatusCode)
	}
	fields := url.Values{"name": {"late_opening"}, "road": {"wa"}, "lang": {"en"}, "seen": {"0"}, "body": {"Today we open at {{.Hour}}, a little later than usual."}, "buttons": {"See you"}}
	if got := s.post(models.RolePM, path, fields); got.StatusCode != 303 || got.Header.Get("Location") != "/console/content/templates/late_opening" {
		t.Fatalf("added: %d %s", got.StatusCode, got.body)
	}
	if got := s.post(models.RolePM, path, fields); got.StatusCode != 422 {
		t.Errorf("added twice: %d", got.StatusCode)
	}
	fields.Set("name", "Not A Key")
	if got := s.post(models.RolePM, path, fields); got.StatusCode != 422 {
		t.Errorf("a name that is none: %d", got.StatusCode)
	}
	arabic := url.Values{"body": {"نفتح اليوم الساعة {{.Hour}} متأخرين قليلًا عن المعتاد."}, "seen": {"0"}}
	if got := s.post(models.RolePM, "/console/content/templates/late_opening/ar/edit", arabic); got.StatusCode != 303 {
		t.Errorf("in Arabic: %d %s", got.StatusCode, got.body)
	}
}

// A template is taken out of a language and put back by its page, on either road: out it is not used, each is audited with its
// reason and kept as a version, and who saw an older one is told so.
func TestATemplateIsTakenOutAndPutBack(t *testing.T) {
	t.Parallel()
	s := newWords(t)
	for path, road := range map[string]content.Road{"/console/content/templates/order_status": content.ByWhatsApp, "/console/content/web/rma_instructions": content.OnTheWeb} {
		name := path[strings.LastIndex(path, "/")+1:]
		row := func() models.MessageText {
			set, err := s.Content.TemplateSet(t.Context(), road, name)
			s.must(err)
			return set.In["es"]
		}
		act := func(act string, seen, want int) {
			t.Helper()
			got := s.post(models.RolePM, path+"/es/"+act, url.Values{"seen": {strconv.Itoa(seen)}, "reason": {"Not wanted now"}})
			if got.StatusCode != want {
				t.Errorf("%s of %s: %d %s", act, name, got.StatusCode, got.doc(t).Find("main").Text())
			}
		}
		first := row()
		act("put-back", first.Version, 404)
		act("take-out", first.Version+1, 422)
		act("take-out", first.Version, 303)
		if now := row(); now.Active || now.RemovedAt == nil || now.Version != first.Version+1 {
			t.Errorf("%s taken out: %+v", name, now)
		}
		act("take-out", first.Version+1, 404)
		if road == content.ByWhatsApp {
			if got := s.see(models.RolePM, path+"/es/try"); got.StatusCode != 404 {
				t.Errorf("it can still be sent: %d", got.StatusCode)
			}
		}
		if page := s.see(models.RolePM, path).doc(t); page.Find(`a[href="`+path+`/es/put-back"]`).Length() != 1 || page.Find(`a[href="`+path+`/es/take-out"]`).Length() != 0 {
			t.Errorf("the page of %s does not offer to put it back", name)
		}
		act("put-back", first.Version, 422)
		act("put-back", first.Version+1, 303)
		if now := row(); !now.Active || now.RemovedAt != nil || now.Body != first.Body || now.Version != first.Version+2 {
			t.Errorf("%s put back: %+v", name, now)
		}
	}
	var acts int64
	s.must(s.DB.On(t.Context()).Table("audit_log").Where("action IN ('template.removed', 'template.put_back')").Count(&acts).Error)
	if acts != 4 {
		t.Errorf("%d acts are audited", acts)
	}
}
