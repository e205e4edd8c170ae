package handlers

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"frontdesk/internal/staff"
	"frontdesk/models"
)

// tab is a browser tab that keeps its cookies and posts the forms it is shown.
type tab struct {
	*salon
	cookies map[string]string
	page    answer
}

func (s *salon) tab() *tab { return &tab{salon: s, cookies: map[string]string{}} }

func (b *tab) send(method, path string, body []byte, headers ...string) {
	b.t.Helper()
	var jar []string
	for name, value := range b.cookies {
		jar = append(jar, name+"="+value)
	}
	b.page = b.call(method, path, body, append(headers, "Cookie: "+strings.Join(jar, "; "), "Accept: text/html")...)
	for _, c := range b.page.Cookies() {
		if b.cookies[c.Name] = c.Value; c.Value == "" {
			delete(b.cookies, c.Name)
		}
	}
}

func (b *tab) get(path string) { b.t.Helper(); b.send("GET", path, nil) }

// hidden is a hidden field of the page's forms.
func (b *tab) hidden(name string) string {
	value, _ := b.page.doc(b.t).Find("input[name=" + name + "]").Attr("value")
	return value
}

// post sends the form of the page it is shown, filled in.
func (b *tab) post(path string, fields ...string) {
	b.t.Helper()
	form := url.Values{"csrf": {b.hidden("csrf")}}
	for _, name := range []string{"next", "offer", "version"} {
		if value := b.hidden(name); value != "" {
			form.Set(name, value)
		}
	}
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	b.send("POST", path, []byte(form.Encode()), typeForm)
}

func (b *tab) password(email, password string) {
	b.t.Helper()
	b.get("/console/login")
	b.post("/console/login", "email", email, "password", password)
}

// leads checks where the answer sends the browser.
func (b *tab) leads(to string) {
	b.t.Helper()
	if got := b.page.Header.Get("Location"); b.page.StatusCode != 303 || !strings.HasPrefix(got, to) {
		b.t.Fatalf("got %d to %q, want %q: %.300s", b.page.StatusCode, got, to, b.page.body)
	}
}

func (b *tab) shows(status int, words ...string) {
	b.t.Helper()
	if b.page.StatusCode != status {
		b.t.Fatalf("got %d, want %d: %.500s", b.page.StatusCode, status, b.page.body)
	}
	for _, word := range words {
		if !strings.Contains(b.page.body, word) {
			b.t.Errorf("the page lacks %q", word)
		}
	}
}

// code is what the app on the page shows some steps from now.
func (b *tab) code(secret string, steps int) string {
	b.t.Helper()
	code, err := totp.GenerateCode(strings.ReplaceAll(secret, " ", ""), time.Now().Add(time.Duration(steps)*30*time.Second))
	b.must(err)
	return code
}

// enrol sets up the app that the page offers, with the code of the step before.
func (b *tab) enrol(path string) (secret string, codes []string) {
	b.t.Helper()
	secret = b.page.doc(b.t).Find(".access-secret").Text()
	b.post(path, "name", "Phone", "code", b.code(secret, -1))
	b.shows(200)
	for _, node := range b.page.doc(b.t).Find(".access-codes li").EachIter() {
		codes = append(codes, strings.TrimSpace(node.Text()))
	}
	if len(codes) != 10 {
		b.t.Fatalf("shown %d recovery codes", len(codes))
	}
	return secret, codes
}

