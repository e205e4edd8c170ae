-- +goose Up
-- One payment may pay the deposits of a group (R-417). It hangs on one visit of the group; each visit's
-- share is its own deposit.
ALTER TABLE payments ADD COLUMN group_id uuid;
CREATE INDEX payments_group ON payments (group_id) WHERE group_id IS NOT NULL;
CREATE INDEX appointments_group ON appointments (group_id) WHERE group_id IS NOT NULL;
DROP INDEX payments_one_paid;
-- Money is applied once: to a visit, or to a group.
CREATE UNIQUE INDEX payments_one_paid ON payments (coalesce(group_id, appointment_id)) WHERE state = 'paid';

-- Whose share of a group's payment goes back; null: all that the payment brought in, or a visit's own.
ALTER TABLE refunds ADD COLUMN appointment_id uuid REFERENCES appointments;

-- What somebody is to whom brought them here (R-418): a word of a closed list, or nothing.
ALTER TABLE customers ADD COLUMN relation text NOT NULL DEFAULT '';
CREATE INDEX customers_brought ON customers (referred_by_id) WHERE referred_by_id IS NOT NULL;

-- What the salon knows about a person beside the columns: a word of a closed list about another person.
CREATE TABLE customer_notes (
    id          uuid PRIMARY KEY,
    customer_id uuid NOT NULL REFERENCES customers ON DELETE CASCADE,
    about_id    uuid NOT NULL REFERENCES customers ON DELETE CASCADE,
    kind        text NOT NULL CHECK (kind IN ('books_for', 'booked_by')),
    created_at  timestamptz NOT NULL,
    UNIQUE (customer_id, about_id, kind)
);

-- +goose Down
DROP TABLE customer_notes;
DROP INDEX customers_brought;
ALTER TABLE customers DROP COLUMN relation;
ALTER TABLE refunds DROP COLUMN appointment_id;
DROP INDEX payments_one_paid;
CREATE UNIQUE INDEX payments_one_paid ON payments (appointment_id) WHERE state = 'paid';
DROP INDEX appointments_group;
DROP INDEX payments_group;
ALTER TABLE payments DROP COLUMN group_id;
