package booking

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"frontdesk/internal/audit"
	"frontdesk/models"
)

const salma = "staff:11111111-1111-7111-8111-111111111111"

// by is an act on an appointment as it stands.
func (s *salon) by(id models.ID, reason string) Act {
	s.t.Helper()
	a, err := s.Appointment(s.ctx, id)
	s.must(err)
	return Act{ID: id, Version: a.Version, Actor: salma, Reason: reason}
}

// confirmed is a paid visit.
func (s *salon) confirmed(p person, stylist, wall string, services ...string) models.Appointment {
	s.t.Helper()
	a, err := s.Confirm(s.ctx, s.held(p, stylist, wall, services...).ID, "stripe", "payment.completed")
	s.must(err)
	return a
}

// in brings a fresh visit of Thursday 8 October, 17:00, with Dana into a state; the clock stands where
// that state is usual.
func (s *salon) in(status models.AppointmentStatus) models.Appointment {
	s.t.Helper()
	const start = "2026-10-08 17:00"
	p := s.person()
	if status == models.Provisional || status == models.Expired || status == models.Released {
		hold := s.held(p, "dana", start, "CUT_MEN")
		switch status {
		case models.Expired:
			s.hand.Set(*hold.HoldExpiresAt)
			_, err := s.ExpireHolds(s.ctx)
			s.must(err)
		case models.Released:
			s.must(s.Release(s.ctx, hold.ID, "customer", "test"))
		}
		return s.now(hold.ID)
	}
	visit := s.confirmed(p, "dana", start, "CUT_MEN")
	var err error
	switch status {
	case models.ReschedulePending:
		_, err = s.apply(s.ctx, &visit, change{status: status, deposit: visit.DepositState, actor: "customer", reason: "test", until: &visit.StartsAt})
	case models.Cancelled:
		_, err = s.Cancel(s.ctx, s.by(visit.ID, ""), models.DepositForfeited)
	case models.Completed:
		s.moveTo(start)
		_, err = s.Complete(s.ctx, s.by(visit.ID, ""))
	case models.NoShow:
		s.moveTo(start)
		_, err = s.NoShow(s.ctx, s.by(visit.ID, ""), models.DepositForfeited)
	}
	s.must(err)
	return s.now(visit.ID)
}

func (s *salon) now(id models.ID) models.Appointment {
	s.t.Helper()
	a, err := s.Appointment(s.ctx, id)
	s.must(err)
	return a
}

// audited lists what the log holds about a thing, oldest first, as "action before>after reason".
func (s *salon) audited(kind string, id models.ID) []string {
	s.t.Helper()
	entries, err := audit.New(s.db, s.clock).Entries(s.ctx, audit.Query{SubjectKind: kind, SubjectID: id.String()})
	s.must(err)
	slices.Reverse(entries)
	lines := make([]string, len(entries))
	for i, e := range entries {
		var was, is map[string]any
		for raw, into := range map[*json.RawMessage]*map[string]any{&e.Before: &was, &e.After: &is} {
			if len(*raw) > 0 {
				s.must(json.Unmarshal(*raw, into))
			}
		}
		lines[i] = strings.TrimSpace(e.Action + " " + word(was["status"]) + ">" + word(is["status"]) + " " + e.Reason)
		if e.Actor != salma {
			s.t.Errorf("%s is audited for %s", e.Action, e.Actor)
		}
	}
	return lines
}

func word(v any) string {
	text, _ := v.(string)
	return text
}

// acts are the acts that need nothing but the visit.
func (s *salon) acts() map[string]func(Act) (models.Appointment, error) {
	return map[string]func(Act) (models.Appointment, error){
		"confirm":  func(a Act) (models.Appointment, error) { return s.ConfirmWithoutDeposit(s.ctx, a) },
		"let go":   func(a Act) (models.Appointment, error) { return s.LetGo(s.ctx, a) },
		"complete": func(a Act) (models.Appointment, error) { return s.Complete(s.ctx, a) },
		"no-show":  func(a Act) (models.Appointment, error) { return s.NoShow(s.ctx, a, models.DepositForfeited) },
		"cancel": func(a Act) (models.Appointment, error) {
			visit, err := s.Appointment(s.ctx, a.ID)
			if err != nil {
				return visit, err
			}
			return s.Cancel(s.ctx, a, visit.DepositState)
		},
		"reopen": func(a Act) (models.Appointment, error) { return s.Reopen(s.ctx, a) },
		"move": func(a Act) (models.Appointment, error) {
			return s.Move(s.ctx, MoveRequest{Act: a, StylistID: s.stylist("omar"), StartsAt: s.at("2026-10-13 17:00")})
		},
	}
}

