package checkout_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"frontdesk/internal/checkout"
	"frontdesk/internal/fault"
	"frontdesk/models"
)

const (
	cashier = "staff:01999999-0000-7000-8000-000000000001"
	chief   = "staff:01999999-0000-7000-8000-000000000002"
)

// booked is a visit whose deposit of 16.00 is paid.
func (s *salon) booked() (guest, models.Appointment, models.Payment) {
	s.t.Helper()
	return s.bookedAt(friday)
}

func (s *salon) bookedAt(at time.Time) (guest, models.Appointment, models.Payment) {
	s.t.Helper()
	g := s.guest()
	visit, p := s.holdAt(g, at)
	p = s.open(p)
	s.apply(paid("evt_"+p.ID.String(), p))
	return g, visit, s.payment(p.ID)
}

// want asks for a part of a deposit back, as finance.
func want(visit models.ID, amount int64, key string) checkout.RefundAsk {
	return checkout.RefundAsk{
		RefundSubject: checkout.RefundSubject{Visit: &visit}, Actor: cashier, Role: models.RoleFinance, Key: key, AmountMinor: amount, Reason: models.ReasonGoodwill,
	}
}

func (s *salon) askRefund(ask checkout.RefundAsk) models.Refund {
	s.t.Helper()
	r, err := s.till.AskRefund(context.Background(), ask)
	s.must(err)
	return r
}

func (s *salon) wantSteps(id models.ID, want ...models.RefundState) {
	s.t.Helper()
	whole, err := s.till.RefundWhole(context.Background(), id)
	s.must(err)
	var got []models.RefundState
	for _, e := range whole.Events {
		got = append(got, e.To)
	}
	if !slices.Equal(got, want) {
		s.t.Errorf("went through %v, want %v", got, want)
	}
	var logged []string
	s.must(s.db.On(context.Background()).Raw("SELECT action FROM audit_log WHERE subject_kind = 'refund' AND subject_id = ? ORDER BY id", id.String()).Scan(&logged).Error)
	if len(logged) != len(want) {
		s.t.Errorf("the log says %v of %v", logged, want)
	}
}

// R-1109: part of a deposit, then the rest; the visit stands, whoever paid is told each time once it is out.
func TestPartOfADepositThenTheRest(t *testing.T) {
	s := openSalon(t)
	_, visit, p := s.booked()
	first := s.askRefund(want(visit.ID, 600, "a"))
	s.must(s.sendRefunds())
	s.must(s.sendRefunds())
	s.wantVisit(visit.ID, models.Confirmed, models.DepositPaid)
	s.wantPayment(p.ID, models.PaymentPaid)
	s.wantSteps(first.ID, models.RefundPending, models.RefundSucceeded)
	rest := want(visit.ID, 0, "b")
	rest.Reason = models.ReasonTwice
	r := s.askRefund(rest)
	if r.AmountMinor != 1000 {
		t.Errorf("the rest was %d", r.AmountMinor)
	}
	s.wantVisit(visit.ID, models.Confirmed, models.DepositRefundPending)
	s.must(s.sendRefunds())
	s.wantVisit(visit.ID, models.Confirmed, models.DepositRefunded)
	s.wantPayment(p.ID, models.PaymentRefunded)
	if got := s.stripe.asked[r.ID.String()]["reason"]; got != "duplicate" {
		t.Errorf("the provider was told %q", got)
	}
	if told := s.tells(); len(told) != 4 || told[2] != "refund.done" || told[3] != "refund.done" {
		t.Errorf("told %v", told)
	}
	_, err := s.till.AskRefund(context.Background(), want(visit.ID, 1, "c"))
	wantFault(t, err, "refund.nothing_left")
}

