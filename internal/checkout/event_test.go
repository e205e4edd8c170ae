package checkout_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"frontdesk/internal/i18n"
	"frontdesk/internal/stripeapi"
	"frontdesk/models"
)

func TestPaidDepositConfirmsTheVisit(t *testing.T) {
	s := openSalon(t)
	g := s.guest()
	visit, p := s.hold(g)
	p = s.open(p)
	if got := s.apply(paid("evt_1", p)); got != "confirmed" {
		t.Errorf("outcome = %s", got)
	}
	s.wantVisit(visit.ID, models.Confirmed, models.DepositPaid)
	p = s.payment(p.ID)
	if p.State != models.PaymentPaid || p.ReceivedMinor != 1600 || p.ReceivedIn != "EUR" || p.PaymentIntent == nil || p.PaidAt == nil || p.ClosedAt == nil {
		t.Errorf("payment = %+v", p)
	}
	s.wantTells("payment.link", "booking.confirmed")
	if n := s.count("notify.stylist"); n != 1 {
		t.Errorf("%d stylist notices, want 1", n)
	}
	// An amount in the same currency written otherwise, by the same event again and by another.
	if got := s.apply(paid("evt_2", p)); got != "duplicate" {
		t.Errorf("second event: outcome = %s", got)
	}
	s.wantTells("payment.link", "booking.confirmed")
}

// the same event delivered to two workers, and different events about the same payment, in
// parallel: one confirmation, one message.
func TestTwinEventsConfirmOnce(t *testing.T) {
	s := openSalon(t)
	visit, p := s.hold(s.guest())
	p = s.open(p)
	var ids []models.ID
	for i := range 10 {
		ids = append(ids, s.store(paid(fmt.Sprintf("evt_%d", i), p)))
	}
	started := time.Now()
	s.parallel(20, func(i int) error { return s.till.Apply(context.Background(), ids[i%len(ids)]) })
	t.Logf("20 deliveries of 10 events took %s", time.Since(started))
	s.wantVisit(visit.ID, models.Confirmed, models.DepositPaid)
	s.wantTells("payment.link", "booking.confirmed")
	confirmed := 0
	for _, id := range ids {
		if s.outcome(id) == "confirmed" {
			confirmed++
		}
	}
	customer := models.Customer{}
	s.must(s.db.On(context.Background()).Take(&customer, "id = ?", visit.CustomerID).Error)
	if confirmed != 1 || customer.TotalSpentMinor != 8000 {
		t.Errorf("%d confirmations, %d spent; want 1 and 8000", confirmed, customer.TotalSpentMinor)
	}
}

// parallel runs fn n times at once and fails on any error.
func (s *salon) parallel(n int, fn func(i int) error) {
	s.t.Helper()
	var wg sync.WaitGroup
	errs := make([]error, n)
	for i := range n {
		wg.Go(func() { errs[i] = fn(i) })
	}
	wg.Wait()
	for _, err := range errs {
		s.must(err)
	}
}

// the payment arrives in the instant the hold ends, while somebody else wants the time. Ten
// rounds: always a visit or a full refund, never both, never neither.
func TestPaymentAgainstExpiry(t *testing.T) {
	s := openSalon(t)
	outcomes := map[string]int{}
	for round := range 10 {
		at := friday.AddDate(0, 0, round/5*4).Add(time.Duration(round%5-2) * time.Hour)
		first, other := s.guest(), s.guest()
		visit, p := s.holdAt(first, at)
		p = s.open(p)
		event := s.store(paid(fmt.Sprintf("evt_%d", round), p))
		s.hand.Set(*visit.HoldExpiresAt)
		started := time.Now()
		s.parallel(3, func(i int) error {
			switch i {
			case 0:
				return s.till.Apply(context.Background(), event)
			case 1:
				_, err := s.diary.ExpireHolds(context.Background())
				return err
			default:
				s.tryHold(other, at)
				return nil
			}
		})
		s.must(s.sendRefunds())
		outcome := s.outcome(event)
		outcomes[outcome]++
		t.Logf("round %d: %s in %s", round, outcome, time.Since(started))
		p, visit = s.payment(p.ID), s.visit(visit.ID)
		switch {
		case visit.Status == models.Confirmed && visit.DepositState == models.DepositPaid && p.State == models.PaymentPaid && len(s.refunds(p.ID)) == 0:
		case visit.Status == models.Expired && visit.DepositState == models.DepositRefunded && p.State == models.PaymentRefunded && s.refunds(p.ID)[0].AmountMinor == 1600:
		default:
			t.Errorf("round %d: visit %s, deposit %s, payment %s, %d refunds", round, visit.Status, visit.DepositState, p.State, len(s.refunds(p.ID)))
		}
	}
	t.Logf("outcomes: %v", outcomes)
}

// tryHold wants a time that may be taken.
func (s *salon) tryHold(g guest, at time.Time) {
	_ = s.db.InTx(context.Background(), func(ctx context.Context) error { // taken is an answer
		_, err := s.diary.Hold(ctx, s.holdRequest(g, at))
		return err
	})
}