// Each act from each state: where it leads, or the fault that refuses it.
func TestActsFromEveryState(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	all := []models.AppointmentStatus{
		models.Provisional, models.Confirmed, models.ReschedulePending, models.Completed,
		models.NoShow, models.Cancelled, models.Expired, models.Released,
	}
	for act, want := range map[string]map[models.AppointmentStatus]string{
		"confirm":  {models.Provisional: "confirmed", "": "booking.not_a_hold"},
		"let go":   {models.Provisional: "released", "": "booking.not_a_hold"},
		"complete": {models.Confirmed: "completed", "": "booking.not_confirmed"},
		"no-show":  {models.Confirmed: "no_show", "": "booking.not_confirmed"},
		"cancel":   {models.Provisional: "released", models.Confirmed: "cancelled", models.ReschedulePending: "cancelled", "": "booking.not_cancellable"},
		"reopen":   {models.Completed: "confirmed", models.NoShow: "confirmed", "": "booking.not_reopenable"},
		"move":     {models.Provisional: "provisional", models.Confirmed: "confirmed", models.ReschedulePending: "confirmed", "": "booking.not_movable"},
	} {
		for _, from := range all {
			s.sub(act+" "+string(from), "2026-10-06 10:00", func(t *testing.T, s *salon) {
				a := s.in(from)
				if act == "complete" || act == "no-show" {
					s.moveTo("2026-10-08 17:00")
				}
				logged := len(s.audited("visit", a.ID))
				got, err := s.acts()[act](s.by(a.ID, "because"))
				to, legal := want[from]
				if !legal {
					wantFault(t, err, want[""])
					if s.now(a.ID).Version != a.Version || len(s.audited("visit", a.ID)) != logged {
						t.Error("a refused act changed something")
					}
					return
				}
				s.must(err)
				stored := s.now(a.ID)
				if string(got.Status) != to || stored.Status != got.Status || stored.Version != got.Version || got.Version <= a.Version {
					t.Errorf("got %s version %d, stored %s version %d, want %s", got.Status, got.Version, stored.Status, stored.Version, to)
				}
				events, err := s.Events(s.ctx, a.ID)
				s.must(err)
				if last := events[len(events)-1]; last.Actor != salma || last.Note != "because" || string(last.ToStatus) != to {
					t.Errorf("the history ends with %+v", last)
				}
				if log := s.audited("visit", a.ID); len(log) != logged+1 || !strings.HasSuffix(log[logged], "because") {
					t.Errorf("audited %q, want one more with the reason", log)
				}
			})
		}
	}
}

