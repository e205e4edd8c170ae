package database_test

import (
	"context"
	"database/sql"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"frontdesk/internal/testkit"
	"frontdesk/migrations"
)

// What was given back for returns before there was one ledger stands in it afterwards: who gave it, how, with which proof and for which
// lines; what went to cards stays as it was. Taken back, nothing that went out is lost, and what waits is still owed.
func TestRefundsOfBeforeStandInTheLedger(t *testing.T) {
	ctx := context.Background()
	db, provider := migrated(t, 35)
	run := func(statements string) {
		t.Helper()
		for _, s := range strings.Split(statements, ";\n") {
			if _, err := db.ExecContext(ctx, s); err != nil {
				t.Fatalf("%s: %v", s, err)
			}
		}
	}
	// wants holds rows against how they are written: the columns with spaces between, the rows with commas.
	wants := func(query, want string) {
		t.Helper()
		var got string
		if err := db.QueryRowContext(ctx, "SELECT coalesce(string_agg(line, ', ' ORDER BY line), '') FROM ("+query+") q (line)").Scan(&got); err != nil || got != want {
			t.Errorf("%s:\ngot  %s, %v\nwant %s", query, got, err, want)
		}
	}
	run(returnsOfBefore)
	if _, err := provider.UpTo(ctx, 36); err != nil {
		t.Fatal(err)
	}
	wants("SELECT concat_ws(' ', o.number, f.amount_minor, f.state, f.method, f.proof, f.reason, f.asked_by, f.payment_id IS NULL) FROM returns r JOIN refunds f ON f.id = r.refund_id JOIN orders o ON o.id = r.order_id",
		"A 900 failed card  return staff:a f, A 901 succeeded card  return staff:a f, B 1501 succeeded cash slip 1 return staff:b t, C 700 succeeded bank_transfer T-7 return staff:c t")
	wants("SELECT concat_ws(' ', o.number, l.sku, i.qty, i.amount_minor) FROM refund_items i JOIN order_items l ON l.id = i.order_item_id JOIN orders o ON o.id = l.order_id",
		"A OIL 1 900, A SOAP 1 901, B OIL 2 1000, B SOAP 1 500, C OIL 1 700")
	wants("SELECT concat_ws(' ', rma_code, refund_minor, refund_method) FROM returns WHERE refund_id IS NULL", "R-5 0 nothing, R-6 0 ")
	wants("SELECT concat_ws(' ', id, amount_minor, state, method, asked_by) FROM refunds WHERE reason = 'late_payment'", uuid(70)+" 50 succeeded card system")

	// A promise, a request, another try and cash that is out, and then the way back.
	run(`INSERT INTO refunds (id, payment_id, amount_minor, currency, state, reason, method, asked_by, created_at, updated_at) VALUES ('` + uuid(71) + `', '` + uuid(30) + `', 10, 'EUR', 'pending', 'goodwill', 'cash', 'staff:a', now(), now());
UPDATE refunds SET state = 'retried' WHERE state = 'failed';
INSERT INTO refunds (id, payment_id, amount_minor, currency, state, reason, retry_of, created_at, updated_at) SELECT '` + uuid(72) + `', payment_id, 900, 'EUR', 'succeeded', reason, id, now(), now() FROM refunds WHERE state = 'retried';
INSERT INTO refunds (id, order_id, amount_minor, currency, state, reason, method, asked_by, second_person, expires_at, created_at, updated_at) VALUES ('` + uuid(73) + `', '` + uuid(12) + `', 10, 'EUR', 'asked', 'goodwill', 'cash', 'staff:a', true, now(), now(), now())`)
	if _, err := provider.DownTo(ctx, 35); err != nil {
		t.Fatal(err)
	}
	wants("SELECT concat_ws(' ', amount_minor, state, reason) FROM refunds", "10 failed goodwill, 50 succeeded late_payment, 900 failed return, 900 succeeded return, 901 succeeded return")
	wants("SELECT concat_ws(' ', rma_code, status, refund_minor, refund_method, refund_proof, refund_id IS NOT NULL) FROM returns",
		"R-1 refunded 900 card  t, R-2 refunded 901 card  t, R-3 refunded 1501 cash slip 1 f, R-4 refunded 700 bank_transfer T-7 f, R-5 refunded 0 nothing  f, R-6 requested 0   f")
	if _, err := provider.Up(ctx); err != nil {
		t.Fatal(err)
	}
	wants("SELECT concat_ws(' ', amount_minor, method) FROM refunds WHERE order_id IS NOT NULL", "1501 cash, 700 bank_transfer")
}

// migrated is a database as a version left it.
func migrated(t *testing.T, version int64) (*sql.DB, *goose.Provider) {
	t.Helper()
	db, err := sql.Open("pgx", testkit.DatabaseURL(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() }) // of a test that is over
	provider, err := goose.NewProvider(goose.DialectPostgres, db, migrations.Files)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.DownTo(context.Background(), version); err != nil {
		t.Fatal(err)
	}
	return db, provider
}

func uuid(n int) string {
	digits := "0123456789"
	return "00000000-0000-7000-8000-0000000000" + string(digits[n/10]) + string(digits[n%10])
}

