package handlers

import (
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"frontdesk/internal/settings"
	"frontdesk/models"
)

// post posts fields to a page as a browser without a script does, with the tokens of the form it read.
func (s *salon) post(role models.Role, path string, fields url.Values) answer {
	s.t.Helper()
	cookie := s.signIn(role)
	page := s.call("GET", path, nil, "Cookie: "+cookie, "Accept: text/html")
	body := url.Values{}
	page.doc(s.t).Find("form[data-act-form] input[type=hidden]").Each(func(_ int, in *goquery.Selection) {
		body.Set(in.AttrOr("name", ""), in.AttrOr("value", ""))
	})
	for name, values := range fields {
		body[name] = values
	}
	return s.call("POST", path, []byte(body.Encode()), typeForm, "Cookie: "+cookie, "Accept: text/html")
}

func (s *salon) inForce() settings.Policies {
	s.t.Helper()
	p, err := s.Policies.Policies(s.t.Context())
	s.must(err)
	return p
}

// A policy is changed on its form; what will not do comes back as typed, with the reason at its field.
func TestPolicyIsChanged(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	const path = "/console/policies/hold.minutes/change"
	wrong := s.post(models.RolePM, path, url.Values{"hold.minutes": {"4"}, "reason": {"weekends"}})
	doc := wrong.doc(t)
	if wrong.StatusCode != 422 || doc.Find(`[name="hold.minutes"]`).AttrOr("value", "") != "4" || doc.Find(`[name=reason]`).AttrOr("value", "") != "weekends" ||
		doc.Find(`[data-error="hold.minutes"]`).Length() != 1 || doc.Find(".error-summary a").AttrOr("href", "") != "#hold.minutes" {
		t.Errorf("refused: %d\n%s", wrong.StatusCode, wrong.body)
	}
	clash := s.post(models.RolePM, path, url.Values{"hold.minutes": {"5"}})
	if got := clash.doc(t).Find(".error-summary").Text(); clash.StatusCode != 422 || !strings.Contains(got, "reminder must come before") {
		t.Errorf("against another policy: %d %q", clash.StatusCode, got)
	}
	if done := s.post(models.RolePM, path, url.Values{"hold.minutes": {"٤٥"}, "reason": {"weekends"}}); done.StatusCode != 303 || s.inForce().HoldMinutes != 45 {
		t.Errorf("saved: %d, in force %d", done.StatusCode, s.inForce().HoldMinutes)
	}
	page := s.see(models.RolePM, "/console/policies/hold.minutes").doc(t)
	if got := page.Find(".timeline").Text(); !strings.Contains(got, "30 minutes") || !strings.Contains(got, "45 minutes") || !strings.Contains(got, "weekends") || !strings.Contains(got, "Person pm") {
		t.Errorf("history reads %q", got)
	}
	if got := s.see(models.RoleOperator, "/console/policies?state=edited").doc(t).Find("tbody tr").Length(); got != 1 {
		t.Errorf("%d policies differ from their defaults", got)
	}
}

// A group is saved together; a value that somebody changed meanwhile is shown beside the typed one and
// replaced only knowingly.
func TestPoliciesOfAGroup(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	const path = "/console/policies/groups/cancelling/change"
	cookie := s.signIn(models.RolePM)
	form := s.call("GET", path, nil, "Cookie: "+cookie, "Accept: text/html").doc(t)
	fields := url.Values{"cancel.refund_hours": {"48"}, "cancel.staff_only_hours": {"12"}, "cancel.late_moves": {"1"}, "reason": {""}}
	form.Find("form[data-act-form] input[type=hidden]").Each(func(_ int, in *goquery.Selection) {
		fields.Set(in.AttrOr("name", ""), in.AttrOr("value", ""))
	})
	s.must(s.Policies.Set(t.Context(), "cancel.refund_hours", 36, "staff:other"))
	post := func() answer {
		return s.call("POST", path, []byte(fields.Encode()), typeForm, "Cookie: "+cookie, "Accept: text/html")
	}
	late := post()
	if text := late.doc(t).Find(`[data-error="cancel.refund_hours"]`).Text(); late.StatusCode != 422 ||
		!strings.Contains(text, "36 hours") || !strings.Contains(text, "48 hours") || s.inForce().CancelStaffOnlyHours != 6 {
		t.Errorf("late: %d %q", late.StatusCode, text)
	}
	late.doc(t).Find("form[data-act-form] input[type=hidden]").Each(func(_ int, in *goquery.Selection) {
		fields.Set(in.AttrOr("name", ""), in.AttrOr("value", ""))
	})
	if again := post(); again.StatusCode != 303 || s.inForce().CancelRefundHours != 48 || s.inForce().CancelStaffOnlyHours != 12 {
		t.Errorf("again: %d, in force %+v", again.StatusCode, s.inForce())
	}
}

