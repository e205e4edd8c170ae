-- +goose Up
-- What the feed said last of a product, and what open orders hold back of it. What the shop may sell is stock less
-- reserved; stock is less than the feed's figure by what was sold since the feed learned of sales.
ALTER TABLE products ADD COLUMN feed_stock int CHECK (feed_stock >= 0);
ALTER TABLE products ADD COLUMN reserved int NOT NULL DEFAULT 0 CHECK (reserved >= 0);
UPDATE products SET feed_stock = stock;

-- Where orders go; once for each owner.
CREATE TABLE addresses (
    id          uuid PRIMARY KEY,
    customer_id uuid REFERENCES customers,
    session_id  uuid REFERENCES shop_sessions ON DELETE SET NULL,
    digest      bytea NOT NULL,
    name        text NOT NULL DEFAULT '',
    phone       text NOT NULL DEFAULT '',
    line1       text NOT NULL CHECK (line1 <> ''),
    line2       text NOT NULL DEFAULT '',
    city        text NOT NULL CHECK (city <> ''),
    region      text NOT NULL DEFAULT '',
    country     char(2) NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
    postal_code text NOT NULL DEFAULT '',
    created_at  timestamptz NOT NULL,
    CONSTRAINT addresses_have_one_owner CHECK (num_nonnulls(customer_id, session_id) <= 1)
);
CREATE UNIQUE INDEX addresses_once ON addresses (coalesce(customer_id, session_id), digest);
CREATE INDEX addresses_of_customer ON addresses (customer_id) WHERE customer_id IS NOT NULL;
CREATE INDEX addresses_of_session ON addresses (session_id) WHERE session_id IS NOT NULL;

CREATE TABLE orders (
    id             uuid PRIMARY KEY,
    number         text NOT NULL UNIQUE,
    customer_id    uuid REFERENCES customers,
    session_id     uuid REFERENCES shop_sessions ON DELETE SET NULL,
    cart_id        uuid NOT NULL REFERENCES carts,
    cart_version   bigint NOT NULL,
    method         text NOT NULL CHECK (method ~ '^(cod|stripe)$'),
    status         text NOT NULL CHECK (status ~ '^(pending|pending_cod|confirmed|paid|shipped|delivered|canceled|failed|refunded)$'),
    language       text NOT NULL CHECK (language ~ '^(en|es|ar)$'),
    channel        text NOT NULL,
    currency       char(3) NOT NULL,
    subtotal_minor bigint NOT NULL CHECK (subtotal_minor >= 0),
    tax_minor      bigint NOT NULL CHECK (tax_minor >= 0),
    shipping_minor bigint NOT NULL CHECK (shipping_minor >= 0),
    total_minor    bigint NOT NULL,
    address_id     uuid REFERENCES addresses,
    notes          text NOT NULL DEFAULT '',
    reserved_until timestamptz,
    confirmed_at   timestamptz,
    paid_at        timestamptz,
    shipped_at     timestamptz,
    delivered_at   timestamptz,
    closed_at      timestamptz,
    version        bigint NOT NULL DEFAULT 0,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    CONSTRAINT orders_add_up CHECK (total_minor = subtotal_minor + tax_minor + shipping_minor),
    CONSTRAINT orders_have_one_owner CHECK (num_nonnulls(customer_id, session_id) <= 1),
    CONSTRAINT orders_unpaid_are_held_for_a_time CHECK ((status ~ '^pending') = (reserved_until IS NOT NULL)),
    CONSTRAINT orders_wait_for_what_pays_them CHECK (status <> 'pending' OR method = 'stripe'),
    CONSTRAINT orders_cod_wait CHECK (status <> 'pending_cod' OR method = 'cod'),
    CONSTRAINT orders_closed CHECK ((status ~ '^(canceled|failed|refunded)$') = (closed_at IS NOT NULL))
);
-- A cart has one order that waits, however many ask for it at once.
CREATE UNIQUE INDEX orders_one_unpaid_of_cart ON orders (cart_id) WHERE status IN ('pending', 'pending_cod');
CREATE INDEX orders_of_cart ON orders (cart_id);
CREATE INDEX orders_of_customer ON orders (customer_id, created_at DESC) WHERE customer_id IS NOT NULL;
CREATE INDEX orders_of_session ON orders (session_id, created_at DESC) WHERE session_id IS NOT NULL;
CREATE INDEX orders_due ON orders (reserved_until) WHERE status IN ('pending', 'pending_cod');
CREATE INDEX orders_newest ON orders (created_at DESC, id DESC);
CREATE INDEX orders_in_status ON orders (status, created_at DESC);
CREATE INDEX orders_address ON orders (address_id) WHERE address_id IS NOT NULL;

