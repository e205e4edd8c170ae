package handlers

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"frontdesk/models"
	"frontdesk/static"
)

// scenes: who reads what, and what they must and must not see.
func TestPages(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	diary, inbox := "/console/diary?day=2026-10-09", "/console/conversations/"+s.noor.ID.String()
	visit := diary + "&visit=" + s.confirmed.ID.String()
	for _, c := range []struct {
		name    string
		role    models.Role
		path    string
		status  int
		has     map[string]string // selector → text it holds
		without []string          // words nowhere on the page
	}{
		{"operator's diary", "operator", diary, 200, map[string]string{
			"h1": "Friday 9 October 2026", ".diary-column:nth-of-type(2)": "Noor Haddad", "a.visit.is-hold": "Hold", ".nav [aria-current=page]": "Diary",
		}, nil},
		{"operator opens a visit", "operator", visit, 200, map[string]string{
			"#visit-title": "Noor Haddad", ".panel": noorPhone, ".panel .timeline": "Deposit paid, visit confirmed",
		}, nil},
		{"hold with its payment", "operator", diary + "&visit=" + s.held.ID.String(), 200, map[string]string{
			".panel": "€5.24", ".panel .mini": "Link being made", "a.visit[aria-current=true]": "Maya Lopez",
		}, nil},
		{"finance sees money and no phone", "finance", visit, 200, map[string]string{".panel": "€64.00", "#visit-title": "Noor Haddad"}, []string{noorPhone}},
		{"stylist sees the own diary alone", "stylist", diary, 200, map[string]string{"a.visit": "Noor"}, []string{"Haddad", "Maya", "Salma", noorPhone}},
		{"stylist opens an own visit", "stylist", visit, 200, map[string]string{"#visit-title": "Noor", ".panel": "€64.00"}, []string{"Haddad", noorPhone, "conversations/"}},
		{"stylist opens another's visit", "stylist", diary + "&visit=" + s.held.ID.String(), 200, map[string]string{"h1": "Friday"}, []string{"Maya", "visit-title"}},
		{"stylist asks for another's diary", "stylist", diary + "&stylist=" + s.stylist("Salma").Code, 200, map[string]string{"a.visit": "Noor"}, []string{"Maya"}},
		{"stylist reads no conversation", "stylist", inbox, 403, map[string]string{"h1": "This is not open to you"}, []string{"Noor"}},
		{"week", "pm", diary + "&view=week", 200, map[string]string{"table.week tbody tr:nth-child(2)": "Noor Haddad", "th.is-today": "Fri 9 Oct"}, nil},
		{"filter without match", "pm", diary + "&stylist=" + s.stylist("Omar").Code, 200, map[string]string{".empty h2": "No visit matches"}, []string{"Noor"}},
		{"first use", "pm", "/console/diary?day=2026-11-02", 200, map[string]string{".empty h2": "No visits yet"}, nil},
		{"public holiday", "pm", "/console/diary?day=2026-10-12", 200, map[string]string{".notice": "closed on this day", ".closed-time": "oliday"}, nil},
		{"nonsense in the address", "pm", "/console/diary?day=yesterday&stylist=%00&view=%3Cscript%3E&visit=1&status=x", 200, map[string]string{"h1": "Friday 9 October 2026"}, []string{"<script>"}},
		{"operator's inbox", "operator", inbox, 200, map[string]string{
			"h1": "Conversations", ".pane-list": "سارة الحربي", ".bubble.out .bubble-options": "Yes", ".pane-context": noorPhone, "#thread-title": "Noor Haddad",
		}, nil},
		{"needs a person", "operator", "/console/conversations?filter=needs", 200, map[string]string{".pane-list": "Needs a person"}, []string{"Noor"}},
		{"with staff", "operator", "/console/conversations/" + s.sara.ID.String(), 200, map[string]string{".handling.human": "The assistant says nothing", ".case": "Asked for a person"}, nil},
		{"privacy officer sees no number", "privacy", inbox, 200, map[string]string{".pane-context": "••••"}, []string{noorPhone}},
		{"no such conversation", "operator", "/console/conversations/" + models.NewID().String(), 404, map[string]string{".failure": "does not exist"}, nil},
		{"no id at all", "operator", "/console/conversations/x", 404, map[string]string{".failure": "does not exist"}, nil},
		{"cases", "pm", "/console/cases", 200, map[string]string{".case": "Asked for a person", ".nav-count": "1"}, nil},
		{"operator's day", "operator", "/console", 200, map[string]string{"h1": "Hello", "main": "Waiting for a person"}, nil},
		{"stylist's day", "stylist", "/console", 200, map[string]string{"main": "Noor"}, []string{"Haddad", "Maya", "سارة"}},
		{"stakeholder sees figures only", "stakeholder", "/console", 200, map[string]string{".figures-row": "1"}, []string{"Noor", "Maya", "سارة", noorPhone}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := s.see(c.role, c.path)
			if got.StatusCode != c.status {
				t.Fatalf("got %d, want %d", got.StatusCode, c.status)
			}
			page := got.doc(t)
			for selector, text := range c.has {
				if found := page.Find(selector).Text(); !strings.Contains(found, text) {
					t.Errorf("%s: got %.200q, want %q", selector, strings.Join(strings.Fields(found), " "), text)
				}
			}
			for _, word := range c.without {
				if strings.Contains(got.body, word) {
					t.Errorf("the page shows %q", word)
				}
			}
			if n := page.Find("h1").Length(); n != 1 {
				t.Errorf("got %d h1", n)
			}
			if strings.Contains(got.body, "console.") || strings.Contains(got.body, "public.") {
				t.Errorf("a text is missing: %s", around(got.body, "console."))
			}
			if cache := got.Header.Get("Cache-Control"); cache != "no-store" {
				t.Errorf("Cache-Control: got %q", cache)
			}
		})
	}
}

