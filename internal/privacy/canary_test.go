package privacy_test

import (
	"strings"
	"testing"
	"time"

	"frontdesk/internal/booking"
	"frontdesk/models"
)

// The person whom these tests look for, and how they are written down.
const (
	canaryPhone = "+447700900555"
	canaryFirst = "Zephyrine"
	canaryLast  = "Quillfeather"
	canaryName  = canaryFirst + " " + canaryLast
	canaryWords = canaryName + " at 07700 900 555"
)

// canary plants somebody in every table there is for them, beside somebody else whose data must stay.
func (o *office) canary() (me, other models.Customer) {
	o.t.Helper()
	o.must(booking.Seed(o.ctx, o.db, o.clock))
	var err error
	other, err = o.people.OfPhone(o.ctx, "+447700900777", models.English)
	o.must(err)
	other, err = o.people.SetName(o.ctx, other.ID, "Omar")
	o.must(err)
	me, err = o.people.OfPhone(o.ctx, canaryPhone, models.English)
	o.must(err)
	ids := map[string]any{"me": me.ID, "other": other.ID, "phone": canaryPhone, "words": canaryWords, "now": o.clock.Now(),
		"later": o.clock.Now().AddDate(0, 3, 0), "past": o.clock.Now().AddDate(0, 0, -3), "pastend": o.clock.Now().AddDate(0, 0, -3).Add(time.Hour), "delivered": o.clock.Now().AddDate(0, 0, -60), "older": o.clock.Now().AddDate(0, 0, -5),
		"olderend": o.clock.Now().AddDate(0, 0, -5).Add(time.Hour), "json": `{"said": "` + canaryWords + `", "digits": "447700900555"}`}
	for _, name := range strings.Fields("contact talk friend friendtalk message friendmessage notice delivery told session cart address order item event visit line visitevent payment paid refund case return returnitem returnevent photo staff product note seen statusseen paidseen cashback doorcart dooritem doororder doorback doorline doorevent drop droppedjob run payingorder guest guestvisit token turn archive") {
		ids[name] = models.NewID()
	}
	for _, sql := range canaryRows() {
		if err := o.db.On(o.ctx).Exec(sql, ids).Error; err != nil {
			o.t.Fatalf("%s: %v", sql, err)
		}
	}
	return me, other
}

func canaryRows() []string {
	return append([]string{
		"UPDATE customers SET name = 'Zephyrine', surname = 'Quillfeather', relation = 'friend', total_spent_minor = 4200 WHERE id = @me",
		"INSERT INTO customers (id, name, language, referred_by_id, relation, created_at, updated_at) VALUES (@guest, 'Thumbelina', 'en', @me, 'daughter', @now, @now)",
		"INSERT INTO customer_notes (id, customer_id, about_id, kind, created_at) VALUES (@note, @me, @guest, 'books_for', @now)",
		"INSERT INTO contacts (id, channel, address, profile_name, customer_id, consent, consent_at, created_at, updated_at) VALUES (@contact, 'whatsapp', @phone, @words, @me, 'given', @now, @now, @now)",
		"INSERT INTO contacts (id, channel, address, profile_name, customer_id, created_at, updated_at) VALUES (@friend, 'whatsapp', '+447700900777', 'Omar', @other, @now, @now)",
		"INSERT INTO conversations (id, contact_id, language, state, created_at, updated_at) VALUES (@talk, @contact, 'en', @json, @now, @now), (@friendtalk, @friend, 'en', '{}', @now, @now)",
		"INSERT INTO staff (id, email, name, role, password_hash, created_at, updated_at) VALUES (@staff, 'one@luma.example', 'One', 'operator', 'x', @now, @now)",
		`INSERT INTO messages (id, conversation_id, direction, class, status, content, provider_id, error_detail, created_at) VALUES
			(@message, @talk, 'in', 'inbound', 'handled', '{"kind":"text","text":"I am Zephyrine"}', 'wamid.HBgMNDQ3NzAwOTAwNTU1', @words, @now),
			(@friendmessage, @friendtalk, 'in', 'inbound', 'handled', '{"kind":"text","text":"ask Zephyrine Quillfeather, +44 (7700) 900-555"}', 'wamid.other', '', @now),
			(@told, @friendtalk, 'out', 'notice', 'sent', '{"kind":"text","text":"Zephyrine at 10"}', 'wamid.told', '', @now)`,
		`INSERT INTO conversation_archives (id, conversation_id, first_seq, last_seq, messages, language, summary, began_at, ended_at, archived_at) VALUES (@archive, @talk, 1, 1, 1, 'en', @json, @now, @now, @now)`,
		"INSERT INTO conversation_notes (id, conversation_id, staff_id, body, dedupe_key, created_at) VALUES (@note, @talk, @staff, @words, 'k', @now)",
		"INSERT INTO conversation_events (id, conversation_id, kind, at) VALUES (@event, @talk, 'taken_over', @now)",
		"INSERT INTO conversation_reads (reader, conversation_id, day) VALUES ('staff:x', @talk, '2026-10-06')",
		"INSERT INTO chatwoot_conversations (conversation_id, account_id, chatwoot_id, status) VALUES (@talk, 1, 77, 'open')",
		"INSERT INTO faq_hits (id, faq_key, language, conversation_id, created_at) VALUES (@event, 'parking', 'en', @talk, @now)",
		`INSERT INTO provider_events (id, provider, event_id, kind, sender, payload, received_at, processed_at) VALUES
			(@seen, 'whatsapp', 'wamid.HBgMNDQ3NzAwOTAwNTU1', 'message', @phone, @json, @now, NULL),
			(@statusseen, 'whatsapp', 'status.1', 'status', '', '{"provider_id": "wamid.HBgMNDQ3NzAwOTAwNTU1", "raw": {"recipient_id": "447700900555"}}', @now, @now),
			(@paidseen, 'stripe', 'evt_1', 'checkout.session.completed', '', '{"data": {"object": {"id": "cs_order", "customer_details": {"name": "Zephyrine"}}}}', @now, @now)`,
	}, append(append(canarySales(), canaryVisits()...), canaryDoor()...)...)
}

