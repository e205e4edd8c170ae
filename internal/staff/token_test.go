package staff

import (
	"context"
	"testing"

	"frontdesk/internal/fault"
	"frontdesk/models"
)

func TestTokensOfPeople(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := context.Background()
	s, p := h.in(Attempt{Email: email, Password: password})
	if _, err := h.CreateToken(ctx, p, " ", 91); fieldOf(err, "name") != "staff.name_missing" || fieldOf(err, "days") != "staff.token_days" {
		t.Errorf("got %v", err)
	}
	made, err := h.CreateToken(ctx, p, "Nightly export", 90)
	h.must(err)
	if _, ok, err := h.Bearer(ctx, made.Value); !ok || err != nil {
		t.Fatalf("the token opens nothing: %v", err)
	}
	list, err := h.Tokens(ctx, p.Staff.ID)
	h.must(err)
	if len(list) != 1 || list[0].Hash != "" || list[0].Name != "Nightly export" || list[0].LastUsedAt == nil {
		t.Errorf("listed %+v", list)
	}
	if err := h.RevokeToken(ctx, p, models.NewID(), made.ID); !fault.Is(err, "staff.no_token") {
		t.Errorf("as somebody else's: got %v", err)
	}
	h.must(h.RevokeToken(ctx, p, p.Staff.ID, made.ID))
	if _, ok, _ := h.Bearer(ctx, made.Value); ok {
		t.Error("a revoked token opens")
	}
	secret, codes, _ := h.withApp(p, s)
	attempt := Attempt{Email: email, Password: password}
	if _, _, err := h.IssueToken(ctx, attempt); !fault.Is(err, "staff.wrong_proof") {
		t.Errorf("without the code: got %v", err)
	}
	for _, code := range []string{h.code(secret, 0), codes[0]} {
		attempt.Code = code
		if _, _, err := h.IssueToken(ctx, attempt); err != nil {
			t.Errorf("with the code: got %v", err)
		}
		if _, _, err := h.IssueToken(ctx, attempt); err == nil {
			t.Error("the same code gave two tokens")
		}
	}
}