CREATE TABLE order_items (
    id          uuid PRIMARY KEY,
    order_id    uuid NOT NULL REFERENCES orders ON DELETE CASCADE,
    product_id  uuid NOT NULL REFERENCES products,
    sku         text NOT NULL,
    names       jsonb NOT NULL,
    price_minor bigint NOT NULL CHECK (price_minor >= 0),
    qty         int NOT NULL CHECK (qty > 0),
    total_minor bigint NOT NULL,
    CONSTRAINT order_items_add_up CHECK (total_minor = price_minor * qty),
    UNIQUE (order_id, product_id)
);
CREATE INDEX order_items_of_product ON order_items (product_id);

CREATE TABLE order_events (
    id          uuid PRIMARY KEY,
    order_id    uuid NOT NULL REFERENCES orders ON DELETE CASCADE,
    at          timestamptz NOT NULL,
    kind        text NOT NULL,
    from_status text NOT NULL DEFAULT '',
    to_status   text NOT NULL DEFAULT '',
    actor       text NOT NULL,
    note        text NOT NULL DEFAULT '',
    data        jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX order_events_of ON order_events (order_id, at, id);

-- What an order has of the stock: held back for it, or taken. What it gave back is not here any more.
CREATE TABLE stock_holds (
    order_id   uuid NOT NULL REFERENCES orders ON DELETE CASCADE,
    product_id uuid NOT NULL REFERENCES products,
    qty        int NOT NULL CHECK (qty > 0),
    taken      boolean NOT NULL DEFAULT false,
    PRIMARY KEY (order_id, product_id)
);
CREATE INDEX stock_holds_of_product ON stock_holds (product_id);

-- What was answered to a checkout under an owner's key.
CREATE TABLE order_keys (
    owner_id   uuid NOT NULL, -- of a session or a customer
    key        text NOT NULL CHECK (char_length(key) BETWEEN 1 AND 200),
    asked      bytea NOT NULL, -- the hash of what was asked for
    order_id   uuid NOT NULL REFERENCES orders ON DELETE CASCADE,
    answer     jsonb NOT NULL, -- the figures of the order as it was then
    expires_at timestamptz NOT NULL, -- machine time
    PRIMARY KEY (owner_id, key)
);
CREATE INDEX order_keys_due ON order_keys (expires_at);
CREATE INDEX order_keys_of_order ON order_keys (order_id);

-- One table of payments, for the deposits of visits and for orders, so that refunds and reconciliation have one ledger.
ALTER TABLE payments ALTER COLUMN appointment_id DROP NOT NULL;
ALTER TABLE payments ADD COLUMN order_id uuid REFERENCES orders;
ALTER TABLE payments ADD CONSTRAINT payments_pay_one_thing CHECK (num_nonnulls(appointment_id, order_id) = 1 AND (order_id IS NULL OR group_id IS NULL));
CREATE INDEX payments_order ON payments (order_id) WHERE order_id IS NOT NULL;
DROP INDEX payments_one_paid;
CREATE UNIQUE INDEX payments_one_paid ON payments (coalesce(order_id, group_id, appointment_id)) WHERE state = 'paid';
-- An order is waiting for one payment at most.
CREATE UNIQUE INDEX payments_one_open_of_order ON payments (order_id) WHERE state IN ('requested', 'open');

-- +goose Down
DROP INDEX payments_one_open_of_order, payments_one_paid, payments_order;
DELETE FROM refunds WHERE payment_id IN (SELECT id FROM payments WHERE order_id IS NOT NULL);
DELETE FROM payments WHERE order_id IS NOT NULL;
ALTER TABLE payments DROP CONSTRAINT payments_pay_one_thing;
ALTER TABLE payments DROP COLUMN order_id;
ALTER TABLE payments ALTER COLUMN appointment_id SET NOT NULL;
CREATE UNIQUE INDEX payments_one_paid ON payments (coalesce(group_id, appointment_id)) WHERE state = 'paid';
DROP TABLE order_keys, stock_holds, order_events, order_items, orders, addresses;
ALTER TABLE products DROP COLUMN reserved;
ALTER TABLE products DROP COLUMN feed_stock;
