-- +goose Up
-- What a change changed: values of things, never of persons, who stand there by id.
ALTER TABLE audit_log
    ADD COLUMN before jsonb,
    ADD COLUMN after  jsonb,
    ADD COLUMN reason text NOT NULL DEFAULT '';
CREATE INDEX audit_log_subject ON audit_log (subject_kind, subject_id, id DESC);
CREATE INDEX audit_log_actor ON audit_log (actor, id DESC);
CREATE INDEX audit_log_action ON audit_log (action, id DESC);

-- Each entry is linked to the one before it: whoever changes a byte behind the triggers' back breaks
-- every link after it. The links stand in the order of their commits, which is not that of the ids.
CREATE TABLE audit_chain (
    position bigint PRIMARY KEY,
    entry_id bigint NOT NULL UNIQUE REFERENCES audit_log,
    hash     bytea NOT NULL
);

-- +goose StatementBegin
CREATE FUNCTION audit_link(previous bytea, e audit_log) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT sha256(previous || convert_to(jsonb_build_array(
        e.id, extract(epoch FROM e.at)::text, e.actor, e.action, e.subject_kind, e.subject_id,
        e.detail, e.before, e.after, e.reason, e.request_id)::text, 'UTF8'))
$$;
-- +goose StatementEnd

-- Runs as the very last thing of a transaction, so that the lock of the chain is held only while it
-- commits and nothing is waited for while holding it.
-- +goose StatementBegin
CREATE FUNCTION audit_chain_append() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last audit_chain;
BEGIN
    PERFORM pg_advisory_xact_lock(7237463, 1);
    SELECT * INTO last FROM audit_chain ORDER BY position DESC LIMIT 1;
    INSERT INTO audit_chain (position, entry_id, hash)
        VALUES (coalesce(last.position, 0) + 1, NEW.id, audit_link(coalesce(last.hash, ''::bytea), NEW));
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE CONSTRAINT TRIGGER audit_chain_append AFTER INSERT ON audit_log
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_chain_append();

CREATE TRIGGER audit_chain_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_chain
    FOR EACH STATEMENT EXECUTE FUNCTION audit_log_append_only();

-- +goose Down
DROP TRIGGER audit_chain_append ON audit_log;
DROP TABLE audit_chain;
DROP FUNCTION audit_chain_append, audit_link;
ALTER TABLE audit_log DROP COLUMN before, DROP COLUMN after, DROP COLUMN reason;
