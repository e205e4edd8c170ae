package staff

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"frontdesk/internal/fault"
	"frontdesk/models"
)

// fieldOf is what a refused form says about a field.
func fieldOf(err error, field string) string {
	var f *fault.Fault
	if errors.As(err, &f) {
		return f.Fields[field]
	}
	return ""
}

// admin makes an active admin.
func (h *house) admin(email string) Principal {
	h.t.Helper()
	h.must(h.SeedDemo(context.Background(), []Login{{Email: email, Password: password, Name: "Nadia", Role: models.RoleAdmin}}))
	p, known, err := h.account(context.Background(), email)
	h.must(err)
	if !known {
		h.t.Fatal("no admin")
	}
	return p
}

// olga is the operator every house has.
func (h *house) olga() Principal {
	h.t.Helper()
	p, known, err := h.account(context.Background(), email)
	h.must(err)
	if !known {
		h.t.Fatal("no Olga")
	}
	return p
}

func (h *house) opens(s Session) bool {
	h.t.Helper()
	_, _, ok, err := h.Session(context.Background(), s.ID)
	h.must(err)
	return ok
}

// code is what an app shows some steps from now.
func (h *house) code(secret string, steps int) string {
	h.t.Helper()
	code, err := totp.GenerateCode(secret, h.clock.Machine().Add(time.Duration(steps)*totpPeriod*time.Second))
	h.must(err)
	return code
}

// withApp enrols an app for whoever is signed in, with the code of the step before.
func (h *house) withApp(p Principal, s Session) (secret string, codes []string, next Session) {
	h.t.Helper()
	offer, err := h.OfferTOTP(Holder{Principal: p, ID: s.ID})
	h.must(err)
	done, err := h.AddFactor(context.Background(), p, s, NewFactor{Name: "Phone", Offer: offer.Sealed, Code: h.code(offer.Secret, -1)})
	h.must(err)
	return offer.Secret, done.RecoveryCodes, done.Session
}

func TestASVS_6_2_PasswordsAreJudged(t *testing.T) {
	t.Parallel()
	h := newHouse(t, WithSalon("Luma"))
	person := models.Staff{Name: "Salma Haddad", Email: "salma.h@luma.example"}
	for _, tt := range []struct{ asvs, password, want string }{
		{"6.2.1 eight characters are needed", "kxv9#wq", "staff.password_short"},
		{"6.2.1 eight are enough", "kxv9#wqz", ""},
		{"6.2.4 common ones are refused", "password1", "staff.password_leaked"},
		{"6.2.4 however they are written", "PassWord1", "staff.password_leaked"},
		{"6.2.5 no rule of composition", "wolkenbruchlampe", ""},
		{"6.2.8 any characters count as typed", "كلمة سر 🌿 larga", ""},
		{"6.2.9 64 characters are taken", strings.Repeat("kvx ", 16), ""},
		{"6.2.9 128 too", strings.Repeat("kvxq", 32), ""},
		{"6.2.9 more are refused, not cut", strings.Repeat("kvxq", 33), "staff.password_long"},
		{"6.2.11 words of the salon", "Luma2026!", "staff.password_obvious"},
		{"6.2.11 words of the product", "frontdesk-1", "staff.password_obvious"},
		{"6.2.11 one's own name", "haddad.99", "staff.password_obvious"},
		{"6.2.11 among others of one's own they may stand", "luma and three owls", ""},
	} {
		got, err := h.weakness(tt.password, person)
		h.must(err)
		if got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.asvs, got, tt.want)
		}
	}
	list, err := h.leaked()
	h.must(err)
	if len(list) < 3000 {
		t.Errorf("6.2.12: the list holds %d passwords", len(list))
	}
}

