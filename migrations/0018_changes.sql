-- +goose Up
-- While a customer chooses another time inside the notice, the visit is reschedule_pending and stands again
-- by itself at reschedule_until; late_moves counts how often it was moved inside the notice (R-514).
ALTER TABLE appointments
    ADD COLUMN reschedule_until timestamptz,
    ADD COLUMN late_moves       int NOT NULL DEFAULT 0 CHECK (late_moves >= 0);
UPDATE appointments SET reschedule_until = starts_at WHERE status = 'reschedule_pending';
ALTER TABLE appointments
    ADD CONSTRAINT appointments_reschedule_ends CHECK (status <> 'reschedule_pending' OR reschedule_until IS NOT NULL);
CREATE INDEX appointments_reschedules ON appointments (reschedule_until) WHERE status = 'reschedule_pending';

-- +goose Down
DROP INDEX appointments_reschedules;
ALTER TABLE appointments
    DROP CONSTRAINT appointments_reschedule_ends, DROP COLUMN reschedule_until, DROP COLUMN late_moves;
