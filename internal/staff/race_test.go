package staff

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"frontdesk/internal/fault"
	"frontdesk/internal/testkit"
	"frontdesk/models"
)

// held runs a step while somebody else holds a person's row, lets go once that many wait for it, and
// gives what came of each.
func (h *house) held(id models.ID, meanwhile func(ctx context.Context), steps ...func() error) []error {
	h.t.Helper()
	out := make([]error, len(steps))
	var wg sync.WaitGroup
	h.must(h.db.InTx(context.Background(), func(ctx context.Context) error {
		if err := h.db.On(ctx).Exec("SELECT id FROM staff WHERE id = ? FOR NO KEY UPDATE", id).Error; err != nil {
			return err
		}
		for i, step := range steps {
			wg.Go(func() { out[i] = step() })
		}
		testkit.Eventually(h.t, 30*time.Second, "all wait for the row", func() bool {
			var waiting int
			h.must(h.db.On(context.Background()).Raw("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'").Scan(&waiting).Error)
			return waiting == len(steps)
		})
		meanwhile(ctx)
		return nil
	}))
	wg.Wait()
	return out
}

// Whoever knows the password alone enrols the first factor and no other, not even beside somebody who
// does so at the same moment.
func TestOnlyOneFirstFactorIsEnrolledOnTheWayIn(t *testing.T) {
	t.Parallel()
	h := newHouse(t, WithFactorsRequired(true))
	ctx := context.Background()
	p := h.admin("nadia@luma.example")
	var steps []func() error
	for range 3 {
		entry, err := h.SignIn(ctx, Attempt{Email: p.Staff.Email, Password: password})
		h.must(err)
		offer, err := h.OfferTOTP(Holder{Principal: entry.Principal, ID: entry.Pending.ID})
		h.must(err)
		steps = append(steps, func() error {
			_, err := h.EnrolPending(ctx, entry.Pending.ID, NewFactor{Name: "Phone", Offer: offer.Sealed, Code: h.code(offer.Secret, 0)})
			return err
		})
	}
	in := 0
	for _, err := range h.held(p.Staff.ID, func(context.Context) {}, steps...) {
		if err == nil {
			in++
		} else if !fault.Is(err, "staff.sign_in_again") {
			t.Error(err)
		}
	}
	factors, err := h.Factors(ctx, p.Staff.ID)
	h.must(err)
	if in != 1 || len(factors) != 1 {
		t.Errorf("%d came in, %d factors are kept", in, len(factors))
	}
}

// Who is signed out while they make something to come in with later has made nothing.
func TestNothingToComeInWithOutlivesASignOut(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := context.Background()
	s, p := h.in(Attempt{Email: email, Password: password})
	offer, err := h.OfferTOTP(Holder{Principal: p, ID: s.ID})
	h.must(err)
	made := h.held(p.Staff.ID, func(ctx context.Context) { h.must(h.EndSessions(ctx, p, p.Staff.ID)) },
		func() error {
			_, err := h.AddFactor(ctx, p, s, NewFactor{Name: "Phone", Offer: offer.Sealed, Code: h.code(offer.Secret, 0)})
			return err
		},
		func() error { _, err := h.CreateToken(ctx, p, "Export", 30); return err },
		func() error { _, err := h.NewRecoveryCodes(ctx, p); return err },
	)
	for i, err := range made {
		if !fault.Is(err, "staff.sign_in_again") {
			t.Errorf("step %d: got %v", i, err)
		}
	}
	for _, table := range []string{"factors", "api_tokens", "recovery_codes"} {
		var n int
		h.must(h.db.On(ctx).Raw(fmt.Sprintf("SELECT count(*) FROM %s", table)).Scan(&n).Error)
		if n != 0 {
			t.Errorf("%s holds %d rows", table, n)
		}
	}
}

// A new password ends what the old one opened: sign-ins of scripts too. What was made and named stays.
func TestANewPasswordEndsSignInsOfScripts(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := context.Background()
	s, p := h.in(Attempt{Email: email, Password: password})
	bySignIn, _, err := h.IssueToken(ctx, Attempt{Email: email, Password: password})
	h.must(err)
	named, err := h.CreateToken(ctx, p, "Export", 30)
	h.must(err)
	h.must(h.ChangePassword(ctx, p, s, password, "three owls at dawn"))
	for value, want := range map[string]bool{bySignIn.Value: false, named.Value: true} {
		if _, ok, err := h.Bearer(ctx, value); err != nil || ok != want {
			t.Errorf("opens: got %v, want %v (%v)", ok, want, err)
		}
	}
}

// Whoever has an IPv6 line has more addresses than there are passwords: the line is counted.
func TestALineIsCountedNotItsAddresses(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for i := range 30 {
		a := Attempt{Email: fmt.Sprintf("nobody%d@luma.example", i), Password: "x", Address: fmt.Sprintf("2001:db8:1:2::%x", i+1)}
		if _, err := h.SignIn(context.Background(), a); kindOf(err) != fault.KindUnauthorized {
			t.Fatalf("failure %d: got %v", i, err)
		}
	}
	if err := h.try(password, "2001:db8:1:2:ffff::1"); kindOf(err) != fault.KindTooMany {
		t.Errorf("another address of the line: got %v", err)
	}
	h.must(h.try(password, "2001:db8:1:3::1"))
}
