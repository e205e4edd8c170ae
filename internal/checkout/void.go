package checkout

import (
	"context"
	"errors"
	"fmt"

	"frontdesk/internal/stripeapi"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// Void closes at the provider every link of the appointment that must not be paid any more: all of
// them once the hold is over, the superseded ones while it lasts. A link that was paid
// in the meantime stays as it is: its own event decides. Safe to run again.
func (t *Till) Void(ctx context.Context, appointmentID models.ID) error {
	closing, err := t.toClose(ctx, appointmentID)
	if err != nil {
		return err
	}
	var failed error
	for _, p := range closing {
		failed = errors.Join(failed, t.closeSession(ctx, p))
	}
	return failed
}

// toClose marks the payments whose time is over and lists the sessions still to be closed.
func (t *Till) toClose(ctx context.Context, appointmentID models.ID) (closing []models.Payment, err error) {
	err = t.db.InTx(ctx, func(ctx context.Context) error {
		b, err := t.lock(ctx, appointmentID)
		if err != nil {
			return err
		}
		for i := range b.payments {
			p := &b.payments[i]
			if p.Payable() && !t.held(b.visit) {
				p.State = models.PaymentVoided
				if err := t.save(ctx, p, "state"); err != nil {
					return err
				}
			}
			superseded := p.State == models.PaymentVoided || p.State == models.PaymentFailed
			if superseded && p.SessionID != nil && p.ClosedAt == nil {
				closing = append(closing, *p)
			}
		}
		return nil
	})
	return closing, err
}

// closeSession closes one link. The provider refuses when it is complete or closed already, which is
// what we want to know.
func (t *Till) closeSession(ctx context.Context, p models.Payment) error {
	_, err := t.stripe.ExpireSession(ctx, *p.SessionID)
	if err != nil && !stripeapi.Temporary(err) {
		session, readErr := t.stripe.Session(ctx, *p.SessionID)
		if readErr == nil && session.Status != stripeapi.SessionOpen {
			err = nil
		}
	}
	if err != nil {
		return fmt.Errorf("close payment link: %w", err)
	}
	return t.noteClosed(ctx, p.ID)
}

func (t *Till) noteClosed(ctx context.Context, id models.ID) error {
	err := t.db.On(ctx).Model(&models.Payment{}).Where("id = ? AND closed_at IS NULL", id).
		UpdateColumn("closed_at", t.clock.Now()).Error
	if err != nil {
		return fmt.Errorf("note closed payment link: %w", err)
	}
	return nil
}

// closeLinks enqueues the closing of an appointment's dead links.
func (t *Till) closeLinks(ctx context.Context, visit models.Appointment) error {
	return t.queue.Enqueue(ctx, queue.PaymentVoid{AppointmentID: visit.ID, ConversationID: conversationOf(visit)})
}
