-- +goose Up
-- Dead letters: jobs that used up their attempts, grouped by what they failed of. River's table keeps the job itself; what is
-- here is kept in the transaction in which a job dies or leaves (river_job's trigger letters_move, made where River's tables
-- are), so that no death is missed, counts are read and not counted, and what is known outlasts River's cleaning.
CREATE TABLE letter_groups (
    id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    fingerprint bytea NOT NULL UNIQUE,
    kind        text NOT NULL,
    error       text NOT NULL, -- without ids, figures, quoted words
    place       text NOT NULL, -- the topmost frame of ours, where it panicked
    open        int NOT NULL DEFAULT 0 CHECK (open >= 0),
    deaths      bigint NOT NULL DEFAULT 0,
    first_at    timestamptz NOT NULL,
    last_at     timestamptz NOT NULL
);
CREATE INDEX letter_groups_open ON letter_groups (last_at DESC, id DESC) WHERE open > 0;
CREATE INDEX letter_groups_words ON letter_groups USING gin (error gin_trgm_ops);

-- One row for each job that ever died; it says what has become of it since.
CREATE TABLE letters (
    job_id      bigint PRIMARY KEY,
    group_id    uuid NOT NULL REFERENCES letter_groups,
    kind        text NOT NULL,
    state       text NOT NULL CHECK (state IN ('open', 'back', 'dropped', 'gone')),
    refs        uuid[] NOT NULL, -- what it is about, and whose that is
    line        uuid,            -- jobs of one line come back one after the other: a customer, else a conversation, else the thing
    deaths      int NOT NULL DEFAULT 1,
    died_at     timestamptz NOT NULL,
    changed_at  timestamptz NOT NULL,
    drop_id     uuid
);
CREATE INDEX letters_open ON letters (died_at DESC, job_id DESC) WHERE state = 'open';
CREATE INDEX letters_of_group ON letters (group_id, died_at DESC, job_id DESC) WHERE state = 'open';
CREATE INDEX letters_of_kind ON letters (kind, died_at DESC, job_id DESC) WHERE state = 'open';
CREATE INDEX letters_about ON letters USING gin (refs);
-- Whoever comes next of a line looks whether one of it is under way. It is written so that no other index offers itself, which is
-- small while the plan is made and large while it is used.
CREATE INDEX letters_away ON letters ((CASE WHEN state = 'back' THEN line END));
CREATE INDEX letters_settled ON letters (changed_at, job_id) WHERE state <> 'open';
CREATE INDEX letters_dropped ON letters (drop_id) WHERE drop_id IS NOT NULL;

-- Discarding, which can be taken back for a day.
CREATE TABLE letter_drops (
    id        uuid PRIMARY KEY,
    actor     text NOT NULL,
    reason    text NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 500),
    jobs      int NOT NULL CHECK (jobs > 0),
    at        timestamptz NOT NULL,
    undone_at timestamptz
);
CREATE INDEX letter_drops_recent ON letter_drops (at DESC, id DESC);

-- Which jobs it was; that stays when it is taken back, and goes with it.
CREATE TABLE letter_drop_jobs (
    job_id  bigint NOT NULL,
    drop_id uuid NOT NULL REFERENCES letter_drops ON DELETE CASCADE,
    PRIMARY KEY (drop_id, job_id)
);
CREATE INDEX letter_drop_jobs_of ON letter_drop_jobs (job_id);

-- What a job was given before somebody gave it something else.
CREATE TABLE letter_edits (
    id     uuid PRIMARY KEY,
    job_id bigint NOT NULL,
    args   jsonb NOT NULL,
    at     timestamptz NOT NULL
);
CREATE INDEX letter_edits_of ON letter_edits (job_id, id);

