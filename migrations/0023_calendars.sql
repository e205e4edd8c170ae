-- +goose Up
-- The calendar outside that a stylist keeps; '' none. No two stylists share one: each other's visits would look like busy time.
ALTER TABLE stylists ADD COLUMN calendar_id text NOT NULL DEFAULT '' CHECK (char_length(calendar_id) <= 254);
CREATE UNIQUE INDEX stylists_calendar_once ON stylists (calendar_id) WHERE calendar_id <> '';

-- The entry of a calendar outside that closed time comes from; '' somebody closed it here.
ALTER TABLE time_blocks ADD COLUMN entry_id text NOT NULL DEFAULT '';
CREATE INDEX time_blocks_of_calendars ON time_blocks (stylist_id) WHERE entry_id <> '';
-- Visits in time that a calendar outside closed, of which somebody said that they stay.
ALTER TABLE time_blocks ADD COLUMN kept_visits uuid[] NOT NULL DEFAULT '{}';

-- How the reading of each stylist's calendar goes. Times are machine time, but for the span that was read.
CREATE TABLE calendar_reads (
    stylist_id  uuid PRIMARY KEY REFERENCES stylists ON DELETE CASCADE,
    calendar_id text NOT NULL,
    since       timestamptz NOT NULL,      -- it has been asked for since
    asked_at    timestamptz NOT NULL,
    began_at    timestamptz,               -- of the last complete reading
    read_at     timestamptz,               -- the last complete reading ended
    failed_at   timestamptz,               -- nothing was read since
    failure     text NOT NULL DEFAULT '',  -- its code
    tag         text NOT NULL DEFAULT '',
    covers_from timestamptz,
    covers_to   timestamptz
);

-- In which calendars outside a visit may have an entry. The row is there before the entry and goes after it, and
-- outlives the visit: what nobody knows of any more could not be taken out.
CREATE TABLE calendar_entries (
    appointment_id uuid NOT NULL,
    calendar_id    text NOT NULL,
    version        bigint NOT NULL DEFAULT 0, -- of the visit as the entry shows it; 0: it may not be there yet
    pushed_at      timestamptz,               -- machine time
    PRIMARY KEY (appointment_id, calendar_id)
);

-- Who knows the word may read a stylist's visits. The word itself is not kept.
CREATE TABLE calendar_feeds (
    stylist_id uuid PRIMARY KEY REFERENCES stylists ON DELETE CASCADE,
    hash       bytea NOT NULL UNIQUE,
    created_at timestamptz NOT NULL,
    created_by text NOT NULL
);

-- +goose Down
DROP TABLE calendar_feeds, calendar_entries, calendar_reads;
DROP INDEX time_blocks_of_calendars;
ALTER TABLE time_blocks DROP COLUMN kept_visits;
ALTER TABLE time_blocks DROP COLUMN entry_id;
DROP INDEX stylists_calendar_once;
ALTER TABLE stylists DROP COLUMN calendar_id;
