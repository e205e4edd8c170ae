package handlers

import (
	"net/url"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/staff"
	"frontdesk/views/ui"
)

// trial mounts an act that wants a number and can be taken back.
func (s *salon) trial() {
	s.mount(Route{post, "/console/trial", can(staff.Today, staff.ToAct), func(c *fiber.Ctx) error {
		f := s.form(c, "console.visit")
		n := f.Number("total", 1, 9)
		if f.Valid() {
			return s.acted(c, acted{
				To: "/console", Toast: "console.form.range", Facts: []any{"Min", n, "Max", 9}, Leave: c.Query("leave") != "",
				Undo: &undo{URL: "/console/trial/undo", Fields: map[string]string{"total": "1"}}, Result: n,
			})
		}
		return s.formPage(c, screen{title: "console.print"}, f, ui.ActPage(ui.Act{Title: "T", Submit: "S", Form: f.Shown()}))
	}, "An act of this test"})
}

func TestActedInItsThreeForms(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	s.trial()
	b := s.open("pm")
	do := func(path, total string, headers ...string) answer {
		body := url.Values{"total": {total}, "csrf": {b.csrf}}.Encode()
		return s.call("POST", path, []byte(body), append(headers, typeForm, "Cookie: "+b.cookie)...)
	}
	plain := do("/console/trial", "5", "Accept: text/html")
	if plain.StatusCode != 303 || plain.Header.Get("Location") != "/console" {
		t.Fatalf("plain: got %d to %q", plain.StatusCode, plain.Header.Get("Location"))
	}
	jar := "Cookie: " + b.cookie + "; " + cookies(plain)
	page := s.call("GET", "/console", nil, jar, "Accept: text/html").doc(t)
	if got := page.Find("#toasts .toast p").Text(); got != "Enter a number from 5 to 9" {
		t.Errorf("the next page's toast: %q", got)
	}
	if page.Find(`#toasts form[action="/console/trial/undo"] input[name=total][value="1"]`).Length() != 1 || page.Find("#toasts form input[name=csrf]").AttrOr("value", "") == "" {
		t.Error("the toast's undo is no form with its field and token")
	}
	if again := s.call("GET", "/console", nil, jar, "Accept: text/html").doc(t); again.Find("#toasts .toast").Length() > 0 {
		t.Error("the toast is shown twice")
	}
	script := do("/console/trial", "5", "HX-Request: true")
	if script.StatusCode != 200 || script.Header.Get("HX-Reswap") != "none" || script.Header.Get("HX-Trigger") != "acted" ||
		!strings.Contains(script.body, `hx-swap-oob="beforeend:#toasts"`) || cookies(script) != "" {
		t.Errorf("to a script: %d %v %s", script.StatusCode, script.Header, script.body)
	}
	gone := do("/console/trial?leave=1", "5", "HX-Request: true")
	if gone.StatusCode != 204 || gone.Header.Get("HX-Redirect") != "/console" || !strings.Contains(cookies(gone), flashCookie) {
		t.Errorf("from a page that is gone: %d %v", gone.StatusCode, gone.Header)
	}
	program := do("/console/trial", "5", "Accept: application/json")
	if program.StatusCode != 200 || program.json(t)["result"] != float64(5) {
		t.Errorf("to a program: %d %s", program.StatusCode, program.body)
	}
}

// The toast that waits is its person's: a stolen or shared cookie shows nobody what somebody else did.
func TestFlashIsPersonal(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	s.trial()
	b := s.open("pm")
	done := s.call("POST", "/console/trial", []byte("total=5&csrf="+b.csrf), typeForm, "Cookie: "+b.cookie, "Accept: text/html")
	other := s.open("operator")
	page := s.call("GET", "/console", nil, "Cookie: "+other.cookie+"; "+cookies(done), "Accept: text/html").doc(t)
	if page.Find("#toasts .toast").Length() > 0 {
		t.Error("somebody else's toast is shown")
	}
}

func TestRefusedInItsThreeForms(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	s.trial()
	b := s.open("pm")
	do := func(headers ...string) answer {
		return s.call("POST", "/console/trial", []byte("total=12&csrf="+b.csrf), append(headers, typeForm, "Cookie: "+b.cookie)...)
	}
	plain := do("Accept: text/html")
	page := plain.doc(t)
	if plain.StatusCode != 422 || !strings.HasPrefix(page.Find("title").Text(), "Error: ") {
		t.Errorf("plain: %d %q", plain.StatusCode, page.Find("title").Text())
	}
	if got := page.Find(`.error-summary a[href="#total"]`).Text(); got != "Total: Enter a number from 1 to 9" {
		t.Errorf("summary: %q", got)
	}
	inside := do("HX-Request: true")
	if inside.StatusCode != 422 || strings.Contains(inside.body, "<html") || inside.doc(t).Find(`.error-summary[data-focus] a[href="#d-total"]`).Length() != 1 {
		t.Errorf("in a dialog: %d %s", inside.StatusCode, inside.body)
	}
	program := do("Accept: application/json")
	if program.StatusCode != 400 || program.code(t) != "validation" || !strings.Contains(program.body, `{"field":"total","rule":"console.form.range"}`) {
		t.Errorf("to a program: %d %s", program.StatusCode, program.body)
	}
	for _, bad := range []struct{ body, kind string }{{"<x/>", "Content-Type: text/xml"}, {"{", typeJSON}, {strings.Repeat("a=1&", 600), typeForm}, {`{"total":[[1]]}`, typeJSON}} {
		got := s.call("POST", "/console/trial", []byte(bad.body), bad.kind, "Cookie: "+b.cookie, "X-CSRF-Token: "+b.csrf, "Accept: application/json")
		if got.StatusCode != 400 && got.StatusCode != 415 {
			t.Errorf("%.20s as %s: got %d", bad.body, bad.kind, got.StatusCode)
		}
	}
}