// returnsOfBefore are an order A paid by card with two returns, one of which failed to go back; B paid at the door, two lines back in cash and
// some of the sending; C by transfer for less than the goods; D closed with nothing; E open.
var returnsOfBefore = `INSERT INTO products (id, sku, names, price_minor, currency, stock, active, created_at, updated_at) VALUES ('` + uuid(1) + `', 'OIL', '{"en": "Oil"}', 500, 'EUR', 5, true, now(), now()),
	('` + uuid(3) + `', 'SOAP', '{"en": "Soap"}', 500, 'EUR', 5, true, now(), now());
INSERT INTO customers (id, name, language, created_at, updated_at) VALUES ('` + uuid(2) + `', 'Ana', 'en', now(), now());
INSERT INTO carts (id, customer_id, status, currency, subtotal_minor, tax_minor, shipping_minor, total_minor, version, expires_at, created_at, updated_at)
	SELECT ('00000000-0000-7000-8000-0000000001' || n)::uuid, '` + uuid(2) + `', 'ordered', 'EUR', 2000, 0, 500, 2500, 1, now(), now(), now() FROM generate_series(10, 14) n;
INSERT INTO orders (id, number, customer_id, cart_id, cart_version, method, status, language, channel, currency, subtotal_minor, tax_minor, shipping_minor, total_minor, delivered_at, paid_at, created_at, updated_at)
	SELECT ('00000000-0000-7000-8000-0000000000' || n)::uuid, chr(55 + n), '` + uuid(2) + `', ('00000000-0000-7000-8000-0000000001' || n)::uuid, 1, CASE n WHEN 10 THEN 'stripe' ELSE 'cod' END, 'delivered', 'en', 'web', 'EUR', 2000, 0, 500, 2500, now(), now(), now(), now() FROM generate_series(10, 14) n;
INSERT INTO order_items (id, order_id, product_id, sku, names, price_minor, qty, total_minor)
	SELECT gen_random_uuid(), o.id, p.id, p.sku, p.names, 500, CASE p.sku WHEN 'OIL' THEN 2 ELSE 1 END, CASE p.sku WHEN 'OIL' THEN 1000 ELSE 500 END FROM orders o, products p;
INSERT INTO payments (id, order_id, amount_minor, currency, state, session_id, received_minor, received_in, expires_at, created_at, updated_at, paid_at) VALUES ('` + uuid(30) + `', '` + uuid(10) + `', 2500, 'EUR', 'paid', 'cs_1', 2500, 'EUR', now(), now(), now(), now());
INSERT INTO refunds (id, payment_id, amount_minor, currency, state, reason, provider_id, created_at, updated_at) VALUES ('` + uuid(61) + `', '` + uuid(30) + `', 900, 'EUR', 'failed', 'return', 're_1', now(), now()),
	('` + uuid(62) + `', '` + uuid(30) + `', 901, 'EUR', 'succeeded', 'return', 're_2', now(), now()), ('` + uuid(70) + `', '` + uuid(30) + `', 50, 'EUR', 'succeeded', 'late_payment', 're_3', now(), now());
INSERT INTO returns (id, order_id, rma_code, status, opened_by, refund_minor, refund_method, refund_proof, refund_id, created_at, updated_at, closed_at) VALUES
	('` + uuid(41) + `', '` + uuid(10) + `', 'R-1', 'refunded', 'customer', 900, 'card', '', '` + uuid(61) + `', now(), now(), now()), ('` + uuid(42) + `', '` + uuid(10) + `', 'R-2', 'refunded', 'customer', 901, 'card', '', '` + uuid(62) + `', now(), now(), now()),
	('` + uuid(43) + `', '` + uuid(11) + `', 'R-3', 'refunded', 'customer', 1501, 'cash', 'slip 1', NULL, now(), now(), now()), ('` + uuid(44) + `', '` + uuid(12) + `', 'R-4', 'refunded', 'customer', 700, 'bank_transfer', 'T-7', NULL, now(), now(), now()),
	('` + uuid(45) + `', '` + uuid(13) + `', 'R-5', 'refunded', 'customer', 0, 'nothing', '', NULL, now(), now(), now()), ('` + uuid(46) + `', '` + uuid(14) + `', 'R-6', 'requested', 'customer', 0, '', '', NULL, now(), now(), NULL);
INSERT INTO return_events (id, return_id, at, from_status, to_status, actor) SELECT gen_random_uuid(), r.id, now(), e.was, e.became, CASE e.became WHEN 'refunded' THEN 'staff:' || lower(o.number) ELSE 'staff:z' END
	FROM returns r JOIN orders o ON o.id = r.order_id, (VALUES ('requested', 'received'), ('received', 'refunded')) e (was, became) WHERE r.status = 'refunded';
INSERT INTO return_items (id, return_id, order_item_id, product_id, sku, names, price_minor, qty, total_minor)
	SELECT gen_random_uuid(), r.id, i.id, i.product_id, i.sku, i.names, c.price, c.qty, c.price * c.qty FROM (VALUES ('R-1', 'OIL', 900, 1), ('R-2', 'SOAP', 901, 1), ('R-3', 'OIL', 500, 2), ('R-3', 'SOAP', 500, 1), ('R-4', 'OIL', 1000, 1)) c (code, sku, price, qty)
	JOIN returns r ON r.rma_code = c.code JOIN order_items i ON i.order_id = r.order_id AND i.sku = c.sku`
