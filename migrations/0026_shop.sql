-- +goose Up
CREATE TABLE product_categories (
    id         uuid PRIMARY KEY,
    slug       text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND char_length(slug) <= 60),
    names      jsonb NOT NULL,
    parent_id  uuid REFERENCES product_categories ON DELETE SET NULL CHECK (parent_id <> id),
    position   int NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX product_categories_children ON product_categories (parent_id);

CREATE TABLE products (
    id           uuid PRIMARY KEY,
    sku          text NOT NULL CHECK (sku ~ '^[A-Za-z0-9][A-Za-z0-9._/-]*$' AND char_length(sku) <= 64),
    names        jsonb NOT NULL,
    descriptions jsonb NOT NULL DEFAULT '{}',
    price_minor  bigint NOT NULL CHECK (price_minor BETWEEN 0 AND 1000000000),
    currency     char(3) NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    stock        int NOT NULL CHECK (stock >= 0),
    active       boolean NOT NULL,
    brand        text NOT NULL DEFAULT '' CHECK (char_length(brand) <= 100),
    attributes   jsonb NOT NULL DEFAULT '{}',
    category_id  uuid REFERENCES product_categories ON DELETE SET NULL,
    -- What staff have changed and the feed leaves alone until they let it go.
    held         jsonb NOT NULL DEFAULT '[]' CHECK (held <@ '["names", "descriptions", "price", "stock", "active"]'),
    version      int NOT NULL DEFAULT 0, -- counts the changes, so that two of them notice each other
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    -- All that a search looks through, in every language, as it is compared.
    found        text NOT NULL GENERATED ALWAYS AS (folded(sku || ' ' || brand || ' ' ||
        coalesce(names->>'en', '') || ' ' || coalesce(names->>'es', '') || ' ' || coalesce(names->>'ar', '') || ' ' ||
        coalesce(descriptions->>'en', '') || ' ' || coalesce(descriptions->>'es', '') || ' ' || coalesce(descriptions->>'ar', ''))) STORED,
    -- What lists by name compare.
    name_en      text COLLATE "C" NOT NULL GENERATED ALWAYS AS (folded(coalesce(names->>'en', ''))) STORED,
    name_es      text COLLATE "C" NOT NULL GENERATED ALWAYS AS (folded(coalesce(names->>'es', names->>'en', ''))) STORED,
    name_ar      text COLLATE "C" NOT NULL GENERATED ALWAYS AS (folded(coalesce(names->>'ar', names->>'en', ''))) STORED
) WITH (fillfactor = 50); -- a sale changes figures that no index has: where its page has room, none of them is written
CREATE UNIQUE INDEX products_sku ON products (upper(sku));
-- Nothing waits to be put into this index: a search must not read what a sync has just left there.
CREATE INDEX products_found ON products USING gin (found gin_trgm_ops) WITH (fastupdate = off) WHERE active;
-- One for each order of a list.
CREATE INDEX products_newest ON products (created_at, id) WHERE active;
CREATE INDEX products_price ON products (price_minor, id) WHERE active;
CREATE INDEX products_name_en ON products (name_en, id) WHERE active;
CREATE INDEX products_name_es ON products (name_es, id) WHERE active;
CREATE INDEX products_name_ar ON products (name_ar, id) WHERE active;
CREATE INDEX products_category ON products (category_id, created_at, id) WHERE active;
CREATE INDEX products_category_price ON products (category_id, price_minor, id) WHERE active;

CREATE TABLE product_media (
    id         uuid PRIMARY KEY,
    product_id uuid NOT NULL REFERENCES products ON DELETE CASCADE,
    url        text NOT NULL CHECK (char_length(url) BETWEEN 1 AND 2000),
    kind       text NOT NULL CHECK (kind IN ('image', 'video')),
    position   int NOT NULL DEFAULT 0,
    alt        jsonb NOT NULL DEFAULT '{}',
    origin     text NOT NULL CHECK (origin IN ('feed', 'mapping')), -- a sync leaves alone what was mapped by hand
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    UNIQUE (product_id, url)
);

-- Every reading of the feed, for the log that staff read.
CREATE TABLE feed_runs (
    id          uuid PRIMARY KEY,
    source      text NOT NULL,
    state       text NOT NULL CHECK (state IN ('running', 'done', 'failed')),
    failure     text NOT NULL DEFAULT '', -- its code
    started_at  timestamptz NOT NULL,
    ended_at    timestamptz,
    categories  int NOT NULL DEFAULT 0,   -- in the feed, as the next two
    products    int NOT NULL DEFAULT 0,
    media       int NOT NULL DEFAULT 0,
    changed     int NOT NULL DEFAULT 0,   -- products written, new ones too
    deactivated int NOT NULL DEFAULT 0,
    rejected    int NOT NULL DEFAULT 0,   -- what of the feed could not be used
    CHECK ((state = 'running') = (ended_at IS NULL))
);
CREATE INDEX feed_runs_latest ON feed_runs (started_at DESC, id DESC);
-- The feed is read once at a time.
CREATE UNIQUE INDEX feed_runs_one ON feed_runs ((true)) WHERE state = 'running';

