package staff

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"frontdesk/internal/audit"
	"frontdesk/internal/clock"
	"frontdesk/internal/database"
	"frontdesk/internal/fault"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/testkit"
	"frontdesk/models"
)

const (
	password = "correct horse battery"
	email    = "olga@luma.example"
)

type house struct {
	*Roster
	t     *testing.T
	db    *database.DB
	redis *redisstore.Store
}

func newHouse(t *testing.T, opts ...Option) *house {
	t.Helper()
	c, _ := clock.Fixed(time.Date(2026, 10, 6, 8, 0, 0, 0, time.UTC))
	db, redis := testkit.DB(t, c), testkit.Redis(t)
	r, err := New(db, redis, c, audit.New(db, c), append([]Option{WithHash(CheapHash()), WithAdminToken("the-admin-token")}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	h := &house{r, t, db, redis}
	h.must(r.SeedDemo(context.Background(), []Login{{Email: email, Password: password, Name: "Olga", Role: models.RoleOperator}}))
	return h
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// in signs in where the password is enough.
func (h *house) in(a Attempt) (Session, Principal) {
	h.t.Helper()
	entry, err := h.SignIn(context.Background(), a)
	h.must(err)
	if entry.Session.ID == "" {
		h.t.Fatal("the password alone opened nothing")
	}
	return entry.Session, entry.Principal
}

func (h *house) try(password, address string) error {
	_, err := h.SignIn(context.Background(), Attempt{Email: email, Password: password, Address: address})
	return err
}

func (h *house) audited(action string) int64 {
	h.t.Helper()
	var n int64
	h.must(h.db.On(context.Background()).Table("audit_log").Where("action = ?", action).Count(&n).Error)
	return n
}

func kindOf(err error) fault.Kind {
	var f *fault.Fault
	if errors.As(err, &f) {
		return f.Kind
	}
	return ""
}

func TestSignIn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := context.Background()
	first, p := h.in(Attempt{Email: "  OLGA@luma.example ", Password: password, Address: "192.0.2.1"})
	if p.Role != models.RoleOperator || p.Actor() != "staff:"+p.Staff.ID.String() {
		t.Errorf("got %s, %s", p.Role, p.Actor())
	}
	second, _ := h.in(Attempt{Email: email, Password: password, Address: "192.0.2.1"})
	if first.ID == second.ID || first.CSRF == second.CSRF || first.ID == first.CSRF || len(first.ID) < 43 {
		t.Error("ids must be fresh and long")
	}
	got, who, ok, err := h.Session(ctx, first.ID)
	h.must(err)
	if !ok || got.CSRF != first.CSRF || who.Staff.Email != email {
		t.Errorf("session: got %v, %q", ok, who.Staff.Email)
	}
	h.must(h.SignOut(ctx, first.ID, p))
	if _, _, ok, _ := h.Session(ctx, first.ID); ok {
		t.Error("a closed session still opens")
	}
	if _, _, ok, _ := h.Session(ctx, second.ID); !ok {
		t.Error("closing one session closed another")
	}
	if got, want := h.audited("session.opened"), int64(2); got != want {
		t.Errorf("audited openings: got %d, want %d", got, want)
	}
	if got, want := h.audited("session.closed"), int64(1); got != want {
		t.Errorf("audited closings: got %d, want %d", got, want)
	}
}

func TestRefusalsLookAlike(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := context.Background()
	h.must(h.SeedDemo(ctx, []Login{{Email: "gone@luma.example", Password: password, Name: "Gone", Role: models.RolePM}}))
	h.must(h.db.On(ctx).Exec("UPDATE staff SET disabled_at = now() WHERE email = 'gone@luma.example'").Error)
	for i, a := range []Attempt{
		{Email: email, Password: "wrong"},
		{Email: "nobody@luma.example", Password: password},
		{Email: "gone@luma.example", Password: password},
		{Email: email, Password: strings.Repeat("x", 100_000)},
		{Email: strings.Repeat("x", 100_000), Password: password},
		{Email: "' OR 1=1 --", Password: "' OR 1=1 --"},
		{Email: email + "\x00", Password: password + "\x00"},
		{Email: email + "\xff", Password: "\xff"},
		{},
	} {
		_, err := h.SignIn(ctx, a)
		if !fault.Is(err, "staff.wrong_login") || kindOf(err) != fault.KindUnauthorized {
			t.Errorf("attempt %d: got %v", i, err)
		}
	}
	var detail string
	h.must(h.db.On(ctx).Raw("SELECT string_agg(actor || subject_id || detail::text, ' ') FROM audit_log").Scan(&detail).Error)
	if strings.Contains(detail, "@") || strings.Contains(detail, "OR 1=1") {
		t.Errorf("the log repeats what was typed: %s", detail)
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for range 40 {
		h.must(h.try(password, "192.0.2.9")) // successes never count
	}
	for i := range 5 {
		if err := h.try("wrong", "192.0.2.1"); kindOf(err) != fault.KindUnauthorized {
			t.Fatalf("failure %d: got %v", i, err)
		}
	}
	err := h.try(password, "192.0.2.2")
	var f *fault.Fault
	if !errors.As(err, &f) || f.Kind != fault.KindTooMany || f.RetryAfter < 800 || f.RetryAfter > 900 {
		t.Errorf("sixth attempt on the account: got %v", err)
	}
}

func TestAddressLimit(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := context.Background()
	for i := range 30 {
		_, err := h.SignIn(ctx, Attempt{Email: string(rune('a'+i)) + "@luma.example", Password: "x", Address: "192.0.2.1"})
		if kindOf(err) != fault.KindUnauthorized {
			t.Fatalf("failure %d: got %v", i, err)
		}
	}
	if err := h.try(password, "192.0.2.1"); kindOf(err) != fault.KindTooMany {
		t.Errorf("31st attempt from the address: got %v", err)
	}
	h.must(h.try(password, "192.0.2.2"))
}

// A burst of parallel guesses must not pass the limit between reading and counting.
func TestLimitHoldsUnderABurst(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var mu sync.Mutex
	tried := 0
	var wg sync.WaitGroup
	for range 60 {
		wg.Go(func() {
			if kindOf(h.try("wrong", "192.0.2.1")) == fault.KindUnauthorized {
				mu.Lock()
				tried++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if tried != 5 {
		t.Errorf("guesses that were looked at: got %d, want 5", tried)
	}
}

func TestDisabledPersonIsOutAtOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := context.Background()
	s, _ := h.in(Attempt{Email: email, Password: password})
	token, _, err := h.IssueToken(ctx, Attempt{Email: email, Password: password})
	h.must(err)
	h.must(h.db.On(ctx).Exec("UPDATE staff SET disabled_at = now()").Error)
	if _, _, ok, err := h.Session(ctx, s.ID); ok || err != nil {
		t.Errorf("session of a disabled person: got %v, %v", ok, err)
	}
	if _, ok, err := h.Bearer(ctx, token.Value); ok || err != nil {
		t.Errorf("token of a disabled person: got %v, %v", ok, err)
	}
	h.must(h.db.On(ctx).Exec("UPDATE staff SET disabled_at = NULL").Error)
	if _, _, ok, _ := h.Session(ctx, s.ID); ok {
		t.Error("a session that was ended comes back")
	}
}

func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name           string
		idle, absolute time.Duration
		use            bool
	}{
		{"when nobody comes", 300 * time.Millisecond, time.Hour, false},
		{"at the latest, however busy", time.Hour, 300 * time.Millisecond, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, WithLifetimes(c.idle, c.absolute))
			ctx := context.Background()
			s, _ := h.in(Attempt{Email: email, Password: password})
			if c.use {
				testkit.Eventually(t, time.Minute, "the session ends", func() bool {
					_, _, ok, err := h.Session(ctx, s.ID)
					h.must(err)
					return !ok
				})
				return
			}
			testkit.Eventually(t, time.Minute, "the store forgets the session", func() bool {
				raw, err := h.redis.Get(ctx, sessionKey(digest(s.ID)))
				h.must(err)
				return raw == nil
			})
		})
	}
}

func TestStoreHoldsNoSecret(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := context.Background()
	s, _ := h.in(Attempt{Email: email, Password: password, Address: "192.0.2.1"})
	token, _, err := h.IssueToken(ctx, Attempt{Email: email, Password: password, Address: "192.0.2.1"})
	h.must(err)
	keys, err := h.redis.Client.Do(ctx, h.redis.Client.B().Keys().Pattern("*").Build()).AsStrSlice()
	h.must(err)
	for _, k := range keys {
		if strings.Contains(k, s.ID) || strings.Contains(k, "olga") || strings.Contains(k, "192.0.2") {
			t.Errorf("a key tells: %s", k)
		}
	}
	var dump string
	h.must(h.db.On(ctx).Raw("SELECT string_agg(hash, ' ') FROM api_tokens").Scan(&dump).Error)
	if strings.Contains(dump, token.Value) {
		t.Error("the token is kept in clear")
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := context.Background()
	token, p, err := h.IssueToken(ctx, Attempt{Email: email, Password: password})
	h.must(err)
	if left := time.Until(token.ExpiresAt); left < 11*time.Hour || left > 12*time.Hour {
		t.Errorf("token lives %s", left)
	}
	got, ok, err := h.Bearer(ctx, token.Value)
	h.must(err)
	if !ok || got.Staff.ID != p.Staff.ID {
		t.Error("the token does not speak for its person")
	}
	for _, wrong := range []string{"", "x", token.Value + "x", digest(token.Value), "the-admin-toke"} {
		if _, ok, err := h.Bearer(ctx, wrong); ok || err != nil {
			t.Errorf("token %q: got %v, %v", wrong, ok, err)
		}
	}
	if p, ok, _ := h.Bearer(ctx, "the-admin-token"); !ok || p.Role != models.RoleMachine || p.Actor() != "machine" {
		t.Errorf("admin token: got %v, %s", ok, p.Role)
	}
	h.must(h.db.On(ctx).Exec("UPDATE api_tokens SET expires_at = now() - interval '1 second'").Error)
	if _, ok, _ := h.Bearer(ctx, token.Value); ok {
		t.Error("an expired token opens")
	}
	if got := h.audited("token.issued"); got != 1 {
		t.Errorf("audited tokens: got %d", got)
	}
}

func TestNoAdminTokenMeansClosed(t *testing.T) {
	t.Parallel()
	h := newHouse(t, WithAdminToken(""))
	if _, ok := h.Machine(""); ok {
		t.Error("an empty token opens")
	}
}

// While the machine's token is rotated both of them open, and nothing else does.
func TestTwoAdminTokens(t *testing.T) {
	t.Parallel()
	h := newHouse(t, WithAdminToken("the new one, the old one"))
	for token, want := range map[string]bool{"the new one": true, "the old one": true, "the new one, the old one": false, " the old one": false, "": false, ",": false} {
		if p, ok := h.Machine(token); ok != want || ok && p.Role != models.RoleMachine {
			t.Errorf("%q: got %v", token, ok)
		}
	}
}

func TestSeedDemoIsIdempotent(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := context.Background()
	hash := func() (id, hash string) {
		var row struct{ ID, PasswordHash string }
		h.must(h.db.On(ctx).Raw("SELECT id::text AS id, password_hash FROM staff WHERE email = ?", email).Scan(&row).Error)
		return row.ID, row.PasswordHash
	}
	id, before := hash()
	login := Login{Email: email, Password: password, Name: "Olga", Role: models.RoleOperator}
	h.must(h.SeedDemo(ctx, []Login{login}))
	if again, after := hash(); again != id || after != before {
		t.Error("an account that was right was changed")
	}
	login.Password, login.Role = "another one", models.RolePM
	h.must(h.SeedDemo(ctx, []Login{login}))
	_, p := h.in(Attempt{Email: email, Password: "another one"})
	if p.Role != models.RolePM || p.Staff.ID.String() != id {
		t.Errorf("got %s", p.Role)
	}
}

func TestSessionDataIsMinimal(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := context.Background()
	s, _ := h.in(Attempt{Email: email, Password: password})
	raw, err := h.redis.Get(ctx, sessionKey(digest(s.ID)))
	h.must(err)
	var fields map[string]any
	h.must(json.Unmarshal(raw, &fields))
	for name := range fields {
		switch name {
		case "staff_id", "epoch", "csrf", "opened", "seen", "proved", "by", "device", "near":
		default:
			t.Errorf("the session keeps %q", name)
		}
	}
}
