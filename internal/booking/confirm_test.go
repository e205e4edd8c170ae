package booking

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"frontdesk/internal/database"
	"frontdesk/internal/fault"
	"frontdesk/internal/testkit"
	"frontdesk/models"
)

func TestConfirmDoesAllThatFollows(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	p := s.person()
	hold := s.held(p, "dana", "2026-10-09 12:30", "CUT")
	a, err := s.Confirm(s.ctx, hold.ID, "stripe", "deposit.paid")
	s.must(err)
	if a.Status != models.Confirmed || a.DepositState != models.DepositPaid || a.HoldExpiresAt != nil || a.DueMinor() != 2096 || len(a.Lines) != 1 {
		t.Errorf("got %+v, want confirmed, paid, no expiry, 2096 due, its line", a)
	}
	var c models.Customer
	s.must(s.db.On(s.ctx).Take(&c, "id = ?", p.customer).Error)
	if c.TotalSpentMinor != 2620 || c.LastVisitAt == nil || !c.LastVisitAt.Equal(a.StartsAt) || c.PreferredStylistID == nil || *c.PreferredStylistID != a.StylistID {
		t.Errorf("got customer %+v, want 2620 spent, the visit, Dana", c)
	}
	if !slices.Equal(s.told(a.ID), []string{"booking.confirmed"}) || !slices.Equal(s.notices(a.ID), []string{"visit.confirmed"}) {
		t.Errorf("got told %v notices %v", s.told(a.ID), s.notices(a.ID))
	}
	want := []string{">provisional hold.created", "provisional>confirmed deposit.paid"}
	if history := s.history(a.ID); !slices.Equal(history, want) {
		t.Errorf("got history %q, want %q", history, want)
	}
	_, err = s.Confirm(s.ctx, hold.ID, "stripe", "deposit.paid")
	wantFault(t, err, "booking.not_confirmable")
	if len(s.told(a.ID)) != 1 {
		t.Errorf("got told %v, want once", s.told(a.ID))
	}
}

func TestConfirmLeavesNothingBehindWhenTheCallerFails(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	hold := s.held(s.person(), "dana", "2026-10-09 12:30", "CUT")
	broken := errors.New("payment row")
	err := s.db.InTx(s.ctx, func(ctx context.Context) error {
		if _, err := s.Confirm(ctx, hold.ID, "stripe", "deposit.paid"); err != nil {
			return err
		}
		return broken
	})
	if !errors.Is(err, broken) {
		t.Fatalf("got %v, want the caller's error", err)
	}
	if s.status(hold.ID) != models.Provisional || len(s.told(hold.ID)) != 0 || len(s.notices(hold.ID)) != 0 {
		t.Errorf("got %s told %v notices %v, want nothing changed", s.status(hold.ID), s.told(hold.ID), s.notices(hold.ID))
	}
}

func TestAThirdPartysVisitLeavesTheBookerAlone(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	booker, mother := s.person(), s.person()
	r := s.request(booker, "iris", "2026-10-09 11:00", "FACIAL")
	r.CustomerID = mother.customer
	hold, err := s.Hold(s.ctx, r)
	s.must(err)
	_, err = s.Confirm(s.ctx, hold.ID, "stripe", "deposit.paid")
	s.must(err)
	var c models.Customer
	s.must(s.db.On(s.ctx).Take(&c, "id = ?", booker.customer).Error)
	if c.TotalSpentMinor != 0 || c.PreferredStylistID != nil {
		t.Errorf("got booker %+v, want untouched", c)
	}
	for _, id := range []models.ID{booker.customer, mother.customer} {
		if rows, err := s.OfCustomer(s.ctx, id); err != nil || len(rows) != 1 || len(rows[0].Lines) != 1 {
			t.Errorf("got %+v (%v), want the one visit with its line", rows, err)
		}
	}
}

