package staff

import (
	"context"
	"strings"
	"sync"
	"testing"

	"frontdesk/internal/fault"
	"frontdesk/models"
)

func TestInvitation(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := context.Background()
	admin := h.admin("nadia@luma.example")
	in := Invitee{Email: " New@Luma.example", Name: " Nina ", Role: models.RolePM, Language: models.Spanish}
	first, err := h.Invite(ctx, admin, in)
	h.must(err)
	if _, err := h.Invite(ctx, admin, in); fieldOf(err, "email") != "staff.email_taken" {
		t.Errorf("invited twice: got %v", err)
	}
	if _, err := h.SignIn(ctx, Attempt{Email: "new@luma.example", Password: ""}); !fault.Is(err, "staff.wrong_login") {
		t.Errorf("an invited account opens: %v", err)
	}
	second, err := h.InviteAgain(ctx, admin, first.StaffID)
	h.must(err)
	if _, err := h.Accept(ctx, first.Token, "Nina", "three owls at dawn"); !fault.Is(err, "staff.bad_invitation") {
		t.Errorf("a link that was replaced: got %v", err)
	}
	if _, err := h.Accept(ctx, second.Token, "", "three owls at dawn"); fieldOf(err, "name") != "staff.name_missing" {
		t.Errorf("without a name: got %v", err)
	}
	if _, err := h.Accept(ctx, second.Token, "Nina", "new2026"); fieldOf(err, "password") == "" {
		t.Errorf("with a weak password: got %v", err)
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	opened := 0
	for range 6 {
		wg.Go(func() {
			if _, err := h.Accept(ctx, second.Token, "Nina N.", "three owls at dawn"); err == nil {
				mu.Lock()
				opened++
				mu.Unlock()
			} else if !fault.Is(err, "staff.bad_invitation") {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if opened != 1 {
		t.Errorf("the link worked %d times", opened)
	}
	_, p := h.in(Attempt{Email: "new@luma.example", Password: "three owls at dawn"})
	if p.Staff.Name != "Nina N." || p.Role != models.RolePM || p.Staff.State() != models.StaffActive {
		t.Errorf("opened %+v", p.Staff)
	}
	var dump string
	h.must(h.db.On(ctx).Raw("SELECT string_agg(hash, ' ') FROM invitations").Scan(&dump).Error)
	if strings.Contains(dump, second.Token) {
		t.Error("a link is kept in clear")
	}
}

func TestInvitationsEnd(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := context.Background()
	admin := h.admin("nadia@luma.example")
	link, err := h.Invite(ctx, admin, Invitee{Email: "new@luma.example", Name: "Nina", Role: models.RolePM, Language: models.English})
	h.must(err)
	h.must(h.db.On(ctx).Exec("UPDATE invitations SET expires_at = now() - interval '1 second'").Error)
	if _, err := h.Accept(ctx, link.Token, "Nina", "three owls at dawn"); !fault.Is(err, "staff.bad_invitation") {
		t.Errorf("after 72 hours: got %v", err)
	}
	link, err = h.InviteAgain(ctx, admin, link.StaffID)
	h.must(err)
	h.must(h.Disable(ctx, admin, link.StaffID, "does not come"))
	if _, err := h.Invited(ctx, link.Token); !fault.Is(err, "staff.bad_invitation") {
		t.Errorf("of a disabled person: got %v", err)
	}
	if _, err := h.InviteAgain(ctx, admin, link.StaffID); !fault.Is(err, "staff.is_disabled") {
		t.Errorf("inviting a disabled person: got %v", err)
	}
}

// 6.4.3: a new link resets the password and nothing else.
func TestASVS_6_4_3_AResetDoesNotPassTheSecondFactor(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := context.Background()
	admin := h.admin("nadia@luma.example")
	s, p := h.in(Attempt{Email: email, Password: password})
	_, _, s = h.withApp(p, s)
	token, err := h.CreateToken(ctx, p, "script", 5)
	h.must(err)
	link, err := h.InviteAgain(ctx, admin, p.Staff.ID)
	h.must(err)
	if !h.opens(s) {
		t.Error("the link alone ended a session")
	}
	_, err = h.Accept(ctx, link.Token, "Olga", "three owls at dawn")
	h.must(err)
	if h.opens(s) {
		t.Error("a session outlived the reset")
	}
	if _, ok, _ := h.Bearer(ctx, token.Value); ok {
		t.Error("a token outlived the reset")
	}
	entry, err := h.SignIn(ctx, Attempt{Email: email, Password: "three owls at dawn"})
	h.must(err)
	if entry.Session.ID != "" {
		t.Error("the second factor is not asked for")
	}
}

func TestASVS_7_4_2_ADisabledPersonIsOutAtOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := context.Background()
	admin := h.admin("nadia@luma.example")
	s, p := h.in(Attempt{Email: email, Password: password})
	token, err := h.CreateToken(ctx, p, "script", 5)
	h.must(err)
	h.must(h.Disable(ctx, admin, p.Staff.ID, "has left"))
	if h.opens(s) {
		t.Error("the session goes on")
	}
	h.must(h.Enable(ctx, admin, p.Staff.ID))
	if _, ok, _ := h.Bearer(ctx, token.Value); ok || h.opens(s) {
		t.Error("what was ended is back")
	}
	h.in(Attempt{Email: email, Password: password})
}

func TestANewRoleSignsOut(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := context.Background()
	admin := h.admin("nadia@luma.example")
	s, p := h.in(Attempt{Email: email, Password: password})
	change := Change{Name: "Olga", Role: models.RoleOperator, Version: p.Staff.Version}
	h.must(h.ChangePerson(ctx, admin, p.Staff.ID, change))
	if !h.opens(s) {
		t.Error("a change that changed nothing signed out")
	}
	if err := h.ChangePerson(ctx, admin, p.Staff.ID, change); !fault.Is(err, "staff.changed_meanwhile") {
		t.Errorf("over a later change: got %v", err)
	}
	token, err := h.CreateToken(ctx, p, "script", 5)
	h.must(err)
	change.Role, change.Version = models.RoleAdmin, change.Version+1
	h.must(h.ChangePerson(ctx, admin, p.Staff.ID, change))
	if h.opens(s) {
		t.Error("the session goes on with another role")
	}
	if _, ok, _ := h.Bearer(ctx, token.Value); ok {
		t.Error("an operator's token has become an admin's")
	}
	for _, tt := range []struct {
		change      Change
		field, want string
	}{
		{Change{Name: "Olga", Role: models.RoleStylist}, "stylist", "staff.stylist_missing"},
		{Change{Name: "Olga", Role: models.RolePM, StylistID: &p.Staff.ID}, "stylist", "staff.stylist_only"},
		{Change{Name: "Olga", Role: "owner"}, "role", "staff.role_missing"},
		{Change{Name: "\x00", Role: models.RolePM}, "name", "staff.name_missing"},
		{Change{Name: strings.Repeat("x", 81), Role: models.RolePM}, "name", "staff.name_long"},
	} {
		if err := h.ChangePerson(ctx, admin, p.Staff.ID, tt.change); fieldOf(err, tt.field) != tt.want {
			t.Errorf("%+v: got %v", tt.change, err)
		}
	}
}

// However many admins shut each other out at once, one stays.
func TestTheLastAdminStays(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := context.Background()
	admins := []Principal{h.admin("a@luma.example"), h.admin("b@luma.example"), h.admin("c@luma.example")}
	var wg sync.WaitGroup
	for i, by := range admins {
		for j, whom := range admins {
			wg.Go(func() {
				var err error
				if i < j {
					err = h.Disable(ctx, by, whom.Staff.ID, "race")
				} else {
					err = h.ChangePerson(ctx, by, whom.Staff.ID, Change{Name: "X", Role: models.RolePM, Version: whom.Staff.Version})
				}
				switch {
				case i == j && !fault.Is(err, "staff.not_yourself") && !fault.Is(err, "staff.changed_meanwhile"):
					t.Errorf("to oneself: got %v", err)
				case err != nil && kindOf(err) != fault.KindConflict:
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	var left int64
	h.must(h.db.On(ctx).Model(&models.Staff{}).Where(activeAdmin).Count(&left).Error)
	if left < 1 {
		t.Fatal("the salon has no admin")
	}
	var last models.Staff
	h.must(h.db.On(ctx).Where(activeAdmin).Take(&last).Error)
	if err := h.Disable(ctx, h.olga(), last.ID, "the last"); left == 1 && !fault.Is(err, "staff.last_admin") {
		t.Errorf("the last one: got %v", err)
	}
}

func TestResetFactors(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := context.Background()
	admin := h.admin("nadia@luma.example")
	s, p := h.in(Attempt{Email: email, Password: password})
	_, codes, s := h.withApp(p, s)
	h.must(h.ResetFactors(ctx, admin, p.Staff.ID, "lost phone"))
	if h.opens(s) {
		t.Error("a session goes on")
	}
	if err := h.useRecoveryCode(ctx, p, plainCode(codes[0])); err == nil {
		t.Error("a recovery code still opens")
	}
	h.in(Attempt{Email: email, Password: password})
	if h.audited("factors.reset") != 1 {
		t.Error("nobody wrote it down")
	}
}

func TestInviteAdmin(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := context.Background()
	link, err := h.InviteAdmin(ctx, "Boss@luma.example")
	h.must(err)
	person, err := h.Accept(ctx, link.Token, "The Boss", "three owls at dawn")
	h.must(err)
	if person.Role != models.RoleAdmin {
		t.Errorf("role %s", person.Role)
	}
	if _, err := h.InviteAdmin(ctx, "boss@luma.example"); err != nil {
		t.Errorf("a new link for an admin: %v", err)
	}
	if _, err := h.InviteAdmin(ctx, email); !fault.Is(err, "staff.not_admin") {
		t.Errorf("for an operator: got %v", err)
	}
	if _, err := h.InviteAdmin(ctx, "nonsense"); fieldOf(err, "email") != "staff.email_wrong" {
		t.Errorf("for nonsense: got %v", err)
	}
}

func TestPeopleAreListedAPageAtATime(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := context.Background()
	var logins []Login
	for _, name := range []string{"Éva", "adam", "Adam", "Zoe", "Bo"} {
		logins = append(logins, Login{Email: strings.ToLower(name) + string(rune('a'+len(logins))) + "@luma.example", Password: password, Name: name, Role: models.RolePM})
	}
	h.must(h.SeedDemo(ctx, logins))
	seen := map[models.ID]bool{}
	var q Query
	q.Limit, q.Role = 2, models.RolePM
	for range 4 {
		page, more, err := h.People(ctx, q)
		h.must(err)
		for _, p := range page {
			if seen[p.ID] || p.Role != models.RolePM {
				t.Errorf("listed twice, or wrong: %s", p.Name)
			}
			seen[p.ID], q.After = true, p.ID
		}
		if !more {
			break
		}
	}
	if len(seen) != 5 {
		t.Errorf("listed %d of 5", len(seen))
	}
	if invited, _, err := h.People(ctx, Query{State: models.StaffInvited}); err != nil || len(invited) != 0 {
		t.Errorf("invited: %v, %v", invited, err)
	}
}
