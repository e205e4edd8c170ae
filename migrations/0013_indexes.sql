-- +goose Up
-- The closures' page asks for what ends from now on, and for the latest of what is over.
CREATE INDEX time_blocks_ends ON time_blocks (ends_at, starts_at);
CREATE INDEX time_blocks_starts ON time_blocks (starts_at DESC, id DESC);

-- Today asks for refunds that wait or failed, and for the recent ones of some reasons.
CREATE INDEX refunds_state ON refunds (state) WHERE state <> 'succeeded';
CREATE INDEX refunds_reason ON refunds (reason, created_at);

-- +goose Down
DROP INDEX time_blocks_ends, time_blocks_starts, refunds_state, refunds_reason;
