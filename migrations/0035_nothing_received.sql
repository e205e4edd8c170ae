-- +goose Up
-- Payments that are said to be made and brought nothing: they have no refund to be seen by.
CREATE INDEX payments_brought_nothing ON payments (paid_at) WHERE paid_at IS NOT NULL AND received_minor = 0;

-- +goose Down
DROP INDEX payments_brought_nothing;