func TestWhatCannotBeAskedFor(t *testing.T) {
	s := openSalon(t)
	_, visit, _ := s.booked()
	s.askRefund(want(visit.ID, 100, "used"))
	for name, tt := range map[string]struct {
		change func(*checkout.RefundAsk)
		want   string
	}{
		"too much":          {func(a *checkout.RefundAsk) { a.AmountMinor = 1501 }, "refund.refused"},
		"less than nothing": {func(a *checkout.RefundAsk) { a.AmountMinor = -1 }, "refund.refused"},
		"no reason":         {func(a *checkout.RefundAsk) { a.Reason = "" }, "refund.refused"},
		"other, unsaid":     {func(a *checkout.RefundAsk) { a.Reason = models.ReasonOther }, "refund.refused"},
		"proof of a card":   {func(a *checkout.RefundAsk) { a.Proof = "x" }, "refund.refused"},
		"an odd way":        {func(a *checkout.RefundAsk) { a.Method = "nothing" }, "refund.refused"},
		"a line of a visit": {func(a *checkout.RefundAsk) { a.Lines = []checkout.RefundLine{{OrderItem: visit.ID, Qty: 1}} }, "refund.refused"},
		"of nothing":        {func(a *checkout.RefundAsk) { a.Visit = nil }, "refund.refused"},
		"a key of another":  {func(a *checkout.RefundAsk) { a.Key = "used" }, "refund.key_used"},
		"nobody's visit":    {func(a *checkout.RefundAsk) { id := models.NewID(); a.Visit = &id }, "booking.not_found"},
	} {
		t.Run(name, func(t *testing.T) {
			ask := want(visit.ID, 500, "")
			tt.change(&ask)
			_, err := s.till.AskRefund(context.Background(), ask)
			wantFault(t, err, tt.want)
		})
	}
}

// Twenty clicks on one form are one refund; twenty forms at once give back what there is and no cent more. Meanwhile the
// visit is cancelled, and the provider says that somebody gave 7.00 back at its own site. In the end ledger and provider agree to the cent.
func TestManyClicksAtOnce(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	_, visit, p := s.booked()
	var wg sync.WaitGroup
	ids := make([]models.ID, 20)
	for i := range ids {
		wg.Go(func() {
			r, err := s.till.AskRefund(ctx, want(visit.ID, 300, "one form"))
			if err != nil {
				t.Error(err)
			}
			ids[i] = r.ID
		})
	}
	wg.Wait()
	if rows := s.refunds(p.ID); len(slices.Compact(idTexts(ids))) != 1 || len(rows) != 1 || rows[0].ID != ids[0] {
		t.Fatalf("one form made %v: %+v", ids, rows)
	}
	w := &walker{salon: s, visit: visit, p: p, intent: *p.PaymentIntent}
	s.stripe.most, s.stripe.refunds = p.ReceivedMinor, []payout{{"re_site", w.intent, "", "succeeded", 700}}
	event := s.store(refunded("evt_dash", p, 700))
	for i := range 20 {
		wg.Go(func() {
			_, err := s.till.AskRefund(ctx, want(visit.ID, 200, fmt.Sprint("form ", i)))
			if err != nil && !fault.Is(err, "refund.nothing_left") && !fault.Is(err, "refund.refused") {
				t.Error(err)
			}
		})
	}
	var cancelled, heard error
	wg.Go(func() { _, cancelled = s.till.Cancel(ctx, checkout.CancelRequest{Act: s.by(visit.ID, "")}) })
	wg.Go(func() { heard = s.till.Apply(ctx, event) })
	wg.Wait()
	if cancelled != nil || heard != nil && !errors.Is(heard, checkout.ErrUnsent) {
		t.Errorf("cancelled: %v; heard: %v", cancelled, heard)
	}
	s.wantWithin(p)
	w.early = []models.ID{event}
	w.settleAll()
	s.wantWithin(p)
	w.wantPaidOut()
	if s.stripe.back(w.intent) != p.ReceivedMinor {
		t.Errorf("a visit that was cancelled in time has %d of %d back", s.stripe.back(w.intent), p.ReceivedMinor)
	}
}

func idTexts(ids []models.ID) (out []string) {
	for _, id := range ids {
		out = append(out, id.String())
	}
	return out
}

// wantWithin checks that what goes back is within what came in.
func (s *salon) wantWithin(p models.Payment) {
	s.t.Helper()
	sum := int64(0)
	for _, r := range s.refunds(p.ID) {
		if r.State.Holds() {
			sum += r.AmountMinor
		}
	}
	if got := s.payment(p.ID).ReceivedMinor; sum > got {
		s.t.Errorf("%d of %d go back", sum, got)
	}
}

