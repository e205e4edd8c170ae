package auditor_test

import (
	"slices"

	"frontdesk/e2e/auditor"
)

// sent are the messages that reached a phone.
const sent = `direction = 'out' AND status IN ('sent', 'delivered', 'read')`

func plantsOfMessages() map[string]plant {
	last := func(w world, t *auditor.Theirs) *auditor.Bubble { return &t.Phones[w.phone][len(t.Phones[w.phone])-1] }
	return map[string]plant{
		"a message that was never stored": {want: auditor.NoMessageLost, theirs: func(w world, t *auditor.Theirs) {
			t.Phones[w.phone] = append(t.Phones[w.phone], auditor.Bubble{ID: "wamid.lost", Direction: "in"})
		}},
		"a message that waits":  {want: auditor.EachAnswered, ours: []string{"UPDATE provider_events SET processed_at = NULL WHERE provider = 'whatsapp' AND kind = 'message'"}},
		"a message that failed": {want: auditor.EachAnswered, ours: []string{"UPDATE provider_events SET outcome = 'failed' WHERE provider = 'whatsapp' AND kind = 'message'"}},
		"a message that nothing was said to": {want: auditor.EachAnswered, says: "nothing was said after it",
			ours: []string{"DELETE FROM messages WHERE direction = 'out' AND seq > (SELECT max(seq) FROM messages WHERE direction = 'in' AND status = 'handled')"},
			theirs: func(w world, t *auditor.Theirs) {
				shown := t.Phones[w.phone]
				for shown[len(shown)-1].Direction == "out" {
					shown = shown[:len(shown)-1]
				}
				t.Phones[w.phone] = shown
			}},
		"a reply that came twice": {want: auditor.EachSentOnce, theirs: func(w world, t *auditor.Theirs) {
			again := *last(w, t)
			again.ID = "wamid.again"
			t.Phones[w.phone] = append(t.Phones[w.phone], again)
		}},
		"a reply that never came": {want: auditor.EachSentOnce, theirs: func(w world, t *auditor.Theirs) {
			t.Phones[w.phone] = t.Phones[w.phone][:len(t.Phones[w.phone])-1]
		}},
		"all replies of a phone that nobody has": {want: auditor.EachSentOnce, theirs: func(w world, t *auditor.Theirs) { delete(t.Phones, w.phone) }},
		"replies in another order":               {want: auditor.InOrder, theirs: func(w world, t *auditor.Theirs) { slices.Reverse(t.Phones[w.phone]) }},
		"a reply that is not sent":               {want: auditor.NothingUnsent, ours: []string{"UPDATE messages SET status = 'queued' WHERE " + sent}},
		"a reply that failed":                    {want: auditor.NothingUnsent, ours: []string{"UPDATE messages SET status = 'failed' WHERE " + sent}},
		"a confirmation that nobody was sent":    {want: auditor.BooksAddUp, ours: []string{"UPDATE messages SET dedupe_key = NULL WHERE dedupe_key LIKE 'booking.confirmed:%'"}},
	}
}

// ofOrder are the payments of orders.
const ofOrder = "order_id IS NOT NULL"

// failedRefund is a deposit whose visit is gone and whose refund has failed; openCase is a case of that, of which visit is
// still to be said.
const (
	failedRefund = `WITH gone AS (UPDATE appointments SET status = 'expired', deposit_state = 'none' WHERE deposit_state = 'paid'),
		unpaid AS (UPDATE payments SET state = 'refund_pending' WHERE NOT (` + ofOrder + `))
		INSERT INTO refunds (id, payment_id, amount_minor, currency, state, reason, created_at, updated_at)
		SELECT '0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c19', id, received_minor, currency, 'failed', 'late', now(), now() FROM payments WHERE NOT (` + ofOrder + `)`
	openCase = `INSERT INTO cases (id, conversation_id, reason, status, language, summary, opened_at, appointment_id)
		SELECT '0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c20', id, 'refund_failure', 'open', 'en', '', now(), `
)

