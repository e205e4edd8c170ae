package checkout

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"frontdesk/models"
)

// RefundFilter narrows the list of refunds, newest first. What is left at zero narrows nothing.
type RefundFilter struct {
	State    models.RefundState
	Method   models.RefundMethod
	Reason   string
	Kind     string    // "visit" or "order"
	Least    int64     // of the amount, in minor units
	Most     int64     // 0: no end
	From, To time.Time // when it began, half open
	Of       models.ID // a customer, an order, a visit or a payment
	Text     string    // an order's number, a refund's id or the provider's
	After    *time.Time
	AfterID  models.ID // with After: behind this one
	Limit    int
}

// RefundRow is a refund in a list, with what it is of.
type RefundRow struct {
	models.Refund
	VisitID    *models.ID
	SaleID     *models.ID // the order
	Number     string     // of the order
	CustomerID *models.ID
}

// Subject is what the refund is of.
func (r RefundRow) Subject() RefundSubject {
	if r.SaleID != nil {
		return RefundSubject{Order: r.SaleID}
	}
	return RefundSubject{Visit: r.VisitID}
}

const refundRows = `refunds r LEFT JOIN payments p ON p.id = r.payment_id LEFT JOIN orders o ON o.id = coalesce(r.order_id, p.order_id)
	LEFT JOIN appointments a ON a.id = coalesce(r.appointment_id, p.appointment_id)`

func (t *Till) refundQuery(ctx context.Context, rows string, f RefundFilter) *gorm.DB {
	q := t.db.On(ctx).Table(rows)
	for _, by := range []struct {
		given bool
		where string
		value any
	}{
		{f.State != "", "r.state = ?", f.State}, {f.Method != "", "r.method = ?", f.Method}, {f.Reason != "", "r.reason = ?", f.Reason},
		{f.Least > 0, "r.amount_minor >= ?", f.Least}, {f.Most > 0, "r.amount_minor < ?", f.Most},
		{!f.From.IsZero(), "r.created_at >= ?", f.From}, {!f.To.IsZero(), "r.created_at < ?", f.To},
	} {
		if by.given {
			q = q.Where(by.where, by.value)
		}
	}
	switch f.Kind {
	case "visit":
		q = q.Where("r.order_id IS NULL AND EXISTS (SELECT FROM payments k WHERE k.id = r.payment_id AND k.order_id IS NULL)")
	case "order":
		q = q.Where(`r.id = ANY (ARRAY(SELECT id FROM refunds WHERE order_id IS NOT NULL
			UNION ALL SELECT id FROM refunds WHERE payment_id = ANY (ARRAY(SELECT id FROM payments WHERE order_id IS NOT NULL))))`)
	}
	if f.Of != (models.ID{}) {
		q = q.Where(`r.id = ANY (ARRAY(
			SELECT id FROM refunds WHERE payment_id = ANY (ARRAY(
				SELECT id FROM payments WHERE id = @of OR order_id = @of OR appointment_id = @of
				UNION SELECT id FROM payments WHERE order_id = ANY (ARRAY(SELECT id FROM orders WHERE customer_id = @of))
				UNION SELECT id FROM payments WHERE appointment_id = ANY (ARRAY(SELECT id FROM appointments WHERE booked_by_id = @of OR customer_id = @of))))
			UNION SELECT id FROM refunds WHERE order_id = @of OR appointment_id = @of
			UNION SELECT id FROM refunds WHERE order_id = ANY (ARRAY(SELECT id FROM orders WHERE customer_id = @of))))`, map[string]any{"of": f.Of})
	}
	if f.Text != "" {
		q = named(q, f.Text)
	}
	return q
}

// named narrows refunds to one by its id, or to those of a provider's id or an order's number: each is found by an index.
func named(q *gorm.DB, text string) *gorm.DB {
	var id models.ID
	if id.UnmarshalText([]byte(text)) == nil {
		return q.Where("r.id = ?", id)
	}
	return q.Where(`r.id = ANY (ARRAY(SELECT id FROM refunds WHERE provider_id = @text
		UNION SELECT id FROM refunds WHERE order_id = ANY (ARRAY(SELECT id FROM orders WHERE number = upper(@text)))
		UNION SELECT id FROM refunds WHERE payment_id = ANY (ARRAY(SELECT id FROM payments WHERE order_id = ANY (ARRAY(SELECT id FROM orders WHERE number = upper(@text)))))))`,
		map[string]any{"text": text})
}