// Above the limit a second person agrees, and only a second person; of many decisions at once one counts.
func TestASecondPersonAgrees(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	s.must(s.settings.Set(ctx, "refund.alone_minor", 500, "test"))
	_, visit, p := s.booked()
	r := s.askRefund(want(visit.ID, 700, ""))
	if r.State != models.RefundAsked || !r.SecondPerson || s.count("refund.send") != 0 {
		t.Fatalf("asked %+v", r)
	}
	act := checkout.RefundAct{Actor: cashier, ID: r.ID, Version: r.Version}
	_, err := s.till.ApproveRefund(ctx, act)
	wantFault(t, err, "refund.own")
	act.Actor = "machine"
	_, err = s.till.ApproveRefund(ctx, act)
	wantFault(t, err, "refund.needs_person")
	act.Actor = chief
	_, err = s.till.RejectRefund(ctx, act)
	wantFault(t, err, "refund.refused")
	var wg sync.WaitGroup
	var mu sync.Mutex
	ok := 0
	for i := range 10 {
		wg.Go(func() {
			act, decide := act, s.till.ApproveRefund
			if i%2 == 0 {
				decide, act.Note = s.till.RejectRefund, "no"
			}
			_, err := decide(ctx, act)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				ok++
			} else {
				wantFault(t, err, "refund.changed")
			}
		})
	}
	wg.Wait()
	if ok != 1 {
		t.Errorf("%d decisions counted", ok)
	}
	late := s.askRefund(want(visit.ID, 600, ""))
	s.hand.Set(s.clock.Now().Add(72 * time.Hour))
	_, err = s.till.ApproveRefund(ctx, checkout.RefundAct{Actor: chief, ID: late.ID, Version: late.Version})
	wantFault(t, err, "refund.late")
	for _, want := range []int{1, 0} {
		if n, err := s.till.ExpireRefunds(ctx); err != nil || n != want {
			t.Errorf("%d ended, %v; want %d", n, err, want)
		}
	}
	s.wantSteps(late.ID, models.RefundAsked, models.RefundExpired)
	s.wantWithin(p)
}

// What goes back by right does not wait behind what waits for consent.
func TestTheTermsComeFirst(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	s.must(s.settings.Set(ctx, "refund.alone_minor", 0, "test"))
	_, visit, p := s.booked()
	asked := s.askRefund(want(visit.ID, 900, ""))
	_, err := s.till.Cancel(ctx, checkout.CancelRequest{Act: s.by(visit.ID, "")})
	s.must(err)
	s.must(s.sendRefunds())
	s.wantVisit(visit.ID, models.Cancelled, models.DepositRefunded)
	s.wantPayment(p.ID, models.PaymentRefunded)
	s.wantSteps(asked.ID, models.RefundAsked, models.RefundCanceled)
}

// R-505 for what staff give back: what the provider refuses stays owed, and is tried again once, by card or by hand.
func TestWhatFailedIsTriedAgain(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	g, visit, p := s.booked()
	r := s.askRefund(want(visit.ID, 0, ""))
	s.stripe.failing(http.StatusBadRequest, `{"error":{"type":"invalid_request_error","code":"charge_disputed"}}`)
	s.must(s.sendRefunds())
	if cases := s.cases(g); len(cases) != 1 || cases[0].Reason != models.ReasonRefundFailure {
		t.Errorf("cases = %+v", cases)
	}
	failed, err := s.till.RefundWhole(ctx, r.ID)
	s.must(err)
	act := checkout.RefundAct{Actor: chief, ID: r.ID, Version: failed.Version}
	s.stripe.failing(0, "")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := s.till.RetryRefund(ctx, act); err != nil {
				wantFault(t, err, "refund.changed")
			}
		})
	}
	wg.Wait()
	s.must(s.sendRefunds())
	s.wantVisit(visit.ID, models.Confirmed, models.DepositRefunded)
	s.wantSteps(r.ID, models.RefundPending, models.RefundFailed, models.RefundRetried)
	if rows := s.refunds(p.ID); len(rows) != 2 || rows[1].State != models.RefundSucceeded || *rows[1].RetryOf != r.ID {
		t.Errorf("refunds %+v", rows)
	}
	// The bank sends it back, and it is given in cash.
	back := s.refunds(p.ID)[1]
	s.apply(refundEvent("evt_back", back, "failed"))
	s.apply(refundEvent("evt_back_again", back, "failed"))
	whole, err := s.till.RefundWhole(ctx, back.ID)
	s.must(err)
	cash, err := s.till.RetryRefund(ctx, checkout.RefundAct{Actor: chief, Role: models.RoleFinance, ID: back.ID, Version: whole.Version, Method: models.RefundByCash, Proof: "slip 4"})
	s.must(err)
	if cash.State != models.RefundSucceeded || cash.Proof != "slip 4" {
		t.Errorf("in cash: %+v", cash)
	}
	s.wantVisit(visit.ID, models.Confirmed, models.DepositRefunded)
	s.apply(refunded("evt_dash", p, 0)) // the provider has nothing back
	s.wantPayment(p.ID, models.PaymentRefunded)
}

