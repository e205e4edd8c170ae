-- +goose Up
-- What was said between two silences, as one entry of the history (R-236). The messages stay where they
-- are; an archive names them and says in meanings what they were about.
CREATE TABLE conversation_archives (
    id              uuid PRIMARY KEY,
    conversation_id uuid NOT NULL REFERENCES conversations ON DELETE CASCADE,
    first_seq       bigint NOT NULL,
    last_seq        bigint NOT NULL,
    messages        int NOT NULL CHECK (messages > 0),
    language        text NOT NULL,
    summary         jsonb NOT NULL,
    began_at        timestamptz NOT NULL,
    ended_at        timestamptz NOT NULL,
    archived_at     timestamptz NOT NULL,
    CHECK (first_seq <= last_seq),
    UNIQUE (conversation_id, last_seq)
);

-- Up to which message a conversation is archived, and when that was said; when, by machine time, it could
-- not be.
ALTER TABLE conversations
    ADD COLUMN archived_seq      bigint NOT NULL DEFAULT 0,
    ADD COLUMN archived_until    timestamptz,
    ADD COLUMN archive_failed_at timestamptz;
CREATE INDEX conversations_to_archive ON conversations (last_message_at)
    WHERE archived_until IS NULL OR archived_until < last_message_at;

-- How the archiving went last, by machine time (R-237).
CREATE TABLE archive_runs (
    single    boolean PRIMARY KEY DEFAULT true CHECK (single),
    ran_at    timestamptz NOT NULL,
    archived  int NOT NULL,
    failed    int NOT NULL,
    failed_at timestamptz
);

-- +goose Down
DROP TABLE archive_runs;
DROP INDEX conversations_to_archive;
ALTER TABLE conversations DROP COLUMN archive_failed_at, DROP COLUMN archived_until, DROP COLUMN archived_seq;
DROP TABLE conversation_archives;
