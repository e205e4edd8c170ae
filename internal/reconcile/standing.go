package reconcile

import (
	"context"
	"fmt"

	"frontdesk/internal/stripeapi"
	"frontdesk/models"
)

// servesNothing tells of a payment p that was kept and pays for nothing, or brought in more than goes back of it.
const servesNothing = `p.received_minor > 0 AND CASE WHEN p.state <> 'paid' THEN
		p.received_minor > (SELECT coalesce(sum(r.amount_minor), 0) FROM refunds r WHERE r.payment_id = p.id AND r.state IN ('asked', 'pending', 'succeeded', 'failed'))
	WHEN p.order_id IS NOT NULL THEN
		NOT EXISTS (SELECT FROM orders o WHERE o.id = p.order_id AND o.method = 'stripe' AND o.status IN ('paid', 'shipped', 'delivered'))
	ELSE
		NOT EXISTS (SELECT FROM appointments a WHERE a.id = p.appointment_id AND a.deposit_state IN ('paid', 'forfeited', 'refund_pending'))
		AND NOT EXISTS (SELECT FROM appointments a WHERE a.group_id = p.group_id AND a.deposit_state IN ('paid', 'forfeited', 'refund_pending')) END`

// another tells that something else has paid for what a payment p is for.
const another = `EXISTS (SELECT FROM payments o WHERE o.id <> p.id AND o.state = 'paid' AND coalesce(o.order_id, o.group_id, o.appointment_id) = coalesce(p.order_id, p.group_id, p.appointment_id))`

// unpaidVisit tells of a visit a that stands as paid without a payment, or that stands though its deposit was never paid.
const unpaidVisit = `a.deposit_minor > 0 AND (a.deposit_state = 'pending' AND a.status IN ('confirmed', 'reschedule_pending', 'completed', 'no_show')
	OR a.deposit_state = 'paid' AND NOT EXISTS (SELECT FROM payments p WHERE p.appointment_id = a.id AND p.state = 'paid')
		AND NOT EXISTS (SELECT FROM payments p WHERE p.group_id = a.group_id AND p.state = 'paid'))`

// unpaidOrder tells of an order o that stands as paid by card without a payment of it.
const unpaidOrder = `o.method = 'stripe' AND o.status IN ('paid', 'shipped', 'delivered')
	AND NOT EXISTS (SELECT FROM payments p WHERE p.order_id = o.id AND p.received_minor > 0 AND p.error_code = '')`

// Whatever changed in a window: money that came in, and what it was for.
const (
	changedPayments = `p.id = ANY (ARRAY(SELECT id FROM payments WHERE paid_at >= @from AND paid_at < @to
		UNION SELECT p.id FROM appointments a JOIN payments p ON p.appointment_id = a.id WHERE a.deposit_minor > 0 AND a.updated_at >= @from AND a.updated_at < @to
		UNION SELECT p.id FROM appointments a JOIN payments p ON p.group_id = a.group_id WHERE a.deposit_minor > 0 AND a.updated_at >= @from AND a.updated_at < @to
		UNION SELECT p.id FROM orders o JOIN payments p ON p.order_id = o.id WHERE o.method = 'stripe' AND o.updated_at >= @from AND o.updated_at < @to))`
	changedVisits = `a.updated_at >= @from AND a.updated_at < @to`
	changedOrders = `o.updated_at >= @from AND o.updated_at < @to`
)

// standing looks, in our own books alone, for money that pays for nothing and for what stands as paid without money.
func (b *Books) standing(ctx context.Context, w stripeapi.Window) ([]models.Difference, error) {
	return b.orphans(ctx, changedPayments, changedVisits, changedOrders, map[string]any{"from": w.From, "to": w.To})
}

// orphans looks at the payments, visits and orders that three conditions choose; an empty one chooses none.
func (b *Books) orphans(ctx context.Context, payments, visits, orders string, args map[string]any) ([]models.Difference, error) {
	var out []models.Difference
	for _, look := range []struct {
		where string
		find  func(ctx context.Context, where string, args map[string]any) ([]models.Difference, error)
	}{{payments, b.idlePayments}, {visits, b.unpaidVisits}, {orders, b.unpaidOrders}} {
		if look.where == "" {
			continue
		}
		list, err := look.find(ctx, look.where, args)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
}

func (b *Books) idlePayments(ctx context.Context, where string, args map[string]any) ([]models.Difference, error) {
	var rows []struct {
		models.Payment
		Another bool
	}
	err := b.db.On(ctx).Raw(fmt.Sprintf("SELECT p.*, %s AS another FROM payments p WHERE %s AND %s ORDER BY p.id LIMIT %d", another, where, servesNothing, maxNew), args).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("look for money that pays for nothing: %w", err)
	}
	var out []models.Difference
	for _, r := range rows {
		kind := models.DiffServesNothing
		if r.Another {
			kind = models.DiffTwice
		}
		since := r.UpdatedAt
		if r.PaidAt != nil {
			since = *r.PaidAt
		}
		d := here(difference(kind, r.ID.String(), since), r.ReceivedMinor, r.ReceivedIn, string(r.State))
		if subjectOf(&d, &r.Payment); r.PaymentIntent != nil {
			d.Intent = *r.PaymentIntent
		}
		d.ThereState = "" // nobody was asked
		out = append(out, d)
	}
	return out, nil
}

func (b *Books) unpaidVisits(ctx context.Context, where string, args map[string]any) ([]models.Difference, error) {
	var rows []models.Appointment
	err := b.db.On(ctx).Raw(fmt.Sprintf("SELECT a.* FROM appointments a WHERE %s AND %s ORDER BY a.id LIMIT %d", where, unpaidVisit, maxNew), args).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("look for visits without their money: %w", err)
	}
	var out []models.Difference
	for _, v := range rows {
		d := here(difference(models.DiffUnpaid, v.ID.String(), v.UpdatedAt), v.DepositMinor, v.Currency, string(v.Status))
		d.AppointmentID, d.ThereState = &v.ID, ""
		out = append(out, d)
	}
	return out, nil
}

func (b *Books) unpaidOrders(ctx context.Context, where string, args map[string]any) ([]models.Difference, error) {
	var rows []models.Order
	err := b.db.On(ctx).Raw(fmt.Sprintf("SELECT o.* FROM orders o WHERE %s AND %s ORDER BY o.id LIMIT %d", where, unpaidOrder, maxNew), args).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("look for orders without their money: %w", err)
	}
	var out []models.Difference
	for _, o := range rows {
		d := here(difference(models.DiffUnpaid, o.ID.String(), o.UpdatedAt), o.TotalMinor, o.Currency, string(o.Status))
		d.OrderID, d.ThereState = &o.ID, ""
		out = append(out, d)
	}
	return out, nil
}
