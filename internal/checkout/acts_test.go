package checkout_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

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

// What the policy gives back, what staff decide, and where the deposit goes (C01, C02).
func TestCancelAndItsDeposit(t *testing.T) {
	for _, c := range []struct {
		name      string
		notice    time.Duration
		refund    checkout.RefundChoice
		reason    string
		policy    int64 // what the terms say beforehand
		staffOnly bool
		back      int64
		deposit   models.DepositState
		waiver    bool
	}{
		{"a day and more", 24 * time.Hour, "", "", 1600, false, 1600, models.DepositRefundPending, false},
		{"a minute less", 24*time.Hour - time.Minute, checkout.RefundByPolicy, "", 0, false, 0, models.DepositForfeited, false},
		{"six hours", 6 * time.Hour, "", "", 0, false, 0, models.DepositForfeited, false},
		{"less than six", 6*time.Hour - time.Minute, "", "", 0, true, 0, models.DepositForfeited, false},
		{"late, waived", time.Hour, checkout.RefundFull, "stylist ill", 0, true, 1600, models.DepositRefundPending, true},
		{"early, kept", 48 * time.Hour, checkout.RefundNone, "third time", 1600, false, 0, models.DepositForfeited, true},
		{"early, full as the policy", 48 * time.Hour, checkout.RefundFull, "", 1600, false, 1600, models.DepositRefundPending, false},
		{"after its start", -10 * time.Minute, "", "", 0, true, 0, models.DepositForfeited, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := openSalon(t)
			ctx := context.Background()
			visit, p := s.settled(s.guest())
			s.hand.Set(friday.Add(-c.notice))
			terms, err := s.till.CancelTerms(ctx, visit.ID)
			s.must(err)
			if terms.Paid.Minor != 1600 || terms.Refund.Minor != c.policy || terms.StaffOnly != c.staffOnly || terms.Notice != c.notice || terms.RefundHours != 24 || terms.Hold {
				t.Errorf("got terms %+v", terms)
			}
			got, err := s.till.Cancel(ctx, checkout.CancelRequest{Act: s.by(visit.ID, c.reason), Refund: c.refund})
			s.must(err)
			s.wantVisit(visit.ID, models.Cancelled, c.deposit)
			if got.Status != models.Cancelled || got.DepositState != c.deposit {
				t.Errorf("returned %s with its deposit %s", got.Status, got.DepositState)
			}
			want := []string{strings.TrimSpace("visit.cancelled " + c.reason)}
			if c.waiver {
				want = append([]string{"deposit.waiver " + c.reason}, want...)
			}
			if log := s.audited(visit.ID); !slices.Equal(log, want) {
				t.Errorf("audited %q, want %q", log, want)
			}
			s.wantTells("payment.link", "booking.confirmed", "booking.cancelled")
			if n := s.count(queue.StylistNotice{}.Kind()); n != 2 {
				t.Errorf("%d notices, want one for the visit and one for its end", n)
			}
			s.must(s.sendRefunds())
			refunds := s.refunds(p.ID)
			if c.back == 0 {
				s.wantPayment(p.ID, models.PaymentPaid)
				if len(refunds) != 0 {
					t.Errorf("refunds %+v, want none", refunds)
				}
				return
			}
			if len(refunds) != 1 || refunds[0].AmountMinor != c.back {
				t.Fatalf("refunds %+v, want one of %d", refunds, c.back)
			}
			s.wantVisit(visit.ID, models.Cancelled, models.DepositRefunded)
			s.wantPayment(p.ID, models.PaymentRefunded)
			if back, err := s.till.Returned(ctx, visit.ID); err != nil || back.Minor != c.back || back.Currency != "EUR" {
				t.Errorf("returned %+v, %v", back, err)
			}
		})
	}
}

// The refund may be refused before the customer is told: they still have the money to come, and are not
// told that there was none.
func TestARefusedRefundIsStillPromised(t *testing.T) {
	s := openSalon(t)
	visit, p := s.settled(s.guest())
	_, err := s.till.Cancel(context.Background(), checkout.CancelRequest{Act: s.by(visit.ID, "")})
	s.must(err)
	s.stripe.failing(http.StatusBadRequest, `{"error":{"type":"invalid_request_error","code":"charge_disputed"}}`)
	s.must(s.sendRefunds())
	if r := s.refunds(p.ID)[0]; r.State != models.RefundFailed {
		t.Fatalf("refund = %+v", r)
	}
	if back, err := s.till.Returned(context.Background(), visit.ID); err != nil || back.Minor != 1600 {
		t.Errorf("returned %+v, %v", back, err)
	}
}

