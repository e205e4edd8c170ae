package main

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"frontdesk/models"
)

// fill puts a year of a busy salon into the program's database: five stylists with eleven visits on every day
// from eleven months ago to one month ahead, a hundred thousand people who once wrote, and as many changes
// in the audit log, whose chain is made by the database as for every entry. It says how many rows there are.
func fill(ctx context.Context, database string) (rows string, err error) {
	conn, err := pgx.Connect(ctx, database)
	if err != nil {
		return "", fmt.Errorf("reach the database: %w", err)
	}
	defer conn.Close(ctx) //nolint:errcheck // done
	for _, step := range filling() {
		if _, err := conn.Exec(ctx, step.sql); err != nil {
			return "", fmt.Errorf("fill %s: %w", step.what, err)
		}
	}
	if err := allowMuch(ctx, conn); err != nil {
		return "", err
	}
	var visits, week, people, said, changes int
	err = conn.QueryRow(ctx, `SELECT
		(SELECT count(*) FROM appointments), (SELECT count(*) FROM appointments WHERE starts_at >= date_trunc('week', now()) AND starts_at < date_trunc('week', now()) + interval '7 days'),
		(SELECT count(*) FROM customers), (SELECT count(*) FROM messages), (SELECT count(*) FROM audit_log)`).Scan(&visits, &week, &people, &said, &changes)
	if err != nil {
		return "", fmt.Errorf("count what was filled: %w", err)
	}
	return fmt.Sprintf("%d visits (%d this week), %d customers with a conversation, %d messages, %d audit entries", visits, week, people, said, changes), nil
}

// named makes an id of a number, so that rows find each other.
const named = `CREATE FUNCTION pg_temp.named(kind int, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS
	$$ SELECT (lpad(to_hex(kind), 8, '0') || '-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid $$`

// filled is the same in Go: the id of the n-th row of a kind.
func filled(kind int, n int64) models.ID {
	return uuid.MustParse(fmt.Sprintf("%08x-0000-7000-8000-%012x", kind, n))
}

type step struct{ what, sql string }

func filling() []step {
	return []step{
		{"ids", named},
		{"customers", `INSERT INTO customers (id, name, surname, phone, language, created_at, updated_at)
			SELECT pg_temp.named(1, n), (ARRAY['Noor','Maya','Lucía','سارة','Omar','Elena'])[1 + n % 6], 'Family ' || n, '+4477' || lpad(n::text, 8, '0'),
			       (ARRAY['en','es','ar'])[1 + n % 3], now() - n * interval '5 minutes', now() FROM generate_series(1, 100000) n`},
		{"contacts", `INSERT INTO contacts (id, channel, address, profile_name, customer_id, created_at, updated_at)
			SELECT pg_temp.named(2, n), 'whatsapp', '+4477' || lpad(n::text, 8, '0'), 'Guest', pg_temp.named(1, n), now(), now() FROM generate_series(1, 100000) n`},
		{"conversations", `INSERT INTO conversations (id, contact_id, language, last_inbound_at, last_message_at, created_at, updated_at)
			SELECT pg_temp.named(3, n), pg_temp.named(2, n), (ARRAY['en','es','ar'])[1 + n % 3], now() - n * interval '5 minutes', now() - n * interval '5 minutes', now(), now()
			FROM generate_series(1, 100000) n`},
		{"messages", `INSERT INTO messages (id, conversation_id, provider_id, direction, class, status, content, language, created_at, handled_at)
			SELECT pg_temp.named(4, n), pg_temp.named(3, n), 'wamid.' || n, 'in', 'inbound', 'handled', jsonb_build_object('kind', 'text', 'text', 'Is there a free time on Friday? ' || n), 'en',
			       now() - n * interval '5 minutes', now() FROM generate_series(1, 100000) n`},
		{"what was said long ago", `WITH said AS (
				SELECT c.id, min(m.seq) AS first, max(m.seq) AS last, count(*) AS n, min(m.created_at) AS began, max(m.created_at) AS ended
				FROM conversations c JOIN messages m ON m.conversation_id = c.id WHERE c.last_message_at < now() - interval '1 day' GROUP BY c.id
			), kept AS (
				INSERT INTO conversation_archives (id, conversation_id, first_seq, last_seq, messages, language, summary, began_at, ended_at, archived_at)
				SELECT gen_random_uuid(), id, first, last, n, 'en', '{}', began, ended, now() FROM said
				ON CONFLICT DO NOTHING -- the program archives, too
			) UPDATE conversations c SET archived_seq = said.last, archived_until = c.last_message_at FROM said WHERE c.id = said.id`},
		{"visits", `INSERT INTO appointments (id, stylist_id, customer_id, booked_by_id, conversation_id, starts_at, ends_at, status, total_minor, currency,
			       deposit_minor, deposit_state, terms, created_at, updated_at)
			SELECT pg_temp.named(5, n), s.id, pg_temp.named(1, 1 + n * 7 % 100000), pg_temp.named(1, 1 + n * 7 % 100000), pg_temp.named(3, 1 + n * 7 % 100000),
			       starts, starts + interval '45 minutes', CASE WHEN starts < now() THEN 'completed' ELSE 'confirmed' END, 4000, 'EUR', 800, 'paid', '{}', now(), now()
			FROM (SELECT row_number() OVER (ORDER BY day, place, st.id) AS n, st.id, date_trunc('day', now()) + day * interval '1 day' + interval '8 hours' + place * interval '50 minutes' AS starts
			      FROM (SELECT id FROM stylists ORDER BY position LIMIT 5) st, generate_series(-334, 30) day, generate_series(0, 10) place) AS s(n, id, starts)`},
		{"what visits are made of", `INSERT INTO appointment_lines (id, appointment_id, service_id, position, minutes, price_minor)
			SELECT gen_random_uuid(), a.id, (SELECT id FROM services ORDER BY position, code LIMIT 1), 1, 45, 4000 FROM appointments a`},
		{"what happened to visits", `INSERT INTO appointment_events (id, appointment_id, from_status, to_status, from_deposit, to_deposit, actor, reason, at)
			SELECT gen_random_uuid(), a.id, 'provisional', 'confirmed', 'pending', 'paid', 'stripe', 'payment.completed', a.created_at FROM appointments a`},
		{"deposits", `INSERT INTO payments (id, appointment_id, amount_minor, currency, state, received_minor, expires_at, created_at, updated_at, paid_at)
			SELECT gen_random_uuid(), a.id, 800, 'EUR', 'paid', 800, now(), now(), now(), now() FROM appointments a`},
		{"a case", `INSERT INTO cases (id, conversation_id, reason, status, language, summary, opened_at)
			VALUES (gen_random_uuid(), pg_temp.named(3, 1), 'manual_request', 'open', 'en', 'Asks for a person', now())`},
		{"the audit log", `INSERT INTO audit_log (at, actor, action, subject_kind, subject_id, before, after)
			SELECT now() - n * interval '5 minutes', 'staff:' || (SELECT id FROM staff ORDER BY email LIMIT 1), (ARRAY['service.changed','session.opened','policy.changed'])[1 + n % 3],
			       'service', pg_temp.named(6, n % 500)::text, jsonb_build_object('price_minor', n), jsonb_build_object('price_minor', n + 1) FROM generate_series(1, 100000) n`},
		{"what a server has done after a year", "VACUUM (ANALYZE)"},
		{"nothing to write behind", "CHECKPOINT"},
	}
}
