-- +goose Up
-- What people edit at the same time carries a version: the second is told, never overwritten.
ALTER TABLE services
    ADD COLUMN version int NOT NULL DEFAULT 0,
    ADD CONSTRAINT services_minutes CHECK (minutes BETWEEN 5 AND 480 AND minutes % 5 = 0),
    ADD CONSTRAINT services_price CHECK (price_minor <= 1000000),
    ADD CONSTRAINT services_of_category UNIQUE (id, category);
ALTER TABLE packs
    ADD COLUMN version int NOT NULL DEFAULT 0,
    ADD CONSTRAINT packs_minutes CHECK (minutes BETWEEN 5 AND 480 AND minutes % 5 = 0),
    ADD CONSTRAINT packs_price CHECK (price_minor <= 1000000),
    ADD CONSTRAINT packs_of_category UNIQUE (id, category);

-- A pack holds services of its own category only, whoever changes what at the same time.
ALTER TABLE pack_services ADD COLUMN category text;
UPDATE pack_services SET category = (SELECT category FROM packs WHERE packs.id = pack_id);
ALTER TABLE pack_services
    ALTER COLUMN category SET NOT NULL,
    ADD CONSTRAINT pack_services_pack FOREIGN KEY (pack_id, category) REFERENCES packs (id, category) ON DELETE CASCADE,
    ADD CONSTRAINT pack_services_service FOREIGN KEY (service_id, category) REFERENCES services (id, category);

ALTER TABLE stylists
    ADD COLUMN version int NOT NULL DEFAULT 0,
    ADD CONSTRAINT stylists_phone CHECK (phone = '' OR phone ~ '^\+[1-9][0-9]{6,14}$');
CREATE UNIQUE INDEX stylists_phone_once ON stylists (phone) WHERE phone <> '';

-- Opening hours that replace the weekly ones between two days, both included ("Ramadan 2027").
CREATE TABLE schedule_sets (
    id         uuid PRIMARY KEY,
    names      jsonb NOT NULL,
    starts_on  date NOT NULL,
    ends_on    date NOT NULL,
    active     boolean NOT NULL DEFAULT true,
    version    int NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CHECK (starts_on <= ends_on),
    -- No day follows two sets.
    CONSTRAINT schedule_sets_no_overlap EXCLUDE USING gist (daterange(starts_on, ends_on, '[]') WITH &&) WHERE (active)
);
CREATE TABLE schedule_hours (
    set_id  uuid NOT NULL REFERENCES schedule_sets ON DELETE CASCADE,
    weekday int NOT NULL CHECK (weekday BETWEEN 0 AND 6),
    opens   text NOT NULL CHECK (opens ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
    closes  text NOT NULL CHECK (closes ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
    PRIMARY KEY (set_id, weekday),
    CHECK (opens < closes)
);

-- +goose Down
DROP TABLE schedule_hours, schedule_sets;
DROP INDEX stylists_phone_once;
ALTER TABLE stylists DROP CONSTRAINT stylists_phone, DROP COLUMN version;
ALTER TABLE pack_services DROP CONSTRAINT pack_services_service, DROP CONSTRAINT pack_services_pack, DROP COLUMN category;
ALTER TABLE packs DROP CONSTRAINT packs_of_category, DROP CONSTRAINT packs_price, DROP CONSTRAINT packs_minutes, DROP COLUMN version;
ALTER TABLE services DROP CONSTRAINT services_of_category, DROP CONSTRAINT services_price, DROP CONSTRAINT services_minutes, DROP COLUMN version;
