package auditor

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"frontdesk/internal/testkit"
	"frontdesk/models"
)

// ours is what the product has written down.
type ours struct {
	messages []message
	heard    map[string]string // by the provider's id of an event, what became of it
	payments []payment
	refunds  []refund
	orders   []order
	visits   []visit
	jobs     []job
	waiting  []string // notices under way
}

// message is one on WhatsApp.
type message struct {
	ID, Phone, ProviderID, Direction, Status, Class string
	Person                                          bool // a person of the salon had, or has, the conversation
}

// payment is a request for money, and what it was for as that stands now.
type payment struct {
	ID, State, SessionID, Intent string
	ReceivedMinor                int64
	Order                        string // its number
	OrderStatus                  string
	OrderID, Visit, Group        string
	Standing                     int64 // visits whose deposit it holds, or whose deposit is kept by the terms
	Owed                         bool  // a refund of it failed, and somebody has the case
}

type refund struct {
	ID, State, Method, Payment, ProviderID, AskedBy, DecidedBy string
	AmountMinor                                                int64
	SecondPerson                                               bool
	ExpiresAt                                                  *time.Time
}

type order struct {
	ID, Number, Status, Cart string
	TotalMinor               int64
}

type visit struct {
	ID              models.ID
	Stylist, Status string
	StartsAt        time.Time
}

type job struct {
	ID                   int64
	Kind, State, Trouble string
}

// What is read, in the order of the structs' fields.
const (
	messageRows = `SELECT m.id::text, k.address, coalesce(m.provider_id, ''), m.direction, m.status, m.class,
			m.seq <= v.silenced_seq OR v.human_until IS NOT NULL FROM messages m
		JOIN conversations v ON v.id = m.conversation_id JOIN contacts k ON k.id = v.contact_id WHERE k.channel = 'whatsapp' ORDER BY m.seq`
	paymentRows = `SELECT p.id::text, p.state, coalesce(p.session_id, ''), coalesce(p.payment_intent, ''), p.received_minor,
			coalesce(o.number, ''), coalesce(o.status, ''), coalesce(o.id::text, ''), coalesce(p.appointment_id::text, ''), coalesce(p.group_id::text, ''),
			(SELECT count(*) FROM appointments a WHERE (a.id = p.appointment_id OR a.group_id = p.group_id) AND a.deposit_state IN ('paid', 'forfeited')),
			EXISTS (SELECT FROM refunds r WHERE r.payment_id = p.id AND r.state = 'failed') AND ` + testkit.RefundFailureSeen + `
		FROM payments p LEFT JOIN orders o ON o.id = p.order_id ORDER BY p.created_at, p.id`
	refundRows = `SELECT id::text, state, method, coalesce(payment_id::text, ''), coalesce(provider_id, ''), asked_by, decided_by, amount_minor, second_person, expires_at
		FROM refunds ORDER BY created_at, id`
	orderRows = `SELECT id::text, number, status, cart_id::text, total_minor FROM orders ORDER BY created_at, id`
	visitRows = `SELECT a.id, s.code, a.status, a.starts_at FROM appointments a JOIN stylists s ON s.id = a.stylist_id ORDER BY a.starts_at, a.id`
	// A look into a calendar, a sweep, and a look at what is fresh that found the payment provider away, come again by themselves.
	jobRows = `SELECT id, kind, state::text, coalesce(errors[array_upper(errors, 1)]->>'error', '') FROM river_job
		WHERE state <> 'completed' AND kind NOT IN ('sweep.due', 'calendar.read')
			AND NOT (kind = 'reconcile.watch' AND state = 'cancelled') ORDER BY id`
	// Of a message "failed" says that it could not be dealt with; of a payment that the card was refused.
	eventRows  = `SELECT event_id, CASE WHEN processed_at IS NULL THEN 'waits' WHEN provider <> 'stripe' AND outcome = 'failed' THEN 'failed' ELSE 'done' END FROM provider_events`
	noticeRows = `SELECT n.event || ' by ' || d.channel || ', ' || d.status FROM notice_deliveries d JOIN notices n ON n.id = d.notice_id WHERE d.status IN ('queued', 'sending')`
)

func readOurs(ctx context.Context, db testkit.Asker) (o ours, err error) {
	if o.messages, err = rows(ctx, db, messageRows, pgx.RowToStructByPos[message]); err != nil {
		return o, err
	}
	if o.payments, err = rows(ctx, db, paymentRows, pgx.RowToStructByPos[payment]); err != nil {
		return o, err
	}
	if o.refunds, err = rows(ctx, db, refundRows, pgx.RowToStructByPos[refund]); err != nil {
		return o, err
	}
	if o.orders, err = rows(ctx, db, orderRows, pgx.RowToStructByPos[order]); err != nil {
		return o, err
	}
	if o.visits, err = rows(ctx, db, visitRows, pgx.RowToStructByPos[visit]); err != nil {
		return o, err
	}
	if o.jobs, err = rows(ctx, db, jobRows, pgx.RowToStructByPos[job]); err != nil {
		return o, err
	}
	if o.waiting, err = rows(ctx, db, noticeRows, pgx.RowTo[string]); err != nil {
		return o, err
	}
	events, err := rows(ctx, db, eventRows, pgx.RowToStructByPos[struct{ ID, Became string }])
	o.heard = map[string]string{}
	for _, e := range events {
		o.heard[e.ID] = e.Became
	}
	return o, err
}

func rows[T any](ctx context.Context, db testkit.Asker, sql string, to pgx.RowToFunc[T]) ([]T, error) {
	found, err := db.Query(ctx, sql)
	if err != nil {
		return nil, fmt.Errorf("read our own records: %w", err)
	}
	all, err := pgx.CollectRows(found, to)
	if err != nil {
		return nil, fmt.Errorf("read our own records: %w", err)
	}
	return all, nil
}