func plantsOfMoney() map[string]plant {
	return map[string]plant{
		"an event that was never stored": {want: auditor.EventsHeard, theirs: func(_ world, t *auditor.Theirs) {
			t.Events = append(t.Events, auditor.Event{ID: "evt_lost", Type: "checkout.session.completed"})
		}},
		"an event that waits": {want: auditor.EventsHeard, ours: []string{"UPDATE provider_events SET processed_at = NULL WHERE provider = 'stripe'"}},
		"money for nobody": {want: auditor.MoneyKnown, theirs: func(_ world, t *auditor.Theirs) {
			t.Payments = append(t.Payments, auditor.Payment{Session: "cs_x", Intent: "pi_x", Payment: "0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c18", Received: 500})
		}},
		"a payment that the books do not know of": {want: auditor.MoneyKnown, ours: []string{"UPDATE payments SET received_minor = 0, state = 'open' WHERE " + ofOrder}},
		"another sum":                               {want: auditor.MoneyKnown, ours: []string{"UPDATE payments SET received_minor = received_minor - 100 WHERE " + ofOrder}},
		"money that never came":                     {want: auditor.MoneyReal, theirs: func(_ world, t *auditor.Theirs) { t.Payments = nil }},
		"a charge for an order that was called off": {want: auditor.ChargedForOne, ours: []string{"UPDATE orders SET status = 'canceled', closed_at = now() WHERE method = 'stripe'"}},
		"a charge for a visit that was let go":      {want: auditor.ChargedForOne, ours: []string{"UPDATE appointments SET status = 'expired', deposit_state = 'none' WHERE deposit_state = 'paid'"}},
		"a charge that the books say went back":     {want: auditor.ChargedForOne, ours: []string{"UPDATE payments SET state = 'refunded' WHERE NOT " + ofOrder}},
		"a charge whose refund failed, and the case is another's": {want: auditor.ChargedForOne, ours: []string{
			failedRefund, openCase + "'0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c21' FROM conversations LIMIT 1"}},
		"a charge whose refund failed, in the books": {want: auditor.BooksAddUp, says: "received money that went nowhere", ours: []string{
			failedRefund, openCase + "'0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c21' FROM conversations LIMIT 1"}},
		"two charges for one visit": {want: auditor.ChargedOnce,
			ours: []string{`INSERT INTO payments SELECT (jsonb_populate_record(p, jsonb_build_object('id', '0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c18', 'session_id', 'cs_2', 'payment_intent', 'pi_2', 'state', 'open'))).* FROM payments p WHERE NOT ` + ofOrder},
			theirs: func(_ world, t *auditor.Theirs) {
				t.Payments = append(t.Payments, auditor.Payment{Session: "cs_2", Intent: "pi_2", Payment: "0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c18", Received: 500})
			}},
	}
}

func plantsOfRefunds() map[string]plant {
	return map[string]plant{
		"money that went back by nobody": {want: auditor.RefundsKnown, theirs: func(_ world, t *auditor.Theirs) {
			t.Refunds = append(t.Refunds, auditor.Refund{ID: "re_x", Intent: "pi_x", Status: "succeeded", Amount: 100})
		}},
		"a refund of another sum":                {want: auditor.RefundsKnown, theirs: func(_ world, t *auditor.Theirs) { t.Refunds[0].Amount++ }},
		"a refund that the books believe failed": {want: auditor.RefundsKnown, ours: []string{"UPDATE refunds SET state = 'failed'"}},
		"a refund that never went back":          {want: auditor.RefundsReal, theirs: func(_ world, t *auditor.Theirs) { t.Refunds = nil }},
		"a refund that the card refused":         {want: auditor.RefundsReal, theirs: func(_ world, t *auditor.Theirs) { t.Refunds[0].Status = "failed" }},
		"a refund paid out twice": {want: auditor.RefundedOnce, theirs: func(_ world, t *auditor.Theirs) {
			again := t.Refunds[0]
			again.ID = "re_again"
			t.Refunds = append(t.Refunds, again)
		}},
		"more back than came in": {want: auditor.RefundsWithin, theirs: func(_ world, t *auditor.Theirs) {
			for i := range t.Payments {
				t.Payments[i].Refunded = t.Payments[i].Received + 1
			}
		}},
		"a second person who never was": {want: auditor.TwoPersons, ours: []string{
			"ALTER TABLE refunds DROP CONSTRAINT refunds_four_eyes", "UPDATE refunds SET second_person = true, decided_by = ''"}},
		"a second person who is the first": {want: auditor.TwoPersons, ours: []string{
			"ALTER TABLE refunds DROP CONSTRAINT refunds_second_person", "UPDATE refunds SET second_person = true, decided_by = asked_by"}},
		"a refund that is stuck": {want: auditor.RefundsSettled, ours: []string{"UPDATE refunds SET state = 'pending'"}},
		"a refund that waits for consent too long": {want: auditor.RefundsSettled, ours: []string{
			"UPDATE refunds SET state = 'asked', second_person = true, expires_at = 'epoch'"}},
	}
}

