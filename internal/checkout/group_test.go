package checkout_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"testing"
	"time"

	"frontdesk/internal/booking"
	"frontdesk/internal/checkout"
	"frontdesk/internal/testkit"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// together holds a haircut (5.24 of 26.20) and a styling (3.50 of 17.50) on Friday and asks for the deposit;
// the services may be others.
func (s *salon) together(g guest, services ...string) ([]models.Appointment, models.Payment) {
	s.t.Helper()
	var requests []booking.HoldRequest
	for i, code := range services {
		service, ok := s.menu.Service(code)
		if !ok {
			s.t.Fatalf("no service %q", code)
		}
		r := s.holdRequest(g, friday)
		r.PackID, r.ServiceIDs, r.StylistID = nil, []models.ID{service.ID}, s.stylist([]string{"dana", "salma"}[i])
		if i > 0 {
			r.ForName = "Noor (hija)"
		}
		requests = append(requests, r)
	}
	var visits []models.Appointment
	var p models.Payment
	s.must(s.db.InTx(context.Background(), func(ctx context.Context) (err error) {
		if visits, err = s.diary.HoldTogether(ctx, requests); err != nil {
			return err
		}
		p, err = s.till.RequestDeposit(ctx, visits[0])
		return err
	}))
	return visits, s.open(p)
}

func (s *salon) wantBoth(visits []models.Appointment, status models.AppointmentStatus, deposit models.DepositState) {
	s.t.Helper()
	for _, v := range visits {
		s.wantVisit(v.ID, status, deposit)
	}
}

// One payment for the sum makes all the visits; whatever is cancelled takes its own share, to the cent, and
// the payment counts while it holds anybody's.
func TestOneMemberCancels(t *testing.T) {
	for i, share := range []int64{524, 350} {
		t.Run(strconv.FormatInt(share, 10), func(t *testing.T) {
			s := openSalon(t)
			ctx := context.Background()
			visits, p := s.together(s.guest(), "CUT", "STYLE")
			if p.AmountMinor != 874 {
				t.Fatalf("asked for %d, want 874", p.AmountMinor)
			}
			if got := s.apply(paid("evt_1", p)); got != checkout.OutcomeConfirmed {
				t.Fatalf("outcome %s", got)
			}
			s.wantBoth(visits, models.Confirmed, models.DepositPaid)
			if got := s.apply(paid("evt_2", p)); got != checkout.OutcomeDuplicate {
				t.Errorf("again: %s", got)
			}
			one, other := visits[i], visits[1-i]
			terms, err := s.till.CancelTerms(ctx, one.ID)
			s.must(err)
			if terms.Paid.Minor != share || terms.Refund.Minor != share {
				t.Errorf("terms %+v, want %d", terms, share)
			}
			_, err = s.till.Cancel(ctx, checkout.CancelRequest{Act: s.by(one.ID, "")})
			s.must(err)
			s.must(s.sendRefunds())
			s.wantVisit(one.ID, models.Cancelled, models.DepositRefunded)
			s.wantVisit(other.ID, models.Confirmed, models.DepositPaid)
			s.wantPayment(p.ID, models.PaymentPaid)
			back, err := s.till.Returned(ctx, one.ID)
			s.must(err)
			if none, err := s.till.Returned(ctx, other.ID); err != nil || back.Minor != share || none.Minor != 0 {
				t.Errorf("returned %d and %d, %v", back.Minor, none.Minor, err)
			}
			s.hand.Set(friday.Add(-12 * time.Hour)) // the other one comes too late
			_, err = s.till.Cancel(ctx, checkout.CancelRequest{Act: s.by(other.ID, "")})
			s.must(err)
			s.wantVisit(other.ID, models.Cancelled, models.DepositForfeited)
			if refunds := s.refunds(p.ID); len(refunds) != 1 || refunds[0].AmountMinor != share {
				t.Errorf("refunds %+v", refunds)
			}
		})
	}
}

// Both cancel in time: two refunds that add up to the payment.
func TestBothMembersCancel(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	visits, p := s.together(s.guest(), "CUT", "STYLE")
	s.apply(paid("evt_1", p))
	for _, v := range visits {
		_, err := s.till.Cancel(ctx, checkout.CancelRequest{Act: s.by(v.ID, "")})
		s.must(err)
	}
	s.must(s.sendRefunds())
	s.wantBoth(visits, models.Cancelled, models.DepositRefunded)
	s.wantPayment(p.ID, models.PaymentRefunded)
	if r := s.refunds(p.ID); len(r) != 2 || r[0].AmountMinor+r[1].AmountMinor != p.AmountMinor {
		t.Errorf("refunds %+v", r)
	}
}

// A line that is free takes part in the hold and in nothing else: the paid line's deposit is asked for.
func TestAFreeLineOfAGroup(t *testing.T) {
	s := openSalon(t)
	visits, p := s.together(s.guest(), "CUT", "CONSULT_HAIR")
	s.wantVisit(visits[1].ID, models.Provisional, models.DepositNone)
	if p.AmountMinor != 524 {
		t.Errorf("asked for %d, want 524", p.AmountMinor)
	}
	s.apply(paid("evt_1", p))
	s.wantVisit(visits[0].ID, models.Confirmed, models.DepositPaid)
	s.wantVisit(visits[1].ID, models.Confirmed, models.DepositNone)
}