// strict is a salon whose sensitive roles need a second factor.
func strict(t *testing.T) *salon {
	t.Helper()
	return newSalon(t, func(_ *Settings, r *Rooms) {
		var err error
		r.Staff, err = staff.New(r.DB, r.Redis, r.Clock, r.Audit, staff.WithHash(staff.CheapHash()), staff.WithAdminToken(testAdmin), staff.WithFactorsRequired(true))
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestSignInWithASecondFactor(t *testing.T) {
	t.Parallel()
	b := newSalon(t).tab()
	email := b.people[models.RolePM]
	b.password(email, testPassword)
	b.leads("/console")
	b.get("/console/account/factors/new")
	secret, codes := b.enrol("/console/account/factors/new")

	in := b.tab()
	in.password(email, testPassword)
	in.leads("/console/login/factor")
	in.get("/console")
	in.leads("/console/login") // half the way is not in
	in.get("/console/login/factor?next=/console/diary")
	in.shows(200)
	in.post("/console/login/factor", "code", "000000")
	in.shows(401, "data-focus")
	in.post("/console/login/factor", "code", in.code(secret, 0))
	in.leads("/console/diary")
	in.get("/console/account")
	in.shows(200, "Phone")

	for i, want := range []int{303, 401} { // a recovery code is good once
		again := b.tab()
		again.password(email, testPassword)
		again.get("/console/login/factor")
		again.post("/console/login/factor", "code", codes[0])
		if again.page.StatusCode != want {
			t.Errorf("use %d of a recovery code: got %d, want %d", i+1, again.page.StatusCode, want)
		}
	}
}

func TestASensitiveRoleMustEnrol(t *testing.T) {
	t.Parallel()
	b := strict(t).tab()
	b.password(b.people[models.RoleFinance], testPassword)
	b.leads("/console/login/factor")
	b.get("/console/login/factor")
	b.leads("/console/login/enrol")
	for _, path := range []string{"/console", "/console/account", "/console/confirm", "/console/account/factors/new"} {
		b.get(path)
		b.leads("/console/login")
	}
	b.get("/console/login/enrol?next=/console/diary")
	b.post("/console/login/enrol", "name", "Phone", "code", "000000")
	b.shows(422)
	b.enrol("/console/login/enrol")
	b.get("/console")
	b.shows(200)
}

func TestSensitiveActsAskFirst(t *testing.T) {
	t.Parallel()
	b := newSalon(t).tab()
	b.password(b.people[models.RoleAdmin], testPassword)
	b.get("/console/people/invite")
	b.shows(200)
	b.grow(6 * time.Minute)
	b.get("/console/people/invite")
	b.leads("/console/confirm?next=%2Fconsole%2Fpeople%2Finvite")
	b.send("GET", "/console/people/invite", nil, "HX-Request: true")
	if b.page.StatusCode != 403 || !strings.HasPrefix(b.page.Header.Get("HX-Redirect"), "/console/confirm?next=") {
		t.Errorf("to a script: got %d, %q", b.page.StatusCode, b.page.Header.Get("HX-Redirect"))
	}
	b.get("/console/confirm?next=/console/people/invite")
	b.post("/console/confirm", "password", "not it")
	b.shows(401, "data-focus")
	old := b.cookies[sessionCookie]
	b.post("/console/confirm", "password", testPassword)
	b.leads("/console/people/invite")
	if b.cookies[sessionCookie] == old {
		t.Error("the session kept its id")
	}
	b.get("/console/people/invite")
	b.shows(200)

	token, _, err := b.Staff.IssueToken(t.Context(), attemptOf(b.people[models.RoleAdmin]))
	b.must(err)
	got := b.call("GET", "/console/people/invite", nil, "Authorization: Bearer "+token.Value)
	if got.StatusCode != 403 || got.code(t) != "step_up_required" {
		t.Errorf("by a person's token: got %d %s", got.StatusCode, got.code(t))
	}
	if got := b.call("GET", "/console/people/invite", nil, "X-Admin-Token: "+testAdmin, "Accept: text/html"); got.StatusCode != 200 {
		t.Errorf("by the machine: got %d", got.StatusCode)
	}
}

// grow makes every proof older than it is.
func (b *tab) grow(by time.Duration) {
	b.t.Helper()
	ctx := b.t.Context()
	keys, err := b.Redis.Client.Do(ctx, b.Redis.Client.B().Keys().Pattern(b.Redis.Key("session:*")).Build()).AsStrSlice()
	b.must(err)
	name := strings.TrimSuffix(b.Redis.Key("x"), "x")
	for _, key := range keys {
		raw, err := b.Redis.Get(ctx, strings.TrimPrefix(key, name))
		b.must(err)
		b.must(b.Redis.Set(ctx, strings.TrimPrefix(key, name), older(b.t, raw, by), time.Hour))
	}
}

func TestInvitationEndToEnd(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	admin := s.tab()
	admin.password(s.people[models.RoleAdmin], testPassword)
	admin.get("/console/people/invite")
	admin.post("/console/people/invite", "email", "nonsense", "name", "Nina", "role", "pm", "language", "en", "stylist", "")
	admin.shows(422, "nonsense")
	admin.post("/console/people/invite", "email", "nina@luma.example", "name", "Nina", "role", "pm", "language", "en", "stylist", "")
	admin.shows(200)
	_, link, _ := strings.Cut(admin.page.doc(t).Find(".access-link code").Text(), "http://localhost:8080")

	nina := s.tab()
	nina.get(link)
	nina.shows(200, "nina@luma.example", `autocomplete="new-password"`)
	nina.post(link, "name", "Nina", "password", "password1")
	nina.shows(422, "leaks")
	nina.post(link, "name", "Nina", "password", "three owls at dawn", "csrf", "forged")
	nina.shows(403)
	nina.get(link)
	nina.post(link, "name", "Nina", "password", "three owls at dawn")
	nina.shows(200, "nina@luma.example")
	nina.post("/console/login", "email", "nina@luma.example", "password", "three owls at dawn")
	nina.leads("/console")
	nina.get(link)
	nina.shows(404)

	person, err := s.Staff.Names(t.Context(), nil)
	if err != nil || len(person) != 0 {
		t.Errorf("names of nobody: %v, %v", person, err)
	}
}

func TestADisabledPersonsOpenTab(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	admin, pm := s.tab(), s.tab()
	admin.password(s.people[models.RoleAdmin], testPassword)
	pm.password(s.people[models.RolePM], testPassword)
	pm.get("/console/diary")
	pm.shows(200)
	var row models.Staff
	s.must(s.DB.On(t.Context()).Where("email = ?", s.people[models.RolePM]).Take(&row).Error)
	path := "/console/people/" + row.ID.String() + "/disable"
	admin.get(path)
	admin.post(path, "reason", "has left", "phrase", "somebody else")
	admin.shows(422)
	admin.post(path, "reason", "has left", "phrase", row.Email)
	admin.leads("/console/people/" + row.ID.String())
	pm.get("/console/diary")
	pm.leads("/console/login")
	admin.get("/console/people/" + row.ID.String())
	admin.shows(200, "has left")
}

func TestTheLastAdminIsToldWhy(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	admin := s.tab()
	admin.password(s.people[models.RoleAdmin], testPassword)
	var row models.Staff
	s.must(s.DB.On(t.Context()).Where("email = ?", s.people[models.RoleAdmin]).Take(&row).Error)
	path := "/console/people/" + row.ID.String()
	admin.get(path + "/edit")
	admin.post(path+"/edit", "name", row.Name, "role", "pm", "stylist", "")
	admin.shows(422, "own account")
	got := s.call("POST", path+"/disable", []byte(`{"reason":"test","phrase":"`+row.Email+`"}`), typeJSON, "X-Admin-Token: "+testAdmin)
	if got.StatusCode != 400 && got.StatusCode != 409 || !strings.Contains(got.body, "at least one active admin") {
		t.Errorf("by the machine: got %d %s", got.StatusCode, got.body)
	}
	admin.get(path)
	admin.shows(200)
}

// Saving over somebody else's change is refused, with what stands there now; saving again is a decision.
func TestTwoAdminsEditOnePerson(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	one, two := s.tab(), s.tab()
	one.password(s.people[models.RoleAdmin], testPassword)
	two.password(s.people[models.RoleAdmin], testPassword)
	var row models.Staff
	s.must(s.DB.On(t.Context()).Where("email = ?", s.people[models.RoleOperator]).Take(&row).Error)
	path := "/console/people/" + row.ID.String() + "/edit"
	one.get(path)
	two.get(path)
	one.post(path, "name", "Olga One", "role", "operator", "stylist", "")
	one.leads("/console/people/")
	two.post(path, "name", "Olga Two", "role", "operator", "stylist", "")
	two.shows(422, "Olga One", "Olga Two")
	two.post(path, "name", "Olga Two", "role", "operator", "stylist", "")
	two.leads("/console/people/")
}

// A session id that somebody planted before the sign-in opens nothing afterwards, and a signed-in
// browser that signs in again leaves nothing behind.
func TestASessionIDIsNeverTakenFromOutside(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	b := s.tab()
	b.cookies[sessionCookie] = "planted"
	b.password(s.people[models.RolePM], testPassword)
	b.leads("/console")
	first := b.cookies[sessionCookie]
	if first == "planted" {
		t.Fatal("the planted id was kept")
	}
	other := s.tab()
	other.cookies[sessionCookie] = "planted"
	other.get("/console")
	other.leads("/console/login")
	b.get("/console/login")
	b.leads("/console") // who is in goes on
	delete(b.cookies, sessionCookie)
	b.get("/console/login")
	b.cookies[sessionCookie] = first
	b.post("/console/login", "email", s.people[models.RolePM], "password", testPassword)
	other.cookies[sessionCookie] = first
	other.get("/console")
	other.leads("/console/login")
}

func TestOwnSessionsAndTokens(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	here, there := s.tab(), s.tab()
	here.password(s.people[models.RolePM], testPassword)
	there.password(s.people[models.RolePM], testPassword)
	here.get("/console/account/sessions/end-others")
	here.post("/console/account/sessions/end-others")
	here.leads("/console/account")
	there.get("/console")
	there.leads("/console/login")
	here.get("/console/account/tokens/new")
	here.post("/console/account/tokens/new", "name", "Export", "days", "91")
	here.shows(422)
	here.post("/console/account/tokens/new", "name", "Export", "days", "٣٠")
	here.shows(200)
	token := here.page.doc(t).Find(".access-link code").Text()
	if got := s.call("GET", "/console/diary", nil, "Authorization: Bearer "+token); got.StatusCode != 200 {
		t.Errorf("the token: got %d", got.StatusCode)
	}
	here.get("/console/account")
	here.shows(200, "Export")
	if strings.Contains(here.page.body, token) {
		t.Error("the token is shown again")
	}
}

func TestScriptsSendTheirCodeAlong(t *testing.T) {
	t.Parallel()
	b := newSalon(t).tab()
	email := b.people[models.RolePM]
	b.password(email, testPassword)
	b.get("/console/account/factors/new")
	_, codes := b.enrol("/console/account/factors/new")
	for body, want := range map[string]int{
		`{"email":"` + email + `","password":"` + testPassword + `"}`:                           401,
		`{"email":"` + email + `","password":"` + testPassword + `","code":"` + codes[3] + `"}`: 200,
	} {
		if got := b.call("POST", "/session/token", []byte(body), typeJSON); got.StatusCode != want {
			t.Errorf("got %d, want %d", got.StatusCode, want)
		}
	}
}

// older is a stored session whose proof was given earlier.
func older(t *testing.T, raw []byte, by time.Duration) []byte {
	t.Helper()
	var s map[string]any
	if err := json.Unmarshal(raw, &s); err != nil {
		t.Fatal(err)
	}
	at, err := time.Parse(time.RFC3339Nano, s["proved"].(string))
	if err != nil {
		t.Fatal(err)
	}
	s["proved"] = at.Add(-by)
	out, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
