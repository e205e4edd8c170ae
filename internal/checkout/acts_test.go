package checkout_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"frontdesk/internal/audit"
	"frontdesk/internal/booking"
	"frontdesk/internal/checkout"
	"frontdesk/internal/fault"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

const salma = "staff:11111111-1111-7111-8111-111111111111"

// by is an act on a visit as it stands.
func (s *salon) by(id models.ID, reason string) booking.Act {
	s.t.Helper()
	return booking.Act{ID: id, Version: s.visit(id).Version, Actor: salma, Reason: reason}
}

// settled is S01's visit, paid: Friday 12:30 with Dana, 16.00 of 80.00.
func (s *salon) settled(g guest) (models.Appointment, models.Payment) {
	s.t.Helper()
	visit, p := s.hold(g)
	p = s.open(p)
	s.apply(paid("evt_"+visit.ID.String(), p))
	s.wantVisit(visit.ID, models.Confirmed, models.DepositPaid)
	return s.visit(visit.ID), s.payment(p.ID)
}

func (s *salon) audited(id models.ID) []string {
	s.t.Helper()
	entries, err := audit.New(s.db, s.clock).Entries(context.Background(), audit.Query{SubjectKind: "visit", SubjectID: id.String()})
	s.must(err)
	var actions []string
	for _, e := range entries {
		actions = append(actions, strings.TrimSpace(e.Action+" "+e.Reason))
		if e.Actor != salma {
			s.t.Errorf("%s is audited for %s", e.Action, e.Actor)
		}
	}
	slices.Sort(actions)
	return actions
}

// Whoever acts on their own diary alone leaves the deposit to the policy.
func TestTheDepositIsTheDesksToDecide(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	visit, _ := s.settled(s.guest())
	own := s.by(visit.ID, "a friend")
	own.Own = &visit.StylistID
	for _, choice := range []checkout.RefundChoice{checkout.RefundFull, checkout.RefundNone} {
		if _, err := s.till.Cancel(ctx, checkout.CancelRequest{Act: own, Refund: choice}); !fault.Is(err, "booking.deposit_desk") {
			t.Errorf("cancel, %s: got %v, want booking.deposit_desk", choice, err)
		}
	}
	s.hand.Set(friday)
	if _, err := s.till.NoShow(ctx, checkout.NoShowRequest{Act: own, Waive: true}); !fault.Is(err, "booking.deposit_desk") {
		t.Errorf("waived: got %v, want booking.deposit_desk", err)
	}
	s.wantVisit(visit.ID, models.Confirmed, models.DepositPaid)
	_, err := s.till.NoShow(ctx, checkout.NoShowRequest{Act: own})
	s.must(err)
	s.wantVisit(visit.ID, models.NoShow, models.DepositForfeited)
}

// Money that comes after staff ended things: back in full, and never called late; a hold that was only
// let go is taken again.
func TestMoneyAfterStaffActed(t *testing.T) {
	ctx := context.Background()
	for _, c := range []struct {
		name    string
		act     func(s *salon, id models.ID) error
		outcome string
		tell    string
		status  models.AppointmentStatus
		deposit models.DepositState
		cases   int
	}{
		{"cancelled", func(s *salon, id models.ID) error {
			_, err := s.till.Cancel(ctx, checkout.CancelRequest{Act: s.by(id, "")})
			return err
		}, checkout.OutcomeNotNeeded, "payment.not_needed", models.Released, models.DepositRefundPending, 0},
		{"let go", func(s *salon, id models.ID) error {
			_, err := s.diary.LetGo(ctx, s.by(id, ""))
			return err
		}, checkout.OutcomeConfirmed, "booking.confirmed", models.Confirmed, models.DepositPaid, 0},
		{"confirmed without deposit", func(s *salon, id models.ID) error {
			_, err := s.diary.ConfirmWithoutDeposit(ctx, s.by(id, "regular"))
			return err
		}, checkout.OutcomeReceived, "payment.received", models.Confirmed, models.DepositPaid, 0},
		{"confirmed without deposit, then cancelled", func(s *salon, id models.ID) error {
			if _, err := s.diary.ConfirmWithoutDeposit(ctx, s.by(id, "regular")); err != nil {
				return err
			}
			_, err := s.till.Cancel(ctx, checkout.CancelRequest{Act: s.by(id, "")})
			return err
		}, checkout.OutcomeNotNeeded, "payment.not_needed", models.Cancelled, models.DepositRefundPending, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := openSalon(t)
			g := s.guest()
			visit, p := s.hold(g)
			p = s.open(p)
			s.must(c.act(s, visit.ID))
			if got := s.apply(paid("evt_after", p)); got != c.outcome {
				t.Errorf("outcome %s, want %s", got, c.outcome)
			}
			s.wantVisit(visit.ID, c.status, c.deposit)
			if told := s.tells(); told[len(told)-1] != c.tell {
				t.Errorf("told %v, want %s last", told, c.tell)
			}
			if n := len(s.cases(g)); n != c.cases {
				t.Errorf("%d cases, want %d", n, c.cases)
			}
			back := s.refunds(p.ID)
			if owed := c.deposit == models.DepositRefundPending; owed != (len(back) == 1) {
				t.Errorf("refunds %+v", back)
			}
		})
	}
}

