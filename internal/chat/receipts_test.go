package chat

import (
	"strings"
	"testing"

	"frontdesk/internal/handoff"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// What is written to a person says in which language receipts go on, and the next reminder.
func TestReceiptsFollowTheLanguageWrittenToAPerson(t *testing.T) {
	t.Parallel()
	s := openHouse(t, "2026-10-06 10:00")
	maya := s.returning("Maya", "Stone", "en")
	s.staff([]string{"book", "omar", "2026-10-13", "10:00", "CUT"})
	s.writes("hello")
	_, err := s.Desk.TakeOver(s.ctx, handoff.Claim{ConversationID: s.conversation().ID, StaffID: s.colleague()})
	s.must(err)
	before := len(s.replies())
	s.writes("¿me podéis contestar en español, por favor?")
	if got := s.replies()[before:]; len(got) != 0 {
		t.Fatalf("the assistant answered for a person: %q", got)
	}
	s.pays(true)
	got := s.replies()[before:]
	if len(got) != 1 || !strings.Contains(got[0], "confirmada") {
		t.Errorf("the confirmation is %q, want it in Spanish", got)
	}
	if c, err := s.Customers.Customer(s.ctx, maya.ID); err != nil || c.Language != models.Spanish {
		t.Errorf("the customer's language is %s, %v; want Spanish", c.Language, err)
	}
}

// Two jobs of one link may be worked in either order: who has the link is not told that it takes longer.
func TestALinkThatIsThereIsNotDelayed(t *testing.T) {
	t.Parallel()
	s := openHouse(t, "2026-10-06 10:00")
	s.returning("Maya", "Stone", "en")
	s.staff([]string{"book", "omar", "2026-10-13", "10:00", "CUT"})
	before := len(s.replies())
	var p models.Payment
	s.must(s.DB.On(s.ctx).Take(&p).Error)
	s.must(s.Tell(s.ctx, queue.Tell{ConversationID: s.conversation().ID, Event: TellPaymentDelayed, Ref: p.ID}))
	if got := s.replies()[before:]; len(got) != 0 {
		t.Errorf("told %q after the link", got)
	}
}

// A hold whose payment was of a wrong sum gets a fresh link when its customer asks for one.
func TestALinkThatIsOverIsReplaced(t *testing.T) {
	t.Parallel()
	s := openHouse(t, "2026-10-06 10:00")
	s.returning("Maya", "Stone", "en")
	s.staff([]string{"book", "omar", "2026-10-13", "10:00", "CUT"})
	s.must(s.DB.On(s.ctx).Exec("UPDATE payments SET state = 'refunded'").Error)
	s.writes("please send me the link")
	all := s.replies()
	if last := all[len(all)-1]; !strings.Contains(last, "https://pay.test") {
		t.Errorf("the customer hears %q and no link", all)
	}
}