// Money that comes after one of the times is gone makes no visit at all and goes back whole; while both are
// free it makes both.
func TestAGroupPaidLate(t *testing.T) {
	for _, taken := range []bool{false, true} {
		t.Run(strconv.FormatBool(taken), func(t *testing.T) {
			s := openSalon(t)
			ctx := context.Background()
			visits, p := s.together(s.guest(), "CUT", "STYLE")
			s.hand.Set(s.clock.Now().Add(31 * time.Minute))
			if _, err := s.diary.ExpireHolds(ctx); err != nil {
				t.Fatal(err)
			}
			s.wantBoth(visits, models.Expired, models.DepositNone)
			if !taken {
				if got := s.apply(paid("evt_1", p)); got != checkout.OutcomeConfirmed {
					t.Errorf("outcome %s", got)
				}
				s.wantBoth(visits, models.Confirmed, models.DepositPaid)
				return
			}
			rival := s.holdRequest(s.guest(), friday)
			rival.StylistID = s.stylist("salma")
			_, err := s.diary.Hold(ctx, rival)
			s.must(err)
			if got := s.apply(paid("evt_1", p)); got != checkout.OutcomeLate {
				t.Errorf("outcome %s", got)
			}
			s.must(s.sendRefunds())
			s.wantBoth(visits, models.Expired, models.DepositRefunded)
			s.wantPayment(p.ID, models.PaymentRefunded)
		})
	}
}

// A link of a group that does not work is replaced by one for the same sum, and all its holds last longer.
func TestAGroupsLinkFails(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	visits, p := s.together(s.guest(), "CUT", "STYLE")
	got, err := s.till.ReportFailure(ctx, visits[1].ID)
	s.must(err)
	payments, err := s.till.OfAppointments(ctx, []models.ID{visits[0].ID, visits[1].ID})
	s.must(err)
	if got != checkout.FailureNewLink || len(payments[visits[1].ID]) != 2 || payments[visits[0].ID][1].AmountMinor != 874 {
		t.Errorf("%s, payments %+v", got, payments)
	}
	s.wantPayment(p.ID, models.PaymentFailed)
	if a, b := s.visit(visits[0].ID), s.visit(visits[1].ID); !a.HoldExpiresAt.Equal(*b.HoldExpiresAt) || a.HoldExpiresAt.Sub(*visits[0].HoldExpiresAt) != 15*time.Minute {
		t.Errorf("holds until %v and %v", a.HoldExpiresAt, b.HoldExpiresAt)
	}
}

// returned are the refunds of which the conversation was told.
func (s *salon) returned() (rows []models.Refund) {
	s.t.Helper()
	for _, raw := range testkit.Jobs(s.t, s.db, queue.Tell{}.Kind()) {
		var args queue.Tell
		s.must(json.Unmarshal(raw, &args))
		if args.Event != "payment.returned" {
			continue
		}
		r, _, err := s.till.Refund(context.Background(), args.Ref)
		s.must(err)
		rows = append(rows, r)
	}
	return rows
}

// None of a group came, and each deposit goes back by a waiver: the customer is told of each, with its own share.
func TestEveryWaiverIsTold(t *testing.T) {
	s := openSalon(t)
	visits, p := s.together(s.guest(), "CUT", "STYLE")
	s.apply(paid("evt_1", p))
	s.hand.Set(friday)
	for _, v := range []models.Appointment{visits[1], visits[0]} {
		_, err := s.till.NoShow(context.Background(), checkout.NoShowRequest{Act: s.by(v.ID, "in hospital"), Waive: true})
		s.must(err)
	}
	told := s.returned()
	if len(told) != 2 || *told[0].AppointmentID != visits[1].ID || told[0].AmountMinor != 350 ||
		*told[1].AppointmentID != visits[0].ID || told[1].AmountMinor != 524 {
		t.Errorf("told of %+v", told)
	}
}

// The refunds of two members fail: staff have a case for each. What is then paid back by hand at the provider is the
// share that it matches, and nobody's deposit is owed for ever.
func TestFailedSharesPaidByHand(t *testing.T) {
	for name, totals := range map[string][]int64{"the second first": {350, 874}, "the first first": {524, 874}, "at once": {874}} {
		t.Run(name, func(t *testing.T) {
			s := openSalon(t)
			g := s.guest()
			visits, p := s.together(g, "CUT", "STYLE")
			s.apply(paid("evt_1", p))
			for _, v := range visits {
				_, err := s.till.Cancel(context.Background(), checkout.CancelRequest{Act: s.by(v.ID, "")})
				s.must(err)
			}
			s.stripe.failing(http.StatusBadRequest, `{"error":{"type":"invalid_request_error","code":"charge_disputed"}}`)
			s.must(s.sendRefunds())
			s.wantBoth(visits, models.Cancelled, models.DepositRefundPending)
			concerned := map[models.ID]bool{}
			for _, c := range s.cases(g) {
				concerned[*c.AppointmentID] = true
			}
			if !concerned[visits[0].ID] || !concerned[visits[1].ID] {
				t.Errorf("cases about %v, want one for each of %v and %v", concerned, visits[0].ID, visits[1].ID)
			}
			s.stripe.failing(0, "")
			for i, total := range totals {
				s.apply(refunded("evt_hand_"+strconv.Itoa(i), p, total))
				if total == 874 {
					continue
				}
				done, waits := visits[0], visits[1]
				if total == 350 {
					done, waits = waits, done
				}
				s.wantVisit(done.ID, models.Cancelled, models.DepositRefunded)
				s.wantVisit(waits.ID, models.Cancelled, models.DepositRefundPending)
			}
			s.wantBoth(visits, models.Cancelled, models.DepositRefunded)
			s.wantPayment(p.ID, models.PaymentRefunded)
		})
	}
}
