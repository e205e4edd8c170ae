package handlers

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/fault"
	"frontdesk/internal/staff"
	"frontdesk/models"
)

func TestEveryAnswerCarriesTheCorrelationID(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	for _, tt := range []struct {
		name, given string
		kept        bool
	}{
		{"well formed", "req-1.A_b", true},
		{"longest", strings.Repeat("x", 64), true},
		{"too long", strings.Repeat("x", 65), false},
		{"line break", "a%0d%0ab", false},
		{"markup", "<script>", false},
		{"none", "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			res := a.call("GET", "/nothing-here", nil, "X-Request-Id: "+tt.given)
			got := res.Header.Get("X-Request-Id")
			if kept := got == tt.given; kept != tt.kept || got == "" {
				t.Errorf("header: got %q for %q", got, tt.given)
			}
			if res.StatusCode != 404 || !strings.Contains(res.body, `"requestId":"`+got+`"`) {
				t.Errorf("body: got %d %s", res.StatusCode, res.body)
			}
			if !strings.Contains(a.logs.String(), `"request_id":"`+got+`"`) {
				t.Errorf("the log does not know %q", got)
			}
		})
	}
}

func TestErrorsAreAnsweredInOnePlace(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	fail := func(err error) fiber.Handler { return func(*fiber.Ctx) error { return err } }
	a.app.Get("/t/fault", fail(fault.Conflict("booking.slot_taken")))
	a.app.Get("/t/invalid", fail(fault.Invalid("error.validation", map[string]string{"b": "required", "a": "email"})))
	a.app.Get("/t/wait", fail(fault.TooMany("error.rate_limited", 17*time.Second)))
	a.app.Get("/t/secret", fail(errors.New("password of +447700900101 is hunter2")))
	a.app.Get("/t/panic", func(*fiber.Ctx) error { panic("customer wrote: my address is +447700900101") })
	a.app.Get("/t/half", func(c *fiber.Ctx) error {
		if err := c.SendString("half a page"); err != nil {
			return err
		}
		return errors.New("broke")
	})
	for _, tt := range []struct {
		path, accept string
		status       int
		want         []string
		never        []string
	}{
		{"/t/fault", "", 409, []string{`"ok":false`, `"code":"slot_taken"`, `"errorCode":"slot_taken"`}, nil},
		{"/t/invalid", "", 400, []string{`"code":"validation"`, `"details":[{"field":"a","rule":"email"},{"field":"b","rule":"required"}]`}, nil},
		{"/t/wait", "", 429, []string{`"code":"rate_limited"`}, nil},
		{"/t/secret", "", 500, []string{`"code":"internal"`}, []string{"hunter2", "7700"}},
		{"/t/panic", "", 500, []string{`"code":"internal"`}, []string{"customer", "goroutine"}},
		{"/t/half", "", 500, []string{`"code":"internal"`}, []string{"half a page"}},
		{"/t/secret", "text/html", 500, []string{`<html lang="en" dir="ltr"`, "<h1>"}, []string{"hunter2"}},
		{"/t/none", "text/html", 404, []string{"<h1>"}, nil},
		{"/t/none", "application/json", 404, []string{`"code":"not_found"`}, nil},
	} {
		t.Run(tt.path+" "+tt.accept, func(t *testing.T) {
			res := a.call("GET", tt.path, nil, "Accept: "+tt.accept)
			if res.StatusCode != tt.status {
				t.Errorf("status: got %d, want %d", res.StatusCode, tt.status)
			}
			for _, w := range tt.want {
				if !strings.Contains(res.body, w) {
					t.Errorf("%s is missing in %s", w, res.body)
				}
			}
			for _, n := range tt.never {
				if strings.Contains(res.body, n) {
					t.Errorf("%s is shown: %s", n, res.body)
				}
			}
			if !strings.Contains(res.body, res.Header.Get("X-Request-Id")) {
				t.Error("the answer does not name its request id")
			}
		})
	}
	if res := a.call("DELETE", "/webhook/whatsapp", nil); res.StatusCode != 405 || res.code(t) != "method_not_allowed" {
		t.Errorf("wrong method: got %d %s", res.StatusCode, res.body)
	}
	if res := a.call("HEAD", "/healthz", nil); res.StatusCode != 200 || res.body != "" {
		t.Errorf("HEAD: got %d %q", res.StatusCode, res.body)
	}
	if got := a.call("GET", "/t/wait", nil).Header.Get("Retry-After"); got != "17" {
		t.Errorf("Retry-After: got %q, want 17", got)
	}
	if arabic := a.call("GET", "/t/none", nil, "Accept: text/html", "Accept-Language: ar-SA"); !strings.Contains(arabic.body, `lang="ar" dir="rtl"`) {
		t.Errorf("an Arabic reader got %s", arabic.body)
	}
	for _, never := range []string{"447700900101", "my address"} {
		if strings.Contains(a.logs.String(), never) {
			t.Errorf("%q is in the log", never)
		}
	}
	if a.call("GET", "/healthz", nil).StatusCode != 200 {
		t.Error("a panic cost more than one request")
	}
}

