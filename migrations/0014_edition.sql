-- +goose Up
-- What the salon is (its policies, menu, people, hours and words) is read far more often than it is changed.
-- Every commit that changes any of it raises this number, so that a process knows from one small row that
-- what it read before still stands.
CREATE TABLE salon_edition (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    number bigint NOT NULL
);
INSERT INTO salon_edition (number) VALUES (1);

-- Runs as the last thing of a transaction, as the link of the audit chain does, and under the same lock: a
-- transaction that does both, in whichever order, takes one lock and then the rest, so that two of them
-- never wait for each other.
-- +goose StatementBegin
CREATE FUNCTION salon_edition_raise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7237463, 1);
    UPDATE salon_edition SET number = number + 1;
    RETURN NULL;
END $$;
-- +goose StatementEnd

-- A table emptied at once has no rows to fire for; that raises the number there and then.
-- +goose StatementBegin
DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['settings', 'services', 'packs', 'pack_services', 'stylists', 'opening_hours', 'weekly_breaks',
        'schedule_sets', 'schedule_hours', 'faqs', 'message_texts'] LOOP
        EXECUTE format('CREATE CONSTRAINT TRIGGER %I AFTER INSERT OR UPDATE OR DELETE ON %I
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION salon_edition_raise()', t || '_edition', t);
        EXECUTE format('CREATE TRIGGER %I AFTER TRUNCATE ON %I
            FOR EACH STATEMENT EXECUTE FUNCTION salon_edition_raise()', t || '_edition_emptied', t);
    END LOOP;
END $$;
-- +goose StatementEnd

-- +goose Down
-- The triggers go with their function.
DROP FUNCTION salon_edition_raise CASCADE;
DROP TABLE salon_edition;
