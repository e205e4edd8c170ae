-- +goose Up
-- How each message of a customer was read, what came of it and what it took (R-1215). Meanings and words of
-- the catalogue, never the customer's own text: that stands in the messages from first_seq on.
CREATE TABLE turns (
    id              uuid PRIMARY KEY,
    conversation_id uuid NOT NULL REFERENCES conversations ON DELETE CASCADE,
    first_seq       bigint NOT NULL,
    messages        int NOT NULL CHECK (messages > 0),
    at              timestamptz NOT NULL,
    language        text NOT NULL,
    read_by         text NOT NULL CHECK (read_by IN ('rules', 'model')),
    confidence      int NOT NULL,
    meaning         jsonb NOT NULL,
    stage_before    text NOT NULL,
    stage_after     text NOT NULL,
    changed         jsonb NOT NULL,
    actions         jsonb NOT NULL,
    waited_ms       int NOT NULL,
    read_ms         int NOT NULL,
    answered_ms     int NOT NULL,
    model_outcome   text NOT NULL DEFAULT '' CHECK (model_outcome IN ('', 'used', 'unsure', 'nonsense', 'away')),
    model_ms        int NOT NULL DEFAULT 0,
    input_tokens    bigint NOT NULL DEFAULT 0,
    output_tokens   bigint NOT NULL DEFAULT 0,
    cost_micros     bigint NOT NULL DEFAULT 0,
    UNIQUE (conversation_id, first_seq)
);

-- +goose Down
DROP TABLE turns;
