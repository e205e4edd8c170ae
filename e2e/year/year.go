// Package year puts a year of a busy salon into a database, so that what is slow with much data is slow
// in front of tests and measurements. It knows the tables, and no rule.
package year

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// How much a year is: customers, each with a conversation, what grows with every message, and the shelves of a large shop.
const (
	people   = 5_000
	messages = 20_000
	products = 100_000 // the most the shop is made for
	dead     = 1_500   // jobs that nobody has seen to, and differences
)

// Fill adds the year before at and the month after its next ten days, which stay as they are: five stylists with
// eleven visits a day, people who wrote and paid, what the providers told, and the audit log. It wants a seeded
// database and a superuser: triggers do not run, so that the audit chain is as long as the log and
// proves nothing.
func Fill(ctx context.Context, url string, at time.Time) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return fmt.Errorf("reach the database: %w", err)
	}
	defer conn.Close(ctx) //nolint:errcheck // done
	now := "'" + at.UTC().Format(time.RFC3339) + "'::timestamptz"
	words := strings.NewReplacer("now()", now, "@people", fmt.Sprint(people), "@messages", fmt.Sprint(messages), "@products", fmt.Sprint(products), "@dead", fmt.Sprint(dead))
	for _, s := range steps() {
		if _, err := conn.Exec(ctx, words.Replace(s.sql)); err != nil {
			return fmt.Errorf("fill %s: %w", s.what, err)
		}
	}
	return nil
}

type step struct{ what, sql string }

