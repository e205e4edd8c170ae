-- +goose Up
-- Goods of an order on their way back. An order has one open return at most (R-832).
CREATE TABLE returns (
    id            uuid PRIMARY KEY,
    order_id      uuid NOT NULL REFERENCES orders,
    rma_code      text NOT NULL,
    status        text NOT NULL CHECK (status IN ('requested', 'approved', 'rejected', 'in_transit', 'received', 'refunded')),
    reason        text NOT NULL DEFAULT '' CHECK (char_length(reason) <= 200),
    notes         text NOT NULL DEFAULT '' CHECK (char_length(notes) <= 1000),
    opened_by     text NOT NULL,
    version       bigint NOT NULL DEFAULT 1,
    restocked     boolean NOT NULL DEFAULT false,
    refund_minor  bigint NOT NULL DEFAULT 0 CHECK (refund_minor >= 0),
    refund_method text NOT NULL DEFAULT '' CHECK (refund_method IN ('', 'card', 'bank_transfer', 'cash', 'nothing')),
    refund_proof  text NOT NULL DEFAULT '' CHECK (char_length(refund_proof) <= 200),
    refund_id     uuid UNIQUE REFERENCES refunds,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    received_at   timestamptz,
    closed_at     timestamptz,
    CONSTRAINT returns_refunded_somehow CHECK ((status = 'refunded') = (refund_method <> '')),
    CONSTRAINT returns_card_has_its_refund CHECK ((refund_method = 'card') = (refund_id IS NOT NULL)),
    CONSTRAINT returns_hand_is_proved CHECK ((refund_method IN ('bank_transfer', 'cash')) = (refund_proof <> '')),
    CONSTRAINT returns_something_or_nothing CHECK ((refund_minor > 0) = (refund_method IN ('card', 'bank_transfer', 'cash'))),
    CONSTRAINT returns_closed_when_over CHECK ((status IN ('rejected', 'refunded')) = (closed_at IS NOT NULL))
);
CREATE UNIQUE INDEX returns_code ON returns (rma_code);
CREATE INDEX returns_code_part ON returns USING gin (rma_code gin_trgm_ops);
CREATE INDEX orders_number_part ON orders USING gin (number gin_trgm_ops);
CREATE UNIQUE INDEX returns_one_open ON returns (order_id) WHERE status IN ('requested', 'approved', 'in_transit', 'received');
CREATE INDEX returns_of_order ON returns (order_id, created_at DESC);
CREATE INDEX returns_recent ON returns (created_at DESC, id DESC);
CREATE INDEX returns_by_status ON returns (status, created_at DESC, id DESC);

CREATE TABLE return_items (
    id            uuid PRIMARY KEY,
    return_id     uuid NOT NULL REFERENCES returns ON DELETE CASCADE,
    order_item_id uuid NOT NULL REFERENCES order_items,
    product_id    uuid NOT NULL REFERENCES products,
    sku           text NOT NULL,
    names         jsonb NOT NULL,
    price_minor   bigint NOT NULL CHECK (price_minor >= 0),
    qty           int NOT NULL CHECK (qty BETWEEN 1 AND 99),
    total_minor   bigint NOT NULL,
    UNIQUE (return_id, order_item_id),
    CONSTRAINT return_items_add_up CHECK (total_minor = price_minor * qty)
);
CREATE INDEX return_items_of_line ON return_items (order_item_id);

CREATE TABLE return_events (
    id          uuid PRIMARY KEY,
    return_id   uuid NOT NULL REFERENCES returns ON DELETE CASCADE,
    at          timestamptz NOT NULL,
    from_status text NOT NULL DEFAULT '',
    to_status   text NOT NULL,
    actor       text NOT NULL,
    note        text NOT NULL DEFAULT '' CHECK (char_length(note) <= 500)
);
CREATE INDEX return_events_of_return ON return_events (return_id, at, id);

-- What customers show of what they return. The picture lies in a row of its own: lists never read it.
CREATE TABLE return_photos (
    id         uuid PRIMARY KEY,
    return_id  uuid NOT NULL REFERENCES returns ON DELETE CASCADE,
    message_id uuid NOT NULL UNIQUE REFERENCES messages ON DELETE CASCADE,
    media_id   text NOT NULL DEFAULT '',
    state      text NOT NULL CHECK (state IN ('waiting', 'kept', 'refused', 'gone', 'elsewhere')),
    mime       text NOT NULL DEFAULT '',
    bytes      int NOT NULL DEFAULT 0 CHECK (bytes BETWEEN 0 AND 5242880),
    created_at timestamptz NOT NULL,
    CONSTRAINT return_photos_kept_whole CHECK ((state = 'kept') = (bytes > 0))
);
CREATE INDEX return_photos_of_return ON return_photos (return_id, created_at, id);

CREATE TABLE return_pictures (
    photo_id uuid PRIMARY KEY REFERENCES return_photos ON DELETE CASCADE,
    data     bytea NOT NULL CHECK (octet_length(data) BETWEEN 1 AND 5242880)
);

-- +goose Down
DROP INDEX orders_number_part;
DROP TABLE return_pictures, return_photos, return_events, return_items, returns;
