package handlers

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"frontdesk/models"
)

// overHTTPS is the salon as production runs it.
func overHTTPS(set *Settings, _ *Rooms) { set.Production, set.BaseURL = true, "https://desk.example" }

// Whatever is asked, by whomever, however it ends: the browser is told the same (ASVS 3.4.1, 3.4.3,
// 3.4.6), private answers are kept by nobody (14.3.2), and cookies are bound to us (3.3.1 to 3.3.4).
func TestEveryAnswerTellsTheBrowserWhatToEnforce(t *testing.T) {
	t.Parallel()
	s := furnished(t, overHTTPS)
	s.App().Get("/console/t/broken", func(*fiber.Ctx) error { panic("broken") })
	callers := map[string]string{"nobody": "X-Nobody: 1", "the admin": "Cookie: " + s.signIn(models.RoleAdmin), "the stylist": "Cookie: " + s.signIn(models.RoleStylist)}
	statuses := map[int]bool{}
	ask := func(method, path, who, accept string, private bool) {
		headers := []string{callers[who], "Accept: " + accept}
		if method == post {
			headers = append(headers, typeForm)
		}
		got := s.call(method, path, nil, headers...)
		statuses[got.StatusCode] = true
		for _, problem := range unprotected(got, private) {
			t.Errorf("%s %s as %s (%s), %d: %s", method, path, who, accept, got.StatusCode, problem)
		}
	}
	for _, r := range s.surface {
		private := r.Access.Kind != Anyone || strings.HasPrefix(r.Path, "/console")
		for _, path := range s.addresses(r) {
			for who := range callers {
				ask(r.Method, path, who, "text/html", private)
				ask(r.Method, path, who, "application/json", private)
			}
		}
	}
	for _, accept := range []string{"text/html", "application/json"} {
		for _, path := range []string{"/nothing", "/static/nothing.css", "/console/nothing", "/console/t/broken", "/console/conversations/x"} {
			ask("GET", path, "the admin", accept, true)
		}
		ask("DELETE", "/console/diary", "the admin", accept, true)
		ask("BREW", "/console/diary", "the admin", accept, true)
	}
	form := s.call("GET", "/console/login", nil)
	token, _ := form.doc(t).Find("input[name=csrf]").Attr("value")
	nothingTyped := s.call("POST", "/console/login", []byte("csrf="+token), typeForm, "Cookie: "+cookies(form))
	statuses[nothingTyped.StatusCode] = true
	for _, problem := range unprotected(nothingTyped, true) {
		t.Errorf("an empty sign-in: %s", problem)
	}
	for _, want := range []int{200, 303, 400, 401, 403, 404, 405, 422, 500} {
		if !statuses[want] {
			t.Errorf("no answer with %d was looked at", want)
		}
	}
}

// unprotected says what an answer lacks.
func unprotected(got answer, private bool) (problems []string) {
	for name, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin",
		"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
		"Strict-Transport-Security": "max-age=31536000; includeSubDomains",
	} {
		if h := got.Header.Get(name); h != want {
			problems = append(problems, fmt.Sprintf("%s is %q", name, h))
		}
	}
	policy := got.Header.Get("Content-Security-Policy")
	for _, want := range []string{
		"default-src 'none'", "script-src 'self';", "style-src 'self';", "object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
	} {
		if !strings.Contains(policy+";", want) {
			problems = append(problems, "the content policy lacks "+want)
		}
	}
	if strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") {
		problems = append(problems, "the content policy is open")
	}
	if !strings.Contains(got.Header.Get("Permissions-Policy"), "camera=()") {
		problems = append(problems, "no permissions policy")
	}
	kept := got.Header.Get("Cache-Control")
	if kept == "" || (private || got.StatusCode >= 400) && kept != "no-store" {
		problems = append(problems, fmt.Sprintf("Cache-Control is %q", kept))
	}
	kind := got.Header.Get("Content-Type")
	if got.body != "" && (kind == "" || strings.HasPrefix(kind, "text/") && !strings.Contains(kind, "charset=utf-8")) {
		problems = append(problems, fmt.Sprintf("Content-Type is %q", kind))
	}
	for _, c := range got.Cookies() {
		if !strings.HasPrefix(c.Name, "__Host-") || !c.Secure || !c.HttpOnly || c.Path != "/" || c.Domain != "" || c.SameSite < http.SameSiteLaxMode {
			problems = append(problems, "a loose cookie: "+c.Raw)
		}
	}
	return problems
}

