-- +goose Up
-- What people act on carries a version, so that nobody acts on what they have not seen.
ALTER TABLE appointments
    ADD COLUMN version bigint NOT NULL DEFAULT 1 CHECK (version > 0),
    -- A visit lies inside one day's opening; reading a week relies on it.
    ADD CONSTRAINT appointments_within_a_day CHECK (ends_at <= starts_at + interval '24 hours');

-- Why staff did it, and where a moved visit was and went.
ALTER TABLE appointment_events
    ADD COLUMN note            text NOT NULL DEFAULT '' CHECK (char_length(note) <= 500),
    ADD COLUMN from_stylist_id uuid REFERENCES stylists,
    ADD COLUMN to_stylist_id   uuid REFERENCES stylists,
    ADD COLUMN from_starts_at  timestamptz,
    ADD COLUMN to_starts_at    timestamptz,
    ADD CONSTRAINT appointment_events_move_is_whole
        CHECK (num_nulls(from_stylist_id, to_stylist_id, from_starts_at, to_starts_at) IN (0, 4));

-- Staff's own words about closed time: no customer reads them, unlike the reason.
ALTER TABLE time_blocks
    ADD COLUMN note       text NOT NULL DEFAULT '' CHECK (char_length(note) <= 500),
    ADD COLUMN created_by text NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE time_blocks DROP COLUMN note, DROP COLUMN created_by;
ALTER TABLE appointment_events
    DROP CONSTRAINT appointment_events_move_is_whole,
    DROP COLUMN note, DROP COLUMN from_stylist_id, DROP COLUMN to_stylist_id, DROP COLUMN from_starts_at, DROP COLUMN to_starts_at;
ALTER TABLE appointments DROP CONSTRAINT appointments_within_a_day, DROP COLUMN version;
