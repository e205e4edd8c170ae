-- +goose Up
-- Who shops without having said who they are, or has proved it by a code (customer_id). The token is not kept, its hash
-- is. Times of sessions and keys are machine time, those of carts business time.
CREATE TABLE shop_sessions (
    id          uuid PRIMARY KEY,
    hash        bytea NOT NULL UNIQUE,
    customer_id uuid REFERENCES customers,
    created_at  timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL
);
CREATE INDEX shop_sessions_due ON shop_sessions (expires_at);
CREATE INDEX shop_sessions_customer ON shop_sessions (customer_id) WHERE customer_id IS NOT NULL;

-- A cart is a session's or a customer's, never anybody's, and each has one open cart at most.
CREATE TABLE carts (
    id             uuid PRIMARY KEY,
    session_id     uuid REFERENCES shop_sessions ON DELETE SET NULL,
    customer_id    uuid REFERENCES customers,
    status         text NOT NULL CHECK (status ~ '^(active|abandoned|ordered|merged)$'),
    merged_into_id uuid REFERENCES carts,
    currency       char(3) NOT NULL,
    subtotal_minor bigint NOT NULL DEFAULT 0 CHECK (subtotal_minor >= 0),
    tax_minor      bigint NOT NULL DEFAULT 0 CHECK (tax_minor >= 0),
    shipping_minor bigint NOT NULL DEFAULT 0 CHECK (shipping_minor >= 0),
    total_minor    bigint NOT NULL DEFAULT 0,
    version        bigint NOT NULL DEFAULT 0,
    expires_at     timestamptz NOT NULL,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    CONSTRAINT carts_add_up CHECK (total_minor = subtotal_minor + tax_minor + shipping_minor),
    CONSTRAINT carts_have_one_owner CHECK (num_nonnulls(session_id, customer_id) = 1 OR status <> 'active' AND customer_id IS NULL),
    CONSTRAINT carts_merge_into_one CHECK ((status = 'merged') = (merged_into_id IS NOT NULL))
);
CREATE UNIQUE INDEX carts_one_open_of_session ON carts (session_id) WHERE status = 'active';
CREATE UNIQUE INDEX carts_one_open_of_customer ON carts (customer_id) WHERE status = 'active' AND customer_id IS NOT NULL;
CREATE INDEX carts_of_session ON carts (session_id);
CREATE INDEX carts_of_customer ON carts (customer_id) WHERE customer_id IS NOT NULL;
CREATE INDEX carts_merged ON carts (merged_into_id) WHERE merged_into_id IS NOT NULL;
CREATE INDEX carts_due ON carts (expires_at) WHERE status = 'active';

-- A line that was taken out stays as long as its cart, so that taking it out again is no mistake.
CREATE TABLE cart_items (
    id          uuid PRIMARY KEY,
    cart_id     uuid NOT NULL REFERENCES carts ON DELETE CASCADE,
    product_id  uuid NOT NULL REFERENCES products,
    sku         text NOT NULL,
    names       jsonb NOT NULL,
    price_minor bigint NOT NULL CHECK (price_minor >= 0),
    was_minor   bigint CHECK (was_minor <> price_minor), -- the price its owner knows, where it has changed since
    currency    char(3) NOT NULL,
    qty         int NOT NULL CHECK (qty BETWEEN 1 AND 99),
    total_minor bigint NOT NULL,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    removed_at  timestamptz,
    CONSTRAINT cart_items_add_up CHECK (total_minor = price_minor * qty)
);
CREATE UNIQUE INDEX cart_items_one_line ON cart_items (cart_id, product_id) WHERE removed_at IS NULL;
CREATE INDEX cart_items_of_cart ON cart_items (cart_id);
CREATE INDEX cart_items_of_product ON cart_items (product_id);

-- What was answered under an owner's key: asked again, the same is answered and nothing is done.
CREATE TABLE cart_keys (
    owner_id   uuid NOT NULL, -- of a session or a customer
    key        text NOT NULL CHECK (char_length(key) BETWEEN 1 AND 200),
    asked      bytea NOT NULL, -- the hash of what was asked for
    answer     jsonb NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (owner_id, key)
);
CREATE INDEX cart_keys_due ON cart_keys (expires_at);

-- +goose Down
DROP TABLE cart_keys, cart_items, carts, shop_sessions;
