package letters_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"frontdesk/internal/letters"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// An event that was given up after failing too often is brought back; one that had its effect is not. Closing the links of an
// order asks for no conversation: who bought in the shop has none.
func TestWhatWasGivenUpComesBack(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for _, e := range []struct{ outcome, processed string }{{"", "NULL"}, {"failed", "now()"}, {"done", "now()"}} {
		d.exec(`WITH e AS (INSERT INTO provider_events (id, provider, event_id, kind, payload, received_at, processed_at, outcome)
				VALUES (gen_random_uuid(), 'whatsapp', gen_random_uuid()::text, 'message', '{}', now(), `+e.processed+`, ?) RETURNING id)
			INSERT INTO river_job (kind, args, max_attempts) SELECT 'inbox.event', jsonb_build_object('event_id', id), 12 FROM e`, e.outcome)
	}
	d.exec("UPDATE river_job SET "+died, 1)
	if plan, err := d.Plan(d.ctx, letters.Filter{Kind: "inbox.event"}); err != nil || plan.Back != 2 || plan.Refused["done"] != 1 {
		t.Errorf("events: %+v, %v", plan, err)
	}
	q, order := queue.New(d.db), models.NewID()
	err := d.db.InTx(d.ctx, func(ctx context.Context) error { // the order's row alone
		db := d.db.On(ctx)
		return errors.Join(db.Exec("SET LOCAL session_replication_role = replica").Error,
			db.Exec(`INSERT INTO orders (id, number, cart_id, cart_version, method, status, language, channel, currency, subtotal_minor, tax_minor, shipping_minor, total_minor, paid_at,
				created_at, updated_at) VALUES (?, 'LU-2222-2222', gen_random_uuid(), 1, 'stripe', 'paid', 'en', 'web', 'EUR', 1, 0, 0, 1, now(), now(), now())`, order).Error,
			q.Enqueue(ctx, queue.PaymentVoid{OrderID: order}), q.Enqueue(ctx, queue.PaymentVoid{AppointmentID: models.NewID()}), q.Enqueue(ctx, queue.PaymentVoid{}))
	})
	if err != nil {
		t.Fatal(err)
	}
	d.exec("UPDATE river_job SET "+died+" WHERE kind = 'payment.void'", 1)
	if plan, err := d.Plan(d.ctx, letters.Filter{Kind: "payment.void"}); err != nil || plan.Back != 1 || plan.Refused["gone"] != 1 || plan.Refused["args"] != 1 {
		t.Errorf("links to close: %+v, %v", plan, err)
	}
	for _, args := range []string{`{"order_id": "` + order.String() + `"}`, `{"order_id": "` + order.String() + `", "conversation_id": "` + (models.ID{}).String() + `"}`} {
		if _, err := queue.Check("payment.void", []byte(args)); err != nil {
			t.Errorf("%s: %v", args, err)
		}
	}
}

// A refund comes back while the provider is still to be asked for it, and only then: what waits for a second person, was
// rejected, taken back, retried by another or given by hand would ask for nothing (R-1108).
func TestARefundComesBackWhileItIsToBePaidOut(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	refund := func(state models.RefundState, method models.RefundMethod, provider *string) {
		proof := ""
		if method != models.RefundByCard {
			proof = "a receipt"
		}
		err := d.db.InTx(d.ctx, func(ctx context.Context) error { // the rows themselves: what they are of does not matter here
			db := d.db.On(ctx)
			return errors.Join(db.Exec("SET LOCAL session_replication_role = replica").Error,
				db.Exec(`INSERT INTO refunds (id, payment_id, amount_minor, currency, state, reason, method, proof, second_person, expires_at, provider_id, created_at, updated_at)
					VALUES (?, gen_random_uuid(), 100, 'EUR', ?, 'goodwill', ?, ?, ?, ?, ?, now(), now())`,
					models.NewID(), state, method, proof, state == models.RefundAsked, time.Now(), provider).Error)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, state := range models.RefundStates() {
		refund(state, models.RefundByCard, nil)
		if state != models.RefundAsked {
			refund(state, models.RefundByCash, nil)
		}
	}
	known := "re_1"
	refund(models.RefundPending, models.RefundByCard, &known)
	rows := d.number("SELECT count(*) FROM refunds")
	d.exec(`INSERT INTO river_job (kind, args, max_attempts) SELECT 'refund.send', jsonb_build_object('refund_id', id, 'conversation_id', gen_random_uuid()), 240 FROM refunds`)
	d.exec("UPDATE river_job SET "+died, 1)
	plan, err := d.Plan(d.ctx, letters.Filter{Kind: "refund.send"})
	if err != nil || plan.Back != 1 || plan.Refused["done"] != rows-1 || len(plan.Refused) != 1 {
		t.Errorf("of %d refunds: %+v, %v", rows, plan, err)
	}
	job := d.number(`SELECT j.id FROM river_job j JOIN refunds r ON r.id::text = j.args->>'refund_id' WHERE r.state = 'pending' AND r.method = 'card' AND r.provider_id IS NULL`)
	if plan, err := d.Plan(d.ctx, letters.Filter{Jobs: []int64{int64(job)}}); err != nil || plan.Back != 1 {
		t.Errorf("the one that is to be paid out: %+v, %v", plan, err)
	}
}
