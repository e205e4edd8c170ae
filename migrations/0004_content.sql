-- +goose Up
CREATE TABLE message_texts (
    id         uuid PRIMARY KEY,
    key        text NOT NULL,
    language   text NOT NULL CHECK (language IN ('en', 'es', 'ar')),
    channel    text NOT NULL CHECK (channel IN ('chat', 'template')),
    body       text NOT NULL,
    values     jsonb NOT NULL DEFAULT '[]',
    active     boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    UNIQUE (key, language, channel)
);

CREATE TABLE faqs (
    id         uuid PRIMARY KEY,
    key        text NOT NULL UNIQUE,
    phrases    jsonb NOT NULL,
    answers    jsonb NOT NULL,
    url        text NOT NULL DEFAULT '',
    active     boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);

CREATE TABLE audit_log (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at           timestamptz NOT NULL,
    actor        text NOT NULL,
    action       text NOT NULL,
    subject_kind text NOT NULL,
    subject_id   text NOT NULL DEFAULT '',
    detail       jsonb NOT NULL DEFAULT '{}',
    request_id   text NOT NULL DEFAULT ''
);

-- The log only grows (R-1016).
-- +goose StatementBegin
CREATE FUNCTION audit_log_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log only grows' USING ERRCODE = '42501';
END $$;
-- +goose StatementEnd
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION audit_log_append_only();

-- +goose Down
DROP TABLE audit_log, faqs, message_texts;
DROP FUNCTION audit_log_append_only;