// canaryDoor is an order that was paid in cash at the door, of which some went back, and a job about the person that failed for good.
func canaryDoor() []string {
	return []string{
		"INSERT INTO carts (id, customer_id, status, currency, subtotal_minor, tax_minor, shipping_minor, total_minor, version, expires_at, created_at, updated_at) VALUES (@doorcart, @me, 'ordered', 'EUR', 3000, 0, 0, 3000, 1, @now, @now, @now)",
		"INSERT INTO orders (id, number, customer_id, cart_id, cart_version, method, status, language, channel, currency, subtotal_minor, tax_minor, shipping_minor, total_minor, address_id, delivered_at, created_at, updated_at) VALUES (@doororder, 'L-2', @me, @doorcart, 1, 'cod', 'delivered', 'en', 'web', 'EUR', 3000, 0, 0, 3000, @address, @delivered, @now, @now)",
		"INSERT INTO order_items (id, order_id, product_id, sku, names, price_minor, qty, total_minor) VALUES (@dooritem, @doororder, @product, 'CANARY-1', '{\"en\": \"Serum\"}', 3000, 1, 3000)",
		"INSERT INTO refunds (id, order_id, amount_minor, currency, state, reason, method, proof, note, asked_by, second_person, decided_by, created_at, updated_at) VALUES (@doorback, @doororder, 700, 'EUR', 'succeeded', 'damaged', 'bank_transfer', @words, @words, 'staff:x', true, 'staff:y', @now, @now)",
		"INSERT INTO refund_items (id, refund_id, order_item_id, qty, amount_minor) VALUES (@doorline, @doorback, @dooritem, 1, 700)",
		"INSERT INTO refund_events (id, refund_id, at, from_state, to_state, actor, note) VALUES (@doorevent, @doorback, @now, '', 'asked', 'staff:x', @words)",
		"INSERT INTO refunds (id, order_id, amount_minor, currency, state, reason, method, proof, note, asked_by, created_at, updated_at) VALUES (@cashback, @doororder, 500, 'EUR', 'succeeded', 'return', 'cash', @words, @words, 'staff:x', @now, @now)",
		"INSERT INTO returns (id, order_id, rma_code, status, reason, notes, opened_by, refund_method, refund_proof, refund_minor, refund_id, closed_at, created_at, updated_at) VALUES (@return, @doororder, 'RMA-1', 'refunded', @words, @words, 'customer', 'cash', @words, 500, @cashback, @now, @now, @now)",
		"INSERT INTO return_items (id, return_id, order_item_id, product_id, sku, names, price_minor, qty, total_minor) VALUES (@returnitem, @return, @dooritem, @product, 'CANARY-1', '{\"en\": \"Serum\"}', 2000, 1, 2000)",
		"INSERT INTO return_events (id, return_id, at, to_status, actor, note) VALUES (@returnevent, @return, @now, 'refunded', 'staff:x', @words)",
		"INSERT INTO return_photos (id, return_id, message_id, media_id, state, mime, bytes, created_at) VALUES (@photo, @return, @message, 'media-447700900555', 'kept', 'image/jpeg', 3, @now)",
		"INSERT INTO return_pictures (photo_id, data) VALUES (@photo, 'abc')",
		"INSERT INTO letter_groups (id, fingerprint, kind, error, place, first_at, last_at) VALUES (@run, sha256('g'), 'refund.send', 'away', '', @now, @now)",
		"INSERT INTO letter_drops (id, actor, reason, jobs, at) VALUES (@drop, 'staff:x', @words, 1, @now)",
		"INSERT INTO letters (job_id, group_id, kind, state, refs, line, died_at, changed_at, drop_id) VALUES (4711, @run, 'refund.send', 'dropped', ARRAY[CAST(@me AS uuid)], @me, @now, @now, @drop)",
		"INSERT INTO letter_drop_jobs (drop_id, job_id) VALUES (@drop, 4711)",
		"INSERT INTO letter_edits (id, job_id, args, at) VALUES (@drop, 4711, @json, @now)",
		`INSERT INTO river_job (kind, args, max_attempts, attempt, state, finalized_at, errors)
			SELECT kind, jsonb_build_object('conversation_id', CAST(@talk AS uuid), 'note', CAST(@words AS text)), 12, 12, CAST(state AS river_job_state), CASE state WHEN 'discarded' THEN CAST(@now AS timestamptz) END,
				ARRAY[jsonb_build_object('at', CAST(@now AS timestamptz), 'attempt', 12, 'trace', CAST(@words AS text), 'error', CAST(@words AS text))]
			FROM (VALUES ('chat.turn', 'discarded'), ('notify.flush', 'retryable')) AS v (kind, state)`,
		`INSERT INTO river_job (kind, args, max_attempts, attempt, state, finalized_at, errors)
			SELECT 'identity.code', jsonb_build_object('code_id', gen_random_uuid()), 12, 12, 'discarded', @now, ARRAY[jsonb_build_object('at', CAST(@now AS timestamptz), 'attempt', 12, 'trace', '', 'error', 'send to ' || CAST(@phone AS text))]`,
		"INSERT INTO letter_runs (id, actor, state, chosen, rate, total, started_at, stepped_at, paced_at, ended_at) VALUES (@run, 'staff:x', 'done', @json, 0, 1, @now, @now, @now, @now)",
	}
}