// What costs money by a slip asks for a phrase; a default and an earlier value come back by one form each.
func TestGravePolicies(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	const path = "/console/policies/deposit.enabled"
	if got := s.post(models.RolePM, path+"/change", url.Values{"deposit.enabled": {"no"}}); got.StatusCode != 422 || !s.inForce().DepositsEnabled {
		t.Errorf("without the phrase: %d", got.StatusCode)
	}
	phrase := url.Values{"deposit.enabled": {"no"}, "phrase": {"ask for a deposit"}}
	if got := s.post(models.RolePM, path+"/change", phrase); got.StatusCode != 303 || s.inForce().DepositsEnabled {
		t.Errorf("with the phrase: %d", got.StatusCode)
	}
	if got := s.post(models.RolePM, path+"/default", url.Values{"phrase": {"Ask for a deposit"}}); got.StatusCode != 303 || !s.inForce().DepositsEnabled {
		t.Errorf("back to the default: %d", got.StatusCode)
	}
	restore := s.see(models.RolePM, path).doc(t).Find(`a[href*="/restore/"]`).AttrOr("href", "")
	if got := s.post(models.RolePM, restore, url.Values{"phrase": {"Ask for a deposit"}}); got.StatusCode != 303 || s.inForce().DepositsEnabled {
		t.Errorf("restored from %q: %d", restore, got.StatusCode)
	}
}

// Readers read and are offered no act; others are shown the door. Programs get the same rules as JSON.
func TestPoliciesByRole(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	for role, want := range map[models.Role]int{
		models.RoleAdmin: 200, models.RolePM: 200, models.RoleOperator: 403, models.RoleFinance: 403, models.RoleStylist: 403,
		models.RolePrivacy: 403, models.RoleStakeholder: 403,
	} {
		if got := s.see(role, "/console/policies/clarify.max/change").StatusCode; got != want {
			t.Errorf("the form for %s: %d, want %d", role, got, want)
		}
	}
	doc := s.see(models.RoleStylist, "/console/policies/clarify.max").doc(t)
	if n := doc.Find("main .button").Length(); n != 0 || doc.Find("h1").Text() != "Unclear messages in a row" {
		t.Errorf("a stylist sees %d buttons under %q", n, doc.Find("h1").Text())
	}
	script := func(body string) answer {
		return s.call("POST", "/console/policies/clarify.max/change", []byte(body), typeJSON, "X-Admin-Token: "+testAdmin)
	}
	if got := script(`{"clarify.max": 99}`); got.StatusCode != 400 || got.code(t) != "validation" {
		t.Errorf("a script out of bounds: %d %s", got.StatusCode, got.body)
	}
	if got := script(`{"clarify.max": 2}`); got.StatusCode != 200 || s.inForce().ClarifyMax != 2 {
		t.Errorf("a script: %d %s", got.StatusCode, got.body)
	}
	if got := s.see(models.RolePM, "/console/policies/salon.moon").StatusCode; got != 404 {
		t.Errorf("no such policy: %d", got)
	}
	csv := s.see(models.RoleFinance, "/console/policies?format=csv&group=cancelling")
	if lines := strings.Count(strings.TrimSpace(csv.body), "\n"); lines != 3 || !strings.Contains(csv.body, "24 hours") {
		t.Errorf("the file reads %q", csv.body)
	}
}
