package testkit

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// Asker runs a query: a connection or a pool.
type Asker interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// Books asks a database at rest for everything that must never be: two visits at one time, a hold that
// nobody waits for, money that is neither a visit's nor on its way back. now is business time; swept tells
// that what was due by then has been done. It returns what is wrong, a line each.
func Books(ctx context.Context, db Asker, now time.Time, swept bool) ([]string, error) {
	var queries []string
	for _, b := range books() {
		queries = append(queries, fmt.Sprintf("SELECT '%s: ' || what FROM (%s) AS found(what)", b[0], b[1]))
	}
	rows, err := db.Query(ctx, strings.Join(queries, " UNION ALL "), pgx.NamedArgs{"now": now, "swept": swept})
	if err != nil {
		return nil, fmt.Errorf("look into the books: %w", err)
	}
	wrong, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("look into the books: %w", err)
	}
	return wrong, nil
}

// RefundFailureSeen is a condition on a payment p: somebody of the salon has the case of its refund that failed, the visit's
// or the owner's of its order; or took it back themselves. An order whose owner has no conversation has no case; its people see
// it among the refunds.
const RefundFailureSeen = `(EXISTS (SELECT FROM cases k WHERE k.reason = 'refund_failure' AND (k.appointment_id = p.appointment_id
		OR k.appointment_id IN (SELECT a.id FROM appointments a WHERE a.group_id = p.group_id)
		OR k.appointment_id IS NULL AND k.customer_id = (SELECT o.customer_id FROM orders o WHERE o.id = p.order_id)))
	OR EXISTS (SELECT FROM refunds f JOIN refund_events e ON e.refund_id = f.id WHERE f.payment_id = p.id AND f.state = 'failed' AND e.to_state = 'canceled' AND e.actor LIKE 'staff:%')
	OR p.order_id IS NOT NULL AND NOT EXISTS (SELECT FROM orders o JOIN contacts x ON x.customer_id = o.customer_id JOIN conversations v ON v.contact_id = x.id WHERE o.id = p.order_id))`