// Who signs out leaves nothing in the browser (ASVS 14.3.1): cached pages and stores go with the session,
// and no page was kept in HTMX's history before (14.3.3).
func TestSigningOutClearsTheBrowser(t *testing.T) {
	t.Parallel()
	s := furnished(t, overHTTPS)
	cookie := s.signIn(models.RoleOperator)
	page := s.call("GET", "/console", nil, "Cookie: "+cookie, "Accept: text/html").doc(t)
	if kept, _ := page.Find("body").Attr("hx-history"); kept != "false" {
		t.Error("HTMX may keep pages of the console in the browser's storage")
	}
	csrf, _ := page.Find("body").Attr("data-csrf")
	got := s.call("POST", "/console/logout", []byte("csrf="+csrf), typeForm, "Cookie: "+cookie)
	if clear := got.Header.Get("Clear-Site-Data"); clear != `"cache", "storage"` {
		t.Errorf("Clear-Site-Data is %q", clear)
	}
	gone := slices.ContainsFunc(got.Cookies(), func(c *http.Cookie) bool { return c.Name == "__Host-"+sessionCookie && c.MaxAge < 0 })
	if !gone {
		t.Errorf("the session's cookie stays: %v", got.Cookies())
	}
}

// storing are our scripts that keep something in the browser, and where; it must tell nothing of anybody.
var storing = map[string][]string{
	"events.js": {"sessionStorage"}, // a made-up id of the visit, until the window is closed
}

// Our own scripts put nothing into the browser's stores but what is said here (ASVS 14.3.3).
func TestScriptsStoreNothingPersonal(t *testing.T) {
	t.Parallel()
	scripts, err := filepath.Glob("../static/js/*.js")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no scripts found: %v", err)
	}
	for _, path := range scripts {
		body, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, store := range []string{"localStorage", "sessionStorage", "indexedDB", "caches.open", "document.cookie"} {
			if name := filepath.Base(path); bytes.Contains(body, []byte(store)) && !slices.Contains(storing[name], store) {
				t.Errorf("%s uses %s: say in this test what it keeps", name, store)
			}
		}
	}
}

// What comes before routing, and what HTTP does not know, is answered like every other failure.
func TestWhatFiberRefusesIsAnsweredInOurWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, raw string
		status    int
		words     string
	}{
		{"unknown method", "BREW /webhook/whatsapp HTTP/1.1\r\nHost: x\r\nX-Request-Id: odd\r\n\r\n", 405, `"code":"method_not_allowed"`},
		{"unknown method at a page", "BREW /console/diary HTTP/1.1\r\nHost: x\r\n\r\n", 405, "There is no such page"},
		{"too much in the headers", "GET / HTTP/1.1\r\nHost: x\r\nX-Big: " + strings.Repeat("a", anyHead) + "\r\n\r\n", 431, "Delete this site"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			conn := newApp(t, overHTTPS).listen()
			fmt.Fprint(conn, c.raw)
			res, err := http.ReadResponse(bufio.NewReader(conn), nil)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close() //nolint:errcheck // read whole
			body, err := io.ReadAll(res.Body)
			if err != nil {
				t.Fatal(err)
			}
			got := answer{res, string(body)}
			if got.StatusCode != c.status || !strings.Contains(got.body, c.words) {
				t.Errorf("got %d %s, want %d %s", got.StatusCode, got.body, c.status, c.words)
			}
			for _, problem := range unprotected(got, true) {
				t.Error(problem)
			}
		})
	}
}

// Every page of somebody signed in offers to sign out, without a script.
func TestASVS_7_4_4_EveryPageOffersToSignOut(t *testing.T) {
	t.Parallel()
	s := furnished(t)
	cookie := "Cookie: " + s.signIn(models.RoleAdmin)
	pages := 0
	for _, r := range s.reads() {
		if !strings.HasPrefix(r.Path, "/console") || r.Access.Kind == Anyone {
			continue
		}
		for _, address := range s.addresses(r) {
			got := s.call("GET", address, nil, cookie, "Accept: text/html")
			if got.StatusCode != 200 || !strings.Contains(got.body, "<body") {
				continue
			}
			pages++
			if got.doc(t).Find(`form[method=post][action="/console/logout"] input[name=csrf]`).Length() == 0 {
				t.Errorf("%s has no way out", address)
			}
		}
	}
	if pages < 5 {
		t.Errorf("%d pages were looked at", pages)
	}
}

// A product's film lies on this host, as its pictures do, and browsers are told that it may be shown.
func TestFilmsOfThisHostAreShown(t *testing.T) {
	t.Parallel()
	s := newStocked(t)
	p := s.products["OIL-30"]
	s.write(&models.Medium{ID: models.NewID(), ProductID: p.ID, URL: "/static/oil.mp4", Kind: models.MediumVideo, Position: 1, Origin: models.MediumFromFeed, CreatedAt: testNow, UpdatedAt: testNow})
	got := s.call("GET", "/products/"+p.ID.String(), nil, "Accept: text/html")
	if src, _ := got.doc(t).Find("video").Attr("src"); src != "/static/oil.mp4" {
		t.Errorf("the film is %q", src)
	}
	if policy := got.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "; media-src 'self';") {
		t.Errorf("browsers are told %q", policy)
	}
}
