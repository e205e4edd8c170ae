package handlers

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"frontdesk/internal/staff"
	"frontdesk/models"
)

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
	admin.shows(200, "enable the account again")
	admin.post(path, "reason", "")
	admin.shows(422)
	admin.post(path, "reason", "has left")
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
	got := s.call("POST", path+"/disable", []byte(`{"reason":"test"}`), typeJSON, "X-Admin-Token: "+testAdmin)
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
