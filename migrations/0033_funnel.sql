-- +goose Up
-- What people did on their way through the shop, for figures and nothing else. Nobody is in it: a visit is a digest under
-- a word that is thrown away two days later, and no column takes free text. Lists of words are patterns here, as in carts and
-- orders: the server reads a check anew with every insert, and a list takes it several times as long.
CREATE TABLE funnel_events (
    id           uuid PRIMARY KEY,
    at           timestamptz NOT NULL,
    day          date NOT NULL, -- the salon's
    kind         text NOT NULL CHECK (kind ~ '^(view_list|view_product|add_to_cart|view_cart|start_checkout|pay|click_whatsapp_handoff|handoff_opened|support_lookup|wa_intent|wa_preview)$'),
    channel      text NOT NULL CHECK (channel ~ '^(web|api|whatsapp)$'),
    language     text NOT NULL CHECK (language ~ '^(en|es|ar)$'),
    visit        bytea CHECK (octet_length(visit) = 12),
    outcome      text NOT NULL DEFAULT '' CHECK (outcome ~ '^(|start|success|fail)$'),
    reason       text NOT NULL DEFAULT '' CHECK (reason ~ '^[a-z_.]{0,40}$'),
    place        text NOT NULL DEFAULT '' CHECK (place ~ '^[a-z_]{0,20}$'),
    step         text NOT NULL DEFAULT '' CHECK (step ~ '^[a-z_.]{0,40}$'),
    amount_minor bigint CHECK (amount_minor >= 0),
    currency     char(3) CHECK (currency ~ '^[A-Z]{3}$'),
    request_id   text NOT NULL DEFAULT '' CHECK (char_length(request_id) <= 64),
    test         boolean NOT NULL,
    CHECK ((amount_minor IS NULL) = (currency IS NULL)),
    CHECK ((kind = 'support_lookup') = (outcome <> ''))
);
CREATE INDEX funnel_events_day ON funnel_events (day, kind);

-- The word of each day under which its visits are told apart. Without it nobody can tell whose a digest is.
CREATE TABLE funnel_words (
    day  date PRIMARY KEY,
    word bytea NOT NULL
);

-- How soon a conversation is answered is read from its messages.
CREATE INDEX messages_heard ON messages (created_at) WHERE direction = 'in';

-- +goose Down
DROP INDEX messages_heard;
DROP TABLE funnel_words, funnel_events;
