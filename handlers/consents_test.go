package handlers

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"frontdesk/internal/content"
	"frontdesk/internal/i18n"
	"frontdesk/internal/notify"
	"frontdesk/internal/privacy"
	"frontdesk/internal/whatsapp"
	"frontdesk/models"
)

// The privacy officer reads who has not agreed, as a page, as a file and by program; phones are masked for them (R-1004).
func TestConsentReport(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	ctx := context.Background()
	agreed, err := s.People.OfPhone(ctx, "+447700900151", models.English)
	s.must(err)
	_, err = s.Privacy.Consent(ctx, privacy.ConsentRecord{Phone: *agreed.Phone, Granted: true, Verified: true})
	s.must(err)
	old, err := s.People.OfPhone(ctx, "+447700900152", models.English)
	s.must(err)
	_, err = s.Privacy.Consent(ctx, privacy.ConsentRecord{Phone: *old.Phone, Granted: true, Verified: true, PolicyVersion: "2025-01", Channel: models.ConsentInSalon})
	s.must(err)
	page := s.see(models.RolePrivacy, consentsPath+"?standing=outdated")
	rows := page.doc(t).Find("#consents tbody tr").Text()
	if page.StatusCode != 200 || !strings.Contains(rows, "Outdated") || !strings.Contains(rows, "2025-01") || !strings.Contains(rows, "Salon") || strings.Contains(page.body, "447700900152") {
		t.Errorf("got %d: %s", page.StatusCode, rows)
	}
	if all := s.see(models.RolePrivacy, consentsPath).doc(t).Find("#consents tbody tr").Text(); strings.Contains(all, "Agreed") || !strings.Contains(all, "Never asked") {
		t.Errorf("the gaps are: %s", all)
	}
	if file := s.see(models.RolePrivacy, consentsPath+"?standing=outdated&format=csv"); !strings.Contains(file.body, "2025-01") || strings.Count(strings.TrimSpace(file.body), "\n") != 1 {
		t.Errorf("the file is %q", file.body)
	}
	if got := s.see(models.RoleOperator, consentsPath).StatusCode; got != 403 {
		t.Errorf("an operator: got %d", got)
	}
	got := s.call("GET", "/api/compliance/consents?standing=outdated", nil, asAdmin).json(t)
	list := got["customers"].([]any)
	if got["policyVersion"] != "2026-10" || len(list) != 1 || list[0].(map[string]any)["customerId"] != old.ID.String() {
		t.Errorf("by program: %v", got)
	}
	first := s.call("GET", "/api/compliance/consents?limit=1", nil, asAdmin).json(t)
	second := s.call("GET", "/api/compliance/consents?limit=1&after="+first["next"].(string), nil, asAdmin).json(t)
	if first["customers"].([]any)[0].(map[string]any)["customerId"] == second["customers"].([]any)[0].(map[string]any)["customerId"] {
		t.Errorf("the pages are the same: %v", second)
	}
}

// A template is tried on a test number, outside every conversation; its earlier wording comes back as a draft.
func TestTryingAndRestoringTemplates(t *testing.T) {
	t.Parallel()
	box := &mailbox{}
	meta := httptest.NewServer(box)
	t.Cleanup(meta.Close)
	s := newWords(t, func(_ *Settings, r *Rooms) {
		r.Post = notify.New(r.DB, r.Clock, r.Queue, r.Thread, r.Content, r.Policies, whatsapp.New(whatsapp.Config{BaseURL: meta.URL, PhoneID: "1", Token: "t"}), r.Redis,
			notify.WithTestNumbers([]string{"+447700900190"}))
	})
	const path = "/console/content/templates/payment_refunded/es"
	messages := s.count("messages")
	if got := s.see(models.RolePM, path+"/try"); got.StatusCode != 200 || !strings.Contains(got.body, "+447700900190") {
		t.Errorf("the form: got %d", got.StatusCode)
	}
	if got := s.post(models.RolePM, path+"/try", url.Values{"to": {"0"}}); got.StatusCode != http.StatusSeeOther {
		t.Errorf("sent: got %d %s", got.StatusCode, got.body)
	}
	if got := s.post(models.RolePM, path+"/try", url.Values{"to": {"7"}}); got.StatusCode != 422 {
		t.Errorf("to a number that is none of them: got %d", got.StatusCode)
	}
	if len(box.sent) != 1 || box.sent[0].To != "447700900190" || box.sent[0].Template.Language.Code != "es" || s.count("messages") != messages {
		t.Errorf("sent %+v", box.sent)
	}
	if got := s.see(models.RoleFinance, path+"/try").StatusCode; got != 403 {
		t.Errorf("who may only read: got %d", got)
	}
	s.post(models.RolePM, path+"/edit", url.Values{"body": {"Hola {{.Name}}: van {{.Amount}} de vuelta a tu cuenta."}})
	if got := s.see(models.RolePM, path+"/restore/1"); got.StatusCode != 200 || !strings.Contains(got.body, "Te estamos devolviendo") {
		t.Errorf("the form: got %d", got.StatusCode)
	}
	if got := s.post(models.RolePM, path+"/restore/1", nil); got.StatusCode != http.StatusSeeOther {
		t.Errorf("restored: got %d %s", got.StatusCode, got.body)
	}
	row := s.see(models.RolePM, "/console/content/templates/payment_refunded")
	if row.doc(t).Find(".draft").Length() != 0 || row.doc(t).Find(`.measures [data-held=false]`).Length() != 0 || row.doc(t).Find(".measures").Length() != 3 {
		t.Errorf("the page shows a draft, or limits that are not kept")
	}
}

// A template that could not be sent stands on Today, with the way to it, and in the figures.
func TestUnresolvedTemplatesAreSeen(t *testing.T) {
	t.Parallel()
	s := newWords(t, func(_ *Settings, r *Rooms) {
		count := r.Metrics
		r.Post = notify.New(r.DB, r.Clock, r.Queue, r.Thread, r.Content, r.Policies, whatsapp.New(whatsapp.Config{BaseURL: "http://127.0.0.1:1"}), r.Redis, notify.WithCounter(count.Count))
		r.Content.OnUnresolved(r.Post.Unresolved)
	})
	for range 2 {
		if _, err := s.Content.Resolve(context.Background(), content.OrderStatus, models.Arabic, i18n.Facts{}); err == nil {
			t.Fatal("a template without facts was made")
		}
	}
	today := s.see(models.RoleOperator, "/console")
	if link := today.doc(t).Find(`a[href="/console/content/templates/order_status"]`); link.Length() != 1 || !strings.Contains(today.body, "Arabic") {
		t.Errorf("Today has %d links to it", link.Length())
	}
	text, err := s.Metrics.Prometheus()
	s.must(err)
	if !strings.Contains(string(text), `template_resolve_failures{reason="no_fact"} 2`) || !strings.Contains(string(text), `template_resolve_failures{reason="no_template"} 0`) {
		t.Error("the figures do not tell")
	}
}
