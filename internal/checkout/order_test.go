package checkout_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"frontdesk/internal/checkout"
	"frontdesk/models"
)

// Whatever the order and however often each event comes, the end is the same, and what was received
// is what was kept and what went back.
func TestAnyOrderOfEventsEndsTheSame(t *testing.T) {
	s := openSalon(t)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	for round := range 12 {
		g := s.guest()
		visit, p := s.holdAt(g, friday.AddDate(0, 0, round/5*7).Add(time.Duration(round%5-2)*time.Hour))
		p = s.open(p)
		back := round%2 == 0 // half of them are given back at the provider's own site
		kinds := []event{paid("paid", p), sessionExpired("expired", p), declined("declined", p)}
		if back {
			kinds = append(kinds, refunded("refunded", p, 1600))
		}
		var pending []models.ID
		for i := range 3 * len(kinds) {
			e := kinds[i%len(kinds)]
			e.id = fmt.Sprintf("evt_%d_%d_%s", round, i, e.id)
			pending = append(pending, s.store(e))
		}
		random.Shuffle(len(pending), func(i, j int) { pending[i], pending[j] = pending[j], pending[i] })
		s.drain(pending)

		wantDeposit, wantPayment, wantBack := models.DepositPaid, models.PaymentPaid, int64(0)
		if back {
			wantDeposit, wantPayment, wantBack = models.DepositRefunded, models.PaymentRefunded, 1600
		}
		s.wantVisit(visit.ID, models.Confirmed, wantDeposit)
		s.wantPayment(p.ID, wantPayment)
		var sum int64
		for _, r := range s.refunds(p.ID) {
			sum += r.AmountMinor
		}
		if got := s.payment(p.ID); got.ReceivedMinor != 1600 || sum != wantBack {
			t.Errorf("round %d: received %d, gave back %d; want 1600 and %d", round, got.ReceivedMinor, sum, wantBack)
		}
		if n := len(s.cases(g)); n != 0 {
			t.Errorf("round %d: %d cases", round, n)
		}
	}
}

// Two links, both paid, the time perhaps given to somebody else, in any order: what was received is
// what was kept and what went back, and it is kept only for a visit.
func TestMoneyAddsUp(t *testing.T) {
	s := openSalon(t)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 2))
	for round := range 12 {
		at := friday.AddDate(0, 0, round/5*7).Add(time.Duration(round%5-2) * time.Hour)
		s.hand.Set(opening)
		visit, p1 := s.holdAt(s.guest(), at)
		p1 = s.open(p1)
		s.report(visit.ID, checkout.FailureNewLink)
		p2 := s.open(s.newest(visit.ID))
		gone := []func(){
			func() { s.hand.Set(opening.Add(46 * time.Minute)) },
			func() { s.must(ignoreCount(s.diary.ExpireHolds(context.Background()))) },
			func() { s.tryHold(s.guest(), at) },
		}
		steps := []func(){
			func() { s.must(s.till.Void(context.Background(), visit.ID)) },
			func() { s.must(s.sendRefunds()) },
		}
		if round%3 > 0 { // in one round of three the time is gone before any money comes
			steps = append(steps, gone...)
		} else {
			gone[0]()
			gone[1]()
			gone[2]()
		}
		for i, p := range []models.Payment{p1, p2} {
			for j, e := range []event{paid("paid", p), paid("again", p), sessionExpired("expired", p), declined("declined", p)} {
				e.id = fmt.Sprintf("evt_%d_%d_%d", round, i, j)
				steps = append(steps, func() { s.apply(e) })
			}
		}
		random.Shuffle(len(steps), func(i, j int) { steps[i], steps[j] = steps[j], steps[i] })
		for _, step := range steps {
			step()
		}
		s.must(s.sendRefunds())

		kept, back := int64(0), int64(0)
		for _, p := range []models.Payment{s.payment(p1.ID), s.payment(p2.ID)} {
			if p.ReceivedMinor != 1600 {
				t.Errorf("round %d: received %d of a payment that is %s", round, p.ReceivedMinor, p.State)
			}
			if p.State == models.PaymentPaid {
				kept += p.ReceivedMinor
			}
			for _, r := range s.refunds(p.ID) {
				back += r.AmountMinor
			}
		}
		now := s.visit(visit.ID)
		wantKept := int64(0)
		if now.Status == models.Confirmed && now.DepositState == models.DepositPaid {
			wantKept = 1600
		}
		t.Logf("round %d: visit %s, deposit %s", round, now.Status, now.DepositState)
		if kept != wantKept || kept+back != 3200 || wantKept == 0 && now.DepositState != models.DepositRefunded {
			t.Errorf("round %d: visit %s, deposit %s: kept %d, gave back %d", round, now.Status, now.DepositState, kept, back)
		}
	}
}

func ignoreCount(_ int, err error) error { return err }

// drain applies events in order; what comes too early is tried again after the others, as jobs do.
func (s *salon) drain(pending []models.ID) {
	s.t.Helper()
	for range 5 {
		var again []models.ID
		for _, id := range pending {
			if err := s.till.Apply(context.Background(), id); err != nil {
				again = append(again, id)
			}
		}
		if pending = again; len(pending) == 0 {
			return
		}
	}
	s.t.Fatalf("%d events were never applied", len(pending))
}
