-- +goose Up
-- Templates travel by WhatsApp ('template') or stand on the web ('web'). Those of WhatsApp may have a footer and buttons; a
-- draft is all of it. Samples are what variables read like, for previews and for Meta. What was taken out stays, so that
-- its history goes on where it is put back, and a start does not bring it back by itself.
ALTER TABLE message_texts DROP CONSTRAINT message_texts_channel_check;
ALTER TABLE message_texts
    ADD CONSTRAINT message_texts_channel CHECK (channel IN ('chat', 'template', 'web')),
    ADD COLUMN footer        text NOT NULL DEFAULT '',
    ADD COLUMN buttons       jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN draft_footer  text NOT NULL DEFAULT '',
    ADD COLUMN draft_buttons jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN samples       jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN removed_at    timestamptz,
    ADD CONSTRAINT message_texts_dressed CHECK (channel = 'template' OR footer = '' AND buttons = '[]'),
    ADD CONSTRAINT message_texts_removed CHECK (removed_at IS NULL OR NOT active);
ALTER TABLE wording_versions DROP CONSTRAINT wording_versions_kind_check;
ALTER TABLE wording_versions ADD CONSTRAINT wording_versions_kind CHECK (kind IN ('chat', 'template', 'web', 'faq'));

-- +goose Down
DELETE FROM message_texts WHERE channel = 'web';
ALTER TABLE wording_versions DISABLE TRIGGER USER;
DELETE FROM wording_versions WHERE kind = 'web';
ALTER TABLE wording_versions ENABLE TRIGGER USER;
ALTER TABLE wording_versions DROP CONSTRAINT wording_versions_kind;
ALTER TABLE wording_versions ADD CONSTRAINT wording_versions_kind_check CHECK (kind IN ('chat', 'template', 'faq'));
ALTER TABLE message_texts DROP COLUMN removed_at, DROP COLUMN samples, DROP COLUMN draft_buttons, DROP COLUMN draft_footer, DROP COLUMN buttons, DROP COLUMN footer;
ALTER TABLE message_texts DROP CONSTRAINT message_texts_channel;
ALTER TABLE message_texts ADD CONSTRAINT message_texts_channel_check CHECK (channel IN ('chat', 'template'));
