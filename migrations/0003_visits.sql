-- +goose Up
CREATE TABLE appointments (
    id              uuid PRIMARY KEY,
    stylist_id      uuid NOT NULL REFERENCES stylists,
    customer_id     uuid NOT NULL REFERENCES customers,
    booked_by_id    uuid NOT NULL REFERENCES customers,
    conversation_id uuid REFERENCES conversations,
    group_id        uuid,
    pack_id         uuid REFERENCES packs,
    starts_at       timestamptz NOT NULL,
    ends_at         timestamptz NOT NULL,
    status          text NOT NULL CHECK (status IN ('provisional', 'confirmed', 'reschedule_pending', 'completed', 'no_show', 'cancelled', 'expired', 'released')),
    total_minor     bigint NOT NULL CHECK (total_minor >= 0),
    currency        char(3) NOT NULL,
    deposit_minor   bigint NOT NULL CHECK (deposit_minor BETWEEN 0 AND total_minor),
    deposit_state   text NOT NULL CHECK (deposit_state IN ('none', 'pending', 'paid', 'refund_pending', 'refunded', 'forfeited')),
    terms           jsonb NOT NULL,
    hold_expires_at timestamptz,
    warned_at       timestamptz,
    for_name        text NOT NULL DEFAULT '',
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    CHECK (starts_at < ends_at),
    CHECK (status <> 'provisional' OR hold_expires_at IS NOT NULL),
    -- The guarantee of the product: no stylist is booked twice for overlapping times.
    CONSTRAINT appointments_no_overlap EXCLUDE USING gist
        (stylist_id WITH =, tstzrange(starts_at, ends_at) WITH &&)
        WHERE (status IN ('provisional', 'confirmed', 'reschedule_pending'))
);
CREATE INDEX appointments_diary ON appointments (stylist_id, starts_at);
CREATE INDEX appointments_start ON appointments (starts_at);
CREATE INDEX appointments_holds ON appointments (hold_expires_at) WHERE status = 'provisional';
CREATE INDEX appointments_customer ON appointments (customer_id, starts_at DESC);
CREATE INDEX appointments_booker ON appointments (booked_by_id, starts_at DESC);
-- One live hold per conversation unless it is a group (R-406).
CREATE UNIQUE INDEX appointments_one_hold ON appointments (conversation_id)
    WHERE status = 'provisional' AND group_id IS NULL AND conversation_id IS NOT NULL;

CREATE TABLE appointment_lines (
    id             uuid PRIMARY KEY,
    appointment_id uuid NOT NULL REFERENCES appointments ON DELETE CASCADE,
    service_id     uuid NOT NULL REFERENCES services,
    position       int NOT NULL,
    minutes        int NOT NULL CHECK (minutes > 0),
    price_minor    bigint NOT NULL CHECK (price_minor >= 0),
    UNIQUE (appointment_id, position)
);

CREATE TABLE appointment_events (
    id             uuid PRIMARY KEY,
    appointment_id uuid NOT NULL REFERENCES appointments ON DELETE CASCADE,
    from_status    text NOT NULL,
    to_status      text NOT NULL,
    from_deposit   text NOT NULL,
    to_deposit     text NOT NULL,
    actor          text NOT NULL,
    reason         text NOT NULL,
    at             timestamptz NOT NULL
);
CREATE INDEX appointment_events_of ON appointment_events (appointment_id, at);

CREATE TABLE payments (
    id             uuid PRIMARY KEY,
    appointment_id uuid NOT NULL REFERENCES appointments,
    amount_minor   bigint NOT NULL CHECK (amount_minor > 0),
    currency       char(3) NOT NULL,
    state          text NOT NULL CHECK (state IN ('requested', 'open', 'paid', 'failed', 'expired', 'voided', 'refund_pending', 'refunded')),
    session_id     text UNIQUE,
    payment_intent text UNIQUE,
    url            text NOT NULL DEFAULT '',
    received_minor bigint NOT NULL DEFAULT 0 CHECK (received_minor >= 0),
    received_in    text NOT NULL DEFAULT '',
    error_code     text NOT NULL DEFAULT '',
    language       text NOT NULL DEFAULT 'en' CHECK (language IN ('en', 'es', 'ar')),
    expires_at     timestamptz NOT NULL,
    key_version    int NOT NULL DEFAULT 0,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    failed_at      timestamptz,
    closed_at      timestamptz,
    paid_at        timestamptz
);
CREATE INDEX payments_appointment ON payments (appointment_id);
-- Money is applied to an appointment once.
CREATE UNIQUE INDEX payments_one_paid ON payments (appointment_id) WHERE state = 'paid';

