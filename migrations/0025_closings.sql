-- +goose Up
-- What closes the whole salon, beside the diaries of its stylists, and the notices of a case.
CREATE INDEX time_blocks_closings ON time_blocks (starts_at, id) WHERE stylist_id IS NULL OR kind IN ('holiday', 'closed', 'vacation');
CREATE INDEX notices_of_case ON notices (case_id) WHERE case_id IS NOT NULL;

-- +goose Down
DROP INDEX time_blocks_closings, notices_of_case;