-- Bringing many back: what was chosen is fixed when it begins, and each job of it is settled once.
CREATE TABLE letter_runs (
    id         uuid PRIMARY KEY,
    actor      text NOT NULL,
    state      text NOT NULL CHECK (state IN ('running', 'done', 'cancelled')),
    chosen     jsonb NOT NULL, -- the filter, as it was in the address
    rate       int NOT NULL CHECK (rate BETWEEN 0 AND 1000), -- jobs a second; 0: as fast as it goes
    total      int NOT NULL CHECK (total > 0),
    back       int NOT NULL DEFAULT 0,
    refused    int NOT NULL DEFAULT 0,
    started_at timestamptz NOT NULL,
    stepped_at timestamptz NOT NULL,
    paced_at   timestamptz NOT NULL, -- up to when its rate is used up; without one: when something last came of it
    ended_at   timestamptz,
    CHECK (back + refused <= total),
    CHECK ((state = 'running') = (ended_at IS NULL))
);
CREATE INDEX letter_runs_recent ON letter_runs (started_at DESC, id DESC);
CREATE INDEX letter_runs_open ON letter_runs (stepped_at) WHERE state = 'running';

-- waiting: behind another of its line; ready: may come back; going: came back, and others of its line wait for its end.
-- Written in the transaction that begins the run and removed with it: a hundred thousand references would be looked up one by
-- one while somebody waits. For the same reason each row stands in no more indexes than will look for it.
CREATE TABLE letter_run_jobs (
    run_id uuid NOT NULL,
    job_id bigint NOT NULL,
    deaths int NOT NULL, -- of the job when it was chosen: who died again since is another matter
    line   uuid NOT NULL,
    place  int NOT NULL, -- in its line
    last   boolean NOT NULL,
    state  text NOT NULL CHECK (state IN ('waiting', 'ready', 'going', 'back', 'refused')),
    why    text NOT NULL DEFAULT '',
    PRIMARY KEY (run_id, job_id)
);
CREATE UNIQUE INDEX letter_run_jobs_behind ON letter_run_jobs (run_id, line, place) WHERE place > 1;
CREATE INDEX letter_run_jobs_ready ON letter_run_jobs (run_id, job_id) WHERE state = 'ready';
CREATE INDEX letter_run_jobs_going ON letter_run_jobs (run_id) WHERE state = 'going';
CREATE INDEX letter_run_jobs_refused ON letter_run_jobs (run_id) WHERE state = 'refused';