func plantsOfTheRest() map[string]plant {
	return map[string]plant{
		"an order that is gone": {want: auditor.PromisesKept, theirs: func(_ world, t *auditor.Theirs) {
			t.Told.Orders = append(t.Told.Orders, auditor.OrderTold{ID: "gone", Number: "LU-GONE"})
		}},
		"an order of another sum":                 {want: auditor.PromisesKept, theirs: func(_ world, t *auditor.Theirs) { t.Told.Orders[0].TotalMinor++ }},
		"an order that goes on although canceled": {want: auditor.PromisesKept, theirs: func(_ world, t *auditor.Theirs) { t.Told.Orders[0].Canceled = true }},
		"a refund that is gone":                   {want: auditor.PromisesKept, theirs: func(_ world, t *auditor.Theirs) { t.Told.Refunds[0].ID = "gone" }},
		"a refund of another promised sum":        {want: auditor.PromisesKept, theirs: func(_ world, t *auditor.Theirs) { t.Told.Refunds[0].AmountMinor++ }},
		"a consent that was forgotten": {want: auditor.PromisesKept,
			ours:   []string{"UPDATE refunds SET state = 'asked', second_person = true, expires_at = '2100-01-01'"},
			theirs: func(_ world, t *auditor.Theirs) { t.Told.Refunds[0].Agreed = true }},
		"two orders of one cart":        {want: auditor.OrderedOnce, ours: []string{"UPDATE orders SET cart_id = (SELECT cart_id FROM orders LIMIT 1)"}},
		"an order that does not add up": {want: auditor.BooksAddUp, ours: []string{"UPDATE order_items SET qty = qty + 1, total_minor = total_minor + price_minor"}},
		"a visit that no calendar shows": {want: auditor.InCalendar, theirs: func(_ world, t *auditor.Theirs) {
			for stylist := range t.Calendars {
				t.Calendars[stylist] = nil
			}
		}},
		"a visit in somebody else's calendar, too": {want: auditor.InCalendar, theirs: func(_ world, t *auditor.Theirs) {
			all := slices.Concat(t.Calendars["salma"], t.Calendars["dana"], t.Calendars["iris"], t.Calendars["omar"], t.Calendars["bruno"])
			for stylist := range t.Calendars {
				t.Calendars[stylist] = all
			}
		}},
		"a visit that was called off and stays in the calendar": {want: auditor.InCalendar, ours: []string{
			"UPDATE appointments SET status = 'cancelled', deposit_state = 'forfeited' WHERE status = 'confirmed'"}},
		"a job that waits": {want: auditor.QueuesDrained, ours: []string{
			"INSERT INTO river_job (kind, args, max_attempts, queue, state) VALUES ('notify.flush', '{}', 3, 'default', 'available')"}},
		"a job that waits to be tried again": {want: auditor.QueuesDrained, ours: []string{
			"INSERT INTO river_job (kind, args, max_attempts, queue, state, scheduled_at) VALUES ('notify.flush', '{}', 3, 'default', 'retryable', now() + interval '1 hour')"}},
		"a dead job": {want: auditor.NoneDead, ours: []string{
			"INSERT INTO river_job (kind, args, max_attempts, queue, state, finalized_at) VALUES ('notify.flush', '{}', 3, 'default', 'discarded', now())"}},
		"a notice that waits": {want: auditor.NoticesDelivered, ours: []string{"UPDATE notice_deliveries SET status = 'queued'"}},
	}
}
