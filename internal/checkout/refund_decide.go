package checkout

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm/clause"

	"frontdesk/internal/database"
	"frontdesk/internal/fault"
	"frontdesk/internal/stripeapi"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// RefundAct is what somebody of the salon does to a refund as they saw it.
type RefundAct struct {
	Actor   string
	Role    models.Role
	May     bool // the actor may act on refunds, not only ask for them
	ID      models.ID
	Version int64
	Note    string
	Method  models.RefundMethod // of another try: another way back; empty: the same
	Proof   string              // of what was given by hand
}

// ApproveRefund is the second person's consent: the refund moves (R-1109). Faults: refund.not_found, refund.changed,
// refund.not_waiting, refund.own, refund.late, refund.needs_person, refund.needs_admin.
func (t *Till) ApproveRefund(ctx context.Context, act RefundAct) (models.Refund, error) {
	return t.onRefund(ctx, act, func(ctx context.Context, a account, r *models.Refund) error {
		if err := t.mayDecideRefund(act, *r); err != nil {
			return err
		}
		now := t.clock.Now()
		r.DecidedBy, r.DecidedAt, r.ExpiresAt = act.Actor, &now, nil
		if err := t.turn(ctx, r, models.RefundPending, act.Actor, act.Note, "decided_by", "decided_at", "expires_at"); err != nil {
			return err
		}
		return t.setGoing(ctx, a, r, r.Proof, act.Actor)
	})
}

// RejectRefund is the second person's refusal, and says why. What is owed all the same has failed then, and is tried again. Faults: as ApproveRefund, and refund.refused with the field
// note.
func (t *Till) RejectRefund(ctx context.Context, act RefundAct) (models.Refund, error) {
	if strings.TrimSpace(act.Note) == "" {
		return models.Refund{}, fault.Invalid("refund.refused", map[string]string{"note": "refund.note_missing"})
	}
	return t.onRefund(ctx, act, func(ctx context.Context, _ account, r *models.Refund) error {
		if err := t.mayDecideRefund(act, *r); err != nil {
			return err
		}
		now := t.clock.Now()
		r.DecidedBy, r.DecidedAt, r.ExpiresAt = act.Actor, &now, nil
		if err := t.turn(ctx, r, models.RefundRejected, act.Actor, act.Note, "decided_by", "decided_at", "expires_at"); err != nil {
			return err
		}
		return t.stillOwed(ctx, r)
	})
}

// mayDecideRefund refuses whoever asked, whoever is no person, and a decision that comes too late. Who is behind a program
// nobody knows: it may be whoever agrees. An admin gives the token out, and agrees to what is asked with it.
func (t *Till) mayDecideRefund(act RefundAct, r models.Refund) error {
	switch {
	case r.State != models.RefundAsked:
		return fault.Conflict("refund.not_waiting")
	case !byStaff(act.Actor):
		return fault.Forbidden("refund.needs_person")
	case r.AskedBy == act.Actor:
		return fault.Conflict("refund.own")
	case !byStaff(r.AskedBy) && act.Role != models.RoleAdmin:
		return fault.Forbidden("refund.needs_admin")
	case r.ExpiresAt != nil && !t.clock.Now().Before(*r.ExpiresAt):
		return fault.Conflict("refund.late")
	default:
		return nil
	}
}

// CancelRefund takes back what has not moved: a refund that waits for consent, or one that people were to give by hand. What
// is owed all the same has failed then, and only whoever may act on refunds takes it back. Faults: refund.not_found,
// refund.changed, refund.moving, refund.owed.
func (t *Till) CancelRefund(ctx context.Context, act RefundAct) (models.Refund, error) {
	return t.onRefund(ctx, act, func(ctx context.Context, a account, r *models.Refund) error {
		if r.State != models.RefundAsked && !r.Promised() {
			return fault.Conflict("refund.moving")
		}
		// What the payment paid for is given up already, as by a cancellation: nobody else keeps the money.
		owed := r.Owed() || r.Promised() && r.OrderID == nil && a.payment(r.PaymentID).State != models.PaymentPaid
		if owed && !act.May {
			return fault.Forbidden("refund.owed")
		}
		r.ExpiresAt = nil
		if err := t.turn(ctx, r, models.RefundCanceled, act.Actor, act.Note, "expires_at"); err != nil || !owed {
			return err
		}
		return t.undone(ctx, r, string(models.RefundCanceled))
	})
}