func around(body, word string) string {
	i := strings.Index(body, word)
	if i < 0 {
		return ""
	}
	return body[max(0, i-60):min(len(body), i+80)]
}

// The same address gives the page, or for HTMX the part inside the frame.
func TestFragmentAndPage(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	cookie := "Cookie: " + s.signIn("operator")
	for _, path := range []string{"/console", "/console/diary?day=2026-10-09", "/console/conversations", "/console/cases"} {
		page := s.call("GET", path, nil, cookie)
		part := s.call("GET", path, nil, cookie, "HX-Request: true")
		restored := s.call("GET", path, nil, cookie, "HX-Request: true", "HX-History-Restore-Request: true")
		if strings.Contains(part.body, "<html") || !strings.Contains(page.body, "<html") || !strings.Contains(restored.body, "<html") {
			t.Errorf("%s: the frame is not where it belongs", path)
		}
		live := page.doc(t).Find("[data-live]")
		if inner, _ := live.Html(); strings.TrimSpace(inner) != strings.TrimSpace(htmlOf(t, part)) {
			t.Errorf("%s: the part is not what the page holds", path)
		}
		if vary := page.Header.Get("Vary"); !strings.Contains(vary, "HX-Request") || !strings.Contains(vary, "HX-History-Restore-Request") {
			t.Errorf("%s: Vary is %q", path, vary)
		}
	}
	gone := s.call("GET", "/console/diary", nil, "HX-Request: true", "Accept: text/html")
	if to := gone.Header.Get("HX-Redirect"); gone.StatusCode != 401 || to != "/console/login" {
		t.Errorf("nobody asks for a part: got %d, HX-Redirect %q", gone.StatusCode, to)
	}
}

func htmlOf(t *testing.T, r answer) string {
	t.Helper()
	inner, err := r.doc(t).Find("body").Html()
	if err != nil {
		t.Fatal(err)
	}
	return inner
}

func TestLoginPage(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	page := s.call("GET", "/console/login?next=/console/diary", nil)
	token, _ := page.doc(t).Find("input[name=csrf]").Attr("value")
	for _, c := range []struct {
		name    string
		form    url.Values
		cookie  string
		status  int
		problem string
	}{
		{"no token", url.Values{"email": {s.people["pm"]}, "password": {testPassword}}, cookies(page), 403, "out of date"},
		{"token without its cookie", url.Values{"email": {s.people["pm"]}, "password": {testPassword}, "csrf": {token}}, "", 403, "out of date"},
		{"nothing typed", url.Values{"csrf": {token}}, cookies(page), 422, "Enter your e-mail address"},
		{"wrong password", url.Values{"email": {s.people["pm"]}, "password": {"x"}, "csrf": {token}}, cookies(page), 401, "not right"},
		{"unknown person", url.Values{"email": {"nobody@luma.example"}, "password": {"x"}, "csrf": {token}}, cookies(page), 401, "not right"},
	} {
		got := s.call("POST", "/console/login", []byte(c.form.Encode()), typeForm, "Cookie: "+c.cookie, "Accept: text/html")
		if got.StatusCode != c.status || !strings.Contains(got.doc(t).Find(".error-summary").Text(), c.problem) {
			t.Errorf("%s: got %d, %q", c.name, got.StatusCode, got.doc(t).Find(".error-summary").Text())
		}
		if title := got.doc(t).Find("title").Text(); !strings.HasPrefix(title, "Error:") {
			t.Errorf("%s: title %q", c.name, title)
		}
		if strings.Contains(got.body, testPassword) {
			t.Errorf("%s: the password comes back", c.name)
		}
		if c.status == 401 {
			if value, _ := got.doc(t).Find("input[name=email]").Attr("value"); value != c.form.Get("email") {
				t.Errorf("%s: what was typed is lost", c.name)
			}
		}
	}
}

