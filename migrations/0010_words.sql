-- +goose Up
-- Versions count the saves of a wording: whoever saves says which one they were looking at.
ALTER TABLE message_texts
    ADD COLUMN version    int NOT NULL DEFAULT 1 CHECK (version > 0),
    ADD COLUMN updated_by text NOT NULL DEFAULT 'system',
    -- Of templates: what Meta said last, as far as anybody told us, and the wording that waits for Meta.
    ADD COLUMN approval   text NOT NULL DEFAULT 'unknown' CHECK (approval IN ('unknown', 'approved', 'paused', 'rejected')),
    ADD COLUMN draft      text NOT NULL DEFAULT '',
    ADD CONSTRAINT message_texts_draft CHECK (channel = 'template' OR draft = ''),
    ADD CONSTRAINT message_texts_stopped CHECK (NOT active OR approval NOT IN ('paused', 'rejected'));
ALTER TABLE faqs
    ADD COLUMN version    int NOT NULL DEFAULT 1 CHECK (version > 0),
    ADD COLUMN updated_by text NOT NULL DEFAULT 'system';

-- What wordings said, save by save. They are the salon's own words and hold nobody's data; the audit
-- log names the version and does not repeat it.
CREATE TABLE wording_versions (
    kind     text NOT NULL CHECK (kind IN ('chat', 'template', 'faq')),
    key      text NOT NULL,
    language text NOT NULL DEFAULT '' CHECK (language IN ('', 'en', 'es', 'ar')),
    version  int NOT NULL CHECK (version > 0),
    content  jsonb NOT NULL,
    actor    text NOT NULL,
    reason   text NOT NULL DEFAULT '',
    at       timestamptz NOT NULL,
    PRIMARY KEY (kind, key, language, version),
    CHECK ((kind = 'faq') = (language = ''))
);

-- +goose StatementBegin
CREATE FUNCTION wording_versions_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what a wording said is not rewritten' USING ERRCODE = '42501';
END $$;
-- +goose StatementEnd
CREATE TRIGGER wording_versions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON wording_versions
    FOR EACH STATEMENT EXECUTE FUNCTION wording_versions_append_only();

-- +goose Down
DROP TABLE wording_versions;
DROP FUNCTION wording_versions_append_only;
ALTER TABLE faqs DROP COLUMN version, DROP COLUMN updated_by;
ALTER TABLE message_texts DROP COLUMN version, DROP COLUMN updated_by, DROP COLUMN approval, DROP COLUMN draft;
