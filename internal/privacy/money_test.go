package privacy_test

import (
	"encoding/json"
	"strings"
	"testing"

	"frontdesk/internal/fault"
	"frontdesk/internal/privacy"
	"frontdesk/models"
)

// What went back of an order that was paid at the door is told under that order, with its lines and its story; so is what went back of a
// payment (R-1012).
func TestMoneyThatWentBackIsTold(t *testing.T) {
	o := open(t)
	me, _ := o.canary()
	got, err := o.Export(o.ctx, privacy.Subject{Customer: me.ID}, "machine")
	o.must(err)
	said := func(section, field string, value any) string {
		for _, row := range got.Parts[section] {
			if row[field] == value {
				raw, err := json.Marshal(row)
				o.must(err)
				return string(raw)
			}
		}
		return ""
	}
	door, card := said("orders", "number", "L-2"), said("bookings", "depositState", "paid")
	for _, word := range []string{`"refunds":[{`, `"amountMinor":700`, `"method":"bank_transfer"`, `"toState":"asked"`, `"orderItemId"`, canaryWords} {
		if !strings.Contains(door, word) {
			t.Errorf("the order paid at the door does not say %s: %s", word, door)
		}
	}
	if !strings.Contains(card, `"providerId":"re_1"`) || strings.Contains(card, `"amountMinor":700`) || strings.Contains(said("orders", "number", "L-1"), `"amountMinor":700`) {
		t.Errorf("what was paid by card says %s", card)
	}
}

// Cash that is to go back stands in the way of an erasure in every state that waits, and as long as what failed is not made good; once it
// is, what staff noted of it since is emptied, too. What stays says that money went back, how, and that there was a proof (R-1015, R-1017).
func TestCashThatIsOwedIsOwed(t *testing.T) {
	const door = " WHERE reason = 'damaged'"
	for name, tt := range map[string]struct{ before, after string }{
		"asked for": {"UPDATE refunds SET state = 'asked', decided_by = '', expires_at = now(), proof = ''" + door,
			"UPDATE refunds SET state = 'rejected', decided_by = 'staff:y', note = 'Zephyrine may not'" + door},
		"promised": {"UPDATE refunds SET state = 'pending', proof = ''" + door, "UPDATE refunds SET state = 'succeeded', proof = 'to Zephyrine'" + door},
		"failed, and given by another": {"UPDATE refunds SET state = 'failed', proof = ''" + door, `WITH was AS (UPDATE refunds SET state = 'retried'` + door + ` RETURNING *)
			INSERT INTO refunds (id, order_id, amount_minor, currency, state, reason, method, proof, retry_of, created_at, updated_at)
			SELECT 'ffffffff-ffff-7fff-bfff-ffffffffffff', order_id, amount_minor, currency, 'succeeded', reason, 'cash', 'Zephyrine signed', id, now(), now() FROM was`},
		"failed, and given anew": {"UPDATE refunds SET state = 'failed', proof = ''" + door, `INSERT INTO refunds (id, order_id, amount_minor, currency, state, reason, method, proof, created_at, updated_at)
			SELECT 'ffffffff-ffff-7fff-bfff-ffffffffffff', order_id, amount_minor, currency, 'succeeded', 'goodwill', 'cash', 'Zephyrine signed', now(), now() FROM refunds` + door},
	} {
		t.Run(name, func(t *testing.T) {
			o := open(t)
			me, _ := o.canary()
			o.exec(tt.before)
			if _, err := o.Erase(o.ctx, privacy.Erasure{Subject: privacy.Subject{Customer: me.ID}, Actor: "machine"}); !fault.Is(err, "privacy.open_refund") {
				t.Fatalf("refused with %v", err)
			}
			row := o.done(privacy.Subject{Customer: me.ID, Confirm: true})
			o.later(row.ID)
			if _, err := o.Sweep(o.ctx); err != nil || o.state(row.ID).SettledAt != nil {
				t.Errorf("settled before its time: %v", err)
			}
			o.exec(tt.after)
			o.exec("UPDATE refund_events SET note = 'Zephyrine called again'")
			o.later(row.ID)
			if _, err := o.Sweep(o.ctx); err != nil || o.state(row.ID).SettledAt == nil {
				t.Errorf("not settled: %v", err)
			}
			if found := o.traces(t, canaryFirst, canaryLast); len(found) > 0 {
				t.Errorf("left: %v", found)
			}
			if n := o.rows("refunds WHERE state = 'succeeded' AND method <> 'card' AND proof <> '—'"); n != 0 {
				t.Errorf("%d of what was given by hand do not say that it was proved", n)
			}
			if n := o.rows("refund_items WHERE amount_minor = 700"); n != 1 {
				t.Error("what it was for is gone")
			}
			o.later(row.ID)
			if n, err := o.Sweep(o.ctx); err != nil || n != 0 {
				t.Errorf("what is settled was looked at again: %d, %v", n, err)
			}
		})
	}
}

// Who discarded jobs of many people keeps the reason, without the name; of somebody's own job it goes.
func TestWordsAboutDeadLettersGo(t *testing.T) {
	o := open(t)
	me, _ := o.canary()
	many := models.NewID()
	o.exec("INSERT INTO letter_drops (id, actor, reason, jobs, at) VALUES (?, 'staff:x', 'All of yesterday, also "+canaryName+"''s', 30, now())", many)
	o.done(privacy.Subject{Customer: me.ID, Confirm: true})
	if o.rows("letter_drops WHERE id = ? AND reason = 'All of yesterday, also —''s'", many) != 1 || o.rows("letter_drops WHERE reason = '—'") != 1 {
		t.Error("the reasons are not as they should be")
	}
}

// What jobs about somebody failed of goes with them, of the dead, of those that are still tried, and of those that only name the
// phone; what others' jobs failed of stays. The ids stay, so that money can still move, and nothing is said to them any more.
func TestWhatJobsFailedOfGoes(t *testing.T) {
	o := open(t)
	me, _ := o.canary()
	o.exec(`INSERT INTO river_job (kind, args, max_attempts, attempt, state, finalized_at, errors)
		VALUES ('refund.send', jsonb_build_object('refund_id', gen_random_uuid()), 12, 12, 'discarded', now(), ARRAY[jsonb_build_object('at', now(), 'attempt', 12, 'trace', '', 'error', 'of another')])`)
	if n := o.rows("river_job WHERE errors::text LIKE ? OR errors::text LIKE ?", "%"+canaryPhone+"%", "%"+canaryFirst+"%"); n != 3 {
		t.Fatalf("%d jobs name the phone before, want 3", n)
	}
	o.done(privacy.Subject{Customer: me.ID, Confirm: true})
	if n := o.rows("river_job WHERE errors::text LIKE ? OR errors::text LIKE ? OR args::text LIKE ?", "%"+canaryPhone+"%", "%"+canaryFirst+"%", "%"+canaryFirst+"%"); n != 0 {
		t.Errorf("%d jobs tell of them still", n)
	}
	if n := o.rows("river_job WHERE args->>'conversation_id' IS NOT NULL AND errors[1]->>'error' = '—' AND errors[1]->>'attempt' = '12' AND args->>'note' = '—'"); n != 2 {
		t.Errorf("%d jobs of theirs tell what and when, want 2", n)
	}
	if n := o.rows("river_job WHERE errors[1]->>'error' = 'of another'"); n != 1 {
		t.Error("what a job of another failed of is gone")
	}
	if n := o.rows("letter_groups WHERE error ILIKE ?", "%"+canaryFirst+"%"); n != 0 {
		t.Errorf("%d groups name them", n)
	}
}
