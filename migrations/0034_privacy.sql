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
    failure     text NOT NULL DEFAULT '',
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    finished_at timestamptz,
    CONSTRAINT privacy_requests_finished CHECK ((state IN ('succeeded', 'failed', 'not_implemented')) = (finished_at IS NOT NULL)),
    CONSTRAINT privacy_requests_forgotten CHECK (state <> 'succeeded' OR words = '{}')
);
CREATE INDEX privacy_requests_recent ON privacy_requests (created_at DESC, id DESC);
CREATE INDEX privacy_requests_of_customer ON privacy_requests (customer_id, id DESC) WHERE customer_id IS NOT NULL;
CREATE UNIQUE INDEX privacy_requests_one_erasure ON privacy_requests (customer_id) WHERE kind = 'erasure' AND state IN ('accepted', 'processing');

ALTER TABLE customers ADD COLUMN deleted_at timestamptz;

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
ALTER TABLE customers DROP COLUMN deleted_at;
DROP TABLE privacy_requests;