-- +goose StatementBegin
-- An error without what differs each time and what may be a person's: quoted words (to the end, where a quote is not closed),
-- values of a key, ids, addresses, words that are not English, figures. What a provider answered by stays, with the server's own
-- codes: they are few, and tell causes apart. internal/letters hides the same in the texts that it shows.
CREATE FUNCTION letter_error(message text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    said text := left(message, 4000);
    step text[];
BEGIN
    FOREACH step SLICE 1 IN ARRAY ARRAY[
        ['"([^"\\]|\\.)*("|\\?$)|`[^`]*(`|$)|“[^”]*(”|$)|«[^»]*(»|$)|„[^“”]*([“”]|$)|(?<![0-9A-Za-z\u00c0-\u1fff\u2c00-\uffff])[''‘]([^''’\\]|\\.|[''’](?=[0-9A-Za-z\u00c0-\u1fff\u2c00-\uffff]))*([''’]|\\?$)', '{text}'],
        ['=\([^)]*(\)|$)', '=({text})'],
        ['[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}', '{id}'],
        ['https?://[^\s<>]+', '{url}'],
        ['[^\s<>@:]+@[^\s<>@:]+', '{mail}'],
        ['\mrequest [0-9A-Za-z_]+(?=\))', 'request {id}'],
        ['[0-9A-Za-z]*[\u00c0-\u1fff\u2c00-\uffff][0-9A-Za-z\u00c0-\u1fff\u2c00-\uffff]*', '{text}'],
        ['\+?[0-9][0-9 ().-]{5,}[0-9]', '{n}'],
        ['(?<!\mstatus [0-9]{0,2}|\(status [0-9]{1,3}, code [0-9]{0,6}|\mSQLSTATE [0-9A-Z]{0,4})(\+?[0-9][0-9 ().,-]*[0-9]|[0-9])', '{n}'],
        ['\m(?=[0-9a-fA-F{]*\{n\})[0-9a-zA-Z_]*(\{n\}[0-9a-zA-Z_]*)+', '{n}'],
        ['\{text\}(\s*\{text\})+', '{text}'],
        ['\s+', ' ']] LOOP
        said := regexp_replace(said, step[1], step[2], 'g');
    END LOOP;
    RETURN left(trim(said), 300);
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- What a job is about: the ids it carries, what they belong to, and whose that is. line is what its order is kept by: whose
-- the conversation is, by which the customer hears of it, else who ordered or booked, for a friend as well. Its plans are kept:
-- made anew for each job, which the server would prefer, they cost more than all the rest of a death.
CREATE FUNCTION letter_refs(args jsonb, OUT refs uuid[], OUT line uuid) LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    own uuid[];
    named text[];
    talk uuid;
BEGIN
    SELECT array_agg(v::uuid) INTO own
        FROM jsonb_each_text(CASE WHEN jsonb_typeof(args) = 'object' THEN args ELSE '{}' END) AS e (k, v)
        WHERE v ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' AND v <> '00000000-0000-0000-0000-000000000000';
    refs := coalesce(own, '{}');
    IF own IS NULL THEN
        RETURN;
    END IF;
    IF args->>'event_id' IS NOT NULL THEN
        SELECT event_refs('', e.payload) INTO named FROM provider_events e WHERE e.id = ANY (own) AND e.provider = 'stripe' LIMIT 1;
    END IF;
    IF named IS NOT NULL THEN -- a payment's event says by its payload only whose it is
        refs := refs || ARRAY(SELECT n::uuid FROM unnest(named) AS n WHERE n ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$')
            || ARRAY(SELECT id FROM payments WHERE session_id = ANY (named) UNION SELECT id FROM payments WHERE payment_intent = ANY (named));
    END IF;
    refs := refs || ARRAY(SELECT payment_id FROM refunds WHERE id = ANY (refs)
        UNION SELECT unnest(ARRAY[appointment_id, case_id]) FROM notices WHERE id = ANY (own)
        UNION SELECT return_id FROM return_photos WHERE id = ANY (own)
        UNION SELECT c.id FROM provider_events e JOIN contacts a ON a.channel = e.provider AND a.address = e.sender
            JOIN conversations c ON c.contact_id = a.id WHERE e.id = ANY (own) AND e.sender <> '');
    IF args->>'code_id' IS NOT NULL THEN
        refs := refs || ARRAY(SELECT c.id FROM phone_codes p JOIN contacts a ON a.channel = 'whatsapp' AND a.address = p.phone
            JOIN conversations c ON c.contact_id = a.id WHERE p.id = ANY (own));
    END IF;
    refs := array_remove(refs, NULL);
    refs := refs || ARRAY(SELECT unnest(ARRAY[appointment_id, order_id]) FROM payments WHERE id = ANY (refs)
        UNION SELECT order_id FROM returns WHERE id = ANY (refs)
        UNION SELECT unnest(ARRAY[conversation_id, appointment_id]) FROM cases WHERE id = ANY (refs));
    refs := array_remove(refs, NULL);
    SELECT (array_agg(c.id ORDER BY c.id = ANY (own) DESC, c.id))[1] INTO talk FROM conversations c WHERE c.id = ANY (refs);
    IF talk IS NOT NULL THEN
        SELECT coalesce(a.customer_id, talk) INTO line FROM conversations c JOIN contacts a ON a.id = c.contact_id WHERE c.id = talk;
    ELSE
        line := coalesce((SELECT (array_agg(coalesce(customer_id, id) ORDER BY id))[1] FROM orders WHERE id = ANY (refs)),
            (SELECT (array_agg(booked_by_id ORDER BY id))[1] FROM appointments WHERE id = ANY (refs)));
    END IF;
    refs := ARRAY(SELECT DISTINCT r FROM unnest(refs || line
        || ARRAY(SELECT unnest(ARRAY[customer_id, booked_by_id]) FROM appointments WHERE id = ANY (refs)
            UNION ALL SELECT customer_id FROM orders WHERE id = ANY (refs))) AS r WHERE r IS NOT NULL);
    line := coalesce(line, own[1]);
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- Whose it is what a job is given: for each of its ids, customers, contacts and the thing itself. Of what cannot be told there is no row.
CREATE FUNCTION letter_people(args jsonb) RETURNS TABLE (id uuid, people uuid[]) LANGUAGE sql STABLE AS $$
    WITH given AS (SELECT v::uuid AS id FROM jsonb_each_text(CASE WHEN jsonb_typeof(args) = 'object' THEN args ELSE '{}' END) AS e (k, v)
        WHERE v ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'),
    paid AS (SELECT g.id, p.appointment_id, p.group_id, p.order_id FROM given g JOIN payments p ON p.id = g.id
        UNION ALL SELECT g.id, p.appointment_id, p.group_id, coalesce(r.order_id, p.order_id) FROM given g JOIN refunds r ON r.id = g.id LEFT JOIN payments p ON p.id = r.payment_id),
    things AS (SELECT id, id AS thing, NULL::uuid AS band FROM given
        UNION ALL SELECT id, appointment_id, group_id FROM paid
        UNION ALL SELECT id, order_id, NULL FROM paid
        UNION ALL SELECT g.id, n.appointment_id, NULL FROM given g JOIN notices n ON n.id = g.id
        UNION ALL SELECT g.id, c.conversation_id, NULL FROM given g JOIN cases c ON c.id = g.id OR c.id IN (SELECT case_id FROM notices n WHERE n.id = g.id)
        UNION ALL SELECT g.id, r.order_id, NULL FROM given g JOIN returns r ON r.id = g.id OR r.id IN (SELECT return_id FROM return_photos f WHERE f.id = g.id)
        UNION ALL SELECT g.id, c.id, NULL FROM given g JOIN provider_events e ON e.id = g.id AND e.sender <> '' JOIN contacts a ON a.channel = e.provider AND a.address = e.sender
            JOIN conversations c ON c.contact_id = a.id),
    whose AS (SELECT t.id, unnest(ARRAY[a.id, a.customer_id, a.booked_by_id]) AS one FROM things t JOIN appointments a ON a.id = t.thing OR a.group_id = t.band
        UNION SELECT t.id, unnest(ARRAY[o.id, o.customer_id]) FROM things t JOIN orders o ON o.id = t.thing
        UNION SELECT t.id, unnest(ARRAY[c.contact_id, a.customer_id]) FROM things t JOIN conversations c ON c.id = t.thing JOIN contacts a ON a.id = c.contact_id)
    SELECT id, array_agg(one) FROM whose WHERE one IS NOT NULL GROUP BY id
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- What a job was given without what may be a person's: ids stay, for money may have to move still.
CREATE FUNCTION letter_args_erased(args jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN jsonb_typeof(args) <> 'object' THEN '{}' ELSE coalesce((SELECT jsonb_object_agg(k,
        CASE WHEN jsonb_typeof(v) IN ('boolean', 'null') OR k IN ('audit_id', 'account_id', 'chatwoot_id') AND jsonb_typeof(v) = 'number' OR k = 'event' AND v #>> '{}' ~ '^[a-z_.]{1,120}$'
            OR v #>> '{}' ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN v ELSE '"—"' END) FROM jsonb_each(args) AS e (k, v)), '{}') END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- What a job failed of, without a word: when and how often stays.
CREATE FUNCTION letter_errors_erased(errors jsonb[]) RETURNS jsonb[] LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN errors IS NOT NULL THEN ARRAY(SELECT e || '{"error": "—", "trace": ""}' FROM unnest(errors) WITH ORDINALITY AS u (e, place) ORDER BY place) END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- What a job failed of, and where. What a panic says may be a customer's words, but for Go's own.
CREATE FUNCTION letter_cause(failure jsonb, OUT what text, OUT whence text) LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    what := CASE WHEN coalesce(failure->>'trace', '') = '' OR failure->>'error' LIKE 'runtime error:%' THEN letter_error(coalesce(failure->>'error', '')) ELSE 'panic' END;
    whence := coalesce(left(substring(failure->>'trace' FROM '(?n)^(frontdesk/.+)\('), 200), '');
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION letter_print(kind text, what text, whence text) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT sha256(convert_to(kind || E'\n' || what || E'\n' || whence, 'UTF8'))
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- What a transaction has noted about groups so far goes into their counts, and whoever listens hears of it.
CREATE FUNCTION letters_count() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE letter_groups g SET open = g.open + n.open, deaths = g.deaths + n.deaths, last_at = greatest(g.last_at, n.at)
        FROM (SELECT key::uuid AS id, (value->>'open')::int AS open, (value->>'deaths')::int AS deaths, (value->>'at')::timestamptz AS at
            FROM jsonb_each(nullif(current_setting('frontdesk.letters', true), '')::jsonb)) n WHERE g.id = n.id;
    PERFORM set_config('frontdesk.letters', '', true), pg_notify('frontdesk_letters', '');
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- Notes that so many letters of a group have been opened, and that its jobs have died so often. A group is written once for
-- all of them: written for each, its row would have as many versions as jobs die in one transaction, and each writer would
-- walk through all of them.
CREATE FUNCTION letter_noted(grp uuid, opened int, died int, at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    noted jsonb := coalesce(nullif(current_setting('frontdesk.letters', true), ''), '{}');
    was   jsonb := noted->(grp::text);
BEGIN
    noted := noted || jsonb_build_object(grp::text, jsonb_build_object('open', coalesce((was->>'open')::int, 0) + opened,
        'deaths', coalesce((was->>'deaths')::int, 0) + died, 'at', greatest((was->>'at')::timestamptz, at)));
    PERFORM set_config('frontdesk.letters', noted::text, true);
    IF was IS NULL AND (SELECT count(*) FROM jsonb_object_keys(noted)) > 50 THEN
        PERFORM letters_count(); -- else what is carried along would grow with every group
    END IF;
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- Counts when the transaction ends; the first of its letters does it for all.
CREATE FUNCTION letters_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('frontdesk.letters', true) <> '' THEN
        PERFORM letters_count();
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE CONSTRAINT TRIGGER letters_counted AFTER INSERT OR UPDATE ON letters DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION letters_counted();

-- +goose StatementBegin
-- A job has died: it stands in its group, as often as it dies.
CREATE FUNCTION letter_died(job bigint, job_kind text, args jsonb, failure jsonb, at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    cause record;
    print bytea;
    grp   uuid;
    about record;
BEGIN
    SELECT * INTO cause FROM letter_cause(failure);
    print := letter_print(job_kind, cause.what, cause.whence);
    SELECT id INTO grp FROM letter_groups WHERE fingerprint = print;
    IF NOT FOUND THEN -- whoever counts is alone
        INSERT INTO letter_groups (fingerprint, kind, error, place, first_at, last_at) VALUES (print, job_kind, cause.what, cause.whence, at, at) RETURNING id INTO grp;
    END IF;
    PERFORM letter_noted(grp, 1, 1, at);
    SELECT * INTO about FROM letter_refs(args);
    INSERT INTO letters AS l (job_id, group_id, kind, state, refs, line, died_at, changed_at)
        VALUES (job, grp, job_kind, 'open', about.refs, about.line, at, now())
        ON CONFLICT (job_id) DO UPDATE SET group_id = grp, kind = job_kind, state = 'open', refs = about.refs, line = about.line,
            deaths = l.deaths + 1, died_at = at, changed_at = now(), drop_id = NULL;
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- A job of River's table dies, comes back or goes. One lock keeps who counts apart, so that two never wait for each other.
CREATE FUNCTION letter_moves() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    grp uuid;
BEGIN
    PERFORM pg_advisory_xact_lock(7305036);
    IF TG_OP <> 'DELETE' AND NEW.state = 'discarded' THEN
        IF EXISTS (SELECT FROM letters WHERE job_id = NEW.id AND state = 'open') THEN
            RETURN NULL; -- whoever undid a discarding has seen to it
        END IF;
        PERFORM letter_died(NEW.id, NEW.kind, NEW.args, NEW.errors[array_upper(NEW.errors, 1)], coalesce(NEW.finalized_at, now()));
        RETURN NULL;
    END IF;
    UPDATE letters SET state = CASE WHEN TG_OP = 'DELETE' THEN 'gone' WHEN NEW.state = 'cancelled' THEN 'dropped' ELSE 'back' END, changed_at = now()
        WHERE job_id = OLD.id AND state = 'open' RETURNING group_id INTO grp;
    IF FOUND THEN
        PERFORM letter_noted(grp, -1, 0, NULL);
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- Watches River's table from now on; what is dead already is taken in. Called where River's tables are made; once is enough.
CREATE FUNCTION letters_watch() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM pg_trigger WHERE tgrelid = 'river_job'::regclass AND tgname = 'letters_move') THEN
        RETURN;
    END IF;
    LOCK TABLE river_job IN SHARE ROW EXCLUSIVE MODE;
    CREATE INDEX IF NOT EXISTS river_job_aside ON river_job (finalized_at, id) WHERE state = 'discarded' AND metadata->>'set_aside' IS NOT NULL;
    CREATE TRIGGER letters_move AFTER UPDATE OF state ON river_job FOR EACH ROW
        WHEN ((OLD.state = 'discarded') <> (NEW.state = 'discarded')) EXECUTE FUNCTION letter_moves();
    CREATE TRIGGER letters_come AFTER INSERT ON river_job FOR EACH ROW WHEN (NEW.state = 'discarded') EXECUTE FUNCTION letter_moves();
    CREATE TRIGGER letters_go AFTER DELETE ON river_job FOR EACH ROW WHEN (OLD.state = 'discarded') EXECUTE FUNCTION letter_moves();
    INSERT INTO letter_groups (fingerprint, kind, error, place, open, deaths, first_at, last_at)
        SELECT letter_print(j.kind, c.what, c.whence), j.kind, c.what, c.whence, count(*), count(*), min(j.finalized_at), max(j.finalized_at)
        FROM river_job j, letter_cause(j.errors[array_upper(j.errors, 1)]) c WHERE j.state = 'discarded' GROUP BY j.kind, c.what, c.whence;
    INSERT INTO letters (job_id, group_id, kind, state, refs, line, died_at, changed_at)
        SELECT j.id, g.id, j.kind, 'open', a.refs, a.line, j.finalized_at, now()
        FROM river_job j CROSS JOIN LATERAL letter_cause(j.errors[array_upper(j.errors, 1)]) c
        JOIN letter_groups g ON g.fingerprint = letter_print(j.kind, c.what, c.whence) CROSS JOIN LATERAL letter_refs(j.args) a WHERE j.state = 'discarded';
END
$$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
DO $$ BEGIN
    IF to_regclass('river_job') IS NOT NULL THEN
        DROP INDEX IF EXISTS river_job_aside;
        DROP TRIGGER IF EXISTS letters_move ON river_job;
        DROP TRIGGER IF EXISTS letters_come ON river_job;
        DROP TRIGGER IF EXISTS letters_go ON river_job;
    END IF;
END $$;
-- +goose StatementEnd
DROP TABLE letter_run_jobs, letter_runs, letter_edits, letter_drop_jobs, letter_drops, letters, letter_groups;
DROP FUNCTION letters_watch(), letter_moves(), letter_died(bigint, text, jsonb, jsonb, timestamptz), letters_counted(), letter_noted(uuid, int, int, timestamptz), letters_count(),
    letter_print(text, text, text), letter_cause(jsonb), letter_refs(jsonb), letter_error(text),
    letter_people(jsonb), letter_args_erased(jsonb), letter_errors_erased(jsonb[]);