// Whatever the act: a visit that changed since it was seen, somebody else's, too long a reason.
func TestActsAreRefused(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	from := map[string]models.AppointmentStatus{"confirm": models.Provisional, "let go": models.Provisional, "reopen": models.NoShow}
	for act := range s.acts() {
		status, ok := from[act]
		if !ok {
			status = models.Confirmed
		}
		s.sub(act, "2026-10-06 10:00", func(t *testing.T, s *salon) {
			a := s.in(status)
			s.moveTo("2026-10-08 17:00")
			if act == "confirm" || act == "let go" {
				s.moveTo("2026-10-06 10:00")
			}
			do, dana, omar := s.acts()[act], s.stylist("dana"), s.stylist("omar")
			good := s.by(a.ID, "because")
			stale, foreign, long := good, good, good
			stale.Version--
			foreign.Own = &omar
			long.Reason = strings.Repeat("م", MaxReason+1)
			for want, bad := range map[string]Act{"booking.changed": stale, "booking.not_yours": foreign, "booking.reason": long} {
				_, err := do(bad)
				wantFault(t, err, want)
			}
			if act == "confirm" {
				silent := good
				silent.Reason = " \n"
				_, err := do(silent)
				wantFault(t, err, "booking.reason")
			}
			_, err := do(Act{ID: models.NewID(), Version: 1, Actor: salma, Reason: "because"})
			wantFault(t, err, "booking.not_found")
			if s.now(a.ID).Version != a.Version {
				t.Error("a refused act changed something")
			}
			good.Own, good.Reason = &dana, strings.Repeat("م", MaxReason)
			_, err = do(good)
			if act == "move" { // into a colleague's diary
				wantFault(t, err, "booking.not_yours")
				_, err = s.Move(s.ctx, MoveRequest{Act: good, StylistID: dana, StartsAt: s.at("2026-10-13 17:00")})
			}
			s.must(err)
			_, err = do(good)
			wantFault(t, err, "booking.changed")
		})
	}
}

func TestConfirmWithoutDepositFollowsThrough(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	p := s.person()
	hold := s.held(p, "dana", "2026-10-09 12:30", "CUT")
	a, err := s.ConfirmWithoutDeposit(s.ctx, s.by(hold.ID, "regular customer"))
	s.must(err)
	if a.DepositState != models.DepositNone || a.HoldExpiresAt != nil || a.DueMinor() != 2620 {
		t.Errorf("got deposit %s, expiry %v, due %d", a.DepositState, a.HoldExpiresAt, a.DueMinor())
	}
	if s.voids(a.ID) != 1 || !slices.Equal(s.told(a.ID), []string{"booking.confirmed"}) || !slices.Equal(s.notices(a.ID), []string{"visit.confirmed"}) {
		t.Errorf("got voids %d, told %v, notices %v", s.voids(a.ID), s.told(a.ID), s.notices(a.ID))
	}
	if c := s.customer(p); c.TotalSpentMinor != 2620 || c.LastVisitAt == nil || !c.LastVisitAt.Equal(a.StartsAt) {
		t.Errorf("got spent %d, last visit %v", c.TotalSpentMinor, c.LastVisitAt)
	}
}

func (s *salon) customer(p person) models.Customer {
	s.t.Helper()
	var c models.Customer
	s.must(s.db.On(s.ctx).Take(&c, "id = ?", p.customer).Error)
	return c
}

// What is cancelled or not come to does not count for the customer; what is taken back counts again.
func TestWhatCountsForTheCustomer(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	p := s.person()
	first := s.confirmed(p, "dana", "2026-10-07 11:00", "CUT")
	second := s.confirmed(p, "dana", "2026-10-08 17:00", "CUT_MEN")
	want := func(spent int64, last time.Time) {
		t.Helper()
		if c := s.customer(p); c.TotalSpentMinor != spent || c.LastVisitAt == nil || !c.LastVisitAt.Equal(last) {
			t.Errorf("got spent %d, last visit %v; want %d, %v", c.TotalSpentMinor, c.LastVisitAt, spent, last)
		}
	}
	want(2620+1750, second.StartsAt)
	moved, err := s.Move(s.ctx, MoveRequest{Act: s.by(second.ID, ""), StylistID: s.stylist("omar"), StartsAt: s.at("2026-10-09 10:00")})
	s.must(err)
	want(2620+1750, moved.StartsAt)
	s.moveTo("2026-10-09 10:05")
	_, err = s.NoShow(s.ctx, s.by(second.ID, ""), models.DepositForfeited)
	s.must(err)
	want(2620, first.StartsAt)
	reopened, err := s.Reopen(s.ctx, s.by(second.ID, "came late"))
	s.must(err)
	want(2620+1750, moved.StartsAt)
	if reopened.DepositState != models.DepositPaid {
		t.Errorf("the deposit is %s, want paid again", reopened.DepositState)
	}
	_, err = s.Cancel(s.ctx, s.by(second.ID, ""), models.DepositForfeited)
	s.must(err)
	want(2620, first.StartsAt)
}