// Money that comes after the hold ended takes the slot again when it can, and else says so.
func TestLatePayment(t *testing.T) {
	base := openSalon(t, "2026-10-06 10:00")
	cases := []struct {
		name     string
		meantime func(*salon, person, models.Appointment)
		want     string // fault; empty: a visit
	}{
		{"time is up, no sweep yet", func(s *salon, _ person, _ models.Appointment) {
			s.moveTo("2026-10-06 10:31")
		}, ""},
		{"expired, still free", func(s *salon, _ person, _ models.Appointment) {
			s.moveTo("2026-10-06 10:31")
			_, err := s.ExpireHolds(s.ctx)
			s.must(err)
		}, ""},
		{"released, still free", func(s *salon, _ person, a models.Appointment) {
			s.must(s.Release(s.ctx, a.ID, "system", "payment.failed"))
		}, ""},
		{"expired, taken by somebody", func(s *salon, _ person, _ models.Appointment) {
			s.moveTo("2026-10-06 10:31")
			s.held(s.person(), "dana", "2026-10-09 13:00", "CUT")
		}, "booking.slot_taken"},
		{"expired, taken by a hold that lapsed too", func(s *salon, _ person, _ models.Appointment) {
			s.moveTo("2026-10-06 10:31")
			s.held(s.person(), "dana", "2026-10-09 13:00", "CUT")
			s.moveTo("2026-10-06 11:01")
		}, ""},
		{"the same conversation holds that time again", func(s *salon, p person, _ models.Appointment) {
			s.moveTo("2026-10-06 10:31")
			s.held(p, "dana", "2026-10-09 12:30", "CUT")
		}, ""},
		{"the salon closed meanwhile", func(s *salon, _ person, a models.Appointment) {
			s.must(s.Release(s.ctx, a.ID, "system", "payment.failed"))
			s.block(nil, s.day("2026-10-09"), s.day("2026-10-10"), models.BlockClosed)
		}, "booking.slot_taken"},
		{"time is up, no sweep yet, and the stylist left", func(s *salon, _ person, a models.Appointment) {
			s.moveTo("2026-10-06 10:31")
			s.must(s.db.On(s.ctx).Exec("UPDATE stylists SET active = false WHERE id = ?", a.StylistID).Error)
		}, "booking.slot_taken"},
		{"the visit would have begun", func(s *salon, _ person, a models.Appointment) {
			s.must(s.Release(s.ctx, a.ID, "system", "payment.failed"))
			s.moveTo("2026-10-09 12:30")
		}, "booking.slot_taken"},
		{"the visit would have begun, no sweep yet", func(s *salon, _ person, _ models.Appointment) {
			s.moveTo("2026-10-09 12:30")
		}, "booking.slot_taken"},
	}
	for _, c := range cases {
		base.sub(c.name, "2026-10-06 10:00", func(t *testing.T, s *salon) {
			p := s.person()
			hold := s.held(p, "dana", "2026-10-09 12:30", "CUT")
			c.meantime(s, p, hold)
			before := s.status(hold.ID)
			a, err := s.Confirm(s.ctx, hold.ID, "stripe", "deposit.paid")
			if c.want != "" {
				wantFault(t, err, c.want)
				if s.status(hold.ID) != before || slices.Contains(s.told(hold.ID), "booking.confirmed") {
					t.Errorf("got %s told %v, want it as it was", s.status(hold.ID), s.told(hold.ID))
				}
				return
			}
			s.must(err)
			if a.Status != models.Confirmed || a.DepositState != models.DepositPaid {
				t.Errorf("got %s %s, want confirmed paid", a.Status, a.DepositState)
			}
			history := s.history(hold.ID)
			wantLast := string(before) + ">confirmed late_payment_retaken"
			if before == models.Provisional {
				wantLast = "provisional>confirmed deposit.paid"
			}
			if last := history[len(history)-1]; last != wantLast {
				t.Errorf("got %q, want %q", last, wantLast)
			}
			if hold, err := s.liveHold(p.conversation); err != nil || hold != nil {
				t.Errorf("got live hold %+v (%v), want none left", hold, err)
			}
		})
	}
}

// A deadlock says nothing about the slot: who has paid must not be sent away because of one.
func TestADeadlockIsNoLostSlot(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	for _, stylist := range []string{"dana", "salma", "omar"} { // the server may take the other side for its victim
		p := s.person()
		hold := s.held(p, stylist, "2026-10-09 12:30", "CUT")
		err := s.confirmAgainst(p, hold)
		if err == nil {
			continue
		}
		if !database.Deadlocked(err) || fault.Is(err, "booking.slot_taken") {
			t.Errorf("got %v, want the deadlock itself", err)
		}
		_, err = s.Confirm(s.ctx, hold.ID, "stripe", "deposit.paid")
		s.must(err)
		return
	}
	t.Error("no confirmation met a deadlock")
}

// confirmAgainst confirms while somebody takes the same locks the wrong way round.
func (s *salon) confirmAgainst(p person, hold models.Appointment) error {
	s.t.Helper()
	confirmed := make(chan error, 1)
	err := s.db.InTx(s.ctx, func(ctx context.Context) error {
		s.must(s.db.On(ctx).Exec("SELECT FROM customers WHERE id = ? FOR UPDATE", p.customer).Error)
		go func() {
			_, err := s.Confirm(s.ctx, hold.ID, "stripe", "deposit.paid")
			confirmed <- err
		}()
		testkit.Eventually(s.t, 5*time.Second, "the confirmation waits", func() bool {
			var waiting int
			err := s.db.On(s.ctx).Raw("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'").Scan(&waiting).Error
			return err == nil && waiting == 1
		})
		return s.db.On(ctx).Exec("SELECT FROM conversations WHERE id = ? FOR UPDATE", p.conversation).Error
	})
	if err != nil && !database.Deadlocked(err) {
		s.t.Fatal(err)
	}
	return <-confirmed
}

func TestDepositSteps(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	hold := s.held(s.person(), "dana", "2026-10-09 12:30", "CUT")
	wantFault(t, s.SetDeposit(s.ctx, hold.ID, models.DepositRefunded, "stripe", "x"), "booking.illegal_transition")
	_, err := s.Confirm(s.ctx, hold.ID, "stripe", "deposit.paid")
	s.must(err)
	s.must(s.SetDeposit(s.ctx, hold.ID, models.DepositRefundPending, "system", "refund.requested"))
	s.must(s.SetDeposit(s.ctx, hold.ID, models.DepositRefundPending, "system", "refund.requested"))
	s.must(s.SetDeposit(s.ctx, hold.ID, models.DepositRefunded, "stripe", "refund.succeeded"))
	wantFault(t, s.SetDeposit(s.ctx, hold.ID, models.DepositPaid, "stripe", "x"), "booking.illegal_transition")
	events, err := s.Events(s.ctx, hold.ID)
	s.must(err)
	if len(events) != 4 || events[3].FromDeposit != models.DepositRefundPending || events[3].ToDeposit != models.DepositRefunded || events[3].Actor != "stripe" {
		t.Errorf("got %+v, want four events, the last to refunded", events)
	}
}
