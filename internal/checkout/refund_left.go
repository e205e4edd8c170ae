package checkout

import (
	"context"
	"fmt"

	"frontdesk/internal/fault"
	"frontdesk/internal/settings"
	"frontdesk/models"
)

// RefundLeft is what can go back of a visit's or an order's money.
type RefundLeft struct {
	Payment  *models.Payment // nil of an order that was paid in cash
	Currency string
	Captured int64 // what came in; of a group's payment the visit's part
	Left     int64 // less what went back, is on its way or waits for consent
	Lines    []RefundableLine
	Alone    int64 // what the actor may still give back without a second person
	Talk     *models.ID
}

// RefundableLine is a line of an order, how many of it no refund is for yet, and what refunds are for it.
type RefundableLine struct {
	models.OrderItem
	Left int
	Back int64
}

// Methods are the ways back, the usual one first. Nothing leads to the card of a payment whose references are gone, as those of somebody
// who was erased are.
func (l RefundLeft) Methods() []models.RefundMethod {
	if l.Payment == nil || !l.Payment.Reached() {
		return []models.RefundMethod{models.RefundByTransfer, models.RefundByCash}
	}
	return []models.RefundMethod{models.RefundByCard, models.RefundByTransfer, models.RefundByCash}
}

// RefundLeft tells what can go back, as the form shows it. It looks and keeps nobody waiting: whoever asks then is held against
// what there is under the locks. Faults as AskRefund about what it is of.
func (t *Till) RefundLeft(ctx context.Context, of RefundSubject, role models.Role) (RefundLeft, error) {
	a, err := t.seen(ctx, of)
	if err != nil {
		return RefundLeft{}, err
	}
	return t.refundLeft(ctx, a, role)
}

// seen is the account as it is in this moment, with nothing locked. Faults as account.
func (t *Till) seen(ctx context.Context, of RefundSubject) (a account, err error) {
	switch {
	case of.Order != nil && of.Visit == nil:
		a.sale = &sale{}
		if a.sale.order, err = t.Order(ctx, *of.Order); err != nil {
			return a, err
		}
		if a.sale.conversation, err = t.conversationOf(ctx, a.sale.order); err != nil {
			return a, err
		}
		a.sale.payments, err = t.OrderPayments(ctx, *of.Order)
	case of.Visit != nil && of.Order == nil:
		a.bill = &bill{}
		if a.bill.visit, err = t.diary.Appointment(ctx, *of.Visit); err != nil {
			return a, err
		}
		q := t.db.On(ctx).Where("appointment_id = ?", *of.Visit)
		if group := a.bill.visit.GroupID; group != nil {
			q = t.db.On(ctx).Where("group_id = ?", *group)
		}
		if err = q.Order("id").Find(&a.bill.payments).Error; err != nil {
			err = fmt.Errorf("read payments: %w", err)
		}
	default:
		err = fault.Invalid("refund.refused", map[string]string{"visit": "refund.no_subject"})
	}
	return a, err
}

func (t *Till) refundLeft(ctx context.Context, a account, role models.Role) (RefundLeft, error) {
	policies, err := t.settings.Policies(ctx)
	if err != nil {
		return RefundLeft{}, err
	}
	given, err := t.undecided(ctx, a)
	if err != nil {
		return RefundLeft{}, err
	}
	out := RefundLeft{Alone: max(0, aloneLimit(policies, role)-given), Talk: a.conversation()}
	if a.sale != nil {
		out.Currency = a.sale.order.Currency
		if out.Lines, err = t.refundableLines(ctx, a.sale.order); err != nil {
			return out, err
		}
	}
	if a.sale != nil && a.sale.order.Method == models.MethodCOD {
		return out, t.cashLeft(ctx, a.sale.order, &out)
	}
	return out, t.paidLeft(ctx, a, &out)
}

// cashLeft counts what an order that is paid at the door brought in: all of it, once it was delivered.
func (t *Till) cashLeft(ctx context.Context, o models.Order, out *RefundLeft) error {
	if o.DeliveredAt == nil {
		return nil
	}
	var rows []models.Refund
	if err := t.db.On(ctx).Where("order_id = ?", o.ID).Find(&rows).Error; err != nil {
		return fmt.Errorf("list refunds: %w", err)
	}
	out.Captured, out.Left = o.TotalMinor, o.TotalMinor
	for _, r := range rows {
		if holds(r) {
			out.Left -= r.AmountMinor
		}
	}
	return nil
}

// heldOf adds up what went back of the same money, is on its way, or waits for consent.
func (t *Till) heldOf(ctx context.Context, r models.Refund) (sum int64, err error) {
	err = of(t.db.On(ctx).Model(&models.Refund{}), r).Where("state IN ('asked', 'pending', 'succeeded')").
		Select("coalesce(sum(amount_minor), 0)").Scan(&sum).Error
	if err != nil {
		err = fmt.Errorf("add up refunds: %w", err)
	}
	return sum, err
}