func TestCORSAnswersListedOriginsOnly(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	for _, tt := range []struct {
		method, origin string
		status         int
		allowed        string
	}{
		{"GET", "http://localhost:3000", 200, "http://localhost:3000"},
		{"GET", "http://evil.example", 200, ""},
		{"GET", "null", 200, ""},
		{"GET", "http://localhost:3000.evil.example", 200, ""},
		{"GET", "", 200, ""},
		{"OPTIONS", "http://localhost:3000", 204, "http://localhost:3000"},
	} {
		res := a.call(tt.method, "/healthz", nil, "Origin: "+tt.origin, "Access-Control-Request-Method: GET")
		if got := res.Header.Get("Access-Control-Allow-Origin"); got != tt.allowed || res.StatusCode != tt.status {
			t.Errorf("%s from %q: got %d %q, want %d %q", tt.method, tt.origin, res.StatusCode, got, tt.status, tt.allowed)
		}
		if tt.allowed != "" && !strings.Contains(res.Header.Get("Access-Control-Expose-Headers"), "X-Request-Id") {
			t.Errorf("%s: the correlation id is not exposed", tt.origin)
		}
	}
}

// A page of a listed origin may send every header that an operation takes.
func TestListedOriginsMaySendWhatOperationsTake(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	for _, r := range a.surface {
		op := a.ops.of(r)
		if op == nil || r.Access.Kind == Keyed { // a key is a script's, not a page's
			continue
		}
		res := a.call("OPTIONS", r.Path, nil, "Origin: http://localhost:3000", "Access-Control-Request-Method: "+r.Method)
		for _, p := range op.Parameters {
			if p.In == "header" && !strings.Contains(res.Header.Get("Access-Control-Allow-Headers")+",", p.Name+",") {
				t.Errorf("%s %s: %s may not be sent", r.Method, r.Path, p.Name)
			}
		}
	}
}

func TestBrowsersAreToldWhatToEnforce(t *testing.T) {
	t.Parallel()
	a := newApp(t, func(s *Settings, _ *Rooms) { s.Production = true })
	h := a.call("GET", "/healthz", nil).Header
	csp := h.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"} {
		if !strings.Contains(csp, want) {
			t.Errorf("policy lacks %s: %s", want, csp)
		}
	}
	if strings.Contains(csp, "unsafe") {
		t.Errorf("policy is open: %s", csp)
	}
	for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "X-Frame-Options": "DENY"} {
		if h.Get(name) != want {
			t.Errorf("%s: got %q", name, h.Get(name))
		}
	}
	if h.Get("Strict-Transport-Security") == "" {
		t.Error("production does not insist on HTTPS")
	}
}

