-- +goose Up
-- An account whose password was never set is an invited one. access_epoch is raised whenever whoever is
-- signed in must be so anew; a session of an earlier epoch is dead wherever it is kept.
ALTER TABLE staff
    ADD COLUMN version           bigint NOT NULL DEFAULT 0,
    ADD COLUMN access_epoch      bigint NOT NULL DEFAULT 0,
    ADD COLUMN last_signed_in_at timestamptz,
    ADD CONSTRAINT staff_only_stylists_own_a_diary CHECK (role = 'stylist' OR stylist_id IS NULL);
CREATE INDEX staff_by_name ON staff (lower(name), id);

-- One link at a time opens an account: a new one takes the place of the last.
CREATE TABLE invitations (
    id         uuid PRIMARY KEY,
    staff_id   uuid NOT NULL REFERENCES staff,
    hash       text NOT NULL UNIQUE,
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    used_at    timestamptz,
    revoked_at timestamptz,
    CONSTRAINT invitations_end_once CHECK (used_at IS NULL OR revoked_at IS NULL)
);
CREATE UNIQUE INDEX invitations_one_open ON invitations (staff_id) WHERE used_at IS NULL AND revoked_at IS NULL;

-- Second factors. last_step is the latest time step whose code was used: each is good once.
CREATE TABLE factors (
    id            uuid PRIMARY KEY,
    staff_id      uuid NOT NULL REFERENCES staff,
    kind          text NOT NULL CHECK (kind IN ('totp', 'passkey')),
    name          text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 60),
    sealed        bytea,
    last_step     bigint NOT NULL DEFAULT 0,
    credential_id bytea UNIQUE,
    credential    jsonb,
    created_at    timestamptz NOT NULL,
    last_used_at  timestamptz,
    CONSTRAINT factors_totp CHECK ((kind = 'totp') = (sealed IS NOT NULL)),
    CONSTRAINT factors_passkey CHECK ((kind = 'passkey') = (credential IS NOT NULL AND credential_id IS NOT NULL))
);
CREATE INDEX factors_staff ON factors (staff_id, created_at);

CREATE TABLE recovery_codes (
    staff_id   uuid NOT NULL REFERENCES staff,
    hash       text NOT NULL,
    created_at timestamptz NOT NULL,
    used_at    timestamptz,
    PRIMARY KEY (staff_id, hash)
);

ALTER TABLE api_tokens
    ADD COLUMN name         text NOT NULL DEFAULT '',
    ADD COLUMN last_used_at timestamptz;
CREATE INDEX api_tokens_staff ON api_tokens (staff_id, created_at);

-- +goose Down
DROP INDEX api_tokens_staff;
ALTER TABLE api_tokens DROP COLUMN name, DROP COLUMN last_used_at;
DROP TABLE recovery_codes, factors, invitations;
DROP INDEX staff_by_name;
ALTER TABLE staff
    DROP CONSTRAINT staff_only_stylists_own_a_diary,
    DROP COLUMN version, DROP COLUMN access_epoch, DROP COLUMN last_signed_in_at;
