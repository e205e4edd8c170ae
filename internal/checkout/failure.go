package checkout

import (
	"context"

	"frontdesk/internal/settings"
	"frontdesk/internal/stripeapi"
	"frontdesk/models"
)

// Failure is what a reported payment failure led to.
type Failure string

// What a reported failure leads to.
const (
	FailureNewLink    Failure = "new_link"    // a link is on its way; the one that failed is closed and the hold lasts longer
	FailureHandedOver Failure = "handed_over" // the last attempt: staff have a case
	FailurePaid       Failure = "paid"        // the deposit is here already
	FailureNoHold     Failure = "no_hold"     // nothing is waiting to be paid
)

// ReportFailure takes a customer's word that paying does not work. Each link counts once, whether the
// provider, the customer or both report it. It says nothing to the customer at once: the caller puts
// the outcome into words, and a new link is told when it is there ("payment.new_link").
func (t *Till) ReportFailure(ctx context.Context, appointmentID models.ID) (outcome Failure, err error) {
	err = t.db.InTx(ctx, func(ctx context.Context) error {
		b, err := t.lock(ctx, appointmentID)
		if err != nil {
			return err
		}
		p := b.reportable()
		switch {
		case b.settled():
			outcome = FailurePaid
			return nil
		case p == nil || !t.held(b.visit):
			outcome = FailureNoHold
			return nil
		case p.State == models.PaymentRequested:
			outcome = FailureNewLink // not here yet: nothing can have failed
			return nil
		}
		policies, err := t.settings.Policies(ctx)
		if err != nil {
			return err
		}
		t.countFailure(p)
		if b.failures() >= policies.PaymentMaxAttempts {
			outcome = FailureHandedOver
			return t.giveUp(ctx, b, p, policies, actorCustomer)
		}
		outcome = FailureNewLink
		return t.renew(ctx, b, p, policies)
	})
	return outcome, err
}

// reportable is the payment that a customer means who says that paying does not work: the one to be
// paid, else the newest when the provider ended its link early; nil when there is none.
func (b *bill) reportable() *models.Payment {
	if p := b.payable(); p != nil {
		return p
	}
	if last := len(b.payments) - 1; last >= 0 && b.payments[last].State == models.PaymentExpired {
		return &b.payments[last]
	}
	return nil
}

// declined takes the provider's word that a payment failed. A declined card leaves the page open for
// another try, so the first decline is only counted; a page that is finished and unpaid is replaced.
// The last attempt goes to staff, and the customer is told so.
func (t *Till) declined(ctx context.Context, b *bill, p *models.Payment, e stripeapi.Event) (string, error) {
	if !p.Payable() {
		return OutcomeUnchanged, t.noteCode(ctx, p, e.FailureCode)
	}
	t.identify(p, e)
	t.countFailure(p)
	p.ErrorCode = e.FailureCode
	if err := t.save(ctx, p, "session_id", "payment_intent", "closed_at", "failed_at", "error_code"); err != nil {
		return "", err
	}
	if !t.held(b.visit) {
		return OutcomeFailed, nil
	}
	policies, err := t.settings.Policies(ctx)
	if err != nil {
		return "", err
	}
	if b.failures() >= policies.PaymentMaxAttempts {
		if err := t.giveUp(ctx, b, p, policies, actorProvider); err != nil {
			return "", err
		}
		return OutcomeFailed, t.tell(ctx, b.visit, "payment.failed", p.ID)
	}
	if e.Type == stripeapi.AsyncFailedEvent {
		return OutcomeFailed, t.renew(ctx, b, p, policies)
	}
	return OutcomeFailed, nil
}

// noteCode keeps the provider's code of a failure that the customer reported first.
func (t *Till) noteCode(ctx context.Context, p *models.Payment, code string) error {
	if p.State != models.PaymentFailed || p.ErrorCode != "" || code == "" {
		return nil
	}
	p.ErrorCode = code
	return t.save(ctx, p, "error_code")
}

func (t *Till) countFailure(p *models.Payment) {
	if p.FailedAt == nil {
		now := t.clock.Now()
		p.FailedAt = &now
	}
}

// failures counts the links that were reported to fail.
func (b *bill) failures() (n int) {
	for _, p := range b.payments {
		if p.FailedAt != nil {
			n++
		}
	}
	return n
}

// renew replaces a failed link: the old one is closed, the hold gets time for the new one.
func (t *Till) renew(ctx context.Context, b *bill, p *models.Payment, policies settings.Policies) error {
	if err := t.retire(ctx, b, p); err != nil {
		return err
	}
	if err := t.diary.ExtendHold(ctx, b.visit.ID, policies.HoldRetryExtension); err != nil {
		return err
	}
	extended, err := t.lock(ctx, b.visit.ID)
	if err != nil {
		return err
	}
	_, err = t.request(ctx, extended)
	return err
}

// giveUp hands the last failure to staff; the policy decides whether the time stays blocked until the
// hold ends (C04).
func (t *Till) giveUp(ctx context.Context, b *bill, p *models.Payment, policies settings.Policies, actor string) error {
	if err := t.retire(ctx, b, p); err != nil {
		return err
	}
	if err := t.openCase(ctx, b.visit, caseFailed(b)); err != nil {
		return err
	}
	if policies.PaymentKeepAfterFailure {
		return nil
	}
	return t.diary.Release(ctx, b.visit.ID, actor, "payment.failed")
}

// retire marks a link as failed and has it closed at the provider.
func (t *Till) retire(ctx context.Context, b *bill, p *models.Payment) error {
	p.State = models.PaymentFailed
	if err := t.save(ctx, p, "state", "failed_at"); err != nil {
		return err
	}
	return t.closeLinks(ctx, b.visit)
}