CREATE TABLE refunds (
    id           uuid PRIMARY KEY,
    payment_id   uuid NOT NULL REFERENCES payments,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    currency     char(3) NOT NULL,
    state        text NOT NULL CHECK (state IN ('pending', 'succeeded', 'failed')),
    reason       text NOT NULL,
    provider_id  text UNIQUE,
    error_code   text NOT NULL DEFAULT '',
    key_version  int NOT NULL DEFAULT 0,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL
);
CREATE INDEX refunds_payment ON refunds (payment_id);

-- Refunds of a payment never exceed what was received, under any concurrency.
-- +goose StatementBegin
CREATE FUNCTION refunds_within_received() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    received bigint;
    already  bigint;
BEGIN
    SELECT received_minor INTO received FROM payments WHERE id = NEW.payment_id FOR UPDATE;
    SELECT coalesce(sum(amount_minor), 0) INTO already
        FROM refunds WHERE payment_id = NEW.payment_id AND state <> 'failed' AND id <> NEW.id;
    IF NEW.state <> 'failed' AND already + NEW.amount_minor > received THEN
        RAISE EXCEPTION 'refunds of payment % would exceed what was received', NEW.payment_id
            USING ERRCODE = '23514', CONSTRAINT = 'refunds_within_received';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER refunds_within_received BEFORE INSERT OR UPDATE ON refunds
    FOR EACH ROW EXECUTE FUNCTION refunds_within_received();

CREATE TABLE cases (
    id              uuid PRIMARY KEY,
    conversation_id uuid NOT NULL REFERENCES conversations,
    customer_id     uuid REFERENCES customers,
    appointment_id  uuid REFERENCES appointments,
    reason          text NOT NULL CHECK (reason IN ('medical', 'payment_failure', 'late_cancellation', 'delay', 'ambiguity', 'name_unclear', 'manual_request', 'refund_failure', 'complaint', 'system_error')),
    status          text NOT NULL CHECK (status IN ('open', 'resolved')),
    language        text NOT NULL,
    summary         text NOT NULL,
    trigger_text    text NOT NULL DEFAULT '',
    suggestion      text NOT NULL DEFAULT '',
    last_messages   jsonb NOT NULL DEFAULT '[]',
    opened_at       timestamptz NOT NULL,
    resolved_at     timestamptz,
    resolved_by     text NOT NULL DEFAULT ''
);
CREATE INDEX cases_open ON cases (opened_at) WHERE status = 'open';
CREATE INDEX cases_conversation ON cases (conversation_id, opened_at DESC);
-- The same trouble opens one case, however often it is reported.
CREATE UNIQUE INDEX cases_once ON cases (conversation_id, reason, coalesce(appointment_id, '00000000-0000-0000-0000-000000000000'))
    WHERE status = 'open';

CREATE TABLE notices (
    id             uuid PRIMARY KEY,
    stylist_id     uuid REFERENCES stylists,
    appointment_id uuid REFERENCES appointments ON DELETE CASCADE,
    case_id        uuid REFERENCES cases ON DELETE CASCADE,
    event          text NOT NULL,
    urgent         boolean NOT NULL DEFAULT false,
    channel        text NOT NULL,
    message_id     uuid REFERENCES messages,
    dedupe_key     text NOT NULL UNIQUE,
    due_at         timestamptz NOT NULL,
    created_at     timestamptz NOT NULL,
    seen_at        timestamptz
);
CREATE INDEX notices_recent ON notices (created_at DESC);

-- +goose Down
DROP TABLE notices, cases, refunds, payments, appointment_events, appointment_lines, appointments;
DROP FUNCTION refunds_within_received;
