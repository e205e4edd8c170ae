-- +goose Up
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TABLE settings (
    key        text PRIMARY KEY,
    value      jsonb NOT NULL,
    updated_at timestamptz NOT NULL,
    updated_by text NOT NULL
);

CREATE TABLE services (
    id              uuid PRIMARY KEY,
    code            text NOT NULL UNIQUE,
    category        text NOT NULL CHECK (category IN ('hair', 'aesthetics')),
    minutes         int NOT NULL CHECK (minutes > 0),
    price_minor     bigint NOT NULL CHECK (price_minor >= 0),
    currency        char(3) NOT NULL,
    deposit_percent int CHECK (deposit_percent BETWEEN 0 AND 100),
    names           jsonb NOT NULL,
    synonyms        jsonb NOT NULL DEFAULT '{}',
    position        int NOT NULL DEFAULT 0,
    active          boolean NOT NULL DEFAULT true,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL
);

CREATE TABLE packs (
    id          uuid PRIMARY KEY,
    code        text NOT NULL UNIQUE,
    category    text NOT NULL CHECK (category IN ('hair', 'aesthetics')),
    minutes     int NOT NULL CHECK (minutes > 0),
    price_minor bigint NOT NULL CHECK (price_minor >= 0),
    currency    char(3) NOT NULL,
    names       jsonb NOT NULL,
    active      boolean NOT NULL DEFAULT true,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL
);

CREATE TABLE pack_services (
    pack_id    uuid NOT NULL REFERENCES packs ON DELETE CASCADE,
    service_id uuid NOT NULL REFERENCES services,
    position   int NOT NULL,
    PRIMARY KEY (pack_id, service_id)
);

CREATE TABLE stylists (
    id         uuid PRIMARY KEY,
    code       text NOT NULL UNIQUE,
    names      jsonb NOT NULL,
    categories jsonb NOT NULL,
    phone      text NOT NULL DEFAULT '',
    position   int NOT NULL DEFAULT 0,
    active     boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);

CREATE TABLE opening_hours (
    weekday int PRIMARY KEY CHECK (weekday BETWEEN 0 AND 6),
    opens   text NOT NULL CHECK (opens ~ '^[0-2][0-9]:[0-5][0-9]$'),
    closes  text NOT NULL CHECK (closes ~ '^[0-2][0-9]:[0-5][0-9]$'),
    CHECK (opens < closes)
);

CREATE TABLE time_blocks (
    id         uuid PRIMARY KEY,
    stylist_id uuid REFERENCES stylists,
    starts_at  timestamptz NOT NULL,
    ends_at    timestamptz NOT NULL,
    kind       text NOT NULL CHECK (kind IN ('holiday', 'closed', 'vacation', 'day_off', 'break', 'busy')),
    reason     jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL,
    CHECK (starts_at < ends_at)
);
CREATE INDEX time_blocks_span ON time_blocks USING gist (tstzrange(starts_at, ends_at));

CREATE TABLE weekly_breaks (
    id         uuid PRIMARY KEY,
    stylist_id uuid NOT NULL REFERENCES stylists,
    weekday    int NOT NULL CHECK (weekday BETWEEN 0 AND 6),
    starts     text NOT NULL,
    ends       text NOT NULL,
    CHECK (starts < ends)
);

-- +goose Down
DROP TABLE weekly_breaks, time_blocks, opening_hours, stylists, pack_services, packs, services, settings;
