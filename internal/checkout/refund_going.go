package checkout

import (
	"context"

	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// setGoing lets a refund move that nobody has to agree to any more: a payment of which nothing is left is on its way back,
// with the deposit it paid; a job asks the provider, people give what goes by hand, and with proof it has been given.
func (t *Till) setGoing(ctx context.Context, a account, r *models.Refund, proof, actor string) error {
	if r.OrderID == nil {
		if err := t.onItsWay(ctx, a, *r, actor); err != nil {
			return err
		}
	}
	switch {
	case !r.ByHand():
		conversation := models.ID{}
		if talk := a.conversation(); talk != nil {
			conversation = *talk
		}
		return t.queue.Enqueue(ctx, queue.RefundSend{RefundID: r.ID, ConversationID: conversation})
	case proof != "":
		return t.given(ctx, a, r, proof, actor)
	default:
		return nil
	}
}

// onItsWay brings the payment, and the deposit it paid, to what is going back.
func (t *Till) onItsWay(ctx context.Context, a account, r models.Refund, actor string) error {
	p := a.payment(r.PaymentID)
	left, err := t.left(ctx, *p)
	if err != nil {
		return err
	}
	if left == 0 && p.State == models.PaymentPaid {
		p.State = models.PaymentRefundPending
		if err := t.save(ctx, p, "state"); err != nil {
			return err
		}
	}
	if a.sale != nil {
		return t.noteMoney(ctx, a.sale, "refund.asked", p, actor, map[string]any{"refund_minor": r.AmountMinor, "reason": r.Reason})
	}
	rows, err := t.Refunds(ctx, []models.ID{p.ID})
	if err != nil {
		return err
	}
	visit := a.bill.concerned(r)
	if share(visit, *p, rows[p.ID]) > 0 || visit.DepositState != models.DepositPaid && visit.DepositState != models.DepositForfeited {
		return nil
	}
	return t.diary.SetDeposit(ctx, visit.ID, models.DepositRefundPending, actor, "refund.asked")
}

func sameID(a, b *models.ID) bool { return a == nil && b == nil || a != nil && b != nil && *a == *b }
