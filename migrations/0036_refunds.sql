-- +goose Up
-- One ledger of what goes back: to a card, or by hand with its proof; by the terms, or because somebody of the salon asks
-- for it, above a limit with a second person's consent.
ALTER TABLE refunds ALTER COLUMN payment_id DROP NOT NULL;
ALTER TABLE refunds
    ADD COLUMN order_id      uuid REFERENCES orders, -- of an order that was paid in cash at the door
    ADD COLUMN method        text NOT NULL DEFAULT 'card' CHECK (method ~ '^(card|bank_transfer|cash)$'),
    ADD COLUMN proof         text NOT NULL DEFAULT '' CHECK (char_length(proof) <= 200),
    ADD COLUMN note          text NOT NULL DEFAULT '' CHECK (char_length(note) <= 500),
    ADD COLUMN asked_by      text NOT NULL DEFAULT 'system',
    ADD COLUMN second_person boolean NOT NULL DEFAULT false,
    ADD COLUMN decided_by    text NOT NULL DEFAULT '',
    ADD COLUMN decided_at    timestamptz,
    ADD COLUMN expires_at    timestamptz,
    ADD COLUMN request_key   text NOT NULL DEFAULT '' CHECK (char_length(request_key) <= 200),
    ADD COLUMN retry_of      uuid UNIQUE REFERENCES refunds,
    ADD COLUMN version       bigint NOT NULL DEFAULT 1;
ALTER TABLE refunds DROP CONSTRAINT refunds_state_check;
ALTER TABLE refunds
    ADD CONSTRAINT refunds_state CHECK (state ~ '^(asked|pending|succeeded|failed|retried|rejected|canceled|expired)$'),
    ADD CONSTRAINT refunds_of_one_thing CHECK (num_nonnulls(payment_id, order_id) = 1),
    ADD CONSTRAINT refunds_to_the_card_that_paid CHECK (method <> 'card' OR payment_id IS NOT NULL),
    ADD CONSTRAINT refunds_by_hand_are_proved CHECK (method = 'card' OR state <> 'succeeded' OR proof <> ''),
    ADD CONSTRAINT refunds_asked_for_a_time CHECK (state <> 'asked' OR expires_at IS NOT NULL AND second_person),
    -- Four eyes: nobody decides about what they asked for, and nothing above the limit moves undecided.
    ADD CONSTRAINT refunds_second_person CHECK (decided_by = '' OR decided_by <> asked_by),
    ADD CONSTRAINT refunds_four_eyes CHECK (NOT second_person OR decided_by <> '' OR state ~ '^(asked|failed|retried|canceled|expired)$');
-- The same form sent twice is one refund.
CREATE UNIQUE INDEX refunds_once ON refunds (asked_by, request_key) WHERE request_key <> '';
CREATE INDEX refunds_newest ON refunds (created_at DESC, id DESC);
CREATE INDEX refunds_in_state ON refunds (state, created_at DESC, id DESC);
CREATE INDEX refunds_order ON refunds (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX refunds_visit ON refunds (appointment_id) WHERE appointment_id IS NOT NULL;
CREATE INDEX refunds_due ON refunds (expires_at) WHERE state = 'asked';

-- Which lines of an order a refund is for.
CREATE TABLE refund_items (
    id            uuid PRIMARY KEY,
    refund_id     uuid NOT NULL REFERENCES refunds ON DELETE CASCADE,
    order_item_id uuid NOT NULL REFERENCES order_items,
    qty           int NOT NULL CHECK (qty BETWEEN 1 AND 99),
    amount_minor  bigint NOT NULL CHECK (amount_minor >= 0), -- what of the refund is for it
    UNIQUE (refund_id, order_item_id)
);
CREATE INDEX refund_items_of_line ON refund_items (order_item_id);

CREATE TABLE refund_events (
    id         uuid PRIMARY KEY,
    refund_id  uuid NOT NULL REFERENCES refunds ON DELETE CASCADE,
    at         timestamptz NOT NULL,
    from_state text NOT NULL DEFAULT '',
    to_state   text NOT NULL,
    actor      text NOT NULL,
    note       text NOT NULL DEFAULT '' CHECK (char_length(note) <= 500),
    code       text NOT NULL DEFAULT ''
);
CREATE INDEX refund_events_of ON refund_events (refund_id, at, id);

-- What goes back, is on its way or waits for consent never exceeds what came in: by card what the provider says, in cash
-- what the order cost. Whoever comes second waits for the row and counts anew.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION refunds_within_received() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    received bigint;
    already  bigint;
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.amount_minor, NEW.currency, NEW.payment_id, NEW.order_id) IS DISTINCT FROM (OLD.amount_minor, OLD.currency, OLD.payment_id, OLD.order_id) THEN
        RAISE EXCEPTION 'the amount of refund % is what was asked for', NEW.id USING ERRCODE = '23514', CONSTRAINT = 'refunds_amount_stays';
    END IF;
    IF NEW.state !~ '^(asked|pending|succeeded)$' THEN
        RETURN NEW;
    END IF;
    IF NEW.payment_id IS NOT NULL THEN
        SELECT received_minor INTO received FROM payments WHERE id = NEW.payment_id FOR NO KEY UPDATE;
    ELSE
        SELECT CASE method WHEN 'cod' THEN total_minor ELSE 0 END INTO received FROM orders WHERE id = NEW.order_id FOR NO KEY UPDATE;
    END IF;
    SELECT coalesce(sum(amount_minor), 0) INTO already FROM refunds
        WHERE (payment_id = NEW.payment_id OR order_id = NEW.order_id) AND state ~ '^(asked|pending|succeeded)$' AND id <> NEW.id;
    IF already + NEW.amount_minor > received THEN
        RAISE EXCEPTION 'refunds would exceed what was received' USING ERRCODE = '23514', CONSTRAINT = 'refunds_within_received';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd

