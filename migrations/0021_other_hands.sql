-- +goose Up
-- Where a conversation lies in Chatwoot, and what its status there was when it was last seen or set.
-- updated_at is Chatwoot's own time of what was seen last: what is older is not believed. set_at is when we
-- set the status last.
CREATE TABLE chatwoot_conversations (
    conversation_id uuid PRIMARY KEY REFERENCES conversations ON DELETE CASCADE,
    account_id      bigint NOT NULL,
    chatwoot_id     bigint NOT NULL,
    status          text NOT NULL,
    updated_at      timestamptz,
    set_at          timestamptz
);
CREATE INDEX chatwoot_conversations_there ON chatwoot_conversations (account_id, chatwoot_id);

-- A person answered with another tool; a case was taken up again.
ALTER TABLE conversation_events DROP CONSTRAINT conversation_events_kind_check;
ALTER TABLE conversation_events ADD CONSTRAINT conversation_events_kind_check
    CHECK (kind IN ('case_opened', 'taken_over', 'handed_back', 'expired', 'case_resolved', 'case_reopened', 'answered_elsewhere', 'given_back_elsewhere'));

-- +goose Down
DELETE FROM conversation_events WHERE kind IN ('case_reopened', 'answered_elsewhere', 'given_back_elsewhere');
ALTER TABLE conversation_events DROP CONSTRAINT conversation_events_kind_check;
ALTER TABLE conversation_events ADD CONSTRAINT conversation_events_kind_check
    CHECK (kind IN ('case_opened', 'taken_over', 'handed_back', 'expired', 'case_resolved'));
DROP TABLE chatwoot_conversations;