// An order paid at the door: by line, by hand, with its proof; a line goes back once.
func TestACashOrderByLine(t *testing.T) {
	s := takesBack(t)
	ctx := context.Background()
	oil, soap := s.product("OIL", 2490, 10), s.product("SOAP", 500, 10)
	order := s.delivered(s.regular(), oil, soap)
	ask := checkout.RefundAsk{
		RefundSubject: checkout.RefundSubject{Order: &order.ID}, Actor: cashier, Role: models.RoleFinance, Reason: models.ReasonDamaged,
		Lines: []checkout.RefundLine{{OrderItem: order.Items[0].ID, Qty: 1}},
	}
	r := s.askRefund(ask)
	if r.AmountMinor != order.Items[0].PriceMinor || r.State != models.RefundPending || r.Method != models.RefundByTransfer {
		t.Fatalf("asked %+v", r)
	}
	_, err := s.till.GiveRefund(ctx, checkout.RefundAct{Actor: cashier, ID: r.ID, Version: r.Version})
	wantFault(t, err, "refund.refused")
	r, err = s.till.GiveRefund(ctx, checkout.RefundAct{Actor: cashier, ID: r.ID, Version: r.Version, Proof: "T-1"})
	s.must(err)
	s.wantSteps(r.ID, models.RefundPending, models.RefundSucceeded)
	ask.Lines[0].Qty = order.Items[0].Qty
	_, err = s.till.AskRefund(ctx, ask)
	wantFault(t, err, "refund.refused")
	ask.Lines, ask.Method, ask.Proof = nil, models.RefundByCash, "slip 9"
	s.must(s.settings.Set(ctx, "refund.alone_minor", 100000, "test"))
	s.askRefund(ask)
	if o, err := s.till.Order(ctx, order.ID); err != nil || o.Status != models.OrderRefunded {
		t.Errorf("order %s, %v", o.Status, err)
	}
	_, err = s.till.AskRefund(ctx, ask)
	wantFault(t, err, "refund.nothing_left")
	if told := s.tells(); told[len(told)-1] != "refund.done" {
		t.Errorf("told %v", told)
	}
}

// One of two who came together has her share given back, to the cent; the other's stands.
func TestOneShareOfTwo(t *testing.T) {
	s := openSalon(t)
	visits, p := s.together(s.guest(), "CUT", "STYLE")
	s.apply(paid("evt_1", p))
	_, err := s.till.AskRefund(context.Background(), want(visits[1].ID, 351, ""))
	wantFault(t, err, "refund.refused")
	r := s.askRefund(want(visits[1].ID, 0, ""))
	if r.AmountMinor != 350 {
		t.Errorf("share %d", r.AmountMinor)
	}
	s.must(s.sendRefunds())
	s.wantVisit(visits[0].ID, models.Confirmed, models.DepositPaid)
	s.wantVisit(visits[1].ID, models.Confirmed, models.DepositRefunded)
	s.wantPayment(p.ID, models.PaymentPaid)
}

// Above the limit whoever took a return's goods in does not give its money back as well.
func TestAReturnHasTwoPeopleToo(t *testing.T) {
	s := takesBack(t)
	ctx := context.Background()
	s.must(s.settings.Set(ctx, "refund.alone_minor", 1000, "test"))
	oil := s.product("OIL", 2490, 10)
	order := s.delivered(s.regular(), oil)
	r := s.step(s.step(s.sendBack(checkout.ReturnRequest{Staff: clerk, Order: order.ID}), models.ReturnApproved, ""), models.ReturnReceived, "")
	give := checkout.ReturnRefund{Actor: clerk, Role: models.RoleFinance, ID: r.ID, Version: r.Version, AmountMinor: 1001, Method: models.RefundByCash, Proof: "slip"}
	_, err := s.till.RefundReturn(ctx, give)
	wantFault(t, err, "return.second_person")
	give.Actor = cashier
	got, err := s.till.RefundReturn(ctx, give)
	s.must(err)
	s.wantSteps(*got.RefundID, models.RefundSucceeded)
}
