-- +goose Up
-- When the time that a visit has now was agreed: NULL, when it was booked. A move agrees it anew.
ALTER TABLE appointments ADD COLUMN agreed_at timestamptz;

-- The reminder of the time that stands (R-601). At most one of sent and missed is set; failed comes after
-- sent, when the message could not be delivered.
ALTER TABLE appointments
    ADD COLUMN reminder_sent_at timestamptz,
    ADD COLUMN reminder_confirmed_at timestamptz,
    ADD COLUMN reminder_missed_at timestamptz,
    ADD COLUMN reminder_failed_at timestamptz;
-- Visits that are too near to be reminded of when the product learns to remind: nobody missed anything.
UPDATE appointments SET reminder_missed_at = now()
    WHERE status = 'confirmed' AND starts_at > now() AND starts_at < now() + interval '24 hours';
CREATE INDEX appointments_unreminded ON appointments (starts_at)
    WHERE status = 'confirmed' AND reminder_sent_at IS NULL AND reminder_missed_at IS NULL;

-- What the customer said about coming late (R-510).
ALTER TABLE appointments
    ADD COLUMN delay_said_at timestamptz,
    ADD COLUMN delay_arrives_at timestamptz;

-- +goose Down
DROP INDEX appointments_unreminded;
ALTER TABLE appointments
    DROP COLUMN delay_arrives_at,
    DROP COLUMN delay_said_at,
    DROP COLUMN reminder_failed_at,
    DROP COLUMN reminder_missed_at,
    DROP COLUMN reminder_confirmed_at,
    DROP COLUMN reminder_sent_at,
    DROP COLUMN agreed_at;
