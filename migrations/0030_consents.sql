-- +goose Up
-- What people said about what the salon may do with their data, each time they said it; the last word counts. The table
-- only grows. A phone that its session has not proved to be its own is a claim, until it is proved (verified_at).
CREATE TABLE consents (
    id             uuid PRIMARY KEY,
    seq            bigint GENERATED ALWAYS AS IDENTITY UNIQUE, -- which word was the last: business time may stand still
    purpose        text NOT NULL CHECK (purpose IN ('privacy', 'news')),
    granted        boolean NOT NULL,
    phone          text CHECK (phone ~ '^\+[0-9]{7,15}$'),
    customer_id    uuid REFERENCES customers,
    session_id     uuid, -- of the shop; sessions end before what was said in them
    channel        text NOT NULL CHECK (channel IN ('whatsapp', 'web', 'phone', 'salon')),
    policy_text    text NOT NULL DEFAULT '' CHECK (char_length(policy_text) <= 4000),
    policy_version text NOT NULL DEFAULT '' CHECK (char_length(policy_version) <= 40),
    actor          text NOT NULL, -- who wrote it down: "customer", "staff:<id>", "machine"
    verified_at    timestamptz,
    created_at     timestamptz NOT NULL,
    CONSTRAINT consents_verified CHECK (verified_at IS NULL OR customer_id IS NOT NULL OR session_id IS NULL)
);
CREATE INDEX consents_of_phone ON consents (phone, seq DESC) WHERE phone IS NOT NULL;
CREATE INDEX consents_of_customer ON consents (customer_id, purpose, seq DESC) WHERE customer_id IS NOT NULL;
CREATE INDEX consents_of_session ON consents (session_id, purpose, seq DESC) WHERE session_id IS NOT NULL;

-- What was said is never changed. Two things may be noted about it once: that the phone was proved, and, when a person is
-- forgotten, nothing of whose it was.
-- +goose StatementBegin
CREATE FUNCTION consents_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER consents_append_only BEFORE UPDATE OR DELETE ON consents FOR EACH ROW EXECUTE FUNCTION consents_append_only();
CREATE TRIGGER consents_not_emptied BEFORE TRUNCATE ON consents FOR EACH STATEMENT EXECUTE FUNCTION consents_append_only();

-- A code on its way to a phone. The code itself stands nowhere: it is made of the row and a key that the database does not
-- have. Times are machine time, as those of the sessions.
CREATE TABLE phone_codes (
    id         uuid NOT NULL UNIQUE,
    session_id uuid NOT NULL REFERENCES shop_sessions ON DELETE CASCADE,
    phone      text NOT NULL CHECK (phone ~ '^\+[0-9]{7,15}$'),
    language   text NOT NULL CHECK (language IN ('en', 'es', 'ar')),
    nonce      bytea NOT NULL CHECK (octet_length(nonce) = 16),
    tries      int NOT NULL DEFAULT 0 CHECK (tries BETWEEN 0 AND 5),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    sent_at    timestamptz,
    PRIMARY KEY (session_id, phone)
);
CREATE INDEX phone_codes_due ON phone_codes (expires_at);

-- +goose Down
DROP TABLE phone_codes, consents;
DROP FUNCTION consents_append_only;
