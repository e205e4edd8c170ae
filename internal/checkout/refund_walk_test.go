package checkout_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"testing"

	"frontdesk/internal/checkout"
	"frontdesk/internal/fault"
	"frontdesk/models"
)

// Any order of asking, deciding, taking back, sending, failing, retrying and hearing from the provider, twice and late: what
// goes back, is on its way or waits for consent is within what came in, and what the provider paid out is in our books.
func TestAnyWalkOfRefundsHolds(t *testing.T) {
	for i := range 3 {
		seed := rand.Uint64()
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			s, random := openSalon(t), rand.New(rand.NewPCG(seed, uint64(i)))
			ctx := context.Background()
			s.must(s.settings.Set(ctx, "refund.alone_minor", 400, "test"))
			_, visit, p := s.booked()
			for step := range 120 {
				rows := s.refunds(p.ID)
				pick := func() checkout.RefundAct {
					if len(rows) == 0 {
						return checkout.RefundAct{Actor: chief, ID: visit.ID}
					}
					r := rows[random.IntN(len(rows))]
					return checkout.RefundAct{Actor: []string{cashier, chief}[random.IntN(2)], ID: r.ID, Version: r.Version, Note: "n"}
				}
				var err error
				switch n := random.IntN(10); {
				case n < 3:
					ask := want(visit.ID, random.Int64N(700), fmt.Sprint(random.IntN(40)))
					if ask.Method = models.RefundByCard; random.IntN(4) == 0 {
						ask.Method = models.RefundByCash
					}
					_, err = s.till.AskRefund(ctx, ask)
				case n < 4:
					_, err = s.till.ApproveRefund(ctx, pick())
				case n < 5:
					_, err = []func(context.Context, checkout.RefundAct) (models.Refund, error){s.till.RejectRefund, s.till.CancelRefund}[random.IntN(2)](ctx, pick())
				case n < 6:
					_, err = s.till.RetryRefund(ctx, pick())
				case n < 7:
					act := pick()
					act.Proof = "slip"
					_, err = s.till.GiveRefund(ctx, act)
				case n < 8 && len(rows) > 0:
					r := rows[random.IntN(len(rows))]
					if r.Method == models.RefundByCard && r.State != models.RefundAsked && r.State != models.RefundRejected {
						s.apply(refundEvent(fmt.Sprint("evt_", step), r, []string{"succeeded", "failed", "pending"}[random.IntN(3)]))
					}
				case n < 9:
					_ = s.till.Apply(ctx, s.store(refunded(fmt.Sprint("evt_", step), p, random.Int64N(1601)))) // it may be too early to know
				default:
					s.stripe.failing([]int{0, 0, http.StatusBadRequest}[random.IntN(3)], `{"error":{"type":"invalid_request_error","code":"charge_disputed"}}`)
					err = s.sendRefunds()
				}
				var f *fault.Fault
				if err != nil && !errors.As(err, &f) {
					t.Fatalf("step %d: %v", step, err)
				}
				s.wantWithin(p)
			}
		})
	}
}
