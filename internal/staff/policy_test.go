package staff

import (
	"strings"
	"testing"

	"frontdesk/models"
)

// matrix is product.md, "Who may do what", word for word: "" is refused, "r" reads, "a" acts.
const matrix = `
room          | pm       | operator  | finance | privacy | stylist     | stakeholder
today         | a        | a         | a       | a       | a           | r aggregates
diary         | a        | a         | r       |         | a own       |
conversations | a        | a         |         | r       |             |
cases         | a        | a         |         | r       |             |
services      | a        | r         | r       |         | r           |
policies      | a        | r         | r       |         | r           |
content       | a        | r         | r       |         | r           |
catalogue     | a        | r         | r       |         | r           |
orders        | r        | a         | a       |         |             |
returns       | r        | a         | a       |         |             |
refunds       | r        | r request | a       |         |             |
dead-letters  | r counts | a         | r       |         |             |
privacy       |          |           |         | a       |             |
uat           | a        | a         |         |         | a own sign  | r
feedback      | a        | r         |         |         | a own       | r aggregates
pilot         | a        | r         | r       |         |             | r
dashboards    | r        | r         | r       | r       | r           | r aggregates
reviews       | r        | r         | r       | r       | r           | r aggregates
alerts        | a        | a         | r       | r       |             |
incidents     | a        | a         | r       | r       |             |
on-call       | a        | a         | r       | r       |             |
runbooks      | a        | a         | r       | r       |             |
simulator     | a        | a         | a       | a       | a           |
people        |          |           |         |         |             |
audit         |          |           |         |         |             |`

func TestPolicyIsTheMatrix(t *testing.T) {
	p, err := loadPolicy()
	if err != nil {
		t.Fatal(err)
	}
	r := &Roster{policy: p}
	lines := strings.Split(strings.TrimSpace(matrix), "\n")
	roles := strings.Split(lines[0], "|")[1:]
	seen := map[Room]bool{}
	for _, line := range lines[1:] {
		cells := strings.Split(line, "|")
		room := Room(strings.TrimSpace(cells[0]))
		seen[room] = true
		for i, cell := range cells[1:] {
			role, words := models.Role(strings.TrimSpace(roles[i])), strings.Fields(cell)
			right, scope := "", All
			if len(words) > 0 {
				right = words[0]
			}
			if len(words) > 1 && words[1] != "request" {
				scope = Scope(words[1])
			}
			got, may := r.Can(role, room, ToRead)
			if may != (right != "") || may && got != scope {
				t.Errorf("%s reads %s: got %v %s, want %q", role, room, may, got, cell)
			}
			got, may = r.Can(role, room, ToAct)
			if may != (right == "a") || may && got != scope {
				t.Errorf("%s acts in %s: got %v %s, want %q", role, room, may, got, cell)
			}
		}
		for _, role := range []models.Role{models.RoleAdmin, models.RoleMachine} {
			for _, act := range []Act{ToRead, ToAct, ToRequest} {
				if scope, may := r.Can(role, room, act); !may || scope != All {
					t.Errorf("%s may not %s in %s", role, act, room)
				}
			}
		}
	}
	for _, room := range Rooms() {
		if !seen[room] {
			t.Errorf("the matrix lacks %s", room)
		}
	}
}

func TestPolicyRefusesWhatItDoesNotKnow(t *testing.T) {
	p, err := loadPolicy()
	if err != nil {
		t.Fatal(err)
	}
	r := &Roster{policy: p}
	for _, c := range []struct {
		role models.Role
		room Room
		act  Act
	}{
		{"", Diary, ToRead}, {"owner", Diary, ToRead}, {models.RolePM, "", ToRead}, {models.RolePM, "vault", ToRead},
		{models.RolePM, Diary, ""}, {models.RolePM, Diary, "erase"}, {"*", "*", "*"}, {models.RoleStylist, Diary, "*"},
	} {
		if scope, may := r.Can(c.role, c.room, c.act); may {
			t.Errorf("%q %q %q: allowed with scope %s", c.role, c.room, c.act, scope)
		}
	}
	if _, may := r.Can(models.RoleOperator, Refunds, ToRequest); !may {
		t.Error("operators may ask for refunds")
	}
	if scope, may := r.Can(models.RoleStylist, UAT, ToSignOff); !may || scope != All {
		t.Error("stylists sign the acceptance off")
	}
}