func TestSignInAndOut(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	page := s.call("GET", "/console/login", nil)
	token, _ := page.doc(t).Find("input[name=csrf]").Attr("value")
	for next, want := range map[string]string{
		"/console/diary?day=2026-10-09": "/console/diary?day=2026-10-09", "": "/console", "https://evil.example": "/console", "//evil.example": "/console",
		"/console\\evil": "/console", "/console.evil.example": "/console", "/console/login": "/console", "/console/logout": "/console", "/privacy": "/console",
	} {
		form := url.Values{"email": {s.people["pm"]}, "password": {testPassword}, "csrf": {token}, "next": {next}}
		got := s.call("POST", "/console/login", []byte(form.Encode()), typeForm, "Cookie: "+cookies(page))
		if to := got.Header.Get("Location"); got.StatusCode != 303 || to != want {
			t.Errorf("next %q: got %d to %q, want %q", next, got.StatusCode, to, want)
		}
		for _, c := range got.Cookies() {
			if c.Name == sessionCookie && (!c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.MaxAge > 0) {
				t.Errorf("session cookie: %+v", c)
			}
		}
	}
	cookie := s.signIn("pm")
	csrf, _ := s.call("GET", "/console", nil, "Cookie: "+cookie).doc(t).Find("body").Attr("data-csrf")
	if got := s.call("POST", "/console/logout", nil, "Cookie: "+cookie, "Accept: text/html"); got.StatusCode != 403 {
		t.Errorf("sign out without the token: got %d", got.StatusCode)
	}
	if got := s.call("POST", "/console/logout", []byte("csrf="+csrf), typeForm, "Cookie: "+cookie); got.StatusCode != 303 {
		t.Errorf("sign out: got %d", got.StatusCode)
	}
	if got := s.call("GET", "/console", nil, "Cookie: "+cookie, "Accept: text/html"); got.StatusCode != 303 {
		t.Errorf("after signing out: got %d", got.StatusCode)
	}
}

func TestCookiesOverHTTPS(t *testing.T) {
	t.Parallel()
	a := newApp(t, func(set *Settings, _ *Rooms) { set.BaseURL = "https://desk.example" })
	for _, c := range a.call("GET", "/console/login", nil).Cookies() {
		if !strings.HasPrefix(c.Name, "__Host-") || !c.Secure || !c.HttpOnly || c.Path != "/" {
			t.Errorf("cookie over HTTPS: %+v", c)
		}
	}
}

func TestLanguagesAndThemes(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	for lang, dir := range map[string]string{"en": "ltr", "es": "ltr", "ar": "rtl"} {
		for _, path := range []string{"/", "/privacy", "/docs", "/payments/thanks", "/console/login"} {
			got := s.call("GET", path, nil, "Cookie: fd_lang="+lang, "Accept: text/html")
			html := got.doc(t).Find("html")
			if l, _ := html.Attr("lang"); l != lang {
				t.Errorf("%s: lang is %q, want %q", path, l, lang)
			}
			if d, _ := html.Attr("dir"); d != dir {
				t.Errorf("%s in %s: dir is %q", path, lang, d)
			}
			if strings.Contains(got.body, "public.") || strings.Contains(got.body, "console.") {
				t.Errorf("%s in %s: a text is missing: %s", path, lang, around(got.body, "public."))
			}
		}
	}
	shared := s.call("GET", "/privacy?lang=ar", nil)
	if !strings.Contains(shared.body, `dir="rtl"`) || !strings.Contains(cookies(shared), "fd_lang=ar") {
		t.Error("a shared link must show its language and keep it")
	}
	chosen := s.call("GET", "/console/diary?day=2026-10-09&lang=ar&theme=dark", nil)
	if to := chosen.Header.Get("Location"); chosen.StatusCode != 303 || to != "/console/diary?day=2026-10-09" {
		t.Errorf("choice in the console: got %d to %q", chosen.StatusCode, to)
	}
	dark := s.call("GET", "/", nil, "Cookie: fd_theme=dark")
	if theme, _ := dark.doc(t).Find("html").Attr("data-theme"); theme != "dark" {
		t.Errorf("theme: got %q", theme)
	}
}

