package reconcile

import (
	"context"
	"fmt"

	"frontdesk/internal/stripeapi"
	"frontdesk/models"
)

// refunds compares what went back. Most refunds name each other and agree; the payments of the others are looked at whole.
func (l *look) refunds(ctx context.Context) error {
	if err := l.stage(ctx, "refunds"); err != nil {
		return err
	}
	seen, doubtful := map[models.ID]bool{}, map[models.ID]string{}
	err := pages(ctx, func(ctx context.Context, after string) (stripeapi.Page[stripeapi.Returned], error) {
		return l.provider.RefundsIn(ctx, l.earlierOn(), after)
	}, func(ctx context.Context, items []stripeapi.Returned) error {
		return l.theirRefunds(ctx, items, seen, doubtful)
	})
	if err != nil {
		return err
	}
	if err := l.ownRefunds(ctx, seen, doubtful); err != nil {
		return err
	}
	for id, intent := range doubtful {
		if !l.single() {
			continue
		}
		list, err := l.refundsOf(ctx, id, intent)
		if err != nil {
			return err
		}
		l.note(list...)
	}
	return nil
}

// theirRefunds takes a part of the provider's list.
func (l *look) theirRefunds(ctx context.Context, items []stripeapi.Returned, seen map[models.ID]bool, doubtful map[models.ID]string) error {
	var ids, payments []models.ID
	var refs, intents []string
	for _, t := range items {
		ids, refs = append(ids, t.RefundID), append(refs, t.ID)
		if payments = append(payments, t.PaymentID); t.PaymentIntent != "" {
			intents = append(intents, t.PaymentIntent)
		}
	}
	var ours []models.Refund
	err := l.db.On(ctx).Raw("SELECT * FROM refunds WHERE id IN ? UNION SELECT * FROM refunds WHERE provider_id IN ?", ids, refs).Scan(&ours).Error
	if err != nil {
		return fmt.Errorf("read refunds: %w", err)
	}
	rows, err := l.paymentsOf(ctx, payments, intents)
	if err != nil {
		return err
	}
	for _, t := range items {
		r := refundOf(t, ours)
		in := l.w.Holds(t.Created) || r != nil && l.w.Holds(r.CreatedAt)
		if in && !t.Failed() {
			f := l.sum("refunds", t.Amount.Currency)
			f.There, f.ThereMinor = f.There+1, f.ThereMinor+t.Amount.Minor
		}
		if r != nil && !seen[r.ID] && agrees(*r, t) {
			seen[r.ID] = true
			l.ownRefund(*r, in)
			continue
		}
		if !in {
			continue
		}
		if p := paymentOf(rows, t.PaymentID, t.PaymentIntent); p != nil {
			doubtful[p.ID] = t.PaymentIntent
		} else if !t.Failed() && l.now.Sub(t.Created) >= grace {
			d := there(difference(models.DiffRefundUnknownHere, t.ID, t.Created), t.Amount, string(t.Status))
			d.Ref, d.Intent = t.ID, t.PaymentIntent
			l.note(d)
		}
	}
	return nil
}

func (l *look) ownRefund(r models.Refund, in bool) {
	if in && r.State.Moves() {
		f := l.sum("refunds", r.Currency)
		f.Here, f.HereMinor = f.Here+1, f.HereMinor+r.AmountMinor
	}
}

// ownRefunds looks for refunds of ours in the window that the provider's list does not name.
func (l *look) ownRefunds(ctx context.Context, seen map[models.ID]bool, doubtful map[models.ID]string) error {
	at, id := l.w.From, models.ID{}
	for {
		var rows []struct {
			models.Refund
			Intent *string
		}
		err := l.db.On(ctx).Raw(`SELECT r.*, p.payment_intent AS intent FROM refunds r JOIN payments p ON p.id = r.payment_id
			WHERE r.method = 'card' AND r.state IN ('pending', 'succeeded') AND (r.created_at, r.id) > (?, ?) AND r.created_at < ? ORDER BY r.created_at, r.id LIMIT ?`,
			at, id, l.w.To, rowsAtOne).Scan(&rows).Error
		if err != nil {
			return fmt.Errorf("read refunds that move: %w", err)
		}
		for _, r := range rows {
			if at, id = r.CreatedAt, r.ID; seen[r.ID] {
				continue
			}
			if l.ownRefund(r.Refund, true); r.Intent != nil {
				doubtful[r.PaymentID] = *r.Intent
			}
		}
		if len(rows) < rowsAtOne {
			return nil
		}
	}
}

// refundsOf compares all that went back of one payment.
func (b *Books) refundsOf(ctx context.Context, id models.ID, intent string) ([]models.Difference, error) {
	if intent == "" {
		return nil, nil
	}
	theirs, err := b.provider.RefundsOf(ctx, intent)
	if err != nil {
		return nil, err
	}
	var p models.Payment
	if err := b.db.On(ctx).Where("id = ?", id).Take(&p).Error; err != nil {
		return nil, fmt.Errorf("read payment: %w", err)
	}
	var ours []models.Refund
	if err := b.db.On(ctx).Where("payment_id = ?", id).Order("created_at, id").Find(&ours).Error; err != nil {
		return nil, fmt.Errorf("read refunds of payment: %w", err)
	}
	return judgeRefunds(p, intent, ours, theirs, b.clock.Now()), nil
}