// GiveRefund says that money was given by hand, with its proof. Faults: refund.not_found, refund.changed,
// refund.not_by_hand, refund.refused with the field proof.
func (t *Till) GiveRefund(ctx context.Context, act RefundAct) (models.Refund, error) {
	proof := strings.Join(strings.Fields(act.Proof), " ")
	if proof == "" || !said(proof, MaxProof) {
		return models.Refund{}, fault.Invalid("refund.refused", map[string]string{"proof": "return.proof_missing"})
	}
	return t.onRefund(ctx, act, func(ctx context.Context, a account, r *models.Refund) error {
		if r.State != models.RefundPending || !r.ByHand() {
			return fault.Conflict("refund.not_by_hand")
		}
		return t.given(ctx, a, r, proof, act.Actor)
	})
}

// given notes that people gave the money, and what follows for what it had paid.
func (t *Till) given(ctx context.Context, a account, r *models.Refund, proof, actor string) error {
	r.Proof = proof
	if err := t.turn(ctx, r, models.RefundSucceeded, actor, "", "proof"); err != nil {
		return err
	}
	if err := t.tellRefunded(ctx, a.conversation(), *r); err != nil {
		return err
	}
	if r.OrderID != nil {
		return t.cashGiven(ctx, a.sale, *r, actor)
	}
	if err := t.onItsWay(ctx, a, *r, actor); err != nil {
		return err
	}
	p := a.payment(r.PaymentID)
	if a.sale != nil {
		if err := t.noteMoney(ctx, a.sale, "refund.by_hand", p, actor, map[string]any{"refund_minor": r.AmountMinor, "method": r.Method}); err != nil {
			return err
		}
		return t.balanceOrder(ctx, a.sale, p)
	}
	if r.AppointmentID != nil {
		if err := t.balanceShare(ctx, *r.AppointmentID, *r); err != nil {
			return err
		}
	}
	return t.balance(ctx, a.bill, p)
}

// cashGiven notes with an order what of its cash was given back; once all of it has gone back, the order is refunded.
func (t *Till) cashGiven(ctx context.Context, s *sale, r models.Refund, actor string) error {
	var back int64
	err := of(t.db.On(ctx).Model(&models.Refund{}), r).Where("state = 'succeeded'").Select("coalesce(sum(amount_minor), 0)").Scan(&back).Error
	if err != nil {
		return fmt.Errorf("add up what went back: %w", err)
	}
	e := models.OrderEvent{Kind: "refund.by_hand", Actor: actor, Data: data(map[string]any{"refund_minor": r.AmountMinor, "method": r.Method})}
	if back < s.order.TotalMinor || !s.order.Status.May(models.OrderRefunded) {
		return t.note(ctx, s.order.ID, e)
	}
	e.Kind = "refunded"
	return t.move(ctx, s, models.OrderRefunded, e)
}