func TestASVS_6_2_2_and_6_2_3_PeopleChangeTheirPassword(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := context.Background()
	here, p := h.in(Attempt{Email: email, Password: password})
	elsewhere, _ := h.in(Attempt{Email: email, Password: password})
	if err := h.ChangePassword(ctx, p, here, "not it", "three owls at dawn"); fieldOf(err, "current_password") != "staff.wrong_password" {
		t.Errorf("without the current password: got %v", err)
	}
	if err := h.ChangePassword(ctx, p, here, password, "short"); fieldOf(err, "password") != "staff.password_short" {
		t.Errorf("too short: got %v", err)
	}
	h.must(h.ChangePassword(ctx, p, here, password, "three owls at dawn"))
	if !h.opens(here) {
		t.Error("the session that changed it ended")
	}
	if h.opens(elsewhere) {
		t.Error("7.4.3: another session goes on")
	}
	if err := h.try(password, ""); !fault.Is(err, "staff.wrong_login") {
		t.Errorf("the old password: got %v", err)
	}
	h.in(Attempt{Email: email, Password: "three owls at dawn"})
	if err := h.ChangePassword(ctx, p, here, password, "four owls at dawn"); err == nil {
		t.Error("a change made with a stale account went through")
	}
}

// 6.2.10: passwords do not expire, so nothing asks an old account for a new one.
func TestASVS_6_2_10_PasswordsDoNotExpire(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.must(h.db.On(context.Background()).Exec("UPDATE staff SET created_at = now() - interval '9 years', updated_at = now() - interval '9 years'").Error)
	h.in(Attempt{Email: email, Password: password})
}

func TestASVS_6_3_3_WhoHasAFactorIsAskedForIt(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := context.Background()
	s, p := h.in(Attempt{Email: email, Password: password})
	secret, codes, s2 := h.withApp(p, s)
	if h.opens(s) || !h.opens(s2) || s2.CSRF != s.CSRF {
		t.Error("7.2.4: the session must go on under a fresh id, its forms stay good")
	}
	if len(codes) != recoveryCodes {
		t.Fatalf("got %d recovery codes", len(codes))
	}
	entry, err := h.SignIn(ctx, Attempt{Email: email, Password: password})
	h.must(err)
	if entry.Session.ID != "" || !entry.Pending.Has(models.FactorTOTP) {
		t.Fatal("the password alone opened a session")
	}
	if h.opens(Session{ID: entry.Pending.ID}) {
		t.Fatal("a pending sign-in is taken for a session")
	}
	if _, err := h.Prove(ctx, entry.Pending.ID, Evidence{Password: password}); !fault.Is(err, "staff.wrong_proof") {
		t.Errorf("the password again: got %v", err)
	}
	in, err := h.Prove(ctx, entry.Pending.ID, Evidence{Code: h.code(secret, 0)})
	h.must(err)
	if !h.opens(in.Session) || in.Session.ProvedBy != ByTOTP {
		t.Errorf("after the code: %+v", in.Session)
	}
	if _, err := h.Prove(ctx, entry.Pending.ID, Evidence{Code: codes[0]}); !fault.Is(err, "staff.sign_in_again") {
		t.Errorf("a sign-in was used twice: %v", err)
	}
}