-- What the shop sells is read far more often than it is changed. Every commit that changes any of it, stock
-- and activity too, raises this number, and whatever was remembered under the one before is out of date.
-- It is the sum of many rows. Each commit raises one that nobody else is raising, so that those who buy at the same moment
-- do not wait for one another's disk; what a sum was read from was there when it was read, and no other state has that sum.
CREATE TABLE catalogue_edition (
    slot   int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    number bigint NOT NULL DEFAULT 0,
    -- Raised only by what changes which products a list holds. A sale changes stock and leaves it alone, or every order
    -- would have a large catalogue counted anew.
    listed bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 20);
INSERT INTO catalogue_edition (number, listed) SELECT (n = 1)::int, (n = 1)::int FROM generate_series(1, 32) n; -- in all 1: 0 is none

-- +goose StatementBegin
CREATE FUNCTION catalogue_slot() RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    free int;
BEGIN
    SELECT slot INTO free FROM catalogue_edition WHERE slot = 1 + pg_backend_pid() % 32 FOR NO KEY UPDATE SKIP LOCKED;
    IF free IS NULL THEN
        SELECT slot INTO free FROM catalogue_edition LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED;
    END IF;
    IF free IS NULL THEN
        INSERT INTO catalogue_edition DEFAULT VALUES RETURNING slot INTO free;
    END IF;
    RETURN free;
END $$;
-- +goose StatementEnd

-- Once a transaction, as its last thing.
-- +goose StatementBegin
CREATE FUNCTION catalogue_edition_raise() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    mine int;
BEGIN
    IF current_setting('frontdesk.catalogue_raised', true) = pg_current_xact_id()::text THEN
        RETURN NULL;
    END IF;
    PERFORM set_config('frontdesk.catalogue_raised', pg_current_xact_id()::text, true);
    mine := catalogue_slot();
    UPDATE catalogue_edition SET number = number + 1 WHERE slot = mine;
    RETURN NULL;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION catalogue_listed_raise() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    mine int;
BEGIN
    IF current_setting('frontdesk.catalogue_listed', true) = pg_current_xact_id()::text THEN
        RETURN NULL;
    END IF;
    PERFORM set_config('frontdesk.catalogue_listed', pg_current_xact_id()::text, true);
    mine := catalogue_slot();
    UPDATE catalogue_edition SET listed = listed + 1 WHERE slot = mine;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE CONSTRAINT TRIGGER products_listed AFTER INSERT OR DELETE ON products
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION catalogue_listed_raise();
CREATE CONSTRAINT TRIGGER products_listed_anew AFTER UPDATE ON products DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN ((OLD.active, OLD.price_minor, OLD.category_id, OLD.found) IS DISTINCT FROM (NEW.active, NEW.price_minor, NEW.category_id, NEW.found))
    EXECUTE FUNCTION catalogue_listed_raise();
CREATE TRIGGER products_listed_emptied AFTER TRUNCATE ON products FOR EACH STATEMENT EXECUTE FUNCTION catalogue_listed_raise();
CREATE CONSTRAINT TRIGGER product_categories_listed AFTER INSERT OR UPDATE OR DELETE ON product_categories
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION catalogue_listed_raise();
CREATE TRIGGER product_categories_listed_emptied AFTER TRUNCATE ON product_categories FOR EACH STATEMENT EXECUTE FUNCTION catalogue_listed_raise();

-- +goose StatementBegin
DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['product_categories', 'products', 'product_media'] LOOP
        EXECUTE format('CREATE CONSTRAINT TRIGGER %I AFTER INSERT OR UPDATE OR DELETE ON %I
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION catalogue_edition_raise()', t || '_edition', t);
        EXECUTE format('CREATE TRIGGER %I AFTER TRUNCATE ON %I
            FOR EACH STATEMENT EXECUTE FUNCTION catalogue_edition_raise()', t || '_edition_emptied', t);
    END LOOP;
END $$;
-- +goose StatementEnd

-- +goose Down
DROP TABLE feed_runs, product_media, products, product_categories;
DROP FUNCTION catalogue_edition_raise, catalogue_listed_raise, catalogue_slot;
DROP TABLE catalogue_edition;