// ListRefunds lists refunds for the salon.
func (t *Till) ListRefunds(ctx context.Context, f RefundFilter) ([]RefundRow, error) {
	q := t.refundQuery(ctx, refundRows, f)
	if f.After != nil {
		q = q.Where("(r.created_at, r.id) < (?, ?)", *f.After, f.AfterID)
	}
	var out []RefundRow
	err := q.Select(`r.*, a.id AS visit_id, o.id AS sale_id, coalesce(o.number, '') AS number, coalesce(o.customer_id, a.booked_by_id) AS customer_id`).
		Order("r.created_at DESC, r.id DESC").Limit(f.Limit).Scan(&out).Error
	if err != nil {
		return nil, fmt.Errorf("list refunds: %w", err)
	}
	return out, nil
}

// RefundSum is what refunds of a state add up to.
type RefundSum struct {
	State    models.RefundState
	Currency string
	N        int
	Minor    int64
}

// summed is how many refunds are added up: a list of years is not read whole.
const summed = 1000

// SumRefunds adds up the newest that a filter finds, by state and currency: from the ledger alone.
func (t *Till) SumRefunds(ctx context.Context, f RefundFilter) ([]RefundSum, error) {
	var out []RefundSum
	newest := t.refundQuery(ctx, "refunds r", f).Select("r.state, r.currency, r.amount_minor").Order("r.created_at DESC, r.id DESC").Limit(summed)
	err := t.db.On(ctx).Table("(?) AS r", newest).Select("r.state, r.currency, count(*) AS n, sum(r.amount_minor) AS minor").
		Group("r.state, r.currency").Order("r.currency, r.state").Scan(&out).Error
	if err != nil {
		return nil, fmt.Errorf("add up refunds: %w", err)
	}
	return out, nil
}

// RefundStory is a refund with all there is to know of it.
type RefundStory struct {
	RefundRow
	Payment *models.Payment // nil of an order that was paid in cash
	Items   []models.RefundItem
	Events  []models.RefundEvent // oldest first
	Next    *models.ID           // the refund that took this one's place
	Talk    *models.ID           // where its customer is told
}

// RefundWhole reads one refund. Fault: refund.not_found.
func (t *Till) RefundWhole(ctx context.Context, id models.ID) (out RefundStory, err error) {
	row, err := t.refundRow(ctx, id)
	if err != nil {
		return out, err
	}
	err = t.db.On(ctx).Table(refundRows).Where("r.id = ?", row.ID).
		Select(`r.*, a.id AS visit_id, o.id AS sale_id, coalesce(o.number, '') AS number, coalesce(o.customer_id, a.booked_by_id) AS customer_id`).
		Scan(&out.RefundRow).Error
	if err != nil {
		return out, fmt.Errorf("read refund: %w", err)
	}
	if out.OrderID == nil {
		p, err := t.Payment(ctx, out.PaymentID)
		if err != nil {
			return out, err
		}
		out.Payment = &p
	}
	if err := t.db.On(ctx).Where("refund_id = ?", id).Order("id").Find(&out.Items).Error; err != nil {
		return out, fmt.Errorf("read lines of refund: %w", err)
	}
	if err := t.db.On(ctx).Where("refund_id = ?", id).Order("at, id").Find(&out.Events).Error; err != nil {
		return out, fmt.Errorf("read story of refund: %w", err)
	}
	var next []models.ID
	if err := t.db.On(ctx).Model(&models.Refund{}).Where("retry_of = ?", id).Pluck("id", &next).Error; err != nil {
		return out, fmt.Errorf("find what took the refund's place: %w", err)
	}
	if len(next) > 0 {
		out.Next = &next[0]
	}
	out.Talk, err = t.talkOfRefund(ctx, out.RefundRow)
	return out, err
}

func (t *Till) talkOfRefund(ctx context.Context, r RefundRow) (*models.ID, error) {
	if r.SaleID != nil {
		o, err := t.orderRow(ctx, "id = ?", *r.SaleID)
		if err != nil {
			return nil, err
		}
		return t.conversationOf(ctx, o)
	}
	v, err := t.diary.Appointment(ctx, *r.VisitID)
	return v.ConversationID, err
}