-- What returns were given in cash or by transfer stands in the ledger, too.
INSERT INTO refunds (id, order_id, amount_minor, currency, state, reason, method, proof, created_at, updated_at)
    SELECT r.id, r.order_id, r.refund_minor, o.currency, 'succeeded', 'return', r.refund_method, r.refund_proof, r.closed_at, r.closed_at
    FROM returns r JOIN orders o ON o.id = r.order_id WHERE r.refund_method IN ('bank_transfer', 'cash') AND o.method = 'cod';
ALTER TABLE returns DROP CONSTRAINT returns_card_has_its_refund;
UPDATE returns SET refund_id = id WHERE EXISTS (SELECT FROM refunds f WHERE f.id = returns.id);
ALTER TABLE returns ADD CONSTRAINT returns_money_has_its_refund CHECK ((refund_method IN ('card', 'bank_transfer', 'cash')) = (refund_id IS NOT NULL));

-- Who gave it, and for which lines of the order: nothing of them is paid a second time.
UPDATE refunds SET asked_by = e.actor FROM returns r JOIN return_events e ON e.return_id = r.id AND e.to_status = 'refunded' WHERE r.refund_id = refunds.id;
INSERT INTO refund_items (id, refund_id, order_item_id, qty, amount_minor)
    SELECT gen_random_uuid(), r.refund_id, i.order_item_id, i.qty, i.total_minor * least(r.refund_minor, g.minor) / greatest(g.minor, 1)
    FROM returns r JOIN return_items i ON i.return_id = r.id
    JOIN LATERAL (SELECT sum(total_minor)::bigint AS minor FROM return_items WHERE return_id = r.id) g ON true
    WHERE r.refund_id IS NOT NULL;

-- +goose Down
ALTER TABLE returns DROP CONSTRAINT returns_money_has_its_refund;
UPDATE returns SET refund_id = NULL WHERE refund_method <> 'card';
ALTER TABLE returns ADD CONSTRAINT returns_card_has_its_refund CHECK ((refund_method = 'card') = (refund_id IS NOT NULL));
DROP TABLE refund_events, refund_items;
DELETE FROM refunds WHERE payment_id IS NULL OR state NOT IN ('pending', 'succeeded', 'failed', 'retried');
UPDATE refunds SET state = 'failed' WHERE state = 'retried' OR state = 'pending' AND method <> 'card'; -- nobody else looks after it
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION refunds_within_received() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    received bigint;
    already  bigint;
BEGIN
    SELECT received_minor INTO received FROM payments WHERE id = NEW.payment_id FOR UPDATE;
    SELECT coalesce(sum(amount_minor), 0) INTO already
        FROM refunds WHERE payment_id = NEW.payment_id AND state <> 'failed' AND id <> NEW.id;
    IF NEW.state <> 'failed' AND already + NEW.amount_minor > received THEN
        RAISE EXCEPTION 'refunds of payment % would exceed what was received', NEW.payment_id
            USING ERRCODE = '23514', CONSTRAINT = 'refunds_within_received';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
DROP INDEX refunds_once, refunds_newest, refunds_in_state, refunds_order, refunds_visit, refunds_due;
ALTER TABLE refunds
    DROP COLUMN order_id, DROP COLUMN method, DROP COLUMN proof, DROP COLUMN note, DROP COLUMN asked_by, DROP COLUMN second_person,
    DROP COLUMN decided_by, DROP COLUMN decided_at, DROP COLUMN expires_at, DROP COLUMN request_key, DROP COLUMN retry_of, DROP COLUMN version;
ALTER TABLE refunds DROP CONSTRAINT refunds_state;
ALTER TABLE refunds ADD CONSTRAINT refunds_state_check CHECK (state IN ('pending', 'succeeded', 'failed'));
ALTER TABLE refunds ALTER COLUMN payment_id SET NOT NULL;

