package handlers

import (
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"frontdesk/internal/staff"
	"frontdesk/models"
)

// Who sends a browser here with its person's cookie, and what becomes of it (ASVS 3.5.1): our own pages
// and the person may do everything, another site may open a page in a window of its own.
func TestOtherSitesMayOnlyLeadHere(t *testing.T) {
	t.Parallel()
	s := newSalon(t, func(set *Settings, _ *Rooms) { set.Demo, set.BaseURL = false, "https://desk.example" })
	acted := Route{post, "/console/t/act", can(staff.Diary, staff.ToAct), func(c *fiber.Ctx) error { return c.SendString("acted") }, ""}
	s.mount(acted)
	cookie := "Cookie: " + s.signIn(models.RoleOperator)
	csrf, _ := s.call("GET", "/console", nil, cookie, "Accept: text/html").doc(t).Find("body").Attr("data-csrf")
	token, _, err := s.Staff.IssueToken(t.Context(), attemptOf(s.people[models.RoleOperator]))
	s.must(err)
	form, bearer := "X-CSRF-Token: "+csrf, "Authorization: Bearer "+token.Value
	fetch := func(site, mode, dest string) []string {
		return []string{"Sec-Fetch-Site: " + site, "Sec-Fetch-Mode: " + mode, "Sec-Fetch-Dest: " + dest}
	}
	for _, c := range []struct {
		name    string
		method  string
		path    string
		headers []string
		want    int
	}{
		{"a browser that says nothing", "POST", acted.Path, []string{cookie, form}, 200},
		{"our own form", "POST", acted.Path, append(fetch("same-origin", "navigate", "document"), cookie, form, "Origin: https://desk.example"), 200},
		{"our own script", "POST", acted.Path, append(fetch("same-origin", "cors", "empty"), cookie, form, "Origin: https://desk.example"), 200},
		{"our own form without its token", "POST", acted.Path, append(fetch("same-origin", "navigate", "document"), cookie, "Origin: https://desk.example"), 403},
		{"another site's form, with a stolen token", "POST", acted.Path, append(fetch("cross-site", "navigate", "document"), cookie, form, "Origin: https://evil.example"), 403},
		{"a neighbour's form, with a stolen token", "POST", acted.Path, append(fetch("same-site", "navigate", "document"), cookie, form, "Origin: https://shop.desk.example"), 403},
		{"an older browser on another site", "POST", acted.Path, []string{cookie, form, "Origin: https://evil.example"}, 403},
		{"our name without HTTPS", "POST", acted.Path, []string{cookie, form, "Origin: http://desk.example"}, 403},
		{"our name and more", "POST", acted.Path, []string{cookie, form, "Origin: https://desk.example.evil.example"}, 403},
		{"a sandboxed frame", "POST", acted.Path, []string{cookie, form, "Origin: null"}, 403},
		{"another site's form past a proxy's password", "POST", acted.Path, append(fetch("cross-site", "navigate", "document"), cookie, form, "Authorization: Basic b2xnYTpwYXNz", "Origin: https://evil.example"), 403},
		{"our own form past a proxy's password", "POST", acted.Path, append(fetch("same-origin", "navigate", "document"), cookie, form, "Authorization: Basic b2xnYTpwYXNz", "Origin: https://desk.example"), 200},
		{"a token that is none, with a good cookie", "POST", acted.Path, []string{cookie, form, "Authorization: Bearer"}, 401},
		{"an origin that cannot be read", "POST", acted.Path, []string{cookie, form, "Origin: https://desk .example"}, 403},
		{"the name in Host is no proof", "POST", acted.Path, []string{cookie, form, "Origin: https://evil.example", "Host: evil.example"}, 403},
		{"a script with its token", "POST", acted.Path, append(fetch("cross-site", "cors", "empty"), bearer, "Origin: https://tools.example"), 200},
		{"the machine", "POST", acted.Path, []string{"X-Admin-Token: " + testAdmin, "Origin: https://tools.example"}, 200},
		{"a link in a mail", "GET", "/console", append(fetch("cross-site", "navigate", "document"), cookie), 200},
		{"the address bar", "GET", "/console", append(fetch("none", "navigate", "document"), cookie), 200},
		{"a frame", "GET", "/console", append(fetch("cross-site", "navigate", "iframe"), cookie), 403},
		{"an image", "GET", "/console", append(fetch("cross-site", "no-cors", "image"), cookie), 403},
		{"a script tag", "GET", "/console", append(fetch("same-site", "no-cors", "script"), cookie), 403},
		{"a listed origin reads with the cookie", "GET", "/console", append(fetch("same-site", "cors", "empty"), cookie, "Origin: http://localhost:3000"), 403},
		{"a foreign form that signs somebody in", "POST", "/console/login", append(fetch("cross-site", "navigate", "document"), typeForm), 403},
		{"the start page as an image", "GET", "/", fetch("cross-site", "no-cors", "image"), 200},
		{"a style", "GET", s.addresses(Route{Path: "/static/*"})[0], fetch("cross-site", "no-cors", "style"), 200},
		{"a webhook", "POST", "/webhook/whatsapp", append(fetch("cross-site", "cors", "empty"), "Origin: https://graph.example", typeJSON), 401},
	} {
		got := s.call(c.method, c.path, nil, append(c.headers, "Accept: text/html")...)
		if got.StatusCode != c.want {
			t.Errorf("%s: got %d, want %d", c.name, got.StatusCode, c.want)
		}
		if refused := got.StatusCode == 403 && strings.Contains(c.name, "another site"); refused && !strings.Contains(got.body, "Refused for your safety") {
			t.Errorf("%s: the page does not say why: %.300s", c.name, got.body)
		}
	}
}

// On one's own machine the program has several names; elsewhere it has one.
func TestInDemoAnyNameOfThisMachineIsOurs(t *testing.T) {
	t.Parallel()
	for _, demo := range []bool{true, false} {
		s := &Server{set: Settings{Demo: demo, BaseURL: "http://localhost:8080"}}
		for origin, want := range map[string]bool{
			"": true, "http://localhost:8080": true, "http://127.0.0.1:8080": demo, "http://127.0.0.1:9": false, "http://evil.example": false,
		} {
			app := fiber.New()
			c := app.AcquireCtx(&fasthttp.RequestCtx{})
			c.Request().SetHost("127.0.0.1:8080")
			c.Request().Header.Set("Origin", origin)
			if got := s.ourOrigin(c); got != want {
				t.Errorf("demo %t, %q: got %t, want %t", demo, origin, got, want)
			}
			app.ReleaseCtx(c)
		}
	}
}
