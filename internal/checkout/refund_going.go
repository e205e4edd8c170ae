package checkout

import (
	"context"

	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// setGoing lets a refund move that nobody has to agree to any more: what goes to a card is on its way with the payment and
// the deposit it empties, and a job asks the provider; people give what goes by hand, and with proof it has been given.
func (t *Till) setGoing(ctx context.Context, a account, r *models.Refund, proof, actor string) error {
	if a.sale != nil && r.OrderID == nil {
		facts := map[string]any{"refund_minor": r.AmountMinor, "reason": r.Reason}
		if err := t.noteMoney(ctx, a.sale, "refund.asked", a.payment(r.PaymentID), actor, facts); err != nil {
			return err
		}
	}
	switch {
	case !r.ByHand():
		if err := t.onItsWay(ctx, a, *r, actor); err != nil {
			return err
		}
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

// onItsWay brings the payment, and the deposit it paid, to what is going back. What people only promise to give is still here.
func (t *Till) onItsWay(ctx context.Context, a account, r models.Refund, actor string) error {
	p := a.payment(r.PaymentID)
	rows, err := t.Refunds(ctx, []models.ID{p.ID})
	if err != nil {
		return err
	}
	left, going := p.ReceivedMinor, []models.Refund(nil)
	for _, row := range rows[p.ID] {
		if row.State.Moves() && !row.Promised() {
			left, going = left-row.AmountMinor, append(going, row)
		}
	}
	if left == 0 && p.State == models.PaymentPaid {
		p.State = models.PaymentRefundPending
		if err := t.save(ctx, p, "state"); err != nil {
			return err
		}
	}
	if a.sale != nil {
		return nil
	}
	visit := a.bill.concerned(r)
	if share(visit, *p, going) > 0 || visit.DepositState != models.DepositPaid && visit.DepositState != models.DepositForfeited {
		return nil
	}
	a.bill.deposited(visit.ID, models.DepositRefundPending)
	return t.diary.SetDeposit(ctx, visit.ID, models.DepositRefundPending, actor, "refund.asked")
}

// deposited keeps the bill's own copies of a visit as its deposit is by now.
func (b *bill) deposited(visit models.ID, state models.DepositState) {
	if b.visit.ID == visit {
		b.visit.DepositState = state
	}
	for i := range b.party {
		if b.party[i].ID == visit {
			b.party[i].DepositState = state
		}
	}
}

func sameID(a, b *models.ID) bool { return a == nil && b == nil || a != nil && b != nil && *a == *b }
