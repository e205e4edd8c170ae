-- +goose Up
-- The log is asked for days, too, however long ago they are.
CREATE INDEX audit_log_at ON audit_log (at, id);

-- +goose Down
DROP INDEX audit_log_at;
