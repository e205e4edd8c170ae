package checkout

import (
	"context"
	"errors"
	"fmt"
	"time"

	"frontdesk/internal/i18n"
	"frontdesk/internal/stripeapi"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// backstop is how long the provider keeps a link after the hold: its own expiry is only there in
// case ours never reaches it, and it accepts nothing shorter than 30 minutes (C4).
const backstop = 31 * time.Minute

// RequestDeposit asks for a hold's deposit, for all of its group's in one sum, and enqueues the job
// that gets the link. A hold that has
// an unpaid request already keeps it; one whose links have failed as often as P.payment.max_attempts allows gets no
// other. Call it in the transaction that makes the hold.
func (t *Till) RequestDeposit(ctx context.Context, visit models.Appointment) (models.Payment, error) {
	var p models.Payment
	err := t.db.InTx(ctx, func(ctx context.Context) error {
		b, err := t.lock(ctx, visit.ID)
		if err != nil {
			return err
		}
		if b.visit.Status != models.Provisional || b.deposit() == 0 {
			return fmt.Errorf("request deposit: appointment is %s with a deposit of %d", b.visit.Status, b.deposit())
		}
		if open := b.payable(); open != nil {
			p = *open
			return nil
		}
		policies, err := t.settings.Policies(ctx)
		if err != nil {
			return err
		}
		if n := b.failures(); n >= policies.PaymentMaxAttempts {
			return fmt.Errorf("request deposit: %d links have failed, and staff have the case", n)
		}
		p, err = t.request(ctx, b)
		return err
	})
	return p, err
}

// request writes a payment for a locked hold. A group's hangs on the visit of its booker, whichever of its
// visits was asked about.
func (t *Till) request(ctx context.Context, b *bill) (models.Payment, error) {
	visit := b.party[0]
	lang, err := t.language(ctx, visit)
	if err != nil {
		return models.Payment{}, err
	}
	now := t.clock.Now()
	p := models.Payment{
		ID: models.NewID(), AppointmentID: visit.ID, GroupID: visit.GroupID, AmountMinor: b.deposit(), Currency: visit.Currency,
		State: models.PaymentRequested, Language: lang, ExpiresAt: visit.HoldExpiresAt.Add(backstop),
		CreatedAt: now, UpdatedAt: now,
	}
	if err := t.db.On(ctx).Create(&p).Error; err != nil {
		return p, fmt.Errorf("request deposit: %w", err)
	}
	return p, t.queue.Enqueue(ctx, queue.PaymentSession{PaymentID: p.ID, ConversationID: conversationOf(visit)})
}

// language is the one the payment page opens in.
func (t *Till) language(ctx context.Context, visit models.Appointment) (models.Language, error) {
	var lang models.Language
	q := t.db.On(ctx).Model(&models.Customer{}).Where("id = ?", visit.BookedByID)
	if visit.ConversationID != nil {
		q = t.db.On(ctx).Model(&models.Conversation{}).Where("id = ?", *visit.ConversationID)
	}
	if err := q.Select("language").Take(&lang).Error; err != nil {
		return "", fmt.Errorf("read language of payment page: %w", err)
	}
	return lang, nil
}

// OpenSession gets the link of a requested payment from the provider and has the customer told. It
// may run any number of times: the payment's id is the idempotency key and every parameter comes from
// the stored row, so that a crash between the provider's answer and our commit finds the same link.
// A hold that has ended gets no link. An error means: try again later; the customer has been told
// once that the link is delayed (R-1404).
func (t *Till) OpenSession(ctx context.Context, paymentID models.ID) error {
	p, err := t.Payment(ctx, paymentID)
	if err != nil {
		return err
	}
	if p.OrderID != nil {
		return t.openOrdered(ctx, p)
	}
	if p.State != models.PaymentRequested {
		return nil
	}
	visit, err := t.diary.Appointment(ctx, p.AppointmentID)
	if err != nil {
		return err
	}
	if !t.held(visit) {
		return t.Void(ctx, visit.ID)
	}
	policies, err := t.settings.Policies(ctx)
	if err != nil {
		return err
	}
	session, err := t.stripe.CreateSession(ctx, t.sessionRequest(p, policies.SalonName.In(p.Language)))
	if err != nil {
		return errors.Join(err, t.delayed(ctx, p, err))
	}
	return t.opened(ctx, p, session)
}

func (t *Till) sessionRequest(p models.Payment, salon string) stripeapi.SessionRequest {
	page := "?lang=" + p.Language
	return stripeapi.SessionRequest{
		IdempotencyKey: p.IdempotencyKey(), PaymentID: p.ID, AppointmentID: p.AppointmentID,
		Amount:     models.Money{Minor: p.AmountMinor, Currency: p.Currency},
		Title:      t.texts.Text(p.Language, "payment.page_title", i18n.Facts{"Salon": salon}),
		Language:   p.Language,
		SuccessURL: t.baseURL() + SuccessPath + page, CancelURL: t.baseURL() + CancelPath + page,
		ExpiresAt: p.ExpiresAt,
	}
}

// held tells whether the appointment is a hold whose time has not run out.
func (t *Till) held(visit models.Appointment) bool {
	return visit.Status == models.Provisional && visit.HoldExpiresAt != nil && t.clock.Now().Before(*visit.HoldExpiresAt)
}

// opened stores the link. What happened to the payment while the provider was asked decides whether
// the customer still gets it.
func (t *Till) opened(ctx context.Context, asked models.Payment, session stripeapi.Session) error {
	return t.db.InTx(ctx, func(ctx context.Context) error {
		b, err := t.lock(ctx, asked.AppointmentID)
		if err != nil {
			return err
		}
		p := b.payment(asked.ID)
		if p.SessionID == nil {
			p.SessionID = &session.ID
		}
		if p.State == models.PaymentRequested {
			p.State, p.URL, p.ErrorCode = models.PaymentOpen, session.URL, ""
		}
		if err := t.save(ctx, p, "session_id", "state", "url", "error_code"); err != nil {
			return err
		}
		if p.State != models.PaymentOpen || !t.held(b.visit) {
			return t.closeLinks(ctx, b.visit)
		}
		event := "payment.link"
		if b.payments[0].ID != p.ID {
			event = "payment.new_link"
		}
		return t.tell(ctx, b.visit, event, p.ID)
	})
}

// delayed notes why there is no link yet and has the customer told, the first time. A refusal will not
// pass by waiting: people are told of that too.
func (t *Till) delayed(ctx context.Context, asked models.Payment, cause error) error {
	return t.db.InTx(ctx, func(ctx context.Context) error {
		b, err := t.lock(ctx, asked.AppointmentID)
		if err != nil {
			return err
		}
		p := b.payment(asked.ID)
		if p.State != models.PaymentRequested || p.KeyVersion != asked.KeyVersion {
			return nil
		}
		first := p.ErrorCode == ""
		p.ErrorCode = stripeapi.Code(cause)
		if stripeapi.NeedsNewKey(cause) {
			p.KeyVersion++ // whatever session the old key made has no link anybody knows
		}
		if err := t.save(ctx, p, "error_code", "key_version"); err != nil || !first {
			return err
		}
		if !stripeapi.Temporary(cause) && !stripeapi.NeedsNewKey(cause) {
			if err := t.openCase(ctx, b.visit, caseNoLink(*p)); err != nil {
				return err
			}
		}
		return t.tell(ctx, b.visit, "payment.delayed", p.ID)
	})
}
