-- +goose Up
-- When the salon is open is read as often as its hours are: what closes the whole salon raises the edition
-- (0014). A stylist's own time does not: it is read with the diary.
CREATE CONSTRAINT TRIGGER time_blocks_edition_added AFTER INSERT ON time_blocks
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.stylist_id IS NULL OR NEW.kind IN ('holiday', 'closed', 'vacation')) EXECUTE FUNCTION salon_edition_raise();
CREATE CONSTRAINT TRIGGER time_blocks_edition_removed AFTER DELETE ON time_blocks
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.stylist_id IS NULL OR OLD.kind IN ('holiday', 'closed', 'vacation')) EXECUTE FUNCTION salon_edition_raise();
CREATE CONSTRAINT TRIGGER time_blocks_edition_changed AFTER UPDATE ON time_blocks
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.stylist_id IS NULL OR OLD.kind IN ('holiday', 'closed', 'vacation')
        OR NEW.stylist_id IS NULL OR NEW.kind IN ('holiday', 'closed', 'vacation')) EXECUTE FUNCTION salon_edition_raise();
CREATE TRIGGER time_blocks_edition_emptied AFTER TRUNCATE ON time_blocks
    FOR EACH STATEMENT EXECUTE FUNCTION salon_edition_raise();

-- Whether somebody wants to hear from the salon unasked, by their own word in the chat: '' they never said.
ALTER TABLE contacts
    ADD COLUMN consent text NOT NULL DEFAULT '' CHECK (consent IN ('', 'given', 'withdrawn')),
    ADD COLUMN consent_at timestamptz,
    ADD CONSTRAINT contacts_consent_at CHECK ((consent = '') = (consent_at IS NULL));

-- Which of the salon's answers were given, and where.
CREATE TABLE faq_hits (
    id uuid PRIMARY KEY,
    faq_key text NOT NULL,
    language text NOT NULL,
    conversation_id uuid NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL
);
CREATE INDEX faq_hits_key ON faq_hits (faq_key, created_at);
CREATE INDEX faq_hits_conversation ON faq_hits (conversation_id);

-- +goose Down
DROP TABLE faq_hits;
ALTER TABLE contacts DROP CONSTRAINT contacts_consent_at, DROP COLUMN consent, DROP COLUMN consent_at;
DROP TRIGGER time_blocks_edition_emptied ON time_blocks;
DROP TRIGGER time_blocks_edition_changed ON time_blocks;
DROP TRIGGER time_blocks_edition_removed ON time_blocks;
DROP TRIGGER time_blocks_edition_added ON time_blocks;