// onRefund does something to a refund with all it concerns locked, as its actor saw it.
func (t *Till) onRefund(ctx context.Context, act RefundAct, do func(ctx context.Context, a account, r *models.Refund) error) (models.Refund, error) {
	var out models.Refund
	if !said(act.Note, MaxStaffNote) {
		return out, fault.Invalid("refund.refused", map[string]string{"note": "return.text_long"})
	}
	err := t.db.InTx(ctx, func(ctx context.Context) error {
		seen, err := t.refundRow(ctx, act.ID)
		if err != nil {
			return err
		}
		subject, err := t.subjectOf(ctx, seen)
		if err != nil {
			return err
		}
		a, err := t.account(ctx, subject)
		if err != nil {
			return err
		}
		if err := t.db.On(ctx).Clauses(clause.Locking{Strength: "NO KEY UPDATE"}).Where("id = ?", act.ID).Take(&out).Error; err != nil {
			return fmt.Errorf("lock refund: %w", err)
		}
		if out.Version != act.Version {
			return fault.Conflict("refund.changed")
		}
		return do(ctx, a, &out)
	})
	switch {
	case database.Violates(err, "refunds_within_received"):
		return models.Refund{}, fault.Conflict("refund.nothing_left")
	case err != nil:
		return models.Refund{}, fmt.Errorf("act on refund: %w", err)
	}
	return out, nil
}

// refundRow reads a refund. Fault: refund.not_found.
func (t *Till) refundRow(ctx context.Context, id models.ID) (models.Refund, error) {
	var r models.Refund
	err := t.db.On(ctx).Where("id = ?", id).Take(&r).Error
	switch {
	case missing(err):
		return r, fault.NotFound("refund.not_found")
	case err != nil:
		return r, fmt.Errorf("read refund: %w", err)
	default:
		return r, nil
	}
}

// subjectOf is what a refund is of.
func (t *Till) subjectOf(ctx context.Context, r models.Refund) (RefundSubject, error) {
	if r.OrderID != nil {
		return RefundSubject{Order: r.OrderID}, nil
	}
	if r.AppointmentID != nil {
		return RefundSubject{Visit: r.AppointmentID}, nil
	}
	p, err := t.Payment(ctx, r.PaymentID)
	if err != nil {
		return RefundSubject{}, err
	}
	if p.OrderID != nil {
		return RefundSubject{Order: p.OrderID}, nil
	}
	return RefundSubject{Visit: &p.AppointmentID}, nil
}

// ExpireRefunds ends what nobody agreed to in time, and tells how many (R-1109). At most so many at a time.
func (t *Till) ExpireRefunds(ctx context.Context) (n int, err error) {
	var ids []models.ID
	err = t.db.On(ctx).Model(&models.Refund{}).Where("state = 'asked' AND expires_at <= ?", t.clock.Now()).
		Order("expires_at").Limit(200).Pluck("id", &ids).Error
	if err != nil {
		return 0, fmt.Errorf("find refunds nobody agreed to: %w", err)
	}
	for _, id := range ids {
		err := t.db.InTx(ctx, func(ctx context.Context) error {
			var r models.Refund
			err := t.db.On(ctx).Clauses(clause.Locking{Strength: "NO KEY UPDATE"}).
				Where("id = ? AND state = 'asked' AND expires_at <= ?", id, t.clock.Now()).Take(&r).Error
			if missing(err) {
				return nil // somebody has decided
			}
			if err != nil {
				return fmt.Errorf("lock refund: %w", err)
			}
			n++
			if err := t.turn(ctx, &r, models.RefundExpired, actorSystem, ""); err != nil {
				return err
			}
			return t.stillOwed(ctx, &r)
		})
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// stripeReason is the provider's word for why money goes back (C5).
func stripeReason(reason string) stripeapi.RefundReason {
	switch reason {
	case refundDuplicate, string(models.ReasonTwice):
		return stripeapi.ReasonDuplicate
	case string(models.ReasonFraud):
		return stripeapi.ReasonFraudulent
	default:
		return stripeapi.ReasonRequested
	}
}

// tellRefunded has a customer told that money is out which the salon's people gave back. What goes back by the terms was
// told when it began, what goes back for a return is told with it.
func (t *Till) tellRefunded(ctx context.Context, talk *models.ID, r models.Refund) error {
	if talk == nil || !slices.Contains(models.RefundReasons(), models.RefundReason(r.Reason)) {
		return nil
	}
	return t.queue.Enqueue(ctx, queue.Tell{ConversationID: *talk, Event: "refund.done", Ref: r.ID})
}
