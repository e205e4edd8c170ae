package handlers

import (
	"net/url"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/staff"
	"frontdesk/models"
)

// When what decides cannot be asked, the answer is no: without the session store nobody is let in, no act
// runs, and nobody signs in uncounted. A token that the database proves still works.
func TestASVS_16_5_3_WithoutTheSessionStoreNobodyIsLetIn(t *testing.T) {
	t.Parallel()
	s := furnished(t)
	acted := false
	s.mount(Route{post, "/console/t/act", can(staff.Diary, staff.ToAct), func(*fiber.Ctx) error { acted = true; return nil }, ""})
	b := s.open(models.RolePM)
	form := s.call("GET", "/console/login", nil)
	token, _ := form.doc(t).Find("input[name=csrf]").Attr("value")
	s.Redis.Client.Close()

	for _, path := range []string{"/console", "/console/diary", "/console/live?topics=diary"} {
		got := s.call("GET", path, nil, "Cookie: "+b.cookie, "Accept: text/html")
		if got.StatusCode < 500 || strings.Contains(got.body, "Noor") {
			t.Errorf("%s: got %d", path, got.StatusCode)
		}
	}
	if got := s.call("POST", "/console/t/act", nil, "Cookie: "+b.cookie, "X-CSRF-Token: "+b.csrf); got.StatusCode < 500 || acted {
		t.Errorf("an act: got %d, done %t", got.StatusCode, acted)
	}
	typed := url.Values{"email": {s.people[models.RolePM]}, "password": {testPassword}, "csrf": {token}}.Encode()
	got := s.call("POST", "/console/login", []byte(typed), typeForm, "Cookie: "+cookies(form))
	if got.StatusCode != fiber.StatusServiceUnavailable || strings.Contains(cookies(got), sessionCookie) || !strings.Contains(got.body, "Signing in is not possible right now") {
		t.Errorf("signing in: got %d, cookies %q, without saying why", got.StatusCode, cookies(got))
	}
}

// What fails outside us costs a page and tells nothing: neither the cause nor where it happened
// (16.5.1), and what needs no database still answers.
func TestASVS_16_5_2_WithoutTheDatabaseEveryAnswerIsOurs(t *testing.T) {
	t.Parallel()
	s := furnished(t)
	b := s.open(models.RolePM)
	s.DB.Close()
	for _, path := range []string{"/", "/console", "/console/diary", "/console/conversations/" + s.noor.ID.String(), "/db/health"} {
		for _, accept := range []string{"text/html", "application/json"} {
			got := s.call("GET", path, nil, "Cookie: "+b.cookie, "Accept: "+accept)
			if got.StatusCode < 500 || !strings.Contains(got.body, got.Header.Get("X-Request-Id")) {
				t.Errorf("%s (%s): got %d %.200s", path, accept, got.StatusCode, got.body)
			}
			for _, told := range []string{"pgx", "pool", "SQL", "SELECT", ".go:", "closed pool"} {
				if strings.Contains(got.body, told) {
					t.Errorf("%s (%s) tells %q", path, accept, told)
				}
			}
		}
	}
	if got := s.call("GET", "/healthz", nil); got.StatusCode != 200 {
		t.Errorf("alive: got %d", got.StatusCode)
	}
}

// Nothing can be uploaded yet; who adds it reads chapter 5 of the ASVS first and writes its tests.
func TestASVS_5_NothingCanBeUploaded(t *testing.T) {
	t.Parallel()
	s := furnished(t)
	b := s.open(models.RoleAdmin)
	const body = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.svg\"\r\nContent-Type: image/svg+xml\r\n\r\n<svg/>\r\n--x--\r\n"
	for _, r := range s.surface {
		if r.Method == get || r.Access.Kind == Signature || strings.HasPrefix(r.Path, "/console/log") {
			continue
		}
		for _, path := range s.addresses(r) {
			got := s.call(r.Method, path, []byte(body), "Cookie: "+b.cookie, "X-CSRF-Token: "+b.csrf, "Content-Type: multipart/form-data; boundary=x")
			if got.StatusCode != fiber.StatusUnsupportedMediaType {
				t.Errorf("%s %s takes files: got %d", r.Method, path, got.StatusCode)
			}
		}
	}
}