func canaryVisits() []string {
	visit := "INSERT INTO appointments (id, stylist_id, customer_id, booked_by_id, conversation_id, starts_at, ends_at, status, total_minor, currency, deposit_minor, deposit_state, terms, for_name, created_at, updated_at) "
	return []string{
		visit + "SELECT @visit, id, @me, @me, @talk, @past, @pastend, 'completed', 6000, 'EUR', 1800, 'paid', '{}', @words, @now, @now FROM stylists ORDER BY id LIMIT 1",
		visit + "SELECT @guestvisit, id, @guest, @me, @talk, @older, @olderend, 'completed', 6000, 'EUR', 0, 'none', '{}', 'Thumbelina', @now, @now FROM stylists ORDER BY id LIMIT 1",
		"INSERT INTO appointment_lines (id, appointment_id, service_id, position, minutes, price_minor) SELECT @line, @visit, id, 0, 30, 6000 FROM services ORDER BY id LIMIT 1",
		"INSERT INTO appointment_events (id, appointment_id, from_status, to_status, from_deposit, to_deposit, actor, reason, note, at) VALUES (@visitevent, @visit, '', 'confirmed', '', 'paid', 'customer', 'hold.created', @words, @now)",
		"INSERT INTO payments (id, appointment_id, amount_minor, currency, state, session_id, payment_intent, url, received_minor, received_in, expires_at, created_at, updated_at, paid_at) VALUES (@payment, @visit, 1800, 'EUR', 'paid', 'cs_visit', 'pi_visit', 'https://pay.example/cs_visit', 1800, 'EUR', @now, @now, @now, @now)",
		"INSERT INTO refunds (id, payment_id, amount_minor, currency, state, reason, provider_id, created_at, updated_at) VALUES (@refund, @payment, 100, 'EUR', 'succeeded', 'duplicate_payment', 're_1', @now, @now)",
		"INSERT INTO cases (id, conversation_id, customer_id, appointment_id, reason, status, language, summary, trigger_text, suggestion, last_messages, opened_at) VALUES (@case, @talk, @me, @visit, 'complaint', 'open', 'en', @words, @words, @words, '[{\"text\": \"Zephyrine\"}]', @now)",
		"INSERT INTO notices (id, appointment_id, event, channel, message_id, dedupe_key, due_at, created_at) VALUES (@notice, @visit, 'visit.confirmed', 'whatsapp', @told, 'visit.confirmed:1', @now, @now)",
		"INSERT INTO notice_deliveries (id, notice_id, channel, status, words, created_at, code, provider_id) VALUES (@delivery, @notice, 'sms', 'delivered', @words, @now, '', '')",
		"INSERT INTO calendar_entries (appointment_id, calendar_id, version) VALUES (@visit, 'cal', 1)",
		`INSERT INTO turns (id, conversation_id, first_seq, messages, at, language, read_by, confidence, meaning, stage_before, stage_after, changed, actions, waited_ms, read_ms, answered_ms, model_outcome, model_ms, input_tokens, output_tokens, cost_micros)
			VALUES (@turn, @talk, 1, 1, @now, 'en', 'rules', 90, @json, '', '', @json, '[{"do": "Zephyrine"}]', 1, 1, 1, '', 0, 0, 0, 0)`,
	}
}

