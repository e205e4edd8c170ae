-- +goose Up
-- Who of the salon has the conversation while human_until lies ahead; nobody in particular when NULL.
-- silenced_seq: replies of the assistant up to this message are never sent any more (rule 5).
ALTER TABLE conversations
    ADD COLUMN assignee_id  uuid REFERENCES staff,
    ADD COLUMN silenced_seq bigint NOT NULL DEFAULT 0,
    ADD CONSTRAINT conversations_assignee_holds CHECK (assignee_id IS NULL OR human_until IS NOT NULL);
CREATE INDEX conversations_held ON conversations (human_until) WHERE human_until IS NOT NULL;
CREATE INDEX conversations_assignee ON conversations (assignee_id, last_message_at DESC NULLS LAST, id DESC) WHERE assignee_id IS NOT NULL;
CREATE INDEX messages_failed ON messages (conversation_id) WHERE direction = 'out' AND status = 'failed' AND class <> 'notice';

-- The few contacts that are our own people, whose notices are no inbox.
CREATE INDEX contacts_stylists ON contacts (id) WHERE stylist_id IS NOT NULL;

-- People are found by a part of their name or number.
CREATE INDEX customers_name_part ON customers USING gin ((name || ' ' || surname) gin_trgm_ops);
CREATE INDEX contacts_profile_part ON contacts USING gin (profile_name gin_trgm_ops);
CREATE INDEX contacts_address_part ON contacts USING gin (address gin_trgm_ops);

-- What happened to a conversation beside its messages. seq is drawn from the messages' own sequence, so
-- that a transcript has one order.
CREATE TABLE conversation_events (
    id              uuid PRIMARY KEY,
    seq             bigint NOT NULL UNIQUE DEFAULT nextval('messages_seq_seq'),
    conversation_id uuid NOT NULL REFERENCES conversations ON DELETE CASCADE,
    kind            text NOT NULL CHECK (kind IN ('case_opened', 'taken_over', 'handed_back', 'expired', 'case_resolved')),
    staff_id        uuid REFERENCES staff,
    from_staff_id   uuid REFERENCES staff,
    case_id         uuid REFERENCES cases ON DELETE CASCADE,
    at              timestamptz NOT NULL
);
CREATE INDEX conversation_events_of ON conversation_events (conversation_id, seq DESC);

-- What colleagues tell each other. It is no message and stands in no queue: it cannot be sent.
CREATE TABLE conversation_notes (
    id              uuid PRIMARY KEY,
    seq             bigint NOT NULL UNIQUE DEFAULT nextval('messages_seq_seq'),
    conversation_id uuid NOT NULL REFERENCES conversations ON DELETE CASCADE,
    staff_id        uuid NOT NULL REFERENCES staff,
    body            text NOT NULL CHECK (char_length(body) BETWEEN 1 AND 2000),
    dedupe_key      text NOT NULL UNIQUE,
    created_at      timestamptz NOT NULL
);
CREATE INDEX conversation_notes_of ON conversation_notes (conversation_id, seq DESC);

-- Who read whose conversation on which day: the audit log says it once (R-1016).
CREATE TABLE conversation_reads (
    reader          text NOT NULL,
    conversation_id uuid NOT NULL REFERENCES conversations ON DELETE CASCADE,
    day             date NOT NULL,
    PRIMARY KEY (reader, conversation_id, day)
);

-- A case is resolved with a word on whether it needed a person (R-609). silent: the assistant goes on.
ALTER TABLE cases
    ADD COLUMN silent      boolean NOT NULL DEFAULT false,
    ADD COLUMN label       text NOT NULL DEFAULT '' CHECK (label IN ('', 'needed', 'answerable', 'misread', 'settled', 'noise')),
    ADD COLUMN answered_at timestamptz,
    ADD CONSTRAINT cases_labelled CHECK (status <> 'resolved' OR label <> '') NOT VALID;
CREATE INDEX cases_resolved ON cases (resolved_at DESC, id DESC) WHERE status = 'resolved';

-- +goose Down
DROP INDEX cases_resolved;
ALTER TABLE cases DROP CONSTRAINT cases_labelled, DROP COLUMN answered_at, DROP COLUMN label, DROP COLUMN silent;
DROP TABLE conversation_reads, conversation_notes, conversation_events;
DROP INDEX contacts_stylists, contacts_address_part, contacts_profile_part, customers_name_part, messages_failed, conversations_assignee, conversations_held;
ALTER TABLE conversations DROP CONSTRAINT conversations_assignee_holds, DROP COLUMN silenced_seq, DROP COLUMN assignee_id;
