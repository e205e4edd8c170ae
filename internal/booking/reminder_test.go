package booking

import (
	"testing"

	"frontdesk/models"
)

// due lists the visits whose reminder goes now.
func (s *salon) due() (ids []models.ID) {
	s.t.Helper()
	due, err := s.RemindersDue(s.ctx)
	s.must(err)
	for _, a := range due {
		ids = append(ids, a.ID)
	}
	return ids
}

// The reminder of somebody who is brought goes to the booker, until they have a phone of their own and have said
// that they want to hear from the salon; whoever it would go to and who said STOP gets none (S12, R-1003).
func TestWhoIsReminded(t *testing.T) {
	const given, withdrawn, unsaid = models.ConsentGiven, models.ConsentWithdrawn, models.ConsentUnsaid
	s := openSalon(t, "2026-09-30 10:00")
	booker, guest := s.person(), s.person()
	r := s.request(booker, "salma", "2026-10-08 16:00", "CUT")
	r.CustomerID, r.ForName = guest.customer, "Samira Nasser"
	a, err := s.Hold(s.ctx, r)
	s.must(err)
	_, err = s.Confirm(s.ctx, a.ID, "stripe", "payment.completed")
	s.must(err)
	s.moveTo("2026-10-06 16:00")
	consent := func(who models.ID, c models.Consent) {
		s.must(s.db.On(s.ctx).Exec(`UPDATE contacts SET consent = @c, consent_at = CASE WHEN @c = '' THEN NULL ELSE now() END
			WHERE customer_id = @who`, map[string]any{"c": c, "who": who}).Error)
	}
	for name, c := range map[string]struct {
		phone          any
		booker, guests models.Consent
		toGuest, none  bool
	}{
		"no phone":                           {nil, unsaid, given, false, false},
		"a phone, and nothing said":          {"+447700900188", unsaid, unsaid, false, false},
		"a phone, and wanted":                {"+447700900188", unsaid, given, true, false},
		"a phone, and wanted; booker's STOP": {"+447700900188", withdrawn, given, true, false},
		"a phone, and STOP":                  {"+447700900188", unsaid, withdrawn, false, false},
		"no phone; booker's STOP":            {nil, withdrawn, given, false, true},
		"both said STOP":                     {"+447700900188", withdrawn, withdrawn, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			s.must(s.db.On(s.ctx).Exec("UPDATE customers SET phone = ? WHERE id = ?", c.phone, guest.customer).Error)
			consent(booker.customer, c.booker)
			consent(guest.customer, c.guests)
			whom, err := s.Reminded(s.ctx, a.ID)
			s.must(err)
			if (whom == guest.customer) != c.toGuest || whom != guest.customer && whom != booker.customer {
				t.Errorf("goes to the guest: %v, want %v", whom == guest.customer, c.toGuest)
			}
			if got := len(s.due()); (got == 0) != c.none {
				t.Errorf("%d due, want none: %v", got, c.none)
			}
		})
	}
}

// A reminder is given up once, and only while it is one that could go: not of a visit that was moved away, that was
// reminded of or that is off.
func TestMissReminder(t *testing.T) {
	s := openSalon(t, "2026-09-30 10:00")
	a := s.held(s.person(), "salma", "2026-10-08 16:00", "CUT")
	miss := func() (missed bool) {
		s.must(s.db.On(s.ctx).Exec("UPDATE appointments SET reminder_missed_at = NULL WHERE id = ?", a.ID).Error)
		s.must(s.MissReminder(s.ctx, a.ID))
		now, err := s.Appointment(s.ctx, a.ID)
		s.must(err)
		return now.Reminder.MissedAt != nil
	}
	s.moveTo("2026-10-06 16:00")
	if miss() {
		t.Error("the reminder of a hold was given up")
	}
	s.moveTo("2026-09-30 10:05")
	_, err := s.Confirm(s.ctx, a.ID, "stripe", "payment.completed")
	s.must(err)
	if miss() {
		t.Error("given up a week ahead")
	}
	s.moveTo("2026-10-06 16:00")
	if !miss() {
		t.Error("not given up when it was due")
	}
	s.must(s.MissReminder(s.ctx, a.ID))
	if n := s.notices(a.ID); len(n) != 2 { // of the confirmation, and once that it was given up
		t.Errorf("notices %v", n)
	}
	_, taken, err := s.TakeReminder(s.ctx, a.ID)
	if s.must(err); taken {
		t.Error("taken after it was given up")
	}
	s.moveTo("2026-10-08 16:30")
	if miss() {
		t.Error("given up after the visit began")
	}
}