func TestWrongAmountIsNeverAVisit(t *testing.T) {
	for _, c := range []struct {
		name, currency string
		minor          int64
	}{
		{"a cent short", "eur", 1599}, {"a cent more", "eur", 1601}, {"another currency", "usd", 1600}, {"nothing", "eur", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := openSalon(t)
			g := s.guest()
			visit, p := s.hold(g)
			p = s.open(p)
			e := paid("evt_1", p)
			e.object["amount_total"], e.object["currency"] = c.minor, c.currency
			if got := s.apply(e); got != "mismatch" {
				t.Errorf("outcome = %s", got)
			}
			s.wantVisit(visit.ID, models.Provisional, models.DepositPending)
			s.wantTells("payment.link", "payment.mismatch")
			cases := s.cases(g)
			if len(cases) != 1 || cases[0].Reason != models.ReasonPaymentFailure || s.count("notify.case") != 1 {
				t.Fatalf("cases = %+v", cases)
			}
			s.must(s.sendRefunds())
			s.must(s.sendRefunds())
			refunds := s.refunds(p.ID)
			if c.minor == 0 {
				if len(refunds) != 0 {
					t.Errorf("refunds of nothing: %+v", refunds)
				}
				s.wantPayment(p.ID, models.PaymentFailed)
				return
			}
			if len(refunds) != 1 || refunds[0].AmountMinor != c.minor || !strings.EqualFold(refunds[0].Currency, c.currency) || refunds[0].State != models.RefundSucceeded {
				t.Errorf("refunds = %+v", refunds)
			}
			s.wantPayment(p.ID, models.PaymentRefunded)
			s.wantVisit(visit.ID, models.Provisional, models.DepositPending)
		})
	}
}

func TestLatePaymentTakesTheTimeAgain(t *testing.T) {
	s := openSalon(t)
	visit, p := s.hold(s.guest())
	p = s.open(p)
	s.expire()
	s.wantVisit(visit.ID, models.Expired, models.DepositNone)
	if got := s.apply(paid("evt_1", p)); got != "confirmed" {
		t.Errorf("outcome = %s", got)
	}
	s.wantVisit(visit.ID, models.Confirmed, models.DepositPaid)
	s.wantTells("payment.link", "hold.expired", "booking.confirmed")
}

func (s *salon) expire() {
	s.t.Helper()
	s.hand.Advance(31 * time.Minute)
	_, err := s.diary.ExpireHolds(context.Background())
	s.must(err)
}

func TestLatePaymentForATakenTimeGoesBack(t *testing.T) {
	s := openSalon(t)
	late, other := s.guest(), s.guest()
	visit, p := s.hold(late)
	p = s.open(p)
	s.expire()
	s.hold(other)
	if got := s.apply(paid("evt_1", p)); got != "late_refunded" {
		t.Errorf("outcome = %s", got)
	}
	s.wantVisit(visit.ID, models.Expired, models.DepositRefundPending)
	s.wantPayment(p.ID, models.PaymentRefundPending)
	s.wantTells("payment.link", "hold.expired", "payment.late_refunded")

	s.must(s.sendRefunds())
	s.wantVisit(visit.ID, models.Expired, models.DepositRefunded)
	s.wantPayment(p.ID, models.PaymentRefunded)
	cases := s.cases(late)
	if len(cases) != 1 {
		t.Fatalf("%d cases, want 1", len(cases))
	}
	want := "Cita: " + i18n.Moment("es", friday.Add(2*time.Hour)) + "\nPagó cuando la reserva ya había caducado y la hora estaba ocupada.\nSe devuelve el total: 16.00 €."
	if cases[0].Summary != want {
		t.Errorf("summary:\n%s\nwant:\n%s", cases[0].Summary, want)
	}
	conv := models.Conversation{}
	s.must(s.db.On(context.Background()).Take(&conv, "id = ?", late.conversation.ID).Error)
	if conv.Human(s.clock.Now()) {
		t.Error("the bot was silenced: the customer could not take another time")
	}
}

// The event came so late, and no sweep before it, that the hold still stands: nobody can come to a
// visit that has begun.
func TestPaymentAfterTheStartGoesBack(t *testing.T) {
	s := openSalon(t)
	visit, p := s.hold(s.guest())
	p = s.open(p)
	s.hand.Set(friday.Add(time.Minute))
	if got := s.apply(paid("evt_1", p)); got != "late_refunded" {
		t.Errorf("outcome = %s", got)
	}
	s.must(ignoreCount(s.diary.ExpireHolds(context.Background())))
	s.wantVisit(visit.ID, models.Expired, models.DepositRefundPending)
	s.must(s.sendRefunds())
	s.wantVisit(visit.ID, models.Expired, models.DepositRefunded)
	s.wantPayment(p.ID, models.PaymentRefunded)
	s.wantTells("payment.link", "payment.late_refunded", "hold.expired")
}