// 6.5.1: a code is good once, whoever of many comes first.
func TestASVS_6_5_1_CodesAreGoodOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := context.Background()
	s, p := h.in(Attempt{Email: email, Password: password})
	secret, codes, _ := h.withApp(p, s)
	for _, what := range []struct {
		name string
		try  func() error
	}{
		{"code of an app", func() error { return h.useTOTP(ctx, p.Staff.ID, h.code(secret, 0)) }},
		{"recovery code", func() error { return h.useRecoveryCode(ctx, p, plainCode(codes[0])) }},
	} {
		var mu sync.Mutex
		var wg sync.WaitGroup
		good := 0
		for range 12 {
			wg.Go(func() {
				if err := what.try(); err == nil {
					mu.Lock()
					good++
					mu.Unlock()
				} else if !errors.Is(err, errNoProof) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if good != 1 {
			t.Errorf("%s: taken %d times", what.name, good)
		}
	}
	if err := h.useTOTP(ctx, p.Staff.ID, h.code(secret, -1)); !errors.Is(err, errNoProof) {
		t.Errorf("the code it was enrolled with is taken again: %v", err)
	}
	left, err := h.RecoveryCodesLeft(ctx, p.Staff.ID)
	h.must(err)
	if left != recoveryCodes-1 {
		t.Errorf("recovery codes left: %d", left)
	}
	fresh, err := h.NewRecoveryCodes(ctx, p)
	h.must(err)
	if err := h.useRecoveryCode(ctx, p, plainCode(codes[1])); !errors.Is(err, errNoProof) {
		t.Error("a code of an earlier list is taken")
	}
	h.must(h.useRecoveryCode(ctx, p, plainCode(strings.ToUpper(strings.ReplaceAll(fresh[0], "-", " ")))))
}

// 6.5.5: a code lives for its step and one on either side, no longer.
func TestASVS_6_5_5_CodesDoNotLiveLong(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	secret := "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
	for steps, want := range map[int]bool{-3: false, 0: true, 3: false} {
		if _, ok, err := h.stepOf(secret, h.code(secret, steps)); err != nil || ok != want {
			t.Errorf("%d steps away: got %v, %v", steps, ok, err)
		}
	}
}

func TestSecretsOfAppsAreSealed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := context.Background()
	s, p := h.in(Attempt{Email: email, Password: password})
	secret, codes, _ := h.withApp(p, s)
	var dump string
	h.must(h.db.On(ctx).Raw("SELECT string_agg(f::text, ' ') FROM factors f").Scan(&dump).Error)
	if strings.Contains(dump, secret) {
		t.Error("the secret of an app is kept in clear")
	}
	h.must(h.db.On(ctx).Raw("SELECT string_agg(c::text, ' ') FROM recovery_codes c").Scan(&dump).Error)
	if strings.Contains(dump, plainCode(codes[0])) {
		t.Error("a recovery code is kept in clear")
	}
	// A sealed secret moved to another person's row opens nothing.
	h.must(h.db.On(ctx).Exec("UPDATE factors SET id = ?", models.NewID()).Error)
	if err := h.useTOTP(ctx, p.Staff.ID, h.code(secret, 0)); err == nil || errors.Is(err, errNoProof) {
		t.Errorf("a moved seal: got %v", err)
	}
}

func TestAnOfferIsForWhoItWasMadeFor(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s, p := h.in(Attempt{Email: email, Password: password})
	offer, err := h.OfferTOTP(Holder{Principal: p, ID: s.ID})
	h.must(err)
	if _, err := h.OpenOffer(Holder{Principal: p, ID: "another session"}, offer.Sealed); !fault.Is(err, "staff.offer_expired") {
		t.Errorf("in another session: got %v", err)
	}
	if _, err := h.AddFactor(context.Background(), p, s, NewFactor{Name: "Phone", Offer: offer.Sealed, Code: "000000"}); err == nil {
		t.Error("a factor was enrolled without its code")
	}
}

// 6.3.1: guesses at a second factor are limited per account, as those at a password are.
func TestASVS_6_3_1_ProofsAreLimited(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := context.Background()
	s, p := h.in(Attempt{Email: email, Password: password})
	secret, _, s := h.withApp(p, s)
	entry, err := h.SignIn(ctx, Attempt{Email: email, Password: password})
	h.must(err)
	for i := range 5 {
		if _, err := h.Prove(ctx, entry.Pending.ID, Evidence{Code: "12345x"}); !fault.Is(err, "staff.wrong_proof") {
			t.Fatalf("guess %d: %v", i, err)
		}
	}
	if _, err := h.Prove(ctx, entry.Pending.ID, Evidence{Code: h.code(secret, 0)}); kindOf(err) != fault.KindTooMany {
		t.Errorf("sixth guess: got %v", err)
	}
	if _, err := h.StepUp(ctx, p, s, Evidence{Code: h.code(secret, 0)}); kindOf(err) != fault.KindTooMany {
		t.Errorf("by another way: got %v", err)
	}
	if got := h.audited("proof.refused"); got != 5 {
		t.Errorf("audited refusals: %d", got)
	}
}

func TestSensitiveRolesMustEnrol(t *testing.T) {
	t.Parallel()
	h := newHouse(t, WithFactorsRequired(true))
	ctx := context.Background()
	h.in(Attempt{Email: email, Password: password}) // an operator needs none
	admin := h.admin("nadia@luma.example")
	if _, _, err := h.IssueToken(ctx, Attempt{Email: "nadia@luma.example", Password: password}); !fault.Is(err, "staff.factor_required") {
		t.Errorf("token without a factor: got %v", err)
	}
	entry, err := h.SignIn(ctx, Attempt{Email: "nadia@luma.example", Password: password})
	h.must(err)
	if entry.Session.ID != "" || !entry.Pending.MustEnrol() {
		t.Fatal("an admin came in without a second factor")
	}
	offer, err := h.OfferTOTP(Holder{Principal: admin, ID: entry.Pending.ID})
	h.must(err)
	done, err := h.EnrolPending(ctx, entry.Pending.ID, NewFactor{Name: "Phone", Offer: offer.Sealed, Code: h.code(offer.Secret, -1)})
	h.must(err)
	if !h.opens(done.Session) || len(done.RecoveryCodes) != recoveryCodes {
		t.Error("enrolled, and not let in")
	}
	factors, err := h.Factors(ctx, admin.Staff.ID)
	h.must(err)
	if err := h.RemoveFactor(ctx, admin, done.Session, factors[0].ID); !fault.Is(err, "staff.last_factor") {
		t.Errorf("removing the last one: got %v", err)
	}
	// Who has a factor cannot be let in by enrolling another.
	again, err := h.SignIn(ctx, Attempt{Email: "nadia@luma.example", Password: password})
	h.must(err)
	offer, err = h.OfferTOTP(Holder{Principal: admin, ID: again.Pending.ID})
	h.must(err)
	if _, err := h.EnrolPending(ctx, again.Pending.ID, NewFactor{Name: "x", Offer: offer.Sealed, Code: h.code(offer.Secret, 0)}); !fault.Is(err, "staff.sign_in_again") {
		t.Errorf("a second factor beside the first: got %v", err)
	}
}

// A session that was opened by password alone ends when the role needs more.
func TestAPasswordSessionOfASensitiveRoleIsDead(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.admin("nadia@luma.example")
	s, _ := h.in(Attempt{Email: "nadia@luma.example", Password: password})
	h.factorsRequired = true
	if h.opens(s) {
		t.Error("it goes on")
	}
}

func TestTheLogNamesNobody(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := context.Background()
	admin := h.admin("nadia@luma.example")
	s, p := h.in(Attempt{Email: email, Password: password, Address: "192.0.2.1"})
	secret, codes, _ := h.withApp(p, s)
	h.must(h.SetOwn(ctx, p, Details{Name: "Olga Petrovna", Phone: "+34 600 123 456", Language: models.Spanish}))
	link, err := h.Invite(ctx, admin, Invitee{Email: "new@luma.example", Name: "Nina Newly", Role: models.RolePM, Language: models.English})
	h.must(err)
	var rows []models.AuditEntry
	h.must(h.db.On(ctx).Find(&rows).Error)
	dump, err := json.Marshal(rows)
	h.must(err)
	for _, word := range []string{"@", "Olga", "Nina", "600123456", "192.0.2", secret, codes[0], link.Token} {
		if strings.Contains(string(dump), word) {
			t.Errorf("the log says %q", word)
		}
	}
}