func TestHome(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	page := s.call("GET", "/?lang=en", nil).doc(t)
	href, _ := page.Find(".hero a.button.primary").Attr("href")
	to, err := url.Parse(href)
	if err != nil || to.Host != "wa.me" || to.Path != "/447700900100" || to.Query().Get("text") != "Hello! I would like an appointment." {
		t.Errorf("deep link: got %q", href)
	}
	if menu := page.Find(".menu").Text(); !strings.Contains(menu, "€62.50") || !strings.Contains(menu, "Upper-lip wax") {
		t.Error("the menu lacks prices or services")
	}
	if pack := page.Find(".pack").Text(); !strings.Contains(pack, "saves €8.70") {
		t.Errorf("pack: got %q", pack)
	}
	silent := newApp(t)
	if body := silent.call("GET", "/?lang=en", nil).body; !strings.Contains(body, "No WhatsApp number is set up") || strings.Contains(body, "wa.me") {
		t.Error("without a number the page must say so")
	}
}

// The description says what the table says, and nothing else.
func TestOpenAPIIsTheRouteTable(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	var api struct {
		OpenAPI string
		Paths   map[string]map[string]struct {
			OperationID string `json:"operationId"`
			Summary     string
			Security    []map[string][]string
			Parameters  []struct{ Name, In string }
		}
	}
	if err := json.Unmarshal([]byte(a.call("GET", "/docs/openapi.json", nil).body), &api); err != nil {
		t.Fatal(err)
	}
	if api.OpenAPI != "3.1.0" {
		t.Errorf("got %q", api.OpenAPI)
	}
	described, ids := 0, map[string]bool{}
	for _, ops := range api.Paths {
		described += len(ops)
	}
	for _, r := range a.surface {
		op, ok := api.Paths[openapiPath(r.Path)][strings.ToLower(r.Method)]
		if !ok || op.Summary != r.Doc {
			t.Errorf("%s %s is not described", r.Method, r.Path)
		}
		if open := r.Access.Kind == Anyone || r.Access.Kind == Signature; open == (len(op.Security) > 0) {
			t.Errorf("%s %s: security does not match", r.Method, r.Path)
		}
		inPath := slices.DeleteFunc(op.Parameters, func(p struct{ Name, In string }) bool { return p.In != "path" })
		if strings.Count(r.Path, ":")+strings.Count(r.Path, "*") != len(inPath) {
			t.Errorf("%s %s: parameters do not match", r.Method, r.Path)
		}
		if ids[op.OperationID] {
			t.Errorf("two operations are called %s", op.OperationID)
		}
		ids[op.OperationID] = true
	}
	if described != len(a.surface) {
		t.Errorf("described: got %d, want %d", described, len(a.surface))
	}
}

// Scripts and styles come from files alone, or the browser refuses them.
func TestPagesNeedNoInlineCode(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	cookie := "Cookie: " + s.signIn("operator")
	for _, path := range []string{"/", "/privacy", "/docs", "/nowhere", "/console", "/console/diary", "/console/diary?view=week", "/console/conversations/" + s.noor.ID.String(), "/console/cases"} {
		page := s.call("GET", path, nil, cookie, "Accept: text/html").doc(t)
		if n := page.Find("[style], style, script:not([src]), [onclick], [onload]").Length(); n > 0 {
			t.Errorf("%s: %d inline styles or scripts", path, n)
		}
		page.Find("link[href], script[src]").Each(func(_ int, el *goquery.Selection) {
			address := el.AttrOr("href", el.AttrOr("src", ""))
			if _, ok := static.Find(address); !ok {
				t.Errorf("%s refers to %s, which is not there", path, address)
			}
		})
		page.Find("use[href]").Each(func(_ int, el *goquery.Selection) {
			if sign := el.AttrOr("href", ""); page.Find("symbol"+sign).Length() == 0 {
				t.Errorf("%s shows the sign %s, which is not in the sprite", path, sign)
			}
		})
		for _, check := range []string{"html[lang][dir]", "main#main", "title", "a.skip", "a[href='/privacy']"} {
			if page.Find(check).Length() == 0 {
				t.Errorf("%s lacks %s", path, check)
			}
		}
	}
	css := s.call("GET", static.URL("app.css"), nil)
	if cache := css.Header.Get("Cache-Control"); css.StatusCode != 200 || !strings.Contains(cache, "immutable") {
		t.Errorf("styles: got %d, %q", css.StatusCode, cache)
	}
	if got := s.call("GET", "/static/app.css", nil, "Accept: text/html"); got.StatusCode != 404 {
		t.Errorf("an address without its digest: got %d", got.StatusCode)
	}
}
