-- +goose Up
-- What a change of the assistant's words, or of a policy of reading, did to understanding (R-1119): the same
-- messages of customers read before and after it. Counts only: what was written stands in messages, what was
-- changed in the audit log. A row without measured_at waits for its job.
CREATE TABLE iterations (
    audit_id           bigint PRIMARY KEY REFERENCES audit_log,
    at                 timestamptz NOT NULL,
    actor              text NOT NULL,
    action             text NOT NULL,
    kind               text NOT NULL,
    key                text NOT NULL,
    measured_at        timestamptz,
    messages           int NOT NULL DEFAULT 0,
    changed            int NOT NULL DEFAULT 0,
    before_understood  int NOT NULL DEFAULT 0,
    before_unclear     int NOT NULL DEFAULT 0,
    before_faq         int NOT NULL DEFAULT 0,
    before_asked       int NOT NULL DEFAULT 0,
    before_handed_over int NOT NULL DEFAULT 0,
    after_understood   int NOT NULL DEFAULT 0,
    after_unclear      int NOT NULL DEFAULT 0,
    after_faq          int NOT NULL DEFAULT 0,
    after_asked        int NOT NULL DEFAULT 0,
    after_handed_over  int NOT NULL DEFAULT 0
);

-- A model that was asked in vain, because the conversation had moved on meanwhile, is told apart: it cost.
ALTER TABLE turns
    DROP CONSTRAINT turns_model_outcome_check,
    ADD CONSTRAINT turns_model_outcome_check CHECK (model_outcome IN ('', 'used', 'unsure', 'nonsense', 'away', 'stale'));

-- +goose Down
ALTER TABLE turns
    DROP CONSTRAINT turns_model_outcome_check,
    ADD CONSTRAINT turns_model_outcome_check CHECK (model_outcome IN ('', 'used', 'unsure', 'nonsense', 'away')) NOT VALID;
DROP TABLE iterations;