// steps fill table by table. named makes an id of a number, so that rows find each other.
func steps() []step {
	return []step{
		{"nothing by itself", `SET session_replication_role = replica; SET synchronous_commit = off; SET maintenance_work_mem = '256MB'`},
		{"ids", `CREATE FUNCTION pg_temp.named(kind int, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS
			$$ SELECT (lpad(to_hex(kind), 8, '0') || '-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid $$`},
		{"customers", `INSERT INTO customers (id, name, surname, phone, language, created_at, updated_at)
			SELECT pg_temp.named(1, n), (ARRAY['Noor','Maya','Lucía','سارة','Omar','Elena'])[1 + n % 6], 'Family ' || n, '+4477' || lpad(n::text, 8, '0'),
			       (ARRAY['en','es','ar'])[1 + n % 3], now() - n * interval '5 minutes', now() FROM generate_series(1, @people) n`},
		{"contacts", `INSERT INTO contacts (id, channel, address, profile_name, customer_id, created_at, updated_at)
			SELECT pg_temp.named(2, n), 'whatsapp', '+4477' || lpad(n::text, 8, '0'), 'Guest', pg_temp.named(1, n), now(), now() FROM generate_series(1, @people) n`},
		{"conversations", `INSERT INTO conversations (id, contact_id, language, last_inbound_at, last_message_at, created_at, updated_at)
			SELECT pg_temp.named(3, n), pg_temp.named(2, n), (ARRAY['en','es','ar'])[1 + n % 3], now() - n * interval '50 minutes', now() - n * interval '50 minutes', now(), now()
			FROM generate_series(1, @people) n`},
		{"messages", `INSERT INTO messages (id, conversation_id, direction, class, status, content, language, provider_id, dedupe_key, created_at, handled_at)
			SELECT pg_temp.named(4, n), pg_temp.named(3, 1 + n % @people), 'in', 'inbound', 'handled', jsonb_build_object('kind', 'text', 'text', 'Is there a free time on Friday? ' || n), 'en',
			       'wamid.' || n, 'key.' || n, now() - n * interval '5 minutes', now() FROM generate_series(1, @messages) n`},
		{"what was said long ago", `WITH said AS (
				SELECT c.id, min(m.seq) AS first, max(m.seq) AS last, count(*) AS n, min(m.created_at) AS began, max(m.created_at) AS ended
				FROM conversations c JOIN messages m ON m.conversation_id = c.id WHERE c.last_message_at < now() - interval '1 day' GROUP BY c.id
			), kept AS (
				INSERT INTO conversation_archives (id, conversation_id, first_seq, last_seq, messages, language, summary, began_at, ended_at, archived_at)
				SELECT gen_random_uuid(), id, first, last, n, 'en', '{}', began, ended, now() FROM said
			) UPDATE conversations c SET archived_seq = said.last, archived_until = c.last_message_at FROM said WHERE c.id = said.id`},
		{"events of the providers", `INSERT INTO provider_events (id, provider, event_id, kind, sender, payload, received_at, processed_at, outcome)
			SELECT pg_temp.named(7, n), (ARRAY['whatsapp','stripe'])[1 + n % 2], 'event.' || n, 'message', '+4477' || lpad((n % @people)::text, 8, '0'), '{}',
			       now() - n * interval '5 minutes', now(), 'done' FROM generate_series(1, @messages) n`},
		{"visits", `INSERT INTO appointments (id, stylist_id, customer_id, booked_by_id, conversation_id, starts_at, ends_at, status, total_minor, currency,
			       deposit_minor, deposit_state, terms, created_at, updated_at)
			SELECT pg_temp.named(5, n), s.id, pg_temp.named(1, 1 + n * 7 % @people), pg_temp.named(1, 1 + n * 7 % @people), pg_temp.named(3, 1 + n * 7 % @people),
			       starts, starts + interval '45 minutes', CASE WHEN starts < now() THEN 'completed' ELSE 'confirmed' END, 4000, 'EUR', 800, 'paid', '{}', now(), now()
			FROM (SELECT row_number() OVER (ORDER BY day, place, st.id) AS n, st.id, date_trunc('day', now()) + day * interval '1 day' + interval '8 hours' + place * interval '50 minutes' AS starts
			      FROM (SELECT id FROM stylists ORDER BY position LIMIT 5) st, generate_series(-365, 40) day, generate_series(0, 10) place
			      WHERE day NOT BETWEEN 0 AND 10) AS s(n, id, starts)`},
		{"what visits are made of", `INSERT INTO appointment_lines (id, appointment_id, service_id, position, minutes, price_minor)
			SELECT gen_random_uuid(), a.id, (SELECT id FROM services ORDER BY position, code LIMIT 1), 1, 45, 4000 FROM appointments a`},
		{"what happened to visits", `INSERT INTO appointment_events (id, appointment_id, from_status, to_status, from_deposit, to_deposit, actor, reason, at)
			SELECT gen_random_uuid(), a.id, 'provisional', 'confirmed', 'pending', 'paid', 'stripe', 'payment.completed', a.created_at FROM appointments a`},
		{"deposits", `INSERT INTO payments (id, appointment_id, amount_minor, currency, state, session_id, payment_intent, received_minor, expires_at, created_at, updated_at, paid_at)
			SELECT pg_temp.named(8, row_number() OVER ()), a.id, 800, 'EUR', 'paid', 'cs_' || a.id, 'pi_' || a.id, 800, now(), now(), now(), now() FROM appointments a`},
		{"refunds", `INSERT INTO refunds (id, payment_id, amount_minor, currency, state, reason, provider_id, created_at, updated_at)
			SELECT gen_random_uuid(), p.id, 800, 'EUR', 'succeeded', 'cancelled', 're_' || p.id, now(), now() FROM payments p`},
		{"cases", `INSERT INTO cases (id, conversation_id, reason, status, language, summary, label, opened_at, resolved_at)
			SELECT pg_temp.named(9, n), pg_temp.named(3, n), 'manual_request', CASE WHEN n % 400 = 0 THEN 'open' ELSE 'resolved' END, 'en', 'Asks for a person',
			       CASE WHEN n % 400 = 0 THEN '' ELSE 'needed' END, now() - n * interval '1 hour', CASE WHEN n % 400 = 0 THEN NULL ELSE now() - n * interval '30 minutes' END
			FROM generate_series(1, 4000) n`},
		{"what happened to conversations", `INSERT INTO conversation_events (id, conversation_id, kind, case_id, at)
			SELECT gen_random_uuid(), c.conversation_id, 'case_opened', c.id, c.opened_at FROM cases c`},
		{"notes", `INSERT INTO conversation_notes (id, conversation_id, staff_id, body, dedupe_key, created_at)
			SELECT gen_random_uuid(), c.conversation_id, (SELECT id FROM staff ORDER BY email LIMIT 1), 'Rings back', c.id::text, c.opened_at FROM cases c`},
		{"who read what", `INSERT INTO conversation_reads (reader, conversation_id, day)
			SELECT 'staff:' || n % 2, pg_temp.named(3, 1 + n / 2), now()::date - 1 FROM generate_series(1, 9998) n`},
		{"notices", `INSERT INTO notices (id, stylist_id, appointment_id, event, channel, dedupe_key, due_at, created_at, seen_at)
			SELECT gen_random_uuid(), a.stylist_id, a.id, 'visit.confirmed', 'whatsapp', a.id::text, a.created_at, a.starts_at, now() FROM appointments a`},
		{"closed time", `INSERT INTO time_blocks (id, stylist_id, starts_at, ends_at, kind, created_at)
			SELECT gen_random_uuid(), s.id, day, day + interval '30 minutes', 'break', now()
			FROM (SELECT id FROM stylists ORDER BY position LIMIT 5) s, generate_series(now() - interval '365 days', now() - interval '1 day', interval '1 day') day`},
		{"what a search reads, made anew behind the products", "DROP INDEX products_found"},
		{"categories", `INSERT INTO product_categories (id, slug, names, position, created_at, updated_at)
			SELECT pg_temp.named(20, n), 'shelf-' || n, jsonb_build_object('en', 'Shelf ' || n), 100 + n, now(), now() FROM generate_series(1, 40) n`},
		{"products, whose sale no feed ends", `INSERT INTO products (id, sku, names, descriptions, price_minor, currency, stock, active, brand, held, category_id, created_at, updated_at)
			SELECT pg_temp.named(21, n), 'YEAR-' || n, jsonb_build_object('en', 'Serum no ' || n, 'es', 'Sérum n.º ' || n, 'ar', 'سيروم ' || n),
			       jsonb_build_object('en', 'With argan and much care'), 500 + n % 9000, 'EUR', 5, n % 50 > 0, 'Brand ' || n % 40, '["active"]',
			       pg_temp.named(20, 1 + n % 40), now() - n * interval '1 minute', now() FROM generate_series(1, @products) n`},
		{"what a search reads", "CREATE INDEX products_found ON products USING gin (found gin_trgm_ops) WITH (fastupdate = off) WHERE active"},
		{"pictures", `INSERT INTO product_media (id, product_id, url, kind, position, origin, created_at, updated_at)
			SELECT gen_random_uuid(), pg_temp.named(21, n), '/static/' || n || '.svg', 'image', 1, 'feed', now(), now() FROM generate_series(1, @products) n`},
		{"sessions of the shop", `INSERT INTO shop_sessions (id, hash, customer_id, created_at, expires_at)
			SELECT pg_temp.named(22, n), sha256(n::text::bytea), CASE WHEN n % 2 = 0 THEN pg_temp.named(1, n) END, now(), now() + interval '20 days' FROM generate_series(1, @people) n`},
		{"carts", `INSERT INTO carts (id, customer_id, status, currency, expires_at, created_at, updated_at)
			SELECT pg_temp.named(23, n), pg_temp.named(1, n), 'active', 'EUR', now() + interval '5 days', now(), now() FROM generate_series(1, @people) n`},
		{"what is in them", `INSERT INTO cart_items (id, cart_id, product_id, sku, names, price_minor, currency, qty, total_minor, created_at, updated_at)
			SELECT gen_random_uuid(), pg_temp.named(23, n), pg_temp.named(21, n), 'YEAR-' || n, '{"en": "Serum"}', 500, 'EUR', 1, 500, now(), now() FROM generate_series(1, @people) n`},
		{"what visitors did", `INSERT INTO funnel_events (id, at, day, kind, channel, language, visit, test)
			SELECT gen_random_uuid(), now() - n * interval '10 minutes', (now() - n * interval '10 minutes')::date, (ARRAY['view_list','view_product','add_to_cart'])[1 + n % 3],
			       'web', 'en', substring(sha256(n::text::bytea) FOR 12), false FROM generate_series(1, @messages) n`},
		{"the audit log", `INSERT INTO audit_log (at, actor, action, subject_kind, subject_id, before, after)
			SELECT now() - n * interval '5 minutes', 'staff:' || (SELECT id FROM staff ORDER BY email LIMIT 1), (ARRAY['service.changed','session.opened','policy.changed'])[1 + n % 3],
			       'service', pg_temp.named(6, n % 500)::text, jsonb_build_object('price_minor', n), jsonb_build_object('price_minor', n + 1) FROM generate_series(1, @messages) n`},
		{"its chain", `INSERT INTO audit_chain (position, entry_id, hash)
			SELECT (SELECT coalesce(max(position), 0) FROM audit_chain) + row_number() OVER (ORDER BY id), id, sha256(id::text::bytea)
			FROM audit_log WHERE id NOT IN (SELECT entry_id FROM audit_chain)`},
		{"jobs that are done", `INSERT INTO river_job (state, attempt, max_attempts, created_at, finalized_at, scheduled_at, attempted_at, args, kind)
			SELECT 'completed', 1, 12, clock_timestamp(), clock_timestamp(), clock_timestamp(), clock_timestamp(), '{}', 'chat.turn' FROM generate_series(1, 20000)`},
		{"jobs that failed for good", `SET session_replication_role = origin;
			INSERT INTO river_job (state, attempt, max_attempts, created_at, finalized_at, scheduled_at, attempted_at, args, kind, errors)
			SELECT 'discarded', 12, 12, now(), now() - n * interval '5 minutes', now(), now(), jsonb_build_object('conversation_id', pg_temp.named(3, n)), 'notify.flush',
			       ARRAY[jsonb_build_object('at', now(), 'attempt', 12, 'trace', '', 'error', 'post letter ' || repeat('x', n % 5) || ': EOF')]
			FROM generate_series(1, @dead) n;
			SET session_replication_role = replica`},
		{"comparisons with the payment provider", `INSERT INTO reconciliations (id, kind, actor, from_at, to_at, state, asked_at, started_at, stepped_at, ended_at)
			SELECT pg_temp.named(24, n), 'daily', 'system', d - interval '1 day', d, 'done', d, d, d, d
			FROM (SELECT n, date_trunc('day', now()) - n * interval '1 day' AS d FROM generate_series(2, 365) n) days`},
		{"what did not match", `INSERT INTO reconciliation_differences (id, key, kind, state, payment_id, here_minor, here_currency, there_minor, there_currency, since, found_at, seen_at, run_id, settled_at)
			SELECT pg_temp.named(25, n), 'amount ' || n, 'amount', CASE WHEN n > 3 THEN 'gone' ELSE 'open' END, pg_temp.named(8, n), 800, 'EUR', 900, 'EUR',
			       found, found, found, pg_temp.named(24, 2 + n % 364), CASE WHEN n > 3 THEN found END
			FROM (SELECT n, now() - n * interval '4 hours' AS found FROM generate_series(1, @dead) n) differences`},
		{"statistics", "ANALYZE"},
	}
}
