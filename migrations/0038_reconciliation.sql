-- +goose Up
-- What the payment provider has is compared with our books: daily, whenever somebody asks, and every few minutes what is fresh.
CREATE TABLE reconciliations (
    id         uuid PRIMARY KEY,
    kind       text NOT NULL CHECK (kind IN ('daily', 'asked')),
    actor      text NOT NULL,
    from_at    timestamptz NOT NULL,
    to_at      timestamptz NOT NULL CHECK (to_at > from_at),
    state      text NOT NULL CHECK (state IN ('running', 'done', 'failed')),
    stage      text NOT NULL DEFAULT '',
    attempt    uuid, -- whose figures count: of two that work on the same, the later
    figures    jsonb NOT NULL DEFAULT '[]',
    found      int NOT NULL DEFAULT 0, -- differences that nobody knew of
    cleared    int NOT NULL DEFAULT 0, -- that were known and are gone
    unchecked  int NOT NULL DEFAULT 0, -- things that were too many to look at one by one
    code       text NOT NULL DEFAULT '',
    asked_at   timestamptz NOT NULL, -- business time
    started_at timestamptz NOT NULL, -- the machine's, as the next two
    stepped_at timestamptz NOT NULL,
    ended_at   timestamptz,
    CHECK ((state = 'running') = (ended_at IS NULL))
);
CREATE INDEX reconciliations_newest ON reconciliations (asked_at DESC, id DESC);
-- A day is compared once by the clock, and one comparison runs at a time, however many processes ask.
CREATE UNIQUE INDEX reconciliations_day ON reconciliations (to_at) WHERE kind = 'daily';
CREATE UNIQUE INDEX reconciliations_one ON reconciliations ((true)) WHERE state = 'running';

-- What did not match. Ids and sums; the note is what somebody of the salon wrote.
CREATE TABLE reconciliation_differences (
    id             uuid PRIMARY KEY,
    key            text NOT NULL, -- what is wrong with what
    kind           text NOT NULL,
    state          text NOT NULL CHECK (state IN ('open', 'explained', 'gone', 'mended')),
    payment_id     uuid,
    refund_id      uuid,
    appointment_id uuid,
    order_id       uuid,
    ref            text NOT NULL DEFAULT '', -- the provider's: of a charge, a refund, an event
    intent         text NOT NULL DEFAULT '', -- the provider's payment
    here_minor     bigint,
    here_currency  text NOT NULL DEFAULT '',
    here_state     text NOT NULL DEFAULT '',
    there_minor    bigint,
    there_currency text NOT NULL DEFAULT '',
    there_state    text NOT NULL DEFAULT '',
    since          timestamptz NOT NULL,
    found_at       timestamptz NOT NULL,
    seen_at        timestamptz NOT NULL,
    run_id         uuid, -- that found it; null: the look of every few minutes
    settled_at     timestamptz,
    settled_by     text NOT NULL DEFAULT '',
    note           text NOT NULL DEFAULT '' CHECK (char_length(note) <= 500),
    version        bigint NOT NULL DEFAULT 1,
    CHECK (state <> 'explained' OR note <> '' AND settled_by <> ''),
    CHECK ((state = 'open') = (settled_at IS NULL))
);
-- The same thing stands once however often it is found.
CREATE UNIQUE INDEX reconciliation_differences_once ON reconciliation_differences (key) WHERE state IN ('open', 'explained');
CREATE INDEX reconciliation_differences_newest ON reconciliation_differences (found_at DESC, id DESC);
CREATE INDEX reconciliation_differences_in_state ON reconciliation_differences (state, found_at DESC, id DESC);
CREATE INDEX reconciliation_differences_open ON reconciliation_differences (seen_at, id) WHERE state = 'open';
CREATE INDEX reconciliation_differences_run ON reconciliation_differences (run_id) WHERE run_id IS NOT NULL;
CREATE INDEX reconciliation_differences_payment ON reconciliation_differences (payment_id) WHERE payment_id IS NOT NULL;

-- How far the look of every few minutes is: one row, so that one of all processes asks for the next.
CREATE TABLE reconciliation_watch (
    one       boolean PRIMARY KEY DEFAULT true CHECK (one),
    asked_at  timestamptz, -- business time
    looked_to timestamptz,
    code      text NOT NULL DEFAULT '' -- why the last one did not come to its end
);
INSERT INTO reconciliation_watch DEFAULT VALUES;

CREATE INDEX payments_received ON payments (paid_at, id) WHERE paid_at IS NOT NULL;
CREATE INDEX appointments_deposit_changed ON appointments (updated_at) WHERE deposit_minor > 0;
CREATE INDEX orders_paid_by_card ON orders (updated_at) WHERE method = 'stripe';

-- +goose Down
DROP INDEX payments_received, appointments_deposit_changed, orders_paid_by_card;
DROP TABLE reconciliation_watch, reconciliation_differences, reconciliations;
