-- +goose Up
-- What people asked for of their data, and what became of it (R-1012 to R-1017). Rows stay, without the person: words
-- holds what is searched for while somebody is being erased, and is empty afterwards.
CREATE TABLE privacy_requests (
    id          uuid PRIMARY KEY,
    kind        text NOT NULL CHECK (kind IN ('export', 'link', 'erasure')),
    state       text NOT NULL CHECK (state IN ('accepted', 'processing', 'succeeded', 'failed', 'not_implemented')),
    customer_id uuid REFERENCES customers,
    subject     jsonb NOT NULL, -- ids of whom it is about
    words       jsonb NOT NULL DEFAULT '{}',
    confirmed   boolean NOT NULL DEFAULT false,
    reason      text NOT NULL DEFAULT '' CHECK (char_length(reason) <= 500),
    actor       text NOT NULL,
    audit_id    bigint NOT NULL REFERENCES audit_log,
    step        int NOT NULL DEFAULT 0,
    round       int NOT NULL DEFAULT 0, -- raised when an erasure begins anew
    failure     text NOT NULL DEFAULT '',
    chatwoot    text NOT NULL DEFAULT '' CHECK (chatwoot IN ('', 'waiting', 'deleted', 'refused')),
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    finished_at timestamptz,
    settled_at  timestamptz, -- when the last reference that money needed was emptied, too
    CONSTRAINT privacy_requests_finished CHECK ((state IN ('succeeded', 'failed', 'not_implemented')) = (finished_at IS NOT NULL)),
    CONSTRAINT privacy_requests_forgotten CHECK (state <> 'succeeded' OR words = '{}')
);
CREATE INDEX privacy_requests_recent ON privacy_requests (created_at DESC, id DESC);
CREATE INDEX privacy_requests_of_customer ON privacy_requests (customer_id, id DESC) WHERE customer_id IS NOT NULL;
CREATE UNIQUE INDEX privacy_requests_one_erasure ON privacy_requests (customer_id) WHERE kind = 'erasure' AND state IN ('accepted', 'processing');
CREATE INDEX privacy_requests_unfinished ON privacy_requests (updated_at) WHERE kind = 'erasure' AND state IN ('accepted', 'processing');
CREATE INDEX privacy_requests_failed ON privacy_requests (updated_at) WHERE kind = 'erasure' AND state = 'failed';
CREATE INDEX privacy_requests_owing ON privacy_requests (updated_at) WHERE kind = 'erasure' AND state = 'succeeded' AND settled_at IS NULL;

ALTER TABLE customers ADD COLUMN deleted_at timestamptz;

-- Nothing is begun for somebody who is erased: whoever is first, the erasure or the visit, the other sees it.
-- +goose StatementBegin
CREATE FUNCTION customers_known() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    who uuid[] := ARRAY[NEW.customer_id];
BEGIN
    IF TG_TABLE_NAME = 'appointments' THEN
        who := who || NEW.booked_by_id;
    END IF;
    PERFORM FROM customers WHERE id = ANY (who) ORDER BY id FOR KEY SHARE;
    IF EXISTS (SELECT FROM customers WHERE id = ANY (who) AND deleted_at IS NOT NULL) THEN
        RAISE EXCEPTION 'the customer is erased' USING ERRCODE = '23514', CONSTRAINT = 'customers_known';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER appointments_customers_known BEFORE INSERT OR UPDATE OF customer_id, booked_by_id ON appointments FOR EACH ROW EXECUTE FUNCTION customers_known();
