package booking

import (
	"testing"

	"frontdesk/models"
)

// past confirms a visit that is over by the time it returns, completed unless it is left unmarked.
func (s *salon) past(p person, wall, until string, complete bool, services ...string) models.Appointment {
	s.t.Helper()
	s.moveTo("2026-09-01 10:00")
	hold := s.held(p, "salma", wall, services...)
	if _, err := s.Confirm(s.ctx, hold.ID, "stripe", "paid"); err != nil {
		s.t.Fatal(err)
	}
	if complete {
		s.must(s.db.On(s.ctx).Model(&models.Appointment{}).Where("id = ?", hold.ID).Update("status", models.Completed).Error)
	}
	s.moveTo(until)
	return hold
}

// Of seven visits the last five are shown, newest first; what was not visited is no history.
func TestHistory(t *testing.T) {
	s := openSalon(t, "2026-09-01 10:00")
	p := s.person()
	var visits []models.Appointment
	for _, day := range []string{"02", "03", "04", "07", "08", "09", "10"} {
		visits = append(visits, s.past(p, "2026-09-"+day+" 11:00", "2026-10-06 10:00", day != "10", "CUT"))
	}
	s.must(s.db.On(s.ctx).Model(&models.Appointment{}).Where("id = ?", visits[5].ID).Update("status", models.NoShow).Error)
	for n, want := range map[int][]int{0: {6, 4, 3, 2, 1}, 2: {6, 4}} {
		got, err := s.History(s.ctx, p.customer, n)
		s.must(err)
		if len(got) != len(want) {
			t.Fatalf("%d asked for: %d visits, want %d", n, len(got), len(want))
		}
		for i, v := range got {
			if v.ID != visits[want[i]].ID || len(v.Lines) != 1 {
				t.Errorf("%d asked for: visit %d is of %s", n, i, v.StartsAt)
			}
		}
	}
	usual, found, err := s.Usual(s.ctx, p.customer)
	s.must(err)
	if !found || usual.ID != visits[4].ID {
		t.Errorf("the usual is of %s, want the last completed visit", usual.StartsAt)
	}
}

// Whoever asks at once, one takes the reminder; a move makes it due anew at its own time.
func TestReminderIsTakenOnce(t *testing.T) {
	s := openSalon(t, "2026-10-01 10:00")
	p := s.person()
	hold := s.held(p, "salma", "2026-10-08 16:00", "CUT")
	if _, err := s.Confirm(s.ctx, hold.ID, "stripe", "paid"); err != nil {
		t.Fatal(err)
	}
	take := func() bool {
		_, due, err := s.TakeReminder(s.ctx, hold.ID)
		s.must(err)
		return due
	}
	if take() {
		t.Error("taken a week ahead")
	}
	s.moveTo("2026-10-06 16:00")
	if !take() || take() {
		t.Error("want it taken once")
	}
	s.must(s.ConfirmReminder(s.ctx, hold.ID))
	before, err := s.Appointment(s.ctx, hold.ID)
	s.must(err)
	_, err = s.Move(s.ctx, MoveRequest{
		Act: Act{ID: hold.ID, Version: before.Version, Actor: "staff:" + models.NewID().String()}, StylistID: s.stylist("salma"), StartsAt: s.at("2026-10-13 16:00"),
	})
	s.must(err)
	moved, err := s.Appointment(s.ctx, hold.ID)
	s.must(err)
	if moved.Reminder != (models.Reminder{}) || moved.AgreedAt == nil || take() {
		t.Errorf("after the move %+v", moved.Reminder)
	}
	s.moveTo("2026-10-11 16:00")
	if !take() {
		t.Error("not due for the new time")
	}
}
