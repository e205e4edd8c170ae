package checkout

import (
	"context"
	"errors"

	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// payable is the payment whose link we want to be paid; nil when there is none.
func (s *sale) payable() *models.Payment {
	for i := range s.payments {
		if s.payments[i].Payable() {
			return &s.payments[i]
		}
	}
	return nil
}

// fits tells whether a payment asks for what its order costs now.
func (s *sale) fits(p models.Payment) bool {
	return s.order.Status == models.OrderPending && p.AmountMinor == s.order.TotalMinor && p.Currency == s.order.Currency
}

// voidUnfit closes the links that ask for something else than the order costs now, or for an order that waits for no
// money any more.
func (t *Till) voidUnfit(ctx context.Context, s *sale) error {
	p := s.payable()
	if p == nil || s.fits(*p) {
		return nil
	}
	p.State = models.PaymentVoided
	if err := t.save(ctx, p, "state"); err != nil {
		return err
	}
	return t.queue.Enqueue(ctx, queue.PaymentVoid{OrderID: s.order.ID})
}

// VoidOrder closes at the provider every link of an order that must not be paid any more. A link that was paid in the
// meantime stays as it is: its own event decides. Safe to run again.
func (t *Till) VoidOrder(ctx context.Context, id models.ID) error {
	payments, err := t.OrderPayments(ctx, id)
	if err != nil {
		return err
	}
	var failed error
	for _, p := range payments {
		if (p.State == models.PaymentVoided || p.State == models.PaymentFailed) && p.SessionID != nil && p.ClosedAt == nil {
			failed = errors.Join(failed, t.closeSession(ctx, p))
		}
	}
	return failed
}