CREATE TRIGGER orders_customers_known BEFORE INSERT OR UPDATE OF customer_id ON orders FOR EACH ROW WHEN (NEW.customer_id IS NOT NULL) EXECUTE FUNCTION customers_known();
CREATE TRIGGER carts_customers_known BEFORE INSERT OR UPDATE OF customer_id ON carts FOR EACH ROW WHEN (NEW.customer_id IS NOT NULL) EXECUTE FUNCTION customers_known();
CREATE TRIGGER shop_sessions_customers_known BEFORE INSERT OR UPDATE OF customer_id ON shop_sessions FOR EACH ROW WHEN (NEW.customer_id IS NOT NULL) EXECUTE FUNCTION customers_known();
CREATE TRIGGER contacts_customers_known BEFORE INSERT OR UPDATE OF customer_id ON contacts FOR EACH ROW WHEN (NEW.customer_id IS NOT NULL) EXECUTE FUNCTION customers_known();

-- By what a stored event speaks of somebody: who sent it, the message and the payment it tells of. What is longer is no
-- such name.
-- +goose StatementBegin
CREATE FUNCTION event_refs(sender text, payload jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ARRAY(SELECT left(ref, 200) FROM unnest(ARRAY[
        sender, payload ->> 'from', payload ->> 'to', payload ->> 'provider_id', payload ->> 'message_id', payload #>> '{raw,recipient_id}',
        payload #>> '{data,object,id}', payload #>> '{data,object,client_reference_id}',
        payload #>> '{data,object,metadata,payment_id}', payload #>> '{data,object,metadata,refund_id}',
        coalesce(payload #>> '{data,object,payment_intent,id}', payload #>> '{data,object,payment_intent}')
    ]) ref WHERE ref <> '')
$$;
-- +goose StatementEnd
CREATE INDEX provider_events_about ON provider_events USING gin (event_refs(sender, payload)) WITH (fastupdate = off);
CREATE INDEX addresses_of_phone ON addresses (phone) WHERE phone <> '';
CREATE INDEX cases_of_customer ON cases (customer_id) WHERE customer_id IS NOT NULL;

-- Forgetting whose word it was also empties the words that were agreed to: a visitor may have typed them. The version
-- stays.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION consents_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    about text[] := ARRAY['phone', 'customer_id', 'session_id', 'verified_at', 'policy_text'];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(NEW) - about = to_jsonb(OLD) - about AND (
            NEW.phone IS NULL AND NEW.session_id IS NULL AND NEW.customer_id IS NULL AND NEW.verified_at IS NOT DISTINCT FROM OLD.verified_at
                AND NEW.policy_text IN (OLD.policy_text, '')
            OR OLD.verified_at IS NULL AND NEW.verified_at IS NOT NULL AND OLD.customer_id IS NULL AND NEW.policy_text = OLD.policy_text
                AND NEW.phone IS NOT DISTINCT FROM OLD.phone AND NEW.session_id IS NOT DISTINCT FROM OLD.session_id) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'what somebody said is not rewritten' USING ERRCODE = '42501';
END $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION consents_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    about text[] := ARRAY['phone', 'customer_id', 'session_id', 'verified_at'];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(NEW) - about = to_jsonb(OLD) - about AND (
            NEW.phone IS NULL AND NEW.session_id IS NULL AND NEW.customer_id IS NULL AND NEW.verified_at IS NOT DISTINCT FROM OLD.verified_at
            OR OLD.verified_at IS NULL AND NEW.verified_at IS NOT NULL AND OLD.customer_id IS NULL
                AND NEW.phone IS NOT DISTINCT FROM OLD.phone AND NEW.session_id IS NOT DISTINCT FROM OLD.session_id) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'what somebody said is not rewritten' USING ERRCODE = '42501';
END $$;
-- +goose StatementEnd
DROP INDEX cases_of_customer, addresses_of_phone, provider_events_about;
DROP FUNCTION event_refs;
DROP TRIGGER contacts_customers_known ON contacts;
DROP TRIGGER shop_sessions_customers_known ON shop_sessions;
DROP TRIGGER carts_customers_known ON carts;
DROP TRIGGER orders_customers_known ON orders;
DROP TRIGGER appointments_customers_known ON appointments;
DROP FUNCTION customers_known;
ALTER TABLE customers DROP COLUMN deleted_at;
DROP TABLE privacy_requests;