func TestGuard(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	token := func(role models.Role) string {
		res := a.call("POST", "/session/token", []byte(`{"email":"`+a.person(role)+`","password":"`+testPassword+`"}`), typeJSON)
		got, _ := res.json(t)["token"].(string)
		if got == "" {
			t.Fatalf("no token: %s", res.body)
		}
		return "Authorization: Bearer " + got
	}
	reached := func(c *fiber.Ctx) error {
		v, ok := VisitorOf(c.UserContext())
		if !ok {
			return errors.New("no visitor")
		}
		return c.SendString(string(v.Role) + " " + string(v.Scope))
	}
	for _, r := range []Route{
		{get, "/console/t/diary", can(staff.Diary, staff.ToRead), reached, ""},
		{post, "/console/t/diary", can(staff.Diary, staff.ToAct), reached, ""},
		{post, "/t/strict", signedIn(), func(c *fiber.Ctx) error {
			var in struct{ A int }
			if err := readJSON(c, &in); err != nil {
				return err
			}
			return c.SendString("read")
		}, ""},
	} {
		a.app.Add(r.Method, r.Path, a.chain(r)...)
	}
	operator, finance, stylist := token(models.RoleOperator), token(models.RoleFinance), token(models.RoleStylist)
	entry, err := a.Staff.SignIn(t.Context(), staff.Attempt{Email: a.person(models.RoleOperator), Password: testPassword})
	if err != nil {
		t.Fatal(err)
	}
	session := entry.Session
	cookie := "Cookie: " + sessionCookie + "=" + session.ID

	for _, tt := range []struct {
		name, method, path, body string
		headers                  []string
		status                   int
		want                     string
	}{
		{"anonymous page", "GET", "/console/t/diary", "", nil, 303, ""},
		{"anonymous page by HTMX", "GET", "/console/t/diary", "", []string{"HX-Request: true"}, 401, ""},
		{"another spelling of the path", "GET", "/CONSOLE/t/diary", "", []string{finance}, 404, `"code":"not_found"`},
		{"a refused page leads back to the console", "POST", "/console/t/diary", "", []string{"Accept: text/html", cookie}, 403, `href="/console"`},
		{"anonymous JSON", "GET", "/console/t/diary", "", []string{"Accept: application/json"}, 401, `"code":"unauthorized"`},
		{"wrong bearer", "GET", "/console/t/diary", "", []string{"Authorization: Bearer nonsense"}, 401, `"code":"unauthorized"`},
		{"wrong bearer beside a good cookie", "GET", "/console/t/diary", "", []string{"Authorization: Bearer nonsense", cookie}, 401, ""},
		{"role reads", "GET", "/console/t/diary", "", []string{finance}, 200, "finance all"},
		{"own diary", "POST", "/console/t/diary", "", []string{stylist}, 200, "stylist own"},
		{"role may not act", "POST", "/console/t/diary", "", []string{finance}, 403, `"code":"forbidden"`},
		{"role acts, no form token needed", "POST", "/console/t/diary", "", []string{operator}, 200, "operator all"},
		{"admin token", "POST", "/console/t/diary", "", []string{"X-Admin-Token: " + testAdmin}, 200, "machine all"},
		{"wrong admin token", "POST", "/console/t/diary", "", []string{"X-Admin-Token: " + testAdmin + "x"}, 401, ""},
		{"session reads", "GET", "/console/t/diary", "", []string{cookie}, 200, "operator all"},
		{"session without form token", "POST", "/console/t/diary", "", []string{cookie}, 403, ""},
		{"session with wrong form token", "POST", "/console/t/diary", "", []string{cookie, "X-CSRF-Token: x"}, 403, ""},
		{"session with form token", "POST", "/console/t/diary", "", []string{cookie, "X-CSRF-Token: " + session.CSRF}, 200, "operator all"},
		{"form token in the form", "POST", "/console/t/diary", "csrf=" + session.CSRF, []string{cookie, "Content-Type: application/x-www-form-urlencoded"}, 200, "operator all"},
		{"known callers are told of unknown fields", "POST", "/t/strict", `{"a":1,"b":2}`, []string{operator, typeJSON}, 400, `"code":"malformed"`},
		{"known fields", "POST", "/t/strict", `{"a":1}`, []string{operator, typeJSON}, 200, "read"},
		{"other types", "POST", "/t/strict", `a=1`, []string{operator, "Content-Type: text/plain"}, 415, `"code":"unsupported_type"`},
		{"no body, no type", "POST", "/t/strict", ``, []string{operator}, 200, "read"},
		{"too much", "POST", "/t/strict", `{"a":1}` + strings.Repeat(" ", apiBody), []string{operator, typeJSON}, 413, `"code":"too_large"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			res := a.call(tt.method, tt.path, []byte(tt.body), tt.headers...)
			if res.StatusCode != tt.status || !strings.Contains(res.body, tt.want) {
				t.Errorf("got %d %.200s, want %d %s", res.StatusCode, res.body, tt.status, tt.want)
			}
		})
	}
	if to := a.call("GET", "/console/t/diary?day=2026-10-09", nil).Header.Get("Location"); to != "/console/login?next=%2Fconsole%2Ft%2Fdiary%3Fday%3D2026-10-09" {
		t.Errorf("anonymous is sent to %s", to)
	}
}

func TestNoAdminTokenMeansClosed(t *testing.T) {
	t.Parallel()
	a := newApp(t, func(_ *Settings, r *Rooms) {
		closed, err := staff.New(r.DB, r.Redis, r.Clock, nil, staff.WithHash(staff.CheapHash()))
		if err != nil {
			t.Fatal(err)
		}
		r.Staff = closed
	})
	r := Route{get, "/t/machine", signedIn(), func(c *fiber.Ctx) error { return c.SendStatus(http.StatusOK) }, ""}
	a.app.Add(r.Method, r.Path, a.chain(r)...)
	for _, header := range []string{"X-Admin-Token: ", "X-Admin-Token: x", "X-Admin-Token: undefined", "Authorization: Bearer "} {
		if res := a.call("GET", "/t/machine", nil, header); res.StatusCode != 401 {
			t.Errorf("%q: got %d, want 401", header, res.StatusCode)
		}
	}
}

func TestTokensForScripts(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	email := a.person(models.RoleOperator)
	good := `{"email":"` + email + `","password":"` + testPassword + `","code":"","shoe":42}`
	res := a.call("POST", "/session/token", []byte(good), typeJSON)
	if got := res.json(t); res.StatusCode != 200 || got["role"] != "operator" || got["expires_at"] == nil || got["token"] == "" {
		t.Errorf("got %d %s", res.StatusCode, res.body)
	}
	for _, tt := range []struct {
		body   string
		status int
		code   string
	}{
		{`{"email":"` + email + `"}`, 400, "validation"},
		{`{}`, 400, "validation"},
		{`[]`, 400, "malformed"},
		{`{"email":1}`, 400, "malformed"},
		{`{"email":"a"`, 400, "malformed"},
		{`{} {}`, 400, "malformed"},
		{`{"email":"nobody@luma.example","password":"x"}`, 401, "unauthorized"},
		{`{"email":"' OR 1=1 --","password":"' OR 1=1 --"}`, 401, "unauthorized"},
	} {
		if res := a.call("POST", "/session/token", []byte(tt.body), typeJSON); res.StatusCode != tt.status || res.code(t) != tt.code {
			t.Errorf("%s: got %d %s, want %d %s", tt.body, res.StatusCode, res.body, tt.status, tt.code)
		}
	}
	bad := []byte(`{"email":"` + email + `","password":"wrong"}`)
	for i := range 5 {
		if res := a.call("POST", "/session/token", bad, typeJSON); res.StatusCode != 401 {
			t.Errorf("failure %d: got %d, want 401", i+1, res.StatusCode)
		}
	}
	res = a.call("POST", "/session/token", []byte(good), typeJSON)
	if res.StatusCode != 429 || res.Header.Get("Retry-After") == "" {
		t.Errorf("after five failures: got %d, want 429 with Retry-After", res.StatusCode)
	}
	if strings.Contains(a.logs.String(), email) || strings.Contains(a.logs.String(), "horse") {
		t.Error("the log tells who signed in")
	}
}