// paidLeft finds the payment that has most left: of those that pay for something, else of those that could not be used.
func (t *Till) paidLeft(ctx context.Context, a account, out *RefundLeft) error {
	list := a.payments()
	rows, err := t.Refunds(ctx, paymentIDs(list))
	if err != nil {
		return err
	}
	for i := range list {
		p := &list[i]
		if p.PaidAt == nil || p.ReceivedMinor == 0 {
			continue
		}
		captured, left := p.ReceivedMinor, p.ReceivedMinor
		own := int64(0)
		for _, r := range rows[p.ID] {
			if holds(r) {
				left -= r.AmountMinor
				if a.bill != nil && r.AppointmentID != nil && *r.AppointmentID == a.bill.visit.ID {
					own += r.AmountMinor
				}
			}
		}
		if p.GroupID != nil {
			captured = min(captured, a.bill.visit.DepositMinor)
			left = max(0, min(left, captured-own))
		}
		left = max(0, left)
		better := out.Payment == nil || left > 0 && out.Left == 0
		if pays := p.ErrorCode == ""; !better && left > 0 {
			better = pays && out.Payment.ErrorCode != "" || left > out.Left && pays == (out.Payment.ErrorCode == "")
		}
		if better {
			out.Payment, out.Currency, out.Captured, out.Left = p, p.ReceivedIn, captured, left
		}
	}
	return nil
}

// holds tells whether staff cannot give a refund's amount back otherwise: it moves, waits for consent, or failed and is owed
// by the terms, so that another try gives it.
func holds(r models.Refund) bool {
	return r.State.Holds() || r.State == models.RefundFailed && r.Owed()
}

// refundableLines are the lines of an order, each with how many of it no refund is for. One that failed is for its lines yet.
func (t *Till) refundableLines(ctx context.Context, o models.Order) ([]RefundableLine, error) {
	var rows []struct {
		OrderItemID models.ID
		Qty         int
		Minor       int64
	}
	err := t.db.On(ctx).Raw(`SELECT i.order_item_id, sum(i.qty) AS qty, sum(i.amount_minor) AS minor FROM refund_items i JOIN refunds r ON r.id = i.refund_id
		WHERE i.order_item_id = ANY (ARRAY(SELECT id FROM order_items WHERE order_id = ?)) AND r.state IN ('asked', 'pending', 'succeeded', 'failed') GROUP BY 1`, o.ID).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("count refunded lines: %w", err)
	}
	var out []RefundableLine
	for _, item := range o.Items {
		line := RefundableLine{OrderItem: item, Left: item.Qty}
		for _, r := range rows {
			if r.OrderItemID == item.ID {
				line.Left, line.Back = max(0, line.Left-r.Qty), r.Minor
			}
		}
		out = append(out, line)
	}
	return out, nil
}

// spread shares so much among the lines it is for, by what they cost and never more; what a refund is more than its lines,
// such as the sending, is for none.
func spread(items []models.RefundItem, amount int64) []models.RefundItem {
	sum := int64(0)
	for _, item := range items {
		sum += item.AmountMinor
	}
	for i := range items {
		if cost := items[i].AmountMinor; amount < sum {
			items[i].AmountMinor = cost * amount / sum
			sum, amount = sum-cost, amount-items[i].AmountMinor // the last line takes what is left over
		}
	}
	return items
}

// undecided adds up what people and programs gave back of the same visit or order, or still owe, that nobody else agreed to:
// the limit is for all of it together, in however many pieces. But for one refund, where another takes its place.
func (t *Till) undecided(ctx context.Context, a account, but ...models.ID) (sum int64, err error) {
	q := t.db.On(ctx).Model(&models.Refund{}).Where("asked_by NOT IN ? AND decided_by = '' AND NOT second_person", []string{actorSystem, actorProvider}).
		Where("state IN ('pending', 'succeeded', 'failed')")
	if a.sale != nil {
		q = q.Where("(payment_id = ANY (ARRAY(SELECT id FROM payments WHERE order_id = @order)) OR order_id = @order)", map[string]any{"order": a.sale.order.ID})
	} else {
		q = q.Where("payment_id IN ?", paymentIDs(a.payments()))
	}
	if len(but) > 0 {
		q = q.Where("id NOT IN ?", but)
	}
	if err := q.Select("coalesce(sum(amount_minor), 0)").Scan(&sum).Error; err != nil {
		return 0, fmt.Errorf("add up what nobody else agreed to: %w", err)
	}
	return sum, nil
}

// aloneLimit is up to which amount a role gives money back without a second person.
func aloneLimit(p settings.Policies, role models.Role) int64 {
	switch role {
	case models.RoleAdmin, models.RoleFinance:
		return int64(p.RefundAloneMinor)
	case models.RoleMachine:
		return int64(p.RefundMachineMinor)
	default:
		return int64(p.RefundAskMinor)
	}
}