func TestCompleteAndNoShowWaitForTheStart(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	visit := s.confirmed(s.person(), "dana", "2026-10-08 17:00", "CUT_MEN")
	for _, act := range []string{"complete", "no-show"} {
		s.sub(act, "2026-10-08 16:59", func(t *testing.T, s *salon) {
			_, err := s.acts()[act](s.by(visit.ID, ""))
			wantFault(t, err, "booking.not_begun")
			s.moveTo("2026-10-08 17:00")
			_, err = s.acts()[act](s.by(visit.ID, ""))
			s.must(err)
		})
	}
}

func TestReopenWhileItIsFresh(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	s.sub("within a day", "2026-10-06 10:00", func(t *testing.T, s *salon) {
		a := s.in(models.NoShow)
		s.moveTo("2026-10-09 17:00")
		_, err := s.Reopen(s.ctx, s.by(a.ID, ""))
		s.must(err)
	})
	s.sub("after a day", "2026-10-06 10:00", func(t *testing.T, s *salon) {
		a := s.in(models.Completed)
		s.moveTo("2026-10-09 17:01")
		_, err := s.Reopen(s.ctx, s.by(a.ID, ""))
		wantFault(t, err, "booking.not_reopenable")
	})
	s.sub("money went back", "2026-10-06 10:00", func(t *testing.T, s *salon) {
		a := s.confirmed(s.person(), "dana", "2026-10-08 17:00", "CUT_MEN")
		s.moveTo("2026-10-08 17:10")
		_, err := s.NoShow(s.ctx, s.by(a.ID, "was ill"), models.DepositRefundPending)
		s.must(err)
		_, err = s.Reopen(s.ctx, s.by(a.ID, ""))
		wantFault(t, err, "booking.not_reopenable")
	})
	s.sub("the time was given away", "2026-10-06 10:00", func(t *testing.T, s *salon) {
		a := s.in(models.NoShow)
		s.moveTo("2026-10-08 17:15")
		r := s.request(s.person(), "dana", "2026-10-08 17:15", "BLOW_DRY")
		r.Staff, r.Actor = &StaffHold{}, salma
		other, err := s.Hold(s.ctx, r)
		s.must(err)
		_, err = s.Reopen(s.ctx, s.by(a.ID, ""))
		wantFault(t, err, "booking.slot_taken")
		if by, ok := Obstacles(err); !ok || len(by.Visits) != 1 || by.Visits[0].ID != other.ID {
			t.Errorf("got %+v in the way", by)
		}
	})
}

func TestLetGoAndCancelOfAHold(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	for event, act := range map[string]string{"hold.released": "let go", "booking.cancelled": "cancel"} {
		s.sub(act, "2026-10-06 10:00", func(t *testing.T, s *salon) {
			p := s.person()
			hold := s.held(p, "dana", "2026-10-09 12:30", "CUT")
			a, err := s.acts()[act](s.by(hold.ID, "asked for on the phone"))
			s.must(err)
			if a.DepositState != models.DepositNone || s.voids(a.ID) != 1 || len(s.notices(a.ID)) != 0 {
				t.Errorf("got deposit %s, voids %d, notices %v", a.DepositState, s.voids(a.ID), s.notices(a.ID))
			}
			if got := s.toldChange(a.ID); !slices.Equal(got, []string{event}) {
				t.Errorf("told %v, want %s", got, event)
			}
			_, err = s.Confirm(s.ctx, a.ID, "stripe", "payment.completed")
			if act == "cancel" {
				wantFault(t, err, "booking.not_confirmable") // whoever pays now gets it back
				return
			}
			s.must(err) // free, so it is taken again
		})
	}
}

// toldChange lists what the conversation is to hear about the changes of an appointment.
func (s *salon) toldChange(id models.ID) []string {
	s.t.Helper()
	events, err := s.Events(s.ctx, id)
	s.must(err)
	var told []string
	for _, e := range events {
		told = append(told, s.jobs("chat.tell", "ref", e.ID)...)
	}
	return told
}
