package chat

import (
	"testing"
	"time"

	"frontdesk/internal/booking"
	"frontdesk/models"
)

// visitOf is a confirmed haircut of the one customer, with the work of a turn about it.
func (s *house) visitOf(wall string) (models.Appointment, *work) {
	s.t.Helper()
	s.staff([]string{"book", "omar", "2026-10-13", wall, "CUT"})
	s.pays(true)
	customer, _, err := s.Customers.ByPhone(s.ctx, phone)
	s.must(err)
	visits, err := s.Diary.OfCustomer(s.ctx, customer.ID)
	s.must(err)
	visit, err := s.Diary.Appointment(s.ctx, visits[0].ID)
	s.must(err)
	conv := s.conversation()
	facts := Facts{Now: s.Clock.Now().In(s.zone), Customer: &customer}
	s.must(s.visits(s.ctx, conv, &facts))
	return visit, &work{Clerk: s.Clerk, conv: conv, facts: facts}
}

// What is asked of a visit that has ended meanwhile is answered by the visits that stand, and fails no turn.
func TestTermsOfAVisitThatIsGone(t *testing.T) {
	t.Parallel()
	s := openHouse(t, "2026-10-06 10:00")
	s.returning("Maya", "Stone", "en")
	visit, w := s.visitOf("10:00")
	if len(w.facts.Visits) != 1 {
		t.Fatalf("%d visits stand, want one", len(w.facts.Visits))
	}
	s.staff([]string{"cancel", "full"})
	event, err := w.change(s.ctx, FindTerms{visit.ID})
	s.must(err)
	if event == nil || event.Terms == nil || len(w.facts.Visits) != 0 {
		t.Errorf("answered %+v with %d visits, want terms of none", event, len(w.facts.Visits))
	}
}

// Who is late for a visit that they were about to move is on the way to it: it stands, and the stylist is told.
func TestADelayLetsAVisitStand(t *testing.T) {
	t.Parallel()
	s := openHouse(t, "2026-10-13 09:30")
	s.returning("Maya", "Stone", "en")
	visit, w := s.visitOf("18:00")
	own := booking.OwnChange{ID: visit.ID, Version: visit.Version, ConversationID: w.conv.ID}
	moving, err := s.Diary.BeginReschedule(s.ctx, own)
	s.must(err)
	if moving.Status != models.ReschedulePending {
		t.Fatalf("the visit is %s, want it being moved", moving.Status)
	}
	arrives := visit.StartsAt.Add(10 * time.Minute)
	event, err := w.noteDelay(s.ctx, NoteDelay{visit.ID, &arrives})
	s.must(err)
	if late := event.Delayed.Visit; late.Status != models.Confirmed || late.Delay.ArrivesAt == nil {
		t.Errorf("the visit is %s with %+v, want it confirmed and late", late.Status, late.Delay)
	}
	if w.facts.Visits[0].Status != models.Confirmed {
		t.Errorf("the facts have it %s", w.facts.Visits[0].Status)
	}
}
