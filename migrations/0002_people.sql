-- +goose Up
CREATE TABLE customers (
    id                   uuid PRIMARY KEY,
    name                 text NOT NULL,
    surname              text NOT NULL DEFAULT '',
    phone                text UNIQUE,
    language             text NOT NULL CHECK (language IN ('en', 'es', 'ar')),
    preferred_stylist_id uuid REFERENCES stylists,
    referred_by_id       uuid REFERENCES customers,
    total_spent_minor    bigint NOT NULL DEFAULT 0,
    last_visit_at        timestamptz,
    created_at           timestamptz NOT NULL,
    updated_at           timestamptz NOT NULL
);

CREATE TABLE contacts (
    id           uuid PRIMARY KEY,
    channel      text NOT NULL,
    address      text NOT NULL,
    profile_name text NOT NULL DEFAULT '',
    customer_id  uuid REFERENCES customers,
    stylist_id   uuid REFERENCES stylists,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    UNIQUE (channel, address)
);
CREATE INDEX contacts_customer ON contacts (customer_id);

CREATE TABLE conversations (
    id              uuid PRIMARY KEY,
    contact_id      uuid NOT NULL UNIQUE REFERENCES contacts,
    language        text NOT NULL CHECK (language IN ('en', 'es', 'ar')),
    state           jsonb NOT NULL DEFAULT '{}',
    version         bigint NOT NULL DEFAULT 0,
    human_until     timestamptz,
    last_inbound_at timestamptz,
    last_message_at timestamptz,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL
);
CREATE INDEX conversations_recent ON conversations (last_message_at DESC NULLS LAST, id DESC);

CREATE TABLE staff (
    id            uuid PRIMARY KEY,
    email         text NOT NULL UNIQUE CHECK (email = lower(email)),
    name          text NOT NULL,
    role          text NOT NULL CHECK (role IN ('admin', 'pm', 'operator', 'finance', 'privacy', 'stylist', 'stakeholder')),
    stylist_id    uuid REFERENCES stylists,
    password_hash text NOT NULL,
    language      text NOT NULL DEFAULT 'en',
    disabled_at   timestamptz,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL
);

CREATE TABLE api_tokens (
    id         uuid PRIMARY KEY,
    staff_id   uuid NOT NULL REFERENCES staff,
    hash       text NOT NULL UNIQUE,
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL
);

CREATE TABLE messages (
    id              uuid PRIMARY KEY,
    seq             bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    conversation_id uuid NOT NULL REFERENCES conversations,
    direction       text NOT NULL CHECK (direction IN ('in', 'out')),
    class           text NOT NULL CHECK (class IN ('inbound', 'reply', 'receipt', 'handoff', 'staff', 'notice')),
    status          text NOT NULL CHECK (status IN ('received', 'handled', 'queued', 'sending', 'sent', 'delivered', 'read', 'failed', 'suppressed')),
    content         jsonb NOT NULL,
    language        text NOT NULL DEFAULT '',
    provider_id     text UNIQUE,
    cause           text NOT NULL DEFAULT '',
    dedupe_key      text UNIQUE,
    job_id          bigint,
    sending_since   timestamptz,
    attempts        int NOT NULL DEFAULT 0,
    error_code      text NOT NULL DEFAULT '',
    error_detail    text NOT NULL DEFAULT '',
    created_at      timestamptz NOT NULL,
    handled_at      timestamptz,
    sent_at         timestamptz,
    delivered_at    timestamptz,
    read_at         timestamptz,
    staff_id        uuid REFERENCES staff
);
CREATE INDEX messages_thread ON messages (conversation_id, seq DESC);
CREATE INDEX messages_unhandled ON messages (conversation_id, seq) WHERE direction = 'in' AND status = 'received';
CREATE INDEX messages_unsent ON messages (conversation_id, seq) WHERE direction = 'out' AND status IN ('queued', 'sending');

CREATE TABLE provider_events (
    id           uuid PRIMARY KEY,
    seq          bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    provider     text NOT NULL,
    event_id     text NOT NULL,
    kind         text NOT NULL,
    sender       text NOT NULL DEFAULT '',
    payload      jsonb NOT NULL,
    received_at  timestamptz NOT NULL,
    processed_at timestamptz,
    outcome      text NOT NULL DEFAULT '',
    failures     int NOT NULL DEFAULT 0,
    UNIQUE (provider, event_id)
);
CREATE INDEX provider_events_open ON provider_events (provider, sender, seq) WHERE processed_at IS NULL;

-- +goose Down
DROP TABLE provider_events, messages, api_tokens, staff, conversations, contacts, customers;
