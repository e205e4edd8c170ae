package browser

import (
	"strings"
	"time"

	"github.com/pquerna/otp/totp"

	"frontdesk/e2e/harness"
)

const signOut = `form[action="/console/logout"] button`

// secondFactor: a person sets up an authenticator app, signs in with its code, and without it by a
// recovery code, which works once.
func secondFactor(s stage) {
	role := words{"en": "pm_2", "ar": "admin"}[s.lang] // in no other journey: both are asked for the factor from now on
	desk := s.desk(role)
	s.open(desk, "/console/account")
	desk.Follow(`a[href="/console/account/factors/new"]`)
	s.picture(desk, "factor-1-enrol")
	secret := strings.Join(strings.Fields(desk.Text(".access-secret")), "")
	desk.Fill("#code", codeOf(s, secret, time.Now()))
	desk.Follow("form:has(#code) button[type=submit]")
	codes := strings.Fields(desk.Text(".access-codes"))
	if len(codes) != 10 {
		s.Fatalf("%d recovery codes, want 10: %q", len(codes), codes)
	}
	s.picture(desk, "factor-2-codes")

	// The step of the first code is used up; the next one is taken already.
	signInAgain(s, desk, role)
	s.picture(desk, "factor-3-asked")
	desk.Fill("#code", codeOf(s, secret, time.Now().Add(30*time.Second)))
	desk.Click("form:has(#code) button[type=submit]")
	inToday(s, desk)

	signInAgain(s, desk, role)
	recover(desk, codes[0])
	inToday(s, desk)

	signInAgain(s, desk, role)
	recover(desk, codes[0])
	desk.FocusOn(".error-summary")
	desk.Path("/console/login/factor")
	recover(desk, codes[1])
	inToday(s, desk)
}

// passkey: a device makes a key and opens the console with it.
func passkey(s stage) {
	desk := s.tab()
	desk.Authenticator()
	desk.SignIn(s.app, "privacy")
	s.open(desk, "/console/account")
	desk.Follow(`a[href="/console/account/factors/new"]`)
	desk.Follow("form[data-passkey=create] button[type=submit]")
	desk.Sees(".access-codes", "")
	desk.Follow(".access a.primary")
	desk.Sees("#content", "Passkey")
	s.picture(desk, "passkey-1-kept")

	signInAgain(s, desk, "privacy")
	desk.Click("form[data-passkey=get] button[type=submit]")
	inToday(s, desk)
	s.picture(desk, "passkey-2-inside")
}

// signInAgain signs out, and in again as far as the second factor.
func signInAgain(s stage, desk *harness.Page, role string) {
	s.Helper()
	s.open(desk, "/console")
	desk.Follow(signOut)
	desk.Login(s.app, role)
	desk.Path("/console/login/factor")
}

// recover shows a recovery code instead of the second factor.
func recover(desk *harness.Page, code string) {
	desk.Click("details:has(#recovery-code) summary")
	desk.Fill("#recovery-code", code)
	desk.Follow("form:has(#recovery-code) button[type=submit]")
}

func inToday(s stage, desk *harness.Page) {
	s.Helper()
	desk.Inside()
	desk.Path("/console")
	desk.Sees("#content h1", "")
}

func codeOf(s stage, secret string, at time.Time) string {
	s.Helper()
	code, err := totp.GenerateCode(secret, at)
	if err != nil {
		s.Fatalf("compute a code of %q: %v", secret, err)
	}
	return code
}
