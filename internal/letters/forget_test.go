package letters_test

import (
	"testing"

	"frontdesk/internal/letters"
)

// A group that nothing is in any more, and nothing has come to for ninety days, is forgotten with its error; others stay (R-1405).
func TestOldGroupsAreForgotten(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.talks(3)
	d.dead("chat.turn", 9, 3, 3)
	d.exec("DELETE FROM river_job WHERE id % 3 <> 0") // two of the three groups are left by all
	if n := d.number("SELECT count(*) FROM letter_groups WHERE open = 0"); n != 2 {
		t.Fatalf("%d groups are empty, want 2", n)
	}
	d.exec("UPDATE letter_groups SET last_at = now() - interval '91 days' WHERE open > 0 OR id = (SELECT min(id::text)::uuid FROM letter_groups WHERE open = 0)")
	d.exec("UPDATE letters SET changed_at = now() - interval '91 days' WHERE state = 'gone'")
	if err := d.Resume(d.ctx); err != nil {
		t.Fatal(err)
	}
	if n := d.number("SELECT count(*) FROM letter_groups"); n != 2 {
		t.Errorf("%d groups are remembered, want the open one and the young one", n)
	}
	if n, err := d.Count(d.ctx, letters.Filter{}); err != nil || n != 3 {
		t.Errorf("%d are dead, %v; want 3", n, err)
	}
	d.counted()
}
