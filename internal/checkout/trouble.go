package checkout

import (
	"context"
	"fmt"
	"time"

	"frontdesk/models"
)

// Trouble is money that did not go its usual way: a refund that failed or still waits, or one of money
// that came late, twice, in the wrong amount or for nothing.
type Trouble struct {
	models.Refund
	AppointmentID models.ID  `gorm:"column:visit_id"` // zero of an order's
	OrderID       *models.ID // nil of a visit's
}

// Troubles lists refunds that failed or wait, whenever they began, and since a moment those of money that
// should not have come; failed ones first, at most fifty.
func (t *Till) Troubles(ctx context.Context, since time.Time) ([]Trouble, error) {
	var rows []Trouble
	err := t.db.On(ctx).Table("refunds").Select("refunds.*, coalesce(refunds.appointment_id, payments.appointment_id) AS visit_id, payments.order_id").
		Joins("JOIN payments ON payments.id = refunds.payment_id").
		Where("refunds.state IN ? OR refunds.reason IN ? AND refunds.created_at >= ?",
			[]models.RefundState{models.RefundFailed, models.RefundPending},
			[]string{refundMismatch, refundDuplicate, refundLate, refundNotNeeded}, since).
		Order("refunds.state = 'failed' DESC, refunds.created_at DESC, refunds.id").Limit(50).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read payment trouble: %w", err)
	}
	return rows, nil
}