func TestCancelIsRefused(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	visit, _ := s.settled(s.guest())
	omar := s.stylist("omar")
	foreign, stale := s.by(visit.ID, ""), s.by(visit.ID, "")
	foreign.Own = &omar
	stale.Version--
	for want, r := range map[string]checkout.CancelRequest{
		"booking.not_yours":     {Act: foreign},
		"booking.changed":       {Act: stale},
		"booking.refund_choice": {Act: s.by(visit.ID, ""), Refund: "some"},
		"booking.reason":        {Act: s.by(visit.ID, ""), Refund: checkout.RefundNone}, // a waiver needs one
	} {
		_, err := s.till.Cancel(ctx, r)
		if !fault.Is(err, want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	s.wantVisit(visit.ID, models.Confirmed, models.DepositPaid)
	_, err := s.till.Cancel(ctx, checkout.CancelRequest{Act: s.by(visit.ID, "")})
	s.must(err)
	_, err = s.till.Cancel(ctx, checkout.CancelRequest{Act: s.by(visit.ID, "")})
	if _, errTerms := s.till.CancelTerms(ctx, visit.ID); !fault.Is(err, "booking.not_cancellable") || !fault.Is(errTerms, "booking.not_cancellable") {
		t.Errorf("got %v and %v, want booking.not_cancellable", err, errTerms)
	}
}

// Notice runs out while a form is open: what it promised is not silently something else.
func TestCancelKeepsToWhatWasShown(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	visit, p := s.settled(s.guest())
	shown, kept := int64(1600), int64(0)
	s.hand.Set(friday.Add(-24*time.Hour + time.Minute))
	_, err := s.till.Cancel(ctx, checkout.CancelRequest{Act: s.by(visit.ID, ""), Refund: checkout.RefundByPolicy, Expected: &shown})
	if !fault.Is(err, "booking.refund_changed") {
		t.Errorf("got %v, want booking.refund_changed", err)
	}
	s.wantVisit(visit.ID, models.Confirmed, models.DepositPaid)
	_, err = s.till.Cancel(ctx, checkout.CancelRequest{Act: s.by(visit.ID, ""), Refund: checkout.RefundByPolicy, Expected: &kept})
	s.must(err)
	s.wantVisit(visit.ID, models.Cancelled, models.DepositForfeited)
	s.wantPayment(p.ID, models.PaymentPaid)
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

// R-1109: a double click cancels once and refunds once.
func TestCancelTwiceAtOnceRefundsOnce(t *testing.T) {
	s := openSalon(t)
	for round := range 10 {
		g := s.guest()
		visit, p := s.holdAt(g, friday.Add(time.Duration(round)*time.Hour-150*time.Minute))
		p = s.open(p)
		s.apply(paid("evt_"+visit.ID.String(), p))
		r := checkout.CancelRequest{Act: s.by(visit.ID, "")}
		var both sync.WaitGroup
		errs := make([]error, 2)
		for i := range errs {
			both.Go(func() { _, errs[i] = s.till.Cancel(context.Background(), r) })
		}
		both.Wait()
		if first, second := fault.Is(errs[0], "booking.changed"), fault.Is(errs[1], "booking.changed"); first == second {
			t.Fatalf("round %d: got %v, want one of them too late", round, errs)
		}
		if n := len(s.refunds(p.ID)); n != 1 {
			t.Errorf("round %d: %d refunds, want 1", round, n)
		}
	}
}

// A hold is cancelled in the moment its payment arrives: a visit, or the money back, never neither.
func TestCancelAgainstPayment(t *testing.T) {
	s := openSalon(t)
	for round := range 10 {
		visit, p := s.holdAt(s.guest(), friday.Add(time.Duration(round)*time.Hour-150*time.Minute))
		p = s.open(p)
		event := s.store(paid("evt_"+visit.ID.String(), p))
		r := checkout.CancelRequest{Act: s.by(visit.ID, "")}
		var both sync.WaitGroup
		var errCancel, errPay error
		both.Go(func() { _, errCancel = s.till.Cancel(context.Background(), r) })
		both.Go(func() { errPay = s.till.Apply(context.Background(), event) })
		both.Wait()
		s.must(errPay)
		if fault.Is(errCancel, "booking.changed") {
			s.wantVisit(visit.ID, models.Confirmed, models.DepositPaid)
			continue
		}
		s.must(errCancel)
		if got := s.outcome(event); got != checkout.OutcomeNotNeeded || len(s.refunds(p.ID)) != 1 {
			t.Errorf("round %d: outcome %s with %d refunds", round, got, len(s.refunds(p.ID)))
		}
		s.wantVisit(visit.ID, models.Released, models.DepositRefundPending)
	}
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

func (s *salon) bookRequest() checkout.BookRequest {
	return checkout.BookRequest{
		Name: " Rania ", Surname: "Saleh", Phone: "+44 7700 900177", Language: models.Arabic, StylistID: s.stylist("dana"),
		PackID: &s.menu.Packs[0].ID, StartsAt: friday, Actor: salma, Reason: "called us",
	}
}

// Somebody new gets a customer, a conversation and a link; the same phone is the same person.
func TestStaffBookForACustomer(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	visit, err := s.till.Book(ctx, s.bookRequest())
	s.must(err)
	s.wantVisit(visit.ID, models.Provisional, models.DepositPending)
	var customer models.Customer
	s.must(s.db.On(ctx).Take(&customer, "id = ?", visit.CustomerID).Error)
	if customer.Name != "Rania" || customer.Surname != "Saleh" || customer.Language != models.Arabic || *customer.Phone != "+447700900177" {
		t.Errorf("got customer %+v", customer)
	}
	var conv models.Conversation
	s.must(s.db.On(ctx).Take(&conv, "id = ?", *visit.ConversationID).Error)
	if conv.Language != models.Arabic || conv.LastInboundAt != nil {
		t.Errorf("got conversation %+v", conv)
	}
	if n := s.count(queue.PaymentSession{}.Kind()); n != 1 {
		t.Errorf("%d links asked for, want 1", n)
	}

	again := s.bookRequest()
	again.Name, again.StartsAt = "Somebody Else", friday.Add(2*time.Hour)
	second, err := s.till.Book(ctx, again)
	s.must(err)
	if second.CustomerID != visit.CustomerID || *second.ConversationID != *visit.ConversationID {
		t.Error("one phone became two people")
	}
	s.wantVisit(visit.ID, models.Released, models.DepositNone) // one hold of a conversation at a time

	known := s.bookRequest()
	known.CustomerID, known.Phone, known.Name, known.WithoutDeposit, known.StartsAt = &visit.CustomerID, "", "", true, friday.Add(4*time.Hour)
	third, err := s.till.Book(ctx, known)
	s.must(err)
	s.wantVisit(third.ID, models.Confirmed, models.DepositNone)
}

func TestStaffBookingIsRefused(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	nobody := models.Customer{ID: models.NewID(), Name: "Samira", Language: models.English, CreatedAt: s.clock.Now(), UpdatedAt: s.clock.Now()}
	s.must(s.db.On(ctx).Create(&nobody).Error)
	omar := s.stylist("omar")
	for _, c := range []struct {
		want  string
		spoil func(*checkout.BookRequest)
	}{
		{"customers.phone", func(r *checkout.BookRequest) { r.Phone = "12" }},
		{"booking.who", func(r *checkout.BookRequest) { r.Name = "  " }},
		{"booking.who", func(r *checkout.BookRequest) { r.Surname = strings.Repeat("x", 61) }},
		{"booking.no_conversation", func(r *checkout.BookRequest) { r.CustomerID = &nobody.ID }},
		{"booking.not_yours", func(r *checkout.BookRequest) { r.Own = &omar }},
		{"booking.reason", func(r *checkout.BookRequest) { r.WithoutDeposit, r.Reason = true, "" }},
		{"booking.past", func(r *checkout.BookRequest) { r.StartsAt = opening.Add(-time.Hour) }},
	} {
		r := s.bookRequest()
		c.spoil(&r)
		if _, err := s.till.Book(ctx, r); !fault.Is(err, c.want) {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
	var left int64
	s.must(s.db.On(ctx).Model(&models.Customer{}).Where("phone = '+447700900177'").Count(&left).Error)
	if left != 0 {
		t.Error("a refused booking left a customer behind")
	}
}

// S12: who has no phone is told through whoever brought them.
func TestStaffBookForAThirdParty(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	karim := s.guest()
	mother := models.Customer{ID: models.NewID(), Name: "Samira", Language: models.English, ReferredByID: &karim.customer.ID, CreatedAt: s.clock.Now(), UpdatedAt: s.clock.Now()}
	s.must(s.db.On(ctx).Create(&mother).Error)
	r := s.bookRequest()
	r.CustomerID = &mother.ID
	visit, err := s.till.Book(ctx, r)
	s.must(err)
	if visit.CustomerID != mother.ID || visit.BookedByID != karim.customer.ID || *visit.ConversationID != karim.conversation.ID {
		t.Errorf("got %+v", visit)
	}
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