func TestNoShowKeepsOrWaivesTheDeposit(t *testing.T) {
	ctx := context.Background()
	t.Run("kept", func(t *testing.T) {
		s := openSalon(t)
		visit, p := s.settled(s.guest())
		s.hand.Set(friday)
		_, err := s.till.NoShow(ctx, checkout.NoShowRequest{Act: s.by(visit.ID, "")})
		s.must(err)
		s.wantVisit(visit.ID, models.NoShow, models.DepositForfeited)
		s.wantPayment(p.ID, models.PaymentPaid)
		s.wantTells("payment.link", "booking.confirmed") // nobody is told of a mark that can be taken back
		_, err = s.diary.Reopen(ctx, s.by(visit.ID, "was only late"))
		s.must(err)
		s.wantVisit(visit.ID, models.Confirmed, models.DepositPaid)
		if terms, err := s.till.CancelTerms(ctx, visit.ID); err != nil || terms.Paid.Minor != 1600 {
			t.Errorf("got terms %+v, %v", terms, err)
		}
	})
	t.Run("waived", func(t *testing.T) {
		s := openSalon(t)
		visit, p := s.settled(s.guest())
		s.hand.Set(friday)
		_, err := s.till.NoShow(ctx, checkout.NoShowRequest{Act: s.by(visit.ID, ""), Waive: true})
		if !fault.Is(err, "booking.reason") {
			t.Errorf("got %v, want a reason asked for", err)
		}
		_, err = s.till.NoShow(ctx, checkout.NoShowRequest{Act: s.by(visit.ID, "in hospital"), Waive: true})
		s.must(err)
		s.wantVisit(visit.ID, models.NoShow, models.DepositRefundPending)
		s.wantTells("payment.link", "booking.confirmed", "payment.returned")
		if log := s.audited(visit.ID); !slices.Equal(log, []string{"deposit.waiver in hospital", "visit.no_show in hospital"}) {
			t.Errorf("audited %q", log)
		}
		s.must(s.sendRefunds())
		s.wantVisit(visit.ID, models.NoShow, models.DepositRefunded)
		if n := len(s.refunds(p.ID)); n != 1 {
			t.Errorf("%d refunds, want 1", n)
		}
	})
	t.Run("without a deposit", func(t *testing.T) {
		s := openSalon(t)
		visit, _ := s.hold(s.guest())
		_, err := s.diary.ConfirmWithoutDeposit(ctx, s.by(visit.ID, "regular"))
		s.must(err)
		s.hand.Set(friday)
		_, err = s.till.NoShow(ctx, checkout.NoShowRequest{Act: s.by(visit.ID, "so what"), Waive: true})
		s.must(err)
		s.wantVisit(visit.ID, models.NoShow, models.DepositNone)
	})
}

// C04: after the last failure the time is free; one click holds it again while that lasts.
func TestHoldAgainWhileItIsFree(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	g := s.guest()
	old, _ := s.hold(g)
	if _, err := s.till.HoldAgain(ctx, s.by(old.ID, "")); !fault.Is(err, "booking.not_holdable") {
		t.Errorf("got %v for a hold that stands", err)
	}
	_, err := s.diary.LetGo(ctx, s.by(old.ID, ""))
	s.must(err)
	act := s.by(old.ID, "the card works now")
	again, err := s.till.HoldAgain(ctx, act)
	s.must(err)
	if again.ID == old.ID || !again.StartsAt.Equal(old.StartsAt) || again.StylistID != old.StylistID || *again.PackID != *old.PackID ||
		again.TotalMinor != 8000 || *again.ConversationID != g.conversation.ID {
		t.Errorf("got %+v", again)
	}
	s.wantVisit(again.ID, models.Provisional, models.DepositPending)
	if n := s.count(queue.PaymentSession{}.Kind()); n != 2 {
		t.Errorf("%d links asked for, want one for each hold", n)
	}
	if log := s.audited(old.ID); !slices.Contains(log, "visit.held_again the card works now") {
		t.Errorf("audited %q", log)
	}
	if _, err = s.till.HoldAgain(ctx, act); !fault.Is(err, "booking.changed") { // a second click
		t.Errorf("got %v, want booking.changed", err)
	}
	s.wantVisit(again.ID, models.Provisional, models.DepositPending)
}

// Somebody else was faster: staff see who, and the old hold stays as it was.
func TestHoldAgainWhenItIsTaken(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	old, _ := s.hold(s.guest())
	_, err := s.diary.LetGo(ctx, s.by(old.ID, ""))
	s.must(err)
	other, _ := s.hold(s.guest())
	_, err = s.till.HoldAgain(ctx, s.by(old.ID, ""))
	if by, told := booking.Obstacles(err); !fault.Is(err, "booking.slot_taken") || !told || by.Visits[0].ID != other.ID {
		t.Errorf("got %v with %+v", err, by)
	}
	s.wantVisit(old.ID, models.Released, models.DepositNone)
	s.wantVisit(other.ID, models.Provisional, models.DepositPending)
}