func canarySales() []string {
	return []string{
		"INSERT INTO shop_sessions (id, hash, customer_id, created_at, expires_at) VALUES (@session, sha256('x'), @me, @now, @later)",
		"INSERT INTO phone_codes (id, session_id, phone, language, nonce, created_at, expires_at) VALUES (@token, @session, @phone, 'en', decode('000102030405060708090a0b0c0d0e0f', 'hex'), @now, @now)",
		"INSERT INTO consents (id, purpose, granted, phone, customer_id, channel, policy_text, policy_version, actor, verified_at, created_at) VALUES (@token, 'privacy', true, @phone, @me, 'web', @words, '2026-10', 'customer', @now, @now)",
		"INSERT INTO products (id, sku, names, price_minor, currency, stock, active, created_at, updated_at) VALUES (@product, 'CANARY-1', '{\"en\": \"Serum\"}', 2000, 'EUR', 5, true, @now, @now)",
		"INSERT INTO carts (id, customer_id, status, currency, subtotal_minor, tax_minor, shipping_minor, total_minor, version, expires_at, created_at, updated_at) VALUES (@cart, @me, 'ordered', 'EUR', 2000, 0, 0, 2000, 1, @now, @now, @now)",
		"INSERT INTO cart_items (id, cart_id, product_id, sku, names, price_minor, currency, qty, total_minor, created_at, updated_at) VALUES (@item, @cart, @product, 'CANARY-1', '{\"en\": \"Serum\"}', 2000, 'EUR', 1, 2000, @now, @now)",
		"INSERT INTO cart_keys (owner_id, key, asked, answer, expires_at) VALUES (@me, 'k', sha256('x'), '{}', @now)",
		"INSERT INTO addresses (id, customer_id, digest, name, phone, line1, line2, city, region, country, postal_code, created_at) VALUES (@address, @me, sha256('y'), @words, @phone, '1 Canary Street', 'Flat 2', 'Canarytown', 'North', 'GB', 'CN1 1CN', @now)",
		"INSERT INTO orders (id, number, customer_id, cart_id, cart_version, method, status, language, channel, currency, subtotal_minor, tax_minor, shipping_minor, total_minor, address_id, notes, paid_at, delivered_at, created_at, updated_at) VALUES (@order, 'L-1', @me, @cart, 1, 'stripe', 'delivered', 'en', 'web', 'EUR', 2000, 0, 0, 2000, @address, @words, @delivered, @delivered, @now, @now)",
		"INSERT INTO order_items (id, order_id, product_id, sku, names, price_minor, qty, total_minor) VALUES (@item, @order, @product, 'CANARY-1', '{\"en\": \"Serum\"}', 2000, 1, 2000)",
		"INSERT INTO order_events (id, order_id, at, kind, to_status, actor, note) VALUES (@event, @order, @now, 'status', 'delivered', 'customer', @words)",
		"INSERT INTO order_keys (owner_id, key, asked, order_id, answer, expires_at) VALUES (@me, 'k', sha256('x'), @order, '{}', @now)",
		"INSERT INTO payments (id, order_id, amount_minor, currency, state, session_id, payment_intent, url, received_minor, received_in, expires_at, created_at, updated_at, paid_at) VALUES (@paid, @order, 2000, 'EUR', 'paid', 'cs_order', 'pi_order', 'https://pay.example/cs_order', 2000, 'EUR', @now, @now, @now, @now)",
		"INSERT INTO stock_holds (order_id, product_id, qty, taken) VALUES (@order, @product, 1, true)",
	}
}

// rows counts what a query finds.
func (o *office) rows(sql string, args ...any) (n int64) {
	o.t.Helper()
	o.must(o.db.On(o.ctx).Raw("SELECT count(*) FROM "+sql, args...).Scan(&n).Error)
	return n
}

// traces are the tables where a word stands anywhere, in any column of any row.
func (o *office) traces(t *testing.T, words ...string) (found []string) {
	t.Helper()
	var tables []string
	o.must(o.db.On(o.ctx).Raw("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").Scan(&tables).Error)
	for _, table := range tables {
		for _, word := range words {
			if n := o.rows(table+" t WHERE t::text ILIKE ?", "%"+word+"%"); n > 0 {
				found = append(found, table+" says "+word)
			}
		}
	}
	return found
}