// books is what must never be found in the database, by name, with a word about what was found: between any
// two jobs, whatever customers, staff, providers and the clock have done.
func books() [][2]string {
	return [][2]string{
		{"double booking", `SELECT a.id || ' and ' || b.id FROM appointments a JOIN appointments b ON a.stylist_id = b.stylist_id AND a.id < b.id
		AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at
		WHERE a.status IN ('provisional', 'confirmed', 'reschedule_pending') AND b.status IN ('provisional', 'confirmed', 'reschedule_pending')`},
		{"a hold that its conversation does not wait for", `SELECT a.id || ', state ' || c.state::text FROM appointments a JOIN conversations c ON c.id = a.conversation_id
		WHERE a.status = 'provisional' AND a.hold_expires_at > @now AND NOT EXISTS (SELECT 1 FROM appointments m
			WHERE m.id::text = c.state->>'booking' AND (m.id = a.id OR m.group_id = a.group_id))
		AND NOT EXISTS (SELECT 1 FROM cases k JOIN appointments x ON x.id = k.appointment_id WHERE x.id = a.id OR x.group_id = a.group_id)`},
		{"two holds of one conversation", `SELECT conversation_id::text FROM appointments WHERE status = 'provisional' AND hold_expires_at > @now AND conversation_id IS NOT NULL
		GROUP BY conversation_id HAVING count(DISTINCT coalesce(group_id, id)) > 1`},
		{"a deposit that nobody asked for", `SELECT a.id::text FROM appointments a WHERE a.status = 'provisional' AND a.deposit_minor > 0
		AND NOT EXISTS (SELECT 1 FROM payments p WHERE p.appointment_id = a.id OR p.group_id = a.group_id)`},
		{"more given back than received", `SELECT p.id || ' ' || p.received_minor FROM payments p WHERE p.received_minor <
		(SELECT coalesce(sum(amount_minor), 0) FROM refunds r WHERE r.payment_id = p.id AND r.state IN ('asked', 'pending', 'succeeded'))`},
		{"more given back than was paid at the door", `SELECT o.number || ' ' || o.total_minor FROM orders o WHERE CASE o.method WHEN 'cod' THEN o.total_minor ELSE 0 END <
		(SELECT coalesce(sum(amount_minor), 0) FROM refunds r WHERE r.order_id = o.id AND r.state IN ('asked', 'pending', 'succeeded'))`},
		{"received money that went nowhere", `SELECT p.id || ' ' || p.state FROM payments p WHERE p.received_minor > 0 AND p.state <> 'paid' AND p.received_minor >
		(SELECT coalesce(sum(amount_minor), 0) FROM refunds r WHERE r.payment_id = p.id AND (r.state IN ('pending', 'succeeded')
			OR r.state = 'asked' AND r.retry_of IS NOT NULL OR r.state = 'failed' AND ` + RefundFailureSeen + `))`},
		{"a paid deposit without its visit", `SELECT p.id || ' ' || p.state FROM payments p WHERE p.state = 'paid' AND p.order_id IS NULL AND NOT EXISTS (SELECT 1 FROM appointments a
		WHERE (a.id = p.appointment_id OR a.group_id = p.group_id) AND a.deposit_state IN ('paid', 'forfeited', 'refund_pending'))`},
		{"a visit paid never or twice", `SELECT a.id || ' ' || a.status FROM appointments a WHERE a.deposit_state = 'paid' AND 1 <>
		(SELECT count(*) FROM payments p WHERE p.state = 'paid' AND (p.appointment_id = a.id AND p.group_id IS NULL OR p.group_id = a.group_id))`},
		{"a paid visit that does not stand", `SELECT a.id || ' ' || a.status FROM appointments a
		WHERE a.deposit_state = 'paid' AND a.status NOT IN ('confirmed', 'reschedule_pending', 'completed')`},
		{"a standing visit whose deposit waits", `SELECT a.id || ' ' || a.status FROM appointments a
		WHERE a.deposit_state = 'pending' AND a.status <> 'provisional'`},
		{"a payment of another sum", `SELECT p.id || ' ' || p.amount_minor FROM payments p WHERE p.amount_minor <>
		(SELECT sum(a.deposit_minor) FROM appointments a WHERE CASE WHEN p.group_id IS NULL THEN a.id = p.appointment_id ELSE a.group_id = p.group_id END)`},
		{"a refund that is promised and not made", `SELECT a.id || ' ' || a.deposit_state FROM appointments a WHERE a.deposit_state IN ('refund_pending', 'refunded')
		AND NOT EXISTS (SELECT 1 FROM refunds r JOIN payments p ON p.id = r.payment_id WHERE p.appointment_id = a.id OR p.group_id = a.group_id)`},
		{"a deposit that waits for no refund", `SELECT a.id || ' ' || a.status FROM appointments a WHERE a.deposit_state = 'refund_pending'
		AND NOT EXISTS (SELECT 1 FROM refunds r JOIN payments p ON p.id = r.payment_id WHERE (p.appointment_id = a.id OR p.group_id = a.group_id)
			AND (r.state IN ('pending', 'failed') OR r.state = 'asked' AND r.retry_of IS NOT NULL))`},
		{"a confirmed visit that nobody was told of", `SELECT a.id || ' ' || a.status FROM appointments a WHERE a.status = 'confirmed' AND a.conversation_id IS NOT NULL
		AND NOT EXISTS (SELECT 1 FROM messages m JOIN appointments x ON x.id = a.id OR x.group_id = a.group_id WHERE m.dedupe_key = 'booking.confirmed:' || x.id)`},
		{"a case of ours", `SELECT summary FROM cases WHERE reason = 'system_error'`},
		{"an unanswered message", `SELECT id::text FROM messages WHERE direction = 'in' AND status = 'received'`},
		{"another language than the one written in", `SELECT c.id || ' speaks ' || c.language || ' to ' || l.language FROM conversations c, LATERAL (SELECT language FROM messages m
		WHERE m.conversation_id = c.id AND direction = 'in' AND status = 'handled' ORDER BY seq DESC LIMIT 1) l WHERE l.language <> c.language`},
		{"an order that does not add up", `SELECT o.number FROM orders o WHERE o.subtotal_minor <> (SELECT coalesce(sum(i.total_minor), 0) FROM order_items i WHERE i.order_id = o.id)
		OR NOT EXISTS (SELECT 1 FROM order_items i WHERE i.order_id = o.id)`},
		{"an order paid by card never or twice", `SELECT o.number || ' ' || o.status FROM orders o WHERE o.method = 'stripe' AND o.status IN ('paid', 'shipped', 'delivered') AND 1 <>
		(SELECT count(*) FROM payments p WHERE p.order_id = o.id AND p.paid_at IS NOT NULL AND p.error_code = '' AND p.state IN ('paid', 'refund_pending')
			AND p.received_minor = o.total_minor AND p.received_in = o.currency)`},
		{"money kept for no order", `SELECT o.number || ' ' || o.status FROM orders o JOIN payments p ON p.order_id = o.id WHERE p.state = 'paid'
		AND (o.status NOT IN ('paid', 'shipped', 'delivered') OR o.method <> 'stripe')`},
		{"a link that an order does not wait for", `SELECT o.number || ' ' || o.status FROM orders o JOIN payments p ON p.order_id = o.id WHERE p.state IN ('requested', 'open')
		AND (o.status <> 'pending' OR p.amount_minor <> o.total_minor OR p.currency <> o.currency)`},
		{"goods held back for nobody", `SELECT p.sku || ' ' || p.reserved FROM products p WHERE p.reserved <> (SELECT coalesce(sum(h.qty), 0) FROM stock_holds h WHERE h.product_id = p.id AND NOT h.taken)`},
		{"goods that an order should have", `SELECT o.number || ' ' || o.status FROM orders o JOIN order_items i ON i.order_id = o.id WHERE o.status NOT IN ('canceled', 'failed', 'refunded')
		AND i.qty - (SELECT coalesce(sum(b.qty), 0) FROM returns r JOIN return_items b ON b.return_id = r.id WHERE r.order_id = o.id AND r.restocked AND b.order_item_id = i.id) <>
		(SELECT coalesce(sum(h.qty), 0) FROM stock_holds h WHERE h.order_id = o.id AND h.product_id = i.product_id AND h.taken = (o.status NOT IN ('pending', 'pending_cod')))`},
		{"more money back for returns than an order cost", `SELECT o.number || ' ' || o.total_minor FROM orders o WHERE o.total_minor <
		(SELECT coalesce(sum(r.refund_minor), 0) FROM returns r WHERE r.order_id = o.id AND r.status = 'refunded')`},
		{"more sent back than was bought", `SELECT o.number || ' ' || i.sku FROM orders o JOIN order_items i ON i.order_id = o.id WHERE i.qty <
		(SELECT coalesce(sum(b.qty), 0) FROM returns r JOIN return_items b ON b.return_id = r.id WHERE r.order_id = o.id AND r.status <> 'rejected' AND b.order_item_id = i.id)`},
		{"goods that an order should not have", `SELECT o.number || ' ' || o.status FROM orders o JOIN stock_holds h ON h.order_id = o.id WHERE o.status IN ('canceled', 'failed')
		OR NOT EXISTS (SELECT 1 FROM order_items i WHERE i.order_id = o.id AND i.product_id = h.product_id)`},
		{"an open cart of an order that stands", `SELECT o.number || ' ' || c.status FROM orders o JOIN carts c ON c.id = o.cart_id
		WHERE o.status IN ('confirmed', 'paid', 'shipped', 'delivered') AND c.status NOT IN ('ordered', 'merged')`},
		{"an order without its history", `SELECT o.number || ' ' || o.status FROM orders o WHERE o.status <>
		(SELECT e.to_status FROM order_events e WHERE e.order_id = o.id AND e.to_status <> '' ORDER BY e.at DESC, e.id DESC LIMIT 1)`},
		{"an order beyond its time", `SELECT o.number FROM orders o WHERE o.status IN ('pending', 'pending_cod') AND o.reserved_until <= @now AND @swept`},
		{"a hold beyond its time", `SELECT a.id::text FROM appointments a WHERE a.status = 'provisional' AND a.hold_expires_at <= @now AND @swept`},
	}
}
