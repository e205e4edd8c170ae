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
	models.Refund            // of a payment that brought nothing there is none: id, amount, currency, reason and time are the payment's
	AppointmentID models.ID  `gorm:"column:visit_id"` // zero of an order's
	OrderID       *models.ID `gorm:"column:of_order"` // nil of a visit's
	Nothing       bool       // the provider says that it was paid, and no money came
}

// Troubles lists refunds that failed, wait, or wait for a second person, whenever they began, and since a moment those of money that
// should not have come, and payments that were made and brought nothing; failed ones first, at most fifty.
func (t *Till) Troubles(ctx context.Context, since time.Time) ([]Trouble, error) {
	var rows []Trouble
	err := t.db.On(ctx).Raw(`SELECT * FROM (
			SELECT r.*, coalesce(r.appointment_id, p.appointment_id) AS visit_id, coalesce(r.order_id, p.order_id) AS of_order, false AS nothing
			FROM refunds r LEFT JOIN payments p ON p.id = r.payment_id
			WHERE r.state IN @states OR r.reason IN @reasons AND r.created_at >= @since
		UNION ALL
			SELECT r.*, p.appointment_id, p.order_id, true
			FROM payments p CROSS JOIN LATERAL jsonb_populate_record(NULL::refunds, jsonb_build_object('id', p.id, 'payment_id', p.id, 'amount_minor', 0,
				'currency', p.received_in, 'state', '', 'reason', p.error_code, 'error_code', '', 'method', '', 'proof', '', 'note', '', 'asked_by', '', 'decided_by', '',
				'second_person', false, 'request_key', '', 'key_version', 0, 'version', 0, 'created_at', p.paid_at, 'updated_at', p.paid_at)) r
			WHERE p.paid_at >= @since AND p.received_minor = 0 AND p.error_code = @mismatch
		) troubles ORDER BY state = 'failed' DESC, created_at DESC, id LIMIT 50`, map[string]any{
		"since": since, "mismatch": refundMismatch, "reasons": []string{refundMismatch, refundDuplicate, refundLate, refundNotNeeded},
		"states": []models.RefundState{models.RefundFailed, models.RefundPending, models.RefundAsked},
	}).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read payment trouble: %w", err)
	}
	return rows, nil
}
