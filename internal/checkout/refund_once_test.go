package checkout_test

import (
	"testing"
	"time"

	"frontdesk/internal/stripeapi"
	"frontdesk/models"
)

// A refund whose answer was lost is out once, whatever became of its key: the provider repeats a stored failure for it, or has
// forgotten it after a day.
func TestAPartGoesOutOnce(t *testing.T) {
	for name, lost := range map[string]func(s *salon){
		"a stored failure": func(s *salon) {
			for range 2 {
				if err := s.sendRefunds(); !stripeapi.Temporary(err) {
					s.t.Errorf("got %v, want a temporary failure", err)
				}
			}
		},
		"a key forgotten": func(s *salon) {
			if err := s.sendRefunds(); !stripeapi.Temporary(err) {
				s.t.Errorf("got %v, want a temporary failure", err)
			}
			s.hand.Set(s.clock.Now().Add(24 * time.Hour))
			s.stripe.mu.Lock()
			clear(s.stripe.answers)
			clear(s.stripe.asked)
			s.stripe.mu.Unlock()
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := openSalon(t)
			_, visit, p := s.booked()
			before := s.askRefund(want(visit.ID, 200, "another"))
			s.must(s.sendRefunds())
			s.stripe.lose = true
			r := s.askRefund(want(visit.ID, 600, ""))
			lost(s)
			s.stripe.lose = false
			s.must(s.sendRefunds())
			s.must(s.sendRefunds())
			if len(s.stripe.refunds) != 2 || s.stripe.refunds[1].ours != r.ID.String() {
				t.Errorf("the provider paid out %v", s.stripe.refunds)
			}
			for _, row := range s.refunds(p.ID) {
				if row.State != models.RefundSucceeded || row.ProviderID == nil || row.ID != before.ID && *row.ProviderID != s.stripe.refunds[1].id {
					t.Errorf("refund %+v", row)
				}
			}
		})
	}
}
