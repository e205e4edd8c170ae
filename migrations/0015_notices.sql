-- +goose Up
-- Where a stylist's notices go beside WhatsApp, and in which order the ways are tried; no order: the salon's.
ALTER TABLE stylists
    ADD COLUMN email     text  NOT NULL DEFAULT '',
    ADD COLUMN sms_phone text  NOT NULL DEFAULT '',
    ADD COLUMN channels  jsonb NOT NULL DEFAULT '[]',
    ADD CONSTRAINT stylists_sms_phone CHECK (sms_phone = '' OR sms_phone ~ '^\+[1-9][0-9]{6,14}$');

-- Where somebody on duty is reached away from their desk, when a customer cannot wait.
ALTER TABLE staff ADD COLUMN phone text NOT NULL DEFAULT '' CONSTRAINT staff_phone CHECK (phone = '' OR phone ~ '^\+[1-9][0-9]{6,14}$');

-- change_id: the event row of a change that a notice is about. reached_at: when the first channel took the notice. given_up_at: when none would.
ALTER TABLE notices
    ADD COLUMN change_id   uuid,
    ADD COLUMN reached_at  timestamptz,
    ADD COLUMN given_up_at timestamptz;
CREATE INDEX notices_given_up ON notices (given_up_at DESC) WHERE given_up_at IS NOT NULL;
CREATE INDEX notices_of_visit ON notices (appointment_id) WHERE appointment_id IS NOT NULL;

-- What became of a notice on each channel it took.
CREATE TABLE notice_deliveries (
    id            uuid PRIMARY KEY,
    notice_id     uuid NOT NULL REFERENCES notices ON DELETE CASCADE,
    staff_id      uuid REFERENCES staff, -- of a notice to everyone on duty: whom; else the notice's stylist
    channel       text NOT NULL CHECK (channel IN ('sms', 'mail', 'whatsapp', 'log')),
    status        text NOT NULL CHECK (status IN ('queued', 'sending', 'sent', 'delivered', 'failed', 'skipped', 'logged')),
    code          text NOT NULL DEFAULT '',
    provider_id   text NOT NULL DEFAULT '',
    words         text NOT NULL DEFAULT '', -- of an SMS on its way: a try in doubt is repeated as it was; gone once that is settled
    message_id    uuid REFERENCES messages ON DELETE SET NULL, -- the WhatsApp message that carries it
    attempts      integer NOT NULL DEFAULT 0,
    job_id        bigint,
    sending_since timestamptz, -- machine time
    retry_at      timestamptz, -- machine time
    ask_at        timestamptz, -- when to see what became of it
    created_at    timestamptz NOT NULL,
    sent_at       timestamptz,
    delivered_at  timestamptz,
    failed_at     timestamptz
);
CREATE UNIQUE INDEX notice_deliveries_once ON notice_deliveries
    (notice_id, channel, coalesce(staff_id, '00000000-0000-0000-0000-000000000000'));
CREATE INDEX notice_deliveries_due ON notice_deliveries (ask_at) WHERE ask_at IS NOT NULL;
CREATE INDEX notice_deliveries_message ON notice_deliveries (message_id) WHERE message_id IS NOT NULL;

-- When WhatsApp said of a number that nothing arrives there; what they write afterwards proves the contrary.
ALTER TABLE contacts ADD COLUMN unreachable_at timestamptz;

-- +goose Down
ALTER TABLE contacts DROP COLUMN unreachable_at;
DROP TABLE notice_deliveries;
DROP INDEX notices_given_up, notices_of_visit;
ALTER TABLE notices DROP COLUMN change_id, DROP COLUMN reached_at, DROP COLUMN given_up_at;
ALTER TABLE staff DROP COLUMN phone;
ALTER TABLE stylists DROP CONSTRAINT stylists_sms_phone, DROP COLUMN email, DROP COLUMN sms_phone, DROP COLUMN channels;