// Two links of one visit, both paid: the second goes back in full.
func TestSecondPaymentOfAVisitGoesBack(t *testing.T) {
	s := openSalon(t)
	visit, p1 := s.hold(s.guest())
	p1 = s.open(p1)
	if got, err := s.till.ReportFailure(context.Background(), visit.ID); err != nil || got != "new_link" {
		t.Fatalf("report: %s, %v", got, err)
	}
	p2 := s.open(s.newest(visit.ID))
	if got := s.apply(paid("evt_1", p1)); got != "confirmed" {
		t.Errorf("old link: outcome = %s", got)
	}
	s.wantPayment(p2.ID, models.PaymentVoided)
	if got := s.apply(paid("evt_2", p2)); got != "second_payment" {
		t.Errorf("new link: outcome = %s", got)
	}
	s.must(s.sendRefunds())
	s.wantVisit(visit.ID, models.Confirmed, models.DepositPaid)
	s.wantPayment(p1.ID, models.PaymentPaid)
	s.wantPayment(p2.ID, models.PaymentRefunded)
	s.wantTells("payment.link", "payment.new_link", "booking.confirmed", "payment.duplicate_refunded")
}

func (s *salon) newest(visit models.ID) models.Payment {
	s.t.Helper()
	rows, err := s.till.OfAppointments(context.Background(), []models.ID{visit})
	s.must(err)
	return rows[visit][len(rows[visit])-1]
}

func TestEventsOfEachType(t *testing.T) {
	unpaid := func(p models.Payment) event {
		return event{"evt", stripeapi.SessionCompletedEvent, session(p, "unpaid", 1600)}
	}
	for _, c := range []struct {
		name    string
		event   func(models.Payment) event
		outcome string
		payment models.PaymentState
		status  models.AppointmentStatus
	}{
		{"expired ends the link, not the hold", func(p models.Payment) event { return sessionExpired("evt", p) }, "expired", models.PaymentExpired, models.Provisional},
		{"completed, money to come", unpaid, "awaiting", models.PaymentOpen, models.Provisional},
		{"money has come", func(p models.Payment) event {
			return event{"evt", stripeapi.AsyncSucceededEvent, session(p, "paid", 1600)}
		}, "confirmed", models.PaymentPaid, models.Confirmed},
		{"declined", func(p models.Payment) event { return declined("evt", p) }, "failed", models.PaymentOpen, models.Provisional},
		{"unknown type", func(models.Payment) event { return event{"evt", "customer.created", map[string]any{"id": "cus_1"}} }, "ignored", models.PaymentOpen, models.Provisional},
		{"not ours", func(models.Payment) event {
			return paid("evt", models.Payment{ID: models.NewID(), AmountMinor: 1600})
		}, "unreferenced", models.PaymentOpen, models.Provisional},
		{"a refund that is not ours", func(p models.Payment) event {
			return event{"evt", stripeapi.RefundUpdatedEvent, map[string]any{"id": "re_x", "status": "succeeded", "metadata": map[string]string{"payment_id": p.ID.String()}}}
		}, "ignored", models.PaymentOpen, models.Provisional},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := openSalon(t)
			visit, p := s.hold(s.guest())
			p = s.open(p)
			if got := s.apply(c.event(p)); got != c.outcome {
				t.Errorf("outcome = %s, want %s", got, c.outcome)
			}
			s.wantPayment(p.ID, c.payment)
			if got := s.visit(visit.ID).Status; got != c.status {
				t.Errorf("visit is %s, want %s", got, c.status)
			}
		})
	}
}

// Of an event that means nothing here it is kept what was told of which object, for whoever must look into it, and of whom it was not.
func TestWhatMeansNothingHereTellsOfNobody(t *testing.T) {
	t.Parallel()
	for outcome, e := range map[string]event{
		"ignored":      {"evt", "charge.dispute.created", map[string]any{"id": "dp_1", "object": "dispute", "amount": 1600, "currency": "eur", "evidence": map[string]any{"customer_name": "Zephyrine"}}},
		"unreferenced": {"evt", stripeapi.ChargeRefundedEvent, map[string]any{"id": "dp_1", "object": "dispute", "amount": 1600, "currency": "eur", "status": "for Zephyrine", "billing_details": map[string]any{"name": "Zephyrine"}}},
	} {
		t.Run(outcome, func(t *testing.T) {
			s := openSalon(t)
			if got := s.apply(e); got != outcome {
				t.Fatalf("outcome = %s", got)
			}
			var kept string
			s.must(s.db.On(context.Background()).Raw("SELECT payload::text FROM provider_events WHERE event_id = 'evt'").Scan(&kept).Error)
			want := `{"data": {"object": {"id": "dp_1", "amount": 1600, "object": "dispute", "currency": "eur"}}, "type": "` + e.kind + `"}`
			if kept != want {
				t.Errorf("it says %s, want %s", kept, want)
			}
		})
	}
}
